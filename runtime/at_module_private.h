/* What at_module.c and at_module_data.c know of each other.
 * SPDX-License-Identifier: 0BSD */
#ifndef AT_MODULE_PRIVATE_H
#define AT_MODULE_PRIVATE_H

#include "atmodule.h"

/* Data phases, as at_module.c sees them; NULL in a module that has none. */
struct at_phases {
    /* `fields` holds the count; NULL: it is not known, everything is dropped until silence. */
    void (*begin)(at_module *, unsigned phase, const void *fields);
    size_t (*feed)(at_module *, const uint8_t *, size_t);
    /* Do what is due: held bytes, time limits, the end. Milliseconds until there is more. */
    uint32_t (*run)(at_module *);
    void (*end)(at_module *, at_status);        /* the link is gone: tell the handler */
};

/* Write a line by itself; `keep` bytes stay free after it. AT_INVALID: a value cannot be said. */
at_status at__module_line(at_module *, unsigned line, const void *fields, size_t keep);
/* The form has ended; `ok`: its settings change. What still comes of its data is dropped. */
void at__module_end(at_module *, bool ok);
/* End the running form with its plain ok; one without a plain ok ends in silence when `quiet`. */
void at__module_ok(at_module *, bool quiet);
void at__module_tap(at_module *, at_event *);

#endif
