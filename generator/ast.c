/* The tree as JSON: what `atgen dump --stage ast` prints and what the tests of the parser and of
 * the layout compare. Members that say nothing are left out.
 * SPDX-License-Identifier: MIT */
#include "ast.h"

#include <jansson.h>
#include <limits.h>
#include <string.h>

#include "mem.h"
#include "passes.h"

static bool with_places = true;

/* ---- members ---- */

/* Bytes as JSON text: what is no plain character as \xNN, so that every byte can be seen. */
static json_t *json_bytes(const char *bytes, size_t len)
{
    char *text = mem_string(NULL, "");

    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)bytes[i];
        bool is_plain = c >= 0x20 && c < 0x7f && c != '\\';
        text = mem_check(is_plain ? talloc_strndup_append(text, bytes + i, 1)
                                  : talloc_asprintf_append(text, "\\x%02x", c));
    }
    json_t *value = mem_check(json_string(text));
    talloc_free(text);
    return value;
}

static void put(json_t *o, const char *key, json_t *value)
{
    if (value)
        json_object_set_new(o, key, value);
}

static void put_text(json_t *o, const char *key, const char *text)
{
    if (text)
        put(o, key, json_bytes(text, strlen(text)));
}

static void put_bytes(json_t *o, const char *key, const char *text, size_t len)
{
    if (text)
        put(o, key, json_bytes(text, len));
}

static void put_flag(json_t *o, const char *key, bool value)
{
    if (value)
        put(o, key, json_true());
}

static json_t *new_object(place at)
{
    json_t *o = mem_check(json_object());

    if (with_places && at.src) {
        char *text = mem_printf(NULL, "%u:%u", place_line(at), place_column(at));
        put_text(o, "at", text);
        talloc_free(text);
    }
    return o;
}

static json_t *new_kind(place at, const char *kind)
{
    json_t *o = new_object(at);

    put_text(o, "kind", kind);
    return o;
}

static json_t *new_array(void)
{
    return mem_check(json_array());
}

/* Every list of nodes becomes an array; NULL for an empty one. */
#define LIST(type, node, make) \
    static json_t *make##s(const type *node) \
    { \
        json_t *list = node ? new_array() : NULL; \
        for (; node; node = node->next) \
            json_array_append_new(list, make(node)); \
        return list; \
    }

/* ---- values, conditions, times ---- */

static json_t *json_value(const ast_value *v)
{
    if (v->kind == VAL_NUMBER)
        return json_integer(v->number);
    json_t *o = mem_check(json_object());
    put_text(o, v->kind == VAL_STRING ? "string" : "word", v->text);
    return o;
}

static json_t *json_cond(const ast_cond *c)
{
    static const char *const ops[] = { "and", "=", "!=", "<", "<=", ">", ">=", "in", "has" };

    if (!c)
        return NULL;
    json_t *o = new_object(c->at);
    put_text(o, "op", ops[c->op]);
    put(o, "left", json_cond(c->left));
    put(o, "right", json_cond(c->right));
    put_text(o, "command", c->command);
    put_text(o, "key", c->key);
    put(o, "key_value", c->key_value ? json_value(c->key_value) : NULL);
    put_text(o, "param", c->param);
    if (c->op != COND_AND)
        put(o, "value", json_value(&c->lo));
    if (c->op == COND_IN)
        put(o, "to", json_value(&c->hi));
    return o;
}

/* `timeout`, or `+X[id].timeout`. */
static json_t *json_operand(const ast_cond *c)
{
    json_t *o = mem_check(json_object());

    put_text(o, "command", c->command);
    put_text(o, "key", c->key);
    put_text(o, "param", c->param);
    return o;
}

static json_t *json_time(const ast_time *t)
{
    if (!t->given)
        return NULL;
    if (!t->by[0])
        return json_integer(t->ms);
    json_t *o = mem_check(json_object());
    if (t->ms)
        put(o, "ms", json_integer(t->ms));
    put(o, "of", json_operand(t->by[0]));
    put(o, "times", t->by[1] ? json_operand(t->by[1]) : NULL);
    put(o, "scale", json_integer(t->scale_ms));
    return o;
}

/* ---- types ---- */

