/* What the order of the atoms means: which results end a form and with which outcome, which rows
 * have which struct, where counts come from, which values some answers lack.
 * SPDX-License-Identifier: MIT */
#include <string.h>

#include "resolve.h"

typedef struct ender {
    resolver *r;
    const scope *s;
    m_form *form;
    m_flow *flow;
    m_struct *result;
} ender;

/* ---- walking ---- */

/* Mark what can be reached from `from` (not itself, unless it repeats) without passing what
 * `stops`. */
static void reach(const m_flow *f, unsigned from, const bool *stops, bool *seen)
{
    const m_atom *a = &f->atoms[from];
    for (size_t i = 0; i < a->n_follow; i++) {
        unsigned next = a->follow[i];
        if (seen[next]) continue;
        seen[next] = true;
        if (!stops || !stops[next]) reach(f, next, stops, seen);
    }
}

/* Can the flow end without passing one of `stops`? */
static bool can_avoid(const m_flow *f, const bool *stops)
{
    bool seen[MAX_ATOMS] = { false };
    if (f->may_be_empty) return true;
    for (size_t i = 0; i < f->n_first; i++) {
        seen[f->first[i]] = true;
        if (!stops[f->first[i]]) reach(f, f->first[i], stops, seen);
    }
    for (size_t i = 0; i < f->n_atoms; i++)
        if (seen[i] && !stops[i] && f->atoms[i].may_end) return true;
    return false;
}

static bool goes_on(const m_flow *f, const m_atom *a)
{
    for (size_t i = 0; i < a->n_follow; i++)
        if (!f->atoms[a->follow[i]].later) return true;
    return false;
}

/* ---- results ---- */

static const m_result *code_of(ender *e, const m_atom *a)
{
    return a->line ? result_of(e->r, a->line) : NULL;
}

static bool has_ok(ender *e)
{
    for (size_t i = 0; i < e->flow->n_atoms; i++) {
        const m_result *code = code_of(e, &e->flow->atoms[i]);
        if (code && code->klass == RC_OK) return true;
    }
    return false;
}

/* An answer that ends with values, `+X:<x>`: where no answer of the form has an ok result, its
 * ` / OK` has mostly been forgotten. */
static void look_for_code(ender *e, const m_atom *a)
{
    bool has_value = false;
    for (size_t i = 0; i < a->line->n_slots; i++) has_value |= !a->line->slots[i].literal;
    if (has_value && *a->line->head && (strchr(a->line->lead, ':') || strchr(a->line->lead, '=')))
        diag_at(e->r->d, a->line->at, D_NO_RESULT_CODE,
                "the answer ends without a result code; write ' / OK' or name the line in "
                "'results'");
}

static bool same_letters(const char *a, const char *b)
{
    for (; *a && *b; a++, b++)
        if (*a != *b
            && ((*a | 0x20) != (*b | 0x20) || (*a | 0x20) < 'a' || (*a | 0x20) > 'z'))
            return false;
    return *a == *b;
}

/* A line that is a result code but for the case of its letters. */
static void look_for_case(ender *e, const m_line *line)
{
    for (size_t i = 0; i < e->r->m->n_results; i++) {
        const char *code = e->r->m->results[i].line->syntax;
        if (!line_is_literal(line) || !same_letters(code, line->syntax)) continue;
        diag_at(e->r->d, line->at, D_RESULT_LIKE_TEXT,
                "'%s' is no result code; did you mean '%s'?", line->syntax, code);
        diag_fix(e->r->d, "%s", code);
        return;
    }
}

/* A line that is the last step before the line is free is a result, known to the table or not. */
static void find_finals(ender *e)
{
    for (size_t i = 0; i < e->flow->n_atoms; i++) {
        m_atom *a = &e->flow->atoms[i];
        const m_result *code = code_of(e, a);
        a->ends = !a->later && !goes_on(e->flow, a);
        if (a->line && !code && a->kind == A_LINE) look_for_case(e, a->line);
        if (a->kind == A_LINE && a->ends && !a->row) {
            a->kind = A_FINAL;
            if (!code && !has_ok(e)) look_for_code(e, a);
        }
        a->is_ok = !code || code->klass != RC_ERROR;
    }
}

