/* A folder of a test's own: see folder.h. One at a time, as a test runs in a process of its own.
 * SPDX-License-Identifier: MIT */
#include "folder.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>

#include "mem.h"
#include "source.h"

static void *context;
static char *folder;

const char *folder_make(void *ctx)
{
    context = ctx;
    folder = mem_string(ctx, "/tmp/atgen-test-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
    return folder;
}

const char *folder_path(const char *name)
{
    return mem_printf(context, "%s/%s", folder, name);
}

const char *folder_put(const char *name, const char *text)
{
    const char *path = folder_path(name);
    FILE *file = fopen(path, "wb");

    ck_assert_ptr_nonnull(file);
    ck_assert_int_ge(fputs(text, file), 0);
    ck_assert_int_eq(fclose(file), 0);
    return path;
}

const char *folder_get(const char *name)
{
    source *s = source_read(context, folder_path(name));

    return s ? s->text : NULL;
}

void folder_remove(void)
{
    ck_assert_int_eq(system(mem_printf(context, "rm -rf '%s'", folder)), 0);
}
