/* SPDX-License-Identifier: MIT */
#include "cond.h"

static number_is slot_value(const cond_scope *s, unsigned slot, int64_t *v)
{
    const at_slot *x = &s->line->slots[slot];
    if (!(s->mask >> slot & 1u)) return NUMBER_ABSENT;
    if (!s->fields) return NUMBER_UNKNOWN;
    if (!at_is_set(s->line->t, x, s->fields)) return NUMBER_ABSENT;
    *v = pattern_number(pattern_type(s->line, slot), s->fields + x->offset);
    return NUMBER_KNOWN;
}

static number_is setting_value(const cond_scope *s, const at_cond *c, int64_t *v)
{
    const at_setting *x = &s->line->t->settings[c->index];
    int64_t key = 0;
    if (c->key != 0 && slot_value(s, c->key - 1u, &key) != NUMBER_KNOWN) return NUMBER_UNKNOWN;
    if (key < 0 || key >= x->keys || s->settings[x->base + key] == AT_UNKNOWN) return NUMBER_UNKNOWN;
    *v = s->settings[x->base + key];
    return NUMBER_KNOWN;
}

static number_is value_of(const cond_scope *s, const at_cond *c, int64_t *v)
{
    switch (c->on & AT_C_ON) {
    case AT_C_SETTING: return setting_value(s, c, v);
    case AT_C_SLOT: return slot_value(s, c->index, v);
    default: return pattern_lookup(s->line->t, c->index, s->request, s->settings, v);
    }
}

static bool holds(const cond_scope *s, const at_cond *c)
{
    int64_t v = 0;
    number_is k = value_of(s, c, &v);
    const int32_t *values = s->line->t->values;
    int32_t lo = values[c->lo], hi = values[c->hi];
    bool in = c->on & AT_C_BITS ? (v & lo) == hi : lo <= v && v <= hi;
    if (k == NUMBER_UNKNOWN) return true;
    if (k == NUMBER_ABSENT) return (c->on & AT_C_NOT) != 0;
    return in != ((c->on & AT_C_NOT) != 0);
}

bool cond_hold(const cond_scope *s, unsigned first, unsigned n)
{
    const at_tables *t = s->line->t;
    for (unsigned i = 0; i < n; i++)
        if (!holds(s, &t->conds[t->holds[first + i]])) return false;
    return true;
}

/* ---- settings ---- */

typedef struct chooser { sample *random; const at_tables *t; int32_t *settings; } chooser;

/* The setting that a condition is on, or NULL. */
static const at_setting *setting_of(const at_tables *t, const at_cond *c)
{
    unsigned setting = c->index;
    if ((c->on & AT_C_ON) == AT_C_SLOT) return NULL;
    if ((c->on & AT_C_ON) == AT_C_REQUEST) setting = t->figures[c->index].setting;
    return setting == AT_NONE8 ? NULL : &t->settings[setting];
}

/* One condition after the other decides, or leaves things as they are. */
static void choose(chooser *x, unsigned first, unsigned n)
{
    for (unsigned i = 0; i < n; i++) {
        const at_cond *c = &x->t->conds[x->t->holds[first + i]];
        const at_setting *s = setting_of(x->t, c);
        if (!s) continue;
        int32_t *v = &x->settings[s->base + sample_random(x->random, s->keys)];
        uint32_t how = sample_random(x->random, 6);
        if (c->on & AT_C_BITS && how < 3) *v ^= x->t->values[c->lo];
        else if (!(c->on & AT_C_BITS) && how == 0) *v = x->t->values[c->lo];
        else if (!(c->on & AT_C_BITS) && how == 1) *v = x->t->values[c->hi];
    }
}

/* Some of the bits are others. */
static void choose_mask(chooser *x, const pattern *p)
{
    uint32_t bits;
    const at_setting *s = pattern_masks(p, &bits);
    if (s && sample_random(x->random, 2)) x->settings[s->base] ^= (int32_t)(sample_random(x->random, 1u << 24) & bits);
}

static void choose_line(chooser *x, unsigned number)
{
    pattern p = pattern_of(x->t, number);
    for (unsigned i = 0; i < p.line->n_readings; i++)
        choose(x, p.readings[i].cond, p.readings[i].n_conds);
    choose_mask(x, &p);
}

static void choose_atoms(chooser *x, const at_host_tables *h, unsigned first, unsigned n)
{
    for (unsigned i = 0; i < n; i++) {
        const at_atom *a = &h->atoms[first + i];
        const at_step *step = &h->steps[a->step];
        choose(x, step->cond, step->n_conds);
        if (step->kind == AT_A_LINE || step->kind == AT_A_FINAL) choose_line(x, a->line);
    }
}

static void choose_call(chooser *x, const at_host_tables *h, const at_call *call)
{
    const at_course *course = &h->courses[call->course];
    choose_line(x, call->line);
    choose(x, course->only, course->n_only);
}

void cond_settings(sample *s, const at_host_tables *h, unsigned n_atoms, int32_t *settings)
{
    chooser x = { s, &h->t, settings };
    for (unsigned i = 0; i < h->t.n_settings; i++)
        settings[i] = h->t.initial[i] == AT_UNKNOWN ? 0 : h->t.initial[i];
    if (sample_random(s, 4) == 0) return;
    for (unsigned i = 0; i < h->n_calls; i++) choose_call(&x, h, &h->calls[i]);
    choose_atoms(&x, h, 0, n_atoms);
}
