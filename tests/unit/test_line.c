/* Unit tests of runtime/at_line.c and at_value.c beyond what test_module.c shows: writing, values
 * at their limits, conditions, names.
 * SPDX-License-Identifier: MIT */
#include <check.h>
#include <stdio.h>

#include "../../runtime/at_line.h"
#include "../../runtime/at_value.h"
#include "pipe.h"
#include "toy.h"

static at_link l;
static byte_pipe pipe_end;
static char buffer[400];
static int32_t settings[5];
static at_cell cells[AT_CELLS_MAX];

static void begin(void)
{
    static const at_side side = { '>', NULL, NULL, NULL, NULL, NULL };
    at_port port = pipe_port(&pipe_end);
    memset(&l, 0, sizeof l);
    l.side = &side;
    l.tables = &toy_tables.t;
    l.settings = settings;
    l.scan.cells = cells;
    ck_assert_int_eq(at__link_init(&l, &port, buffer, sizeof buffer, l.tables->line_max), AT_OK);
    at__settings_forget(&l);
}

/* What a line is written as; "-" when it cannot be. */
static const char *written(unsigned line, const void *fields)
{
    uint16_t start = at__begin(&l, 0);
    pipe_clear(&pipe_end);
    if (!at__line_put(&l, line, fields, NULL)) {
        at__undo(&l, start);
        return "-";
    }
    ck_assert(at__commit(&l, start));
    at__flush(&l);
    return pipe_end.out;
}

static const char *value(const at_type *type, const void *field)
{
    uint16_t start = at__begin(&l, 0);
    pipe_clear(&pipe_end);
    if (!at__value_put(&l, type, field, 0)) {
        at__undo(&l, start);
        return "-";
    }
    ck_assert(at__commit(&l, start));
    at__flush(&l);
    return pipe_end.out;
}

static bool reads(const at_type *type, const char *text, int32_t *num)
{
    at_field field;
    at_text s = { text, strlen(text) };
    bool ok = at__value_read(&toy_tables.t, type, s, false, &field);
    if (ok) *num = at__value_num(type, &field);
    return ok;
}

START_TEST(test_numbers)
{
    static const at_type any = { 0, AT_T_INT, AT_F_SIZE_4, TOY_V_0, TOY_V_ALL };            /* 0..UINT32_MAX */
    static const at_type sign = { 0, AT_T_INT, AT_F_SIGNED | AT_F_SIZE_4, TOY_V_MIN, TOY_V_MAX };
    static const at_type hex = { 0, AT_T_INT, AT_F_HEX | AT_F_SIZE_4, TOY_V_0, TOY_V_ALL };
    static const at_type quoted = { 0, AT_T_INT, AT_F_QUOTED, TOY_V_1, TOY_V_5 };
    static const struct { const at_type *type; const char *text; bool ok; int64_t num; } cases[] = {
        { &any, "0", true, 0 }, { &any, "4294967295", true, UINT32_MAX },
        { &any, "4294967296", false, 0 }, { &any, "4294967299", false, 0 },
        { &any, "4294967300", false, 0 }, { &any, "42949672950", false, 0 },
        { &any, "0000000000000007", true, 7 }, { &any, "", false, 0 }, { &any, "1a", false, 0 },
        { &any, "+1", false, 0 }, { &any, "-1", false, 0 }, { &any, " 1", false, 0 },
        { &sign, "-2147483648", true, INT32_MIN }, { &sign, "-2147483649", false, 0 },
        { &sign, "2147483647", true, INT32_MAX }, { &sign, "2147483648", false, 0 },
        { &sign, "+5", true, 5 }, { &sign, "-", false, 0 }, { &sign, "--1", false, 0 },
        { &hex, "fFfFfFfF", true, UINT32_MAX }, { &hex, "100000000", false, 0 },
        { &hex, "0x1", false, 0 }, { &hex, "g", false, 0 },
        { &quoted, "\"3\"", true, 3 }, { &quoted, "3", false, 0 }, { &quoted, "\"6\"", false, 0 },
        { &quoted, "\"\"", false, 0 }, { &quoted, "\"", false, 0 },
    };
    size_t i;
    begin();
    for (i = 0; i < sizeof cases / sizeof *cases; i++) {
        int32_t num = 0, field;
        ck_assert_msg(reads(cases[i].type, cases[i].text, &num) == cases[i].ok, "%s", cases[i].text);
        if (!cases[i].ok) continue;
        ck_assert_msg((uint32_t)num == (uint32_t)cases[i].num, "%s", cases[i].text);
        field = num;
        if (at_size(cases[i].type) == 1) *(uint8_t *)&field = (uint8_t)num;
        ck_assert(reads(cases[i].type, value(cases[i].type, &field), &num));
        ck_assert((uint32_t)num == (uint32_t)cases[i].num);
    }
}
END_TEST

