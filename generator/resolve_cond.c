/* Conditions: words become C values, comparisons become intervals, names become settings, slots of
 * the same line or fields of the request.
 * SPDX-License-Identifier: MIT */
#include <string.h>

#include "resolve.h"

typedef enum { NEVER, ALWAYS, DEPENDS, WRONG } verdict;

/* ---- values ---- */

static bool is_ordered(const m_type *t)
{
    return t->is_poison || t->kind == T_INT || t->kind == T_ENUM;
}

static bool bits(resolver *r, const ast_cond *a, const m_type *t, m_cond *c)
{
    c->is_bits = true;
    if (a->lo.kind == VAL_NUMBER && a->lo.number >= 0 && a->lo.number < 32)
        c->lo = (int64_t)1 << a->lo.number;
    else if (!type_value(r, t, &a->lo, &c->lo))
        return false;
    c->hi = c->lo;
    if (t->kind == T_FLAGS || t->is_poison) return true;
    diag_at(r->d, a->at, D_NO_BITS, "'has' asks for a bit, and '%s' has none", t->name);
    diag_note(r->d, t->at, "its type; 'flags' names bits");
    return false;
}

/* lo <= value <= hi for the comparison `a` with a value of type `t`; false after a report. */
static bool interval(resolver *r, const ast_cond *a, const m_type *t, m_cond *c)
{
    int64_t v;
    if (a->op == COND_HAS) return bits(r, a, t, c);
    if (!type_value(r, t, &a->lo, &v)) return false;
    c->lo = c->hi = v;
    if (a->op == COND_EQ) return true;
    c->negate = a->op == COND_NE;
    if (a->op == COND_NE) return true;
    if (!is_ordered(t)) {
        diag_at(r->d, a->at, D_NOT_ORDERED,
                "the values of '%s' have no order; '=' and '!=' compare them", t->name);
        return false;
    }
    int64_t least = t->is_signed ? INT32_MIN : 0,
            most = t->is_signed ? INT32_MAX : (int64_t)UINT32_MAX;
    if (a->op == COND_IN) return type_value(r, t, &a->hi, &c->hi);
    if (a->op == COND_LT || a->op == COND_LE) c->lo = least;
    if (a->op == COND_GT || a->op == COND_GE) c->hi = most;
    if (a->op == COND_LT) c->hi = v - 1;
    if (a->op == COND_GT) c->lo = v + 1;
    return true;
}

static bool holds(const m_cond *c, int64_t v)
{
    bool in = c->is_bits ? (v & c->lo) == c->hi : c->lo <= v && v <= c->hi;
    return in != c->negate;
}

/* ---- what is compared ---- */

static int slot_in(const m_line *line, uint32_t mask, const char *param)
{
    for (size_t i = 0; line && i < line->n_slots; i++)
        if (!line->slots[i].literal && !strcmp(line->slots[i].name, param) && (mask >> i & 1))
            return (int)i;
    return -1;
}

bool cond_variants_have(resolver *r, const scope *s, const char *param)
{
    for (const ast_alt *v = s->form ? s->form->variants : NULL; v; v = v->next)
        if (pat_find(r, s, v->pattern, param)) return true;
    return false;
}

static size_t add_params(const m_line *line, const char **names, size_t n)
{
    for (size_t i = 0; line && i < line->n_slots; i++)
        if (!line->slots[i].literal) names[n++] = line->slots[i].name;
    return n;
}

void cond_say_near(resolver *r, const m_line *line, const m_line *request, place at,
                   const char *param)
{
    const char *names[2 * MAX_SLOTS + 1] = { NULL };
    add_params(request, names, add_params(line, names, 0));
    const char *near = diag_nearest(param, names);
    if (near) diag_note(r->d, at, "did you mean '%s'?", near);
}

static void say_unknown(resolver *r, const scope *s, const m_line *line, place at,
                        const char *param)
{
    if (s->request)
        diag_at(r->d, at, D_UNKNOWN_PARAMETER,
                "neither this line nor the request has a parameter '%s'", param);
    else
        diag_at(r->d, at, D_UNKNOWN_PARAMETER,
                line ? "this line has no parameter '%s'" : "no line has a parameter '%s' here",
                param);
    cond_say_near(r, line, s->request, at, param);
}

/* A key that is a value: an example may say so, the condition of a line may not. */
static verdict on_key(resolver *r, const m_line *line, const ast_cond *a, m_cond *c)
{
    c->has_key = true;
    if (!line) return type_value(r, c->setting->key, a->key_value, &c->key) ? DEPENDS : WRONG;
    diag_at(r->d, a->at, D_UNKNOWN_PARAMETER, "the key is a parameter here: %s[<%s>].%s",
            a->command, c->setting->key_param, a->param);
    return WRONG;
}

