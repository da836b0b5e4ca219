/* Two lines, or two readings of one: can the same bytes be both? Says by which word, or why not,
 * or that it cannot be told.
 * SPDX-License-Identifier: MIT */
#ifndef COMPARE_H
#define COMPARE_H

#include "model.h"

typedef struct comparer { /* what all comparisons of a check have in common */
    void *ctx;            /* of the words that are found */
    const model *m;
    size_t left; /* work that may still be done before comparisons give up */
} comparer;

typedef struct compare_side { /* a line that may come, and when */
    const m_line *line;
    const m_form *form;     /* whose command or answer it is, or NULL */
    const m_member *member; /* the name that stands for MODEL_NAME, or NULL */
    const m_cond *conds;
    size_t n_conds;
} compare_side;

typedef enum { COMPARE_APART, COMPARE_SAME, COMPARE_UNDECIDED, COMPARE_TOO_LARGE } compare_verdict;

typedef struct compare_result {
    compare_verdict verdict;
    const m_reading *a, *b; /* the readings that share `word` */
    char *word;
    size_t n; /* SAME, UNDECIDED; of the comparer's context */
} compare_result;

/* How two lines are set against each other. */
enum {
    COMPARE_LITERALS_WIN =
        1, /* the first cell in which they differ decides: a literal stands before a parameter */
    COMPARE_HEADERS = 2 /* lines with counted data inside go on with any bytes; one that goes on
                           behind its line end is its first part to one that does not */
};
compare_result compare_lines(comparer *, const compare_side *a, const compare_side *b,
                             unsigned how);
/* Readings of one line against each other. */
compare_result compare_readings(comparer *, const compare_side *, unsigned how);
/* A line against all that begins with these bytes (what has no terminator). */
compare_result compare_beginning(comparer *, const compare_side *, const char *bytes, size_t n);
/* All that `inner` can be `outer` can be too, at any time; COMPARE_LITERALS_WIN: by its literals it
 * takes them. */
bool compare_covers(comparer *, const compare_side *outer, const compare_side *inner, unsigned how);

#endif
