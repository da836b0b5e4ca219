/* What a bad line does to bytes, with a clock that is set by hand.
 * SPDX-License-Identifier: MIT */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "cable.h"

static uint8_t text[CABLE_SIZE];
static cable c, other;

static void fill(cable *to, const cable_faults *faults, uint32_t number, size_t n)
{
    for (size_t i = 0; i < n; i++)
        text[i] = (uint8_t)(i % 251);
    cable_init(to, faults, number);
    cable_put(to, text, n);
}

START_TEST(a_perfect_line)
{
    static const cable_faults none = {0};
    fill(&c, &none, 0, 300);
    ck_assert_uint_eq(cable_room(&c), CABLE_SIZE - 300);
    ck_assert_uint_eq(cable_arrived(&c, 5), 300);
    ck_assert_mem_eq(c.bytes, text, 300);
    cable_take(&c, 100);
    ck_assert_uint_eq(cable_arrived(&c, 5), 200);
    ck_assert_mem_eq(c.bytes, text + 100, 200);
    cable_take(&c, 200);
    ck_assert_int_eq(cable_due(&c, 5), -1);
}
END_TEST

START_TEST(a_slow_line)
{
    static const cable_faults slow = {.baud = 9600};
    fill(&c, &slow, 0, 96);
    ck_assert_uint_eq(cable_arrived(&c, 7000000), 0);
    ck_assert_int_eq(cable_due(&c, 7000000), 2);
    ck_assert_uint_eq(cable_arrived(&c, 7000000 + 50000), 48);
    ck_assert_uint_eq(cable_arrived(&c, 7000000 + 100000), 96);
    cable_take(&c, 96);
    ck_assert_int_eq(cable_due(&c, 7100000), -1);
}
END_TEST

START_TEST(in_pieces)
{
    static const cable_faults pieces = {.chunk = 7, .seed = 3};
    uint64_t now = 0;
    size_t seen = 0, lengths[8] = {0};
    fill(&c, &pieces, 0, 1000);
    ck_assert_uint_eq(cable_arrived(&c, now), 0);
    while (seen < 1000) {
        now += (uint64_t)cable_due(&c, now) * 1000;
        size_t n = cable_arrived(&c, now);
        ck_assert_uint_ge(n, 1);
        ck_assert_uint_le(n, 7);
        ck_assert_mem_eq(c.bytes, text + seen, n);
        cable_take(&c, n);
        lengths[n]++;
        seen += n;
    }
    for (size_t n = 1; n <= 7; n++)
        ck_assert_uint_gt(lengths[n], 0);
}
END_TEST

START_TEST(with_losses)
{
    static const cable_faults bad = {.loss = 100000, .seed = 1},
                              worse = {.loss = 100000, .seed = 2};
    static const cable_faults all = {.loss = 1000000};
    fill(&c, &bad, 0, 4000);
    size_t n = cable_arrived(&c, 0);
    ck_assert_uint_gt(n, 3500);
    ck_assert_uint_lt(n, 3700);
    fill(&other, &bad, 0, 4000);
    ck_assert_uint_eq(cable_arrived(&other, 0), n);
    ck_assert_mem_eq(c.bytes, other.bytes, n);
    fill(&other, &bad, 1, 4000);
    ck_assert_mem_ne(c.bytes, other.bytes, 3500);
    fill(&other, &worse, 0, 4000);
    ck_assert_mem_ne(c.bytes, other.bytes, 3500);
    fill(&c, &all, 0, 4000);
    ck_assert_uint_eq(cable_arrived(&c, 0), 0);
}
END_TEST

/* What is lost does not depend on when bytes are put. */
START_TEST(whenever_they_come)
{
    static const cable_faults bad = {.loss = 50000, .chunk = 3, .seed = 9};
    fill(&c, &bad, 0, 1000);
    ck_assert_uint_eq(cable_arrived(&c, 0), 0);
    size_t n = cable_arrived(&c, 10000000);
    cable_init(&other, &bad, 0);
    for (size_t i = 0; i < 1000; i++) {
        cable_put(&other, text + i, 1);
        cable_arrived(&other, i);
    }
    ck_assert_uint_eq(cable_arrived(&other, 10000000), n);
    ck_assert_mem_eq(c.bytes, other.bytes, n);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("cable");
    TCase *t = tcase_create("cable");
    tcase_add_test(t, a_perfect_line);
    tcase_add_test(t, a_slow_line);
    tcase_add_test(t, in_pieces);
    tcase_add_test(t, with_losses);
    tcase_add_test(t, whenever_they_come);
    suite_add_tcase(suite, t);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
