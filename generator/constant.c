/* What can never be there in a part of a dialect goes: readings, cells and their fields, forms,
 * replies, URCs.
 *
 * Settings that no form left by `--only` can change are constants, and what depends on them is
 * decided, at their values after a reset. That is for the module alone: it begins with these values,
 * and its own commands are the only way to change them. A host has no such certainty. The module at
 * the other end has all of its commands, and may have been set up before, or by somebody else.
 * SPDX-License-Identifier: MIT */
#include <string.h>

#include "layout.h"
#include "mem.h"
#include "passes.h"

typedef struct settler {        /* what is made on the way hangs on it */
    model *m;
    bool *is_constant;          /* by the setting's id */
    bool **had;                 /* by the struct's id, by field: a cell of some line stood for it */
} settler;

/* ---- what is constant ---- */
static const unsigned SETTING_FORMS = 1u << F_SET | 1u << F_SAVE | 1u << F_EXEC;

bool form_sets(const m_form *form, const m_setting *s)
{
    const m_field *f = layout_field(form->takes, s->param);

    return form->kinds & SETTING_FORMS && form->command == s->command && f && !f->in_loop
           && (!s->key || layout_field(form->takes, s->key_param));
}

static bool is_of_framing(const m_framing *f, const m_setting *s)
{
    return s == f->verbose || s == f->quiet || s == f->termination || s == f->formatting
           || s == f->editing || s == f->echo_setting;
}

static void find_constants(settler *s)
{
    const model *m = s->m;

    s->is_constant = mem_array(s, bool, m->n_settings + 1);
    for (size_t i = 0; i < m->n_settings; i++) {
        const m_setting *x = m->settings[i];
        bool changes = !x->has_reset || is_of_framing(&m->lines, x);
        for (size_t k = 0; k < m->n_forms; k++)
            changes = changes || form_sets(m->forms[k], x);
        s->is_constant[x->id] = !changes;
    }
}

/* ---- conditions ---- */
static bool is_decided(const settler *s, const m_cond *c)
{
    return c->on == IF_SETTING && s->is_constant[c->setting->id];
}

static bool holds(const m_cond *c)
{
    int64_t v = c->setting->reset;
    bool is = c->is_bits ? (v & c->lo) == c->hi : c->lo <= v && v <= c->hi;

    return is != c->negate;
}

/* Leaves of conditions that all must hold those that are not decided; false: one never holds. */
static bool settle_conds(const settler *s, m_cond *conds, size_t *n)
{
    size_t left = 0;

    for (size_t i = 0; i < *n; i++)
        if (is_decided(s, &conds[i]) && !holds(&conds[i]))
            return false;
    for (size_t i = 0; i < *n; i++)
        if (!is_decided(s, &conds[i]))
            conds[left++] = conds[i];
    *n = left;
    return true;
}

/* ---- lines ---- */
static void settle_readings(const settler *s, m_line *line)
{
    size_t left = 0;

    for (size_t i = 0; i < line->n_readings; i++)
        if (settle_conds(s, line->readings[i].conds, &line->readings[i].n_conds))
            line->readings[left++] = line->readings[i];
    line->n_readings = left;
}

/* Cells that the bits of a setting show. */
static void settle_mask(const settler *s, m_line *line)
{
    if (!line->mask || !s->is_constant[line->mask->id] || line->loop_first >= 0)
        return;
    for (size_t i = 0; i < line->n_slots; i++) {
        const m_cond *shown = line->slots[i].shown;
        for (size_t k = 0; shown && !holds(shown) && k < line->n_readings; k++)
            line->readings[k].mask &= ~(1u << i);
        line->slots[i].shown = NULL;
    }
    line->mask = NULL;
}

static bool has_key(const m_cond *c)
{
    return c->on == IF_SETTING && c->setting->key;
}

static bool ask_for_slot(const m_cond *conds, size_t n, size_t slot)
{
    for (size_t i = 0; i < n; i++)
        if ((conds[i].on == IF_SLOT && conds[i].slot == slot)
            || (has_key(&conds[i]) && conds[i].key_slot == (int)slot))
            return true;
    return false;
}

