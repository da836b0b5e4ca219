/* Patterns made ready for cutting: pieces put in their places, every parameter with its type.
 * SPDX-License-Identifier: MIT */
#include <ctype.h>
#include <limits.h>
#include <string.h>

#include "resolve.h"

static rpat *make_list(resolver *, const scope *, const ast_pat *);

static rpat *pat_new(resolver *r, rpat_kind kind, place at)
{
    rpat *p = mem_new(r->ctx, rpat);
    p->kind = kind;
    p->at = at;
    return p;
}

/* ---- pieces ---- */

static const ast_def *piece_named(const resolver *r, const scope *s, const char *name)
{
    const ast_def *def = defs_local(s->command, DEF_PIECE, name);
    symbol *g = symbol_find(r->defs.pieces, name);
    return def || !g ? def : ((def_entry *)g->value)->def;
}

static const ast_def *find_piece(resolver *r, const scope *s, const ast_pat *a)
{
    const ast_def *def = piece_named(r, s, a->text);
    if (def) return def;
    const char *near = defs_nearest(r, a->text, r->defs.pieces);
    diag_at(r->d, a->at, D_UNKNOWN_PIECE, "there is no piece '%s'", a->text);
    if (near) diag_note(r->d, symbol_find(r->defs.pieces, near)->at, "did you mean '%s'?", near);
    return NULL;
}

static bool is_running(const resolver *r, const ast_def *def)
{
    for (size_t i = 0; i < r->n_running; i++)
        if (r->running[i] == def) return true;
    return false;
}

static const ast_pat *find_in_piece(resolver *r, const scope *s, const ast_def *def,
                                    const char *param)
{
    const ast_pat *in = NULL;
    if (!def || is_running(r, def) || r->n_running == MAX_RUNNING) return NULL;
    r->running[r->n_running++] = def;
    for (const ast_alt *a = def->alts; a && !in; a = a->next)
        in = pat_find(r, s, a->pattern, param);
    r->n_running--;
    return in;
}

const ast_pat *pat_find(resolver *r, const scope *s, const ast_pat *p, const char *param)
{
    for (; p; p = p->next) {
        if (p->kind == PAT_PARAM && !strcmp(p->text, param)) return p;
        const ast_pat *in = p->kind == PAT_PIECE
                                ? find_in_piece(r, s, piece_named(r, s, p->text), param)
                                : pat_find(r, s, p->kids, param);
        if (in) return in;
    }
    return NULL;
}

/* One alternative with a condition: there exactly when it holds. */
static rpat *make_conditional(resolver *r, const scope *s, const ast_alt *alt)
{
    rpat *list = make_list(r, s, alt->pattern);
    if (list && list->kind == RP_OPTIONAL && !list->next && !list->when) {
        list->when = alt->when;
        return list;
    }
    rpat *p = pat_new(r, RP_OPTIONAL, alt->at);
    p->when = alt->when;
    p->kids = list;
    return p;
}

static rpat *make_choice(resolver *r, const scope *s, const ast_alt *alts, place at)
{
    rpat *choice = pat_new(r, RP_CHOICE, at), **last = &choice->kids;
    for (const ast_alt *a = alts; a; a = a->next) {
        *last = pat_new(r, RP_SEQ, a->at);
        (*last)->when = a->when;
        (*last)->kids = make_list(r, s, a->pattern);
        last = &(*last)->next;
    }
    return choice;
}

static rpat *make_piece(resolver *r, const scope *s, const ast_pat *a)
{
    const ast_def *def = find_piece(r, s, a);
    if (!def || !def->alts) return NULL;
    if (is_running(r, def) || r->n_running == MAX_RUNNING) {
        diag_at(r->d, a->at, D_PIECE_CIRCLE,
                "piece %s contains itself, or pieces are nested too deep", def->name);
        return NULL;
    }
    rpat *p;
    r->running[r->n_running++] = def;
    if (def->alts->next)
        p = make_choice(r, s, def->alts, a->at);
    else if (def->alts->when)
        p = make_conditional(r, s, def->alts);
    else
        p = make_list(r, s, def->alts->pattern);
    r->n_running--;
    return p;
}

