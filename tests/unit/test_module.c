/* Unit tests of runtime/at_module.c and at_module_data.c: what comes out of a module for what goes
 * in, at every split of the bytes.
 * SPDX-License-Identifier: MIT */
#include <check.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "pipe.h"
#include "toy.h"

typedef struct fixture {
    at_module m;                /* first: handlers find the fixture by it */
    byte_pipe pipe;
    char buffer[260];
    int32_t settings[5];
    at_cell cells[AT_CELLS_MAX];
    toy_all fields[4];          /* room for the largest struct */
    char log[2048];             /* what the handlers saw */
    char events[2048];          /* what the tap saw */
    at_status answer;           /* of handlers that do not know better */
    size_t takes;               /* bytes that the data handler takes at a time */
    bool silent;                /* the data handler does not end its form */
    bool late;                  /* handlers answer from outside */
} fixture;

static fixture f;

#define BYTES(s) { (const uint8_t *)(s), sizeof (s) - 1 }

static void note(const char *format, ...) __attribute__((format(printf, 1, 2)));
static void note(const char *format, ...)
{
    size_t n = strlen(f.log);
    va_list args;
    va_start(args, format);
    vsnprintf(f.log + n, sizeof f.log - n, format, args);
    va_end(args);
}

/* ---- handlers ---- */

static at_status reply(unsigned number, const void *fields)
{
    return at_module_reply(&f.m, toy_replies[number].form, toy_replies[number].number, fields);
}

static at_status on_join(const toy_join *j)
{
    toy_join_result r = { 2 };
    note("JOIN %s/%s%s%s\n", j->ssid.p, j->pwd.p, j->has_bssid ? " bssid" : "",
         j->saved == AT_FLASH ? " flash" : "");
    ck_assert_uint_eq(strlen(j->ssid.p), j->ssid.n);
    return strcmp(j->pwd.p, "wrong") == 0 ? reply(TOY_JOIN_FAIL, &r) : f.answer;
}

static at_status on_sub(const toy_sub *s)
{
    size_t i;
    note("SUB %u", s->id);
    for (i = 0; i < s->n_item; i++) note(" %s:%u", s->item[i].topic.p, s->item[i].qos);
    note("\n");
    return f.answer;
}

static at_status on_list(void)
{
    toy_row one = { true, -5, AT_TEXT("a\"b,\\") }, two = { false, 300, AT_TEXT("") };
    if (reply(TOY_ROW, &one) != AT_OK) return AT_AGAIN;
    return reply(TOY_ROW, &two);
}

static at_status on_get(const toy_get *g)
{
    toy_get_result r = { 0, BYTES("123456789") };
    r.data.n = g->n;
    return reply(g->n == 9 ? TOY_GET_DATA : TOY_GET_OK, &r);
}

static at_status on_all(const toy_all *a)
{
    note("ALL %d %x %u %u.%u.%u.%u %02x%02x %u %s\n", (int)a->number, a->hex, a->word, a->ip.b[0],
         a->ip.b[1], a->ip.b[2], a->ip.b[3], a->mac.b[0], a->mac.b[5], (unsigned)a->bytes.n,
         a->either.p);
    return reply(TOY_ALL_LINE, a);
}

static at_status on_vol_read(void)
{
    toy_vol v = { 7 };
    return reply(TOY_VOL_OK, &v);
}

static at_status on_find(const toy_find *x)
{
    note("FIND %d%d%d %u%u%u\n", x->has_a, x->has_b, x->has_c, x->a, x->b, x->c);
    return f.answer;
}

static at_status call(at_module *m, unsigned form, const void *p)
{
    ck_assert_ptr_eq(m, &f.m);
    if (f.late) return AT_PENDING;
    switch (form) {
    case TOY_VOL_SET: note("VOL %u\n", ((const toy_vol *)p)->volume); return f.answer;
    case TOY_VOL_READ: return on_vol_read();
    case TOY_JOIN_SET: return on_join(p);
    case TOY_MUX_SET: note("MUX %u\n", ((const toy_vol *)p)->volume); return AT_OK;
    case TOY_SEND_SET:
        note("SEND %u\n", ((const toy_send *)p)->length);
        return reply(TOY_PROMPT, NULL);
    case TOY_SEND_EXEC: note("TRANSPARENT\n"); return reply(TOY_CONNECT, NULL);
    case TOY_TEXT: note("TEXT\n"); return reply(TOY_TEXT_PROMPT, NULL);
    case TOY_PUSH: note("PUSH %u\n", ((const toy_length *)p)->length); return f.answer;
    case TOY_LIST: return on_list();
    case TOY_SUB: return on_sub(p);
    case TOY_MSG:
        note("MSG %s|%u\n", ((const toy_msg *)p)->text.p, ((const toy_msg *)p)->last);
        return AT_OK;
    case TOY_FIND: return on_find(p);
    case TOY_GET: return on_get(p);
    case TOY_ALL: return on_all(p);
    case TOY_AT: return AT_OK;
    case TOY_LATE: return AT_OK;
    default: return AT_UNSUPPORTED;
    }
}

