/* All texts in one array, and the growing text they are printed to.
 * SPDX-License-Identifier: MIT */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "mem.h"
#include "strings.h"
#include "text.h"

static void *ctx;
static strings *s;
static text *t;

static void setup(void)
{
    ctx = talloc_new(NULL);
    s = strings_new(ctx);
    t = text_new(ctx);
}

static void teardown(void)
{
    talloc_free(ctx);
    mem_done();
}

START_TEST(test_a_string_is_kept_once)
{
    ck_assert_uint_eq(strings_one(s, ""), 0);
    ck_assert_uint_eq(strings_one(s, "OK"), 1);
    ck_assert_uint_eq(strings_one(s, "ERROR"), 4);
    ck_assert_uint_eq(strings_one(s, "OK"), 1);
    ck_assert_uint_eq(strings_size(s), 10);
}
END_TEST

START_TEST(test_a_run_stands_together)
{
    static const char *const on_off[] = { "ON", "OFF" }, *const off_on[] = { "OFF", "ON" };
    ck_assert_uint_eq(strings_run(s, on_off, 2), 1);
    ck_assert_uint_eq(strings_one(s, "OFF"), 4);            /* shared with the run */
    ck_assert_uint_eq(strings_run(s, on_off, 2), 1);
    ck_assert_uint_eq(strings_run(s, off_on, 2), 8);        /* another order is another run */
}
END_TEST

START_TEST(test_what_a_string_ends_with)
{
    ck_assert_uint_eq(strings_one(s, "SEND OK"), 1);
    ck_assert_uint_eq(strings_one(s, "OK"), 6);
    ck_assert_uint_eq(strings_one(s, "D"), 9);              /* not within it */
    ck_assert_uint_eq(strings_size(s), 11);
}
END_TEST

START_TEST(test_what_is_printed)
{
    strings_one(s, "'\\\r\n\x7f");
    strings_print(s, t);
    ck_assert_str_eq(t->p, "    /*    0 */ 0,\n"
                           "    /*    1 */ '\\'','\\\\','\\r','\\n','\\x7f',0,\n");
}
END_TEST

START_TEST(test_text_grows)
{
    for (int i = 0; i < 1000; i++)
        text_printf(t, "%d,", i % 10);
    ck_assert_uint_eq(t->n, 2000);
    ck_assert_uint_eq(strlen(t->p), 2000);
    ck_assert_str_eq(t->p + 1996, "8,9,");
}
END_TEST

START_TEST(test_text_takes_anything)
{
    char large[600];
    memset(large, 'x', sizeof large - 1);
    large[sizeof large - 1] = '\0';
    text_printf(t, "<%s>", large);                          /* more than is on the stack */
    ck_assert_uint_eq(t->n, 601);
    text_bytes(t, "a\0b", 3);
    text_bytes(t, "", 0);
    ck_assert_uint_eq(t->n, 604);
    ck_assert_mem_eq(t->p + 600, ">a\0b", 5);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("strings");
    TCase *all = tcase_create("all");
    tcase_add_checked_fixture(all, setup, teardown);
    tcase_add_test(all, test_a_string_is_kept_once);
    tcase_add_test(all, test_a_run_stands_together);
    tcase_add_test(all, test_what_a_string_ends_with);
    tcase_add_test(all, test_what_is_printed);
    tcase_add_test(all, test_text_grows);
    tcase_add_test(all, test_text_takes_anything);
    suite_add_tcase(suite, all);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
