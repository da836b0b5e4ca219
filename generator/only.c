/* The part of a model that `--only` asks for: these commands, of a family these names, these forms
 * (NAME:form or NAME:label), without these parameters (NAME:form-param) and, when any of the names
 * is a URC's, these URCs. Numbers of forms and lines stay what they are in the whole dialect, so
 * that both sides may be cut differently. @FILE stands for the words in FILE.
 * SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "mem.h"
#include "passes.h"
#include "text.h"

typedef struct wish {           /* one name that was asked for */
    const char *name, *form;    /* form NULL: all of them */
    const char *without;        /* of its parameters: `a-b`, NULL none */
    bool found;
} wish;
typedef struct wishes { wish *list; size_t n; } wishes;

/* ---- reading the names ---- */
static void wish_add(const void *ctx, wishes *w, const char *word)
{
    char *name = mem_string(ctx, word), *form = strchr(name, ':');
    char *without = form ? strchr(form, '-') : NULL;

    if (form)
        *form++ = '\0';
    if (without)
        *without++ = '\0';
    w->list = mem_grow(ctx, w->list, wish, w->n + 1);
    w->list[w->n++] = (wish){ name, form, without, false };
}

static bool wish_file(const void *ctx, wishes *w, const char *path, const char **fault)
{
    FILE *file = fopen(path, "rb");
    if (!file) {
        *fault = mem_printf(ctx, "%s: %s", path, strerror(errno));
        return false;
    }
    text *t = text_new(ctx);
    char block[1024];
    size_t n;
    while ((n = fread(block, 1, sizeof block, file)) > 0)
        text_bytes(t, block, n);
    fclose(file);
    for (char *word = strtok(t->p, " ,\t\r\n"); word; word = strtok(NULL, " ,\t\r\n"))
        wish_add(ctx, w, word);
    return true;
}

static bool wish_all(const void *ctx, wishes *w, const char *const *names, const char **fault)
{
    for (; *names; names++) {
        if (**names != '@')
            wish_add(ctx, w, *names);
        else if (!wish_file(ctx, w, *names + 1, fault))
            return false;
    }
    return true;
}

/* ---- what is meant ---- */

/* A name as in a manual, with or without `AT`: AT+X, +X; AT alone is the empty command. */
static bool is_name(const model *m, const char *wanted, const char *name)
{
    size_t n = strlen(m->lines.prefix);

    if (strcmp(wanted, name) == 0)
        return true;
    return strncmp(wanted, m->lines.prefix, n) == 0 && strcmp(wanted + n, name) == 0;
}

static bool names_member(const model *m, const m_member *one, const char *wanted)
{
    for (size_t i = 0; i < one->n_aliases; i++)
        if (is_name(m, wanted, one->aliases[i]))
            return true;
    return is_name(m, wanted, one->name);
}

/* One of a family's names, or the C name of them all. */
static bool names_command(const model *m, const m_command *c, const char *wanted)
{
    for (size_t i = 0; i < c->n_members; i++)
        if (names_member(m, &c->members[i], wanted))
            return true;
    return strcmp(wanted, c->c_name) == 0;
}

static bool is_form(const m_form *form, const char *wanted)
{
    static const char *const words[F_KINDS] = { "exec", "read", "test", "set", "save", "query" };

    if (!wanted || (form->label && strcmp(form->label, wanted) == 0))
        return true;
    for (int kind = 0; kind < F_KINDS; kind++)
        if (form->kinds & 1u << kind && strcmp(words[kind], wanted) == 0)
            return true;
    return false;
}

static bool wants_form(const model *m, wishes *w, const m_form *form)
{
    bool wanted = false;

    for (size_t i = 0; i < w->n; i++) {
        if (!names_command(m, form->command, w->list[i].name) || !is_form(form, w->list[i].form))
            continue;
        w->list[i].found = true;
        wanted = true;
    }
    return wanted;
}

static bool wants_urc(wishes *w, const m_urc *u)
{
    bool wanted = false;

    for (size_t i = 0; i < w->n; i++) {
        if (w->list[i].form
            || (strcmp(w->list[i].name, u->name) != 0 && strcmp(w->list[i].name, u->c_name) != 0))
            continue;
        w->list[i].found = true;
        wanted = true;
    }
    return wanted;
}

/* ---- cutting ---- */
static void keep_forms(model *m, wishes *w)
{
    size_t n = 0;

    for (size_t i = 0; i < m->n_forms; i++)
        if (wants_form(m, w, m->forms[i]))
            m->forms[n++] = m->forms[i];
    m->n_forms = n;
}

