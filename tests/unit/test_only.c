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
    "command +M \"m\" {\n    type mode  int 0..1 = 0\n    set  AT+M=<mode>   -> OK\n}\n"
    "command +L \"l\" {\n    type mask  flags 0 A, 1 B = 1\n    set  AT+L=<mask>   -> OK\n}\n"
    "command +S \"s\" {\n    exec  AT+S   only when +M.mode = 1   -> OK\n"
    "    set  AT+S=[<i:0..4>, when +M.mode = 1]<n:0..9>[,<o:0..9>]\n"
    "        -> +S:[<i:0..4>, when +M.mode = 1]<n:0..9>[,<x:0..9> when +M.mode = 0] / OK\n"
    "    read  AT+S?\n"
    "        -> +S:[<a:0..9>, when +L.mask has A][<b:0..9>, when +L.mask has B]<c:0..9> / OK\n}\n"
    "command +T \"t\" {\n    exec  AT+T   only when +M.mode = 1   -> OK\n}\n"
    "urc +U \"u\" {\n    p  +U:P\n    q  +U:Q\n}\n"
    "urc v  V\n"
    "urc w  [<i:0..4>, when +M.mode = 1]W\n";

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
    { "+B", NULL, "b_exec | u_p u_q v w" },
    { "+A_DEF", NULL, "a_one a_two a_read | u_p u_q v w" },
    { "AT+AA", NULL, "a_one a_two a_read | u_p u_q v w" },
    { "+A_CUR:read", NULL, "a_read | u_p u_q v w" },
    { "+A_CUR:two", "+B:exec", "a_two b_exec | u_p u_q v w" },
    { "a:set", NULL, "a_one a_two | u_p u_q v w" },
    { "AT", NULL, "at_exec | u_p u_q v w" },
    { "+S", NULL, "s_exec s_set s_read | u_p u_q v w" },
    { "+B", "v", "b_exec | v" },
    { "+B", "+U", "b_exec | u_p u_q" },
    { "+B", "u_q", "b_exec | u_q" },
};

START_TEST(test_cuts)
{
    const char *const names[] = { cuts[_i].name, cuts[_i].other, NULL };
    const model *m = model_only(ctx, all, names, false, &fault);
    ck_assert_msg(m != NULL, "%s", fault);
    ck_assert_str_eq(left(m), cuts[_i].left);
}
END_TEST

START_TEST(test_the_whole_model_stays)
{
    const char *const names[] = { "+B", "v", NULL };
    const char *before = left(all);
    const model *m = model_only(ctx, all, names, false, &fault);
    ck_assert_str_eq(left(all), before);
    ck_assert_uint_eq(m->n_commands, 1);
    ck_assert_uint_eq(all->n_commands, 7);
    ck_assert_uint_eq(all->commands[2]->n_forms, 1);
    ck_assert_str_eq(all->forms[4]->c_name, "b_exec");
    ck_assert_uint_eq(m->forms[0]->id, all->forms[4]->id);
    ck_assert_uint_lt(m->n_lines, all->n_lines);
}
END_TEST

START_TEST(test_names_from_a_file)
{
    folder_make(ctx);
    const char *const names[] = { mem_printf(ctx, "@%s", folder_put("list", "+B,\r\n\tAT ")), NULL };
    const model *m = model_only(ctx, all, names, false, &fault);
    folder_remove();
    ck_assert_str_eq(left(m), "at_exec b_exec | u_p u_q v w");
}
END_TEST

/* ---- names of a family ---- */

static const struct { const char *name, *other; size_t n; bool has_saved; } families[] = {
    { "+A_CUR", NULL, 1, false },   { "+AA", NULL, 1, false },      { "a", NULL, 2, true },
    { "+A_CUR", "+A_DEF", 2, true }, { "+A_CUR:set", "+A_DEF:read", 2, true },
};

static bool has_saved(const m_struct *x)
{
    bool has = false;
    for (size_t i = 0; x && i < x->n_fields; i++)
        has = has || x->fields[i].is_saved;
    return has;
}

START_TEST(test_families)
{
    const char *const names[] = { families[_i].name, families[_i].other, NULL };
    const model *m = model_only(ctx, all, names, false, &fault);
    ck_assert_uint_eq(m->commands[0]->n_members, families[_i].n);
    ck_assert_int_eq(m->commands[0]->has_saved, families[_i].has_saved);
    ck_assert_int_eq(has_saved(m->forms[0]->takes), families[_i].has_saved);
    ck_assert_uint_eq(all->commands[0]->n_members, 2);
}
END_TEST

/* ---- settings that nothing can change ---- */

static void show_fields(text *t, const m_struct *x)
{
    text_add(t, "(");
    for (size_t i = 0; x && i < x->n_fields; i++)
        text_printf(t, "%s%s%s", i ? " " : "", x->fields[i].name, x->fields[i].has ? "?" : "");
    text_add(t, ")");
}

