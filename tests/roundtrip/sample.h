/* Values for any line of any dialect, made from its tables: least, most and random ones.
 * SPDX-License-Identifier: MIT */
#ifndef SAMPLE_H
#define SAMPLE_H

#include "pattern.h"

typedef enum { PICK_LEAST, PICK_MOST, PICK_RANDOM, PICKS } sample_pick;

typedef struct sample {         /* random numbers, and where the texts of structs live */
    uint32_t seed;
    size_t n;
    char text[1 << 17];
} sample;

/* Below `below`; 0 when that is 0. */
uint32_t sample_random(sample *, uint32_t below);

/* Fills the fields of the line for one of its readings in `fields`, which is zeroed or holds other
 * lines of the same struct. Slots tied to `request` (NULL: no ties) get its values. */
void sample_fill(sample *, const pattern *, unsigned reading, sample_pick, char *fields,
                 const char *request);

/* Give one of the slots `shown` a value that its type excludes, in filled `fields`. False: none can have one. */
bool sample_spoil(sample *, const pattern *, uint32_t shown, char *fields);
/* The slots that every reading has. */
uint32_t sample_always(const pattern *);

/* Give slots of `mask` values that make the conditions on them hold, as far as one value does. */
void sample_satisfy(const pattern *, uint32_t mask, unsigned first, unsigned n, char *fields);

/* The first slot whose value is another one in `got`, or is there in one struct only; -1: they
 * agree. A slot without `has_…` is compared when it stands in `mask`. */
int sample_differs(const pattern *, uint32_t mask, const char *sent, const char *got);

/* The first slot that `sent` leaves out and `got` has, -1 none. */
int sample_invented(const pattern *, const char *sent, const char *got);

/* The first slot whose value its type excludes, -1 none. Of values that are marked as there; `all`:
 * and of those that every reading has. */
int sample_out_of_range(const pattern *, const char *fields, bool all);

/* `n` bytes that look like anything a link may mistake for its own: result codes, prompts, the
 * dialect's URCs, what ends data, NULs. Always the same once they are prepared. */
void sample_prepare(const at_host_tables *);
const uint8_t *sample_payload(size_t n);
const uint8_t *sample_plain(size_t n);  /* letters */
enum { SAMPLE_PAYLOAD_MAX = 70000 };

#endif
