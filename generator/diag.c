/* Diagnostics: collected while the passes run, printed once, in the order of their places. Text as
 * Bison prints it, places as an editor wants them, JSON for programs.
 * SPDX-License-Identifier: MIT */
#include "diag.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

#include "mem.h"

enum {
    SHOWN = 100,                /* columns of a source line that are shown */
    MARGIN = 8                  /* width of the line number and the bar before it */
};

typedef struct note { place at; char *text; struct note *next; } note;
typedef struct message {
    place at;
    diag_kind kind;
    diag_severity severity;
    char *text, *fix;
    note *notes;
    size_t number;              /* in the order in which they were given */
} message;

struct diag {
    message **messages;
    size_t n, room;
    message *last;              /* notes and fixes go here; NULL: the last one was switched off */
    unsigned errors;
    diag_severity severity[DIAG_KIND_COUNT];
    bool off[DIAG_KIND_COUNT];
    bool warnings_are_errors, no_error[DIAG_KIND_COUNT];
};

#define DIAG_KIND(id, name, severity) { name, severity },
static const struct { const char *name; diag_severity severity; } kinds[] = {
#include "diag_kinds.h"
};
#undef DIAG_KIND

/* ---- collecting ---- */

diag *diag_new(void *ctx)
{
    diag *d = mem_new(ctx, diag);

    for (unsigned i = 0; i < DIAG_KIND_COUNT; i++)
        d->severity[i] = kinds[i].severity;
    return d;
}

static int find_kind(const char *name)
{
    for (int i = 0; i < DIAG_KIND_COUNT; i++)
        if (strcmp(kinds[i].name, name) == 0)
            return i;
    return -1;
}

/* Errors cannot be switched off: only kinds that are warnings have options. */
static bool is_warning(int kind)
{
    return kind >= 0 && kinds[kind].severity == DIAG_WARNING;
}

bool diag_option(diag *d, const char *w)
{
    bool no = strncmp(w, "no-", 3) == 0;
    const char *name = no ? w + 3 : w;
    bool error = strncmp(name, "error=", 6) == 0;
    int kind = find_kind(error ? name + 6 : name);

    if (strcmp(w, "error") == 0 || strcmp(w, "no-error") == 0) {
        d->warnings_are_errors = !no;
        return true;
    }
    if (strcmp(w, "all") == 0)
        return true;
    if (!is_warning(kind))
        return false;
    if (error) {
        d->severity[kind] = no ? DIAG_WARNING : DIAG_ERROR;
        d->no_error[kind] = no;
    } else {
        d->off[kind] = no;
    }
    return true;
}

static diag_severity severity_of(const diag *d, diag_kind kind)
{
    if (d->severity[kind] == DIAG_WARNING && d->warnings_are_errors && !d->no_error[kind])
        return DIAG_ERROR;
    return d->severity[kind];
}

void diag_at(diag *d, place at, diag_kind kind, const char *format, ...)
{
    d->last = NULL;
    if (d->off[kind] && severity_of(d, kind) != DIAG_ERROR)
        return;

    message *m = mem_new(d, message);
    va_list args;
    va_start(args, format);
    m->text = mem_vprintf(m, format, args);
    va_end(args);
    m->at = at;
    m->kind = kind;
    m->severity = severity_of(d, kind);
    m->number = d->n;
    if (d->n == d->room)
        d->messages = mem_grow(d, d->messages, message *, d->room = d->room * 2 + 16);
    d->messages[d->n++] = d->last = m;
    d->errors += m->severity == DIAG_ERROR;
}

void diag_note(diag *d, place at, const char *format, ...)
{
    if (!d->last)
        return;
    note *n = mem_new(d->last, note), **tail = &d->last->notes;
    va_list args;
    va_start(args, format);
    n->text = mem_vprintf(n, format, args);
    va_end(args);
    n->at = at;
    while (*tail)
        tail = &(*tail)->next;
    *tail = n;
}

void diag_fix(diag *d, const char *format, ...)
{
    if (!d->last)
        return;
    va_list args;
    va_start(args, format);
    d->last->fix = mem_vprintf(d->last, format, args);
    va_end(args);
}

unsigned diag_errors(const diag *d)
{
    return d->errors;
}

/* ---- did you mean ---- */

enum { LONGEST_WORD = 48 };

static char fold(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
}

static unsigned least(unsigned a, unsigned b)
{
    return a < b ? a : b;
}

/* Edits between two words: a letter changed, added, left out, or two letters swapped. */
static unsigned distance(const char *a, const char *b)
{
    size_t n = strlen(a), m = strlen(b);
    unsigned row[3][LONGEST_WORD + 1];

    for (size_t j = 0; j <= m; j++)
        row[0][j] = (unsigned)j;
    for (size_t i = 1; i <= n; i++) {
        unsigned *now = row[i % 3], *before = row[(i + 2) % 3], *earlier = row[(i + 1) % 3];
        now[0] = (unsigned)i;
        for (size_t j = 1; j <= m; j++) {
            unsigned change = before[j - 1] + (fold(a[i - 1]) != fold(b[j - 1]));
            now[j] = least(change, least(before[j], now[j - 1]) + 1);
            if (i > 1 && j > 1 && fold(a[i - 1]) == fold(b[j - 2])
                && fold(a[i - 2]) == fold(b[j - 1]))
                now[j] = least(now[j], earlier[j - 2] + 1);
        }
    }
    return row[n % 3][m];
}

