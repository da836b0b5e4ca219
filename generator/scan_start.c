/* Where statements begin and end: the keyword of a statement, the lines of blocks that have none,
 * lines of examples; and the scanner as a whole, which chooses the way of reading.
 * SPDX-License-Identifier: MIT */
#include <string.h>

#include "ast.h"
#include "mem.h"
#include "parse.h"
#include "scan_inner.h"

/* ---- where a statement begins ---- */

static bool begins_with_at(const byte *p)
{
    return (p[0] | 0x20) == 'a' && (p[1] | 0x20) == 't';
}

/* A word that begins with a lower-case letter and stands before a gap; its end, or NULL. */
static const byte *lone_word(const byte *p)
{
    if (!is_lower(*p) && *p != '_')
        return NULL;
    while (is_word_byte(*p))
        p++;
    return is_gap(*p) ? p : NULL;
}

/* The word at the beginning of a statement, its end or NULL: alone, or a form before a comma. */
static const byte *first_word(const scan *s, const byte *p)
{
    const byte *end = lone_word(p);
    char word[16];
    size_t n = 0;

    if (end || inside(s) != IN_COMMAND)
        return end;
    while (is_lower(p[n]) && n + 1 < sizeof word) {
        word[n] = (char)p[n];
        n++;
    }
    word[n] = '\0';
    return p[n] == ',' && scan_form(word) < FORM_COUNT ? p + n : NULL;
}

static token begin_pattern(scan *s)
{
    s->mode = MODE_PATTERN;
    s->fresh = true;
    return scan_pattern(s);
}

static token make_label(scan *s, const byte *begin, const byte *end)
{
    s->cur = end;
    token t = scan_make_text(s, TK_LABEL, begin);
    s->mode = MODE_PATTERN;
    s->fresh = true;
    return t;
}

static token make_statement(scan *s, const byte *begin, const byte *end, const statement *st)
{
    s->cur = end;
    token t = scan_make_text(s, st->kind, begin);
    s->statement = st->kind;
    s->mode = st->mode;
    if (st->kind == TK_FORM)
        t.number = scan_form(st->word);
    return t;
}

/* Something that is said between blocks stands in a block: its `}` is missing before it. */
static bool is_outside_statement(const scan *s, const byte *begin, const char *word)
{
    const statement *st = scan_find_statement(word);
    bool at_margin = begin == s->text || begin[-1] == '\n';

    if (!st || !at_margin || inside(s) == IN_FILE || !(st->scopes & 1u << IN_FILE))
        return false;
    if (inside(s) == IN_LINES || inside(s) == IN_REFUSE)
        return st->kind != TK_COMMAND && st->kind != TK_URC;
    return true;
}

static token missing_brace(scan *s, const byte *begin, const byte *end)
{
    const frame *f = &s->frames[s->depth];

    if (!s->ended) {
        diag_at(s->d, scan_place(s, begin, end), D_MISSING_BRACE, "'}' is missing before %s",
                begin == s->end ? "the end of the file" : "this");
        diag_note(s->d, scan_frame_place(s, f), "to close this '{'");
    }
    s->ended = begin == s->end;
    s->depth--;
    s->mode = MODE_CLOSED;
    s->cur = begin;
    return scan_empty(s, TK_RBRACE);
}

/* When the line of `p` ends with `{`: the line of its `}`; `p` otherwise. */
static const byte *unknown_block_end(const scan *s, const byte *p)
{
    const byte *q = p;
    unsigned open = 0;

    for (bool first = true; q < s->end; q++) {
        open += *q == '{';
        if (*q == '}' && open && --open == 0)
            return q + 1;
        if (*q == '\n' && first) {
            const byte *back = q;
            while (back > p && is_blank(back[-1]))
                back--;
            if (back[-1] != '{')
                return p;
            first = false;
        }
    }
    return p;
}

/* A word that begins no statement of this block. Taken for the one that was probably meant, so
 * that what follows is still looked at. */
