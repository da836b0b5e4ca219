/* What the back ends share: see emit.h.
 * SPDX-License-Identifier: MIT */
#include "emit.h"

#include <ctype.h>
#include <string.h>

#include "mem.h"

/* bytes: about what a template is filled with */
enum { FILL_ROOM = 1 << 16, FILL_ROOM_PER_FORM = 1 << 14, FILL_ROOM_MOST = 1 << 27 };
enum { RUNTIME_API = 1 };       /* AT_API of the runtime that the output is for */

const char *emit_upper(const void *ctx, const char *name)
{
    char *upper = mem_string(ctx, name);

    for (char *p = upper; *p; p++)
        *p = (char)toupper((unsigned char)*p);
    return upper;
}

static bool is_plain_literal(const char *s)
{
    while (*s && !((unsigned char)*s < ' ' || *s == 0x7f || *s == '"' || *s == '\\' || *s == '?'))
        s++;
    return *s == '\0';
}

const char *emit_literal(const void *ctx, const char *s)
{
    if (s && is_plain_literal(s))
        return mem_printf(ctx, "\"%s\"", s);
    text *t = text_new(ctx);

    text_add(t, "\"");
    for (; s && *s; s++) {
        unsigned char c = (unsigned char)*s;
        if (c == '"' || c == '\\' || c == '?')
            text_printf(t, "\\%c", c);
        else if (c == '\n' || c == '\r' || c == '\t')
            text_printf(t, "\\%c", c == '\n' ? 'n' : c == '\r' ? 'r' : 't');
        else if (c < ' ' || c == 0x7f)
            text_printf(t, "\\%03o", c);
        else
            text_bytes(t, s, 1);
    }
    text_add(t, "\"");
    return t->p;
}

/* Signs that must not meet in a comment. */
static bool must_part(char before, char c)
{
    return (before == '*' && c == '/') || (before == '/' && c == '*')
           || (before == '?' && c == '?');
}

static bool must_not_end(char c)
{
    return c == '\\' || c == '/' || c == '*';
}

static bool is_plain_comment(const char *s)
{
    char before = ' ';

    for (; *s; before = *s++)
        if (*s == MODEL_NAME || (unsigned char)*s < ' ' || must_part(before, *s))
            return false;
    return !must_not_end(before);
}

/* `*` and `/` are kept apart, and a backslash never ends the line. */
const char *emit_comment(const void *ctx, const char *s)
{
    if (!s || is_plain_comment(s))
        return s ? s : "";
    text *t = text_new(ctx);

    for (; *s; s++) {
        unsigned char c = (unsigned char)*s;
        if (must_part(t->n ? t->p[t->n - 1] : ' ', *s))
            text_add(t, " ");
        if (c == MODEL_NAME)
            text_add(t, "*");
        else if (c < ' ')
            text_add(t, " ");
        else
            text_bytes(t, s, 1);
    }
    if (t->n && must_not_end(t->p[t->n - 1]))
        text_add(t, " ");
    return t->p;
}

const char *emit_side(side of)
{
    return of == SIDE_MODULE ? "module" : "host";
}

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

fill *emit_fill(emitter *e)
{
    size_t room = FILL_ROOM + e->m->n_forms * FILL_ROOM_PER_FORM;

    if (!e->room)
        e->room = mem_check(talloc_pool(e->out, room < FILL_ROOM_MOST ? room : FILL_ROOM_MOST));
    fill *f = fill_new(e->room);

    fill_text(f, "lower", e->lower);
    fill_text(f, "upper", e->upper);
    fill_text(f, "dialect", e->m->name);
    fill_text(f, "title", emit_comment(f, e->m->title ? e->m->title : e->m->name));
    fill_text(f, "manual", emit_comment(f, e->m->manual));
    fill_text(f, "spec", e->m->n_files ? base_name(e->m->files[e->m->n_files - 1]) : e->m->name);
    fill_number(f, "api", RUNTIME_API);
    fill_number(f, "cells", (long long)tables_cells(e->m));
    return f;
}

void emit_file(emitter *e, const char *name, const char *suffix, const fill *values)
{
    template_fault fault;
    const char *model_text = template_find(e->out, e->options->template_dir, name);
    text *t = out_add(e->out, mem_printf(e->out, "%s%s", e->lower, suffix));

    if (!model_text)
        e->fault = mem_printf(e->out, "there is no template %s", name);
    else if (!template_fill(t, model_text, values, &fault))
        e->fault = mem_printf(e->out, "%s:%u: %s: %s", name, fault.line, fault.what, fault.name);
}

/* ---- what forms need on either side ---- */
static bool has_struct(const form_rows *r, const m_struct *s)
{
    for (size_t i = 0; i < r->n; i++)
        if (r->rows[i] == s)
            return true;
    return false;
}

form_rows emit_rows(const void *ctx, const m_form *form)
{
    form_rows r = { mem_array(ctx, const m_struct *, form->flow->n_atoms + 1), 0 };

    for (size_t i = 0; i < form->flow->n_atoms; i++) {
        const m_atom *a = &form->flow->atoms[i];
        if (a->row && a->row_fields && !has_struct(&r, a->row_fields))
            r.rows[r.n++] = a->row_fields;
    }
    return r;
}

const char *emit_row_name(const void *ctx, const m_form *form, const m_struct *row)
{
    size_t n = strlen(form->c_name);

    if (strncmp(row->c_name, form->c_name, n) == 0 && row->c_name[n] == '_')
        return mem_string(ctx, row->c_name + n + 1);
    return mem_string(ctx, row->c_name);
}

const m_atom *emit_atom(const m_form *form, m_atom_kind kind)
{
    for (size_t i = 0; i < form->flow->n_atoms; i++)
        if (form->flow->atoms[i].kind == kind)
            return &form->flow->atoms[i];
    return NULL;
}

bool emit_has_data_from_module(const m_form *form)
{
    for (size_t i = 0; i < form->flow->n_atoms; i++) {
        const m_atom *a = &form->flow->atoms[i];
        if (a->kind == A_DATA_OUT || a->kind == A_BODY || a->kind == A_TRANSPARENT)
            return true;
        if (a->line && a->kind != A_BODY && a->line->data_at != DATA_NONE)
            return true;
    }
    return false;
}

const char *emit_form_doc(const void *ctx, const m_form *form)
{
    const m_command *c = form->command;
    const char *title = c->title ? c->title : c->members[0].name;

    size_t n = c->note ? strlen(c->note) : 0;

    if (n > 0 && c->note[n - 1] == '.')
        n--;                    /* the template puts one */
    if (n > 0)
        return emit_comment(ctx, mem_printf(ctx, "%s. %.*s", title, (int)n, c->note));
    return emit_comment(ctx, title);
}
