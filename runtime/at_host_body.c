/* A body without a length: lines that are handed on until one comes that ends it. What may belong
 * to the framing of that line is held back.
 * SPDX-License-Identifier: 0BSD */
#include "at_host_private.h"

#include <string.h>

static const at_phase *body_phase(const at_core *h)
{
    return at__phase(h, h->data_atom);
}

static void begin_body(at_core *h, at_request *r, const at_atom *a)
{
    at__stream_in(h, r, a, &at__body);
    h->held = 0;
    h->blanks = 0;
}

/* Hand on `n` bytes of what was collected, all but the line end they end with: that may belong to
 * the end of the body. */
static void pass(at_core *h, size_t n)
{
    at_link *l = h->link;
    char *line = l->in + h->line_at;
    size_t keep = 0;
    if (n > 0 && line[n - 1] == '\n') keep = n > 1 && line[n - 2] == '\r' ? 2 : 1;
    n -= keep;
    at__pass(h, line, n);
    l->in_n = (uint16_t)(l->in_n - n);
    memmove(line, line + n, at__length(h));
    h->held = (uint16_t)keep;
    h->cut = keep == 0;
    h->blanks = 0;
}

static bool is_line_end(char c)
{
    return c == '\r' || c == '\n';
}

/* A part of what was collected: a line, or what is behind the one that may have ended the body. */
typedef struct part { size_t from, to; } part;

/* The line that may have ended the body, its own line end aside. */
static part last_line(const at_core *h)
{
    const char *in = h->link->in + h->line_at;
    part p;
    p.from = p.to = h->held;
    while (!is_line_end(in[p.to])) p.to++;
    return p;
}

/* What has come behind it, empty lines aside, without the line end. */
static part behind(const at_core *h)
{
    const char *in = h->link->in + h->line_at;
    part p;
    p.from = last_line(h).to;
    p.to = at__length(h);
    while (p.from < p.to && is_line_end(in[p.from])) p.from++;
    while (p.from < p.to && is_line_end(in[p.to - 1])) p.to--;
    return p;
}

/* Does this part read as line `number`, for `r`? */
static bool part_reads(at_core *h, at_request *r, part p, unsigned number)
{
    at_link *l = h->link;
    uint16_t line_at = h->line_at, n = l->in_n;
    char *stop = l->in + line_at + p.to, saved = *stop;
    bool yes;
    h->line_at = (uint16_t)(line_at + p.from);
    l->in_n = (uint16_t)(line_at + p.to);
    yes = at__reads(h, r, number);
    *stop = saved;
    h->line_at = line_at;
    l->in_n = n;
    return yes;
}

#if AT_TAP
static void tap_end(at_core *h, at_request *r, part p)
{
    uint16_t n = h->link->in_n;
    if (!part_reads(h, r, p, body_phase(h)->line)) return;
    h->link->in_n = (uint16_t)(h->line_at + p.to);
    at__tap(h, AT_SAW_FINAL, at__form(h, r), 0, AT_OK);
    h->link->in_n = n;
}
#else
#define tap_end(h, r, p) ((void)(p))
#endif

/* The body has ended: what was held back was the framing of its last line, or still body. */
static void end_body(at_core *h)
{
    at_request *r;
    part last = last_line(h);
    if (at__framing(h, &at__tables(h->link)->lines[body_phase(h)->line])[0] == 0)
        at__pass(h, h->link->in + h->line_at, h->held);
    h->blanks = 0;
    at__deliver(h, NULL, 0, 0);
    r = at__end_stream(h, AT_OK);
    tap_end(h, r, last);
    at__after(h, r, h->data_atom);
}

/* Does this part read as a line that may follow the body? */
static bool may_follow(at_core *h, part p)
{
    at_request *r = h->data_for;
    const at_atom *before = r->atom, *a;
    unsigned from = 0;
    bool yes = false;
    r->atom = h->data_atom;
    while (!yes && (a = at__next_atom(h, r, AT_KIND(AT_A_LINE) | AT_KIND(AT_A_FINAL), &from)))
        yes = part_reads(h, r, p, a->line);
    r->atom = before;
    return yes;
}

