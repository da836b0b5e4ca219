/* Rows of a table, each kept once: see pool.h.
 * SPDX-License-Identifier: MIT */
#include "pool.h"

#include <string.h>

#include "mem.h"

#include <uthash.h>

/* runs up to this length inside a block can be shared by shorter blocks */
enum { SHARED_RUN = 6 };

typedef struct pool_entry {     /* a run of rows by its keys */
    const char *keys;
    size_t index;
    UT_hash_handle hh;
} pool_entry;

pool *pool_new(const void *ctx)
{
    return mem_new(ctx, pool);
}

size_t pool_append(pool *p, pool_row row)
{
    if (p->n == p->room) {
        p->room = p->room ? p->room * 2 : 16;
        p->rows = mem_grow(p, p->rows, pool_row, p->room);
    }
    p->rows[p->n] = (pool_row){
        .key = mem_string(p, row.key),
        .c = mem_string(p, row.c ? row.c : row.key),
        .note = row.note ? mem_string(p, row.note) : NULL,
    };
    return p->n++;
}

static char *pool_keys(const void *ctx, const pool_row *rows, size_t n)
{
    size_t size = 1;
    for (size_t i = 0; i < n; i++)
        size += strlen(rows[i].key) + 1;
    char *keys = mem_array(ctx, char, size), *end = keys;
    for (size_t i = 0; i < n; i++) {
        size_t one = strlen(rows[i].key);
        memcpy(end, rows[i].key, one);
        end[one] = '\n';
        end += one + 1;
    }
    return keys;
}

static const pool_entry *pool_find(const pool *p, const char *keys)
{
    pool_entry *found;

    HASH_FIND_STR(p->entries, keys, found);
    return found;
}

static void pool_enter(pool *p, size_t first, size_t n)
{
    char *keys = pool_keys(p, p->rows + first, n);

    if (pool_find(p, keys)) {
        talloc_free(keys);
        return;
    }
    pool_entry *entry = mem_new(p, pool_entry);
    entry->keys = keys;
    entry->index = first;
    HASH_ADD_KEYPTR(hh, p->entries, entry->keys, strlen(entry->keys), entry);
}

size_t pool_block(pool *p, const pool_row *rows, size_t n)
{
    if (n == 0)
        return 0;
    char *keys = pool_keys(p, rows, n);
    const pool_entry *found = pool_find(p, keys);
    talloc_free(keys);
    if (found)
        return found->index;
    size_t first = p->n;
    for (size_t i = 0; i < n; i++)
        pool_append(p, rows[i]);
    pool_enter(p, first, n);
    for (size_t length = 1; length < n && length <= SHARED_RUN; length++)
        for (size_t i = 0; i + length <= n; i++)
            pool_enter(p, first + i, length);
    return first;
}

size_t pool_one(pool *p, pool_row row)
{
    return pool_block(p, &row, 1);
}
