/* Unit tests of runtime/at_link.c and the ports: output in parts, payloads, the clock, trace; the
 * ring; a loop over descriptors.
 * SPDX-License-Identifier: MIT */
#include <check.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../../runtime/ports/at_posix.h"
#include "../../runtime/ports/at_ring.h"
#include "pipe.h"
#include "toy.h"

static at_link l;
static byte_pipe pipe_end;
static char buffer[300];
static int32_t settings[5];
static at_cell cells[AT_CELLS_MAX];
static char seen[256];

static void saw(const char *what, size_t n)
{
    size_t at = strlen(seen);
    snprintf(seen + at, sizeof seen - at, "%s%u ", what, (unsigned)n);
}

static size_t side_feed(at_link *link, const uint8_t *p, size_t n)
{
    (void)link;
    (void)p;
    saw("feed", n);
    return n / 2;
}

static uint32_t side_poll(at_link *link)
{
    (void)link;
    saw("poll", 0);
    return 42;
}

static bool side_idle(const at_link *link)
{
    (void)link;
    return true;
}

static void side_end(at_link *link, at_status status)
{
    (void)link;
    saw("end", (size_t)status);
}

static void side_sent(at_link *link, at_bytes b)
{
    ck_assert(link->data.n == 0);
    saw("sent", b.n);
}

static void trace(void *ctx, char direction, at_bytes b)
{
    char text[2] = { direction, '\0' };
    (void)ctx;
    saw(text, b.n);
}

static void begin(void)
{
    static const at_side side = { '>', side_feed, side_poll, side_idle, side_end, side_sent };
    at_port port = pipe_port(&pipe_end);
    port.trace = trace;
    seen[0] = '\0';
    memset(&l, 0, sizeof l);
    l.side = &side;
    l.tables = &toy_tables.t;
    l.settings = settings;
    l.scan.cells = cells;
    ck_assert_int_eq(at__link_init(&l, &port, buffer, sizeof buffer, l.tables->line_max), AT_OK);
}

static bool put(const char *text, size_t keep)
{
    uint16_t start = at__begin(&l, keep);
    at__put(&l, text, strlen(text));
    return at__commit(&l, start);
}

START_TEST(test_output_in_parts)
{
    at_bytes data = { (const uint8_t *)"DATA", 4 };
    uint16_t start;
    begin();
    ck_assert(put("one ", 0));
    start = at__begin(&l, 0);
    at__put(&l, "head ", 5);
    at__put_data(&l, data);
    at__put(&l, " tail", 5);
    ck_assert(at__commit(&l, start));
    start = at__begin(&l, 0);
    at__put_data(&l, data);
    ck_assert(!at__commit(&l, start));      /* one payload at a time */
    ck_assert(put(" two", 0));
    while (at_wants_write(&l)) {
        pipe_end.allow = 1;
        ck_assert_uint_eq(at_poll(&l), 42);
    }
    ck_assert_str_eq(pipe_end.out, "one head DATA tail two");
    ck_assert_ptr_nonnull(strstr(seen, "sent4"));
    ck_assert(at_idle(&l));
}
END_TEST

START_TEST(test_output_full)
{
    char many[200];
    unsigned n = 0;
    size_t size = sizeof buffer - 101;
    memset(many, 'x', sizeof many);
    many[50] = '\0';
    begin();
    ck_assert_uint_eq(at__room(&l), size);
    while (put(many, 20)) n += 50;
    ck_assert_uint_le(n, size - 20);
    ck_assert_uint_gt(n + 50, size - 20);
    pipe_end.allow = 30;                    /* what has left makes room */
    at__flush(&l);
    ck_assert_uint_eq(at__room(&l), size - n + 30);
    many[30] = '\0';
    ck_assert(put(many, 20));
    pipe_end.allow = SIZE_MAX;
    at__flush(&l);
    ck_assert_uint_eq(pipe_end.n, n + 30);
    ck_assert_uint_eq(at__room(&l), size);
}
END_TEST

START_TEST(test_feed_and_trace)
{
    begin();
    ck_assert(put("abc", 0));
    ck_assert_uint_eq(at_feed(&l, (const uint8_t *)"1234", 4), 2);
    ck_assert_str_eq(seen, "feed4 >2 <3 ");
}
END_TEST

