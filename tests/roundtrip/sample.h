/* Values for any line of any dialect, made from its tables: smallest, largest and random ones.
 * SPDX-License-Identifier: MIT */
#ifndef SAMPLE_H
#define SAMPLE_H

#include <stdbool.h>

#include "attable.h"

typedef enum { PICK_LEAST, PICK_MOST, PICK_RANDOM } sample_pick;

typedef struct sample {         /* where the texts of one struct live */
    char text[8192];
    size_t n;
    uint32_t seed;
} sample;

/* Fills the fields of `line` for its reading `reading` (counted from the line's first) in `fields`, which is zeroed or holds
 * other lines of the same struct. */
void sample_fill(sample *, const at_tables *, unsigned line, unsigned reading, sample_pick, char *fields);

/* The first slot of `line` whose values differ between two structs, or -1. Only slots of `mask` are compared; what is
 * left out must be marked as left out in both. `except`: a slot not compared (a length filled from its data), or -1. */
int sample_differs(const at_tables *, unsigned line, uint32_t mask, const char *a, const char *b, int except);

uint32_t sample_random(sample *, uint32_t below);

#endif