static void end_data(unsigned form)
{
    if (f.silent) return;
    if (form == TOY_SEND_SET) ck_assert_int_eq(reply(TOY_SEND_OK, NULL), AT_OK);
    if (form == TOY_TEXT) ck_assert_int_eq(reply(TOY_TEXT_OK, NULL), AT_OK);
    if (form == TOY_PUSH) ck_assert_int_eq(reply(TOY_PUSH_OK, NULL), AT_OK);
}

/* Logs the bytes; a piece does not show, so that splits do not matter. */
static size_t data(at_module *m, unsigned form, const at_chunk *c)
{
    size_t i, n = c->n < f.takes ? c->n : f.takes;
    ck_assert_ptr_eq(m, &f.m);
    ck_assert(c->status != AT_OK || c->n == c->left);
    ck_assert(c->status == AT_OK || c->status == AT_PENDING || c->n == 0);
    for (i = 0; i < n; i++) note(c->p[i] >= ' ' ? "%c" : "\\x%02x", c->p[i]);
    if (c->status == AT_PENDING || n < c->n) return n;
    note("[%s]\n", at_status_text(c->status));
    if (c->status == AT_OK || c->status == AT_SHORT) end_data(form);
    return n;
}

static void sent(at_module *m, at_bytes b)
{
    (void)m;
    note("sent %u\n", (unsigned)b.n);
}

static void tap(void *ctx, const at_event *e)
{
    static const char *const names[] = { "command", "rejected", "data", "escape" };
    size_t n = strlen(f.events);
    (void)ctx;
    snprintf(f.events + n, sizeof f.events - n, "%s %u %u %s\n", names[e->saw], (unsigned)e->n,
             e->at, e->reason ? e->reason : "");
}

/* ---- helpers ---- */

static const at_module_class klass = { &toy_tables, &at__phases, NULL, call, data, sent,
                                      sizeof(toy_sub) };

static void begin(void)
{
    at_port port = pipe_port(&f.pipe);
    memset(&f, 0, sizeof f);
    pipe_clear(&f.pipe);
    f.answer = AT_OK;
    f.takes = SIZE_MAX;
    f.pipe.now = UINT32_MAX - 500;      /* the clock wraps during the tests */
    ck_assert_int_eq(at_module_init(&f.m, &klass, &port, f.buffer, sizeof f.buffer, f.fields,
                                    f.settings, f.cells, NULL), AT_OK);
    f.m.link.tap = tap;
}

/* Feed until all is taken; a module that takes nothing twice, polled between, is stuck. */
static void feed(const char *p, size_t n)
{
    unsigned idle = 0;
    while (n > 0 && idle < 3) {
        size_t k = at_feed(&f.m.link, (const uint8_t *)p, n);
        p += k;
        n -= k;
        idle = k == 0 ? idle + 1 : 0;
        if (k == 0) at_poll(&f.m.link);
    }
    ck_assert_msg(n == 0, "stuck before '%s', log '%s'", p, f.log);
    at_poll(&f.m.link);
}

static void say(const char *text)
{
    feed(text, strlen(text));
}

static void pass(uint32_t ms)
{
    f.pipe.now += ms;
    at_poll(&f.m.link);
}

static void expect_out(const char *text)
{
    ck_assert_str_eq(f.pipe.out, text);
    pipe_clear(&f.pipe);
}

static void expect_log(const char *text)
{
    ck_assert_str_eq(f.log, text);
    f.log[0] = '\0';
}

#define OK "\r\nOK\r\n"
#define ERROR "\r\nERROR\r\n"

/* ---- exchanges that must come out the same at every split ---- */

