/* What two automata have in common: the shortest word that both accept, by breadth-first search on
 * their product. Found words can be put to a test that knows more than the automata; the search
 * then goes on.
 * SPDX-License-Identifier: MIT */
#ifndef PRODUCT_H
#define PRODUCT_H

#include "nfa.h"

enum { PRODUCT_LIMIT = 1000000 }; /* most pairs of states that one search looks at */

typedef enum {
    PRODUCT_APART,     /* no common word */
    PRODUCT_FOUND,     /* `word` is the shortest that passes the test */
    PRODUCT_UNDECIDED, /* common words, but none of those tried passes the test; `word` is the first
                        */
    PRODUCT_TOO_LARGE
} product_result;

typedef bool product_test(void *arg, const char *word, size_t n);

/* `test` may be NULL. `word` is of `ctx`, NUL-terminated. `left` is how many pairs may be looked
 * at, and is made less by those that were; NULL: PRODUCT_LIMIT. */
product_result product_common(void *ctx, const nfa *a, const nfa *b, product_test *test, void *arg,
                              size_t *left, char **word, size_t *n);
/* True when every word of `inner` is one of `outer`. False also when that is too much work to say.
 */
bool product_covers(const nfa *outer, const nfa *inner);

#endif
