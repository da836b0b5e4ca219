/* A pattern is looked at as the cells between its commas: the text in front of the first one is the
 * head, a cell in brackets may be left out. That is enough to say what may come next; whether a
 * line is right the generated parser decides.
 * SPDX-License-Identifier: MIT */
#include "lexicon.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "store.h"

struct lexicon {
    json_t *all;
};

lexicon *lexicon_new(const char *json)
{
    json_t *all = json_loads(json, 0, NULL);
    if (!all) return NULL;
    lexicon *l = store_memory(sizeof *l);
    l->all = all;
    return l;
}

void lexicon_free(lexicon *l)
{
    if (!l) return;
    json_decref(l->all);
    free(l);
}

static const char *string_of(const json_t *o, const char *key)
{
    const char *text = json_string_value(json_object_get(o, key));
    return text ? text : "";
}

/* ---- parameters ---- */
static const json_t *param_named(const json_t *params, const char *name, size_t n)
{
    size_t i;
    json_t *p;
    json_array_foreach(params, i, p) if (strlen(string_of(p, "name")) == n &&
                                         memcmp(string_of(p, "name"), name, n) == 0) return p;
    return NULL;
}

static bool is_hex(const json_t *p)
{
    return json_is_true(json_object_get(p, "hex"));
}

static void print_number(FILE *out, const json_t *p, json_int_t number)
{
    fprintf(out, is_hex(p) ? "%llX" : "%lld", (long long)number);
}

/* As it stands on the wire. */
static void print_value(FILE *out, const json_t *p, const json_t *value)
{
    if (json_is_string(value))
        fputs(json_string_value(value), out);
    else
        print_number(out, p, json_integer_value(value));
}

/* " 1..32, 64" */
static void print_ranges(FILE *out, const json_t *p, const char *key)
{
    size_t i;
    json_t *r;
    json_array_foreach(json_object_get(p, key), i, r)
    {
        json_int_t lo = json_integer_value(json_array_get(r, 0)),
                   hi = json_integer_value(json_array_get(r, 1));
        fputs(i ? ", " : " ", out);
        print_number(out, p, lo);
        if (hi == lo) continue;
        fputs("..", out);
        print_number(out, p, hi);
    }
}

static void print_param(FILE *out, const json_t *p)
{
    const char *unit = string_of(p, "unit"), *meaning = string_of(p, "meaning");
    fprintf(out, "<%s> %s%s", string_of(p, "name"), string_of(p, "type"), is_hex(p) ? " hex" : "");
    print_ranges(out, p, "range");
    print_ranges(out, p, "length");
    if (*unit) fprintf(out, " %s", unit);
    if (*meaning) fprintf(out, ": %s", meaning);
}

static void print_item(FILE *out, const json_t *item)
{
    const char *name = string_of(item, "name"), *meaning = string_of(item, "meaning");
    const char *value = json_string_value(json_object_get(item, "value"));
    if (!value || strcmp(value, name) != 0) fprintf(out, " %s", name);
    if (*meaning) fprintf(out, " (%s)", meaning);
}

/* ---- cells of a pattern ---- */
enum { CELLS_MAX = 40 };
typedef struct cell {
    const char *text;
    size_t n;
    bool optional;
} cell;
typedef struct cells {
    size_t head, n;
    cell cell[CELLS_MAX];
} cells;

static bool is_content(char c)
{
    return !strchr("[]", c);
}

static void cells_of(cells *to, const char *syntax)
{
    unsigned depth = 0;
    bool quoted = false, open = false;
    to->n = 0;
    to->head = strcspn(syntax, "<[({\"");
    for (const char *p = syntax + to->head; *p && to->n < CELLS_MAX; p++) {
        if (*p == '"') quoted = !quoted;
        if (!quoted && *p == '[') depth++;
        if (!quoted && *p == ']' && depth > 0) depth--;
        if (!quoted && *p == ',')
            open = false;
        else if (!open && is_content(*p)) {
            to->cell[to->n++] = (cell){p, 0, depth > 0};
            open = true;
        }
        if (open) to->cell[to->n - 1].n = (size_t)(p + 1 - to->cell[to->n - 1].text);
    }
}

