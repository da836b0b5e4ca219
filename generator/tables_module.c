/* The module's tables: names, commands, their forms and the replies. See tables.h.
 * SPDX-License-Identifier: MIT */
#include "tables.h"

#include <stdlib.h>
#include <string.h>

#include "kinds.h"
#include "layout.h"
#include "mem.h"

enum { MOST_OK = 14 };          /* at_form.ok */
enum { MOST_ONLY = 15, MOST_STARTS = 127 };     /* at_start.n_only, at_form.start */
enum { MOST_PARTS = 31 };       /* at_reply.parts, which has the plain ok too */
enum { CHAIN_MIN = 80 };        /* bytes behind the prefix that a line of several commands may have */

/* ---- forms ---- */

/* Bit AT_OP_… for each operator the form is called by. */
static unsigned form_ops(const model *m, const m_form *form)
{
    unsigned ops = 0;

    for (int kind = 0; kind < F_KINDS; kind++)
        if (form->kinds & 1u << kind && tables_operator(m, form, (m_form_kind)kind) != NO_INDEX)
            ops |= 1u << tables_operator(m, form, (m_form_kind)kind);
    return ops;
}

/* ---- shapes, in the order of the commands ---- */
static void command_shape(tables *t, const m_command *c)
{
    const m_line **lines = mem_array(t->tmp, const m_line *, c->n_forms + 1);

    for (size_t i = 0; i < c->n_forms; i++)
        lines[i] = c->forms[i]->line;
    t->command_handles[t->n_command_handles++] = tables_shape_of(t, lines, c->n_forms);
}

static void module_shapes(tables *t)
{
    t->command_handles = mem_array(t, size_t, t->m->n_commands + 1);
    for (size_t i = 0; i < t->m->n_commands; i++)
        if (t->m->commands[i]->n_forms) {
            command_shape(t, t->m->commands[i]);
            tables_clear(t);
        }
    if (t->n_command_handles == 0)      /* a grammar has to have something */
        (void)shapes_add(t->shapes, &(shape_reading){ .n = 0 }, 1);
    if (!shapes_finish(t->shapes))
        tables_refuse(t, (place){ 0 }, "a command with more than 255 ways to read it");
}

/* ---- replies ---- */
static const m_struct *reply_struct(const m_reply *r)
{
    return r->takes;
}

/* A part of a reply before it is known what follows it: what a row says before and behind that. `c` is
 * NULL when `key` is what is compiled. */
typedef struct part { const char *kind, *key, *c, *note; } part;
typedef struct parts { pool_row *rows; size_t n; } parts;       /* of all replies of a form */

static part part_line(tables *t, const m_form *form, const m_line *line, frame wrap)
{
    size_t number = tables_line(t, line, (line_use){ wrap, form, false });

    return (part){ "AT_EMIT_LINE", mem_printf(t->tmp, "%zu", tables_bits(t, number, 10)), NULL,
                   line->syntax };
}

static part part_prompt(tables *t, const m_atom *a)
{
    if (strlen(a->text) != a->text_len)
        tables_refuse(t, a->at, "a prompt that holds a NUL");
    return (part){ "AT_EMIT_PROMPT",
                   mem_printf(t->tmp, "%zu", tables_bits(t, tables_text(t, a->text), 10)), NULL,
                   NULL };
}

static part part_data(tables *t, const m_reply *r, const m_atom *a)
{
    layout_ref data = { NULL, NULL, 0 };

    tables_use(t, WITH_REPLY_DATA);
    if (reply_struct(r))
        data = layout_member(t->tmp, t->lower, reply_struct(r), a->name);
    if (!data.c) {
        tables_refuse(t, a->at, "data '%s' that no struct holds", a->name);
        data = (layout_ref){ "0", "0", 0 };
    }
    return (part){ "AT_EMIT_DATA", data.key, data.c, NULL };
}

static part part_of(tables *t, const m_form *form, const m_reply *r, const m_atom *a)
{
    switch (a->kind) {
    case A_LINE: case A_FINAL:
        return part_line(t, form, a->line, tables_frame(a));
    case A_PROMPT:
        return part_prompt(t, a);
    case A_BLANK:
        tables_use(t, WITH_EMPTY_LINES);
        return (part){ "AT_EMIT_BLANK", "0", NULL, NULL };
    default:
        return part_data(t, r, a);
    }
}

