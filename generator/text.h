/* A growing text: what templates are filled into and tables are printed to.
 * SPDX-License-Identifier: MIT */
#ifndef TEXT_H
#define TEXT_H

#include <stddef.h>

typedef struct text {
    char *p;                    /* NUL-terminated; a talloc child of this */
    size_t n, room;
} text;

text *text_new(const void *ctx);
void text_bytes(text *, const char *p, size_t n);
void text_add(text *, const char *s);
__attribute__((format(printf, 2, 3)))
void text_printf(text *, const char *format, ...);

#endif
