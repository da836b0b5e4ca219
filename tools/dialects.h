/* Finds a dialect's generated code by name: the shipped ones are linked in, a spec file is
 * generated, compiled and loaded. SPDX-License-Identifier: MIT */
#ifndef DIALECTS_H
#define DIALECTS_H

#include "atnames.h"

/* The shipped dialects, NULL-ended; made by the build from the list of specs. */
extern const at_names *const dialects_shipped[];

/* `name`: of a shipped dialect, or the path of a spec file. NULL: the reason has been printed to
 * stderr, and *status is what the program is to exit with. */
const at_names *dialects_find(const char *program, const char *name, int *status);

#endif
