/* Pools: a row is kept once, a block shares what stands there already.
 * SPDX-License-Identifier: MIT */
#include <check.h>
#include <stdlib.h>

#include "mem.h"
#include "pool.h"

static void *ctx;
static pool *p;

static const pool_row abcd[] = {
    { .key = "a" }, { .key = "b", .c = "B" }, { .key = "c", .note = "see" }, { .key = "d" },
};

static void setup(void)
{
    ctx = talloc_new(NULL);
    p = pool_new(ctx);
}

static void teardown(void)
{
    talloc_free(ctx);
    mem_done();
}

START_TEST(test_a_row_is_kept_once)
{
    ck_assert_uint_eq(pool_one(p, abcd[0]), 0);
    ck_assert_uint_eq(pool_one(p, abcd[1]), 1);
    ck_assert_uint_eq(pool_one(p, abcd[0]), 0);
    ck_assert_uint_eq(pool_one(p, (pool_row){ .key = "b", .c = "written otherwise" }), 1);
    ck_assert_uint_eq(p->n, 2);
    ck_assert_str_eq(p->rows[0].c, "a");
    ck_assert_str_eq(p->rows[1].c, "B");
}
END_TEST

START_TEST(test_a_block_shares)
{
    ck_assert_uint_eq(pool_block(p, abcd, 4), 0);
    ck_assert_uint_eq(pool_block(p, abcd, 4), 0);
    ck_assert_uint_eq(pool_block(p, abcd + 1, 2), 1);
    ck_assert_uint_eq(pool_one(p, abcd[3]), 3);
    ck_assert_uint_eq(p->n, 4);
    ck_assert_str_eq(p->rows[2].note, "see");
}
END_TEST

START_TEST(test_a_block_stands_together)
{
    const pool_row ba[] = { abcd[1], abcd[0] };
    pool_block(p, abcd, 2);
    ck_assert_uint_eq(pool_block(p, ba, 2), 2);             /* another order: rows of its own */
    ck_assert_uint_eq(p->n, 4);
}
END_TEST

START_TEST(test_keys_do_not_run_together)
{
    const pool_row one[] = { { .key = "ab" } }, two[] = { { .key = "a" }, { .key = "b" } };
    ck_assert_uint_eq(pool_block(p, one, 1), 0);
    ck_assert_uint_eq(pool_block(p, two, 2), 1);
}
END_TEST

START_TEST(test_nothing_and_what_is_not_shared)
{
    ck_assert_uint_eq(pool_block(p, abcd, 0), 0);
    ck_assert_uint_eq(p->n, 0);
    ck_assert_uint_eq(pool_append(p, abcd[0]), 0);
    ck_assert_uint_eq(pool_append(p, abcd[0]), 1);
    ck_assert_uint_eq(pool_one(p, abcd[0]), 2);
}
END_TEST

START_TEST(test_the_longest_first)
{
    size_t one = pool_later(p, abcd + 1, 1), two = pool_later(p, abcd + 2, 2), none = pool_later(p, abcd, 0);
    size_t all = pool_later(p, abcd, 4);
    ck_assert_uint_eq(pool_later(p, abcd + 2, 2), two);     /* the same block */
    ck_assert_uint_eq(p->n, 0);
    pool_settle(p);
    ck_assert_uint_eq(p->n, 4);
    ck_assert_uint_eq(pool_place(p, all), 0);
    ck_assert_uint_eq(pool_place(p, one), 1);
    ck_assert_uint_eq(pool_place(p, two), 2);
    ck_assert_uint_eq(pool_place(p, none), 0);
    ck_assert_str_eq(p->rows[1].c, "B");
    ck_assert_str_eq(p->rows[2].note, "see");
}
END_TEST

START_TEST(test_many)
{
    for (unsigned i = 0; i < 300; i++)
        ck_assert_uint_eq(pool_one(p, (pool_row){ .key = mem_printf(ctx, "%u", i) }), i);
    ck_assert_uint_eq(pool_one(p, (pool_row){ .key = "150" }), 150);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("pool");
    TCase *all = tcase_create("all");
    tcase_add_checked_fixture(all, setup, teardown);
    tcase_add_test(all, test_a_row_is_kept_once);
    tcase_add_test(all, test_a_block_shares);
    tcase_add_test(all, test_a_block_stands_together);
    tcase_add_test(all, test_keys_do_not_run_together);
    tcase_add_test(all, test_nothing_and_what_is_not_shared);
    tcase_add_test(all, test_the_longest_first);
    tcase_add_test(all, test_many);
    suite_add_tcase(suite, all);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
