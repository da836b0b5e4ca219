/* The depfile: see depfile.h.
 * SPDX-License-Identifier: MIT */
#include "depfile.h"

#include "mem.h"

/* A path as make takes it: blanks and `#` escaped, `$` doubled. */
static void depfile_path(text *t, const char *path)
{
    for (; *path; path++) {
        if (*path == ' ' || *path == '#' || *path == '\\')
            text_add(t, "\\");
        else if (*path == '$')
            text_add(t, "$");
        text_bytes(t, path, 1);
    }
}

void depfile_add(outputs *o, const model *m, const char *directory, const char *name)
{
    const out_file *last = o->last;
    text *t = out_add(o, mem_printf(o, "%s.d", name));

    for (const out_file *file = o->first; file; file = file == last ? NULL : file->next) {
        depfile_path(t, mem_printf(o, "%s/%s", directory, file->name));
        text_add(t, file == last ? ":" : " \\\n  ");
    }
    for (size_t i = 0; i < m->n_files; i++) {
        text_add(t, " \\\n  ");
        depfile_path(t, m->files[i]);
    }
    text_add(t, "\n");
    for (size_t i = 1; i < m->n_files; i++) {   /* a file that is no longer included may be gone */
        depfile_path(t, m->files[i]);
        text_add(t, ":\n");
    }
}
