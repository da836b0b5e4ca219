/* The host's tables: what may come at any time, the forms as the host calls them, and what
 * follows each. See tables.h.
 * SPDX-License-Identifier: MIT */
#include "tables.h"

#include <string.h>

#include "clash.h"
#include "kinds.h"
#include "layout.h"
#include "mem.h"
#include "wire.h"

#include <uthash.h>

enum { MOST_STEPS = 127 };        /* of a form: distances between them are an int8_t */

static const char *const OPS[] = { "AT_OP_EXEC", "AT_OP_READ", "AT_OP_TEST", "AT_OP_SET",
                                   "AT_OP_SAVE" };

static void use_if(tables *t, bool used, feature f)
{
    if (used)
        tables_use(t, f);
}

/* ---- which lines are read ---- */

/* Then the grammar has the empty line, as a grammar needs a rule. */
static bool no_shapes(const tables *t)
{
    for (size_t i = 0; i < t->m->n_lines; i++)
        if (t->line_handles[t->m->all_lines[i]->id])
            return false;
    return true;
}

static void host_shapes(tables *t)
{
    const model *m = t->m;

    for (size_t i = 0; i < m->n_results; i++)
        tables_shape(t, m->results[i].line);
    for (size_t i = 0; i < m->n_urcs; i++)
        tables_shape(t, m->urcs[i]->line);
    for (size_t i = 0; i < m->n_forms; i++)
        for (size_t k = 0; k < m->forms[i]->flow->n_atoms; k++)
            tables_shape(t, m->forms[i]->flow->atoms[k].line);
    if (no_shapes(t))
        (void)shapes_add(t->shapes, &(shape_reading){ .n = 0 }, 1);
    if (!shapes_finish(t->shapes))
        tables_refuse(t, (place){ 0 }, "a line with more than 255 ways to read it");
}

/* ---- what a line begins with ---- */

/* The beginning of a line read one way, up to its first parameter; *open: a parameter follows. */
static const char *literal_beginning(tables *t, const m_line *line, const m_reading *r, bool *open)
{
    text *s = text_new(t->tmp);
    bool is_first = true;

    text_add(s, line->head ? line->head : "");
    text_add(s, line->lead);
    *open = false;
    for (size_t i = 0; i < line->n_slots && !*open; i++) {
        if (!(r->mask >> i & 1u))
            continue;
        if (!is_first)
            text_add(s, ",");
        is_first = false;
        *open = !line->slots[i].literal;
        text_add(s, *open ? line->slots[i].pre : line->slots[i].text);
    }
    if (!*open)
        text_add(s, line->tail);
    *open = *open || line->data_at == DATA_INLINE;
    if (line->data_at == DATA_INLINE && line->data_lead && is_first)
        text_add(s, line->data_lead);
    return s->p;
}

/* The text by which a line is found: up to the first separator or comma; NULL: it begins with a
 * parameter. */
static const char *line_key(tables *t, const m_line *line, const m_reading *r)
{
    bool open;
    char *s = mem_string(t, literal_beginning(t, line, r, &open));
    size_t n = strcspn(s, mem_printf(t->tmp, ",%s", t->m->lines.separators));

    if (s[n] == '\0' && open)
        return NULL;
    while (n && s[n - 1] == ' ')
        n--;
    s[n] = '\0';
    return s;
}

/* ---- lines that may always come, by what they begin with ---- */
typedef struct known_item { pool_row row; struct known_item *next; } known_item;
typedef struct known_key {
    const char *key;
    known_item *first, *last;
    size_t n;
    UT_hash_handle hh;
} known_key;

static void known_add(tables *t, known_key **keys, const char *key, pool_row row)
{
    known_key *k;
    known_item *item = mem_new(t, known_item);

    HASH_FIND_STR(*keys, key, k);
    if (!k) {
        k = mem_new(t, known_key);
        k->key = key;
        HASH_ADD_KEYPTR(hh, *keys, k->key, strlen(k->key), k);
    }
    item->row = row;
    if (k->last)
        k->last->next = item;
    else
        k->first = item;
    k->last = item;
    k->n++;
}

static bool key_is_new(const char *const *keys, size_t n, const char *key)
{
    for (size_t i = 0; i < n; i++)
        if (keys[i] == key || (keys[i] && key && strcmp(keys[i], key) == 0))
            return false;
    return true;
}

/* May it begin with a parameter? */
static bool is_headless(tables *t, const m_line *line)
{
    for (size_t i = 0; i < line->n_readings; i++)
        if (!line_key(t, line, &line->readings[i]))
            return true;
    return false;
}

