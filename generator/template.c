/* Templates without logic: see template.h.
 * SPDX-License-Identifier: MIT */
#include "template.h"

#include <stdio.h>
#include <string.h>

#include "mem.h"

/* ---- a fill: a short list of entries; names are few, so they are compared one by one ---- */
typedef struct entry {
    const char *name;
    const char *text;           /* a text; NULL: a list or flag */
    /* list; a flag that is set is a list of one empty item */
    fill **items; size_t n_items, room;
} entry;

struct fill {
    entry *entries; size_t n, room;
    const fill *around;
};

enum { FIRST_ROOM = 8 };

fill *fill_new(const void *ctx)
{
    return mem_new(ctx, fill);
}

static entry *fill_own(const fill *f, const char *name)
{
    for (size_t i = 0; i < f->n; i++)
        if (strcmp(f->entries[i].name, name) == 0)
            return &f->entries[i];
    return NULL;
}

static entry *fill_entry(fill *f, const char *name)
{
    entry *e = fill_own(f, name);

    if (e)
        return e;
    if (f->n == f->room) {
        f->room = f->room ? f->room * 2 : FIRST_ROOM;
        f->entries = mem_grow(f, f->entries, entry, f->room);
    }
    e = &f->entries[f->n++];
    *e = (entry){ .name = name };
    return e;
}

void fill_text(fill *f, const char *name, const char *value)
{
    fill_entry(f, name)->text = value ? value : "";
}

void fill_printf(fill *f, const char *name, const char *format, ...)
{
    entry *e = fill_entry(f, name);
    va_list args;

    va_start(args, format);
    e->text = mem_vprintf(f, format, args);
    va_end(args);
}

void fill_number(fill *f, const char *name, long long number)
{
    fill_printf(f, name, "%lld", number);
}

void fill_list(fill *f, const char *name)
{
    (void)fill_entry(f, name);
}

fill *fill_item(fill *f, const char *name)
{
    entry *e = fill_entry(f, name);
    fill *item = mem_new(f, fill);

    if (e->n_items == e->room) {
        e->room = e->room ? e->room * 2 : 4;
        e->items = mem_grow(f, e->items, fill *, e->room);
    }
    e->items[e->n_items++] = item;
    item->around = f;
    return item;
}

void fill_flag(fill *f, const char *name, bool set)
{
    fill_list(f, name);
    if (set)
        (void)fill_item(f, name);
}

static const entry *fill_find(const fill *f, const char *name)
{
    for (; f; f = f->around) {
        const entry *e = fill_own(f, name);
        if (e)
            return e;
    }
    return NULL;
}

/* ---- filling ---- */
typedef struct tag {
    const char *begin, *end;    /* the whole tag; for a section alone on its line, the whole line */
    char kind;                  /* '#' '^' '/' or 0: a text */
    char name[64];
    size_t indent;              /* a text alone on its line: blanks before it */
} tag;

typedef struct filling {
    text *out;
    const char *source;
    template_fault *fault;
} filling;

static bool template_fail(filling *f, const char *at, const char *what, const char *name)
{
    f->fault->line = 1;
    for (const char *p = f->source; p < at; p++)
        f->fault->line += *p == '\n';
    f->fault->what = what;
    f->fault->name = mem_string(f->out, name);
    return false;
}

/* Widen a tag that stands alone on its line to the whole line, or note its indentation. */
static void template_alone(const filling *f, tag *t)
{
    const char *begin = t->begin, *end = t->end;

    while (begin > f->source && (begin[-1] == ' ' || begin[-1] == '\t'))
        begin--;
    if ((begin > f->source && begin[-1] != '\n') || *end != '\n')
        return;
    if (t->kind) {
        t->begin = begin;
        t->end = end + 1;
    } else {
        t->indent = (size_t)(t->begin - begin);
    }
}

