/* The resolver: small specs in, the model's parts out. Errors have their specs in tests/errors;
 * here stands what a right spec means.
 * SPDX-License-Identifier: MIT */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "mem.h"
#include "parser.h"
#include "passes.h"

#define HEAD "dialect toy\nresults { ok OK, SEND OK   error ERROR, SEND FAIL }\n"

static void *ctx;
static diag *d;

static void setup(void)
{
    ctx = talloc_new(NULL);
    d = diag_new(ctx);
}

static void teardown(void)
{
    talloc_free(ctx);
}

static ast_file *file(const char *path, const char *text)
{
    return parser_read(ctx, d, source_text(ctx, path, text, strlen(text)));
}

static const model *model_of(const char *text)
{
    char *whole = mem_printf(ctx, "%s%s", HEAD, text);
    const model *m = resolve(ctx, d, file("toy.atspec", whole));
    if (!m) diag_print(d, stderr, false, false);
    ck_assert_ptr_nonnull(m);
    return m;
}

static const m_form *form_of(const model *m, const char *c_name)
{
    for (size_t i = 0; i < m->n_forms; i++)
        if (!strcmp(m->forms[i]->c_name, c_name)) return m->forms[i];
    ck_abort_msg("no form %s", c_name);
    return NULL;
}

static const m_field *field_of(const m_struct *s, const char *name)
{
    for (size_t i = 0; s && i < s->n_fields; i++)
        if (!strcmp(s->fields[i].name, name)) return &s->fields[i];
    return NULL;
}

static const m_reply *reply_of(const m_form *f, const char *name)
{
    for (size_t i = 0; i < f->n_replies; i++)
        if (!strcmp(f->replies[i].name, name)) return &f->replies[i];
    ck_abort_msg("no reply %s", name);
    return NULL;
}

/* ---- lines ---- */

START_TEST(test_name_separator_brackets)
{
    const model *m = model_of("urc +X  +X: \\([<a:0..9>][,<b:0..9>]\\)\n");
    const m_line *line = m->urcs[0]->line;
    ck_assert_str_eq(line->head, "+X");
    ck_assert_str_eq(line->lead, ": (");
    ck_assert_str_eq(line->tail, ")");
    ck_assert_uint_eq(line->n_slots, 2);
    ck_assert_uint_eq(line->n_readings, 4);
    ck_assert_uint_eq(line->readings[0].mask, 3);
    ck_assert_uint_eq(line->readings[3].mask, 0);
}
END_TEST

START_TEST(test_text_around_a_value)
{
    const m_line *line = model_of("urc +X  +X:ip:<ip:ip> up,done\n")->urcs[0]->line;
    ck_assert_str_eq(line->lead, ":");
    ck_assert_str_eq(line->slots[0].pre, "ip:");
    ck_assert_str_eq(line->slots[0].post, " up");
    ck_assert(line->slots[1].literal);
    ck_assert_str_eq(line->slots[1].text, "done");
}
END_TEST

START_TEST(test_whole_literal_and_bare_value)
{
    const model *m = model_of("urc got_ip  WIFI GOT IP\nurc n  +<n:0..9>\n");
    ck_assert_str_eq(m->urcs[0]->line->head, "WIFI GOT IP");
    ck_assert_uint_eq(m->urcs[0]->line->n_slots, 0);
    ck_assert_str_eq(m->urcs[1]->line->head, "");
    ck_assert_str_eq(m->urcs[1]->line->slots[0].pre, "+");
}
END_TEST

START_TEST(test_commas_that_stand_and_fall)
{
    const m_line *line = model_of("urc x  <a:0..9>,,[<b:0..9>],<c:0..9>\n")->urcs[0]->line;
    ck_assert_uint_eq(line->n_slots, 4);
    ck_assert(line->slots[1].literal && !*line->slots[1].text);     /* written as empty */
    ck_assert_uint_eq(line->readings[1].mask, 0xb);         /* the comma of b went with it */
}
END_TEST

