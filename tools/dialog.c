/* A dialog is made from the event that the module side reports for a command.
 * SPDX-License-Identifier: MIT */
#include "dialog.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "args.h"
typedef struct read_args {
    dialog *dialog;
    const at_tables *tables;
} read_args;

static void add_arg(void *ctx, const args_value *v)
{
    read_args *r = ctx;
    char *text = store_memory(v->n + 1);
    store_put(&r->dialog->args, "", v->param->name, text, args_plain(r->tables, v, text));
    free(text);
}

/* Names are compared as if in one case: no two differ in that alone. */
static bool is_named(const at_event *e, const char *name)
{
    size_t i = 0;
    while (i < e->name_n && tolower((unsigned char)e->name[i]) == tolower((unsigned char)name[i]))
        i++;
    return i == e->name_n && name[i] == '\0';
}

static const char *member_of(const at_form_name *f, const at_event *e)
{
    for (const char *const *m = f->members; *m; m++)
        if (is_named(e, *m)) return *m;
    return f->command;
}

/* The command with its literal arguments: they choose what it is about. */
static char *variant_of(const at_tables *t, const char *scope, const at_event *e)
{
    const at_line *line = &t->lines[e->line];
    size_t room = strlen(scope) + e->n + 2u * line->n_slots + 1, n = strlen(scope);
    char *text = store_memory(room);
    memcpy(text, scope, n);
    for (unsigned i = 0; i < line->n_slots; i++) {
        const at_slot *s = &t->slots[line->slots + i];
        if (!(e->mask >> i & 1u) || !(at_trait_of(t, s)->flags & AT_S_LITERAL)) continue;
        n += (size_t)snprintf(text + n, room - n, " %s", t->text + t->words[s->offset]);
    }
    return text;
}

void dialog_free(dialog *d)
{
    if (!d) return;
    store_clear(&d->args);
    free(d->scope);
    free(d->variant);
    free(d);
}

dialog *dialog_new(const at_names *names, const answer *all, const at_event *e)
{
    dialog *d = store_memory(sizeof *d);
    const at_tables *tables = &names->module->tables->t;
    read_args r = {d, tables};
    d->form = &names->forms[e->form];
    d->line = e->line;
    const char *member = member_of(d->form, e);
    d->scope = store_copy(member, strlen(member));
    d->variant = variant_of(tables, d->scope, e);
    args_each(e, tables, &names->lines[names->module_lines[e->line]], add_arg, &r);
    d->answer = answer_find(all, e->form, &d->args);
    d->step = d->answer ? d->answer->steps : NULL;
    return d;
}

bool dialog_is(const dialog *d, const char *form, const char *other)
{
    return strcmp(d->form->form, form) == 0 || strcmp(d->form->form, other) == 0;
}

const store_value *dialog_last_number(const dialog *d)
{
    const store_value *found = NULL;
    for (const store_value *v = d->args.first; v; v = v->next)
        if (v->n > 0 && strspn(v->text, "0123456789") == v->n) found = v;
    return found;
}
