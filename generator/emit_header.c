/* <dialect>.h: the types of both sides. See templates/header.h.tmpl.
 * SPDX-License-Identifier: MIT */
#include <string.h>

#include "emit.h"
#include "layout.h"
#include "mem.h"
#include "wire.h"

#include <uthash.h>

enum { WIDEST_PAD = 44 };       /* comments of a struct's members begin at most here */

/* ---- what a value may be, in words ---- */
static const char *doc_ranges(const void *ctx, const m_type *type)
{
    text *t = text_new(ctx);

    for (size_t i = 0; i < type->n_ranges; i++)
        text_printf(t, type->ranges[i].lo == type->ranges[i].hi ? "%s%lld" : "%s%lld..%lld",
                    i ? ", " : "", (long long)type->ranges[i].lo, (long long)type->ranges[i].hi);
    return t->p;
}

static const char *doc_range(const emitter *e, const void *ctx, const m_type *type)
{
    switch (type->kind) {
    case T_INT:
        return mem_printf(ctx, "%s%s%s", doc_ranges(ctx, type), type->unit ? " " : "",
                          type->unit ? type->unit : "");
    case T_STRING: case T_TEXT: case T_HEX:
        return mem_printf(ctx, "%s bytes", doc_ranges(ctx, type));
    case T_ENUM: case T_WORD: case T_FLAGS:
        return mem_printf(ctx, "%s_%s_...", e->upper, emit_upper(ctx, type->c_name));
    case T_BOOL: case T_IP: case T_MAC: case T_BYTES:
        break;
    }
    return "";
}

/* What leaving the field out means; "" where that is not said, or cannot be. */
static const char *doc_default(const void *ctx, const m_field *f)
{
    if (!f->has || !f->type->has_default)
        return "";
    for (size_t i = 0; i < f->type->n_items; i++)
        if (f->type->items[i].value == f->type->dflt && f->type->kind != T_FLAGS)
            return mem_printf(ctx, "; left out: %s", f->type->items[i].name);
    return mem_printf(ctx, "; left out: %lld", (long long)f->type->dflt);
}

static const char *doc_field(const emitter *e, const void *ctx, const m_field *f)
{
    if (f->is_saved)
        return "where the setting is kept";
    if (f->is_outcome)
        return "which result it was";
    if (f->type->kind == T_BYTES)
        return "bytes that are no part of the line";
    const char *range = doc_range(e, ctx, f->type), *doc = f->type->doc ? f->type->doc : "";
    return emit_comment(ctx, mem_printf(ctx, "%s%s%s%s", doc, *doc && *range ? "; " : "", range,
                                        doc_default(ctx, f)));
}

/* ---- types ---- */
static bool has_constants(const m_type *type)
{
    return type->named && (type->kind == T_ENUM || type->kind == T_WORD || type->kind == T_FLAGS);
}

static const char *c_value(const void *ctx, const m_type *type, int64_t value)
{
    if (type->kind == T_FLAGS)
        return mem_printf(ctx, "0x%llx", (long long)value);
    return mem_printf(ctx, "%lld", (long long)value);
}

/* An enum constant is an int: larger values become macros. */
static void type_items(const emitter *e, fill *item, const m_type *type)
{
    fill_list(item, "items");
    fill_list(item, "macros");
    for (size_t i = 0; i < type->n_items; i++) {
        const m_item *one = &type->items[i];
        bool large = one->value > INT32_MAX || one->value < -INT32_MAX;
        fill *f = fill_item(item, large ? "macros" : "items");
        fill_printf(f, "constant", "%s_%s_%s", e->upper, emit_upper(f, type->c_name), one->name);
        fill_text(f, "value", c_value(f, type, one->value));
        fill_text(f, "doc", emit_comment(f, one->doc));
    }
}

static const char *plain_type(const m_type *type)
{
    static const char *const names[2][3] = { { "uint8_t", "uint16_t", "uint32_t" },
                                             { "int8_t", "int16_t", "int32_t" } };
    return names[type->is_signed][type->bytes == 1 ? 0 : type->bytes == 2 ? 1 : 2];
}

