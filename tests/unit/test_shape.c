/* Shapes: automata over kinds of cells, held against a slow and obvious reading of the same
 * patterns; and the kinds of cells that slots take.
 * SPDX-License-Identifier: MIT */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "kinds.h"
#include "mem.h"
#include "shape.h"

static void *ctx;
static shapes *s;

static void setup(void)
{
    ctx = talloc_new(NULL);
    s = shapes_new(ctx);
}

static void teardown(void)
{
    talloc_free(ctx);
}

/* A reading written as letters: n s w e b a kind, `.` any kind; behind it `+` for many, `?` for
 * may be cut, `-` may be hidden. */
static shape_reading reading(const char *p)
{
    static const char letters[] = "nsweb";
    shape_cell *cells = mem_array(ctx, shape_cell, strlen(p) + 1);
    shape_reading r = { .cells = cells };

    for (; *p; p++) {
        if (*p == '+')
            cells[r.n - 1].many = true;
        else if (*p == '?')
            cells[r.n - 1].may_be_cut = true;
        else if (*p == '-')
            cells[r.n - 1].may_be_hidden = true;
        else
            cells[r.n++].kinds =
                (uint8_t)(*p == '.' ? KIND_ANY : 1u << (strchr(letters, *p) - letters));
    }
    return r;
}

static size_t add(const char *const *patterns)
{
    shape_reading r[8];
    size_t n = 0;

    while (patterns[n]) {
        r[n] = reading(patterns[n]);
        r[n].number = n;
        n++;
    }
    return shapes_add(s, r, n);
}

/* The readings that fit `line` (letters), as digits; "" none. */
static const char *fits(size_t handle, const char *line)
{
    static char digits[16];
    int state = s->starts[shapes_number(s, handle)];
    size_t n = 0;

    for (; *line && state >= 0; line++)
        state = s->states[state].next[strchr("nsweb", *line) - "nsweb"];
    if (state >= 0 && s->states[state].label >= 0) {
        const uint8_t *set = s->accepts + s->states[state].label;
        for (; n < set[0]; n++)
            digits[n] = (char)('0' + set[n + 1]);
    }
    digits[n] = '\0';
    return digits;
}

#define ADD(...) add((const char *const[]){ __VA_ARGS__, NULL })

START_TEST(test_optional_parameters)
{
    size_t h = ADD("nsw", "ns", "n");
    ck_assert(shapes_finish(s));
    ck_assert_str_eq(fits(h, "nsw"), "0");
    ck_assert_str_eq(fits(h, "ns"), "1");
    ck_assert_str_eq(fits(h, "n"), "2");
    ck_assert_str_eq(fits(h, ""), "");
    ck_assert_str_eq(fits(h, "nn"), "");
    ck_assert_str_eq(fits(h, "nsww"), "");
}
END_TEST

START_TEST(test_readings_that_kinds_do_not_tell_apart)
{
    size_t h = ADD("nn", "n.", ".n");
    ck_assert(shapes_finish(s));
    ck_assert_str_eq(fits(h, "nn"), "012");
    ck_assert_str_eq(fits(h, "ns"), "1");
    ck_assert_str_eq(fits(h, "sn"), "2");
    ck_assert_str_eq(fits(h, "ss"), "");
}
END_TEST

START_TEST(test_nothing_at_all)
{
    size_t h = ADD("");
    ck_assert(shapes_finish(s));
    ck_assert_str_eq(fits(h, ""), "0");
    ck_assert_str_eq(fits(h, "e"), "");
}
END_TEST

START_TEST(test_empty_positions_may_be_cut)
{
    size_t h = ADD(".?.?n?");
    ck_assert(shapes_finish(s));
    ck_assert_str_eq(fits(h, ""), "0");
    ck_assert_str_eq(fits(h, "e"), "0");
    ck_assert_str_eq(fits(h, "ee"), "0");
    ck_assert_str_eq(fits(h, "een"), "0");
    ck_assert_str_eq(fits(h, "ees"), "");
}
END_TEST

START_TEST(test_cells_may_be_hidden_wherever_they_stand)
{
    size_t h = ADD("n-sw-", "n-s-"), all = ADD("n-s-w-");

    ck_assert(shapes_finish(s));
    ck_assert_str_eq(fits(h, "nsw"), "0");
    ck_assert_str_eq(fits(h, "ns"), "01");
    ck_assert_str_eq(fits(h, "s"), "01");
    ck_assert_str_eq(fits(h, "sw"), "0");
    ck_assert_str_eq(fits(h, "n"), "1");
    ck_assert_str_eq(fits(h, ""), "1");
    ck_assert_str_eq(fits(h, "nw"), "");
    ck_assert_str_eq(fits(all, "nw"), "0");
    ck_assert_str_eq(fits(all, "w"), "0");
    ck_assert_str_eq(fits(all, "wn"), "");
}
END_TEST

