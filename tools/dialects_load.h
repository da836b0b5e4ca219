/* Makes the generated code of a spec file usable: generates it with atgen, compiles it, loads it.
 * What was made once is kept in a cache folder, $XDG_CACHE_HOME/atgen, under a key of the spec with
 * its bases, the compiler and the runtime. SPDX-License-Identifier: MIT */
#ifndef DIALECTS_LOAD_H
#define DIALECTS_LOAD_H

#include <stdbool.h>

#include "atnames.h"

/* Is `name` the path of a file, not the name of a dialect? */
bool dialects_is_path(const char *name);

/* The names stay for as long as the program runs. NULL: the reason has been printed to stderr. */
const at_names *dialects_load(const char *program, const char *path);

/* What `atgen dump` says of a dialect, by name or path: JSON, to be freed. NULL: the reason has
 * been printed to stderr. */
char *dialects_model(const char *program, const char *name);

#endif
