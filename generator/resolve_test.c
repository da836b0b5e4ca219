/* `test` without a command line: what the module says to `=?`, one line for each way to set the
 * command, with the values of each parameter in the notation of V.250 (5.7.3): `(0-5)`, `(0,1)`,
 * `("TCP","UDP")`; what has no list of values stands there by its name, `<topic>`. Steps of the
 * form say how the manual words it instead; a parameter in them stands for its values.
 *
 * The host takes every answer as rows of text: what another firmware says is why one asks.
 * SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <string.h>

#include "resolve.h"
#include "text.h"
#include "values.h"

enum { LEAST_ROOM = 256 };      /* bytes of a row that the host takes at least */

/* ---- the host's rows ---- */

/* One type for the rows of all forms. */
static ast_type *row_type(resolver *r, place at)
{
    if (r->test_row) return r->test_row;
    ast_type *type = r->test_row = mem_new(r->ctx, ast_type);
    type->kind = TYPE_TEXT;
    type->at = at;
    type->ranges = mem_new(r->ctx, ast_range);
    type->ranges->hi = LEAST_ROOM;
    return type;
}

/* `{0..: +NAME: <params:text>} as line` */
const ast_step *test_rows(resolver *r, const scope *s, place at)
{
    ast_pat *name = mem_new(r->ctx, ast_pat), *params = name->next = mem_new(r->ctx, ast_pat);
    ast_step *line = mem_new(r->ctx, ast_step), *seq = mem_new(r->ctx, ast_step);
    ast_step *rows = mem_new(r->ctx, ast_step);
    *name = (ast_pat){ .kind = PAT_TEXT, .at = at, .next = params };
    name->text = mem_printf(r->ctx, "%s%.1s ", s->command->names->name, r->m->lines.separators);
    *params = (ast_pat){ .kind = PAT_PARAM, .at = at, .type = row_type(r, at) };
    params->text = mem_string(r->ctx, "params");
    *line = (ast_step){ .kind = STEP_LINE, .at = at, .pattern = name };
    *seq = (ast_step){ .kind = STEP_SEQ, .at = at, .kids = line };
    *rows = (ast_step){ .kind = STEP_REPEAT, .at = at, .max = UINT32_MAX, .kids = seq };
    rows->as = mem_string(r->ctx, "line");
    return rows;
}

/* ---- the values of a parameter ---- */

static void say_number(text *t, const m_type *type, int64_t value)
{
    if (type->is_hex)
        text_printf(t, "0x%0*" PRIX64, type->digits, (uint64_t)value);
    else
        text_printf(t, "%" PRId64, value);
}

/* Two values are a list: `(0,1)`. */
static void say_range(text *t, const m_type *type, m_range range)
{
    say_number(t, type, range.lo);
    if (range.lo == range.hi) return;
    text_add(t, range.lo + 1 == range.hi ? "," : "-");
    say_number(t, type, range.hi);
}

static void say_numbers(text *t, const m_type *type)
{
    const values v = values_of(t, type);
    for (size_t i = 0; i < v.n;) {
        m_range range = v.ranges[i];
        if (i) text_add(t, ",");
        for (i++; i < v.n && v.ranges[i].lo == range.hi + 1; i++) range.hi = v.ranges[i].hi;
        say_range(t, type, range);
    }
}

static void say_words(text *t, const m_type *type)
{
    const char *quote = type->quote == Q_BARE ? "" : "\"";
    for (size_t i = 0; i < type->n_items; i++)
        text_printf(t, "%s%s%s%s", i ? "," : "", quote, type->items[i].wire, quote);
}

static void say_values(text *t, const m_type *type)
{
    text_add(t, "(");
    if (type->kind == T_WORD || type->kind == T_BOOL)
        say_words(t, type);
    else
        say_numbers(t, type);
    text_add(t, ")");
}

/* ---- one line ---- */

/* `0x` in front of a cell is part of its numbers here. */
static bool is_radix(const m_slot *slot)
{
    return slot->type->is_hex && (!strcmp(slot->pre, "0x") || !strcmp(slot->pre, "0X"));
}

static void say_slot(text *t, const m_slot *slot)
{
    if (slot->literal) {
        text_add(t, slot->text);
        return;
    }
    if (!is_radix(slot)) text_add(t, slot->pre);
    if (values_has_numbers(slot->type) && !slot->type->is_open)
        say_values(t, slot->type);
    else
        text_printf(t, "<%s>", slot->name);
    text_add(t, slot->post);
}

/* All that can be there; of alternatives the longest. */
static m_said say_line(resolver *r, const m_form *set, const m_line *line, const char *head,
                       const char *lead)
{
    const char *comma = "";
    text *t = text_new(r->ctx);
    text_printf(t, "%s%s", head, lead);
    for (size_t i = 0; i < line->n_slots; i++) {
        if (!(line->readings[0].mask >> i & 1)) continue;
        text_add(t, comma);
        say_slot(t, &line->slots[i]);
        comma = ",";
    }
    text_add(t, line->tail);
    return (m_said){ t->p, line, set ? set->label : NULL };
}