START_TEST(test_text_takes_what_others_leave)
{
    size_t h = ADD("n.+n");
    ck_assert(shapes_finish(s));
    ck_assert_str_eq(fits(h, "nbn"), "0");
    ck_assert_str_eq(fits(h, "nwswn"), "0");
    ck_assert_str_eq(fits(h, "nnnn"), "0");
    ck_assert_str_eq(fits(h, "nn"), "");
    ck_assert_str_eq(fits(h, "nws"), "");
}
END_TEST

static size_t add_loop(const char *pattern, size_t first, size_t n, unsigned min)
{
    shape_reading r = reading(pattern);
    r.loop_first = first;
    r.loop_n = n;
    r.loop_min = min;
    return shapes_add(s, &r, 1);
}

START_TEST(test_repeated_groups)
{
    size_t none = add_loop("wsn", 1, 2, 0), one = add_loop("wsn", 1, 2, 1),
           two = add_loop("sn", 0, 2, 2);
    ck_assert(shapes_finish(s));
    ck_assert_str_eq(fits(none, "w"), "0");
    ck_assert_str_eq(fits(none, "wsnsn"), "0");
    ck_assert_str_eq(fits(none, "wsns"), "");
    ck_assert_str_eq(fits(one, "w"), "");
    ck_assert_str_eq(fits(one, "wsn"), "0");
    ck_assert_str_eq(fits(one, "wsnsnsn"), "0");
    ck_assert_str_eq(fits(two, "sn"), "");
    ck_assert_str_eq(fits(two, "snsn"), "0");
    ck_assert_str_eq(fits(two, "snsnsn"), "0");
}
END_TEST

START_TEST(test_equal_shapes_are_one)
{
    size_t a = ADD("ns", "n"), b = ADD("ns", "n"), c = ADD("n", "ns"), d = ADD("nn");
    size_t e = add_loop("n", 0, 1, 1), f = ADD("n+");
    ck_assert(shapes_finish(s));
    ck_assert_uint_eq(shapes_number(s, a), shapes_number(s, b));
    /* the readings are numbered otherwise */
    ck_assert_uint_ne(shapes_number(s, a), shapes_number(s, c));
    ck_assert_uint_ne(shapes_number(s, a), shapes_number(s, d));
    /* other words for the same language */
    ck_assert_uint_eq(shapes_number(s, e), shapes_number(s, f));
}
END_TEST

START_TEST(test_common_ends_are_shared)
{
    (void)ADD("nsw");
    (void)ADD("ssw");
    (void)ADD("wsw");
    ck_assert(shapes_finish(s));
    /* three beginnings; behind the first cell everything is one */
    ck_assert_uint_eq(s->n_states, 3 + 3);
    ck_assert_uint_eq(s->n_shapes, 3);
}
END_TEST

START_TEST(test_readings_have_other_numbers_than_places)
{
    shape_reading r[] = { reading("ns"), reading("n"), reading(".") };
    r[0].number = 2;
    r[1].number = 1;
    size_t h = shapes_add(s, r, 3);
    ck_assert(shapes_finish(s));
    ck_assert_str_eq(fits(h, "ns"), "2");
    ck_assert_str_eq(fits(h, "n"), "10");
}
END_TEST

START_TEST(test_too_many_readings)
{
    shape_reading *r = mem_array(ctx, shape_reading, 300);
    for (size_t i = 0; i < 300; i++)
        r[i] = reading("n");
    (void)shapes_add(s, r, 300);
    ck_assert(!shapes_finish(s));
}
END_TEST

/* ---- against the obvious ---- */

/* Does `line` fit the reading, cell by cell? */
static bool obviously(const shape_cell *c, size_t n, const char *line)
{
    if (!*line) {
        for (; n && c->may_be_cut; n--)
            c++;
        return n == 0;
    }
    if (n == 0 || !(c->kinds >> (strchr("nsweb", *line) - "nsweb") & 1u))
        return false;
    return obviously(c + 1, n - 1, line + 1) || (c->many && obviously(c, n, line + 1));
}

static void each_line(size_t handle, const char *const *patterns, char *line, size_t at)
{
    char expected[16];
    size_t n = 0;

    for (size_t i = 0; patterns[i]; i++) {
        shape_reading r = reading(patterns[i]);
        if (obviously(r.cells, r.n, line))
            expected[n++] = (char)('0' + i);
    }
    expected[n] = '\0';
    ck_assert_msg(strcmp(fits(handle, line), expected) == 0, "%s: %s", line, expected);
    for (const char *k = at < 5 ? "nsweb" : ""; *k; k++) {
        line[at] = *k;
        line[at + 1] = '\0';
        each_line(handle, patterns, line, at + 1);
        line[at] = '\0';
    }
}

