/* What no module should do, done to every generated host in the middle of an exchange: each byte
 * lost, doubled or changed in either direction, answers that stop, come late or twice, noise, a
 * module that says nothing. The request ends, once and in time, with a stated status; nothing out of
 * range arrives; the next exchange works.
 * SPDX-License-Identifier: MIT */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report.h"
#include "talk.h"

enum { FAULTS_MAX = 120 };

typedef enum { HARM_FAULT, HARM_CUT, HARM_STALL, HARM_DEAF, HARM_NOISE } harm_kind;

typedef struct harm {
    harm_kind kind;
    wire_fault fault;
    bool up;                    /* to the module */
    size_t at;
    uint32_t seed;
} harm;

static const char *const kind_names[] = { "fault", "cut off", "stalled", "deaf", "noise" };
static const char *const fault_names[] = { "", "dropped", "doubled", "flipped" };

static void put_noise(pair *p, const harm *h)
{
    static const char often[] = "\r\nOK\r\nERROR,:=+\">0123456789 ";
    sample s = { report_seed() + h->seed, 0, { 0 } };
    char noise[200];
    size_t n = 1 + sample_random(&s, sizeof noise);
    for (size_t i = 0; i < n; i++)
        noise[i] = sample_random(&s, 3) ? often[sample_random(&s, sizeof often - 1)]
                                        : (char)sample_random(&s, 256);
    pair_put(p, &p->down, noise, n);
}

static void do_harm(pair *p, void *ctx)
{
    const harm *h = ctx;
    wire *w = h->up ? &p->up : &p->down;
    w->fault_at = h->at;
    switch (h->kind) {
    case HARM_FAULT: w->fault = h->fault; break;
    case HARM_CUT: w->fault = FAULT_CUT; break;
    case HARM_STALL: w->fault = FAULT_STALL; break;
    case HARM_DEAF: w->fault = FAULT_CUT; w->fault_at = 0; break;
    default: put_noise(p, h);
    }
}

static void mend(pair *p, void *ctx)
{
    (void)ctx;
    p->up.fault = p->down.fault = FAULT_NONE;
    p->up.held = p->down.held = false;
}

typedef struct run {
    const at_names *names;
    talk *talk;
    report report;
    unsigned cases, statuses[AT_SHORT + 1];
} run;

static void try_harm(run *x, talk_plan plan, harm h)
{
    static char text[8300];
    plan.hurt = true;
    plan.wires = do_harm;
    plan.mend = mend;
    plan.ctx = &h;
    talk_end end = talk_run(x->talk, &plan);
    x->cases += end != TALK_NOT_POSSIBLE;
    if (end == TALK_OK) x->statuses[talk_status(x->talk)]++;
    if (end != TALK_FAILED) return;
    snprintf(text, sizeof text, "%.8000s\n(%s %s at byte %zu to the %s)\n", talk_error(x->talk),
             kind_names[h.kind], fault_names[h.fault], h.at, h.up ? "module" : "host");
    report_add(&x->report, text);
}

static talk_plan plan_of(const run *x, unsigned call, unsigned variant)
{
    const at_host_tables *h = x->names->host->tables;
    unsigned n = h->t.lines[h->calls[call].line].n_readings;
    talk_plan plan = { .call = call, .reading = n - 1 - variant % n, .pick = variant ? PICK_RANDOM : PICK_LEAST,
                       .seed = report_seed() + 13 * call + variant, .echo = variant % 2, .urcs = variant == 2 };
    return plan;
}

static void run_start(run *x, const at_names *names)
{
    memset(x, 0, sizeof *x);
    x->names = names;
    x->talk = talk_new(names);
}

static void run_end(run *x)
{
    talk_free(x->talk);
    ck_assert_msg(x->report.n == 0, "%s", report_text(&x->report));
    ck_assert_uint_gt(x->cases, report_least(x->names, 100));
}

/* ---- every byte ---- */

static void every_fault(run *x, talk_plan plan)
{
    if (talk_run(x->talk, &plan) != TALK_OK) return;    /* test_roundtrip says why */
    for (unsigned up = 0; up < 2; up++) {
        size_t n = talk_bytes(x->talk, up ? '>' : '<');
        for (size_t at = 0; at < n; at += n / FAULTS_MAX + 1) {
            for (wire_fault f = FAULT_DROP; f <= FAULT_FLIP; f++)
                try_harm(x, plan, (harm){ HARM_FAULT, f, up, at, 0 });
            try_harm(x, plan, (harm){ HARM_CUT, FAULT_NONE, up, at, 0 });
            try_harm(x, plan, (harm){ HARM_STALL, FAULT_NONE, up, at, 0 });
        }
        talk_run(x->talk, &plan);
    }
}

