/* The layout of small pieces of a spec; whole specs are in tests/fmt.
 * SPDX-License-Identifier: MIT */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mem.h"
#include "parser.h"
#include "passes.h"

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

static const char *laid_out(const char *spec)
{
    char *out = NULL;
    size_t n = 0;
    FILE *file = open_memstream(&out, &n);
    fmt(parser_read(ctx, d, source_text(ctx, "x", spec, strlen(spec))), file);
    fclose(file);
    const char *copy = mem_string(ctx, out);
    free(out);
    ck_assert_uint_eq(diag_errors(d), 0);
    return copy;
}

static const struct { const char *what, *spec, *expected; } cases[] = {
    { "blanks between words", "dialect   toy    \"A toy\"\n", "dialect toy \"A toy\"\n" },
    { "columns of types", "type a 0..9\ntype longer string 1..9\n",
      "type a       0..9\ntype longer  string 1..9\n" },
    { "bytes of an example stay",
      "command +X \"x\" {\nset AT+X=<a:text 0..9>\n example\n>  AT+X= a  b \n< OK\n}\n",
      "command +X \"x\" {\n    set  AT+X=<a:text 0..9>\n    example\n        >  AT+X= a  b \n        < OK\n}\n" },
    { "comments stay", "# one\n\n\n\ndialect toy # two\n", "# one\n\ndialect toy  # two\n" },
    { "answers are indented", "command +X \"x\" {\nexec AT+X\n-> OK\n/ later +X:<n:0..9>\n}\n",
      "command +X \"x\" {\n    exec  AT+X\n          -> OK\n           / later +X:<n:0..9>\n}\n" },
    { "nothing", "", "" },
};

START_TEST(test_cases)
{
    ck_assert_str_eq(laid_out(cases[_i].spec), cases[_i].expected);
    ck_assert_str_eq(laid_out(cases[_i].expected), cases[_i].expected);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("fmt");
    TCase *all = tcase_create("all");
    tcase_add_checked_fixture(all, setup, teardown);
    tcase_add_loop_test(all, test_cases, 0, sizeof cases / sizeof *cases);
    suite_add_tcase(suite, all);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
