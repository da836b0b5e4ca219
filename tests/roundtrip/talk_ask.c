/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "talk_private.h"

static void limit_number(talk *x, unsigned number, int64_t most)
{
    const at_tables *t = &x->names->host->tables->t;
    const at_tie *tie = &t->ties[t->figures[number].tie - 1];
    pattern_limit_number(t, at_type_of(t, tie), x->request + tie->offset, most);
}

static bool counts_request(const at_phase *p)
{
    return (p->flags & (AT_P_COUNTED | AT_P_COUNT_IN_RESULT)) == AT_P_COUNTED;
}

static void limit_count(talk *x, const at_phase *p)
{
    const at_tables *t = &x->names->host->tables->t;
    if (p->count_type == AT_NONE8) limit_number(x, p->count, SAMPLE_PAYLOAD_MAX);
    else pattern_limit_number(t, &t->types[p->count_type], x->request + p->count, SAMPLE_PAYLOAD_MAX);
}

static void limit_time(talk *x, unsigned time)
{
    const at_tables *t = &x->names->host->tables->t;
    const uint8_t *figure = t->scales ? t->scales[time].figure : NULL;
    for (unsigned i = 0; figure && i < 2 && figure[i] != 0; i++)
        if (t->figures[figure[i] - 1].setting == AT_NONE8) limit_number(x, figure[i] - 1u, TALK_TIME_MAX);
}

static void limit_times(talk *x)
{
    const at_host_tables *h = x->names->host->tables;
    const at_phase *phase = flow_data(h, x->form.call);
    limit_time(x, x->form.course->within);
    if (phase) limit_time(x, phase->within);
    for (unsigned i = 0; i < flow_atoms(&x->form); i++)
        limit_time(x, flow_step_of(&x->form, i)->within);
}

/* No hours, no thousands of rounds, and no more data than there is. */
static void limit_numbers(talk *x)
{
    const at_host_tables *h = x->names->host->tables;
    limit_times(x);
    for (unsigned i = 0; i < flow_atoms(&x->form); i++) {
        const at_step *a = flow_step_of(&x->form, i);
        unsigned line = h->atoms[x->form.call->atoms + i].line;
        bool is_data = a->kind == AT_A_DATA_IN || a->kind == AT_A_DATA_OUT;
        if (a->loop != 0 && h->repeats[a->loop - 1].figure != 0)
            limit_number(x, h->repeats[a->loop - 1].figure - 1u, TALK_ROUNDS_MAX);
        if (is_data && counts_request(&h->t.phases[line]))
            limit_count(x, &h->t.phases[line]);
    }
}

/* ---- the payload ---- */

static size_t payload_length(talk *x, const at_phase *p)
{
    if (counts_request(p)) {
        size_t n = (size_t)pattern_phase_count(&x->names->host->tables->t, p, x->request);
        bool is_short = x->plan.source && p->texts[AT_P_UNTIL] && n > AT_HOLD && sample_random(&x->values, 2);
        return is_short ? n - AT_HOLD : n;      /* there must be room for the text that ends it */
    }
    return p->max ? p->max : 1 + sample_random(&x->values, 300);
}

static void break_text(uint8_t *p, size_t n, const char *text)
{
    size_t length = strlen(text);
    for (size_t i = 0; length > 0 && i + length <= n; i++)
        if (memcmp(p + i, text, length) == 0) p[i] ^= 0x55;
}

/* What a source sends is not escaped: its end must not be the beginning of what ends it. */
static void break_end(uint8_t *p, size_t n, const char *text)
{
    size_t length = strlen(text);
    for (size_t i = 1; i < length && i <= n; i++)
        if (memcmp(p + n - i, text, i) == 0) p[n - i] ^= 0x55;
}

/* Bytes for a data phase: nasty ones, but what ends it only where the host escapes it. */
static const uint8_t *payload_for(talk *x, const at_phase *p, size_t n)
{
    const char *text = x->names->host->tables->t.text;
    if (n > SAMPLE_PAYLOAD_MAX) return NULL;
    memcpy(x->payload, sample_payload(n), n);
    if (p->texts[AT_P_ESCAPE] == 0 || x->plan.source) break_text(x->payload, n, text + p->texts[AT_P_UNTIL]);
    if (x->plan.source) break_end(x->payload, n, text + p->texts[AT_P_UNTIL]);
    break_text(x->payload, n, text + p->cancel);
    if (n > 0 && p->texts[AT_P_ESCAPE] && x->plan.source) x->payload[n - 1] = 'e';   /* it is no part of one */
    return x->payload;
}

/* The payload of the request, and what the module is to get. */
static void put_payload(talk *x)
{
    const at_course *course = x->form.course;
    const at_phase *p = flow_data(x->names->host->tables, x->form.call);
    at_bytes data;
    if (course->data == AT_NONE) return;
    memcpy(&data, x->request + course->data, sizeof data);
    if (p && x->form.line.rest->data_at == AT_DATA_NONE) {
        data.n = payload_length(x, p);
        data.p = payload_for(x, p, data.n);
    }
    x->in.want = data.p;
    x->in.n = data.n;
    if (x->plan.source && p) data.p = NULL;
    memcpy(x->request + course->data, &data, sizeof data);
}

static void put_saved(talk *x)
{
    at_saved saved = sample_random(&x->values, 2) ? AT_FLASH : AT_RAM;
    if (x->form.course->op_saved != AT_OP_NONE) memcpy(x->request, &saved, sizeof saved);
}

/* ---- the request ---- */

bool talk_fill_request(talk *x)
{
    const pattern *line = &x->form.line;
    const at_reading *r = &line->readings[x->plan.reading];
    const at_course *course = x->form.course;
    cond_scope scope = { line, 0, x->request, x->request, x->settings };
    bool found = false;
    for (unsigned tries = 0; tries < 60 && !found; tries++) {
        x->values.n = 0;
        memset(x->request, 0, x->room);
        cond_settings(&x->values, x->names->host->tables, x->n_atoms, x->settings);
        scope.mask = pattern_mask(line, x->plan.reading, x->settings);
        sample_fill(&x->values, line, x->plan.reading, x->plan.pick, x->request, NULL);
        sample_satisfy(line, r->mask, course->only, course->n_only, x->request);
        limit_numbers(x);
        found = cond_hold(&scope, r->cond, r->n_conds) && cond_hold(&scope, course->only, course->n_only);
    }
    put_payload(x);
    put_saved(x);
    return found;
}
