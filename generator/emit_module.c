/* <dialect>_module.h and .c: handlers, replies, URCs. See templates/module.h.tmpl and
 * module.c.tmpl.
 * SPDX-License-Identifier: MIT */
#include <string.h>

#include "emit.h"
#include "layout.h"
#include "match.h"
#include "mem.h"

static const char *struct_name(const m_struct *s)
{
    return s ? s->c_name : "";
}

/* What the handler of the form's data phase is called: "" when it has none. */
static const char *data_handler(const m_form *form)
{
    if (emit_atom(form, A_TRANSPARENT))
        return "transparent";
    return emit_atom(form, A_DATA_IN) ? "data" : "";
}

/* What a reply writes, step by step. */
static const char *reply_wire(const void *ctx, const m_form *form, const m_reply *r)
{
    text *t = text_new(ctx);

    for (size_t i = 0; i < r->n_atoms; i++) {
        const m_atom *a = &form->flow->atoms[r->atoms[i]];
        const char *one = a->line               ? a->line->syntax
                          : a->kind == A_PROMPT ? a->text
                          : a->kind == A_BLANK  ? "blank"
                                                : "data";
        text_printf(t, "%s%s", i ? " / " : "", one);
    }
    if (r->end == R_DATA || r->end == R_TRANSPARENT)
        text_printf(t, "%s; then data", r->n_atoms ? "" : "nothing");
    return t->p;
}

static void module_replies(fill *item, const m_form *form)
{
    fill_list(item, "replies");
    for (size_t i = 0; i < form->n_replies; i++) {
        const m_reply *r = &form->replies[i];
        fill *f = fill_item(item, "replies");
        fill_text(f, "reply", r->name);
        fill_text(f, "wire", emit_comment(f, reply_wire(f, form, r)));
        fill_text(f, "fields", struct_name(r->takes));
        fill_number(f, "number", (long long)i);
    }
}

/* Is `line` a command line of this form? */
static bool reads(const void *ctx, const model *m, const m_form *form, const char *line)
{
    const char *parts[] = {m->lines.prefix, form->command->members[0].name, form->op};

    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        size_t n = strlen(parts[i]);
        if (strncmp(line, parts[i], n) != 0)
            return false;
        line += n;
    }
    return match_line(ctx, m, form->line, NULL, NULL, line, strlen(line)).reading != NULL;
}

/* Commands that ask whether anybody is there, the prefix alone and that of `resync`, are answered
 * also without a handler: when `form` is one of them, "" when there is none. */
static const char *bare_forms(const void *ctx, const tables *t)
{
    const m_framing *f = &t->m->lines;
    text *out = text_new(ctx);

    for (size_t i = 0; i < t->n_forms; i++) {
        const m_form *form = t->form_list[i];
        if (reads(ctx, t->m, form, f->prefix) || reads(ctx, t->m, form, f->resync_command))
            text_printf(out, "%sform == %zu", out->n ? " || " : "", i);
    }
    return out->p;
}

static void module_form(fill *f, const m_form *form, size_t row)
{
    fill *item = fill_item(f, "forms");

    fill_text(item, "form", form->c_name);
    fill_number(item, "index", (long long)row);
    fill_text(item, "doc", emit_form_doc(item, form));
    fill_text(item, "syntax", emit_comment(item, form->line->syntax));
    fill_text(item, "takes", struct_name(form->takes));
    fill_text(item, "data", data_handler(form));
    module_replies(item, form);
}

static void module_errors(emitter *e, fill *f)
{
    size_t number = 1;          /* the first is the plain ok */

    fill_list(f, "errors");
    for (size_t i = 0; i < e->m->n_results; i++) {
        const m_result *r = &e->m->results[i];
        if (!tables_is_new_error(e->m, i))
            continue;
        fill *item = fill_item(f, "errors");
        fill_text(item, "error", r->name);
        fill_text(item, "doc", emit_comment(item, r->line->syntax));
        fill_text(item, "fields", struct_name(r->line->fields));
        fill_number(item, "number", (long long)number++);
    }
}

static void module_urcs(emitter *e, fill *f)
{
    fill_list(f, "urcs");
    for (size_t i = 0; i < e->m->n_urcs; i++) {
        const m_urc *u = e->m->urcs[i];
        fill *item = fill_item(f, "urcs");
        fill_text(item, "urc", u->c_name);
        fill_text(item, "doc", emit_comment(item, u->title ? u->title : u->name));
        fill_text(item, "syntax", emit_comment(item, u->line->syntax));
        fill_text(item, "fields", struct_name(u->line->fields));
        fill_number(item, "line", (long long)tables_urc(e->module, u));
    }
}

static void module_unions(emitter *e, fill *f)
{
    fill_list(f, "unions");
    for (size_t i = 0; i < e->m->n_forms; i++)
        if (e->m->forms[i]->takes)
            fill_text(fill_item(f, "unions"), "struct", e->m->forms[i]->takes->c_name);
}

static void module_sizes(const tables *t, fill *f)
{
    size_t repeat = t->m->lines.repeat ? t->line_max + 1 : 0;

    fill_flag(f, "wide", t->is_wide);
    fill_flag(f, "small", !t->is_large);
    fill_number(f, "line_max", (long long)t->line_max);
    fill_number(f, "out_max", (long long)t->out_max);
    fill_number(f, "final_max", (long long)t->final_max);
    fill_text(f, "repeat", repeat ? mem_printf(f, "%zu", repeat) : "");
    fill_number(f, "buffer", (long long)(t->line_max + 1 + t->out_max + t->final_max + repeat));
    fill_number(f, "settings", (long long)(t->initial->n ? t->initial->n : 1));
    fill_text(f, "bare", bare_forms(f, t));
    fill_flag(f, "phases", t->phases->n > 0);
    fill_flag(f, "manners", model_has_manner(t->m));
}

void emit_module(emitter *e)
{
    fill *f = emit_fill(e);
    const tables *t = e->module;
    text *rows = text_new(f);
    bool has_data = false;

    fill_list(f, "forms");
    for (size_t i = 0; i < t->n_forms; i++) {
        module_form(f, t->form_list[i], i);
        has_data = has_data || *data_handler(t->form_list[i]);
    }
    fill_flag(f, "tests", t->tests->n > 0);
    fill_flag(f, "has_data", has_data);
    fill_number(f, "error_form", (long long)t->n_forms);
    module_errors(e, f);
    module_urcs(e, f);
    module_unions(e, f);
    module_sizes(t, f);
    emit_tables(e, t, rows);
    fill_text(f, "tables", rows->p);
    emit_uses(f, t);
    emit_file(e, "module.h.tmpl", "_module.h", f);
    emit_file(e, "module.c.tmpl", "_module.c", f);
    talloc_free(f);
}