/* A result code, or the line that ends a body. */
static bool is_decider(const m_atom *a)
{
    return !a->later && (a->kind == A_FINAL || (a->kind == A_BODY && a->line));
}

static void mark_deciders(const m_flow *f, bool *stops)
{
    for (size_t i = 0; i < f->n_atoms; i++) stops[i] = is_decider(&f->atoms[i]);
}

/* Can the form be over after atom `i` without another result code? An intermediate code is followed
 * by one. */
static bool is_last_code(const m_flow *f, unsigned i)
{
    bool stops[MAX_ATOMS] = { false }, seen[MAX_ATOMS] = { false };
    mark_deciders(f, stops);
    reach(f, i, stops, seen);
    for (size_t k = 0; k < f->n_atoms; k++)
        if (seen[k] && !stops[k] && f->atoms[k].may_end) return true;
    return f->atoms[i].may_end;
}

/* Can atom `i` come without any result code before it? */
static bool is_without_code(const m_flow *f, unsigned i)
{
    bool stops[MAX_ATOMS] = { false }, seen[MAX_ATOMS] = { false };
    mark_deciders(f, stops);
    for (size_t k = 0; k < f->n_first; k++) {
        seen[f->first[k]] = true;
        if (!stops[f->first[k]]) reach(f, f->first[k], stops, seen);
    }
    return seen[i];
}

/* ---- names ---- */

/* The words of a line without its parameters; with the command's name where there are none. */
static const char *line_words(ender *e, const m_line *line)
{
    char *text = mem_printf(e->r->ctx, "%s", line->head);
    for (size_t i = 0; i < line->n_slots; i++) {
        const m_slot *slot = &line->slots[i];
        text = mem_check(
            talloc_asprintf_append_buffer(text, " %s", slot->literal ? slot->text : slot->pre));
    }
    char *name = name_lower(e->r, text);
    if (name[0] == 'n' && name[1] >= '0' && name[1] <= '9')
        return mem_printf(e->r->ctx, "%s_%s", e->s->c_name, name + 1);
    if (strcmp(name, "x")) return name;
    return *line->head ? e->s->c_name : "line";
}

/* What `as` says; the name of the dialect's result code; the words of the line. */
static const char *code_words(ender *e, const m_atom *a)
{
    const m_result *code = code_of(e, a);
    if (a->name && a->kind != A_BODY) return a->name;
    return code ? code->name : line_words(e, a->line);
}

static char *line_wire(ender *e, const m_line *line)
{
    char *text = mem_string(e->r->ctx, line->head);
    for (size_t i = 0; i < line->n_slots; i++) {
        const m_slot *slot = &line->slots[i];
        const char *lead = i ? "," : line->lead;
        if (!slot->literal) break;
        text = mem_check(talloc_asprintf_append_buffer(text, "%s%s", lead, slot->text));
    }
    return *text ? text : mem_string(e->r->ctx, line->syntax);
}

/* ---- outcomes ---- */

static int find_outcome(const m_form *form, const char *name)
{
    for (size_t i = 0; i < form->n_outcomes; i++)
        if (!strcmp(form->outcomes[i].name, name)) return (int)i;
    return -1;
}

static bool is_dialect_error(const resolver *r, const char *name)
{
    for (size_t i = 0; i < r->m->n_results; i++)
        if (r->m->results[i].klass == RC_ERROR && !strcmp(r->m->results[i].name, name)) return true;
    return false;
}

/* The one literal line just before an atom, which then names it: `ALREADY CONNECTED` / `ERROR`. */
static const m_atom *literal_before(ender *e, unsigned i)
{
    const m_atom *found = NULL;
    for (size_t k = 0; k < e->flow->n_atoms; k++) {
        const m_atom *a = &e->flow->atoms[k];
        for (size_t j = 0; j < a->n_follow; j++)
            if (a->follow[j] == i) {
                if (found) return NULL;
                found = a;
            }
    }
    for (size_t k = 0; k < e->flow->n_first; k++)
        if (e->flow->first[k] == i) return NULL;
    bool names = found && found->kind == A_LINE && !found->row && found->n_follow == 1
                 && line_is_literal(found->line) && found->line->n_readings == 1;
    return names ? found : NULL;
}

