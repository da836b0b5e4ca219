/* Steps made ready for the automaton: a pattern that spans lines becomes several steps,
 * alternatives that begin alike share their beginning, and what can never come for this variant is
 * left out.
 * SPDX-License-Identifier: MIT */
#include <string.h>

#include "resolve.h"

typedef struct stepper {
    resolver *r;
    const scope *s;
    bool later;
} stepper;

static rstep *convert(stepper *, const ast_step *);

static rstep *step_new(stepper *x, step_kind kind, const ast_step *from)
{
    rstep *p = mem_new(x->r->ctx, rstep);
    p->kind = kind;
    p->from = from;
    p->at = from->at;
    p->later = x->later || from->later;
    p->min = p->max = 1;
    return p;
}

static void append(rstep **list, rstep *p)
{
    while (*list) list = &(*list)->next;
    *list = p;
}

static rpat *make_pattern(stepper *x, const ast_pat *a)
{
    scope s = *x->s;
    s.later = x->later;
    return pat_make(x->r, &s, a);
}

/* ---- a pattern with several lines ---- */

static const rpat *skip_newlines(const rpat *p)
{
    while (p && p->kind == RP_NEWLINE) p = p->next;
    return p;
}

static bool is_rows(const rpat *p)
{
    return p->kind == RP_REPEAT && p->kids && p->kids->kind == RP_NEWLINE;
}

/* Where the line that begins with `first` ends: at a new line that is not that of its data or its
 * last parameter, or at its rows. */
static const rpat *line_end(const rpat *first)
{
    bool after_data = false;
    for (const rpat *p = first; p; p = p->next) {
        const rpat *behind = skip_newlines(p);
        if (is_rows(p)) return p;
        after_data |= p->kind == RP_DATA;
        if (p->kind != RP_NEWLINE || after_data || pat_goes_on(first, p)) continue;
        if (!behind || behind->kind != RP_DATA) return p;
        p = behind;
        after_data = true;
    }
    return NULL;
}

static unsigned newlines(const rpat *from, const rpat *to)
{
    unsigned n = 0;
    for (; from != to; from = from->next) n++;
    return n;
}

static rstep *make_line(stepper *x, const ast_step *from, const rpat *first, const rpat *end)
{
    rpat *list = pat_copy(x->r, first, end);
    rstep *p = step_new(x, STEP_LINE, from);
    pat_number(list);
    p->pattern = list;
    p->at = list->at;
    p->as = from->as;
    p->when = from->when;
    if (list->kind != RP_DATA || list->next) return p;
    p->kind = STEP_DATA_OUT;
    p->name = list->text;
    p->count = list->count;
    return p;
}

static rstep *split(stepper *, const ast_step *, const rpat *);

static bool same_params(const rpat *a, const rpat *b)
{
    while (a && a->kind == RP_TEXT) a = a->next;
    while (b && b->kind == RP_TEXT) b = b->next;
    if (!a || !b) return !a && !b;
    if (a->kind != b->kind || (a->text && b->text && strcmp(a->text, b->text))) return false;
    return same_params(a->kids, b->kids) && same_params(a->next, b->next);
}

static rstep *make_rows(stepper *x, const ast_step *from, const rpat *p, rstep *before)
{
    rstep *rows = step_new(x, STEP_REPEAT, from);
    rows->count = p->count;
    rows->min = p->min;
    rows->max = p->max;
    rows->at = p->at;
    rows->kids = split(x, from, skip_newlines(p->kids));
    if (before && before->kind == STEP_LINE && rows->kids && rows->kids->kind == STEP_LINE)
        before->is_row = same_params(before->pattern, rows->kids->pattern);
    return rows;
}

/* The lines of a pattern, and its rows, as steps. */
static rstep *split(stepper *x, const ast_step *from, const rpat *p)
{
    rstep *list = NULL, *last = NULL;
    while (p) {
        const rpat *end = line_end(p), *next = skip_newlines(end);
        if (end != p) append(&list, last = make_line(x, from, p, end));
        if (end == p && is_rows(p)) {
            append(&list, last = make_rows(x, from, p, last));
            end = p->next;
            next = skip_newlines(end);
        } else if (end && is_rows(end)) {
            next = end;
        }
        if (end && !next && end->kind == RP_NEWLINE)
            diag_at(x->r->d, end->at, D_LONE_NEWLINE,
                    "a line's end is not written: 'lines' says how lines end");
        if (end && next && newlines(end, next) > 1) append(&list, step_new(x, STEP_BLANK, from));
        p = next;
    }
    return list;
}

static rstep *convert_line(stepper *x, const ast_step *from)
{
    rstep *list = split(x, from, make_pattern(x, from->pattern));
    if (!list || !list->next) return list;
    rstep *seq = step_new(x, STEP_SEQ, from);
    seq->rows_follow = list->next->kind == STEP_REPEAT;
    seq->kids = list;
    if (!seq->rows_follow) return seq;
    list->as = NULL; /* `as` names the rows */
    return seq;
}

/* ---- alternatives that begin alike ---- */

static bool same_text(const char *a, const char *b)
{
    return a == b || (a && b && !strcmp(a, b));
}