/* ---- everything else ---- */

/* The type of a parameter: written with it; in a `later` line that of the request's parameter it is
 * equal to; the one of its name; where there is none, that of the request's parameter. */
static const m_type *param_type(resolver *r, const scope *s, const ast_pat *a)
{
    const m_slot *same = s->request && !a->type ? line_param(s->request, a->text) : NULL;
    if (same && (s->later || a->tied || !type_exists(r, s, a->text))) return same->type;
    return type_of(r, s, a->text, a->type, a->at);
}

static rpat *make_param(resolver *r, const scope *s, const ast_pat *a)
{
    rpat *p = pat_new(r, RP_PARAM, a->at);
    p->text = a->text;
    p->type = param_type(r, s, a);
    p->may_be_empty = a->may_be_empty;
    p->tied = a->tied;
    return p;
}

static rpat *make_kids(resolver *r, const scope *s, const ast_pat *a, rpat_kind kind)
{
    rpat *p = pat_new(r, kind, a->at);
    p->when = a->when;
    p->count = a->count;
    p->min = a->min;
    p->max = a->max;
    p->kids = make_list(r, s, a->kids);
    return p;
}

static rpat *make_branches(resolver *r, const scope *s, const ast_pat *a)
{
    rpat *choice = pat_new(r, RP_CHOICE, a->at), **last = &choice->kids;
    for (const ast_pat *k = a->kids; k; k = k->next) {
        *last = make_kids(r, s, k, RP_SEQ);
        last = &(*last)->next;
    }
    return choice;
}

static rpat *make_leaf(resolver *r, const ast_pat *a, rpat_kind kind)
{
    rpat *p = pat_new(r, kind, a->at);
    p->text = a->text ? mem_string(r->ctx, a->text) : NULL;
    p->count = a->count;
    p->is_either = a->is_either;
    return p;
}

static rpat *make_one(resolver *r, const scope *s, const ast_pat *a)
{
    switch (a->kind) {
    case PAT_TEXT: return make_leaf(r, a, RP_TEXT);
    case PAT_QUOTED: return make_leaf(r, a, RP_QUOTED);
    case PAT_DATA: return make_leaf(r, a, RP_DATA);
    case PAT_NEWLINE: return make_leaf(r, a, RP_NEWLINE);
    case PAT_PARAM: return make_param(r, s, a);
    case PAT_OPTIONAL: return make_kids(r, s, a, RP_OPTIONAL);
    case PAT_CHOICE: return make_branches(r, s, a);
    case PAT_REPEAT: return make_kids(r, s, a, RP_REPEAT);
    case PAT_SEQ: return make_list(r, s, a->kids);
    case PAT_PIECE: return make_piece(r, s, a);
    }
    return NULL;
}

/* Pieces of pieces can grow without end: false when a pattern has too many parts. */
static bool has_room(resolver *r)
{
    return r->n_parts <= MAX_PARTS && ++r->n_parts <= MAX_PARTS;
}

static rpat *make_list(resolver *r, const scope *s, const ast_pat *a)
{
    rpat *first = NULL, **last = &first;
    for (; a && has_room(r); a = a->next) {
        *last = make_one(r, s, a);
        while (*last) last = &(*last)->next;
    }
    return first;
}

/* A pattern's parts as a list, without sequences but those below a choice. */
rpat *pat_make(resolver *r, const scope *s, const ast_pat *a)
{
    r->n_parts = 0;
    rpat *list = make_list(r, s, a);
    if (list && r->n_parts > MAX_PARTS) {
        diag_at(r->d, a->at, D_PATTERN_TOO_LARGE,
                "the pattern has more than %d parts with its pieces put in", MAX_PARTS);
        list->next = NULL;
    }
    pat_number(list);
    return list;
}

static void number(rpat *p, unsigned *n)
{
    for (; p; p = p->next) {
        p->order = (*n)++;
        number(p->kids, n);
    }
}

void pat_number(rpat *p)
{
    unsigned n = 0;
    number(p, &n);
}

