/* The command lines that the peers are fed: the same file for each, made by `stream DIALECT print`, N lines in all.
 * SPDX-License-Identifier: MIT */
#ifndef LINES_H
#define LINES_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LINES_MAX = 1 << 16, LINE_MAX_BYTES = 256 };

typedef struct lines { char *text[LINES_MAX]; unsigned n; } lines;

static inline void lines_read(lines *x, const char *path)
{
    char line[LINE_MAX_BYTES];
    FILE *f = fopen(path, "rb");
    if (!f) exit(2);
    while (x->n < LINES_MAX && fgets(line, sizeof line, f)) {
        char *copy = malloc(strlen(line) + 1);
        if (!copy) exit(2);
        x->text[x->n++] = strcpy(copy, line);
    }
    fclose(f);
    if (x->n == 0) exit(2);
}

/* Length of the command's name, which begins behind AT. */
static inline size_t lines_name(const char *line)
{
    return strcspn(line + 2, "=?\r\n");
}

/* The names that occur, each once. */
static inline unsigned lines_names(const lines *x, const char **names, unsigned max)
{
    unsigned n = 0;
    for (unsigned i = 0; i < x->n; i++) {
        size_t length = lines_name(x->text[i]);
        char *name = malloc(length + 1);
        unsigned k = 0;
        if (!name) exit(2);
        memcpy(name, x->text[i] + 2, length);
        name[length] = '\0';
        while (k < n && strcmp(names[k], name) != 0) k++;
        if (k == n && n < max) names[n++] = name;
    }
    return n;
}

#endif
