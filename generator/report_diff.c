/* What differs between two dialects. Each command becomes the sorted list of what it says, one
 * fact a line, and two such lists are compared; so the order of a spec and its families make no
 * difference.
 * SPDX-License-Identifier: MIT */
#include "report.h"

#include <stdlib.h>
#include <string.h>

#include "mem.h"

typedef struct entry {          /* one name, and the facts about it */
    const char *name;
    const char **facts;
    size_t n;
} entry;

typedef struct entries { void *ctx; entry *list; size_t n; } entries;

/* ---- facts ---- */

static entry *add_entry(entries *all, const char *name)
{
    all->list = mem_grow(all->ctx, all->list, entry, all->n + 1);
    all->list[all->n] = (entry){ name, NULL, 0 };
    return &all->list[all->n++];
}

/* Takes `fact`; a fact that is there already is not added. */
static void add_fact(entries *all, entry *e, const char *fact)
{
    for (size_t i = 0; i < e->n; i++)
        if (strcmp(e->facts[i], fact) == 0)
            return;
    e->facts = mem_grow(all->ctx, e->facts, const char *, e->n + 1);
    e->facts[e->n++] = fact;
}

/* What a line says, the name of the family's first member replaced by this one's. */
static const char *syntax(entries *all, const m_line *line, const m_command *c, const char *name)
{
    const char *first = c ? c->members[0].name : "";
    const char *at = *first ? strstr(line->syntax, first) : NULL;

    if (!at)
        return line->syntax;
    return mem_printf(all->ctx, "%.*s%s%s", (int)(at - line->syntax), line->syntax, name,
                      at + strlen(first));
}

static void add_params(entries *all, entry *e, const char *of, const m_line *line)
{
    for (size_t i = 0; i < line->n_slots; i++)
        if (report_is_param(line, i))
            add_fact(all, e, mem_printf(all->ctx, "%s <%s> %s", of, line->slots[i].name,
                                        report_type(all->ctx, line->slots[i].type, SIZE_MAX)));
}

static void add_form(entries *all, entry *e, const m_form *form, const m_command *c, unsigned kind)
{
    const char *word = report_forms[kind];
    const m_flow *flow = form->flow;

    add_fact(all, e, mem_printf(all->ctx, "%s %s", word, syntax(all, form->line, c, e->name)));
    add_params(all, e, word, form->line);
    for (size_t i = 0; flow && i < flow->n_atoms; i++) {
        const m_line *line = flow->atoms[i].line;
        if (!line)
            continue;
        add_fact(all, e, mem_printf(all->ctx, "%s -> %s", word, syntax(all, line, c, e->name)));
        add_params(all, e, mem_printf(all->ctx, "%s ->", word), line);
    }
}

static void add_command(entries *all, const m_command *c)
{
    for (size_t i = 0; i < c->n_members; i++) {
        entry *e = add_entry(all, c->members[i].name);
        if (c->members[i].saved)
            add_fact(all, e, mem_printf(all->ctx, "saved %s", c->members[i].saved));
        for (size_t k = 0; k < c->n_forms; k++)
            for (unsigned kind = 0; kind < F_KINDS; kind++)
                if (c->forms[k]->kinds & 1u << kind)
                    add_form(all, e, c->forms[k], c, kind);
    }
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static int by_name(const void *a, const void *b)
{
    return strcmp(((const entry *)a)->name, ((const entry *)b)->name);
}

static void sort(entries *all)
{
    if (all->n)
        qsort(all->list, all->n, sizeof *all->list, by_name);
    for (size_t i = 0; i < all->n; i++)
        if (all->list[i].n)
            qsort(all->list[i].facts, all->list[i].n, sizeof *all->list[i].facts, by_text);
}

static entries command_entries(void *ctx, const model *m)
{
    entries all = { ctx, NULL, 0 };

    for (size_t i = 0; i < m->n_commands; i++)
        add_command(&all, m->commands[i]);
    sort(&all);
    return all;
}

/* Events of one name are one entry, whatever their shapes are called. */
static entries urc_entries(void *ctx, const model *m)
{
    entries all = { ctx, NULL, 0 };

    for (size_t i = 0; i < m->n_urcs; i++) {
        const m_urc *urc = m->urcs[i];
        bool same = all.n && strcmp(all.list[all.n - 1].name, urc->name) == 0;
        entry *e = same ? &all.list[all.n - 1] : add_entry(&all, urc->name);
        add_fact(&all, e, urc->line->syntax);
        add_params(&all, e, urc->line->syntax, urc->line);
    }
    sort(&all);
    return all;
}

static entries error_entries(void *ctx, const model *m)
{
    entries all = { ctx, NULL, 0 };

    for (size_t i = 0; i < m->n_errors; i++) {
        entry *e = add_entry(&all, m->errors[i].name);
        const m_type *t = m->errors[i].type;
        for (size_t k = 0; k < t->n_items; k++)
            add_fact(&all, e, mem_printf(ctx, "%lld %s", (long long)t->items[k].value,
                                         t->items[k].name ? t->items[k].name : ""));
    }
    sort(&all);
    return all;
}

/* ---- comparing ---- */

/* The facts of two sorted lists that only one has, below the name they are about. */
static void compare_facts(FILE *f, const char *what, const entry *a, const entry *b)
{
    bool said = false;

    for (size_t i = 0, k = 0; i < a->n || k < b->n;) {
        int order = i == a->n ? 1 : k == b->n ? -1 : strcmp(a->facts[i], b->facts[k]);
        if (order == 0) {
            i++, k++;
            continue;
        }
        if (!said)
            fprintf(f, "  %s%s\n", what, a->name);
        said = true;
        fprintf(f, "    %c %s\n", order < 0 ? '-' : '+', order < 0 ? a->facts[i++] : b->facts[k++]);
    }
}

static void compare_entries(FILE *f, const char *what, entries a, entries b)
{
    for (size_t i = 0, k = 0; i < a.n || k < b.n;) {
        int order = i == a.n ? 1 : k == b.n ? -1 : strcmp(a.list[i].name, b.list[k].name);
        if (order == 0)
            compare_facts(f, what, &a.list[i++], &b.list[k++]);
        else
            fprintf(f, "%c %s%s\n", order < 0 ? '-' : '+', what,
                    order < 0 ? a.list[i++].name : b.list[k++].name);
    }
}

void report_diff(const model *a, const model *b, FILE *f)
{
    void *ctx = mem_check(talloc_new(NULL));

    compare_entries(f, "AT", command_entries(ctx, a), command_entries(ctx, b));
    compare_entries(f, "urc ", urc_entries(ctx, a), urc_entries(ctx, b));
    compare_entries(f, "errors ", error_entries(ctx, a), error_entries(ctx, b));
    talloc_free(ctx);
}
