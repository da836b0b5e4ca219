/* Places: which line and column a byte stands in, whatever stands before it.
 * SPDX-License-Identifier: MIT */
#include <check.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "mem.h"
#include "source.h"

static void *ctx;

static void setup(void)
{
    ctx = talloc_new(NULL);
}

static void teardown(void)
{
    talloc_free(ctx);
}

static const source *text(const char *s)
{
    return source_text(ctx, "x.atspec", s, strlen(s));
}

static place at(const source *s, size_t begin)
{
    return (place){ s, begin, begin + 1 };
}

static const struct { const char *text; size_t offset; unsigned line, column; } places[] = {
    { "", 0, 1, 1 },
    { "abc", 2, 1, 3 },
    { "a\nbc\n", 2, 2, 1 },
    { "a\nbc\n", 4, 2, 3 },             /* the line feed belongs to its line */
    { "a\nbc\n", 5, 3, 1 },             /* behind the last one */
    { "\n\n\nx", 3, 4, 1 },
    { "\tx", 1, 1, 9 },
    { "ab\tx", 3, 1, 9 },
    { "\xc3\xa4x", 2, 1, 2 },           /* one character, two bytes */
    { "\xe4\xb8\xadx", 3, 1, 3 },       /* one character, two columns */
    { "\xff\xffx", 2, 1, 3 },           /* no UTF-8: a column each */
};

START_TEST(test_places)
{
    const source *s = text(places[_i].text);
    ck_assert_uint_eq(place_line(at(s, places[_i].offset)), places[_i].line);
    ck_assert_uint_eq(place_column(at(s, places[_i].offset)), places[_i].column);
}
END_TEST

START_TEST(test_no_place)
{
    const place none = { NULL, 0, 0 };
    ck_assert_uint_eq(place_line(none), 0);
    ck_assert_uint_eq(place_column(none), 0);
}
END_TEST

START_TEST(test_joined_places)
{
    const source *s = text("abcdef"), *other = text("x");
    const place none = { NULL, 0, 0 }, a = { s, 1, 2 }, b = { s, 4, 5 }, x = { other, 0, 1 };
    ck_assert_uint_eq(place_join(a, b).begin, 1);
    ck_assert_uint_eq(place_join(a, b).end, 5);
    ck_assert_uint_eq(place_join(b, a).end, 5);             /* never backwards */
    ck_assert_uint_eq(place_join(none, b).begin, 4);
    ck_assert_uint_eq(place_join(a, none).end, 2);
    ck_assert_uint_eq(place_join(a, x).end, 2);             /* nor over two files */
}
END_TEST

START_TEST(test_lines_without_their_ends)
{
    const source *s = text("one\r\ntwo\n\nlast");
    size_t len;
    ck_assert(memcmp(source_line(s, 1, &len), "one", 3) == 0 && len == 3);
    ck_assert(memcmp(source_line(s, 5, &len), "two", 3) == 0 && len == 3);
    source_line(s, 9, &len);
    ck_assert_uint_eq(len, 0);
    ck_assert(memcmp(source_line(s, 13, &len), "last", 4) == 0 && len == 4);
}
END_TEST

START_TEST(test_text_with_a_nul)
{
    const source *s = source_text(ctx, "x", "a\0b\nc", 5);
    ck_assert_uint_eq(s->len, 5);
    ck_assert_uint_eq(s->n_lines, 2);
    ck_assert_uint_eq(place_column(at(s, 2)), 3);
}
END_TEST

START_TEST(test_reading)
{
    ck_assert_ptr_null(source_read(ctx, "/nowhere/at/all"));
    ck_assert_int_eq(errno, ENOENT);
    ck_assert_ptr_null(source_read(ctx, "/"));
    ck_assert_int_eq(errno, EISDIR);
    ck_assert_uint_eq(source_read(ctx, "/dev/null")->len, 0);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("source");
    TCase *all = tcase_create("all");
    tcase_add_checked_fixture(all, setup, teardown);
    tcase_add_loop_test(all, test_places, 0, sizeof places / sizeof *places);
    tcase_add_test(all, test_no_place);
    tcase_add_test(all, test_joined_places);
    tcase_add_test(all, test_lines_without_their_ends);
    tcase_add_test(all, test_text_with_a_nul);
    tcase_add_test(all, test_reading);
    suite_add_tcase(suite, all);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
