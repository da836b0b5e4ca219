/* A link over a file descriptor (tty, pty, socket, pipe) on POSIX: the port, and one turn of a
 * loop over poll(2). Any number of them; no threads.
 *
 *     at_posix io;
 *     at_port port;
 *     int fd = at_posix_open("/dev/ttyUSB0", 115200);
 *     at_posix_init(&io, &port, fd, fd);
 *     wizfi360_host_init(&host, &events, &port, buffer, sizeof buffer, &app);
 *     at_posix_link(&io, (at_link *)&host);
 *     while (at_posix_turn(&io, -1)) continue;
 * SPDX-License-Identifier: 0BSD */
#ifndef AT_POSIX_H
#define AT_POSIX_H

#include "atlink.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct at_posix {
    at_link *link;
    int in, out;
    bool ended;                 /* nothing more comes: end of file or an error */
    bool broken;                /* nothing can be written */
    uint8_t bytes[512];         /* read, but not taken by the link yet */
    size_t at, n;
} at_posix;

/* Open a tty raw, eight bits, no parity, no flow control, non-blocking. -1: errno says why; an
 * unknown baud rate is EINVAL. */
int at_posix_open(const char *path, unsigned long baud) AT_MUST_CHECK;
/* Fill in `port` (write, now, wait; ctx is `io`). Both descriptors become non-blocking. */
void at_posix_init(at_posix *io, at_port *port, int in, int out);
/* Say which link it is: after the link's own init. */
void at_posix_link(at_posix *io, at_link *link);
/* One turn: wait until something comes, can be written or is due, at most `ms` (-1: any time), and
 * do it. False: the line has ended and what came before is done; at_lost has been called. */
bool at_posix_turn(at_posix *io, int ms) AT_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
