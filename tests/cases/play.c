/* play [--print] NAME.talk...: plays the talks of each file with the dialect NAME; TAP on standard output.
 * --print: the files as they would be right instead.
 * SPDX-License-Identifier: MIT */
#include "play.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "dialects.h"

typedef struct script {         /* a file, and the same with what has happened */
    const char *path;
    char *want, *got;
    size_t want_n, got_n;
    unsigned line;              /* of the file, where the talk under way begins */
} script;

static unsigned tests, failures;

/* ---- comparing ---- */

static size_t line_length(const char *p)
{
    return strcspn(p, "\n");
}

static void tell(const char *what, const char *p)
{
    if (*p) printf("#   %s %.*s\n", what, (int)line_length(p), p);
    else printf("#   %s nothing more\n", what);
}

/* A talk as it stands in the file and as it was. */
static void compare(const script *s, const char *title, const char *want, const char *got)
{
    unsigned line = s->line;
    const char *dialect = strrchr(s->path, '/') ? strrchr(s->path, '/') + 1 : s->path;
    bool same = strcmp(want, got) == 0;
    printf("%sok %u - %.*s: %.*s\n", same ? "" : "not ", ++tests, (int)strcspn(dialect, "."), dialect,
           (int)line_length(title), title);
    if (same) return;
    failures++;
    for (; *want && *got; line++) {
        size_t n = line_length(want);
        if (n != line_length(got) || memcmp(want, got, n) != 0) break;
        want += n + (want[n] != '\0');
        got += n + (got[n] != '\0');
    }
    printf("#   %s:%u:\n", s->path, line);
    tell("expected:", want);
    tell("there was:", got);
}

/* ---- playing ---- */

static void begin(play *x)
{
    if (!pair_start(x->pair, &play_ears, NULL)) abort();
    x->pair->ears.ctx = x;
    x->returns = x->always = AT_PENDING;
    play_listen(x);
}

static void end(play *x)
{
    for (const asked *a = x->asked; a; a = a->next)
        if (!a->done) play_note(x, "host %s: still waits", a->name);
    while (x->asked) {
        asked *next = x->asked->next;
        free(x->asked->fields);
        free(x->asked);
        x->asked = next;
    }
    while (x->n_texts > 0) free(x->texts[--x->n_texts]);
}

static const char talk_word[] = "talk ";

static bool is_talk(const char *line)
{
    return strncmp(line, talk_word, sizeof talk_word - 1) == 0;
}

/* From `talk` to the empty line; where that is. */
static char *play_talk(play *x, char *at)
{
    begin(x);
    for (bool first = true; *at && *at != '\n'; first = false) {
        size_t n = line_length(at);
        char *line = strndup(at, n);
        if (!line) abort();
        if (*at != ' ') fprintf(x->out, "%s\n", line);
        if (*at != ' ' && *at != '#' && !first) play_act(x, line);
        free(line);
        at += n + (at[n] == '\n');
    }
    end(x);
    return at;
}

static char *play_one(play *x, script *s, char *at, bool print)
{
    x->out = open_memstream(&s->got, &s->got_n);
    if (!x->out) abort();
    char *next = play_talk(x, at), kept = *next;
    fclose(x->out);
    *next = '\0';
    if (print) fputs(s->got, stdout);
    else compare(s, at + sizeof talk_word - 1, at, s->got);
    *next = kept;
    free(s->got);
    return next;
}

static unsigned lines_in(const char *p, const char *end)
{
    unsigned n = 0;
    for (; p < end; p++) n += *p == '\n';
    return n;
}

/* What stands between the talks is for people. */
static void play_file(play *x, script *s, bool print)
{
    char *at = s->want;
    s->line = 1;
    while (*at) {
        size_t n = line_length(at) + 1;
        char *next = is_talk(at) ? play_one(x, s, at, print) : at + n;
        if (print && !is_talk(at)) printf("%.*s", (int)n, at);
        s->line += lines_in(at, next);
        at = next;
    }
}

static const at_names *dialect_of(const char *path)
{
    const char *name = strrchr(path, '/') ? strrchr(path, '/') + 1 : path;
    size_t n = strcspn(name, ".");
    for (const at_names *const *d = dialects_shipped; *d; d++)
        if (strlen((*d)->dialect) == n && memcmp((*d)->dialect, name, n) == 0) return *d;
    return NULL;
}

static char *read_file(const char *path, size_t *n)
{
    FILE *file = fopen(path, "r");
    char *text = NULL;
    *n = 0;
    if (!file) return NULL;
    for (size_t size = 4096;; size *= 2) {
        text = realloc(text, size);
        if (!text) abort();
        *n += fread(text + *n, 1, size - *n - 1, file);
        if (*n < size - 1) break;
    }
    text[*n] = '\0';
    fclose(file);
    return text;
}

static void play_path(const char *path, bool print)
{
    script s = { .path = path };
    play x = { .names = dialect_of(path) };
    s.want = x.names ? read_file(path, &s.want_n) : NULL;
    if (!s.want) {
        printf("not ok %u - %s: no such dialect or file\n", ++tests, path);
        failures++;
        return;
    }
    x.pair = pair_new(x.names);
    play_file(&x, &s, print);
    pair_free(x.pair);
    free(s.want);
}

int main(int n, char **args)
{
    bool print = n > 1 && strcmp(args[1], "--print") == 0;
    for (int i = 1 + print; i < n; i++) play_path(args[i], print);
    if (!print) printf("1..%u\n", tests);
    return failures > 0;
}
