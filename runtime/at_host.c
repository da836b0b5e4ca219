/* Requests of the host: how they wait for the line, have it, wait for later lines and end. One
 * command is on the line at a time. A request that ends before its form did (time limit, cancelled,
 * garbled) leaves a ghost on the line that takes what still comes for it; then the link is brought
 * back in step by the dialect's resync command, and only then goes the next one.
 * SPDX-License-Identifier: 0BSD */
#include "at_host_private.h"

#include <string.h>

#include "at_value.h"


/* ---- the clock ---- */

bool at__due(at_core *h, uint32_t when)
{
    uint32_t ms = at__until(h->link, when);
    if (ms > 0 && ms < h->wake) h->wake = ms;
    return ms == 0;
}

void at__limit(at_core *h, at_request *r, unsigned within)
{
    r->deadline = h->link->now + at__time(h->link, within, r->input);
}

void at__set_deadline(at_core *h, at_request *r)
{
    at__limit(h, r, r->course->within);
}

void at__pause(at_core *h, uint32_t ms)
{
    h->next_at = h->link->now + ms;
}

/* ---- rooms for values, kept lines ---- */

static bool is_taken(const at_core *h, const char *room)
{
    const at_request *r = h->first;
    while (r && r->fields != room) r = r->next;
    return r != NULL;
}

bool at__take_room(at_core *h, at_request *r)
{
    char *room = h->rooms, *last = room + (AT_RESULTS - 1) * h->room_size;
    do {
        if (room == last) return false;
        room += h->room_size;
    } while (is_taken(h, room));
    r->fields = room;
    memset(room, 0, h->room_size);
    return true;
}

void at__drop_lines(at_core *h)
{
    at_link *l = h->link;
    const at_request *r;
    for (r = h->first; r; r = r->next)
        if (r->flags & AT_Q_TEXT) return;
    l->in_n = (uint16_t)(l->in_n - h->line_at);
    memmove(l->in, l->in + h->line_at, l->in_n);
    h->line_at = 0;
}

/* ---- settings ---- */

/* What the form has set when it ended well; otherwise it is not known what it has set. */
static void assign(at_core *h, const at_request *r, bool ok)
{
    const at_link *l = h->link;
    const at_tables *t = at__tables(l);
    const uint8_t *fields = (const uint8_t *)r->input;
    const at_assign *a = t->assigns;
    unsigned n;
    for (n = t->n_assigns; n > 0; n--, a++) {
        const at_setting *s = &t->settings[a->setting];
        int32_t key = 0;
        if (a->form != at__form(h, r) || (a->has != AT_NONE8 && !fields[a->has])) continue;
        if (AT_WITH_KEYS && a->key != AT_NONE8)
            key = at__value_num(&t->types[a->key], fields + a->key_offset);
        if (AT_WITH_KEYS && (uint32_t)key >= s->keys) continue;
        l->settings[s->base + key] =
            ok ? at__value_num(&t->types[a->type], fields + a->offset) : AT_UNKNOWN;
    }
    if (ok && at__manners_of(h)) at__manners_of(h)->settle(h, r);
}

/* ---- the end of a request ---- */

void at__tell(at_request *r, unsigned what, const void *fields, at_status status)
{
    at_row *row = r->row;
#if AT_TAP
    if (r->deliver) {
        r->deliver(r, what, fields, status);
        return;
    }
#endif
    if (what == AT_DELIVER_DONE) {
        if (r->done) r->done(r, status, fields, r->ctx);
    } else {
        if (AT_WITH_ROW_KINDS && what > 0) row = ((const at_any_row *)r->rows)[what - 1];
        if (row) row(r, fields, r->ctx);
    }
}

void at__finish(at_core *h, at_request *r, at_status status)
{
    char *fields = r->fields ? r->fields : h->rooms;
    uint8_t state = r->state;
    at__forget(h, r);
    if (state != AT_Q_QUEUED && status != AT_REFUSED) assign(h, r, status == AT_OK);
    if (!(r->flags & AT_Q_VALUES)) memset(fields, 0, h->room_size);
    fields[0] = (char)r->outcome;
    r->status = status;
    h->wake = 0;
    if (status != AT_OK && status != AT_REFUSED) fields = NULL;
    at__tell(r, AT_DELIVER_DONE, fields, status);
}

