/* SPDX-License-Identifier: MIT */
#include "dialects.h"

#include <stdio.h>
#include <string.h>

const at_names *dialects_find(const char *program, const char *name)
{
    for (const at_names *const *d = dialects_shipped; *d; d++)
        if (strcmp((*d)->dialect, name) == 0) return *d;
    fprintf(stderr, "%s: no dialect '%s'; there are:", program, name);
    for (const at_names *const *d = dialects_shipped; *d; d++) fprintf(stderr, " %s", (*d)->dialect);
    fputc('\n', stderr);
    return NULL;
}