static void header_types(emitter *e, fill *f)
{
    fill_list(f, "types");
    for (size_t i = 0; i < e->m->n_types; i++) {
        const m_type *type = e->m->types[i];
        if (!has_constants(type))
            continue;
        fill *item = fill_item(f, "types");
        fill_text(item, "type", type->c_name);
        fill_text(item, "plain", plain_type(type));
        fill_text(item, "doc", emit_comment(item, type->doc ? type->doc : type->name));
        type_items(e, item, type);
    }
}

/* ---- structs ---- */
static size_t widest(const member *m, size_t n)
{
    size_t width = 0;

    for (size_t i = 0; i < n; i++) {
        size_t one = strlen(m[i].type) + strlen(m[i].name) + 2;
        width = one > width && one <= WIDEST_PAD ? one : width;
    }
    return width;
}

static void struct_member(const emitter *e, fill *f, const member *m, const m_struct *s,
                          size_t width)
{
    const char *name =
        m->field || strcmp(m->name, "item") != 0 ? m->name : mem_printf(f, "item[%u]", s->loop_max);
    const char *declared = mem_printf(f, "%s %s;", m->type, name);
    const char *doc = m->is_has || !m->field ? "" : doc_field(e, f, m->field);

    fill_printf(f, "member", "%-*s", *doc ? (int)width : 0, declared);
    fill_text(f, "about", doc);
}

static void struct_members(const emitter *e, fill *item, const char *list, const m_struct *s,
                           const member *m, size_t n)
{
    size_t width = widest(m, n);

    fill_list(item, list);
    for (size_t i = 0; i < n; i++)
        struct_member(e, fill_item(item, list), &m[i], s, width);
}

/* The longest text each field may hold, and the most a number may be. */
static void struct_limits(const emitter *e, fill *item, const m_struct *s)
{
    fill_list(item, "limits");
    for (size_t i = 0; i < s->n_fields; i++) {
        const m_type *type = s->fields[i].type;
        bool text_like =
            type && (type->kind == T_STRING || type->kind == T_TEXT || type->kind == T_HEX);
        if (!type || s->fields[i].of_error || (!text_like && type->kind != T_INT))
            continue;
        int64_t most = type->ranges[0].hi;
        for (size_t k = 1; k < type->n_ranges; k++)
            most = type->ranges[k].hi > most ? type->ranges[k].hi : most;
        fill *f = fill_item(item, "limits");
        fill_printf(f, "limit", "%s_%s_%s_MAX", e->upper, emit_upper(f, s->c_name),
                    emit_upper(f, s->fields[i].name));
        fill_printf(f, "most", most > INT32_MAX ? "%lldu" : "%lld", (long long)most);
    }
}

static void struct_one(const emitter *e, fill *f, const m_struct *s, const char *doc)
{
    fill *item = fill_item(f, "structs");
    layout l = layout_of(item, e->lower, s);

    fill_text(item, "struct", s->c_name);
    fill_text(item, "doc", emit_comment(item, doc ? doc : s->doc ? s->doc : s->c_name));
    fill_flag(item, "loop", s->has_loop);
    struct_members(e, item, "loop_members", s, l.items, l.n_items);
    struct_members(e, item, "members", s, l.members, l.n);
    struct_limits(e, item, s);
    fill_list(item, "outcomes");
}

/* ---- forms with their structs ---- */
static void form_outcomes(const emitter *e, fill *f, const m_form *form)
{
    fill_list(f, "outcomes");
    for (size_t i = 0; i < form->n_outcomes; i++) {
        fill *item = fill_item(f, "outcomes");
        fill_printf(item, "constant", "%s_%s_%s", e->upper, emit_upper(item, form->c_name),
                    emit_upper(item, form->outcomes[i].name));
        fill_number(item, "value", (long long)i);
        fill_text(item, "doc", emit_comment(item, form->outcomes[i].wire));
    }
}

