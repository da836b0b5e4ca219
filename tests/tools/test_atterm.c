/* atterm at a terminal: this program is the person in front of it, over a pseudo-terminal, and the
 * module behind it, over a connection.
 * SPDX-License-Identifier: MIT */
#define _XOPEN_SOURCE 700
#include <check.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "end.h"

static pid_t term;
static end person, module;

/* ---- atterm between them ---- */
static void run_term(const char *path, const char *name, const char *where, const char *hc05)
{
    setsid();
    int fd = open(name, O_RDWR);
    for (int i = 0; i < 3; i++)
        dup2(fd, i);
    setenv("TERM", "xterm", 1);
    execl(path, "atterm", "--tcp", where, hc05, (char *)NULL);
    _exit(127);
}

static void setup(void)
{
    char where[32], path[4096], *hc05 = strtok(strdup(end_env("EXAMPLES")), " ");
    unsigned port;
    int server = end_socket(SOCK_STREAM, &port);
    struct winsize size = {.ws_row = 24, .ws_col = 100};
    int pty = posix_openpt(O_RDWR | O_NOCTTY);
    ck_assert(grantpt(pty) == 0 && unlockpt(pty) == 0);
    ioctl(pty, TIOCSWINSZ, &size);
    snprintf(path, sizeof path, "%s/atterm", end_env("BINDIR"));
    snprintf(where, sizeof where, "127.0.0.1:%u", port);
    term = fork();
    if (term == 0) run_term(path, ptsname(pty), where, hc05);
    int line = accept(server, NULL, NULL);
    person = (end){.in = pty, .out = pty};
    module = (end){.in = line, .out = line};
    close(server);
    end_hear(&person, "hc05> ");
}

/* Its exit status. */
static int leave(void)
{
    int status;
    end_say(&person, "\x04");
    waitpid(term, &status, 0);
    term = 0;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void teardown(void)
{
    if (term > 0) {
        kill(term, SIGKILL);
        waitpid(term, NULL, 0);
    }
    close(person.in);
    close(module.in);
}

START_TEST(a_command_is_completed)
{
    end_say(&person, "at+rol\t");
    end_hear(&person, "at+rol");
    end_hear(&person, "E");
    end_say(&person, "\t");
    end_hear(&person, "AT+ROLE?\tWho calls");
    end_hear(&person, "AT+ROLE=\tWho calls");
    end_say(&person, "=\t");
    end_hear(&person, "0\t<role> SLAVE");
    end_hear(&person, "1\t<role> MASTER");
    end_say(&person, "1\r");
    end_hear(&module, "at+rolE=1\r\n");
    end_hear(&person, "role = 1 MASTER");
    end_say(&module, "OK\r\n");
    end_hear(&person, "< final    OK");
    ck_assert_int_eq(leave(), 0);
}
END_TEST

START_TEST(the_only_way_on_is_taken)
{
    end_say(&person, "AT+VE\t\r");
    end_hear(&module, "AT+VERSION?\r\n");
    end_say(&module, "+VERSION:2.0-20100601\r\nOK\r\n");
    end_hear(&person, "version=2.0-20100601");
    end_hear(&person, "< final    OK");
    ck_assert_int_eq(leave(), 0);
}
END_TEST

START_TEST(parameters_are_described)
{
    end_say(&person, "AT+INQM=1,\t");
    end_hear(&person, "<most> int 1..255: Stop after so many devices");
    end_say(&person, "5,\t");
    end_hear(&person, "<time> int 1..48");
    end_say(&person, "4\r");
    end_hear(&module, "AT+INQM=1,5,4\r\n");
    end_say(&module, "OK\r\n");
    end_hear(&person, "< final    OK");
    ck_assert_int_eq(leave(), 0);
}
END_TEST

START_TEST(what_is_wrong_stays_here)
{
    end_say(&person, "AT+ROLE=9\r");
    end_hear(&person, "not sent");
    end_say(&person, "AT\r");
    end_hear(&module, "AT\r\n");
    ck_assert_uint_eq(module.n, 0);
    end_say(&module, "OK\r\n");
    end_hear(&person, "< final    OK");
    ck_assert_int_eq(leave(), 1);
}
END_TEST

/* A line that comes while another is typed does not spoil it. */
START_TEST(lines_come_in_between)
{
    end_say(&person, "AT+NA");
    end_hear(&person, "AT+NA");
    end_say(&module, "nonsense\r\n");
    end_hear(&person, "< unknown  nonsense");
    end_hear(&person, "hc05> AT+NA");
    end_say(&person, "ME=x\r");
    end_hear(&module, "AT+NAME=x\r\n");
}
END_TEST

START_TEST(the_other_end_goes)
{
    int status;
    close(module.in);
    waitpid(term, &status, 0);
    term = 0;
    ck_assert(WIFEXITED(status) && WEXITSTATUS(status) == 1);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("atterm");
    TCase *t = tcase_create("at a terminal");
    tcase_set_timeout(t, 60);
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_test(t, a_command_is_completed);
    tcase_add_test(t, the_only_way_on_is_taken);
    tcase_add_test(t, parameters_are_described);
    tcase_add_test(t, what_is_wrong_stays_here);
    tcase_add_test(t, lines_come_in_between);
    tcase_add_test(t, the_other_end_goes);
    suite_add_tcase(suite, t);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
