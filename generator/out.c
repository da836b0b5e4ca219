/* The files of one run: see out.h.
 * SPDX-License-Identifier: MIT */
#include "out.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "mem.h"

outputs *out_new(const void *ctx)
{
    return mem_new(ctx, outputs);
}

text *out_add(outputs *o, const char *name)
{
    out_file *file = mem_new(o, out_file);

    file->name = mem_string(file, name);
    file->text = text_new(file);
    file->is_wanted = true;
    if (o->last)
        o->last->next = file;
    else
        o->first = file;
    o->last = file;
    return file->text;
}

out_file *out_find(const outputs *o, const char *name)
{
    for (out_file *file = o->first; file; file = file->next)
        if (strcmp(file->name, name) == 0)
            return file;
    return NULL;
}

static bool out_is_same(const char *path, const text *t)
{
    FILE *file = fopen(path, "rb");
    if (!file)
        return false;
    size_t at = 0, n;
    char block[4096];
    bool same = true;
    while (same && (n = fread(block, 1, sizeof block, file)) > 0) {
        same = n <= t->n - at && memcmp(t->p + at, block, n) == 0;
        at += n;
    }
    same = same && !ferror(file) && at == t->n;
    fclose(file);
    return same;
}

static bool out_fault(const void *ctx, const char *path, const char **fault)
{
    *fault = mem_printf(ctx, "%s: %s", path, strerror(errno));
    return false;
}

bool out_put(const out_file *file, const char *directory, const char **fault)
{
    const char *path = mem_printf(file->text, "%s/%s", directory, file->name);
    FILE *f = fopen(path, "wb");
    if (!f)
        return out_fault(file->text, path, fault);
    bool written = fwrite(file->text->p, 1, file->text->n, f) == file->text->n;
    if (fclose(f) != 0 || !written)
        return out_fault(file->text, path, fault);
    return true;
}

/* As `mkdir -p`. */
static bool out_directory(const outputs *o, const char *directory, const char **fault)
{
    char *path = mem_string(o, directory);

    for (char *p = path + 1; *p; p++) {
        if (*p != '/')
            continue;
        *p = '\0';
        if (mkdir(path, 0777) != 0 && errno != EEXIST)
            return out_fault(o, path, fault);
        *p = '/';
    }
    if (mkdir(path, 0777) != 0 && errno != EEXIST)
        return out_fault(o, path, fault);
    return true;
}

bool out_write(const outputs *o, const char *directory, const char **fault)
{
    if (!out_directory(o, directory, fault))
        return false;
    for (const out_file *file = o->first; file; file = file->next) {
        const char *path = mem_printf(file, "%s/%s", directory, file->name);
        if (file->is_wanted && !out_is_same(path, file->text) && !out_put(file, directory, fault))
            return false;
    }
    return true;
}