START_TEST(test_open_enum)
{
    static const at_type open8 = { 0, AT_T_INT, 0, TOY_V_0, TOY_V_255 };
    static const at_type sign16 = { 0, AT_T_INT, AT_F_SIGNED | AT_F_SIZE_2, TOY_V_M32768, TOY_V_32767 };
    static const at_type closed = { 0, AT_T_ENUM, AT_F_RANGES, TOY_V_LIST, 1 };
    int32_t num;
    ck_assert(reads(&open8, "255", &num) && !reads(&open8, "256", &num));
    ck_assert(reads(&sign16, "-32768", &num) && !reads(&sign16, "-32769", &num));
    ck_assert(reads(&sign16, "32767", &num) && !reads(&sign16, "32768", &num));
    ck_assert(reads(&closed, "2", &num) && !reads(&closed, "3", &num));
}
END_TEST

START_TEST(test_texts)
{
    static const at_type quoted = { 0, AT_T_STRING, AT_F_QUOTED, TOY_V_0, TOY_V_8 };
    static const at_type bare = { 0, AT_T_STRING, 0, TOY_V_1, TOY_V_8 };
    static const at_type either = { 0, AT_T_STRING, AT_F_EITHER, TOY_V_0, TOY_V_8 };
    static const at_type rest = { 0, AT_T_TEXT, 0, TOY_V_1, TOY_V_8 };
    at_text a = AT_TEXT("a\"\\,b"), cr = AT_TEXT("a\rb"), nine = AT_TEXT("123456789");
    at_text plain = AT_TEXT("ab.c"), blank = AT_TEXT("a b"), bang = AT_TEXT("!x"), none = AT_TEXT("");
    at_text comma = AT_TEXT("a,b"), nul = AT_TEXT("a\0b");
    begin();
    ck_assert_str_eq(value(&quoted, &a), "\"a\\\"\\\\\\,b\"");
    ck_assert_str_eq(value(&quoted, &cr), "-");
    ck_assert_str_eq(value(&quoted, &nul), "-");
    ck_assert_str_eq(value(&quoted, &nine), "-");
    ck_assert_str_eq(value(&bare, &plain), "ab.c");
    ck_assert_str_eq(value(&bare, &comma), "-");
    ck_assert_str_eq(value(&bare, &none), "-");
    ck_assert_str_eq(value(&either, &plain), "ab.c");
    ck_assert_str_eq(value(&either, &blank), "\"a b\"");
    ck_assert_str_eq(value(&either, &bang), "\"!x\"");
    ck_assert_str_eq(value(&either, &none), "\"\"");
    ck_assert_str_eq(value(&rest, &comma), "a,b");
    ck_assert_str_eq(value(&rest, &cr), "-");
}
END_TEST

/* Addresses, numbers and words that may stand in quotes or not are written in them. */
START_TEST(test_either)
{
    static const at_type ip = { 0, AT_T_IP, AT_F_EITHER, 4, '.' };
    static const at_type number = { 0, AT_T_INT, AT_F_EITHER, TOY_V_0, TOY_V_9 };
    static const at_ip address = { { 10, 0, 0, 1 } };
    static const uint8_t seven = 7;
    int32_t num;
    begin();
    ck_assert_str_eq(value(&ip, &address), "\"10.0.0.1\"");
    ck_assert_str_eq(value(&number, &seven), "\"7\"");
    ck_assert(reads(&number, "7", &num) && reads(&number, "\"7\"", &num));
}
END_TEST

START_TEST(test_digits)                 /* `enum hex 0x0005, 0x0006` */
{
    static const at_type hex = { 4, AT_T_INT, AT_F_HEX, TOY_V_5, TOY_V_6 };
    static const uint8_t five = 5;
    begin();
    ck_assert_str_eq(value(&hex, &five), "0005");
}
END_TEST