/* One entry for each way the line can begin; without a head under the key "". */
static void known_line(tables *t, known_key **keys, const m_line *line, pool_row row)
{
    const char **seen = mem_array(t->tmp, const char *, line->n_readings + 1);
    size_t n = 0;

    for (size_t i = 0; i < line->n_readings; i++) {
        const char *key = line_key(t, line, &line->readings[i]);
        if (!key_is_new(seen, n, key))
            continue;
        seen[n++] = key;
        known_add(t, keys, key ? key : "", row);
    }
}

static void known_results(tables *t, known_key **keys)
{
    static const char *const kinds[] = { "AT_H_OK", "AT_H_ERROR", "AT_H_BUSY" };
    size_t count[3] = { 0, 0, 0 };

    for (size_t i = 0; i < t->m->n_results; i++) {
        const m_result *r = &t->m->results[i];
        line_use use = { FRAME_RESULT, NULL, false };
        use_if(t, r->klass == RC_ERROR && r->line->n_slots > 0, WITH_RESULT_NUMBERS);
        use_if(t, is_headless(t, r->line), WITH_HEADLESS_RESULTS);
        size_t id = r->klass == RC_ERROR ? tables_error_index(t->m, i) : count[r->klass]++;
        known_line(t, keys, r->line, (pool_row){
            .key = mem_printf(t->tmp, "0, %zu, %s, %zu }",
                              tables_widths(t, tables_line(t, r->line, use), 8, 10), kinds[r->klass],
                              tables_widths(t, tables_limit(t, id, MOST_BYTE, "result codes", r->at), 5, 8)),
            .note = r->line->syntax });
    }
}

/* They are told apart by their lines, which follow one another. */
static void known_urcs(tables *t, known_key **keys)
{
    t->first_urc = t->lines->n;
    for (size_t i = 0; i < t->m->n_urcs; i++) {
        const m_urc *u = t->m->urcs[i];
        known_line(t, keys, u->line,
                   (pool_row){ .key = mem_printf(t->tmp, "%zu, %zu, %s, %zu }",
                                                 tables_bits(t, u->n_conds, 6),
                                                 tables_widths(t, tables_urc(t, u), 8, 10),
                                                 u->restarts ? "AT_H_RESTART" : "AT_H_URC",
                                                 tables_widths(t, tables_few_conds(t, NULL, u->conds, u->n_conds), 5, 8)),
                               .note = u->name });
    }
}

/* Rows of one key, one after the other; the row's own part is made already. */
static void known_rows(tables *t, const known_key *k)
{
    size_t key = tables_widths(t, tables_far_text(t, k->key), 10, 16);

    for (const known_item *item = k->first; item; item = item->next)
        pool_append(t->known, (pool_row){ .key = mem_printf(t, "{ %zu, %s", key, item->row.key),
                                          .note = item->row.note });
}

/* By the hash of their keys; those without a key last. */
static void known_print(tables *t, known_key *keys)
{
    size_t count = tables_buckets(HASH_COUNT(keys));
    const known_key *headless;

    for (size_t b = 0; b < count; b++) {
        pool_append(t->buckets, (pool_row){ .key = mem_printf(t->tmp, "%zu", t->known->n) });
        for (const known_key *k = keys; k; k = k->hh.next)
            if (*k->key && (tables_hash(k->key, false) & (count - 1)) == b)
                known_rows(t, k);
    }
    pool_append(t->buckets, (pool_row){ .key = mem_printf(t->tmp, "%zu", t->known->n) });
    t->first_headless = t->known->n;
    HASH_FIND_STR(keys, "", headless);
    if (headless)
        known_rows(t, headless);
    tables_limit(t, t->known->n, MOST_SHORT, "result codes and URCs", (place){ 0 });
}

static void host_known(tables *t)
{
    known_key *keys = NULL;

    known_results(t, &keys);
    known_urcs(t, &keys);
    known_print(t, keys);
    HASH_CLEAR(hh, keys);
}

/* ---- what may follow: lists of atoms ---- */

/* A literal goes before a parameter: is that what tells these two lines apart first? */
static bool is_more_literal(const m_line *a, const m_line *b)
{
    if (!a || !b || strcmp(a->head ? a->head : "", b->head ? b->head : "") != 0)
        return false;
    for (size_t i = 0; i < a->n_slots && i < b->n_slots; i++)
        if (a->slots[i].literal != b->slots[i].literal)
            return a->slots[i].literal;
    return false;
}

static void insert_atom(const m_flow *flow, unsigned *list, size_t n, unsigned atom)
{
    size_t at = 0;

    while (at < n && !is_more_literal(flow->atoms[atom].line, flow->atoms[list[at]].line))
        at++;
    memmove(&list[at + 1], &list[at], (n - at) * sizeof *list);
    list[at] = atom;
}

