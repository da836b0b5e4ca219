/* Counted data from the module, and data phases to it. Bytes from the module are handed on where
 * they stand and never copied; a payload to it leaves by reference.
 * SPDX-License-Identifier: 0BSD */
#include "at_host_private.h"

#include <string.h>

#include "at_value.h"

#define SOURCE_MS 10u           /* a source that had nothing is asked again */

/* ---- streams ---- */

void at__deliver(at_core *h, const uint8_t *p, size_t n, size_t left)
{
    at_chunk chunk;
    at_request *r = h->data_for;
    chunk.p = p;
    chunk.n = n;
    chunk.left = left;
    chunk.status = n == left ? AT_OK : n > 0 || left == SIZE_MAX ? AT_PENDING : AT_SHORT;
    if (r) {
        if (r->sink) r->sink(r, &chunk, r->ctx);
    } else if (h->urc != 0 && at__class(h)->event_data) {
        at__class(h)->event_data(at__host(h), h->urc - 1u, &chunk);
    }
}

void at__pass(at_core *h, const char *p, size_t n)
{
    if (n > 0) at__deliver(h, (const uint8_t *)p, n, SIZE_MAX);
    if (AT_TAP || AT_WITH_BODIES) h->counted += (uint32_t)n;
}

void at__stream_in(at_core *h, at_request *r, const at_atom *a, const at_stream *stream)
{
    h->data_for = r;
    h->data_atom = a;
    h->stream = stream;
    if (AT_TAP || AT_WITH_BODIES) h->counted = 0;
    h->heard_at = h->link->now;
    at__new_line(h);
}

at_request *at__end_stream(at_core *h, at_status status)
{
    at_request *r = h->data_for;
    at__tap(h, AT_SAW_DATA, r ? at__form(h, r) : h->urc - 1u, h->counted, status);
    h->data_for = NULL;
    h->urc = 0;
    h->stream = NULL;
    h->escape = AT_ESC_OFF;
    if (r) at__set_deadline(h, r);
    at__new_line(h);
    return r;
}

void at__stream_done(at_core *h)
{
    at_request *r = at__end_stream(h, AT_OK);
    if (AT_WITH_ANSWER_DATA && r) at__after(h, r, h->data_atom);
    else if (AT_WITH_BODIES && h->running) at__begin_next(h, h->running);       /* it still waits */
}

/* ---- counted data ---- */

const uint8_t *at__framing(const at_core *h, const at_line *line)
{
    return at__tables(h->link)->frames[at__rest(h->link, line)->frame];
}

const uint8_t *at__blank_bytes(at_core *h, const uint8_t *p, const uint8_t *end)
{
    for (; p < end && h->blanks > 0; p++) {
        if (*p == '\n') h->blanks--;
        else if (*p != '\r') h->blanks = 0;
        if (*p != '\n' && *p != '\r') break;
    }
    return p;
}

void at__blanks_after(at_core *h, const at_line *line)
{
    const char *end = at__text(h, at__framing(h, line)[1]);
    h->blanks = 0;
    for (; *end != '\0'; end++)
        if (*end == '\n' && end[1] != '\0') h->blanks++;
}

const at_line *at__line_of(const at_core *h, const at_request *r)
{
    static const at_line bare = { 0, 0, 0, 0, 0 };
    bool line = r->atom && at__step(h, r->atom)->kind <= AT_A_FINAL;
    return line ? &at__tables(h->link)->lines[r->atom->line] : &bare;
}

static const uint8_t *counted_bytes(at_core *h, const uint8_t *p, const uint8_t *end)
{
    size_t left = h->left, n;
    if (AT_WITH_DATA_TAILS && h->may_quote) {
        if (p == end) return p;
        if (*p == '"') p++;
        else h->tail++;
        h->may_quote = false;
    }
    if (AT_WITH_EMPTY_LINES && left > 0) p = at__blank_bytes(h, p, end);
    n = (size_t)(end - p);
    if (n == 0 && left > 0) return p;
    if (n > left) n = left;
    h->left -= (uint32_t)n;
    at__deliver(h, p, n, left);
    if (n == left) at__stream_done(h);
    return p + n;
}