static const struct { const char *in, *out, *log; } exchanges[] = {
    { "AT\r\n", OK, "" },
    { "AT\r", OK, "" },
    { "AT\n", OK, "" },
    { "AT\n\n\r\r\nAT\r\n", OK OK, "" },
    { "\r\n\r\nAT\r\n", OK, "" },
    { "AT+VOL=10\r\n", OK, "VOL 10\n" },
    { "at+VOL=10\r\n", ERROR, "" },
    { "AT+vol=0\r\n", OK, "VOL 0\n" },
    { "AT+VOL=11\r\nAT+VOL=4294967299\r\nAT+VOL=99999999999\r\nAT+VOL=3\r\n", ERROR ERROR ERROR OK,
      "VOL 3\n" },
    { "AT+VOL\r\nAT+VO=3\r\nAT+VOLU=3\r\nAT+VOL=\r\nAT+VOL=3,4\r\nAT+VOL=?\r\nAT+VOL=-1\r\n",
      ERROR ERROR ERROR ERROR ERROR ERROR ERROR, "" },
    { "AT+VOL?\r\n", "+VOL:7\r\n" OK, "" },
    { "ATE1\r\nAT+VOL?\r\nATE0\r\nAT\r\n", OK "AT+VOL?\r+VOL:7\r\n" OK "ATE0\r" OK OK, "" },
    { "AT+NO\r\nAT+AWAY\r\nAT\r\nAT+AWAY\r\n", ERROR OK "AT\r" OK "AT+AWAY\r" OK, "" },
    { "AT+JOIN_CUR=\"ab\\\\c\",\"x\\,\\\"y\"\r\n", OK, "JOIN ab\\c/x,\"y\n" },
    { "AT+JOIN_DEF=\"a,b\",\"\",\"00:08:DC:11:12:1f\"\r\n", OK, "JOIN a,b/ bssid flash\n" },
    { "AT+JOIN=\"s\",\"wrong\"\r\n", "+JOIN_CUR:2\r\n\r\nFAIL\r\n", "JOIN s/wrong\n" },
    { "AT+JOIN_DEF=\"s\",\"wrong\"\r\n", "+JOIN_DEF:2\r\n\r\nFAIL\r\n", "JOIN s/wrong flash\n" },
    { "AT+JOIN=\"\",\"p\"\r\nAT+JOIN=\"s\r\nAT+JOIN=s,p\r\nAT+JOIN=\"s\",\"p\",\"00:08:DC:11:12\"\r\n",
      ERROR ERROR ERROR ERROR, "" },
    { "AT+JOIN=\"0123456789012345678901234567890123456789\",\"p\"\r\n", ERROR, "" },
    { "AT+VOL=1;+VOL=2;+VOL?\r\n", "+VOL:7\r\n" OK, "VOL 1\nVOL 2\n" },
    { "AT+VOL=1;+VOL=99;+VOL=2\r\nAT\r\n", ERROR OK, "VOL 1\n" },
    { "AT+VOL=1;\r\n", OK, "VOL 1\n" },
    { "AT+SEND=5\r\nhelloAT\r\n", "> \r\nSEND OK\r\n" OK, "SEND 5\nhello[done]\n" },
    { "AT+SEND=5\rhelloAT\r\n", "> \r\nSEND OK\r\n" OK, "SEND 5\nhello[done]\n" },
    { "AT\rAT+SEND=3\r\n\r\nAT\r\n", OK "> \r\nSEND OK\r\n" OK, "SEND 3\n\\x0a\\x0d\\x0a[done]\n" },
    { "AT+SEND=0\r\nAT\r\n", "> \r\nSEND OK\r\n" OK, "SEND 0\n[done]\n" },
    { "AT+SEND=9\r\nab++c+++AT\r\n", "> " ERROR OK, "SEND 9\nab++c[cancelled]\n" },
    { "AT+SEND=4\r\nab++AT\r\n", "> \r\nSEND OK\r\n" OK, "SEND 4\nab++[done]\n" },
    { "AT+MUX=1\r\nAT+SEND=5\r\nAT+SEND=3,2\r\nhi", OK ERROR "> \r\nSEND OK\r\n",
      "MUX 1\nSEND 2\nhi[done]\n" },
    { "AT+MUX=0\r\nAT+SEND=3,2\r\n", OK ERROR, "MUX 0\n" },
    { "AT+TEXT\r\nhello\x1a" "AT\r\n", "> " OK OK, "TEXT\nhello[done]\n" },
    { "AT+TEXT\r\na\\b\\\x1a" "c\\\x1a\x1a" "AT\r\n", "> " OK OK, "TEXT\na\\b\\x1ac\\x1a[done]\n" },
    { "AT+TEXT\r\nabc\x1b" "AT\r\n", "> " ERROR OK, "TEXT\nabc[cancelled]\n" },
    { "AT+TEXT\r\n0123456789012345678\\\x1a\x1a" "AT\r\n", "> " OK OK,
      "TEXT\n0123456789012345678\\x1a[done]\n" },
    { "AT+TEXT\r\n01234567890123456789\x1a" "AT\r\n", "> " OK OK,
      "TEXT\n01234567890123456789[done]\n" },
    { "AT+TEXT\r\n01234567890123456789\\x\x1a" "AT\r\n", "> " ERROR OK,
      "TEXT\n01234567890123456789[too long]\n" },
    { "AT+PUSH=5\r\nabcdAT\r\n", OK OK, "PUSH 5\n\\x0aabcd[done]\n" },
    { "AT+PUSH=0\rAT\r\n", OK OK, "PUSH 0\n[done]\n" },
    { "AT+LIST\r\n", "+LIST:(-5,\"a\\\"b\\,\\\\\")\r\n+LIST:(300)\r\n" OK, "" },
    { "AT+SUB=1,\"a\",0\r\nAT+SUB=2,\"a\",0,\"b,c\",1,\"d\",2,\"e\",2\r\n", OK OK,
      "SUB 1 a:0\nSUB 2 a:0 b,c:1 d:2 e:2\n" },
    { "AT+SUB=1\r\nAT+SUB=1,\"a\"\r\nAT+SUB=1,\"a\",0,\"b\"\r\nAT+SUB=1,\"a\",0,\"b\",3\r\n",
      ERROR ERROR ERROR ERROR, "" },
    { "AT+SUB=1,\"a\",0,\"a\",0,\"a\",0,\"a\",0,\"a\",0\r\n", ERROR, "" },
    { "AT+MSG=1,a,\"b,,c\",2\r\nAT+MSG=1,x,2\r\nAT+MSG=1,2\r\n", OK OK ERROR,
      "MSG a,\"b,,c\"|2\nMSG x|2\n" },
    { "AT+FIND=1,2,3\r\nAT+FIND=,2\r\nAT+FIND=,,3\r\nAT+FIND=\r\nAT+FIND=1,,,\r\n",
      OK OK OK OK ERROR, "FIND 111 123\nFIND 010 020\nFIND 001 003\nFIND 000 000\n" },
    { "AT+GET=4\r\nAT+GET=0\r\nAT+GET=9\r\n",
      "+GET:4,1234\r\n" OK ERROR "\r\n+SIZE:9\r\n123456789\r\n", "sent 4\nsent 9\n" },
    { "AT+ALL=\"UDP\",-2147483648,fF,MAYBE,ip:10.0.0.255),A1b2c3D4E5F6,\"00fe\",x.y\r\n",
      "+ALL:\"UDP\",-2147483648,FF,MAYBE,ip:10.0.0.255),A1B2C3D4E5F6,\"00fe\",x.y\r\n" OK,
      "ALL -2147483648 ff 2 10.0.0.255 a1f6 2 x.y\n" },
    { "AT+ALL=\"UDP\",2147483647,0,OFF,ip:1.2.3.4),000000000000,\"\",\"a b\"\r\n",
      "+ALL:\"UDP\",2147483647,0,OFF,ip:1.2.3.4),000000000000,\"\",\"a b\"\r\n" OK,
      "ALL 2147483647 0 0 1.2.3.4 0000 0 a b\n" },
    { "AT+ALL=\"TCP\",0,0,ON,ip:1.2.3.4),000000000000,\"\",\"\"\r\n"
      "AT+ALL=\"UDP\",2147483648,0,ON,ip:1.2.3.4),000000000000,\"\",\"\"\r\n"
      "AT+ALL=\"UDP\",0,10000,ON,ip:1.2.3.4),000000000000,\"\",\"\"\r\n"
      "AT+ALL=\"UDP\",0,0,On,ip:1.2.3.4),000000000000,\"\",\"\"\r\n"
      "AT+ALL=\"UDP\",0,0,ON,ip:1.2.3.256),000000000000,\"\",\"\"\r\n"
      "AT+ALL=\"UDP\",0,0,ON,ip:1.2.3.4.5),000000000000,\"\",\"\"\r\n"
      "AT+ALL=\"UDP\",0,0,ON,ip:1.2.3),000000000000,\"\",\"\"\r\n"
      "AT+ALL=\"UDP\",0,0,ON,ip:1.2.3.4,000000000000,\"\",\"\"\r\n"
      "AT+ALL=\"UDP\",0,0,ON,ip:1.2.3.4),00000000000,\"\",\"\"\r\n"
      "AT+ALL=\"UDP\",0,0,ON,ip:1.2.3.4),000000000000,\"0\",\"\"\r\n"
      "AT+ALL=\"UDP\",0,0,ON,ip:1.2.3.4),000000000000,\"0001020304\",\"\"\r\n"
      "AT+ALL=\"UDP\",-,0,ON,ip:1.2.3.4),000000000000,\"\",\"\"\r\n",
      ERROR ERROR ERROR ERROR ERROR ERROR ERROR ERROR ERROR ERROR ERROR ERROR, "" },
    { "AT+SIXTYTHREE____________________________________________________________________________"
      "__________________________________________________________________\r\nAT\r\n", ERROR OK, "" },
};

