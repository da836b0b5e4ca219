/* atterm at a terminal: this program is the person in front of it, over a pseudo-terminal, and the
 * module behind it, over a connection.
 * SPDX-License-Identifier: MIT */
#define _XOPEN_SOURCE 700
#include <arpa/inet.h>
#include <check.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

enum { PATIENCE_MS = 20000 };

typedef struct end { /* what has come from one side and was not asked for yet */
    int fd;
    char text[20000];
    size_t n;
} end;

static pid_t term;
static end person, module;

/* ---- both sides ---- */
static void say(end *e, const char *text)
{
    ck_assert_int_eq(write(e->fd, text, strlen(text)), (int)strlen(text));
}

/* Until `text` has come; what stands before it is passed over. */
static void hear(end *e, const char *text)
{
    struct pollfd wait = {e->fd, POLLIN, 0};
    char *at;
    while (!(at = strstr(e->text, text))) {
        ssize_t n = poll(&wait, 1, PATIENCE_MS) > 0
                        ? read(e->fd, e->text + e->n, sizeof e->text - e->n - 1)
                        : 0;
        ck_assert_msg(n > 0, "'%s' has not come, but: %s", text, e->text);
        e->n += (size_t)n;
        e->text[e->n] = '\0';
    }
    at += strlen(text);
    e->n -= (size_t)(at - e->text);
    memmove(e->text, at, e->n + 1);
}

/* ---- atterm between them ---- */
static int listen_somewhere(char *where, size_t room)
{
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof to;
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    ck_assert_int_eq(bind(fd, (struct sockaddr *)&to, sizeof to), 0);
    ck_assert_int_eq(listen(fd, 1), 0);
    ck_assert_int_eq(getsockname(fd, (struct sockaddr *)&to, &size), 0);
    snprintf(where, room, "127.0.0.1:%u", ntohs(to.sin_port));
    return fd;
}

static void run_term(const char *name, const char *where)
{
    char path[4096], *hc05 = strtok(strdup(getenv("EXAMPLES")), " ");
    snprintf(path, sizeof path, "%s/atterm", getenv("BINDIR"));
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
    char where[32];
    int server = listen_somewhere(where, sizeof where);
    struct winsize size = {.ws_row = 24, .ws_col = 100};
    person = (end){.fd = posix_openpt(O_RDWR | O_NOCTTY)};
    ck_assert(grantpt(person.fd) == 0 && unlockpt(person.fd) == 0);
    ioctl(person.fd, TIOCSWINSZ, &size);
    term = fork();
    if (term == 0) run_term(ptsname(person.fd), where);
    module = (end){.fd = accept(server, NULL, NULL)};
    close(server);
    hear(&person, "hc05> ");
}

/* Its exit status. */
static int leave(void)
{
    int status;
    say(&person, "\x04");
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
    close(person.fd);
    close(module.fd);
}

START_TEST(a_command_is_completed)
{
    say(&person, "at+rol\t");
    hear(&person, "at+rol");
    hear(&person, "E");
    say(&person, "\t");
    hear(&person, "AT+ROLE?\tWho calls");
    hear(&person, "AT+ROLE=\tWho calls");
    say(&person, "=\t");
    hear(&person, "0\t<role> SLAVE");
    hear(&person, "1\t<role> MASTER");
    say(&person, "1\r");
    hear(&module, "at+rolE=1\r\n");
    hear(&person, "role = 1 MASTER");
    say(&module, "OK\r\n");
    hear(&person, "< final    OK");
    ck_assert_int_eq(leave(), 0);
}
END_TEST

START_TEST(the_only_way_on_is_taken)
{
    say(&person, "AT+VE\t\r");
    hear(&module, "AT+VERSION?\r\n");
    say(&module, "+VERSION:2.0-20100601\r\nOK\r\n");
    hear(&person, "version=2.0-20100601");
    hear(&person, "< final    OK");
    ck_assert_int_eq(leave(), 0);
}
END_TEST

START_TEST(parameters_are_described)
{
    say(&person, "AT+INQM=1,\t");
    hear(&person, "<most> int 1..255: Stop after so many devices");
    say(&person, "5,\t");
    hear(&person, "<time> int 1..48");
    say(&person, "4\r");
    hear(&module, "AT+INQM=1,5,4\r\n");
    say(&module, "OK\r\n");
    hear(&person, "< final    OK");
    ck_assert_int_eq(leave(), 0);
}
END_TEST

START_TEST(what_is_wrong_stays_here)
{
    say(&person, "AT+ROLE=9\r");
    hear(&person, "not sent");
    say(&person, "AT\r");
    hear(&module, "AT\r\n");
    ck_assert_uint_eq(module.n, 0);
    say(&module, "OK\r\n");
    hear(&person, "< final    OK");
    ck_assert_int_eq(leave(), 1);
}
END_TEST

/* A line that comes while another is typed does not spoil it. */
START_TEST(lines_come_in_between)
{
    say(&person, "AT+NA");
    hear(&person, "AT+NA");
    say(&module, "nonsense\r\n");
    hear(&person, "< unknown  nonsense");
    hear(&person, "hc05> AT+NA");
    say(&person, "ME=x\r");
    hear(&module, "AT+NAME=x\r\n");
}
END_TEST

START_TEST(the_other_end_goes)
{
    int status;
    close(module.fd);
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
