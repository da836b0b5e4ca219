/* The module's tables: names, commands, their forms and the replies. See tables.h.
 * SPDX-License-Identifier: MIT */
#include "tables.h"

#include <stdlib.h>
#include <string.h>

#include "kinds.h"
#include "layout.h"
#include "mem.h"

static const char *const OPS[] = { "AT_OP_EXEC", "AT_OP_READ", "AT_OP_TEST", "AT_OP_SET",
                                   "AT_OP_SAVE" };
enum { N_OPS = 5 };
enum { MOST_EMITS = 15 };       /* at_reply.n */
enum { MOST_OK = 14 };          /* at_form.ok */
enum { CHAIN_MIN = 80 };        /* bytes behind the prefix that a line of several commands may have */

/* ---- forms: those of one operator of a command must stand together ---- */

/* Bit AT_OP_… for each operator the form is called by. */
static unsigned form_ops(const model *m, const m_form *form)
{
    unsigned ops = 0;

    for (int kind = 0; kind < F_KINDS; kind++)
        if (form->kinds & 1u << kind && tables_operator(m, form, (m_form_kind)kind) != NO_INDEX)
            ops |= 1u << tables_operator(m, form, (m_form_kind)kind);
    return ops;
}

typedef struct placed { const m_form *form; unsigned ops; size_t order; } placed;

/* A form of two operators stands between those of the one and those of the other. */
static unsigned placed_key(const placed *p)
{
    unsigned first = 0;

    while (first < N_OPS && !(p->ops >> first & 1u))
        first++;
    return 2 * first + (p->ops >> first > 1);
}

static int placed_compare(const void *a, const void *b)
{
    const placed *x = a, *y = b;
    unsigned kx = placed_key(x), ky = placed_key(y);

    if (kx != ky)
        return kx < ky ? -1 : 1;
    return x->order < y->order ? -1 : x->order > y->order;
}

static placed *forms_placed(tables *t, const m_command *c)
{
    placed *p = mem_array(t->tmp, placed, c->n_forms + 1);

    for (size_t i = 0; i < c->n_forms; i++)
        p[i] = (placed){ c->forms[i], form_ops(t->m, c->forms[i]), i };
    qsort(p, c->n_forms, sizeof *p, placed_compare);
    return p;
}

/* ---- shapes of groups, in the order in which group_rows asks for them ---- */
static void group_shape(tables *t, const m_command *c, const placed *p, unsigned op)
{
    static const char *const marks[] = { "", "?", "=?", "=", "=!" };
    size_t n = c->n_forms;
    const m_line **lines = mem_array(t->tmp, const m_line *, n + 1);
    size_t count = 0;

    for (size_t i = 0; i < n; i++)
        if (p[i].ops >> op & 1u)
            lines[count++] = p[i].form->line;
    if (!count)
        return;
    t->group_handles = mem_grow(t, t->group_handles, size_t, t->n_group_handles + 1);
    t->group_users = mem_grow(t, t->group_users, const char *, t->n_group_handles + 1);
    t->group_users[t->n_group_handles] = mem_printf(t, "%s%s", c->members[0].name, marks[op]);
    t->group_handles[t->n_group_handles++] = tables_shape_of(t, lines, count);
}

static void module_shapes(tables *t)
{
    for (size_t i = 0; i < t->m->n_commands; i++) {
        const placed *p = forms_placed(t, t->m->commands[i]);
        for (unsigned op = 0; op < N_OPS; op++)
            group_shape(t, t->m->commands[i], p, op);
        tables_clear(t);
    }
    if (t->n_group_handles == 0)        /* a grammar has to have something */
        (void)shapes_add(t->shapes, &(shape_reading){ .n = 0 }, 1);
    if (!shapes_finish(t->shapes))
        tables_refuse(t, (place){ 0 }, "a command with more than 255 ways to read it");
}

/* ---- groups ---- */

/* Forms of `op` are p[first .. first + n); false: others stand between them. */
static bool group_range(const placed *p, size_t count, unsigned op, size_t *first, size_t *n)
{
    *first = 0;
    while (*first < count && !(p[*first].ops >> op & 1u))
        ++*first;
    *n = 0;
    while (*first + *n < count && p[*first + *n].ops >> op & 1u)
        ++*n;
    for (size_t i = *first + *n; i < count; i++)
        if (p[i].ops >> op & 1u)
            return false;
    return true;
}

