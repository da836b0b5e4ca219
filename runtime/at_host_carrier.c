/* Transparent mode that the module may end, with a line: NO CARRIER. Apart from
 * at_host_transparent.c so that dialects where only the escape ends it do not carry it.
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
static void put_ending(at_core *h, unsigned number)
{
    const at_line *line = &at__tables(h->link)->lines[number];
    const at_slot *slot = &at__tables(h->link)->slots[line->slots];
    const uint8_t *frame = at__framing(h, line);
    unsigned head = at_head_of(&at__host_tables(h)->t, number);
    append(h, frame[0]);
    append(h, head);
    if (head == 0 && at_trait_of(&at__host_tables(h)->t, slot)->flags & AT_S_LITERAL)
        append(h, at__tables(h->link)->words[slot->offset]);
    append(h, frame[1]);
}

static void begin_carrier(at_core *h, at_request *r, const at_atom *a)
{
    unsigned line = at__phase(h, a)->line;
    at__transparent.begin(h, r, a);
    h->held = 0;
    if (line != AT_NONE) put_ending(h, line);
}

#if AT_TAP
/* The line that ended it: `end` is its end in link.in, framing included. */
static void tap_line(at_core *h, const at_request *r, uint16_t end)
{
    at_link *l = h->link;
    const at_line *line = &at__tables(l)->lines[at__phase(h, h->data_atom)->line];
    const uint8_t *frame = at__framing(h, line);
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

/* By the module's line, with which the form ends. */
static void left(at_core *h)
{
    uint16_t line_end = h->link->in_n;
    at_request *r = at__end_transparent(h);
    if (!r) return;
    tap_line(h, r, line_end);
    at__complete(h, r, h->data_atom);
    at__sync(h);
}

static void pass_held(at_core *h)
{
    uint16_t n = h->held;
    h->held = 0;
    at__pass(h, h->link->in + h->line_at, n);
}

static const uint8_t *carrier_bytes(at_core *h, const uint8_t *p, const uint8_t *stop)
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

static void carrier_step(at_core *h)
{
    if (h->held > 0 && at__due(h, h->heard_at + HELD_MS)) pass_held(h);
    at__transparent.step(h);
}

const at_stream at__carrier = { begin_carrier, carrier_bytes, carrier_step };
