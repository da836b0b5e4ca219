/* Automata over bytes and the search on two of them.
 * SPDX-License-Identifier: MIT */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <talloc.h>

#include "nfa.h"
#include "product.h"

static nfa *number(void *ctx, uint64_t lo, uint64_t hi, unsigned radix)
{
    nfa *n = nfa_new(ctx);
    nfa_number(n, NFA_START, NFA_ACCEPT, lo, hi, radix, false);
    nfa_freeze(n);
    return n;
}

static nfa *text(void *ctx, const char *bytes)
{
    nfa *n = nfa_new(ctx);
    nfa_free_link(n, nfa_text(n, NFA_START, bytes, strlen(bytes)), NFA_ACCEPT);
    nfa_freeze(n);
    return n;
}

/* lo..hi bytes of `set`. */
static nfa *bytes(void *ctx, nfa_set set, unsigned lo, unsigned hi)
{
    nfa *n = nfa_new(ctx);
    unsigned at = NFA_START;
    for (unsigned i = 0; i < hi; i++) {
        if (i >= lo) nfa_free_link(n, at, NFA_ACCEPT);
        at = nfa_then(n, at, set);
    }
    nfa_free_link(n, at, NFA_ACCEPT);
    nfa_freeze(n);
    return n;
}

static const struct {
    uint64_t lo, hi;
} ranges[] = {
    {0, 0},     {0, 9},     {3, 7},   {10, 10},  {9, 10},      {1, 99},     {5, 123},     {99, 101},
    {100, 999}, {198, 202}, {0, 255}, {1, 1460}, {1234, 1239}, {990, 1010}, {1999, 2000},
};

START_TEST(numbers_are_exactly_the_range)
{
    void *ctx = talloc_new(NULL);
    nfa *n = number(ctx, ranges[_i].lo, ranges[_i].hi, 10);
    for (uint64_t v = 0; v < 2100; v++) {
        char digits[24];
        int len = snprintf(digits, sizeof digits, "%llu", (unsigned long long)v);
        bool in = v >= ranges[_i].lo && v <= ranges[_i].hi;
        ck_assert_msg(nfa_accepts(n, digits, (size_t)len) == in, "%s in %llu..%llu", digits,
                      (unsigned long long)ranges[_i].lo, (unsigned long long)ranges[_i].hi);
    }
    ck_assert(!nfa_accepts(n, "", 0));
    ck_assert(!nfa_accepts(n, "1x", 2));
    talloc_free(ctx);
}
END_TEST

START_TEST(hexadecimal_numbers_in_both_cases)
{
    void *ctx = talloc_new(NULL);
    nfa *n = number(ctx, 0x0a, 0x1f2, 16);
    for (unsigned v = 0; v < 0x300; v++) {
        char lower[16], upper[16];
        int len = snprintf(lower, sizeof lower, "%x", v);
        snprintf(upper, sizeof upper, "%X", v);
        ck_assert_int_eq(nfa_accepts(n, lower, (size_t)len), v >= 0x0a && v <= 0x1f2);
        ck_assert_int_eq(nfa_accepts(n, upper, (size_t)len), v >= 0x0a && v <= 0x1f2);
    }
    talloc_free(ctx);
}
END_TEST

START_TEST(large_numbers)
{
    void *ctx = talloc_new(NULL);
    nfa *n = number(ctx, 0, UINT64_C(4294967295), 10);
    ck_assert(nfa_accepts(n, "4294967295", 10));
    ck_assert(!nfa_accepts(n, "4294967296", 10));
    ck_assert(!nfa_accepts(n, "10000000000", 11));
    ck_assert_uint_lt(n->n_states, 200);
    talloc_free(ctx);
}
END_TEST

START_TEST(leading_zeros_where_allowed)
{
    void *ctx = talloc_new(NULL);
    nfa *n = nfa_new(ctx);
    nfa_number(n, NFA_START, NFA_ACCEPT, 5, 12, 10, true);
    nfa_freeze(n);
    ck_assert(nfa_accepts(n, "007", 3));
    ck_assert(nfa_accepts(n, "0012", 4));
    ck_assert(!nfa_accepts(n, "0", 1));
    ck_assert(!nfa_accepts(n, "0013", 4));
    talloc_free(ctx);
}
END_TEST

