/* A copy of a model that may be changed: everything that stands on something that could be left
 * out. Texts, types and outcomes are shared; examples and meanings, which are the whole dialect's,
 * are left behind.
 * SPDX-License-Identifier: MIT */
#include "mem.h"
#include "passes.h"

#include <uthash.h> /* after mem.h, which says what happens without memory */

typedef struct twin { const void *of; void *copy; UT_hash_handle hh; } twin;
typedef struct copier { void *ctx; twin *twins; } copier;

/* The copy of something, once it has been begun. */
static void *copy_of(copier *c, const void *of)
{
    twin *t;

    HASH_FIND_PTR(c->twins, &of, t);
    return t ? t->copy : NULL;
}

static void *copy_begun(copier *c, const void *of, void *copy)
{
    twin *t = mem_new(c->ctx, twin);

    *t = (twin){ .of = of, .copy = copy };
    HASH_ADD_PTR(c->twins, of, t);
    return copy;
}

static void *copy_bytes(copier *c, const void *of, size_t size, size_t n)
{
    if (n == 0)
        return NULL;
    char *copy = mem_array(c->ctx, char, size * n);
    memcpy(copy, of, size * n);
    return copy;
}

#define COPY(c, of, n) copy_bytes((c), (of), sizeof *(of), (n))
/* Of something that several point to: returns the copy when there is one, else begins it as `x`. */
#define COPY_ONCE(c, of, x)                          \
    if (!(of) || copy_of((c), (of)))                 \
        return (of) ? copy_of((c), (of)) : NULL;     \
    (x) = copy_begun((c), (of), COPY((c), (of), 1))

static m_command *copy_command(copier *, const m_command *);
static m_form *copy_form(copier *, const m_form *);
static m_urc *copy_urc(copier *, const m_urc *);

static m_struct *copy_struct(copier *c, const m_struct *of)
{
    m_struct *s;

    COPY_ONCE(c, of, s);
    s->fields = COPY(c, of->fields, of->n_fields);
    return s;
}

static m_setting *copy_setting(copier *c, const m_setting *of)
{
    m_setting *s;

    COPY_ONCE(c, of, s);
    s->command = copy_command(c, of->command);
    return s;
}

static m_cond *copy_conds(copier *c, const m_cond *of, size_t n)
{
    m_cond *conds = COPY(c, of, n);

    for (size_t i = 0; i < n; i++)
        conds[i].setting = copy_setting(c, of[i].setting);
    return conds;
}

static void copy_readings(copier *c, m_line *line)
{
    line->readings = COPY(c, line->readings, line->n_readings);
    for (size_t i = 0; i < line->n_readings; i++) {
        m_reading *r = &line->readings[i];
        r->conds = copy_conds(c, r->conds, r->n_conds);
    }
}

static m_line *copy_line(copier *c, const m_line *of)
{
    m_line *line;

    COPY_ONCE(c, of, line);
    line->slots = COPY(c, of->slots, of->n_slots);
    for (size_t i = 0; i < line->n_slots; i++)
        if (of->slots[i].shown)
            line->slots[i].shown = copy_conds(c, of->slots[i].shown, 1);
    copy_readings(c, line);
    line->mask = copy_setting(c, of->mask);
    line->fields = copy_struct(c, of->fields);
    return line;
}

static void copy_time(copier *c, m_time *time)
{
    for (size_t i = 0; i < 2; i++)
        time->by[i].setting = copy_setting(c, time->by[i].setting);
}

static void copy_atom(copier *c, m_atom *a)
{
    a->line = copy_line(c, a->line);
    a->row_fields = copy_struct(c, a->row_fields);
    copy_time(c, &a->within);
    copy_time(c, &a->silence);
    a->urc = copy_urc(c, a->urc);
    a->conds = copy_conds(c, a->conds, a->n_conds);
}

static m_flow *copy_flow(copier *c, const m_flow *of)
{
    m_flow *flow = COPY(c, of, 1);

    flow->atoms = COPY(c, of->atoms, of->n_atoms);
    for (size_t i = 0; i < flow->n_atoms; i++)
        copy_atom(c, &flow->atoms[i]);
    return flow;
}

static m_form *copy_form(copier *c, const m_form *of)
{
    m_form *form;

    COPY_ONCE(c, of, form);
    form->command = copy_command(c, of->command);
    form->line = copy_line(c, of->line);
    form->takes = copy_struct(c, of->takes);
    form->result = copy_struct(c, of->result);
    form->flow = copy_flow(c, of->flow);
    form->replies = COPY(c, of->replies, of->n_replies);
    for (size_t i = 0; i < form->n_replies; i++)
        form->replies[i].takes = copy_struct(c, of->replies[i].takes);
    form->only = copy_conds(c, of->only, of->n_only);
    copy_time(c, &form->within);
    form->says = COPY(c, of->says, of->n_says);
    for (size_t i = 0; i < form->n_says; i++)
        form->says[i].line = copy_line(c, of->says[i].line);
    return form;
}

static m_command *copy_command(copier *c, const m_command *of)
{
    m_command *command;

    COPY_ONCE(c, of, command);
    command->members = COPY(c, of->members, of->n_members);
    command->forms = COPY(c, of->forms, of->n_forms);
    for (size_t i = 0; i < command->n_forms; i++)
        command->forms[i] = copy_form(c, of->forms[i]);
    return command;
}

static m_urc *copy_urc(copier *c, const m_urc *of)
{
    m_urc *u;

    COPY_ONCE(c, of, u);
    u->line = copy_line(c, of->line);
    u->conds = copy_conds(c, of->conds, of->n_conds);
    return u;
}

static void copy_framing(copier *c, m_framing *f)
{
    const m_setting **settings[] = { &f->verbose, &f->quiet, &f->termination,
                                     &f->formatting, &f->editing, &f->echo_setting };

    for (size_t i = 0; i < sizeof settings / sizeof *settings; i++)
        *settings[i] = copy_setting(c, *settings[i]);
    f->echo_command = copy_command(c, f->echo_command);
    for (size_t i = 0; i < f->n_resets; i++)
        f->resets[i] = copy_command(c, f->resets[i]);
    f->resync_final = copy_line(c, f->resync_final);
}

#define COPY_EACH(c, list, n, copy_one)                     \
    (list) = COPY((c), (list), (n));                        \
    for (size_t i = 0; i < (n); i++)                        \
        (list)[i] = copy_one((c), (list)[i])

model *model_copy(void *ctx, const model *of)
{
    copier c = { .ctx = ctx };
    model *m = COPY(&c, of, 1);

    COPY_EACH(&c, m->structs, m->n_structs, copy_struct);
    COPY_EACH(&c, m->all_lines, m->n_lines, copy_line);
    COPY_EACH(&c, m->commands, m->n_commands, copy_command);
    COPY_EACH(&c, m->forms, m->n_forms, copy_form);
    COPY_EACH(&c, m->urcs, m->n_urcs, copy_urc);
    COPY_EACH(&c, m->settings, m->n_settings, copy_setting);
    copy_framing(&c, &m->lines);
    m->results = COPY(&c, of->results, of->n_results);
    for (size_t i = 0; i < m->n_results; i++)
        m->results[i].line = copy_line(&c, of->results[i].line);
    for (size_t i = 0; i < REFUSE_KINDS; i++)
        m->refuse[i] = copy_line(&c, of->refuse[i]);
    m->n_examples = m->n_meanings = 0;
    HASH_CLEAR(hh, c.twins);
    return m;
}
