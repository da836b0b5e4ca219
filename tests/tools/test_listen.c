/* Bytes go both ways through a pseudo-terminal and through a connection.
 * SPDX-License-Identifier: MIT */
#include <arpa/inet.h>
#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "listen.h"

/* Waits for all that is to come: neither end blocks. */
static void read_all(int fd, char *to, size_t n)
{
    struct pollfd wait = {fd, POLLIN, 0};
    while (n > 0) {
        poll(&wait, 1, -1);
        ssize_t some = read(fd, to, n);
        ck_assert_int_gt(some, 0);
        to += some;
        n -= (size_t)some;
    }
}

static void check_passes(int from, int to, const char *text)
{
    char got[16] = "";
    size_t n = strlen(text);
    ck_assert_int_eq(write(from, text, n), (int)n);
    read_all(to, got, n);
    ck_assert_str_eq(got, text);
}

START_TEST(a_pseudo_terminal)
{
    char folder[] = "/tmp/test_listen.XXXXXX", link[sizeof folder + 8];
    ck_assert_ptr_nonnull(mkdtemp(folder));
    snprintf(link, sizeof link, "%s/module", folder);
    int module = listen_pty(link), host = open(link, O_RDWR | O_NOCTTY);
    ck_assert_int_ge(module, 0);
    ck_assert_int_ge(host, 0);
    check_passes(host, module, "AT\r\n\x04\x11");
    check_passes(module, host, "\r\nOK\r\n");
    ck_assert_int_eq(listen_pty(link), -1);
    ck_assert_int_eq(errno, EEXIST);
    close(host);
    close(module);
    listen_end();
    ck_assert_int_eq(rmdir(folder), 0);
}
END_TEST

/* A port that nobody else takes as long as the socket is open; who listens on it may. */
static int keep_port(struct sockaddr_in *to)
{
    socklen_t size = sizeof *to;
    int fd = socket(AF_INET, SOCK_STREAM, 0), on = 1;
    ck_assert_int_eq(setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on), 0);
    memset(to, 0, sizeof *to);
    to->sin_family = AF_INET;
    to->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    ck_assert_int_eq(bind(fd, (struct sockaddr *)to, sizeof *to), 0);
    ck_assert_int_eq(getsockname(fd, (struct sockaddr *)to, &size), 0);
    return fd;
}

/* The other end: connects as soon as that goes, and sends back what comes. */
static void echo_child(const struct sockaddr_in *to)
{
    char byte;
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    while (connect(fd, (const struct sockaddr *)to, sizeof *to) != 0) {
        close(fd);
        fd = socket(AF_INET, SOCK_STREAM, 0);
    }
    while (read(fd, &byte, 1) == 1 && write(fd, &byte, 1) == 1)
        continue;
    _exit(0);
}

START_TEST(a_connection)
{
    struct sockaddr_in to;
    char where[32];
    int kept = keep_port(&to);
    snprintf(where, sizeof where, "127.0.0.1:%u", ntohs(to.sin_port));
    pid_t child = fork();
    if (child == 0) echo_child(&to);
    int fd = listen_tcp(where);
    ck_assert_int_ge(fd, 0);
    check_passes(fd, fd, "A");
    close(fd);
    close(kept);
    waitpid(child, NULL, 0);
}
END_TEST

START_TEST(what_is_no_address)
{
    static const char *const wrong[] = {
        "",           "nowhere",     "127.0.0.1",       ":1",
        "127.0.0.1:", "127.0.0.1:x", "127.0.0.1:65536", "256.0.0.1:1"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        ck_assert_int_eq(listen_tcp(wrong[i]), -1);
        ck_assert_int_eq(errno, EINVAL);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("listen");
    TCase *c = tcase_create("listen");
    tcase_add_test(c, a_pseudo_terminal);
    tcase_add_test(c, a_connection);
    tcase_add_test(c, what_is_no_address);
    suite_add_tcase(suite, c);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
