/* Fills the structs that the module's replies take: from text as it stood on the wire, or with the
 * least values that the types allow. SPDX-License-Identifier: MIT */
#ifndef FILL_H
#define FILL_H

#include <stdbool.h>

#include "attable.h"

typedef struct fill {
    const at_tables *tables;
    char room[4096];
    size_t used; /* what structs point to; the texts given must stay as well */
} fill;

/* The slot's value, without quotes and escapes; false: it is none of the type, nothing is changed.
 * `fields`: the struct, of a slot that repeats the group's element. */
bool fill_slot(fill *, const at_slot *, const char *text, size_t n, char *fields);
/* The same for the field of a type, of which nothing says whether it is there. */
bool fill_field(fill *, unsigned type, const char *text, size_t n, char *field);
/* A number in a field of `size` bytes. */
void fill_number(char *field, unsigned size, int32_t number);
/* Least values for all slots that a reading has, so that its conditions on other slots hold. */
void fill_least(fill *, const at_line *, const at_reading *, char *fields);

#endif
