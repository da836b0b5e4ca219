/* The model as JSON, for people and scripts: `atgen dump --stage model`. What the keys mean is
 * promised to users; keys may be added. One entry per name: the members of a family are commands of
 * their own here.
 * SPDX-License-Identifier: MIT */
#include <jansson.h>
#include <string.h>

#include "mem.h"
#include "passes.h"
#include "wire.h"

static json_t *text(const char *s)
{
    return s ? json_string_nocheck(s) : json_null();
}

static void put(json_t *object, const char *key, json_t *value)
{
    if (json_object_set_new(object, key, value)) mem_fail();
}

static void add(json_t *array, json_t *value)
{
    if (json_array_append_new(array, value)) mem_fail();
}

/* ---- lines ---- */

/* The line as the spec writes it, with `m` for the family's first name. */
static json_t *syntax(const m_line *line, const m_command *c, const m_member *m)
{
    void *ctx = talloc_new(NULL);
    const char *first = c->members[0].name, *at = *first ? strstr(line->syntax, first) : NULL;
    char *out = mem_string(ctx, line->syntax);
    if (at && m != &c->members[0])
        out = mem_printf(ctx, "%.*s%s%s", (int)(at - line->syntax), line->syntax, m->name,
                         at + strlen(first));
    char *star = m->ending ? strchr(out, '*') : NULL;
    if (star) out = mem_printf(ctx, "%.*s%s%s", (int)(star - out), out, m->ending, star + 1);
    json_t *json = text(out);
    talloc_free(ctx);
    return json;
}

/* ---- types and parameters ---- */

static const char *type_word(const m_type *t)
{
    static const char *const words[] = { "int", "enum", "enum", "bool",  "string", "text",
                                         "ip",  "mac",  "hex",  "flags", "bytes" };
    return words[t->kind];
}

static json_t *ranges(const m_type *t)
{
    json_t *all = json_array();
    for (size_t i = 0; i < t->n_ranges; i++)
        add(all, json_pack("[I, I]", (json_int_t)t->ranges[i].lo, (json_int_t)t->ranges[i].hi));
    return all;
}

static json_t *items(const m_type *t)
{
    json_t *all = json_array();
    for (size_t i = 0; i < t->n_items; i++) {
        const m_item *x = &t->items[i];
        bool word = t->kind == T_WORD || t->kind == T_BOOL;
        json_t *item = json_object();
        put(item, "value", word ? text(x->wire) : json_integer((json_int_t)x->value));
        put(item, "name", text(x->name));
        if (x->doc) put(item, "meaning", text(x->doc));
        add(all, item);
    }
    return all;
}

static json_t *default_of(const m_type *t)
{
    if (t->dflt_text && !t->n_items) return text(t->dflt_text);
    for (size_t i = 0; i < t->n_items; i++)
        if (t->items[i].value == t->dflt && t->kind != T_FLAGS) return text(t->items[i].name);
    return json_integer((json_int_t)t->dflt);
}

static json_t *param(const m_slot *slot)
{
    json_t *p = json_object();
    const m_type *t = slot->type;
    put(p, "name", text(slot->name));
    put(p, "type", text(type_word(t)));
    put(p, "optional", json_boolean(slot->optional || slot->may_be_empty));
    put(p, "c_field", text(slot->field));
    put(p, "c_type", text(t->c_name));
    if (t->n_ranges && t->kind != T_FLAGS) put(p, t->kind == T_INT ? "range" : "length", ranges(t));
    if (t->n_items) put(p, "values", items(t));
    if (t->is_hex) put(p, "hex", json_true());
    if (t->quote == Q_QUOTED) put(p, "quoted", json_true());
    if (t->unit) put(p, "unit", text(t->unit));
    if (t->has_default) put(p, "default", default_of(t));
    if (t->doc) put(p, "meaning", text(t->doc));
    return p;
}

static bool named_before(const m_line *line, size_t slot)
{
    for (size_t i = 0; i < slot; i++)
        if (!line->slots[i].literal && !strcmp(line->slots[i].name, line->slots[slot].name))
            return true;
    return false;
}

static json_t *params(const m_line *line)
{
    json_t *all = json_array();
    for (size_t i = 0; i < line->n_slots; i++)
        if (!line->slots[i].literal && !named_before(line, i)) add(all, param(&line->slots[i]));
    return all;
}