START_TEST(test_quotes_off)             /* a quote is a sign like any other */
{
    static const at_type bare = { 0, AT_T_STRING, 0, TOY_V_1, TOY_V_8 };
    at_tables t = toy_tables.t;
    at_text quotes = AT_TEXT("\"a\""), s = { "\"a\"", 3 };
    at_field v;
    begin();
    ck_assert_str_eq(value(&bare, &quotes), "-");
    t.flags |= AT_D_NO_QUOTES;
    l.tables = &t;
    ck_assert_str_eq(value(&bare, &quotes), "\"a\"");
    ck_assert(at__value_read(&t, &bare, s, false, &v) && v.text.n == 3);
}
END_TEST

START_TEST(test_equal_to_a_field)       /* ties, on the host */
{
    static const at_type quoted = { 0, AT_T_STRING, AT_F_QUOTED, TOY_V_0, TOY_V_8 };
    static const at_type hex = { 0, AT_T_HEX, AT_F_HEX, TOY_V_0, TOY_V_8 };
    at_text text = AT_TEXT("a\"b"), other = AT_TEXT("a\"c"), wire = AT_TEXT("\"a\\\"b\"");
    at_text digits = AT_TEXT("0aFF");
    uint8_t b[] = { 10, 255 };
    at_bytes bytes = { b, 2 };
    at_field v;
    ck_assert(at__value_read(&toy_tables.t, &quoted, wire, false, &v));
    ck_assert(at__value_is(&toy_tables.t, &quoted, &v, &text));
    ck_assert(!at__value_is(&toy_tables.t, &quoted, &v, &other));
    ck_assert(at__value_read(&toy_tables.t, &hex, digits, false, &v));
    ck_assert(at__value_is(&toy_tables.t, &hex, &v, &bytes));
    b[1] = 254;
    ck_assert(!at__value_is(&toy_tables.t, &hex, &v, &bytes));
}
END_TEST

START_TEST(test_final)                  /* where the line stands */
{
    static const at_type quoted = { 0, AT_T_STRING, AT_F_QUOTED, TOY_V_0, TOY_V_8 };
    static const at_type hex = { 0, AT_T_HEX, AT_F_HEX, TOY_V_0, TOY_V_8 };
    char text[] = "\"a\\\"b\",", digits[] = "0aFF,";
    at_field v;
    ck_assert(at__value_read(&toy_tables.t, &quoted, (at_text){ text, 6 }, true, &v));
    ck_assert(v.text.p == text + 1 && v.text.n == 3 && strcmp(v.text.p, "a\"b") == 0);
    ck_assert(at__value_read(&toy_tables.t, &hex, (at_text){ digits, 4 }, true, &v));
    ck_assert(v.bytes.n == 2 && memcmp(v.bytes.p, "\x0a\xff", 3) == 0);
}
END_TEST

START_TEST(test_number_given)           /* instead of a field */
{
    static const at_type size = { 0, AT_T_INT, AT_F_SIZE_2, TOY_V_0, TOY_V_1000 };
    uint16_t start;
    begin();
    start = at__begin(&l, 0);
    ck_assert(!at__value_put(&l, &size, NULL, 1001));
    ck_assert(at__value_put(&l, &size, NULL, 1000));
    ck_assert(at__commit(&l, start));
}
END_TEST

START_TEST(test_lines)
{
    toy_row row = { false, 0, AT_TEXT("") };
    toy_join_result reason = { 9 };
    toy_get_result get = { 77, { NULL, 0 } };
    begin();
    l.name = toy_tables.commands[5].name;
    l.ending = toy_tables.commands[5].ending;
    ck_assert_str_eq(written(TOY_LINE_OK, NULL), "\r\nOK\r\n");
    ck_assert_str_eq(written(TOY_LINE_READY, NULL), "\r\nready\r\n");
    ck_assert_str_eq(written(TOY_LINE_ROW, &row), "+LIST:(0)\r\n");
    row.has_name = true;
    ck_assert_str_eq(written(TOY_LINE_ROW, &row), "+LIST:(0,\"\")\r\n");
    row.number = 301;
    ck_assert_str_eq(written(TOY_LINE_ROW, &row), "-");
    ck_assert_str_eq(written(TOY_LINE_JOIN, &reason), "+JOIN_DEF:9\r\n");
    ck_assert_str_eq(written(TOY_LINE_GET, &get), "+GET:0,\r\n");
    get.data.p = (const uint8_t *)"0123456789";
    get.data.n = 10;
    ck_assert_str_eq(written(TOY_LINE_GET, &get), "-");
    ck_assert_uint_eq(l.data.n, 0);
}
END_TEST

