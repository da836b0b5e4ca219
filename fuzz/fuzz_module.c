/* Any bytes to each module, whose handlers do anything they may do, also wrongly: late, twice, never, replies of other
 * forms, values out of range. Those are refused, no data is longer than was announced, nothing hangs, nothing of it reaches
 * for memory that is not its own.
 * SPDX-License-Identifier: MIT */
#include "dialects.h"
#include "fuzz.h"
#include "pair.h"
#include "sample.h"

typedef struct bench {
    pair *pair;
    decisions d;
    sample values;
    char *fields;               /* of replies and URCs */
} bench;

static bench b;

static pattern line_of(unsigned line)
{
    return pattern_of(&b.pair->names->module->tables->t, line);
}

static void fill(unsigned number)
{
    pattern line = line_of(number);
    unsigned reading = decide(&b.d, line.line->n_readings);
    sample_fill(&b.values, &line, reading, (sample_pick)decide(&b.d, PICKS), b.fields, NULL);
}

/* Now and then the values of a line are wrong. */
static bool spoil(unsigned number)
{
    pattern line = line_of(number);
    return decide(&b.d, 4) == 1 && sample_spoil(&b.values, &line, sample_always(&line), b.fields);
}

static void refuse_wrong(at_status status, unsigned line)
{
    const at_names *names = b.pair->names;
    if (status != AT_OK) return;
    fprintf(stderr, "%s: a value out of range is written: %s\n", names->dialect, names->lines[names->module_lines[line]].syntax);
    abort();
}

static void say_urc(unsigned n)
{
    unsigned line = b.pair->names->urc_lines[n];
    fill(line);
    bool wrong = spoil(line);
    at_status s = at_module_urc(&b.pair->module, line, b.fields);
    if (wrong) refuse_wrong(s, line);
}

static void say_reply(unsigned n)
{
    const at_reply r = at_reply_look(b.pair->names, n);
    const at_emit *last = NULL;
    for (const at_emit *e = r.parts; e < r.parts + r.n; e++) {
        if (e->kind != AT_EMIT_LINE) continue;
        fill(e->arg);
        last = e;
    }
    bool wrong = last && spoil(last->arg);
    at_status s = at_reply_say(b.pair->names, &b.pair->module, n, b.fields);
    if (wrong) refuse_wrong(s, last->arg);
}

/* A reply of any form, a URC, a refusal, an end without a word. */
static void say(void)
{
    at_module *m = &b.pair->module;
    const at_names *names = b.pair->names;
    at_status s = AT_OK;
    memset(b.fields, 0, 1 << 16);
    b.values.n = 0;
    switch (decide(&b.d, 4)) {
    case 0:
        if (names->n_urcs > 0) say_urc(decide(&b.d, names->n_urcs));
        break;
    case 1: say_reply(decide(&b.d, names->n_replies)); break;
    case 2: s = at_module_done(m, decide(&b.d, 2)); break;
    default: s = at_module_refuse(m, decide(&b.d, AT_REFUSE_KINDS));
    }
    (void)s;
}

static at_status on_call(void *ctx, unsigned form, const void *fields)
{
    static const at_status answers[] = { AT_OK, AT_PENDING, AT_AGAIN, AT_UNSUPPORTED, AT_REFUSED, AT_INVALID, AT_TIMEOUT };
    (void)ctx;
    (void)form;
    (void)fields;
    while (decide(&b.d, 3) == 1) say();
    return answers[decide(&b.d, sizeof answers / sizeof *answers)];
}

static size_t on_data(void *ctx, const at_chunk *c)
{
    (void)ctx;
    if (c->n > c->left) abort();
    if (decide(&b.d, 8) == 1) say();
    return decide(&b.d, 4) == 1 ? decide(&b.d, (unsigned)(c->n < 65535 ? c->n + 1 : 65535)) : c->n;
}

static void on_event(void *ctx, unsigned urc, const void *fields) { (void)ctx; (void)urc; (void)fields; }
static void on_event_data(void *ctx, unsigned urc, const at_chunk *c) { (void)ctx; (void)urc; (void)c; }
static void on_unknown(void *ctx, at_text line) { (void)ctx; (void)line; }

static const pair_ears ears = { on_call, on_data, on_event, on_event_data, on_unknown, NULL };

/* The host is deaf: what the module says goes nowhere. */
static void run(void)
{
    while (b.d.n > 0) {
        size_t n = 1 + decide(&b.d, 64);
        if (n > b.d.n) n = b.d.n;
        pair_put(b.pair, &b.pair->up, b.d.p, n);
        b.d.p += n;
        b.d.n -= n;
        pair_rest(b.pair);
        if (b.pair->restless) abort();
        b.pair->down.n = 0;
        if (decide(&b.d, 4) == 1) say();
        if (decide(&b.d, 4) == 1) pair_pass(b.pair, decide(&b.d, 3000));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    static pair *pairs[64];
    unsigned n_dialects = 0;
    while (dialects_shipped[n_dialects]) n_dialects++;
    if (!b.fields) b.fields = malloc(1 << 16);
    b.d = (decisions){ bytes, n };
    unsigned dialect = decide(&b.d, n_dialects);
    if (!pairs[dialect]) pairs[dialect] = pair_new(dialects_shipped[dialect]);
    b.pair = pairs[dialect];
    b.values.seed = 1;
    if (!b.fields || !pair_start(b.pair, &ears, NULL)) abort();
    b.pair->up.n = 0;
    run();
    return 0;
}
