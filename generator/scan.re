/* The scanner's ways of reading, one re2c rule set each:
 *
 *   words                     the language's own words, numbers, strings, signs
 *   names                     command and URC names: whatever a manual calls them
 *   raw words                 inside `lines` and `operators`
 *   a pattern                 a line of the manual, up to what ends it
 *   a step's beginning        `(` and `{` group steps here, and words like `prompt` are steps
 *
 * Which of them is due is said by the state in scan_inner.h; scan_start.c reads where statements
 * begin. A rule that does not make a token goes to `again`.
 * SPDX-License-Identifier: MIT */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "parse.h"
#include "scan_inner.h"

/* ---- strings ---- */

/*!re2c
    re2c:define:YYCTYPE = "byte";
    re2c:define:YYCURSOR = "s->cur";
    re2c:define:YYMARKER = "s->marker";
    re2c:define:YYCTXMARKER = "s->context";
    re2c:yyfill:enable = 0;

    nul   = "\x00";
    blank = [ \t\r];
    gap   = [ \t\r\n\x00];
    hex   = [0-9A-Fa-f];
    no_word = [^A-Za-z0-9_];
    name  = [a-z_][a-z0-9_]*;
*/

/* Put one escape that begins at the cursor's backslash. */
static void put_escape(scan *s)
{
    const byte *begin = s->cur;
    byte c;

    /*!re2c
        "\\" [\\"]      { c = begin[1]; goto done; }
        "\\r"           { c = '\r'; goto done; }
        "\\n"           { c = '\n'; goto done; }
        "\\t"           { c = '\t'; goto done; }
        "\\x" hex{2}    { c = (byte)(hex_digit(begin[2]) << 4 | hex_digit(begin[3])); goto done; }
        "\\" [^\n\x00\x80-\xff]? {
            diag_at(s->d, scan_place(s, begin, s->cur), D_BAD_ESCAPE,
                    "unknown escape in a string; known are \\\" \\\\ \\r \\n \\t and \\xNN");
            c = '\\';
            goto done;
        }
        *               { c = *begin; goto done; }
    */
done:
    scan_put(s, &c, 1);
}

/* A string whose opening quote is at the cursor. An open end is reported; the string then ends
 * with its line. */
token scan_string(scan *s, int kind)
{
    const byte *begin = s->cur++;

    while (*s->cur != '"') {
        if (*s->cur == '\n' || (*s->cur == '\0' && s->cur == s->end)) {
            while (is_blank(s->cur[-1]) && s->cur - 1 > begin)
                s->cur--;
            diag_at(s->d, scan_place(s, begin, s->cur), D_UNTERMINATED_STRING,
                    "string has no closing '\"' on its line");
            token t = scan_make_put(s, kind, begin);
            t.bad = true;
            return t;
        }
        if (*s->cur == '\\')
            put_escape(s);
        else
            scan_put(s, s->cur++, 1);
    }
    s->cur++;
    return scan_make_put(s, kind, begin);
}

/* ---- words ---- */

/* The number that is written from `begin` to the cursor; `scale` times for a time. */
static token make_number(scan *s, int kind, const byte *begin, long long scale)
{
    token t = scan_make_text(s, kind, begin);
    bool is_hex = begin[0] == '0' && begin[1] == 'x';

    errno = 0;
    t.number = strtoll(t.text, NULL, is_hex ? 16 : 10);
    if (errno == ERANGE || t.number > LLONG_MAX / scale || (kind == TK_TIME
                                                            && t.number * scale > INT_MAX)) {
        diag_at(s->d, t.at, D_NUMBER_TOO_LARGE, "%s is too large: %s",
                kind == TK_TIME ? "time" : "number", t.text);
        t.number = 0;
    }
    t.number *= scale;
    return t;
}

/* A number, a blank and a unit: a time behind the words that take one, else only the number. */
static token make_spaced(scan *s, const byte *begin, long long scale)
{
    if (s->last == TK_WITHIN || s->last == TK_SILENCE || s->last == TK_PAUSE)
        return make_number(s, TK_TIME, begin, scale);
    s->cur = begin;
    while (is_digit(*s->cur))
        s->cur++;
    return make_number(s, TK_NUMBER, begin, 1);
}

