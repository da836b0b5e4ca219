/* What the firmware needs of its chip beside the serial line: a network stack that never waits. What is asked for has
 * happened when net_next() says so.
 * SPDX-License-Identifier: 0BSD */
#ifndef NET_H
#define NET_H

#include <stddef.h>
#include <stdint.h>

typedef enum net_event {
    NET_NOTHING,
    NET_JOINED,                 /* has an address */
    NET_WRONG_PASSWORD, NET_NO_SUCH_AP,
    NET_LEFT,
    NET_OPENED, NET_FAILED,     /* the connection; it could not be opened */
    NET_CLOSED                  /* and all that came has been released */
} net_event;

void net_restart(void);         /* leave and forget everything, say nothing of it */
void net_join(const char *ssid, const char *password);
void net_leave(void);
void net_open(const char *host, uint16_t port);
void net_close(void);
size_t net_send(const uint8_t *p, size_t n);            /* how many bytes it takes */
size_t net_received(const uint8_t **p);                 /* bytes from the peer; they stay until net_release() */
void net_release(void);
void net_peer(uint8_t address[4], uint16_t *port);      /* of the connection */
net_event net_next(void);       /* what has happened; each event once, in order */

#endif