/* What a parameter of a line that answers `=?` is called: QICFG_TEST_SIZE_TRANSPKTSIZE_PARAM. */
static const char *param_constant(void *ctx, const m_form *form, const m_said *said, size_t slot)
{
    const char *label = said->label ? said->label : "";

    return mem_printf(ctx, "%s_%s%s%s_PARAM", emit_upper(ctx, form->c_name),
                      emit_upper(ctx, label), *label ? "_" : "",
                      emit_upper(ctx, said->line->slots[slot].name));
}

static bool is_shown(const m_line *line, size_t slot)
{
    return line->readings[0].mask >> slot & 1u;
}

static bool said_params(const emitter *e, fill *f, const m_form *form, const m_said *said)
{
    int cell = 0;
    bool any = false;

    fill_text(f, "line", emit_comment(f, wire_text(f, &form->command->members[0], said->text)));
    fill_list(f, "params");
    for (size_t i = 0; i < said->line->n_slots; i++) {
        if (is_shown(said->line, i) && !said->line->slots[i].literal) {
            fill *item = fill_item(f, "params");
            fill_printf(item, "constant", "%s_%s", e->upper, param_constant(item, form, said, i));
            fill_number(item, "value", cell);
            any = true;
        }
        cell += is_shown(said->line, i);
    }
    return any;
}

static void form_says(const emitter *e, fill *f, const m_form *form)
{
    bool any = false;

    fill_list(f, "says");
    for (size_t i = 0; i < form->n_says; i++)
        any = said_params(e, fill_item(f, "says"), form, &form->says[i]) || any;
    fill_flag(f, "has_params", any);
}

static void header_form(const emitter *e, fill *f, const m_form *form)
{
    fill *item = fill_item(f, "forms");
    form_rows rows = emit_rows(item, form);
    const char *title = form->command->title ? form->command->title : "";

    fill_text(item, "syntax", emit_comment(item, form->line->syntax));
    fill_text(item, "title", emit_comment(item, title));
    fill_list(item, "structs");
    form_outcomes(e, item, form);
    form_says(e, item, form);
    if (form->takes)
        struct_one(e, item, form->takes, form->takes->doc);
    for (size_t i = 0; i < rows.n; i++)
        struct_one(e, item, rows.rows[i],
                   mem_printf(item, "One of the lines that answer %s", form->line->syntax));
    struct_one(e, item, form->result, mem_printf(item, "What answers %s", form->line->syntax));
}

static void header_structs(emitter *e, fill *f)
{
    fill_list(f, "forms");
    for (size_t i = 0; i < e->m->n_forms; i++)
        header_form(e, f, e->m->forms[i]);
    fill_list(f, "structs");
    for (size_t i = 0; i < e->m->n_urcs; i++) {
        const m_urc *u = e->m->urcs[i];
        if (u->line->fields)
            struct_one(e, f, u->line->fields,
                       mem_printf(f, "%s: %s", u->line->syntax, u->title ? u->title : u->name));
    }
    for (size_t i = 0; i < e->m->n_results; i++) {
        const m_line *line = e->m->results[i].line;
        if (line->fields)
            struct_one(e, f, line->fields, mem_printf(f, "%s", line->syntax));
    }
}

static void header_errors(emitter *e, fill *f)
{
    fill_list(f, "errors");
    for (size_t i = 0; i < e->m->n_errors; i++) {
        fill *item = fill_item(f, "errors");
        fill_text(item, "table", e->m->errors[i].type->c_name);
        fill_text(item, "doc", emit_comment(item, e->m->errors[i].title ? e->m->errors[i].title
                                                                       : e->m->errors[i].name));
    }
}

/* ---- no C name twice ---- */
typedef struct c_name { const char *name; UT_hash_handle hh; } c_name;

static void claim(emitter *e, c_name **names, const char *name, place at)
{
    c_name *found;

    HASH_FIND_STR(*names, name, found);
    if (found) {
        diag_at(e->d, at, D_NOT_GENERATED, "not generated yet: two things with the C name %s",
                name);
        return;
    }
    found = mem_new(e->out, c_name);
    found->name = name;
    HASH_ADD_KEYPTR(hh, *names, found->name, strlen(found->name), found);
}