/* ---- forms ---- */

static bool has_string(const json_t *array, const json_t *value)
{
    size_t i;
    json_t *old;
    json_array_foreach(array, i, old) if (json_equal(old, value)) return true;
    return false;
}

static void add_once(json_t *array, json_t *value)
{
    if (has_string(array, value))
        json_decref(value);
    else
        add(array, value);
}

static void add_lines(json_t *array, const m_form *form, const m_member *m, bool finals)
{
    for (size_t i = 0; i < form->flow->n_atoms; i++) {
        const m_atom *a = &form->flow->atoms[i];
        bool is_final = a->kind == A_FINAL || (a->kind == A_BODY && a->line);
        if (a->kind == A_URC) {
            if (!finals) add_once(array, text(a->urc->line->syntax));
        } else if (a->line && is_final == finals) {
            add_once(array, syntax(a->line, form->command, m));
        }
    }
}

static json_t *data_of(const m_form *form)
{
    for (size_t i = 0; i < form->flow->n_atoms; i++) {
        const m_atom *a = &form->flow->atoms[i];
        json_t *d = NULL;
        if (a->kind == A_DATA_IN)
            d = json_pack("{s:s}", "to", "module");
        else if (a->kind == A_DATA_OUT || a->kind == A_BODY
                 || (a->line && a->line->data_at != DATA_NONE))
            d = json_pack("{s:s}", "to", "host");
        else if (a->kind == A_TRANSPARENT)
            d = json_pack("{s:s}", "to", "both");
        if (!d) continue;
        if (a->count_field) put(d, "count", text(a->count_field));
        if (a->text) put(d, "until", json_stringn_nocheck(a->text, a->text_len));
        return d;
    }
    return json_null();
}

static json_t *c_names(const m_form *form, const char *dialect)
{
    json_t *c = json_object();
    void *ctx = talloc_new(NULL);
    put(c, "struct",
        form->takes ? text(mem_printf(ctx, "%s_%s", dialect, form->takes->c_name)) : json_null());
    put(c, "result", text(mem_printf(ctx, "%s_%s", dialect, form->result->c_name)));
    put(c, "handler", text(form->c_name));
    put(c, "call", text(mem_printf(ctx, "%s_host_%s", dialect, form->c_name)));
    json_t *replies = json_array();
    for (size_t i = 0; i < form->n_replies; i++)
        add(replies,
            text(mem_printf(ctx, "%s_module_%s_%s", dialect, form->c_name, form->replies[i].name)));
    put(c, "replies", replies);
    talloc_free(ctx);
    return c;
}

static json_t *outcomes(const m_form *form)
{
    json_t *all = json_array();
    for (size_t i = 0; i < form->n_outcomes; i++) add(all, text(form->outcomes[i].name));
    return all;
}

/* The form's time limit in ms; of one that is computed, with the defaults of its numbers. */
static int64_t time_ms(const m_form *form)
{
    const m_time *t = &form->within;
    int64_t product = t->scale_ms;
    for (int i = 0; i < 2 && t->by[i].type; i++) product *= t->by[i].type->dflt;
    return t->ms + product;
}

/* The command line as it is written for `kind`: of `set, save` the spec shows that of set. */
static json_t *command_syntax(const model *x, const m_form *form, const m_member *m,
                              m_form_kind kind)
{
    json_t *shown = syntax(form->line, form->command, m);
    const char *whole = json_string_value(shown), *sign = x->lines.operators[kind];
    size_t front = strlen(x->lines.prefix) + strlen(m->name), n = strlen(form->op);
    bool is_other = kind == F_SAVE && (form->kinds & 1u << F_SET) && sign;
    if (!is_other || !whole || strlen(whole) < front || strncmp(whole + front, form->op, n) != 0)
        return shown;
    char *other = mem_printf(NULL, "%.*s%s%s", (int)front, whole, sign, whole + front + n);
    json_decref(shown);
    shown = text(other);
    talloc_free(other);
    return shown;
}

static json_t *variant(const model *x, const m_form *form, const m_member *m, m_form_kind kind)
{
    json_t *v = json_object();
    put(v, "syntax", command_syntax(x, form, m, kind));
    if (form->label) put(v, "label", text(form->label));
    put(v, "timeout_ms", json_integer(time_ms(form)));
    put(v, "params", params(form->line));
    put(v, "outcomes", outcomes(form));
    put(v, "c", c_names(form, x->name));
    return v;
}

