/* From examples: what the decoder saw is cut into the replies that the module side has. From the types: the shortest
 * way through the form, as the host side knows it, is cut in the same way.
 * SPDX-License-Identifier: MIT */
#include "answer.h"

#include <stdlib.h>
#include <string.h>

#include "args.h"
#include "example.h"

/* ---- items ---- */
static answer_item *add_item(answer *a, answer_kind kind, unsigned line)
{
    answer_item **at = &a->items;
    while (*at) at = &(*at)->next;
    *at = store_memory(sizeof **at);
    (*at)->kind = kind;
    (*at)->line = (uint16_t)line;
    return *at;
}

static answer *add_answer(answer **list, unsigned form)
{
    while (*list) list = &(*list)->next;
    *list = store_memory(sizeof **list);
    (*list)->form = (uint16_t)form;
    return *list;
}

static void free_items(answer_item *items)
{
    while (items) {
        answer_item *next = items->next;
        while (items->values) {
            answer_value *v = items->values;
            items->values = v->next;
            free(v->text);
            free(v);
        }
        free(items->data);
        free(items);
        items = next;
    }
}

static void free_one(answer *a)
{
    while (a->steps) {
        answer_step *next = a->steps->next;
        free(a->steps);
        a->steps = next;
    }
    free_items(a->items);
    store_clear(&a->args);
    free(a);
}

void answer_free(answer *a)
{
    while (a) {
        answer *next = a->next;
        free_one(a);
        a = next;
    }
}

/* ---- what an example shows ---- */
typedef struct watch {
    const at_names *names;
    answer **list;
    answer *current;            /* NULL: no command has come, or nothing can be made of the rest */
    const at_tables *tables;    /* of the event that is looked at */
    const at_line_name *line;
    answer_item *item;
} watch;

static char *plain(const watch *w, const args_value *v, size_t *n)
{
    char *text = store_memory(v->n + 1);
    *n = args_plain(w->tables, v, text);
    return text;
}

static void add_arg(void *ctx, const args_value *v)
{
    watch *w = ctx;
    size_t n;
    char *text = plain(w, v, &n);
    store_put(&w->current->args, "", v->param->name, text, n);
    free(text);
}

static void add_value(void *ctx, const args_value *v)
{
    watch *w = ctx;
    answer_value **at = &w->item->values;
    while (*at) at = &(*at)->next;
    *at = store_memory(sizeof **at);
    (*at)->slot = (unsigned)(v->param - w->line->slots);
    (*at)->text = plain(w, v, &(*at)->n);
}

static void each_value(watch *w, const decode *d, char from, const at_event *e,
                       void (*each)(void *, const args_value *))
{
    if (e->line == UINT16_MAX) return;
    w->tables = decode_tables(d, from);
    w->line = decode_line(d, from, e->line);
    args_each(e, w->tables, w->line, each, w);
}

static bool has_data(const at_host_class *host, unsigned line)
{
    const at_tables *t = &host->tables->t;
    return t->rests[t->lines[line].rest].data_at != AT_DATA_NONE;
}

static void saw_line(watch *w, const decode *d, const at_event *e)
{
    bool is_urc = e->saw == AT_SAW_URC;
    unsigned line = is_urc ? e->form : w->names->host_lines[e->line];
    w->item = add_item(w->current, is_urc ? ANSWER_URC : ANSWER_LINE, line);
    w->item->has_data = has_data(w->names->host, e->line);
    each_value(w, d, 'm', e, add_value);
}

static void saw_data(watch *w, const at_event *e, const char *data)
{
    answer_item *item = add_item(w->current, ANSWER_DATA, 0);
    item->data = store_copy(data, data ? e->n : 0);
    item->n = data ? e->n : 0;
}

static void saw_module(watch *w, const decode *d, const at_event *e, const char *data)
{
    if (!w->current) return;
    switch (e->saw) {
    case AT_SAW_LINE: case AT_SAW_FINAL: case AT_SAW_URC: saw_line(w, d, e); break;
    case AT_SAW_PROMPT: add_item(w->current, ANSWER_PROMPT, 0); break;
    case AT_SAW_DATA: saw_data(w, e, data); break;
    case AT_SAW_UNKNOWN: w->current = NULL; break;
    default: break;
    }
}

