/* Replies: what the module says in one call. Lines that come once are written together, up to the
 * next place where the module has to wait: a prompt, data, rows, the end. Each row is written
 * alone.
 * SPDX-License-Identifier: MIT */
#include <string.h>

#include "resolve.h"

typedef struct path {
    unsigned atoms[MAX_ATOMS];
    size_t n;
} path;

typedef struct replier {
    resolver *r;
    m_form *form;
    const m_flow *flow;
    bool started[MAX_ATOMS]; /* a reply may begin with this atom: done */
    unsigned queue[MAX_ATOMS];
    size_t n_queue;
    bool full;
} replier;

/* ---- one reply ---- */

static const m_atom *atom_at(const replier *x, const path *p, size_t i)
{
    return &x->flow->atoms[p->atoms[i]];
}

static bool is_same(const m_reply *y, const path *p, int data_atom)
{
    return y->n_atoms == p->n && y->data_atom == data_atom
           && (p->n == 0 || !memcmp(y->atoms, p->atoms, p->n * sizeof *p->atoms));
}

static const m_struct *takes_of(const replier *x, const path *p)
{
    for (size_t i = 0; i < p->n; i++) {
        const m_atom *a = atom_at(x, p, i);
        if (a->row) {
            if (a->row_fields) return a->row_fields;
        } else if (a->kind == A_DATA_OUT || a->kind == A_BODY) {
            return x->form->result;
        } else if (a->line && (!line_is_literal(a->line))) {
            return x->form->result;
        }
    }
    return NULL;
}

static bool path_is_ok(const replier *x, const path *p)
{
    for (size_t i = p->n; i > 0; i--)
        if (atom_at(x, p, i - 1)->outcome >= 0) return atom_at(x, p, i - 1)->is_ok;
    return true;
}

static void emit(replier *x, const path *p, m_reply_end end, int data_atom)
{
    if (end == R_GOES_ON && p->n == 0) return;
    for (size_t i = 0; i < x->form->n_replies; i++)
        if (is_same(&x->form->replies[i], p, data_atom)) return;
    if (x->form->n_replies == MAX_REPLIES) {
        if (!x->full)
            diag_at(x->r->d, x->form->at, D_TOO_MANY_REPLIES,
                    "this form has more than %d different answers", MAX_REPLIES);
        x->full = true;
        return;
    }
    m_reply y = { .end = end, .data_atom = data_atom, .takes = takes_of(x, p) };
    y.is_ok = path_is_ok(x, p);
    y.later = p->n && atom_at(x, p, p->n - 1)->later;
    for (size_t i = 0; i < p->n; i++) APPEND(x->r->ctx, unsigned, y.atoms, y.n_atoms, p->atoms[i]);
    APPEND(x->r->ctx, m_reply, x->form->replies, x->form->n_replies, y);
}

/* ---- names ---- */

static const m_atom *reply_atom(const replier *x, const m_reply *y, size_t i)
{
    return &x->flow->atoms[y->atoms[i]];
}

/* A reply is named by its result, its prompt or its row, else by its last line. */
static const char *base_name(replier *x, const m_reply *y)
{
    for (size_t i = y->n_atoms; i > 0; i--) {
        const m_atom *a = reply_atom(x, y, i - 1);
        if (a->kind == A_BODY && a->outcome >= 0) return x->form->outcomes[a->outcome].name;
        if (a->row && a->kind == A_FINAL) return mem_printf(x->r->ctx, "first_%s", a->name);
        if (a->name && (a->kind == A_FINAL || a->kind == A_PROMPT || a->row || a->outcome >= 0))
            return a->name;
    }
    for (size_t i = y->n_atoms; i > 0; i--)
        if (reply_atom(x, y, i - 1)->name) return reply_atom(x, y, i - 1)->name;
    return y->n_atoms ? "end" : "data";
}

static bool name_taken(const replier *x, const char *name)
{
    for (size_t i = 0; i < x->form->n_replies; i++)
        if (x->form->replies[i].name && !strcmp(x->form->replies[i].name, name)) return true;
    return false;
}

/* The line in front that others with this name have not: `NAME_ok`. */
static const char *name_by_line(replier *x, const m_reply *y, const char *base)
{
    for (size_t i = 0; i + 1 < y->n_atoms; i++) {
        const m_atom *a = reply_atom(x, y, i);
        char *longer = a->name ? mem_printf(x->r->ctx, "%s_%s", a->name, base) : NULL;
        if (longer && !name_taken(x, longer)) return longer;
    }
    return NULL;
}

/* The first value that others with this name have not: `ok_NAME`. */
static const char *name_by_value(replier *x, const m_reply *y, const char *base)
{
    for (size_t i = y->n_atoms; i > 0; i--) {
        const m_line *line = reply_atom(x, y, i - 1)->line;
        for (size_t k = 0; line && k < line->n_slots; k++) {
            if (line->slots[k].literal) continue;
            char *longer = mem_printf(x->r->ctx, "%s_%s", base, line->slots[k].name);
            if (!name_taken(x, longer)) return longer;
        }
    }
    return NULL;
}