static bool begins_phase(const m_reply *r)
{
    return r->end == R_DATA || r->end == R_TRANSPARENT;
}

static part part_phase(tables *t, const m_form *form, const m_reply *r)
{
    size_t phase = tables_phase(t, form, &form->flow->atoms[r->data_atom]);

    return (part){ "AT_EMIT_PHASE", mem_printf(t->tmp, "%zu", tables_bits(t, phase, 10)), NULL, NULL };
}

static void add_part(tables *t, parts *all, part p, const char *end)
{
    all->rows = mem_grow(t->tmp, all->rows, pool_row, all->n + 1);
    all->rows[all->n++] = (pool_row){
        .key = mem_printf(t->tmp, "{ %s, %s, %s }", p.kind, end, p.key),
        .c = p.c ? mem_printf(t->tmp, "{ %s, %s, %s }", p.kind, end, p.c) : NULL,
        .note = p.note };
}

/* What follows the last part. `plain_ok`: the ok line is said after it. */
static const char *reply_end(const m_reply *r, bool plain_ok)
{
    bool fails = r->end == R_ENDS && !r->is_ok;

    if (r->later)
        return fails ? "AT_R_LATER_FAILS" : "AT_R_LATER";
    if (begins_phase(r))
        return "AT_R_DATA";
    if (r->end == R_GOES_ON)
        return "AT_R_GOES_ON";
    return fails ? "AT_R_FAILS" : plain_ok ? "AT_R_ENDS_OK" : "AT_R_ENDS";
}

/* Is the last thing that it says the dialect's ok? */
static bool says_ok(const tables *t, const m_reply *r, const part *last)
{
    return r->end == R_ENDS && r->is_ok && !r->later && t->ok != NO_INDEX
           && strcmp(last->kind, "AT_EMIT_LINE") == 0 && atoi(last->key) == t->ok;
}

static void reply_parts(tables *t, const m_form *form, const m_reply *r, parts *all)
{
    const part nothing = { "AT_EMIT_NOTHING", "0", NULL, NULL };
    part *list = mem_array(t->tmp, part, 2 * r->n_atoms + 2);
    size_t n = 0;
    bool plain_ok;

    for (size_t i = 0; i < r->n_atoms; i++) {
        const m_atom *a = &form->flow->atoms[r->atoms[i]];
        list[n++] = part_of(t, form, r, a);
        if (a->kind == A_BODY && a->line)       /* the line that ends it belongs to its atom */
            list[n++] = part_line(t, form, a->line, FRAME_RESULT);
    }
    if (begins_phase(r))
        list[n++] = part_phase(t, form, r);
    plain_ok = n > 0 && says_ok(t, r, &list[n - 1]);
    n -= plain_ok;
    if (n == 0)
        list[n++] = nothing;
    t->uses[WITH_LATER] |= r->later;
    tables_limit(t, n, MOST_PARTS, "lines of a reply", form->at);
    for (size_t i = 0; i < n; i++)
        add_part(t, all, list[i], i + 1 < n ? "AT_R_MORE" : reply_end(r, plain_ok));
}

/* The first part of the form's first reply. */
static size_t form_emits(tables *t, const m_form *form)
{
    parts all = { NULL, 0 };

    for (size_t i = 0; i < form->n_replies; i++)
        reply_parts(t, form, &form->replies[i], &all);
    return tables_bits(t, pool_block(t->emits, all.rows, all.n), 10);
}

/* The reply that a handler's AT_OK stands for: index counted from the form's first, NO_INDEX:
 * none. */
static int plain_ok(const m_form *form)
{
    for (size_t i = 0; i < form->n_replies; i++) {
        const m_reply *r = &form->replies[i];
        if (r->end == R_ENDS && r->is_ok && !reply_struct(r) && !r->later)
            return (int)i;
    }
    return NO_INDEX;
}