static token unknown_statement(scan *s, const byte *begin, const byte *end)
{
    char *word = mem_bytes(s->ctx, (const char *)begin, (size_t)(end - begin));
    const statement *elsewhere = scan_find_statement(word);
    const statement *near = elsewhere ? NULL : scan_nearest_statement(word, inside(s));
    place at = scan_place(s, begin, end);

    if (near) {
        diag_at(s->d, at, D_UNKNOWN_STATEMENT, "nothing here begins with '%s'; did you mean '%s'?",
                word, near->word);
        diag_fix(s->d, "%s", near->word);
        return make_statement(s, begin, end, near);
    }
    diag_at(s->d, at, D_UNKNOWN_STATEMENT, elsewhere
            ? "'%s' cannot stand %s" : "nothing begins with '%s' %s",
            word, inside(s) == IN_FILE ? "outside a command" : "inside a command");
    s->cur = unknown_block_end(s, end);
    s->statement = 0;
    return scan_make(s, TK_BAD, begin);
}

static bool same_shape_follows(const scan *s, const byte *p)
{
    p = scan_skip_blanks(s, p);
    return begins_with_at(p) || (*p >= 'A' && *p <= 'Z') || (*p && strchr("@<[(", *p));
}

/* Does a command line follow that ends in `?`, as in `get AT+X?`? */
static bool reads(const scan *s, const byte *p)
{
    p = scan_skip_blanks(s, p);
    while (!is_gap(*p))
        p++;
    return p[-1] == '?' && p[-2] != '=';
}

/* A lower-case word at the beginning of a line of a file or a command. */
static token word_statement(scan *s, const byte *begin, const byte *end)
{
    char *word = mem_bytes(s->ctx, (const char *)begin, (size_t)(end - begin));
    const statement *st = scan_find_statement(word);

    if (st && st->scopes & 1u << inside(s))
        return make_statement(s, begin, end, st);
    if (inside(s) == IN_FILE || st || !same_shape_follows(s, end))
        return unknown_statement(s, begin, end);
    const statement *near = scan_nearest_statement(word, IN_COMMAND);
    if (near && near->kind == TK_FORM && begins_with_at(scan_skip_blanks(s, end))) {
        if (reads(s, end))
            near = scan_find_statement("read");
        diag_at(s->d, scan_place(s, begin, end), D_LABEL_LIKE_FORM,
                "'%s' labels a variant of the form above; did you mean '%s'?", word, near->word);
        diag_fix(s->d, "%s", near->word);
    }
    s->statement = TK_FORM;
    return make_label(s, begin, end);
}

/* A line of an example: its bytes to the end of the line. */
static token make_wire(scan *s, const byte *begin)
{
    const byte *p = begin + 1, *end = p;

    while (*end != '\n' && end < s->end)
        end++;
    if (*p == ' ' || *p == '\t') {
        p++;
    } else if (!is_gap(*p)) {
        diag_at(s->d, scan_place(s, begin, p), D_EXCHANGE_BLANK,
                "a blank is missing between the direction and the bytes");
        diag_fix(s->d, "%c ", *begin);
    }
    s->cur = end;
    while (end > p && end[-1] == '\r')
        end--;
    while (p < end) {
        byte c = *p++;
        if (c == '\\' && p < end) {
            if (*p == 'r' || *p == 'n' || *p == '\\') {
                c = (byte)(*p == 'r' ? '\r' : *p == 'n' ? '\n' : '\\');
                p++;
            } else if (*p == 'x' && end - p > 2 && strspn((const char *)p + 1,
                                                          "0123456789abcdefABCDEF") >= 2) {
                c = (byte)(hex_digit(p[1]) << 4 | hex_digit(p[2]));
                p += 3;
            }
        }
        scan_put(s, &c, 1);
    }
    token t = scan_make_put(s, TK_WIRE, begin);
    t.number = *begin;
    s->mode = MODE_WORDS;
    return t;
}

/* `>` or `<` alone at the beginning of a line. */
static bool is_wire(const scan *s, const byte *p)
{
    return (inside(s) == IN_FILE || inside(s) == IN_COMMAND) && (*p == '>' || *p == '<')
           && (s->example || is_gap(p[1]));
}

static token make_key(scan *s, const byte *begin, const byte *end, mode next)
{
    s->cur = end;
    token t = scan_make_text(s, TK_KEY, begin);
    s->mode = strcmp(t.text, "resync") == 0 && inside(s) == IN_LINES ? MODE_PATTERN : next;
    s->fresh = true;
    return t;
}