/* No data at all, or data that has stopped in the middle. */
static void counted_step(at_core *h)
{
    const uint8_t *none = (const uint8_t *)"";
    at_request *r;
    if (h->left == 0 && !(AT_WITH_DATA_TAILS && h->may_quote)) {
        counted_bytes(h, none, none);
    } else if (at__due(h, h->heard_at + AT_STALL_MS)) {
        at__deliver(h, none, 0, h->left);
        if (AT_TAP) h->counted -= h->left;
        if (AT_WITH_DATA_TAILS) h->tail = "";
        r = at__end_stream(h, AT_SHORT);
        if (AT_WITH_ANSWER_DATA && r) at__fail(h, r, AT_SHORT);
    }
}

static const at_stream counted = { NULL, counted_bytes, counted_step };

void at__data_out(at_core *h, at_request *r, const at_atom *a, const at_line *line, size_t count)
{
    const at_rest *rest = at__rest(h->link, line);
    at__stream_in(h, r, a, &counted);
    h->left = (uint32_t)count;
    if (AT_TAP) h->counted = h->left;
    if (AT_WITH_DATA_TAILS) {
        h->tail = at__text(h, rest->data_tail);
        h->may_quote = rest->data_at == AT_DATA_EITHER;
    }
    if (!AT_WITH_EMPTY_LINES) return;
    at__blanks_after(h, line);
    if (rest->data_at >= AT_DATA_INLINE) h->blanks = 0;
}

