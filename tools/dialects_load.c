/* The compiler and the runtime's headers are found beside this program (in a build, or in an
 * installation that was moved), or where they have been installed. SPDX-License-Identifier: MIT */
#define _XOPEN_SOURCE 700
#include "dialects_load.h"

#include <dlfcn.h>
#include <errno.h>
#include <ftw.h>
#include <limits.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "command.h"

#if !defined ATGEN_BINDIR || !defined ATGEN_INCLUDEDIR
#error "ATGEN_BINDIR, ATGEN_INCLUDEDIR: where the compiler and the runtime's headers are installed"
#endif

typedef char path[PATH_MAX];
typedef struct loader {
    const char *program, *spec;
    path atgen, runtime, cache;
} loader;

/* ---- paths ---- */

/* False, and `to` is "": it does not fit. */
__attribute__((format(printf, 2, 3))) static bool put(path to, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int n = vsnprintf(to, sizeof(path), format, args);
    va_end(args);
    if (n >= 0 && n < (int)sizeof(path)) return true;
    *to = '\0';
    return false;
}

/* Where this program lies, with the slash; "" where the system does not say. */
static void program_folder(path to)
{
    ssize_t n = readlink("/proc/self/exe", to, sizeof(path) - 1);
    to[n > 0 ? n : 0] = '\0';
    char *slash = strrchr(to, '/');
    to[slash ? slash + 1 - to : 0] = '\0';
}

/* $ATGEN, else beside this program, else where it was installed. */
static bool find_atgen(loader *l)
{
    path folder;
    const char *own = getenv("ATGEN");
    if (own && *own) return put(l->atgen, "%s", own);
    program_folder(folder);
    if (*folder && put(l->atgen, "%satgen", folder) && access(l->atgen, X_OK) == 0) return true;
    return put(l->atgen, "%s/atgen", ATGEN_BINDIR);
}

static bool is_runtime(const char *folder)
{
    path header;
    return put(header, "%s/atnames.h", folder) && access(header, R_OK) == 0;
}

/* In a build `spec` is a link into the source. */
static bool find_runtime(loader *l)
{
    path folder;
    const char *slash = strrchr(l->atgen, '/');
    put(folder, "%.*s", slash ? (int)(slash - l->atgen) : 1, slash ? l->atgen : ".");
    if (put(l->runtime, "%s/spec/../runtime", folder) && is_runtime(l->runtime)) return true;
    if (put(l->runtime, "%s/../include/atgen", folder) && is_runtime(l->runtime)) return true;
    return put(l->runtime, "%s", ATGEN_INCLUDEDIR) && is_runtime(l->runtime);
}

static bool make_folder(const char *folder)
{
    return mkdir(folder, 0777) == 0 || errno == EEXIST;
}

static bool find_cache(loader *l)
{
    path base;
    const char *xdg = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");
    if (xdg && *xdg)
        put(base, "%s", xdg);
    else if (!home || !*home || !put(base, "%s/.cache", home))
        return false;
    return make_folder(base) && put(l->cache, "%s/atgen", base) && make_folder(l->cache);
}

bool dialects_is_path(const char *name)
{
    static const char ending[] = ".atspec";
    size_t n = strlen(name);
    if (strchr(name, '/') || access(name, F_OK) == 0) return true;
    return n >= sizeof ending && strcmp(name + n - (sizeof ending - 1), ending) == 0;
}

/* ---- what goes wrong ---- */
static bool fail(const loader *l, const char *what, const char *why)
{
    fprintf(stderr, "%s: %s: %s\n", l->program, what, why);
    return false;
}

/* ---- the key ---- */
typedef uint64_t key; /* FNV-1a */

static void key_bytes(key *k, const char *p, size_t n)
{
    for (; n > 0; n--, p++)
        *k = (*k ^ (uint8_t)*p) * UINT64_C(0x100000001b3);
}

static bool key_stream(key *k, FILE *file)
{
    char block[4096];
    size_t n;
    if (!file) return false;
    while ((n = fread(block, 1, sizeof block, file)) > 0)
        key_bytes(k, block, n);
    fclose(file);
    return true;
}

