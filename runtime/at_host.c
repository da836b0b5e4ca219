/* Requests of the host: how they wait for the line, have it, wait for later lines and end. One
 * command is on the line at a time. A request that ends before its form did (time limit, cancelled,
 * garbled) leaves a ghost on the line that takes what still comes for it; then the link is brought
 * back in step by the dialect's resync command, and only then goes the next one.
 * SPDX-License-Identifier: 0BSD */
#include "at_host_private.h"

#include <string.h>

#include "at_value.h"

#define SOURCE_MS 10u           /* a source that had nothing is asked again */

/* ---- the clock ---- */

bool at__due(at_core *h, uint32_t when)
{
    uint32_t ms = at__until(h->link, when);
    if (ms > 0 && ms < h->wake) h->wake = ms;
    return ms == 0;
}

static void set_deadline(at_core *h, at_request *r)
{
    const at_call *call = at__call(h, r);
    uint32_t ms = call->within_tie[0] != 0 ? call->scale_ms : 0;
    unsigned i;
    for (i = 0; i < 2; i++) {
        int32_t value = 0;
        if (call->within_tie[i] == 0) continue;
        at__tie_value(h, r, call->within_tie[i], &value);
        ms *= (uint32_t)value;
    }
    r->deadline = h->link->now + call->within_ms + ms;
}

void at__pause(at_core *h, uint32_t ms)
{
    uint32_t left = h->next_waits ? at__until(h->link, h->next_at) : 0;
    h->next_at = h->link->now + (ms > left ? ms : left);
    h->next_waits = true;
}

/* ---- rooms for values, kept lines ---- */

static char *room(const at_core *h, unsigned i)
{
    return h->rooms + i * h->room_size;
}

/* Give `r` a room of its own; false: all are taken. */
static bool take_room(at_core *h, at_request *r)
{
    unsigned i;
    for (i = 1; i < AT_RESULTS; i++) {
        if (h->rooms_used >> i & 1) continue;
        h->rooms_used = (uint8_t)(h->rooms_used | 1u << i);
        r->room = (uint8_t)i;
        memset(room(h, i), 0, at__call(h, r)->result_size);
        return true;
    }
    return false;
}

static void leave_room(at_core *h, at_request *r)
{
    h->rooms_used = (uint8_t)(h->rooms_used & ~(1u << r->room));
    r->room = 0;
}

const char *at__values(const at_core *h, const at_request *r)
{
    return r->room != 0 ? room(h, r->room) : NULL;
}

/* The last values of a request may share the room of URCs and rows: they are delivered at once. */
char *at__room_for(at_core *h, at_request *r, unsigned i)
{
    if (r->room == 0 && !take_room(h, r)) {
        if (h->tables->follows[at__atom(h, r, i)->follow] > 0) return NULL;
        memset(h->rooms, 0, at__call(h, r)->result_size);
    }
    r->flags |= AT_Q_VALUES;
    return room(h, r->room);
}

void at__drop_lines(at_core *h)
{
    at_link *l = h->link;
    const at_request *r = NULL;
    while ((r = at__next_request(h, r)) != NULL)
        if (r->flags & AT_Q_TEXT) return;
    l->in_n = (uint16_t)(l->in_n - h->line_at);
    memmove(l->in, l->in + h->line_at, l->in_n);
    h->line_at = 0;
}

/* ---- settings ---- */

/* What the form has set when it ended well; otherwise it is not known what it has set. */
static void assign(at_core *h, const at_request *r, bool ok)
{
    const at_tables *t = &h->tables->t;
    const uint8_t *fields = (const uint8_t *)r->input;
    const at_assign *a = t->assigns;
    unsigned n;
    for (n = t->n_assigns; n > 0; n--, a++) {
        const at_setting *s = &t->settings[a->setting];
        int32_t key = 0;
        if (a->form != at__call(h, r)->id || (a->has != AT_NONE8 && !fields[a->has])) continue;
        if (a->key != AT_NONE8) key = at__value_num(&t->types[a->key], fields + a->key_offset);
        if ((uint32_t)key >= s->keys) continue;
        h->link->settings[s->base + key] =
            ok ? at__value_num(&t->types[a->type], fields + a->offset) : AT_UNKNOWN;
    }
}

