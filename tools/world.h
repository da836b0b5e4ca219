/* What stands behind the software module: what a command has set the matching query returns, other answers come from
 * the examples of the spec, and where there is none from the types. It knows forms, lines and names, and no dialect.
 * SPDX-License-Identifier: MIT */
#ifndef WORLD_H
#define WORLD_H

#include "atnames.h"

typedef struct world world;

world *world_new(const at_names *);
void world_free(world *);

/* The hook and the tap that make `module` answer from this world. */
void world_attach(world *, at_module *module);

#endif
