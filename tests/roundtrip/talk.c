/* SPDX-License-Identifier: MIT */
#include "talk.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SEEN_MAX = 64, STEPS_MAX = 400, REPEATS = 2, ROUNDS_MAX = 6, ERROR_MAX = 8000 };

typedef struct awaited {        /* a struct that is to come out of the host */
    pattern line;
    uint32_t mask;
    const char *sent;
    unsigned what;              /* number of the row, of the URC */
    bool is_due;
} awaited;

typedef struct stream {         /* data that is to arrive */
    const uint8_t *want;
    size_t n, got;
    bool is_due, begun, ended;
    at_status status;
} stream;

struct talk {
    const at_names *names;
    const talk_plan *plan;
    pair *pair;
    unsigned n_atoms;
    flow_form form;
    flow flow;
    sample values, choices;
    int32_t *settings;
    char *request, *result, *row, *urc, *backup;
    size_t room;
    at_request asked;
    awaited row_due, urc_due;
    stream in, out, urc_data;   /* to the module; to the request; of a URC */
    struct { pattern line; uint32_t mask; } seen[SEEN_MAX];
    unsigned n_seen;
    unsigned calls, dones;
    bool may_complete, phase_begins;
    int32_t number;             /* that an error result carries */
    uint8_t *used, *saw_reply;
    char error[ERROR_MAX + 8000];
    bool failed;
};