static json_t *json_item(const ast_item *i)
{
    json_t *o = new_object(i->at);

    put(o, "value", json_value(&i->value));
    put_text(o, "name", i->name);
    put_text(o, "doc", i->doc);
    return o;
}
LIST(ast_item, item, json_item)

static json_t *json_range(const ast_range *r)
{
    return json_pack("[I,I]", (json_int_t)r->lo, (json_int_t)r->hi);
}
LIST(ast_range, range, json_range)

static json_t *json_kind(const ast_type *t)
{
    static const char *const kinds[] = { "named", "int", "enum", "bool", "string", "text", "ip",
                                         "mac", "hex", "flags" };
    static const char *const quotes[] = { NULL, "quoted", "bare", "either" };
    static const char *const letters[] = { NULL, "upper", "lower" };

    if (!t)
        return NULL;
    json_t *o = new_kind(t->at, kinds[t->kind]);
    put_text(o, "name", t->name);
    put(o, "ranges", json_ranges(t->ranges));
    put(o, "items", json_items(t->items));
    put_flag(o, "open", t->is_open);
    put_flag(o, "hex", t->hex);
    put_text(o, "quote", quotes[t->quote]);
    put_bytes(o, "separator", t->separator ? &t->separator : NULL, 1);
    put_text(o, "letters", letters[t->letters]);
    put_text(o, "unit", t->unit);
    put_text(o, "doc", t->doc);
    put(o, "default", t->dflt ? json_value(t->dflt) : NULL);
    return o;
}

/* ---- patterns ---- */

static void put_count(json_t *o, const char *count, unsigned min, unsigned max)
{
    put_text(o, "count", count);
    put(o, "min", json_integer(min));
    if (max != UINT_MAX)
        put(o, "max", json_integer(max));
}

static json_t *json_pats(const ast_pat *list);

static json_t *json_pat(const ast_pat *p)
{
    static const char *const kinds[] = { "text", "quoted", "param", "data", "optional", "choice",
                                         "repeat", "piece", "newline", "seq" };
    json_t *o = new_kind(p->at, kinds[p->kind]);

    put_text(o, p->kind == PAT_TEXT || p->kind == PAT_QUOTED ? "text" : "name", p->text);
    put(o, "type", json_kind(p->type));
    put_flag(o, "may_be_empty", p->may_be_empty);
    put_flag(o, "tied", p->tied);
    if (p->kind == PAT_REPEAT)
        put_count(o, p->count, p->min, p->max);
    else
        put_text(o, "count", p->count);
    put(o, "when", json_cond(p->when));
    put(o, "kids", json_pats(p->kids));
    return o;
}
LIST(ast_pat, pat, json_pat)

static json_t *json_pattern(const ast_pat *p)
{
    return p ? json_pats(p->kids) : NULL;
}

/* ---- steps ---- */

static json_t *json_steps(const ast_step *list);

static json_t *json_step(const ast_step *s)
{
    static const char *const kinds[] = { "seq", "choice", "repeat", "line", "prompt", "data_in",
                                         "data_out", "body", "blank", "transparent", "urc",
                                         "pause" };
    json_t *o = new_kind(s->at, kinds[s->kind]);

    put_flag(o, "later", s->later);
    put(o, "pattern", json_pattern(s->pattern));
    put_bytes(o, "text", s->text, s->text_len);
    put_text(o, "name", s->name);
    if (s->kind == STEP_REPEAT || s->max)
        put_count(o, s->count, s->min, s->max);
    else
        put_text(o, "count", s->count);
    put_bytes(o, "cancel", s->cancel, s->cancel_len);
    put_bytes(o, "escape", s->escape, s->escape_len);
    put_flag(o, "heard", s->is_heard);
    put_flag(o, "short_kept", s->is_short_kept);
    put_flag(o, "short_refused", s->is_short_refused);
    put(o, "within", json_time(&s->within));
    put(o, "silence", json_time(&s->silence));
    put_text(o, "as", s->as);
    put(o, "when", json_cond(s->when));
    put(o, "kids", json_steps(s->kids));
    return o;
}
LIST(ast_step, step, json_step)

/* ---- definitions ---- */