/* ---- what is typed ---- */
typedef struct typed {
    const char *line;
    size_t n, from; /* from: where the last cell begins */
    size_t count;   /* cells in front of it */
} typed;

static void typed_cells(typed *t, size_t head)
{
    bool quoted = false;
    t->from = head;
    t->count = 0;
    for (size_t i = head; i < t->n; i++) {
        if (t->line[i] == '"' && t->line[i - 1] != '\\') quoted = !quoted;
        if (t->line[i] != ',' || quoted) continue;
        t->count++;
        t->from = i + 1;
    }
}

/* The text of a typed cell in front of the last. */
static const char *typed_cell(const typed *t, size_t head, size_t which, size_t *n)
{
    const char *p = t->line + head, *end = t->line + t->n;
    for (; which > 0; which--)
        p = (const char *)memchr(p, ',', (size_t)(end - p)) + 1;
    const char *comma = memchr(p, ',', (size_t)(end - p));
    *n = (size_t)((comma ? comma : end) - p);
    return p;
}

/* ---- offers ---- */
typedef struct offers {
    lexicon_offer *offer;
    void *ctx;
    typed typed;
    const cells *cells;
    const json_t *params, *title;
} offers;

static void offer_word(const offers *o, const char *word, const char *help)
{
    size_t n = o->typed.n - o->typed.from;
    if (strncasecmp(word, o->typed.line + o->typed.from, n) == 0)
        o->offer(o->ctx, o->typed.from, word, help);
}

/* A value of a list, as it stands on the wire. */
static void offer_item(const offers *o, const json_t *param, const json_t *item)
{
    char *word = NULL, *help = NULL;
    size_t n;
    const char *quote = json_is_true(json_object_get(param, "quoted")) ? "\"" : "";
    FILE *out = open_memstream(&word, &n);
    fputs(quote, out);
    print_value(out, param, json_object_get(item, "value"));
    fputs(quote, out);
    fclose(out);
    out = open_memstream(&help, &n);
    fprintf(out, "<%s>", string_of(param, "name"));
    print_item(out, item);
    fclose(out);
    offer_word(o, word, help);
    free(word);
    free(help);
}

/* Can the text become a value of the parameter? */
static bool suits(const json_t *param, const char *text, size_t n)
{
    const char *type = string_of(param, "type");
    bool number = strcmp(type, "int") == 0 || strcmp(type, "flags") == 0;
    return !number || n == 0 || *text != '"' || json_is_true(json_object_get(param, "quoted"));
}

/* A parameter that is no list: what it is, and of flags the bits. */
static void offer_help(const offers *o, const json_t *param)
{
    size_t i, n;
    json_t *item;
    char *help = NULL;
    FILE *out = open_memstream(&help, &n);
    print_param(out, param);
    json_array_foreach(json_object_get(param, "values"), i, item)
    {
        fputs(i ? ", " : " = ", out);
        print_value(out, param, json_object_get(item, "value"));
        print_item(out, item);
    }
    fclose(out);
    const char *text = o->typed.line + o->typed.from;
    if (suits(param, text, o->typed.n - o->typed.from)) o->offer(o->ctx, o->typed.from, "", help);
    free(help);
}

static void offer_param(const offers *o, const json_t *param)
{
    const json_t *values = json_object_get(param, "values");
    size_t i;
    json_t *item;
    if (!values || strcmp(string_of(param, "type"), "flags") == 0)
        offer_help(o, param);
    else
        json_array_foreach(values, i, item) offer_item(o, param, item);
}

/* All parameters and quoted words that the cell may be. */
static void offer_cell(const offers *o, const cell *c)
{
    for (const char *p = c->text, *end = p + c->n; p < end; p++) {
        const char *close = *p == '<' ? memchr(p, '>', (size_t)(end - p)) : NULL;
        if (*p == '"') close = memchr(p + 1, '"', (size_t)(end - p - 1));
        if (!close) continue;
        const json_t *param =
            *p == '<' ? param_named(o->params, p + 1, (size_t)(close - p - 1)) : NULL;
        if (param) offer_param(o, param);
        if (*p == '"') {
            char *word = store_copy(p, (size_t)(close - p) + 1);
            offer_word(o, word, "");
            free(word);
        }
        p = close;
    }
}