static bool is_shared(ender *e, unsigned i, const char *name)
{
    if (is_dialect_error(e->r, name)) return true;
    for (unsigned k = 0; k < e->flow->n_atoms; k++)
        if (k != i && e->flow->atoms[k].line && is_decider(&e->flow->atoms[k])
            && !strcmp(code_words(e, &e->flow->atoms[k]), name))
            return true;
    return false;
}

static void name_outcome(ender *e, unsigned i, m_outcome *o)
{
    m_atom *a = &e->flow->atoms[i];
    const m_atom *before = literal_before(e, i);
    o->is_ok = a->is_ok;
    o->wire = a->line ? line_wire(e, a->line) : "";
    o->name = a->kind == A_TRANSPARENT || a->kind == A_DATA_IN ? "ended" : code_words(e, a);
    if ((a->name && a->kind != A_BODY) || !before || !is_shared(e, i, o->name)) return;
    o->name = before->name ? before->name : line_words(e, before->line);
    o->wire = line_wire(e, before->line);
}

static void add_outcome(ender *e, m_outcome o)
{
    o.name = name_c(e->r, o.name);
    if (find_outcome(e->form, o.name) < 0)
        APPEND(e->r->ctx, m_outcome, e->form->outcomes, e->form->n_outcomes, o);
}

static bool is_late_decider(const m_atom *a)
{
    return a->later && a->may_end && !a->row
           && (a->kind == A_LINE || a->kind == A_FINAL || a->kind == A_URC);
}

/* Late lines decide only where there are several that could be the last. */
static bool late_lines_decide(const m_flow *f)
{
    unsigned n = 0;
    for (size_t i = 0; i < f->n_atoms; i++) n += is_late_decider(&f->atoms[i]);
    return n > 1;
}

static bool decides(ender *e, unsigned i)
{
    const m_atom *a = &e->flow->atoms[i];
    if (a->later) return is_late_decider(a) && late_lines_decide(e->flow);
    if (is_decider(a)) return is_last_code(e->flow, i);
    bool is_phase = a->kind == A_TRANSPARENT || a->kind == A_DATA_IN;
    return is_phase && is_last_code(e->flow, i) && is_without_code(e->flow, i);
}

static void add_dialect_errors(ender *e)
{
    for (size_t i = 0; i < e->r->m->n_results; i++) {
        const m_result *x = &e->r->m->results[i];
        if (x->klass == RC_ERROR)
            add_outcome(e, (m_outcome){ x->name, line_wire(e, x->line), false });
    }
}

/* The form's own first, then the dialect's error results. */
static void make_outcomes(ender *e)
{
    m_outcome *mine = mem_array(e->r->ctx, m_outcome, e->flow->n_atoms);
    for (unsigned i = 0; i < e->flow->n_atoms; i++) {
        if (!decides(e, i)) continue;
        name_outcome(e, i, &mine[i]);
        mine[i].name = name_c(e->r, mine[i].name);
        if (!is_dialect_error(e->r, mine[i].name)) add_outcome(e, mine[i]);
    }
    add_dialect_errors(e);
    for (unsigned i = 0; i < e->flow->n_atoms; i++) {
        m_atom *a = &e->flow->atoms[i];
        if (!mine[i].name) continue;
        a->outcome = find_outcome(e->form, mine[i].name);
        if (!a->name && !a->row) a->name = mine[i].name;
    }
}

static void check_outcomes(ender *e)
{
    bool stops[MAX_ATOMS] = { false };
    for (size_t i = 0; i < e->flow->n_atoms; i++) stops[i] = e->flow->atoms[i].outcome >= 0;
    if (can_avoid(e->flow, stops))
        diag_at(e->r->d, e->form->at, D_NO_RESULT, "an answer of this form ends without a result");
}

/* ---- rows ---- */

static bool needs_name(const m_atom *a)
{
    return a->row && a->line && !a->name;
}

