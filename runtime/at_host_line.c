/* Lines from the module: collecting them, telling echo from answer, and doing what they say.
 * SPDX-License-Identifier: 0BSD */
#include "at_host_private.h"

#include <string.h>

/* ---- what a line does ---- */

#if AT_TAP
void at__tap(at_core *h, at_saw saw, unsigned form, size_t n, at_status status)
{
    const at_link *l = h->link;
    const at_view *v = &h->view;
    at_event e;
    if (!l->tap) return;
    memset(&e, 0, sizeof e);
    e.saw = saw;
    e.form = (uint16_t)form;
    e.line = (uint16_t)AT_NONE;
    e.text = l->in + h->line_at;
    e.n = n;
    e.status = status;
    if (saw >= AT_SAW_LINE && saw <= AT_SAW_URC) {
        e.line = (uint16_t)(v->line - at__tables(l)->lines);
        e.mask = v->mask;
        e.text = l->scan.line;
        e.n = (size_t)(l->in + l->in_n - l->scan.line);
        e.cells = l->scan.cells;
        e.n_cells = l->scan.n_cells;
    }
    l->tap(l->tap_ctx, &e);
}
#endif

/* The last values of a request may share the room of URCs and rows: they are delivered at once. */
static char *room_for(at_core *h, at_request *r, const at_step *a)
{
    char *room = h->rooms;
    if (r->fields || at__take_room(h, r)) room = r->fields;
    else if (at__host_tables(h)->follows[a->follow] > 0) return NULL;
    else memset(room, 0, h->room_size);
    r->flags |= AT_Q_VALUES;
    return room;
}

/* Values of a line of `r`: a row at once, others into his room. False: there is no room. */
static bool store_values(at_core *h, at_request *r, const at_atom *a)
{
    const at_step *step = at__step(h, a);
    char *fields;
    if (h->view.line->n_slots == 0 || at__is_ghost(r)) return true;
    if (step->flags & AT_A_ROW) {
        at__line_store(&h->view, h->rooms);
        at__tell(r, step->row, h->rooms, AT_PENDING);
        return true;
    }
    fields = room_for(h, r, step);
    if (!fields) return false;
    at__line_store(&h->view, fields);
    if (!(step->flags & AT_A_KEEP)) return true;
    if (h->link->in_n == h->link->in_size) return false;        /* no room for the next line */
    r->flags |= AT_Q_TEXT;
    h->line_at = (uint16_t)(h->link->in_n + 1);         /* its NUL too */
    return true;
}

static void do_expected(at_core *h)
{
    at_request *r = h->owner;
    const at_atom *a = h->atom;
    const at_line *line = h->view.line;
    bool final = at__step(h, a)->kind == AT_A_FINAL, data = h->has_data;
    size_t n = h->count;
    at__tap(h, final ? AT_SAW_FINAL : AT_SAW_LINE, at__form(h, r), 0,
            final && at__step(h, a)->outcome != AT_NONE8 && !(at__step(h, a)->flags & AT_A_OK) ? AT_REFUSED : AT_OK);
    if (r == h->running) h->echo_at = h->echo_n;
    if (!store_values(h, r, a)) at__fail(h, r, AT_OVERFLOW);
    else if (AT_WITH_ANSWER_DATA && data) at__data_out(h, r, a, line, n);
    else at__after(h, r, a);
}

/* The module was busy: the command goes again later, a limited number of times. */
static void again(at_core *h, at_request *r)
{
    unsigned tries = r->tries++;
    at__free_line(h);
    r->fields = NULL;
    r->flags &= AT_Q_CANCEL;
    if (tries + 1 >= AT_BUSY_TRIES) {
        at__finish(h, r, AT_TIMEOUT);
        return;
    }
    at__pause(h, AT_BUSY_MS << (tries < 4 ? tries : 4));
    r->state = AT_Q_QUEUED;
    r->atom = NULL;
}

/* Has it sent data, or an escape? A module that refuses it then may read what is left of them as
 * lines. */
static bool has_sent_data(const at_core *h, const at_request *r)
{
    unsigned kinds = AT_KIND(AT_A_DATA_IN) | AT_KIND(AT_A_TRANSPARENT);
    return AT_WITH_SENT_DATA && r->atom && kinds >> at__step(h, r->atom)->kind & 1;
}

static void end_by_result(at_core *h, const at_known *known, int32_t number)
{
    at_request *r = h->running;
    bool ok = known->kind == AT_H_OK;
    if (h->sync) {              /* an OK out of turn: lines of the form were lost */
        if (ok || (has_sent_data(h, r) && r->sent >= r->total)) r->flags |= AT_Q_GARBLED;
        at__ghost_ends(h, ok);
    } else if (ok) {
        r->flags |= AT_Q_GARBLED;
        at__fail(h, r, AT_GARBLED);
    } else if (known->kind != AT_H_BUSY) {
        r->error = number;
        at__decide(r, r->course->error_outcome + known->id, false);
        if (has_sent_data(h, r)) {
            r->flags = (uint8_t)((r->flags & ~AT_Q_SENDING) | AT_Q_GARBLED);
            at__fail(h, r, r->status);
        } else {
            at__end(h, r);
        }
    } else if (!r->atom) {
        again(h, r);
    } else {
        h->adrift = AT_ADRIFT;          /* it has read data as a line */
    }
}