static token bad_character(scan *s, const byte *begin)
{
    unsigned width;
    int printable;
    size_t n = source_char((const char *)begin, (size_t)(s->end - begin), 0, &width, &printable);

    s->cur = begin + n;
    token t = scan_make(s, TK_BAD, begin);
    if (printable)
        diag_at(s->d, t.at, D_BAD_CHARACTER, "'%.*s' means nothing here", (int)n,
                (const char *)begin);
    else
        diag_at(s->d, t.at, D_BAD_CHARACTER, "byte 0x%02x means nothing here", *begin);
    return t;
}

/* A word: where it begins something of its own the next token is read accordingly. */
static token make_word(scan *s, const byte *begin)
{
    token t = scan_make_text(s, TK_WORD, begin);

    t.kind = scan_word_kind(t.text);
    if (t.kind == TK_FORM)
        t.number = scan_form(t.text);
    if (inside(s) == IN_PARAM)
        return t;
    if (t.kind == TK_URC && s->last == TK_LATER)
        s->mode = MODE_NAME;
    else if (s->statement == TK_REMOVE && s->last == TK_REMOVE)
        s->mode = MODE_NAMES;
    else if (t.kind == TK_FORM && s->statement == TK_FORM && s->last == TK_COMMA)
        s->mode = MODE_FORM;
    else if ((t.kind == TK_UNTIL && s->body_step)
             || (t.kind == TK_LINE && s->statement == TK_FORM)) {
        s->mode = MODE_PATTERN;
        s->fresh = true;
    }
    return t;
}

/* `:` after a parameter's name, or after the head of a repetition. */
static token make_colon(scan *s, const byte *begin)
{
    if (inside(s) == IN_REPEAT) {
        s->mode = MODE_PATTERN;
        s->fresh = true;
    } else if (inside(s) == IN_STEPS) {
        s->mode = MODE_STEP;
    }
    return scan_make(s, TK_COLON, begin);
}

static token make_separator(scan *s, int kind, const byte *begin)
{
    if (s->statement == TK_FORM && inside(s) != IN_PARAM)
        s->mode = MODE_STEP;
    else if (s->statement == TK_LINES) {
        s->mode = MODE_PATTERN;
        s->fresh = true;
    }
    return scan_make(s, kind, begin);
}

/* `{` between words: the block of the statement, or nothing that is known. */
token scan_open_block(scan *s, const byte *begin)
{
    const statement *st = scan_statement_of(s->statement);

    if (!in_block(s) || !st || st->block == IN_FILE)
        return scan_stray(s, begin);
    s->mode = MODE_START;
    return scan_open(s, st->block, TK_LBRACE, begin);
}

