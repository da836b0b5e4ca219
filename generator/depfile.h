/* The depfile: what the output was made from, in the form that make and ninja read.
 * SPDX-License-Identifier: MIT */
#ifndef DEPFILE_H
#define DEPFILE_H

#include "model.h"
#include "out.h"

/* Add <name>.d: every file written into `directory` so far depends on the spec and all it
 * includes. */
void depfile_add(outputs *, const model *, const char *directory, const char *name);

#endif