/* `from`: the atom that they follow; the first of the form for those that come first. */
static size_t follow_list(tables *t, const m_flow *flow, unsigned from, const unsigned *atoms,
                          size_t n, place at)
{
    pool_row *rows = mem_array(t->tmp, pool_row, n + 1);
    unsigned *list = mem_array(t->tmp, unsigned, n + 1);

    for (size_t i = 0; i < n; i++)
        insert_atom(flow, list, i, atoms[i]);
    rows[0] = (pool_row){ .key = mem_printf(t->tmp, "%zu", n) };
    for (size_t i = 0; i < n; i++)
        rows[i + 1] = (pool_row){ .key = mem_printf(t->tmp, "%d", (int)list[i] - (int)from) };
    return tables_limit(t, tables_bits(t, pool_block(t->follows, rows, n + 1), 8), MOST_SHORT,
                        "lists of steps", at);
}

/* ---- counted repetitions of steps ---- */
static bool has_atom(const unsigned *list, size_t n, unsigned atom)
{
    for (size_t i = 0; i < n; i++)
        if (list[i] == atom)
            return true;
    return false;
}

/* Does a round of its repetition begin with this atom? */
static bool begins_round(const m_flow *flow, unsigned atom)
{
    const m_atom *a = &flow->atoms[atom];

    if (a->loop < 0)
        return false;
    if (has_atom(flow->first, flow->n_first, atom))
        return true;
    for (size_t i = 0; i < flow->n_atoms; i++)
        if (flow->atoms[i].loop != a->loop
            && has_atom(flow->atoms[i].follow, flow->atoms[i].n_follow, atom))
            return true;
    return false;
}

static const m_atom *loop_counter(const m_flow *flow, int loop)
{
    for (size_t i = 0; i < flow->n_atoms; i++) {
        const m_atom *a = &flow->atoms[i];
        if (a->loop == loop && a->count_field && a->kind != A_DATA_IN && a->kind != A_DATA_OUT)
            return a;
    }
    return NULL;
}

/* 1 + row of the repetition the atom stands in, 0: none. */
static size_t repeat_row(tables *t, const m_form *form, const m_atom *a)
{
    if (a->loop < 0)
        return 0;
    const m_atom *counter = loop_counter(form->flow, a->loop);
    const char *limits =
        mem_printf(t->tmp, "%d, %d", a->loop_min, a->loop_max > 255 ? 255 : a->loop_max);
    const char *key, *c;
    use_if(t, counter || a->loop_min > 0, WITH_COUNTED_STEPS);
    if (!counter) {
        key = c = mem_printf(t->tmp, "{ 0, 0, AT_NONE, %s }", limits);
    } else if (!counter->count_in_result) {
        size_t figure = 1 + tables_field(t, form, counter->count_field, "a count", a->at);
        key = c = mem_printf(t->tmp, "{ %zu, 0, 0, %s }", figure, limits);
    } else {
        layout_ref at = layout_member(t->tmp, t->lower, form->result, counter->count_field);
        size_t type = tables_type(t, layout_field(form->result, counter->count_field)->type);
        key = mem_printf(t->tmp, "%zu %s %s", type, at.key, limits);
        c = mem_printf(t->tmp, "{ 0, %zu, %s, %s }", type, at.c, limits);
    }
    return 1
           + tables_limit(t, pool_one(t->repeats, (pool_row){ .key = key, .c = c }), MOST_BYTE - 1,
                          "repeated steps", a->at);
}

/* ---- atoms ---- */

/* Is the line free after this atom? After a result code that ends the command, or when all that
 * can follow is later. */
static bool atom_frees(const m_flow *flow, const m_atom *a)
{
    if (a->later || a->kind == A_PAUSE)
        return false;
    if (a->kind == A_FINAL || a->n_follow == 0)
        return a->ends || a->n_follow == 0;
    for (size_t i = 0; i < a->n_follow; i++)
        if (!flow->atoms[a->follow[i]].later)
            return false;
    return true;
}

/* Does the line hold text that a struct points to until the result? */
static bool atom_keeps(const m_atom *a)
{
    if (a->row || !a->line || (a->kind != A_LINE && a->kind != A_FINAL))
        return false;
    for (size_t i = 0; i < a->line->n_slots; i++) {
        const m_slot *slot = &a->line->slots[i];
        m_kind kind = slot->literal ? T_INT : slot->type->kind;
        if (kind == T_STRING || kind == T_TEXT || kind == T_HEX)
            return true;
    }
    return false;
}