/* ---- forms ---- */
static const char *echo_flag(tables *t, const m_form *form)
{
    const m_framing *lines = &t->m->lines;

    if (form->command != lines->echo_command || !(form->kinds & (1u << F_EXEC | 1u << F_SET)))
        return "";
    tables_use(t, WITH_ECHO);
    if (!lines->echo_param) {
        tables_use(t, WITH_TOGGLE);
        return " | AT_DOES_TOGGLE";
    }
    if (lines->echo_setting || !layout_field(form->takes, lines->echo_param))
        return "";
    return " | AT_DOES_ECHO";
}

/* Does the form set what the runtime minds by itself? */
static const char *manner_flag(const model *m, const m_form *form)
{
    const m_framing *lines = &m->lines;
    const m_setting *settings[] = { lines->verbose, lines->quiet, lines->termination,
                                    lines->formatting, lines->editing, lines->echo_setting };

    for (size_t i = 0; i < sizeof settings / sizeof *settings; i++)
        if (settings[i] && settings[i]->command == form->command && form->takes &&
            layout_field(form->takes, settings[i]->param))
            return " | AT_DOES_MANNER";
    return "";
}

static const char *data_flag(const m_form *form)
{
    for (size_t i = 0; i < form->n_replies; i++)
        if (form->replies[i].end == R_DATA || form->replies[i].end == R_TRANSPARENT)
            return " | AT_FORM_DATA";
    return "";
}

/* 1 + the phase that begins as soon as the command has been read, 0: none. */
static size_t first_phase(tables *t, const m_form *form)
{
    for (size_t i = 0; i < form->flow->n_first; i++) {
        const m_atom *a = &form->flow->atoms[form->flow->first[i]];
        if (a->kind != A_DATA_IN)
            continue;
        tables_use(t, WITH_UNPROMPTED);
        return 1 + tables_phase(t, form, a);
    }
    return 0;
}

static const char *saved_flag(tables *t, const m_form *form)
{
    for (size_t i = 0; form->takes && i < form->takes->n_fields; i++)
        if (form->takes->fields[i].is_saved) {
            tables_use(t, WITH_SAVED);
            return " | AT_FORM_SAVED";
        }
    return "";
}

static const char *ok_number(tables *t, const m_form *form)
{
    int ok = plain_ok(form);

    if (ok == NO_INDEX)
        return "AT_NO_OK";
    return mem_printf(t->tmp, "%zu",
                      tables_limit(t, (size_t)ok, MOST_OK, "replies of a form", form->at));
}

/* What it has in common with others. */
static size_t start_row(tables *t, const m_form *form)
{
    size_t only = tables_few_conds(t, form, form->only, form->n_only);
    size_t n_only = tables_limit(t, form->n_only, MOST_ONLY, "conditions of a form", form->at);
    size_t phase = tables_bits(t, first_phase(t, form), 5);
    const char *does = mem_printf(t->tmp, "%s%s", echo_flag(t, form), manner_flag(t->m, form));
    const char *flags = mem_printf(t->tmp, "%s%s%s", data_flag(form), saved_flag(t, form),
                                   form->takes ? " | AT_FORM_TAKES" : "");
    pool_row row = { .key = mem_printf(t->tmp, "{ %zu, %zu, %zu, %s, %s, %s, 0x%02x }", only, n_only,
                                       phase, ok_number(t, form), *does ? does + 3 : "0",
                                       *flags ? flags + 3 : "0", form_ops(t->m, form)),
                     .note = form->c_name };
    size_t start = tables_bits(t, pool_one(t->starts, row), 5);
    return tables_limit(t, start, MOST_STARTS, "kinds of forms", form->at);
}

static void form_row(tables *t, const m_form *form, size_t shape, bool is_last)
{
    line_use use = { FRAME_BARE, form, true };
    size_t line = tables_bits(t, tables_line(t, form->line, use), 10);
    size_t emits = form_emits(t, form);

    t->form_rows[form->id] = (int)t->forms->n;
    t->form_list = mem_grow(t, t->form_list, const m_form *, t->n_forms + 1);
    t->form_list[t->n_forms++] = form;
    pool_append(t->forms, (pool_row){ .key = mem_printf(t->tmp, "{ %zu, %zu, %zu, %zu, %d }", line, shape,
                                                        emits, start_row(t, form), is_last),
                                      .note = form->c_name });
}

