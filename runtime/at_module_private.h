/* What at_module.c and at_module_data.c know of each other.
 * SPDX-License-Identifier: 0BSD */
#ifndef AT_MODULE_PRIVATE_H
#define AT_MODULE_PRIVATE_H

#include "atmodule.h"

/* Until a handler that said AT_AGAIN, or took nothing, is asked again. */
#define RETRY_MS 10

/* What the host may choose of the dialogue (at_manner), as at_module.c sees it; NULL in a module
 * whose host may choose nothing. */
struct at_manners {
    /* Part of the buffer is kept for the line that may be said again: what is left. */
    size_t (*init)(const at_tables *, char *buffer, size_t size);
    /* Line `line` has just been written, from out[start] on: make it what it is to look like. */
    void (*dress)(at_module *, uint16_t start, unsigned line);
    /* Take bytes of a command line; how many. `waits`: they may not be taken now. */
    size_t (*feed)(at_module *, const uint8_t *, size_t, bool waits);
    void (*keep)(at_module *);          /* this line is about to be read */
    void (*settle)(at_module *);        /* the running form's settings are set */
};
static inline const at_manners *at__manners_of(const at_module *m)
{
    return AT_MANNERS ? at__class(m)->manners : NULL;
}
/* Settings become what the running form says, which is about to end well. */
AT_OWN void at__module_assign(at_module *);

/* Take bytes that are a part of the command line, the byte that ends it; how many were taken: none,
 * or not all, when there is no room to echo or to answer them. */
AT_OWN size_t at__module_collect(at_module *, const uint8_t *, size_t);
AT_OWN size_t at__module_end_line(at_module *, const uint8_t *end);

/* Write a line by itself; `end`: what it would be as a reply, which says whether room is kept. AT_INVALID:
 * a value cannot be said. */
AT_OWN at_status at__module_line(at_module *, unsigned line, const void *fields, unsigned end);
/* The form has ended; `ok`: its settings change. What still comes of its data is dropped. */
AT_OWN void at__module_end(at_module *, bool ok);
/* End the running form with its plain ok; one without a plain ok ends in silence when `quiet`. */
AT_OWN void at__module_ok(at_module *, bool quiet);
AT_OWN void at__module_tap(at_module *, at_event *);

#endif
