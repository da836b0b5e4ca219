/* `atgen handlers`: a skeleton of the functions that the user writes, or of those that a file
 * lacks. See templates/handlers_module.c.tmpl and handlers_host.c.tmpl.
 * SPDX-License-Identifier: MIT */
#include <ctype.h>
#include <errno.h>
#include <string.h>

#include "emit.h"
#include "mem.h"

/* ---- what a file has ---- */
static const char *read_all(const void *ctx, const char *path)
{
    FILE *file = fopen(path, "rb");
    if (!file)
        return NULL;
    text *t = text_new(ctx);
    char block[4096];
    size_t n;
    while ((n = fread(block, 1, sizeof block, file)) > 0)
        text_bytes(t, block, n);
    fclose(file);
    return t->p;
}

static bool is_word(char c)
{
    return isalnum((unsigned char)c) || c == '_';
}

/* Does `name` stand in `code` as a whole word? */
static bool has_word(const char *code, const char *name)
{
    size_t n = strlen(name);

    for (const char *p = strstr(code, name); p; p = strstr(p + 1, name))
        if ((p == code || !is_word(p[-1])) && !is_word(p[n]))
            return true;
    return false;
}

/* ---- filling ---- */
static const char *data_handler(const m_form *form)
{
    if (emit_atom(form, A_TRANSPARENT))
        return "transparent";
    return emit_atom(form, A_DATA_IN) ? "data" : "";
}

static void handlers_form(fill *f, const m_form *form)
{
    fill *item = fill_item(f, "forms");

    fill_text(item, "form", form->c_name);
    fill_text(item, "doc", emit_form_doc(item, form));
    fill_text(item, "syntax", emit_comment(item, form->line->syntax));
    fill_text(item, "takes", form->takes ? form->takes->c_name : "");
    fill_text(item, "result", form->result->c_name);
    fill_text(item, "data", data_handler(form));
    fill_list(item, "replies");
    for (size_t i = 0; i < form->n_replies; i++)
        fill_text(fill_item(item, "replies"), "reply", form->replies[i].name);
}

static void handlers_urc(fill *f, const m_urc *u)
{
    fill *item = fill_item(f, "urcs");

    fill_text(item, "urc", u->c_name);
    fill_text(item, "doc", emit_comment(item, u->title ? u->title : u->name));
    fill_text(item, "syntax", emit_comment(item, u->line->syntax));
    fill_text(item, "fields", u->line->fields ? u->line->fields->c_name : "");
}

/* Is the form to be written? A module answers `=?` from the types by itself. */
static bool lacks(const char *code, side of, const void *ctx, const m_form *form)
{
    const char *name = form->c_name;

    if (of == SIDE_MODULE && form->answers_types)
        return false;
    if (!code)
        return true;
    return !has_word(code, of == SIDE_HOST ? mem_printf(ctx, "%s_done", name) : name);
}

static fill *handlers_fill(emitter *e, side of, const char *code)
{
    fill *f = emit_fill(e);

    fill_flag(f, "whole", code == NULL);
    fill_list(f, "forms");
    fill_list(f, "urcs");
    for (size_t i = 0; i < e->m->n_forms; i++)
        if (lacks(code, of, f, e->m->forms[i]))
            handlers_form(f, e->m->forms[i]);
    for (size_t i = 0; i < e->m->n_urcs; i++)
        if (!code || !has_word(code, e->m->urcs[i]->c_name))
            handlers_urc(f, e->m->urcs[i]);
    return f;
}

gen_result handlers(diag *d, const model *m, side of, const char *missing_from, FILE *file,
                    const char **fault)
{
    static const gen_options options;
    void *ctx = talloc_new(m);
    emitter e = { .d = d, .m = m, .options = &options, .out = out_new(ctx), .lower = m->name };
    const char *code = missing_from ? read_all(ctx, missing_from) : NULL;
    e.upper = emit_upper(ctx, m->name);
    if (missing_from && !code) {
        *fault = mem_printf(ctx, "%s: %s", missing_from, strerror(errno));
        return GEN_OUTPUT;
    }
    emit_file(&e, mem_printf(ctx, "handlers_%s.c.tmpl", emit_side(of)), "_handlers.c",
              handlers_fill(&e, of, code));
    *fault = e.fault;
    if (e.fault)
        return GEN_INTERNAL;
    fwrite(e.out->first->text->p, 1, e.out->first->text->n, file);
    return GEN_DONE;
}
