/* From text to tree: feeds the scanner's tokens to the parser that Lemon made of parse.lemon, and
 * says what is wrong with them.
 * SPDX-License-Identifier: MIT */
#ifndef PARSER_H
#define PARSER_H

#include <stdbool.h>
#include <stdlib.h>

#include "ast.h"
#include "build.h"
#include "diag.h"
#include "mem.h"
#include "scan.h"

/* One file; never NULL. What had errors is left out of the tree. */
ast_file *parser_read(void *ctx, diag *, const source *);

/* A SPEC argument (path, dialect's name, `-`) without what it includes; NULL: errors. */
ast_file *ast_read(void *ctx, diag *, const char *spec);

/* ---- of parse.lemon ---- */
void *specAlloc(void *(*allocate)(size_t));
void spec(void *parser, int kind, token, build *);
void specFree(void *parser, void (*release)(void *));
int specFallback(int kind);
/* Does the parser take a token of that kind next? */
bool parser_takes(const void *parser, int kind);
/* The kinds it would take, at most `room` of them; words that are only names are left out. */
unsigned parser_expected(const void *parser, int *kinds, unsigned room);

#endif
