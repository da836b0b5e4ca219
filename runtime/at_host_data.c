/* Counted data from the module, and data phases to it. Bytes from the module are handed on where
 * they stand and never copied; a payload to it leaves by reference.
 * SPDX-License-Identifier: 0BSD */
#include "at_host_private.h"

#include <string.h>

#include "at_value.h"

/* ---- streams ---- */

void at__deliver(at_core *h, const uint8_t *p, size_t n, size_t left, at_status status)
{
    at_chunk chunk;
    at_request *r = h->data_for;
    chunk.p = p;
    chunk.n = n;
    chunk.left = left;
    chunk.status = status;
    if (r) {
        if (r->sink) r->sink(r, &chunk, r->ctx);
    } else if (h->urc != AT_NONE8 && h->klass->event_data) {
        h->klass->event_data((at_host *)(void *)h->link, h->urc, &chunk);
    }
}

void at__stream_in(at_core *h, at_request *r, unsigned i, const at_stream *stream)
{
    h->data_for = r;
    h->data_atom = (uint8_t)i;
    h->stream = stream;
    h->counted = 0;
    h->held = 0;
    h->heard_at = h->link->now;
    at__new_line(h);
}

/* The stream has ended; whose it was. */
static at_request *end_stream(at_core *h, at_status status)
{
    at_request *r = h->data_for;
    at__tap(h, AT_SAW_DATA, r ? at__call(h, r)->id : h->urc, h->counted, NULL, status);
    h->data_for = NULL;
    h->urc = AT_NONE8;
    h->stream = NULL;
    at__new_line(h);
    return r;
}

void at__stream_done(at_core *h)
{
    at_request *r = end_stream(h, AT_OK);
    if (r) at__after(h, r, h->data_atom);
}

/* ---- counted data ---- */

const uint16_t *at__framing(const at_core *h, unsigned frame)
{
    static const uint16_t bare[2] = { 0, 0 };
    const at_tables *t = &h->tables->t;
    switch (frame) {
    case AT_LINE_INFO: return t->info;
    case AT_LINE_RESULT: return t->result;
    case AT_LINE_URC: return t->urc;
    default: return bare;
    }
}

/* Line ends that a line's framing has after the one that ended it. */
static unsigned blanks_after(const at_core *h, const at_line *line)
{
    const char *p = at__text(h, at__framing(h, line->frame)[1]);
    unsigned n = 0;
    for (; *p != '\0'; p++)
        if (*p == '\n') n++;
    return n > 0 ? n - 1 : 0;
}

/* Blank lines before the data; when they do not come the data begins at once. */
static const uint8_t *blank_bytes(at_core *h, const uint8_t *p)
{
    if (*p == '\n') h->blanks--;
    else if (*p != '\r') h->blanks = 0;
    return *p == '\n' || *p == '\r' ? p + 1 : p;
}

static const uint8_t *counted_bytes(at_core *h, const uint8_t *p, const uint8_t *end)
{
    size_t left = h->left, n = (size_t)(end - p);
    if (left > 0 && h->blanks > 0) return blank_bytes(h, p);
    if (n > left) n = left;
    h->left -= (uint32_t)n;
    at__deliver(h, p, n, left, n == left ? AT_OK : AT_PENDING);
    if (n == left) at__stream_done(h);
    return p + n;
}

/* No data at all, or data that has stopped in the middle. */
static void counted_step(at_core *h)
{
    const uint8_t *none = (const uint8_t *)"";
    at_request *r;
    if (h->left == 0) {
        counted_bytes(h, none, none);
    } else if (at__due(h, h->heard_at + AT_STALL_MS)) {
        at__deliver(h, none, 0, h->left, AT_SHORT);
        h->counted -= h->left;
        h->tail = "";
        r = end_stream(h, AT_SHORT);
        if (r) at__fail(h, r, AT_SHORT);
    }
}

static const at_stream counted = { NULL, counted_bytes, counted_step };

void at__data_out(at_core *h, at_request *r, unsigned i, const at_line *line, uint32_t count)
{
    at__stream_in(h, r, i, &counted);
    h->left = h->counted = count;
    h->blanks = (uint8_t)(line->data_at != AT_DATA_INLINE ? blanks_after(h, line) : 0);
    h->tail = at__text(h, line->data_at != AT_DATA_NONE ? line->data_tail : 0);
}

void at__data_after(at_core *h, at_request *r, unsigned i)
{
    static const at_line nothing = { 0 };
    const at_tables *t = &h->tables->t;
    const at_phase *phase = at__phase(h, r, i);
    const char *fields = phase->flags & AT_P_COUNT_IN_RESULT ? at__values(h, r)
                                                             : (const char *)r->input;
    int32_t n = fields ? at__value_num(&t->types[phase->count_type], fields + phase->count) : 0;
    const at_line *line = &nothing;
    if (r->atom != AT_NONE8 && at__atom(h, r, r->atom)->kind <= AT_A_FINAL)
        line = &t->lines[at__atom(h, r, r->atom)->line];
    at__data_out(h, r, i, line, (uint32_t)n);
}

const uint8_t *at__tail_bytes(at_core *h, const uint8_t *p, const uint8_t *end)
{
    for (; p < end && *h->tail != '\0'; p++, h->tail++) {
        if ((char)*p == *h->tail) continue;
        h->tail = "";
        break;
    }
    return p;
}

