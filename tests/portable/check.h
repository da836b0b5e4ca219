/* As much of libcheck as the runtime's tests use, for machines that have none: all cases in one process, one after the
 * other. A case that fails is left by longjmp. Prints TAP.
 * SPDX-License-Identifier: MIT */
#ifndef CHECK_H
#define CHECK_H

#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

enum { CK_ENV, CK_NORMAL, CHECK_CASES = 200 };
typedef struct check_case {
    void (*run)(int _i);
    const char *name;
    int from, to;
} check_case;
typedef struct Suite {
    const char *name;
    check_case cases[CHECK_CASES];
    int n, ran, failed;
} Suite;
typedef Suite TCase, SRunner;

extern jmp_buf check_out;

#define START_TEST(name) \
    static void name##_case(int _i); \
    static const check_case name = { name##_case, #name, 0, 1 }; \
    static void name##_case(int _i) \
    { \
        (void)_i;
#define END_TEST }

#define ck_abort_msg(...) (printf("# %s:%d: ", __FILE__, __LINE__), printf(__VA_ARGS__), puts(""), longjmp(check_out, 1))
#define ck_assert_msg(x, ...) ((x) ? (void)0 : (void)ck_abort_msg(__VA_ARGS__))
#define ck_assert(x) ck_assert_msg(x, "%s", #x)
#define CHECK_INTS(a, op, b) do { \
        const intmax_t a_ = (intmax_t)(a), b_ = (intmax_t)(b); \
        ck_assert_msg(a_ op b_, "%s " #op " %s: %jd, %jd", #a, #b, a_, b_); \
    } while (0)
#define ck_assert_int_eq(a, b) CHECK_INTS(a, ==, b)
#define ck_assert_int_ne(a, b) CHECK_INTS(a, !=, b)
#define ck_assert_uint_eq(a, b) CHECK_INTS(a, ==, b)
#define ck_assert_uint_ge(a, b) CHECK_INTS(a, >=, b)
#define ck_assert_uint_gt(a, b) CHECK_INTS(a, >, b)
#define ck_assert_uint_le(a, b) CHECK_INTS(a, <=, b)
#define ck_assert_uint_lt(a, b) CHECK_INTS(a, <, b)
#define ck_assert_ptr_eq(a, b) ck_assert((const void *)(a) == (const void *)(b))
#define ck_assert_ptr_nonnull(a) ck_assert((a) != NULL)
#define ck_assert_ptr_null(a) ck_assert((a) == NULL)
#define CHECK_STRINGS(a, op, b) do { \
        const char *a_ = (a), *b_ = (b); \
        ck_assert_msg(strcmp(a_, b_) op 0, "%s " #op " %s: \"%s\", \"%s\"", #a, #b, a_, b_); \
    } while (0)
#define ck_assert_str_eq(a, b) CHECK_STRINGS(a, ==, b)
#define ck_assert_str_ne(a, b) CHECK_STRINGS(a, !=, b)
#define ck_assert_mem_eq(a, b, n) ck_assert(memcmp(a, b, n) == 0)

Suite *suite_create(const char *name);
TCase *tcase_create(const char *name);
void check_add(TCase *, check_case, int from, int to);
#define tcase_add_test(c, x) check_add(c, x, 0, 1)
#define tcase_add_loop_test(c, x, from, to) check_add(c, x, from, to)
#define tcase_set_timeout(c, seconds) ((void)(c), (void)(seconds))
#define suite_add_tcase(s, c) ((void)(s), (void)(c))
#define srunner_create(s) (s)
#define srunner_free(r) ((void)(r))
#define srunner_ntests_failed(r) ((r)->failed)
void srunner_run_all(SRunner *, int how);

#endif