token scan_words(scan *s)
{
    const byte *begin;
    token t;

again:
    begin = s->cur;
    /*!re2c
        blank+          { goto again; }
        "\n" | nul      { if (is_nul_inside(s, begin)) goto again;
                          s->cur = begin;
                          if (scan_word_line_end(s, &t)) return t;
                          goto again; }
        "#" [^\n\x00]*  { if (begin > s->text && !is_gap(begin[-1])) {
                              s->cur = begin + 1;
                              return bad_character(s, begin);
                          }
                          goto again; }
        ["]             { s->cur = begin; return scan_string(s, TK_STRING); }
        [A-Za-z_%][A-Za-z0-9_]* ([-/][A-Za-z0-9_]+)* { return make_word(s, begin); }
        "-"? [0-9]+     { return make_number(s, TK_NUMBER, begin, 1); }
        "0x" hex+       { return make_number(s, TK_NUMBER, begin, 1); }
        [0-9]+ "ms"     { return make_number(s, TK_TIME, begin, 1); }
        [0-9]+ "s"      { return make_number(s, TK_TIME, begin, 1000); }
        [0-9]+ "min"    { return make_number(s, TK_TIME, begin, 60000); }
        [0-9]+ blank+ "ms" / no_word  { return make_spaced(s, begin, 1); }
        [0-9]+ blank+ "s" / no_word   { return make_spaced(s, begin, 1000); }
        [0-9]+ blank+ "min" / no_word { return make_spaced(s, begin, 60000); }
        [0-9]+ [A-Za-z_][A-Za-z0-9_]*  { return scan_make_text(s, TK_WORD, begin); }
        ([+&$%*^!] [A-Za-z0-9_+&$*]* | [A-Z][A-Za-z0-9_]*) ("[" ("<" name ">" | [A-Za-z0-9_]+) "]")? "." name
                        { return scan_make_text(s, TK_SETTING, begin); }
        "->"            { return make_separator(s, TK_ARROW, begin); }
        "/"             { return make_separator(s, TK_SLASH, begin); }
        "|"             { return scan_next_branch(s, begin); }
        ","             { return scan_make(s, TK_COMMA, begin); }
        ":"             { return make_colon(s, begin); }
        "?"             { return scan_make(s, TK_QUESTION, begin); }
        "+"             { return scan_make(s, TK_PLUS, begin); }
        "="             { return scan_make(s, TK_EQ, begin); }
        "!="            { return scan_make(s, TK_NE, begin); }
        "<="            { return scan_make(s, TK_LE, begin); }
        ">="            { return scan_make(s, TK_GE, begin); }
        ".."            { return scan_make(s, TK_DOTS, begin); }
        "..." | "\xe2\x80\xa6"  { return scan_make(s, TK_ELLIPSIS, begin); }
        "<"             { return scan_make(s, TK_LT, begin); }
        ">"             { if (inside(s) == IN_PARAM) return scan_close(s, begin);
                          return scan_make(s, TK_GT, begin); }
        [\])]           { return scan_close(s, begin); }
        "}"             { if (!in_block(s)) return scan_close(s, begin);
                          s->cur = begin;
                          return scan_end_before_brace(s); }
        "{"             { return scan_open_block(s, begin); }
        *               { return bad_character(s, begin); }
    */
}

/* ---- names and raw words ---- */

/* A name as a manual has it, a sign, or the end of the line. `quotes_name`: a string is a name. */
token scan_name(scan *s, bool quotes_name)
{
    const byte *begin;
    token t;

again:
    begin = s->cur;
    /*!re2c
        blank+          { goto again; }
        "#" [^\n\x00]*  { goto again; }
        "\n" | nul      { if (is_nul_inside(s, begin)) goto again;
                          s->cur = begin;
                          if (scan_word_line_end(s, &t)) return t;
                          goto again; }
        ["]             { s->cur = begin;
                          return scan_string(s, quotes_name ? TK_NAME : TK_STRING); }
        ","             { return scan_make(s, TK_COMMA, begin); }
        "{"             { return scan_open_block(s, begin); }
        "}"             { s->cur = begin; return scan_end_before_brace(s); }
        "->" / gap      { return make_separator(s, TK_ARROW, begin); }
        [^ \t\r\n\x00,{}"#|)] [^ \t\r\n\x00,{}"|)]* { return scan_make_text(s, TK_NAME, begin); }
        *               { return bad_character(s, begin); }
    */
}

token scan_raw(scan *s)
{
    const byte *begin;
    token t;

again:
    begin = s->cur;
    /*!re2c
        blank+          { goto again; }
        "#" [^\n\x00]*  { goto again; }
        "\n" | nul      { if (is_nul_inside(s, begin)) goto again;
                          s->cur = begin;
                          if (scan_word_line_end(s, &t)) return t;
                          goto again; }
        ["]             { s->cur = begin; return scan_string(s, TK_STRING); }
        ","             { return scan_make(s, TK_COMMA, begin); }
        "}"             { s->cur = begin; return scan_end_before_brace(s); }
        "{"             { return scan_stray(s, begin); }
        "..." | "\xe2\x80\xa6"         { return scan_make(s, TK_ELLIPSIS, begin); }
        [^ \t\r\n\x00,{}"#] [^ \t\r\n\x00,{}"]* { return scan_make_text(s, TK_RAW, begin); }
        [0-9]+ blank+ ("ms" | "s" | "min") / no_word { return scan_make_text(s, TK_RAW, begin); }
        *               { return bad_character(s, begin); }
    */
}

