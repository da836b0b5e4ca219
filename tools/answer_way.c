/* Where no example shows a form: the shortest way through its steps, as the host side knows them.
 * SPDX-License-Identifier: MIT */
#include "answer_private.h"

typedef struct way { /* shortest ways from the command to each atom of a form */
    const at_host_tables *tables;
    const at_call *call;
    uint8_t from[256]; /* the atom before; AT_NONE8: the command */
    bool seen[256];
    uint8_t queue[256];
    unsigned n;
} way;

static const at_atom *way_atom(const way *w, unsigned i)
{
    return &w->tables->atoms[w->call->atoms + i];
}

static const at_step *way_step(const way *w, unsigned i)
{
    return &w->tables->steps[way_atom(w, i)->step];
}

/* An answer goes well. */
static bool is_good(const way *w, unsigned i)
{
    const at_step *step = way_step(w, i);
    return step->outcome == AT_NONE8 || step->kind != AT_A_FINAL || (step->flags & AT_A_OK) != 0;
}

/* What comes after atom `from`, or first. `which`: the one of this number, 0 all of them. */
static void way_follow(way *w, unsigned follow, unsigned from, unsigned which)
{
    const int8_t *f = w->tables->follows + follow;
    int base = from == AT_NONE8 ? 0 : (int)from;
    for (unsigned n = 1; n <= (unsigned)*f; n++) {
        unsigned i = (unsigned)(base + f[n]);
        if (w->seen[i] || !is_good(w, i) || (which && which != n)) continue;
        w->seen[i] = true;
        w->from[i] = (uint8_t)from;
        w->queue[w->n++] = (uint8_t)i;
    }
}

/* All atoms that can be reached, those that are nearer first; `which` as in answer_way. */
static way way_of(const at_names *names, unsigned form, unsigned which)
{
    way w = {.tables = names->host->tables};
    w.call = &w.tables->calls[form];
    way_follow(&w, w.tables->courses[w.call->course].first, AT_NONE8, which);
    for (unsigned i = 0; i < w.n; i++)
        way_follow(&w, way_step(&w, w.queue[i])->follow, w.queue[i], 0);
    return w;
}

/* The atom that the shortest good way ends with, or AT_NONE8. */
static unsigned way_end(const way *w)
{
    for (unsigned i = 0; i < w->n; i++) {
        const at_step *a = way_step(w, w->queue[i]);
        if ((a->flags & AT_A_MAY_END) || w->tables->follows[a->follow] == 0) return w->queue[i];
    }
    return AT_NONE8;
}

const at_phase *answer_phase(const at_names *names, unsigned form)
{
    way w = way_of(names, form, 0);
    for (unsigned i = 0; i < w.n; i++) {
        const at_atom *a = way_atom(&w, w.queue[i]);
        if (way_step(&w, w.queue[i])->kind == AT_A_DATA_OUT) return &w.tables->t.phases[a->line];
    }
    return NULL;
}

static void add_atom(answer *a, const at_names *names, const at_atom *atom, unsigned kind)
{
    static const char some[] = "hello";
    answer_item *item;
    switch (kind) {
    case AT_A_LINE:
    case AT_A_FINAL:
        answer_item_new(a, ANSWER_LINE, names->host_lines[atom->line])->least = true;
        break;
    case AT_A_URC:
        answer_item_new(a, ANSWER_URC, atom->line)->least = true;
        break;
    case AT_A_PROMPT:
        answer_item_new(a, ANSWER_PROMPT, 0);
        break;
    case AT_A_DATA_OUT:
    case AT_A_BODY:
        item = answer_item_new(a, ANSWER_DATA, 0);
        item->n = sizeof some - 1;
        item->data = store_copy(some, item->n);
        break;
    default:
        break;
    }
}

bool answer_way(answer *a, const at_names *names, unsigned which)
{
    way w = way_of(names, a->form, which);
    uint8_t path[256];
    unsigned n = 0;
    for (unsigned i = way_end(&w); i != AT_NONE8; i = w.from[i])
        path[n++] = (uint8_t)i;
    while (n > 0) {
        unsigned i = path[--n];
        add_atom(a, names, way_atom(&w, i), way_step(&w, i)->kind);
    }
    return which <= (unsigned)w.tables->follows[w.tables->courses[w.call->course].first];
}
