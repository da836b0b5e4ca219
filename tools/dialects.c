/* SPDX-License-Identifier: MIT */
#include "dialects.h"

#include <stdio.h>
#include <string.h>

#include "dialects_load.h"

const at_names *dialects_find(const char *program, const char *name, int *status)
{
    *status = 1;
    for (const at_names *const *d = dialects_shipped; *d; d++)
        if (strcmp((*d)->dialect, name) == 0) return *d;
    if (dialects_is_path(name)) return dialects_load(program, name);
    *status = 2;
    fprintf(stderr, "%s: no dialect and no file '%s'; there are:", program, name);
    for (const at_names *const *d = dialects_shipped; *d; d++) fprintf(stderr, " %s", (*d)->dialect);
    fputc('\n', stderr);
    return NULL;
}