/* ---- to the module ---- */

at_bytes at__payload(const at_core *h, const at_request *r)
{
    at_bytes data = { NULL, 0 };
    unsigned at = at__call(h, r)->data;
    if (at != AT_NONE && r->input)
        data = *(const at_bytes *)(const void *)((const char *)r->input + at);
    return data;
}

uint32_t at__data_total(const at_core *h, const at_request *r)
{
    const at_tables *t = &h->tables->t;
    const at_call *call = at__call(h, r);
    at_bytes data = at__payload(h, r);
    const at_phase *phase = &t->phases[call->phase - 1];
    if (call->phase == 0 || data.p) return (uint32_t)data.n;
    if ((phase->flags & (AT_P_COUNTED | AT_P_COUNT_IN_RESULT)) != AT_P_COUNTED) return UINT32_MAX;
    return (uint32_t)at__value_num(&t->types[phase->count_type],
                                   (const char *)r->input + phase->count);
}

/* Where `text` begins in `data`; data.n: nowhere. */
static size_t find_text(const at_core *h, at_bytes data, unsigned text)
{
    const char *what = at__text(h, text);
    size_t n = strlen(what), i;
    for (i = 0; n > 0 && i + n <= data.n; i++)
        if (memcmp(data.p + i, what, n) == 0) return i;
    return data.n;
}

/* A text that ends the phase must not stand in the payload unless it can be escaped. */
bool at__data_suits(const at_core *h, const at_request *r)
{
    const at_call *call = at__call(h, r);
    const at_phase *phase = &h->tables->t.phases[call->phase - 1];
    at_bytes data = at__payload(h, r);
    if (call->phase == 0) return true;
    return (phase->max == 0 || data.n <= phase->max) &&
           (phase->escape != 0 || find_text(h, data, phase->until) == data.n);
}

void at__put_alone(at_core *h, unsigned text)
{
    at_link *l = h->link;
    uint16_t start = at__begin(l, 0);
    h->echo_n = h->echo_at = 0;
    at__put_text(l, text);
    if (!at__commit(l, start)) at__undo(l, start);
}

void at__data_in(at_core *h, at_request *r, unsigned i)
{
    const at_phase *phase = at__phase(h, r, i);
    const char *values = at__values(h, r);
    r->atom = (uint8_t)i;
    r->flags |= AT_Q_SENDING;
    if (phase->flags & AT_P_COUNT_IN_RESULT && values) {
        const at_type *type = &h->tables->t.types[phase->count_type];
        uint32_t n = (uint32_t)at__value_num(type, values + phase->count);
        if (n < r->total) r->total = n;
    }
    if (r == &h->ghost) at__data_stop(h, r);
}

void at__data_stop(at_core *h, at_request *r)
{
    const at_phase *phase = at__phase(h, r, r->atom);
    if (phase->cancel == 0 && phase->within_ms == 0 && phase->flags & AT_P_COUNTED) {
        r->flags |= AT_Q_FILL;
        return;
    }
    r->flags &= (uint8_t)~AT_Q_SENDING;
    if (phase->cancel != 0) at__put_alone(h, phase->cancel);
    else if (phase->within_ms != 0) h->quiet_at = h->link->now + phase->within_ms;
    else at__put_alone(h, phase->until);
}

/* The next stretch of the payload that holds nothing to be escaped, or the escape. */
static void put_payload(at_core *h, at_request *r, at_bytes data, const at_phase *phase)
{
    data.n = find_text(h, data, phase->until);
    if (data.n == 0) {
        at__put_alone(h, phase->escape);
        r->sent += (uint32_t)strlen(at__text(h, phase->until));
    } else {
        at__begin(h->link, 0);
        at__put_data(h->link, data);
        r->sent += (uint32_t)data.n;
    }
}

/* Bytes of the source, or zeros that fill the phase up. False: there are none now. */
static bool put_more(at_core *h, at_request *r)
{
    at_link *l = h->link;
    size_t room = r->total - r->sent, n;
    if (room > l->out_size) room = l->out_size;
    h->echo_n = h->echo_at = 0;
    n = room;
    if (r->source) n = r->source(r, (uint8_t *)l->out, room, r->ctx);
    else memset(l->out, 0, room);
    if (n == AT_SOURCE_END) {
        r->total = r->sent;
        return true;
    }
    l->out_n = (uint16_t)n;
    r->sent += (uint32_t)n;
    return n > 0;
}

bool at__data_pump(at_core *h)
{
    at_request *r = h->running;
    const at_phase *phase = at__phase(h, r, r->atom);
    at_bytes data = at__payload(h, r);
    if (data.n > r->total) data.n = r->total;
    if (r->sent < data.n) {
        data.p += r->sent;
        data.n -= r->sent;
        put_payload(h, r, data, phase);
    } else if (r->sent < r->total && (r->source || r->flags & AT_Q_FILL)) {
        return put_more(h, r);
    } else if (phase->until != 0 && !(r->flags & AT_Q_UNTIL)) {
        at__put_alone(h, phase->until);
        r->flags |= AT_Q_UNTIL;
    } else {
        r->flags &= (uint8_t)~(AT_Q_SENDING | AT_Q_FILL | AT_Q_UNTIL);
        at__after(h, r, r->atom);
    }
    return true;
}