/* Index in OPS of what it is spelled with. */
static int first_operator(const tables *t, const m_form *form)
{
    for (int kind = 0; kind < F_KINDS; kind++)
        if (form->kinds & 1u << kind)
            return tables_operator(t->m, form, (m_form_kind)kind);
    return NO_INDEX;
}

/* Could the line be anything, or anything behind the name, as the answer to `=?`? */
static bool is_free_text(const tables *t, const m_form *form, const m_atom *a)
{
    const m_line *line = a->kind == A_LINE ? a->line : NULL;

    return line && line->n_slots > 0 && !line->slots[0].literal && line->slots[0].is_elastic
           && (!line->head || !*line->head || first_operator(t, form) == F_TEST);
}

static const char *atom_flags(tables *t, const m_form *form, unsigned i)
{
    const m_atom *a = &form->flow->atoms[i];
    const char *flags =
        mem_printf(t->tmp, "%s%s%s%s%s%s%s%s", (a->kind == A_FINAL ? a->is_ok : a->outcome >= 0) ? " | AT_A_OK" : "",
                   atom_frees(form->flow, a) ? " | AT_A_FREES" : "",
                   a->later ? " | AT_A_LATER" : "", a->row ? " | AT_A_ROW" : "",
                   a->may_end ? " | AT_A_MAY_END" : "", atom_keeps(a) ? " | AT_A_KEEP" : "",
                   begins_round(form->flow, i) ? " | AT_A_LOOPS" : "",
                   is_free_text(t, form, a) ? " | AT_A_FREE_TEXT" : "");
    return *flags ? flags + 3 : "0";
}

static size_t atom_urc(tables *t, const m_atom *a)
{
    return a->urc ? tables_urc_number(t->m, a->urc) : tables_limit(t, 1, 0, "later URCs without a name", a->at);
}

/* What `line` of the row means depends on the kind. */
static size_t atom_line(tables *t, const m_form *form, const m_atom *a)
{
    switch (a->kind) {
    case A_LINE:
    case A_FINAL:
        return tables_line(t, a->line, (line_use){ tables_frame(a), form, false });
    case A_PROMPT: return tables_text(t, a->sign);
    case A_URC: return atom_urc(t, a);
    case A_BLANK: return 0;
    case A_DATA_IN: case A_DATA_OUT: case A_BODY: case A_TRANSPARENT: case A_PAUSE: break;
    }
    return tables_phase(t, form, a);
}

/* Which row struct of the form this is: counted from 1 in the order of the steps; 0: the only one. */
static size_t row_number(tables *t, const m_form *form, const m_atom *a)
{
    size_t n = 0, number = 0;

    for (size_t i = 0; i < form->flow->n_atoms; i++) {
        const m_atom *x = &form->flow->atoms[i];
        bool is_first = x->row && x->row_fields;
        for (size_t k = 0; k < i && is_first; k++)
            is_first = form->flow->atoms[k].row_fields != x->row_fields;
        n += is_first;
        if (is_first && x->row_fields == a->row_fields)
            number = n;
    }
    use_if(t, n > 1, WITH_ROW_KINDS);
    return n > 1 ? number : 0;
}

/* Has it a time limit of its own? That of data to the module stands in its phase. */
static bool is_limited(const m_atom *a)
{
    return a->kind != A_DATA_IN && (a->within.ms > 0 || a->within.scale_ms > 0);
}

/* Row of the time limit of those that may come next: the longest they have, 0 none. */
static size_t next_time(tables *t, const m_form *form, const unsigned *list, size_t n)
{
    const m_atom *longest = NULL;

    for (size_t i = 0; i < n; i++) {
        const m_atom *a = &form->flow->atoms[list[i]];
        if (!is_limited(a))
            continue;
        if (longest && longest->within.scale_ms + a->within.scale_ms > 0
            && tables_time(t, form, &a->within, a->at)
                   != tables_time(t, form, &longest->within, longest->at))
            tables_refuse(t, a->at, "alternatives with different time limits that depend on parameters");
        if (!longest || a->within.ms > longest->within.ms)
            longest = a;
    }
    return longest ? tables_time(t, form, &longest->within, longest->at) : 0;
}

/* Does a line come behind it? */
static bool is_answered(const m_flow *flow, const m_atom *a)
{
    for (size_t i = 0; i < a->n_follow; i++)
        if (flow->atoms[a->follow[i]].kind == A_LINE || flow->atoms[a->follow[i]].kind == A_FINAL)
            return true;
    return false;
}