/* What waits in the link's output stays the user's no longer. */
static void drop_payload(at_core *h)
{
    at_link *l = h->link;
    if (l->data.n == 0) return;
    h->running->sent -= (uint32_t)(l->data.n - l->data_sent);
    l->data.n = 0;
}

void at__free_line(at_core *h)
{
    drop_payload(h);
    h->running = NULL;
    h->sync = AT_SYNC_NONE;
    h->wake = 0;
    at__pause(h, at__host_tables(h)->pause_ms);
}

/* `keep`: these of its flags. */
static void become_ghost(at_core *h, const at_request *r, unsigned keep)
{
    at_request *ghost = &h->ghost;
    memcpy(ghost, r, offsetof(at_request, input));      /* the rest is the user's: zero */
    ghost->status = AT_OK;
    ghost->next = NULL;
    ghost->fields = NULL;
    ghost->flags &= (uint8_t)keep;
}

/* The ghost has the line, until all that still comes for it has come. */
static void drain(at_core *h)
{
    h->running = &h->ghost;
    h->sync = AT_SYNC_DRAIN;
    h->wake = 0;
    at__stir(h);
}

static void leave_ghost(at_core *h, const at_request *r)
{
    at_request *ghost = &h->ghost;
    drop_payload(h);
    become_ghost(h, r, AT_Q_SENDING | AT_Q_GARBLED);
    drain(h);
    if (h->data_for == r) {
        h->data_for = ghost;
        if (h->escape == AT_ESC_ON) h->escape = AT_ESC_ASKED;
    }
    if (ghost->flags & AT_Q_SENDING) at__data_stop(h, ghost);
}

void at__fail(at_core *h, at_request *r, at_status status)
{
    bool is_late = r->state == AT_Q_LATE;
    if (at__is_ghost(r)) return;
    if (r == h->running || (is_late && !h->running && r->course->stage != 0)) {
        leave_ghost(h, r);      /* the module may still wait for data */
    } else if (is_late && h->running != &h->ghost) {
        at__set_deadline(h, r);
        become_ghost(h, r, 0);  /* takes what may still come for it */
    }
    if (r == h->data_for) {
        h->data_for = NULL;
        h->urc = 0;
    }
    at__finish(h, r, status);
}

static void reset(at_core *h)
{
    at_link *l = h->link;
    l->data.n = 0;
    l->out_n = l->out_sent = 0;
    h->line_at = h->echo_n = h->echo_at = 0;
    h->stream = NULL;
    h->escape = AT_ESC_OFF;
    h->sync = AT_SYNC_NONE;
    h->adrift = AT_ADRIFT_NOT;
    h->next_at = l->now;
    if (AT_WITH_DATA_TAILS) h->tail = "";
    at__new_line(h);
    at__settings_forget(l);
}

void at__end_all(at_core *h, at_status status)
{
    at_request *r;
    for (r = h->first; r; r = r->next) r->state = AT_Q_ENDED;
    h->ghost.state = AT_Q_FREE;
    h->running = NULL;
    h->ended_as = (uint8_t)status;
    reset(h);
}

/* The oldest request in this state, NULL none. */
static at_request *oldest(const at_core *h, unsigned state)
{
    at_request *r = h->first;
    while (r && r->state != state) r = r->next;
    return r;
}

void at__forget(at_core *h, at_request *r)
{
    at_request **place = &h->first;
    while (*place != r) place = &(*place)->next;
    *place = r->next;
    r->state = AT_Q_FREE;
}

/* ---- a command leaves ---- */

void at__set_names(at_core *h, const at_request *r)
{
    unsigned endings = r->course->endings;
    h->link->name = r->call->name;
    h->link->ending = endings ? at__tables(h->link)->words[endings - 1 + r->member] : 0;
}

/* Look at the command line of `r`; false: what it is to say cannot be said now. */
static bool view_command(at_core *h, const at_request *r)
{
    at_view *v = &h->view;
    at__view_request(h, r);
    v->counted = r->data.p ? r->course->data_count : AT_NONE8;
    v->count = r->data.n;
    return at__line_choose(v) && at__conds_hold(v, r->course->only, r->course->n_only);
}

/* Which name of the family, or else which operator, says what `saved` says. */
static unsigned choose_name(at_core *h, at_request *r)
{
    bool flash = at__is_flash(r);
    r->member = flash && r->course->endings != 0;
    at__set_names(h, r);
    return flash ? r->course->op_saved : r->call->op;
}

