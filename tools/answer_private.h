/* What the files that make answers share: answer.c from examples, answer_way.c from the types; and
 * answer_cut.c, which makes the module's steps of both.
 * SPDX-License-Identifier: MIT */
#ifndef ANSWER_PRIVATE_H
#define ANSWER_PRIVATE_H

#include "answer.h"

/* A further item of the answer. */
answer_item *answer_item_new(answer *, answer_kind, unsigned line);
void answer_items_free(answer_item *);

/* Items for the shortest way through the answer's form that goes well; `which` 0: of all, else of those that begin with
 * the form's first step of this number. False: there is none of this number. */
bool answer_way(answer *, const at_names *, unsigned which);
/* The data phase from the module that a form has, in the host's tables, or NULL. */
const at_phase *answer_phase(const at_names *, unsigned form);

/* Makes the steps of the items. False: they are no whole answer of the form that goes well. */
bool answer_cut(answer *, const at_names *);

#endif
