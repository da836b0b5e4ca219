/* Runs a fuzz target without libFuzzer: on each file of the command line, or for AFL++ on what it puts into standard input.
 * SPDX-License-Identifier: MIT */
#include <dirent.h>
#include <sys/stat.h>

#include "fuzz.h"

size_t LLVMFuzzerMutate(uint8_t *, size_t n, size_t most);

enum { INPUT_MAX = 1 << 20 };

static uint8_t bytes[INPUT_MAX];

static bool run_file(const char *path)
{
    FILE *f = fopen(path, "rb");
    if (!f) {
        perror(path);
        return false;
    }
    size_t n = fread(bytes, 1, sizeof bytes, f);
    fclose(f);
    LLVMFuzzerTestOneInput(bytes, n);
    return true;
}

static unsigned run_folder(const char *folder)
{
    char path[4096];
    unsigned n = 0;
    DIR *d = opendir(folder);
    for (struct dirent *e; d && (e = readdir(d)) != NULL;)
        if (e->d_name[0] != '.' && snprintf(path, sizeof path, "%s/%s", folder, e->d_name) < (int)sizeof path)
            n += run_file(path);
    if (d) closedir(d);
    return n;
}

/* What the mutators of targets fall back to; only libFuzzer calls them. */
size_t LLVMFuzzerMutate(uint8_t *p, size_t n, size_t most)
{
    (void)p;
    (void)most;
    return n;
}

int main(int argc, char **argv)
{
    unsigned n = 0;
    struct stat st;
    for (int i = 1; i < argc; i++)
        n += stat(argv[i], &st) == 0 && S_ISDIR(st.st_mode) ? run_folder(argv[i]) : run_file(argv[i]);
#ifdef __AFL_LOOP
    if (argc == 1)
        while (__AFL_LOOP(10000)) LLVMFuzzerTestOneInput(bytes, fread(bytes, 1, sizeof bytes, stdin));
#else
    if (argc == 1) LLVMFuzzerTestOneInput(bytes, fread(bytes, 1, sizeof bytes, stdin));
#endif
    printf("%u inputs\n", n);
    return n == 0 && argc > 1;
}