/* The numbers a time limit is computed from: their product, times so many milliseconds. */
static json_t *time_fields(const m_time *t)
{
    json_t *all = json_array();
    for (int i = 0; i < 2 && t->by[i].type; i++)
        add(all, text(t->by[i].setting ? t->by[i].setting->name : t->by[i].field));
    json_t *o = json_object();
    put(o, "fields", all);
    put(o, "scale_ms", json_integer(t->scale_ms));
    return o;
}

static const char *const kind_words[F_KINDS] = { "exec", "read", "test", "set", "save", "query" };

/* What the module answers to `=?`. */
static json_t *says(const m_form *form, const m_member *m)
{
    json_t *all = json_array();
    void *ctx = talloc_new(NULL);
    for (size_t i = 0; i < form->n_says; i++) add(all, text(wire_text(ctx, m, form->says[i].text)));
    talloc_free(ctx);
    return all;
}

/* One form: all its variants. Null when the command has none of that kind. */
static json_t *form_of(const m_command *c, const m_member *m, m_form_kind kind, const model *x)
{
    json_t *form = NULL, *variants = json_array(), *responses = json_array(),
           *finals = json_array();
    for (size_t i = 0; i < c->n_forms; i++) {
        const m_form *f = c->forms[i];
        if (!(f->kinds & 1u << kind)) continue;
        add(variants, variant(x, f, m, kind));
        add_lines(responses, f, m, false);
        add_lines(finals, f, m, true);
        if (form) continue;
        form = json_object();
        put(form, "form", text(kind_words[kind]));
        put(form, "timeout_ms", json_integer(time_ms(f)));
        if (f->within.scale_ms) put(form, "timeout_of", time_fields(&f->within));
        put(form, "data", data_of(f));
        put(form, "c", c_names(f, x->name));
        if (f->answers_types) put(form, "says", says(f, m));
    }
    if (!form) {
        json_decref(variants);
        json_decref(responses);
        json_decref(finals);
        return NULL;
    }
    put(form, "variants", variants);
    put(form, "responses", responses);
    put(form, "finals", finals);
    return form;
}

static json_t *forms(const m_command *c, const m_member *m, const model *x)
{
    json_t *all = json_array();
    for (m_form_kind k = F_EXEC; k < F_KINDS; k++) {
        json_t *form = form_of(c, m, k, x);
        if (form) add(all, form);
    }
    return all;
}

static json_t *command(const m_command *c, const m_member *m, const model *x)
{
    json_t *o = json_object(), *aliases = json_array();
    for (size_t i = 0; i < m->n_aliases; i++) add(aliases, text(m->aliases[i]));
    put(o, "name", text(m->name));
    put(o, "aliases", aliases);
    put(o, "title", text(c->title));
    put(o, "saved", text(m->saved));
    if (c->note) put(o, "note", text(c->note));
    if (c->named_only) put(o, "named_only", json_true());
    put(o, "forms", forms(c, m, x));
    return o;
}

/* ---- what ends transparent mode: no command line, but documented and looked for like one ---- */

static bool has_name(const json_t *all, const char *name)
{
    for (size_t i = 0; i < json_array_size(all); i++)
        if (strcmp(json_string_value(json_object_get(json_array_get(all, i), "name")), name) == 0)
            return true;
    return false;
}

/* The result codes that answer it. */
static json_t *answers_to(const m_flow *flow, const m_atom *a)
{
    json_t *all = json_array();
    for (size_t i = 0; i < a->n_follow; i++) {
        const m_atom *next = &flow->atoms[a->follow[i]];
        if (next->kind == A_FINAL) add(all, text(next->line->syntax));
    }
    return all;
}

static json_t *escape_form(const m_form *form, const m_atom *a)
{
    json_t *o = json_object(), *variants = json_array(), *one = json_object();
    put(one, "syntax", text(a->text));
    put(one, "timeout_ms", json_integer(time_ms(form)));
    put(one, "params", json_array());
    add(variants, one);
    put(o, "form", text(kind_words[F_EXEC]));
    put(o, "timeout_ms", json_integer(time_ms(form)));
    put(o, "silence_ms", json_integer(a->silence.ms));
    put(o, "variants", variants);
    put(o, "responses", json_array());
    put(o, "finals", answers_to(form->flow, a));
    return o;
}