/* ---- patterns ---- */

static token open_group(scan *s, scope in, int kind, const byte *begin)
{
    token t = scan_open(s, in, kind, begin);

    s->fresh = in != IN_OPTIONAL;
    if (in == IN_REPEAT || in == IN_STEPS || in == IN_PARAM)
        s->mode = MODE_WORDS;
    return t;
}

/* `fail ERROR`: a lower-case word and a code behind it. */
static bool is_unknown_class(const byte *p)
{
    const byte *end = p;

    while (is_lower(*end))
        end++;
    return end > p && is_blank(*end) && end[1] >= 'A' && end[1] <= 'Z';
}

/* May a word end the pattern here: a clause, or the class of the next code? */
static bool ends_pattern(const scan *s, const byte *p)
{
    static const char *const classes[] = { "ok", "error", "busy", NULL };
    static const char *const refusals[] = { "command", "operator", "parameter", "syntax", "length",
                                            "unsupported", NULL };
    char word[16];
    const char *const *list = inside(s) == IN_RESULTS ? classes
                            : inside(s) == IN_REFUSE ? refusals : NULL;

    scan_word_at(p, word, sizeof word);
    if (inside(s) == IN_RESULTS && is_unknown_class(p))
        return true;
    for (; list && *list; list++)
        if (strcmp(*list, word) == 0)
            return true;
    return false;
}

/* Blanks that stand in the middle of a line are part of it; say so where that looks unmeant. */
static void check_blanks(scan *s, const byte *begin)
{
    static const char *const clauses[] = { "when", "only", "within", "silence", NULL };
    char word[16];

    scan_word_at(s->cur, word, sizeof word);
    const char *near = strlen(word) > 3 ? diag_nearest(word, clauses) : NULL;
    place at = scan_place(s, s->cur, s->cur + strlen(word));
    if (near && strcmp(near, word) == 0) {
        diag_at(s->d, at, D_CLAUSE_LIKE_TEXT, "'%s' is text of this line, no clause", word);
    } else if (near && near[0] == word[0]) {
        diag_at(s->d, at, D_CLAUSE_LIKE_TEXT, "'%s' is text of this line; did you mean '%s'?",
                word, near);
        diag_fix(s->d, "%s", near);
    } else if (s->cur - begin > 1) {
        diag_at(s->d, scan_place(s, begin, s->cur), D_SEVERAL_BLANKS,
                "%d blanks in a row are part of this line", (int)(s->cur - begin));
    }
}

/* `\x` is the sign x. */
static void put_sign(scan *s, const byte *begin)
{
    if (strchr("rnt", begin[1]) && begin[1] && !is_lower(begin[2]))
        diag_at(s->d, scan_place(s, begin, begin + 2), D_ESCAPED_LETTER,
                "'\\%c' in a line is the letter %c; a line end is written CR LF", begin[1],
                begin[1]);
    scan_put(s, begin + 1, 1);
}

static void warn_step(scan *s, const byte *begin, size_t n, const char *advice)
{
    diag_at(s->d, scan_place(s, begin, begin + n), D_STEP_LIKE_TEXT,
            "'%.*s' is text of this line; %s", (int)n, (const char *)begin, advice);
}