/* The compiler and the headers, whose versions do not tell all while they are being changed. */
static bool key_tools(key *k, const loader *l)
{
    static const char *const headers[] = {"at_features.h", "atlink.h", "athost.h", "atmodule.h", "atnames.h",
                                          "attable.h"};
    path name;
    if (!key_stream(k, fopen(l->atgen, "rb"))) return fail(l, l->atgen, strerror(errno));
    for (size_t i = 0; i < sizeof headers / sizeof *headers; i++)
        if (!put(name, "%s/%s", l->runtime, headers[i]) || !key_stream(k, fopen(name, "rb")))
            return false;
    return true;
}

/* The spec and its bases, as the compiler reads them; it says itself what is wrong with them. */
static bool key_spec(key *k, const loader *l)
{
    const char *const argv[] = {l->atgen, "dump", "--stage", "ast", l->spec, NULL};
    int status;
    char *text = command_output(argv, &status);
    if (text) key_bytes(k, text, strlen(text));
    free(text);
    return status == 0;
}

/* ---- making ---- */
static bool generate(const loader *l, const char *folder)
{
    const char *const argv[] = {l->atgen, "gen", "--prefix", "loaded", "-o", folder, l->spec, NULL};
    return command_run(argv) == 0;
}

/* $CC may hold options. */
static bool compile(const loader *l, const char *folder, const char *library)
{
    static const char script[] =
        "exec ${CC:-cc} -std=c99 -O1 -w -fPIC -shared -I\"$1\" -I\"$2\" -o \"$3\" "
        "\"$1\"/loaded_module.c \"$1\"/loaded_host.c \"$1\"/loaded_names.c";
    const char *const argv[] = {"sh", "-c", script, "sh", folder, l->runtime, library, NULL};
    int status = command_run(argv);
    if (status == COMMAND_NOT_FOUND)
        fail(l, l->spec, "needs a C compiler: install cc, or set CC");
    else if (status != 0)
        fail(l, l->spec, "what atgen made of it could not be compiled");
    return status == 0;
}

static int remove_one(const char *name, const struct stat *st, int what, struct FTW *at)
{
    (void)st;
    (void)what;
    (void)at;
    return remove(name);
}

/* Others may make the same at the same time: the library gets its name when it is whole. */
static bool make(const loader *l, const char *library)
{
    path folder, made;
    if (!put(folder, "%s/build-XXXXXX", l->cache) || !mkdtemp(folder))
        return fail(l, l->cache, strerror(errno));
    fprintf(stderr, "%s: building the parsers of %s in %s\n", l->program, l->spec, l->cache);
    bool good = put(made, "%s/made.so", folder) && generate(l, folder) && compile(l, folder, made);
    good = good && rename(made, library) == 0;
    nftw(folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
    return good;
}

static bool has_atgen(loader *l)
{
    if (find_atgen(l) && access(l->atgen, X_OK) == 0) return true;
    return fail(l, l->atgen, "cannot be run, and reads the spec file; set ATGEN to its path");
}

/* False: something is missing on this system. */
static bool find_all(loader *l)
{
    if (access(l->spec, R_OK) != 0) return fail(l, l->spec, strerror(errno));
    if (!has_atgen(l)) return false;
    if (!find_runtime(l)) return fail(l, l->runtime, "the runtime's headers are not there");
    return find_cache(l) || fail(l, "no cache folder", "set XDG_CACHE_HOME or HOME");
}

const at_names *dialects_load(const char *program, const char *spec)
{
    loader l = {.program = program, .spec = spec};
    key k = UINT64_C(0xcbf29ce484222325);
    path library;
    if (!find_all(&l) || !key_tools(&k, &l) || !key_spec(&k, &l)) return NULL;
    if (!put(library, "%s/%016llx.so", l.cache, (unsigned long long)k)) return NULL;
    if (access(library, R_OK) != 0 && !make(&l, library)) return NULL;
    void *handle = dlopen(library, RTLD_NOW | RTLD_LOCAL);
    const at_names *names = handle ? dlsym(handle, "loaded_names") : NULL;
    if (!names) fail(&l, library, dlerror());
    return names;
}

char *dialects_model(const char *program, const char *name)
{
    loader l = {.program = program, .spec = name};
    if (!has_atgen(&l)) return NULL;
    const char *const argv[] = {l.atgen, "dump", name, NULL};
    int status;
    char *text = command_output(argv, &status);
    if (status == 0) return text;
    free(text);
    return NULL;
}
