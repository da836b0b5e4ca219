/* The files of one run, in memory until all of them are known to be right; then written, each
 * only if its contents changed, so that a build does not compile again what stayed the same.
 * SPDX-License-Identifier: MIT */
#ifndef OUT_H
#define OUT_H

#include <stdbool.h>

#include "text.h"

typedef struct out_file {
    const char *name;           /* without directory */
    text *text;
    bool is_wanted;             /* false: only another tool's input */
    struct out_file *next;
} out_file;

typedef struct outputs {
    out_file *first, *last;
} outputs;

outputs *out_new(const void *ctx);
text *out_add(outputs *, const char *name);                 /* a file that is written in the end */
out_file *out_find(const outputs *, const char *name);
/* Write the files into `directory`, which is made when it is not there. False: `fault` is a
 * message. */
bool out_write(const outputs *, const char *directory, const char **fault);
/* One file, whatever was there; for folders of our own. */
bool out_put(const out_file *, const char *directory, const char **fault);

#endif
