/* The canonical layout. Works on the tokens of the text and not on the tree, because comments,
 * blank lines and line breaks are the author's and stay: what changes is indentation, the blanks
 * between tokens, and the columns in which neighbouring lines of one kind are aligned. What a line
 * says is taken over byte by byte.
 *
 *   statements         4 columns per open block
 *   `->` lines         6 more, `/` lines 7, lines inside brackets 9
 *   exchanges          4 more than their `example`
 *
 * A line is a row of cells: what names it, its label, its pattern, its clauses, its responses.
 * SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "parse.h"
#include "parser.h"
#include "passes.h"

enum {
    STEP = 4,                   /* columns of a block */
    WIDEST = 64,                /* what stands further right is not aligned */
    LONGEST = 90,               /* nor are comments behind longer lines */
    CELLS = 5
};
enum { CELL_NAME, CELL_LABEL, CELL_PATTERN, CELL_CLAUSE, CELL_ANSWER };

typedef enum {                  /* kinds of lines; neighbours of one kind share their columns */
    LINE_COMMENT, LINE_CONTINUED, LINE_EXCHANGE, LINE_SINGLE,
    LINE_HEAD, LINE_TYPE, LINE_FORM, LINE_LABELLED, LINE_PIECE, LINE_URC, LINE_ITEM, LINE_CODE
} line_kind;

typedef struct line {
    line_kind kind;
    unsigned indent;
    bool blank_before;
    char *cells[CELLS];         /* NULL: empty */
    char *comment;
    unsigned columns[CELLS], comment_column;    /* where they begin */
    unsigned end;               /* of the cells placed so far */
} line;

typedef struct layout {
    void *ctx;
    const source *src;
    line *lines;
    size_t n, room;
    unsigned depth;             /* open blocks */
    char brackets[64];          /* open brackets of patterns and steps: their kind */
    unsigned open;
    int block[8];               /* the statements whose blocks are open */
    int statement;              /* the one being laid out */
    unsigned index, strings;    /* tokens and strings of it so far */
    token last;
    int cell;                   /* the cell that is being filled */
} layout;

/* ---- lines ---- */

static line *add_line(layout *l, line_kind kind, unsigned indent, bool blank_before)
{
    if (l->n == l->room)
        l->lines = mem_grow(l->ctx, l->lines, line, l->room = l->room * 2 + 64);
    line *new = &l->lines[l->n++];
    *new = (line){ .kind = kind, .indent = indent, .blank_before = blank_before && l->n > 1 };
    return new;
}

static char *copy(layout *l, size_t begin, size_t end)
{
    while (end > begin && strchr(" \t\r", l->src->text[end - 1]))
        end--;
    return mem_bytes(l->ctx, l->src->text + begin, end - begin);
}

/* What stands between two tokens: how many line ends, whether a blank line, and the comments. Those
 * on lines of their own become lines, one behind a line's text is its comment. */
typedef struct gap { unsigned line_ends; bool blank, any; } gap;

static gap read_gap(layout *l, size_t begin, size_t end)
{
    const char *text = l->src->text;
    gap g = { 0, false, end > begin };
    unsigned ends = 0;          /* since the last comment or token */

    for (size_t i = begin; i < end; i++) {
        if (text[i] == '\n') {
            g.line_ends++;
            g.blank |= ++ends > 1;
        } else if (text[i] == '#') {
            size_t stop = i;
            while (stop < end && text[stop] != '\n')
                stop++;
            if (g.line_ends == 0 && l->n)
                l->lines[l->n - 1].comment = copy(l, i, stop);
            else
                add_line(l, LINE_COMMENT, 0, g.blank)->comment = copy(l, i, stop);
            ends = 0;
            g.blank = false;
            if (g.line_ends == 0 && l->n == 0)
                g.line_ends = 1;
            i = stop - 1;
        }
    }
    return g;
}

/* ---- where a line belongs ---- */

static bool is_clause(int kind)
{
    return kind == TK_WHEN || kind == TK_ONLY || kind == TK_WITHIN || kind == TK_AS;
}

static int block_statement(const layout *l)
{
    return l->depth ? l->block[l->depth - 1] : 0;
}

/* The kind of a line by the token a statement begins with. */
static line_kind kind_of(const layout *l, int kind)
{
    switch (kind) {
    case TK_DIALECT: case TK_MANUAL: case TK_INCLUDE: return LINE_HEAD;
    case TK_TYPE: return LINE_TYPE;
    case TK_FORM: return LINE_FORM;
    case TK_PIECE: return LINE_PIECE;
    case TK_URC: return LINE_URC;
    case TK_KEY: return LINE_ITEM;
    case TK_NUMBER: return LINE_CODE;
    case TK_LABEL: return block_statement(l) == TK_COMMAND ? LINE_LABELLED
                        : block_statement(l) == TK_URC ? LINE_URC : LINE_PIECE;
    case TK_TEXT: case TK_QUOTE: case TK_PIECEREF: case TK_LANGLE: case TK_LTIED: case TK_LBRACK:
    case TK_LCHOICE: case TK_LREPEAT:
        if (l->n && (l->lines[l->n - 1].kind == LINE_PIECE || block_statement(l) != TK_COMMAND))
            return LINE_PIECE;
        return LINE_FORM;
    default: return block_statement(l) == TK_ERRORS ? LINE_CODE : LINE_SINGLE;
    }
}

