/* Unit tests of runtime/at_param.c: answers to `=?` as modules give them.
 * SPDX-License-Identifier: MIT */
#include <check.h>
#include <stdlib.h>
#include <stdio.h>
#include <string.h>

#include "../../runtime/atparam.h"

static at_text text_of(const char *s)
{
    at_text t = { s, strlen(s) };
    return t;
}

/* All that is read of a row: `0:"ssl"|word ssl;` … with `*` for a list and `?` for what is optional. */
static const char *read_all(const char *row)
{
    static char out[1000];
    size_t n = 0;
    at_param p;
    at_item item;
    unsigned i;
    char *copy = malloc(strlen(row) + 1);       /* so that reading past its end is found */
    at_text params = { copy, strlen(row) };
    memcpy(copy, row, params.n);
    copy = realloc(copy, params.n + (params.n == 0));
    params.p = copy;
    out[0] = '\0';
    for (i = 0; at_param_at(params, i, &p); i++) {
        n += (size_t)snprintf(out + n, sizeof out - n, "%s%s%.*s", i ? " / " : "",
                              p.optional ? "?" : "", (int)p.text.n, p.text.p);
        while (at_item_next(&p, &item)) {
            n += (size_t)snprintf(out + n, sizeof out - n, " %s", p.listed ? "*" : "");
            if (item.is_number)
                n += (size_t)snprintf(out + n, sizeof out - n, "%lld..%lld", (long long)item.min,
                                      (long long)item.max);
            else
                n += (size_t)snprintf(out + n, sizeof out - n, "%s%.*s", item.quoted ? "=" : "",
                                      (int)item.text.n, item.text.p);
        }
    }
    free(copy);
    return out;
}

static at_said number(const char *row, unsigned index, int64_t value)
{
    return at_param_takes(text_of(row), index, value);
}

static at_said word(const char *row, unsigned index, const char *value)
{
    return at_param_takes_word(text_of(row), index, text_of(value));
}

START_TEST(rows_as_manuals_print_them)
{
    ck_assert_str_eq(read_all("(0-5),\"hostname\",(1-65535)"),
                     "(0-5) *0..5 / \"hostname\" =hostname / (1-65535) *1..65535");
    ck_assert_str_eq(read_all("(0-5),(0-65535),(0-2),(0,1),<topic>,(1-2048)"),
                     "(0-5) *0..5 / (0-65535) *0..65535 / (0-2) *0..2 / (0,1) *0..0 *1..1 / "
                     "<topic> <topic> / (1-2048) *1..2048");
    ck_assert_str_eq(read_all("(\"TCP\",\"UDP SERVICE\"),(1,3-7,9)"),
                     "(\"TCP\",\"UDP SERVICE\") *=TCP *=UDP SERVICE / (1,3-7,9) *1..1 *3..7 *9..9");
}
END_TEST

START_TEST(blanks_and_brackets)
{
    ck_assert_str_eq(read_all(" ( 0 - 5 ) , [ (1-3) [ , <x> ] ]"),
                     "( 0 - 5 ) *0..5 / ?(1-3) *1..3 / ?<x> <x>");
    ck_assert_str_eq(read_all("(0-5)[,(1-120)[,<x>]],(7)"),
                     "(0-5) *0..5 / ?(1-120) *1..120 / ?<x> <x> / (7) *7..7");
    ck_assert_str_eq(read_all("([0],1)"), "([0],1) *0..0 *1..1");
    ck_assert_str_eq(read_all("{1,2},((3-4),(5))"), "{1,2} *1..1 *2..2 / ((3-4),(5)) *3..4 *5..5");
}
END_TEST

START_TEST(other_notations_of_numbers)
{
    ck_assert_str_eq(read_all("(-10-20),(-10--5),(0x0A-0XFF),(1~3),(1..3),(1...3),(+7)"),
                     "(-10-20) *-10..20 / (-10--5) *-10..-5 / (0x0A-0XFF) *10..255 / (1~3) *1..3 / "
                     "(1..3) *1..3 / (1...3) *1..3 / (+7) *7..7");
    ck_assert_str_eq(read_all("0-5,7,4294967295,(0-4294967295)"),
                     "0-5 *0..5 / 7 7..7 / 4294967295 4294967295..4294967295 / (0-4294967295) "
                     "*0..4294967295");
    ck_assert_str_eq(read_all("(\"0\",\"1-65535\")"),
                     "(\"0\",\"1-65535\") *0..0 *1..65535");
}
END_TEST

START_TEST(what_is_not_understood_is_text)
{
    ck_assert_str_eq(read_all("(5-0),(1-),(-),(4294967296),(0x),(1-2-3),(1.5)"),
                     "(5-0) *5-0 / (1-) *1- / (-) *- / (4294967296) *4294967296 / (0x) *0x / "
                     "(1-2-3) *1-2-3 / (1.5) *1.5");
    ck_assert_str_eq(read_all("(0-255).(0-255)"), "(0-255).(0-255) (0-255).(0-255)");
    ck_assert_str_eq(read_all("(range of supported <x>s),<ip>/<name>"),
                     "(range of supported <x>s) *range of supported <x>s / <ip>/<name> <ip>/<name>");
}
END_TEST