/* A result code that the running form does not expect. */
static void do_result(at_core *h)
{
    at__tap(h, AT_SAW_FINAL, at__form(h, h->running), 0,
            h->known->kind == AT_H_OK ? AT_OK : AT_REFUSED);
    h->echo_at = h->echo_n;
    end_by_result(h, h->known, AT_WITH_RESULT_NUMBERS ? at__line_number(&h->view) : 0);
}

/* Call what stands at this place of the callbacks, if anything. */
static void call_event(at_host *host, unsigned place, const void *fields)
{
    const at_any_event *events = (const at_any_event *)host->events;
    at_event_fn *plain = events[place & (AT_EVENT_FIELDS - 1u)];
    at_fields_fn *with_fields = (at_fields_fn *)(void (*)(void))plain;
    if (!plain) return;
    if (place & AT_EVENT_FIELDS) with_fields(host, fields, host->app);
    else plain(host, host->app);
}

void at__event(at_host *host, unsigned urc, const void *fields)
{
    call_event(host, at__class(&host->core)->places[urc], fields);
}

void at__event_data(at_host *host, unsigned urc, const at_chunk *chunk)
{
    call_event(host, (at__class(&host->core)->places[urc] | AT_EVENT_FIELDS) + 1u, chunk);
}

static void do_urc(at_core *h)
{
    const at_known *k = h->known;
    unsigned urc = (unsigned)k->line - at__host_tables(h)->first_urc;
    at__tap(h, AT_SAW_URC, urc, 0, AT_OK);
    if (h->view.line->n_slots > 0) at__line_store(&h->view, h->rooms);
    if (AT_WITH_DATA_IN && h->has_data) {
        h->urc = (uint16_t)(urc + 1u);
        at__data_out(h, NULL, NULL, h->view.line, h->count);
    }
    if (at__class(h)->event) at__class(h)->event(at__host(h), urc, h->rooms);
    if (AT_WITH_URC_STEPS) at__urc_came(h, urc);
    if (k->kind == AT_H_RESTART) at__end_all(h, AT_RESTARTED);
}

bool at__offer(at_core *h, char lead)
{
    const at_line *line;
    h->lead = lead;
    if (!at__find(h)) return false;
    line = h->view.line;
    if (h->owner) do_expected(h);
    else if (h->known->kind >= AT_H_URC) do_urc(h);
    else do_result(h);
    if (h->stream) return true;
    at__new_line(h);
    if (AT_WITH_EMPTY_LINES) h->blanks = 0;
    if (AT_WITH_EMPTY_LINES && h->running) at__blanks_after(h, line);
    return true;
}

/* ---- collecting ---- */

void at__new_line(at_core *h)
{
    h->link->in_n = h->line_at;
    h->may_be_header = true;
    h->prompt = NULL;
    h->cut = false;
    if (AT_WITH_NEXT_LINES) h->goes_on = false;
}

void at__give_up_line(at_core *h)
{
    at_text line;
    line.p = h->link->in + h->line_at;
    line.n = at__length(h);
    if (line.n > 0) {
        h->link->in[h->link->in_n] = '\0';
        at__tap(h, AT_SAW_UNKNOWN, AT_NONE, line.n, AT_OK);
        if (at__class(h)->unknown) at__class(h)->unknown(at__host(h), line);
    }
    at__new_line(h);
}

#if AT_WITH_NEXT_LINES
/* What stands for the line end of a line that goes on: a cell ends there. */
static const char joint[] = ",\r\n";
#define JOINT (sizeof joint - 1)

void at__part_line(at_core *h)
{
    at_link *l = h->link;
    size_t n = at__length(h);
    const char *first = l->in + h->line_at, *next = (const char *)memchr(first, '\n', n) + 1;
    n -= (size_t)(next - first);
    l->in_n = (uint16_t)(l->in_n - n - JOINT);
    at__give_up_line(h);
    memmove(l->in + h->line_at, next, n);
    l->in_n = (uint16_t)(h->line_at + n);
}

/* Could what was collected be the first physical line of one that goes on? Then it does. */
static bool begins(at_core *h)
{
    at_link *l = h->link;
    uint16_t n = l->in_n;
    if (!at__host_tables(h)->next_lines || (size_t)(l->in_size - n) < JOINT) return false;
    memcpy(l->in + n, joint, JOINT);
    l->in_n = (uint16_t)(n + JOINT);
    h->lead = '\0';
    h->goes_on = h->view.begun = true;
    h->goes_on = at__find(h);
    h->view.begun = false;
    if (h->goes_on) h->may_be_header = false;
    else l->in_n = n;
    return h->goes_on;
}
#else
#define begins(h) false
#endif