static void saw(void *ctx, const decode *d, char from, const at_event *e, const char *data)
{
    watch *w = ctx;
    if (from == 'm') saw_module(w, d, e, data);
    if (e->saw == AT_SAW_REJECTED) w->current = NULL;
    if (e->saw != AT_SAW_COMMAND) return;
    w->current = add_answer(w->list, e->form);
    each_value(w, d, 'h', e, add_arg);
}

/* ---- what the host side would expect ---- */
typedef struct way {            /* shortest ways from the command to each atom of a form */
    const at_host_tables *tables;
    const at_call *call;
    uint8_t from[256];          /* the atom before; AT_NONE8: the command */
    bool seen[256];
    uint8_t queue[256]; unsigned n;
} way;

static const at_atom *way_atom(const way *w, unsigned i)
{
    return &w->tables->atoms[w->call->atoms + i];
}

/* An answer goes well. */
static bool is_good(const at_atom *a)
{
    return a->outcome == AT_NONE8 || a->kind != AT_A_FINAL || (a->flags & AT_A_OK) != 0;
}

static void way_follow(way *w, unsigned follow, unsigned from)
{
    const uint8_t *f = w->tables->follows + follow;
    for (unsigned n = *f++; n > 0; n--, f++) {
        if (w->seen[*f] || !is_good(way_atom(w, *f))) continue;
        w->seen[*f] = true;
        w->from[*f] = (uint8_t)from;
        w->queue[w->n++] = *f;
    }
}

/* The atom that the shortest good way ends with, or AT_NONE8. */
static unsigned way_end(way *w)
{
    way_follow(w, w->call->first, AT_NONE8);
    for (unsigned i = 0; i < w->n; i++) {
        const at_atom *a = way_atom(w, w->queue[i]);
        if ((a->flags & AT_A_MAY_END) || w->tables->follows[a->follow] == 0) return w->queue[i];
        way_follow(w, a->follow, w->queue[i]);
    }
    return AT_NONE8;
}

static void add_atom(answer *a, const at_names *names, const at_atom *atom)
{
    static const char some[] = "hello";
    answer_item *item;
    switch (atom->kind) {
    case AT_A_LINE: case AT_A_FINAL:
        add_item(a, ANSWER_LINE, names->host_lines[atom->line])->least = true;
        break;
    case AT_A_URC: add_item(a, ANSWER_URC, atom->line)->least = true; break;
    case AT_A_PROMPT: add_item(a, ANSWER_PROMPT, 0); break;
    case AT_A_DATA_OUT: case AT_A_BODY:
        item = add_item(a, ANSWER_DATA, 0);
        item->n = sizeof some - 1;
        item->data = store_copy(some, item->n);
        break;
    default: break;
    }
}

static const at_call *call_of(const at_host_tables *t, unsigned form)
{
    for (unsigned i = 0; i < t->n_calls; i++)
        if (t->calls[i].id == form) return &t->calls[i];
    return NULL;
}

static void add_way(answer *a, const at_names *names)
{
    way w = { .tables = names->host->tables };
    uint8_t path[256];
    unsigned n = 0;
    w.call = call_of(w.tables, a->form);
    if (!w.call) return;
    for (unsigned i = way_end(&w); i != AT_NONE8; i = w.from[i]) path[n++] = (uint8_t)i;
    while (n > 0) add_atom(a, names, way_atom(&w, path[--n]));
}

/* ---- items to replies ---- */
typedef struct cut {
    const at_names *names;
    const at_module_tables *tables;
    const at_form_name *form;
    answer *answer;
    bool ended;                 /* the form has: the rest comes later */
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
    case AT_EMIT_LINE: return is_line(c, e->arg, item);
    case AT_EMIT_PROMPT: return item->kind == ANSWER_PROMPT;
    default: return item->kind == ANSWER_DATA;
    }
}

