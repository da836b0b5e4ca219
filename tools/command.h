/* Runs other programs.
 * SPDX-License-Identifier: MIT */
#ifndef COMMAND_H
#define COMMAND_H

enum { COMMAND_NOT_FOUND = 127 }; /* what the shell says too */

/* Runs argv (NULL-ended), found as the shell finds it; what it prints goes to standard error. The
 * exit status; COMMAND_NOT_FOUND: there is no such program; -1: it did not end by itself. */
int command_run(const char *const *argv);
/* The same, and what it prints, NUL-terminated, to be freed. NULL: nothing could be read. */
char *command_output(const char *const *argv, int *status);

#endif
