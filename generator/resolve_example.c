/* Examples: carried over, with the settings they need.
 * SPDX-License-Identifier: MIT */
#include "resolve.h"

static void add_wires(resolver *r, m_example *x, const ast_wire *w)
{
    for (; w; w = w->next) {
        m_wire wire = { w->direction, w->bytes, w->len, w->at };
        APPEND(r->ctx, m_wire, x->lines, x->n_lines, wire);
    }
}

static void add_example(resolver *r, const ast_example *a, const m_command *c)
{
    const scope top = { .c_name = NULL };
    m_example x = { .title = a->title, .command = c, .at = a->at };
    add_wires(r, &x, a->lines);
    cond_all(r, &top, NULL, a->given, &x.given, &x.n_given);
    if (!x.n_lines) diag_at(r->d, a->at, D_EMPTY_EXAMPLE, "this example has no line");
    APPEND(r->ctx, m_example, r->m->examples, r->m->n_examples, x);
}

void example_all(resolver *r)
{
    for (const def_entry *e = r->defs.first; e; e = e->next) {
        if (e->dead) continue;
        for (const ast_example *a = e->def->examples; a; a = a->next) add_example(r, a, e->command);
    }
}
