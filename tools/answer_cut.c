/* The items of an answer are cut into the replies that the generated module side has.
 * SPDX-License-Identifier: MIT */
#include "answer_private.h"

#include <string.h>

typedef struct cut {
    const at_names *names;
    const at_module_tables *tables;
    const at_form_name *form;
    answer *answer;
    bool ended; /* the form has: the rest comes later */
    bool transparent; /* the rest is what came through, and what the runtime says at the end */
} cut;

static bool is_line(const cut *c, unsigned module_line, const answer_item *item)
{
    const at_line_name *lines = c->names->lines;
    return item->kind == ANSWER_LINE &&
           strcmp(lines[c->names->module_lines[module_line]].syntax, lines[item->line].syntax) == 0;
}

static bool is_emit(const cut *c, const at_emit *e, const answer_item *item)
{
    if (!item) return false;
    switch (e->kind) {
    case AT_EMIT_LINE:
        return is_line(c, e->arg, item);
    case AT_EMIT_PROMPT:
        return item->kind == ANSWER_PROMPT;
    default:
        return item->kind == ANSWER_DATA;
    }
}

/* The line that ends a body is no item of its own. */
static bool ends_body(const cut *c, const at_reply *r, unsigned i)
{
    const at_emit *e = &r->parts[i];
    return i > 0 && e[-1].kind == AT_EMIT_DATA && e->kind == AT_EMIT_LINE &&
           c->tables->t.lines[e->arg].n_slots == 0;
}

/* How many items the reply says; -1: it says something else. */
static int said_by(const cut *c, const at_reply *r, const answer_item *item)
{
    int n = 0;
    for (unsigned i = 0; i < r->n; i++) {
        const at_emit *e = &r->parts[i];
        if (e->kind == AT_EMIT_BLANK || (ends_body(c, r, i) && !is_emit(c, e, item))) continue;
        if (!is_emit(c, e, item)) return -1;
        item = item->next;
        n++;
    }
    return n;
}

/* One of the form's own, or in a world file one of the errors that end any form. */
static bool may_come(const cut *c, unsigned reply, const at_reply *r)
{
    unsigned own = reply - c->form->first_reply;
    if (own >= c->form->n_replies && c->names->replies[reply].form != UINT16_MAX) return false;
    return r->later == c->ended && (!r->fails || c->answer->is_world);
}

/* The reply that says most of what comes next; ANSWER_NO_REPLY: none does. */
static unsigned best_reply(const cut *c, const answer_item *item, int *most)
{
    unsigned best = ANSWER_NO_REPLY;
    *most = -1;
    for (unsigned i = 0; i < c->names->n_replies; i++) {
        const at_reply r = at_reply_look(c->names, i);
        int n = may_come(c, i, &r) ? said_by(c, &r, item) : -1;
        if (n <= *most || (n == 0 && !r.ends && !r.later && !r.phase)) continue;
        *most = n;
        best = i;
    }
    return best;
}

static void add_step(answer *a, unsigned reply, const answer_item *items, size_t n)
{
    answer_step **at = &a->steps;
    unsigned round = 0;
    for (; *at; at = &(*at)->next)
        if ((*at)->reply == reply) round++;
    *at = store_memory(sizeof **at);
    **at = (answer_step){NULL, (uint16_t)reply, round, items, n};
}

/* Data inside a line belongs to the line. */
static void join_data(answer *a)
{
    for (answer_item *i = a->items; i; i = i->next) {
        answer_item *data = i->next;
        if (!i->has_data || !data || data->kind != ANSWER_DATA) continue;
        i->data = data->data;
        i->n = data->n;
        data->data = NULL;
        i->next = data->next;
        data->next = NULL;
        answer_items_free(data);
    }
}

static void skip(const answer_item **item, int n)
{
    while (n-- > 0)
        *item = (*item)->next;
}

/* Does a form whose data phase has begun end by itself, without a further line? */
static bool ends_silently(const cut *c)
{
    for (unsigned i = 0; i < c->form->n_replies; i++) {
        if (at_reply_look(c->names, c->form->first_reply + i).ends) return false;
    }
    return true;
}

static void note_end(cut *c, const at_reply *r)
{
    bool transparent = at_reply_is_transparent(r);
    bool data = r->phase && !transparent && ends_silently(c);
    if (r->ends || r->later || data) c->ended = true;
    if (transparent) c->transparent = true;
    if (r->fails) c->answer->fails = true;
}

/* Has the form a result that comes later, and is none of them in the answer? */
static bool lacks_later(const cut *c)
{
    bool has = false;
    for (unsigned i = 0; i < c->form->n_replies; i++) {
        const at_reply r = at_reply_look(c->names, c->form->first_reply + i);
        has = has || (r.later && !r.fails);
    }
    for (const answer_step *s = c->answer->steps; s && has; s = s->next)
        if (s->reply != ANSWER_NO_REPLY && at_reply_look(c->names, s->reply).later) has = false;
    return has;
}

bool answer_cut(answer *a, const at_names *names)
{
    cut whole = {names, names->module->tables, &names->forms[a->form], a, false, false}, *c = &whole;
    const answer_item *item = a->items;
    join_data(a);
    while (!c->transparent && (item || !c->ended)) {
        int n = 1;
        unsigned reply = ANSWER_NO_REPLY;
        if (!item || item->kind != ANSWER_URC) {
            reply = best_reply(c, item, &n);
            if (reply == ANSWER_NO_REPLY) return false;
            const at_reply r = at_reply_look(names, reply);
            note_end(c, &r);
        }
        add_step(c->answer, reply, item, (size_t)n);
        skip(&item, n);
    }
    return a->fails || c->transparent || !lacks_later(c);
}