static void claim_types(emitter *e, c_name **names, void *ctx)
{
    for (size_t i = 0; i < e->m->n_types; i++) {
        const m_type *type = e->m->types[i];
        if (!has_constants(type))
            continue;
        claim(e, names, type->c_name, type->at);
        for (size_t k = 0; k < type->n_items; k++)
            claim(e, names,
                  mem_printf(ctx, "%s_%s", emit_upper(ctx, type->c_name), type->items[k].name),
                  type->items[k].at);
    }
    for (size_t i = 0; i < e->m->n_errors; i++)
        claim(e, names, mem_printf(ctx, "%s_text", e->m->errors[i].type->c_name),
              e->m->errors[i].type->at);
}

static void claim_params(emitter *e, c_name **names, void *ctx, const m_form *form,
                         const m_said *said)
{
    for (size_t i = 0; i < said->line->n_slots; i++)
        if (is_shown(said->line, i) && !said->line->slots[i].literal)
            claim(e, names, param_constant(ctx, form, said, i), said->line->slots[i].at);
}

static void claim_form(emitter *e, c_name **names, void *ctx, const m_form *form)
{
    form_rows rows = emit_rows(ctx, form);

    for (size_t i = 0; i < form->n_outcomes; i++)
        claim(e, names, mem_printf(ctx, "%s_%s", emit_upper(ctx, form->c_name),
                                   emit_upper(ctx, form->outcomes[i].name)), form->at);
    for (size_t i = 0; i < form->n_says; i++)
        claim_params(e, names, ctx, form, &form->says[i]);
    for (size_t i = 0; i < form->n_replies; i++)
        claim(e, names, mem_printf(ctx, "module_%s_%s", form->c_name, form->replies[i].name),
              form->at);
    claim(e, names, mem_printf(ctx, "host_%s", form->c_name), form->at);
    claim(e, names, mem_printf(ctx, "host_%s_wait", form->c_name), form->at);
    claim(e, names, mem_printf(ctx, "%s_done", form->c_name), form->at);
    if (rows.n > 1)
        claim(e, names, mem_printf(ctx, "%s_rows", form->c_name), form->at);
    else if (rows.n == 1)
        claim(e, names,
              mem_printf(ctx, "%s_%s_fn", form->c_name, emit_row_name(ctx, form, rows.rows[0])),
              form->at);
}

/* What C has one name space for: types, functions and constants of both sides, without the
 * dialect's prefix. */
static void claim_all(emitter *e)
{
    static const char *const own[] = { "module",      "module_handlers",
                                       "module_init", "module_app",
                                       "module_link", "module_class",
                                       "host",        "host_events",
                                       "host_result", "host_room",
                                       "host_init",   "host_link",
                                       "host_class",  "names" };
    c_name *names = NULL;
    void *ctx = talloc_new(e->out);

    for (size_t i = 0; i < sizeof own / sizeof *own; i++)
        claim(e, &names, own[i], (place){ 0 });
    claim_types(e, &names, ctx);
    for (size_t i = 0; i < e->m->n_structs; i++)
        claim(e, &names, e->m->structs[i]->c_name, (place){ 0 });
    for (size_t i = 0; i < e->m->n_forms; i++)
        claim_form(e, &names, ctx, e->m->forms[i]);
    for (size_t i = 0; i < e->m->n_results; i++)
        if (tables_is_new_error(e->m, i))
            claim(e, &names, mem_printf(ctx, "module_%s", e->m->results[i].name),
                  e->m->results[i].at);
    for (size_t i = 0; i < e->m->n_urcs; i++)
        claim(e, &names, mem_printf(ctx, "module_%s", e->m->urcs[i]->c_name), e->m->urcs[i]->at);
    HASH_CLEAR(hh, names);
    talloc_free(ctx);
}

void emit_header(emitter *e)
{
    fill *f = emit_fill(e);

    claim_all(e);
    header_types(e, f);
    header_structs(e, f);
    header_errors(e, f);
    emit_file(e, "header.h.tmpl", ".h", f);
    talloc_free(f);
}