/* The slot whose value would make the command that is looked at another form, AT_NONE8 none. */
static unsigned operator_slot(at_core *h, const at_request *r)
{
    bool may_be = AT_WITH_OPERATOR_VALUES && at__class(h)->operator_slot;
    return may_be ? at__class(h)->operator_slot(h, r) : AT_NONE8;
}

/* The command that is looked at, without data and its end; the slot whose value cannot be written,
 * AT_NONE8 none. */
static unsigned put_command(at_core *h, at_request *r)
{
    at_link *l = h->link;
    unsigned op = choose_name(h, r), bad = AT_NONE8;
    at__put_text(l, at__tables(l)->prefix);
    at__put_text(l, l->name);
    at__put_text(l, l->ending);
    at__put_text(l, at__host_tables(h)->ops[op]);
    at__put_text(l, h->view.rest->lead);
    if (at__line_put_cells(&h->view, &bad)) bad = operator_slot(h, r);
    at__put_text(l, h->view.rest->tail);
    return bad;
}

static void put_data(at_core *h, const at_request *r)
{
    h->echo_data = h->view.rest->data_at >= AT_DATA_INLINE;
    if (h->echo_data) at__line_put_data(h->link, h->view.rest, r->data);
}

/* End a command line that began at `start` in the output. */
static bool end_command(at_core *h, uint16_t start)
{
    at_link *l = h->link;
    h->echo_at = 0;
    h->echo_n = AT_WITH_COMMAND_DATA && h->echo_data ? l->data_at : l->out_n;
    at__put_text(l, at__tables(l)->command_end);
    h->wake = 0;                /* its time limit runs now */
    return at__commit(l, start);
}

/* Write the command of `r`, which is to have the line now. */
static at_status write_command(at_core *h, at_request *r)
{
    uint16_t start = at__begin(h->link, 0);
    if (!view_command(h, r) || put_command(h, r) != AT_NONE8) {
        at__undo(h->link, start);
        return AT_INVALID;
    }
    if (AT_WITH_COMMAND_DATA) put_data(h, r);
    return end_command(h, start) ? AT_OK : AT_OVERFLOW;
}

void at__sync(at_core *h)
{
    static const at_course nothing = { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 };  /* of no form */
    at_request *ghost = &h->ghost;
    if (h->running && h->running != ghost) return;
    if (!h->running) ghost->flags = 0;
    ghost->state = AT_Q_FREE;
    ghost->call = at__host_tables(h)->calls;
    ghost->course = &nothing;
    ghost->atom = NULL;
    ghost->flags |= AT_Q_GARBLED;
    drain(h);
}

/* Could a line that is still to come later be taken for the answer to `r`? */
static bool must_wait(const at_core *h, const at_request *r)
{
    const at_clash *c = at__host_tables(h)->clashes;
    const at_request *late;
    unsigned n;
    for (n = at__host_tables(h)->n_clashes; n > 0; n--, c++)
        if (c->waits == at__form(h, r))
            for (late = h->first; !at__is_ghost(late); late = late->next)
                if (late->state == AT_Q_LATE && at__form(h, late) == c->late) return true;
    return false;
}

static void start_next(at_core *h)
{
    at_request *r = oldest(h, AT_Q_QUEUED);
    const at_atom *stage;
    at_status status;
    if (!r || h->running || h->stream || !at__due(h, h->next_at)) return;
    h->next_at = h->link->now;
    if (at_wants_write(h->link) || at__length(h) > 0) return;
    if (h->adrift) {            /* the module has not answered for long: no command before it does */
        h->adrift = AT_ADRIFT_AGAIN;
        at__sync(h);
        return;
    }
    if (must_wait(h, r) || !at__take_room(h, r)) return;
    at__drop_lines(h);
    stage = at__stage(h, r);
    if (stage) {
        const at_phase *phase = at__phase(h, stage);
        r->total = at__data_total(h, r, phase);
        if (AT_WITH_SILENT_ENDS) r->phase_ms = at__time(h->link, phase->within, r->input);
    }
    status = write_command(h, r);
    r->status = AT_OK;
    if (status != AT_OK) {
        at__finish(h, r, status);
        return;
    }
    h->running = r;
    h->prompt = NULL;           /* another may come now */
    r->state = AT_Q_RUNNING;
    at__set_deadline(h, r);
    at__begin_next(h, r);
}