/* Do others than the readings' masks name this cell of the line? */
static bool is_named(const model *m, const m_line *line, size_t slot)
{
    int i = (int)slot;
    bool named = (line->loop_first >= 0 && i >= line->loop_first
                  && i < line->loop_first + line->loop_n)
                 || i == line->loop_count || (line->data_at != DATA_NONE && i == line->data_count);

    for (size_t k = 0; k < line->n_readings; k++)
        named = named || ask_for_slot(line->readings[k].conds, line->readings[k].n_conds, slot);
    for (size_t k = 0; k < m->n_forms; k++)
        named = named || (m->forms[k]->line == line
                          && ask_for_slot(m->forms[k]->only, m->forms[k]->n_only, slot));
    for (size_t k = 0; k < m->n_urcs; k++)
        named = named || (m->urcs[k]->line == line
                          && ask_for_slot(m->urcs[k]->conds, m->urcs[k]->n_conds, slot));
    return named;
}

static void move_number(int *number, size_t gone)
{
    *number -= *number > (int)gone;
}

static void move_conds(m_cond *conds, size_t n, size_t gone)
{
    for (size_t i = 0; i < n; i++) {
        conds[i].slot -= conds[i].on == IF_SLOT && conds[i].slot > gone;
        if (has_key(&conds[i]))
            move_number(&conds[i].key_slot, gone);
    }
}

/* The cells behind it move up. */
static void remove_slot(model *m, m_line *line, size_t slot)
{
    uint32_t below = (1u << slot) - 1;

    line->n_slots--;
    for (size_t i = slot; i < line->n_slots; i++)
        line->slots[i] = line->slots[i + 1];
    for (size_t k = 0; k < line->n_readings; k++) {
        m_reading *r = &line->readings[k];
        r->mask = (r->mask & below) | (r->mask >> 1 & ~below);
        move_conds(r->conds, r->n_conds, slot);
    }
    for (size_t k = 0; k < m->n_forms; k++)
        if (m->forms[k]->line == line)
            move_conds(m->forms[k]->only, m->forms[k]->n_only, slot);
    for (size_t k = 0; k < m->n_urcs; k++)
        if (m->urcs[k]->line == line)
            move_conds(m->urcs[k]->conds, m->urcs[k]->n_conds, slot);
    move_number(&line->loop_first, slot);
    move_number(&line->loop_count, slot);
    move_number(&line->data_count, slot);
}

static bool always_has(const m_line *line, size_t slot)
{
    for (size_t k = 0; k < line->n_readings; k++)
        if (!(line->readings[k].mask >> slot & 1u))
            return false;
    return !line->slots[slot].shown;
}

static bool never_has(const m_line *line, size_t slot)
{
    for (size_t k = 0; k < line->n_readings; k++)
        if (line->readings[k].mask >> slot & 1u)
            return false;
    return true;
}

/* The cells that no reading has go. */
static void trim_line(const settler *s, m_line *line)
{
    for (size_t i = line->n_slots; i-- > 0;)
        if (never_has(line, i) && !is_named(s->m, line, i))
            remove_slot(s->m, line, i);
    for (size_t i = 0; i < line->n_slots; i++)
        line->slots[i].optional = !always_has(line, i);
}

static void settle_line(const settler *s, m_line *line)
{
    settle_readings(s, line);
    settle_mask(s, line);
    if (line->n_readings > 0)           /* else it is never there: what it belongs to goes */
        trim_line(s, line);
}

/* ---- forms, replies, URCs ---- */
static bool reply_can_come(const m_form *form, const m_reply *r, const bool *never)
{
    for (size_t i = 0; i < r->n_atoms; i++) {
        const m_line *line = form->flow->atoms[r->atoms[i]].line;
        if (never[r->atoms[i]] || (line && line->n_readings == 0))
            return false;
    }
    return true;
}

/* Does it say anything but literal text? */
static bool has_values(const m_form *form, const m_reply *r)
{
    for (size_t i = 0; i < r->n_atoms; i++) {
        const m_atom *a = &form->flow->atoms[r->atoms[i]];
        if (a->row || a->kind == A_DATA_OUT || a->kind == A_BODY
            || (a->line && a->line->data_at != DATA_NONE))
            return true;
        for (size_t k = 0; a->line && k < a->line->n_slots; k++)
            if (!a->line->slots[k].literal)
                return true;
    }
    return false;
}