bool at__is_echo(at_core *h)
{
    size_t same = at__echo_length(h);
    bool with_data = AT_WITH_COMMAND_DATA && h->echo_data && same > 0 && same == (size_t)(h->echo_n - h->echo_at);
    if (same != at__length(h) && !with_data) return false;
    if (!AT_TAP || same > 0) at__take_echo(h, same);
    at__new_line(h);
    return true;
}

/* A line too long for the buffer: when it can be the running form's, that fails. */
static void end_overlong(at_core *h)
{
    if (!at__begins_known(h) && h->running) h->running->status = AT_OVERFLOW;
}

/* False: the line is nobody's. */
static bool take_line(at_core *h)
{
    if (AT_WITH_NEXT_LINES && h->goes_on) {
        if (at__offer(h, '\0')) return true;
        at__part_line(h);
        if (at__length(h) == 0) return true;
    }
    return at__is_echo(h) || begins(h) || at__offer(h, '\0');
}

static void end_empty_line(at_core *h)
{
    const at_atom *a = NULL;
    if (h->blanks > 0) h->blanks--;     /* it belongs to the line before */
    else a = at__expects(h, h->running, AT_KIND(AT_A_BLANK));
    at__new_line(h);
    if (a) at__after(h, h->running, a);
}

static void end_line(at_core *h)
{
    at_link *l = h->link;
    while (l->in_n > h->line_at && l->in[l->in_n - 1] == '\r') l->in_n--;
    if (AT_WITH_EMPTY_LINES && !h->cut && l->in_n == h->line_at) {
        end_empty_line(h);
        return;
    }
    if (h->cut) end_overlong(h);
    else if (take_line(h)) return;
    at__give_up_all(h);
}

/* Is `c` the sign after a data header? While all is echo there is none. */
static bool is_header(at_core *h, char c)
{
    size_t echo;
    if (!h->may_be_header || !at__is_in(at__text(h, at__host_tables(h)->leads), c)) return false;
    echo = at__echo_length(h);
    if (echo == at__length(h)) return false;
    h->may_be_header = echo > 0;        /* else at__reads says it */
    return at__offer(h, c);
}

/* The prompt that may come at the beginning of this line, one without text: none. */
static const at_atom *expected_prompt(at_core *h)
{
    static const at_atom none = { 0, 0 };
    const at_atom *a = at__expects(h, h->running, AT_KIND(AT_A_PROMPT));
    return a ? a : &none;
}

/* Is what was collected the prompt that is expected? */
static bool is_prompt(at_core *h)
{
    size_t n = at__length(h);
    const at_atom *a = h->prompt;
    const char *text = at__text(h, a->line);
    if (a->line == 0 || n != strlen(text) || memcmp(h->link->in + h->line_at, text, n) != 0)
        return false;
    at__tap(h, AT_SAW_PROMPT, at__form(h, h->running), n, AT_OK);
    at__new_line(h);
    h->echo_at = h->echo_n;
    h->skip_blank = true;
    at__after(h, h->running, a);
    return true;
}

/* Keep a byte of the line. Lines that were kept for requests that are gone make room for it. */
static void keep(at_core *h, char c)
{
    at_link *l = h->link;
    if (l->in_n == l->in_size && !h->cut) at__drop_lines(h);
    if (l->in_n == l->in_size) h->cut = true;
    else l->in[l->in_n++] = c;
}

/* Bytes that are nothing but a part of the line. */
static const uint8_t *collect_plain(at_core *h, const uint8_t *p, const uint8_t *end)
{
    at_link *l = h->link;
    const char *leads = at__text(h, at__host_tables(h)->leads);
    if (!h->prompt) h->prompt = expected_prompt(h);
    if (h->prompt->line != 0 || h->skip_blank) return p;
    if (end - p > l->in_size - l->in_n) end = p + (l->in_size - l->in_n);
    for (; p < end; p++) {
        bool may_matter = *p <= at__host_tables(h)->top;
        if (may_matter && (*p <= '\r' || (h->may_be_header && at__is_in(leads, (char)*p)))) break;
        l->in[l->in_n++] = (char)*p;
    }
    return p;
}

const uint8_t *at__collect(at_core *h, const uint8_t *p, const uint8_t *end)
{
    while ((p = collect_plain(h, p, end)) < end) {
        char c = (char)*p++;
        bool skip = h->skip_blank && c == ' ';
        h->skip_blank = false;
        if (c == '\n') {
            end_line(h);
            break;
        }
        if (skip || (c == '\r' && at__is_echo(h))) continue;
        if (c == '\r' && at__manners_of(h) && at__manners_of(h)->spell_out(h)) {
            end_line(h);
            break;
        }
        if (is_header(h, c)) break;
        keep(h, c);
        if (is_prompt(h)) break;
    }
    return p;
}
