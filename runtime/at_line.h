/* Lines by their tables: from scanned cells to a struct, from a struct to text. Both sides use it:
 * what one reads the other writes.
 * SPDX-License-Identifier: 0BSD */
#ifndef AT_LINE_H
#define AT_LINE_H

#include "at_view.h"

static inline const at_rest *at__rest(const at_link *l, const at_line *line)
{
    return &at__tables(l)->rests[line->rest];
}

/* Look at this line: sets `line` and what depends on it. */
AT_OWN void at__view_line(at_view *, const at_line *);
/* From now on this reading is meant. */
AT_OWN void at__view_as(at_view *, const at_reading *);
/* Do these conditions hold? `first` in holds. */
AT_OWN bool at__conds_hold(const at_view *, unsigned first, unsigned n);
/* Do conditions that hold do so because the values are known? */
AT_OWN bool at__conds_known(const at_view *, unsigned first, unsigned n);
/* Do the cells satisfy this reading: literals, values, repetitions, ties, conditions? From now on it
 * is meant. The line is not changed; `fields`, which was zeroed before, gets the values, and is of no
 * use when they do not. AT_FITS, or the first cell that does not (n_cells: the line as a whole). */
enum { AT_FITS = AT_CELLS_MAX + 1 };
AT_OWN unsigned at__line_take(at_view *, const at_reading *, void *fields);
/* After that: the whole struct, or another one of that type. Texts are unescaped in the line and
 * NUL-terminated; the `at_bytes` of counted data gets the count, and p NULL. */
AT_OWN void at__line_store(at_view *, void *fields);

/* Of a line that fits: has this reading counted data, and how many bytes? The number in its first
 * cell, 0 none. */
AT_OWN bool at__line_data(const at_view *, size_t *n);
AT_OWN int32_t at__line_number(const at_view *);

/* Write a head: text with the running command's name and ending filled in. */
AT_OWN void at__put_head(at_link *, unsigned head);
/* Choose the reading that says what the struct holds: the shortest whose conditions hold; false:
 * none does. */
AT_OWN bool at__line_choose(at_view *);
/* So many slots are looked at when it is written: empty cells at the end are cut. */
AT_OWN unsigned at__line_slots(const at_view *);
/* Write the cells of the chosen reading. False: a value is out of range or cannot be written;
 * *bad (may be NULL) is its slot. */
AT_OWN bool at__line_put_cells(const at_view *, unsigned *bad);
/* Write counted data with what stands around it. */
AT_OWN void at__line_put_data(at_link *, const at_rest *, at_bytes data);
/* Write a whole line with framing and counted data (by reference); `request`: struct of the command
 * it answers, for conditions, NULL none. False as before. */
AT_OWN bool at__line_put(at_link *, unsigned line, const void *fields, const void *request);

/* A number that no line holds: of the request's struct (NULL: none), or a setting. False: it is left
 * out or not known, and has no default; *value is as before. */
AT_OWN bool at__figure(const at_link *, unsigned number, const void *request, int32_t *value);
/* How many bytes a counted phase has, which the request's struct says or that of the answer (NULL: not
 * known, *count is as before). */
AT_OWN void at__phase_count(const at_link *, const at_phase *, const void *request,
                            const void *answer, int32_t *count);
/* Milliseconds; 0: no limit. */
AT_OWN uint32_t at__time(const at_link *, unsigned time, const void *request);

#endif