/* ---- back in step ---- */

static void send_resync(at_core *h)
{
    at__put_alone(h, at__host_tables(h)->resync);
    if (AT_WITH_COMMAND_DATA) h->echo_data = false;
    h->echo_n = h->link->out_n;
    h->sync = AT_SYNC_SENT;
    h->said_at = h->link->now;
    h->wake = 0;
}

/* Nothing comes and nothing leaves any more. */
static bool is_quiet(at_core *h)
{
    if (h->escape != AT_ESC_OFF) return false;
    return !at_wants_write(h->link) && !(h->ghost.flags & AT_Q_SENDING) &&
           at__due(h, h->heard_at + AT_QUIET_MS) && at__due(h, h->next_at);
}

/* The resync command was not answered: it may have gone into a data phase whose bytes were lost, into
 * one that has begun unseen, or into transparent mode, when the escape was lost. That is ended,
 * once. */
static bool force_out(at_core *h)
{
    at_request *ghost = &h->ghost;
    const at_host_tables *t = at__host_tables(h);
    const at_atom *a;
    uint32_t most;              /* the module may wait for, when the command's count was garbled */
    if (ghost->flags & AT_Q_FORCED) return false;
    ghost->flags |= AT_Q_FORCED | AT_Q_GARBLED;
    ghost->sent = 0;
    a = at__unseen(h, ghost);
    if (!a) {
        if (t->transparent == 0) return false;
        a = t->atoms + t->transparent - 1;
    }
    drain(h);
    most = t->t.phases[a->line].max;
    if (ghost->total < most) ghost->total = most;
    at__begin_atom(h, ghost, a);
    return true;
}

static void sync_step(at_core *h)
{
    at_request *next;
    bool send;
    if (h->sync == AT_SYNC_SENT) {
        if (!at__due(h, h->said_at + (AT_RESYNC_MS << h->tries)) || force_out(h)) return;
        send = ++h->tries < AT_RESYNC_TRIES;
        next = oldest(h, AT_Q_QUEUED);
        if (!send && h->adrift == AT_ADRIFT_AGAIN && next) at__finish(h, next, AT_TIMEOUT);
    } else {
        if (!is_quiet(h)) return;
        h->tries = h->ghost.flags & AT_Q_FORCED ? 1 : 0;
        h->stream = NULL;
        at__give_up_all(h);
        send = h->sync == AT_SYNC_DRAIN && at__host_tables(h)->resync != 0;
        if (send) h->adrift |= AT_ADRIFT;
        else h->adrift = AT_ADRIFT_NOT;
    }
    if (send) send_resync(h);
    else at__free_line(h);
}

/* ---- what is due ---- */

/* A request that is to end whatever comes. */
static at_request *ended(const at_core *h)
{
    at_request *r = h->first;
    while (r && r->state != AT_Q_ENDED && !(r->flags & AT_Q_CANCEL)) r = r->next;
    return r;
}

static void end_step(at_core *h)
{
    at_request *r;
    while ((r = ended(h)) != NULL)
        at__fail(h, r, r->state == AT_Q_ENDED ? (at_status)h->ended_as : AT_CANCELLED);
}

/* Has all been done for `r` that can be seen of it, as the module says no result codes? */
static bool is_unanswered(at_core *h, const at_request *r)
{
    return at__manners_of(h) && r == h->running && h->data_for != r &&
           at__manners_of(h)->is_quiet(h, r);
}

/* The time of `r` is over. What has come may be all there is. */
static void time_out(at_core *h, at_request *r)
{
    if (at__is_ghost(r)) {
        r->state = AT_Q_FREE;
        return;
    }
    if ((h->data_for == r || !at__may_end(h, r)) && !is_unanswered(h, r)) {
        at__fail(h, r, AT_TIMEOUT);
        return;
    }
    at__end(h, r);
}

/* One request at most ends here: then at_poll wants to be called again at once. */
static void time_step(at_core *h)
{
    at_request *r = NULL;
    bool no_limit;              /* of what has the line */
    if (h->sync) sync_step(h);
    no_limit = h->sync || h->escape != AT_ESC_OFF;
    do r = at__next_request(h, r);
    while (r && ((no_limit && r == h->running) || !at__due(h, r->deadline)));
    if (r) time_out(h, r);
    if (!h->stream && h->link->in_n > h->line_at && at__due(h, h->heard_at + AT_STALL_MS))
        at__give_up_all(h);
}

