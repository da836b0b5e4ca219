/* The part of a model that `--only` asks for: these commands, these forms (NAME:form or
 * NAME:label) and, when any of the names is a URC's, these URCs. Numbers stay what they are in
 * the whole dialect, so that both sides may be cut differently. @FILE stands for the words in
 * FILE.
 * SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "mem.h"
#include "passes.h"
#include "text.h"

typedef struct wish {           /* one name that was asked for */
    const char *name, *form;    /* form NULL: all of them */
    bool found;
} wish;
typedef struct wishes { wish *list; size_t n; } wishes;

/* ---- reading the names ---- */
static void wish_add(const void *ctx, wishes *w, const char *word)
{
    char *name = mem_string(ctx, word), *colon = strchr(name, ':');

    if (colon)
        *colon++ = '\0';
    w->list = mem_grow(ctx, w->list, wish, w->n + 1);
    w->list[w->n++] = (wish){ name, colon, false };
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

static bool is_member(const model *m, const m_command *c, const char *wanted)
{
    for (size_t i = 0; i < c->n_members; i++) {
        if (is_name(m, wanted, c->members[i].name))
            return true;
        for (size_t k = 0; k < c->members[i].n_aliases; k++)
            if (is_name(m, wanted, c->members[i].aliases[k]))
                return true;
    }
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
        if (!is_member(m, form->command, w->list[i].name) || !is_form(form, w->list[i].form))
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
static void keep_forms(void *ctx, model *m, wishes *w)
{
    m_form **forms = mem_array(ctx, m_form *, m->n_forms + 1);
    size_t n = 0;

    for (size_t i = 0; i < m->n_forms; i++)
        if (wants_form(m, w, m->forms[i]))
            forms[n++] = m->forms[i];
    m->forms = forms;
    m->n_forms = n;
}

/* Commands with the forms that are left; the others are unknown. */
static void keep_commands(void *ctx, model *m)
{
    m_command **commands = mem_array(ctx, m_command *, m->n_commands + 1);
    size_t n = 0;

    for (size_t i = 0; i < m->n_commands; i++) {
        m_command *cut = mem_new(ctx, m_command);
        *cut = *m->commands[i];
        cut->forms = mem_array(ctx, m_form *, cut->n_forms + 1);
        cut->n_forms = 0;
        for (size_t k = 0; k < m->n_forms; k++)
            if (m->forms[k]->command == m->commands[i])
                cut->forms[cut->n_forms++] = m->forms[k];
        if (cut->n_forms)
            commands[n++] = cut;
    }
    m->commands = commands;
    m->n_commands = n;
}

static void keep_urcs(void *ctx, model *m, wishes *w)
{
    m_urc **urcs = mem_array(ctx, m_urc *, m->n_urcs + 1);
    size_t n = 0;

    for (size_t i = 0; i < m->n_urcs; i++)
        if (wants_urc(w, m->urcs[i]))
            urcs[n++] = m->urcs[i];
    if (n == 0)
        return;
    m->urcs = urcs;
    m->n_urcs = n;
}

static void mark_line(bool *used, const m_line *line)
{
    if (line)
        used[line->id] = true;
}

static void keep_lines(void *ctx, model *m)
{
    bool *used = mem_array(ctx, bool, m->n_lines + 1);
    m_line **lines = mem_array(ctx, m_line *, m->n_lines + 1);
    size_t n = 0;

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
        if (used[m->all_lines[i]->id])
            lines[n++] = m->all_lines[i];
    m->all_lines = lines;
    m->n_lines = n;
}

static const char *unmet(const void *ctx, const wishes *w)
{
    for (size_t i = 0; i < w->n; i++)
        if (!w->list[i].found)
            return mem_printf(ctx, "--only: the dialect has no %s%s%s", w->list[i].name,
                              w->list[i].form ? ":" : "", w->list[i].form ? w->list[i].form : "");
    return NULL;
}

const model *model_only(void *ctx, const model *all, const char *const *names, const char **fault)
{
    wishes w = { NULL, 0 };
    model *m = mem_new(ctx, model);

    *m = *all;
    if (!wish_all(ctx, &w, names, fault))
        return NULL;
    keep_forms(ctx, m, &w);
    keep_commands(ctx, m);
    keep_urcs(ctx, m, &w);
    keep_lines(ctx, m);
    const char *missing = unmet(ctx, &w);
    if (!missing)
        return m;
    *fault = missing;
    return NULL;
}