static bool is_cell(const offers *o, const cell *c, const char *text, size_t n)
{
    const char *close = memchr(c->text, '>', c->n);
    if (*c->text == '"') return n == c->n && strncasecmp(text, c->text, n) == 0;
    if (*c->text != '<' || !close) return true;
    const json_t *param = param_named(o->params, c->text + 1, (size_t)(close - c->text - 1));
    return !param || suits(param, text, n);
}

/* Do the cells in front agree when the first `left_out` cells that may be left out are? */
static bool agrees(const offers *o, size_t left_out, size_t upto)
{
    for (size_t i = 0, at = 0; i < upto; i++) {
        const cell *c = &o->cells->cell[i];
        size_t n;
        if (c->optional && left_out > 0) {
            left_out--;
            continue;
        }
        const char *text = typed_cell(&o->typed, o->cells->head, at++, &n);
        if (!is_cell(o, c, text, n)) return false;
    }
    return true;
}

/* The last typed cell may be any that the optional ones before it allow. */
static void offer_cells(const offers *o)
{
    size_t least = 0;
    for (size_t i = 0; i < o->cells->n; i++) {
        const cell *c = &o->cells->cell[i];
        if (least <= o->typed.count && o->typed.count <= i && agrees(o, i - o->typed.count, i))
            offer_cell(o, c);
        least += !c->optional;
    }
}

static void complete_variant(offers *o, const char *title, const json_t *variant)
{
    const char *syntax = string_of(variant, "syntax");
    cells c;
    cells_of(&c, syntax);
    if (o->typed.n < c.head) {
        char *head = store_copy(syntax, c.head);
        o->typed.from = 0;
        offer_word(o, head, title);
        free(head);
    } else if (strncasecmp(o->typed.line, syntax, c.head) == 0 && c.n > 0) {
        typed_cells(&o->typed, c.head);
        o->cells = &c;
        o->params = json_object_get(variant, "params");
        offer_cells(o);
    }
}

void lexicon_complete(const lexicon *l, const char *line, size_t n, lexicon_offer *offer, void *ctx)
{
    offers o = {.offer = offer, .ctx = ctx, .typed = {line, n, 0, 0}};
    size_t i, k, m;
    json_t *command, *form, *variant;
    json_array_foreach(json_object_get(l->all, "commands"), i, command)
        json_array_foreach(json_object_get(command, "forms"), k, form)
            json_array_foreach(json_object_get(form, "variants"), m, variant)
                complete_variant(&o, string_of(command, "title"), variant);
}

/* ---- meaning ---- */
static bool is_value(const json_t *p, const json_t *item, const char *value, size_t n)
{
    const json_t *v = json_object_get(item, "value");
    const char *word = json_string_value(v);
    if (word) return strlen(word) == n && memcmp(word, value, n) == 0;
    char *end, *copy = store_copy(value, n);
    bool same =
        strtoll(copy, &end, is_hex(p) ? 16 : 10) == json_integer_value(v) && *end == '\0' && n > 0;
    free(copy);
    return same;
}

/* The names of the bits that are set. */
static void print_bits(FILE *out, const json_t *p, const char *value)
{
    size_t i;
    json_t *item;
    long long bits = strtoll(value, NULL, is_hex(p) ? 16 : 10);
    json_array_foreach(json_object_get(p, "values"), i,
                       item) if (bits & json_integer_value(json_object_get(item, "value")))
        fprintf(out, " %s", string_of(item, "name"));
}

void lexicon_meaning(const lexicon *l, FILE *out, unsigned line, const char *param,
                     const char *value, size_t n)
{
    const json_t *o = json_array_get(json_object_get(l->all, "lines"), line);
    const json_t *p = param_named(json_object_get(o, "params"), param, strlen(param));
    const json_t *values = json_object_get(p, "values");
    size_t i;
    json_t *item;
    if (*string_of(p, "unit")) fprintf(out, " %s", string_of(p, "unit"));
    if (strcmp(string_of(p, "type"), "flags") == 0)
        print_bits(out, p, value);
    else
        json_array_foreach(values, i, item) if (is_value(p, item, value, n)) print_item(out, item);
    if (*string_of(p, "meaning")) fprintf(out, ": %s", string_of(p, "meaning"));
}
