/* Structs: what users of the generated code see of a line's parameters.
 * SPDX-License-Identifier: MIT */
#include <string.h>

#include "resolve.h"

m_struct *struct_new(resolver *r, const char *c_name, const char *doc)
{
    m_struct *x = mem_new(r->ctx, m_struct);
    x->c_name = c_name;
    x->doc = doc;
    return x;
}

m_field *struct_find(const m_struct *x, const char *c_name)
{
    for (size_t i = 0; x && i < x->n_fields; i++)
        if (!strcmp(x->fields[i].name, c_name)) return &x->fields[i];
    return NULL;
}

static m_field *add(resolver *r, m_struct *x, const char *c_name, const m_type *type, place at)
{
    m_field f = { .name = c_name, .type = type, .at = at };
    APPEND(r->ctx, m_field, x->fields, x->n_fields, f);
    return &x->fields[x->n_fields - 1];
}

/* The field of a parameter; lines of one struct that share a name share the field. */
m_field *struct_field(resolver *r, m_struct *x, const char *param, const m_type *type, place at)
{
    const char *c_name = name_c(r, param);
    m_field *old = struct_find(x, c_name);
    if (!old) return add(r, x, c_name, type, at);
    if (!old->type || !type_same(old->type, type)) {
        diag_at(r->d, at, D_FIELD_TYPES,
                "'%s' has two types in one answer; give one of them another name", param);
        diag_note(r->d, old->at, "the other one");
    }
    return old;
}

void struct_special(resolver *r, m_struct *x, bool is_outcome)
{
    m_field *f = add(r, x, is_outcome ? "outcome" : "saved", NULL, (place){ NULL, 0, 0 });
    f->is_outcome = is_outcome;
    f->is_saved = !is_outcome;
}

static bool in_loop(const m_line *line, size_t slot)
{
    int i = (int)slot;
    return line->loop_first >= 0 && i >= line->loop_first && i < line->loop_first + line->loop_n;
}

static void set_loop(resolver *r, m_struct *x, const m_line *line)
{
    if (line->loop_first < 0) return;
    if (x->has_loop)
        diag_at(r->d, line->at, D_TWO_LOOPS,
                "two lines of one answer have repetitions; make one of them a row");
    x->has_loop = true;
    if (line->loop_max > x->loop_max) x->loop_max = line->loop_max;
}

static void add_data(resolver *r, m_struct *x, const m_line *line)
{
    if (line->data_at == DATA_NONE) return;
    bool is_new = !struct_find(x, name_c(r, line->data_name));
    m_field *f = struct_field(r, x, line->data_name, type_bytes(r), line->at);
    if (is_new) f->has = line->data_count >= 0 && line->slots[line->data_count].optional;
}

void struct_line(resolver *r, m_struct *x, m_line *line)
{
    for (size_t i = 0; i < line->n_slots; i++) {
        const m_slot *slot = &line->slots[i];
        if (slot->literal) continue;
        m_field *f = struct_field(r, x, slot->name, slot->type, slot->at);
        f->has |= !line_always_has(line, slot->name);
        f->in_loop = in_loop(line, i);
    }
    set_loop(r, x, line);
    add_data(r, x, line);
    line->fields = x;
}

static void check_has(resolver *r, const m_struct *x)
{
    for (size_t i = 0; i < x->n_fields; i++) {
        const m_field *f = &x->fields[i];
        const m_field *clash = f->has ? struct_find(x, mem_printf(r->ctx, "has_%s", f->name))
                                      : NULL;
        if (!clash) continue;
        diag_at(r->d, clash->at, D_C_NAME_TWICE, "the C name '%s' of this parameter is taken",
                clash->name);
        diag_note(r->d, f->at, "it says whether this one is there");
    }
}

/* The struct is part of the model from here on; NULL, and forgotten, when it has no fields. */
const m_struct *struct_keep(resolver *r, m_struct *x, place at)
{
    if (!x->n_fields) return NULL;
    check_has(r, x);
    if (!name_claim(r, x->c_name, at, "struct")) return x;
    x->id = (unsigned)r->m->n_structs;
    APPEND(r->ctx, m_struct *, r->m->structs, r->m->n_structs, x);
    return x;
}
