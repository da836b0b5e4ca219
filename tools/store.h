/* Named values: the arguments of a command, and what commands have set.
 * SPDX-License-Identifier: MIT */
#ifndef STORE_H
#define STORE_H

#include <stddef.h>

typedef struct store_value {
    struct store_value *next;
    char *scope, *name; /* scope: whose value it is, as +CWJAP_CUR; "" for arguments */
    char *text;
    size_t n; /* NUL-terminated too */
} store_value;
typedef struct store {
    store_value *first;
} store; /* all zeros: empty */

/* Memory that is there: without it the program ends, with exit status 70. */
void *store_memory(size_t n);
char *store_copy(const char *text, size_t n);

/* Adds a value, or replaces the one of that name. */
void store_put(store *, const char *scope, const char *name, const char *text, size_t n);
/* NULL: there is none. */
const store_value *store_find(const store *, const char *scope, const char *name);
void store_remove(store *, const char *scope, const char *name);
void store_clear(store *);

#endif
