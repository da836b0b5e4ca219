/* A list in the order in which values came: a command has few arguments, a simulated module few
 * settings. SPDX-License-Identifier: MIT */
#include "store.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { EXIT_INTERNAL = 70 };

void *store_memory(size_t n)
{
    void *p = calloc(1, n ? n : 1);
    if (p) return p;
    fputs("out of memory\n", stderr);
    exit(EXIT_INTERNAL);
}

char *store_copy(const char *text, size_t n)
{
    char *p = store_memory(n + 1);
    if (n > 0) memcpy(p, text, n);
    return p;
}

/* The link that points to the value, or the one at the end. */
static store_value **place(store *s, const char *scope, const char *name)
{
    store_value **at = &s->first;
    while (*at && (strcmp((*at)->scope, scope) != 0 || strcmp((*at)->name, name) != 0))
        at = &(*at)->next;
    return at;
}

void store_put(store *s, const char *scope, const char *name, const char *text, size_t n)
{
    store_value **at = place(s, scope, name), *v = *at;
    if (!v) {
        v = *at = store_memory(sizeof *v);
        v->scope = store_copy(scope, strlen(scope));
        v->name = store_copy(name, strlen(name));
    }
    free(v->text);
    v->text = store_copy(text, n);
    v->n = n;
}

const store_value *store_find(const store *s, const char *scope, const char *name)
{
    store view = *s;
    return *place(&view, scope, name);
}

static void drop(store_value **at)
{
    store_value *v = *at;
    *at = v->next;
    free(v->scope);
    free(v->name);
    free(v->text);
    free(v);
}

void store_remove(store *s, const char *scope, const char *name)
{
    store_value **at = place(s, scope, name);
    if (*at) drop(at);
}

void store_clear(store *s)
{
    while (s->first)
        drop(&s->first);
}
