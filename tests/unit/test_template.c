/* Templates: what they are filled with, and what is wrong with a wrong one.
 * SPDX-License-Identifier: MIT */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "mem.h"
#include "template.h"

static void *ctx;
static fill *f;
static template_fault fault;

static void setup(void)
{
    ctx = talloc_new(NULL);
    f = fill_new(ctx);
    fault = (template_fault){ 0 };
}

static void teardown(void)
{
    talloc_free(ctx);
}

/* The template filled, or NULL. */
static const char *filled(const char *source)
{
    text *out = text_new(ctx);
    return template_fill(out, source, f, &fault) ? out->p : NULL;
}

static void two_items(void)
{
    fill_list(f, "items");
    fill_text(fill_item(f, "items"), "n", "one");
    fill_text(fill_item(f, "items"), "n", "two");
}

START_TEST(test_texts)
{
    fill_text(f, "a", "x");
    fill_printf(f, "b", "%d-%s", 7, "y");
    fill_number(f, "c", -3);
    fill_text(f, "none", NULL);
    ck_assert_str_eq(filled("{{a}}{{b}} {{c}}[{{none}}]{ {a} }"), "x7-y -3[]{ {a} }");
    fill_text(f, "a", "again");
    ck_assert_str_eq(filled("{{a}}"), "again");
}
END_TEST

START_TEST(test_lists)
{
    two_items();
    fill_list(f, "empty");
    ck_assert_str_eq(filled("({{#items}}<{{n}}>{{/items}})"), "(<one><two>)");
    ck_assert_str_eq(filled("{{#empty}}{{never}}{{/empty}}{{^empty}}none{{/empty}}"), "none");
    ck_assert_str_eq(filled("{{^items}}none{{/items}}"), "");
}
END_TEST

START_TEST(test_flags_and_texts_as_sections)
{
    fill_flag(f, "yes", true);
    fill_flag(f, "no", false);
    fill_text(f, "text", "t");
    fill_text(f, "blank", "");
    ck_assert_str_eq(filled("{{#yes}}1{{/yes}}{{^yes}}2{{/yes}}{{#no}}3{{/no}}{{^no}}4{{/no}}"),
                     "14");
    ck_assert_str_eq(filled(
                         "{{#text}}<{{text}}>{{/text}}{{#blank}}5{{/blank}}{{^blank}}6{{/blank}}"),
                     "<t>6");
}
END_TEST

START_TEST(test_names_are_found_outside)
{
    fill_text(f, "n", "outer");
    fill_text(f, "o", "o");
    fill *item = (fill_list(f, "items"), fill_item(f, "items"));
    fill_text(item, "n", "inner");
    ck_assert_str_eq(filled("{{n}} {{#items}}{{n}}{{o}}{{/items}}"), "outer innero");
}
END_TEST

START_TEST(test_nested_sections)
{
    two_items();
    fill *item = (fill_list(f, "rows"), fill_item(f, "rows"));
    fill_list(item, "items");
    fill_text(fill_item(item, "items"), "n", "deep");
    ck_assert_str_eq(filled("{{#rows}}{{#items}}{{n}}{{/items}}{{/rows}}"), "deep");
    fill_list(f, "none");
    ck_assert_str_eq(filled("{{#none}}{{#none}}x{{/none}}y{{/none}}z"), "z");
}
END_TEST

START_TEST(test_lines_of_tags_leave_no_trace)
{
    two_items();
    ck_assert_str_eq(filled("a\n  {{#items}}\n  {{n}};\n  {{/items}}\nb\n"),
                     "a\n  one;\n  two;\nb\n");
    ck_assert_str_eq(filled("{{#items}}\n{{/items}}\n"), "");
    ck_assert_str_eq(filled("a {{#items}}\n{{/items}}"), "a \n\n");
}
END_TEST

START_TEST(test_long_texts_are_indented)
{
    fill_text(f, "t", "one\ntwo\n\nthree");
    ck_assert_str_eq(filled("    {{t}}\nend"), "    one\n    two\n\n    three\nend");
    ck_assert_str_eq(filled("x {{t}}\n"), "x one\ntwo\n\nthree\n");
}
END_TEST

static const struct { const char *source; unsigned line; const char *what, *name; } faults[] = {
    { "a\n{{nothing}}", 2, "unknown name", "nothing" },
    { "{{#nothing}}{{/nothing}}", 1, "unknown name", "nothing" },
    { "{{^nothing}}{{/nothing}}", 1, "unknown name", "nothing" },
    { "{{items}}", 1, "a list, not a text", "items" },
    { "\n\n{{#items}}{{n}}", 3, "section is not closed", "items" },
    { "{{/items}}", 1, "closes nothing", "items" },
    { "{{#items}}{{/other}}", 1, "closes nothing", "other" },
    { "a {{b", 1, "tag without end", "{{" },
    { "{{#items}}{{wrong}}{{/items}}", 1, "unknown name", "wrong" },
};

START_TEST(test_faults)
{
    two_items();
    ck_assert_ptr_null(filled(faults[_i].source));
    ck_assert_uint_eq(fault.line, faults[_i].line);
    ck_assert_str_eq(fault.what, faults[_i].what);
    ck_assert_str_eq(fault.name, faults[_i].name);
}
END_TEST

START_TEST(test_a_name_that_is_too_long)
{
    char source[200] = "{{";
    memset(source + 2, 'a', 150);
    strcat(source, "}}");
    ck_assert_ptr_null(filled(source));
    ck_assert_str_eq(fault.what, "name too long");
}
END_TEST

START_TEST(test_built_in_templates)
{
    ck_assert_ptr_nonnull(template_find(ctx, NULL, "header.h.tmpl"));
    ck_assert_ptr_nonnull(template_find(ctx, "/nowhere", "module.c.tmpl"));
    ck_assert_ptr_null(template_find(ctx, NULL, "no.such.tmpl"));
}
END_TEST

/* Lemon reads its template up to as many `%%` lines as it has parts to put in. */
START_TEST(test_parser_template_has_all_its_marks)
{
    unsigned marks = 0;
    const char *p = template_find(ctx, NULL, "parser.c.tmpl");
    ck_assert_ptr_nonnull(p);
    for (; (p = strstr(p, "\n%%\n")); p += 3)
        marks++;
    ck_assert_uint_eq(marks, 15);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("template");
    TCase *all = tcase_create("all");
    tcase_add_checked_fixture(all, setup, teardown);
    tcase_add_test(all, test_texts);
    tcase_add_test(all, test_lists);
    tcase_add_test(all, test_flags_and_texts_as_sections);
    tcase_add_test(all, test_names_are_found_outside);
    tcase_add_test(all, test_nested_sections);
    tcase_add_test(all, test_lines_of_tags_leave_no_trace);
    tcase_add_test(all, test_long_texts_are_indented);
    tcase_add_loop_test(all, test_faults, 0, sizeof faults / sizeof *faults);
    tcase_add_test(all, test_a_name_that_is_too_long);
    tcase_add_test(all, test_built_in_templates);
    tcase_add_test(all, test_parser_template_has_all_its_marks);
    suite_add_tcase(suite, all);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