START_TEST(test_end)
{
    at_bytes data = { (const uint8_t *)"DATA", 4 };
    uint16_t start;
    begin();
    start = at__begin(&l, 0);
    at__put_data(&l, data);
    ck_assert(at__commit(&l, start));
    at_lost(&l);
    ck_assert_str_eq(seen, "sent4 end9 ");
    ck_assert(!at_wants_write(&l));
    settings[0] = settings[1] = 3;
    at_restart(&l);
    ck_assert_int_eq(settings[0], AT_UNKNOWN);
    ck_assert_int_eq(settings[1], 7);
}
END_TEST

START_TEST(test_clock_wraps)
{
    begin();
    l.now = UINT32_MAX - 5;
    ck_assert_uint_eq(at__until(&l, l.now + 10), 10);
    ck_assert_uint_eq(at__until(&l, l.now), 0);
    ck_assert_uint_eq(at__until(&l, l.now - 1), 0);
}
END_TEST

START_TEST(test_status_texts)
{
    int s;
    for (s = AT_OK; s <= AT_SHORT; s++) ck_assert_str_ne(at_status_text((at_status)s), "");
    ck_assert_str_eq(at_status_text((at_status)99), "");
}
END_TEST

START_TEST(test_ring)
{
    static uint8_t bytes[8];
    at_ring ring = AT_RING(bytes);
    unsigned i;
    begin();
    ring.in = ring.out = UINT32_MAX - 2;    /* the counters wrap */
    for (i = 0; i < 8; i++) ck_assert(at_ring_put(&ring, (uint8_t)i));
    ck_assert(!at_ring_put(&ring, 9));
    ck_assert_uint_eq(ring.lost, 1);
    ck_assert_uint_eq(at_ring_room(&ring), 0);
    ck_assert_uint_eq(at_ring_feed(&ring, &l), 2);      /* 1 of 3, 1 of 2, 0 of 1 */
    ck_assert_uint_eq(at_ring_room(&ring), 2);
}
END_TEST

/* ---- a module behind a socket ---- */

static at_status module_call(at_module *m, unsigned form, const void *fields)
{
    (void)m;
    (void)fields;
    return form == TOY_AT ? AT_OK : AT_UNSUPPORTED;
}

START_TEST(test_posix)
{
    static const at_module_class klass = { &toy_tables, NULL, NULL, module_call, NULL, NULL,
                                            sizeof(toy_all) };
    static at_module m;
    static toy_all fields;
    at_posix io;
    at_port port;
    int fd[2], i;
    char answer[64] = "";
    ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, fd), 0);
    at_posix_init(&io, &port, fd[0], fd[0]);
    ck_assert_int_eq(at_module_init(&m, &klass, &port, buffer, sizeof buffer, &fields, settings,
                                    cells, NULL), AT_OK);
    at_posix_link(&io, &m.link);
    ck_assert_int_eq(write(fd[1], "AT\r\nAT+VOL=1\r\n", 14), 14);
    for (i = 0; i < 3; i++) ck_assert(at_posix_turn(&io, 0));
    ck_assert_int_eq(read(fd[1], answer, sizeof answer), 15);
    ck_assert_str_eq(answer, "\r\nOK\r\n\r\nERROR\r\n");
    close(fd[1]);
    while (at_posix_turn(&io, -1)) continue;
    close(fd[0]);
    ck_assert_int_eq(at_posix_open("/dev/null", 12345), -1);
    ck_assert_int_eq(at_posix_open("/dev/null", 9600), -1);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("link");
    TCase *c = tcase_create("link");
    SRunner *r = srunner_create(s);
    int failed;
    suite_add_tcase(s, c);
    tcase_add_test(c, test_output_in_parts);
    tcase_add_test(c, test_output_full);
    tcase_add_test(c, test_feed_and_trace);
    tcase_add_test(c, test_end);
    tcase_add_test(c, test_clock_wraps);
    tcase_add_test(c, test_status_texts);
    tcase_add_test(c, test_ring);
    tcase_add_test(c, test_posix);
    srunner_run_all(r, CK_NORMAL);
    failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed != 0;
}
