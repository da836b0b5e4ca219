/* The files of one run: what is written, what is left alone, what cannot be; and the depfile.
 * SPDX-License-Identifier: MIT */
#include <check.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "depfile.h"
#include "folder.h"
#include "mem.h"
#include "out.h"

static void *ctx;
static outputs *o;
static const char *folder, *fault;

static void setup(void)
{
    ctx = talloc_new(NULL);
    o = out_new(ctx);
    folder = folder_make(ctx);
    fault = NULL;
}

static void teardown(void)
{
    folder_remove();
    talloc_free(ctx);
}

START_TEST(test_written)
{
    text_add(out_add(o, "a.h"), "one");
    text_bytes(out_add(o, "b.c"), "\0two", 4);
    text_add(out_add(o, "c.re"), "for a tool only");
    out_find(o, "c.re")->is_wanted = false;
    ck_assert(out_write(o, folder, &fault));
    ck_assert_str_eq(folder_get("a.h"), "one");
    ck_assert_mem_eq(folder_get("b.c"), "\0two", 5);
    ck_assert_ptr_null(folder_get("c.re"));
    ck_assert_ptr_null(out_find(o, "d"));
}
END_TEST

START_TEST(test_folders_are_made)
{
    text_add(out_add(o, "a.h"), "one");
    ck_assert(out_write(o, folder_path("x/y/z"), &fault));
    ck_assert_str_eq(folder_get("x/y/z/a.h"), "one");
}
END_TEST

static const struct { const char *before; bool written; } befores[] = {
    { "one", false }, { "on", true }, { "onee", true }, { "two", true }, { "", true },
};

/* A file that would be the same is not touched: nothing is compiled again. */
START_TEST(test_only_what_has_changed)
{
    static const struct timespec past[2] = { { 1000, 0 }, { 1000, 0 } };
    struct stat after;
    const char *path = folder_put("a.h", befores[_i].before);
    ck_assert_int_eq(utimensat(AT_FDCWD, path, past, 0), 0);
    text_add(out_add(o, "a.h"), "one");
    ck_assert(out_write(o, folder, &fault));
    ck_assert_int_eq(stat(path, &after), 0);
    ck_assert_int_eq(after.st_mtime != 1000, befores[_i].written);
    ck_assert_str_eq(folder_get("a.h"), "one");
}
END_TEST

START_TEST(test_no_place_to_write)
{
    text_add(out_add(o, "a.h"), "one");
    folder_put("file", "");
    ck_assert(!out_write(o, folder_path("file/x"), &fault));
    ck_assert_ptr_nonnull(strstr(fault, "file/x: "));
    ck_assert_int_eq(mkdir(folder_path("a.h"), 0777), 0);
    ck_assert(!out_write(o, folder, &fault));
    ck_assert_str_eq(fault, mem_printf(ctx, "%s/a.h: Is a directory", folder));
}
END_TEST

START_TEST(test_depfile)
{
    const char *files[] = { "my spec.atspec", "a#b.atspec", "c$d.atspec", "e\\f.atspec" };
    const model m = { .name = "toy", .files = files, .n_files = 4 };
    out_add(o, "toy.h");
    out_add(o, "toy.c");
    depfile_add(o, &m, "out dir", "toy");
    ck_assert_str_eq(out_find(o, "toy.d")->text->p,
                     "out\\ dir/toy.h \\\n  out\\ dir/toy.c: \\\n"
                     "  my\\ spec.atspec \\\n  a\\#b.atspec \\\n  c$$d.atspec \\\n  e\\\\f.atspec\n"
                     "a\\#b.atspec:\nc$$d.atspec:\ne\\\\f.atspec:\n");
}
END_TEST

/* make itself reads the file as it was meant. */
START_TEST(test_depfile_in_make)
{
    if (system("command -v make >/dev/null") != 0)
        return;
    const char *files[] = { folder_put("my $pec #1.atspec", ""), folder_put("part.atspec", "") };
    const model m = { .name = "toy", .files = files, .n_files = 2 };
    out_add(o, "toy.h");
    depfile_add(o, &m, folder, "toy");
    folder_put("Makefile", mem_printf(ctx, "include toy.d\n%s/toy.h:\n\t@touch $@\n", folder));
    const char *ask = mem_printf(ctx, "make -q -C %s %s/toy.h >/dev/null 2>&1", folder, folder);
    ck_assert(out_write(o, folder, &fault));
    ck_assert_int_eq(system(mem_printf(ctx, "make -s -C %s %s/toy.h", folder, folder)), 0);
    ck_assert_int_eq(system(ask), 0);
    ck_assert_int_eq(system(mem_printf(ctx, "touch -d '+1 hour' '%s'", files[0])), 0);
    ck_assert_int_ne(system(ask), 0);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("out");
    TCase *all = tcase_create("all");
    tcase_add_checked_fixture(all, setup, teardown);
    tcase_add_test(all, test_written);
    tcase_add_test(all, test_folders_are_made);
    tcase_add_loop_test(all, test_only_what_has_changed, 0, sizeof befores / sizeof *befores);
    tcase_add_test(all, test_no_place_to_write);
    tcase_add_test(all, test_depfile);
    tcase_add_test(all, test_depfile_in_make);
    suite_add_tcase(suite, all);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
