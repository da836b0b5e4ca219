/* Spec text to the compiler, all passes and the text of both sides: it ends in diagnostics or in output, never otherwise.
 * SPDX-License-Identifier: MIT */
#include <talloc.h>

#include "fuzz.h"
#include "passes.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    static char folder[] = "/tmp/fuzz-XXXXXX", path[sizeof folder + 12];
    void *ctx = talloc_new(NULL);
    diag *d = diag_new(ctx);
    if (path[0] == '\0') {
        if (!mkdtemp(folder)) abort();
        sprintf(path, "%s/x.atspec", folder);
    }
    FILE *f = fopen(path, "wb");
    if (!f || fwrite(bytes, 1, n, f) != n || fclose(f) != 0) abort();
    ast_file *files = ast_load(ctx, d, path);
    model *m = files ? resolve(ctx, d, files) : NULL;
    if (!m || !check(d, m)) {
        if (diag_errors(d) == 0) abort();       /* refused without saying why */
    } else {
        const gen_options options = { .module = true, .host = true, .directory = folder };
        const char *fault = NULL;
        if (generate(d, m, &options, &fault) == GEN_INTERNAL) {
            fprintf(stderr, "%s\n", fault);
            abort();
        }
    }
    talloc_free(ctx);
    return 0;
}
