/* Inside of the scanner: its state, and what its files share. It stands in one of several ways of
 * reading (mode) inside open brackets (frames), blocks among them. A line's end is a token (END)
 * where it ends a statement: not inside brackets of a pattern, not after a comma between words,
 * not when the next line goes on with `->` or `/`.
 * SPDX-License-Identifier: MIT */
#ifndef SCAN_INNER_H
#define SCAN_INNER_H

#include "scan.h"

enum { MAX_FRAMES = 40 };       /* brackets inside each other */

typedef unsigned char byte;

typedef enum {                  /* what a bracket encloses; blocks first */
    IN_FILE, IN_COMMAND, IN_URC, IN_PIECE, IN_LINES, IN_OPERATORS, IN_RESULTS, IN_REFUSE, IN_ERRORS,
    IN_OPTIONAL, IN_CHOICE, IN_REPEAT, IN_GROUP, IN_STEPS, IN_PARAM
} scope;

typedef enum {
    MODE_START, MODE_WORDS, MODE_NAME, MODE_NAMES, MODE_RAW, MODE_TITLE, MODE_BODY, MODE_FORM,
    MODE_PATTERN, MODE_STEP, MODE_CLOSED
} mode;

typedef struct { scope in; size_t at; } frame;

struct scan {
    const source *src;
    diag *d;
    void *ctx;                  /* texts of tokens live here */
    const byte *text, *cur, *end;
    const byte *marker, *context;       /* re2c's */
    frame frames[MAX_FRAMES];
    unsigned depth;             /* frames[depth] is the innermost */
    mode mode;
    int statement;              /* keyword of the statement being read */
    int last;                   /* kind of the last token */
    bool fresh;                 /* nothing of a pattern read yet: blanks mean nothing */
    bool example;               /* lines `>` and `<` may follow */
    bool ended;                 /* a `}` that is missing at the end of the file has been reported */
    bool body_step;             /* in the pattern that ends a body: `silence` ends it */
    char *buffer;
    size_t used, room;
};

typedef struct {
    const char *word;
    int kind;
    unsigned scopes;            /* blocks it may stand in */
    mode mode;                  /* how what follows is read */
    scope block;                /* what its `{` opens; IN_FILE: none */
} statement;

/* ---- kinds of bytes ---- */
static inline bool is_blank(byte c) { return c == ' ' || c == '\t' || c == '\r'; }
/* A blank, a line's end or the end of the file: what may follow a whole word. */
static inline bool is_gap(byte c) { return is_blank(c) || c == '\n' || c == '\0'; }
static inline bool is_lower(byte c) { return c >= 'a' && c <= 'z'; }
static inline bool is_digit(byte c) { return c >= '0' && c <= '9'; }
static inline bool is_word_byte(byte c) { return is_lower(c) || is_digit(c) || c == '_'; }
static inline byte hex_digit(byte c)
{
    return (byte)(c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10);
}

/* ---- where the scanner stands ---- */
static inline scope inside(const scan *s) { return s->frames[s->depth].in; }
static inline bool in_block(const scan *s) { return inside(s) <= IN_ERRORS; }
static inline size_t offset(const scan *s, const byte *p) { return (size_t)(p - s->text); }
/* A NUL that is not the end of the text; it is reported with the file and then is a blank. */
static inline bool is_nul_inside(const scan *s, const byte *p) { return *p == '\0' && p < s->end; }

/* ---- scan_words.c ---- */
const statement *scan_find_statement(const char *word);
const statement *scan_statement_of(int kind);
const statement *scan_nearest_statement(const char *word, scope in);
int scan_word_kind(const char *word);
long long scan_form(const char *word);

/* ---- scan_frame.c ---- */
place scan_place(const scan *s, const byte *begin, const byte *end);
token scan_make(scan *s, int kind, const byte *begin);
token scan_make_text(scan *s, int kind, const byte *begin);
token scan_empty(scan *s, int kind);
void scan_put(scan *s, const byte *p, size_t n);
token scan_make_put(scan *s, int kind, const byte *begin);
place scan_frame_place(const scan *s, const frame *f);
token scan_open(scan *s, scope in, int kind, const byte *begin);
token scan_stray(scan *s, const byte *begin);
token scan_close(scan *s, const byte *begin);
token scan_next_branch(scan *s, const byte *begin);
const byte *scan_skip_lines(const scan *s, const byte *p);
const byte *scan_skip_blanks(const scan *s, const byte *p);
const byte *scan_skip_comment(const scan *s, const byte *p);
bool scan_continues(const byte *p);
const char *scan_word_at(const byte *p, char *word, size_t room);
bool scan_line_end(scan *s, token *t);
bool scan_word_line_end(scan *s, token *t);
token scan_end_before_brace(scan *s);

/* ---- scan.re: each reads one token ---- */
token scan_string(scan *s, int kind);
token scan_open_block(scan *s, const byte *begin);
token scan_words(scan *s);
token scan_name(scan *s, bool quotes_name);
token scan_raw(scan *s);
token scan_pattern(scan *s);
token scan_step(scan *s);

#endif
