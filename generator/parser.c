/* From text to tree: one scanner, one parser, and the words for what is wrong between them. Before
 * a token is given to the parser it is asked whether it takes it, so that the message can name
 * what it would have taken.
 * SPDX-License-Identifier: MIT */
#include "parser.h"

#include <string.h>
#include <utf8proc.h>

#include "parse.h"

enum { MOST_NAMED = 8 };        /* expected tokens a message names */

/* ---- what a token is called ---- */

/* A token's name for a message. Words and signs as they are written. */
static const char *kind_name(int kind)
{
    static const struct { int kind; const char *name; } names[] = {
        { TK_END, "the end of the line" }, { TK_STRING, "a string" }, { TK_WORD, "a word" },
        { TK_NAME, "a name" }, { TK_NUMBER, "a number" }, { TK_TIME, "a time" },
        { TK_TEXT, "text" }, { TK_QUOTE, "a quoted cell" }, { TK_PIECEREF, "'@piece'" },
        { TK_NEWLINE, "CR LF" }, { TK_SETTING, "a setting" }, { TK_LABEL, "a label" },
        { TK_KEY, "an item" }, { TK_RAW, "a word" }, { TK_WIRE, "a line of an exchange" },
        { TK_FORM, "a form" }, { TK_ELLIPSIS, "'…'" }, { TK_ARROW, "'->'" }, { TK_SLASH, "' / '" },
        { TK_COMMA, "','" }, { TK_COLON, "':'" }, { TK_QUESTION, "'?'" }, { TK_PLUS, "'+'" }, { TK_DOTS, "'..'" },
        { TK_EQ, "'='" }, { TK_NE, "'!='" }, { TK_LT, "'<'" }, { TK_LE, "'<='" }, { TK_GT, "'>'" },
        { TK_GE, "'>='" }, { TK_PIPE, "'|'" }, { TK_LBRACE, "'{'" }, { TK_RBRACE, "'}'" },
        { TK_LANGLE, "'<'" }, { TK_LTIED, "'<='" }, { TK_RANGLE, "'>'" }, { TK_LBRACK, "'['" },
        { TK_RBRACK, "']'" }, { TK_LCHOICE, "'('" }, { TK_RCHOICE, "')'" }, { TK_LREPEAT, "'{'" },
        { TK_RREPEAT, "'}'" }, { TK_LGROUP, "'('" }, { TK_RGROUP, "')'" }, { TK_LSTEPS, "'{'" },
        { TK_RSTEPS, "'}'" }, { TK_INQUOTES, "'quoted'" }, { TK_CHARS, "'string'" },
        { TK_LINETEXT, "'text'" }, { TK_TIMES, "'x'" },
    };

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (names[i].kind == kind)
            return names[i].name;
    return NULL;
}

/* The word that a keyword's token is made of, quoted. */
static const char *keyword_name(void *ctx, int kind)
{
    const char *name = kind_name(kind);

    return name ? name : mem_printf(ctx, "'%s'", scan_keyword(kind));
}

/* A token's name behind "unexpected". */
static const char *found_name(void *ctx, const token *t)
{
    switch (t->kind) {
    case 0: return "end of the file";
    case TK_END: return "end of the line";
    case TK_WIRE: return "line of an exchange";
    case TK_NEWLINE: case TK_ELLIPSIS: return kind_name(t->kind);
    case TK_STRING: case TK_QUOTE: return "string";
    case TK_TEXT: return mem_printf(ctx, "text '%s'", t->text);
    default: break;
    }
    return t->text ? mem_printf(ctx, "'%s'", t->text) : keyword_name(ctx, t->kind);
}

/* ---- a token that cannot stand where it does ---- */

/* What begins a pattern is one thing to a reader. */
static bool is_pattern_start(int kind)
{
    return kind == TK_QUOTE || kind == TK_PIECEREF || kind == TK_NEWLINE || kind == TK_LANGLE
           || kind == TK_LTIED || kind == TK_LBRACK || kind == TK_LCHOICE || kind == TK_LREPEAT;
}