START_TEST(test_every_split)
{
    const char *in = exchanges[_i].in;
    size_t n = strlen(in), i;
    for (i = 0; i <= n; i++) {
        begin();
        feed(in, i);
        feed(in + i, n - i);
        ck_assert_str_eq(f.log, exchanges[_i].log);
        expect_out(exchanges[_i].out);
        ck_assert_msg(at_idle(&f.m.link), "not idle after '%s'", in);
    }
}
END_TEST

START_TEST(test_slow_line)              /* byte by byte in, byte by byte out, data in twos */
{
    const char *in = exchanges[_i].in;
    begin();
    f.takes = 2;
    f.pipe.allow = 0;
    for (; *in; in++) {
        unsigned tries = 0;
        while (at_feed(&f.m.link, (const uint8_t *)in, 1) == 0 && tries++ < 500) {
            f.pipe.allow = 1;
            at_poll(&f.m.link);
        }
        ck_assert_uint_lt(tries, 500);
    }
    f.pipe.allow = SIZE_MAX;
    at_poll(&f.m.link);
    at_poll(&f.m.link);
    at_poll(&f.m.link);
    ck_assert_str_eq(f.log, exchanges[_i].log);
    expect_out(exchanges[_i].out);
}
END_TEST

/* ---- one by one ---- */

