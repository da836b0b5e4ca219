/* Rows of a table, each kept once. A row is known by its key, which says what it means; its text
 * is how C writes it. A block is a run of rows that must stand together; a block that is part of
 * one already there shares it.
 * SPDX-License-Identifier: MIT */
#ifndef POOL_H
#define POOL_H

#include <stddef.h>

typedef struct pool_row {
    const char *key;            /* what it means */
    const char *c;              /* the C initialiser, NULL: the same as the key */
    const char *note;           /* comment, or NULL */
} pool_row;

typedef struct pool {
    pool_row *rows; size_t n, room;
    struct pool_entry *entries;
    struct pool_wait *waiting; size_t n_waiting, room_waiting;
    struct pool_entry *numbers;         /* of those that wait */
} pool;

pool *pool_new(const void *ctx);
size_t pool_one(pool *, pool_row);                              /* index of the row */
size_t pool_block(pool *, const pool_row *, size_t n);          /* index of the first; n 0: 0 */
size_t pool_append(pool *, pool_row);                           /* a row of its own, not shared */

/* Blocks share most when the longest are there first. pool_later gives a block a number, the same
 * to equal ones; pool_settle makes the rows of all of them; then pool_place says where one begins. */
size_t pool_later(pool *, const pool_row *, size_t n);
void pool_settle(pool *);
size_t pool_place(const pool *, size_t number);

#endif