/* One line of a block whose lines are no statements. */
static token block_line(scan *s, const byte *begin)
{
    const byte *end = lone_word(begin);

    switch (inside(s)) {
    case IN_URC: case IN_PIECE:
        return end ? make_label(s, begin, end) : begin_pattern(s);
    case IN_LINES:
        return end ? make_key(s, begin, end, MODE_RAW) : (s->mode = MODE_RAW, scan_raw(s));
    case IN_RESULTS: case IN_REFUSE:
        return end ? make_key(s, begin, end, MODE_PATTERN) : begin_pattern(s);
    case IN_OPERATORS:
        s->mode = MODE_RAW;
        return scan_raw(s);
    default:
        s->mode = MODE_WORDS;
        return scan_words(s);
    }
}

static token close_block(scan *s, const byte *begin)
{
    if (inside(s) == IN_FILE) {
        s->cur++;
        return scan_stray(s, begin);
    }
    s->depth--;
    s->cur++;
    s->mode = MODE_CLOSED;
    return scan_make(s, TK_RBRACE, begin);
}

/* The statement the frames stand in, for scan_skip and separators. */
static int enclosing_statement(const scan *s)
{
    switch (inside(s)) {
    case IN_LINES: return TK_LINES;
    case IN_RESULTS: return TK_RESULTS;
    case IN_REFUSE: return TK_REFUSE;
    case IN_OPERATORS: return TK_OPERATORS;
    case IN_ERRORS: return TK_ERRORS;
    case IN_URC: return TK_URC;
    case IN_PIECE: return TK_PIECE;
    default: return 0;
    }
}

static token lex_start(scan *s)
{
    bool after_replace = s->last == TK_REPLACE;
    const byte *begin = after_replace ? scan_skip_blanks(s, s->cur) : scan_skip_lines(s, s->cur);
    char word[16];

    s->cur = begin;
    if (after_replace && is_gap(*begin)) {
        s->mode = MODE_WORDS;
        return scan_words(s);
    }
    s->statement = enclosing_statement(s);
    if (begin == s->end)
        return s->depth ? missing_brace(s, begin, begin) : scan_empty(s, 0);
    if (*begin == '}')
        return close_block(s, begin);
    if (is_wire(s, begin)) {
        if (!s->example)
            diag_at(s->d, scan_place(s, begin, begin + 1), D_LONE_EXCHANGE,
                    "a line of an exchange without an 'example' before it");
        return make_wire(s, begin);
    }
    s->example = false;
    scan_word_at(begin, word, sizeof word);
    if (is_outside_statement(s, begin, word))
        return missing_brace(s, begin, begin + strlen(word));
    if (inside(s) != IN_FILE && inside(s) != IN_COMMAND)
        return block_line(s, begin);
    const byte *end = first_word(s, begin);
    if (end && !(inside(s) == IN_COMMAND && begins_with_at(begin) && end == begin + 2))
        return word_statement(s, begin, end);
    s->statement = inside(s) == IN_COMMAND ? TK_FORM : TK_PIECE;
    return begin_pattern(s);
}

/* After the word of a form: more forms, a label, the pattern, or nothing. */
static token lex_form(scan *s)
{
    const byte *begin = s->cur = scan_skip_blanks(s, s->cur), *end = lone_word(begin);
    char word[16];

    scan_word_at(begin, word, sizeof word);
    bool is_clause = strcmp(word, "when") == 0 || strcmp(word, "only") == 0
                     || strcmp(word, "within") == 0 || strcmp(word, "as") == 0;
    if (is_gap(*begin) || *begin == ',' || *begin == '#' || scan_continues(begin) || is_clause) {
        s->mode = MODE_WORDS;
        return scan_words(s);
    }
    if (end && !begins_with_at(begin))
        return make_label(s, begin, end);
    if (end && end != begin + 2 && begins_with_at(scan_skip_blanks(s, end)))
        return make_label(s, begin, end);
    return begin_pattern(s);
}

/* After the name of a URC (a title may stand there) or of a piece: a block or the pattern. */
static token lex_body(scan *s)
{
    const byte *begin = s->cur = scan_skip_blanks(s, s->cur);

    if (*begin == '"' && s->mode == MODE_TITLE) {
        s->mode = MODE_BODY;
        return scan_string(s, TK_STRING);
    }
    if (*begin == '{') {
        s->cur++;
        return scan_open_block(s, begin);
    }
    return begin_pattern(s);
}

