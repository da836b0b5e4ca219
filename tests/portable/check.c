/* See check.h. SPDX-License-Identifier: MIT */
#include "check.h"

jmp_buf check_out;
static Suite suite;             /* a program has one; its test cases are one list */

Suite *suite_create(const char *name)
{
    suite.name = name;
    return &suite;
}

TCase *tcase_create(const char *name)
{
    (void)name;
    return &suite;
}

void check_add(TCase *c, check_case x, int from, int to)
{
    x.from = from;
    x.to = to;
    if (c->n < CHECK_CASES) c->cases[c->n] = x;
    c->n++;
}

static void run(Suite *s, const check_case *c, int i)
{
    s->ran++;
    if (setjmp(check_out) == 0) {
        c->run(i);
    } else {
        s->failed++;
        printf("not ");
    }
    printf("ok %d - %s: %s %d\n", s->ran, s->name, c->name, i);
    fflush(stdout);
}

void srunner_run_all(SRunner *s, int how)
{
    (void)how;
    for (int k = 0; k < s->n && k < CHECK_CASES; k++)
        for (int i = s->cases[k].from; i < s->cases[k].to; i++) run(s, &s->cases[k], i);
    s->failed += s->n > CHECK_CASES;
    printf("1..%d\n", s->ran);
}