const char *diag_nearest(const char *word, const char *const *names)
{
    const char *nearest = NULL;
    size_t len = strlen(word);
    unsigned best = len < 3 ? 1 : len < 6 ? 2 : 3;      /* one more than is allowed */

    if (len > LONGEST_WORD)
        return NULL;
    for (; *names; names++) {
        if (strlen(*names) > LONGEST_WORD)
            continue;
        unsigned d = distance(word, *names);
        if (d < best && d < strlen(*names)) {
            best = d;
            nearest = *names;
        }
    }
    return nearest;
}

/* ---- printing as text ---- */

typedef struct style { const char *error, *warning, *note, *bold, *fix, *off; } style;
static const style plain = { "", "", "", "", "", "" };
static const style colours = { "\033[1;31m", "\033[1;35m", "\033[1;36m", "\033[1m", "\033[32m",
                               "\033[0m" };

static const char *severity_name(diag_severity severity)
{
    return severity == DIAG_ERROR ? "error" : severity == DIAG_WARNING ? "warning" : "note";
}

static const char *severity_style(const style *s, diag_severity severity)
{
    return severity == DIAG_ERROR ? s->error : severity == DIAG_WARNING ? s->warning : s->note;
}

static void print_head(FILE *f, const style *s, place at, diag_severity severity, const char *text,
                       const char *kind)
{
    fputs(s->bold, f);
    if (at.src)
        fprintf(f, "%s:%u:%u: ", at.src->path, place_line(at), place_column(at));
    else
        fputs("atgen: ", f);
    fprintf(f, "%s%s%s: %s", s->off, severity_style(s, severity), severity_name(severity), s->off);
    fputs(text, f);
    if (kind)
        fprintf(f, " [%s%s%s]", severity_style(s, severity), kind, s->off);
    fputc('\n', f);
}

static void repeat(FILE *f, char c, unsigned n)
{
    while (n--)
        fputc(c, f);
}

/* A source line and what is marked in it, in screen columns. */
typedef struct marked {
    const char *line;
    size_t len, begin, end;     /* of the mark, in bytes of the line */
    unsigned from, mark, width; /* first column shown; the mark's column and width */
} marked;

static unsigned columns(const char *p, size_t n, unsigned column)
{
    unsigned width;
    int printable;

    for (size_t i = 0; i < n; column += width)
        i += source_char(p + i, n - i, column, &width, &printable);
    return column;
}

static marked mark_line(place at)
{
    marked m;

    m.line = source_line(at.src, at.begin, &m.len);
    m.begin = at.begin - (size_t)(m.line - at.src->text);
    if (m.begin > m.len)
        m.begin = m.len;
    m.end = at.end > at.begin ? m.begin + (at.end - at.begin) : m.begin;
    if (m.end > m.len)
        m.end = m.len;
    m.mark = columns(m.line, m.begin, 0);
    m.width = columns(m.line + m.begin, m.end - m.begin, m.mark) - m.mark;
    if (!m.width)
        m.width = 1;
    m.from = 0;
    if (m.mark + 20 > SHOWN)
        m.from = m.mark - 40;
    if (m.mark - m.from + m.width > SHOWN)
        m.width = SHOWN - (m.mark - m.from);
    return m;
}

/* The columns of the line that are shown, tabs as blanks; `...` stands where something is cut. */
static void print_line(FILE *f, const marked *m)
{
    unsigned column = 0, width;
    int printable;
    size_t i = 0;

    if (m->from)
        fputs("...", f);
    while (i < m->len && column < m->from + SHOWN) {
        size_t n = source_char(m->line + i, m->len - i, column, &width, &printable);
        if (column < m->from + (m->from ? 3 : 0))
            repeat(f, ' ', column + width > m->from + 3 ? column + width - m->from - 3 : 0);
        else if (m->line[i] == '\t')
            repeat(f, ' ', width);
        else if (!printable)
            fputs("\xef\xbf\xbd", f);
        else
            fwrite(m->line + i, 1, n, f);
        column += width;
        i += n;
    }
    if (i < m->len)
        fputs("...", f);
    fputc('\n', f);
}

static void print_excerpt(FILE *f, const style *s, place at, diag_severity severity,
                          const char *fix)
{
    marked m = mark_line(at);
    unsigned indent = m.mark - m.from;

    fprintf(f, "%5u | ", place_line(at));
    print_line(f, &m);
    fprintf(f, "%*s ", MARGIN - 1, "|");
    repeat(f, ' ', indent);
    fputs(severity_style(s, severity), f);
    fputc('^', f);
    repeat(f, '~', m.width - 1);
    fprintf(f, "%s\n", s->off);
    if (!fix)
        return;
    fprintf(f, "%*s ", MARGIN - 1, "|");
    repeat(f, ' ', indent);
    fprintf(f, "%s%s%s\n", s->fix, fix, s->off);
}

