/* What a dialect's spec says to people: how a command line may go on, what a parameter and its
 * values mean. Made of what `atgen dump` prints. SPDX-License-Identifier: MIT */
#ifndef LEXICON_H
#define LEXICON_H

#include <stddef.h>
#include <stdio.h>

typedef struct lexicon lexicon;

/* NULL: `json` is no dump. */
lexicon *lexicon_new(const char *json);
void lexicon_free(lexicon *);

/* Ways in which the first `n` bytes of a command line may go on. `word` replaces what stands from
 * `from` on, and begins with it (in any case); "": something that only `help` describes. Both are
 * valid during the call. */
typedef void lexicon_offer(void *ctx, size_t from, const char *word, const char *help);
void lexicon_complete(const lexicon *, const char *line, size_t n, lexicon_offer *, void *ctx);

/* Prints what the value of a parameter means, behind a blank; nothing where the spec says nothing.
 * `line`: number of the model's line that it stands in. */
void lexicon_meaning(const lexicon *, FILE *, unsigned line, const char *param, const char *value,
                     size_t n);

#endif
