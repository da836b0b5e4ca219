/* Source text and places in it: what every node and every diagnostic points with.
 * SPDX-License-Identifier: MIT */
#ifndef SOURCE_H
#define SOURCE_H

#include <stddef.h>

typedef struct source {         /* one file's text, kept as long as anything may point into it */
    char *path;                 /* as the user gave it, or as found by an include */
    char *text;                 /* NUL-terminated; `len` bytes, which may hold NULs */
    size_t len;
    size_t *lines;              /* where each line begins */
    size_t n_lines;
} source;

typedef struct place {          /* a stretch of bytes; src NULL: no place (built in) */
    const source *src;
    size_t begin, end;          /* byte offsets, end exclusive */
} place;

/* Read a file; `-` is the standard input. NULL: cannot, errno says why. */
source *source_read(void *ctx, const char *path);
/* The same from memory; the text is copied. */
source *source_text(void *ctx, const char *path, const char *text, size_t len);

unsigned place_line(place p);                           /* 1-based; 0: no place */
unsigned place_column(place p);                         /* 1-based, screen columns, tabs at 8 */
place place_join(place a, place b);             /* from the beginning of a to the end of b */
/* The line that `offset` stands in, without its line end. */
const char *source_line(const source *, size_t offset, size_t *len);

/* One character for a screen: how many bytes it takes, and how many columns when it stands in
 * `column` (0-based). What is no UTF-8 or a control character is one byte and one column. */
size_t source_char(const char *p, size_t left, unsigned column, unsigned *width, int *printable);

#endif
