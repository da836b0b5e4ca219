/* Lines typed by a person, with history, editing and completion; or read from a pipe. While it
 * waits for them it lets its owner work. SPDX-License-Identifier: MIT */
#ifndef CONSOLE_H
#define CONSOLE_H

#include <stdbool.h>
#include <stddef.h>

typedef struct console console;

typedef struct console_owner {
    void *ctx;
    bool (*wait)(
        void *ctx); /* until standard input can be read; false: no line is wanted any more */
    const char *(*prompt)(void *ctx); /* valid until it is called again */
    /* Ways to go on from a line, each told to console_offer. */
    void (*complete)(void *ctx, console *, const char *line, size_t n);
} console_owner;

/* NULL: standard input is a terminal that cannot be used. */
console *console_new(const char *program, const console_owner *);
void console_free(console *);

/* The next line without its end, valid until the next call; NULL: the end. */
const char *console_line(console *);
/* `word` may stand for what begins at `from`; "": only `help` is shown. */
void console_offer(console *, size_t from, const char *word, const char *help);

/* Around what is printed while a line is being typed. */
void console_hide(console *);
void console_show(console *);

#endif