/* Signs in a run of text that look as if steps were meant. */
static void check_signs(scan *s, const byte *begin)
{
    static const char advice[] = "steps are separated by ' / ', a literal sign is written '\\/'";
    const byte *last = s->cur - 1;
    bool after_blank = begin > s->text && is_blank(begin[-1]);

    for (const byte *p = begin; p < last; p++) {
        bool is_lone = (p == begin && after_blank) || is_blank(p[2]);
        if (p[1] == '>' && (p[0] == '=' || (p[0] == '-' && is_lone)))
            warn_step(s, p, 2, "an answer begins with ' -> '");
        if (last - p >= 2 && memcmp(p, "\xe2\x86\x92", 3) == 0)
            warn_step(s, p, 3, "an answer begins with ' -> '");
    }
    if (*last == '/' && is_blank(*s->cur) && !is_gap(*scan_skip_blanks(s, s->cur)))
        warn_step(s, last, 1, advice);
    else if (*begin == '/' && after_blank && begin < last)
        warn_step(s, begin, 1, advice);
}

/* What has been collected as text goes first; then `begin` is read again. */
#define AFTER_TEXT() \
    do { if (s->used) { s->cur = begin; return scan_make_put(s, TK_TEXT, first); } } while (0)
#define LITERAL(p, n) \
    do { if (!s->used) first = begin; scan_put(s, p, n); s->fresh = false; } while (0)

/* A continued line may begin with a clause: its blanks went with the line end. */
static bool begins_clause(const byte *p)
{
    static const char *const words[] = { "when ", "within ", "as ", "only when ", "only heard" };

    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strncmp((const char *)p, words[i], strlen(words[i])) == 0)
            return true;
    return false;
}

token scan_pattern(scan *s)
{
    const byte *begin, *first = s->cur;
    token t;

again:
    begin = s->cur;
    /*!re2c
        clause = "when" | "within" | "as" | "only" blank+ ("when" | "heard");

        blank* "\n"     { AFTER_TEXT();
                          s->cur--;
                          if (scan_line_end(s, &t)) return t;
                          if (scan_continues(s->cur) || begins_clause(s->cur)) s->mode = MODE_WORDS;
                          if (s->mode != MODE_PATTERN) return scan_next(s);
                          goto again; }
        blank* nul      { AFTER_TEXT();
                          if (s->cur <= s->end) goto again;
                          s->cur--;
                          if (scan_line_end(s, &t)) return t;
                          goto again; }
        blank+ "#" [^\n\x00]*  { AFTER_TEXT(); goto again; }
        blank+ ("/" | "->") / gap { AFTER_TEXT(); s->mode = MODE_WORDS; s->cur = begin;
                          return scan_words(s); }
        blank+ clause / gap { AFTER_TEXT(); s->mode = MODE_WORDS; s->cur = begin;
                          return scan_words(s); }
        blank+ "only" blank+ "heard" / [)|] { AFTER_TEXT(); s->mode = MODE_WORDS; s->cur = begin;
                          return scan_words(s); }
        blank+ "silence" / gap { if (!s->body_step) { s->cur -= 7; goto blanks; }
                          AFTER_TEXT(); s->mode = MODE_WORDS; s->cur = begin;
                          return scan_words(s); }
        blank* "CR" blank+ "LF" / [ \t\r\n\x00\])|}] {
                          if (!is_gap(*begin) && !s->fresh && !is_gap(begin[-1])) {
                              s->cur = begin + 2;
                              LITERAL(begin, 2);
                              goto again;
                          }
                          AFTER_TEXT();
                          t = scan_make(s, TK_NEWLINE, scan_skip_blanks(s, begin));
                          s->fresh = true;
                          return t; }
        blank+ / [)|}]  { AFTER_TEXT(); goto again; }
        blank+          {
        blanks:           if (s->fresh) goto again;
                          if (ends_pattern(s, s->cur)) { AFTER_TEXT(); s->mode = MODE_START;
                                                         return scan_next(s); }
                          check_blanks(s, begin);
                          LITERAL(begin, (size_t)(s->cur - begin));
                          goto again; }
        "," / gap       { if (inside(s) != IN_RESULTS) { LITERAL(begin, 1); goto again; }
                          AFTER_TEXT();
                          s->cur = scan_skip_lines(s, s->cur);
                          s->fresh = true;
                          t = scan_make(s, TK_COMMA, begin);
                          t.at.end = t.at.begin + 1;
                          return t; }
        "<"             { AFTER_TEXT(); return open_group(s, IN_PARAM, TK_LANGLE, begin); }
        "<="            { AFTER_TEXT(); return open_group(s, IN_PARAM, TK_LTIED, begin); }
        "["             { AFTER_TEXT(); return open_group(s, IN_OPTIONAL, TK_LBRACK, begin); }
        "("             { AFTER_TEXT(); return open_group(s, IN_CHOICE, TK_LCHOICE, begin); }
        "{"             { AFTER_TEXT(); return open_group(s, IN_REPEAT, TK_LREPEAT, begin); }
        "}"             { AFTER_TEXT();
                          if (!in_block(s)) return scan_close(s, begin);
                          s->cur = begin;
                          return scan_end_before_brace(s); }
        [\])]           { AFTER_TEXT(); return scan_close(s, begin); }
        "|"             { AFTER_TEXT();
                          if (in_block(s) || inside(s) == IN_OPTIONAL || inside(s) == IN_REPEAT)
                              return scan_stray(s, begin);
                          return scan_next_branch(s, begin); }
        "@" name        { AFTER_TEXT();
                          s->fresh = false;
                          t = scan_make_text(s, TK_PIECEREF, begin);
                          t.text++, t.len--;
                          return t; }
        ["]             { AFTER_TEXT();
                          s->cur = begin;
                          s->fresh = false;
                          return scan_string(s, TK_QUOTE); }
        "\\" [^\n\x00]  { if (!s->used) first = begin;
                          put_sign(s, begin);
                          s->fresh = false;
                          goto again; }
        [^ \t\r\n\x00,[\](){}|<@"\\C]+ { check_signs(s, begin);
                          LITERAL(begin, (size_t)(s->cur - begin)); goto again; }
        [,C]            { LITERAL(begin, 1); goto again; }
        *               { AFTER_TEXT();
                          t = bad_character(s, begin);
                          diag_note(s->d, t.at, "a literal sign is written with a '\\' before it");
                          return t; }
    */
}