/* Adds the groups of a command whose first form is forms[base]; how many there are. */
static size_t group_rows(tables *t, const m_command *c, const placed *p, size_t base,
                         size_t *handle, size_t *groups)
{
    pool_row rows[N_OPS];
    size_t n_rows = 0, first, n;

    for (unsigned op = 0; op < N_OPS; op++) {
        if (!group_range(p, c->n_forms, op, &first, &n))
            tables_refuse(t, c->at, "forms that share their operators in this way");
        if (!n)
            continue;
        size_t shape = shapes_number(t->shapes, t->group_handles[(*handle)++]);
        rows[n_rows++] = (pool_row){
            .key =
                mem_printf(t->tmp, "{ %s, %zu, %zu, %zu }", OPS[op], tables_bits(t, n, 5),
                           tables_limit(t, shape, MOST_BYTE, "different shapes of commands", c->at),
                           base + first),
            .note = c->members[0].name,
        };
    }
    *groups =
        tables_limit(t, pool_block(t->groups, rows, n_rows), MOST_SHORT, "groups of forms", c->at);
    return n_rows;
}

/* ---- replies ---- */
static const m_struct *reply_struct(const m_reply *r)
{
    return r->takes;
}

static pool_row emit_line(tables *t, const m_form *form, const m_atom *a)
{
    line_use use = { tables_frame(a), form, false };
    return (
        pool_row){ .key = mem_printf(t->tmp, "{ AT_EMIT_LINE, %zu }",
                                     tables_bits(t, tables_line(t, a->line, use), 14)),
                   .note = a->line->syntax };
}

static pool_row emit_data(tables *t, const m_reply *r, const m_atom *a)
{
    layout_ref data = { NULL, NULL };

    if (reply_struct(r))
        data = layout_member(t->tmp, t->lower, reply_struct(r), a->name);
    if (!data.c) {
        tables_refuse(t, a->at, "data '%s' that no struct holds", a->name);
        data = (layout_ref){ "0", "0" };
    }
    return (pool_row){ .key = mem_printf(t->tmp, "data %s", data.key),
                       .c = mem_printf(t->tmp, "{ AT_EMIT_DATA, %s }", data.c) };
}

static pool_row emit_row(tables *t, const m_form *form, const m_reply *r, const m_atom *a)
{
    switch (a->kind) {
    case A_LINE: case A_FINAL:
        return emit_line(t, form, a);
    case A_PROMPT:
        if (strlen(a->text) != a->text_len)
            tables_refuse(t, a->at, "a prompt that holds a NUL");
        return (pool_row){ .key = mem_printf(t->tmp, "{ AT_EMIT_PROMPT, %zu }",
                                             tables_bits(t, tables_text(t, a->text), 14)) };
    case A_BLANK:
        return (pool_row){ .key = "{ AT_EMIT_BLANK, 0 }" };
    default:
        return emit_data(t, r, a);
    }
}

/* The line that ends a body belongs to its atom. */
static pool_row emit_end(tables *t, const m_form *form, const m_atom *body)
{
    line_use use = { FRAME_RESULT, form, false };
    size_t line = tables_line(t, body->line, use);
    return (pool_row){ .key = mem_printf(t->tmp, "{ AT_EMIT_LINE, %zu }", line),
                       .note = body->line->syntax };
}

static size_t emit_rows(tables *t, const m_form *form, const m_reply *r, pool_row *rows)
{
    size_t n = 0;

    for (size_t i = 0; i < r->n_atoms; i++) {
        const m_atom *a = &form->flow->atoms[r->atoms[i]];
        rows[n++] = emit_row(t, form, r, a);
        if (a->kind == A_BODY && a->line)
            rows[n++] = emit_end(t, form, a);
    }
    return n;
}

static size_t reply_phase(tables *t, const m_form *form, const m_reply *r)
{
    if (r->end != R_DATA && r->end != R_TRANSPARENT)
        return 0;
    return tables_phase(t, form, &form->flow->atoms[r->data_atom]);
}

