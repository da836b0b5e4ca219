/* All texts of a side in one array: see strings.h. Printed as single characters, because a
 * string literal of that length is more than C99 promises to take.
 * SPDX-License-Identifier: MIT */
#include "strings.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "mem.h"

#include <uthash.h>

typedef struct strings_entry {
    const char *key;            /* the strings of the run, each with a line feed behind it */
    size_t key_n;
    size_t offset, n;           /* bytes, NULs included */
    bool is_own;                /* false: part of a longer run */
    const struct strings_entry *whole;
    UT_hash_handle hh;
} strings_entry;

struct strings {
    text *bytes;
    strings_entry *entries;     /* in the order they were added */
    strings_entry *expected;    /* `offset`: in that of the longest that ends with it, which is `whole` */
};

static void strings_enter(strings *s, const char *key, size_t key_n, size_t offset, size_t n,
                          bool own)
{
    strings_entry *e;

    HASH_FIND(hh, s->entries, key, key_n, e);
    if (e)
        return;
    e = mem_new(s, strings_entry);
    e->key = mem_bytes(e, key, key_n);
    e->key_n = key_n;
    e->offset = offset;
    e->n = n;
    e->is_own = own;
    HASH_ADD_KEYPTR(hh, s->entries, e->key, e->key_n, e);
}

strings *strings_new(const void *ctx)
{
    strings *s = mem_new(ctx, strings);

    s->bytes = text_new(s);
    (void)strings_one(s, "");
    return s;
}

/* ---- what others end with ---- */

/* By their last bytes: a string stands before those that end with it. */
static int compare_backwards(const void *a, const void *b)
{
    const strings_entry *one = *(strings_entry *const *)a, *other = *(strings_entry *const *)b;
    size_t n = one->n < other->n ? one->n : other->n;

    for (size_t i = 1; i <= n; i++) {
        int difference = (unsigned char)one->key[one->n - i] - (unsigned char)other->key[other->n - i];
        if (difference)
            return difference;
    }
    return (one->n > other->n) - (one->n < other->n);
}

static bool ends_with(const strings_entry *whole, const strings_entry *end)
{
    return whole->n > end->n && memcmp(whole->key + whole->n - end->n, end->key, end->n) == 0;
}

static bool is_one(const strings_entry *e)
{
    return e->n > 1 && memchr(e->key, '\0', e->n) == e->key + e->n - 1;
}

static void expect_one(strings *s, const strings_entry *one, const strings_entry *whole)
{
    strings_entry *e = mem_new(s, strings_entry);

    *e = *one;
    e->key = mem_bytes(e, one->key, one->key_n);
    e->offset = whole->n - one->n;
    e->whole = whole;
    HASH_ADD_KEYPTR(hh, s->expected, e->key, e->key_n, e);
}

void strings_expect(strings *s, const strings *of)
{
    strings_entry **all = mem_array(s, strings_entry *, HASH_COUNT(of->entries) + 1);
    const strings_entry *whole = NULL;
    size_t n = 0;

    for (strings_entry *e = of->entries; e; e = e->hh.next)
        if (is_one(e))
            all[n++] = e;
    qsort(all, n, sizeof *all, compare_backwards);
    while (n-- > 0)
        if (whole && ends_with(whole, all[n]))
            expect_one(s, all[n], whole);
        else
            whole = all[n];
    talloc_free(all);
}

/* ---- adding ---- */

/* Add the longest that ends with it, if there is one. */
static void add_whole(strings *s, const char *key, size_t n)
{
    strings_entry *e;

    HASH_FIND(hh, s->expected, key, n, e);
    if (e)
        strings_enter(s, e->key, e->key_n, e->offset + strings_one(s, e->whole->key), e->n, false);
}

static size_t run_offset(strings *s, const char *key, size_t n)
{
    strings_entry *found;

    add_whole(s, key, n);
    HASH_FIND(hh, s->entries, key, n, found);
    if (found)
        return found->offset;
    size_t offset = s->bytes->n;
    text_bytes(s->bytes, key, n);
    strings_enter(s, key, n, offset, n, true);
    return offset;
}

size_t strings_run(strings *s, const char *const *list, size_t n)
{
    if (n == 1)
        return run_offset(s, list[0], strlen(list[0]) + 1);
    text *key = text_new(s);

    for (size_t i = 0; i < n; i++)
        text_bytes(key, list[i], strlen(list[i]) + 1);
    size_t offset = run_offset(s, key->p, key->n);
    for (size_t i = 0, at = 0; i < n; i++) {
        size_t one = strlen(list[i]) + 1;
        strings_enter(s, key->p + at, one, offset + at, one, false);
        at += one;
    }
    talloc_free(key);
    return offset;
}

/* What it ends with is there, too. */
size_t strings_one(strings *s, const char *one)
{
    size_t offset = strings_run(s, &one, 1), n = strlen(one);

    for (size_t i = 1; i < n; i++)
        strings_enter(s, one + i, n + 1 - i, offset + i, n + 1 - i, false);
    return offset;
}

size_t strings_size(const strings *s)
{
    return s->bytes->n;
}

static void print_char(text *out, unsigned char c)
{
    if (c == '\0')
        text_add(out, "0");
    else if (c == '\'' || c == '\\')
        text_printf(out, "'\\%c'", c);
    else if (c == '\r')
        text_add(out, "'\\r'");
    else if (c == '\n')
        text_add(out, "'\\n'");
    else if (isprint(c))
        text_printf(out, "'%c'", c);
    else
        text_printf(out, "'\\x%02x'", c);
}

/* Sixteen characters to a line, the offset as a comment in front of the first. */
void strings_print(const strings *s, text *out)
{
    for (const strings_entry *e = s->entries; e; e = e->hh.next) {
        if (!e->is_own)
            continue;
        text_printf(out, "    /* %4zu */ ", e->offset);
        for (size_t i = 0; i < e->n; i++) {
            if (i && i % 14 == 0)
                text_add(out, "\n               ");
            print_char(out, (unsigned char)s->bytes->p[e->offset + i]);
            text_add(out, ",");
        }
        text_add(out, "\n");
    }
}
