/* Values are shown as they are in the structs that users get.
 * SPDX-License-Identifier: MIT */
#include <stdarg.h>
#include <string.h>

#include "exchange.h"
#include "play.h"

/* ---- lines of the transcript ---- */

static void end_line(play *x)
{
    if (x->open[0]) fputc('\n', x->out);
    x->open[0] = '\0';
}

/* What has passed the wires since. */
static void show_wire(play *x)
{
    pair *p = x->pair;
    if (p->log_n == 0) return;
    end_line(x);
    for (const char *s = p->log + 1; s;) {
        size_t n = strcspn(s, "\n");
        fprintf(x->out, "    %.*s\n", (int)n, s);
        s = s[n] ? s + n + 1 : NULL;
    }
    p->log_n = 0;
    p->log[0] = p->log_direction = '\0';
}

void play_flush(play *x)
{
    show_wire(x);
    end_line(x);
}

void play_note(play *x, const char *format, ...)
{
    va_list args;
    play_flush(x);
    va_start(args, format);
    fputs("    ", x->out);
    vfprintf(x->out, format, args);
    fputc('\n', x->out);
    va_end(args);
}

/* Pieces of data stand together until something else happens. */
static void show_data(play *x, const char *label, const at_chunk *c)
{
    bool goes_on = strcmp(x->open, label) == 0 && x->pair->log_n == 0;
    if (!goes_on) {
        play_flush(x);
        fprintf(x->out, "    %s ", label);
        snprintf(x->open, sizeof x->open, "%s", label);
    }
    exchange_write(x->out, (const char *)c->p, c->n);
    if (c->status == AT_PENDING) return;
    fprintf(x->out, "%s(%s)", c->n || goes_on ? " " : "", at_status_text(c->status));
    end_line(x);
}

/* ---- values ---- */

static void show_text(play *x, const char *p, size_t n)
{
    bool bare = n > 0;
    for (size_t i = 0; i < n; i++) bare = bare && p[i] != ' ' && p[i] != '"';
    if (!bare) fputc('"', x->out);
    for (size_t i = 0; i < n; i++)
        if (p[i] == '"') fputs("\\x22", x->out);
        else exchange_write(x->out, p + i, 1);
    if (!bare) fputc('"', x->out);
}

static void show_octets(play *x, const uint8_t *p, size_t n, const char *format, char between)
{
    for (size_t i = 0; i < n; i++) {
        if (i > 0 && between) fputc(between, x->out);
        fprintf(x->out, format, p[i]);
    }
}

static void show_number(play *x, const at_tables *t, const at_type *type, int64_t v)
{
    if (type->kind == AT_T_WORD) fputs(t->text + t->words[type->min + v], x->out);
    else fprintf(x->out, type->flags & AT_F_HEX ? "%llx" : "%lld", (long long)v);
}

static void show_value(play *x, const at_tables *t, const at_type *type, const char *field)
{
    const at_bytes *bytes = (const at_bytes *)(const void *)field;
    const at_text *text = (const at_text *)(const void *)field;
    if (pattern_is_number(type)) show_number(x, t, type, pattern_number(type, field));
    else if (type->kind == AT_T_IP) show_octets(x, (const uint8_t *)field, 4, "%u", '.');
    else if (type->kind == AT_T_MAC) show_octets(x, (const uint8_t *)field, 6, "%02x", (char)type->max);
    else if (type->kind == AT_T_HEX) show_octets(x, bytes->p, bytes->n, "%02x", '\0');
    else show_text(x, text->p, text->n);
}

static void show_slot(play *x, const pattern *p, const uint16_t *map, unsigned i, const char *fields)
{
    const at_line_name *names = &x->names->lines[map[p->number]];
    fprintf(x->out, " %s=", names->slots[i].name);
    show_value(x, p->t, pattern_type(p, i), fields + p->slots[i].offset);
}

