/* A body without a length: lines that are handed on until one comes that ends it. What may belong
 * to the framing of that line is held back.
 * SPDX-License-Identifier: 0BSD */
#include "at_host_private.h"

#include <string.h>

static const at_phase *phase_of(const at_core *h)
{
    return &h->link->tables->phases[h->data_atom->line];
}

static void begin(at_core *h, at_request *r, const at_atom *a)
{
    at__stream_in(h, r, a, &at__body);
    h->blanks = 0;
}

/* Hand on all but the line end it ends with: that may belong to the end of the body. */
static void pass_line(at_core *h)
{
    at_link *l = h->link;
    char *line = l->in + h->line_at;
    size_t n = (size_t)(l->in_n - h->line_at), keep = 0;
    if (n > 0 && line[n - 1] == '\n') keep = n > 1 && line[n - 2] == '\r' ? 2 : 1;
    at__pass(h, line, n - keep);
    memmove(line, line + n - keep, keep);
    l->in_n = (uint16_t)(h->line_at + keep);
    h->held = (uint16_t)keep;
    h->cut = keep == 0;
}

/* The body has ended: what was held back was the framing of its last line, or still body. */
static void end(at_core *h)
{
    const at_line *line = &h->link->tables->lines[phase_of(h)->line];
    if (at__framing(h, line)[0] == 0) at__pass(h, h->link->in + h->line_at, h->held);
    h->blanks = 0;
    at__deliver(h, NULL, 0, 0, AT_OK);
    at__stream_done(h);
}

/* At the very beginning a line may be something else instead of the body: an error, another answer,
 * a URC. */
static bool is_no_body(at_core *h)
{
    at_request *r = h->data_for;
    if (h->cut || h->counted > 0 || h->link->in_n == h->line_at) return false;
    h->stream = NULL;
    h->data_for = NULL;
    if (!at__offer(h, '\0')) {
        h->stream = &at__body;
        h->data_for = r;
        return false;
    }
    if (h->stream) return true;
    at__new_line(h);
    if (r == h->running && at__expects(h, r, AT_KIND(AT_A_BODY))) begin(h, r, h->data_atom);
    return true;
}

/* A line of the body is there, after `held` bytes. */
static void end_line(at_core *h)
{
    at_link *l = h->link;
    uint16_t line_at = h->line_at, n = l->in_n, stop = n;
    char saved;
    bool is_end;
    h->line_at = (uint16_t)(line_at + h->held);
    while (stop > h->line_at && (l->in[stop - 1] == '\n' || l->in[stop - 1] == '\r')) stop--;
    saved = l->in[stop];
    l->in_n = stop;
    is_end = !h->cut && at__reads(h, h->data_for, phase_of(h)->line);
    if (!is_end && is_no_body(h)) return;
    l->in[stop] = saved;
    l->in_n = n;
    h->line_at = line_at;
    if (!is_end) pass_line(h);
    else if (phase_of(h)->silence_ms != 0) h->blanks = 1;
    else end(h);
}

static const uint8_t *bytes(at_core *h, const uint8_t *p, const uint8_t *stop)
{
    at_link *l = h->link;
    if (h->blanks > 0) {        /* that was not its end */
        h->blanks = 0;
        pass_line(h);
    }
    while (p < stop) {
        char c = (char)*p++;
        if (l->in_n == l->in_size) at__drop_lines(h);
        if (l->in_n == l->in_size) pass_line(h);
        l->in[l->in_n++] = c;
        if (c == '\n') {
            end_line(h);
            return p;
        }
    }
    return p;
}

static void step(at_core *h)
{
    if (h->blanks > 0 && at__due(h, h->heard_at + phase_of(h)->silence_ms)) end(h);
}

const at_stream at__body = { begin, bytes, step };