/* ---- the end of a request ---- */

static void append(at_request **list, at_request *r)
{
    while (*list) list = &(*list)->next;
    r->next = NULL;
    *list = r;
}

void at__take_off(at_request **list, const at_request *r)
{
    while (*list && *list != r) list = &(*list)->next;
    if (*list) *list = r->next;
}

/* What `r` has in the link's output stays the user's no longer. */
static void drop_payload(at_core *h, at_request *r)
{
    at_link *l = h->link;
    if (l->data.n == 0) return;
    r->sent -= (uint32_t)(l->data.n - l->data_sent);
    l->data.n = 0;
}

void at__finish(at_core *h, at_request *r, at_status status)
{
    const at_call *call = at__call(h, r);
    char *fields = room(h, r->room);
    bool final = status == AT_OK || status == AT_REFUSED;
    if (r->state != AT_Q_QUEUED && status != AT_REFUSED) assign(h, r, status == AT_OK);
    if (final && r->status == AT_OVERFLOW) status = AT_OVERFLOW;
    if (!(r->flags & AT_Q_VALUES)) memset(fields, 0, call->result_size);
    fields[call->outcome] = (char)r->outcome;
    r->status = status;
    r->state = AT_Q_FREE;
    r->flags = 0;
    h->acted = true;
    leave_room(h, r);           /* nothing takes it before the callback has returned */
    if (r->deliver) r->deliver(r, AT_DELIVER_DONE, final ? fields : NULL, status);
}

void at__free_line(at_core *h)
{
    if (h->running->flags & AT_Q_SENDING) drop_payload(h, h->running);
    h->running = NULL;
    h->sync = AT_SYNC_NONE;
    h->acted = true;
    at__pause(h, h->tables->pause_ms);
}

void at__wait_late(at_core *h, at_request *r)
{
    r->state = AT_Q_LATE;
    append(&h->late, r);
    if (!(r->flags & AT_Q_VALUES)) leave_room(h, r);
}

static void leave_ghost(at_core *h, at_request *r, at_status status)
{
    at_request *ghost = &h->ghost;
    drop_payload(h, r);
    *ghost = *r;
    ghost->input = NULL;
    ghost->deliver = NULL;
    ghost->sink = NULL;
    ghost->source = NULL;
    ghost->room = 0;
    ghost->flags &= AT_Q_SENDING;
    if (status == AT_GARBLED) ghost->flags |= AT_Q_GARBLED;
    h->running = ghost;
    h->sync = AT_SYNC_DRAIN;
    at__stir(h);
    if (h->data_for == r) {
        h->data_for = ghost;
        if (h->escape == AT_ESC_NONE) h->escape = AT_ESC_ASKED;
    }
    if (ghost->flags & AT_Q_SENDING) at__data_stop(h, ghost);
}

void at__fail(at_core *h, at_request *r, at_status status)
{
    if (r == &h->ghost) return;
    at__take_off(&h->queue, r);
    at__take_off(&h->late, r);
    if (r == h->running) leave_ghost(h, r, status);
    if (r == h->data_for) {
        h->data_for = NULL;
        h->urc = AT_NONE8;
    }
    at__finish(h, r, status);
}

static void finish_all(at_core *h, at_request *list, at_status status)
{
    while (list) {
        at_request *r = list;
        list = r->next;
        at__finish(h, r, status);
    }
}

static void reset(at_core *h)
{
    at_link *l = h->link;
    l->data.n = 0;
    l->out_n = l->out_sent = 0;
    h->line_at = h->echo_n = h->echo_at = 0;
    h->stream = NULL;
    h->sync = AT_SYNC_NONE;
    h->next_waits = false;
    h->end_all = AT_OK;
    h->tail = "";
    at__new_line(h);
    at__settings_forget(l);
}