START_TEST(faults)
{
    static run x;
    run_start(&x, report_dialect(_i));
    for (unsigned call = 0; call < x.names->host->tables->n_calls; call++)
        for (unsigned variant = 0; variant < 3; variant++) every_fault(&x, plan_of(&x, call, variant));
    run_end(&x);
}
END_TEST

/* ---- answers that are none ---- */

START_TEST(silence)
{
    static run x;
    run_start(&x, report_dialect(_i));
    for (unsigned call = 0; call < x.names->host->tables->n_calls; call++) {
        talk_plan plan = plan_of(&x, call, 0);
        plan.answers = TALK_NEVER;
        try_harm(&x, plan, (harm){ HARM_DEAF, FAULT_NONE, true, 0, 0 });
        try_harm(&x, plan, (harm){ HARM_DEAF, FAULT_NONE, false, 0, 0 });
    }
    ck_assert_uint_eq(x.statuses[AT_TIMEOUT], x.cases);
    run_end(&x);
}
END_TEST

START_TEST(late_answers)
{
    static run x;
    run_start(&x, report_dialect(_i));
    for (unsigned call = 0; call < x.names->host->tables->n_calls; call++)
        for (unsigned variant = 0; variant < 5; variant++) {
            talk_plan plan = plan_of(&x, call, variant);
            plan.late = true;
            try_harm(&x, plan, (harm){ HARM_FAULT, FAULT_NONE, false, 0, 0 });
        }
    run_end(&x);
}
END_TEST

START_TEST(doubled_answers)
{
    static run x;
    run_start(&x, report_dialect(_i));
    for (unsigned call = 0; call < x.names->host->tables->n_calls; call++)
        for (unsigned variant = 0; variant < 5; variant++) {
            talk_plan plan = plan_of(&x, call, variant);
            plan.twice = true;
            plan.echo = false;
            try_harm(&x, plan, (harm){ HARM_FAULT, FAULT_NONE, false, 0, 0 });
        }
    run_end(&x);
}
END_TEST

/* The user cancels, or the line is lost, after each step. */
START_TEST(broken_off)
{
    static run x;
    run_start(&x, report_dialect(_i));
    for (unsigned call = 0; call < x.names->host->tables->n_calls; call++)
        for (unsigned i = 0; i < 32; i++) {
            talk_plan plan = plan_of(&x, call, i / 8);
            plan.breaks = i % 2 ? TALK_CANCEL : TALK_LOSE;
            plan.break_at = i / 2 % 4;
            try_harm(&x, plan, (harm){ HARM_FAULT, FAULT_NONE, false, 0, 0 });
        }
    ck_assert_uint_gt(x.statuses[AT_CANCELLED], 0);
    ck_assert_uint_gt(x.statuses[AT_LOST], 0);
    run_end(&x);
}
END_TEST

/* What the module's settings are the host has to guess: lines may be undecided, never wrong. */
START_TEST(unknown_settings)
{
    static run x;
    run_start(&x, report_dialect(_i));
    for (unsigned call = 0; call < x.names->host->tables->n_calls; call++)
        for (unsigned i = 0; i < 20; i++) {
            talk_plan plan = plan_of(&x, call, i);
            plan.unknown = true;
            try_harm(&x, plan, (harm){ HARM_FAULT, FAULT_NONE, false, 0, 0 });
        }
    run_end(&x);
}
END_TEST

START_TEST(noise)
{
    static run x;
    run_start(&x, report_dialect(_i));
    for (unsigned call = 0; call < x.names->host->tables->n_calls; call++)
        for (unsigned variant = 0; variant < 20; variant++)
            try_harm(&x, plan_of(&x, call, variant),
                     (harm){ HARM_NOISE, FAULT_NONE, false, 0, 1000 * call + variant });
    run_end(&x);
}
END_TEST

int main(void)
{
    int n = report_dialects();
    Suite *s = suite_create("bad host input");
    TCase *c = tcase_create("bad host input");
    tcase_set_timeout(c, 300);
    tcase_add_loop_test(c, faults, 0, n);
    tcase_add_loop_test(c, silence, 0, n);
    tcase_add_loop_test(c, late_answers, 0, n);
    tcase_add_loop_test(c, doubled_answers, 0, n);
    tcase_add_loop_test(c, broken_off, 0, n);
    tcase_add_loop_test(c, unknown_settings, 0, n);
    tcase_add_loop_test(c, noise, 0, n);
    suite_add_tcase(s, c);
    return report_run(s);
}