START_TEST(test_repetition_and_counted_data)
{
    const model *m = model_of("urc +X  +X:<n:0..5>{<n>: ,<t:string 1..9>}\n"
                              "urc +D  +D,<len:0..99>:<data:bytes len>\n"
                              "urc +E  +E:<len:0..99> CR LF <data:bytes len>\n");
    const m_line *x = m->urcs[0]->line;
    ck_assert_int_eq(x->loop_first, 1);
    ck_assert_int_eq(x->loop_count, 0);
    ck_assert_uint_eq(x->loop_max, 5);
    ck_assert_int_eq(m->urcs[1]->line->data_at, DATA_INLINE);
    ck_assert_str_eq(m->urcs[1]->line->data_lead, ":");
    ck_assert_int_eq(m->urcs[2]->line->data_at, DATA_AFTER);
    ck_assert_int_eq(m->urcs[2]->line->data_count, 0);
}
END_TEST

START_TEST(test_conditions_and_their_opposites)
{
    const model *m = model_of("command +MUX \"x\" { set AT+MUX=<mode:enum 0 ONE, 1 MANY>\n }\n"
                              "urc closed  [<link:0..4>, when +MUX.mode = MANY]CLOSED\n");
    const m_line *line = m->urcs[0]->line;
    ck_assert_uint_eq(m->n_settings, 1);
    ck_assert_uint_eq(line->n_readings, 2);
    ck_assert(!line->readings[0].conds[0].negate && line->readings[1].conds[0].negate);
    ck_assert_int_eq(line->readings[0].conds[0].lo, 1);
}
END_TEST

/* ---- commands ---- */

START_TEST(test_family)
{
    const model *m = model_of("command +J_CUR, +J_DEF \"x\" {\n saved _CUR ram, _DEF flash\n"
                              " read AT+J_CUR? -> +J_CUR:<n:0..9> / +Y_*:<k:0..9> / OK\n }\n");
    const m_form *f = form_of(m, "j_read");
    ck_assert_uint_eq(m->commands[0]->n_members, 2);
    ck_assert(m->commands[0]->members[1].flash);
    ck_assert_str_eq(m->commands[0]->members[1].ending, "DEF");
    ck_assert_str_eq(f->flow->atoms[0].line->head, "\x01");
    ck_assert_str_eq(f->flow->atoms[1].line->head, "+Y_\x02");
    ck_assert_ptr_nonnull(field_of(f->takes, "saved"));
}
END_TEST

START_TEST(test_derived_dialect)
{
    ast_file *base = file("base", HEAD "type n  0..9\ncommand +A \"x\" {\n exec AT+A\n }\n"
                                       "command +B \"x\" {\n set AT+B=<n>\n }\n");
    ast_file *top = file("top", "dialect other\nreplace type n  0..300\nremove command +A\n");
    base->next = top;
    const model *m = resolve(ctx, d, base);
    ck_assert_ptr_nonnull(m);
    ck_assert_str_eq(m->name, "other");
    ck_assert_uint_eq(m->n_commands, 1);
    ck_assert_uint_eq(form_of(m, "b_set")->line->slots[0].type->bytes, 2);
    ck_assert_uint_eq(m->n_files, 2);
}
END_TEST

/* ---- answers ---- */

START_TEST(test_phases_and_replies)
{
    const model *m = model_of("command +S \"x\" {\n set AT+S=<n:1..9>\n -> OK / prompt \">\""
                              " / data n to module / (SEND OK | SEND FAIL)\n }\n");
    const m_form *f = form_of(m, "s_set");
    ck_assert_uint_eq(f->n_replies, 3);
    ck_assert_int_eq(reply_of(f, "prompt")->end, R_DATA);
    ck_assert_uint_eq(reply_of(f, "prompt")->n_atoms, 2);
    ck_assert_int_eq(reply_of(f, "send_fail")->end, R_ENDS);
    ck_assert(!reply_of(f, "send_fail")->is_ok);
    ck_assert_ptr_nonnull(field_of(f->takes, "data"));
    ck_assert_str_eq(f->outcomes[0].name, "send_ok");
    ck_assert_int_eq(f->flow->atoms[0].outcome, -1);
    ck_assert(!f->flow->atoms[0].ends);
}
END_TEST

