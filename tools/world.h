/* What stands behind the software module: what a command has set the matching query returns, other
 * answers come from the examples of the spec, and where there is none from the types. It knows
 * forms, lines and names, and no dialect. SPDX-License-Identifier: MIT */
#ifndef WORLD_H
#define WORLD_H

#include "atnames.h"

typedef struct world world;

world *world_new(const at_names *);
void world_free(world *);

/* Exchanges of a file, in the exchange notation, that go before the examples; an answer that is an
 * error is given to the very arguments it is shown with. False: what cannot be used has been
 * printed to stderr. */
bool world_read(world *, const char *program, const char *path);

/* Connections that commands open, as the spec says it, are sockets from now on. */
void world_go_online(world *);
/* Can something come on a connection? Then world_poll has to be called now and then. */
bool world_is_online(const world *);

/* Makes `module` answer from this world: its hook and its tap are the world's. */
void world_attach(world *, at_module *module);
/* Says what had to wait; to be called after at_feed and at_poll. True: something still waits, call
 * again soon. */
bool world_poll(world *);

#endif
