/* The grammar of a side, for Lemon: rules that say what a line of so many cells is by its shape. See
 * templates/grammar.lemon.tmpl.
 * SPDX-License-Identifier: MIT */
#include <string.h>

#include "emit.h"
#include "mem.h"

enum { MOST_USERS = 6 };        /* lines or commands named in the comment of a shape */

/* ---- how many cells there are ---- */

/* Cells of all kinds lead to the same state, the tables leave their values to the runtime: so a row
 * for each number of cells says in which state every shape is. */
typedef struct counts {
    int **rows; size_t n;
    size_t back;                /* one more cell than n - 1 is like so many; 0: is too many */
} counts;

static int *row_after(const void *ctx, const shapes *s, const int *row)
{
    int *next = mem_array(ctx, int, s->n_shapes + 1);

    for (size_t i = 0; i < s->n_shapes; i++)
        next[i] = row[i] < 0 ? -1 : s->states[row[i]].next[0];
    return next;
}

static bool row_is_dead(const int *row, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (row[i] >= 0)
            return false;
    return true;
}

static counts counts_of(const void *ctx, const shapes *s)
{
    counts c = { 0 };
    int *row = s->starts;

    while (!row_is_dead(row, s->n_shapes)) {
        for (size_t i = 1; i < c.n && !c.back; i++)
            if (memcmp(c.rows[i], row, s->n_shapes * sizeof *row) == 0)
                c.back = i;
        if (c.back)
            break;
        c.rows = mem_grow(ctx, c.rows, int *, c.n + 1);
        c.rows[c.n++] = row;
        row = row_after(ctx, s, row);
    }
    return c;
}

static int label_at(const shapes *s, const int *row, size_t shape)
{
    return row[shape] < 0 ? -1 : s->states[row[shape]].label;
}

/* Readings of a label, as a comment shows them. */
static const char *label_readings(const void *ctx, const shapes *s, int label)
{
    text *t = text_new(ctx);

    text_add(t, label < 0 ? "none" : "readings ");
    for (unsigned i = 0; label >= 0 && i < s->accepts[label]; i++)
        text_printf(t, "%s%u", i ? ", " : "", (unsigned)s->accepts[label + 1 + (int)i]);
    return t->p;
}

/* The shapes from `first` on that have this label with so many cells: `S1|S4`. */
static const char *shapes_with(const void *ctx, const shapes *s, const int *row, size_t first)
{
    text *t = text_new(ctx);

    for (size_t i = first; i < s->n_shapes; i++)
        if (label_at(s, row, i) == label_at(s, row, first))
            text_printf(t, "%sS%zu", t->n ? "|" : "", i);
    return t->p;
}

static bool is_first_with(const shapes *s, const int *row, size_t shape)
{
    for (size_t i = 0; i < shape; i++)
        if (label_at(s, row, i) == label_at(s, row, shape))
            return false;
    return true;
}

/* What a line of so many cells may be. Shapes of one label are one class of tokens, also those that
 * cannot have so many: no token is ever wrong, so that nobody has to look whether it is. */
static void grammar_ends(const shapes *s, const counts *c, size_t count, fill *f, fill *item)
{
    fill_list(item, "ends");
    for (size_t i = 0; i < s->n_shapes; i++) {
        if (!is_first_with(s, c->rows[count], i))
            continue;
        fill *end = fill_item(item, "ends");
        const char *members = shapes_with(end, s, c->rows[count], i);
        int label = label_at(s, c->rows[count], i);
        const char *name = label < 0 ? mem_printf(end, "s%zu_none", count)
                                     : mem_printf(end, "s%zu_%d", count, label);
        const char *token = strchr(members, '|') ? name : members;
        fill_text(end, "token", token);
        fill_number(end, "label", label);
        fill_text(end, "readings", label_readings(end, s, label));
        if (token == members)
            continue;
        fill *class = fill_item(f, "classes");
        fill_text(class, "class", token);
        fill_text(class, "members", members);
    }
}

static void grammar_counts(const shapes *s, fill *f)
{
    counts c = counts_of(f, s);

    fill_list(f, "classes");
    fill_list(f, "counts");
    for (size_t i = 0; i < c.n; i++) {
        fill *item = fill_item(f, "counts");
        fill_number(item, "cells", (long long)i);
        grammar_ends(s, &c, i, f, item);
    }
    fill_number(f, "most", (long long)c.n - 1);
    fill_text(f, "folds", c.back ? mem_printf(f, "%zu", c.n - c.back) : "");
}

/* ---- shapes and who uses them ---- */
typedef struct users { text **names; size_t *n; } users;

static void users_add(users *u, size_t shape, const char *name)
{
    size_t n = u->n[shape]++;

    if (n < MOST_USERS)
        text_printf(u->names[shape], "%s%s", n ? ", " : "", name);
    else if (n == MOST_USERS)
        text_add(u->names[shape], " ...");
}

static users users_new(const void *ctx, size_t n)
{
    users u = { mem_array(ctx, text *, n + 1), mem_array(ctx, size_t, n + 1) };

    for (size_t i = 0; i < n; i++)
        u.names[i] = text_new(ctx);
    return u;
}

static void users_of_lines(const emitter *e, const tables *t, users *u)
{
    for (size_t i = 0; i < e->m->n_lines; i++) {
        const m_line *line = e->m->all_lines[i];
        if (t->line_handles[line->id])
            users_add(u, shapes_number(t->shapes, t->line_handles[line->id] - 1),
                      emit_comment(u->names[0], line->syntax));
    }
}

static void users_of_commands(const emitter *e, const tables *t, users *u)
{
    size_t handle = 0;

    for (size_t i = 0; i < e->m->n_commands; i++)
        if (e->m->commands[i]->n_forms)
            users_add(u, shapes_number(t->shapes, t->command_handles[handle++]),
                      e->m->commands[i]->members[0].name);
}

static void grammar_shapes(emitter *e, const tables *t, fill *f)
{
    users u = users_new(f, t->shapes->n_shapes);

    if (t->side == SIDE_MODULE)
        users_of_commands(e, t, &u);
    else
        users_of_lines(e, t, &u);
    fill_list(f, "shapes");
    for (size_t i = 0; i < t->shapes->n_shapes; i++) {
        fill *item = fill_item(f, "shapes");
        fill_number(item, "shape", (long long)i);
        fill_text(item, "users", emit_comment(item, u.names[i]->p));
    }
}

void emit_grammar(emitter *e, side of)
{
    const tables *t = of == SIDE_MODULE ? e->module : e->host;
    fill *f = emit_fill(e);

    fill_text(f, "side", emit_side(of));
    grammar_shapes(e, t, f);
    grammar_counts(t->shapes, f);
    emit_file(e, "grammar.lemon.tmpl", mem_printf(f, "_%s_grammar.lemon", emit_side(of)), f);
    talloc_free(f);
}
