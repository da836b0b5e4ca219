/* <dialect>_text.c, the texts of error tables, and <dialect>_names.c, the names for tools. See
 * templates/text.c.tmpl and names.c.tmpl.
 * SPDX-License-Identifier: MIT */
#include <string.h>

#include "emit.h"
#include "layout.h"
#include "mem.h"

/* ---- texts ---- */
static void text_items(fill *item, const m_type *type)
{
    fill_list(item, "items");
    for (size_t i = 0; i < type->n_items; i++) {
        const m_item *one = &type->items[i];
        fill *f = fill_item(item, "items");
        fill_number(f, "value", one->value);
        fill_text(f, "text", emit_literal(f, one->doc && *one->doc ? one->doc : one->name));
    }
}

void emit_text(emitter *e)
{
    fill *f = emit_fill(e);

    fill_list(f, "errors");
    for (size_t i = 0; i < e->m->n_errors; i++) {
        fill *item = fill_item(f, "errors");
        fill_text(item, "table", e->m->errors[i].type->c_name);
        text_items(item, e->m->errors[i].type);
    }
    emit_file(e, "text.c.tmpl", "_text.c", f);
    talloc_free(f);
}

/* ---- names of lines ---- */
static const char *kind_name(const m_type *type)
{
    switch (type->kind) {
    case T_INT: case T_FLAGS: return "AT_T_INT";
    case T_ENUM: return "AT_T_ENUM";
    case T_BOOL: return strcmp(type->items[0].wire, "0") == 0 ? "AT_T_INT" : "AT_T_WORD";
    case T_WORD: return "AT_T_WORD";
    case T_STRING: return "AT_T_STRING";
    case T_TEXT: case T_BYTES: return "AT_T_TEXT";
    case T_IP: return "AT_T_IP";
    case T_MAC: return "AT_T_MAC";
    case T_HEX: return "AT_T_HEX";
    }
    return "AT_T_TEXT";
}

static void names_slot(fill *f, const m_slot *slot)
{
    fill_text(f, "name", slot->literal ? "\"\"" : emit_literal(f, slot->name));
    fill_text(f, "type", slot->literal ? "\"\"" : emit_literal(f, slot->type->name));
    fill_text(f, "kind", slot->literal ? "AT_T_TEXT" : kind_name(slot->type));
    fill_text(f, "quoted", !slot->literal && slot->type->quote == Q_QUOTED ? "1" : "0");
}

static void names_line(fill *item, const m_line *line)
{
    const char *name = mem_printf(item, "line_%u", line->id);

    fill_number(item, "line", line->id);
    fill_text(item, "syntax", emit_literal(item, line->syntax));
    fill_text(item, "slots_name", line->n_slots ? name : "NULL");
    fill_number(item, "n_slots", (long long)line->n_slots);
    fill_list(item, "slots");
    if (!line->n_slots)
        return;
    fill *slots = fill_item(item, "slots");
    fill_list(slots, "slot");
    for (size_t i = 0; i < line->n_slots; i++)
        names_slot(fill_item(slots, "slot"), &line->slots[i]);
}

static void names_lines(emitter *e, fill *f)
{
    fill_list(f, "lines");
    for (size_t i = 0; i < e->m->n_lines; i++)
        names_line(fill_item(f, "lines"), e->m->all_lines[i]);
}

/* For each row of the side's lines the first line of the dialect that became it. */
static const char *names_rows(const emitter *e, const void *ctx, const tables *t)
{
    size_t *of = mem_array(ctx, size_t, t->lines->n + 1);
    text *out = text_new(ctx);

    for (size_t i = e->m->n_lines; i-- > 0;)
        for (size_t k = FRAME_COUNT; k-- > 0;) {
            int row = t->line_rows[e->m->all_lines[i]->id * FRAME_COUNT + k];
            if (row >= 0)
                of[row] = e->m->all_lines[i]->id;
        }
    for (size_t i = 0; i < t->lines->n; i++)
        text_printf(out, "%s%zu,", i == 0 ? "" : i % 16 == 0 ? "\n" : " ", of[i]);
    return out->p;
}

