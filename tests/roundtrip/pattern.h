/* A line of a dialect with everything that stands about it in the tables at hand, so that the
 * tests know the layout of the tables in one place.
 * SPDX-License-Identifier: MIT */
#ifndef PATTERN_H
#define PATTERN_H

#include <stdbool.h>

#include "attable.h"

typedef struct pattern {
    const at_tables *t;
    unsigned number;
    const at_line *line;
    const at_rest *rest;
    const at_slot *slots;
    const at_reading *readings;
    const at_loop *loop;        /* NULL: nothing repeats */
} pattern;

pattern pattern_of(const at_tables *, unsigned line);

/* Are these the same line and the same struct? What a slot is tied to does not count. */
bool pattern_same(const pattern *, const pattern *);

const at_type *pattern_type(const pattern *, unsigned slot);
unsigned pattern_flags(const pattern *, unsigned slot);         /* AT_S_… */
bool pattern_has(const pattern *, unsigned reading, unsigned slot);
unsigned pattern_longest(const pattern *);              /* the first of the readings with the most slots */
/* Does a mask decide whether this slot is shown? Which setting is the mask, and its bits that count;
 * NULL: no slot is masked. The reading's slots that it shows. */
bool pattern_is_masked(const pattern *, unsigned slot);
const at_setting *pattern_masks(const pattern *, uint32_t *bits);
uint32_t pattern_mask(const pattern *, unsigned reading, const int32_t *settings);
/* Does this reading have the counted data of the line? */
bool pattern_has_data(const pattern *, unsigned reading);

/* The ranges of a type's numbers or lengths: how many, and each. */
typedef struct pattern_range { int64_t lo, hi; } pattern_range;
unsigned pattern_ranges(const at_type *);
pattern_range pattern_range_of(const at_tables *, const at_type *, unsigned range);

/* The number in a field, and a number into a field. */
int64_t pattern_number(const at_type *, const void *field);
void pattern_put_number(const at_type *, void *field, int64_t);
/* Make a number no larger than that, if its type has such. */
void pattern_limit_number(const at_tables *, const at_type *, void *field, int64_t most);
/* A number that no line holds. ABSENT: it is left out and has no default; `request`, `settings` NULL: UNKNOWN. */
typedef enum { NUMBER_UNKNOWN, NUMBER_ABSENT, NUMBER_KNOWN } number_is;
number_is pattern_lookup(const at_tables *, unsigned number, const char *request, const int32_t *settings,
                         int64_t *);
/* The same of a request: 0 when it is not known. */
int64_t pattern_count(const at_tables *, unsigned number, const char *request);
/* The count of a phase whose request says it. */
int64_t pattern_phase_count(const at_tables *, const at_phase *, const char *request);
/* Is it a number at all: INT, ENUM or WORD? */
bool pattern_is_number(const at_type *);

#endif
