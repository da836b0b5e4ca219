/* SPDX-License-Identifier: MIT */
#include "net.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "store.h"

enum { PATIENCE_MS = 5000 };

typedef struct connection {
    struct connection *next;
    char *id;
    int fd;
} connection;

struct net {
    connection *first;
    char *gone; /* the name of one that is being told to have gone */
};

net *net_new(void)
{
    return store_memory(sizeof(net));
}

static connection **find(const net *n, const char *id)
{
    connection **at = (connection **)&((net *)n)->first;
    while (*at && strcmp((*at)->id, id) != 0)
        at = &(*at)->next;
    return at;
}

static void drop(connection **at)
{
    connection *c = *at;
    *at = c->next;
    close(c->fd);
    free(c->id);
    free(c);
}

void net_free(net *n)
{
    if (!n) return;
    while (n->first)
        drop(&n->first);
    free(n->gone);
    free(n);
}

bool net_has(const net *n, const char *id)
{
    return *find(n, id) != NULL;
}

bool net_is_used(const net *n)
{
    return n->first != NULL;
}

void net_close(net *n, const char *id)
{
    connection **at = find(n, id);
    if (*at) drop(at);
}

/* ---- opening ---- */
static bool take_port(int fd, const char *port)
{
    struct sockaddr_in own = {.sin_family = AF_INET};
    own.sin_port = htons((uint16_t)strtoul(port, NULL, 10));
    return bind(fd, (struct sockaddr *)&own, sizeof own) == 0;
}

static bool wait_open(int fd)
{
    struct pollfd wait = {fd, POLLOUT, 0};
    int error = 0;
    socklen_t size = sizeof error;
    if (poll(&wait, 1, PATIENCE_MS) <= 0) return false;
    return getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) == 0 && error == 0;
}

static bool connect_to(int fd, const net_peer *p, const struct addrinfo *to)
{
    if (p->own_port && !take_port(fd, p->own_port)) return false;
    fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
    if (connect(fd, to->ai_addr, to->ai_addrlen) == 0) return true;
    return errno == EINPROGRESS && wait_open(fd);
}

/* -1: it does not open. */
static int open_socket(const net_peer *p)
{
    struct addrinfo want = {.ai_family = AF_INET}, *to;
    want.ai_socktype = p->udp ? SOCK_DGRAM : SOCK_STREAM;
    if (getaddrinfo(p->host, p->port, &want, &to) != 0) return -1;
    int fd = socket(to->ai_family, to->ai_socktype, to->ai_protocol);
    if (fd >= 0 && !connect_to(fd, p, to)) {
        close(fd);
        fd = -1;
    }
    freeaddrinfo(to);
    return fd;
}

bool net_open(net *n, const char *id, const net_peer *p)
{
    connection **at = find(n, id);
    int fd = *at ? -1 : open_socket(p);
    if (fd < 0) return false;
    *at = store_memory(sizeof **at);
    (*at)->id = store_copy(id, strlen(id));
    (*at)->fd = fd;
    return true;
}

/* ---- data ---- */
bool net_send(net *n, const char *id, const char *data, size_t left)
{
    const connection *c = *find(n, id);
    while (c && left > 0) {
        struct pollfd wait = {c->fd, POLLOUT, 0};
        ssize_t sent = send(c->fd, data, left, MSG_NOSIGNAL);
        if (sent < 0 && errno != EAGAIN && errno != EINTR) return false;
        if (sent < 0 && poll(&wait, 1, PATIENCE_MS) <= 0) return false;
        if (sent < 0) continue;
        data += sent;
        left -= (size_t)sent;
    }
    return c != NULL;
}

static bool is_quiet(void)
{
    return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
}

/* A refused datagram is no end: nobody has been there yet. */
static bool is_datagram(int fd)
{
    int type = 0;
    socklen_t size = sizeof type;
    return getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &size) == 0 && type == SOCK_DGRAM;
}

static void tell_gone(net *n, connection **at, net_event *e)
{
    free(n->gone);
    n->gone = store_copy((*at)->id, strlen((*at)->id));
    e->id = n->gone;
    e->lost = true;
    drop(at);
}

static void name_peer(int fd, net_event *e)
{
    struct sockaddr_in peer = {0};
    socklen_t size = sizeof peer;
    getpeername(fd, (struct sockaddr *)&peer, &size);
    inet_ntop(AF_INET, &peer.sin_addr, e->host, sizeof e->host);
    snprintf(e->port, sizeof e->port, "%u", ntohs(peer.sin_port));
}

bool net_next(net *n, net_event *e)
{
    for (connection **at = &n->first; *at; at = &(*at)->next) {
        ssize_t got = recv((*at)->fd, e->data, sizeof e->data, 0);
        if (got < 0 && is_quiet()) continue;
        if (got <= 0 && is_datagram((*at)->fd)) continue;
        e->id = (*at)->id;
        e->lost = false;
        e->n = got > 0 ? (size_t)got : 0;
        name_peer((*at)->fd, e);
        if (got <= 0) tell_gone(n, at, e);
        return true;
    }
    return false;
}
