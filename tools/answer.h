/* What the module answers to a form, as a plan: its replies and URCs in order, with the values they
 * had in an example of the spec, or with none when no example shows the form.
 * SPDX-License-Identifier: MIT */
#ifndef ANSWER_H
#define ANSWER_H

#include <stdbool.h>

#include "atnames.h"
#include "store.h"

/* A value of a line; of a repeated group they stand one after the other. */
typedef struct answer_value {
    struct answer_value *next;
    unsigned slot;
    char *text;
    size_t n;
} answer_value;

typedef enum { ANSWER_LINE, ANSWER_PROMPT, ANSWER_DATA, ANSWER_URC } answer_kind;
typedef struct answer_item { /* a line, prompt or data block as it was seen */
    struct answer_item *next;
    answer_kind kind;
    uint16_t line; /* LINE: model's line; URC: its number */
    bool least;    /* no values are known: the least */
    bool is_own;   /* this world's values have to be said; of others the fewest */
    answer_value *values;
    char *data;
    size_t n;      /* DATA, or LINE and URC that have data inside */
    bool has_data; /* data stands inside the line */
} answer_item;

enum { ANSWER_NO_REPLY = 0xffff };
typedef struct answer_step { /* one call of the module */
    struct answer_step *next;
    uint16_t reply; /* ANSWER_NO_REPLY: the item is a URC */
    unsigned round; /* the how-manieth of this reply */
    const answer_item *items;
    size_t n_items;
} answer_step;

typedef struct answer {
    struct answer *next;
    uint16_t form; /* model's form */
    store args;    /* of the command, as it was shown */
    bool is_world; /* from a world file: goes before the examples of the spec */
    bool fails;    /* with an error: answers these very arguments only */
    const at_phase
        *phase; /* of data that the module sends, as the host's tables have it; NULL: none */
    answer_item *items;
    answer_step *steps;
} answer;

/* Answers of all forms; NULL-ended list. */
answer *answer_all(const at_names *);
void answer_free(answer *);
/* Those of the exchanges of a world file. NULL: `fault` says what cannot be used in it, or there is
 * none. */
enum { ANSWER_FAULT = 200 };
answer *answer_read(const at_names *, const char *text, char fault[ANSWER_FAULT]);
/* Puts `first` before the others. */
answer *answer_join(answer *first, answer *others);
/* The one that was shown for this form with the arguments that are most like `args`; NULL: the form
 * has none. */
const answer *answer_find(const answer *, unsigned form, const store *args);

#endif