static void note_uses(tables *t, const m_flow *flow, const m_atom *a)
{
    bool in = a->kind == A_DATA_IN;

    use_if(t, a->n_conds > 0, WITH_STEP_CONDITIONS);
    use_if(t, a->kind == A_URC, WITH_URC_STEPS);
    use_if(t, a->kind == A_BLANK, WITH_EMPTY_LINES);
    use_if(t, a->kind == A_BODY, WITH_BODIES);
    use_if(t, a->kind == A_DATA_OUT || (a->line && a->line->data_at != DATA_NONE), WITH_ANSWER_DATA);
    use_if(t, a->kind == A_TRANSPARENT && is_answered(flow, a), WITH_ESCAPE_ANSWERS);
    use_if(t, in || a->kind == A_TRANSPARENT, WITH_SENT_DATA);
    use_if(t, in && (a->within.ms > 0 || a->within.scale_ms > 0), WITH_SILENT_ENDS);
}

/* Row of what the atom has in common with others. */
static size_t step_row(tables *t, const m_form *form, unsigned i)
{
    static const char *const kinds[] = { "AT_A_LINE",    "AT_A_FINAL",       "AT_A_PROMPT",
                                         "AT_A_DATA_IN", "AT_A_DATA_OUT",    "AT_A_BODY",
                                         "AT_A_BLANK",   "AT_A_TRANSPARENT", "AT_A_URC",
                                         "AT_A_PAUSE" };
    const m_atom *a = &form->flow->atoms[i];
    const char *outcome = a->outcome >= 0 ? mem_printf(t->tmp, "%d", a->outcome) : "AT_NONE8";
    size_t time = next_time(t, form, a->follow, a->n_follow);
    size_t row = tables_bits(t, row_number(t, form, a), 4);
    size_t repeat = tables_bits(t, repeat_row(t, form, a), 4);
    size_t conds = tables_few_conds(t, form, a->conds, a->n_conds);
    size_t follow = follow_list(t, form->flow, i, a->follow, a->n_follow, a->at);
    const char *c = mem_printf(t->tmp, "{ %s, %s, %s, %zu, AT_STEP_CONDS(%zu, %zu) %zu, %zu, %zu }",
                               kinds[a->kind], atom_flags(t, form, i), outcome, time, conds,
                               a->n_conds, row, repeat, follow);

    return tables_widths(t, pool_one(t->steps, (pool_row){ .key = c }), 8, 6);
}

static pool_row atom_row(tables *t, const m_form *form, unsigned i)
{
    const m_atom *a = &form->flow->atoms[i];
    size_t line = tables_widths(t, atom_line(t, form, a), 8, 10), step = step_row(t, form, i);

    return (pool_row){ .key = mem_printf(t->tmp, "{ %zu, %zu }", step, line),
                       .note = a->line ? a->line->syntax : a->name };
}

static size_t atoms_block(tables *t, const m_form *form)
{
    const m_flow *flow = form->flow;
    pool_row *rows = mem_array(t->tmp, pool_row, flow->n_atoms + 1);

    tables_limit(t, flow->n_atoms, MOST_STEPS, "steps of a form", form->at);
    for (unsigned i = 0; i < flow->n_atoms; i++)
        note_uses(t, flow, &flow->atoms[i]);
    for (unsigned i = 0; i < flow->n_atoms; i++)
        rows[i] = atom_row(t, form, i);
    return tables_widths(t, pool_block(t->atoms, rows, flow->n_atoms), 8, 13);
}

/* ---- stages: data to the module ---- */
/* Of the form's first 127 atoms: may this one come when these have just been added to `seen`? */
static bool leads_to(const m_flow *flow, const unsigned *list, size_t n, unsigned stage, bool *seen)
{
    for (size_t i = 0; i < n; i++) {
        const m_atom *a = &flow->atoms[list[i]];
        if (list[i] == stage)
            return true;
        if (seen[list[i]])
            continue;
        seen[list[i]] = true;
        if (leads_to(flow, a->follow, a->n_follow, stage, seen))
            return true;
    }
    return false;
}

/* Is the stage the only one, and to come until it has come, and then no more? */
static bool is_plain_stage(const tables *t, const m_flow *flow, unsigned stage)
{
    for (unsigned i = 0; i < flow->n_atoms; i++) {
        const m_atom *a = &flow->atoms[i];
        bool *seen = mem_array(t->tmp, bool, flow->n_atoms);
        memset(seen, 0, flow->n_atoms * sizeof *seen);
        if (i != stage && a->kind == A_DATA_IN)
            return false;
        if (leads_to(flow, a->follow, a->n_follow, stage, seen) != (i < stage))
            return false;
    }
    return true;
}

