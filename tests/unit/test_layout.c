/* How structs look in C: members, their order and types, and when two places are alike.
 * SPDX-License-Identifier: MIT */
#include <check.h>
#include <stdlib.h>

#include "layout.h"
#include "mem.h"
#include "parser.h"
#include "passes.h"
#include "text.h"

static const char SPEC[] =
    "dialect toy\nresults { ok OK   error ERROR }\n"
    "type ecn   enum 0 OPEN, 1 WEP\n"
    "type mask  flags 0 A, 9 B\n"
    "urc +A  +A:<n:1..65535>,<m:-1..1>,<on:bool 0|1>,<ecn>,<mask>,<x:enum 0 P, 300 Q>\n"
    "urc +B  +B:<s:string 1..9>[,<ip:ip>[,<mac:mac \":\">]],<h:hex 1..4>\n"
    "urc +C  +C:<n:0..9>{1..3: ,<s:string 1..9>,<k:0..9>}\n"
    "urc +D  +D:<long:0..65535>,<other:-1..1>,<text:string 0..9>\n";

static void *ctx;
static const model *m;

static void setup(void)
{
    ctx = talloc_new(NULL);
    diag *d = diag_new(ctx);
    m = resolve(ctx, d, parser_read(ctx, d, source_text(ctx, "toy", SPEC, sizeof SPEC - 1)));
    ck_assert_ptr_nonnull(m);
}

static void teardown(void)
{
    talloc_free(ctx);
}

static const m_struct *of(size_t urc)
{
    return m->urcs[urc]->line->fields;
}

/* `type name; ` of each member. */
static const char *members(const member *list, size_t n)
{
    text *t = text_new(ctx);
    for (size_t i = 0; i < n; i++)
        text_printf(t, "%s %s; ", list[i].type, list[i].name);
    return t->p;
}

START_TEST(test_types)
{
    layout l = layout_of(ctx, "toy", of(0));
    ck_assert_str_eq(members(l.members, l.n),
                     "uint16_t n; int8_t m; bool on; toy_ecn ecn; toy_mask mask; toy_x x; ");
}
END_TEST

START_TEST(test_flags_come_first)
{
    layout l = layout_of(ctx, "toy", of(1));
    ck_assert_str_eq(members(l.members, l.n),
                     "bool has_ip; bool has_mac; at_text s; at_ip ip; at_mac mac; at_bytes h; ");
    ck_assert(l.members[0].is_has && !l.members[2].is_has);
    ck_assert_ptr_eq(l.members[0].field, l.members[3].field);
}
END_TEST

START_TEST(test_a_group_that_repeats)
{
    layout l = layout_of(ctx, "toy", of(2));
    ck_assert_str_eq(members(l.members, l.n), "uint8_t n; toy_c_item item; size_t n_item; ");
    ck_assert_str_eq(members(l.items, l.n_items), "at_text s; uint8_t k; ");
}
END_TEST

START_TEST(test_places)
{
    layout_ref ref = layout_member(ctx, "toy", of(0), "m");
    ck_assert_str_eq(ref.c, "offsetof(toy_a, m)");
    ck_assert_str_eq(ref.key, layout_member(ctx, "toy", of(3), "other").key);       /* alike */
    ck_assert_str_ne(layout_member(ctx, "toy", of(0), "on").key,
                     layout_member(ctx, "toy", of(3), "text").key);
    ck_assert_str_eq(layout_item_member(ctx, "toy", of(2), "k").c, "offsetof(toy_c_item, k)");
    ck_assert_str_eq(layout_size(ctx, "toy", of(2)).c, "sizeof (toy_c)");
    ck_assert_str_eq(layout_item_size(ctx, "toy", of(2)).c, "sizeof (toy_c_item)");
    ck_assert_ptr_null(layout_member(ctx, "toy", of(0), "nothing").c);
    ck_assert_ptr_null(layout_member(ctx, "toy", of(2), "k").c);
}
END_TEST

/* Offsets as where pointers have 64 bits: tables have to have room for them. */
START_TEST(test_most)
{
    ck_assert_uint_eq(layout_member(ctx, "toy", of(0), "x").most, 8);
    ck_assert_uint_eq(layout_member(ctx, "toy", of(1), "has_mac").most, 1);
    ck_assert_uint_eq(layout_member(ctx, "toy", of(1), "s").most, 8);
    ck_assert_uint_eq(layout_member(ctx, "toy", of(1), "mac").most, 28);
    ck_assert_uint_eq(layout_member(ctx, "toy", of(1), "h").most, 40);
    ck_assert_uint_eq(layout_item_member(ctx, "toy", of(2), "k").most, 16);
    ck_assert_uint_eq(layout_item_size(ctx, "toy", of(2)).most, 24);
    ck_assert_uint_eq(layout_member(ctx, "toy", of(2), "n_item").most, 8 + 3 * 24);
    ck_assert_uint_eq(layout_size(ctx, "toy", of(2)).most, 88);
}
END_TEST

START_TEST(test_fields)
{
    ck_assert_str_eq(layout_field(of(1), "mac")->name, "mac");
    ck_assert_ptr_null(layout_field(of(1), "nothing"));
    ck_assert_ptr_null(layout_field(NULL, "mac"));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("layout");
    TCase *all = tcase_create("all");
    tcase_add_checked_fixture(all, setup, teardown);
    tcase_add_test(all, test_types);
    tcase_add_test(all, test_flags_come_first);
    tcase_add_test(all, test_a_group_that_repeats);
    tcase_add_test(all, test_places);
    tcase_add_test(all, test_most);
    tcase_add_test(all, test_fields);
    suite_add_tcase(suite, all);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
