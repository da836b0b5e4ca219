/* The lexer of a side, for re2c: commands (module) and cells. See templates/lexer.re.tmpl.
 * SPDX-License-Identifier: MIT */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "emit.h"
#include "mem.h"
#include "wire.h"

/* `text` as a re2c literal: "text", or 'text' when letters may be of any case. */
static const char *re_literal(const void *ctx, const char *s, bool any_case)
{
    text *t = text_new(ctx);
    char quote = any_case ? '\'' : '"';

    text_bytes(t, &quote, 1);
    for (; *s; s++) {
        unsigned char c = (unsigned char)*s;
        if (c == (unsigned char)quote || c == '\\')
            text_printf(t, "\\%c", c);
        else if (isprint(c))
            text_bytes(t, s, 1);
        else
            text_printf(t, "\\x%02x", c);
    }
    text_bytes(t, &quote, 1);
    return t->p;
}

/* One sign inside a re2c character class. */
static const char *re_in_class(const void *ctx, char sign)
{
    unsigned char c = (unsigned char)sign;

    if (!c)
        return "";
    return isalnum(c) ? mem_printf(ctx, "%c", c) : mem_printf(ctx, "\\x%02x", c);
}

/* ---- names without a sign in front, and spellings that hold a blank; longest first ---- */
static bool is_basic(const char *name)
{
    return isalpha((unsigned char)name[0]) || name[0] == '&' || strchr(name, ' ');
}

typedef struct basic { const char *name; bool digits; } basic;  /* digits: a number ends it */
typedef struct basic_list { basic *list; size_t n; } basic_list;

static int longer_first(const void *a, const void *b)
{
    const basic *x = a, *y = b;
    size_t nx = strlen(x->name), ny = strlen(y->name);

    if (nx != ny)
        return nx > ny ? -1 : 1;
    return strcmp(x->name, y->name);
}

static void add_if_basic(const emitter *e, fill *f, basic_list *all, const m_command *c,
                         const char *name)
{
    size_t letters = name[0] == '&' ? strlen(name) - 1 : strlen(name);
    bool digits = wire_is_basic(e->m, c, name);

    /* one letter, in dialects with basic commands also behind an `&`, needs no rule of its own */
    if (!is_basic(name) || (e->m->lines.chain_basic ? letters < 2 && digits : !name[1]))
        return;
    all->list = mem_grow(f, all->list, basic, all->n + 1);
    all->list[all->n++] = (basic){ name, digits };
}

/* How names without a sign in front begin, as a part of a class: each sign once. */
static void add_first(const emitter *e, text *firsts, const char *name)
{
    char both[] = { name[0], name[0], '\0' };

    if (!(isalpha((unsigned char)name[0]) || name[0] == '&') || strchr(firsts->p, name[0]))
        return;
    if (isalpha((unsigned char)name[0]) && e->m->lines.names_any_case)
        both[1] ^= 'A' ^ 'a';
    text_bytes(firsts, both, both[1] == both[0] ? 1 : 2);
}

static void add_name(emitter *e, fill *f, basic_list *all, text *firsts, const m_command *c,
                     const char *name)
{
    add_if_basic(e, f, all, c, name);
    add_first(e, firsts, name);
}

static void basic_names(emitter *e, fill *f)
{
    basic_list all = { NULL, 0 };
    text *firsts = text_new(f);

    for (size_t i = 0; i < e->m->n_commands; i++) {
        const m_command *c = e->m->commands[i];
        for (size_t k = 0; k < c->n_members; k++) {
            add_name(e, f, &all, firsts, c, c->members[k].name);
            for (size_t a = 0; a < c->members[k].n_aliases; a++)
                add_name(e, f, &all, firsts, c, c->members[k].aliases[a]);
        }
    }
    fill_text(f, "firsts", firsts->p);
    fill_list(f, "basics");
    if (all.n)
        qsort(all.list, all.n, sizeof *all.list, longer_first);
    for (size_t i = 0; i < all.n; i++) {
        const basic *b = &all.list[i];
        if (i > 0 && strcmp(b[-1].name, b->name) == 0)
            continue;
        fill *item = fill_item(f, "basics");
        fill_text(item, "basic", re_literal(f, b->name, e->m->lines.names_any_case));
        fill_flag(item, "digits", b->digits);
    }
}

/* A cell, or behind a basic command anything, may follow a name without an operator: then quotes and
 * commas end a name. Else that matters only to who is told what is wrong. */
static bool ends_before_cells(const emitter *e)
{
    if (e->m->lines.chain_basic)
        return true;
    for (size_t i = 0; i < e->m->n_forms; i++) {
        const m_form *form = e->m->forms[i];
        if (form->kinds & 1u << F_EXEC && form->line->n_slots > 0
            && !is_basic(form->command->members[0].name))
            return true;
    }
    return e->module->uses[WITH_REFUSALS];
}