/* After a block's `}`: the statement ends, whatever stands there. */
static token lex_closed(scan *s)
{
    const byte *p = scan_skip_blanks(s, s->cur);

    if (*p == '\n' || *p == '\0' || *p == '#' || *p == '}') {
        s->mode = MODE_START;
        return scan_empty(s, TK_END);
    }
    s->mode = MODE_WORDS;
    if (s->cur > s->text && s->cur[-1] != '}') {
        s->mode = MODE_START;           /* the brace was missing: the next statement is here */
        return scan_empty(s, TK_END);
    }
    return scan_words(s);
}

/* ---- the scanner as a whole ---- */

/* How the token after a name is read. */
static mode after_name(const scan *s)
{
    switch (s->statement) {
    case TK_URC: return MODE_TITLE;
    case TK_PIECE: return MODE_BODY;
    default: return MODE_WORDS;
    }
}

static token lex(scan *s)
{
    switch (s->mode) {
    case MODE_START: return lex_start(s);
    case MODE_WORDS: return scan_words(s);
    case MODE_NAME: return scan_name(s, true);
    case MODE_NAMES: return scan_name(s, s->statement == TK_ALIAS);
    case MODE_RAW: return scan_raw(s);
    case MODE_TITLE: case MODE_BODY: return lex_body(s);
    case MODE_FORM: return lex_form(s);
    case MODE_PATTERN: return scan_pattern(s);
    case MODE_STEP: return scan_step(s);
    case MODE_CLOSED: return lex_closed(s);
    }
    return scan_empty(s, 0);
}

token scan_next(scan *s)
{
    mode before = s->mode;
    token t = lex(s);

    if (before == MODE_NAME && t.kind == TK_NAME)
        s->mode = after_name(s);
    if (t.kind == TK_COMMA && s->statement == TK_COMMAND && s->mode == MODE_WORDS && in_block(s))
        s->mode = MODE_NAME;
    if (t.kind == TK_EXAMPLE)
        s->example = true;
    s->last = t.kind;
    return t;
}

/* Where the rest of the statement ends that `p` stands in: at the line's end, at the `}` of the
 * block, at a `->`, or at the `{` that opens its block. */
static const byte *statement_end(const scan *s, const byte *p)
{
    unsigned braces = 0;
    const statement *st = scan_statement_of(s->statement);
    bool opens = st && st->block != IN_FILE && inside(s) == IN_FILE;
    bool is_pattern = opens && (st->kind == TK_URC || st->kind == TK_PIECE);

    for (; *p != '\n' && p < s->end; p++) {
        if (*p == '#' && is_blank(p[-1]))
            break;
        if (*p == '"')
            for (p++; *p != '"' && *p != '\n' && p < s->end; p++)
                p += *p == '\\' && p[1] != '\n' && p + 1 < s->end;
        if (*p == '\n' || p == s->end)
            break;
        if (*p == '{' && opens && (!is_pattern || is_gap(*scan_skip_comment(s, p + 1))))
            return p;
        braces += *p == '{';
        if (*p == '}' && !braces--)
            return p;
        if (inside(s) == IN_COMMAND && is_blank(*p) && p[1] == '-' && p[2] == '>' && is_gap(p[3]))
            return p;
    }
    while (*p != '\n' && p < s->end)
        p++;
    return p;
}

void scan_skip(scan *s, const token *t)
{
    while (!in_block(s))
        s->depth--;
    s->used = 0;
    s->last = 0;
    if (t->kind == TK_ARROW)
        s->mode = MODE_STEP;
    bool stays = t->kind == TK_END || t->kind == TK_LBRACE || t->kind == TK_RBRACE || t->kind == 0
                 || (t->kind == TK_ARROW && inside(s) == IN_COMMAND);
    if (stays)
        return;
    s->cur = statement_end(s, s->cur);
    s->mode = MODE_WORDS;
}

scan *scan_new(void *ctx, diag *d, const source *src)
{
    scan *s = mem_new(ctx, scan);

    s->src = src;
    s->d = d;
    s->ctx = ctx;
    s->text = s->cur = (const byte *)src->text;
    s->end = s->text + src->len;
    if (src->len >= 3 && memcmp(src->text, "\xef\xbb\xbf", 3) == 0)
        s->cur += 3;
    return s;
}