static void reply_row(tables *t, const m_form *form, const m_reply *r)
{
    static const char *const ends[] = { "AT_R_GOES_ON", "AT_R_ENDS", "AT_R_DATA",
                                        "AT_R_TRANSPARENT" };
    pool_row *rows = mem_array(t->tmp, pool_row, 2 * r->n_atoms + 1);
    size_t n = emit_rows(t, form, r, rows);
    size_t emits = tables_limit(t, pool_block(t->emits, rows, n), MOST_SHORT,
                                "parts of replies", form->at);
    const char *flags = mem_printf(t->tmp, "%s%s", r->later ? " | AT_R_LATER" : "",
                                   r->end == R_ENDS && !r->is_ok ? " | AT_R_ERROR" : "");
    tables_limit(t, n, MOST_EMITS, "lines in a reply", form->at);
    pool_append(t->replies,
                (pool_row){ .key = mem_printf(t->tmp, "{ %zu, %zu, %s, %s, %zu }", emits, n,
                                              ends[r->end], *flags ? flags + 3 : "0",
                                              reply_phase(t, form, r)),
                            .note = mem_printf(t->tmp, "%s_%s", form->c_name, r->name) });
    t->reply_list = mem_grow(t, t->reply_list, const m_reply *, t->n_replies + 1);
    t->reply_list[t->n_replies++] = r;
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
    if (!lines->echo_param)
        return " | AT_FORM_ECHO_TOGGLE";
    if (lines->echo_setting || !layout_field(form->takes, lines->echo_param))
        return "";
    return " | AT_FORM_ECHO_ON";
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
            return " | AT_FORM_MANNER";
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
        if (a->kind == A_DATA_IN)
            return 1 + tables_phase(t, form, a);
    }
    return 0;
}

static const char *saved_flag(const m_form *form)
{
    for (size_t i = 0; form->takes && i < form->takes->n_fields; i++)
        if (form->takes->fields[i].is_saved)
            return " | AT_FORM_SAVED";
    return "";
}

/* What few forms have; row 0: nothing. */
static size_t start_row(tables *t, const m_form *form)
{
    size_t only = tables_few_conds(t, form, form->only, form->n_only);
    pool_row row = { .key = mem_printf(t->tmp, "{ %zu, %zu, %zu }", only, form->n_only,
                                       first_phase(t, form)),
                     .note = form->n_only ? form->c_name : NULL };
    return tables_bits(t, pool_one(t->starts, row), 6);
}

static void form_row(tables *t, const m_form *form)
{
    line_use use = { FRAME_BARE, form, true };
    size_t line = tables_line(t, form->line, use), first_reply = t->replies->n;
    int ok = plain_ok(form);
    const char *flags = mem_printf(t->tmp, "%s%s%s%s%s", echo_flag(t, form),
                                   manner_flag(t->m, form), data_flag(form), saved_flag(form),
                                   form->takes ? " | AT_FORM_TAKES" : "");
    const char *plain = ok == NO_INDEX ? "AT_NO_OK"
                                       : mem_printf(t->tmp, "%zu",
                                                    tables_limit(t, (size_t)ok, MOST_OK,
                                                                 "replies of a form", form->at));

    t->form_rows[form->id] = (int)t->forms->n;
    t->form_list = mem_grow(t, t->form_list, const m_form *, t->n_forms + 1);
    t->form_list[t->n_forms++] = form;
    pool_append(t->forms, (pool_row){ .key = mem_printf(t->tmp, "{ %zu, %zu, %s, %s, %zu }", line,
                                                        first_reply, *flags ? flags + 3 : "0",
                                                        plain, start_row(t, form)),
                                      .note = form->c_name });
    for (size_t i = 0; i < form->n_replies; i++)
        reply_row(t, form, &form->replies[i]);
}

/* ---- what answers `=?` ---- */