void at__end_all(at_core *h, at_status status)
{
    at_request *queue = h->queue, *running = h->running, *late = h->late;
    h->queue = h->running = h->late = NULL;
    reset(h);
    finish_all(h, late, status);
    if (running && running != &h->ghost) at__finish(h, running, status);
    finish_all(h, queue, status);
}

void at__forget(at_core *h, at_request *r)
{
    at__take_off(&h->queue, r);
    r->state = AT_Q_FREE;
}

void at__again(at_core *h, at_request *r)
{
    unsigned doubled = r->tries < 4 ? r->tries : 4;
    at__free_line(h);
    leave_room(h, r);
    if (++r->tries >= AT_BUSY_TRIES) {
        at__finish(h, r, AT_TIMEOUT);
        return;
    }
    at__pause(h, AT_BUSY_MS << doubled);
    r->state = AT_Q_QUEUED;
    r->next = h->queue;
    h->queue = r;
}

/* ---- a command leaves ---- */

static unsigned nth_text(const at_core *h, unsigned text, unsigned n)
{
    while (n-- > 0) text += (unsigned)strlen(at__text(h, text)) + 1;
    return text;
}

void at__set_names(at_core *h, const at_request *r)
{
    const at_call *call = at__call(h, r);
    h->link->name = (uint16_t)nth_text(h, call->names, r->member);
    if (call->endings != AT_NONE) h->link->ending = (uint16_t)nth_text(h, call->endings, r->member);
}

static bool is_saved(const at_core *h, const at_request *r)
{
    const at_call *call = at__call(h, r);
    const char *input = (const char *)r->input;
    return call->saved != AT_NONE &&
           *(const at_saved *)(const void *)(input + call->saved) == AT_FLASH;
}

/* The command line of `r`; false: what it is to say cannot be said now. */
static bool view_of(at_core *h, const at_request *r, at_view *v)
{
    const at_call *call = at__call(h, r);
    at_bytes data = at__payload(h, r);
    memset(v, 0, sizeof *v);
    v->link = h->link;
    v->line = &h->tables->t.lines[call->line];
    v->fields = v->request = r->input;
    v->counted = data.p != NULL;
    v->count_slot = call->data_count;
    v->count = data.n;
    return at__line_choose(v) && at__conds_hold(v, call->only, call->n_only);
}

static void put_command(at_core *h, const at_request *r, const at_view *v)
{
    at_link *l = h->link;
    const at_call *call = at__call(h, r);
    const at_line *line = v->line;
    bool save = call->n_members == 1 && is_saved(h, r);
    at__put_text(l, l->tables->prefix);
    at__put_text(l, l->name);
    at__put_text(l, l->tables->ops[save ? call->op_saved : call->op]);
    at__put_text(l, line->lead);
    at__line_put_cells(v, NULL);
    at__put_text(l, line->tail);
    h->echo_data = line->data_at == AT_DATA_INLINE;
    if (h->echo_data && line->data_lead != 0) at__put(l, (const char *)&line->data_lead, 1);
    h->echo_n = l->out_n;
    if (h->echo_data) {
        at__put_data(l, at__payload(h, r));
        at__put_text(l, line->data_tail);
    }
}

/* End a command line that began at `start` in the output. */
static bool end_command(at_core *h, uint16_t start)
{
    at_link *l = h->link;
    h->echo_at = 0;
    at__put_text(l, l->tables->command_end);
    return at__commit(l, start);
}

/* Write the command of `r`, which has the line now. */
static at_status write_command(at_core *h, at_request *r)
{
    at_view v;
    uint16_t start = at__begin(h->link, 0);
    if (!view_of(h, r, &v)) return AT_INVALID;
    r->member = at__call(h, r)->n_members > 1 && is_saved(h, r);
    at__set_names(h, r);
    put_command(h, r, &v);
    return end_command(h, start) ? AT_OK : AT_OVERFLOW;
}

