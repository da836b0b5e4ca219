/* The grammar of a side, for Lemon: its shapes as left-linear rules, one nonterminal per state
 * of the minimised automaton. See templates/grammar.lemon.tmpl.
 * SPDX-License-Identifier: MIT */
#include <string.h>

#include "emit.h"
#include "mem.h"

enum { MOST_USERS = 6 };        /* lines or commands named in the comment of a shape */

static const char *const KINDS[SHAPE_KINDS] = { "NUM", "STR", "WORD", "EMPTY", "BAD" };

/* ---- sets of kinds as token classes ---- */
static const char *class_name(const void *ctx, unsigned kinds)
{
    text *t = text_new(ctx);

    for (unsigned bit = 0; bit < SHAPE_KINDS; bit++)
        if (kinds >> bit & 1u)
            text_printf(t, "%s%c", t->n ? "_" : "", "nsweb"[bit]);
    return t->p;
}

static const char *class_members(const void *ctx, unsigned kinds)
{
    text *t = text_new(ctx);

    for (unsigned bit = 0; bit < SHAPE_KINDS; bit++)
        if (kinds >> bit & 1u)
            text_printf(t, "%s%s", t->n ? "|" : "", KINDS[bit]);
    return t->p;
}

static bool is_single(unsigned kinds)
{
    return (kinds & (kinds - 1)) == 0;
}

/* The kinds by which `state` goes where `bit` goes, if `bit` is the first of them; 0 else. */
static unsigned kinds_together(const shape_state *state, unsigned bit)
{
    unsigned kinds = 0;

    for (unsigned i = 0; i < SHAPE_KINDS; i++) {
        if (state->next[i] != state->next[bit])
            continue;
        if (i < bit)
            return 0;
        kinds |= 1u << i;
    }
    return kinds;
}

static void grammar_classes(const shapes *s, side of, fill *f)
{
    bool used[KIND_ANY + 1] = { false };

    fill_list(f, "classes");
    fill_flag(f, "kinds", of == SIDE_MODULE);
    if (of == SIDE_HOST)
        return;
    for (size_t i = 0; i < s->n_states; i++)
        for (unsigned bit = 0; bit < SHAPE_KINDS; bit++)
            if (s->states[i].next[bit] >= 0)
                used[kinds_together(&s->states[i], bit)] = true;
    for (unsigned kinds = 1; kinds <= KIND_ANY; kinds++) {
        if (!used[kinds] || is_single(kinds))
            continue;
        fill *item = fill_item(f, "classes");
        fill_text(item, "class", class_name(item, kinds));
        fill_text(item, "members", class_members(item, kinds));
    }
}

/* ---- states ---- */
static const char *step_token(const void *ctx, side of, unsigned bit, unsigned kinds)
{
    if (of == SIDE_HOST)
        return "CELL";
    return is_single(kinds) ? KINDS[bit] : class_name(ctx, kinds);
}

static void grammar_steps(const shape_state *state, side of, fill *item)
{
    fill_list(item, "steps");
    for (unsigned bit = 0; bit < SHAPE_KINDS; bit++) {
        unsigned kinds = state->next[bit] >= 0 ? kinds_together(state, bit) : 0;
        if (!kinds)
            continue;
        fill *step = fill_item(item, "steps");
        fill_number(step, "to", state->next[bit]);
        fill_text(step, "token", step_token(step, of, bit, kinds));
    }
}

/* Readings of a label, as a comment shows them. */
static const char *label_readings(const void *ctx, const shapes *s, int label)
{
    text *t = text_new(ctx);

    for (unsigned i = 0; i < s->accepts[label]; i++)
        text_printf(t, "%s%u", i ? ", " : "", (unsigned)s->accepts[label + 1 + (int)i]);
    return t->p;
}

static void grammar_states(const shapes *s, side of, fill *f)
{
    fill_list(f, "states");
    for (size_t i = 0; i < s->n_states; i++) {
        const shape_state *state = &s->states[i];
        fill *item = fill_item(f, "states");
        fill_number(item, "state", (long long)i);
        fill_flag(item, "accepts", state->label >= 0);
        fill_number(item, "label", state->label);
        fill_text(item, "readings", state->label >= 0 ? label_readings(item, s, state->label) : "");
        grammar_steps(state, of, item);
    }
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

static void users_of_groups(const tables *t, users *u)
{
    for (size_t i = 0; i < t->n_group_handles; i++)
        users_add(u, shapes_number(t->shapes, t->group_handles[i]), t->group_users[i]);
}

static void grammar_shapes(emitter *e, const tables *t, fill *f)
{
    users u = users_new(f, t->shapes->n_shapes);

    if (t->side == SIDE_MODULE)
        users_of_groups(t, &u);
    else
        users_of_lines(e, t, &u);
    fill_list(f, "shapes");
    for (size_t i = 0; i < t->shapes->n_shapes; i++) {
        fill *item = fill_item(f, "shapes");
        fill_number(item, "shape", (long long)i);
        fill_number(item, "start", t->shapes->starts[i]);
        fill_text(item, "users", emit_comment(item, u.names[i]->p));
    }
}

void emit_grammar(emitter *e, side of)
{
    const tables *t = of == SIDE_MODULE ? e->module : e->host;
    fill *f = emit_fill(e);

    fill_text(f, "side", emit_side(of));
    grammar_classes(t->shapes, of, f);
    grammar_shapes(e, t, f);
    grammar_states(t->shapes, of, f);
    emit_file(e, "grammar.lemon.tmpl", mem_printf(f, "_%s_grammar.lemon", emit_side(of)), f);
    talloc_free(f);
}
