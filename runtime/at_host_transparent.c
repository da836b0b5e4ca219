/* Transparent mode: all bytes are data, both ways, until the escape or until the module says that
 * it is over.
 * SPDX-License-Identifier: 0BSD */
#include "at_host_private.h"

#include <string.h>

#define HELD_MS 100u            /* what may be the module's end is held back for so long */

static void append(at_core *h, unsigned text)
{
    at_link *l = h->link;
    const char *p = at__text(h, text);
    for (; *p != '\0' && l->in_n < l->in_size; p++) l->in[l->in_n++] = *p;
}

/* The line that ends it from the module is kept where lines are collected. */
static void put_end(at_core *h, const at_line *line)
{
    const at_slot *slot = &h->link->tables->slots[line->slots];
    const uint16_t *frame = at__framing(h, line);
    append(h, frame[0]);
    append(h, line->head);
    if (line->head == 0 && slot->flags & AT_S_LITERAL) append(h, slot->offset);
    append(h, frame[1]);
}

static const at_phase *phase_of(const at_core *h)
{
    return &h->link->tables->phases[h->data_atom->line];
}

static void begin(at_core *h, at_request *r, const at_atom *a)
{
    unsigned line;
    at__stream_in(h, r, a, &at__transparent);
    at__blanks_after(h, at__line_of(h, r));
    line = phase_of(h)->line;
    h->escape = r == &h->ghost ? AT_ESC_ASKED : AT_ESC_NONE;
    h->said_at = h->link->now;
    if (line != AT_NONE) put_end(h, &h->link->tables->lines[line]);
    at__deliver(h, NULL, 0, SIZE_MAX, AT_PENDING);
}

#if AT_TAP
/* The line that ended it: `end` is its end in link.in, framing included. */
static void tap_line(at_core *h, const at_request *r, uint16_t end)
{
    at_link *l = h->link;
    const at_line *line = &l->tables->lines[phase_of(h)->line];
    const uint16_t *frame = at__framing(h, line);
    h->view.line = line;
    h->view.mask = 0;
    l->scan.line = l->in + h->line_at + strlen(at__text(h, frame[0]));
    l->scan.n_cells = 0;
    l->in_n = (uint16_t)(end - strlen(at__text(h, frame[1])));
    at__tap(h, AT_SAW_FINAL, at__form(h, r), 0, AT_OK);
    at__new_line(h);
}
#else
#define tap_line(h, r, end) ((void)(end))
#endif

/* Whose it was, NULL: nobody's any more. */
static at_request *end(at_core *h)
{
    at__deliver(h, NULL, 0, 0, AT_OK);
    return at__end_stream(h, AT_OK);
}

/* By the escape; what follows comes after `ms`. */
static void leave(at_core *h, uint32_t ms)
{
    at_request *r = end(h);
    if (!r) return;
    r->deadline += ms;
    if (ms > 0) at__pause(h, ms);
    at__after(h, r, h->data_atom);
}

/* By the module's line, with which the form ends. */
static void left(at_core *h)
{
    uint16_t line_end = h->link->in_n;
    at_request *r = end(h);
    if (!r) return;
    tap_line(h, r, line_end);
    at__complete(h, r, h->data_atom);
}

static void pass_held(at_core *h)
{
    uint16_t n = h->held;
    h->held = 0;
    at__pass(h, h->link->in + h->line_at, n);
}

static const uint8_t *bytes(at_core *h, const uint8_t *p, const uint8_t *stop)
{
    const char *line = h->link->in + h->line_at;
    size_t line_n = (size_t)(h->link->in_n - h->line_at);
    const uint8_t *from = p = at__blank_bytes(h, p, stop);
    if (line_n == 0) p = stop;
    while (p < stop && h->held < line_n) {
        if ((char)*p == line[h->held]) {
            if (h->held++ == 0) at__pass(h, (const char *)from, (size_t)(p - from));
            from = ++p;
        } else if (h->held > 0) {
            pass_held(h);
        } else {
            p++;
        }
    }
    at__pass(h, (const char *)from, (size_t)(p - from));
    if (line_n > 0 && h->held == line_n) left(h);
    return p;
}

/* Does the module answer to the escape? */
static bool is_answered(const at_core *h)
{
    const at_atom *a = h->data_atom;
    const int8_t *follow = h->tables->follows + at__step(h, a)->follow;
    int n;
    for (n = follow[0]; n > 0; n--)
        if (at__step(h, a + follow[n])->kind <= AT_A_FINAL) return true;
    return false;
}

/* Silence, the escape, silence. An answer to the escape comes when the module has had its silence:
 * lines are read at once, and it is waited for so much longer. */
static void step(at_core *h)
{
    uint32_t silence_ms = AT_MORE(phase_of(h)->silence_ms);
    bool silent;
    if (h->held > 0 && at__due(h, h->heard_at + HELD_MS)) pass_held(h);
    if (at_wants_write(h->link)) h->said_at = h->link->now;
    if (h->escape == AT_ESC_NONE) return;
    silent = at__due(h, h->said_at + silence_ms);
    if (h->escape == AT_ESC_SENT && is_answered(h)) {
        leave(h, silence_ms);
    } else if (h->escape == AT_ESC_SENT) {
        if (silent) leave(h, 0);
    } else if (silent) {
        at__put_alone(h, phase_of(h)->until);
        h->escape = AT_ESC_SENT;
        h->said_at = h->link->now;
    }
}

const at_stream at__transparent = { begin, bytes, step };

size_t at_host_send(at_host *host, const uint8_t *p, size_t n)
{
    at_core *h = &host->core;
    at_link *l = h->link;
    size_t room = at__room(l);
    if (h->stream != &at__transparent || h->escape != AT_ESC_NONE) return 0;
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
    if (h->stream != &at__transparent || h->escape != AT_ESC_NONE) return AT_INVALID;
    h->escape = AT_ESC_ASKED;
    h->said_at = h->link->port.now(h->link->port.ctx);  /* what was said before may still be under way */
    return AT_OK;
}