/* The next tag at or after `p`: 1 found, 0 none, -1 broken. */
static int template_tag(filling *f, const char *p, tag *t)
{
    const char *begin = strstr(p, "{{");
    if (!begin)
        return 0;
    const char *name = begin + 2, *end = strstr(name, "}}");
    if (!end) {
        template_fail(f, begin, "tag without end", "{{");
        return -1;
    }
    *t = (tag){ .begin = begin, .end = end + 2 };
    if (*name == '#' || *name == '^' || *name == '/')
        t->kind = *name++;
    if ((size_t)(end - name) >= sizeof t->name) {
        template_fail(f, begin, "name too long", "{{");
        return -1;
    }
    memcpy(t->name, name, (size_t)(end - name));
    template_alone(f, t);
    return 1;
}

static void template_text(filling *f, const char *value, size_t indent)
{
    if (!indent) {
        text_add(f->out, value);
        return;
    }
    for (const char *line = value; *line;) {
        const char *end = strchr(line, '\n');
        size_t n = end ? (size_t)(end - line) + 1 : strlen(line);
        if (line != value && *line != '\n')
            text_printf(f->out, "%*s", (int)indent, "");
        text_bytes(f->out, line, n);
        line += n;
    }
}

static const char *template_part(filling *f, const char *p, const fill *v, const char *close,
                                 bool quiet);

/* A section from behind its tag: its items one by one, or once without output to find its end. */
static const char *template_section(filling *f, const tag *t, const fill *v, bool quiet)
{
    const entry *e = quiet ? NULL : fill_find(v, t->name);
    if (!quiet && !e) {
        template_fail(f, t->begin, "unknown name", t->name);
        return NULL;
    }
    size_t times = 0;
    if (e)
        times = e->text ? e->text[0] != '\0' : e->n_items;
    if (t->kind == '^')
        times = e && times == 0;
    const char *end = NULL;
    for (size_t i = 0; i < times; i++) {
        const fill *item = t->kind == '#' && !e->text ? e->items[i] : v;
        end = template_part(f, t->end, item, t->name, false);
        if (!end)
            return NULL;
    }
    return times ? end : template_part(f, t->end, v, t->name, true);
}

static bool template_value(filling *f, const tag *t, const fill *v)
{
    const entry *e = fill_find(v, t->name);

    if (!e)
        return template_fail(f, t->begin, "unknown name", t->name);
    if (!e->text)
        return template_fail(f, t->begin, "a list, not a text", t->name);
    template_text(f, e->text, t->indent);
    return true;
}

/* Fill from `p` to the tag that closes section `close` (NULL: to the end); returns what follows,
 * NULL: fault. */
static const char *template_part(filling *f, const char *p, const fill *v, const char *close,
                                 bool quiet)
{
    tag t;
    int found;

    while ((found = template_tag(f, p, &t)) > 0) {
        if (!quiet)
            text_bytes(f->out, p, (size_t)(t.begin - p));
        p = t.end;
        if (t.kind == '/') {
            if (close && strcmp(close, t.name) == 0)
                return p;
            template_fail(f, t.begin, "closes nothing", t.name);
            return NULL;
        }
        if (t.kind)
            p = template_section(f, &t, v, quiet);
        else if (!quiet && !template_value(f, &t, v))
            return NULL;
        if (!p)
            return NULL;
    }
    if (found < 0)
        return NULL;
    if (close) {
        template_fail(f, p, "section is not closed", close);
        return NULL;
    }
    text_add(f->out, p);
    return p;
}

bool template_fill(text *out, const char *source, const fill *v, template_fault *fault)
{
    filling f = { .out = out, .source = source, .fault = fault };
    return template_part(&f, source, v, NULL, false) != NULL;
}

/* ---- where templates come from ---- */
static const char *template_read(const void *ctx, const char *directory, const char *name)
{
    char *path = mem_printf(ctx, "%s/%s", directory, name);
    FILE *file = fopen(path, "rb");
    if (!file)
        return NULL;
    text *t = text_new(ctx);
    char block[4096];
    size_t n;
    while ((n = fread(block, 1, sizeof block, file)) > 0)
        text_bytes(t, block, n);
    fclose(file);
    return t->p;
}

const char *template_find(const void *ctx, const char *directory, const char *name)
{
    const char *own = directory ? template_read(ctx, directory, name) : NULL;

    for (const template_file *t = templates_data; !own && t->name; t++)
        if (strcmp(t->name, name) == 0)
            return t->text;
    return own;
}