/* ---- names of forms ---- */
static const char *form_word(const m_form *form, bool saved)
{
    static const char *const words[F_KINDS] = { "exec", "read", "test", "set", "save", "query" };
    unsigned both = 1u << F_SET | 1u << F_SAVE;

    if ((form->kinds & both) == both)
        return words[saved ? F_SAVE : F_SET];
    for (int kind = 0; kind < F_KINDS; kind++)
        if (form->kinds & 1u << kind)
            return words[kind];
    return words[F_EXEC];
}

static const char *members_of(const void *ctx, const m_command *c)
{
    text *t = text_new(ctx);

    for (size_t i = 0; i < c->n_members; i++)
        text_printf(t, "%s, ", emit_literal(t, c->members[i].name));
    return t->p;
}

static const char *size_of(const emitter *e, const void *ctx, const m_struct *s)
{
    return s ? layout_size(ctx, e->lower, s).c : "0";
}

static void names_form(const emitter *e, fill *f, const m_form *form, const size_t *first_reply)
{
    fill_number(f, "id", form->id);
    fill_text(f, "command", emit_literal(f, form->command->members[0].name));
    fill_text(f, "form", emit_literal(f, form_word(form, false)));
    fill_text(f, "form_saved", emit_literal(f, form_word(form, true)));
    fill_text(f, "label", emit_literal(f, form->label));
    fill_text(f, "c_name", emit_literal(f, form->c_name));
    fill_text(f, "members", members_of(f, form->command));
    fill_text(f, "fields_size", size_of(e, f, form->takes));
    fill_text(f, "result_size", size_of(e, f, form->result));
    fill_number(f, "first_reply", (long long)first_reply[form->id]);
    fill_number(f, "n_replies", (long long)form->n_replies);
}

/* Replies in the module's order; notes the first of each form. */
static size_t *names_replies(const emitter *e, fill *f)
{
    size_t *first = mem_array(f, size_t, e->m->n_forms + 1), n = 0;

    fill_list(f, "replies");
    for (size_t i = 0; i < e->module->n_forms; i++) {
        const m_form *form = e->module->form_list[i];
        first[form->id] = n;
        for (size_t k = 0; k < form->n_replies; k++, n++) {
            fill *item = fill_item(f, "replies");
            fill_text(item, "reply", emit_literal(item, form->replies[k].name));
            fill_number(item, "form_id", form->id);
            fill_number(item, "row", (long long)i);
            fill_number(item, "number", (long long)k);
        }
    }
    for (size_t i = 0, number = 1; i < e->m->n_results; i++) {
        if (!tables_is_new_error(e->m, i))
            continue;
        fill *item = fill_item(f, "replies");
        fill_number(item, "row", (long long)e->module->n_forms);
        fill_number(item, "number", (long long)number++);
        fill_text(item, "reply", emit_literal(item, e->m->results[i].name));
        fill_text(item, "form_id", "UINT16_MAX");
    }
    return first;
}

static const m_urc *restart_of(const model *m)
{
    for (size_t i = 0; i < m->n_urcs; i++)
        if (m->urcs[i]->restarts)
            return m->urcs[i];
    return NULL;
}

static void names_urcs(const emitter *e, fill *f)
{
    const m_urc *restart = restart_of(e->m);

    fill_list(f, "urcs");
    for (size_t i = 0; i < e->m->n_urcs; i++) {
        const m_urc *u = e->m->urcs[i];
        fill *item = fill_item(f, "urcs");
        fill_text(item, "urc", emit_literal(item, u->name));
        fill_number(item, "urc_line", (long long)tables_urc(e->module, u));
    }
    fill_number(f, "n_urcs", (long long)e->m->n_urcs);
    fill_number(f, "restart", restart ? (long long)tables_urc_number(e->m, restart) : UINT16_MAX);
}

