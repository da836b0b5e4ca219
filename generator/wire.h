/* What a line looks like on the wire: automata for the readings of a line pattern, with the exact
 * enums, ranges and lengths of its types. Blanks that the dialect skips are left out; of the
 * separators after a name that are the same to the host any is taken.
 * SPDX-License-Identifier: MIT */
#ifndef WIRE_H
#define WIRE_H

#include "model.h"
#include "nfa.h"

enum {
    WIRE_EXACT = 256
}; /* lengths above it are taken as open: too many words rather than too few */

/* Text with MODEL_NAME and MODEL_ENDING filled in; `member` NULL: left as it is. */
char *wire_text(void *talloc_ctx, const m_member *member, const char *text);
/* The line read this way, without its framing. Ends after the header where counted data follows
 * inside the line, with any bytes after it when `open_data`. */
nfa *wire_reading(void *talloc_ctx, const model *, const m_line *, const m_reading *,
                  const m_member *, bool open_data);
/* All that begins with these bytes. */
nfa *wire_beginning(void *talloc_ctx, const char *bytes, size_t n);
/* The bytes that all readings of the line begin with; a separator after the head is written as the
 * first of the dialect's. */
char *wire_prefix(void *talloc_ctx, const model *, const m_line *, const m_member *);
/* Can the first value of the command line be text that is never quoted? */
bool wire_begins_bare(const m_line *);
/* Is this operator one that nothing may follow, and that continues another, as `=?` does `=`? Then
 * it counts only at the end of a command; else what looks like it is a value. */
bool wire_is_closed(const model *, const char *sign);
/* Is a form called by this operator? */
bool wire_calls(const model *, const char *sign);
/* Is this name of the command one that its number ends, so that nothing need stand between it and
 * the next on the line? It is in a dialect that has basic commands: all the command takes is digits,
 * and the name begins with a letter or `&`. */
bool wire_is_basic(const model *, const m_command *, const char *name);
/* `word`, as wire_reading has it, with the head and separator as the spec writes them: for
 * messages. */
char *wire_show(void *talloc_ctx, const model *, const m_line *, const m_member *, const char *word,
                size_t n);
/* Bytes for a message: unprintable ones as \r, \n, \\ and \xNN. */
char *wire_printable(void *talloc_ctx, const char *bytes, size_t n);

#endif