static const char *const samples[][6] = {
    { "nsws", "nsw", "ns", NULL },
    { "n.+", "ns", "n", NULL },
    { ".?.?.?.?", NULL },
    { "ns.+n", "n.n", ".n?", NULL },
    { "sn", "sns", "ns", "nns", "", NULL },
    { ".+", "n.+s", "b", NULL },
};

START_TEST(test_all_short_lines)
{
    char line[8] = "";
    for (int i = 0; i <= _i; i++)
        (void)add(samples[i]);
    size_t handle = add(samples[_i]);
    ck_assert(shapes_finish(s));
    each_line(handle, samples[_i], line, 0);
}
END_TEST

/* ---- kinds ---- */
START_TEST(test_kinds_of_texts)
{
    ck_assert_uint_eq(kinds_of_text(""), KIND_EMPTY);
    ck_assert_uint_eq(kinds_of_text("12"), KIND_NUM);
    ck_assert_uint_eq(kinds_of_text("-1"), KIND_NUM);
    ck_assert_uint_eq(kinds_of_text("-"), KIND_WORD);
    ck_assert_uint_eq(kinds_of_text("\"TCP\""), KIND_STR);
    ck_assert_uint_eq(kinds_of_text("1.2"), KIND_WORD);
    ck_assert_uint_eq(kinds_of_text("OK"), KIND_WORD);
}
END_TEST

START_TEST(test_kinds_of_slots)
{
    m_range length = { 0, 8 };
    m_type number = { .kind = T_INT, .quote = Q_BARE },
           quoted = { .kind = T_INT, .quote = Q_QUOTED };
    m_type hex = { .kind = T_INT, .quote = Q_BARE, .is_hex = true };
    m_type name = { .kind = T_STRING, .quote = Q_EITHER, .ranges = &length, .n_ranges = 1 };
    m_slot slot = { .pre = "", .post = "", .type = &number };
    model m = { .name = "toy" };

    ck_assert_uint_eq(kinds_of_slot(&m, &slot).kinds, KIND_NUM);
    slot.may_be_empty = true;
    ck_assert_uint_eq(kinds_of_slot(&m, &slot).kinds, KIND_NUM | KIND_EMPTY);
    ck_assert(kinds_of_slot(&m, &slot).may_be_cut);
    slot.may_be_empty = false;
    slot.pre = "ip:";
    ck_assert_uint_eq(kinds_of_slot(&m, &slot).kinds, KIND_WORD);
    slot.pre = "+";
    ck_assert_uint_eq(kinds_of_slot(&m, &slot).kinds, KIND_WORD | KIND_NUM);
    slot.pre = "";
    ck_assert_uint_eq(kinds_of_type(&quoted), KIND_STR);
    ck_assert_uint_eq(kinds_of_type(&hex), KIND_NUM | KIND_WORD);
    ck_assert_uint_eq(kinds_of_type(&name), KIND_NUM | KIND_WORD | KIND_STR | KIND_EMPTY);
    slot = (m_slot){ .literal = true, .text = "\"TCP\"" };
    ck_assert_uint_eq(kinds_of_slot(&m, &slot).kinds, KIND_STR);
    m.lines.no_quotes = true;
    ck_assert_uint_eq(kinds_of_slot(&m, &slot).kinds, KIND_WORD);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("shape");
    TCase *all = tcase_create("all");
    tcase_add_checked_fixture(all, setup, teardown);
    tcase_add_test(all, test_optional_parameters);
    tcase_add_test(all, test_readings_that_kinds_do_not_tell_apart);
    tcase_add_test(all, test_nothing_at_all);
    tcase_add_test(all, test_empty_positions_may_be_cut);
    tcase_add_test(all, test_cells_may_be_hidden_wherever_they_stand);
    tcase_add_test(all, test_text_takes_what_others_leave);
    tcase_add_test(all, test_repeated_groups);
    tcase_add_test(all, test_equal_shapes_are_one);
    tcase_add_test(all, test_common_ends_are_shared);
    tcase_add_test(all, test_readings_have_other_numbers_than_places);
    tcase_add_test(all, test_too_many_readings);
    tcase_add_loop_test(all, test_all_short_lines, 0, sizeof samples / sizeof *samples);
    tcase_add_test(all, test_kinds_of_texts);
    tcase_add_test(all, test_kinds_of_slots);
    suite_add_tcase(suite, all);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
