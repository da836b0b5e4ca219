/* A module in software opens real connections: this program is the host in front of it and the
 * server behind it.
 * SPDX-License-Identifier: MIT */
#define _XOPEN_SOURCE 700
#include <check.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "end.h"

static pid_t sim;
static end module;
static unsigned tcp_port, udp_port;
static int tcp, udp;

static void run_sim(const char *path, const int to[2], const int from[2], const char *dialect)
{
    dup2(to[0], STDIN_FILENO);
    dup2(from[1], STDOUT_FILENO);
    close(to[1]);
    close(from[0]);
    close(tcp);
    close(udp);
    execl(path, "atsim", dialect, (char *)NULL);
    _exit(127);
}

static void start(const char *dialect)
{
    int to[2], from[2];
    char path[4096];
    snprintf(path, sizeof path, "%s/atsim", end_env("BINDIR"));
    ck_assert(pipe(to) == 0 && pipe(from) == 0);
    sim = fork();
    if (sim == 0) run_sim(path, to, from, dialect);
    close(to[0]);
    close(from[1]);
    module = (end){.in = from[0], .out = to[1]};
}

/* It ends with its input, whatever is still open. */
static void stop(void)
{
    int status;
    close(module.out);
    waitpid(sim, &status, 0);
    ck_assert(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    close(module.in);
}

static void setup(void)
{
    tcp = end_socket(SOCK_STREAM, &tcp_port);
    udp = end_socket(SOCK_DGRAM, &udp_port);
}

static void teardown(void)
{
    close(tcp);
    close(udp);
}

/* With one %u for a port. */
static void say(const char *format, unsigned port)
{
    char text[200];
    snprintf(text, sizeof text, format, port);
    end_say(&module, text);
}

static void expect(int fd, const char *text)
{
    char got[100] = "";
    ck_assert_int_eq(recv(fd, got, strlen(text), MSG_WAITALL), (int)strlen(text));
    ck_assert_str_eq(got, text);
}

START_TEST(a_connection)
{
    char data[64];
    start("wizfi360");
    say("AT+CIPSTART=\"TCP\",\"127.0.0.1\",%u\r\n", tcp_port);
    end_hear(&module, "OK\r\n");
    int peer = accept(tcp, NULL, NULL);
    end_say(&module, "AT+CIPSEND=5\r\n");
    end_hear(&module, ">");
    end_say(&module, "hello");
    end_hear(&module, "SEND OK\r\n");
    expect(peer, "hello");
    ck_assert_int_eq(send(peer, "\r\nOK\r\n", 6, 0), 6);
    snprintf(data, sizeof data, "+IPD,6,127.0.0.1,%u:\r\nOK\r\n", tcp_port);
    end_hear(&module, data);
    close(peer);
    end_hear(&module, "CLOSED\r\n");
    end_say(&module, "AT+CIPSEND=5\r\n");
    end_hear(&module, "ERROR\r\n");
    stop();
}
END_TEST

START_TEST(several_connections)
{
    start("wizfi360");
    end_say(&module, "AT+CIPMUX=1\r\nAT+CIPDINFO=0\r\n");
    end_hear(&module, "OK\r\n");
    end_hear(&module, "OK\r\n");
    say("AT+CIPSTART=3,\"TCP\",\"127.0.0.1\",%u\r\n", tcp_port);
    end_hear(&module, "OK\r\n");
    int peer = accept(tcp, NULL, NULL);
    say("AT+CIPSTART=4,\"UDP\",\"127.0.0.1\",%u\r\n", udp_port);
    end_hear(&module, "OK\r\n");
    say("AT+CIPSTART=4,\"TCP\",\"127.0.0.1\",%u\r\n", tcp_port);
    end_hear(&module, "ERROR\r\n");
    ck_assert_int_eq(send(peer, "abc", 3, 0), 3);
    end_hear(&module, "+IPD,3,3:abc");
    end_say(&module, "AT+CIPCLOSE=3\r\n");
    end_hear(&module, "OK\r\n");
    ck_assert_int_eq(recv(peer, (char[1]){0}, 1, 0), 0);
    close(peer);
    stop();
}
END_TEST

START_TEST(datagrams)
{
    struct sockaddr_in from;
    socklen_t size = sizeof from;
    char got[10] = "";
    start("emw");
    say("AT+CIPSTART=2,udp_unicast,127.0.0.1,%u,0\r", udp_port);
    end_hear(&module, "OK\r\n");
    end_say(&module, "AT+CIPSEND=2,4\rping");
    end_hear(&module, "OK\r\n");
    ck_assert_int_eq(recvfrom(udp, got, sizeof got, 0, (struct sockaddr *)&from, &size), 4);
    ck_assert_str_eq(got, "ping");
    ck_assert_int_eq(sendto(udp, "pong!", 5, 0, (struct sockaddr *)&from, size), 5);
    end_hear(&module, "+CIPEVENT:SOCKET,2,5,pong!\r\n");
    stop();
}
END_TEST

START_TEST(nobody_there)
{
    unsigned port;
    int nobody = end_bound(SOCK_STREAM, &port);
    start("wizfi360");
    say("AT+CIPSTART=\"TCP\",\"127.0.0.1\",%u\r\n", port);
    end_hear(&module, "ERROR\r\n");
    end_say(&module, "AT+CIPCLOSE\r\n");
    end_hear(&module, "ERROR\r\n");
    stop();
    close(nobody);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("sockets");
    TCase *t = tcase_create("sockets");
    tcase_set_timeout(t, 60);
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_test(t, a_connection);
    tcase_add_test(t, several_connections);
    tcase_add_test(t, datagrams);
    tcase_add_test(t, nobody_there);
    suite_add_tcase(suite, t);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