/* The cell a token of the line goes to; a row is filled from left to right. */
static int cell_of(const layout *l, const line *into, const token *t, bool is_last)
{
    bool is_inner = l->open > 0;

    switch (into->kind) {
    case LINE_HEAD: case LINE_ITEM:
        return l->index == 0 ? CELL_NAME : CELL_PATTERN;
    case LINE_TYPE:
        if (l->index < 2)
            return CELL_NAME;
        return is_last && t->kind == TK_STRING && l->strings == 0 && l->last.kind != TK_COMMA
               ? CELL_CLAUSE : CELL_PATTERN;
    case LINE_CODE:
        return l->index == 0 ? CELL_NAME : t->kind == TK_STRING ? CELL_PATTERN
             : t->kind == TK_COMMA ? l->cell : CELL_LABEL;
    case LINE_FORM: case LINE_LABELLED: case LINE_PIECE: case LINE_URC:
        if (is_inner || t->kind == TK_LBRACE)
            return l->cell;
        if (t->kind == TK_FORM || t->kind == TK_COMMA || t->kind == TK_PIECE || t->kind == TK_URC
            || t->kind == TK_NAME || t->kind == TK_REPLACE)
            return CELL_NAME;
        if (t->kind == TK_LABEL || t->kind == TK_STRING)
            return CELL_LABEL;
        return t->kind == TK_ARROW ? CELL_ANSWER : is_clause(t->kind) ? CELL_CLAUSE : CELL_PATTERN;
    default:
        return l->cell;
    }
}

static unsigned continued_indent(const layout *l, const token *t)
{
    unsigned base = l->depth * STEP;

    if (t->kind == TK_ARROW)
        return base + 6;
    if (t->kind == TK_SLASH && !l->open)
        return base + 7;
    return base + 9;
}

/* A statement goes on in the next line: with a row of its own, which no other is aligned with. */
static void add_continued(layout *l, const token *t, gap g)
{
    add_line(l, LINE_CONTINUED, continued_indent(l, t), g.blank);
    l->cell = CELL_NAME;
}

static void begin_statement(layout *l, const token *t, gap g)
{
    line_kind kind = t->kind == TK_WIRE ? LINE_EXCHANGE : kind_of(l, t->kind);
    unsigned indent = l->depth * STEP + (t->kind == TK_WIRE ? STEP : 0);

    l->statement = t->kind;
    l->index = l->strings = 0;
    l->cell = CELL_NAME;
    add_line(l, kind, indent, g.blank);
}

/* ---- the text of a row ---- */

static bool is_opener(int kind)
{
    return kind == TK_LBRACK || kind == TK_LCHOICE || kind == TK_LREPEAT || kind == TK_LGROUP
           || kind == TK_LSTEPS || kind == TK_LANGLE || kind == TK_LTIED;
}

static bool is_closer(int kind)
{
    return kind == TK_RBRACK || kind == TK_RCHOICE || kind == TK_RREPEAT || kind == TK_RGROUP
           || kind == TK_RSTEPS || kind == TK_RANGLE;
}

/* What the innermost bracket opened with: 'r' repetition, 'p' parameter, 'g' group, 0 other. */
static char bracket(const layout *l)
{
    return l->open ? l->brackets[l->open - 1] : '\0';
}

static char bracket_kind(int kind)
{
    switch (kind) {
    case TK_LREPEAT: case TK_LSTEPS: return 'r';
    case TK_LANGLE: case TK_LTIED: return 'p';
    case TK_LGROUP: return 'g';
    case TK_LCHOICE: return 'c';
    default: return '[';
    }
}