/* Commands with the forms that are left; the others are unknown. */
static void keep_commands(model *m)
{
    size_t n = 0;

    for (size_t i = 0; i < m->n_commands; i++) {
        m_command *c = m->commands[i];
        c->n_forms = 0;
        for (size_t k = 0; k < m->n_forms; k++)
            if (m->forms[k]->command == c)
                c->forms[c->n_forms++] = m->forms[k];
        if (c->n_forms)
            m->commands[n++] = c;
    }
    m->n_commands = n;
}

static bool wants_member(const model *m, const wishes *w, const m_command *c, const m_member *one)
{
    for (size_t i = 0; i < w->n; i++)
        if (names_member(m, one, w->list[i].name) || strcmp(w->list[i].name, c->c_name) == 0)
            return true;
    return false;
}

/* Nothing has to say which of its names a command is called by when there is but one. `=!` says it
 * of any. */
static void drop_saved(model *m, m_form *form)
{
    m_struct *x = form->takes ? m->structs[form->takes->id] : NULL;
    size_t n = 0;

    if (!x || form->kinds & 1u << F_SAVE)
        return;
    for (size_t i = 0; i < x->n_fields; i++)
        if (!x->fields[i].is_saved)
            x->fields[n++] = x->fields[i];
    x->n_fields = n;
    if (n == 0)
        form->takes = NULL;
}

/* Of a family the names that were asked for; one alone is a command without family. */
static void keep_members(model *m, const wishes *w)
{
    for (size_t i = 0; i < m->n_commands; i++) {
        m_command *c = m->commands[i];
        size_t n = 0;
        for (size_t k = 0; k < c->n_members; k++)
            if (wants_member(m, w, c, &c->members[k]))
                c->members[n++] = c->members[k];
        c->n_members = n;
        for (size_t k = 0; c->has_saved && n == 1 && k < c->n_forms; k++)
            drop_saved(m, c->forms[k]);
        c->has_saved = c->has_saved && n > 1;
    }
}

/* Is it a step of a form? */
static bool is_step(const model *m, const m_urc *u)
{
    for (size_t i = 0; i < m->n_forms; i++)
        for (size_t k = 0; k < m->forms[i]->flow->n_atoms; k++)
            if (m->forms[i]->flow->atoms[k].urc == u)
                return true;
    return false;
}

/* All of them when none is named. */
static void keep_urcs(model *m, wishes *w)
{
    bool *wanted = mem_array(m, bool, m->n_urcs + 1), any = false;
    size_t n = 0;

    for (size_t i = 0; i < m->n_urcs; i++) {
        wanted[i] = wants_urc(w, m->urcs[i]);
        any = any || wanted[i];
    }
    for (size_t i = 0; i < m->n_urcs; i++)
        if (!any || wanted[i] || is_step(m, m->urcs[i]))
            m->urcs[n++] = m->urcs[i];
    m->n_urcs = n;
}

static void mark_line(bool *used, const m_line *line)
{
    if (line)
        used[line->id] = true;
}

static void keep_lines(model *m)
{
    size_t past = m->n_lines ? m->all_lines[m->n_lines - 1]->id + (size_t)1 : 0, n = 0;
    bool *used = mem_array(m, bool, past + 1);

    for (size_t i = 0; i < m->n_forms; i++) {
        mark_line(used, m->forms[i]->line);
        for (size_t k = 0; k < m->forms[i]->flow->n_atoms; k++)
            mark_line(used, m->forms[i]->flow->atoms[k].line);
    }
    for (size_t i = 0; i < m->n_urcs; i++)
        mark_line(used, m->urcs[i]->line);
    for (size_t i = 0; i < m->n_results; i++)
        mark_line(used, m->results[i].line);
    for (size_t i = 0; i < REFUSE_KINDS; i++)
        mark_line(used, m->refuse[i]);
    for (size_t i = 0; i < m->n_lines; i++)
        if (used[m->all_lines[i]->id] && m->all_lines[i]->n_readings)
            m->all_lines[n++] = m->all_lines[i];
    m->n_lines = n;
}

/* ---- parameters that are not wanted ---- */
static const char *drop_params(model *m, m_form *form, const wish *w)
{
    char *list = mem_string(m, w->without ? w->without : "");

    for (char *param = strtok(list, "-"); param; param = strtok(NULL, "-"))
        if (!model_without(m, form, param))
            return mem_printf(m, "--only: %s:%s has no parameter %s that may be left out", w->name,
                              w->form, param);
    return NULL;
}

