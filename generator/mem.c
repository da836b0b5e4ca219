/* Memory that is there: see mem.h. Apart from the rest so that running out has one message and one
 * way out.
 * SPDX-License-Identifier: MIT */
#include "mem.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

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

    for (size_t i = 0; i < len; i++)
        copy[i] = bytes[i];
    copy[len] = '\0';
    return copy;
}

char *mem_vprintf(const void *ctx, const char *format, va_list args)
{
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
