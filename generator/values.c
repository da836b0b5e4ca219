/* Conditions are conjunctions over numbers, so whether two can hold together is decided per
 * variable: all that the conditions leave of its type's values, nothing left means never.
 * SPDX-License-Identifier: MIT */
#include "values.h"

#include <string.h>

#include "mem.h"

/* ---- sets ---- */
bool values_has_numbers(const m_type *type)
{
    return type && (type->kind == T_INT || type->kind == T_ENUM || type->kind == T_WORD ||
                    type->kind == T_BOOL || type->kind == T_FLAGS);
}

static void values_add(void *ctx, values *v, int64_t lo, int64_t hi)
{
    v->ranges = mem_grow(ctx, v->ranges, m_range, v->n + 1);
    v->ranges[v->n++] = (m_range){lo, hi};
}

values values_between(void *ctx, int64_t lo, int64_t hi)
{
    values v = {NULL, 0, 0, 0};
    if (lo <= hi) values_add(ctx, &v, lo, hi);
    return v;
}

values values_of(void *ctx, const m_type *type)
{
    values v = {NULL, 0, 0, 0};
    bool by_range = type->kind == T_INT || type->kind == T_FLAGS;
    if (type->is_open) return values_between(ctx, INT32_MIN, INT32_MAX);
    for (size_t i = 0; by_range && i < type->n_ranges; i++)
        values_add(ctx, &v, type->ranges[i].lo, type->ranges[i].hi);
    for (size_t i = 0; !by_range && i < type->n_items; i++)
        values_add(ctx, &v, type->items[i].value, type->items[i].value);
    return v;
}

void values_keep(void *ctx, values *v, int64_t lo, int64_t hi)
{
    values kept = {NULL, 0, v->set, v->clear};
    for (size_t i = 0; i < v->n; i++) {
        int64_t a = v->ranges[i].lo > lo ? v->ranges[i].lo : lo;
        int64_t z = v->ranges[i].hi < hi ? v->ranges[i].hi : hi;
        if (a <= z) values_add(ctx, &kept, a, z);
    }
    *v = kept;
}

void values_drop(void *ctx, values *v, int64_t lo, int64_t hi)
{
    values kept = {NULL, 0, v->set, v->clear};
    for (size_t i = 0; i < v->n; i++) {
        m_range r = v->ranges[i];
        if (r.hi < lo || r.lo > hi) {
            values_add(ctx, &kept, r.lo, r.hi);
            continue;
        }
        if (r.lo < lo) values_add(ctx, &kept, r.lo, lo - 1);
        if (r.hi > hi) values_add(ctx, &kept, hi + 1, r.hi);
    }
    *v = kept;
}

/* (v & lo) == hi, or not: exact for one bit, else the negation is left out, which keeps too much.
 */
static void values_bits(values *v, const m_cond *c)
{
    uint64_t mask = (uint64_t)c->lo, on = (uint64_t)c->hi;
    bool one_bit = mask && !(mask & (mask - 1));
    if (!c->negate) {
        v->set |= on;
        v->clear |= mask & ~on;
    } else if (one_bit) {
        v->set |= mask & ~on;
        v->clear |= mask & on;
    }
}

void values_apply(void *ctx, values *v, const m_cond *c)
{
    if (c->is_bits)
        values_bits(v, c);
    else if (c->negate)
        values_drop(ctx, v, c->lo, c->hi);
    else
        values_keep(ctx, v, c->lo, c->hi);
}

bool values_none(const values *v)
{
    bool is_one = v->n == 1 && v->ranges[0].lo == v->ranges[0].hi;
    uint64_t only = is_one ? (uint64_t)v->ranges[0].lo : 0;
    return v->n == 0 || (v->set & v->clear) || (is_one && ((v->set & ~only) | (v->clear & only)));
}

/* ---- variables ---- */
/* How many cells stand before a slot when the line is read this way. */
static int values_cell(const values_side *s, int slot)
{
    int cell = 0;
    for (int i = 0; i < slot; i++)
        cell += s->reading ? (int)(s->reading->mask >> i & 1) : 1;
    return cell;
}

/* The key of a kept-per-value setting: both from the request, or the same cell; else the keys may
 * be equal or not. A key in the line against one in the request is taken for the same. */
static bool values_same_key(const values_side *a, const m_cond *x, const values_side *b,
                            const m_cond *y)
{
    if (!x->setting->key || x->key_slot < 0 || y->key_slot < 0) return true;
    return values_cell(a, x->key_slot) == values_cell(b, y->key_slot);
}

static bool values_same(const values_side *a, const m_cond *x, const values_side *b,
                        const m_cond *y)
{
    if (x->on != y->on) return false;
    if (x->on == IF_SETTING) return x->setting == y->setting && values_same_key(a, x, b, y);
    if (x->on == IF_REQUEST) return a->form == b->form && strcmp(x->field, y->field) == 0;
    return a->line == b->line ? x->slot == y->slot
                              : values_cell(a, (int)x->slot) == values_cell(b, (int)y->slot);
}

static const m_type *values_type(const values_side *s, const m_cond *c)
{
    if (c->on == IF_SETTING) return c->setting->type;
    if (c->on == IF_SLOT)
        return s->line && c->slot < s->line->n_slots ? s->line->slots[c->slot].type : NULL;
    const m_struct *takes = s->form ? s->form->takes : NULL;
    for (size_t i = 0; takes && i < takes->n_fields; i++)
        if (strcmp(takes->fields[i].name, c->field) == 0) return takes->fields[i].type;
    return NULL;
}

/* ---- contradictions ---- */
static size_t values_n(const values_side *s)
{
    return s ? s->n_conds + (s->reading ? s->reading->n_conds : 0) : 0;
}

static const m_cond *values_nth(const values_side *s, size_t i)
{
    return i < s->n_conds ? &s->conds[i] : &s->reading->conds[i - s->n_conds];
}

/* A condition on a slot that the reading leaves out says nothing. */
static bool values_counts(const values_side *s, const m_cond *c)
{
    return c->on != IF_SLOT || !s->reading || (s->reading->mask >> c->slot & 1);
}

static void values_gather(void *ctx, values *v, const values_side *a, const m_cond *x,
                          const values_side *b)
{
    for (size_t i = 0; i < values_n(b); i++) {
        const m_cond *y = values_nth(b, i);
        if (values_counts(b, y) && values_same(a, x, b, y)) values_apply(ctx, v, y);
    }
}

bool values_contradict(const values_side *a, const values_side *b)
{
    void *ctx = talloc_new(NULL);
    bool never = false;
    for (size_t i = 0; i < values_n(a) && !never; i++) {
        const m_cond *x = values_nth(a, i);
        const m_type *type = values_type(a, x);
        if (!values_counts(a, x)) continue;
        values v = values_has_numbers(type) ? values_of(ctx, type)
                                            : values_between(ctx, INT64_MIN, INT64_MAX);
        values_gather(ctx, &v, a, x, a);
        values_gather(ctx, &v, a, x, b);
        never = values_none(&v);
    }
    talloc_free(ctx);
    return never;
}
