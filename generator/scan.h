/* Tokens of a spec file. The scanner knows in which statement and inside which brackets it stands,
 * because the lines of a manual are free text: it decides what is text, what is a word of the
 * language, and where a statement ends. Token kinds are in parse.h, which Lemon makes.
 * SPDX-License-Identifier: MIT */
#ifndef SCAN_H
#define SCAN_H

#include <stdbool.h>

#include "diag.h"
#include "source.h"

typedef struct token {
    int kind;                   /* 0: end of the file */
    place at;
    char *text;                 /* words, names: as written; strings, lines, exchanges: bytes */
    size_t len;
    bool bad;                   /* something has been said about it: do not say more */
    long long number;           /* NUMBER: value; TIME: ms; FORM: form_kind; WIRE: '>' or '<' */
} token;

typedef struct scan scan;

scan *scan_new(void *ctx, diag *, const source *);
token scan_next(scan *);
/* After a syntax error at token `t`: go on where the statement's next part (`->`, `{`) or the next
 * statement begins. */
void scan_skip(scan *, const token *t);

/* The word of the language that a token kind stands for, or NULL. */
const char *scan_keyword(int kind);
/* Is `text` a name as definitions and parameters have them? */
int scan_is_name(const char *text);

#endif