START_TEST(test_repeated_group)
{
    toy_sub sub = { 1, { { AT_TEXT("a"), 0 }, { AT_TEXT("b"), 1 } }, 2 };
    begin();
    ck_assert_str_eq(written(TOY_LINE_SUB, &sub), "+SUB:1,\"a\",0,\"b\",1\r\n");
    sub.n_item = 0;
    ck_assert_str_eq(written(TOY_LINE_SUB, &sub), "-");
    sub.n_item = 5;
    ck_assert_str_eq(written(TOY_LINE_SUB, &sub), "-");
}
END_TEST

START_TEST(test_empty_positions)        /* empty ones at the end are cut */
{
    toy_find find = { true, true, true, 1, 2, 3 };
    begin();
    ck_assert_str_eq(written(TOY_LINE_FIND, &find), "+FIND:1,2,3\r\n");
    find.has_a = false;
    ck_assert_str_eq(written(TOY_LINE_FIND, &find), "+FIND:,2,3\r\n");
    find.has_c = false;
    ck_assert_str_eq(written(TOY_LINE_FIND, &find), "+FIND:,2\r\n");
    find.has_b = false;
    ck_assert_str_eq(written(TOY_LINE_FIND, &find), "+FIND:\r\n");
}
END_TEST

START_TEST(test_conditions)
{
    toy_ipd ipd = { true, 2, 0, { NULL, 0 } };
    begin();
    ck_assert_str_eq(written(TOY_LINE_IPD, &ipd), "\r\n+IPD,2,0:");     /* unknown allows both */
    settings[0] = 0;
    ck_assert_str_eq(written(TOY_LINE_IPD, &ipd), "-");
    ipd.has_link = false;
    ck_assert_str_eq(written(TOY_LINE_IPD, &ipd), "\r\n+IPD,0:");
    settings[0] = 1;
    ck_assert_str_eq(written(TOY_LINE_IPD, &ipd), "-");
}
END_TEST

/* Several ranges: numbers and lengths between them are none. */
START_TEST(test_ranges)
{
    static const at_type number = { 0, AT_T_ENUM, AT_F_RANGES | AT_F_SIGNED | AT_F_SIZE_2, 0, 2 };
    static const at_type text = { 0, AT_T_STRING, AT_F_QUOTED | AT_F_RANGES, 4, 2 };
    static const int32_t ends[] = { -9, -5, 100, 200, 0, 0, 3, 4 };
    at_tables t = toy_tables.t;
    at_text s[] = { AT_TEXT(""), AT_TEXT("ab"), AT_TEXT("abc"), AT_TEXT("abcde") };
    at_field v;
    int16_t n = 201;
    t.values = ends;
    begin();
    l.tables = &t;
    ck_assert(at__value_read(&t, &number, (at_text)AT_TEXT("-5"), false, &v));
    ck_assert(at__value_read(&t, &number, (at_text)AT_TEXT("100"), false, &v));
    ck_assert(!at__value_read(&t, &number, (at_text)AT_TEXT("-4"), false, &v));
    ck_assert(!at__value_read(&t, &number, (at_text)AT_TEXT("99"), false, &v));
    ck_assert(at__value_read(&t, &text, (at_text)AT_TEXT("\"\""), false, &v));
    ck_assert(!at__value_read(&t, &text, (at_text)AT_TEXT("\"a\""), false, &v));
    ck_assert(at__value_read(&t, &text, (at_text)AT_TEXT("\"abcd\""), false, &v));
    ck_assert_str_eq(value(&number, &n), "-");
    n = 200;
    ck_assert_str_eq(value(&number, &n), "200");
    ck_assert_str_eq(value(&text, &s[0]), "\"\"");
    ck_assert_str_eq(value(&text, &s[1]), "-");
    ck_assert_str_eq(value(&text, &s[2]), "\"abc\"");
    ck_assert_str_eq(value(&text, &s[3]), "-");
}
END_TEST

START_TEST(test_figures_of_no_line)
{
    toy_send with = { true, 2, 100 }, without = { false, 0, 100 };
    int32_t n = -1;
    begin();
    ck_assert(at__figure(&l, TOY_F_SEND, &with, &n) && n == 100);
    ck_assert(at__figure(&l, TOY_F_LINK, &with, &n) && n == 2);
    ck_assert(at__figure(&l, TOY_F_LINK, &without, &n) && n == 3);         /* its default */
    ck_assert(at__figure(&l, TOY_F_LINK, NULL, &n) && n == 3);
    ck_assert(!at__figure(&l, TOY_F_KEPT, &with, &n) && n == 3);           /* unknown, no default */
    settings[1 + 2] = 55;
    ck_assert(at__figure(&l, TOY_F_KEPT, &with, &n) && n == 55);           /* kept for link 2 */
    ck_assert(!at__figure(&l, TOY_F_KEPT, &without, &n));
    ck_assert(at__figure(&l, TOY_F_MODE, NULL, &n) && n == 8);
}
END_TEST