static void show_loop(play *x, const pattern *p, const uint16_t *map, const char *fields)
{
    const at_loop *loop = p->loop;
    size_t n;
    memcpy(&n, fields + loop->n_item, sizeof n);
    for (size_t k = 0; k < n; k++)
        for (unsigned i = loop->first; i < (unsigned)loop->first + loop->n; i++)
            if (!(pattern_flags(p, i) & AT_S_LITERAL))
                show_slot(x, p, map, i, fields + loop->items + k * loop->item_size);
}

/* What stands in a struct of a line, of which the slots of `mask` came. */
static void show_fields(play *x, const at_tables *t, const uint16_t *map, unsigned line, uint32_t mask,
                        const char *fields)
{
    pattern p = pattern_of(t, line);
    for (unsigned i = 0; i < p.line->n_slots; i++) {
        const at_slot *s = &p.slots[i];
        if (p.loop && i == p.loop->first) show_loop(x, &p, map, fields);
        if (pattern_flags(&p, i) & (AT_S_LITERAL | AT_S_LOOP)) continue;
        bool came = (mask >> i & 1u) != 0, has = at_is_set(p.t, s, fields);
        if (came && has) show_slot(x, &p, map, i, fields);
        else if (!came && at_has_of(p.t, s) != AT_NONE8 && has) fprintf(x->out, " (slot %u is marked)", i);
    }
}

static void show_saw(play *x, const void *fields)
{
    if (fields) show_fields(x, x->saw_tables, x->saw_map, x->saw_line, x->saw_mask, fields);
}

static void begin_note(play *x, const char *who, const char *what)
{
    play_flush(x);
    fprintf(x->out, "    %s %s", who, what);
}

/* ---- the module's program ---- */

static at_status on_call(void *ctx, unsigned form, const void *fields)
{
    play *x = ctx;
    const at_module_tables *m = x->names->module->tables;
    unsigned id = m->form_ids[form];
    at_status returns = x->returns;
    begin_note(x, "module", x->names->forms[id].c_name);
    show_saw(x, x->names->forms[id].fields_size ? fields : NULL);
    if (at_start_of(m, &m->forms[form])->flags & AT_FORM_SAVED) {
        at_saved saved;
        memcpy(&saved, fields, sizeof saved);
        fprintf(x->out, " saved=%s", saved == AT_FLASH ? "flash" : "ram");
    }
    fputc('\n', x->out);
    x->returns = x->always;
    return returns;
}

static size_t on_data(void *ctx, const at_chunk *c)
{
    show_data(ctx, "module data", c);
    return c->n;
}

/* ---- the host's program ---- */

void play_urc_name(const at_names *names, unsigned urc, char *name, size_t size)
{
    unsigned alike = 0, before = 0;
    for (unsigned i = 0; i < names->n_urcs; i++) {
        if (strcmp(names->urcs[i], names->urcs[urc]) != 0) continue;
        alike++;
        before += i < urc;
    }
    if (alike == 1) snprintf(name, size, "%s", names->urcs[urc]);
    else snprintf(name, size, "%s/%u", names->urcs[urc], before + 1);
}

static void on_event(void *ctx, unsigned urc, const void *fields)
{
    play *x = ctx;
    char name[80];
    play_urc_name(x->names, urc, name, sizeof name);
    begin_note(x, "host urc", name);
    show_saw(x, fields);
    fputc('\n', x->out);
}

static void on_event_data(void *ctx, unsigned urc, const at_chunk *c)
{
    (void)urc;
    show_data(ctx, "host urc data", c);
}

static void on_unknown(void *ctx, at_text line)
{
    play *x = ctx;
    begin_note(x, "host", "unknown ");
    show_text(x, line.p, line.n);
    fputc('\n', x->out);
}