/* At the very beginning a line may be something else instead of the body: an error, another answer,
 * a URC. `lead`: the sign after it, when it is to be a data header, else 0. */
static bool is_no_body(at_core *h, part p, char lead)
{
    at_request *r = h->data_for;
    uint16_t n = h->link->in_n;
    char *stop = h->link->in + h->line_at + p.to, saved = *stop;
    if (h->cut || h->counted > 0 || p.from == p.to) return false;
    h->stream = NULL;
    h->data_for = NULL;
    h->line_at = (uint16_t)(h->line_at + p.from);
    h->link->in_n = (uint16_t)(h->line_at + (p.to - p.from));
    if (!at__offer(h, lead)) {
        *stop = saved;
        h->line_at = (uint16_t)(h->line_at - p.from);
        h->link->in_n = n;
        h->stream = &at__body;
        h->data_for = r;
        return false;
    }
    if (h->stream) return true;
    if (r == h->running && at__expects(h, r, AT_KIND(AT_A_BODY))) begin_body(h, r, h->data_atom);
    return true;
}

/* A line came behind the one that may have ended the body; when that did end it this one stays.
 * False: that was none of the end. */
static bool is_over(at_core *h)
{
    part p = behind(h);
    char *in = h->link->in + h->line_at;
    if (p.from == p.to) return true;
    if (!may_follow(h, p)) {
        pass(h, p.from);
        return false;
    }
    end_body(h);
    h->link->in_n = (uint16_t)(h->link->in_n + (p.to - p.from));
    memmove(in, in + p.from, p.to - p.from);
    return true;
}

/* A line of the body is there, after `held` bytes. */
static void end_body_line(at_core *h)
{
    at_link *l = h->link;
    part p;
    if (h->blanks > 0 && is_over(h)) return;
    p.from = h->held;
    p.to = at__length(h);
    while (p.to > p.from && is_line_end(l->in[h->line_at + p.to - 1])) p.to--;
    if (!h->cut && part_reads(h, h->data_for, p, body_phase(h)->line)) {
        h->blanks = 1;
        if (body_phase(h)->silence_ms == 0) end_body(h);
    } else if (!is_no_body(h, p, '\0')) {
        pass(h, at__length(h));
    }
}

/* Before the first line of a body that nothing announces comes the command's echo, and its LF. */
static bool is_of_echo(at_core *h, char c)
{
    bool skip = h->skip_blank && c == '\n';
    h->skip_blank = false;
    if (skip || c != '\r' || h->counted > 0) return skip;
    h->skip_blank = at__length(h) > 0 && at__is_echo(h);
    return h->skip_blank;
}

/* Is `c` the sign before data inside a line that is none of the body? */
static bool begins_data(at_core *h, char c)
{
    part p;
    p.from = h->held;
    p.to = at__length(h);
    return at__is_in(at__text(h, at__host_tables(h)->leads), c) && is_no_body(h, p, c);
}

static const uint8_t *body_bytes(at_core *h, const uint8_t *p, const uint8_t *stop)
{
    at_link *l = h->link;
    while (p < stop) {
        char c = (char)*p++;
        if (is_of_echo(h, c)) continue;
        if (begins_data(h, c)) break;
        if (l->in_n == l->in_size) at__drop_lines(h);
        if (l->in_n == l->in_size) pass(h, at__length(h));
        l->in[l->in_n++] = c;
        if (c == '\n') {
            end_body_line(h);
            return !h->stream && at__length(h) > 0 ? p - 1 : p;     /* a line behind the body */
        }
    }
    return p;
}

static void body_step(at_core *h)
{
    part p;
    if (h->blanks == 0) return;
    p = behind(h);
    if (p.from == p.to && at__due(h, h->heard_at + body_phase(h)->silence_ms)) end_body(h);
}

const at_stream at__body = { begin_body, body_bytes, body_step };