static json_t *json_wire(const ast_wire *w)
{
    json_t *o = new_object(w->at);

    put_bytes(o, w->direction == '>' ? "host" : "module", w->bytes, w->len);
    return o;
}
LIST(ast_wire, wire, json_wire)

static json_t *json_example(const ast_example *e)
{
    json_t *o = new_object(e->at);

    put_text(o, "title", e->title);
    put(o, "given", json_cond(e->given));
    put(o, "lines", json_wires(e->lines));
    return o;
}
LIST(ast_example, example, json_example)

static json_t *json_name(const ast_names *n)
{
    json_t *o = new_object(n->at);

    put_text(o, "name", n->name);
    put_text(o, "arg", n->arg);
    return o;
}
LIST(ast_names, name, json_name)

static json_t *json_alt(const ast_alt *a)
{
    json_t *o = new_object(a->at);

    put_text(o, "label", a->label);
    put(o, "pattern", json_pattern(a->pattern));
    put(o, "when", json_cond(a->when));
    put(o, "only", json_cond(a->only));
    put(o, "within", json_time(&a->within));
    put_text(o, "as", a->as);
    return o;
}
LIST(ast_alt, alt, json_alt)

static json_t *json_form(const ast_form *f)
{
    static const char *const names[FORM_COUNT] = { "exec", "read", "test", "set", "save", "query" };
    json_t *o = new_object(f->at), *forms = new_array();

    for (unsigned i = 0; i < FORM_COUNT; i++)
        if (f->forms & 1u << i)
            json_array_append_new(forms, json_string(names[i]));
    put(o, "forms", forms);
    put(o, "variants", json_alts(f->variants));
    put(o, "responses", json_steps(f->responses));
    put_text(o, "as", f->as);
    return o;
}
LIST(ast_form, form, json_form)

static json_t *json_line_item(const ast_line_item *i)
{
    json_t *o = new_object(i->at), *args = i->n_args ? new_array() : NULL;

    put_text(o, "key", i->key);
    for (size_t k = 0; k < i->n_args; k++)
        json_array_append_new(args, json_value(&i->args[k]));
    put(o, "args", args);
    put(o, "before", i->before ? json_pat(i->before) : NULL);
    put(o, "after", i->after ? json_pat(i->after) : NULL);
    put(o, "pattern", json_pattern(i->pattern));
    return o;
}
LIST(ast_line_item, line_item, json_line_item)

static json_t *json_defs(const ast_def *list);

static json_t *json_def(const ast_def *d)
{
    static const char *const kinds[] = { "dialect", "manual", "include", "lines", "operators",
                                         "results", "refuse", "errors", "type", "piece", "command",
                                         "urc", "example", "named", "remove", "note", "means" };
    json_t *o = new_kind(d->at, kinds[d->kind]);

    put_flag(o, "replace", d->replace);
    put_text(o, "name", d->name);
    put_text(o, "title", d->title);
    put_text(o, "as", d->as);
    put(o, "names", json_names(d->names));
    put(o, "saved", json_names(d->saved));
    put(o, "aliases", json_names(d->aliases));
    put(o, "type", json_kind(d->type));
    put(o, "alternatives", json_alts(d->alts));
    put(o, "items", json_line_items(d->items));
    put(o, "forms", json_forms(d->forms));
    put(o, "examples", json_examples(d->examples));
    put(o, "definitions", json_defs(d->defs));
    put_text(o, "note", d->note);
    return o;
}
LIST(ast_def, def, json_def)

static json_t *json_file(const ast_file *file)
{
    json_t *o = mem_check(json_object());

    put_text(o, "file", file->path);
    put(o, "definitions", file->defs ? json_defs(file->defs) : new_array());
    return o;
}
LIST(ast_file, file, json_file)

void ast_dump(const ast_file *files, FILE *out)
{
    json_t *all = json_files(files);

    json_dumpf(all, out, JSON_INDENT(2) | JSON_PRESERVE_ORDER);
    fputc('\n', out);
    json_decref(all);
}

bool ast_same(const ast_file *a, const ast_file *b)
{
    with_places = false;
    json_t *x = json_defs(a->defs), *y = json_defs(b->defs);
    with_places = true;
    bool same = x == y || (x && y && json_equal(x, y));
    json_decref(x);
    json_decref(y);
    return same;
}
