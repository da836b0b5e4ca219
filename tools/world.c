/* A command that was read becomes a talk: the answer that an example shows for its form, said step by step, with the
 * values in it replaced by the command's own arguments and by what has been set. What comes after the form's end (late
 * results, URCs) outlives the command.
 * SPDX-License-Identifier: MIT */
#include "world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "answer.h"
#include "args.h"
#include "fill.h"

typedef struct talk {           /* an answer on its way */
    struct talk *next;
    store args;
    char *scope, *variant;      /* scopes of what is set: the command; with its literal arguments */
    const at_form_name *form;
    const answer_step *step;    /* to be said next */
    bool ended;                 /* the form has ended */
    bool data_over;             /* its data phase has */
} talk;

struct world {
    const at_names *names;
    const at_tables *tables;
    at_module *module;
    at_module_hook hook;
    answer *answers;
    store settings;
    store received;             /* data sent to the module, by the first argument of the command */
    talk *heard;                /* a command that was parsed and not yet called */
    talk *running, *late;
    char *data; size_t n_data;  /* of the data phase under way */
    char *payload;              /* leaves the module by reference */
    char *fields;               /* room for the struct of a reply */
    fill fill;
};

/* ---- a command ---- */
typedef struct read_args { talk *talk; const at_tables *tables; } read_args;

static void add_arg(void *ctx, const args_value *v)
{
    read_args *r = ctx;
    char *text = store_memory(v->n + 1);
    store_put(&r->talk->args, "", v->param->name, text, args_plain(r->tables, v, text));
    free(text);
}

static const char *member_of(const at_form_name *f, const at_event *e)
{
    for (const char *const *m = f->members; *m; m++)
        if (strlen(*m) == e->name_n && strncasecmp(*m, e->name, e->name_n) == 0) return *m;
    return f->command;
}

/* The command with its literal arguments: they choose what it is about. */
static char *variant_of(const world *w, const char *scope, const at_event *e)
{
    const at_line *line = &w->tables->lines[e->line];
    size_t room = strlen(scope) + e->n + 2u * line->n_slots + 1, n = strlen(scope);
    char *text = store_memory(room);
    memcpy(text, scope, n);
    for (unsigned i = 0; i < line->n_slots; i++) {
        const at_slot *s = &w->tables->slots[line->slots + i];
        if (!(e->mask >> i & 1u) || !(s->flags & AT_S_LITERAL)) continue;
        n += (size_t)snprintf(text + n, room - n, " %s", w->tables->text + s->offset);
    }
    return text;
}

static void free_talk(talk *t)
{
    if (!t) return;
    store_clear(&t->args);
    free(t->scope);
    free(t->variant);
    free(t);
}

static talk *talk_new(const world *w, const at_event *e)
{
    talk *t = store_memory(sizeof *t);
    read_args r = { t, w->tables };
    t->form = &w->names->forms[e->form];
    const char *member = member_of(t->form, e);
    t->scope = store_copy(member, strlen(member));
    t->variant = variant_of(w, t->scope, e);
    args_each(e, w->tables, &w->names->lines[w->names->module_lines[e->line]], add_arg, &r);
    const answer *a = answer_find(w->answers, e->form, &t->args);
    t->step = a ? a->steps : NULL;
    return t;
}

static void heard_command(void *ctx, const at_event *e)
{
    world *w = ctx;
    if (e->saw != AT_SAW_COMMAND) return;
    free_talk(w->heard);
    w->heard = talk_new(w, e);
}

/* ---- what is set ---- */
static bool is_form(const talk *t, const char *a, const char *b)
{
    return strcmp(t->form->form, a) == 0 || strcmp(t->form->form, b) == 0;
}

/* Arguments that were left out are not set any more. */
static void forget_left_out(world *w, const talk *t, unsigned line)
{
    const at_line_name *names = &w->names->lines[w->names->module_lines[line]];
    for (unsigned i = 0; i < names->n_slots; i++) {
        if (store_find(&t->args, "", names->slots[i].name)) continue;
        store_remove(&w->settings, t->scope, names->slots[i].name);
        store_remove(&w->settings, t->variant, names->slots[i].name);
    }
}

static void remember(world *w, const talk *t, unsigned line)
{
    if (!is_form(t, "set", "save")) return;
    forget_left_out(w, t, line);
    for (const store_value *v = t->args.first; v; v = v->next) {
        store_put(&w->settings, t->scope, v->name, v->text, v->n);
        store_put(&w->settings, t->variant, v->name, v->text, v->n);
    }
}

/* ---- the values of an answer ---- */
static const store_value *last_number(const store *args)
{
    const store_value *found = NULL;
    for (const store_value *v = args->first; v; v = v->next)
        if (v->n > 0 && strspn(v->text, "0123456789") == v->n) found = v;
    return found;
}

/* What was set under this name; of lines that repeat also under the name with the line's number. */
static const store_value *setting(const world *w, const talk *t, const char *name, unsigned round)
{
    char numbered[64];
    const store_value *v = store_find(&w->settings, t->variant, name);
    if (v) return v;
    snprintf(numbered, sizeof numbered, "%s%u", name, round);
    return store_find(&w->settings, t->variant, numbered);
}

static const store_value *override(const world *w, const talk *t, const answer_step *s, unsigned line, unsigned slot)
{
    const char *name = w->names->lines[w->names->module_lines[line]].slots[slot].name;
    const store_value *v = store_find(&t->args, "", name);
    if (v || s->reply == ANSWER_NO_REPLY || !is_form(t, "read", "query")) return v;
    return setting(w, t, name, s->round);
}

static const answer_value *value_of(const answer_item *item, unsigned slot)
{
    const answer_value *v = item->values;
    while (v && v->slot != slot) v = v->next;
    return v;
}

static void fill_loop(world *w, const at_line *line, const at_loop *loop, const answer_item *item)
{
    size_t n = 0;
    for (const answer_value *v = item->values; v; v = v->next) {
        if (v->slot < loop->first || v->slot >= (unsigned)loop->first + loop->n) continue;
        const at_slot *slot = &w->tables->slots[line->slots + v->slot];
        size_t k = n / loop->n;
        if (k < loop->max) fill_slot(&w->fill, slot, v->text, v->n, w->fields + loop->items + k * loop->item_size);
        n++;
    }
    n /= loop->n;
    if (n > loop->max) n = loop->max;
    memcpy(w->fields + loop->n_item, &n, sizeof n);
}

/* The struct's values of one line. `plain`: the example's values only. */
static void fill_line(world *w, const talk *t, const answer_step *s, const answer_item *item, unsigned number, bool as_shown)
{
    const at_line *line = &w->tables->lines[number];
    const at_rest *rest = &w->tables->rests[line->rest];
    for (unsigned i = 0; i < line->n_slots; i++) {
        const at_slot *slot = &w->tables->slots[line->slots + i];
        if (slot->flags & (AT_S_LITERAL | AT_S_LOOP)) continue;
        const answer_value *shown = value_of(item, i);
        const store_value *own = as_shown ? NULL : override(w, t, s, number, i);
        if (own && !shown && !item->least && slot->has == AT_NONE8) own = NULL;
        if (own && fill_slot(&w->fill, slot, own->text, own->n, w->fields)) continue;
        if (shown) fill_slot(&w->fill, slot, shown->text, shown->n, w->fields);
    }
    if (rest->loop && !item->least) fill_loop(w, line, &w->tables->loops[rest->loop - 1], item);
}