/* `'a', 'b' or 'c'`; NULL when there are too many to help. */
static char *expected_text(void *ctx, const int *kinds, unsigned n)
{
    const char *names[MOST_NAMED];
    unsigned count = 0;
    char *text = mem_string(ctx, "");

    for (unsigned i = 0; i < n; i++) {
        if (is_pattern_start(kinds[i]))
            continue;
        const char *name = kinds[i] == TK_TEXT ? "a line's text" : keyword_name(ctx, kinds[i]);
        if (count == MOST_NAMED)
            return NULL;
        names[count++] = name;
    }
    for (unsigned i = 0; i < count; i++)
        text = mem_printf(ctx, "%s%s%s", text, i == 0 ? "" : i + 1 == count ? " or " : ", ",
                          names[i]);
    return count ? text : NULL;
}

/* The expected keyword that a word is like, or NULL. */
static const char *meant(void *ctx, const token *t, const int *kinds, unsigned n)
{
    const char **words = mem_array(ctx, const char *, n + 1);
    unsigned count = 0;

    if (!t->text || t->kind == TK_STRING || t->kind == TK_TEXT || t->kind == TK_QUOTE)
        return NULL;
    for (unsigned i = 0; i < n; i++)
        if (scan_keyword(kinds[i]))
            words[count++] = scan_keyword(kinds[i]);
    return diag_nearest(t->text, words);
}

/* What a person may have had in mind who wrote `t` there. */
static const char *advice(const token *t, int last)
{
    if (last == TK_RGROUP || last == TK_RSTEPS)
        return "a bracket at the beginning of a step groups steps; only ' / ', '->', '|' or a "
               "clause can follow";
    if (t->kind == TK_SLASH)
        return "' / ' separates steps after '->'; a literal one is written '\\/'";
    if (t->kind == TK_FORM && last == TK_COMMA)
        return "forms that share a line are separated by commas";
    return NULL;
}

/* ---- what is often written in a wrong way ---- */

enum { PAST = 4 };              /* tokens that are kept: past[0] is the last one */

/* What is wrong, where that can be said better than by what is expected; NULL: it cannot. */
static const char *known_mistake(void *ctx, const token *t, const token *past)
{
    static const char *const types[] = { "int", "enum", "flags", "bool", "string", "quoted",
                                         "either", "like", NULL };
    bool is_list = past[3].kind == TK_ENUM || past[3].kind == TK_FLAGS;
    bool is_value = t->kind == TK_NUMBER || t->kind == TK_STRING || t->kind == TK_WORD;

    if (t->kind == TK_COMMA && past[0].kind == TK_NUMBER && past[1].kind == TK_EQ && is_list)
        return mem_printf(ctx, "a value stands before its name: write '%s %s'", past[0].text,
                          past[2].text);
    if (t->kind == TK_NUMBER && *t->text == '-' && past[0].kind == TK_NUMBER)
        return mem_printf(ctx, "a range is written %s..%s", past[0].text, t->text + 1);
    if (past[1].kind == TK_DATA && past[0].kind == TK_WORD
        && (t->kind == TK_SLASH || t->kind == TK_END))
        return mem_printf(ctx, "where does the data go? Write 'data %s to module' or "
                          "'data NAME %s from module'", past[0].text, past[0].text);
    if (past[2].kind == TK_DATA && past[1].kind == TK_TO && past[0].kind == TK_MODULE)
        return "nothing says where this data ends: write 'data LENGTH to module' or "
               "'data to module until \"…\"'";
    if (is_value && past[0].kind == TK_WORD && past[0].text
        && (past[2].kind == TK_TYPE || past[1].kind == TK_COLON)
        && diag_nearest(past[0].text, types))
        return mem_printf(ctx, "'%s' is no kind of type; did you mean '%s'?", past[0].text,
                          diag_nearest(past[0].text, types));
    return NULL;
}

