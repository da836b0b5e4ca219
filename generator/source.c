/* Source text and places in it: reading a file, and lines and screen columns from byte offsets.
 * Lines are indexed once when a file is read, so that asking for a line is cheap.
 * SPDX-License-Identifier: MIT */
#include "source.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <utf8proc.h>

#include "mem.h"

enum { TAB = 8 };

/* ---- reading ---- */

static void index_lines(source *s)
{
    size_t n = 1, line = 0;

    for (size_t i = 0; i < s->len; i++)
        n += s->text[i] == '\n';
    s->lines = mem_array(s, size_t, n);
    s->n_lines = n;
    for (size_t i = 0; i < s->len; i++)
        if (s->text[i] == '\n')
            s->lines[++line] = i + 1;
}

source *source_text(void *ctx, const char *path, const char *text, size_t len)
{
    source *s = mem_new(ctx, source);

    s->path = mem_string(s, path);
    s->text = mem_bytes(s, text, len);
    s->len = len;
    index_lines(s);
    return s;
}

/* All bytes of an open file as one talloc block; NULL: a read error, in errno. */
static char *read_all(void *ctx, FILE *file, size_t *len)
{
    size_t room = 1 << 14, used = 0, got;
    char *text = mem_array(ctx, char, room);

    errno = 0;
    while ((got = fread(text + used, 1, room - used, file)) > 0) {
        used += got;
        if (used == room)
            text = mem_grow(ctx, text, char, room *= 2);
    }
    *len = used;
    return ferror(file) ? NULL : text;
}

source *source_read(void *ctx, const char *path)
{
    int is_stdin = strcmp(path, "-") == 0;
    FILE *file = is_stdin ? stdin : fopen(path, "rb");
    if (!file)
        return NULL;

    void *scratch = talloc_new(ctx);
    size_t len;
    char *text = read_all(scratch, file, &len);
    int error = errno;
    if (!is_stdin)
        fclose(file);
    source *s = text ? source_text(ctx, is_stdin ? "<stdin>" : path, text, len) : NULL;
    talloc_free(scratch);
    errno = error;
    return s;
}

/* ---- places ---- */

/* The index of the line that holds `offset`: the last one that begins at or before it. */
static size_t line_index(const source *s, size_t offset)
{
    size_t low = 0, high = s->n_lines;

    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (s->lines[middle] <= offset)
            low = middle;
        else
            high = middle;
    }
    return low;
}

const char *source_line(const source *s, size_t offset, size_t *len)
{
    size_t i = line_index(s, offset), begin = s->lines[i];
    size_t end = i + 1 < s->n_lines ? s->lines[i + 1] - 1 : s->len;

    while (end > begin && s->text[end - 1] == '\r')
        end--;
    *len = end - begin;
    return s->text + begin;
}

size_t source_char(const char *p, size_t left, unsigned column, unsigned *width, int *printable)
{
    utf8proc_int32_t code;
    utf8proc_ssize_t len = utf8proc_iterate((const utf8proc_uint8_t *)p,
                                            left > 4 ? 4 : (utf8proc_ssize_t)left, &code);

    *printable = 1;
    *width = 1;
    if (len > 0 && code == '\t')
        *width = TAB - column % TAB;
    else if (len <= 0 || code < 0x20 || (code >= 0x7f && code < 0xa0))
        *printable = 0;
    else
        *width = (unsigned)utf8proc_charwidth(code);
    return len > 0 ? (size_t)len : 1;
}

unsigned place_line(place p)
{
    return p.src ? (unsigned)line_index(p.src, p.begin) + 1 : 0;
}

unsigned place_column(place p)
{
    unsigned column = 0, width;
    int printable;

    if (!p.src)
        return 0;
    size_t at = p.src->lines[line_index(p.src, p.begin)];
    while (at < p.begin) {
        at += source_char(p.src->text + at, p.src->len - at, column, &width, &printable);
        column += width;
    }
    return column + 1;
}

place place_join(place a, place b)
{
    if (!a.src)
        return b;
    if (b.src == a.src && b.end > a.begin)
        a.end = b.end;
    return a;
}
