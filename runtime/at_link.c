/* What every link does, whichever side it is: bytes in, bytes out, the clock.
 *
 * Output waits in one buffer. A payload is not copied there: it leaves by reference when the
 * buffer has been written up to data_at, so a header and its payload leave together.
 * SPDX-License-Identifier: 0BSD */
#include "at_link_private.h"

#include <string.h>

at_status at__link_init(at_link *l, const at_port *port, void *buffer, size_t size, size_t line)
{
    const at_tables *t = at__tables(l);
    if (size < t->line_max + 1u + t->out_max + t->final_max || size > UINT16_MAX) return AT_INVALID;
    l->port = *port;
    l->in = (char *)buffer;
    l->in_size = (uint16_t)line;
    l->out = l->in + line + 1;
    l->out_size = (uint16_t)(size - line - 1);
    return AT_OK;
}

/* ---- settings ---- */

void at__settings_forget(at_link *l)
{
    unsigned i;
    for (i = 0; i < at__tables(l)->n_settings; i++) l->settings[i] = AT_UNKNOWN;
}

void at__settings_reset(at_link *l)
{
    unsigned i;
    for (i = 0; AT_WITH_SETTINGS && i < at__tables(l)->n_settings; i++)
        l->settings[i] = at__tables(l)->initial[i];
}

void at__manner_reset(at_link *l, unsigned id)
{
    const at_manner *manner = at__tables(l)->manner;
    unsigned i;
    for (i = 0; i < manner->n_resets; i++)
        if (manner->resets[i] == id) at__settings_reset(l);
}

/* ---- output ---- */

size_t at__room(const at_link *l)
{
    return (size_t)l->out_size - l->out_n + l->out_sent;
}

/* What has left makes room. */
static void close_up(at_link *l)
{
    l->out_n = (uint16_t)(l->out_n - l->out_sent);
    memmove(l->out, l->out + l->out_sent, l->out_n);
    l->data_at = (uint16_t)(l->data_at - l->out_sent);
    l->out_sent = 0;
}

uint16_t at__begin(at_link *l, size_t keep)
{
    if (l->out_sent > 0) close_up(l);
    l->out_full = l->data_new = false;
    l->out_limit = (uint16_t)(l->out_size - keep);
    return l->out_n;
}

void at__put_char(at_link *l, char c)
{
    if (l->out_n < l->out_limit) l->out[l->out_n++] = c;
    else l->out_full = true;
}

void at__put(at_link *l, const char *p, size_t n)
{
    for (; n > 0; n--) at__put_char(l, *p++);
}

void at__put_text(at_link *l, unsigned text)
{
    const char *p = at__tables(l)->text + text;
    for (; *p != '\0'; p++) at__put_char(l, *p);
}

void at__put_data(at_link *l, at_bytes data)
{
    if (data.n == 0) return;
    if (l->data.n > 0) {
        l->out_full = true;
        return;
    }
    l->data.p = data.p;
    l->data.n = data.n;
    l->data_sent = 0;
    l->data_at = l->out_n;
    l->data_new = true;
}

size_t at__put_some(at_link *l, const uint8_t *p, size_t n)
{
    uint16_t start = at__begin(l, at__tables(l)->final_max);
    at__put(l, (const char *)p, n);
    return (size_t)(l->out_n - start);
}

void at__undo(at_link *l, uint16_t start)
{
    l->out_n = start;
    if (l->data_new) l->data.n = 0;
}

bool at__commit(at_link *l, uint16_t start)
{
    if (l->out_full) at__undo(l, start);
    return !l->out_full;
}

static void trace(at_link *l, char direction, const uint8_t *p, size_t n)
{
    at_bytes seen = { p, n };
    if (AT_TAP && n > 0 && l->port.trace) l->port.trace(l->port.ctx, direction, seen);
}

static size_t offer(at_link *l, const uint8_t *p, size_t n)
{
    size_t taken = l->port.write(l->port.ctx, p, n);
    trace(l, at__side(l)->from == '>' ? '<' : '>', p, taken);
    return taken;
}

/* A payload has left, or never will. */
static void end_data(at_link *l)
{
    at_bytes data;
    data.p = l->data.p;
    data.n = l->data.n;
    l->data.n = 0;
    if (data.n > 0 && at__side(l)->sent) at__side(l)->sent(l, data);
}

void at__flush(at_link *l)
{
    size_t taken;
    do {
        size_t end = l->data.n > 0 ? l->data_at : l->out_n;
        if (l->out_sent < end) {
            taken = offer(l, (const uint8_t *)l->out + l->out_sent, end - l->out_sent);
            l->out_sent = (uint16_t)(l->out_sent + taken);
        } else if (l->data.n > 0) {
            taken = offer(l, l->data.p + l->data_sent, l->data.n - l->data_sent);
            l->data_sent += taken;
            if (l->data_sent == l->data.n) end_data(l);
        } else {
            l->out_n = l->out_sent = 0;
            return;
        }
    } while (taken > 0);
}

/* ---- what programs call ---- */

uint32_t at__until(const at_link *l, uint32_t when)
{
    uint32_t ms = when - l->now;
    return ms > INT32_MAX ? 0 : ms;
}

size_t at_feed(at_link *l, const uint8_t *p, size_t n)
{
    size_t taken;
    l->now = l->port.now(l->port.ctx);
    taken = at__side(l)->feed(l, p, n);
    trace(l, at__side(l)->from, p, taken);
    at__flush(l);
    return taken;
}

uint32_t at_poll(at_link *l)
{
    uint32_t due;
    at__flush(l);
    l->now = l->port.now(l->port.ctx);
    due = at__side(l)->poll(l);
    at__flush(l);
    return due;
}

bool at_wants_write(const at_link *l)
{
    return l->out_n > 0 || l->data.n > 0;       /* see at__flush */
}

bool at_idle(const at_link *l)
{
    return !at_wants_write(l) && at__side(l)->idle(l);
}

/* Everything under way ends, nothing that waits is written. */
static void end_all(at_link *l, at_status status)
{
    l->in_n = l->out_n = l->out_sent = 0;
    l->now = l->port.now(l->port.ctx);
    end_data(l);
    at__side(l)->end(l, status);
}

void at_lost(at_link *l)
{
    end_all(l, AT_LOST);
}

void at_restart(at_link *l)
{
    at__settings_reset(l);
    end_all(l, AT_RESTARTED);
}
