/* Definitions of a spec and of all it includes as one list: what a later file replaces or removes
 * is gone, what is defined twice is reported. Here because it is the only place that knows of
 * several files.
 * SPDX-License-Identifier: MIT */
#include <string.h>

#include "resolve.h"

static def_entry *entry_add(resolver *r, const ast_def *def)
{
    def_entry *e = mem_new(r->ctx, def_entry);
    e->def = def;
    e->names = def->names;
    if (r->defs.last)
        r->defs.last->next = e;
    else
        r->defs.first = e;
    r->defs.last = e;
    return e;
}

/* The tables of one name per definition; NULL for kinds that have none. */
static symbol **table_of(resolver *r, def_kind kind)
{
    switch (kind) {
    case DEF_TYPE:
    case DEF_ERRORS: return &r->defs.types;
    case DEF_PIECE: return &r->defs.pieces;
    case DEF_URC: return &r->defs.urcs;
    default: return NULL;
    }
}

static const char *kind_word(def_kind kind)
{
    switch (kind) {
    case DEF_TYPE: return "type";
    case DEF_ERRORS: return "errors";
    case DEF_PIECE: return "piece";
    case DEF_URC: return "urc";
    case DEF_LINES: return "lines";
    case DEF_OPERATORS: return "operators";
    case DEF_RESULTS: return "results";
    case DEF_REFUSE: return "refuse";
    case DEF_DIALECT: return "dialect";
    case DEF_MANUAL: return "manual";
    default: return "command";
    }
}

const char *defs_nearest(resolver *r, const char *word, symbol *table)
{
    size_t n = 0;
    const char **names = mem_array(r->ctx, const char *, HASH_COUNT(table) + 1);
    for (symbol *s = table; s; s = s->hh.next) names[n++] = s->name;
    return diag_nearest(word, names);
}

static void say_nearest(resolver *r, const char *word, symbol *table)
{
    const char *near = defs_nearest(r, word, table);
    if (near) {
        diag_note(r->d, symbol_find(table, near)->at, "did you mean '%s'?", near);
        diag_fix(r->d, "%s", near);
    }
}

static void say_twice(resolver *r, const ast_def *def, place at, const char *name, place first)
{
    diag_at(r->d, at, D_DEFINED_TWICE, "%s%s%s is defined twice", kind_word(def->kind),
            name ? " " : "", name ? name : "");
    bool by_include = def->kind == DEF_DIALECT || def->kind == DEF_MANUAL;
    diag_note(r->d, first, by_include ? "first here" :
              "first here; 'replace %s' changes what an include has brought", kind_word(def->kind));
}

/* Types, pieces and URCs: one name each. */
static void add_named(resolver *r, symbol **table, def_entry *e)
{
    const ast_def *def = e->def;
    symbol *old = symbol_find(*table, def->name);
    if (old && def->replace) {
        ((def_entry *)old->value)->dead = true;
        old->value = e;
        old->at = def->at;
    } else if (old) {
        say_twice(r, def, def->at, def->name, old->at);
        e->dead = true;
    } else {
        if (def->replace) {
            diag_at(r->d, def->at, D_NOTHING_REPLACED, "there is no %s %s to replace",
                    kind_word(def->kind), def->name);
            say_nearest(r, def->name, *table);
        }
        symbol_add(r, table, def->name, e, def->at);
    }
}

static void names_drop(ast_names **list, const char *name)
{
    for (; *list; list = &(*list)->next)
        if (!strcmp((*list)->name, name)) {
            *list = (*list)->next;
            return;
        }
}

static ast_names *names_copy(resolver *r, const ast_names *from)
{
    ast_names *first = NULL, **last = &first;
    for (; from; from = from->next) {
        *last = mem_new(r->ctx, ast_names);
        **last = *from;
        (*last)->next = NULL;
        last = &(*last)->next;
    }
    return first;
}

