/* <dialect>_host.h and .c, and the calls that wait. See templates/host.h.tmpl, host.c.tmpl,
 * host_wait.c.tmpl.
 * SPDX-License-Identifier: MIT */
#include "emit.h"
#include "layout.h"
#include "mem.h"

/* ---- the arguments of a request function: declared, named, passed on ---- */
typedef struct arguments { text *types, *params, *args; } arguments;

static void argument(arguments *a, const char *type, const char *name)
{
    text_printf(a->types, ", %s", type);
    text_printf(a->params, ", %s%s", type, name);
    text_printf(a->args, ", %s", name);
}

static void form_arguments(const emitter *e, fill *item, const m_form *form, const form_rows *rows)
{
    arguments a = { text_new(item), text_new(item), text_new(item) };

    if (form->takes)
        argument(&a, mem_printf(item, "const %s_%s *", e->lower, form->takes->c_name), "input");
    if (rows->n == 1)
        argument(&a, mem_printf(item, "%s_%s_%s_fn *", e->lower, form->c_name,
                                emit_row_name(item, form, rows->rows[0])), "on_row");
    if (rows->n > 1)
        argument(&a, mem_printf(item, "const %s_%s_rows *", e->lower, form->c_name), "rows");
    if (emit_has_data_from_module(form))
        argument(&a, "at_sink *", "sink");
    fill_text(item, "types", a.types->p);
    fill_text(item, "params", a.params->p);
    fill_text(item, "args", a.args->p);
}

/* ---- forms ---- */
static void row_values(fill *f, const m_form *form, const m_struct *row, size_t i)
{
    fill_text(f, "row", emit_row_name(f, form, row));
    fill_text(f, "struct", row->c_name);
    fill_number(f, "row_index", (long long)i);
}

static void form_rows_of(fill *item, const m_form *form, const form_rows *rows)
{
    fill_list(item, "one_row");
    if (rows->n == 1)
        row_values(fill_item(item, "one_row"), form, rows->rows[0], 0);
    fill_flag(item, "many_rows", rows->n > 1);
    fill_flag(item, "no_rows", rows->n == 0);
    fill_list(item, "rows");
    for (size_t i = 0; i < rows->n; i++)
        row_values(fill_item(item, "rows"), form, rows->rows[i], i);
}

static const char *form_note(const m_form *form)
{
    if (form->answers_types)
        return "What its rows say of each parameter: atparam.h.";
    if (emit_atom(form, A_TRANSPARENT))
        return "Transparent: at_host_send, at_host_escape.";
    if (emit_atom(form, A_DATA_IN))
        return "Its data is sent when the module asks for it; more than `data` holds comes from "
               "request->source.";
    return "";
}

static void host_form(const emitter *e, fill *f, const m_form *form)
{
    fill *item = fill_item(f, "forms");
    form_rows rows = emit_rows(item, form);

    fill_text(item, "form", form->c_name);
    fill_number(item, "index", e->host->form_rows[form->id]);
    fill_text(item, "doc", emit_form_doc(item, form));
    fill_text(item, "syntax", emit_comment(item, form->line->syntax));
    fill_text(item, "note", form_note(form));
    fill_text(item, "takes", form->takes ? form->takes->c_name : "");
    fill_text(item, "result", form->result->c_name);
    fill_flag(item, "sink", emit_has_data_from_module(form));
    fill_flag(item, "callbacks", rows.n > 0 || emit_has_data_from_module(form));
    form_rows_of(item, form, &rows);
    form_arguments(e, item, form, &rows);
}

/* ---- URCs ---- */
static bool host_urcs(const emitter *e, fill *f)
{
    bool has_data = false;

    fill_list(f, "urcs");
    for (size_t i = 0; i < e->m->n_urcs; i++) {
        const m_urc *u = e->m->urcs[i];
        fill *item = fill_item(f, "urcs");
        fill_text(item, "urc", u->c_name);
        fill_number(item, "index", (long long)i);
        fill_text(item, "doc", emit_comment(item, u->title ? u->title : u->name));
        fill_text(item, "syntax", emit_comment(item, u->line->syntax));
        fill_text(item, "fields", u->line->fields ? u->line->fields->c_name : "");
        fill_flag(item, "data", u->line->data_at != DATA_NONE);
        has_data = has_data || u->line->data_at != DATA_NONE;
    }
    return has_data;
}

static void union_add(fill *f, const m_struct *s)
{
    fill_text(fill_item(f, "unions"), "struct", s->c_name);
}

static void host_unions(const emitter *e, fill *f)
{
    fill_list(f, "unions");
    for (size_t i = 0; i < e->m->n_forms; i++) {
        const m_form *form = e->m->forms[i];
        form_rows rows = emit_rows(f, form);
        union_add(f, form->result);
        for (size_t k = 0; k < rows.n; k++)
            union_add(f, rows.rows[k]);
    }
    for (size_t i = 0; i < e->m->n_urcs; i++)
        if (e->m->urcs[i]->line->fields)
            union_add(f, e->m->urcs[i]->line->fields);
    for (size_t i = 0; i < e->m->n_results; i++)
        if (e->m->results[i].line->fields)
            union_add(f, e->m->results[i].line->fields);
}

static bool any_test(const model *m)
{
    for (size_t i = 0; i < m->n_forms; i++)
        if (m->forms[i]->answers_types)
            return true;
    return false;
}

static bool any_atom(const model *m, m_atom_kind kind)
{
    for (size_t i = 0; i < m->n_forms; i++)
        if (emit_atom(m->forms[i], kind))
            return true;
    return false;
}

/* The runtime's part for transparent mode: a larger one where a line of the module may end it. */
static const char *transparent_stream(const model *m)
{
    for (size_t i = 0; i < m->n_forms; i++)
        for (size_t k = 0; k < m->forms[i]->flow->n_atoms; k++) {
            const m_atom *a = &m->forms[i]->flow->atoms[k];
            if (a->kind == A_TRANSPARENT && a->line)
                return "&at__carrier";
        }
    return any_atom(m, A_TRANSPARENT) ? "&at__transparent" : "NULL";
}

void emit_host(emitter *e)
{
    fill *f = emit_fill(e);
    const tables *t = e->host;
    text *rows = text_new(f);

    fill_list(f, "forms");
    for (size_t i = 0; i < e->m->n_forms; i++)
        host_form(e, f, e->m->forms[i]);
    fill_flag(f, "has_data", host_urcs(e, f));
    fill_flag(f, "tests", any_test(e->m));
    fill_flag(f, "bare", t->uses[WITH_OPERATOR_VALUES]);
    fill_flag(f, "body", any_atom(e->m, A_BODY));
    fill_text(f, "transparent", transparent_stream(e->m));
    fill_flag(f, "manners", model_has_manner(e->m));
    host_unions(e, f);
    fill_flag(f, "wide", t->is_wide);
    fill_flag(f, "small", !t->is_large);
    fill_number(f, "line_max", (long long)t->line_max);
    fill_number(f, "out_max", (long long)t->out_max);
    fill_number(f, "buffer", (long long)(t->line_max + 1 + t->out_max));
    fill_number(f, "settings", (long long)(t->initial->n ? t->initial->n : 1));
    emit_tables(e, t, rows);
    fill_text(f, "tables", rows->p);
    emit_uses(f, t);
    emit_file(e, "host.h.tmpl", "_host.h", f);
    emit_file(e, "host.c.tmpl", "_host.c", f);
    emit_file(e, "host_wait.c.tmpl", "_host_wait.c", f);
    talloc_free(f);
}
