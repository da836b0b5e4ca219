/* Exchanges of each host with its module, chosen by the input: form, values, answers, URCs in between, handlers that are late
 * or never answer, and harm to the bytes on the wire. tests/roundtrip checks each of them: it ends once and in time, what
 * arrives is what was sent or, after harm, in range, and the next exchange works.
 * SPDX-License-Identifier: MIT */
#include "dialects.h"
#include "fuzz.h"
#include "sample.h"
#include "talk.h"

typedef struct script {
    decisions d;
    wire_fault fault;
    bool up, noise;
    size_t at;
} script;

static unsigned choose(void *ctx, unsigned n) { return decide(&((script *)ctx)->d, n); }

static void do_harm(pair *p, void *ctx)
{
    script *s = ctx;
    wire *w = s->up ? &p->up : &p->down;
    w->fault = s->fault;
    w->fault_at = s->at;
    if (!s->noise) return;
    size_t n = 1 + decide(&s->d, 60);
    if (n > s->d.n) n = s->d.n;
    pair_put(p, &p->down, s->d.p, n);
    s->d.p += n;
    s->d.n -= n;
}

static void mend(pair *p, void *ctx)
{
    (void)ctx;
    p->up.fault = p->down.fault = FAULT_NONE;
    p->up.held = p->down.held = false;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    static talk *talks[64];
    unsigned n_dialects = 0;
    script s = { { bytes, n }, FAULT_NONE, false, false, 0 };
    while (dialects_shipped[n_dialects]) n_dialects++;
    unsigned i = decide(&s.d, n_dialects);
    const at_host_tables *h = dialects_shipped[i]->host->tables;
    if (!talks[i]) talks[i] = talk_new(dialects_shipped[i]);
    talk_plan plan = { .call = decide(&s.d, h->n_calls), .wires = do_harm, .mend = mend, .choose = choose, .ctx = &s };
    unsigned flags = decide(&s.d, 65536);
    plan.reading = decide(&s.d, h->t.lines[h->calls[plan.call].line].n_readings);
    plan.pick = (sample_pick)decide(&s.d, PICKS);
    plan.seed = decide(&s.d, 65536);
    plan.echo = flags & 1;
    plan.urcs = flags & 2;
    plan.errors = flags & 4;
    plan.source = flags & 8;
    plan.hurt = flags & 16;
    plan.blanks = flags & 32 && !plan.hurt;
    if (plan.hurt) {
        plan.twice = flags & 64;
        plan.late = flags & 128;
        plan.unknown = flags & 256;
        plan.breaks = flags >> 9 & 3;
        if (plan.breaks > TALK_LOSE) plan.breaks = TALK_UNBROKEN;
        plan.break_at = decide(&s.d, 4);
        s.fault = (wire_fault)decide(&s.d, FAULT_STALL + 1);
        s.up = flags >> 11 & 1;
        s.noise = flags >> 12 & 1;
        s.at = decide(&s.d, 400);
    }
    plan.answers = (talk_answers)decide(&s.d, plan.hurt ? 3 : 1);
    plan.returns = (at_status)decide(&s.d, AT_SHORT + 1);
    plan.agains = decide(&s.d, 3);
    if (talk_run(talks[i], &plan) == TALK_FAILED) {
        fprintf(stderr, "%s\n", talk_error(talks[i]));
        abort();
    }
    return 0;
}
