/* All texts of a side in one array, each kept once and named by its offset.
 * SPDX-License-Identifier: MIT */
#ifndef STRINGS_H
#define STRINGS_H

#include "text.h"

typedef struct strings strings;

strings *strings_new(const void *ctx);                          /* holds "" at offset 0 */
size_t strings_one(strings *, const char *s);                   /* or what another one ends with */
/* `n` strings that follow one another; offset of the first. */
size_t strings_run(strings *, const char *const *list, size_t n);
/* All strings of `of`, which stays, will be added: whatever another one of them ends with is part of that. */
void strings_expect(strings *, const strings *of);
size_t strings_size(const strings *);
void strings_print(const strings *, text *out);                 /* rows of a C initialiser */

#endif
