/* The module says many things before the wire has taken any of them: URCs with and without data, a
 * buffer that is full. All arrive, whole and in their order.
 * SPDX-License-Identifier: MIT */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "flow.h"
#include "pair.h"
#include "report.h"

enum { QUEUE = 64, ROUNDS = 40 };

typedef struct said {           /* a URC on its way */
    unsigned urc;
    pattern line;
    uint32_t mask;
    char *fields;
    at_bytes data;
} said;

typedef struct burst {
    const at_names *names;
    pair *pair;
    sample sample;
    int32_t *settings;
    size_t room;
    said queue[QUEUE];
    unsigned n, heard;
    at_bytes data;              /* of the URC heard last, */
    size_t got;                 /* and what of it has come */
    unsigned again;             /* how often there was no room */
    const char *wrong;
} burst;

static at_status on_call(void *ctx, unsigned form, const void *fields)
{
    (void)ctx;
    (void)form;
    (void)fields;
    return AT_REFUSED;
}

static size_t on_data(void *ctx, const at_chunk *c)
{
    (void)ctx;
    return c->n;
}

static void on_event(void *ctx, unsigned urc, const void *fields)
{
    burst *b = ctx;
    const said *s = &b->queue[b->heard];
    if (b->got != b->data.n) b->wrong = "its data did not come whole";
    if (b->heard == b->n || s->urc != urc) {
        b->wrong = "it is not its turn";
        return;
    }
    if (sample_differs(&s->line, s->mask, s->fields, fields) >= 0) b->wrong = "it has other values";
    b->data = s->data;
    b->got = 0;
    b->heard++;
}

static void on_event_data(void *ctx, unsigned urc, const at_chunk *c)
{
    burst *b = ctx;
    (void)urc;
    if (c->n > b->data.n - b->got || (c->n && memcmp(c->p, b->data.p + b->got, c->n) != 0))
        b->wrong = "its data are others";
    b->got += c->n;
}

static void on_unknown(void *ctx, at_text line)
{
    (void)line;
    ((burst *)ctx)->wrong = "the host does not know a line";
}

/* Values for any URC that these settings allow; false: this one cannot come. */
static bool make(burst *b, said *s)
{
    const at_host_tables *h = b->names->host->tables;
    s->urc = sample_random(&b->sample, b->names->n_urcs);
    unsigned known = flow_known(b->names, b->names->urc_lines[s->urc]);
    if (s->urc == b->names->restart || known == FLOW_NONE) return false;
    s->line = pattern_of(&h->t, h->known[known].line);
    unsigned reading = sample_random(&b->sample, s->line.line->n_readings);
    const at_reading *r = &s->line.readings[reading];
    s->mask = pattern_mask(&s->line, reading, b->settings);
    memset(s->fields, 0, b->room);
    sample_fill(&b->sample, &s->line, reading, (sample_pick)sample_random(&b->sample, PICKS), s->fields,
                NULL);
    cond_scope scope = { &s->line, s->mask, s->fields, NULL, b->settings };
    s->data = (at_bytes){ NULL, 0 };
    if (pattern_has_data(&s->line, reading))
        memcpy(&s->data, s->fields + s->line.rest->data, sizeof s->data);
    return cond_hold(&scope, r->cond, r->n_conds) &&
           cond_hold(&scope, h->known[known].id, h->known[known].n_conds);
}

static void say(burst *b)
{
    said *s = &b->queue[b->n];
    if (!make(b, s)) return;
    at_status status = at_module_urc(&b->pair->module, b->names->urc_lines[s->urc], s->fields);
    if (status == AT_OK) b->n++;
    else if (status == AT_AGAIN) b->again++;
    else b->wrong = "it cannot be sent";
}

static void one_burst(burst *b, uint32_t seed)
{
    const pair_ears ears = { on_call, on_data, on_event, on_event_data, on_unknown, b };
    b->sample.seed = report_seed() + seed;
    b->sample.n = 0;
    b->n = b->heard = 0;
    b->data = (at_bytes){ NULL, 0 };
    b->got = 0;
    cond_settings(&b->sample, b->names->host->tables, 0, b->settings);
    ck_assert(pair_start(b->pair, &ears, b->settings));
    b->pair->down.gulp = 1 + sample_random(&b->sample, 200);
    while (b->n < QUEUE - 1 && b->sample.n < sizeof b->sample.text / 2) {
        say(b);
        /* nothing is taken before the buffer has been full */
        if (b->again > 0 && sample_random(&b->sample, 4) == 0) at_poll(&b->pair->module.link);
    }
    pair_rest(b->pair);
    if (b->heard != b->n || b->got != b->data.n) b->wrong = "not all of them came";
    if (b->pair->restless) b->wrong = "it does not come to rest";
}

static void setup(burst *b, const at_names *names)
{
    memset(b, 0, sizeof *b);
    b->names = names;
    b->pair = pair_new(names);
    b->room = names->host_result;
    b->settings = calloc(names->host->tables->t.n_settings + 1u, sizeof *b->settings);
    if (!b->settings) abort();
    for (unsigned i = 0; i < QUEUE; i++) {
        b->queue[i].fields = calloc(1, b->room + 1);
        if (!b->queue[i].fields) abort();
    }
    sample_prepare(names->host->tables);
}

static void teardown(burst *b)
{
    for (unsigned i = 0; i < QUEUE; i++) free(b->queue[i].fields);
    free(b->settings);
    pair_free(b->pair);
}

START_TEST(urcs)
{
    static burst b;
    static report r;
    static char text[7000];
    setup(&b, report_dialect(_i));
    for (uint32_t i = 0; i < ROUNDS && b.names->n_urcs > 1; i++) {
        b.wrong = NULL;
        one_burst(&b, i);
        if (!b.wrong) continue;
        snprintf(text, sizeof text, "%s, round %u, URC %u: %s%s\n", b.names->dialect, (unsigned)i, b.heard,
                 b.wrong, b.pair->log);
        report_add(&r, text);
    }
    teardown(&b);
    ck_assert_msg(r.n == 0, "%s", report_text(&r));
    ck_assert(b.again > 0 || b.names->n_urcs <= 1);
}
END_TEST

int main(void)
{
    int n = report_dialects();
    Suite *s = suite_create("bursts");
    TCase *c = tcase_create("bursts");
    tcase_set_timeout(c, 120);
    tcase_add_loop_test(c, urcs, 0, n);
    suite_add_tcase(s, c);
    return report_run(s);
}