static unsigned count_rows(const m_flow *f)
{
    unsigned n = 0;
    for (size_t i = 0; i < f->n_atoms; i++) n += f->atoms[i].row && f->atoms[i].line;
    for (size_t i = 0; i + 1 < f->n_atoms; i++) /* a first row on the line before is no other one */
        if (f->atoms[i].begins && f->atoms[i + 1].row) n--;
    return n;
}

static const m_atom *row_named(const m_flow *f, size_t before, const char *name)
{
    for (size_t i = 0; i < before; i++)
        if (f->atoms[i].row && f->atoms[i].row_fields && f->atoms[i].name
            && !strcmp(f->atoms[i].name, name))
            return &f->atoms[i];
    return NULL;
}

static void name_rows(ender *e)
{
    bool single = count_rows(e->flow) <= 1;
    for (size_t i = 0; i < e->flow->n_atoms; i++) {
        m_atom *a = &e->flow->atoms[i];
        if (needs_name(a)) a->name = single ? "row" : line_words(e, a->line);
    }
}

static void make_row(ender *e, size_t i)
{
    m_atom *a = &e->flow->atoms[i];
    m_line *line = (m_line *)(uintptr_t)a->line;
    const m_atom *old = row_named(e->flow, i, a->name);
    m_struct *fields = old ? (m_struct *)(uintptr_t)old->row_fields
                           : struct_new(e->r,
                                        mem_printf(e->r->ctx, "%s_%s", e->form->c_name, a->name),
                                        NULL);
    struct_line(e->r, fields, line);
    a->row_fields = old ? fields : struct_keep(e->r, fields, a->at);
    line->fields = a->row_fields;
}

/* Bytes that follow a row belong to it. */
static void make_row_data(ender *e, size_t i)
{
    m_atom *a = &e->flow->atoms[i];
    while (i > 0 && !e->flow->atoms[i - 1].line) i--;
    if (i == 0 || !e->flow->atoms[i - 1].row_fields) {
        diag_at(e->r->d, a->at, D_DATA_WITHOUT_ROW,
                "repeated data needs a line with values in front of it");
        return;
    }
    a->row_fields = e->flow->atoms[i - 1].row_fields;
    struct_field(e->r, (m_struct *)(uintptr_t)a->row_fields, a->name, type_bytes(e->r), a->at);
}

static void make_rows(ender *e)
{
    name_rows(e);
    for (size_t i = 0; i < e->flow->n_atoms; i++) {
        if (e->flow->atoms[i].row && e->flow->atoms[i].line)
            make_row(e, i);
        else if (e->flow->atoms[i].row && e->flow->atoms[i].kind == A_DATA_OUT)
            make_row_data(e, i);
    }
}

/* ---- counts ---- */

/* A line that comes before atom `i` (or begins the row it stands in) and holds `param`. */
static const m_slot *slot_before(ender *e, unsigned i, const char *param)
{
    for (unsigned k = 0; k < e->flow->n_atoms; k++) {
        bool seen[MAX_ATOMS] = { false };
        const m_atom *a = &e->flow->atoms[k];
        const m_slot *slot = a->line && k != i ? line_param(a->line, param) : NULL;
        if (!slot) continue;
        reach(e->flow, k, NULL, seen);
        if (seen[i]) return slot;
    }
    return NULL;
}

static void find_count(ender *e, unsigned i)
{
    m_atom *a = &e->flow->atoms[i];
    const char *param = a->count_field;
    if (!param) return;
    const m_slot *slot = slot_before(e, i, param);
    a->count_in_result = slot != NULL;
    if (!slot) slot = line_param(e->s->request, param);
    a->count_field = slot ? slot->field : NULL;
    if (!slot) {
        diag_at(e->r->d, a->at, D_UNKNOWN_PARAMETER,
                "no parameter '%s' of the request or of a line before", param);
    } else if (!type_counts(slot->type)) {
        diag_at(e->r->d, a->at, D_NO_COUNT, "'%s' cannot count: its type must be a number from 0",
                param);
        diag_note(e->r->d, slot->type->at, "its type");
    }
}

