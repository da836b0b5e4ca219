/* What a module says to `=?`: which values each parameter of a command takes. A row of such an
 * answer (`params` of toy_…_test_line) is read where it stands, in the notation of V.250 (5.7.3):
 *
 *     (0-5),("TCP","UDP"),<host>,(1-65535)
 *
 * Modules differ from their manuals there, which is why one asks; so nothing is refused and nothing
 * lost: blanks, square brackets around what may be left out, missing quotes, hexadecimal numbers
 * and other signs between the ends of a range are understood, and what is not is handed on as text.
 * Parameters are counted from 0; the generated header names their places (TOY_…_PARAM).
 *
 * Programs that do not call anything of this do not carry it (at_param.c).
 * SPDX-License-Identifier: 0BSD */
#ifndef ATPARAM_H
#define ATPARAM_H

#include "atlink.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct at_param {
    at_text text;               /* as it came, without blanks around: `(0-5)`, `<topic>`, `"ssl"` */
    at_text items;              /* what has not been handed out by at_item_next */
    bool listed;                /* it is a list or a range of values; else it is one word or text,
                                   which may be a value or what the parameter is called */
    bool optional;              /* it stood in square brackets */
} at_param;

typedef struct at_item {        /* one of a list */
    at_text text;               /* without quotes; empty: the value may be left out */
    bool quoted;
    bool is_number;             /* it is a number or a range of numbers: */
    int64_t min, max;           /* both ends count; a single number is both */
} at_item;

typedef enum {
    AT_NOT_SAID,                /* nothing tells: no such parameter, no list, or text in it */
    AT_NOT_TAKEN,
    AT_TAKEN
} at_said;

/* Parameter `index` of a row; false: it has less. Points into the row. */
bool at_param_at(at_text params, unsigned index, at_param *);
/* The next item of its list (of one that is not listed: its text); false: that was the last. */
bool at_item_next(at_param *, at_item *);

/* Does parameter `index` take this value? */
at_said at_param_takes(at_text params, unsigned index, int64_t value);
at_said at_param_takes_word(at_text params, unsigned index, at_text word);

#ifdef __cplusplus
}
#endif
#endif
