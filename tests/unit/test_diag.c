/* Diagnostics: their order, options, notes, fixes, JSON, and the word that was meant. How each kind
 * reads is shown by tests/errors.
 * SPDX-License-Identifier: MIT */
#include <check.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "diag.h"
#include "mem.h"

static void *ctx;
static diag *d;
static const source *src;
static const place nowhere = { NULL, 0, 0 };

static void setup(void)
{
    static const char text[] = "one two\nthree\n";
    ctx = talloc_new(NULL);
    d = diag_new(ctx);
    src = source_text(ctx, "x.atspec", text, sizeof text - 1);
}

static void teardown(void)
{
    talloc_free(ctx);
}

static place at(size_t begin, size_t end)
{
    return (place){ src, begin, end };
}

static const char *printed(bool json, bool colour)
{
    char *out = NULL;
    size_t n = 0;
    FILE *file = open_memstream(&out, &n);
    diag_print(d, file, json, colour);
    fclose(file);
    const char *copy = mem_string(ctx, out);
    free(out);
    return copy;
}

START_TEST(test_excerpt)
{
    diag_at(d, at(4, 7), D_UNKNOWN_TYPE, "no type '%s'", "two");
    diag_fix(d, "too");
    diag_note(d, at(8, 13), "but this");
    diag_note(d, nowhere, "and no place");
    ck_assert_str_eq(printed(false, false),
                     "x.atspec:1:5: error: no type 'two' [unknown-type]\n"
                     "    1 | one two\n"
                     "      |     ^~~\n"
                     "      |     too\n"
                     "x.atspec:2:1: note: but this\n"
                     "    2 | three\n"
                     "      | ^~~~~\n"
                     "atgen: note: and no place\n");
    ck_assert_ptr_nonnull(strstr(printed(false, true), "\033[1;31merror: "));
}
END_TEST

START_TEST(test_order_is_that_of_the_places)
{
    diag_at(d, at(8, 9), D_UNKNOWN_TYPE, "second");
    diag_at(d, at(0, 1), D_UNKNOWN_TYPE, "first");
    diag_at(d, nowhere, D_NO_FILE, "before all");
    diag_at(d, at(8, 9), D_UNKNOWN_TYPE, "second");         /* says nothing new */
    const char *all = printed(false, false);
    ck_assert_ptr_eq(strstr(all, "atgen: error: before all"), all);
    ck_assert(strstr(all, "first") < strstr(all, "second"));
    ck_assert_ptr_null(strstr(strstr(all, "second") + 1, "second"));
    ck_assert_uint_eq(diag_errors(d), 4);
}
END_TEST

static const struct { const char *first, *second; bool known; unsigned errors, lines; } options[] = {
    { "all", "all", true, 0, 1 },
    { "error", "all", true, 1, 1 },
    { "error", "no-error", true, 0, 1 },
    { "error=operator-wins", "all", true, 1, 1 },
    { "error", "no-error=operator-wins", true, 0, 1 },
    { "no-operator-wins", "all", true, 0, 0 },
    { "no-operator-wins", "operator-wins", true, 0, 1 },
    { "no-operator-wins", "error", true, 1, 1 },
    { "no-unknown-type", "all", false, 0, 1 },              /* an error stays one */
    { "no-such-thing", "all", false, 0, 1 },
};

START_TEST(test_options)
{
    ck_assert(diag_option(d, options[_i].first) == options[_i].known);
    ck_assert(diag_option(d, options[_i].second));
    diag_at(d, nowhere, D_OPERATOR_WINS, "a warning");
    diag_note(d, nowhere, "its note");
    ck_assert_uint_eq(diag_errors(d), options[_i].errors);
    ck_assert_int_eq(strlen(printed(false, false)) > 0, options[_i].lines);
}
END_TEST

START_TEST(test_json)
{
    diag_at(d, at(4, 7), D_UNKNOWN_TYPE, "\xff and \"quotes\"");
    diag_fix(d, "fix");
    diag_note(d, at(8, 13), "note");
    json_t *all = json_loads(printed(true, false), 0, NULL), *one = json_array_get(all, 0);
    ck_assert_uint_eq(json_array_size(all), 1);
    ck_assert_str_eq(json_string_value(json_object_get(one, "file")), "x.atspec");
    ck_assert_int_eq(json_integer_value(json_object_get(one, "column")), 5);
    ck_assert_int_eq(json_integer_value(json_object_get(one, "end_column")), 8);
    ck_assert_str_eq(json_string_value(json_object_get(one, "message")),
                     "\xef\xbf\xbd and \"quotes\"");
    ck_assert_str_eq(json_string_value(json_object_get(one, "kind")), "unknown-type");
    ck_assert_str_eq(json_string_value(json_object_get(one, "fix")), "fix");
    ck_assert_uint_eq(json_array_size(json_object_get(one, "notes")), 1);
    json_decref(all);
}
END_TEST

START_TEST(test_json_without_diagnostics)
{
    ck_assert_str_eq(printed(true, false), "[]\n");
}
END_TEST

static const struct { const char *word, *nearest; } words[] = {
    { "lenght", "length" }, { "LENGTH", "length" }, { "lengt", "length" }, { "ssd", "ssid" },
    { "x", NULL }, { "quite another", NULL }, { "", NULL },
    { "a word that is longer than anybody would ever write one in a spec", NULL },
};

START_TEST(test_nearest)
{
    static const char *const names[] = { "length", "ssid", "a", NULL };
    const char *found = diag_nearest(words[_i].word, names);
    ck_assert_msg((found == NULL) == (words[_i].nearest == NULL), "%s: %s", words[_i].word,
                  found ? found : "none");
    if (found)
        ck_assert_str_eq(found, words[_i].nearest);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("diag");
    TCase *all = tcase_create("all");
    tcase_add_checked_fixture(all, setup, teardown);
    tcase_add_test(all, test_excerpt);
    tcase_add_test(all, test_order_is_that_of_the_places);
    tcase_add_loop_test(all, test_options, 0, sizeof options / sizeof *options);
    tcase_add_test(all, test_json);
    tcase_add_test(all, test_json_without_diagnostics);
    tcase_add_loop_test(all, test_nearest, 0, sizeof words / sizeof *words);
    suite_add_tcase(suite, all);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