START_TEST(test_a_pause_is_no_part_of_a_reply)
{
    const model *m = model_of("command +P \"x\" {\n exec AT+P -> OK / pause 1s\n }\n");
    const m_form *f = form_of(m, "p_exec");
    ck_assert_uint_eq(f->n_replies, 1);
    ck_assert_int_eq(reply_of(f, "ok")->end, R_ENDS);
}
END_TEST

START_TEST(test_rows_and_what_stands_before)
{
    const model *m = model_of("command +L \"x\" {\n exec AT+L\n"
                              " -> +N:<n:0..9> / {0..: +L:<a:0..9>} / OK\n }\n");
    const m_form *f = form_of(m, "l_exec");
    ck_assert_uint_eq(f->n_replies, 3);
    ck_assert_str_eq(reply_of(f, "row")->takes->c_name, "l_exec_row");
    ck_assert_int_eq(reply_of(f, "n")->end, R_GOES_ON);
    ck_assert_ptr_null(reply_of(f, "ok")->takes);
    ck_assert_ptr_nonnull(field_of(f->result, "n"));
    ck_assert_ptr_null(field_of(f->result, "a"));
}
END_TEST

START_TEST(test_outcomes_named_by_the_line_before)
{
    const model *m = model_of("command +C \"x\" {\n exec AT+C\n -> OK"
                              " -> ALREADY CONNECTED / ERROR -> +C:<why:0..9> / ERROR\n }\n");
    const m_form *f = form_of(m, "c_exec");
    ck_assert_str_eq(f->outcomes[0].name, "ok");
    ck_assert_str_eq(f->outcomes[1].name, "already_connected");
    ck_assert_str_eq(f->outcomes[2].name, "error");
    ck_assert(field_of(f->result, "why")->has);
}
END_TEST

START_TEST(test_what_is_only_heard_is_no_reply)
{
    const model *m = model_of("command +X \"x\" {\n    exec AT+X  -> (prompt \">\" only heard | OK / prompt \">\")"
                              " / (SEND OK | SEND FAIL only heard)\n"
                              "    read AT+X? -> X:<a:0..9> only heard / OK\n -> +X:<a:0..9> / OK\n}\n");
    const m_form *exec = form_of(m, "x_exec"), *read = form_of(m, "x_read");
    ck_assert_uint_eq(exec->flow->n_atoms, 5);
    ck_assert_uint_eq(exec->n_replies, 1);
    ck_assert_uint_eq(reply_of(exec, "send_ok")->n_atoms, 3);
    ck_assert_uint_eq(read->n_replies, 1);
    ck_assert_uint_eq(reply_of(read, "ok")->n_atoms, 2);
}
END_TEST

START_TEST(test_late_lines_are_tied)
{
    const model *m = model_of("command +P \"x\" {\n set AT+P=<id:0..5>\n"
                              " -> OK / later +P: <id>,<result:0..9>\n }\n");
    const m_form *f = form_of(m, "p_set");
    const m_atom *late = &f->flow->atoms[1];
    ck_assert(late->later && late->may_end && f->flow->atoms[0].ends);
    ck_assert_str_eq(late->line->slots[0].tie, "id");
    ck_assert_ptr_null(late->line->slots[1].tie);
    ck_assert(reply_of(f, "p")->later);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("resolve");
    TCase *all = tcase_create("all");
    tcase_add_checked_fixture(all, setup, teardown);
    tcase_add_test(all, test_name_separator_brackets);
    tcase_add_test(all, test_text_around_a_value);
    tcase_add_test(all, test_whole_literal_and_bare_value);
    tcase_add_test(all, test_commas_that_stand_and_fall);
    tcase_add_test(all, test_repetition_and_counted_data);
    tcase_add_test(all, test_conditions_and_their_opposites);
    tcase_add_test(all, test_family);
    tcase_add_test(all, test_derived_dialect);
    tcase_add_test(all, test_phases_and_replies);
    tcase_add_test(all, test_a_pause_is_no_part_of_a_reply);
    tcase_add_test(all, test_rows_and_what_stands_before);
    tcase_add_test(all, test_outcomes_named_by_the_line_before);
    tcase_add_test(all, test_late_lines_are_tied);
    tcase_add_test(all, test_what_is_only_heard_is_no_reply);
    suite_add_tcase(suite, all);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
