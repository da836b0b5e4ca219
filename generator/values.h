/* Sets of numbers: the values a type has, and what conditions leave of them.
 * SPDX-License-Identifier: MIT */
#ifndef VALUES_H
#define VALUES_H

#include "model.h"

typedef struct values {
    m_range *ranges;
    size_t n;            /* sorted, apart from one another; n 0: no value */
    uint64_t set, clear; /* bits that must be 1, that must be 0 */
} values;

bool values_has_numbers(const m_type *); /* false: strings, addresses: nothing to say about them */
values values_of(void *talloc_ctx, const m_type *); /* of a type with numbers */
values values_between(void *talloc_ctx, int64_t lo, int64_t hi);
void values_keep(void *talloc_ctx, values *, int64_t lo, int64_t hi); /* only lo..hi is left */
void values_drop(void *talloc_ctx, values *, int64_t lo, int64_t hi); /* lo..hi is taken out */
void values_apply(void *talloc_ctx, values *, const m_cond *); /* what the condition leaves */
bool values_none(const values *);

/* One side of a comparison: the conditions of a line, read one way, under which it may come. */
typedef struct values_side {
    const m_form *form; /* whose answer or command it is, or NULL */
    const m_line *line;
    const m_reading *reading;
    const m_cond *conds;
    size_t n_conds; /* of the step, the variant or the URC, beside the reading's */
} values_side;

/* True when the conditions of both can never hold together; `b` may be NULL: those of `a` alone. */
bool values_contradict(const values_side *a, const values_side *b);

#endif
