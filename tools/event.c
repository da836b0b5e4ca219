/* The event objects of the contract: keys in the order of the documentation, values as on the wire.
 * SPDX-License-Identifier: MIT */
#include "event.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "args.h"
#include "exchange.h"

static const char *const saw_names[] = {
    [AT_SAW_COMMAND] = "command", [AT_SAW_REJECTED] = "rejected", [AT_SAW_DATA] = "data",
    [AT_SAW_ESCAPE] = "escape",   [AT_SAW_ECHO] = "echo",         [AT_SAW_PROMPT] = "prompt",
    [AT_SAW_LINE] = "line",       [AT_SAW_FINAL] = "final",       [AT_SAW_URC] = "urc",
    [AT_SAW_UNKNOWN] = "unknown",
};

/* ---- what both formats show ---- */
static const at_form_name *form_of(const at_names *names, const at_event *e)
{
    return e->form < names->n_forms ? &names->forms[e->form] : NULL;
}

/* The family's member by its spelling on the wire; an alias shows as the first member. */
static const char *command_name(const at_form_name *f, const at_event *e)
{
    for (const char *const *m = f->members; *m; m++)
        if (e->name && strlen(*m) == e->name_n && memcmp(*m, e->name, e->name_n) == 0) return *m;
    return f->command;
}

/* ---- JSON ---- */
typedef struct collect { json_t *args; const at_tables *tables; } collect;

/* Bytes as a JSON string; what is not UTF-8 becomes \u00XX. */
static json_t *json_bytes(const char *p, size_t n)
{
    json_t *whole = json_stringn(p, n);
    if (whole) return whole;
    char *utf8 = malloc(2 * n + 1);
    if (!utf8) abort();
    size_t k = 0;
    for (size_t i = 0; i < n; i++) {
        unsigned char c = (unsigned char)p[i];
        if (c >= 0x80) utf8[k++] = (char)(0xc0 | c >> 6), c = 0x80 | (c & 0x3f);
        utf8[k++] = (char)c;
    }
    json_t *s = json_stringn(utf8, k);
    free(utf8);
    return s;
}

static json_t *json_value(const at_tables *tables, const args_value *v)
{
    char *plain = malloc(v->n + 1);
    if (!plain) abort();
    size_t n = args_plain(tables, v, plain);
    plain[n] = '\0';
    bool is_decimal = args_is_number(v) && !v->is_hex && n < 19;
    json_t *value = is_decimal ? json_integer(strtoll(plain, NULL, 10)) : json_bytes(plain, n);
    free(plain);
    return value;
}

static void add_arg(void *ctx, const args_value *v)
{
    collect *c = ctx;
    json_t *arg = json_object();
    json_object_set_new(arg, "name", json_string(v->param->name));
    json_object_set_new(arg, "value", json_value(c->tables, v));
    json_array_append_new(c->args, arg);
}

static json_t *json_args(const decode *d, char from, const at_event *e)
{
    collect c = { json_array(), decode_tables(d, from) };
    if (e->line != UINT16_MAX) args_each(e, c.tables, decode_line(d, from, e->line), add_arg, &c);
    return c.args;
}

static void add_form(json_t *o, const at_names *names, const at_event *e)
{
    const at_form_name *f = form_of(names, e);
    if (!f) return;
    json_object_set_new(o, "name", json_string(command_name(f, e)));
    bool saved = e->saw == AT_SAW_COMMAND && e->op == AT_OP_SAVE;
    json_object_set_new(o, "form", json_string(saved ? f->form_saved : f->form));
}

/* A line without its values: the text of a final result code, the name of a line that comes late. */
static json_t *line_name(const at_event *e)
{
    size_t n = e->n;
    if (e->n_cells > 0 && e->cells[0].at > 0) {
        n = e->cells[0].at;
        while (n > 0 && strchr(":=( ", e->text[n - 1])) n--;
    }
    return json_bytes(e->text, n);
}

static void add_details(json_t *o, const decode *d, const at_names *names, char from,
                        const at_event *e)
{
    switch (e->saw) {
    case AT_SAW_COMMAND:
    case AT_SAW_LINE:
        add_form(o, names, e);
        json_object_set_new(o, "args", json_args(d, from, e));
        break;
    case AT_SAW_URC:
        json_object_set_new(o, "name",
                            json_string(e->form < names->n_urcs ? names->urcs[e->form] : ""));
        json_object_set_new(o, "args", json_args(d, from, e));
        break;
    case AT_SAW_FINAL:
        json_object_set_new(o, "text", line_name(e));
        json_object_set_new(o, "ok", json_boolean(e->status == AT_OK));
        json_object_set_new(o, "args", json_args(d, from, e));
        break;
    case AT_SAW_REJECTED:
        json_object_set_new(o, "text", json_bytes(e->text, e->n));
        json_object_set_new(o, "reason", json_string(e->reason ? e->reason : ""));
        json_object_set_new(o, "at", json_integer(e->at));
        break;
    case AT_SAW_DATA:
        json_object_set_new(o, "length", json_integer((json_int_t)e->n));
        if (e->text) json_object_set_new(o, "text", json_bytes(e->text, e->n));
        break;
    case AT_SAW_ECHO:
    case AT_SAW_UNKNOWN:
        json_object_set_new(o, "text", json_bytes(e->text, e->n));
        break;
    case AT_SAW_PROMPT:
    case AT_SAW_ESCAPE:
        break;
    }
}

void event_json(FILE *out, const decode *d, const at_names *names, char from, const at_event *e)
{
    json_t *o = json_object();
    bool late = from == 'm' && decode_is_late(d, e);
    json_object_set_new(o, "from", json_string(from == 'h' ? "host" : "module"));
    json_object_set_new(o, "event", json_string(saw_names[late ? AT_SAW_URC : e->saw]));
    if (late) {
        json_object_set_new(o, "name", line_name(e));
        json_object_set_new(o, "args", json_args(d, from, e));
    } else {
        add_details(o, d, names, from, e);
    }
    json_dumpf(o, out, JSON_COMPACT);
    putc('\n', out);
    json_decref(o);
}

/* ---- text ---- */
typedef struct print { FILE *out; const at_tables *tables; } print;

static void print_arg(void *ctx, const args_value *v)
{
    print *p = ctx;
    fprintf(p->out, "  %s=%.*s", v->param->name, (int)v->n, v->text);
}

static void print_data(FILE *out, const at_event *e)
{
    fprintf(out, " %zu bytes", e->n);
    if (!e->text) return;
    fputs("  ", out);
    exchange_write(out, e->text, e->n);
}

void event_text(FILE *out, const decode *d, const at_names *names, char from, const at_event *e)
{
    print p = { out, decode_tables(d, from) };
    const at_form_name *f = form_of(names, e);
    bool late = from == 'm' && decode_is_late(d, e);
    fprintf(out, "%c %-8s", from == 'h' ? '>' : '<', saw_names[late ? AT_SAW_URC : e->saw]);
    if (e->saw == AT_SAW_URC && e->form < names->n_urcs) fprintf(out, " %s", names->urcs[e->form]);
    else if (f && (e->saw == AT_SAW_COMMAND || e->saw == AT_SAW_LINE))
        fprintf(out, " %s (%s)", command_name(f, e), f->form);
    else if (e->saw == AT_SAW_DATA) print_data(out, e);
    else if (e->text) fprintf(out, " %.*s", (int)e->n, e->text);
    if (e->line != UINT16_MAX && e->cells) args_each(e, p.tables, decode_line(d, from, e->line), print_arg, &p);
    if (e->reason) fprintf(out, "  [%s]", e->reason);
    putc('\n', out);
}
