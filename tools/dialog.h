/* One command and its answer on the way: what was asked, what has been said and what is still to be
 * said. SPDX-License-Identifier: MIT */
#ifndef DIALOG_H
#define DIALOG_H

#include "answer.h"

typedef struct dialog {
    struct dialog *next;
    const at_form_name *form;
    unsigned line; /* the command's, in the module's lines */
    store args;
    char *scope, *variant;   /* scopes of what it sets: the command; with its literal arguments */
    const answer *answer;    /* NULL: there is none */
    const answer_step *step; /* to be said next */
    bool ended;              /* the form has ended */
    bool data_over;          /* its data phase has */
} dialog;

/* For a command that was read. */
dialog *dialog_new(const at_names *, const answer *all, const at_event *);
void dialog_free(dialog *);

/* Is it of one of these two forms? */
bool dialog_is(const dialog *, const char *form, const char *other);
/* The last argument that is a decimal number, or NULL. */
const store_value *dialog_last_number(const dialog *);

#endif