/* ---- meanings ---- */
static void names_meanings(const emitter *e, fill *f)
{
    fill_flag(f, "has_meanings", e->m->n_meanings > 0);
    fill_list(f, "meanings");
    for (size_t i = 0; i < e->m->n_meanings; i++) {
        const m_meaning *m = &e->m->meanings[i];
        fill *item = fill_item(f, "meanings");
        text *params = text_new(item);
        for (size_t k = 0; k < MEANS_PARAMS; k++)
            text_printf(params, "%s%s", k ? ", " : "",
                        m->params[k] ? emit_literal(item, m->params[k]) : "NULL");
        fill_number(item, "role", m->role);
        fill_number(item, "of", m->form ? m->form->id : m->urc->id);
        fill_text(item, "params", params->p);
        fill_text(item, "what", mem_printf(item, "%s %s", model_role(m->role),
                                           m->form ? m->form->c_name : m->urc->c_name));
    }
}

/* ---- examples ---- */

/* A step in the exchange notation, as a literal of its own. */
static const char *example_step(const void *ctx, const m_wire *w)
{
    text *t = text_new(ctx);

    text_printf(t, "%c ", w->direction);
    for (size_t i = 0; i < w->len; i++) {
        unsigned char c = (unsigned char)w->bytes[i];
        if (c == '\r' || c == '\n')
            text_add(t, c == '\r' ? "\\r" : "\\n");
        else if (c == '\\')
            text_add(t, "\\\\");
        else if (c < ' ' || c >= 0x7f)
            text_printf(t, "\\x%02x", c);
        else
            text_printf(t, "%c", c);
    }
    text_add(t, "\n");
    return emit_literal(ctx, t->p);
}

/* A value that makes the condition hold. */
static long long given_value(const m_cond *c)
{
    if (c->is_bits)
        return c->negate ? 0 : c->hi;
    return c->negate ? c->hi + 1 : c->lo;
}

static void names_given(fill *item, const m_example *example)
{
    fill_list(item, "given");
    if (!example->n_given)
        return;
    fill *given = fill_item(item, "given");
    fill_list(given, "settings");
    for (size_t i = 0; i < example->n_given; i++) {
        fill *one = fill_item(given, "settings");
        fill_number(one, "setting", (long long)example->given[i].setting->id);
        fill_number(one, "key", example->given[i].has_key ? example->given[i].key : UINT8_MAX);
        fill_number(one, "value", given_value(&example->given[i]));
        fill_text(one, "name", emit_comment(one, example->given[i].setting->name));
    }
}

static void names_examples(const emitter *e, fill *f)
{
    fill_flag(f, "has_examples", e->m->n_examples > 0);
    fill_list(f, "examples");
    for (size_t i = 0; i < e->m->n_examples; i++) {
        const m_example *example = &e->m->examples[i];
        fill *item = fill_item(f, "examples");
        fill_number(item, "index", (long long)i);
        fill_text(item, "example_title", emit_literal(item, example->title));
        fill_text(item, "given_name",
                  example->n_given ? mem_printf(item, "given_%zu", i) : "NULL");
        fill_number(item, "n_given", (long long)example->n_given);
        names_given(item, example);
        fill_list(item, "steps");
        for (size_t k = 0; k < example->n_lines; k++)
            fill_text(fill_item(item, "steps"), "step", example_step(item, &example->lines[k]));
    }
}

/* Only for a whole dialect with both sides: tools have no use for anything else. */
void emit_names(emitter *e)
{
    fill *f = emit_fill(e);

    if (!e->module || !e->host || e->options->only)
        return;
    names_lines(e, f);
    fill_text(f, "module_lines", names_rows(e, f, e->module));
    fill_text(f, "host_lines", names_rows(e, f, e->host));
    const size_t *first_reply = names_replies(e, f);
    fill_list(f, "forms");
    for (size_t i = 0; i < e->m->n_forms; i++)
        names_form(e, fill_item(f, "forms"), e->m->forms[i], first_reply);
    fill_number(f, "n_forms", (long long)e->m->n_forms);
    names_urcs(e, f);
    names_examples(e, f);
    names_meanings(e, f);
    fill_text(f, "name_literal", emit_literal(f, e->m->name));
    fill_text(f, "title_literal", emit_literal(f, e->m->title ? e->m->title : e->m->name));
    emit_file(e, "names.c.tmpl", "_names.c", f);
    talloc_free(f);
}