START_TEST(shortest_common_word)
{
    void *ctx = talloc_new(NULL);
    char *word;
    size_t n;
    nfa *a = number(ctx, 100, 2000, 10), *b = number(ctx, 999, 5000, 10);
    nfa *letters = bytes(ctx, nfa_range('a', 'z'), 3, 9);
    product_result r = product_common(ctx, a, b, NULL, NULL, NULL, &word, &n);
    ck_assert_int_eq(r, PRODUCT_FOUND);
    ck_assert_str_eq(word, "999");
    r = product_common(ctx, number(ctx, 0, 9, 10), number(ctx, 10, 99, 10), NULL, NULL, NULL, &word,
                       &n);
    ck_assert_int_eq(r, PRODUCT_APART);
    r = product_common(ctx, letters, text(ctx, "hello"), NULL, NULL, NULL, &word, &n);
    ck_assert_int_eq(r, PRODUCT_FOUND);
    ck_assert_str_eq(word, "hello");
    talloc_free(ctx);
}
END_TEST

static bool is_three(void *arg, const char *word, size_t n)
{
    (void)arg;
    return n == 1 && *word == '3';
}

static bool is_never(void *arg, const char *word, size_t n)
{
    (void)word;
    (void)n;
    ++*(unsigned *)arg;
    return false;
}

START_TEST(words_are_put_to_the_test)
{
    void *ctx = talloc_new(NULL);
    char *word;
    size_t n;
    unsigned tries = 0;
    nfa *a = number(ctx, 0, 9, 10), *b = number(ctx, 0, 99, 10);
    ck_assert_int_eq(product_common(ctx, a, b, is_three, NULL, NULL, &word, &n), PRODUCT_FOUND);
    ck_assert_str_eq(word, "3");
    ck_assert_int_eq(product_common(ctx, a, b, is_never, &tries, NULL, &word, &n),
                     PRODUCT_UNDECIDED);
    ck_assert_str_eq(word, "0");
    ck_assert_uint_gt(tries, 1);
    talloc_free(ctx);
}
END_TEST

START_TEST(a_search_gives_up_at_its_limit)
{
    void *ctx = talloc_new(NULL);
    char *word;
    size_t n;
    nfa *a = nfa_new(ctx), *b = nfa_new(ctx);
    unsigned at = NFA_START, to = NFA_START;
    for (int i = 0; i < 1500; i++) { /* two loops whose lengths have no common divisor */
        at = nfa_then(a, at, nfa_byte('x'));
        to = nfa_then(b, to, nfa_byte('x'));
    }
    nfa_link(a, at, NFA_START, nfa_byte('x'));
    nfa_link(b, nfa_then(b, to, nfa_byte('x')), NFA_START, nfa_byte('x'));
    nfa_link(a, at, NFA_ACCEPT, nfa_byte('y'));
    nfa_link(b, to, NFA_ACCEPT, nfa_byte('z'));
    nfa_freeze(a);
    nfa_freeze(b);
    ck_assert_int_eq(product_common(ctx, a, b, NULL, NULL, NULL, &word, &n), PRODUCT_TOO_LARGE);
    size_t left = 500;
    ck_assert_int_eq(product_common(ctx, a, b, NULL, NULL, &left, &word, &n), PRODUCT_TOO_LARGE);
    ck_assert_uint_eq(left, 0);
    talloc_free(ctx);
}
END_TEST

START_TEST(covering)
{
    void *ctx = talloc_new(NULL);
    nfa *digits = bytes(ctx, nfa_range('0', '9'), 1, 3),
        *any = bytes(ctx, nfa_range(' ', 'z'), 0, 3);
    ck_assert(product_covers(digits, number(ctx, 0, 999, 10)));
    ck_assert(!product_covers(digits, number(ctx, 0, 1000, 10)));
    ck_assert(!product_covers(number(ctx, 0, 999, 10), digits)); /* 00 */
    ck_assert(product_covers(any, digits));
    ck_assert(!product_covers(text(ctx, "0"), number(ctx, 0, 1, 10)));
    ck_assert(product_covers(text(ctx, "1"), number(ctx, 1, 1, 10)));
    talloc_free(ctx);
}
END_TEST

int main(void)
{
    TCase *all = tcase_create("nfa");
    Suite *suite = suite_create("nfa");
    SRunner *runner = srunner_create(suite);
    suite_add_tcase(suite, all);
    tcase_add_loop_test(all, numbers_are_exactly_the_range, 0,
                        (int)(sizeof ranges / sizeof *ranges));
    tcase_add_test(all, hexadecimal_numbers_in_both_cases);
    tcase_add_test(all, large_numbers);
    tcase_add_test(all, leading_zeros_where_allowed);
    tcase_add_test(all, shortest_common_word);
    tcase_add_test(all, words_are_put_to_the_test);
    tcase_add_test(all, a_search_gives_up_at_its_limit);
    tcase_add_test(all, covering);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
