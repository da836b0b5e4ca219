/* The calls of a driver that wait (`…_wait`), as they are generated: port.wait lets time pass and brings what the module
 * says, here a script.
 * SPDX-License-Identifier: MIT */
#include <check.h>
#include <string.h>

#include "wizfi360_host.h"

typedef struct script {
    wizfi360_host host;
    unsigned char buffer[WIZFI360_HOST_BUFFER];
    char said[256];             /* by the driver */
    size_t n_said;
    const char *answer;         /* what the module says, a byte at each wait; NULL: nothing */
    uint32_t now, longest;      /* ms; the longest time that was waited for */
    unsigned waits;
} script;

static size_t take(void *ctx, const uint8_t *p, size_t n)
{
    script *s = (script *)ctx;
    ck_assert(s->n_said + n < sizeof s->said);
    memcpy(s->said + s->n_said, p, n);
    s->n_said += n;
    return n;
}

static uint32_t now(void *ctx)
{
    return ((script *)ctx)->now;
}

static void pass(void *ctx, uint32_t ms)
{
    script *s = (script *)ctx;
    ck_assert(ms > 0);
    s->waits++;
    if (s->answer && *s->answer != '\0') {
        ck_assert(at_feed(wizfi360_host_link(&s->host), (const uint8_t *)s->answer++, 1) == 1);
        s->now++;
        return;
    }
    if (ms > s->longest) s->longest = ms;
    s->now += ms < 1000 ? ms : 1000;
}

static void begin(script *s, void (*wait)(void *, uint32_t))
{
    const at_port port = { take, now, wait, NULL, s };
    memset(s, 0, sizeof *s);
    ck_assert(wizfi360_host_init(&s->host, NULL, &port, s->buffer, sizeof s->buffer, NULL) == AT_OK);
}

static bool has_said(const script *s, const char *line)
{
    return s->n_said == strlen(line) && memcmp(s->said, line, s->n_said) == 0;
}

START_TEST(answered)
{
    script s;
    wizfi360_cwmode_read_result result = { 0 };
    begin(&s, pass);
    s.answer = "+CWMODE_CUR:3\r\n\r\nOK\r\n";
    ck_assert(wizfi360_host_cwmode_read_wait(&s.host, &(wizfi360_cwmode_read){ .saved = AT_RAM }, &result) == AT_OK);
    ck_assert(has_said(&s, "AT+CWMODE_CUR?\r\n"));
    ck_assert_int_eq(result.mode, 3);
}
END_TEST

START_TEST(nobody_wants_the_result)
{
    script s;
    begin(&s, pass);
    s.answer = "+CWMODE_CUR:3\r\n\r\nOK\r\n";
    ck_assert(wizfi360_host_cwmode_read_wait(&s.host, &(wizfi360_cwmode_read){ .saved = AT_RAM }, NULL) == AT_OK);
}
END_TEST

START_TEST(refused)
{
    script s;
    begin(&s, pass);
    s.answer = "\r\nERROR\r\n";
    ck_assert(wizfi360_host_at_exec_wait(&s.host, NULL) == AT_REFUSED);
}
END_TEST

/* It ends by itself, having waited for no longer than the command may take. */
START_TEST(not_answered)
{
    script s;
    begin(&s, pass);
    ck_assert(wizfi360_host_at_exec_wait(&s.host, NULL) == AT_TIMEOUT);
    ck_assert(has_said(&s, "AT\r\n"));
    ck_assert_uint_eq(s.longest, 5000);
    ck_assert_uint_eq(s.now, 5000);
}
END_TEST

/* Nor does the next one hang: the link is to be brought back in step first, and that is not answered either. */
START_TEST(not_answered_again)
{
    script s;
    begin(&s, pass);
    ck_assert(wizfi360_host_at_exec_wait(&s.host, NULL) == AT_TIMEOUT);
    ck_assert(wizfi360_host_cwmode_read_wait(&s.host, &(wizfi360_cwmode_read){ .saved = AT_RAM }, NULL) == AT_TIMEOUT);
    ck_assert_uint_le(s.longest, 8000);
    ck_assert_uint_le(s.now, 30000);
}
END_TEST

/* What cannot be sent is not waited for. */
START_TEST(not_sent)
{
    script s;
    begin(&s, pass);
    ck_assert(wizfi360_host_cwmode_set_wait(&s.host, &(wizfi360_cwmode_set){ .mode = 77 }, NULL) == AT_INVALID);
    ck_assert_uint_eq(s.n_said, 0);
    ck_assert_uint_eq(s.waits, 0);
}
END_TEST

static void done(at_request *r, at_status status, const wizfi360_at_exec_result *x, void *ctx)
{
    (void)r;
    (void)x;
    *(at_status *)ctx = status;
}

/* Nothing is left behind of the request that lay on the caller's stack. */
START_TEST(port_that_cannot_wait)
{
    script s;
    at_request r;
    at_status status = AT_INVALID;
    begin(&s, NULL);
    ck_assert(wizfi360_host_at_exec_wait(&s.host, NULL) == AT_INVALID);
    memset(&r, 0, sizeof r);
    ck_assert(wizfi360_host_at_exec(&s.host, &r, done, &status) == AT_OK);
    at_poll(wizfi360_host_link(&s.host));
    ck_assert(has_said(&s, "AT\r\n"));
    ck_assert(at_feed(wizfi360_host_link(&s.host), (const uint8_t *)"\r\nOK\r\n", 6) == 6);
    at_poll(wizfi360_host_link(&s.host));
    ck_assert(status == AT_OK);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("wait");
    TCase *c = tcase_create("wait");
    tcase_add_test(c, answered);
    tcase_add_test(c, nobody_wants_the_result);
    tcase_add_test(c, refused);
    tcase_add_test(c, not_answered);
    tcase_add_test(c, not_answered_again);
    tcase_add_test(c, not_sent);
    tcase_add_test(c, port_that_cannot_wait);
    suite_add_tcase(s, c);
    SRunner *runner = srunner_create(s);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