static const char *reply_name(replier *x, const m_reply *y)
{
    const char *base = name_c(x->r, base_name(x, y)), *name = base;
    if (name_taken(x, base)) name = name_by_line(x, y, base);
    if (!name) name = name_by_value(x, y, base);
    for (unsigned n = 2; !name; n++) {
        const char *numbered = mem_printf(x->r->ctx, "%s_%u", base, n);
        if (!name_taken(x, numbered)) name = numbered;
    }
    return name;
}

/* The plain name goes to the reply that takes nothing, then to the shortest. */
static void name_all(replier *x)
{
    for (int pass = 0; pass < 2; pass++)
        for (size_t n = 0; n <= x->flow->n_atoms; n++)
            for (size_t i = 0; i < x->form->n_replies; i++) {
                m_reply *y = &x->form->replies[i];
                if (y->n_atoms == n && (pass || !y->takes) && !y->name) y->name = reply_name(x, y);
            }
}

/* ---- the ways through the flow ---- */

static void later_start(replier *x, unsigned atom)
{
    if (x->started[atom]) return;
    x->started[atom] = true;
    x->queue[x->n_queue++] = atom;
}

static void start_behind(replier *x, unsigned atom)
{
    for (size_t i = 0; i < x->flow->atoms[atom].n_follow; i++)
        later_start(x, x->flow->atoms[atom].follow[i]);
}

static bool contains(const path *p, unsigned atom)
{
    for (size_t i = 0; i < p->n; i++)
        if (p->atoms[i] == atom) return true;
    return false;
}

static void walk(replier *, path, unsigned atom);

/* Data that belongs to the line just written leaves with it. */
static bool walk_data(replier *x, const path *p, unsigned atom)
{
    const m_atom *a = &x->flow->atoms[atom];
    bool any = false;
    for (size_t i = 0; i < a->n_follow; i++)
        if (x->flow->atoms[a->follow[i]].kind == A_DATA_OUT && a->kind == A_LINE) {
            walk(x, *p, a->follow[i]);
            any = true;
        }
    return any;
}

static m_reply_end end_of(const m_atom *a)
{
    return a->ends || (a->later && a->may_end && !a->row) ? R_ENDS : R_GOES_ON;
}

/* A reply ends behind `atom`: a row, a late line, the last step before the line is free. */
static void stop_behind(replier *x, const path *p, unsigned atom)
{
    if (!walk_data(x, p, atom)) emit(x, p, end_of(&x->flow->atoms[atom]), -1);
    start_behind(x, atom);
}

/* The reply goes on with what may follow, unless that is written by itself: rows, lines that may be
 * left out. */
static void go_on(replier *x, const path *p, unsigned atom)
{
    const m_atom *a = &x->flow->atoms[atom];
    bool stop = a->alone;
    for (size_t i = 0; i < a->n_follow; i++) {
        const m_atom *next = &x->flow->atoms[a->follow[i]];
        stop |= next->row || next->alone;
    }
    if (stop) {
        emit(x, p, R_GOES_ON, -1);
        start_behind(x, atom);
        return;
    }
    for (size_t i = 0; i < a->n_follow; i++) walk(x, *p, a->follow[i]);
    if (a->may_end) emit(x, p, R_ENDS, -1);
}

/* A phase in which bytes come from the host, a line that is written elsewhere, or a pause, which is
 * the host's: the reply ends in front. */
static bool stops_in_front(replier *x, const path *p, unsigned atom)
{
    switch (x->flow->atoms[atom].kind) {
    case A_DATA_IN: emit(x, p, R_DATA, (int)atom); break;
    case A_TRANSPARENT: emit(x, p, R_TRANSPARENT, (int)atom); break;
    case A_URC: emit(x, p, R_GOES_ON, -1); break;
    case A_PAUSE: emit(x, p, p->n && x->flow->atoms[atom].may_end ? R_ENDS : R_GOES_ON, -1); break;
    default:
        if (!contains(p, atom)) return false;
        emit(x, p, R_GOES_ON, -1);
        return true;
    }
    start_behind(x, atom);
    return true;
}

static void walk(replier *x, path p, unsigned atom)
{
    const m_atom *a = &x->flow->atoms[atom];
    if (x->full || a->heard || stops_in_front(x, &p, atom)) return;
    p.atoms[p.n++] = atom;
    if (a->row || a->ends || a->later)
        stop_behind(x, &p, atom);
    else
        go_on(x, &p, atom);
}

/* All replies of a form, in the order in which they can come. */
void reply_all(resolver *r, m_form *form)
{
    replier x = { .r = r, .form = form, .flow = form->flow };
    for (size_t i = 0; i < x.flow->n_first; i++) later_start(&x, x.flow->first[i]);
    for (size_t i = 0; i < x.n_queue; i++) walk(&x, (path){ .n = 0 }, x.queue[i]);
    name_all(&x);
}