/* ---- what answers `=?` ---- */

static void test_row(tables *t, const m_form *form)
{
    const char **lines = mem_array(t->tmp, const char *, form->n_says + 1);

    tables_use(t, WITH_NAMES);
    for (size_t i = 0; i < form->n_says; i++)
        lines[i] = form->says[i].text;
    lines[form->n_says] = "";
    pool_append(t->tests, (pool_row){
        .key = mem_printf(t->tmp, "{ %d, %zu }", t->form_rows[form->id],
                          tables_run(t, lines, form->n_says + 1)),
        .note = form->c_name });
}

/* ---- commands and their names ---- */
typedef struct entry {
    const m_command *command;
    const m_member *member;
    bool is_alias;
    size_t forms;               /* its first form */
} entry;
typedef struct name_list { const char **names; entry *entries; size_t n, room; } name_list;

static void name_add(tables *t, name_list *list, const char *name, entry one)
{
    if (list->n == list->room) {
        list->room = list->room ? list->room * 2 : 64;
        list->names = mem_grow(t, list->names, const char *, list->room);
        list->entries = mem_grow(t, list->entries, entry, list->room);
    }
    list->names[list->n] = name;
    list->entries[list->n++] = one;
}

/* Is the name it is called by of any use for its answers, where that is not the only one? */
static bool answers_with_name(const m_command *c)
{
    for (size_t i = 0; i < c->n_forms; i++)
        if (c->forms[i]->answers_types)
            return true;
    return c->n_members > 1;
}

static void command_names(tables *t, const m_command *c, size_t forms, name_list *list)
{
    bool answers = answers_with_name(c);

    for (size_t i = 0; i < c->n_members; i++) {
        const m_member *one = &c->members[i];
        name_add(t, list, one->name, (entry){ c, one, false, forms });
        for (size_t k = 0; k < one->n_aliases; k++)
            name_add(t, list, one->aliases[k], (entry){ c, one, answers, forms });
    }
}

/* What is behind a name that the others of a family have too. An alias has none. */
static const char *ending_of(const entry *one, const char *name)
{
    bool has = one->command->n_members > 1 && one->member->ending
               && strcmp(one->member->name, name) == 0;
    return has ? one->member->ending : "";
}

static const char *without_ending(tables *t, const entry *one, const char *name)
{
    const char *ending = ending_of(one, name);
    size_t n = strlen(name), behind = strlen(ending);

    if (behind > n || strcmp(name + n - behind, ending) != 0)
        tables_refuse(t, one->member->at, "a name that does not end like '%s'", ending);
    else
        n -= behind;
    return mem_printf(t->tmp, "%.*s", (int)n, name);
}

/* The row of each name. */
static size_t *rows_of(tables *t, const size_t *order, size_t n)
{
    size_t *rows = mem_array(t, size_t, n + 1);

    for (size_t i = 0; i < n; i++)
        rows[order[i]] = i;
    return rows;
}

static size_t name_text(tables *t, const char *name)
{
    return tables_bits(t, tables_far_text(t, name), 14);
}

/* What is behind a name. */
static size_t name_ending(tables *t, const entry *one, const char *name)
{
    const char *ending = ending_of(one, name);

    t->uses[WITH_ENDINGS] |= *ending != '\0';
    return tables_bits(t, tables_text(t, ending), 5);
}

/* Where its forms are: of an alias the row of the name before it that is none. */
static const char *name_forms(tables *t, const name_list *list, const size_t *rows, size_t name)
{
    const entry *one = &list->entries[name];

    t->uses[WITH_UNSUPPORTED] |= one->command->n_forms == 0;
    if (!one->is_alias)
        return one->command->n_forms ? mem_printf(t->tmp, "%zu", one->forms) : "AT_NO_FORMS";
    tables_use(t, WITH_ALIASES);
    while (list->entries[name].is_alias)
        name--;
    return mem_printf(t->tmp, "%zu", tables_bits(t, rows[name], 11));
}