static void print_message(FILE *f, const style *s, const message *m)
{
    print_head(f, s, m->at, m->severity, m->text, kinds[m->kind].name);
    if (m->at.src)
        print_excerpt(f, s, m->at, m->severity, m->fix);
    for (const note *n = m->notes; n; n = n->next) {
        print_head(f, s, n->at, DIAG_NOTE, n->text, NULL);
        if (n->at.src)
            print_excerpt(f, s, n->at, DIAG_NOTE, NULL);
    }
}

/* ---- printing as JSON ---- */

/* Text as JSON takes it: what is no UTF-8 becomes U+FFFD. */
static json_t *json_text(const char *text)
{
    char *good = mem_string(NULL, "");
    size_t len = strlen(text), n;
    json_t *value;

    for (size_t i = 0; i < len; i += n) {
        utf8proc_int32_t code;
        utf8proc_ssize_t got = utf8proc_iterate((const utf8proc_uint8_t *)text + i,
                                                (utf8proc_ssize_t)(len - i), &code);
        n = got > 0 ? (size_t)got : 1;
        good = mem_check(got > 0 ? talloc_strndup_append(good, text + i, n)
                                 : talloc_strdup_append(good, "\xef\xbf\xbd"));
    }
    value = mem_check(json_string(good));
    talloc_free(good);
    return value;
}

static json_t *json_place(place at)
{
    json_t *o = mem_check(json_object());

    if (!at.src)
        return o;
    place last = { at.src, at.end, at.end };
    json_object_set_new(o, "file", json_text(at.src->path));
    json_object_set_new(o, "line", json_integer(place_line(at)));
    json_object_set_new(o, "column", json_integer(place_column(at)));
    json_object_set_new(o, "end_line", json_integer(place_line(last)));
    json_object_set_new(o, "end_column", json_integer(place_column(last)));
    return o;
}

static json_t *json_message(const message *m)
{
    json_t *o = json_place(m->at), *notes = mem_check(json_array());

    json_object_set_new(o, "severity", json_string(severity_name(m->severity)));
    json_object_set_new(o, "kind", json_string(kinds[m->kind].name));
    json_object_set_new(o, "message", json_text(m->text));
    if (m->fix)
        json_object_set_new(o, "fix", json_text(m->fix));
    for (const note *n = m->notes; n; n = n->next) {
        json_t *one = json_place(n->at);
        json_object_set_new(one, "message", json_text(n->text));
        json_array_append_new(notes, one);
    }
    json_object_set_new(o, "notes", notes);
    return o;
}

static void print_json(FILE *f, message *const *list, size_t n)
{
    json_t *all = mem_check(json_array());

    for (size_t i = 0; i < n; i++)
        json_array_append_new(all, json_message(list[i]));
    json_dumpf(all, f, JSON_INDENT(2) | JSON_PRESERVE_ORDER);
    fputc('\n', f);
    json_decref(all);
}

/* ---- order ---- */

/* By file, then by place; what has no place comes first. */
static int compare_places(place x, place y)
{
    if (!x.src || !y.src)
        return (x.src != NULL) - (y.src != NULL);
    int order = x.src == y.src ? 0 : strcmp(x.src->path, y.src->path);
    return order ? order : (x.begin > y.begin) - (x.begin < y.begin);
}

/* By place; at one place in the order in which they were given. */
static int compare(const void *a, const void *b)
{
    const message *x = *(message *const *)a, *y = *(message *const *)b;
    int order = compare_places(x->at, y->at);

    return order ? order : (x->number > y->number) - (x->number < y->number);
}

/* The same text at the same place says nothing new: several specs may include one file. Returns how
 * many are left. */
static size_t drop_repeated(message **list, size_t n)
{
    size_t kept = 0;

    for (size_t i = 0; i < n; i++) {
        bool repeated = false;
        for (size_t k = kept; k-- > 0 && compare_places(list[k]->at, list[i]->at) == 0;)
            repeated |= list[k]->kind == list[i]->kind && strcmp(list[k]->text, list[i]->text) == 0;
        if (!repeated)
            list[kept++] = list[i];
    }
    return kept;
}

void diag_print(const diag *d, void *file, bool json, bool colour)
{
    message **sorted = mem_array(d, message *, d->n + 1);

    if (d->n)
        memcpy(sorted, d->messages, d->n * sizeof *sorted);
    qsort(sorted, d->n, sizeof *sorted, compare);
    size_t n = drop_repeated(sorted, d->n);
    if (json)
        print_json(file, sorted, n);
    else
        for (size_t i = 0; i < n; i++)
            print_message(file, colour ? &colours : &plain, sorted[i]);
    talloc_free(sorted);
}