static void fail(talk *x, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void fail(talk *x, const char *format, ...)
{
    va_list args;
    if (x->failed) return;
    x->failed = true;
    va_start(args, format);
    vsnprintf(x->error, 400, format, args);
    va_end(args);
}

static unsigned choose(talk *x, unsigned n)
{
    if (n <= 1) return 0;
    return x->plan && x->plan->choose ? x->plan->choose(x->plan->ctx, n)
                                      : sample_random(&x->choices, n);
}

/* ---- what arrives ---- */

static void take_stream(talk *x, stream *s, const at_chunk *c, const char *whose)
{
    if (!s->is_due) fail(x, "data of %s that nobody has sent", whose);
    else if (s->ended) fail(x, "data of %s after its end", whose);
    else if (c->n > s->n - s->got || (c->n && memcmp(c->p, s->want + s->got, c->n) != 0))
        fail(x, "other data of %s than was sent, after %zu bytes of %zu", whose, s->got, s->n);
    if (x->failed) return;
    s->begun = true;
    s->got += c->n;
    s->ended = c->status != AT_PENDING;
    s->status = c->status;
}

static void check_struct(talk *x, const awaited *a, const void *got, const char *whose)
{
    int slot = sample_differs(&a->line, a->mask, a->sent, got);
    if (slot >= 0) fail(x, "%s: slot %d is another one than was sent", whose, slot);
}

static at_status on_call(void *ctx, unsigned form, const void *fields)
{
    talk *x = ctx;
    awaited a = { x->form.line, x->form.line.readings[x->plan->reading].mask, x->request, 0, true };
    x->calls++;
    if (form != x->form.module_index) {
        fail(x, "the module calls form %u, %s", form,
             x->names->forms[x->names->module->tables->forms[form].id].c_name);
        return AT_UNSUPPORTED;
    }
    check_struct(x, &a, fields, "command");
    if (x->form.extra->saved != AT_NONE &&
        memcmp((const char *)fields + x->form.extra->saved, x->request + x->form.extra->saved,
               sizeof(at_saved)) != 0)
        fail(x, "`saved` is another one");
    return AT_PENDING;
}

static size_t on_data(void *ctx, const at_chunk *c)
{
    talk *x = ctx;
    at_chunk part = *c;
    if (part.n > 1 && x->plan->pick == PICK_RANDOM) {
        part.n = 1 + sample_random(&x->values, (uint32_t)part.n);
        if (part.n < c->n) part.status = AT_PENDING;
    }
    take_stream(x, &x->in, &part, "the request");
    return part.n;
}

static void on_event(void *ctx, unsigned urc, const void *fields)
{
    talk *x = ctx;
    if (!x->urc_due.is_due) fail(x, "URC %s that nobody has sent", x->names->urcs[urc]);
    else if (urc != x->urc_due.what)
        fail(x, "URC %s instead of %s", x->names->urcs[urc], x->names->urcs[x->urc_due.what]);
    else check_struct(x, &x->urc_due, fields, x->names->urcs[urc]);
    x->urc_due.is_due = false;
}

static void on_event_data(void *ctx, unsigned urc, const at_chunk *c)
{
    talk *x = ctx;
    (void)urc;
    take_stream(x, &x->urc_data, c, "a URC");
}

static void on_unknown(void *ctx, at_text line)
{
    fail(ctx, "the host does not know the line `%.*s`", (int)(line.n < 100 ? line.n : 100), line.p);
}

static void on_sink(at_request *r, const at_chunk *c, void *ctx)
{
    (void)r;
    take_stream(ctx, &((talk *)ctx)->out, c, "the answer");
}

static size_t on_source(at_request *r, uint8_t *to, size_t n, void *ctx)
{
    talk *x = ctx;
    size_t left = x->in.n - r->sent;
    if (left == 0) return AT_SOURCE_END;
    if (n > left) n = left;
    if (n > 7) n = 1 + sample_random(&x->values, (uint32_t)n);
    memcpy(to, x->in.want + r->sent, n);
    return n;
}

static void check_result(talk *x, const char *got)
{
    const at_host_tables *h = x->names->host->tables;
    for (unsigned i = 0; i < x->n_seen && !x->failed; i++) {
        awaited a = { x->seen[i].line, x->seen[i].mask, x->result, 0, true };
        check_struct(x, &a, got, "result");
    }
    for (unsigned i = 0; i < flow_atoms(&x->form); i++) {
        const at_atom *a = flow_atom(&x->flow, i);
        if (a->kind > AT_A_FINAL || (a->flags & AT_A_ROW)) continue;
        pattern p = pattern_of(&h->t, a->line);
        int slot = sample_invented(&p, x->result, got);
        if (slot >= 0) fail(x, "result: slot %d of a line that did not come is there", slot);
    }
}

static void check_done(talk *x, const char *got, at_status status)
{
    unsigned outcome;
    if (x->dones++ > 0) fail(x, "the request completes twice");
    if (!x->may_complete) fail(x, "the request completes too early: %s", at_status_text(status));
    if (status != x->flow.status)
        fail(x, "status `%s`, not `%s`", at_status_text(status), at_status_text(x->flow.status));
    if (!got) fail(x, "no result");
    if (x->failed) return;
    outcome = (uint8_t)got[x->form.call->outcome];
    if (outcome != x->flow.outcome) fail(x, "outcome %u, not %u", outcome, x->flow.outcome);
    if (x->asked.error != x->number) fail(x, "error %ld, not %ld", (long)x->asked.error, (long)x->number);
    check_result(x, got);
}

static void on_deliver(at_request *r, unsigned what, const void *fields, at_status status)
{
    talk *x = r->ctx;
    if (what == AT_DELIVER_DONE) {
        check_done(x, fields, status);
    } else {
        if (!x->row_due.is_due) fail(x, "a row that nobody has sent");
        else if (what != x->row_due.what) fail(x, "row %u, not %u", what, x->row_due.what);
        else check_struct(x, &x->row_due, fields, "row");
        x->row_due.is_due = false;
    }
}

/* ---- the request ---- */

static void clear(talk *x)
{
    memset(x->request, 0, x->room);
    memset(x->result, 0, x->room);
    memset(x->used, 0, x->names->n_replies);
    memset(&x->asked, 0, sizeof x->asked);
    memset(&x->row_due, 0, sizeof x->row_due);
    memset(&x->urc_due, 0, sizeof x->urc_due);
    memset(&x->in, 0, sizeof x->in);
    memset(&x->out, 0, sizeof x->out);
    memset(&x->urc_data, 0, sizeof x->urc_data);
    x->n_seen = x->calls = x->dones = 0;
    x->may_complete = x->phase_begins = x->failed = false;
    x->number = 0;
    x->error[0] = '\0';
}

/* No thousands of rounds. */
static void limit_rounds(talk *x)
{
    const at_host_tables *h = x->names->host->tables;
    for (unsigned i = 0; i < flow_atoms(&x->form); i++) {
        const at_atom *a = &h->atoms[x->form.call->atoms + i];
        if (a->loop == 0 || h->repeats[a->loop - 1].tie == 0) continue;
        const at_tie *tie = &h->t.ties[h->repeats[a->loop - 1].tie - 1];
        const at_type *type = &h->t.types[tie->type];
        int64_t v = pattern_number(type, x->request + tie->offset);
        if (v > ROUNDS_MAX && type->kind == AT_T_INT && type->min <= ROUNDS_MAX)
            pattern_put_number(type, x->request + tie->offset, ROUNDS_MAX);
    }
}

static const at_phase *request_phase(const talk *x)
{
    unsigned phase = x->form.extra->phase;
    return phase ? &x->names->host->tables->t.phases[phase - 1] : NULL;
}

static size_t payload_length(talk *x, const at_phase *p)
{
    const at_type *type = &x->names->host->tables->t.types[p->count_type];
    if ((p->flags & (AT_P_COUNTED | AT_P_COUNT_IN_RESULT)) == AT_P_COUNTED)
        return (size_t)pattern_number(type, x->request + p->count);
    return p->max ? p->max : 1 + sample_random(&x->values, 300);
}

static bool contains(const uint8_t *p, size_t n, const char *text)
{
    size_t length = strlen(text);
    for (size_t i = 0; length > 0 && i + length <= n; i++)
        if (memcmp(p + i, text, length) == 0) return true;
    return false;
}

/* Bytes for a data phase: nasty ones, but what ends it only where that can be escaped. */
static const uint8_t *payload_for(const talk *x, const at_phase *p, size_t n)
{
    const char *text = x->names->host->tables->t.text;
    const uint8_t *nasty = sample_payload(n);
    bool bad = p->escape == 0 && nasty && contains(nasty, n, text + p->until);
    if (p->cancel && nasty) bad |= contains(nasty, n, text + p->cancel);
    return bad ? sample_plain(n) : nasty;
}

/* The payload of the request, and what the module is to get. */
static void put_payload(talk *x)
{
    const at_phase *p = request_phase(x);
    at_bytes data;
    unsigned at = x->form.extra->data;
    if (at == AT_NONE) return;
    memcpy(&data, x->request + at, sizeof data);
    if (p && x->form.line.rest->data_at == AT_DATA_NONE) {
        data.n = payload_length(x, p);
        data.p = payload_for(x, p, data.n);
    }
    x->in.want = data.p;
    x->in.n = data.n;
    if (x->plan->source && p) data.p = NULL;
    memcpy(x->request + at, &data, sizeof data);
}

static void put_saved(talk *x)
{
    at_saved saved = sample_random(&x->values, 2) ? AT_FLASH : AT_RAM;
    if (x->form.extra->saved != AT_NONE) memcpy(x->request + x->form.extra->saved, &saved, sizeof saved);
}

/* Settings and values under which the command may be given; false: there are none. */
static bool fill_request(talk *x)
{
    const pattern *line = &x->form.line;
    const at_reading *r = &line->readings[x->plan->reading];
    const at_call *call = x->form.call;
    cond_scope scope = { line, r->mask, x->request, x->request, x->settings };
    for (unsigned tries = 0; tries < 60; tries++) {
        x->values.n = 0;
        memset(x->request, 0, x->room);
        cond_settings(&x->values, x->names->host->tables, x->n_atoms, x->settings);
        sample_fill(&x->values, line, x->plan->reading, x->plan->pick, x->request, NULL);
        sample_satisfy(line, r->mask, call->only, call->n_only, x->request);
        limit_rounds(x);
        if (cond_hold(&scope, r->cond, r->n_conds) && cond_hold(&scope, call->only, call->n_only))
            return true;
    }
    return false;
}

/* ---- the module answers ---- */

static void rest(talk *x)
{
    pair_rest(x->pair);
    if (x->pair->restless) fail(x, "the link does not come to rest");
}

/* Fill a line of the module's in `fields` with values its conditions allow; its reading, -1: none. */
static int fill_line(talk *x, const pattern *line, char *fields, const char *request)
{
    unsigned n = line->line->n_readings, first = sample_random(&x->values, n);
    for (unsigned tries = 0; tries < 4 * n; tries++) {
        unsigned reading = (first + tries) % n;
        const at_reading *r = &line->readings[reading];
        cond_scope scope = { line, r->mask, fields, request, x->settings };
        memcpy(x->backup, fields, x->room);
        sample_fill(&x->values, line, reading, x->plan->pick, fields, request);
        if (cond_hold(&scope, r->cond, r->n_conds)) return (int)reading;
        memcpy(fields, x->backup, x->room);
    }
    return -1;
}

/* A number that says how often something comes is kept small. */
static void limit_counts(talk *x)
{
    const at_host_tables *h = x->names->host->tables;
    for (unsigned i = 0; i < flow_atoms(&x->form); i++) {
        const at_atom *a = &h->atoms[x->form.call->atoms + i];
        const at_repeat *r = a->loop ? &h->repeats[a->loop - 1] : NULL;
        if (!r || r->tie != 0 || r->offset == AT_NONE) continue;
        int64_t v = pattern_number(&h->t.types[r->type], x->result + r->offset);
        if (v > ROUNDS_MAX)
            pattern_put_number(&h->t.types[r->type], x->result + r->offset, ROUNDS_MAX);
    }
}

/* The result says how many bytes are to come: no more than there are. */
static void limit_data(talk *x)
{
    const at_phase *p = request_phase(x);
    if (!p || !(p->flags & AT_P_COUNT_IN_RESULT)) return;
    const at_type *type = &x->names->host->tables->t.types[p->count_type];
    int64_t v = pattern_number(type, x->result + p->count);
    if (v > (int64_t)x->in.n) pattern_put_number(type, x->result + p->count, (int64_t)x->in.n);
    else x->in.n = (size_t)v;
}

static void expect_data(talk *x, const uint8_t *p, size_t n)
{
    memset(&x->out, 0, sizeof x->out);
    x->out.want = p;
    x->out.n = n;
    x->out.is_due = true;
}

/* Data that an AT_EMIT_DATA writes: its bytes come from the struct. */
static void fill_data(talk *x, unsigned atom, unsigned offset)
{
    const at_phase *p = flow_phase(&x->flow, atom);
    const at_type *type = &x->names->host->tables->t.types[p->count_type];
    at_bytes data = { NULL, 100 };
    if (p->flags & AT_P_COUNT_IN_RESULT) data.n = (size_t)pattern_number(type, x->result + p->count);
    else if (p->flags & AT_P_COUNTED) data.n = (size_t)pattern_number(type, x->request + p->count);
    data.p = p->flags & AT_P_COUNTED ? sample_payload(data.n) : sample_plain(data.n);
    memcpy(x->result + offset, &data, sizeof data);
    expect_data(x, data.p, data.n);
}

static void note_line(talk *x, const pattern *line, uint32_t mask)
{
    if (x->n_seen == SEEN_MAX) return;
    x->seen[x->n_seen].line = *line;
    x->seen[x->n_seen++].mask = mask;
}

/* Values for the line of one atom of a reply; false: none are possible. */
static bool fill_atom_line(talk *x, unsigned atom)
{
    const at_atom *a = flow_atom(&x->flow, atom);
    pattern line = pattern_of(&x->names->host->tables->t, a->line);
    bool is_row = (a->flags & AT_A_ROW) != 0;
    char *fields = is_row ? x->row : x->result;
    int reading = fill_line(x, &line, fields, x->request);
    if (reading < 0) return false;
    uint32_t mask = line.readings[reading].mask;
    if (!is_row) note_line(x, &line, mask);
    if (is_row && (line.line->n_slots > 0 || line.rest->data != AT_NONE))
        x->row_due = (awaited){ line, mask, x->row, a->row, true };
    if (pattern_has_data(&line, (unsigned)reading)) {
        at_bytes data;
        memcpy(&data, fields + line.rest->data, sizeof data);
        expect_data(x, data.p, data.n);
    }
    return true;
}

static bool fill_reply(talk *x, const at_reply *r, const uint8_t *atoms)
{
    memset(x->row, 0, x->room);
    for (unsigned i = 0; i < r->n; i++) {
        const at_emit *e = &x->names->module->tables->emits[r->emits + i];
        if (e->kind == AT_EMIT_LINE && !fill_atom_line(x, atoms[i])) return false;
        limit_counts(x);
        limit_data(x);
        if (e->kind == AT_EMIT_DATA) fill_data(x, atoms[i], e->arg);
    }
    return true;
}

static bool is_row_reply(const talk *x, const at_reply *r, const uint8_t *atoms)
{
    for (unsigned i = 0; i < r->n; i++)
        if (flow_atom(&x->flow, atoms[i])->flags & AT_A_ROW) return true;
    return false;
}

static void write_reply(talk *x, unsigned reply, const char *fields)
{
    at_status s = at_module_reply(&x->pair->module, reply, fields);
    for (unsigned tries = 0; s == AT_AGAIN && tries < 100 && !x->failed; tries++) {
        pair_pass(x->pair, 10);
        s = at_module_reply(&x->pair->module, reply, fields);
    }
    if (s != AT_OK)
        fail(x, "the module cannot write reply %u, %s: %s", reply, x->names->replies[reply].name,
             at_status_text(s));
    x->saw_reply[reply] = 1;
}

static void check_arrived(talk *x)
{
    rest(x);
    if (x->row_due.is_due) fail(x, "a row was not delivered");
    if (x->out.is_due && !x->failed) {
        if (x->out.got != x->out.n) fail(x, "%zu bytes of data of %zu came", x->out.got, x->out.n);
        if (!x->out.ended || x->out.status != AT_OK) fail(x, "the data has not ended well");
        x->out.is_due = false;
    }
}

/* False: no values are possible for it now. */
static bool do_reply(talk *x, unsigned reply, const uint8_t *atoms)
{
    const at_reply *r = &x->names->module->tables->replies[reply];
    if (!fill_reply(x, r, atoms)) return false;
    x->used[reply]++;
    for (unsigned i = 0; i < r->n; i++) flow_step(&x->flow, atoms[i]);
    x->may_complete = flow_at_end(&x->flow);
    write_reply(x, reply, is_row_reply(x, r, atoms) ? x->row : x->result);
    x->phase_begins = r->end == AT_R_DATA || r->end == AT_R_TRANSPARENT;
    if (x->phase_begins) {
        x->in.is_due = true;
        return true;
    }
    check_arrived(x);
    return true;
}

/* An error result that no step of the form foresees. */
static void do_error(talk *x, unsigned reply, unsigned known)
{
    const at_module_tables *m = x->names->module->tables;
    const at_known *k = &x->names->host->tables->known[known];
    pattern line = pattern_of(&m->t, m->emits[m->replies[reply].emits].arg);
    memset(x->row, 0, x->room);
    if (fill_line(x, &line, x->row, NULL) < 0) fail(x, "no values for an error result");
    if (line.line->n_slots > 0 && pattern_is_number(pattern_type(&line, 0)))
        x->number = (int32_t)pattern_number(pattern_type(&line, 0), x->row + line.slots[0].offset);
    x->flow.outcome = x->form.call->error_outcome + k->id;
    x->flow.status = AT_REFUSED;
    x->may_complete = true;
    write_reply(x, reply, x->row);
    rest(x);
}

/* ---- data ---- */

static void do_data(talk *x, unsigned atom)
{
    flow_step(&x->flow, atom);
    x->may_complete = flow_at_end(&x->flow);
    x->in.is_due = true;
    rest(x);
    for (unsigned i = 0; i < 200 && !x->in.ended && !x->failed; i++) pair_pass(x->pair, 20);
    if (!x->in.ended) fail(x, "the module got %zu bytes of %zu", x->in.got, x->in.n);
    else if (x->in.got != x->in.n || x->in.status != AT_OK)
        fail(x, "the module got %zu bytes of %zu: %s", x->in.got, x->in.n, at_status_text(x->in.status));
    x->in.is_due = false;
}

static void send_both_ways(talk *x)
{
    const uint8_t *p = sample_payload(400);
    size_t up = 0, down = 0;
    x->in = (stream){ p, 400, 0, true, false, false, AT_OK };
    for (unsigned i = 0; i < 2000 && (up < 400 || down < 400) && !x->failed; i++) {
        up += at_host_send(&x->pair->host, p + up, 400 - up);
        down += at_module_send(&x->pair->module, p + down, 400 - down);
        rest(x);
    }
    if (x->in.got != 400 || x->out.got != 400)
        fail(x, "transparent: %zu bytes of 400 to the module, %zu to the host", x->in.got, x->out.got);
}

static void do_transparent(talk *x, unsigned atom)
{
    const at_phase *p = flow_phase(&x->flow, atom);
    expect_data(x, sample_payload(400), 400);
    rest(x);
    if (!x->out.begun) fail(x, "transparent mode does not begin");
    send_both_ways(x);
    flow_step(&x->flow, atom);
    x->may_complete = flow_at_end(&x->flow) || flow_expects(&x->flow, AT_A_PAUSE) >= 0;
    if (p->line != AT_NONE && choose(x, 2)) {
        if (at_module_leave(&x->pair->module) != AT_OK) fail(x, "the module cannot leave");
    } else if (at_host_escape(&x->pair->host) != AT_OK) {
        fail(x, "the host cannot leave");
    }
    pair_pass(x->pair, 3 * p->silence_ms + 500);
    if (!x->in.ended || !x->out.ended) fail(x, "transparent mode does not end");
    x->in.is_due = x->out.is_due = false;
}

/* ---- URCs ---- */

/* Send a URC; false: it cannot come now. */
static bool do_urc(talk *x, unsigned urc, int reading)
{
    const at_host_tables *h = x->names->host->tables;
    pattern module = pattern_of(&x->names->module->tables->t, x->names->urc_lines[urc]);
    unsigned known = flow_known(x->names, x->names->urc_lines[urc]);
    if (known == FLOW_NONE) {
        fail(x, "the host does not know the URC %s", x->names->urcs[urc]);
        return false;
    }
    pattern line = pattern_of(&h->t, h->known[known].line);
    memset(x->urc, 0, x->room);
    if (reading < 0) reading = fill_line(x, &module, x->urc, NULL);
    else sample_fill(&x->values, &module, (unsigned)reading, x->plan->pick, x->urc, NULL);
    if (reading < 0) return false;
    const at_reading *r = &module.readings[reading];
    cond_scope scope = { &module, r->mask, x->urc, NULL, x->settings };
    if (!cond_hold(&scope, r->cond, r->n_conds)) return false;
    scope.line = &line;
    if (!cond_hold(&scope, h->known[known].cond, h->known[known].n_conds)) return false;
    x->urc_due = (awaited){ line, r->mask, x->urc, urc, true };
    memset(&x->urc_data, 0, sizeof x->urc_data);
    if (pattern_has_data(&line, (unsigned)reading)) {
        at_bytes data;
        memcpy(&data, x->urc + line.rest->data, sizeof data);
        x->urc_data = (stream){ data.p, data.n, 0, true, false, false, AT_OK };
    }
    at_status s = at_module_urc(&x->pair->module, x->names->urc_lines[urc], x->urc);
    for (unsigned tries = 0; s == AT_AGAIN && tries < 1000 && !x->failed; tries++) {
        pair_pass(x->pair, 10);
        s = at_module_urc(&x->pair->module, x->names->urc_lines[urc], x->urc);
    }
    if (s != AT_OK) fail(x, "the module cannot send URC %s: %s", x->names->urcs[urc], at_status_text(s));
    rest(x);
    if (x->urc_due.is_due) fail(x, "URC %s was not delivered", x->names->urcs[urc]);
    if (x->urc_data.is_due && (x->urc_data.got != x->urc_data.n || x->urc_data.status != AT_OK))
        fail(x, "URC %s: %zu bytes of %zu came", x->names->urcs[urc], x->urc_data.got, x->urc_data.n);
    return true;
}

static bool is_awaited(const talk *x, unsigned urc)
{
    uint8_t atoms[FLOW_ATOMS];
    unsigned n = flow_next(&x->flow, atoms);
    for (unsigned i = 0; i < n; i++)
        if (flow_atom(&x->flow, atoms[i])->kind == AT_A_URC && flow_atom(&x->flow, atoms[i])->line == urc)
            return true;
    return false;
}

static void any_urc(talk *x)
{
    unsigned urc = sample_random(&x->choices, x->names->n_urcs ? x->names->n_urcs : 1u);
    if (x->names->n_urcs == 0 || urc == x->names->restart || is_awaited(x, urc)) return;
    do_urc(x, urc, -1);
}

static bool do_awaited_urc(talk *x, unsigned atom)
{
    unsigned urc = flow_atom(&x->flow, atom)->line;
    flow before = x->flow;
    flow_step(&x->flow, atom);
    x->may_complete = flow_at_end(&x->flow);
    if (do_urc(x, urc, -1)) return true;
    x->flow = before;
    return false;
}

/* ---- step by step ---- */

typedef enum { DO_REPLY, DO_ERROR, DO_URC, DO_STOP } what;
typedef struct option { what what; unsigned number, known; } option;

static void add_option(option *list, unsigned *n, what what, unsigned number, unsigned known)
{
    if (*n < 64) list[(*n)++] = (option){ what, number, known };
}

static void add_replies(talk *x, option *list, unsigned *n, unsigned repeats)
{
    uint8_t atoms[FLOW_ATOMS];
    const at_form_name *f = x->form.name;
    for (unsigned i = f->first_reply; i < (unsigned)f->first_reply + f->n_replies; i++)
        if (x->used[i] < repeats && flow_takes(&x->flow, i, atoms)) add_option(list, n, DO_REPLY, i, 0);
}

static void add_errors(talk *x, option *list, unsigned *n)
{
    const at_module_tables *m = x->names->module->tables;
    uint8_t atoms[FLOW_ATOMS];
    if (!x->plan->errors || x->pair->module.form == AT_NONE) return;
    for (unsigned i = 0; i < x->names->n_replies; i++) {
        if (m->replies[i].form != AT_NONE) continue;
        unsigned known = flow_known(x->names, m->emits[m->replies[i].emits].arg);
        if (known == FLOW_NONE) fail(x, "the host does not know an error result");
        else if (flow_takes(&x->flow, i, atoms)) add_option(list, n, DO_REPLY, i, 0);
        else add_option(list, n, DO_ERROR, i, known);
    }
}

static unsigned options(talk *x, option *list)
{
    uint8_t atoms[FLOW_ATOMS];
    unsigned n = 0, n_next = flow_next(&x->flow, atoms);
    add_replies(x, list, &n, REPEATS);
    for (unsigned i = 0; i < n_next; i++)
        if (flow_atom(&x->flow, atoms[i])->kind == AT_A_URC) add_option(list, &n, DO_URC, atoms[i], 0);
    if (n == 0) add_replies(x, list, &n, 250);
    if (flow_may_end(&x->flow)) add_option(list, &n, DO_STOP, 0, 0);
    add_errors(x, list, &n);
    return n;
}

/* The form has said all, in time, and nothing more comes. */
static void do_stop(talk *x)
{
    x->may_complete = true;
    for (unsigned i = 0; i < 200 && x->dones == 0 && !x->failed; i++) pair_pass(x->pair, 10000);
}

/* Something that happens by itself here. */
static bool step_by_itself(talk *x)
{
    int atom;
    at_module *m = &x->pair->module;
    if (x->phase_begins) {
        x->phase_begins = false;
        if ((atom = flow_expects(&x->flow, AT_A_DATA_IN)) >= 0) do_data(x, (unsigned)atom);
        else if ((atom = flow_expects(&x->flow, AT_A_TRANSPARENT)) >= 0) do_transparent(x, (unsigned)atom);
        else fail(x, "a data phase that the host does not expect");
        return true;
    }
    if ((atom = flow_expects(&x->flow, AT_A_PAUSE)) >= 0) {
        flow_step(&x->flow, (unsigned)atom);
        return true;
    }
    if (flow_is_free(&x->flow) && m->form != AT_NONE && x->flow.atom >= 0) {
        if (at_module_done(m, x->flow.status == AT_OK) != AT_OK) fail(x, "the module cannot end the form");
        return true;
    }
    return false;
}

/* False: nothing is left to do. */
static bool step(talk *x)
{
    option list[64], o;
    uint8_t atoms[FLOW_ATOMS];
    unsigned n;
    if (step_by_itself(x)) return true;
    if (flow_at_end(&x->flow) || x->dones > 0) return false;
    if (x->plan->urcs && sample_random(&x->choices, 2)) any_urc(x);
    n = options(x, list);
    if (n == 0) {
        fail(x, "the module has no reply that may come now");
        return false;
    }
    o = list[choose(x, n)];
    if (o.what == DO_STOP) {
        do_stop(x);
        return false;
    }
    if (o.what == DO_ERROR) do_error(x, o.number, o.known);
    else if (o.what == DO_URC) return do_awaited_urc(x, o.number);
    else return flow_takes(&x->flow, o.number, atoms) && do_reply(x, o.number, atoms);
    return false;
}

static void check_end(talk *x)
{
    size_t size = sizeof *x->settings * x->names->host->tables->t.n_settings;
    rest(x);
    if (x->dones == 0) fail(x, "the request is not complete");
    if (!pair_idle(x->pair)) fail(x, "something is still under way");
    if (size && x->flow.status == AT_OK &&
        memcmp(x->pair->host_settings, x->pair->module_settings, size) != 0)
        fail(x, "the sides do not agree about settings");
    if (size && x->flow.status == AT_REFUSED && memcmp(x->settings, x->pair->module_settings, size) != 0)
        fail(x, "a refused command has changed settings");
}

static bool begin(talk *x)
{
    at_request *r = &x->asked;
    const pair_ears ears = { on_call, on_data, on_event, on_event_data, on_unknown, x };
    if (!pair_start(x->pair, &ears, x->settings)) {
        fail(x, "the sides do not start");
        return false;
    }
    x->pair->module.echo = x->plan->echo;
    if (x->plan->wires) x->plan->wires(x->pair, x->plan->ctx);
    return r->state == 0;
}

static void ask(talk *x)
{
    at_request *r = &x->asked;
    r->deliver = on_deliver;
    r->sink = on_sink;
    r->source = x->plan->source ? on_source : NULL;
    r->ctx = x;
    x->in.is_due = x->phase_begins = x->form.module->phase != 0;
    at_status s = at_host_start(&x->pair->host, r, x->form.call_index, x->request);
    if (s != AT_OK) fail(x, "the host refuses the request, slot %d", at_host_bad_field(&x->pair->host));
    else rest(x);
    if (x->calls != 1) fail(x, "the module's handler was called %u times", x->calls);
}

talk_end talk_run(talk *x, const talk_plan *plan)
{
    unsigned steps = 0;
    x->plan = plan;
    clear(x);
    x->values.seed = plan->seed;
    x->choices.seed = plan->seed * 7 + 1;
    if (!flow_form_of(x->names, plan->call, &x->form)) {
        fail(x, "only one of the sides has the form");
        return TALK_FAILED;
    }
    if (!fill_request(x)) return TALK_NOT_POSSIBLE;
    put_payload(x);
    put_saved(x);
    x->flow = flow_start(&x->form, x->request, x->result, x->settings);
    if (begin(x)) ask(x);
    while (!x->failed && steps++ < STEPS_MAX && step(x)) continue;
    if (!x->failed && x->dones == 0 && !flow_at_end(&x->flow)) return TALK_NOT_POSSIBLE;
    if (!x->failed) check_end(x);
    return x->failed ? TALK_FAILED : TALK_OK;
}

/* ---- URCs alone ---- */

unsigned talk_urc_readings(const talk *x, unsigned urc)
{
    return pattern_of(&x->names->module->tables->t, x->names->urc_lines[urc]).line->n_readings;
}

talk_end talk_urc(talk *x, unsigned urc, unsigned reading, sample_pick pick, uint32_t seed,
                  void (*wires)(pair *, void *ctx), void *ctx)
{
    talk_plan plan = { 0, 0, pick, seed, false, false, false, false, wires, NULL, ctx };
    bool sent = false;
    x->plan = &plan;
    clear(x);
    x->form.name = NULL;
    x->values.seed = seed;
    for (unsigned tries = 0; tries < 60 && !sent && !x->failed; tries++) {
        x->values.n = 0;
        cond_settings(&x->values, x->names->host->tables, x->n_atoms, x->settings);
        if (begin(x)) sent = do_urc(x, urc, (int)reading);
    }
    if (sent && !x->failed && !pair_idle(x->pair)) fail(x, "something is still under way");
    if (x->failed) fail(x, "URC");
    return x->failed ? TALK_FAILED : sent ? TALK_OK : TALK_NOT_POSSIBLE;
}

/* ---- life ---- */

static void *room(size_t n)
{
    void *p = calloc(1, n ? n : 1);
    if (!p) abort();
    return p;
}

static unsigned all_atoms(const at_names *names)
{
    flow_form f;
    unsigned n = 0;
    for (unsigned i = 0; i < names->host->tables->n_calls; i++)
        if (flow_form_of(names, i, &f) && f.call->atoms + flow_atoms(&f) > n)
            n = f.call->atoms + flow_atoms(&f);
    return n;
}

talk *talk_new(const at_names *names)
{
    talk *x = room(sizeof *x);
    x->names = names;
    x->pair = pair_new(names);
    x->n_atoms = all_atoms(names);
    x->room = names->host_result + (size_t)names->module_fields;
    x->request = room(x->room);
    x->result = room(x->room);
    x->row = room(x->room);
    x->urc = room(x->room);
    x->backup = room(x->room);
    x->settings = room(sizeof *x->settings * names->host->tables->t.n_settings);
    x->used = room(names->n_replies);
    x->saw_reply = room(names->n_replies);
    sample_prepare(names->host->tables);
    return x;
}

void talk_free(talk *x)
{
    pair_free(x->pair);
    free(x->request);
    free(x->result);
    free(x->row);
    free(x->urc);
    free(x->backup);
    free(x->settings);
    free(x->used);
    free(x->saw_reply);
    free(x);
}

const char *talk_error(const talk *cx)
{
    talk *x = (talk *)(uintptr_t)cx;
    static const char *const picks[] = { "least", "most", "random" };
    static char text[ERROR_MAX + 8000];
    const talk_plan *p = x->plan;
    if (x->form.name)
        snprintf(text, sizeof text, "%s, %s, reading %u of `%s`, %s values, seed %lu%s%s%s: %s%s\n",
                 x->names->dialect, x->form.name->c_name, p->reading,
                 x->names->lines[x->names->host_lines[x->form.call->line]].syntax, picks[p->pick],
                 (unsigned long)p->seed, p->echo ? ", echo" : "", p->urcs ? ", URCs" : "",
                 p->source ? ", source" : "", x->error, x->pair->log);
    else
        snprintf(text, sizeof text, "%s: %s%s\n", x->names->dialect, x->error, x->pair->log);
    return text;
}

size_t talk_bytes(const talk *x, char direction)
{
    return direction == '>' ? x->pair->up.passed : x->pair->down.passed;
}

bool talk_saw_reply(const talk *x, unsigned reply)
{
    return x->saw_reply[reply] != 0;
}