/* How many items the reply says; -1: it says something else. */
static int said_by(const cut *c, const at_reply *r, const answer_item *item)
{
    int n = 0;
    for (unsigned i = 0; i < r->n; i++) {
        const at_emit *e = &c->tables->emits[r->emits + i];
        if (e->kind == AT_EMIT_BLANK) continue;
        if (!is_emit(c, e, item)) return -1;
        item = item->next;
        n++;
    }
    return n;
}

static bool may_come(const cut *c, const at_reply *r)
{
    bool later = (r->flags & AT_R_LATER) != 0;
    return later == c->ended && !(r->flags & AT_R_ERROR);
}

/* The reply that says most of what comes next; ANSWER_NO_REPLY: none does. */
static unsigned best_reply(const cut *c, const answer_item *item, int *most)
{
    unsigned best = ANSWER_NO_REPLY;
    *most = -1;
    for (unsigned i = c->form->first_reply; i < c->form->first_reply + c->form->n_replies; i++) {
        const at_reply *r = &c->tables->replies[i];
        int n = may_come(c, r) ? said_by(c, r, item) : -1;
        if (n <= *most || (n == 0 && r->end == AT_R_GOES_ON)) continue;
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
    **at = (answer_step){ NULL, (uint16_t)reply, round, items, n };
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
        free_items(data);
    }
}

static void skip(const answer_item **item, int n)
{
    while (n-- > 0) *item = (*item)->next;
}

/* Does a form whose data phase has begun end by itself, without a further line? */
static bool ends_silently(const cut *c)
{
    for (unsigned i = 0; i < c->form->n_replies; i++) {
        const at_reply *r = &c->tables->replies[c->form->first_reply + i];
        if (r->end == AT_R_ENDS && !(r->flags & AT_R_LATER)) return false;
    }
    return true;
}

static void note_end(cut *c, const at_reply *r)
{
    bool data = r->end == AT_R_DATA && ends_silently(c);
    if (r->end == AT_R_ENDS || r->end == AT_R_TRANSPARENT || data) c->ended = true;
}

/* False: the items are no whole answer of the form that goes well. */
static bool cut_items(cut *c)
{
    const answer_item *item = c->answer->items;
    while (item || !c->ended) {
        int n = 1;
        unsigned reply = ANSWER_NO_REPLY;
        if (!item || item->kind != ANSWER_URC) {
            reply = best_reply(c, item, &n);
            if (reply == ANSWER_NO_REPLY) return false;
            note_end(c, &c->tables->replies[reply]);
        }
        add_step(c->answer, reply, item, (size_t)n);
        skip(&item, n);
    }
    return true;
}

/* ---- all of them ---- */

/* Leaves out of the list what is no whole answer. */
static void cut_all(const at_names *names, answer **list)
{
    while (*list) {
        answer *a = *list;
        cut c = { names, names->module->tables, &names->forms[a->form], a, false };
        join_data(a);
        if (cut_items(&c)) {
            list = &a->next;
            continue;
        }
        *list = a->next;
        free_one(a);
    }
}

static void add_missing(const at_names *names, answer **list)
{
    static const store no_args = { NULL };
    answer *made = NULL;
    for (unsigned form = 0; form < names->n_forms; form++)
        if (!answer_find(*list, form, &no_args)) add_way(add_answer(&made, form), names);
    cut_all(names, &made);
    while (*list) list = &(*list)->next;
    *list = made;
}

answer *answer_all(const at_names *names)
{
    answer *list = NULL;
    for (unsigned i = 0; i < names->n_examples; i++) {
        watch w = { names, &list, NULL, NULL, NULL, NULL };
        example_play(names, &names->examples[i], saw, &w);
    }
    cut_all(names, &list);
    add_missing(names, &list);
    return list;
}

static unsigned likeness(const store *shown, const store *args)
{
    unsigned n = 0;
    for (const store_value *v = args->first; v; v = v->next) {
        const store_value *other = store_find(shown, "", v->name);
        if (other && other->n == v->n && memcmp(other->text, v->text, v->n) == 0) n++;
    }
    return n;
}

const answer *answer_find(const answer *a, unsigned form, const store *args)
{
    const answer *best = NULL;
    for (; a; a = a->next)
        if (a->form == form && (!best || likeness(&a->args, args) > likeness(&best->args, args)))
            best = a;
    return best;
}
