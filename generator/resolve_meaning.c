/* What forms and URCs do: `means ROLE FORM PARAMETER, …`.
 * SPDX-License-Identifier: MIT */
#include <string.h>

#include "resolve.h"

typedef struct role_kind {
    const char *word;
    bool of_urc;
    size_t least, most;         /* parameters */
    const char *params;
} role_kind;

static const role_kind roles[MEANS_KINDS] = {
    [MEANS_OPEN_TCP] = { "open_tcp", false, 2, 3, "host, port, connection" },
    [MEANS_OPEN_UDP] = { "open_udp", false, 2, 4, "host, port, connection, own port" },
    [MEANS_SEND] = { "send", false, 0, 1, "the connection" },
    [MEANS_CLOSE] = { "close", false, 0, 1, "the connection" },
    [MEANS_RECEIVED] = { "received", true, 0, 3, "connection, peer's address, peer's port" },
    [MEANS_LOST] = { "lost", true, 0, 1, "the connection" },
};

const char *model_role(m_role role)
{
    return roles[role].word;
}

static void suggest(resolver *r, const char *word, const char *const *words)
{
    const char *near = diag_nearest(word, words);
    if (near) diag_fix(r->d, "%s", near);
}

/* False after a report. */
static bool find_role(resolver *r, const ast_def *def, m_meaning *m)
{
    const char *words[MEANS_KINDS + 1] = { NULL };
    for (size_t i = 0; i < MEANS_KINDS; i++) {
        words[i] = roles[i].word;
        m->role = (m_role)i;
        if (!strcmp(def->name, words[i])) return true;
    }
    diag_at(r->d, def->at, D_UNKNOWN_ROLE,
            "nothing can mean '%s': open_tcp, open_udp, send, close, received or lost", def->name);
    suggest(r, def->name, words);
    return false;
}

static bool find_form(resolver *r, const ast_names *name, m_meaning *m)
{
    const char **words = mem_array(r->ctx, const char *, r->m->n_forms + 1);
    for (size_t i = 0; i < r->m->n_forms; i++) {
        words[i] = r->m->forms[i]->c_name;
        if (!strcmp(name->name, words[i])) m->form = r->m->forms[i];
    }
    if (m->form) return true;
    diag_at(r->d, name->at, D_UNKNOWN_FORM, "there is no form with the C name '%s'", name->name);
    suggest(r, name->name, words);
    return false;
}

static bool find_urc(resolver *r, const ast_names *name, m_meaning *m)
{
    const char **words = mem_array(r->ctx, const char *, r->m->n_urcs + 1);
    for (size_t i = 0; i < r->m->n_urcs; i++) {
        words[i] = r->m->urcs[i]->c_name;
        if (!strcmp(name->name, words[i])) m->urc = r->m->urcs[i];
    }
    if (m->urc) return true;
    diag_at(r->d, name->at, D_UNKNOWN_URC, "there is no URC with the C name '%s'", name->name);
    suggest(r, name->name, words);
    return false;
}

/* A parameter of the line, or of an answer: the module may choose the connection. */
static bool has_param(const m_meaning *m, const char *name)
{
    if (line_param(m->form ? m->form->line : m->urc->line, name)) return true;
    for (size_t i = 0; m->form && m->form->flow && i < m->form->flow->n_atoms; i++) {
        const m_line *line = m->form->flow->atoms[i].line;
        if (line && line_param(line, name)) return true;
    }
    return false;
}

static void take_params(resolver *r, const ast_def *def, m_meaning *m)
{
    const role_kind *kind = &roles[m->role];
    size_t n = 0;
    for (const ast_names *p = def->names->next; p; p = p->next) {
        if (!has_param(m, p->name))
            diag_at(r->d, p->at, D_UNKNOWN_PARAMETER, "'%s' has no parameter <%s>", def->names->name,
                    p->name);
        if (n < kind->most) m->params[n] = p->name;
        n++;
    }
    if (n < kind->least || n > kind->most)
        diag_at(r->d, def->names->at, D_ROLE_PARAMETERS, "'%s' takes %zu to %zu parameters: %s",
                kind->word, kind->least, kind->most, kind->params);
}

static void add_meaning(resolver *r, const ast_def *def)
{
    m_meaning m = { .form = NULL };
    if (!find_role(r, def, &m)) return;
    if (!(roles[m.role].of_urc ? find_urc : find_form)(r, def->names, &m)) return;
    take_params(r, def, &m);
    APPEND(r->ctx, m_meaning, r->m->meanings, r->m->n_meanings, m);
}

void meaning_all(resolver *r)
{
    for (def_entry *e = r->defs.first; e; e = e->next)
        if (!e->dead && e->def->kind == DEF_MEANS) add_meaning(r, e->def);
}
