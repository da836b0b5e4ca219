/* SPDX-License-Identifier: MIT */
#include "end.h"

#include <arpa/inet.h>
#include <check.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { PATIENCE_MS = 120000 };

void end_say(end *e, const char *text)
{
    ck_assert_int_eq(write(e->out, text, strlen(text)), (int)strlen(text));
}

void end_hear(end *e, const char *text)
{
    struct pollfd wait = {e->in, POLLIN, 0};
    char *at;
    while (!(at = strstr(e->text, text))) {
        size_t room = sizeof e->text - e->n - 1;
        ssize_t n = poll(&wait, 1, PATIENCE_MS) > 0 ? read(e->in, e->text + e->n, room) : 0;
        ck_assert_msg(n > 0, "'%s' has not come, but: %s", text, e->text);
        e->n += (size_t)n;
        e->text[e->n] = '\0';
    }
    at += strlen(text);
    e->n -= (size_t)(at - e->text);
    memmove(e->text, at, e->n + 1);
}

const char *end_env(const char *name)
{
    const char *value = getenv(name);
    ck_assert_msg(value != NULL,
                  "%s is not set: `make check` does it (BINDIR: where the tools are; EXAMPLES: specs)",
                  name);
    return value;
}

int end_bound(int type, unsigned *port)
{
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof to;
    int fd = socket(AF_INET, type, 0);
    ck_assert_int_eq(bind(fd, (struct sockaddr *)&to, sizeof to), 0);
    ck_assert_int_eq(getsockname(fd, (struct sockaddr *)&to, &size), 0);
    *port = ntohs(to.sin_port);
    return fd;
}

int end_socket(int type, unsigned *port)
{
    int fd = end_bound(type, port);
    if (type == SOCK_STREAM) ck_assert_int_eq(listen(fd, 1), 0);
    return fd;
}
