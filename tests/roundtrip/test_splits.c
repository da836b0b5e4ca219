/* Exchanges of generated host and generated module cut in two at every byte, in each direction, and
 * byte by byte: the outcome is the same.
 * SPDX-License-Identifier: MIT */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report.h"
#include "talk.h"

enum { CUTS_MAX = 400 };

typedef struct cut { size_t up, down, chunk, gulp; } cut;

static void set_wires(pair *p, void *ctx)
{
    const cut *c = ctx;
    p->up.split = c->up;
    p->down.split = c->down;
    p->up.chunk = p->down.chunk = c->chunk;
    p->up.gulp = p->down.gulp = c->gulp;
}

typedef struct run {
    talk *talk;
    report report;
    unsigned done, cuts;
    talk_end (*exchange)(talk *, const void *what, cut *);
    const void *what;
} run;

static void try_cut(run *x, cut c)
{
    talk_end end = x->exchange(x->talk, x->what, &c);
    static char text[8200];
    x->cuts++;
    x->done += end == TALK_OK;
    if (end != TALK_FAILED) return;
    snprintf(text, sizeof text, "%.8000s\n(cut at %zu to the module, %zu to the host, chunks of %zu)\n",
             talk_error(x->talk), c.up, c.down, c.chunk);
    report_add(&x->report, text);
}

static size_t stride(size_t n)
{
    return n <= CUTS_MAX ? 1 : n / CUTS_MAX + 1;
}

/* One exchange, in all pieces. */
static void cut_exchange(run *x)
{
    cut none = { 0, 0, 0, 0 };
    if (x->exchange(x->talk, x->what, &none) != TALK_OK) return;    /* test_roundtrip says why */
    size_t up = talk_bytes(x->talk, '>'), down = talk_bytes(x->talk, '<');
    for (size_t i = 1; i < up; i += stride(up)) try_cut(x, (cut){ i, 0, 0, 0 });
    for (size_t i = 1; i < down; i += stride(down)) try_cut(x, (cut){ 0, i, 0, 0 });
    try_cut(x, (cut){ 0, 0, 1, 0 });
    try_cut(x, (cut){ 0, 0, 0, 1 });
    try_cut(x, (cut){ 0, 0, 3, 5 });
}

/* ---- forms ---- */

static talk_end exchange_form(talk *t, const void *what, cut *c)
{
    talk_plan plan = *(const talk_plan *)what;
    plan.wires = set_wires;
    plan.ctx = c;
    return talk_run(t, &plan);
}

START_TEST(every_form)
{
    const at_names *names = report_dialect(_i);
    static run x;
    x.talk = talk_new(names);
    x.exchange = exchange_form;
    for (unsigned call = 0; call < names->host->tables->n_calls; call++)
        for (unsigned i = 0; i < 3; i++) {
            const at_call *c = &names->host->tables->calls[call];
            unsigned n = names->host->tables->t.lines[c->line].n_readings;
            talk_plan plan = { .call = call, .reading = i % n, .pick = i ? PICK_RANDOM : PICK_LEAST,
                               .seed = report_seed() + 31 * call + i, .echo = i == 1, .urcs = i == 2 };
            x.what = &plan;
            cut_exchange(&x);
        }
    talk_free(x.talk);
    ck_assert_msg(x.report.n == 0, "%s", report_text(&x.report));
    ck_assert_uint_gt(x.cuts, report_least(names, 1000));
}
END_TEST

/* ---- URCs ---- */

typedef struct urc { unsigned number, reading; } urc;

static talk_end exchange_urc(talk *t, const void *what, cut *c)
{
    const urc *u = what;
    talk_plan plan = { .pick = PICK_RANDOM, .seed = report_seed() + 17 * u->number + u->reading, .wires = set_wires, .ctx = c };
    return talk_urc(t, u->number, u->reading, &plan);
}

START_TEST(every_urc)
{
    const at_names *names = report_dialect(_i);
    static run x;
    urc u;
    x.talk = talk_new(names);
    x.exchange = exchange_urc;
    x.what = &u;
    for (u.number = 0; u.number < names->n_urcs; u.number++)
        for (u.reading = 0; u.reading < talk_urc_readings(x.talk, u.number); u.reading++)
            cut_exchange(&x);
    talk_free(x.talk);
    ck_assert_msg(x.report.n == 0, "%s", report_text(&x.report));
}
END_TEST

int main(void)
{
    int n = report_dialects();
    Suite *s = suite_create("splits");
    TCase *c = tcase_create("splits");
    tcase_set_timeout(c, 300);
    tcase_add_loop_test(c, every_form, 0, n);
    tcase_add_loop_test(c, every_urc, 0, n);
    suite_add_tcase(s, c);
    return report_run(s);
}
