/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "talk_private.h"

/* ---- data ---- */

static void take_stream(talk *x, stream *s, const at_chunk *c, const char *whose)
{
    if (c->left != SIZE_MAX && c->n > c->left) talk_wrong(x, "a piece of data that is longer than what is left");
    if (c->status == AT_OK && c->left != SIZE_MAX && c->n != c->left)
        talk_wrong(x, "data of %s ends well before its end", whose);
    s->differs |= c->n > s->n - s->got || (c->n && memcmp(c->p, s->want + s->got, c->n) != 0);
    if (!s->is_due) talk_fail(x, "data of %s that nobody has sent", whose);
    else if (s->ended) talk_fail(x, "data of %s after its end", whose);
    else if (s->differs)
        talk_fail(x, "other data of %s than was sent, after %zu bytes of %zu", whose, s->got, s->n);
    s->begun = true;
    if (c->n <= s->n - s->got) s->got += c->n;
    s->ended = c->status != AT_PENDING;
    s->status = c->status;
}

void talk_expect_data(talk *x, const uint8_t *p, size_t n)
{
    memset(&x->out, 0, sizeof x->out);
    x->out.want = p;
    x->out.n = n;
    x->out.is_due = true;
}

static size_t on_data(void *ctx, const at_chunk *c)
{
    talk *x = ctx;
    at_chunk part = *c;
    if (part.n > 1 && x->plan.pick == PICK_RANDOM) {
        part.n = 1 + sample_random(&x->values, (uint32_t)part.n);
        if (part.n < c->n) part.status = AT_PENDING;
    }
    take_stream(x, &x->in, &part, "the request");
    return part.n;
}