START_TEST(test_times)
{
    toy_send with = { true, 2, 100 }, none = { true, 0, 100 };
    begin();
    ck_assert_uint_eq(at__time(&l, TOY_T_NONE, &with), 0);
    ck_assert_uint_eq(at__time(&l, TOY_T_TEXT, NULL), 6000);
    ck_assert_uint_eq(at__time(&l, TOY_T_PRODUCT, &with), 5 + 2 * 8 * 100);         /* mode: default */
    settings[0] = 10;
    ck_assert_uint_eq(at__time(&l, TOY_T_PRODUCT, &with), 5 + 2 * 10 * 100);
    ck_assert_uint_eq(at__time(&l, TOY_T_PRODUCT, NULL), 5 + 3 * 10 * 100);         /* link: default */
    ck_assert_uint_eq(at__time(&l, TOY_T_PRODUCT, &none), 5 + 1 * 10 * 100);        /* 0 counts as 1 */
}
END_TEST

/* `("<a>"|<a>[,<b>])`: the field of one parameter stands in two branches. */
START_TEST(test_twins)
{
    typedef struct twins { bool has_b; uint8_t a, b; } twins;
    static const at_type types[] = { { 0, AT_T_INT, AT_F_QUOTED, TOY_V_0, TOY_V_99 },
                                     { 0, AT_T_INT, 0, TOY_V_0, TOY_V_99 } };
    static const at_slot slots[] = {
        { offsetof(twins, a), 0 }, { offsetof(twins, a), 1 }, { offsetof(twins, b), 2 },
    };
    static const at_trait traits[] = { { 0, 0, 0, 0, AT_NONE8 }, { 0, 0, 0, 0, offsetof(twins, has_b) } };
    static const at_sort sorts[] = { { 0, 0 }, { 1, 0 }, { 1, 1 } };
    static const at_reading readings[] = { { 6, 0, 0 }, { 1, 0, 0 }, { 2, 0, 0 } };
    static const at_line lines[] = { { 0, 0, 0, 3, 3 } };
    static const at_ref heads[] = { 0 };
    at_tables t = toy_tables.t;
    twins x = { false, 7, 8 };
    t.types = types;
    t.slots = slots;
    t.sorts = sorts;
    t.traits = traits;
    t.readings = readings;
    t.lines = lines;
    t.heads = heads;
    begin();
    l.tables = &t;
    ck_assert_str_eq(written(0, &x), "\"7\"");    /* of equal ones the first */
    x.has_b = true;
    ck_assert_str_eq(written(0, &x), "7,8");
}
END_TEST

START_TEST(test_names)
{
    const at_module_tables *t = &toy_tables;
    ck_assert_ptr_eq(at_find_command(t, "+join_def", 9), &t->commands[5]);
    ck_assert_ptr_null(at_find_command(t, "+JOIN_DE", 8));
    ck_assert_ptr_null(at_find_command(t, "+JOIN_DEFX", 10));
    ck_assert_ptr_eq(at_find_command(t, "", 0), &t->commands[0]);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("line");
    TCase *c = tcase_create("line");
    SRunner *r = srunner_create(s);
    int failed;
    suite_add_tcase(s, c);
    tcase_add_test(c, test_numbers);
    tcase_add_test(c, test_open_enum);
    tcase_add_test(c, test_texts);
    tcase_add_test(c, test_either);
    tcase_add_test(c, test_digits);
    tcase_add_test(c, test_quotes_off);
    tcase_add_test(c, test_equal_to_a_field);
    tcase_add_test(c, test_final);
    tcase_add_test(c, test_number_given);
    tcase_add_test(c, test_lines);
    tcase_add_test(c, test_repeated_group);
    tcase_add_test(c, test_empty_positions);
    tcase_add_test(c, test_conditions);
    tcase_add_test(c, test_ranges);
    tcase_add_test(c, test_figures_of_no_line);
    tcase_add_test(c, test_times);
    tcase_add_test(c, test_twins);
    tcase_add_test(c, test_names);
    srunner_run_all(r, CK_NORMAL);
    failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed != 0;
}