static bool same_source(place a, place b)
{
    size_t n = a.end - a.begin;
    return a.src && b.src && b.end - b.begin == n
           && !memcmp(a.src->text + a.begin, b.src->text + b.begin, n);
}

/* A type that is written in the parameter is made for each of them. */
static bool same_part(const rpat *a, const rpat *b)
{
    bool same_type = a->type == b->type || same_source(a->at, b->at);
    return a->kind == b->kind && same_type && a->when == b->when && a->min == b->min
           && a->max == b->max && a->may_be_empty == b->may_be_empty && a->tied == b->tied
           && a->is_either == b->is_either && same_text(a->count, b->count)
           && same_text(a->text, b->text);
}

static bool same_pattern(const rpat *a, const rpat *b)
{
    if (!a || !b) return a == b;
    return same_part(a, b) && same_pattern(a->kids, b->kids) && same_pattern(a->next, b->next);
}

static bool same_step(const rstep *a, const rstep *b)
{
    if (a->kind != b->kind || a->later != b->later || a->when || b->when
        || !same_text(a->as, b->as))
        return false;
    if (a->kind == STEP_LINE) return same_pattern(a->pattern, b->pattern);
    if (a->kind == STEP_PROMPT) return same_text(a->from->text, b->from->text);
    if (a->kind != STEP_REPEAT || a->min != b->min || a->max != b->max
        || !same_text(a->count, b->count))
        return false;
    return a->kids && b->kids && !a->kids->next && !b->kids->next && same_step(a->kids, b->kids);
}

static bool share_beginning(const rstep *a, const rstep *b)
{
    return !a->when && !b->when && a->kids && b->kids && same_step(a->kids, b->kids);
}

static rstep *rest_of(stepper *x, const rstep *branch)
{
    rstep *p = step_new(x, STEP_SEQ, branch->from);
    p->kids = branch->kids->next;
    return p;
}

static rstep *factor(stepper *, rstep *branches);

/* One branch for the beginning that `first` and those behind it share; they are taken from the
 * list. */
static void take_alike(stepper *x, rstep *first)
{
    rstep *choice = NULL;
    for (rstep **p = &first->next; *p;) {
        if (!share_beginning(first, *p)) {
            p = &(*p)->next;
            continue;
        }
        if (!choice) {
            choice = step_new(x, STEP_CHOICE, first->from);
            choice->kids = rest_of(x, first);
        }
        append(&choice->kids, rest_of(x, *p));
        *p = (*p)->next;
    }
    if (!choice) return;
    choice->kids = factor(x, choice->kids);
    first->kids->next = choice;
}

static rstep *factor(stepper *x, rstep *branches)
{
    for (rstep *p = branches; p; p = p->next) take_alike(x, p);
    return branches;
}

/* ---- every kind of step ---- */

static rstep *convert_seq(stepper *x, const ast_step *a)
{
    rstep *seq = step_new(x, STEP_SEQ, a);
    seq->when = a->when;
    for (const ast_step *k = a->kids; k; k = k->next) {
        rstep *p = convert(x, k);
        if (!p) return NULL;
        append(&seq->kids, p);
    }
    return seq;
}

static rstep *convert_choice(stepper *x, const ast_step *at, const ast_step *branches)
{
    rstep *choice = step_new(x, STEP_CHOICE, at);
    for (const ast_step *k = branches; k; k = k->next) {
        rstep *p = convert(x, k);
        if (p) append(&choice->kids, p);
    }
    choice->kids = factor(x, choice->kids);
    return choice->kids ? choice : NULL;
}

static rstep *convert_repeat(stepper *x, const ast_step *a)
{
    rstep *p = step_new(x, STEP_REPEAT, a), *body = convert(x, a->kids);
    if (!body) return NULL;
    p->kids = body->kind == STEP_SEQ ? body->kids : body;
    p->min = a->min;
    p->max = a->max;
    p->count = a->count;
    p->when = a->when;
    if (a->as && p->kids && !p->kids->next && !p->kids->as) p->kids->as = a->as;
    return p;
}

static rstep *convert_atom(stepper *x, const ast_step *a)
{
    rstep *p = step_new(x, a->kind, a);
    p->as = a->as;
    p->when = a->when;
    p->name = a->name;
    p->count = a->count;
    if (a->pattern) p->pattern = make_pattern(x, a->pattern);
    return p;
}

/* NULL: it cannot come. */
static rstep *convert(stepper *x, const ast_step *a)
{
    bool outer = x->later;
    rstep *p;
    if (!cond_possible(x->r, x->s, a->pattern, a->when)) return NULL;
    x->later |= a->later;
    switch (a->kind) {
    case STEP_SEQ: p = convert_seq(x, a); break;
    case STEP_CHOICE: p = convert_choice(x, a, a->kids); break;
    case STEP_REPEAT: p = convert_repeat(x, a); break;
    case STEP_LINE: p = convert_line(x, a); break;
    default: p = convert_atom(x, a); break;
    }
    if (p && a->kind == STEP_CHOICE) p->when = a->when;
    x->later = outer;
    return p;
}

rstep *step_make(resolver *r, const scope *s, const ast_step *alternatives)
{
    stepper x = { r, s, false };
    return alternatives ? convert_choice(&x, alternatives, alternatives) : NULL;
}
