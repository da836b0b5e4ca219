/* Transparent mode: all bytes are data, both ways, until the escape.
 * SPDX-License-Identifier: 0BSD */
#include "at_host_private.h"

static const at_phase *escape_phase(const at_core *h)
{
    return at__phase(h, h->data_atom);
}

static void begin_transparent(at_core *h, at_request *r, const at_atom *a)
{
    at__stream_in(h, r, a, at__class(h)->transparent);
    if (AT_WITH_EMPTY_LINES) at__blanks_after(h, at__line_of(h, r));
    h->escape = at__is_ghost(r) ? AT_ESC_ASKED : AT_ESC_ON;
    h->said_at = h->link->now;
    at__deliver(h, NULL, 0, SIZE_MAX);
}

at_request *at__end_transparent(at_core *h)
{
    at__deliver(h, NULL, 0, 0);
    return at__end_stream(h, AT_OK);
}

/* By the escape; an answer to it comes after `ms`, 0: there is none. Then nobody knows whether the module
 * has heard it, has been in transparent mode at all, or reads the last data as lines: no command before
 * it answers. */
static void leave(at_core *h, uint32_t ms)
{
    at_request *r = at__end_transparent(h);
    if (!r) return;
    r->deadline += ms;
    if (ms > 0) at__pause(h, ms);
    at__after(h, r, h->data_atom);
    if (ms == 0) at__sync(h);
}

static const uint8_t *transparent_bytes(at_core *h, const uint8_t *p, const uint8_t *stop)
{
    if (AT_WITH_EMPTY_LINES) p = at__blank_bytes(h, p, stop);
    at__pass(h, (const char *)p, (size_t)(stop - p));
    return stop;
}

/* Does the module answer to the escape? */
static bool is_answered(const at_core *h)
{
    const at_atom *a = h->data_atom;
    const int8_t *follow = at__host_tables(h)->follows + at__step(h, a)->follow;
    int n;
    for (n = follow[0]; n > 0; n--)
        if (at__step(h, a + follow[n])->kind <= AT_A_FINAL) return true;
    return false;
}

/* Silence, the escape, silence. An answer to the escape comes when the module has had its silence:
 * lines are read at once, and it is waited for so much longer. */
static void transparent_step(at_core *h)
{
    uint32_t silence_ms = AT_MORE(escape_phase(h)->silence_ms);
    bool silent;
    if (at_wants_write(h->link)) h->said_at = h->link->now;
    if (h->escape == AT_ESC_ON) return;
    silent = at__due(h, h->said_at + silence_ms);
    if (AT_WITH_ESCAPE_ANSWERS && h->escape == AT_ESC_SENT && is_answered(h)) {
        leave(h, silence_ms);
    } else if (h->escape == AT_ESC_SENT) {
        if (silent) leave(h, 0);
    } else if (silent) {
        at__put_alone(h, escape_phase(h)->texts[AT_P_UNTIL]);
        h->escape = AT_ESC_SENT;
        h->said_at = h->link->now;
        h->wake = 0;
    }
}

const at_stream at__transparent = { begin_transparent, transparent_bytes, transparent_step };

size_t at_host_send(at_host *host, const uint8_t *p, size_t n)
{
    at_core *h = &host->core;
    at_link *l = h->link;
    size_t room = at__room(l);
    if (h->escape != AT_ESC_ON) return 0;
    if (n > room) n = room;
    at__begin(l, 0);
    at__put(l, (const char *)p, n);
    h->echo_n = h->echo_at = 0;
    h->said_at = l->now = l->port.now(l->port.ctx);
    at__flush(l);
    return n;
}

at_status at_host_escape(at_host *host)
{
    at_core *h = &host->core;
    if (h->escape != AT_ESC_ON) return AT_INVALID;
    h->escape = AT_ESC_ASKED;
    h->said_at = h->link->port.now(h->link->port.ctx);  /* what was said before may still be under way */
    return AT_OK;
}