/* ---- one for each way to set the command ---- */

/* Does `longer` begin with all cells of `line`? */
static bool goes_on(const char *line, const char *longer)
{
    size_t n = strlen(line);
    return !strncmp(line, longer, n) && (longer[n] == ',' || !longer[n]);
}

/* A variant that is another one cut short has no line of its own. */
static void add_said(resolver *r, m_form *form, m_said said)
{
    for (size_t i = 0; i < form->n_says; i++)
        if (goes_on(said.text, form->says[i].text)) return;
    for (size_t i = 0; i < form->n_says; i++)
        if (goes_on(form->says[i].text, said.text)) {
            form->says[i] = said;
            return;
        }
    APPEND(r->ctx, m_said, form->says, form->n_says, said);
}

/* What stands behind the name in the answers of these forms; NULL: they do not say. */
static const char *find_lead(resolver *r, m_form *const *forms, size_t n)
{
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < forms[i]->flow->n_atoms && !forms[i]->answers_types; k++) {
            const m_line *line = forms[i]->flow->atoms[k].line;
            if (!line || line->head[0] != MODEL_NAME || !*line->lead) continue;
            size_t sign = strspn(line->lead, r->m->lines.separators);
            return mem_bytes(r->ctx, line->lead, sign + strspn(line->lead + sign, " "));
        }
    return NULL;
}

static void say_variants(resolver *r, m_form *form, const char *lead)
{
    const m_command *c = form->command;
    for (size_t i = 0; i < c->n_forms; i++)
        if (c->forms[i]->kinds & (1u << F_SET) && c->forms[i]->line->n_slots)
            add_said(r, form, say_line(r, c->forms[i], c->forms[i]->line, "\x01", lead));
}

/* ---- the manual's own wording ---- */

static void say_step(resolver *r, const scope *s, m_form *form, const ast_step *step)
{
    rpat *list = step->kind == STEP_LINE && !step->later && !step->when && !step->as
                 ? pat_make(r, s, step->pattern) : NULL;
    size_t n = r->m->n_lines;
    const m_line *line = list ? line_make(r, s, LINE_CODE, list, NULL) : NULL;
    const m_result *result = line ? result_of(r, line) : NULL;
    r->m->n_lines = n;          /* only its text is wanted */
    if (line && !result && !step->next)
        diag_at(r->d, step->at, D_TEST_STEP, "the answer ends with the first 'ok' result: ' / %s'",
                result_first(r, RC_OK) ? result_first(r, RC_OK)->line->syntax : "OK");
    else if (line && !result)
        APPEND(r->ctx, m_said, form->says, form->n_says,
               say_line(r, NULL, line, line->head, line->lead));
    else if (!line || result != result_first(r, RC_OK) || step->next)
        diag_at(r->d, step->at, D_TEST_STEP,
                "the answer to a 'test' without a command line is lines and then the first 'ok' "
                "result; write the command line where it is anything else");
}

static void say_steps(resolver *r, const scope *s, m_form *form, const ast_step *steps)
{
    if (steps->next)
        diag_at(r->d, steps->next->at, D_TEST_STEP,
                "a 'test' without a command line has one answer");
    for (const ast_step *k = steps->kids; k; k = k->next) say_step(r, s, form, k);
}

/* ---- all of them ---- */

/* The host's rows are written and shown as the dialect writes its answers. */
static void say_form(resolver *r, def_entry *e, m_form *form, const char *dialect_lead)
{
    const m_command *c = form->command;
    scope s = { .command = e->def, .c_name = c->c_name, .owner = c, .request = form->line };
    const char *lead = find_lead(r, c->forms, c->n_forms);
    m_line *row = r->m->all_lines[form->flow->atoms[0].line->id];
    row->lead = lead ? lead : dialect_lead;
    row->syntax = mem_printf(r->ctx, "%s%s<params>", c->members[0].name, row->lead);
    for (const ast_form *f = e->def->forms; f; f = f->next) {
        if (f->variants->pattern) continue;
        if (f->responses) say_steps(r, &s, form, f->responses);
        else say_variants(r, form, row->lead);
    }
}

/* The host has room for twice what the spec's module says. */
static void make_room(const m_form *form)
{
    for (size_t i = 0; i < form->n_says; i++) {
        m_range *room = form->flow->atoms[0].line->slots[0].type->ranges;
        int64_t n = 2 * (int64_t)strlen(form->says[i].text);
        if (n > room->hi) room->hi = n;
    }
}

static m_form *test_form(const m_command *c)
{
    for (size_t i = 0; i < c->n_forms; i++)
        if (c->forms[i]->answers_types) return c->forms[i];
    return NULL;
}

void test_all(resolver *r)
{
    const char *lead = find_lead(r, r->m->forms, r->m->n_forms);
    if (!lead) lead = mem_printf(r->ctx, "%.1s ", r->m->lines.separators);
    for (def_entry *e = r->defs.first; e; e = e->next) {
        m_form *form = e->command && !e->dead ? test_form(e->command) : NULL;
        if (!form) continue;
        say_form(r, e, form, lead);
        make_room(form);
    }
}
