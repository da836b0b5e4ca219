/* One end of a line that a test holds in its hand.
 * SPDX-License-Identifier: MIT */
#ifndef END_H
#define END_H

#include <stddef.h>

typedef struct end { /* what has come and was not asked for yet */
    int in, out;     /* where it comes from, where it goes to */
    char text[20000];
    size_t n;
} end;

void end_say(end *, const char *text);
/* Until `text` has come; what stands before it is passed over. Fails the test when it does not. */
void end_hear(end *, const char *text);

/* A variable that `make check` sets. Fails the test when it is not there. */
const char *end_env(const char *name);

/* A socket of this machine that nobody else has, and its port: nobody listens there. */
int end_bound(int type, unsigned *port);
/* The same; TCP ones listen. */
int end_socket(int type, unsigned *port);

#endif