static void start_next(at_core *h)
{
    at_request *r = h->queue;
    at_status status;
    if (h->next_waits && at__due(h, h->next_at)) h->next_waits = false;
    if (!r || h->running || h->next_waits || at_wants_write(h->link) || !take_room(h, r)) return;
    h->queue = r->next;
    at__drop_lines(h);
    r->atom = AT_NONE8;
    r->round = 0;
    r->sent = 0;
    r->total = at__data_total(h, r);
    status = write_command(h, r);
    r->status = AT_OK;
    if (status != AT_OK) {
        at__finish(h, r, status);
        return;
    }
    h->running = r;
    r->state = AT_Q_RUNNING;
    set_deadline(h, r);
    at__begin_next(h, r);
}

/* ---- back in step ---- */

static void send_resync(at_core *h)
{
    uint16_t start = at__begin(h->link, 0);
    at__put_text(h->link, h->tables->resync);
    h->echo_data = false;
    h->echo_n = h->link->out_n;
    if (!end_command(h, start)) h->echo_n = 0;
    h->sync = AT_SYNC_SENT;
    h->said_at = h->link->now;
}

/* Nothing comes and nothing leaves any more. */
static bool is_quiet(at_core *h)
{
    if (h->stream && h->stream == h->klass->transparent) return false;
    if (h->stream || h->link->in_n > h->line_at) h->quiet_at = h->heard_at;
    return !at_wants_write(h->link) && !(h->ghost.flags & AT_Q_SENDING) &&
           at__due(h, h->quiet_at + AT_QUIET_MS);
}

static void sync_step(at_core *h)
{
    if (h->sync == AT_SYNC_SENT) {
        if (!at__due(h, h->said_at + (AT_RESYNC_MS << h->tries))) return;
        if (++h->tries < AT_RESYNC_TRIES) send_resync(h);
        else at__free_line(h);
    } else if (is_quiet(h)) {
        h->tries = 0;
        h->stream = NULL;
        at__give_up_line(h);
        if (h->sync == AT_SYNC_DRAIN && h->tables->resync != AT_NONE) send_resync(h);
        else at__free_line(h);
    }
}

/* ---- what is due ---- */

static at_request *cancelled(at_request *r)
{
    while (r && !(r->flags & AT_Q_CANCEL)) r = r->next;
    return r;
}

static void cancel_step(at_core *h)
{
    at_request *r;
    if (h->end_all != AT_OK) at__end_all(h, (at_status)h->end_all);
    if (!h->cancels) return;
    h->cancels = false;
    while ((r = cancelled(h->queue)) != NULL || (r = cancelled(h->late)) != NULL)
        at__fail(h, r, AT_CANCELLED);
    if (h->running && h->running->flags & AT_Q_CANCEL) at__fail(h, h->running, AT_CANCELLED);
}

/* The time of `r` is over. What has come may be all there is. */
static void time_out(at_core *h, at_request *r)
{
    if (r->atom == AT_NONE8 || !(at__atom(h, r, r->atom)->flags & AT_A_MAY_END) ||
        h->data_for == r) {
        at__fail(h, r, AT_TIMEOUT);
        return;
    }
    if (r == h->running) at__free_line(h);
    at__take_off(&h->late, r);
    at__finish(h, r, r->status);
}

static void time_step(at_core *h)
{
    at_request *r = h->running, *next;
    if (h->sync) sync_step(h);
    else if (r && (!h->stream || h->stream != h->klass->transparent) && at__due(h, r->deadline))
        time_out(h, r);
    for (r = h->late; r; r = next) {
        next = r->next;
        if (at__due(h, r->deadline)) time_out(h, r);
    }
    if (!h->stream && h->link->in_n > h->line_at && at__due(h, h->heard_at + AT_STALL_MS))
        at__give_up_line(h);
}

/* Send the data phase as far as the port takes it. */
static void send_data(at_core *h)
{
    while (h->running && h->running->flags & AT_Q_SENDING && !at_wants_write(h->link)) {
        if (!at__data_pump(h)) {
            at__due(h, h->link->now + SOURCE_MS);
            return;
        }
        if (h->running) set_deadline(h, h->running);
        at__flush(h->link);
    }
}