static bool has_nothing(const at_core *h)
{
    return at__is_ghost(h->first) && !h->running;
}

static uint32_t step(at_core *h)
{
    h->wake = UINT32_MAX;
    end_step(h);
    if (h->stream) h->stream->step(h);
    time_step(h);
    start_next(h);
    at__send_data(h);
    return h->wake;
}

static at_core *core_of(at_link *l)
{
    return &((at_host *)(void *)((char *)l - offsetof(at_host, link)))->core;
}

static size_t feed(at_link *l, const uint8_t *p, size_t n)
{
    at_core *h = core_of(l);
    const uint8_t *end = p + n;
    h->heard_at = l->now;
    if (h->data_for) at__set_deadline(h, h->data_for);
    while (p < end) {
        if (h->stream) p = h->stream->bytes(h, p, end);
        else if (AT_WITH_DATA_TAILS && *h->tail != '\0') p = at__tail_bytes(h, p, end);
        else p = at__collect(h, p, end);
    }
    if (!has_nothing(h)) step(h);
    return n;
}

static uint32_t poll(at_link *l)
{
    return step(core_of(l));
}

static bool is_idle(const at_link *l)
{
    return has_nothing(core_of((at_link *)(uintptr_t)l));
}

static void end(at_link *l, at_status status)
{
    at__end_all(core_of(l), status);
}

static const at_side side = { '<', feed, poll, is_idle, end, NULL };

static void set_class(at_host *host, const at_host_class *klass)
{
#if AT_HIDDEN
    (void)host, (void)klass;    /* it is known */
#else
    host->link.side = &side;
    host->link.tables = &klass->tables->t;
    host->core.klass = klass;
    host->core.tables = klass->tables;
#endif
}

/* ---- what programs call ---- */

at_status at_host_init(at_host *host, const at_host_class *klass, const at_port *port, void *buffer,
                       size_t size, void *rooms, size_t room_size, int32_t *settings, at_cell *cells)
{
    at_core *h = &host->core;
    at_link *l = &host->link;
    size_t line;
    memset((char *)host + offsetof(at_host, core), 0, sizeof *host - offsetof(at_host, core));
    set_class(host, klass);
    l->settings = settings;
    l->scan.cells = cells;
    line = size - at__tables(l)->out_max - 1;
    if (at__link_init(l, port, buffer, size, line) != AT_OK) return AT_INVALID;
    h->link = l;
    h->view.link = l;
    h->first = &h->ghost;
    h->rooms = (char *)rooms;
    h->room_size = (uint16_t)room_size;
    l->now = port->now(port->ctx);
    reset(h);
    return AT_OK;
}

at_status at_host_start(at_host *host, at_request *r, const void *input, unsigned call)
{
    at_core *h = &host->core;
    at_request **end = &h->first;
    h->bad_slot = AT_NONE8;
    if (r->state != AT_Q_FREE || call >= at__host_tables(h)->n_calls) return AT_INVALID;
    memset(r, 0, offsetof(at_request, done));
    r->call = &at__host_tables(h)->calls[call];
    r->course = &at__host_tables(h)->courses[r->call->course];
    r->input = input;
    if (r->course->data != AT_NONE)
        r->data = *(const at_bytes *)(const void *)((const char *)input + r->course->data);
    if (!r->data.p) r->data.n = 0;      /* all of it comes from the source */
    h->link->out_limit = 0;     /* nothing is written, only checked */
    if (!at__data_suits(h, r)) return AT_INVALID;
    if (view_command(h, r)) h->bad_slot = (uint8_t)put_command(h, r);
    else if (has_nothing(h)) return AT_INVALID;     /* else settings may still change */
    if (h->bad_slot != AT_NONE8) return AT_INVALID;
    r->state = AT_Q_QUEUED;
    while (!at__is_ghost(*end)) end = &(*end)->next;
    r->next = *end;
    *end = r;
    return AT_OK;
}

int at_host_bad_field(const at_host *host)
{
    return host->core.bad_slot == AT_NONE8 ? -1 : host->core.bad_slot;
}

void at_cancel(at_host *host, at_request *r)
{
    (void)host;
    r->flags |= AT_Q_CANCEL;
}