static void command_rows(tables *t, const name_list *list)
{
    const size_t *order = tables_in_buckets(t, list->names, list->n);
    const size_t *rows = rows_of(t, order, list->n);

    for (size_t i = 0; i < list->n; i++) {
        const entry *one = &list->entries[order[i]];
        const char *name = list->names[order[i]];
        bool flash = one->command->has_saved && one->member->flash;
        size_t ending = name_ending(t, one, name);
        size_t stem = name_text(t, without_ending(t, one, name));
        pool_append(t->commands, (pool_row){
            .key = mem_printf(t->tmp, "{ %zu, %zu, %s, %d, %s }", stem, ending,
                              flash ? "AT_FLASH" : "AT_RAM", one->is_alias,
                              name_forms(t, list, rows, order[i])),
            .note = name });
        tables_clear(t);
    }
}

static size_t command_forms(tables *t, const m_command *c, size_t shape)
{
    size_t first = t->forms->n;

    for (size_t k = 0; k < c->n_forms; k++)
        form_row(t, c->forms[k], shape, k + 1 == c->n_forms);
    for (size_t k = 0; k < c->n_forms; k++)
        if (c->forms[k]->answers_types)
            test_row(t, c->forms[k]);
    return tables_bits(t, first + 1, 11) - 1;   /* the greatest number is AT_NO_FORMS */
}

static void module_commands(tables *t)
{
    name_list list = { 0 };
    size_t handle = 0;

    for (size_t i = 0; i < t->m->n_commands; i++) {
        const m_command *c = t->m->commands[i];
        size_t shape = 0;
        if (c->n_forms)
            shape = tables_bits(t, shapes_number(t->shapes, t->command_handles[handle++]), 6);
        command_names(t, c, command_forms(t, c, shape), &list);
        tables_clear(t);
    }
    if (t->tests->n)
        pool_append(t->tests, (pool_row){ .key = "{ AT_NONE, 0 }" });
    tables_limit(t, t->forms->n, MOST_SHORT, "forms", (place){ 0 });
    command_rows(t, &list);
}

/* ---- what is not part of any command ---- */

/* Lines that refuse are among its replies: of those that are no error results rows stand behind these. */
static void refusals(tables *t, parts *all)
{
    for (size_t i = 0; i < REFUSE_KINDS; i++) {
        part p = part_line(t, NULL, t->m->refuse[i], FRAME_RESULT);
        const char *key = mem_printf(t->tmp, "{ %s, AT_R_FAILS, %s }", p.kind, p.key);
        size_t k = 0;
        while (k < all->n && strcmp(all->rows[k].key, key) != 0)
            k++;
        if (k == all->n)
            add_part(t, all, p, "AT_R_FAILS");
        t->refuse[i] = k;
        t->uses[WITH_REFUSALS] |= k != t->refuse[0];
    }
}

/* The dialect's error results end whatever form is under way. They are replies of a form that has
 * nothing else but the plain ok, for forms that have none. */
static void error_replies(tables *t)
{
    parts all = { NULL, 0 };

    add_part(t, &all, (part){ "AT_EMIT_NOTHING", "0", NULL, NULL }, "AT_R_ENDS_OK");
    for (size_t i = 0; i < t->m->n_results; i++) {
        const m_result *r = &t->m->results[i];
        if (tables_is_new_error(t->m, i))
            add_part(t, &all, part_line(t, NULL, r->line, FRAME_RESULT), "AT_R_FAILS");
    }
    refusals(t, &all);
    if (t->starts->n == 0)      /* there is no command */
        (void)pool_one(t->starts, (pool_row){ .key = "{ 0, 0, 0, AT_NO_OK, 0, 0, 0 }" });
    pool_append(t->forms, (pool_row){ .key = mem_printf(t->tmp, "{ 0, 0, %zu, 0, 1 }",
                                                        tables_bits(t, pool_block(t->emits, all.rows, all.n), 10)),
                                      .note = "error results" });
}

