/* Examples are played through the decoder; what it sees after a command is that command's answer.
 * SPDX-License-Identifier: MIT */
#include "answer_private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "args.h"
#include "example.h"
#include "exchange.h"

/* ---- items ---- */
answer_item *answer_item_new(answer *a, answer_kind kind, unsigned line)
{
    answer_item **at = &a->items;
    while (*at)
        at = &(*at)->next;
    *at = store_memory(sizeof **at);
    (*at)->kind = kind;
    (*at)->line = (uint16_t)line;
    return *at;
}

static answer *add_answer(answer **list, unsigned form)
{
    while (*list)
        list = &(*list)->next;
    *list = store_memory(sizeof **list);
    (*list)->form = (uint16_t)form;
    return *list;
}

void answer_items_free(answer_item *items)
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
    answer_items_free(a->items);
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
    answer *current;         /* NULL: no command has come, or nothing can be made of the rest */
    const at_tables *tables; /* of the event that is looked at */
    const at_line_name *line;
    answer_item *item;
    char *fault; /* what was not understood, ANSWER_FAULT bytes; NULL: is passed over */
} watch;

static void watch_fault(const watch *w, const char *what, const char *text, size_t n)
{
    if (w->fault && !*w->fault)
        snprintf(w->fault, ANSWER_FAULT, "%s: %.*s", what, (int)(n < 100 ? n : 100), text);
}

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
    while (*at)
        at = &(*at)->next;
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
    w->item = answer_item_new(w->current, is_urc ? ANSWER_URC : ANSWER_LINE, line);
    w->item->has_data = has_data(w->names->host, e->line);
    each_value(w, d, 'm', e, add_value);
}

static void saw_data(watch *w, const at_event *e, const char *data)
{
    answer_item *item = answer_item_new(w->current, ANSWER_DATA, 0);
    item->data = store_copy(data, data ? e->n : 0);
    item->n = data ? e->n : 0;
}

static void saw_module(watch *w, const decode *d, const at_event *e, const char *data)
{
    if (!w->current) return;
    switch (e->saw) {
    case AT_SAW_LINE:
    case AT_SAW_FINAL:
    case AT_SAW_URC:
        saw_line(w, d, e);
        break;
    case AT_SAW_PROMPT:
        answer_item_new(w->current, ANSWER_PROMPT, 0);
        break;
    case AT_SAW_DATA:
        saw_data(w, e, data);
        break;
    case AT_SAW_UNKNOWN:
        watch_fault(w, "the host does not know this line", e->text, e->n);
        w->current = NULL;
        break;
    default:
        break;
    }
}

static void saw(void *ctx, const decode *d, char from, const at_event *e, const char *data)
{
    watch *w = ctx;
    if (from == 'm') saw_module(w, d, e, data);
    if (e->saw == AT_SAW_REJECTED) {
        watch_fault(w, "the module refuses this command", e->text, e->n);
        w->current = NULL;
    }
    if (e->saw != AT_SAW_COMMAND) return;
    w->current = add_answer(w->list, e->form);
    each_value(w, d, 'h', e, add_arg);
}

/* ---- all of them ---- */

/* Leaves out of the list what is no whole answer. */
static void cut_all(const at_names *names, answer **list)
{
    while (*list) {
        answer *a = *list;
        a->phase = answer_phase(names, a->form);
        if (answer_cut(a, names)) {
            list = &a->next;
            continue;
        }
        *list = a->next;
        free_one(a);
    }
}

/* The shortest way; where the module does not say it, as the host alone takes it, another one. */
static answer *way_through(const at_names *names, unsigned form)
{
    answer *made = NULL;
    bool is_one = true;
    for (unsigned which = 0; !made && is_one; which++) {
        is_one = answer_way(add_answer(&made, form), names, which);
        cut_all(names, &made);
    }
    return made;
}

static void add_missing(const at_names *names, answer **list)
{
    static const store no_args = {NULL};
    answer **end = list;
    while (*end)
        end = &(*end)->next;
    for (unsigned form = 0; form < names->n_forms; form++) {
        if (answer_find(*list, form, &no_args)) continue;
        *end = way_through(names, form);
        if (*end) end = &(*end)->next;
    }
}

answer *answer_all(const at_names *names)
{
    answer *list = NULL;
    for (unsigned i = 0; i < names->n_examples; i++) {
        watch w = {.names = names, .list = &list};
        example_play(names, &names->examples[i], saw, &w);
    }
    cut_all(names, &list);
    add_missing(names, &list);
    return list;
}

/* ---- a world file ---- */

/* False: `fault` says where it is not the exchange notation. */
static bool is_notation(const char *text, char fault[ANSWER_FAULT])
{
    FILE *file = fmemopen((void *)(uintptr_t)text, strlen(text), "r");
    exchange *x = exchange_new(file);
    exchange_step s;
    int more;
    while ((more = exchange_next(x, &s)) > 0)
        continue;
    if (more < 0) snprintf(fault, ANSWER_FAULT, "%s", exchange_error(x));
    exchange_free(x);
    fclose(file);
    return more == 0;
}

static bool cut_world(const at_names *names, answer *list, char fault[ANSWER_FAULT])
{
    for (answer *a = list; a; a = a->next) {
        a->is_world = true;
        a->phase = answer_phase(names, a->form);
        if (answer_cut(a, names)) continue;
        const at_form_name *f = &names->forms[a->form];
        snprintf(fault, ANSWER_FAULT, "this is no whole answer: %s (%s)", f->command, f->form);
        return false;
    }
    return true;
}

answer *answer_read(const at_names *names, const char *text, char fault[ANSWER_FAULT])
{
    answer *list = NULL;
    watch w = {.names = names, .list = &list, .fault = fault};
    const at_example all = {"", NULL, 0, text};
    *fault = '\0';
    if (*text == '\0' || !is_notation(text, fault)) return NULL;
    example_play(names, &all, saw, &w);
    if (!*fault && cut_world(names, list, fault)) return list;
    answer_free(list);
    return NULL;
}

answer *answer_join(answer *first, answer *others)
{
    answer **at = &first;
    while (*at)
        at = &(*at)->next;
    *at = others;
    return first;
}

/* ---- finding ---- */
static unsigned likeness(const store *shown, const store *args)
{
    unsigned n = 0;
    for (const store_value *v = args->first; v; v = v->next) {
        const store_value *other = store_find(shown, "", v->name);
        if (other && other->n == v->n && memcmp(other->text, v->text, v->n) == 0) n++;
    }
    return n;
}

static unsigned count(const store *s)
{
    unsigned n = 0;
    for (const store_value *v = s->first; v; v = v->next)
        n++;
    return n;
}

/* How well an answer suits, 0: not at all. */
static unsigned rank(const answer *a, unsigned form, const store *args)
{
    enum { WORLD = 1000 };
    unsigned like = likeness(&a->args, args);
    if (a->form != form || (a->fails && (like < count(args) || like < count(&a->args)))) return 0;
    return 1 + like + (a->is_world ? WORLD : 0);
}

const answer *answer_find(const answer *a, unsigned form, const store *args)
{
    const answer *best = NULL;
    for (; a; a = a->next)
        if (rank(a, form, args) > (best ? rank(best, form, args) : 0)) best = a;
    return best;
}
