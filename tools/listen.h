/* Where a simulated module can be reached besides standard input and output, and how.
 * SPDX-License-Identifier: MIT */
#ifndef LISTEN_H
#define LISTEN_H

/* A new pseudo-terminal, raw; `link` becomes a symbolic link to the side that the host opens, and
 * goes when a signal ends the program. `link` stays the caller's. -1: errno. */
int listen_pty(const char *link);
/* Removes the link, if there is one. */
void listen_end(void);
/* The first connection to `where`: 127.0.0.1:PORT or localhost:PORT. -1: errno. */
int listen_tcp(const char *where);
/* A connection to `where`, which is written in the same way. -1: errno. */
int listen_connect(const char *where);

#endif