static void test_row(tables *t, const m_form *form)
{
    const char **lines = mem_array(t->tmp, const char *, form->n_says + 1);

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
    size_t groups, n_groups;
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

static void command_names(tables *t, const m_command *c, size_t groups, size_t n_groups,
                          name_list *list)
{
    for (size_t i = 0; i < c->n_members; i++) {
        const m_member *one = &c->members[i];
        name_add(t, list, one->name, (entry){ c, one, false, groups, n_groups });
        for (size_t k = 0; k < one->n_aliases; k++)
            name_add(t, list, one->aliases[k], (entry){ c, one, true, groups, n_groups });
    }
}

/* Bytes of a member's name before its ending: all of it when it has none. */
static size_t ending_at(tables *t, const m_member *one)
{
    size_t n = strlen(one->name), ending = one->ending ? strlen(one->ending) : 0;

    if (ending > n || strcmp(one->name + n - ending, one->ending ? one->ending : "") != 0)
        tables_refuse(t, one->at, "a name that does not end like '%s'", one->ending);
    return tables_limit(t, n - ending, 255, "bytes of a name", one->at);
}

static void command_rows(tables *t, const name_list *list)
{
    const size_t *order = tables_in_buckets(t, list->names, list->n);

    for (size_t i = 0; i < list->n; i++) {
        const entry *one = &list->entries[order[i]];
        const char *name = list->names[order[i]];
        bool flash = one->command->has_saved && one->member->flash;
        pool_append(t->commands, (pool_row){
            .key = mem_printf(t->tmp, "{ %zu, %zu, %zu, %s, %d, %zu }", tables_far_text(t, name),
                              one->groups, one->n_groups, flash ? "AT_FLASH" : "AT_RAM",
                              one->is_alias, ending_at(t, one->member)),
            .note = name });
        tables_clear(t);
    }
}

static void module_commands(tables *t)
{
    name_list list = { 0 };
    size_t handle = 0;

    (void)pool_one(t->starts, (pool_row){ .key = "{ 0, 0, 0 }" });
    for (size_t i = 0; i < t->m->n_commands; i++) {
        const m_command *c = t->m->commands[i];
        const placed *p = forms_placed(t, c);
        size_t base = t->forms->n, groups;
        size_t n = group_rows(t, c, p, base, &handle, &groups);
        for (size_t k = 0; k < c->n_forms; k++)
            form_row(t, p[k].form);
        for (size_t k = 0; k < c->n_forms; k++)
            if (c->forms[k]->answers_types)
                test_row(t, c->forms[k]);
        command_names(t, c, groups, n, &list);
        tables_clear(t);
    }
    if (t->tests->n)
        pool_append(t->tests, (pool_row){ .key = "{ AT_NONE, 0 }" });
    tables_limit(t, t->forms->n, MOST_SHORT, "forms", (place){ 0 });
    command_rows(t, &list);
    pool_append(t->forms, (pool_row){ .key = mem_printf(t->tmp, "{ 0, %zu, 0, 0, 0 }",
                                                        t->replies->n),
                                      .note = "error results" });
}

/* ---- what is not part of any command ---- */

/* The dialect's error results end whatever form is under way. */
static void error_replies(tables *t)
{
    for (size_t i = 0; i < t->m->n_results; i++) {
        const m_result *r = &t->m->results[i];
        if (!tables_is_new_error(t->m, i))
            continue;
        size_t line = tables_line(t, r->line, (line_use){ FRAME_RESULT, NULL, false });
        pool_row row = { .key = mem_printf(t->tmp, "{ AT_EMIT_LINE, %zu }", line),
                         .note = r->line->syntax };
        size_t emit = pool_one(t->emits, row);
        pool_append(t->replies,
                    (pool_row){ .key = mem_printf(t->tmp, "{ %zu, 1, AT_R_ENDS, AT_R_ERROR, 0 }",
                                                  emit),
                                .note = r->name });
    }
}
static void module_lines(tables *t)
{
    const line_use result = { FRAME_RESULT, NULL, false }, urc = { FRAME_URC, NULL, false };

    for (size_t i = 0; i < REFUSE_KINDS; i++)
        t->refuse[i] = tables_line(t, t->m->refuse[i], result);
    for (size_t i = t->m->n_results; i-- > 0;)
        if (t->m->results[i].klass == RC_OK)
            t->ok = tables_line(t, t->m->results[i].line, result);
    for (size_t i = 0; i < t->m->n_urcs; i++)
        (void)tables_line(t, t->m->urcs[i]->line, urc);
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
    module_commands(t);
    error_replies(t);
    module_lines(t);
    module_widths(t);
    tables_finish(t);
    return t;
}