START_TEST(test_nul_and_noise)
{
    begin();
    feed("\0\xff" "AT\r", 5);
    expect_out(ERROR);
    feed("AT+JOIN=\"a\0b\",\"\"\r", 17);
    f.pipe.n = 0;
    say("\nAT\r\n");
    ck_assert_ptr_nonnull(strstr(f.pipe.out, OK));
}
END_TEST

START_TEST(test_pending_and_double_answers)
{
    begin();
    f.answer = AT_PENDING;
    say("AT+VOL=1\r\n");
    expect_out("");
    ck_assert(!at_idle(&f.m.link));
    ck_assert_int_eq(reply(TOY_SEND_OK, NULL), AT_INVALID);
    ck_assert_int_eq(reply(TOY_OK, NULL), AT_OK);
    ck_assert_int_eq(reply(TOY_OK, NULL), AT_INVALID);
    ck_assert_int_eq(at_module_refuse(&f.m, AT_REFUSE_PARAMETER), AT_INVALID);
    at_poll(&f.m.link);
    expect_out(OK);
    ck_assert(at_idle(&f.m.link));
}
END_TEST

START_TEST(test_busy)
{
    begin();
    f.answer = AT_PENDING;
    say("AT+VOL=1\r\nAT+VOL=2\r\n");
    expect_out("\r\nbusy p...\r\n");
    expect_log("VOL 1\n");
    say("AT+VOL");
    ck_assert_int_eq(reply(TOY_OK, NULL), AT_OK);
    f.answer = AT_OK;
    say("=3\r\n");
    expect_out(OK OK);
    expect_log("VOL 3\n");
}
END_TEST

START_TEST(test_busy_data)
{
    begin();
    f.silent = true;
    say("AT+SEND=2\r\nhiAT\r\n");
    expect_out("> \r\nbusy s...\r\n");
    ck_assert_int_eq(reply(TOY_SEND_OK, NULL), AT_OK);
    say("AT\r\n");
    expect_out("\r\nSEND OK\r\n" OK);
}
END_TEST

START_TEST(test_busy_other_policies)
{
    at_module_tables tables = toy_tables;
    at_busy busy = toy_busy;
    at_module_class mine = klass;
    at_port port;
    mine.tables = &tables;
    tables.busy = &busy;
    begin();
    port = f.m.link.port;
    f.answer = AT_PENDING;
    busy.policy[0] = AT_BUSY_SILENT;
    busy.text[0] = 0;
    ck_assert_int_eq(at_module_init(&f.m, &mine, &port, f.buffer, sizeof f.buffer, f.fields,
                                    f.settings, f.cells, NULL), AT_OK);
    say("AT+VOL=1\r\nAT+VOL=2\r\n");
    ck_assert_int_eq(reply(TOY_OK, NULL), AT_OK);
    say("AT\r\n");
    expect_out(OK OK);
    busy.policy[0] = AT_BUSY_WAIT;
    say("AT+VOL=1\r\n");
    ck_assert_uint_eq(at_feed(&f.m.link, (const uint8_t *)"AT\r\n", 4), 0);
    ck_assert_int_eq(reply(TOY_OK, NULL), AT_OK);
    ck_assert_uint_eq(at_feed(&f.m.link, (const uint8_t *)"AT\r\n", 4), 4);
    expect_out(OK OK);
}
END_TEST

/* V.250 5.6.1; also in a line of several commands. */
START_TEST(test_abort)
{
    static const at_manner manner = { AT_NONE8, AT_NONE8, AT_NONE8, AT_NONE8, AT_NONE8, AT_NONE8,
                                      0, 0, 0, NULL, NULL };
    at_module_tables tables = toy_tables;
    at_busy busy = toy_busy;
    at_module_class mine = klass;
    at_port port;
    mine.tables = &tables;
    mine.manners = &at__manners;
    tables.t.manner = &manner;
    tables.busy = &busy;
    busy.policy[0] = AT_BUSY_ABORT;
    begin();
    port = f.m.link.port;
    f.answer = AT_PENDING;
    ck_assert_int_eq(at_module_init(&f.m, &mine, &port, f.buffer, sizeof f.buffer, f.fields,
                                    f.settings, f.cells, NULL), AT_OK);
    say("AT+VOL=1;+VOL=2\r\nAT");                /* too early */
    expect_out("");
    f.pipe.now += 125;
    say("x");
    expect_out("\r\nERROR\r\n");
    ck_assert_int_eq(reply(TOY_OK, NULL), AT_INVALID);
    expect_log("VOL 1\n");
    say("AT\r\n");
    expect_out(OK);
}
END_TEST