/* The blanks between the last token of a row and `t`; `gapped`: there are some in the text. */
static const char *between(const layout *l, const token *t, bool gapped)
{
    int last = l->last.kind;
    char in = bracket(l);

    if (t->kind == TK_COMMA || t->kind == TK_DOTS || last == TK_DOTS)
        return "";
    if (last == TK_LGROUP || last == TK_LSTEPS || last == TK_LCHOICE
        || t->kind == TK_RGROUP || t->kind == TK_RSTEPS || t->kind == TK_RCHOICE)
        return "";
    if (last == TK_LREPEAT || t->kind == TK_RREPEAT || (in == 'r' && t->kind == TK_COLON))
        return "";
    if (last == TK_COMMA || t->kind == TK_LBRACE || t->kind == TK_RBRACE || last == TK_LBRACE)
        return t->kind == TK_KEY && last != TK_LBRACE ? "  " : " ";
    if (t->kind == TK_KEY)
        return "  ";
    if (in == 'r' && last == TK_COLON)
        return " ";
    if (in == 'g' && (t->kind == TK_PIPE || last == TK_PIPE))
        return " ";
    if (in == 'p' && (t->kind == TK_COLON || last == TK_COLON || last == TK_LANGLE
                      || last == TK_LTIED || t->kind == TK_RANGLE || t->kind == TK_QUESTION))
        return "";
    if (t->kind == TK_RAW && block_statement(l) == TK_OPERATORS && last == TK_RAW)
        return l->index % 2 ? " " : "  ";
    return gapped ? " " : "";
}

/* A number and its unit, without the blank that may stand between them; NULL: it is no time. */
static char *time_text(layout *l, const token *t)
{
    const char *text = l->src->text + t->at.begin;
    size_t n = t->at.end - t->at.begin, digits = strspn(text, "0123456789");
    size_t blanks = strspn(text + digits, " \t");

    if (digits == 0 || digits + blanks >= n || (t->kind != TK_TIME && t->kind != TK_RAW))
        return NULL;
    return mem_printf(l->ctx, "%.*s%.*s", (int)digits, text, (int)(n - digits - blanks),
                      text + digits + blanks);
}

static char *token_text(layout *l, const token *t)
{
    char *time = time_text(l, t);

    if (time)
        return time;
    if (t->kind == TK_NEWLINE)
        return mem_string(l->ctx, "CR LF");
    if (t->kind != TK_WIRE)
        return mem_bytes(l->ctx, l->src->text + t->at.begin, t->at.end - t->at.begin);
    size_t begin = t->at.begin + 1, end = t->at.end;
    begin += begin < end && strchr(" \t", l->src->text[begin]) != NULL;
    while (end > begin && l->src->text[end - 1] == '\r')
        end--;
    return mem_printf(l->ctx, "%c%s%.*s", (char)t->number, begin < end ? " " : "",
                      (int)(end - begin), l->src->text + begin);
}

static void add_text(layout *l, const token *t, bool gapped, bool is_last)
{
    line *into = &l->lines[l->n - 1];
    char *text = token_text(l, t);

    if (t->kind == TK_LABEL && into->kind == LINE_FORM)
        into->kind = LINE_LABELLED;
    int cell = cell_of(l, into, t, is_last);
    if (cell > l->cell)
        l->cell = cell;
    char **old = &into->cells[l->cell];
    *old = *old ? mem_printf(l->ctx, "%s%s%s", *old, between(l, t, gapped), text) : text;
}

/* ---- from tokens to rows ---- */

static void enter_token(layout *l, const token *t)
{
    if (is_opener(t->kind) && l->open < sizeof l->brackets)
        l->brackets[l->open++] = bracket_kind(t->kind);
    if (t->kind == TK_LBRACE && l->depth < sizeof l->block / sizeof *l->block) {
        l->block[l->depth++] = l->statement;
        l->index = (unsigned)-1;
    }
    if (t->kind != TK_REPLACE)
        l->index++;
    l->strings += t->kind == TK_STRING;
    l->last = *t;
}

static void put_token(layout *l, const token *t, size_t from, bool begins, bool is_last)
{
    gap g = read_gap(l, from, t->at.begin);

    if (t->kind == TK_RBRACE && l->depth)
        l->depth--;
    if (l->last.kind == TK_REPLACE) {
        l->statement = t->kind;
        l->lines[l->n - 1].kind = kind_of(l, t->kind);
    }
    if (g.line_ends || !l->n || l->lines[l->n - 1].kind == LINE_COMMENT) {
        if (begins)
            begin_statement(l, t, g);
        else
            add_continued(l, t, g);
    }
    if (is_closer(t->kind) && l->open) {
        add_text(l, t, g.any, is_last);
        l->open--;
    } else {
        add_text(l, t, g.any, is_last);
    }
    enter_token(l, t);
}

/* Comments stand where the next line stands. */
static void indent_comments(layout *l)
{
    unsigned indent = 0;

    for (size_t i = l->n; i-- > 0;) {
        line *at = &l->lines[i];
        if (at->kind == LINE_COMMENT)
            at->indent = indent;
        else
            indent = at->kind == LINE_EXCHANGE ? at->indent - STEP : at->indent;
        if (at->cells[0] && strcmp(at->cells[0], "}") == 0)
            indent += STEP;
    }
}

/* ---- columns ---- */

