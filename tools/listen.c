/* A pseudo-terminal needs its other side open once, or reading fails before the host has come.
 * SPDX-License-Identifier: MIT */
#define _XOPEN_SOURCE 700
#include "listen.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <termios.h>
#include <unistd.h>

static void set_raw(int fd)
{
    struct termios t;
    if (tcgetattr(fd, &t) != 0) return;
    t.c_iflag = IGNBRK;
    t.c_oflag = 0;
    t.c_lflag = 0;
    t.c_cflag = CS8 | CLOCAL | CREAD;
    t.c_cc[VMIN] = 1;
    t.c_cc[VTIME] = 0;
    tcsetattr(fd, TCSANOW, &t);
}

/* A host that does not read must not stop the module. */
static int unblocked(int fd)
{
    fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
    return fd;
}

static int fail(int fd)
{
    int error = errno;
    if (fd >= 0) close(fd);
    errno = error;
    return -1;
}

/* ---- the link ---- */
static const char *volatile link_made; /* NULL: none; signals come at any time */

void listen_end(void)
{
    const char *link = link_made;
    link_made = NULL;
    if (link) unlink(link);
}

/* Only what a signal may do: the signal then ends the program as it would have. */
static void end_by_signal(int number)
{
    listen_end();
    signal(number, SIG_DFL);
    raise(number);
}

/* Makes the link so that no signal comes between it and its handler; 0, or -1 with errno. */
static int make_link(const char *name, const char *link)
{
    static const int ends[] = {SIGHUP, SIGINT, SIGTERM};
    struct sigaction act = {.sa_handler = end_by_signal};
    sigset_t before;
    sigemptyset(&act.sa_mask);
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
        sigaddset(&act.sa_mask, ends[i]);
    sigprocmask(SIG_BLOCK, &act.sa_mask, &before);
    int made = symlink(name, link), error = errno;
    if (made == 0) {
        link_made = link;
        for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
            sigaction(ends[i], &act, NULL);
    }
    sigprocmask(SIG_SETMASK, &before, NULL);
    errno = error;
    return made;
}

int listen_pty(const char *link)
{
    int fd = posix_openpt(O_RDWR | O_NOCTTY);
    if (fd < 0 || grantpt(fd) != 0 || unlockpt(fd) != 0) return fail(fd);
    const char *name = ptsname(fd);
    int other = name ? open(name, O_RDWR | O_NOCTTY) : -1; /* stays open */
    if (other < 0) return fail(fd);
    set_raw(other);
    if (make_link(name, link) != 0) return fail(fd);
    return unblocked(fd);
}

/* False: this is no address of this machine's own, or no port. */
static int parse(const char *where, struct sockaddr_in *to)
{
    const char *colon = strrchr(where, ':');
    char host[64], *end;
    if (!colon || (size_t)(colon - where) >= sizeof host) return 0;
    snprintf(host, sizeof host, "%.*s", (int)(colon - where), where);
    unsigned long port = strtoul(colon + 1, &end, 10);
    if (*end != '\0' || end == colon + 1 || port > 65535) return 0;
    memset(to, 0, sizeof *to);
    to->sin_family = AF_INET;
    to->sin_port = htons((uint16_t)port);
    return inet_pton(AF_INET, strcmp(host, "localhost") == 0 ? "127.0.0.1" : host, &to->sin_addr) ==
           1;
}

int listen_tcp(const char *where)
{
    struct sockaddr_in to;
    int on = 1, fd;
    if (!parse(where, &to)) {
        errno = EINVAL;
        return -1;
    }
    fd = socket(AF_INET, SOCK_STREAM, 0);
    if (fd < 0) return -1;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(fd, (struct sockaddr *)&to, sizeof to) != 0 || listen(fd, 1) != 0) return fail(fd);
    int connection = accept(fd, NULL, NULL);
    if (connection < 0) return fail(fd);
    close(fd);
    return unblocked(connection);
}

int listen_connect(const char *where)
{
    struct sockaddr_in to;
    errno = EINVAL;
    int fd = parse(where, &to) ? socket(AF_INET, SOCK_STREAM, 0) : -1;
    if (fd < 0) return -1;
    if (connect(fd, (struct sockaddr *)&to, sizeof to) != 0) return fail(fd);
    return unblocked(fd);
}
