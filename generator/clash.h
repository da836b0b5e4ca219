/* Which commands have to wait for a line that comes later: see clash.c.
 * SPDX-License-Identifier: MIT */
#ifndef CLASH_H
#define CLASH_H

#include "model.h"

typedef struct clash { /* `waits` is not sent while a later line of `late` is to come */
    const m_form *waits, *late;
} clash;

/* All of them, in the order of the forms; *n: how many. */
clash *clashes_of(void *talloc_ctx, const model *, size_t *n);

#endif