START_TEST(test_handler_statuses)
{
    begin();
    f.answer = AT_UNSUPPORTED;
    say("AT+VOL=1\r\n");
    f.answer = AT_REFUSED;
    say("AT+VOL=1\r\n");
    f.answer = AT_INVALID;
    say("AT+VOL=1;+VOL=2\r\n");
    expect_out(ERROR ERROR ERROR);
    f.answer = AT_AGAIN;
    say("AT+VOL=1\r");
    ck_assert_uint_eq(at_feed(&f.m.link, (const uint8_t *)"AT\r\n", 4), 0);
    ck_assert_uint_le(at_poll(&f.m.link), 10);
    f.answer = AT_OK;
    ck_assert_uint_eq(at_poll(&f.m.link), UINT32_MAX);
    expect_out(OK);
}
END_TEST

START_TEST(test_done_without_a_word)
{
    begin();
    f.answer = AT_PENDING;
    say("AT+VOL=1\r\n");
    ck_assert_int_eq(at_module_done(&f.m, true), AT_OK);
    ck_assert_int_eq(at_module_done(&f.m, true), AT_INVALID);
    ck_assert(at_idle(&f.m.link));
    expect_out("");
}
END_TEST

START_TEST(test_chain_pending)
{
    begin();
    f.answer = AT_PENDING;
    say("AT+VOL=1;+VOL?;+VOL=2\r\n");
    expect_log("VOL 1\n");
    ck_assert_int_eq(reply(TOY_OK, NULL), AT_OK);
    expect_log("");             /* not from inside the call */
    at_poll(&f.m.link);
    expect_log("VOL 2\n");
    ck_assert_int_eq(reply(TOY_OK, NULL), AT_OK);
    at_poll(&f.m.link);
    expect_out("+VOL:7\r\n" OK);
}
END_TEST

START_TEST(test_urc)
{
    toy_ipd ipd = { true, 3, 0, BYTES("ab\r\nc") };
    begin();
    ck_assert_int_eq(at_module_urc(&f.m, TOY_LINE_READY, NULL), AT_OK);
    ck_assert_int_eq(at_module_urc(&f.m, TOY_LINE_IPD, &ipd), AT_OK);
    ck_assert_int_eq(at_module_urc(&f.m, TOY_LINE_READY, NULL), AT_AGAIN);
    at_poll(&f.m.link);
    expect_out("\r\nready\r\n\r\n+IPD,3,5:ab\r\nc");
    expect_log("sent 5\n");
    ipd.link = 5;
    ck_assert_int_eq(at_module_urc(&f.m, TOY_LINE_IPD, &ipd), AT_INVALID);
    f.settings[0] = 0;
    ipd.link = 1;
    ck_assert_int_eq(at_module_urc(&f.m, TOY_LINE_IPD, &ipd), AT_INVALID);
    ck_assert(at_idle(&f.m.link));
    say("A");
    ck_assert_int_eq(at_module_urc(&f.m, TOY_LINE_READY, NULL), AT_AGAIN);
    pass(5000);
    ck_assert_int_eq(at_module_urc(&f.m, TOY_LINE_READY, NULL), AT_OK);
    say("T\r\n");
    expect_out("\r\nready\r\n" OK);
}
END_TEST

START_TEST(test_full_output)            /* rows say so, final results never do */
{
    toy_row row = { true, 1, AT_TEXT("0123456789abcdef") };
    unsigned rows = 0;
    begin();
    f.late = true;
    say("AT+LIST\r\n");
    f.pipe.allow = 0;
    while (reply(TOY_ROW, &row) == AT_OK) rows++;
    ck_assert_uint_gt(rows, 2);
    ck_assert_int_eq(reply(TOY_ROW, &row), AT_AGAIN);
    ck_assert_int_eq(at_module_urc(&f.m, TOY_LINE_READY, NULL), AT_OK);
    while (at_module_urc(&f.m, TOY_LINE_READY, NULL) == AT_OK) continue;
    ck_assert_int_eq(reply(TOY_LIST_OK, NULL), AT_OK);
    ck_assert(at_wants_write(&f.m.link));
    f.late = false;
    feed("AT+VOL?", 7);
    ck_assert_uint_eq(at_feed(&f.m.link, (const uint8_t *)"\r", 1), 0);  /* no room to answer */
    f.pipe.allow = SIZE_MAX;
    say("\r\n");
    ck_assert_str_eq(f.pipe.out + f.pipe.n - 14, "+VOL:7\r\n" OK);
}
END_TEST

START_TEST(test_settings)
{
    begin();
    ck_assert_int_eq(f.settings[0], AT_UNKNOWN);
    ck_assert_int_eq(f.settings[4], 7);
    say("AT+MUX=1\r\nAT+SEND=2,3\r\nabc");
    ck_assert_int_eq(f.settings[0], 1);
    ck_assert_int_eq(f.settings[3], 3);
    at_restart(&f.m.link);
    ck_assert_int_eq(f.settings[0], AT_UNKNOWN);
    ck_assert_int_eq(f.settings[3], 7);
}
END_TEST

