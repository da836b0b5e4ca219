/* Editing is libedit's. It asks for each character; that is where the owner waits and works.
 * SPDX-License-Identifier: MIT */
#define _XOPEN_SOURCE 700
#include "console.h"

#include <ctype.h>
#include <histedit.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>
#include <wchar.h>

#include "store.h"

enum { LINE_MAX_BYTES = 8192, CONTROL_I = 9 };

struct console {
    console_owner owner;
    EditLine *edit; /* NULL: lines come from a pipe */
    History *history;
    char line[LINE_MAX_BYTES];
    bool typing; /* a line is on the screen */
    /* what is offered for the line */
    const char *typed;
    size_t n_typed, n_words, from, common;
    char *word; /* the first one */
    bool open;  /* something else may stand there too */
    bool list;  /* offers are printed, not counted */
    store listed;
};

/* ---- characters ---- */
static int read_byte(console *c, char *to)
{
    if (!c->owner.wait(c->owner.ctx)) return 0;
    return (int)read(STDIN_FILENO, to, 1);
}

static int read_wide(EditLine *edit, wchar_t *to)
{
    console *c;
    mbstate_t state = {0};
    char byte;
    el_get(edit, EL_CLIENTDATA, &c);
    for (;;) {
        int n = read_byte(c, &byte);
        if (n <= 0) return n;
        size_t used = mbrtowc(to, &byte, 1, &state);
        if (used == (size_t)-2) continue;
        if (used == (size_t)-1) *to = (unsigned char)byte;
        return 1;
    }
}

static char *prompt(EditLine *edit)
{
    console *c;
    el_get(edit, EL_CLIENTDATA, &c);
    return (char *)(uintptr_t)c->owner.prompt(c->owner.ctx);
}

/* ---- completion ---- */
static size_t common(const char *a, const char *b)
{
    size_t n = 0;
    while (a[n] && tolower((unsigned char)a[n]) == tolower((unsigned char)b[n]))
        n++;
    return n;
}

static void list_once(console *c, const char *word, const char *help)
{
    if (store_find(&c->listed, word, help)) return;
    store_put(&c->listed, word, help, "", 0);
    printf("%s%s%s\n", word, *word && *help ? "\t" : "", help);
}

static void count_word(console *c, size_t from, const char *word)
{
    if (!c->word) {
        c->word = store_copy(word, strlen(word));
        c->common = strlen(word);
    }
    size_t n = common(c->word, word);
    if (n < c->common) c->common = n;
    c->from = from;
}

void console_offer(console *c, size_t from, const char *word, const char *help)
{
    if (c->list)
        list_once(c, word, help);
    else if (*word)
        count_word(c, from, word);
    else if (from == c->n_typed)
        c->open = true;
}

static void ask(console *c, bool list)
{
    c->list = list;
    c->owner.complete(c->owner.ctx, c, c->typed, c->n_typed);
}

/* What all words have more than is typed, to be freed; NULL: nothing. */
static char *common_rest(console *c)
{
    c->word = NULL;
    c->open = false;
    ask(c, false);
    size_t there = c->word ? c->n_typed - c->from : 0;
    bool more = c->word && !c->open && c->common > there;
    char *rest = more ? store_copy(c->word + there, c->common - there) : NULL;
    free(c->word);
    return rest;
}

/* Inserts what all ways to go on have in common; where that is nothing, shows them. */
static unsigned char complete(EditLine *edit, int key)
{
    console *c;
    (void)key;
    el_get(edit, EL_CLIENTDATA, &c);
    const LineInfo *line = el_line(edit);
    c->typed = line->buffer;
    c->n_typed = (size_t)(line->cursor - line->buffer);
    char *rest = common_rest(c);
    if (rest) {
        el_insertstr(edit, rest);
        free(rest);
        return CC_REFRESH;
    }
    putchar('\n');
    ask(c, true);
    store_clear(&c->listed);
    fflush(stdout);
    return CC_REDISPLAY;
}

/* ---- life ---- */
static bool start_editing(console *c, const char *program)
{
    HistEvent event;
    c->edit = el_init(program, stdin, stdout, stderr);
    c->history = history_init();
    if (!c->edit || !c->history) return false;
    history(c->history, &event, H_SETSIZE, 200);
    history(c->history, &event, H_SETUNIQUE, 1);
    el_set(c->edit, EL_CLIENTDATA, c);
    el_set(c->edit, EL_PROMPT, prompt);
    el_set(c->edit, EL_EDITOR, "emacs");
    el_set(c->edit, EL_SIGNAL, 1);
    el_set(c->edit, EL_HIST, history, c->history);
    el_set(c->edit, EL_GETCFN, read_wide);
    el_set(c->edit, EL_ADDFN, "at-complete", "Complete a command or a parameter", complete);
    el_set(c->edit, EL_BIND, "^I", "at-complete", NULL);
    return true;
}

console *console_new(const char *program, const console_owner *owner)
{
    console *c = store_memory(sizeof *c);
    c->owner = *owner;
    if (!isatty(STDIN_FILENO) || start_editing(c, program)) return c;
    console_free(c);
    return NULL;
}

void console_free(console *c)
{
    if (!c) return;
    if (c->edit) el_end(c->edit);
    if (c->history) history_end(c->history);
    free(c);
}

/* ---- lines ---- */
static const char *edited_line(console *c)
{
    HistEvent event;
    int n;
    c->typing = true;
    const char *line = el_gets(c->edit, &n);
    c->typing = false;
    if (!line || n <= 0) return NULL;
    if (n > 1) history(c->history, &event, H_ENTER, line);
    snprintf(c->line, sizeof c->line, "%s", line);
    return c->line;
}

static const char *piped_line(console *c)
{
    size_t n = 0;
    while (n < sizeof c->line - 1 && read_byte(c, &c->line[n]) == 1)
        if (c->line[n++] == '\n') break;
    c->line[n] = '\0';
    return n > 0 ? c->line : NULL;
}

const char *console_line(console *c)
{
    const char *line = c->edit ? edited_line(c) : piped_line(c);
    if (line) c->line[strcspn(c->line, "\r\n")] = '\0';
    return line;
}

void console_hide(console *c)
{
    if (c->edit && c->typing) fputs("\r\033[K", stdout);
}

void console_show(console *c)
{
    fflush(stdout);
    if (c->edit && c->typing) el_set(c->edit, EL_REFRESH);
}
