/* A growing text: see text.h. It doubles, so that writing a large product costs linear time.
 * SPDX-License-Identifier: MIT */
#include "text.h"

#include <stdint.h>
#include <string.h>

#include "mem.h"

text *text_new(const void *ctx)
{
    text *t = mem_new(ctx, text);

    t->room = 64;
    t->p = mem_array(t, char, t->room);
    return t;
}

static void text_reserve(text *t, size_t more)
{
    while (t->n + more + 1 > t->room)
        t->room *= 2;
    t->p = mem_grow(t, t->p, char, t->room);
}

void text_bytes(text *t, const char *p, size_t n)
{
    if (t->n + n + 1 > t->room)
        text_reserve(t, n);
    memcpy(t->p + t->n, p, n);
    t->n += n;
    t->p[t->n] = '\0';
}

void text_add(text *t, const char *s)
{
    text_bytes(t, s, strlen(s));
}

void text_printf(text *t, const char *format, ...)
{
    char small[256];
    va_list args, again;

    va_start(args, format);
    va_copy(again, args);
    size_t n = mem_format(small, sizeof small, format, args);
    if (n != SIZE_MAX) {
        text_bytes(t, small, n);
    } else {
        char *large = mem_vprintf(t, format, again);
        text_add(t, large);
        talloc_free(large);
    }
    va_end(again);
    va_end(args);
}