/* ---- values of two lines in one field ---- */

/* A parameter of the line that has a field of the answer to itself; not one of the request again. */
static const m_slot *own_slot(const m_atom *a, const char *field)
{
    for (size_t i = 0; a->line && !a->row && i < a->line->n_slots; i++) {
        const m_slot *slot = &a->line->slots[i];
        if (!slot->literal && !slot->tie && !strcmp(slot->field, field)) return slot;
    }
    return NULL;
}

/* What atom `i` says may be lost: a line behind it puts a value into the same field. */
static void find_shared(ender *e, unsigned i)
{
    const m_atom *a = &e->flow->atoms[i];
    bool seen[MAX_ATOMS] = { false };
    reach(e->flow, i, NULL, seen);
    for (unsigned k = i + 1; k < e->flow->n_atoms; k++) {
        const m_atom *b = &e->flow->atoms[k];
        for (size_t n = 0; a->line && !a->row && seen[k] && n < a->line->n_slots; n++) {
            const m_slot *x = &a->line->slots[n];
            const m_slot *y = x->literal || x->tie ? NULL : own_slot(b, x->field);
            if (!y || !type_same(x->type, y->type)) continue;
            diag_at(e->r->d, y->at, D_FIELD_SHARED,
                    "'%s' of another line of this answer is lost: both have one field",
                    y->name);
            diag_note(e->r->d, x->at, "the other one; give one of them another name");
        }
    }
}

/* ---- values that some answers lack ---- */

static bool atom_has(const m_atom *a, const m_field *f)
{
    if (a->row) return false;
    if ((a->kind == A_DATA_OUT || a->kind == A_BODY) && a->name && !strcmp(a->name, f->name))
        return true;
    if (!a->line) return false;
    if (a->line->data_at != DATA_NONE && !strcmp(a->line->data_name, f->name)) return true;
    for (size_t i = 0; i < a->line->n_slots; i++) {
        const m_slot *slot = &a->line->slots[i];
        if (!slot->literal && !strcmp(slot->field, f->name))
            return line_always_has(a->line, slot->name);
    }
    return false;
}

static void find_lacking(ender *e)
{
    for (size_t i = 0; i < e->result->n_fields; i++) {
        bool stops[MAX_ATOMS] = { false };
        m_field *f = &e->result->fields[i];
        if (f->is_outcome || f->in_loop) continue;
        for (size_t k = 0; k < e->flow->n_atoms; k++) stops[k] = atom_has(&e->flow->atoms[k], f);
        f->has = can_avoid(e->flow, stops);
    }
}

/* Every form may end with an error result; where that has values they stand in the form's result
 * too. */
static void add_error_fields(ender *e)
{
    for (size_t i = 0; i < e->r->m->n_results; i++) {
        const m_result *x = &e->r->m->results[i];
        if (x->klass != RC_ERROR || !x->line->fields) continue;
        for (size_t k = 0; k < x->line->fields->n_fields; k++) {
            const m_field *from = &x->line->fields->fields[k];
            if (struct_find(e->result, from->name)) continue;
            m_field *f = struct_field(e->r, e->result, from->name, from->type, from->at);
            f->has = f->of_error = true;
        }
    }
}

static void name_lines(ender *e)
{
    for (size_t i = 0; i < e->flow->n_atoms; i++) {
        m_atom *a = &e->flow->atoms[i];
        if (!a->name && a->line) a->name = line_words(e, a->line);
        if (!a->name && a->kind == A_PROMPT) a->name = "prompt";
    }
}

/* Fill in what depends on the order of the atoms. */
void flow_finish(resolver *r, const scope *s, m_form *form, m_flow *flow, m_struct *result)
{
    ender e = { r, s, form, flow, result };
    find_finals(&e);
    make_outcomes(&e);
    check_outcomes(&e);
    make_rows(&e);
    name_lines(&e);
    for (unsigned i = 0; i < flow->n_atoms; i++) find_count(&e, i);
    for (unsigned i = 0; i < flow->n_atoms; i++) find_shared(&e, i);
    find_lacking(&e);
    add_error_fields(&e);
}
