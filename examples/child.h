/* A program at the other end of a wire: started with our end of a socket pair as its standard input and output, and
 * ended when we are.
 * SPDX-License-Identifier: 0BSD */
#ifndef CHILD_H
#define CHILD_H

int child_start(char **command);        /* our end; -1: it could not be started. One at a time. */

#endif
