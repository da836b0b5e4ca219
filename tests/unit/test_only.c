/* `--only` on the model: what is left, and that numbers stay what they are.
 * SPDX-License-Identifier: MIT */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "folder.h"
#include "mem.h"
#include "parser.h"
#include "passes.h"
#include "text.h"

static const char SPEC[] =
    "dialect toy\nresults { ok OK   error ERROR }\n"
    "command +A_CUR, +A_DEF \"a\" {\n    saved _CUR ram, _DEF flash\n    alias _DEF +AA\n"
    "    set one  AT+A_CUR=<n:0..9>\n        two  AT+A_CUR=\"x\",<n:0..9>\n"
    "    read     AT+A_CUR?   -> +A_CUR:<n:0..9> / OK\n}\n"
    "command AT \"empty\" {\n    exec  AT\n}\n"
    "command +B \"b\" {\n    exec  AT+B   -> +B:<k:0..9> / OK\n}\n"
    "urc +U \"u\" {\n    p  +U:P\n    q  +U:Q\n}\n"
    "urc v  V\n";

static void *ctx;
static const model *all;
static const char *fault;

static void setup(void)
{
    ctx = talloc_new(NULL);
    diag *d = diag_new(ctx);
    all = resolve(ctx, d, parser_read(ctx, d, source_text(ctx, "toy", SPEC, sizeof SPEC - 1)));
    ck_assert_ptr_nonnull(all);
    fault = NULL;
}

static void teardown(void)
{
    talloc_free(ctx);
}

/* Forms and URCs of what is left, by their C names. */
static const char *left(const model *m)
{
    text *t = text_new(ctx);
    for (size_t i = 0; i < m->n_forms; i++)
        text_printf(t, "%s ", m->forms[i]->c_name);
    text_add(t, "|");
    for (size_t i = 0; i < m->n_urcs; i++)
        text_printf(t, " %s", m->urcs[i]->c_name);
    return t->p;
}

static const struct { const char *name, *other, *left; } cuts[] = {
    { "+B", NULL, "b_exec | u_p u_q v" },
    { "+A_DEF", NULL, "a_one a_two a_read | u_p u_q v" },
    { "AT+AA", NULL, "a_one a_two a_read | u_p u_q v" },
    { "+A_CUR:read", NULL, "a_read | u_p u_q v" },
    { "+A_CUR:two", "+B:exec", "a_two b_exec | u_p u_q v" },
    { "a:set", NULL, "a_one a_two | u_p u_q v" },
    { "AT", NULL, "at_exec | u_p u_q v" },
    { "+B", "v", "b_exec | v" },
    { "+B", "+U", "b_exec | u_p u_q" },
    { "+B", "u_q", "b_exec | u_q" },
};

START_TEST(test_cuts)
{
    const char *const names[] = { cuts[_i].name, cuts[_i].other, NULL };
    const model *m = model_only(ctx, all, names, &fault);
    ck_assert_msg(m != NULL, "%s", fault);
    ck_assert_str_eq(left(m), cuts[_i].left);
}
END_TEST

START_TEST(test_the_whole_model_stays)
{
    const char *const names[] = { "+B", "v", NULL };
    const char *before = left(all);
    const model *m = model_only(ctx, all, names, &fault);
    ck_assert_str_eq(left(all), before);
    ck_assert_uint_eq(m->n_commands, 1);
    ck_assert_uint_eq(all->n_commands, 3);
    ck_assert_uint_eq(all->commands[2]->n_forms, 1);
    ck_assert_uint_eq(m->forms[0]->id, all->forms[all->n_forms - 1]->id);
    ck_assert_uint_lt(m->n_lines, all->n_lines);
}
END_TEST

START_TEST(test_names_from_a_file)
{
    folder_make(ctx);
    const char *const names[] = { mem_printf(ctx, "@%s", folder_put("list", "+B,\r\n\tAT ")), NULL };
    const model *m = model_only(ctx, all, names, &fault);
    folder_remove();
    ck_assert_str_eq(left(m), "at_exec b_exec | u_p u_q v");
}
END_TEST

static const struct { const char *name, *fault; } misses[] = {
    { "+C", "--only: the dialect has no +C" },
    { "+B:read", "--only: the dialect has no +B:read" },
    { "v:p", "--only: the dialect has no v:p" },
    { "@/nowhere", "/nowhere: No such file or directory" },
};

START_TEST(test_misses)
{
    const char *const names[] = { "+B", misses[_i].name, NULL };
    ck_assert_ptr_null(model_only(ctx, all, names, &fault));
    ck_assert_str_eq(fault, misses[_i].fault);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("only");
    TCase *tests = tcase_create("all");
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_loop_test(tests, test_cuts, 0, sizeof cuts / sizeof *cuts);
    tcase_add_test(tests, test_the_whole_model_stays);
    tcase_add_test(tests, test_names_from_a_file);
    tcase_add_loop_test(tests, test_misses, 0, sizeof misses / sizeof *misses);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
