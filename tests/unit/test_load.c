/* Finding a spec and what it includes: where is looked, in which order, and what ends in a circle.
 * SPDX-License-Identifier: MIT */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "folder.h"
#include "mem.h"
#include "parser.h"
#include "passes.h"

static void *ctx;
static diag *d;

static void setup(void)
{
    ctx = talloc_new(NULL);
    d = diag_new(ctx);
    folder_make(ctx);
    ck_assert_int_eq(mkdir(folder_path("one"), 0777), 0);
    ck_assert_int_eq(mkdir(folder_path("two"), 0777), 0);
    unsetenv("ATGEN_PATH");
}

static void teardown(void)
{
    folder_remove();
    talloc_free(ctx);
}

/* The paths of what was loaded, without the test's folder, in their order. */
static const char *loaded(const ast_file *file)
{
    const char *all = "";
    size_t skip = strlen(folder_path(""));

    for (; file; file = file->next)
        all = mem_printf(ctx, "%s%s%s", all, *all ? " " : "", file->path + skip);
    return all;
}

static const char *said(void)
{
    char *out = NULL;
    size_t n = 0;
    FILE *file = open_memstream(&out, &n);
    diag_print(d, file, false, false);
    fclose(file);
    const char *copy = mem_string(ctx, out);
    free(out);
    return copy;
}

START_TEST(test_included_files_come_first)
{
    folder_put("base.atspec", "type n  0..9\n");
    folder_put("part.atspec", "include \"base.atspec\"\n");
    const char *top = folder_put("top.atspec", "include \"base.atspec\"\ninclude \"part.atspec\"\n");
    ck_assert_str_eq(loaded(ast_load(ctx, d, top)), "base.atspec part.atspec top.atspec");
}
END_TEST

START_TEST(test_one_file_under_two_names)
{
    folder_put("base.atspec", "type n  0..9\n");
    ck_assert_int_eq(symlink("base.atspec", folder_path("other.atspec")), 0);
    const char *top = folder_put("top.atspec",
                                 "include \"base.atspec\"\ninclude \"other.atspec\"\n"
                                 "include \"one/../base.atspec\"\n");
    ck_assert_str_eq(loaded(ast_load(ctx, d, top)), "base.atspec top.atspec");
}
END_TEST

START_TEST(test_beside_before_the_path)
{
    folder_put("one/part.atspec", "");
    folder_put("two/part.atspec", "");
    folder_put("two/far.atspec", "");
    const char *top = folder_put("one/top.atspec",
                                 "include \"part.atspec\"\ninclude \"far.atspec\"\n");
    setenv("ATGEN_PATH", folder_path("two"), 1);
    ck_assert_str_eq(loaded(ast_load(ctx, d, top)),
                     "one/part.atspec two/far.atspec one/top.atspec");
}
END_TEST

START_TEST(test_the_path_in_its_order)
{
    folder_put("one/part.atspec", "");
    folder_put("two/part.atspec", "");
    folder_put("two/toy.atspec", "include \"part.atspec\"\n");
    const char *top = folder_put("top.atspec", "include \"part.atspec\"\n");
    setenv("ATGEN_PATH", mem_printf(ctx, ":/nowhere:%s:%s", folder_path("one"), folder_path("two")), 1);
    ck_assert_str_eq(loaded(ast_load(ctx, d, top)), "one/part.atspec top.atspec");
    ck_assert_str_eq(loaded(ast_load(ctx, d, "toy")), "two/part.atspec two/toy.atspec");
}
END_TEST

START_TEST(test_the_path_before_the_shipped_specs)
{
    folder_put("one/wizfi360.atspec", "");
    setenv("ATGEN_PATH", folder_path("one"), 1);
    ck_assert_str_eq(loaded(ast_load(ctx, d, "wizfi360")), "one/wizfi360.atspec");
}
END_TEST

START_TEST(test_an_absolute_path)
{
    const char *part = folder_put("part.atspec", "");
    const char *top = folder_put("one/top.atspec", mem_printf(ctx, "include \"%s\"\n", part));
    ck_assert_str_eq(loaded(ast_load(ctx, d, top)), "part.atspec one/top.atspec");
}
END_TEST

START_TEST(test_a_circle)
{
    folder_put("part.atspec", "include \"./one/../top.atspec\"\n");
    const char *top = folder_put("top.atspec", "include \"part.atspec\"\n");
    ck_assert_ptr_null(ast_load(ctx, d, top));
    ck_assert_uint_eq(diag_errors(d), 1);
    ck_assert_ptr_nonnull(strstr(said(), "part.atspec:1:9: error: a file cannot include itself"));
    ck_assert_ptr_nonnull(strstr(said(), "top.atspec:1:9: note: included from here"));
}
END_TEST

START_TEST(test_not_found)
{
    const char *top = folder_put("top.atspec", "include \"none.atspec\"\ninclude \"/none\"\n");
    ck_assert_ptr_null(ast_load(ctx, d, top));
    ck_assert_uint_eq(diag_errors(d), 2);
    ck_assert_ptr_null(ast_load(ctx, d, "no-such-dialect"));
    ck_assert_uint_eq(diag_errors(d), 3);
    ck_assert_ptr_nonnull(strstr(said(), "atgen: error: cannot read 'no-such-dialect': "));
}
END_TEST

START_TEST(test_errors_of_all_files)
{
    folder_put("part.atspec", "nonsense\n");
    const char *top = folder_put("top.atspec", "include \"part.atspec\"\nrubbish\n");
    ck_assert_ptr_null(ast_load(ctx, d, top));
    ck_assert_ptr_nonnull(strstr(said(), "part.atspec:1:1: error"));
    ck_assert_ptr_nonnull(strstr(said(), "top.atspec:2:1: error"));
}
END_TEST

START_TEST(test_one_file_alone)
{
    const char *top = folder_put("top.atspec", "include \"none.atspec\"\n");
    const ast_file *file = ast_read(ctx, d, top);
    ck_assert_ptr_nonnull(file);
    ck_assert_int_eq(file->defs->kind, DEF_INCLUDE);
    ck_assert_ptr_null(ast_read(ctx, d, folder_path("none")));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("load");
    TCase *all = tcase_create("all");
    tcase_add_checked_fixture(all, setup, teardown);
    tcase_add_test(all, test_included_files_come_first);
    tcase_add_test(all, test_one_file_under_two_names);
    tcase_add_test(all, test_beside_before_the_path);
    tcase_add_test(all, test_the_path_in_its_order);
    tcase_add_test(all, test_the_path_before_the_shipped_specs);
    tcase_add_test(all, test_an_absolute_path);
    tcase_add_test(all, test_a_circle);
    tcase_add_test(all, test_not_found);
    tcase_add_test(all, test_errors_of_all_files);
    tcase_add_test(all, test_one_file_alone);
    suite_add_tcase(suite, all);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