/* ---- operators ---- */
static bool is_spelled(const char *const *list, size_t n, const char *s)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(list[i], s) == 0)
            return true;
    return false;
}

static bool is_sign(const char *s)
{
    return s && !isalnum((unsigned char)*s) && *s != '"';
}

/* Could the value begin with the last sign of an operator? */
static bool begins_with_sign(const m_slot *slot)
{
    if (slot->literal)
        return is_sign(slot->text);
    switch (slot->type->kind) {
    case T_INT: case T_ENUM: case T_FLAGS: case T_IP: case T_MAC:
        return *slot->pre != '\0';
    case T_WORD: case T_BOOL:
        for (size_t i = 0; i < slot->type->n_items; i++)
            if (is_sign(slot->type->items[i].wire))
                return true;
        return *slot->pre != '\0';
    case T_STRING:
        return slot->type->quote != Q_QUOTED || *slot->pre;
    default:
        return true;
    }
}

/* One but the usual `=` that calls no form need not be known where a shorter one, or none, is refused with the same
 * answer: no form has a value that its last sign could begin. */
static bool is_needed(const emitter *e, const char *spelled)
{
    if (strcmp(spelled, "=") == 0 || wire_calls(e->m, spelled) || e->m->lines.chain || !e->module
        || e->module->uses[WITH_REFUSALS])
        return true;
    for (size_t i = 0; i < e->m->n_forms; i++)
        for (size_t k = 0; k < e->m->forms[i]->line->n_slots; k++)
            if (begins_with_sign(&e->m->forms[i]->line->slots[k]))
                return true;
    return false;
}

/* Is it closed? */
static bool add_operator(emitter *e, fill *f, const char *spelled, const char *name)
{
    if (!is_needed(e, spelled))
        return false;
    fill *item = fill_item(f, "operators");
    bool closed = wire_is_closed(e->m, spelled);

    fill_text(item, "spelled", re_literal(item, spelled, false));
    fill_text(item, "op", name);
    fill_flag(item, "open", !closed);
    return closed;
}

/* The dialect's own, and the usual ones: a command has no such operator is another answer than
 * no such command. */
static void operators(emitter *e, fill *f)
{
    static const char *const names[] = { "EXEC", "READ", "TEST", "SET", "SAVE", "TEST" };
    static const struct { const char *spelled, *name; } usual[] = {
        { "=?", "TEST" }, { "=", "SET" }, { "?", "READ" },
    };
    const char *seen[F_KINDS + 3];
    size_t n = 0;
    bool closed = false;

    fill_list(f, "operators");
    for (int kind = F_EXEC; kind < F_KINDS; kind++) {
        const char *op = e->m->lines.operators[kind];
        if (!op || !*op || is_spelled(seen, n, op))
            continue;
        seen[n++] = op;
        closed |= add_operator(e, f, op, kind == F_QUERY && strcmp(op, "?") == 0 ? "READ" : names[kind]);
    }
    for (size_t i = 0; i < sizeof usual / sizeof *usual; i++) {
        if (is_spelled(seen, n, usual[i].spelled))
            continue;
        closed |= add_operator(e, f, usual[i].spelled, usual[i].name);
    }
    fill_flag(f, "closed", closed);
}

/* ---- the whole ---- */
void emit_lexer(emitter *e, side of)
{
    const m_framing *lines = &e->m->lines;
    fill *f = emit_fill(e);
    bool module = of == SIDE_MODULE;

    fill_text(f, "side", emit_side(of));
    fill_flag(f, "module", module);
    fill_flag(f, "lenient", lines->spaces != SPACES_EXACT);
    fill_flag(f, "no_quotes", lines->no_quotes);
    fill_flag(f, "escape", lines->escape != 0);
    fill_text(f, "escape_sign", re_in_class(f, lines->escape));
    fill_flag(f, "chain", module && lines->chain != 0);
    fill_flag(f, "chain_basic", module && lines->chain_basic);
    fill_text(f, "chain_sign", module ? re_in_class(f, lines->chain) : "");
    fill_printf(f, "chain_code", "0x%02x", (unsigned)(unsigned char)lines->chain);
    fill_text(f, "prefix", re_literal(f, lines->prefix, lines->prefix_any_case));
    fill_text(f, "name_stops", module && ends_before_cells(e) ? "\"," : "");
    basic_names(e, f);
    operators(e, f);
    emit_file(e, "lexer.re.tmpl", mem_printf(f, "_%s_lexer.re", emit_side(of)), f);
    talloc_free(f);
}