START_TEST(test_data_before_the_prompt)
{
    begin();
    f.late = true;
    ck_assert_uint_eq(at_feed(&f.m.link, (const uint8_t *)"AT+SEND=5\r\nhello", 16), 11);
    ck_assert_int_eq(reply(TOY_PROMPT, NULL), AT_OK);
    ck_assert_int_eq(reply(TOY_PROMPT, NULL), AT_INVALID);
    ck_assert(at_module_in_data(&f.m));
    say("hello");
    expect_out("> \r\nSEND OK\r\n");
    expect_log("hello[done]\n");
}
END_TEST

START_TEST(test_data_taken_slowly)
{
    begin();
    f.takes = 0;
    say("AT+SEND=5\r\n");
    ck_assert_uint_eq(at_feed(&f.m.link, (const uint8_t *)"hello", 5), 0);
    f.takes = 2;
    ck_assert_uint_eq(at_feed(&f.m.link, (const uint8_t *)"hello", 5), 5);
    expect_log("SEND 5\nhello[done]\n");
}
END_TEST

START_TEST(test_form_ends_within_its_data)      /* the rest is dropped */
{
    begin();
    f.silent = true;
    say("AT+SEND=8\r\nab");
    ck_assert_int_eq(reply(TOY_SEND_FAIL, NULL), AT_OK);
    say("AT\r\nxxAT\r\n");
    expect_out("> \r\nFAIL\r\n" OK);
    say("AT+SEND=8\r\nab");
    ck_assert_int_eq(reply(TOY_SEND_FAIL, NULL), AT_OK);
    say("cd");
    pass(200);                  /* silence: the host has given up */
    say("AT\r\n");
    expect_out("> \r\nFAIL\r\n" OK);
}
END_TEST

START_TEST(test_data_without_prompt_refused)
{
    begin();
    f.answer = AT_REFUSED;
    say("AT+PUSH=8\rAT\r\nab\r\nAT\r\n");
    expect_out(ERROR OK);
    say("AT+PUSH=x\rAT\r\nabcdefgh\r\n");
    ck_assert_uint_eq(at_poll(&f.m.link), 200);
    pass(199);
    expect_out(ERROR);
    ck_assert(!at_idle(&f.m.link));
    pass(1);
    ck_assert(at_idle(&f.m.link));
    say("AT\r\n");
    expect_out(OK);
}
END_TEST

START_TEST(test_data_timeouts)
{
    begin();
    say("AT+PUSH=8\rabc");
    ck_assert_uint_eq(at_poll(&f.m.link), 1000);
    pass(1000);
    expect_log("PUSH 8\nabc[the data ended early]\n");
    expect_out(OK);
    say("AT+TEXT\r\nabc\\");
    pass(5999);
    pass(1);
    expect_log("TEXT\nabc\\[timed out]\n");
    expect_out("> " ERROR);
    ck_assert(at_idle(&f.m.link));
}
END_TEST

START_TEST(test_transparent)
{
    begin();
    say("AT+SEND\r\n");
    say("+++");                 /* no silence before it */
    pass(1000);
    say("a+++");
    pass(1000);
    say("+");
    say("++");
    say("b");                   /* no silence after it */
    pass(1000);
    say("++");
    pass(1000);
    ck_assert(at_module_in_transparent(&f.m));
    ck_assert_int_eq(at_module_urc(&f.m, TOY_LINE_READY, NULL), AT_AGAIN);
    ck_assert_uint_eq(at_module_send(&f.m, (const uint8_t *)"xyz", 3), 3);
    pass(1000);
    say("++");
    say("+");
    ck_assert_uint_eq(at_poll(&f.m.link), 1000);
    pass(1000);
    expect_log("TRANSPARENT\n+++a++++++b++[done]\n");
}
END_TEST

START_TEST(test_transparent_left)
{
    begin();
    say("AT+SEND\r\n");
    say("abc");
    ck_assert_int_eq(at_module_leave(&f.m), AT_OK);
    ck_assert_int_eq(at_module_leave(&f.m), AT_INVALID);
    say("AT\r\n");
    expect_out("> \r\nNO CARRIER\r\n" OK);
    expect_log("TRANSPARENT\nabc");
}
END_TEST

START_TEST(test_later)
{
    toy_vol v = { 3 };
    begin();
    say("AT+LATE\r\nA");
    ck_assert_int_eq(reply(TOY_LATE_LINE, &v), AT_AGAIN);
    say("T\r\n");
    ck_assert_int_eq(reply(TOY_LATE_LINE, &v), AT_OK);
    at_poll(&f.m.link);
    expect_out(OK OK "+LATE:3\r\n");
}
END_TEST

START_TEST(test_lost_and_restart)
{
    toy_ipd ipd = { false, 0, 0, BYTES("abc") };
    begin();
    say("ATE1\r\nAT+SEND=5\r\nab");
    f.pipe.allow = 0;
    ck_assert_int_eq(at_module_urc(&f.m, TOY_LINE_IPD, &ipd), AT_OK);
    at_lost(&f.m.link);
    expect_log("SEND 5\nabsent 3\n[the line is lost]\n");
    ck_assert(at_idle(&f.m.link));
    ck_assert_int_eq(reply(TOY_SEND_OK, NULL), AT_INVALID);
    pipe_clear(&f.pipe);
    say("AT\r\n");
    expect_out("AT\r" OK);
    say("A");
    at_restart(&f.m.link);
    say("AT\r\n");
    expect_out("A" OK);
}
END_TEST