/* 1 + the first, 0: the form has none. */
static size_t form_stage(tables *t, const m_flow *flow)
{
    for (unsigned i = 0; i < flow->n_atoms; i++)
        if (flow->atoms[i].kind == A_DATA_IN) {
            use_if(t, !is_plain_stage(t, flow, i), WITH_SEVERAL_STAGES);
            return i + 1;
        }
    return 0;
}

/* ---- calls ---- */
static const m_atom *atom_of_kind(const m_flow *flow, m_atom_kind kind)
{
    for (size_t i = 0; i < flow->n_atoms; i++)
        if (flow->atoms[i].kind == kind)
            return &flow->atoms[i];
    return NULL;
}

static void note_transparent(tables *t, const m_flow *flow, size_t atoms)
{
    const m_atom *a = atom_of_kind(flow, A_TRANSPARENT);

    if (a && !t->transparent)
        t->transparent = tables_limit(t, 1 + atoms + (size_t)(a - flow->atoms), MOST_SHORT,
                                      "steps before transparent mode", a->at);
}

static bool takes_saved(const m_form *form)
{
    for (size_t i = 0; form->takes && i < form->takes->n_fields; i++)
        if (form->takes->fields[i].is_saved)
            return true;
    return false;
}

/* The payload of the request: bytes that are no part of the command line. */
static const char *payload_offset(tables *t, const m_form *form)
{
    for (size_t i = 0; form->takes && i < form->takes->n_fields; i++) {
        const m_field *f = &form->takes->fields[i];
        if (f->type && f->type->kind == T_BYTES)
            return layout_member(t->tmp, t->lower, form->takes, f->name).c;
    }
    return "AT_NONE";
}

static const char *payload_count(tables *t, const m_form *form)
{
    const m_atom *a = atom_of_kind(form->flow, A_DATA_IN);

    if (form->line->data_at != DATA_NONE && form->line->data_count >= 0)
        return mem_printf(t->tmp, "%d", form->line->data_count);
    for (size_t i = 0; a && a->count_field && !a->count_in_result && i < form->line->n_slots; i++) {
        const m_slot *slot = &form->line->slots[i];
        if (!slot->literal && strcmp(slot->field, a->count_field) == 0)
            return mem_printf(t->tmp, "%zu", i);
    }
    return "AT_NONE8";
}

static void call_ops(tables *t, const m_form *form, const char **op, const char **op_saved)
{
    int first = first_operator(t, form), saved = NO_INDEX;

    if (form->kinds & 1u << F_SAVE)
        saved = tables_operator(t->m, form, F_SAVE);
    if (first == NO_INDEX)
        tables_refuse(t, form->at, "a form that the dialect's 'operators' do not spell");
    *op = first == NO_INDEX ? "AT_OP_NONE" : OPS[first];
    *op_saved = saved == NO_INDEX ? *op : OPS[saved];
}

/* Bytes that the names have in common, their endings aside. */
static size_t stem_length(const m_member *a, const m_member *b)
{
    size_t n = 0, most_a = strlen(a->name) - strlen(a->ending ? a->ending : "");
    size_t most_b = strlen(b->name) - strlen(b->ending ? b->ending : "");

    while (n < most_a && n < most_b && a->name[n] == b->name[n])
        n++;
    return n;
}

static bool has_ending(const m_form *form)
{
    for (size_t i = 0; i < form->flow->n_atoms; i++) {
        const m_line *line = form->flow->atoms[i].line;
        if (line && line->head && strchr(line->head, MODEL_ENDING))
            return true;
    }
    return false;
}

/* What a family's names have behind their common beginning, in the order in which `saved` selects
 * them: for RAM, for flash. How long the beginning is. */
static size_t member_ends(const m_command *c, const char *ends[2])
{
    const m_member *ram = tables_member(c, false), *flash = tables_member(c, true);
    size_t stem = stem_length(ram, flash);

    ends[0] = ram->name + stem;
    ends[1] = flash->name + stem;
    return stem;
}

/* 1 + the first of two in words, 0: it is no family. */
static size_t ending_words(tables *t, const m_command *c, place at)
{
    const char *ends[2];
    pool_row rows[2];

    member_ends(c, ends);
    if (!*ends[0] && !*ends[1])
        return 0;
    for (size_t i = 0; i < 2; i++)
        rows[i] = (pool_row){ .key = mem_printf(t->tmp, "%zu", tables_text(t, ends[i])),
                              .note = ends[i] };
    return 1 + tables_limit(t, pool_block(t->words, rows, 2), MOST_BYTE - 1, "endings of names", at);
}

