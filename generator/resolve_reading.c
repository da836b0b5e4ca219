/* Readings of a pattern: every way to take or leave its optional parts and to choose among its
 * alternatives, each with the conditions under which it is meant. Separate because this is where a
 * small pattern could become a large one: the number is bounded here. SPDX-License-Identifier: MIT
 */
#include <string.h>

#include "resolve.h"

static traces expand_list(resolver *, const rpat *);

static trace trace_join(resolver *r, const trace *a, const trace *b)
{
    trace t = { NULL, 0, NULL, 0 };
    for (size_t i = 0; i < a->n; i++) APPEND(r->ctx, const rpat *, t.elements, t.n, a->elements[i]);
    for (size_t i = 0; i < b->n; i++) APPEND(r->ctx, const rpat *, t.elements, t.n, b->elements[i]);
    for (size_t i = 0; i < a->n_terms; i++) APPEND(r->ctx, term, t.terms, t.n_terms, a->terms[i]);
    for (size_t i = 0; i < b->n_terms; i++) APPEND(r->ctx, term, t.terms, t.n_terms, b->terms[i]);
    return t;
}

static traces one(resolver *r, const rpat *p)
{
    trace t = { NULL, 0, NULL, 0 };
    traces all = { NULL, 0 };
    if (p) APPEND(r->ctx, const rpat *, t.elements, t.n, p);
    APPEND(r->ctx, trace, all.v, all.n, t);
    return all;
}

/* The terms of a condition joined by `and`. */
static void add_terms(resolver *r, trace *t, const ast_cond *c)
{
    if (c && c->op == COND_AND) {
        add_terms(r, t, c->left);
        add_terms(r, t, c->right);
    } else if (c) {
        APPEND(r->ctx, term, t->terms, t->n_terms, ((term){ c, false }));
    }
}

static void add_all(resolver *r, traces *to, traces from, const ast_cond *when)
{
    for (size_t i = 0; i < from.n && to->n <= MAX_READINGS; i++) {
        add_terms(r, &from.v[i], when);
        APPEND(r->ctx, trace, to->v, to->n, from.v[i]);
    }
}

/* Left out: the first term that does not hold may be any of them. */
static void add_absent(resolver *r, traces *to, const rpat *p)
{
    trace all = { NULL, 0, NULL, 0 };
    add_terms(r, &all, p->when);
    for (size_t i = 0; i < (all.n_terms ? all.n_terms : 1); i++) {
        traces left = one(r, p);
        trace *t = &left.v[0];
        for (size_t k = 0; k < i; k++) APPEND(r->ctx, term, t->terms, t->n_terms, all.terms[k]);
        if (i < all.n_terms)
            APPEND(r->ctx, term, t->terms, t->n_terms, ((term){ all.terms[i].cond, true }));
        add_all(r, to, left, NULL);
    }
}

static traces expand_one(resolver *r, const rpat *p)
{
    traces all = { NULL, 0 };
    switch (p->kind) {
    case RP_OPTIONAL:
        add_all(r, &all, expand_list(r, p->kids), p->when);
        add_absent(r, &all, p);
        return all;
    case RP_CHOICE:
        for (const rpat *k = p->kids; k; k = k->next)
            add_all(r, &all, expand_list(r, k->kids), k->when);
        return all;
    default: return one(r, p);
    }
}

static traces expand_list(resolver *r, const rpat *list)
{
    traces all = one(r, NULL);
    for (const rpat *p = list; p && all.n <= MAX_READINGS; p = p->next) {
        traces next = expand_one(r, p), joined = { NULL, 0 };
        for (size_t i = 0; i < all.n; i++)
            for (size_t k = 0; k < next.n && joined.n <= MAX_READINGS; k++)
                APPEND(r->ctx, trace, joined.v, joined.n, trace_join(r, &all.v[i], &next.v[k]));
        all = joined;
    }
    return all;
}

/* ---- cells that a mask shows and hides ---- */

static bool is_bit(const ast_cond *c)
{
    return c && c->op == COND_HAS && c->command && !c->key && !c->key_value;
}

static bool same_mask(const ast_cond *a, const ast_cond *b)
{
    return !a || (strcmp(a->command, b->command) == 0 && strcmp(a->param, b->param) == 0);
}

static bool ends_with_comma(const rpat *p)
{
    return p->kind == RP_TEXT && *p->text && p->text[strlen(p->text) - 1] == ',';
}

static bool begins_with_comma(const rpat *p)
{
    return p->kind == RP_TEXT && *p->text == ',';
}

/* Cells in full, nothing more, between `before` and `after`; what is left out takes commas with it.
 */
static bool is_cells(const rpat *before, const rpat *p, const rpat *after)
{
    const rpat *k = p->kids;
    if (!k || (before && !ends_with_comma(before) && !begins_with_comma(k))) return false;
    for (; k->next; k = k->next)
        if (k->kind > RP_PARAM) return false;
    return k->kind <= RP_PARAM && (!after || begins_with_comma(after) || ends_with_comma(k));
}

void reading_masked(rpat **list)
{
    const ast_cond *mask = NULL;
    const rpat *before = NULL;
    rpat *last = NULL;
    for (rpat *p; (p = *list) != NULL; before = p, list = &p->next) {
        if (p->kind != RP_OPTIONAL || !is_bit(p->when) || !same_mask(mask, p->when)
            || !is_cells(before, p, p->next))
            continue;
        rpat *after = p->next;
        mask = p->when;
        for (*list = p = p->kids; p; p = p->next) {
            p->shown = mask;
            last = p;
        }
        last->next = after;
        p = last;
    }
}

/* All readings of `list`, present before absent; at most MAX_READINGS, and a report when there are
 * more. */
traces reading_all(resolver *r, const rpat *list, place at)
{
    traces all = expand_list(r, list);
    if (all.n > MAX_READINGS) {
        diag_at(r->d, at, D_TOO_MANY_READINGS,
                "the line can be read in more than %d ways: nest its optional parts, or write "
                "variants",
                MAX_READINGS);
        all.n = 1;
    }
    return all;
}
