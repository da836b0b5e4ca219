/* A line that comes later may look like an answer to the next command: `+X: 0,1` of AT+X=0 and of
 * AT+X?. Nobody could tell them apart, so that command waits until the line has come.
 * SPDX-License-Identifier: MIT */
#include "clash.h"

#include <string.h>

#include "compare.h"
#include "mem.h"
#include "wire.h"

enum { WORK = 20000000 };       /* then what is left is taken for the same: waiting is safe */

typedef struct search {
    void *ctx;
    comparer by;
    clash *list;
    size_t n;
} search;

static bool is_line(const m_atom *a, bool later)
{
    return (a->kind == A_LINE || a->kind == A_FINAL) && a->line && a->later == later;
}

/* Free text is looked at last of all, when nobody else knows the line. */
static bool is_free_text(const m_line *line)
{
    return !*line->head && line->n_slots > 0 && line->slots[0].is_elastic;
}

static compare_side side_of(const m_form *form, const m_atom *a)
{
    const m_command *c = form->command;
    return (compare_side){ .line = a->line,
                           .form = form,
                           .member = c->n_members ? &c->members[0] : NULL,
                           .conds = a->conds,
                           .n_conds = a->n_conds };
}

/* Can neither be the other because of what they begin with? That is cheap to see. */
static bool begin_apart(search *s, const compare_side *a, const compare_side *b)
{
    char *x = wire_prefix(s->ctx, s->by.m, a->line, a->member);
    char *y = wire_prefix(s->ctx, s->by.m, b->line, b->member);
    size_t n = strlen(x) < strlen(y) ? strlen(x) : strlen(y);
    bool apart = memcmp(x, y, n) != 0;
    talloc_free(x);
    talloc_free(y);
    return apart;
}

static bool may_be_same(search *s, const m_form *form, const m_atom *a, const m_form *late,
                        const m_atom *b)
{
    compare_side x = side_of(form, a), y = side_of(late, b);
    if (!is_line(a, false) || !is_line(b, true) || is_free_text(a->line) ||
        begin_apart(s, &x, &y))
        return false;
    return compare_lines(&s->by, &x, &y, COMPARE_HEADERS).verdict != COMPARE_APART;
}

static bool forms_clash(search *s, const m_form *form, const m_form *late)
{
    for (size_t i = 0; i < late->flow->n_atoms; i++) {
        const m_atom *b = &late->flow->atoms[i];
        for (size_t k = 0; form->flow && k < form->flow->n_atoms; k++)
            if (may_be_same(s, form, &form->flow->atoms[k], late, b)) return true;
    }
    return false;
}

static bool has_later(const m_form *form)
{
    for (size_t i = 0; form->flow && i < form->flow->n_atoms; i++)
        if (is_line(&form->flow->atoms[i], true)) return true;
    return false;
}

clash *clashes_of(void *ctx, const model *m, size_t *n)
{
    search s = { .ctx = talloc_new(ctx), .by = { .m = m, .left = WORK } };
    s.by.ctx = s.ctx;
    for (size_t i = 0; i < m->n_forms; i++)
        for (size_t k = 0; k < m->n_forms && has_later(m->forms[i]); k++) {
            if (!forms_clash(&s, m->forms[k], m->forms[i])) continue;
            s.list = mem_grow(ctx, s.list, clash, s.n + 1);
            s.list[s.n++] = (clash){ m->forms[k], m->forms[i] };
        }
    talloc_free(s.ctx);
    *n = s.n;
    return s.list;
}