/* They come first: courses name them with one byte. */
static void host_endings(tables *t)
{
    for (size_t i = 0; i < t->m->n_commands; i++)
        (void)ending_words(t, t->m->commands[i], t->m->commands[i]->at);
    tables_clear(t);
}

/* The name, of a family the beginning of its names. */
static size_t call_name(tables *t, const m_form *form, size_t *endings)
{
    const m_member *ram = tables_member(form->command, false);
    const m_member *flash = tables_member(form->command, true);
    const char *ends[2];
    size_t stem = member_ends(form->command, ends);

    *endings = ending_words(t, form->command, form->at);
    if (*endings && has_ending(form) && (strcmp(ends[0], ram->ending) || strcmp(ends[1], flash->ending)))
        tables_refuse(t, form->at, "lines with the ending of names that differ before it");
    return tables_far_text(t, mem_printf(t->tmp, "%.*s", (int)stem, ram->name));
}

/* The first of the outcomes that every form has: the dialect's error results. */
static size_t first_error_outcome(const tables *t, const m_form *form)
{
    size_t errors = 0;

    for (size_t i = 0; i < t->m->n_results; i++)
        errors += tables_is_new_error(t->m, i);
    return form->n_outcomes > errors ? form->n_outcomes - errors : 0;
}

/* Row of what the form has in common with others. */
static size_t course_row(tables *t, const m_form *form, size_t endings)
{
    const m_flow *flow = form->flow;
    size_t first = follow_list(t, flow, 0, flow->first, flow->n_first, form->at);
    size_t own = tables_time(t, form, &form->within, form->at);
    size_t time = next_time(t, form, flow->first, flow->n_first);
    const char *op, *op_saved;

    call_ops(t, form, &op, &op_saved);
    const char *c = mem_printf(t->tmp, "{ %zu, %zu, %s, %s, %zu, %zu, %zu, %zu, %s, %zu }", first,
                               tables_bits(t, form->n_only, 4),
                               takes_saved(form) ? op_saved : "AT_OP_NONE",
                               payload_offset(t, form),
                               tables_widths(t, tables_few_conds(t, form, form->only, form->n_only), 4, 8),
                               tables_widths(t, time ? time : own, 4, 8),
                               tables_widths(t, first_error_outcome(t, form), 4, 8),
                               tables_widths(t, form_stage(t, flow), 4, 8),
                               payload_count(t, form), endings);
    return tables_widths(t, pool_one(t->courses, (pool_row){ .key = c }), 5, 6);
}

static void call_row(tables *t, const m_form *form)
{
    const char *op, *op_saved;
    size_t endings, name = call_name(t, form, &endings);
    size_t line = tables_line(t, form->line, (line_use){ FRAME_BARE, form, true });
    size_t atoms = atoms_block(t, form), course = course_row(t, form, endings);

    note_transparent(t, form->flow, atoms);
    use_if(t, form->line->data_at == DATA_INLINE, WITH_COMMAND_DATA);
    call_ops(t, form, &op, &op_saved);
    t->form_rows[form->id] = (int)t->calls->n;
    pool_append(t->calls, (pool_row){ .key = mem_printf(t->tmp, "{ %zu, %zu, %zu, %s, %zu }",
                                                        tables_widths(t, name, 10, 16),
                                                        tables_widths(t, line, 6, 10), course, op, atoms),
                                      .note = form->c_name });
}

/* ---- first values that may be read as an operator: they are never quoted ---- */
static bool any_operator_value(const model *m)
{
    for (size_t i = 0; i < m->n_forms; i++)
        if (wire_begins_bare(m->forms[i]->line))
            return true;
    return false;
}

/* ---- line ends ---- */
static bool has_empty_line(const char *end)
{
    const char *first = end ? strchr(end, '\n') : NULL;

    return first && strchr(first + 1, '\n');
}

static void host_ends(tables *t)
{
    const m_framing *lines = &t->m->lines;

    use_if(t, has_empty_line(lines->info[1]) || has_empty_line(lines->result[1])
              || has_empty_line(lines->urc[1]), WITH_EMPTY_LINES);
}

/* ---- signs that may end the header of counted data ---- */
static const char *last_sign(const m_line *line)
{
    return line->data_lead + strlen(line->data_lead) - 1;
}