START_TEST(broken_brackets_and_quotes)
{
    ck_assert_str_eq(read_all("(0-5,(1-3)"), "(0-5,(1-3) (0-5,(1-3)");
    ck_assert_str_eq(read_all("0-5),(1-3)"), "0-5) 0-5) / (1-3) *1..3");
    ck_assert_str_eq(read_all("(\"TCP,UDP)"), "(\"TCP,UDP) *=TCP *UDP");
    ck_assert_str_eq(read_all("(TCP\",\"UDP)"), "(TCP\",\"UDP) *=TCP *=UDP");
    ck_assert_str_eq(read_all("(\"a,b\",\"c)d\",\"\")"), "(\"a,b\",\"c)d\",\"\") *=a,b *=c)d *=");
    ck_assert_str_eq(read_all("("), "( (");
    ck_assert_str_eq(read_all(")"), ") )");
    ck_assert_str_eq(read_all("\""), "\" =");
    ck_assert_str_eq(read_all("]]"), " ");
}
END_TEST

START_TEST(nothing_there)
{
    ck_assert_str_eq(read_all(""), "");
    ck_assert_str_eq(read_all("(),,"), "() * /   /  ");
    ck_assert_str_eq(read_all("(,1)"), "(,1) * *1..1");
    ck_assert_int_eq(number("()", 0, 0), AT_NOT_SAID);
    ck_assert_int_eq(number("", 0, 0), AT_NOT_SAID);
    ck_assert_int_eq(number("(0-5)", 1, 0), AT_NOT_SAID);
}
END_TEST

START_TEST(is_a_number_taken)
{
    ck_assert_int_eq(number("(0-5),(1,3)", 1, 3), AT_TAKEN);
    ck_assert_int_eq(number("(0-5),(1,3)", 1, 2), AT_NOT_TAKEN);
    ck_assert_int_eq(number("(0-5),(1,3)", 0, 6), AT_NOT_TAKEN);
    ck_assert_int_eq(number("(0-5),(1,3)", 0, -1), AT_NOT_TAKEN);
    ck_assert_int_eq(number("(-5-5)", 0, -5), AT_TAKEN);
    ck_assert_int_eq(number("<x>,5", 0, 3), AT_NOT_SAID);
    ck_assert_int_eq(number("<x>,5", 1, 5), AT_TAKEN);
    ck_assert_int_eq(number("<x>,5", 1, 4), AT_NOT_SAID);       /* a value, or an example of one */
    ck_assert_int_eq(number("(1,<x>)", 0, 1), AT_TAKEN);
    ck_assert_int_eq(number("(1,<x>)", 0, 2), AT_NOT_SAID);
    ck_assert_int_eq(number("(range of values)", 0, 2), AT_NOT_SAID);
    ck_assert_int_eq(number("(\"TCP\",\"UDP\")", 0, 1), AT_NOT_TAKEN);
    ck_assert_int_eq(number("(5-0)", 0, 3), AT_NOT_SAID);
}
END_TEST

START_TEST(is_a_word_taken)
{
    ck_assert_int_eq(word("(\"TCP\",\"UDP\")", 0, "UDP"), AT_TAKEN);
    ck_assert_int_eq(word("(TCP,UDP)", 0, "UDP"), AT_TAKEN);
    ck_assert_int_eq(word("(TCP,UDP)", 0, "SSL"), AT_NOT_TAKEN);
    ck_assert_int_eq(word("(\"TCP,UDP\")", 0, "UDP"), AT_NOT_TAKEN);
    ck_assert_int_eq(word("\"ssl\",(0-5)", 0, "ssl"), AT_TAKEN);
    ck_assert_int_eq(word("\"hostname\",(0-5)", 0, "example.org"), AT_NOT_SAID);
    ck_assert_int_eq(word("(0-5)", 0, "3"), AT_TAKEN);
    ck_assert_int_eq(word("(0-5)", 0, "x"), AT_NOT_TAKEN);
    ck_assert_int_eq(word("<x>", 0, ""), AT_NOT_SAID);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("param");
    TCase *c = tcase_create("param");
    SRunner *r = srunner_create(s);
    int failed;
    suite_add_tcase(s, c);
    tcase_add_test(c, rows_as_manuals_print_them);
    tcase_add_test(c, blanks_and_brackets);
    tcase_add_test(c, other_notations_of_numbers);
    tcase_add_test(c, what_is_not_understood_is_text);
    tcase_add_test(c, broken_brackets_and_quotes);
    tcase_add_test(c, nothing_there);
    tcase_add_test(c, is_a_number_taken);
    tcase_add_test(c, is_a_word_taken);
    srunner_run_all(r, CK_NORMAL);
    failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed != 0;
}
