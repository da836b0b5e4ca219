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

typedef struct pool_wait {      /* a block without a place */
    pool_row *rows; size_t n;
    size_t place;
} pool_wait;

pool *pool_new(const void *ctx)
{
    return mem_new(ctx, pool);
}

static pool_row row_copy(const void *ctx, pool_row row)
{
    return (pool_row){
        .key = mem_string(ctx, row.key),
        .c = mem_string(ctx, row.c ? row.c : row.key),
        .note = row.note ? mem_string(ctx, row.note) : NULL,
    };
}

size_t pool_append(pool *p, pool_row row)
{
    if (p->n == p->room) {
        p->room = p->room ? p->room * 2 : 16;
        p->rows = mem_grow(p, p->rows, pool_row, p->room);
    }
    p->rows[p->n] = row_copy(p, row);
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

static const pool_entry *entry_find(const pool_entry *entries, const char *keys)
{
    const pool_entry *found;

    HASH_FIND_STR(entries, keys, found);
    return found;
}

static const pool_entry *pool_find(const pool *p, const char *keys)
{
    return entry_find(p->entries, keys);
}

/* `keys` must stay. */
static void entry_add(const void *ctx, pool_entry **entries, const char *keys, size_t index)
{
    pool_entry *entry = mem_new(ctx, pool_entry);

    entry->keys = keys;
    entry->index = index;
    HASH_ADD_KEYPTR(hh, *entries, entry->keys, strlen(entry->keys), entry);
}

static void pool_enter(pool *p, size_t first, size_t n)
{
    char *keys = pool_keys(p, p->rows + first, n);

    if (pool_find(p, keys))
        talloc_free(keys);
    else
        entry_add(p, &p->entries, keys, first);
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

/* ---- blocks whose rows are made later ---- */
size_t pool_later(pool *p, const pool_row *rows, size_t n)
{
    char *keys = pool_keys(p, rows, n);
    const pool_entry *found = entry_find(p->numbers, keys);
    size_t number = found ? found->index : p->n_waiting;

    if (found) {
        talloc_free(keys);
        return number;
    }
    entry_add(p, &p->numbers, keys, number);
    if (p->n_waiting == p->room_waiting) {
        p->room_waiting = p->room_waiting ? p->room_waiting * 2 : 16;
        p->waiting = mem_grow(p, p->waiting, pool_wait, p->room_waiting);
    }
    pool_wait *block = &p->waiting[p->n_waiting++];
    *block = (pool_wait){ .rows = mem_array(p, pool_row, n + 1), .n = n };
    for (size_t i = 0; i < n; i++)
        block->rows[i] = row_copy(p, rows[i]);
    return number;
}

void pool_settle(pool *p)
{
    size_t longest = 0;

    for (size_t i = 0; i < p->n_waiting; i++)
        longest = p->waiting[i].n > longest ? p->waiting[i].n : longest;
    for (size_t n = longest; n > 0; n--)
        for (size_t i = 0; i < p->n_waiting; i++)
            if (p->waiting[i].n == n)
                p->waiting[i].place = pool_block(p, p->waiting[i].rows, n);
}

size_t pool_place(const pool *p, size_t number)
{
    return p->waiting[number].place;
}