void at__data_after(at_core *h, at_request *r, const at_atom *a)
{
    at__data_out(h, r, a, at__line_of(h, r), at__count(h, r, at__phase(h, a)));
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

uint32_t at__count(const at_core *h, const at_request *r, const at_phase *phase)
{
    int32_t n = -1;
    if (phase->flags & AT_P_COUNTED) at__phase_count(h->link, phase, r->input, r->fields, &n);
    return (uint32_t)n;
}

uint32_t at__data_total(const at_core *h, const at_request *r, const at_phase *phase)
{
    uint32_t n = at__count(h, r, phase);
    bool in_result = AT_WITH_COUNT_IN_ANSWER && phase->flags & AT_P_COUNT_IN_RESULT;
    if (r->data.p && (!in_result || r->data.n < n))
        n = (uint32_t)r->data.n;
    return n;
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

static bool holds_text(const at_core *h, at_bytes data, unsigned text)
{
    return find_text(h, data, text) != data.n;
}

/* Text that ends the phase, 0 none. */
static unsigned until_of(const at_phase *phase)
{
    return AT_WITH_UNTIL ? phase->texts[AT_P_UNTIL] : 0;
}

/* Would the end of the payload read as the escape, with the text behind it that ends the phase? */
static bool ends_in_escape(const at_core *h, const at_request *r, const at_phase *phase)
{
    const char *escape = at__text(h, phase->texts[AT_P_ESCAPE]);
    const char *until = at__text(h, until_of(phase));
    size_t n = strlen(escape), i;
    if (r->source || r->data.n >= at__count(h, r, phase)) return false;    /* nothing stands there */
    for (i = 1; i < n && i <= r->data.n; i++)
        if (memcmp(r->data.p + r->data.n - i, escape, i) == 0 && strncmp(escape + i, until, n - i) == 0)
            return true;
    return false;
}

/* A text that ends the phase must not stand in the payload unless it can be escaped; one that takes
 * it back, never. */
bool at__data_suits(const at_core *h, const at_request *r)
{
    const at_atom *stage = at__stage(h, r);
    const at_phase *phase;
    if ((!AT_WITH_UNTIL && !AT_WITH_CANCELS) || !stage) return true;
    phase = at__phase(h, stage);
    return !(AT_WITH_CANCELS && holds_text(h, r->data, phase->cancel)) &&
           !(AT_WITH_UNTIL && ends_in_escape(h, r, phase)) &&
           (!AT_WITH_UNTIL || phase->texts[AT_P_ESCAPE] != 0 || 
            !holds_text(h, r->data, until_of(phase)));
}

void at__put_alone(at_core *h, unsigned text)
{
    at_link *l = h->link;
    uint16_t start = at__begin(l, 0);
    h->echo_n = h->echo_at = 0;
    at__put_text(l, text);
    if (l->out_full) at__undo(l, start);
}

static const at_phase *phase_of(const at_core *h, const at_request *r)
{
    return at__phase(h, r->atom);
}

/* Resync commands that the module has read as data. */
static uint32_t resync_bytes(const at_core *h)
{
    const char *resync = at__text(h, at__host_tables(h)->resync);
    return (uint32_t)(strlen(resync) * (h->tries + 1u));
}

/* The module may end the phase by itself when nothing comes, and only then answer. */
static void set_deadline(at_core *h, at_request *r)
{
    at__set_deadline(h, r);
    if (AT_WITH_SILENT_ENDS) r->deadline += r->phase_ms;
}

void at__data_in(at_core *h, at_request *r, const at_atom *a)
{
    r->atom = a;
    r->flags |= AT_Q_SENDING;
    if (at__is_ghost(r)) {
        if (h->sync == AT_SYNC_SENT) r->sent += resync_bytes(h);
        at__data_stop(h, r);
        return;
    }
    if (AT_WITH_COUNT_IN_ANSWER || AT_WITH_SEVERAL_STAGES || AT_WITH_FIGURES)   /* else as at the start */
        r->total = at__data_total(h, r, phase_of(h, r));
    set_deadline(h, r);
}

/* A ghost that goes on sending fills the phase up with zero bytes; so does one that has less to send
 * than the text which would end it. */
void at__data_stop(at_core *h, at_request *r)
{
    const at_phase *phase = phase_of(h, r);
    unsigned text = AT_WITH_CANCELS && phase->cancel != 0 ? phase->cancel : until_of(phase);
    if (text == 0 && (!AT_WITH_SILENT_ENDS || phase->within == 0)) return;
    if (until_of(phase) == 0 && r->total > r->sent && r->total - r->sent < strlen(at__text(h, text)))
        return;
    r->flags &= (uint8_t)~AT_Q_SENDING;
    if (!AT_WITH_SILENT_ENDS || text != 0) {
        at__put_alone(h, text);
    } else {
        at__pause(h, r->phase_ms);
        h->sync = AT_SYNC_DRAIN;        /* a resync command would be data */
    }
}

/* The next stretch of the payload that holds nothing to be escaped, or the escape. */
static void put_payload(at_core *h, at_request *r, const at_phase *phase)
{
    at_bytes data;
    data.p = r->data.p + r->sent;
    data.n = r->data.n - r->sent;
    if (data.n > r->total - r->sent) data.n = r->total - r->sent;
    if (AT_WITH_UNTIL) data.n = find_text(h, data, until_of(phase));
    r->sent += (uint32_t)data.n;
    at__begin(h->link, 0);
    at__put_data(h->link, data);
    if (!AT_WITH_UNTIL || data.n > 0) return;
    at__put_alone(h, phase->texts[AT_P_ESCAPE]);
    r->sent += (uint32_t)strlen(at__text(h, until_of(phase)));
}

/* Bytes of the source, or zeros that fill the phase up. False: there are none now. They stand behind
 * a command whose echo is still to come. */
static bool put_more(at_core *h, at_request *r)
{
    at_link *l = h->link;
    size_t room = r->total - r->sent, n;
    uint16_t keep = h->echo_at < h->echo_n && h->echo_n <= l->out_size / 2u ? h->echo_n : 0;
    if (keep == 0) h->echo_n = h->echo_at = 0;
    if (room > (size_t)(l->out_size - keep)) room = (size_t)(l->out_size - keep);
    n = room;
    if (r->source) n = r->source(r, (uint8_t *)l->out + keep, room, r->ctx);
    else memset(l->out + keep, 0, room);
    if (n == AT_SOURCE_END) {
        r->total = r->sent;
        return true;
    }
    l->out_sent = keep;
    l->out_n = (uint16_t)(keep + n);
    r->sent += (uint32_t)n;
    return n > 0;
}

/* Send more, when the link has room; false: there is nothing to send now. */
static bool pump(at_core *h)
{
    at_request *r = h->running;
    const at_phase *phase = phase_of(h, r);
    if (r->sent < r->data.n && r->sent < r->total) {
        put_payload(h, r, phase);
    } else if (r->sent < r->total && !(r->total == UINT32_MAX && !r->source)) {
        return put_more(h, r);
    } else {
        if (until_of(phase) != 0 && r->sent < at__count(h, r, phase))
            at__put_alone(h, until_of(phase));
        r->flags &= (uint8_t)~AT_Q_SENDING;
        at__after(h, r, r->atom);
    }
    return true;
}

void at__send_data(at_core *h)
{
    at_request *r;
    uint32_t deadline;
    while ((r = h->running) != NULL && r->flags & AT_Q_SENDING) {
        at__flush(h->link);
        if (at_wants_write(h->link)) return;
        deadline = r->deadline;
        set_deadline(h, r);
        if (pump(h)) continue;
        r->deadline = deadline;         /* a source that has nothing does not prolong it */
        at__due(h, h->link->now + SOURCE_MS);
        return;
    }
}