/* ---- where a step begins ---- */

token scan_step(scan *s)
{
    static const char *const words[] = { "prompt", "data", "body", "blank", "transparent", "later",
                                         "pause", "urc", NULL };
    char word[16];
    token t;

    const byte *begin = s->cur = scan_skip_comment(s, s->cur);
    while (is_gap(*begin)) {
        if (scan_line_end(s, &t))
            return t;
        begin = s->cur;
    }
    s->body_step = false;
    if (*begin == '(' || *begin == '{') {
        s->cur++;
        return *begin == '(' ? scan_open(s, IN_GROUP, TK_LGROUP, begin)
                             : open_group(s, IN_STEPS, TK_LSTEPS, begin);
    }
    size_t n = 0;
    while (is_lower(begin[n]) && n + 1 < sizeof word) {
        word[n] = (char)begin[n];
        n++;
    }
    word[n] = '\0';
    for (const char *const *w = words; *w; w++) {
        bool ends = is_gap(begin[n]) || (strcmp(*w, "blank") == 0 && strchr(")|}", begin[n]));
        if (!ends || strcmp(*w, word) != 0 || (**w == 'u' && s->last != TK_LATER))
            continue;
        s->mode = MODE_WORDS;
        s->body_step = strcmp(word, "body") == 0;
        t = scan_words(s);
        if (t.kind == TK_LATER)
            s->mode = MODE_STEP;
        return t;
    }
    const char *near = n > 3 && is_gap(begin[n]) ? diag_nearest(word, words) : NULL;
    if (near && *near == *word && strcmp(near, word) != 0) {
        diag_at(s->d, scan_place(s, begin, begin + n), D_STEP_LIKE_TEXT,
                "'%s' is text of this line; did you mean '%s'?", word, near);
        diag_fix(s->d, "%s", near);
    }
    s->mode = MODE_PATTERN;
    s->fresh = true;
    return scan_pattern(s);
}