static verdict on_setting(resolver *r, const scope *s, const m_line *line, uint32_t mask,
                          const ast_cond *a, m_cond *c)
{
    c->on = IF_SETTING;
    c->setting = setting_of(r, a);
    if (!c->setting || !interval(r, a, c->setting->type, c)) return WRONG;
    if (a->key_value) return on_key(r, line, a, c);
    if (!a->key) return DEPENDS;
    c->key_slot = slot_in(line, mask, a->key);
    const m_slot *field = s->request ? line_param(s->request, a->key) : NULL;
    if (c->key_slot < 0 && field) c->key_field = field->field;
    if (c->key_slot >= 0 || c->key_field) return DEPENDS;
    say_unknown(r, s, line, a->at, a->key);
    return WRONG;
}

/* A parameter of this line that is not there: its default counts, without one nothing is equal to
 * it. */
static verdict on_absent(resolver *r, const ast_cond *a, const m_slot *slot, m_cond *c)
{
    if (!interval(r, a, slot->type, c)) return WRONG;
    if (!slot->type->has_default || slot->type->dflt_text) return c->negate ? ALWAYS : NEVER;
    return holds(c, slot->type->dflt) ? ALWAYS : NEVER;
}

static verdict on_request(resolver *r, const scope *s, const m_line *line, const ast_cond *a,
                          m_cond *c)
{
    const m_slot *slot = s->request ? line_param(s->request, a->param) : NULL;
    if (slot) {
        c->on = IF_REQUEST;
        c->field = slot->field;
        return interval(r, a, slot->type, c) ? DEPENDS : WRONG;
    }
    if (cond_variants_have(r, s, a->param)) return a->op == COND_NE ? ALWAYS : NEVER;
    say_unknown(r, s, line, a->at, a->param);
    return WRONG;
}

static verdict on_param(resolver *r, const scope *s, const m_line *line, uint32_t mask,
                        const ast_cond *a, m_cond *c)
{
    const m_slot *any = line ? line_param(line, a->param) : NULL;
    int i = slot_in(line, mask, a->param);
    if (i < 0 && any) return on_absent(r, a, any, c);
    if (i < 0) return on_request(r, s, line, a, c);
    c->on = IF_SLOT;
    c->slot = (unsigned)i;
    return interval(r, a, line->slots[i].type, c) ? DEPENDS : WRONG;
}

static verdict opposite(verdict v)
{
    return v == NEVER ? ALWAYS : v == ALWAYS ? NEVER : v;
}

static verdict judge(resolver *r, const scope *s, const m_line *line, uint32_t mask, const term *t,
                     m_cond *c)
{
    verdict v;
    memset(c, 0, sizeof *c);
    c->key_slot = -1;
    c->at = t->cond->at;
    if (t->cond->command)
        v = on_setting(r, s, line, mask, t->cond, c);
    else
        v = on_param(r, s, line, mask, t->cond, c);
    if (!t->negate) return v;
    c->negate = !c->negate;
    return opposite(v);
}

bool cond_reading(resolver *r, const scope *s, const m_line *line, m_reading *reading,
                  const term *terms, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        m_cond c;
        verdict v = judge(r, s, line, reading->mask, &terms[i], &c);
        if (v == NEVER) return false;
        if (v == DEPENDS) APPEND(r->ctx, m_cond, reading->conds, reading->n_conds, c);
    }
    return true;
}

bool cond_all(resolver *r, const scope *s, const m_line *line, const ast_cond *a, m_cond **conds,
              size_t *n)
{
    if (!a) return true;
    if (a->op == COND_AND) {
        bool left = cond_all(r, s, line, a->left, conds, n);
        return cond_all(r, s, line, a->right, conds, n) && left;
    }
    m_cond c;
    verdict v = judge(r, s, line, UINT32_MAX, &(term){ a, false }, &c);
    if (v == DEPENDS) APPEND(r->ctx, m_cond, *conds, *n, c);
    return v != NEVER;
}

bool cond_possible(resolver *r, const scope *s, const ast_pat *line, const ast_cond *a)
{
    if (!a) return true;
    if (a->op == COND_AND)
        return cond_possible(r, s, line, a->left) && cond_possible(r, s, line, a->right);
    if (a->command || a->op == COND_NE || pat_find(r, s, line, a->param)) return true;
    return (s->request && line_param(s->request, a->param)) || !cond_variants_have(r, s, a->param);
}