static void settle_replies(const settler *s, m_form *form)
{
    bool *never = mem_array(s, bool, form->flow->n_atoms + 1);
    size_t left = 0;

    for (size_t i = 0; i < form->flow->n_atoms; i++)
        never[i] = !settle_conds(s, form->flow->atoms[i].conds, &form->flow->atoms[i].n_conds);
    for (size_t i = 0; i < form->n_replies; i++)
        if (reply_can_come(form, &form->replies[i], never))
            form->replies[left++] = form->replies[i];
    form->n_replies = left;
    for (size_t i = 0; i < left; i++)
        if (!has_values(form, &form->replies[i]))
            form->replies[i].takes = NULL;
}

static void settle_forms(const settler *s)
{
    size_t left = 0;

    for (size_t i = 0; i < s->m->n_forms; i++) {
        m_form *form = s->m->forms[i];
        if (form->line->n_readings == 0 || !settle_conds(s, form->only, &form->n_only))
            continue;
        settle_replies(s, form);
        s->m->forms[left++] = form;
    }
    s->m->n_forms = left;
}

static void settle_urcs(const settler *s)
{
    size_t left = 0;

    for (size_t i = 0; i < s->m->n_urcs; i++) {
        m_urc *u = s->m->urcs[i];
        if (u->line->n_readings > 0 && settle_conds(s, u->conds, &u->n_conds))
            s->m->urcs[left++] = u;
    }
    s->m->n_urcs = left;
}

/* ---- structs ---- */
static bool **fields_with_cells(const settler *s)
{
    const model *m = s->m;
    bool **has = mem_array(s, bool *, m->n_structs + 1);

    for (size_t i = 0; i < m->n_structs; i++)
        has[i] = mem_array(s, bool, m->structs[i]->n_fields + 1);
    for (size_t i = 0; i < m->n_lines; i++) {
        const m_line *line = m->all_lines[i];
        for (size_t k = 0; line->fields && line->n_readings && k < line->n_slots; k++) {
            const m_slot *slot = &line->slots[k];
            const m_field *f = slot->literal ? NULL : layout_field(line->fields, slot->field);
            if (f)
                has[line->fields->id][f - line->fields->fields] = true;
        }
    }
    return has;
}

static bool is_same(const char *a, const char *b)
{
    return a && strcmp(a, b) == 0;
}

static bool time_asks(const m_time *time, const char *field)
{
    return is_same(time->by[0].field, field) || is_same(time->by[1].field, field);
}

static bool conds_ask(const m_cond *conds, size_t n, const char *field)
{
    for (size_t i = 0; i < n; i++)
        if (is_same(conds[i].field, field) || is_same(conds[i].key_field, field))
            return true;
    return false;
}

static bool line_asks(const m_line *line, const char *field)
{
    bool asks = line && is_same(line->data_request, field);

    for (size_t i = 0; line && i < line->n_readings; i++)
        asks = asks || conds_ask(line->readings[i].conds, line->readings[i].n_conds, field);
    return asks;
}

/* Does the form need this field of its request for anything but the command line? */
static bool form_asks(const m_form *form, const char *field)
{
    bool asks = time_asks(&form->within, field) || conds_ask(form->only, form->n_only, field);

    for (size_t i = 0; i < form->flow->n_atoms; i++) {
        const m_atom *a = &form->flow->atoms[i];
        asks = asks || is_same(a->count_field, field) || time_asks(&a->within, field)
               || conds_ask(a->conds, a->n_conds, field) || line_asks(a->line, field);
    }
    return asks;
}

/* The fields for which there is no cell any more; once for each struct. */
static void drop_fields(const settler *s, m_struct *x, const bool *has, const m_form *request)
{
    size_t left = 0;

    if (!s->had[x->id])
        return;
    for (size_t i = 0; i < x->n_fields; i++) {
        bool gone = s->had[x->id][i] && !has[i];
        if (!gone || (request && form_asks(request, x->fields[i].name)))
            x->fields[left++] = x->fields[i];
    }
    x->n_fields = left;
    s->had[x->id] = NULL;
}