/* A command loses one of its names; without any it is gone. */
static void command_lose(resolver *r, symbol *s)
{
    def_entry *e = s->value;
    names_drop(&e->names, s->name);
    if (!e->names) e->dead = true;
    HASH_DEL(r->defs.commands, s);
}

static void add_command_name(resolver *r, def_entry *e, const ast_names *name)
{
    symbol *old = symbol_find(r->defs.commands, name->name);
    if (old && e->def->replace && old->value != e) {
        command_lose(r, old);
        old = NULL;
    }
    if (old) {
        say_twice(r, e->def, name->at, name->name, old->at);
        names_drop(&e->names, name->name);
        return;
    }
    symbol_add(r, &r->defs.commands, name->name, e, name->at);
}

/* `replace command` needs one of its names to be there. */
static void check_replaced(resolver *r, const ast_def *def)
{
    for (const ast_names *n = def->names; n; n = n->next)
        if (symbol_find(r->defs.commands, n->name)) return;
    if (!def->names) return;
    diag_at(r->d, def->at, D_NOTHING_REPLACED, "there is no command %s to replace",
            def->names->name);
    say_nearest(r, def->names->name, r->defs.commands);
}

static void add_command(resolver *r, def_entry *e)
{
    e->names = names_copy(r, e->def->names);
    if (e->def->replace) check_replaced(r, e->def);
    for (const ast_names *n = e->def->names; n; n = n->next) add_command_name(r, e, n);
    if (!e->names) e->dead = true;
}

static void remove_command(resolver *r, const ast_names *n)
{
    symbol *s = symbol_find(r->defs.commands, n->name);
    if (s) {
        command_lose(r, s);
        return;
    }
    diag_at(r->d, n->at, D_NOTHING_REMOVED, "there is no command %s to remove", n->name);
    say_nearest(r, n->name, r->defs.commands);
}

static void remove_named(resolver *r, symbol **table, const char *what, const ast_names *n)
{
    symbol *s = symbol_find(*table, n->name);
    if (s) {
        ((def_entry *)s->value)->dead = true;
        HASH_DEL(*table, s);
        return;
    }
    diag_at(r->d, n->at, D_NOTHING_REMOVED, "there is no %s %s to remove", what, n->name);
    say_nearest(r, n->name, *table);
}

static void do_remove(resolver *r, const ast_def *def)
{
    for (const ast_names *n = def->names; n; n = n->next) {
        if (!strcmp(def->name, "command"))
            remove_command(r, n);
        else if (!strcmp(def->name, "urc"))
            remove_named(r, &r->defs.urcs, "urc", n);
        else if (!strcmp(def->name, "piece"))
            remove_named(r, &r->defs.pieces, "piece", n);
        else
            remove_named(r, &r->defs.types, "type", n);
    }
}

/* ---- blocks that go on in another file ---- */

/* Are two items of a block about the same thing? Of `results` the same line, whatever its values
 * are called; both `busy` items of `lines` may stand. */
static bool same_item(def_kind kind, const ast_line_item *a, const ast_line_item *b)
{
    if (kind != DEF_RESULTS) {
        bool both_busy = !strcmp(a->key, "busy") && (a->n_args == 2) != (b->n_args == 2);
        return !strcmp(a->key, b->key) && !both_busy;
    }
    const ast_pat *x = a->pattern->kids, *y = b->pattern->kids;
    for (; x && y; x = x->next, y = y->next) {
        if (x->kind != y->kind) return false;
        bool has_text = x->kind == PAT_TEXT || x->kind == PAT_QUOTED;
        if (has_text ? strcmp(x->text, y->text) != 0 : x->kind != PAT_PARAM) return false;
    }
    return !x && !y;
}

static ast_line_item *item_copy(resolver *r, const ast_line_item *from)
{
    ast_line_item *item = mem_new(r->ctx, ast_line_item);
    *item = *from;
    item->next = NULL;
    return item;
}