/* How the spec writes the result that decided. */
static const char *outcome_text(const asked *a, unsigned outcome)
{
    const at_names *names = a->play->names;
    const at_atom *atoms = names->host->tables->atoms + a->form.call->atoms;
    unsigned line = a->play->result_line;
    if (outcome < a->form.course->error_outcome) {
        unsigned i = 0;
        while (i < flow_atoms(&a->form) && flow_step_of(&a->form, i)->outcome != outcome) i++;
        if (i == flow_atoms(&a->form) || flow_step_of(&a->form, i)->kind > AT_A_FINAL) return "";
        line = atoms[i].line;
    }
    return names->lines[names->host_lines[line]].syntax;
}

static void show_done(asked *a, const char *fields, at_status status)
{
    play *x = a->play;
    begin_note(x, "host", a->name);
    fprintf(x->out, ": %s", at_status_text(status));
    if (fields) fprintf(x->out, ", \"%s\"", outcome_text(a, (uint8_t)fields[0]));
    if (a->request.error) fprintf(x->out, " error=%ld", (long)a->request.error);
    for (unsigned i = 0; fields && i < a->n_seen; i++)
        show_fields(x, &x->names->host->tables->t, x->names->host_lines, a->seen[i].line,
                    a->seen[i].mask, fields);
    fputc('\n', x->out);
    if (a->done) play_note(x, "host %s: a second time", a->name);
    a->done = true;
}

static void on_deliver(at_request *r, unsigned what, const void *fields, at_status status)
{
    asked *a = (asked *)(void *)r;
    if (what == AT_DELIVER_DONE) {
        show_done(a, fields, status);
        return;
    }
    begin_note(a->play, "host", "row");
    show_saw(a->play, fields);
    fputc('\n', a->play->out);
}

static void on_sink(at_request *r, const at_chunk *c, void *ctx)
{
    (void)r;
    show_data(ctx, "host data", c);
}

static size_t source(at_request *r, uint8_t *to, size_t room, void *ctx)
{
    asked *a = (asked *)(void *)r;
    size_t n = a->source.n - r->sent;
    (void)ctx;
    if (n > room) n = room;
    if (n > 0) memcpy(to, a->source.p + r->sent, n);
    return n;
}

void play_hear(asked *a)
{
    a->request.deliver = on_deliver;
    a->request.sink = on_sink;
    a->request.source = a->has_source ? source : NULL;
    a->request.ctx = a->play;
}

/* ---- both parsers tell what they have read ---- */

static void note_line(play *x, const at_event *e, const at_tables *t, const uint16_t *map)
{
    x->saw_tables = t;
    x->saw_map = map;
    x->saw_line = e->line;
    x->saw_mask = e->mask;
}

static void module_saw(void *ctx, const at_event *e)
{
    play *x = ctx;
    if (e->saw == AT_SAW_COMMAND) note_line(x, e, &x->names->module->tables->t, x->names->module_lines);
    if (e->saw == AT_SAW_REJECTED) play_note(x, "module refuses: %s", e->reason);
}

static void host_saw(void *ctx, const at_event *e)
{
    play *x = ctx;
    if (e->line == UINT16_MAX) return;
    note_line(x, e, &x->names->host->tables->t, x->names->host_lines);
    if (e->saw == AT_SAW_FINAL) x->result_line = e->line;
    for (asked *a = x->asked; a; a = a->next) {
        const at_core *h = &x->pair->host.core;
        bool row = h->atom && h->tables->steps[h->atom->step].flags & AT_A_ROW;
        if (e->saw == AT_SAW_URC || h->owner != &a->request || row || a->n_seen == 64) continue;
        a->seen[a->n_seen].line = e->line;
        a->seen[a->n_seen++].mask = e->mask;
    }
}

void play_listen(play *x)
{
    x->pair->module.link.tap = module_saw;
    x->pair->host.link.tap = host_saw;
    x->pair->module.link.tap_ctx = x->pair->host.link.tap_ctx = x;
}

const pair_ears play_ears = { on_call, on_data, on_event, on_event_data, on_unknown, NULL };
