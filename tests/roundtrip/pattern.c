/* SPDX-License-Identifier: MIT */
#include "pattern.h"

#include <string.h>

pattern pattern_of(const at_tables *t, unsigned number)
{
    const at_line *line = &t->lines[number];
    const at_rest *rest = &t->rests[line->rest];
    pattern p = { t, number, line, rest, t->slots ? t->slots + line->slots : NULL, t->readings + line->readings,
                  rest->loop ? &t->loops[rest->loop - 1] : NULL };
    return p;
}

const at_type *pattern_type(const pattern *p, unsigned slot)
{
    return at_type_of(p->t, &p->slots[slot]);
}

unsigned pattern_flags(const pattern *p, unsigned slot)
{
    return at_trait_of(p->t, &p->slots[slot])->flags;
}

bool pattern_has(const pattern *p, unsigned reading, unsigned slot)
{
    return (p->readings[reading].mask >> slot & 1u) != 0;
}

static unsigned count_slots(uint32_t mask)
{
    unsigned n = 0;
    for (; mask != 0; mask &= mask - 1) n++;
    return n;
}

unsigned pattern_longest(const pattern *p)
{
    unsigned longest = p->line->n_readings - 1u;
    uint32_t most = count_slots(p->readings[longest].mask);
    while (longest > 0 && count_slots(p->readings[longest - 1].mask) == most) longest--;
    return longest;
}

/* {setting, n, {slot, bit}...}; n 0: nothing is masked. */
static const uint8_t *masked(const pattern *p)
{
    static const uint8_t none[2] = { 0, 0 };
    return p->rest->mask ? p->t->masks + p->rest->mask - 1 : none;
}

bool pattern_is_masked(const pattern *p, unsigned slot)
{
    const uint8_t *m = masked(p);
    for (unsigned i = 0; i < m[1]; i++)
        if (m[2 + 2 * i] == slot) return true;
    return false;
}

const at_setting *pattern_masks(const pattern *p, uint32_t *bits)
{
    const uint8_t *m = masked(p);
    *bits = 0;
    for (unsigned i = 0; i < m[1]; i++) *bits |= (uint32_t)1 << m[3 + 2 * i];
    return m[1] ? &p->t->settings[m[0]] : NULL;
}

uint32_t pattern_mask(const pattern *p, unsigned reading, const int32_t *settings)
{
    const uint8_t *m = masked(p);
    uint32_t mask = p->readings[reading].mask;
    for (unsigned i = 0; i < m[1]; i++)
        if (!((uint32_t)settings[p->t->settings[m[0]].base] >> m[3 + 2 * i] & 1u))
            mask &= ~((uint32_t)1 << m[2 + 2 * i]);
    return mask;
}

bool pattern_has_data(const pattern *p, unsigned reading)
{
    return p->rest->data_at != AT_DATA_NONE &&
           (p->rest->data_count == AT_NONE8 || pattern_has(p, reading, p->rest->data_count));
}

/* ---- the same line on both sides ---- */

static bool same_text(const pattern *a, unsigned i, const pattern *b, unsigned k)
{
    return strcmp(a->t->text + i, b->t->text + k) == 0;
}

static bool same_values(const pattern *a, const at_type *x, const pattern *b, const at_type *y)
{
    bool lists = (x->flags & AT_F_RANGES) != 0;
    if (x->kind == AT_T_IP || x->kind == AT_T_MAC) return x->max == y->max;
    if (!lists && x->kind != AT_T_WORD)
        return a->t->values[x->min] == b->t->values[y->min] && a->t->values[x->max] == b->t->values[y->max];
    for (int i = 0; i < (lists ? 2 * x->max : x->max); i++) {
        if (lists && a->t->values[x->min + i] != b->t->values[y->min + i]) return false;
        if (x->kind == AT_T_WORD &&
            !same_text(a, a->t->words[x->min + i], b, b->t->words[y->min + i]))
            return false;
    }
    return true;
}

static bool same_type(const pattern *a, const at_type *x, const pattern *b, const at_type *y)
{
    return x->kind == y->kind && x->flags == y->flags && x->digits == y->digits &&
           same_values(a, x, b, y);
}

static bool same_slot(const pattern *a, const pattern *b, unsigned i)
{
    const at_slot *x = &a->slots[i], *y = &b->slots[i];
    const at_trait *v = at_trait_of(a->t, x), *w = at_trait_of(b->t, y);
    if (v->flags != w->flags) return false;
    if (v->flags & AT_S_LITERAL)
        return same_text(a, a->t->words[x->offset], b, b->t->words[y->offset]);
    return x->offset == y->offset && v->has == w->has && same_text(a, v->pre, b, w->pre) &&
           same_text(a, v->post, b, w->post) &&
           same_type(a, pattern_type(a, i), b, pattern_type(b, i));
}

static bool same_loop(const at_loop *x, const at_loop *y)
{
    if (!x || !y) return x == y;
    return x->first == y->first && x->n == y->n && x->min == y->min && x->max == y->max &&
           x->item_size == y->item_size && x->items == y->items;
}