static uint32_t step(at_core *h)
{
    h->wake = UINT32_MAX;
    h->acted = false;
    if (at_wants_write(h->link)) h->said_at = h->link->now;
    cancel_step(h);
    if (h->stream) h->stream->step(h);
    time_step(h);
    start_next(h);
    at__flush(h->link);
    send_data(h);
    return h->acted ? 0 : h->wake;
}

static at_core *core_of(at_link *l)
{
    return &((at_host *)(void *)l)->core;
}

static size_t feed(at_link *l, const uint8_t *p, size_t n)
{
    at_core *h = core_of(l);
    const uint8_t *end = p + n;
    h->heard_at = l->now;
    if (h->data_for && !h->sync) set_deadline(h, h->data_for);
    while (p < end) {
        if (h->stream) p = h->stream->bytes(h, p, end);
        else if (*h->tail != '\0') p = at__tail_bytes(h, p, end);
        else p = at__collect(h, p, end);
    }
    step(h);
    return n;
}

static uint32_t poll(at_link *l)
{
    return step(core_of(l));
}

static bool is_idle(const at_link *l)
{
    const at_core *h = &((const at_host *)(const void *)l)->core;
    return !h->queue && !h->running && !h->late;
}

/* Callbacks come from at_poll. */
static void end(at_link *l, at_status status)
{
    at_core *h = core_of(l);
    h->end_all = (uint8_t)status;
    h->line_at = 0;
    h->stream = NULL;
    at__new_line(h);
}

/* ---- what programs call ---- */

at_status at_host_init(at_host *host, const at_host_class *klass, const at_port *port, void *buffer,
                       size_t size, void *rooms, size_t room_size, int32_t *settings, void *app)
{
    static const at_side side = { '<', feed, poll, is_idle, end, NULL, at__line_tied };
    const at_tables *t = &klass->tables->t;
    at_core *h = &host->core;
    at_link *l = &host->link;
    at_status status;
    memset(host, 0, sizeof *host);
    status = at__link_init(l, &side, t, port, buffer, size, settings);
    if (status != AT_OK) return status;
    l->in_size = (uint16_t)(size - t->out_max - 1);
    l->out = l->in + l->in_size + 1;
    l->out_size = t->out_max;
    host->app = app;
    h->link = l;
    h->klass = klass;
    h->tables = klass->tables;
    h->rooms = (char *)rooms;
    h->room_size = room_size;
    reset(h);
    return AT_OK;
}

at_status at_host_start(at_host *host, at_request *r, unsigned call, const void *input)
{
    at_core *h = &host->core;
    at_view v;
    unsigned bad = AT_NONE8;
    h->bad_slot = AT_NONE8;
    if (r->state != AT_Q_FREE || call >= h->tables->n_calls) return AT_INVALID;
    r->call = (uint16_t)call;
    r->input = input;
    h->link->out_limit = 0;     /* nothing is written, only checked */
    if (!at__data_suits(h, r)) return AT_INVALID;
    if (!view_of(h, r, &v)) {
        if (!h->queue && !h->running) return AT_INVALID;    /* else settings may still change */
    } else if (!at__line_put_cells(&v, &bad)) {
        h->bad_slot = (uint8_t)bad;
        return AT_INVALID;
    }
    r->state = AT_Q_QUEUED;
    r->status = AT_PENDING;
    r->outcome = r->member = r->room = r->tries = r->flags = 0;
    r->error = 0;
    append(&h->queue, r);
    return AT_OK;
}

int at_host_bad_field(const at_host *host)
{
    return host->core.bad_slot == AT_NONE8 ? -1 : host->core.bad_slot;
}

void at_cancel(at_host *host, at_request *r)
{
    if (r->state != AT_Q_FREE) r->flags |= AT_Q_CANCEL;
    host->core.cancels = true;
}