static unsigned width_of(const char *text)
{
    unsigned column = 0, width;
    int printable;
    size_t len = text ? strlen(text) : 0;

    for (size_t i = 0; i < len; column += width)
        i += source_char(text + i, len - i, column, &width, &printable);
    return column;
}

static bool is_aligned(line_kind kind)
{
    return kind >= LINE_HEAD;
}

/* One past the last line of the group that `from` begins; its responses in between belong to it. */
static size_t group_end(const layout *l, size_t from)
{
    size_t end = from + 1;

    for (size_t i = from + 1; i < l->n; i++) {
        const line *at = &l->lines[i];
        if (at->blank_before || (at->kind != l->lines[from].kind && at->kind != LINE_CONTINUED)
            || (at->kind != LINE_CONTINUED && at->indent != l->lines[from].indent))
            break;
        if (at->kind != LINE_CONTINUED)
            end = i + 1;
    }
    return end;
}

/* Blanks between a line's text so far and its next cell. */
static unsigned cell_gap(const line *at, int cell)
{
    return at->end == 0 ? 0 : cell == CELL_LABEL || at->kind == LINE_HEAD ? 1 : 2;
}

/* Where a cell begins in all lines of a group that have it: behind what stands before it in each of
 * them. A line that is too long by then goes its own way. */
static unsigned cell_start(const layout *l, size_t from, size_t end, int cell)
{
    unsigned start = 0;

    for (size_t i = from; i < end; i++) {
        const line *at = &l->lines[i];
        unsigned after = at->end + cell_gap(at, cell);
        if (at->kind != LINE_CONTINUED && at->cells[cell] && after <= WIDEST && after > start)
            start = after;
    }
    return start;
}

static void place_cell(line *at, int cell, unsigned start)
{
    unsigned after = at->end + cell_gap(at, cell);

    if (!at->cells[cell])
        return;
    at->columns[cell] = start > after && at->kind != LINE_CONTINUED ? start : after;
    at->end = at->columns[cell] + width_of(at->cells[cell]);
}

/* Comments behind the lines of a group stand in one column too. */
static void align_comments(layout *l, size_t from, size_t end)
{
    unsigned column = 0;

    for (size_t i = from; i < end; i++) {
        const line *at = &l->lines[i];
        if (at->comment && at->kind != LINE_CONTINUED && at->end < LONGEST && at->end + 2 > column)
            column = at->end + 2;
    }
    for (size_t i = from; i < end; i++) {
        line *at = &l->lines[i];
        bool fits = at->end + 2 <= column && at->kind != LINE_CONTINUED;
        at->comment_column = fits ? column : at->end + 2;
    }
}

static void align_group(layout *l, size_t from, size_t end)
{
    for (int cell = 0; cell < CELLS; cell++) {
        unsigned start = cell_start(l, from, end, cell);
        for (size_t i = from; i < end; i++)
            place_cell(&l->lines[i], cell, start);
    }
    align_comments(l, from, end);
}

static void align(layout *l)
{
    for (size_t i = 0; i < l->n;) {
        size_t end = is_aligned(l->lines[i].kind) ? group_end(l, i) : i + 1;
        align_group(l, i, end);
        i = end;
    }
}

/* ---- printing ---- */

static unsigned print_at(FILE *f, unsigned column, unsigned now, const char *text)
{
    for (; now < column; now++)
        fputc(' ', f);
    fputs(text, f);
    return now + width_of(text);
}

static void print_line(FILE *f, const line *at)
{
    unsigned now = 0;

    if (at->blank_before)
        fputc('\n', f);
    for (int cell = 0; cell < CELLS; cell++)
        if (at->cells[cell])
            now = print_at(f, at->indent + at->columns[cell], now, at->cells[cell]);
    if (at->comment)
        print_at(f, at->indent + (at->kind == LINE_COMMENT ? 0 : at->comment_column), now,
                 at->comment);
    fputc('\n', f);
}

/* Lay out a file that has been read without errors. */
void fmt(const ast_file *file, FILE *out)
{
    void *ctx = talloc_new(NULL);
    layout l = { .ctx = mem_check(ctx), .src = file->src };
    scan *s = scan_new(ctx, diag_new(ctx), file->src);
    size_t from = strncmp(file->src->text, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
    bool begins = true;

    for (token t = scan_next(s), next; t.kind != 0; t = next) {
        next = scan_next(s);
        if (t.at.end > t.at.begin) {
            put_token(&l, &t, from, begins || t.kind == TK_RBRACE, next.kind == TK_END);
            from = t.at.end;
        }
        begins = t.kind == TK_END || t.kind == TK_LBRACE
                 || (t.kind == TK_COMMA && block_statement(&l) == TK_ERRORS);
    }
    read_gap(&l, from, file->src->len);
    indent_comments(&l);
    align(&l);
    for (size_t i = 0; i < l.n; i++)
        print_line(out, &l.lines[i]);
    talloc_free(ctx);
}