/* The line of the first ok. */
static void plain_ok_line(tables *t)
{
    const line_use use = { FRAME_RESULT, NULL, false };
    size_t i = 0;

    while (i < t->m->n_results && t->m->results[i].klass != RC_OK)
        i++;
    t->ok = i < t->m->n_results ? (int)tables_line(t, t->m->results[i].line, use) : NO_INDEX;
}

static void module_lines(tables *t)
{
    for (size_t i = 0; i < t->m->n_urcs; i++)
        (void)tables_urc(t, t->m->urcs[i]);
}

/* ---- lengths ---- */
static size_t longer(size_t a, size_t b)
{
    return a > b ? a : b;
}

static size_t both(const char *const wrap[2])
{
    return strlen(wrap[0]) + strlen(wrap[1]);
}

static size_t longest_name(const m_command *c)
{
    size_t n = 0;

    for (size_t i = 0; c && i < c->n_members; i++) {
        n = longer(n, strlen(c->members[i].name));
        for (size_t k = 0; k < c->members[i].n_aliases; k++)
            n = longer(n, strlen(c->members[i].aliases[k]));
    }
    return n;
}

static size_t width_of_answer(const tables *t, const m_line *line, const m_command *c, size_t wrap)
{
    size_t head = strlen(line->head ? line->head : ""), name = longest_name(c);
    return head + name + width_of_line(t->m, line) + wrap;
}

static size_t width_of_reply(const tables *t, const m_form *form, const m_reply *r)
{
    const m_framing *lines = &t->m->lines;
    size_t n = 0;

    for (size_t i = 0; i < r->n_atoms; i++) {
        const m_atom *a = &form->flow->atoms[r->atoms[i]];
        bool is_result = tables_frame(a) == FRAME_RESULT || a->kind == A_BODY;
        size_t wrap = both(is_result ? lines->result : lines->info);
        n += a->line ? width_of_answer(t, a->line, form->command, wrap) : a->text_len + wrap;
    }
    return n;
}

static void form_widths(tables *t, const m_form *form)
{
    const m_framing *lines = &t->m->lines;
    size_t command = strlen(lines->prefix) + longest_name(form->command) + 2
                     + width_of_line(t->m, form->line) + strlen(lines->command_end);

    t->line_max = longer(t->line_max, command);
    for (size_t i = 0; i < form->n_says; i++) {
        size_t name = longest_name(form->command) + both(lines->info);
        t->out_max = longer(t->out_max, name + strlen(form->says[i].text));
    }
    for (size_t i = 0; i < form->n_replies; i++) {
        const m_reply *r = &form->replies[i];
        size_t n = width_of_reply(t, form, r);
        t->out_max = longer(t->out_max, n);
        if (r->end == R_ENDS && !r->takes)
            t->final_max = longer(t->final_max, n);
    }
}

static void module_widths(tables *t)
{
    const m_framing *lines = &t->m->lines;

    for (size_t i = 0; i < t->m->n_forms; i++)
        form_widths(t, t->m->forms[i]);
    for (size_t i = 0; i < t->m->n_urcs; i++)
        t->out_max =
            longer(t->out_max, width_of_answer(t, t->m->urcs[i]->line, NULL, both(lines->urc)));
    for (size_t i = 0; i < REFUSE_KINDS; i++)
        t->final_max = longer(t->final_max,
                              width_of_answer(t, t->m->refuse[i], NULL, both(lines->result)));
    if (lines->chain)
        t->line_max = longer(t->line_max, strlen(lines->prefix) + CHAIN_MIN);
    if (lines->length)
        t->line_max = lines->length;
    t->out_max = longer(t->out_max, t->final_max);
    tables_limit(t, t->line_max, MOST_SHORT, "bytes in a command line", (place){ 0 });
    tables_limit(t, t->out_max, MOST_SHORT, "bytes in an answer", (place){ 0 });
}

tables *tables_module(void *ctx, diag *d, const model *m, const char *lower, const char *upper)
{
    tables *t = tables_new(ctx, d, m, SIDE_MODULE, lower, upper);

    module_shapes(t);
    tables_bare_lines(t);
    plain_ok_line(t);
    module_commands(t);
    error_replies(t);
    module_lines(t);
    module_widths(t);
    tables_finish(t);
    return t;
}
