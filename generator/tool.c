/* re2c and Lemon: see tool.h.
 * SPDX-License-Identifier: MIT */
#include "tool.h"

#include <errno.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "mem.h"

static const char PARSER[] = "parser.c.tmpl", MESSAGES[] = "messages";

/* ---- the folder they work in ---- */
static bool tool_fail(const void *ctx, const char *what, const char **fault)
{
    *fault = mem_printf(ctx, "%s: %s", what, strerror(errno));
    return false;
}

static char *tool_folder(const outputs *o, const char **fault)
{
    const char *tmp = getenv("TMPDIR");
    char *folder = mem_printf(o, "%s/atgen-XXXXXX", tmp && *tmp ? tmp : "/tmp");

    if (mkdtemp(folder))
        return folder;
    tool_fail(o, folder, fault);
    return NULL;
}

static void tool_remove(const outputs *o, const char *folder, const char *name)
{
    (void)unlink(mem_printf(o, "%s/%s", folder, name));
}

/* ---- running one ---- */

/* A shell changes the folder, because posix_spawn cannot; the names come as arguments, not as
 * its text. */
static const char SCRIPT[] = "cd \"$1\" && shift && exec \"$@\" >messages 2>&1";

/* Run argv (NULL-ended) in `folder`; its exit status, -1: it could not be started. */
static int tool_spawn(const void *ctx, const char *folder, const char *const *argv)
{
    extern char **environ;
    const char *args[16] = { "sh", "-c", SCRIPT, "sh", folder };
    size_t n = 5;
    pid_t pid;
    int status;

    while (*argv)
        args[n++] = *argv++;
    char **copy = mem_array(ctx, char *, n + 1);
    for (size_t i = 0; i < n; i++)
        copy[i] = mem_string(ctx, args[i]);
    if (posix_spawnp(&pid, "sh", NULL, NULL, copy, environ) != 0)
        return -1;
    while (waitpid(pid, &status, 0) < 0)
        if (errno != EINTR)
            return -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static text *tool_read(const void *ctx, const char *path)
{
    FILE *file = fopen(path, "rb");
    if (!file)
        return NULL;
    text *t = text_new(ctx);
    char block[4096];
    size_t n;
    while ((n = fread(block, 1, sizeof block, file)) > 0)
        text_bytes(t, block, n);
    fclose(file);
    return t;
}

enum { NOT_FOUND = 127 };       /* what the shell says of a program that is not there */

/* What a tool had to say; anything is too much. */
static bool tool_is_quiet(const outputs *o, const char *folder, const char *tool, const char *input,
                          int status, const char **fault, bool *internal)
{
    const text *said = tool_read(o, mem_printf(o, "%s/%s", folder, MESSAGES));

    if (status == 0 && said && said->n == 0)
        return true;
    *internal = status != NOT_FOUND;
    *fault = status == NOT_FOUND
                 ? mem_printf(o, "%s is not installed; --no-tools does without", tool)
                 : mem_printf(o, "%s on %s: %s", tool, input, said ? said->p : "no answer");
    return false;
}

/* ---- one file ---- */
typedef struct job {
    outputs *o;
    const char *folder;
    const char **fault;
    bool *internal;
} job;

static const char *stem(const void *ctx, const char *name)
{
    char *copy = mem_string(ctx, name);

    *strrchr(copy, '.') = '\0';
    return copy;
}

/* Take the file a tool has written as one of ours. */
static bool tool_take(const job *j, const char *written, const char *name)
{
    const char *path = mem_printf(j->o, "%s/%s", j->folder, written);
    const text *t = tool_read(j->o, path);

    if (!t)
        return tool_fail(j->o, path, j->fault);
    text *copy = out_add(j->o, name);
    text_bytes(copy, t->p, t->n);
    tool_remove(j->o, j->folder, written);
    return true;
}

static bool tool_re2c(const job *j, const out_file *file)
{
    const char *result = mem_printf(j->o, "%s.inc", stem(j->o, file->name));
    const char *const argv[] = {
        "re2c",         "-W", "-Werror", "-i",       "--no-generation-date",
        "--no-version", "-o", result,    file->name, NULL
    };
    int status = tool_spawn(j->o, j->folder, argv);

    return tool_is_quiet(j->o, j->folder, "re2c", file->name, status, j->fault, j->internal)
           && tool_take(j, result, result);
}

static bool tool_lemon(const job *j, const out_file *file)
{
    const char *name = stem(j->o, file->name);
    const char *const argv[] = { "lemon", "-l", "-q", "-Tparser.c.tmpl", file->name, NULL };
    int status = tool_spawn(j->o, j->folder, argv);

    if (!tool_is_quiet(j->o, j->folder, "lemon", file->name, status, j->fault, j->internal))
        return false;
    tool_remove(j->o, j->folder, mem_printf(j->o, "%s.h", name));
    tool_remove(j->o, j->folder, mem_printf(j->o, "%s.out", name));
    return tool_take(j, mem_printf(j->o, "%s.c", name), mem_printf(j->o, "%s.inc", name));
}

static bool tool_run(const job *j, const out_file *file)
{
    const char *ending = strrchr(file->name, '.');
    bool is_re = ending && strcmp(ending, ".re") == 0;

    if (!is_re && (!ending || strcmp(ending, ".lemon") != 0))
        return true;
    if (!out_put(file, j->folder, j->fault))
        return false;
    bool good = is_re ? tool_re2c(j, file) : tool_lemon(j, file);
    tool_remove(j->o, j->folder, file->name);
    return good;
}

bool tool_run_all(outputs *o, const char *parser_template, const char **fault, bool *internal)
{
    char *folder = tool_folder(o, fault);
    out_file parser = { .name = PARSER, .text = text_new(o) };
    const out_file *last = o->last;
    bool good = folder != NULL;

    *internal = false;
    text_add(parser.text, parser_template);
    good = good && out_put(&parser, folder, fault);
    job j = { o, folder, fault, internal };
    for (const out_file *file = o->first; good && file; file = file == last ? NULL : file->next)
        good = tool_run(&j, file);
    if (folder) {
        tool_remove(o, folder, PARSER);
        tool_remove(o, folder, MESSAGES);
        (void)rmdir(folder);
    }
    return good;
}