rpat *pat_copy(resolver *r, const rpat *first, const rpat *end)
{
    rpat *copy = NULL, **last = &copy;
    for (; first != end; first = first->next) {
        *last = mem_new(r->ctx, rpat);
        **last = *first;
        (*last)->next = NULL;
        if (first->text) (*last)->text = mem_string(r->ctx, first->text);
        if (first->kids) (*last)->kids = pat_copy(r, first->kids, NULL);
        last = &(*last)->next;
    }
    return copy;
}

bool pat_is_text(const rpat *p)
{
    for (; p; p = p->next)
        if (p->kind != RP_TEXT && p->kind != RP_QUOTED) return false;
    return true;
}

bool pat_goes_on(const rpat *first, const rpat *newline)
{
    const rpat *p = newline->next;
    if (first->kind != RP_TEXT || newline->kind != RP_NEWLINE || !p || p->next) return false;
    if (p->kind != RP_PARAM || p->may_be_empty) return false;
    return p->type->kind == T_TEXT || p->type->kind == T_STRING || p->type->kind == T_HEX;
}

static bool same_byte(char a, char b, bool any_case)
{
    return a == b || (any_case && toupper((unsigned char)a) == toupper((unsigned char)b));
}

/* Take `text` off the front of a pattern; false (and nothing taken) when it does not stand there.
 */
bool pat_strip(rpat **list, const char *text, bool any_case)
{
    size_t n = strlen(text);
    if (n == 0) return true;
    rpat *p = *list;
    if (!p || p->kind != RP_TEXT) return false;
    for (size_t i = 0; i < n; i++)
        if (!same_byte(p->text[i], text[i], any_case)) return false;
    p->text += n;
    if (!*p->text) *list = p->next;
    return true;
}

/* ---- as a manual writes it ---- */

static char *write_list(resolver *, char *out, const rpat *);

static char *write_repeat(resolver *r, char *out, const rpat *p)
{
    if (p->count)
        out = talloc_asprintf_append_buffer(out, "{<%s>: ", p->count);
    else if (p->max == UINT_MAX)
        out = talloc_asprintf_append_buffer(out, "{%u..: ", p->min);
    else if (p->max == p->min)
        out = talloc_asprintf_append_buffer(out, "{%u: ", p->min);
    else
        out = talloc_asprintf_append_buffer(out, "{%u..%u: ", p->min, p->max);
    return talloc_asprintf_append_buffer(write_list(r, mem_check(out), p->kids), "}");
}

static char *write_choice(resolver *r, char *out, const rpat *p)
{
    const char *sign = "(";
    for (const rpat *k = p->kids; k; k = k->next, sign = "|")
        out = write_list(r, mem_check(talloc_asprintf_append_buffer(out, "%s", sign)), k->kids);
    return talloc_asprintf_append_buffer(out, ")");
}

static char *write_one(resolver *r, char *out, const rpat *p)
{
    switch (p->kind) {
    case RP_TEXT: return talloc_asprintf_append_buffer(out, "%s", p->text);
    case RP_QUOTED: return talloc_asprintf_append_buffer(out, "\"%s\"", p->text);
    case RP_PARAM:
        return talloc_asprintf_append_buffer(out, p->may_be_empty ? "<%s?>" : "<%s>", p->text);
    case RP_DATA: return talloc_asprintf_append_buffer(out, "<%s>", p->text);
    case RP_NEWLINE:
        return talloc_asprintf_append_buffer(
            out, p->next && p->next->kind != RP_NEWLINE ? " CR LF " : " CR LF");
    case RP_OPTIONAL:
        out = write_list(r, mem_check(talloc_asprintf_append_buffer(out, "[")), p->kids);
        return talloc_asprintf_append_buffer(out, "]");
    case RP_CHOICE: return write_choice(r, out, p);
    case RP_REPEAT: return write_repeat(r, out, p);
    case RP_SEQ: return write_list(r, out, p->kids);
    }
    return out;
}

static char *write_list(resolver *r, char *out, const rpat *p)
{
    for (; p; p = p->next) out = mem_check(write_one(r, out, p));
    return out;
}

char *pat_syntax(resolver *r, const rpat *p)
{
    return write_list(r, mem_string(r->ctx, ""), p);
}
