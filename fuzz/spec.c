/* Spec text to the compiler: see spec.h.
 * SPDX-License-Identifier: MIT */
#include "spec.h"

#include <dirent.h>
#include <talloc.h>

#include "passes.h"

static char folder[] = "/tmp/fuzz-XXXXXX";

static const char *file_in_folder(const char *name)
{
    static char path[sizeof folder + 256];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

static void empty_folder(void)
{
    DIR *d = opendir(folder);
    for (struct dirent *e; d && (e = readdir(d)) != NULL;)
        if (e->d_name[0] != '.') remove(file_in_folder(e->d_name));
    if (d) closedir(d);
}

static void remove_folder(void)
{
    empty_folder();
    remove(folder);
}

const char *spec_folder(void)
{
    static bool made;
    if (made) return folder;
    if (!mkdtemp(folder) || atexit(remove_folder) != 0) abort();
    made = true;
    return folder;
}

static void write_spec(const char *path, const uint8_t *bytes, size_t n)
{
    FILE *f = fopen(path, "wb");
    if (!f || fwrite(bytes, 1, n, f) != n || fclose(f) != 0) abort();
}

/* The names of what is written are always the same. */
static bool emit(diag *d, const model *m, bool tools)
{
    const gen_options options = { .module = true, .host = true, .tools = tools, .prefix = "fuzz", .directory = folder };
    const char *fault = "";
    gen_result result = generate(d, m, &options, &fault);
    if (result == GEN_DONE) return true;
    if (result == GEN_SPEC && diag_errors(d) > 0) return false;
    fprintf(stderr, "%s\n", fault);
    abort();
}

bool spec_generate(const uint8_t *bytes, size_t n, bool tools)
{
    void *ctx = talloc_new(NULL);
    diag *d = diag_new(ctx);
    spec_folder();
    empty_folder();
    const char *path = file_in_folder("fuzz.atspec");
    write_spec(path, bytes, n);
    ast_file *files = ast_load(ctx, d, path);
    model *m = files ? resolve(ctx, d, files) : NULL;
    bool good = m && check(d, m);
    if (!good && diag_errors(d) == 0) abort();              /* refused without saying why */
    good = good && emit(d, m, tools);
    talloc_free(ctx);
    return good;
}
