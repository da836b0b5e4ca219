/* The files of a spec: finding the one that is asked for and all it includes. A file is looked for
 * beside the one that includes it, in the folders of the environment variable ATGEN_PATH, and where
 * the shipped dialects are: beside the program (a build, or an installation that was moved), or where
 * they have been installed. Apart from the parser, which sees one text and no file system.
 * SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "mem.h"
#include "parser.h"
#include "passes.h"

#ifndef ATGEN_SPECDIR
#error "ATGEN_SPECDIR: where the shipped dialects are installed"
#endif

#define SUFFIX ".atspec"

typedef struct loading {        /* a file that is being read, and who includes it */
    char *id;                   /* so that a cycle is seen under any name */
    place from;
    const struct loading *by;
} loading;

typedef struct loader {
    void *ctx;
    diag *d;
    ast_file *first, **tail;
    struct done { char *id; struct done *next; } *done;
} loader;

/* ---- finding ---- */

static bool is_file(const char *path)
{
    FILE *f = fopen(path, "rb");

    if (f)
        fclose(f);
    return f != NULL;
}

/* `name` in the `len` bytes of `folder`, if it is there. */
static char *in_folder(void *ctx, const char *folder, size_t len, const char *name)
{
    char *path = mem_printf(ctx, "%.*s%s%s", (int)len, folder, len ? "/" : "", name);

    return is_file(path) ? path : NULL;
}

/* Where the program lies, with the slash; "" where the system does not say. */
static char *program_folder(void *ctx)
{
    char path[4096];
    ssize_t n = readlink("/proc/self/exe", path, sizeof path);

    while (n > 0 && path[n - 1] != '/')
        n--;
    return mem_bytes(ctx, path, n > 0 ? (size_t)n : 0);
}

static char *among_shipped(void *ctx, const char *name)
{
    static const char *const folders[] = { "spec", "../share/atgen/spec" };
    const char *program = program_folder(ctx);

    for (size_t i = 0; *program && i < sizeof folders / sizeof *folders; i++) {
        const char *folder = mem_printf(ctx, "%s%s", program, folders[i]);
        char *found = in_folder(ctx, folder, strlen(folder), name);
        if (found)
            return found;
    }
    return in_folder(ctx, ATGEN_SPECDIR, strlen(ATGEN_SPECDIR), name);
}

/* In ATGEN_PATH, then among the shipped ones. */
static char *in_search_path(void *ctx, const char *name)
{
    const char *path = getenv("ATGEN_PATH");

    while (path && *path) {
        size_t n = strcspn(path, ":");
        char *found = n ? in_folder(ctx, path, n, name) : NULL;
        if (found)
            return found;
        path += n + (path[n] == ':');
    }
    return among_shipped(ctx, name);
}

static char *find_include(void *ctx, const char *by, const char *name)
{
    const char *slash = strrchr(by, '/');
    char *found = in_folder(ctx, by, *name == '/' || !slash ? 0 : (size_t)(slash - by), name);

    return found || *name == '/' ? found : in_search_path(ctx, name);
}

/* A path as it is, or the name of a dialect: `wizfi360`. */
static char *find_spec(void *ctx, const char *spec)
{
    if (strcmp(spec, "-") == 0 || is_file(spec) || strchr(spec, '/'))
        return mem_string(ctx, spec);
    char *found = in_search_path(ctx, mem_printf(ctx, "%s" SUFFIX, spec));
    return found ? found : mem_string(ctx, spec);
}

/* ---- reading ---- */

/* What a file is whatever it is called: device and number; the name where there is no such file. */
static char *identity(void *ctx, const char *path)
{
    struct stat st;

    if (strcmp(path, "-") == 0 || stat(path, &st) != 0)
        return mem_string(ctx, path);
    return mem_printf(ctx, "%lld:%lld", (long long)st.st_dev, (long long)st.st_ino);
}

static bool is_done(const loader *l, const char *id)
{
    for (const struct done *p = l->done; p; p = p->next)
        if (strcmp(p->id, id) == 0)
            return true;
    return false;
}

/* Is the file being read already, further up? Says so. */
static bool is_cycle(loader *l, const loading *by, const char *id, place from)
{
    for (const loading *p = by; p; p = p->by)
        if (strcmp(p->id, id) == 0) {
            diag_at(l->d, from, D_INCLUDE_CYCLE, "a file cannot include itself");
            for (const loading *q = by; q != p; q = q->by)
                diag_note(l->d, q->from, "included from here");
            return true;
        }
    return false;
}

static void load_file(loader *l, const char *path, place from, const loading *by);

static void load_includes(loader *l, const ast_file *file, const loading *self)
{
    for (const ast_def *def = file->defs; def; def = def->next) {
        if (def->kind != DEF_INCLUDE)
            continue;
        char *path = find_include(l->ctx, file->path, def->name);
        if (path) {
            load_file(l, path, def->at, self);
        } else {
            diag_at(l->d, def->at, D_NO_FILE, "cannot find '%s'", def->name);
            diag_note(l->d, (place){ NULL, 0, 0 },
                      "looked for beside this file, in ATGEN_PATH and among the shipped specs");
        }
    }
}

/* Read a file and what it includes, once each; included ones come first. */
static void load_file(loader *l, const char *path, place from, const loading *by)
{
    loading self = { identity(l->ctx, path), from, by };

    if (is_cycle(l, by, self.id, from) || is_done(l, self.id))
        return;
    source *src = source_read(l->ctx, path);
    if (!src) {
        diag_at(l->d, from, D_NO_FILE, "cannot read '%s': %s", path, strerror(errno));
        return;
    }
    ast_file *file = parser_read(l->ctx, l->d, src);
    load_includes(l, file, &self);
    *l->tail = file;
    l->tail = &file->next;
    struct done *done = mem_new(l->ctx, struct done);
    *done = (struct done){ self.id, l->done };
    l->done = done;
}

ast_file *ast_load(void *ctx, diag *d, const char *spec)
{
    loader l = { .ctx = ctx, .d = d };
    unsigned errors = diag_errors(d);

    l.tail = &l.first;
    load_file(&l, find_spec(ctx, spec), (place){ NULL, 0, 0 }, NULL);
    return diag_errors(d) == errors ? l.first : NULL;
}

ast_file *ast_read(void *ctx, diag *d, const char *spec)
{
    unsigned errors = diag_errors(d);
    char *path = find_spec(ctx, spec);
    source *src = source_read(ctx, path);

    if (!src) {
        diag_at(d, (place){ NULL, 0, 0 }, D_NO_FILE, "cannot read '%s': %s", path,
                strerror(errno));
        return NULL;
    }
    ast_file *file = parser_read(ctx, d, src);
    return diag_errors(d) == errors ? file : NULL;
}
