/* A given line against a line pattern: does it fit, how is it read, and where does it stop
 * fitting. Used on examples and to put words found by a search to the test; knows what automata
 * leave out (ties, values).
 * SPDX-License-Identifier: MIT */
#ifndef MATCH_H
#define MATCH_H

#include "model.h"

enum { MATCH_SLOTS = 32 };

typedef struct match_cell { /* what stands in a slot */
    bool has;
    const char *text;
    size_t n; /* without what `pre` and `post` say; quotes included */
    bool is_number;
    int64_t number; /* the value of a type with numbers */
} match_cell;

typedef struct match {
    const m_line *line;
    const m_member *member;
    const m_reading *reading;      /* NULL: it does not fit */
    uint32_t mask;                 /* the reading's slots, less those that are hidden */
    match_cell cells[MATCH_SLOTS]; /* of a repeated group: its last */
    size_t used;                   /* bytes of the text: all, or the header before counted data */
    size_t far;                    /* where the best reading stopped */
    const m_slot *wanted;          /* the slot that the text does not fit there, or NULL */
    const char *problem;           /* in words, when nothing fits */
} match;

typedef struct match_known { /* what is known besides the line; all may be NULL */
    const m_cond *given;
    size_t n_given;       /* settings */
    const match *request; /* the command line that is answered */
} match_known;

/* The first reading that fits `text`, literals before parameters. The result points into `text` and
 * `ctx`. */
match match_line(const void *talloc_ctx, const model *, const m_line *, const m_member *,
                 const match_known *, const char *text, size_t n);
/* The same for one reading alone. */
bool match_reading(void *talloc_ctx, const model *, const m_line *, const m_reading *,
                   const m_member *, const char *text, size_t n);
/* The value of the slot that is the C field `field`; false: it is not there. */
bool match_number(const match *, const char *field, int64_t *value);
/* What a slot takes, for messages: "<ssid:string 1..32>". */
char *match_wants(void *talloc_ctx, const m_slot *);

#endif
