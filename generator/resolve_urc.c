/* URCs: one per shape.
 * SPDX-License-Identifier: MIT */
#include <string.h>

#include "resolve.h"

static const char *shape_c_name(resolver *r, const ast_def *def, const ast_alt *a)
{
    if (a->as) return a->as;
    char *name = name_lower(r, def->name);
    return a->label ? mem_printf(r->ctx, "%s_%s", name, name_lower(r, a->label)) : name;
}

static void make_shell(resolver *r, def_entry *e, const ast_alt *a)
{
    m_urc *u = mem_new(r->ctx, m_urc);
    u->name = e->def->name;
    u->c_name = name_c(r, shape_c_name(r, e->def, a));
    u->title = e->def->title;
    u->label = a->label;
    u->at = a->at;
    u->id = (unsigned)r->m->n_urcs;
    if (!name_claim(r, u->c_name, a->at, "URC")) u->c_name = name_unique(r, u->c_name);
    APPEND(r->ctx, m_urc *, r->m->urcs, r->m->n_urcs, u);
    APPEND(r->ctx, m_urc *, e->urcs, e->n_urcs, u);
}

/* URCs and their names, before forms ask for them. */
void urc_shells(resolver *r)
{
    for (def_entry *e = r->defs.first; e; e = e->next)
        if (!e->dead && e->def->kind == DEF_URC)
            for (const ast_alt *a = e->def->alts; a; a = a->next) make_shell(r, e, a);
}

/* Of a URC's conditions those on settings can be looked at before the line is read. */
static void keep_settings(resolver *r, const scope *s, m_urc *u, const ast_cond *when)
{
    m_cond *all = NULL;
    size_t n = 0;
    cond_all(r, s, u->line, when, &all, &n);
    for (size_t i = 0; i < n; i++)
        if (all[i].on == IF_SETTING && !all[i].setting->key)
            APPEND(r->ctx, m_cond, u->conds, u->n_conds, all[i]);
}

static void make_urc(resolver *r, const scope *s, m_urc *u, const ast_alt *a)
{
    m_line *line = line_make(r, s, LINE_RESPONSE, pat_make(r, s, a->pattern), a->when);
    m_struct *fields = struct_new(r, u->c_name, u->title);
    u->line = line;
    line->at = a->pattern->at;
    struct_line(r, fields, line);
    line->fields = struct_keep(r, fields, u->at);
    if (line->data_at != DATA_NONE) /* the host's callback for it */
        name_claim(r, mem_printf(r->ctx, "%s_data", u->c_name), u->at, "URC");
    if (diag_errors(r->d) == 0) keep_settings(r, s, u, a->when);
}

void urc_all(resolver *r)
{
    const scope top = { .c_name = NULL };
    for (def_entry *e = r->defs.first; e; e = e->next) {
        const ast_alt *a = e->def->alts;
        for (size_t i = 0; i < e->n_urcs; i++, a = a->next) make_urc(r, &top, e->urcs[i], a);
    }
}

static void say_unknown(resolver *r, const char *name, place at)
{
    const char *near = defs_nearest(r, name, r->defs.urcs);
    diag_at(r->d, at, D_UNKNOWN_URC, "there is no URC %s", name);
    if (near) diag_note(r->d, symbol_find(r->defs.urcs, near)->at, "did you mean %s?", near);
}

/* All shapes of the URC `name`, or the one shape with that C name; none after a report. */
void urc_find(resolver *r, const char *name, place at, m_urc ***urcs, size_t *n)
{
    symbol *s = symbol_find(r->defs.urcs, name);
    *n = 0;
    if (s) {
        *urcs = ((def_entry *)s->value)->urcs;
        *n = ((def_entry *)s->value)->n_urcs;
        return;
    }
    for (size_t i = 0; i < r->m->n_urcs && *n == 0; i++)
        if (!strcmp(r->m->urcs[i]->c_name, name)) {
            *urcs = &r->m->urcs[i];
            *n = 1;
        }
    if (*n == 0) say_unknown(r, name, at);
}
