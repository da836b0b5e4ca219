/* Any bytes to each host with requests in flight: values out of range are refused, each request ends exactly once, data is
 * as long as was announced, nothing hangs.
 * SPDX-License-Identifier: MIT */
#include "dialects.h"
#include "fuzz.h"
#include "pair.h"
#include "sample.h"

enum { REQUESTS = 4 };

typedef struct bench {
    pair *pair;
    decisions d;
    sample values;
    at_request requests[REQUESTS];
    char *inputs[REQUESTS];
    bool runs[REQUESTS], wrong[REQUESTS];       /* wrong: a value is out of range */
    unsigned done;
} bench;

static bench b;

static at_status on_call(void *ctx, unsigned form, const void *fields) { (void)ctx; (void)form; (void)fields; return AT_PENDING; }
static size_t on_data(void *ctx, const at_chunk *c) { (void)ctx; return c->n; }
static void on_event(void *ctx, unsigned urc, const void *fields) { (void)ctx; (void)urc; (void)fields; }
static void on_unknown(void *ctx, at_text line) { (void)ctx; if (line.n > 0 && !line.p) abort(); }
static void on_event_data(void *ctx, unsigned urc, const at_chunk *c)
{
    (void)ctx;
    (void)urc;
    if (c->n > c->left) abort();
}

static const pair_ears ears = { on_call, on_data, on_event, on_event_data, on_unknown, NULL };

static void on_deliver(at_request *r, unsigned what, const void *fields, at_status status)
{
    size_t i = (size_t)(r - b.requests);
    (void)fields;
    if (!b.runs[i]) abort();                    /* it has ended, or never begun */
    if (what != AT_DELIVER_DONE) return;
    if (b.wrong[i] && (status == AT_OK || status == AT_REFUSED)) abort();       /* it was sent */
    b.runs[i] = false;
    b.done++;
}

static void on_sink(at_request *r, const at_chunk *c, void *ctx)
{
    (void)ctx;
    if (!b.runs[r - b.requests] || c->n > c->left) abort();
}

static void ask(void)
{
    const at_host_tables *h = b.pair->names->host->tables;
    unsigned i = decide(&b.d, REQUESTS), call = decide(&b.d, h->n_calls);
    pattern line = pattern_of(&h->t, h->calls[call].line);
    if (b.runs[i]) return;
    memset(&b.requests[i], 0, sizeof b.requests[i]);
    memset(b.inputs[i], 0, 1 << 16);
    if (b.values.n > sizeof b.values.text / 2) return;
    sample_fill(&b.values, &line, decide(&b.d, line.line->n_readings), (sample_pick)decide(&b.d, PICKS), b.inputs[i], NULL);
    b.wrong[i] = decide(&b.d, 4) == 1 && sample_spoil(&b.values, &line, sample_always(&line), b.inputs[i]);
    b.requests[i].deliver = on_deliver;
    b.requests[i].sink = on_sink;
    b.runs[i] = true;
    if (at_host_start(&b.pair->host, &b.requests[i], b.inputs[i], call) != AT_OK) b.runs[i] = false;

}

static void run(void)
{
    while (b.d.n > 0) {
        size_t n = 1 + decide(&b.d, 64);
        if (decide(&b.d, 4) == 1) ask();
        if (n > b.d.n) n = b.d.n;
        pair_put(b.pair, &b.pair->down, b.d.p, n);
        b.d.p += n;
        b.d.n -= n;
        pair_rest(b.pair);
        b.pair->up.n = 0;
        if (b.pair->restless) abort();
        unsigned next = decide(&b.d, 16);
        if (next == 1) pair_pass(b.pair, decide(&b.d, 30000));
        if (next == 2 && b.runs[0]) at_cancel(&b.pair->host, &b.requests[0]);
        if (next == 3) at_lost(&b.pair->host.link);
    }
}

/* Every request ends: the line is lost. */
static void end(void)
{
    at_lost(&b.pair->host.link);
    pair_rest(b.pair);
    for (unsigned i = 0; i < REQUESTS; i++)
        if (b.runs[i]) abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    static pair *pairs[64];
    unsigned n_dialects = 0;
    while (dialects_shipped[n_dialects]) n_dialects++;
    for (unsigned i = 0; i < REQUESTS; i++)
        if (!b.inputs[i] && !(b.inputs[i] = malloc(1 << 16))) abort();
    b.d = (decisions){ bytes, n };
    unsigned dialect = decide(&b.d, n_dialects);
    if (!pairs[dialect]) pairs[dialect] = pair_new(dialects_shipped[dialect]);
    b.pair = pairs[dialect];
    b.values.seed = 1;
    b.values.n = 0;
    memset(b.runs, 0, sizeof b.runs);
    if (!pair_start(b.pair, &ears, NULL)) abort();
    run();
    end();
    return 0;
}