static bool same_data(const pattern *a, const pattern *b)
{
    const at_rest *x = a->rest, *y = b->rest;
    return x->data == y->data && x->data_at == y->data_at && x->data_count == y->data_count &&
           x->data_lead == y->data_lead && same_text(a, x->data_tail, b, y->data_tail);
}

static const char *head_of(const pattern *p)
{
    return p->number < p->t->n_bare ? "" : p->t->text + at_head_of(p->t, p->number);
}

bool pattern_same(const pattern *a, const pattern *b)
{
    const at_line *x = a->line, *y = b->line;
    if (x->n_slots != y->n_slots || x->n_readings != y->n_readings ||
        a->rest->frame != b->rest->frame ||
        strcmp(head_of(a), head_of(b)) != 0 || !same_text(a, a->rest->lead, b, b->rest->lead) ||
        !same_text(a, a->rest->tail, b, b->rest->tail) || !same_data(a, b) ||
        !same_loop(a->loop, b->loop))
        return false;
    for (unsigned i = 0; i < x->n_slots; i++)
        if (!same_slot(a, b, i)) return false;
    for (unsigned i = 0; i < x->n_readings; i++)
        if (a->readings[i].mask != b->readings[i].mask) return false;
    return true;
}

/* ---- numbers ---- */

void pattern_limit_number(const at_tables *t, const at_type *type, void *field, int64_t most)
{
    if (type->kind == AT_T_INT && t->values[type->min] <= most && pattern_number(type, field) > most)
        pattern_put_number(type, field, most);
}

unsigned pattern_ranges(const at_type *type)
{
    return type->flags & AT_F_RANGES ? type->max : 1;
}

pattern_range pattern_range_of(const at_tables *t, const at_type *type, unsigned range)
{
    unsigned first = type->min;
    if (type->flags & AT_F_RANGES)
        return (pattern_range){ t->values[first + 2 * range], t->values[first + 2 * range + 1] };
    return (pattern_range){ t->values[type->min], t->values[type->max] };
}

bool pattern_is_number(const at_type *type)
{
    return type->kind == AT_T_INT || type->kind == AT_T_ENUM || type->kind == AT_T_WORD;
}

int64_t pattern_number(const at_type *type, const void *field)
{
    bool negative = (type->flags & AT_F_SIGNED) != 0;
    uint8_t v8;
    uint16_t v16;
    uint32_t v32;
    if (at_size(type) == 1) {
        memcpy(&v8, field, 1);
        return negative ? (int8_t)v8 : v8;
    }
    if (at_size(type) == 2) {
        memcpy(&v16, field, 2);
        return negative ? (int16_t)v16 : v16;
    }
    memcpy(&v32, field, 4);
    return negative ? (int32_t)v32 : (int64_t)v32;
}

void pattern_put_number(const at_type *type, void *field, int64_t v)
{
    uint8_t v8 = (uint8_t)v;
    uint16_t v16 = (uint16_t)v;
    uint32_t v32 = (uint32_t)v;
    if (at_size(type) == 1) memcpy(field, &v8, 1);
    else if (at_size(type) == 2) memcpy(field, &v16, 2);
    else memcpy(field, &v32, 4);
}

/* ---- numbers that no line holds ---- */

static number_is field_of(const at_tables *t, unsigned tie, const char *request, int64_t *v)
{
    const at_tie *at = &t->ties[tie - 1];
    if (!request) return NUMBER_UNKNOWN;
    if (!at_is_set(t, at, request)) return NUMBER_ABSENT;
    *v = pattern_number(at_type_of(t, at), request + at->offset);
    return NUMBER_KNOWN;
}

static number_is setting_of(const at_tables *t, unsigned setting, int64_t key, const int32_t *settings, int64_t *v)
{
    const at_setting *x = &t->settings[setting];
    if (!settings || key < 0 || key >= x->keys || settings[x->base + key] == AT_UNKNOWN) return NUMBER_UNKNOWN;
    *v = settings[x->base + key];
    return NUMBER_KNOWN;
}

number_is pattern_lookup(const at_tables *t, unsigned number, const char *request, const int32_t *settings,
                         int64_t *v)
{
    const at_figure *x = &t->figures[number];
    int64_t key = 0;
    number_is k = x->tie ? field_of(t, x->tie, request, &key) : NUMBER_KNOWN;
    if (x->tie && !request) return NUMBER_UNKNOWN;
    *v = key;
    if (k == NUMBER_KNOWN && x->setting != AT_NONE8) k = setting_of(t, x->setting, key, settings, v);
    if (k == NUMBER_KNOWN || x->otherwise == AT_UNKNOWN) return k;
    *v = x->otherwise;
    return NUMBER_KNOWN;
}

int64_t pattern_count(const at_tables *t, unsigned number, const char *request)
{
    int64_t v;
    return pattern_lookup(t, number, request, NULL, &v) == NUMBER_KNOWN ? v : 0;
}

int64_t pattern_phase_count(const at_tables *t, const at_phase *p, const char *request)
{
    if (p->count_type == AT_NONE8) return pattern_count(t, p->count, request);
    return pattern_number(&t->types[p->count_type], request + p->count);
}
