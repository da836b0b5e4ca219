/* The connections of a module in software: sockets of this machine, each known by the number that
 * the module has for it. SPDX-License-Identifier: MIT */
#ifndef NET_H
#define NET_H

#include <stdbool.h>
#include <stddef.h>

typedef struct net net;

typedef struct net_peer {
    const char *host, *port;
    const char *own_port; /* NULL: any */
    bool udp;
} net_peer;

enum { NET_PIECE = 1460 };
typedef struct net_event {
    const char *id; /* valid until the next call */
    bool lost;      /* the other end has gone: there is no such connection any more */
    char host[16], port[6];
    char data[NET_PIECE];
    size_t n;
} net_event;

net *net_new(void);
void net_free(net *); /* NULL: nothing */

/* Waits until it is open, at most some seconds. False: it is not, or there is one of that name. */
bool net_open(net *, const char *id, const net_peer *);
bool net_has(const net *, const char *id);
bool net_is_used(const net *);
/* False: it could not be sent whole. */
bool net_send(net *, const char *id, const char *data, size_t n);
void net_close(net *, const char *id);
/* What has come on some connection; false: nothing. Does not wait. */
bool net_next(net *, net_event *);

#endif
