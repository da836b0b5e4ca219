/* Spec text to code that compiles: what the compiler accepts, re2c, Lemon and the C compiler (as C99 and as C++17, warnings
 * are errors) accept too. The same code is compiled once.
 * SPDX-License-Identifier: MIT */
#include <dirent.h>

#include "spec.h"

static const char COMPILE[] =
    "cd %s && { cc -std=c99 $flags *.c && c++ -x c++ -std=c++17 $flags *.c; } >said 2>&1 || { cat said >&2; exit 1; }";
static const char FLAGS[] = "-fsyntax-only -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror -I" RUNTIME;

static uint64_t hash_file(const char *path)
{
    uint64_t hash = 14695981039346656037u;
    FILE *f = fopen(path, "rb");
    for (int c; f && (c = getc(f)) != EOF;) hash = (hash ^ (unsigned)c) * 1099511628211u;
    if (f) fclose(f);
    return hash;
}

/* Of what is compiled, in any order. */
static uint64_t hash_code(void)
{
    char path[300];
    uint64_t hash = 0;
    DIR *d = opendir(spec_folder());
    for (struct dirent *e; d && (e = readdir(d)) != NULL;) {
        const char *ending = strrchr(e->d_name, '.');
        if (!ending || (strcmp(ending, ".c") != 0 && strcmp(ending, ".h") != 0 && strcmp(ending, ".inc") != 0)) continue;
        snprintf(path, sizeof path, "%s/%.200s", spec_folder(), e->d_name);
        hash += hash_file(path);
    }
    if (d) closedir(d);
    return hash;
}

/* One place for each, which the next of the same place takes. */
static bool is_known(uint64_t hash)
{
    enum { PLACES = 1 << 16 };
    static uint64_t known[PLACES];
    bool same = known[hash % PLACES] == hash;
    known[hash % PLACES] = hash;
    return same;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    char command[300];
    if (!spec_generate(bytes, n, true) || is_known(hash_code())) return 0;
    setenv("flags", FLAGS, 1);
    snprintf(command, sizeof command, COMPILE, spec_folder());
    if (system(command) != 0) abort();
    return 0;
}
