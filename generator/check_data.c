/* Counted data and ties: each needs a value that is there when it is needed. Lines are looked at
 * where they stand, because what they may refer to is the request they answer.
 * SPDX-License-Identifier: MIT */
#include <string.h>

#include "checker.h"

typedef struct holder { /* whose line or step it is */
    checker *c;
    const m_form *form; /* NULL: a URC's or a result code's */
} holder;

static const m_field *data_field(const m_struct *in, const char *name)
{
    for (size_t i = 0; in && i < in->n_fields; i++)
        if (strcmp(in->fields[i].name, name) == 0) return &in->fields[i];
    return NULL;
}

/* The request's field that counts; `what` counts otherwise. */
static void data_count_field(holder *h, place at, const m_struct *in, const char *name,
                             const char *what)
{
    const m_field *field = data_field(in, name);
    for (size_t i = 0; !field && h->form && h->form->flow && i < h->form->flow->n_atoms; i++)
        field = data_field(h->form->flow->atoms[i].row_fields, name);
    if (!field) {
        diag_at(h->c->d, at, D_DATA_LENGTH,
                "the length of this data, <%s>, is no parameter of the %s", name, what);
        return;
    }
    if (field->has && !field->type->has_default)
        diag_at(h->c->d, at, D_DATA_LENGTH, "the length of this data, <%s>, may be left out", name);
}

/* ---- lines ---- */
static void data_slot_count(holder *h, const m_line *line)
{
    const m_slot *slot = &line->slots[line->data_count];
    if (slot->literal) return;
    if (slot->may_be_empty)
        diag_at(h->c->d, slot->at, D_DATA_LENGTH, "the length of this data, <%s>, may be empty",
                slot->name);
}

static void data_line_count(holder *h, const m_line *line)
{
    if (line->data_at == DATA_NONE) return;
    if (line->data_count >= 0)
        data_slot_count(h, line);
    else if (line->data_request)
        data_count_field(h, line->at, h->form ? h->form->takes : NULL, line->data_request,
                         "line or the request");
}

/* Types whose values can be the same: numbers, words, strings; addresses and octets only of one
 * kind. */
static int data_family(const m_type *type)
{
    switch (type->kind) {
    case T_INT:
    case T_ENUM:
    case T_FLAGS:
        return T_INT;
    case T_WORD:
    case T_BOOL:
        return T_WORD;
    case T_STRING:
    case T_TEXT:
        return T_STRING;
    case T_IP:
    case T_MAC:
    case T_HEX:
    case T_BYTES:
        break;
    }
    return (int)type->kind;
}

static void data_ties(holder *h, const m_line *line)
{
    for (size_t i = 0; i < line->n_slots; i++) {
        const m_slot *slot = &line->slots[i];
        const m_field *field =
            slot->tie ? data_field(h->form ? h->form->takes : NULL, slot->tie) : NULL;
        if (slot->tie && !field) {
            diag_at(h->c->d, slot->at, D_TIE,
                    "<=%s> has no parameter of the request to be equal to", slot->name);
        } else if (field && data_family(field->type) != data_family(slot->type)) {
            diag_at(h->c->d, slot->at, D_TIE, "<=%s> can never be equal to the request's <%s>",
                    slot->name, slot->tie);
            diag_note(h->c->d, field->at, "the request's parameter");
        }
    }
}

static void data_line(holder *h, const m_line *line)
{
    if (!line) return;
    data_line_count(h, line);
    data_ties(h, line);
}

/* ---- steps ---- */
static bool data_ends(const m_atom *a)
{
    return a->count_field || a->text_len || a->within.ms || a->within.scale_ms || a->silence.ms;
}

static void data_atom(holder *h, const m_atom *a)
{
    data_line(h, a->line);
    if (a->kind != A_DATA_IN && a->kind != A_DATA_OUT) return;
    if (a->count_field)
        data_count_field(h, a->at, a->count_in_result ? h->form->result : h->form->takes,
                         a->count_field, a->count_in_result ? "answer" : "request");
    else if (!data_ends(a))
        diag_at(h->c->d, a->at, D_DATA_LENGTH, "nothing says where this data ends");
}

void check_data(checker *c)
{
    for (size_t i = 0; i < c->m->n_forms; i++) {
        holder h = {c, c->m->forms[i]};
        data_line(&h, h.form->line);
        for (size_t k = 0; h.form->flow && k < h.form->flow->n_atoms; k++)
            data_atom(&h, &h.form->flow->atoms[k]);
    }
    holder h = {c, NULL};
    for (size_t i = 0; i < c->m->n_urcs; i++)
        data_line(&h, c->m->urcs[i]->line);
    for (size_t i = 0; i < c->m->n_results; i++)
        data_line(&h, c->m->results[i].line);
}
