/* The open brackets, what a line's end means inside them, and how tokens are made from the text.
 * SPDX-License-Identifier: MIT */
#include <string.h>

#include "mem.h"
#include "parse.h"
#include "scan_inner.h"

/* ---- tokens ---- */

place scan_place(const scan *s, const byte *begin, const byte *end)
{
    return (place){ s->src, offset(s, begin), offset(s, end) };
}

/* The token from `begin` to the cursor. */
token scan_make(scan *s, int kind, const byte *begin)
{
    return (token){ .kind = kind, .at = scan_place(s, begin, s->cur) };
}

/* The same with its text as written. */
token scan_make_text(scan *s, int kind, const byte *begin)
{
    token t = scan_make(s, kind, begin);

    t.len = (size_t)(s->cur - begin);
    t.text = mem_bytes(s->ctx, (const char *)begin, t.len);
    return t;
}

token scan_empty(scan *s, int kind)
{
    return scan_make(s, kind, s->cur);
}

void scan_put(scan *s, const byte *p, size_t n)
{
    while (s->used + n > s->room)
        s->buffer = mem_grow(s, s->buffer, char, s->room = s->room * 2 + 64);
    if (n)
        memcpy(s->buffer + s->used, p, n);
    s->used += n;
}

/* The token from `begin` to the cursor whose text is what was put. */
token scan_make_put(scan *s, int kind, const byte *begin)
{
    token t = scan_make(s, kind, begin);

    t.len = s->used;
    t.text = mem_bytes(s->ctx, s->buffer ? s->buffer : "", s->used);
    s->used = 0;
    return t;
}

/* ---- brackets ---- */

static const char *bracket_name(scope in)
{
    switch (in) {
    case IN_OPTIONAL: return "[";
    case IN_CHOICE: case IN_GROUP: return "(";
    case IN_PARAM: return "<";
    default: return "{";
    }
}

static const char *closer_name(scope in)
{
    switch (in) {
    case IN_OPTIONAL: return "]";
    case IN_CHOICE: case IN_GROUP: return ")";
    case IN_PARAM: return ">";
    default: return "}";
    }
}

place scan_frame_place(const scan *s, const frame *f)
{
    return (place){ s->src, f->at, f->at + 1 };
}

/* Open a bracket whose sign is the byte before the cursor. Too many: says so and returns BAD. */
token scan_open(scan *s, scope in, int kind, const byte *begin)
{
    token t = scan_make(s, kind, begin);

    if (s->depth + 1 == MAX_FRAMES) {
        diag_at(s->d, t.at, D_NESTED_TOO_DEEP, "more than %d brackets inside each other",
                MAX_FRAMES - 1);
        t.kind = TK_BAD;
        return t;
    }
    s->frames[++s->depth] = (frame){ in, offset(s, begin) };
    return t;
}

/* A bracket that was never closed: said where it opens. */
static token unclosed(scan *s)
{
    const frame *f = &s->frames[s->depth];

    diag_at(s->d, scan_frame_place(s, f), D_UNCLOSED_BRACKET, "'%s' is not closed: '%s' is missing",
            bracket_name(f->in), closer_name(f->in));
    return scan_empty(s, TK_BAD);
}

token scan_stray(scan *s, const byte *begin)
{
    token t = scan_make(s, TK_BAD, begin);

    if (in_block(s) || *begin == '{' || *begin == '|') {
        diag_at(s->d, t.at, D_STRAY_BRACKET, *begin == '{' ? "'%c' opens nothing here"
                : *begin == '|' ? "'%c' outside '(' and ')'"
                : "'%c' closes nothing that is open", *begin);
    } else {
        const frame *f = &s->frames[s->depth];
        diag_at(s->d, t.at, D_STRAY_BRACKET, "'%c' where '%s' is expected", *begin,
                closer_name(f->in));
        diag_note(s->d, scan_frame_place(s, f), "to close this '%s'", bracket_name(f->in));
    }
    return t;
}