static void show_cells(text *t, const m_line *line)
{
    for (size_t i = 0; i < line->n_readings; i++) {
        text_add(t, " ");
        for (size_t k = 0; k < line->n_slots; k++)
            if (line->readings[i].mask >> k & 1u)
                text_add(t, line->slots[k].literal ? "\"" : line->slots[k].name);
        text_add(t, line->readings[i].n_conds ? "!" : "");
    }
    text_add(t, line->mask ? " masked" : "");
}

/* Forms with their fields and readings, each answer's too; URCs; how many settings. */
static const char *settled(const model *m)
{
    text *t = text_new(ctx);
    for (size_t i = 0; i < m->n_forms; i++) {
        text_add(t, m->forms[i]->c_name);
        show_fields(t, m->forms[i]->takes);
        show_cells(t, m->forms[i]->line);
        show_fields(t, m->forms[i]->replies[0].takes);
        if (m->forms[i]->flow->n_atoms > 1)
            show_cells(t, m->forms[i]->flow->atoms[0].line);
        text_add(t, m->forms[i]->n_only ? " only; " : "; ");
    }
    for (size_t i = 0; i < m->n_urcs; i++) {
        text_add(t, m->urcs[i]->c_name);
        show_fields(t, m->urcs[i]->line->fields);
        show_cells(t, m->urcs[i]->line);
    }
    text_printf(t, " | %zu", m->n_settings);
    return t->p;
}

static const struct { const char *name, *other; bool settle; const char *left; } constants[] = {
    { "+S:set", "w", true, "s_set(n o?) no n(outcome n x) nx; w() \" | 0" },
    { "+S:set", "w", false,
      "s_set(i? n o?) ino! in! no! n!(outcome i? n x?) inx! in! nx! n!; w(i?) i\"! \"! | 1" },
    { "+S:set-o", "w", true, "s_set(n) n(outcome n x) nx; w() \" | 0" },
    { "+S:set-o", "w", false,
      "s_set(i? n) in! n!(outcome i? n x?) inx! in! nx! n!; w(i?) i\"! \"! | 1" },
    { "+S:set-o-i", "w", false,
      "s_set(n) n!(outcome i? n x?) inx! in! nx! n!; w(i?) i\"! \"! | 1" },
    { "+S:read", "v", true, "s_read() (outcome a c) ac; v()  | 0" },
    { "+S:read", "v", false, "s_read() (outcome a? b? c) abc masked; v()  | 1" },
    { "+S:read", "+L", true, "l_set(mask) mask(); s_read() (outcome a? b? c) abc masked; " },
    { "+S:exec", "+M", true, "m_set(mode) mode(); s_exec() () only; " },
    { "+M", "v", true, "m_set(mode) mode(); v()  | 0" },
};

START_TEST(test_constants)
{
    const char *const names[] = { constants[_i].name, constants[_i].other, NULL };
    const model *m = model_only(ctx, all, names, constants[_i].settle, &fault);
    ck_assert_msg(m != NULL, "%s", fault);
    const char *is = settled(m), *wanted = constants[_i].left;
    ck_assert_msg(strncmp(is, wanted, strlen(wanted)) == 0, "%s", is);
}
END_TEST

START_TEST(test_a_form_that_is_never_allowed_goes)
{
    const char *const names[] = { "+S", "v", NULL };
    ck_assert_str_eq(left(model_only(ctx, all, names, true, &fault)), "s_set s_read | v");
}
END_TEST

START_TEST(test_what_is_never_allowed_is_no_wish)
{
    const char *const names[] = { "+B", "+T", NULL };
    ck_assert_ptr_nonnull(model_only(ctx, all, names, false, &fault));
    ck_assert_ptr_null(model_only(ctx, all, names, true, &fault));
    ck_assert_str_eq(fault, "--only: no command that is left makes the settings for +T");
}
END_TEST

static const struct { const char *name, *fault; } misses[] = {
    { "+C", "--only: the dialect has no +C" },
    { "+B:read", "--only: the dialect has no +B:read" },
    { "v:p", "--only: the dialect has no v:p" },
    { "+S:set-n", "--only: +S:set has no parameter n that may be left out" },
    { "+S:set-x", "--only: +S:set has no parameter x that may be left out" },
    { "@/nowhere", "/nowhere: No such file or directory" },
};

START_TEST(test_misses)
{
    const char *const names[] = { "+B", misses[_i].name, NULL };
    ck_assert_ptr_null(model_only(ctx, all, names, false, &fault));
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
    tcase_add_loop_test(tests, test_families, 0, sizeof families / sizeof *families);
    tcase_add_loop_test(tests, test_constants, 0, sizeof constants / sizeof *constants);
    tcase_add_test(tests, test_a_form_that_is_never_allowed_goes);
    tcase_add_test(tests, test_what_is_never_allowed_is_no_wish);
    tcase_add_loop_test(tests, test_misses, 0, sizeof misses / sizeof *misses);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