static void host_leads(tables *t)
{
    text *leads = text_new(t->tmp);

    for (size_t i = 0; i < t->m->n_lines; i++) {
        const m_line *line = t->m->all_lines[i];
        use_if(t, line->data_at != DATA_NONE && (line->data_either || *line->data_tail),
               WITH_DATA_TAILS);
        if (line->data_at == DATA_INLINE && t->line_is_read[line->id] && line->data_lead
            && *line->data_lead && !strchr(leads->p, last_sign(line)[0]))
            text_bytes(leads, last_sign(line), 1);
    }
    t->leads = tables_text(t, leads->p);
    t->top = ',';
    for (const char *p = mem_printf(t->tmp, "%s%s", leads->p, t->m->lines.separators); *p; p++)
        t->top = (unsigned char)*p > t->top ? (unsigned char)*p : t->top;
}

/* ---- lengths ---- */
static size_t longer(size_t a, size_t b)
{
    return a > b ? a : b;
}

static size_t longest_name(const m_command *c)
{
    size_t n = 0;

    for (size_t i = 0; i < c->n_members; i++)
        n = longer(n, strlen(c->members[i].name));
    return n;
}

static size_t answer_width(const tables *t, const m_line *line, const m_command *c)
{
    return strlen(line->head ? line->head : "") + (c ? longest_name(c) : 0)
           + width_of_line(t->m, line);
}

/* Room for the longest line behind those of one answer that are kept until its result. */
static void answer_widths(tables *t, const m_form *form)
{
    size_t kept = 0, longest = 0;

    for (size_t i = 0; i < form->flow->n_atoms; i++) {
        const m_atom *a = &form->flow->atoms[i];
        size_t n = a->line ? answer_width(t, a->line, form->command) : 0;
        if (a->line && a->kind == A_TRANSPARENT)        /* it is looked for with its framing */
            n += strlen(t->m->lines.result[0]) + strlen(t->m->lines.result[1]);
        longest = longer(longest, n);
        kept += atom_keeps(a) ? n + 1 : 0;
        t->out_max = longer(t->out_max, longer(a->text_len, longer(a->cancel_len, a->escape_len)));
    }
    t->kept_max = longer(t->kept_max, kept);
    t->line_max = longer(t->line_max, longest);
}

static void form_widths(tables *t, const m_form *form)
{
    const m_framing *lines = &t->m->lines;
    size_t command = strlen(lines->prefix) + longest_name(form->command) + 2
                     + width_of_line(t->m, form->line) + strlen(lines->command_end);

    t->out_max = longer(t->out_max, command);
    answer_widths(t, form);
}

static void host_widths(tables *t)
{
    const m_framing *lines = &t->m->lines;

    for (size_t i = 0; i < t->m->n_forms; i++)
        form_widths(t, t->m->forms[i]);
    for (size_t i = 0; i < t->m->n_urcs; i++)
        t->line_max = longer(t->line_max, answer_width(t, t->m->urcs[i]->line, NULL));
    for (size_t i = 0; i < t->m->n_results; i++)
        t->line_max = longer(t->line_max, answer_width(t, t->m->results[i].line, NULL));
    if (lines->resync_command)
        t->out_max = longer(t->out_max, strlen(tables_resync(t->tmp, t)));
    t->line_max += t->kept_max + 1;     /* and the CR before its LF */
    tables_limit(t, t->line_max, MOST_SHORT, "bytes in an answer", (place){ 0 });
    tables_limit(t, t->out_max, MOST_SHORT, "bytes in a command line", (place){ 0 });
}

/* Commands that wait for a later line which could be taken for their answer. */
static void host_clashes(tables *t)
{
    size_t n;
    const clash *list = clashes_of(t->tmp, t->m, &n);

    for (size_t i = 0; i < n; i++) {
        unsigned waits = tables_form_number(t, list[i].waits);
        unsigned late = tables_form_number(t, list[i].late);
        pool_append(t->clashes, (pool_row){
            .key = mem_printf(t->tmp, "{ %u, %u }", waits, late),
            .note = mem_printf(t->tmp, "%s, %s", list[i].waits->c_name, list[i].late->c_name) });
    }
    tables_clear(t);
}

tables *tables_host(void *ctx, diag *d, const model *m, const char *lower, const char *upper)
{
    tables *t = tables_new(ctx, d, m, SIDE_HOST, lower, upper);

    host_endings(t);
    host_shapes(t);
    host_ends(t);
    use_if(t, any_operator_value(m), WITH_OPERATOR_VALUES);
    host_leads(t);
    tables_bare_lines(t);
    for (size_t i = 0; i < m->n_forms; i++) {
        call_row(t, m->forms[i]);
        tables_clear(t);
    }
    host_known(t);              /* last, as its lines may be many */
    tables_limit(t, t->calls->n, MOST_SHORT, "forms", (place){ 0 });
    host_clashes(t);
    host_widths(t);
    tables_finish(t);
    return t;
}