static json_t *escape(const m_form *form, const m_atom *a)
{
    json_t *o = json_object(), *all = json_array();
    add(all, escape_form(form, a));
    put(o, "name", text(a->text));
    put(o, "aliases", json_array());
    put(o, "title", text("Leave transparent mode"));
    put(o, "escape", json_true());
    put(o, "forms", all);
    return o;
}

static void add_escapes(json_t *all, const model *x)
{
    for (size_t i = 0; i < x->n_forms; i++) {
        const m_flow *flow = x->forms[i]->flow;
        for (size_t k = 0; k < flow->n_atoms; k++)
            if (flow->atoms[k].kind == A_TRANSPARENT && !has_name(all, flow->atoms[k].text))
                add(all, escape(x->forms[i], &flow->atoms[k]));
    }
}

/* ---- the rest ---- */

static json_t *commands(const model *x)
{
    json_t *all = json_array();
    for (size_t i = 0; i < x->n_commands; i++)
        for (size_t k = 0; k < x->commands[i]->n_members; k++)
            add(all, command(x->commands[i], &x->commands[i]->members[k], x));
    add_escapes(all, x);
    return all;
}

static json_t *urcs(const model *x)
{
    json_t *all = json_array();
    for (size_t i = 0; i < x->n_urcs; i++) {
        const m_urc *u = x->urcs[i];
        json_t *o = json_object();
        put(o, "name", text(u->name));
        if (u->label) put(o, "label", text(u->label));
        put(o, "syntax", text(u->line->syntax));
        put(o, "title", text(u->title));
        put(o, "params", params(u->line));
        put(o, "c", text(u->c_name));
        add(all, o);
    }
    return all;
}

static json_t *errors(const model *x)
{
    json_t *all = json_array();
    for (size_t i = 0; i < x->n_errors; i++)
        for (size_t k = 0; k < x->errors[i].type->n_items; k++) {
            const m_item *item = &x->errors[i].type->items[k];
            json_t *o = json_object();
            put(o, "table", text(x->errors[i].name));
            put(o, "code", json_integer((json_int_t)item->value));
            put(o, "name", text(item->name));
            put(o, "meaning", text(item->doc));
            add(all, o);
        }
    return all;
}

static json_t *results(const model *x)
{
    static const char *const classes[] = { "ok", "error", "busy" };
    json_t *all = json_array();
    for (size_t i = 0; i < x->n_results; i++) {
        json_t *o = json_object();
        put(o, "text", text(x->results[i].line->syntax));
        put(o, "class", text(classes[x->results[i].klass]));
        add(all, o);
    }
    return all;
}

/* Every line of either side, by the number that `<dialect>_names` has for it, with what stands in it. */
static json_t *lines(const model *x)
{
    json_t *all = json_array();
    for (size_t i = 0; i < x->n_lines; i++) {
        json_t *o = json_object();
        put(o, "syntax", text(x->all_lines[i]->syntax));
        put(o, "params", params(x->all_lines[i]));
        add(all, o);
    }
    return all;
}

static json_t *meanings(const model *x)
{
    json_t *all = json_array();
    for (size_t i = 0; i < x->n_meanings; i++) {
        const m_meaning *m = &x->meanings[i];
        json_t *o = json_object(), *params = json_array();
        put(o, "role", text(model_role(m->role)));
        put(o, m->form ? "form" : "urc", text(m->form ? m->form->c_name : m->urc->c_name));
        for (size_t k = 0; k < MEANS_PARAMS && m->params[k]; k++) add(params, text(m->params[k]));
        put(o, "params", params);
        add(all, o);
    }
    return all;
}

void model_dump(const model *x, FILE *to)
{
    json_t *all = json_object();
    put(all, "dialect", text(x->name));
    put(all, "title", text(x->title));
    put(all, "manual", text(x->manual));
    put(all, "commands", commands(x));
    put(all, "urcs", urcs(x));
    put(all, "errors", errors(x));
    put(all, "results", results(x));
    put(all, "lines", lines(x));
    put(all, "means", meanings(x));
    json_dumpf(all, to, JSON_INDENT(2));
    fputc('\n', to);
    json_decref(all);
}
