/* Generated host against generated module, for every form of every shipped dialect: every reading of
 * its command line with least, most and random values, every way through its answers; every URC.
 * SPDX-License-Identifier: MIT */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "report.h"
#include "talk.h"

enum { WAYS_MAX = 250, RANDOMS = 100, DEPTH = 64, EXCHANGES = 10000 };

/* ---- every way through the answers of a form, one after the other ---- */

typedef struct ways {
    unsigned chosen[DEPTH], of[DEPTH], depth;
} ways;

static unsigned choose_way(void *ctx, unsigned n)
{
    ways *w = ctx;
    if (w->depth == DEPTH) return 0;
    unsigned d = w->depth++;
    if (w->of[d] == 0) w->chosen[d] = 0;
    w->of[d] = n;
    return w->chosen[d] < n ? w->chosen[d] : n - 1;
}

/* The next way; false: that was the last. */
static bool next_way(ways *w)
{
    while (w->depth > 0 && w->chosen[w->depth - 1] + 1 >= w->of[w->depth - 1]) w->depth--;
    if (w->depth == 0) return false;
    w->chosen[w->depth - 1]++;
    memset(w->of + w->depth, 0, sizeof w->of - w->depth * sizeof *w->of);
    w->depth = 0;
    return true;
}

/* ---- a form ---- */

typedef struct run {
    const at_names *names;
    talk *talk;
    report report;
    unsigned done;
} run;

static unsigned readings_of(const run *x, unsigned call)
{
    const at_host_tables *h = x->names->host->tables;
    return h->t.lines[h->calls[call].line].n_readings;
}

static bool try_plan(run *x, const talk_plan *plan)
{
    talk_end end = talk_run(x->talk, plan);
    if (end == TALK_FAILED) report_add(&x->report, talk_error(x->talk));
    x->done += end == TALK_OK;
    return end == TALK_OK;
}

static void all_ways(run *x, unsigned call, bool errors)
{
    ways w = { { 0 }, { 0 }, 0 };
    for (unsigned i = 0; i < WAYS_MAX; i++) {
        talk_plan plan = { .call = call, .reading = i % readings_of(x, call), .pick = PICK_RANDOM,
                           .seed = report_seed() + 1000 * call + i, .errors = errors, .choose = choose_way, .ctx = &w };
        w.depth = 0;
        try_plan(x, &plan);
        if (!next_way(&w)) return;
    }
}

/* Wires that take and bring a few bytes at a time. */
static void slow_wires(pair *p, void *ctx)
{
    const unsigned *n = ctx;
    p->up.chunk = 1 + *n % 7;
    p->down.chunk = 1 + *n % 5;
    p->up.gulp = 1 + *n % 3;
    p->down.gulp = 1 + *n % 11;
}

/* The `i`th exchange of a reading: first with the least values, then with the most, then random ones. */
static bool try_values(run *x, unsigned call, unsigned reading, unsigned i)
{
    talk_plan plan = { .call = call, .reading = reading, .seed = report_seed() + 77 * call + i, .echo = i % 2,
                       .pick = i < PICK_RANDOM ? (sample_pick)i : PICK_RANDOM,
                       .urcs = i > 3, .errors = i % 8 == 7, .source = i % 6 == 4, .blanks = i % 3 == 1,
                       .wires = i % 5 == 3 ? slow_wires : NULL, .ctx = &i };
    return try_plan(x, &plan);
}

/* Each reading with each kind of values. */
static void all_values(run *x, unsigned call)
{
    for (unsigned reading = 0; reading < readings_of(x, call); reading++) {
        bool any = false;
        for (unsigned i = 0; i < PICK_RANDOM + RANDOMS; i++) any |= try_values(x, call, reading, i);
        if (!any) report_add_form(&x->report, x->names, call, reading, "a reading that is never possible");
    }
}

/* All of them again with other random values, until there were as many as every dialect is to have. */
static void more_values(run *x)
{
    for (unsigned i = PICK_RANDOM + RANDOMS; x->done <= EXCHANGES && x->report.n == 0; i++)
        for (unsigned call = 0; call < x->names->host->tables->n_calls; call++)
            for (unsigned reading = 0; reading < readings_of(x, call); reading++)
                try_values(x, call, reading, i);
}

/* What the host sees of what a handler returns. */
static void all_returns(run *x, unsigned call)
{
    static const at_status returns[] = { AT_OK, AT_UNSUPPORTED, AT_REFUSED, AT_INVALID, AT_TIMEOUT };
    for (unsigned i = 0; i < 2 * sizeof returns / sizeof *returns; i++) {
        talk_plan plan = { .call = call, .pick = PICK_RANDOM, .seed = report_seed() + 3 * call + i, .agains = i % 2 * 3,
                           .answers = TALK_BY_RETURN, .returns = returns[i / 2] };
        try_plan(x, &plan);
    }
}

static void all_urcs(run *x)
{
    for (unsigned urc = 0; urc < x->names->n_urcs; urc++)
        for (unsigned reading = 0; reading < talk_urc_readings(x->talk, urc); reading++)
            for (unsigned i = 0; i < PICK_RANDOM + RANDOMS; i++) {
                talk_plan plan = { .pick = i < PICK_RANDOM ? (sample_pick)i : PICK_RANDOM, .seed = report_seed() + 5 * urc + i };
                talk_end end = talk_urc(x->talk, urc, reading, &plan);
                if (end == TALK_FAILED) report_add(&x->report, talk_error(x->talk));
                x->done += end == TALK_OK;
            }
}

static void all_replies_seen(run *x)
{
    for (unsigned i = 0; i < x->names->n_replies; i++)
        if (!talk_saw_reply(x->talk, i) && at_reply_look(x->names, i).n > 0)
            report_add_form(&x->report, x->names, x->names->replies[i].form, i,
                            "a reply that can never come");
}

START_TEST(every_form)
{
    run x = { .names = report_dialect(_i) };
    x.talk = talk_new(x.names);
    for (unsigned call = 0; call < x.names->host->tables->n_calls; call++) {
        all_ways(&x, call, false);
        all_ways(&x, call, true);
        all_values(&x, call);
        all_returns(&x, call);
    }
    more_values(&x);
    all_replies_seen(&x);
    talk_free(x.talk);
    ck_assert_msg(x.report.n == 0, "%s", report_text(&x.report));
    ck_assert_uint_gt(x.done, EXCHANGES);
}
END_TEST

START_TEST(every_urc)
{
    run x = { .names = report_dialect(_i) };
    x.talk = talk_new(x.names);
    all_urcs(&x);
    talk_free(x.talk);
    ck_assert_msg(x.report.n == 0, "%s", report_text(&x.report));
}
END_TEST

int main(void)
{
    int n = report_dialects();
    Suite *s = suite_create("roundtrip");
    TCase *c = tcase_create("roundtrip");
    tcase_set_timeout(c, 120);
    tcase_add_loop_test(c, every_form, 0, n);
    tcase_add_loop_test(c, every_urc, 0, n);
    suite_add_tcase(s, c);
    return report_run(s);
}