static const char *keep_params(model *m, const wishes *w)
{
    const char *fault = NULL;

    for (size_t i = 0; i < w->n; i++)
        for (size_t k = 0; k < m->n_forms && !fault; k++)
            if (names_command(m, m->forms[k]->command, w->list[i].name)
                && is_form(m->forms[k], w->list[i].form))
                fault = drop_params(m, m->forms[k], &w->list[i]);
    return fault;
}

/* ---- settings that something left asks for ---- */
static void mark_conds(bool *asked, const m_cond *conds, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (conds[i].setting)
            asked[conds[i].setting->id] = true;
}

static void mark_setting(bool *asked, const m_setting *s)
{
    if (s)
        asked[s->id] = true;
}

static void mark_time(bool *asked, const m_time *time)
{
    mark_setting(asked, time->by[0].setting);
    mark_setting(asked, time->by[1].setting);
}

static void mark_form(bool *asked, const m_form *form)
{
    mark_conds(asked, form->only, form->n_only);
    mark_time(asked, &form->within);
    for (size_t i = 0; i < form->flow->n_atoms; i++) {
        const m_atom *a = &form->flow->atoms[i];
        mark_conds(asked, a->conds, a->n_conds);
        mark_time(asked, &a->within);
        mark_time(asked, &a->silence);
    }
}

static void mark_cells(bool *asked, const m_line *line)
{
    mark_setting(asked, line->mask);
    for (size_t i = 0; i < line->n_readings; i++)
        mark_conds(asked, line->readings[i].conds, line->readings[i].n_conds);
}

static void keep_settings(model *m)
{
    const m_framing *f = &m->lines;
    const m_setting *own[] = { f->verbose, f->quiet, f->termination,
                               f->formatting, f->editing, f->echo_setting };
    bool *asked = mem_array(m, bool, m->n_settings + 1);
    size_t n = 0;

    for (size_t i = 0; i < sizeof own / sizeof *own; i++)
        mark_setting(asked, own[i]);
    for (size_t i = 0; i < m->n_forms; i++)
        mark_form(asked, m->forms[i]);
    for (size_t i = 0; i < m->n_lines; i++)
        mark_cells(asked, m->all_lines[i]);
    for (size_t i = 0; i < m->n_urcs; i++)
        mark_conds(asked, m->urcs[i]->conds, m->urcs[i]->n_conds);
    for (size_t i = 0; i < m->n_settings; i++)
        if (asked[i])
            m->settings[n++] = m->settings[i];
    m->n_settings = n;
    for (size_t i = 0; i < n; i++)
        m->settings[i]->id = (unsigned)i;
}

/* ---- what could not be done ---- */
static const char *unmet(const void *ctx, const wishes *w, const char *why)
{
    for (size_t i = 0; i < w->n; i++)
        if (!w->list[i].found)
            return mem_printf(ctx, "--only: %s %s%s%s", why, w->list[i].name,
                              w->list[i].form ? ":" : "", w->list[i].form ? w->list[i].form : "");
    return NULL;
}

/* Nothing may be left of a wish when settings are constant. */
static const char *never_met(const void *ctx, const model *m, wishes *w)
{
    for (size_t i = 0; i < w->n; i++)
        w->list[i].found = false;
    for (size_t i = 0; i < m->n_forms; i++)
        (void)wants_form(m, w, m->forms[i]);
    for (size_t i = 0; i < m->n_urcs; i++)
        (void)wants_urc(w, m->urcs[i]);
    return unmet(ctx, w, "no command that is left makes the settings for");
}

const model *model_only(void *ctx, const model *all, const char *const *names, bool settle,
                        const char **fault)
{
    wishes w = { NULL, 0 };
    model *m = model_copy(ctx, all);

    if (!wish_all(m, &w, names, fault))
        return NULL;
    keep_forms(m, &w);
    keep_commands(m);
    keep_members(m, &w);
    keep_urcs(m, &w);
    keep_lines(m);
    *fault = unmet(m, &w, "the dialect has no");
    if (!*fault)
        *fault = keep_params(m, &w);
    if (!*fault && settle) {
        model_settle(m);
        keep_commands(m);
        keep_lines(m);
        *fault = never_met(m, m, &w);
    }
    keep_settings(m);
    return *fault ? NULL : m;
}