/* The items of both blocks; one of the second takes the place of the one that it is about. */
static ast_line_item *items_join(resolver *r, const ast_def *first, const ast_def *second)
{
    ast_line_item *all = NULL, **tail = &all;
    for (const ast_line_item *i = first->items; i; i = i->next) {
        const ast_line_item *other = second->items;
        while (other && !same_item(second->kind, i, other)) other = other->next;
        *tail = item_copy(r, other ? other : i);
        tail = &(*tail)->next;
    }
    for (const ast_line_item *i = second->items; i; i = i->next) {
        const ast_line_item *old = first->items;
        while (old && !same_item(second->kind, old, i)) old = old->next;
        if (old) continue;
        *tail = item_copy(r, i);
        tail = &(*tail)->next;
    }
    return all;
}

/* What a dialect has once. An includer's `dialect` and `manual` replace those of what it includes.
 */
static void add_single(resolver *r, def_entry **slot, def_entry *e)
{
    bool quiet = (e->def->kind == DEF_DIALECT || e->def->kind == DEF_MANUAL);
    if (*slot && !e->def->replace && !(quiet && (*slot)->def->at.src != e->def->at.src)) {
        say_twice(r, e->def, e->def->at, e->def->name, (*slot)->def->at);
        e->dead = true;
        return;
    }
    if (!*slot && e->def->replace)
        diag_at(r->d, e->def->at, D_NOTHING_REPLACED, "there is no '%s' to replace",
                kind_word(e->def->kind));
    if (*slot) (*slot)->dead = true;
    *slot = e;
}

/* `lines`, `operators`, `results`, `refuse`: those of an includer add to what the include has
 * brought and win over it item by item. */
static void add_block(resolver *r, def_entry **slot, def_entry *e)
{
    bool goes_on = *slot && !e->def->replace && (*slot)->def->at.src != e->def->at.src;
    if (!goes_on) {
        add_single(r, slot, e);
        return;
    }
    ast_def *both = mem_new(r->ctx, ast_def);
    *both = *e->def;
    both->items = items_join(r, (*slot)->def, e->def);
    e->def = both;
    (*slot)->dead = true;
    *slot = e;
}

static void add_def(resolver *r, const ast_def *def)
{
    if (def->kind == DEF_REMOVE) {
        do_remove(r, def);
        return;
    }
    def_entry *e = entry_add(r, def);
    switch (def->kind) {
    case DEF_DIALECT: add_single(r, &r->defs.dialect, e); break;
    case DEF_MANUAL: add_single(r, &r->defs.manual, e); break;
    case DEF_LINES: add_block(r, &r->defs.lines, e); break;
    case DEF_OPERATORS: add_block(r, &r->defs.operators, e); break;
    case DEF_RESULTS: add_block(r, &r->defs.results, e); break;
    case DEF_REFUSE: add_block(r, &r->defs.refuse, e); break;
    case DEF_COMMAND:
    case DEF_NAMED: add_command(r, e); break;
    case DEF_TYPE:
    case DEF_ERRORS:
    case DEF_PIECE:
    case DEF_URC: add_named(r, table_of(r, def->kind), e); break;
    default: break;
    }
}

/* Fill r->defs from r->files: an included file stands before the one that includes it. */
void defs_collect(resolver *r)
{
    for (const ast_file *f = r->files; f; f = f->next) {
        APPEND(r->ctx, const char *, r->m->files, r->m->n_files, mem_string(r->ctx, f->path));
        for (const ast_def *def = f->defs; def; def = def->next) add_def(r, def);
    }
}

/* A command's own type or piece, or NULL. */
const ast_def *defs_local(const ast_def *command, def_kind kind, const char *name)
{
    if (!command) return NULL;
    for (const ast_def *d = command->defs; d; d = d->next)
        if (d->kind == kind && d->name && !strcmp(d->name, name)) return d;
    return NULL;
}