/* A time without its unit is reported and taken for one in seconds. */
static bool repair_time(diag *d, token *t, int last)
{
    bool is_number = t->kind == TK_NUMBER || (t->kind == TK_WORD && *t->text >= '0'
                                              && *t->text <= '9');

    if (!is_number || (last != TK_WITHIN && last != TK_SILENCE && last != TK_PAUSE))
        return false;
    diag_at(d, t->at, D_BAD_UNIT, "a time has a unit: ms, s, min");
    t->kind = TK_TIME;
    t->number = 1;
    return true;
}

static void syntax_error(build *b, const void *parser, const token *t, const token *past)
{
    int last = past[0].kind;
    int kinds[256];
    void *scratch = talloc_new(b->ctx);
    unsigned n = parser_expected(parser, kinds, sizeof kinds / sizeof *kinds);
    const char *found = found_name(scratch, t), *near = meant(scratch, t, kinds, n);
    char *expected = expected_text(scratch, kinds, n);
    const char *hint = advice(t, last), *mistake = known_mistake(scratch, t, past);

    if (mistake)
        diag_at(b->d, t->at, D_SYNTAX, "%s", mistake);
    else if (near)
        diag_at(b->d, t->at, D_SYNTAX, "unexpected %s; did you mean '%s'?", found, near);
    else if (expected)
        diag_at(b->d, t->at, D_SYNTAX, "unexpected %s, expected %s", found, expected);
    else
        diag_at(b->d, t->at, D_SYNTAX, "unexpected %s", found);
    if (near && !mistake)
        diag_fix(b->d, "%s", near);
    if (hint && !mistake)
        diag_note(b->d, t->at, "%s", hint);
    talloc_free(scratch);
}

/* ---- the text as a whole ---- */

/* The first byte that is no text is reported, each kind once. */
static void check_bytes(diag *d, const source *src)
{
    bool nul = false, bad = false;

    for (size_t i = 0; i < src->len && !(nul && bad);) {
        utf8proc_int32_t code;
        utf8proc_ssize_t n = utf8proc_iterate((const utf8proc_uint8_t *)src->text + i,
                                              (utf8proc_ssize_t)(src->len - i), &code);
        place at = { src, i, i + 1 };
        if (n <= 0 && !bad)
            diag_at(d, at, D_NOT_UTF8, "byte 0x%02x is no UTF-8: a spec is a UTF-8 text",
                    (unsigned char)src->text[i]);
        if (n > 0 && code == 0 && !nul)
            diag_at(d, at, D_NUL_BYTE, "NUL byte in a text file");
        bad |= n <= 0;
        nul |= n > 0 && code == 0;
        i += n > 0 ? (size_t)n : 1;
    }
}

static void *allocate(size_t n)
{
    return mem_check(malloc(n));
}

ast_file *parser_read(void *ctx, diag *d, const source *src)
{
    ast_file *file = mem_new(ctx, ast_file);
    build b = { .ctx = file, .d = d, .file = file, .tail = &file->defs };
    void *parser = specAlloc(allocate);
    scan *s = scan_new(file, d, src);
    bool complained = false, repaired = false;
    token past[PAST] = { { .kind = 0 } };
    token t;

    file->path = src->path;
    file->src = src;
    check_bytes(d, src);
    do {
        t = scan_next(s);
        bool bad = !parser_takes(parser, t.kind);
        if (bad && repaired && t.kind == TK_WORD)
            continue;           /* `secs` behind the number */
        repaired = bad && repair_time(d, &t, past[0].kind);
        bad = bad && !repaired;
        if (bad && t.kind != TK_BAD && !complained)
            syntax_error(&b, parser, &t, past);
        if (bad)
            scan_skip(s, &t);
        spec(parser, t.kind, t, &b);
        memmove(past + 1, past, (PAST - 1) * sizeof *past);
        past[0] = t;
        complained = t.bad;
    } while (t.kind != 0);
    specFree(parser, free);
    return file;
}
