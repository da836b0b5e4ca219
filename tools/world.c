/* An answer is planned as a list of replies of the generated module side. The plan comes from text: the module's half of an
 * example (or of one made from the types), with the values in it replaced by those of the command and of the store,
 * is read by a generated host object, which gives the very structs that the module's replies take.
 * SPDX-License-Identifier: MIT */
#include "world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "args.h"
#include "decode.h"
#include "exchange.h"

enum { NAME_MAX_BYTES = 64, TEXT_MAX = 16384, STEPS_MAX = 256, KEPT_MAX = 64 };

/* ---- the store: (command, parameter) -> text ---- */
typedef struct entry { struct entry *next; char *command, *param, *value; } entry;

/* ---- a plan: replies with their structs ---- */
typedef struct step { unsigned reply; void *fields; } step;
typedef struct seen { uint16_t line; bool prompt; void *row; } seen;        /* what the host object saw, in order */

struct world {
    const at_names *names;
    at_module *module;
    at_module_hook hook;
    entry *store;
    /* the command that runs */
    entry *args;                /* its arguments as text */
    char command[NAME_MAX_BYTES];
    const at_form_name *form;
    unsigned form_index;
    step steps[STEPS_MAX]; unsigned n_steps, next_step;
    /* planning */
    seen seen[STEPS_MAX]; unsigned n_seen;
    at_request request;
    void *result;
    uint16_t row_line;
    void *kept[KEPT_MAX * 16]; unsigned n_kept;         /* memory of the plan */
};

static void *take(size_t n)
{
    void *p = calloc(1, n ? n : 1);
    if (!p) {
        fputs("atsim: out of memory\n", stderr);
        exit(70);
    }
    return p;
}

static char *copy(const char *p, size_t n)
{
    char *s = take(n + 1);
    memcpy(s, p, n);
    return s;
}

/* ---- store ---- */
static entry *find(entry *e, const char *command, const char *param)
{
    while (e && (strcmp(e->command, command) != 0 || strcmp(e->param, param) != 0)) e = e->next;
    return e;
}

static void put(entry **list, const char *command, const char *param, const char *value, size_t n)
{
    entry *e = find(*list, command, param);
    if (!e) {
        e = take(sizeof *e);
        e->command = copy(command, strlen(command));
        e->param = copy(param, strlen(param));
        e->next = *list;
        *list = e;
    }
    free(e->value);
    e->value = copy(value, n);
}

static void drop(entry **list)
{
    while (*list) {
        entry *e = *list;
        *list = e->next;
        free(e->command);
        free(e->param);
        free(e->value);
        free(e);
    }
}

static bool stores(const at_form_name *f)
{
    return strcmp(f->form, "set") == 0 || strcmp(f->form, "save") == 0;
}

static void remember(world *w)
{
    if (!stores(w->form)) return;
    for (const entry *e = w->args; e; e = e->next)
        put(&w->store, e->command, e->param, e->value, strlen(e->value));
}

/* What this world has for a parameter of an answer: the command's own argument, then what was set. */
static const char *value_of(const world *w, const char *param)
{
    const entry *e = find(w->args, w->command, param);
    if (!e) e = find(w->store, w->command, param);
    return e ? e->value : NULL;
}

/* ---- the text of an answer ---- */
typedef struct text { char bytes[TEXT_MAX]; size_t n; } text;

static void add(text *t, const char *p, size_t n)
{
    if (t->n + n > sizeof t->bytes) n = sizeof t->bytes - t->n;
    memcpy(t->bytes + t->n, p, n);
    t->n += n;
}

static void add_text(text *t, const char *s)
{
    add(t, s, strlen(s));
}

typedef struct rewrite { world *w; text *out; const char *done; } rewrite;

static void replace_value(void *ctx, const args_value *v)
{
    rewrite *r = ctx;
    const char *value = value_of(r->w, v->param->name);
    if (!value) return;
    add(r->out, r->done, (size_t)(v->text - r->done));
    add_text(r->out, value);
    r->done = v->text + v->n;
}

typedef struct example_walk { world *w; decode *decode; text *out; } example_walk;

/* A line of the example, its values replaced; the framing around it is the dialect's. */
static void rewrite_line(void *ctx, char from, const at_event *e)
{
    example_walk *x = ctx;
    if (from != 'm' || !e->text || e->saw == AT_SAW_ECHO || e->saw == AT_SAW_DATA) return;
    rewrite r = { x->w, x->out, e->text };
    const at_tables *t = decode_tables(x->decode, 'm');
    if (e->line != UINT16_MAX) args_each(e, t, decode_line(x->decode, 'm', e->line), replace_value, &r);
    add(x->out, r.done, (size_t)(e->text + e->n - r.done));
    add_text(x->out, "\r\n");
}

static bool answer_from_example(world *w, const at_example *example, text *out)
{
    FILE *f = fmemopen((void *)(uintptr_t)example->text, strlen(example->text), "r");
    if (!f) return false;
    example_walk x = { w, NULL, out };
    x.decode = decode_new(w->names, rewrite_line, &x);
    exchange *exchange = exchange_new(f);
    exchange_step s;
    while (exchange_next(exchange, &s) > 0)
        if (s.direction) decode_feed(x.decode, s.direction, s.bytes, s.n);
    decode_end(x.decode);
    exchange_free(exchange);
    decode_free(x.decode);
    fclose(f);
    return out->n > 0;
}