/* Is there a line that has the field's cell, but not always? */
static bool may_lack(const model *m, const m_struct *x, const m_field *f)
{
    for (size_t i = 0; i < m->n_lines; i++) {
        const m_line *line = m->all_lines[i];
        for (size_t k = 0; line->fields == x && k < line->n_slots; k++)
            if (!line->slots[k].literal && strcmp(line->slots[k].field, f->name) == 0
                && (!always_has(line, k) || line->slots[k].may_be_empty))
                return true;
    }
    return false;
}

/* Nothing has to say that a value is there which always is: of a reply the handler has chosen the
 * lines. */
static void drop_has(const settler *s, m_struct *x, const bool *has)
{
    for (size_t i = 0; i < x->n_fields; i++)
        if (has[i] && x->fields[i].has && !may_lack(s->m, x, &x->fields[i]))
            x->fields[i].has = false;
}

/* Lines as they may be changed. */
static m_line *own_line(const model *m, const m_line *line)
{
    for (size_t i = 0; i < m->n_lines; i++)
        if (m->all_lines[i] == line)
            return m->all_lines[i];
    return NULL;
}

/* A struct that one line alone fills, and that may become empty: then the line has none. False: it
 * has become that. */
static bool settle_struct(const settler *s, bool **has, const m_line *of, const m_form *request)
{
    m_line *line = own_line(s->m, of);
    m_struct *x = s->m->structs[line->fields->id];

    drop_fields(s, x, has[x->id], request);
    if (x->n_fields == 0)
        line->fields = NULL;
    return x->n_fields > 0;
}

static void settle_structs(const settler *s)
{
    bool **has = fields_with_cells(s);

    for (size_t i = 0; i < s->m->n_forms; i++) {
        m_form *form = s->m->forms[i];
        m_struct *result = s->m->structs[form->result->id];
        if (form->takes && form->takes == form->line->fields
            && !settle_struct(s, has, form->line, form))
            form->takes = NULL;
        drop_fields(s, result, has[result->id], NULL);
    }
    for (size_t i = 0; i < s->m->n_urcs; i++)
        if (s->m->urcs[i]->line->fields)
            (void)settle_struct(s, has, s->m->urcs[i]->line, NULL);
    has = fields_with_cells(s);
    for (size_t i = 0; i < s->m->n_structs; i++)
        drop_has(s, s->m->structs[i], has[i]);
}

/* ---- all of it ---- */
static settler *settler_new(model *m)
{
    settler *s = mem_new(m, settler);

    s->m = m;
    s->had = fields_with_cells(s);
    return s;
}

void model_settle(model *m)
{
    settler *s = settler_new(m);

    for (size_t n = m->n_forms + 1; m->n_forms < n;) {  /* one that goes changes nothing */
        n = m->n_forms;
        find_constants(s);
        for (size_t i = 0; i < m->n_lines; i++)
            settle_line(s, m->all_lines[i]);
        settle_forms(s);
    }
    settle_urcs(s);
    settle_structs(s);
    talloc_free(s);
}

static bool has_param(const m_line *line, const m_reading *r, const char *param)
{
    for (size_t i = 0; i < line->n_slots; i++)
        if (r->mask >> i & 1u && !line->slots[i].literal && strcmp(line->slots[i].name, param) == 0)
            return true;
    return false;
}

bool model_without(model *m, m_form *form, const char *param)
{
    settler *s = settler_new(m);
    m_line *line = own_line(m, form->line);
    size_t n = line->n_readings, left = 0;

    for (size_t i = 0; i < n; i++)
        if (!has_param(line, &line->readings[i], param))
            line->readings[left++] = line->readings[i];
    line->n_readings = left;
    if (left > 0 && left < n) {
        trim_line(s, line);
        if (line->fields && !settle_struct(s, fields_with_cells(s), line, form))
            form->takes = NULL;
    }
    talloc_free(s);
    return left > 0 && left < n;
}