static void on_event_data(void *ctx, unsigned urc, const at_chunk *c)
{
    talk *x = ctx;
    (void)urc;
    take_stream(x, &x->urc_data, c, "a URC");
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

/* ---- structs ---- */

static void check_struct(talk *x, const awaited *a, const void *got, const char *whose)
{
    int slot = sample_differs(&a->line, a->mask, a->sent, got);
    if (slot >= 0) talk_fail(x, "%s: slot %d is another one than was sent", whose, slot);
}

static void check_range(talk *x, const pattern *line, const void *got, bool all, const char *whose)
{
    int slot = line->line->n_slots ? sample_out_of_range(line, got, all) : -1;
    if (slot >= 0) talk_wrong(x, "%s: slot %d is out of range", whose, slot);
}

/* A handler that is not the one of the exchange. */
static at_status other_call(talk *x, unsigned form)
{
    const at_module_tables *m = x->names->module->tables;
    const at_form *f = &m->forms[form];
    unsigned id = m->form_ids[form];
    if (x->probing && id == x->probe) x->probe_calls++;
    else if (!x->resyncs || id != x->resync) talk_fail(x, "the module calls %s", x->names->forms[id].c_name);
    const at_start *start = at_start_of(m, f);
    if (start->phase || start->flags & AT_FORM_DATA) return AT_REFUSED;
    return start->ok != AT_NO_OK ? AT_OK : talk_answer_other(x, form);
}

static at_status on_call(void *ctx, unsigned form, const void *fields)
{
    talk *x = ctx;
    const at_module_tables *m = x->names->module->tables;
    pattern line = pattern_of(&m->t, m->forms[form].line);
    awaited a = { x->form.line, pattern_mask(&x->form.line, x->plan.reading, x->settings), x->request, 0, true };
    check_range(x, &line, fields, true, "command");
    if (form != x->form.module_index || x->probing || x->calls > x->plan.agains) return other_call(x, form);
    x->calls++;
    check_struct(x, &a, fields, "command");
    if (x->form.course->op_saved != AT_OP_NONE && memcmp(fields, x->request, sizeof(at_saved)) != 0)
        talk_fail(x, "`saved` is another one");
    if (x->calls <= x->plan.agains) return AT_AGAIN;
    return x->plan.answers == TALK_BY_RETURN ? x->plan.returns : AT_PENDING;
}

static void on_event(void *ctx, unsigned urc, const void *fields)
{
    talk *x = ctx;
    const at_host_tables *h = x->names->host->tables;
    unsigned known = flow_known(x->names, x->names->urc_lines[urc]);
    pattern line = pattern_of(&h->t, h->known[known].line);
    const char *name = x->names->urcs[urc];
    check_range(x, &line, fields, true, name);
    if (!x->urc_due.is_due) talk_fail(x, "URC %s that nobody has sent", name);
    else if (urc != x->urc_due.what) talk_fail(x, "URC %s instead of %s", name, x->names->urcs[x->urc_due.what]);
    else check_struct(x, &x->urc_due, fields, name);
    x->urc_due.is_due = false;
}

static void on_unknown(void *ctx, at_text line)
{
    talk *x = ctx;
    if (x->resyncs) return;     /* of the answer to that it waits for the result code alone */
    talk_fail(x, "the host does not know the line `%.*s`", (int)(line.n < 100 ? line.n : 100), line.p);
}

/* ---- the answer ---- */

/* Values of all lines that may come, as far as they are marked as there. */
static void check_ranges(talk *x, bool rows, unsigned row, const char *got)
{
    for (unsigned i = 0; i < flow_atoms(&x->form); i++) {
        const at_atom *a = flow_atom(&x->flow, i);
        const at_step *step = flow_kind(&x->flow, i);
        bool is_row = (step->flags & AT_A_ROW) != 0;
        if (step->kind > AT_A_FINAL || is_row != rows || (is_row && step->row != row)) continue;
        pattern p = pattern_of(&x->names->host->tables->t, a->line);
        check_range(x, &p, got, rows, rows ? "row" : "result");
    }
}

static void check_lines(talk *x, const char *got)
{
    for (unsigned i = 0; i < x->n_seen; i++) {
        awaited a = { x->seen[i].line, x->seen[i].mask, x->result, 0, true };
        check_struct(x, &a, got, "result");
    }
    for (unsigned i = 0; i < flow_atoms(&x->form); i++) {
        const at_atom *a = flow_atom(&x->flow, i);
        const at_step *step = flow_kind(&x->flow, i);
        if (step->kind > AT_A_FINAL || (step->flags & AT_A_ROW)) continue;
        pattern p = pattern_of(&x->names->host->tables->t, a->line);
        int slot = sample_invented(&p, x->result, got);
        if (slot >= 0) talk_fail(x, "result: slot %d of a line that did not come is there", slot);
    }
}

static void check_done(talk *x, const char *got, at_status status)
{
    if (x->dones++ > 0) talk_wrong(x, "the request completes twice");
    if (x->plan.mend) x->plan.mend(x->pair, x->plan.ctx);   /* no harm outlasts it */
    if (!x->may_complete) talk_fail(x, "the request completes too early: %s", at_status_text(status));
    if (status != x->flow.status)
        talk_fail(x, "status `%s`, not `%s`", at_status_text(status), at_status_text(x->flow.status));
    if (!got && (status == AT_OK || status == AT_REFUSED)) talk_wrong(x, "no result");
    if (!talk_goes_on(x) || !got || x->any_error) return;
    unsigned outcome = (uint8_t)got[0];
    if (outcome != x->flow.outcome) talk_fail(x, "outcome %u, not %u", outcome, x->flow.outcome);
    if (x->asked.error != x->number)
        talk_fail(x, "error %ld, not %ld", (long)x->asked.error, (long)x->number);
    check_lines(x, got);
}

static void on_deliver(at_request *r, unsigned what, const void *fields, at_status status)
{
    talk *x = r->ctx;
    bool is_done = what == AT_DELIVER_DONE;
    awaited *row = x->row_before.is_due ? &x->row_before : &x->row_due;
    if (fields) check_ranges(x, !is_done, what, fields);
    if (is_done) check_done(x, fields, status);
    else if (!row->is_due) talk_fail(x, "a row that nobody has sent");
    else if (what != row->what) talk_fail(x, "row %u, not %u", what, row->what);
    else check_struct(x, row, fields, "row");
    if (!is_done) row->is_due = false;
}

void talk_hear(talk *x, at_request *r)
{
    r->deliver = on_deliver;
    r->sink = on_sink;
    r->source = x->plan.source ? on_source : NULL;
    r->ctx = x;
}

const pair_ears talk_ears = { on_call, on_data, on_event, on_event_data, on_unknown, NULL };