START_TEST(test_tap)
{
    begin();
    say("AT+VOL=3\r\nAT+VOL=33\r\nAT+NIX\r\nXT\r\nAT+JOIN=\"a\r\nAT+SEND=2\r\nab");
    ck_assert_str_eq(f.events, "command 8 0 \nrejected 9 7 a value that is not allowed\n"
                     "rejected 6 2 no such command\nrejected 2 0 no command\n"
                     "rejected 10 8 a value that is not allowed\ncommand 9 0 \ndata 2 0 \n");
}
END_TEST

START_TEST(test_too_many_items)         /* nothing is stored beyond the array */
{
    toy_sub *exact;
    begin();
    exact = calloc(1, sizeof *exact);
    ck_assert_ptr_nonnull(exact);
    f.m.fields = exact;
    say("AT+SUB=1,\"a\",0,\"a\",0,\"a\",0,\"a\",0,\"a\",0,\"a\",0,\"a\",0\r\n");
    expect_out(ERROR);
    say("AT+SUB=1,\"a\",0,\"a\",0,\"a\",0,\"a\",2\r\n");
    expect_out(OK);
    ck_assert_uint_eq(exact->item[3].qos, 2);
    free(exact);
}
END_TEST

START_TEST(test_small_buffer)
{
    at_port port;
    begin();
    port = f.m.link.port;
    ck_assert_int_eq(at_module_init(&f.m, &klass, &port, f.buffer, 100, f.fields, f.settings,
                                    f.cells, NULL), AT_INVALID);
}
END_TEST

START_TEST(test_random_bytes)           /* nothing hangs, and the next command works */
{
    static const char *const pieces[] = {
        "AT", "+VOL", "=", "1", ",", "\"", "\r", "\n", "\r\n", "+SEND=3", ";", "\x1a", "\x1b", "+++",
        "+TEXT", "+PUSH=4", "E1", "E0", "\\", "+SEND", "x", "+LIST", "+GET=3", "+SUB=1,\"a\",1",
    };
    unsigned i, k;
    srand((unsigned)_i);
    begin();
    for (i = 0; i < 300; i++) {
        const char *p = pieces[(unsigned)rand() % (sizeof pieces / sizeof *pieces)];
        f.takes = (size_t)rand() % 4;
        f.log[0] = f.events[0] = '\0';
        f.pipe.n = 0;
        f.pipe.allow = (size_t)rand() % 20;
        f.pipe.now += (uint32_t)rand() % 400;
        k = (unsigned)at_feed(&f.m.link, (const uint8_t *)p, strlen(p));
        ck_assert_uint_le(k, strlen(p));
        at_poll(&f.m.link);
    }
    pipe_clear(&f.pipe);
    f.takes = SIZE_MAX;
    at_poll(&f.m.link);
    pass(7000);
    at_lost(&f.m.link);
    f.pipe.n = 0;
    say("ATE0\r\n");
    pipe_clear(&f.pipe);
    say("AT\r\n");
    expect_out(OK);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("module");
    TCase *c = tcase_create("module");
    SRunner *r = srunner_create(s);
    int failed, n = (int)(sizeof exchanges / sizeof *exchanges);
    suite_add_tcase(s, c);
    tcase_add_loop_test(c, test_every_split, 0, n);
    tcase_add_loop_test(c, test_slow_line, 0, n);
    tcase_add_test(c, test_nul_and_noise);
    tcase_add_test(c, test_pending_and_double_answers);
    tcase_add_test(c, test_busy);
    tcase_add_test(c, test_busy_data);
    tcase_add_test(c, test_busy_other_policies);
    tcase_add_test(c, test_abort);
    tcase_add_test(c, test_handler_statuses);
    tcase_add_test(c, test_done_without_a_word);
    tcase_add_test(c, test_chain_pending);
    tcase_add_test(c, test_urc);
    tcase_add_test(c, test_full_output);
    tcase_add_test(c, test_settings);
    tcase_add_test(c, test_data_before_the_prompt);
    tcase_add_test(c, test_data_taken_slowly);
    tcase_add_test(c, test_form_ends_within_its_data);
    tcase_add_test(c, test_data_without_prompt_refused);
    tcase_add_test(c, test_data_timeouts);
    tcase_add_test(c, test_transparent);
    tcase_add_test(c, test_transparent_left);
    tcase_add_test(c, test_later);
    tcase_add_test(c, test_lost_and_restart);
    tcase_add_test(c, test_tap);
    tcase_add_test(c, test_too_many_items);
    tcase_add_test(c, test_small_buffer);
    tcase_add_loop_test(c, test_random_bytes, 0, 60);
    srunner_run_all(r, CK_NORMAL);
    failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed != 0;
}
