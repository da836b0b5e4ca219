/* Memory that is there: see mem.h. Apart from the rest so that running out has one message and one
 * way out.
 * SPDX-License-Identifier: MIT */
#include "mem.h"

#include <jansson.h>
#include <stdio.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { EXIT_INTERNAL = 70 };

static void *tables;            /* parent of what uthash allocates */

void mem_fail(void)
{
    fputs("atgen: out of memory\n", stderr);
    exit(EXIT_INTERNAL);
}

void *mem_check(void *p)
{
    if (!p)
        mem_fail();
    return p;
}

static void *json_alloc(size_t n)
{
    return mem_check(malloc(n ? n : 1));
}

void mem_init(void)
{
    json_set_alloc_funcs(json_alloc, free);
}

void *mem_table(size_t n)
{
    if (!tables)
        tables = mem_check(talloc_new(NULL));
    return mem_check(talloc_size(tables, n));
}

void mem_done(void)
{
    talloc_free(tables);
    tables = NULL;
}

char *mem_string(const void *ctx, const char *text)
{
    return mem_check(talloc_strdup(ctx, text));
}

char *mem_bytes(const void *ctx, const char *bytes, size_t len)
{
    char *copy = mem_check(talloc_size(ctx, len + 1));

    if (len > 0)
        memcpy(copy, bytes, len);
    copy[len] = '\0';
    return copy;
}

/* ---- printing ---- */
enum { MOST_DIGITS = 20 };      /* of 64 bits */
enum { MOST_SIMPLE = 256 };     /* bytes: longer texts are left to the C library */

typedef struct room_left { char *p; size_t n; } room_left;

static bool put_bytes(room_left *to, const char *bytes, size_t n)
{
    if (n > to->n)
        return false;
    memcpy(to->p, bytes, n);
    to->p += n;
    to->n -= n;
    return true;
}

static bool put_number(room_left *to, size_t number)
{
    char digits[MOST_DIGITS];
    size_t n = 0;

    do
        digits[sizeof digits - ++n] = (char)('0' + number % 10);
    while (number /= 10);
    return put_bytes(to, digits + sizeof digits - n, n);
}

static bool put_signed(room_left *to, int number)
{
    if (number >= 0)
        return put_number(to, (size_t)number);
    return put_bytes(to, "-", 1) && put_number(to, (size_t)-(long long)number);
}

size_t mem_format(char *to, size_t room, const char *format, va_list args)
{
    room_left left = { to, room };
    bool fits = true;

    while (fits && *format) {
        size_t plain = strcspn(format, "%");
        fits = put_bytes(&left, format, plain);
        format += plain;
        if (!fits || !*format)
            break;
        const char *text = format[1] == 's' ? va_arg(args, const char *) : NULL;
        if (text)
            fits = put_bytes(&left, text, strlen(text));
        else if (format[1] == 'u')
            fits = put_number(&left, va_arg(args, unsigned));
        else if (format[1] == 'd')
            fits = put_signed(&left, va_arg(args, int));
        else if (format[1] == 'z' && format[2] == 'u')
            fits = put_number(&left, va_arg(args, size_t));
        else
            return SIZE_MAX;
        format += format[1] == 'z' ? 3 : 2;
    }
    return fits ? room - left.n : SIZE_MAX;
}

char *mem_vprintf(const void *ctx, const char *format, va_list args)
{
    char simple[MOST_SIMPLE];
    va_list again;

    va_copy(again, args);
    size_t n = mem_format(simple, sizeof simple, format, again);
    va_end(again);
    if (n != SIZE_MAX)
        return mem_bytes(ctx, simple, n);
    return mem_check(talloc_vasprintf(ctx, format, args));
}

char *mem_printf(const void *ctx, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    char *text = mem_vprintf(ctx, format, args);
    va_end(args);
    return text;
}
