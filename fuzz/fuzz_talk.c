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
    unsigned call;
    wire_fault fault;
    bool up, noise;
    size_t at;
} script;

static unsigned choose(void *ctx, unsigned n) { return decide(&((script *)ctx)->d, n); }

/* What the prompt of the form begins with, 0 none. */
static char prompt_sign(const pair *p, unsigned call)
{
    flow_form f;
    if (!flow_form_of(p->names, call, &f)) return 0;
    const at_host_tables *h = p->names->host->tables;
    for (unsigned i = 0; i < flow_atoms(&f); i++)
        if (flow_step_of(&f, i)->kind == AT_A_PROMPT) return h->t.text[h->atoms[f.call->atoms + i].line];
    return 0;
}

/* Noise that is a prompt is taken for it (doc/PROMISES.md): it holds none. */
static void put_noise(pair *p, script *s)
{
    char sign = prompt_sign(p, s->call);
    for (unsigned n = 1 + decide(&s->d, 60); n > 0 && s->d.n > 0; n--, s->d.p++, s->d.n--)
        if (sign == 0 || (char)*s->d.p != sign) pair_put(p, &p->down, s->d.p, 1);
}

static void do_harm(pair *p, void *ctx)
{
    script *s = ctx;
    wire *w = s->up ? &p->up : &p->down;
    w->fault = s->fault;
    w->fault_at = s->at;
    if (s->noise) put_noise(p, s);
}

static void mend(pair *p, void *ctx)
{
    (void)ctx;
    p->up.fault = p->down.fault = FAULT_NONE;
    p->up.held = p->down.held = false;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    unsigned n_dialects = 0;
    script s = { .d = { bytes, n } };
    while (dialects_shipped[n_dialects]) n_dialects++;
    unsigned i = decide(&s.d, n_dialects);
    const at_host_tables *h = dialects_shipped[i]->host->tables;
    talk *t = talk_new(dialects_shipped[i]);   /* afresh each time: what is found shows again from its input alone */
    talk_plan plan = { .call = decide(&s.d, h->n_calls), .wires = do_harm, .mend = mend, .choose = choose, .ctx = &s };
    s.call = plan.call;
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
        s.noise = plan.noise = flags >> 12 & 1;
        s.at = decide(&s.d, 400);
    }
    plan.answers = (talk_answers)decide(&s.d, plan.hurt ? 3 : 1);
    plan.returns = (at_status)decide(&s.d, AT_SHORT + 1);
    plan.agains = decide(&s.d, 3);
    if (talk_run(t, &plan) == TALK_FAILED) {
        fprintf(stderr, "%s\n", talk_error(t));
        abort();
    }
    talk_free(t);
    return 0;
}