/* Close the innermost bracket, of a pattern or of steps, by the byte before the cursor. */
token scan_close(scan *s, const byte *begin)
{
    scope in = inside(s);

    if (in_block(s) || closer_name(in)[0] != (char)*begin)
        return scan_stray(s, begin);
    s->depth--;
    s->fresh = false;
    s->mode = in == IN_GROUP || in == IN_STEPS ? MODE_WORDS : MODE_PATTERN;
    switch (in) {
    case IN_OPTIONAL: return scan_make(s, TK_RBRACK, begin);
    case IN_CHOICE: return scan_make(s, TK_RCHOICE, begin);
    case IN_REPEAT: return scan_make(s, TK_RREPEAT, begin);
    case IN_GROUP: return scan_make(s, TK_RGROUP, begin);
    case IN_STEPS: return scan_make(s, TK_RSTEPS, begin);
    default: return scan_make(s, TK_RANGLE, begin);
    }
}

/* `|`: the next branch of what is open. */
token scan_next_branch(scan *s, const byte *begin)
{
    if (inside(s) == IN_CHOICE) {
        s->mode = MODE_PATTERN;
        s->fresh = true;
    } else if (inside(s) == IN_GROUP) {
        s->mode = MODE_STEP;
    }
    return scan_make(s, TK_PIPE, begin);
}

/* ---- the ends of lines ---- */

/* The first byte that is no blank, comment or line end at or after `p`. */
const byte *scan_skip_lines(const scan *s, const byte *p)
{
    for (;;) {
        while (is_blank(*p) || *p == '\n' || (*p == '\0' && p < s->end))
            p++;
        if (*p != '#')
            return p;
        while (*p != '\n' && *p != '\0')
            p++;
    }
}

const byte *scan_skip_blanks(const scan *s, const byte *p)
{
    while (is_blank(*p) || (*p == '\0' && p < s->end))
        p++;
    return p;
}

/* Behind blanks and a comment: what is left is the line's end. */
const byte *scan_skip_comment(const scan *s, const byte *p)
{
    p = scan_skip_blanks(s, p);
    if (*p == '#')
        while (*p != '\n' && *p != '\0')
            p++;
    return p;
}

/* Does the line that `p` begins with go on with the statement before? */
bool scan_continues(const byte *p)
{
    return (p[0] == '/' && is_gap(p[1])) || (p[0] == '-' && p[1] == '>' && is_gap(p[2]));
}

/* The word at `p`, at most `room` - 1 bytes; "" if none stands there alone before a gap. */
const char *scan_word_at(const byte *p, char *word, size_t room)
{
    size_t n = 0;

    while (is_word_byte(p[n]) && n + 1 < room) {
        word[n] = (char)p[n];
        n++;
    }
    word[is_lower(p[0]) && is_gap(p[n]) ? n : 0] = '\0';
    return word;
}

/* Inside a bracket of a pattern: does the next line plainly begin something else? */
static bool line_begins_statement(const byte *p)
{
    char word[16];

    return *p == '\0' || *p == '}' || scan_find_statement(scan_word_at(p, word, sizeof word));
}

/* At a line's end. Goes on behind it inside brackets; otherwise ends the statement, unless the
 * next line continues it. False: no token, read on. */
bool scan_line_end(scan *s, token *t)
{
    const byte *next = scan_skip_lines(s, s->cur);

    if (!in_block(s)) {
        if (inside(s) == IN_PARAM || line_begins_statement(next)) {
            *t = unclosed(s);
            return true;
        }
        s->cur = next;
        s->fresh = true;
        return false;
    }
    if (inside(s) == IN_COMMAND && scan_continues(next)) {
        s->cur = next;
        s->fresh = false;
        return false;
    }
    *t = scan_empty(s, TK_END);
    s->mode = MODE_START;
    return true;
}

/* The same between words, where a comma goes on with the next line. */
bool scan_word_line_end(scan *s, token *t)
{
    if (s->last != TK_COMMA || !in_block(s) || s->cur == s->end)
        return scan_line_end(s, t);
    s->cur = scan_skip_lines(s, s->cur);
    return false;
}

/* A `}` that ends a block stands after the cursor: first the statement before it ends. */
token scan_end_before_brace(scan *s)
{
    s->mode = MODE_START;
    return scan_empty(s, TK_END);
}
