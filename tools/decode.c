/* One module object and one host object that never see each other's output: their ports swallow what they write.
 * A command that the module side has read is started on the host side with the very struct that was parsed, so the
 * host side knows what answers to expect; what the host side has seen moves the module side on (prompt -> data phase,
 * final result code -> next command). Of several commands on one line only the last is answered with the plain result
 * code: for the others the host side is given one when nothing else can come, or when a line is the next one's.
 * SPDX-License-Identifier: MIT */
#include "decode.h"

#include <stdlib.h>
#include <string.h>

#include "args.h"
#include "at_host_private.h"

typedef struct asked {          /* a command under way on the host side */
    at_request request;
    struct asked *next;
    decode *decode;
    bool done;
    char *fields, *line;        /* copies of the parsed struct and of the text it points into */
} asked;

typedef struct payload { char *bytes; size_t n; } payload;

struct decode {
    const at_names *names;
    void (*event)(void *ctx, char from, const at_event *);
    void *ctx;
    at_module module;
    at_host host;
    at_module_class module_class;       /* the dialect's, without calls into user code */
    at_host_class host_class;
    at_host_tables host_tables; /* without commands that wait: they have been sent */
    at_module_hook hook;
    uint32_t now;
    char *module_buffer, *host_buffer, *module_fields, *rooms, *result;
    size_t room_size;
    int32_t *module_settings, *host_settings;
    at_cell module_cells[AT_CELLS_MAX], host_cells[AT_CELLS_MAX];
    asked *asked, *current;
    const at_event *seen;       /* during note_numbers */
    unsigned form;              /* module form that runs */
    bool end_after_data, end_ok;
    char *sent; size_t n_sent;  /* the last command line, as it came */
    bool escaped;               /* the host has left transparent mode: its own side has to know */
    bool chained;               /* the next command stands in the line of the last one, in `sent` as it came */
    bool rejected;              /* the last command line was: a result code is the answer to it */
    bool muted;                 /* what the host side sees was not on the wire */
    char *over; size_t n_over;  /* a line that is not the running command's: the next one's, then */
    payload heard, told;        /* of the data phase that lasts, from the host and from the module */
    uint32_t most, cuts;        /* bytes are fed in pieces of 1 to so many, cut by chance; 0: whole */
};

/* ---- what the data phases bring ---- */
static void payload_add(payload *p, const at_chunk *c)
{
    if (c->n == 0) return;
    p->bytes = realloc(p->bytes, p->n + c->n);
    if (!p->bytes) abort();
    memcpy(p->bytes + p->n, c->p, c->n);
    p->n += c->n;
}

/* The event of data that has ended is given its bytes. */
static void payload_end(payload *p, at_event *e)
{
    if (e->saw != AT_SAW_DATA) return;
    e->text = e->n == p->n ? p->bytes : NULL;
    p->n = 0;
}

/* ---- the ports: everything is taken and dropped; time stands still unless told ---- */
static size_t drop(void *ctx, const uint8_t *p, size_t n)
{
    (void)ctx;
    (void)p;
    return n;
}

static uint32_t clock_now(void *ctx)
{
    return ((decode *)ctx)->now;
}

/* ---- host side: what it sees moves the module side on ---- */

/* AT_INVALID: the module side has ended the form by itself. */
static void end_module(decode *d, bool ok)
{
    d->chained = d->chained && ok;
    at_status status = at_module_done(&d->module, ok);
    (void)status;
}

static void module_done(decode *d, bool ok)
{
    if (at_module_in_transparent(&d->module)) {         /* it has left it, with a line */
        d->chained = false;
        if (at_module_leave(&d->module) == AT_OK) return;
    }
    if (at_module_in_data(&d->module)) {
        d->end_after_data = true;
        d->end_ok = ok;
        return;
    }
    end_module(d, ok);
}

/* Nothing of what a decoded command asks for is kept: the events have told it all. */
static void deliver(at_request *r, unsigned what, const void *fields, at_status status)
{
    (void)fields;
    asked *a = (asked *)(void *)r;
    if (what != AT_DELIVER_DONE) return;
    a->done = true;
    if (a->decode->current == a) {
        a->decode->current = NULL;
        module_done(a->decode, status == AT_OK);
    }
}

/* The payload, which nobody sees: as long as it is counted, else as short as can be. */
static size_t zeros(at_request *r, uint8_t *to, size_t room, void *ctx)
{
    (void)ctx;
    if (r->total == UINT32_MAX) return AT_SOURCE_END;
    memset(to, 0, room);
    return room;
}

static void keep_data(at_request *r, const at_chunk *c, void *ctx)
{
    (void)ctx;
    payload_add(&((asked *)(void *)r)->decode->told, c);
}

static void keep_urc_data(at_host *h, unsigned urc, const at_chunk *c)
{
    (void)urc;
    payload_add(&((decode *)h->link.port.ctx)->told, c);
}

static void put_number(const at_type *type, char *to, const char *text)
{
    long long v = strtoll(text, NULL, type->flags & AT_F_HEX ? 16 : 10);
    uint8_t v8 = (uint8_t)v;
    uint16_t v16 = (uint16_t)v;
    uint32_t v32 = (uint32_t)v;
    const unsigned size = at_size(type);
    memcpy(to, size == 1 ? (void *)&v8 : size == 2 ? (void *)&v16 : (void *)&v32, size);
}

/* The numbers of a line as its struct would hold them: a data phase may be counted by one of them. */
static void note_number(void *ctx, const args_value *v)
{
    decode *d = ctx;
    const at_tables *t = d->host.link.tables;
    const at_line_name *names = decode_line(d, 'm', d->seen->line);
    const at_line *line = &t->lines[d->seen->line];
    const at_slot *slot = &t->slots[line->slots + (v->param - names->slots)];
    if (args_is_number(v)) put_number(at_type_of(t, slot), d->result + slot->offset, v->text);
}

static void note_numbers(decode *d, const at_event *e)
{
    if (e->line == UINT16_MAX) return;
    d->seen = e;
    args_each(e, d->host.link.tables, decode_line(d, 'm', e->line), note_number, d);
}

/* Does the module's reply end with what the host side has just seen? */
static bool ends_with(const decode *d, const at_reply *r, const at_event *e)
{
    if (r->n == 0) return false;
    const at_emit *last = &r->parts[r->n - 1];
    if (e->saw == AT_SAW_PROMPT) return last->kind == AT_EMIT_PROMPT;
    return last->kind == AT_EMIT_LINE && e->line != UINT16_MAX &&
           d->names->module_lines[last->arg] == d->names->host_lines[e->line];
}

/* A prompt, or a result code that begins a data phase: the module side begins it too. */
static void begin_data(decode *d, const at_event *e)
{
    const at_module_tables *t = d->names->module->tables;
    if (!d->current || at_module_in_data(&d->module)) return;
    const at_form_name *f = &d->names->forms[t->form_ids[d->form]];
    for (unsigned i = 0; i < f->n_replies; i++) {
        unsigned reply = f->first_reply + i;
        const at_reply r = at_reply_look(d->names, reply);
        if (!r.phase || !ends_with(d, &r, e)) continue;
        if (at_reply_say(d->names, &d->module, reply, d->result) == AT_OK) return;
    }
}

/* ---- several commands on one line ---- */

/* Is this step the plain result code that all but the last command of a line are not answered with? */
static bool is_plain_ok(const decode *d, const at_atom *a)
{
    const at_tables *m = d->module.link.tables, *h = d->host.link.tables;
    if (at__step(&d->host.core, a)->kind != AT_A_FINAL || h->lines[a->line].n_slots > 0) return false;
    return strcmp(h->text + at_head_of(h, a->line), m->text + at_head_of(m, d->names->module->tables->ok)) == 0;
}

/* Does another command follow the running one, which may now end without a word? `only`: nothing else may come. */
static bool may_go_on(decode *d, bool only)
{
    at_core *h = &d->host.core;
    bool plain = false, other = false;
    unsigned from = 0;
    const at_atom *a;
    if (!d->current || !d->module.chained || h->running != &d->current->request || h->stream) return false;
    while ((a = at__next_atom(h, h->running, AT_KIND_ANY, &from)) != NULL) {
        if (is_plain_ok(d, a)) plain = true;
        else other = true;
    }
    return plain && !(only && other);
}

static void poll_both(decode *d)
{
    at_poll(&d->module.link);
    at_poll(&d->host.link);
}

static void feed_host(decode *d, const char *bytes, size_t n)
{
    size_t took = at_feed(&d->host.link, (const uint8_t *)bytes, n);
    (void)took;                 /* a host takes everything */
    poll_both(d);
}

/* Give the host side the result code that its command is not answered with. */
static void go_on(decode *d)
{
    const at_tables *t = d->module.link.tables;
    d->muted = true;
    feed_host(d, "\r\n", 2);
    const char *ok = t->text + at_head_of(t, d->names->module->tables->ok);
    feed_host(d, ok, strlen(ok));
    feed_host(d, "\r\n", 2);
    d->muted = false;
}

static void keep_over(decode *d, const at_event *e)
{
    d->over = realloc(d->over, e->n + 1);
    if (!d->over) abort();
    memcpy(d->over, e->text, e->n);
    d->n_over = e->n;
}

/* Commands that can end without a word do; a line that was none of the running one's is offered to the next. */
static void settle_chain(decode *d)
{
    while (may_go_on(d, d->n_over == 0)) {
        size_t n = d->n_over;
        d->n_over = 0;
        go_on(d);
        if (n == 0) continue;
        feed_host(d, d->over, n);
        feed_host(d, "\r\n", 2);
    }
}

/* ---- the answer to a line that was rejected ---- */

static bool reads_result(decode *d, unsigned from, unsigned to, at_event *e)
{
    at_core *h = &d->host.core;
    const at_host_tables *t = d->names->host->tables;
    at_request nobody = { .call = t->calls, .course = t->courses };
    for (; from < to; from++) {
        const at_known *k = &t->known[from];
        if (k->kind >= AT_H_URC || !at__reads(h, &nobody, k->line)) continue;
        h->owner = NULL;
        e->saw = AT_SAW_FINAL;
        e->status = k->kind == AT_H_OK ? AT_OK : AT_REFUSED;
        e->line = (uint16_t)k->line;
        e->mask = h->view.mask;
        e->text = h->link->scan.line;
        e->cells = h->link->scan.cells;
        e->n_cells = h->link->scan.n_cells;
        return true;
    }
    return false;
}

/* A line that is nobody's: as the result code it is, when one is due. */
static at_event as_result(decode *d, const at_event *unknown)
{
    const at_host_tables *t = d->names->host->tables;
    at_event e = *unknown;
    if (!d->rejected || t->n_calls == 0) return e;
    at__look_at(&d->host.core, 0);
    const uint16_t *bucket = d->host.core.bucket;
    d->rejected = !reads_result(d, bucket[0], bucket[1], &e) &&
                  !reads_result(d, t->headless, t->n_known, &e);
    return e;
}

static void host_saw(void *ctx, const at_event *seen)
{
    decode *d = ctx;
    at_event as = *seen;
    const at_event *e = &as;
    if (d->muted) return;
    payload_end(&d->told, &as);
    if (e->saw == AT_SAW_UNKNOWN && may_go_on(d, false)) {
        keep_over(d, e);
        return;
    }
    if (e->saw == AT_SAW_UNKNOWN) as = as_result(d, seen);
    d->event(d->ctx, 'm', e);
    if (e->saw == AT_SAW_LINE || e->saw == AT_SAW_FINAL) note_numbers(d, e);
    if (e->saw == AT_SAW_PROMPT || (e->saw == AT_SAW_FINAL && e->status == AT_OK)) begin_data(d, e);
}

/* ---- module side: a command it has read is started on the host side ---- */
static void module_saw(void *ctx, const at_event *e)
{
    decode *d = ctx;
    at_event as = *e;
    bool is_line = e->saw == AT_SAW_COMMAND || (e->saw == AT_SAW_REJECTED && e->status != AT_AGAIN);
    d->rejected = (is_line && e->saw == AT_SAW_REJECTED) || e->status == AT_CANCELLED;
    if (is_line && !d->chained) {
        d->n_sent = e->n;
        memcpy(d->sent, e->text, e->n);
    } else if (d->rejected) {
        as.text = d->sent;      /* texts of the commands before have been ended in the line itself */
    }
    if (is_line) d->chained = false;
    payload_end(&d->heard, &as);
    d->event(d->ctx, 'h', &as);
    if (e->saw == AT_SAW_ESCAPE) d->escaped = true;
}

static bool points_to_text(const at_type *t)
{
    return t->kind == AT_T_STRING || t->kind == AT_T_TEXT || t->kind == AT_T_HEX;
}

/* The parsed struct points into the module's line buffer, which the next line overwrites: point into the copy. */
static void relocate(const at_tables *t, const at_line *line, char *fields, const char *from, char *to, size_t size)
{
    for (unsigned i = 0; i < line->n_slots; i++) {
        const at_slot *s = &t->slots[line->slots + i];
        if ((at_trait_of(t, s)->flags & (AT_S_LITERAL | AT_S_LOOP)) || !points_to_text(at_type_of(t, s))) continue;
        at_text *text = (at_text *)(void *)(fields + s->offset);
        if (text->p >= from && text->p < from + size) text->p = to + (text->p - from);
    }
}

static asked *asked_new(decode *d, unsigned form, const void *fields)
{
    const at_tables *t = d->module.link.tables;
    const at_form *f = &d->names->module->tables->forms[form];
    asked *a = calloc(1, sizeof *a);
    if (!a) return NULL;
    size_t line_size = (size_t)d->module.link.in_size + 1, size = d->names->module->fields_size;
    a->fields = calloc(1, size);
    a->line = malloc(line_size);
    if (!a->fields || !a->line) abort();
    if (fields) memcpy(a->fields, fields, size);
    memcpy(a->line, d->module.link.in, line_size);
    relocate(t, &t->lines[f->line], a->fields, d->module.link.in, a->line, line_size);
    a->decode = d;
    a->request.deliver = deliver;
    a->request.source = zeros;
    a->request.sink = keep_data;
    a->next = d->asked;
    return d->asked = a;
}

/* The host side would recognise the echo of what it has written itself: here the command was written by somebody else. */
static void expect_echo(decode *d)
{
    at_core *h = &d->host.core;
    if (h->echo_data || d->n_sent > d->host.link.out_size) return;
    memcpy(d->host.link.out, d->sent, d->n_sent);
    h->echo_n = (uint16_t)d->n_sent;
}

enum { GENEROUS = 16384 };      /* captures hold lines longer than any manual foresees */

/* Let the command leave. The module has echoed what was typed before: the host side, which waits for the end of a
 * line before it sends, has collected it already. */
static void send_command(decode *d)
{
    at_link *l = &d->host.link;
    at_core *h = &d->host.core;
    char early[GENEROUS];
    uint16_t n = (uint16_t)(l->in_n - h->line_at);
    memcpy(early, l->in + h->line_at, n);
    l->in_n = h->line_at;
    at_poll(l);
    memcpy(l->in + l->in_n, early, n);
    l->in_n = (uint16_t)(l->in_n + n);
    expect_echo(d);
}

/* After an answer that it did not expect the host side would bring the link back in step by a command of its own. In a
 * capture nobody answers that: the next command of the capture is as good. */
static void stay_in_step(decode *d)
{
    at_core *h = &d->host.core;
    h->adrift = AT_ADRIFT_NOT;
    if (h->running != &h->ghost || h->data_for == &h->ghost) return;
    h->ghost.state = AT_Q_FREE;
    at__free_line(h);
}

static at_status heard(at_module *m, unsigned form, const void *fields, void *ctx)
{
    decode *d = ctx;
    (void)m;
    unsigned call = d->names->module->tables->form_ids[form];   /* the host has all forms, in order */
    asked *a = asked_new(d, form, fields);
    if (!a) return AT_UNSUPPORTED;
    d->form = form;
    d->current = a;
    d->chained = d->module.chained;
    stay_in_step(d);
    if (at_host_start(&d->host, &a->request, a->fields, call) != AT_OK) {
        d->current = NULL;
        return AT_UNSUPPORTED;
    }
    send_command(d);
    return AT_PENDING;
}

static size_t heard_data(at_module *m, unsigned form, const at_chunk *c, void *ctx)
{
    decode *d = ctx;
    (void)m;
    (void)form;
    payload_add(&d->heard, c);
    if (c->status != AT_PENDING && d->end_after_data) {
        d->end_after_data = false;
        end_module(d, d->end_ok);
    }
    return c->n;
}

/* ---- life ---- */
static void *room(size_t n)
{
    void *p = calloc(1, n ? n : 1);
    if (!p) abort();
    return p;
}

/* Both sides from the beginning. False: a buffer is too small. */
static bool start(decode *d)
{
    const at_port port = { drop, clock_now, NULL, NULL, d };
    if (at_module_init(&d->module, &d->module_class, &port, d->module_buffer, GENEROUS,
                       d->module_fields, d->module_settings, d->module_cells, NULL) != AT_OK ||
        at_host_init(&d->host, &d->host_class, &port, d->host_buffer, GENEROUS,
                     d->rooms, d->room_size, d->host_settings, d->host_cells) != AT_OK) return false;
    d->module.hook = &d->hook;
    d->module.link.tap = module_saw;
    d->module.link.tap_ctx = d;
    d->host.link.tap = host_saw;
    d->host.link.tap_ctx = d;
    d->current = NULL;
    d->end_after_data = d->escaped = d->chained = d->rejected = false;
    d->n_over = d->heard.n = d->told.n = 0;
    return true;
}

static size_t settings_size(const at_tables *t)
{
    return sizeof(int32_t) * (t->n_settings + 1u);
}

decode *decode_new(const at_names *names, void (*event)(void *ctx, char from, const at_event *), void *ctx)
{
    decode *d = room(sizeof *d);
    d->names = names;
    d->event = event;
    d->ctx = ctx;
    d->room_size = (names->host_result + 31u) / 16u * 16u;
    d->module_buffer = room(GENEROUS);
    d->host_buffer = room(GENEROUS);
    d->sent = room(GENEROUS);
    d->module_fields = room(names->module_fields);
    d->rooms = room(d->room_size * AT_RESULTS);
    d->result = room(names->host_result);
    d->module_settings = room(settings_size(&names->module->tables->t));
    d->host_settings = room(settings_size(&names->host->tables->t));
    d->hook = (at_module_hook){ heard, heard_data, d };
    d->module_class = *names->module;
    d->module_class.sent = NULL;
    d->host_class = *names->host;
    d->host_tables = *names->host->tables;
    d->host_tables.n_clashes = 0;
    d->host_class.tables = &d->host_tables;
    d->host_class.event = NULL;
    d->host_class.event_data = keep_urc_data;
    d->host_class.unknown = NULL;
    if (start(d)) {
        decode_given(d, NULL, 0);       /* a capture may begin anywhere: nothing is known to be set */
        return d;
    }
    decode_free(d);
    return NULL;
}

void decode_free(decode *d)
{
    while (d->asked) {
        asked *a = d->asked;
        d->asked = a->next;
        free(a->fields);
        free(a->line);
        free(a);
    }
    free(d->module_buffer);
    free(d->host_buffer);
    free(d->sent);
    free(d->over);
    free(d->heard.bytes);
    free(d->told.bytes);
    free(d->module_fields);
    free(d->rooms);
    free(d->result);
    free(d->module_settings);
    free(d->host_settings);
    free(d);
}

void decode_time(decode *d, uint32_t ms)
{
    d->now += ms;
    poll_both(d);
}

enum { GUARD_MS = 2000 };       /* more than any guard time around an escape, and what the host adds */

static void leave_transparent(decode *d)
{
    d->escaped = false;
    if (at_host_escape(&d->host) != AT_OK) return;
    for (int i = 0; i < 2; i++) decode_time(d, GUARD_MS);      /* before it, after it */
}

/* A request that only waits for what comes later has left the line: the module side may take the next command. */
static void end_late(decode *d)
{
    if (!d->current || d->current->request.state != AT_Q_LATE) return;
    d->current = NULL;
    module_done(d, true);
}

/* Does transparent mode last, and nothing that may become its escape has begun? Then the line was quiet. */
static bool is_quiet(const decode *d)
{
    const at_module *m = &d->module;
    if (!at_module_in_transparent(m)) return false;
    return m->held == 0 || m->held >= strlen(m->link.tables->text + m->phase->texts[AT_P_UNTIL]);
}

/* Of several commands on one line each may have to be moved on between two lines. */
static size_t one_line(const decode *d, const uint8_t *p, size_t n)
{
    const uint8_t *end = d->module.chained ? memchr(p, '\n', n) : NULL;
    return end ? (size_t)(end + 1 - p) : n;
}

void decode_cut(decode *d, uint32_t most, uint32_t seed)
{
    d->most = most;
    d->cuts = seed;
}

/* How many of `n` bytes are fed at once. */
static size_t piece(decode *d, size_t n)
{
    if (d->most == 0) return n;
    d->cuts = d->cuts * 1664525u + 1013904223u;
    size_t most = 1 + (d->cuts >> 8) % d->most;
    return most < n ? most : n;
}

/* The host speaks again: a command that a quiet module has not answered is over. */
static void end_unanswered(decode *d)
{
    at_core *h = &d->host.core;
    if (!h->running || h->stream || !h->klass->manners || !h->klass->manners->is_quiet(h, h->running)) return;
    decode_time(d, h->running->deadline - d->now);
}

void decode_feed(decode *d, char direction, const char *bytes, size_t n)
{
    at_link *link = direction == '>' ? &d->module.link : &d->host.link;
    if (direction == '>') end_unanswered(d);
    if (direction == '>' && is_quiet(d)) decode_time(d, GUARD_MS);
    const uint8_t *p = (const uint8_t *)bytes;
    for (unsigned stuck = 0; n > 0 && stuck < 4; ) {
        size_t some = piece(d, n);
        size_t took = at_feed(link, p, direction == '<' ? one_line(d, p, some) : some);
        poll_both(d);
        settle_chain(d);
        end_late(d);
        p += took;
        n -= took;
        stuck = took ? 0 : stuck + 1;
    }
    if (direction == '>' && is_quiet(d)) decode_time(d, GUARD_MS);
    if (d->escaped) leave_transparent(d);
}

void decode_end(decode *d)
{
    enum { QUIET_MS = 2000 };   /* a body without a length has ended, a data phase has timed out */
    decode_time(d, QUIET_MS);
}

/* What has come of data that has not ended. */
static void report_data(decode *d, char from, payload *p)
{
    at_event e = { .saw = AT_SAW_DATA, .form = UINT16_MAX, .line = UINT16_MAX, .text = p->bytes, .n = p->n,
                   .status = AT_SHORT };
    if (p->n > 0) d->event(d->ctx, from, &e);
    p->n = 0;
}

/* A command line without its end; the host side has reported such a line by itself, as time has passed. */
static void report_line(decode *d)
{
    const at_link *l = &d->module.link;
    at_event e = { .saw = AT_SAW_REJECTED, .form = UINT16_MAX, .line = UINT16_MAX, .text = l->in, .n = l->in_n,
                   .status = AT_SHORT, .at = l->in_n, .reason = "no end" };
    if (l->in_n > 0 && !at_module_in_data(&d->module)) d->event(d->ctx, 'h', &e);
}

/* An exchange that stops in the middle must not spoil the next: both sides begin anew and keep what has been set. */
void decode_break(decode *d)
{
    decode_end(d);
    report_line(d);
    report_data(d, 'h', &d->heard);
    report_data(d, 'm', &d->told);
    if (at_idle(&d->module.link) && at_idle(&d->host.link)) return;
    size_t module_size = settings_size(d->module.link.tables);
    size_t host_size = settings_size(d->host.link.tables);
    int32_t *kept = room(module_size + host_size);
    memcpy(kept, d->module_settings, module_size);
    memcpy((char *)kept + module_size, d->host_settings, host_size);
    if (!start(d)) abort();
    memcpy(d->module_settings, kept, module_size);
    memcpy(d->host_settings, (char *)kept + module_size, host_size);
    free(kept);
}

static void set_given(const at_tables *t, int32_t *settings, const at_given *given, size_t n)
{
    for (unsigned i = 0; i < t->n_settings; i++) settings[i] = AT_UNKNOWN;
    for (; n > 0; n--, given++) {
        const at_setting *s = &t->settings[given->setting];
        for (unsigned key = 0; key < s->keys; key++)
            if (given->key == AT_NONE8 || given->key == key) settings[s->base + key] = given->value;
    }
}

void decode_given(decode *d, const at_given *given, size_t n)
{
    set_given(d->module.link.tables, d->module_settings, given, n);
    set_given(d->host.link.tables, d->host_settings, given, n);
}

bool decode_in_data(const decode *d, char direction)
{
    const at_core *h = &d->host.core;
    if (direction == '>') return at_module_in_data(&d->module);
    return (h->stream && h->stream != &at__body) || *h->tail != '\0';
}

bool decode_is_late(const decode *d, const at_event *e)
{
    const at_core *h = &d->host.core;
    bool is_line = e->saw == AT_SAW_LINE || e->saw == AT_SAW_FINAL;
    return is_line && h->owner && h->atom && (h->tables->steps[h->atom->step].flags & AT_A_LATER);
}

bool decode_is_busy(const decode *d)
{
    return d->current != NULL;
}

bool decode_is_idle(const decode *d)
{
    return !d->current && at_idle(&d->host.link);
}

bool decode_in_body(const decode *d)
{
    return d->host.core.stream == &at__body;
}

const at_tables *decode_tables(const decode *d, char from)
{
    return from == 'h' ? d->module.link.tables : d->host.link.tables;
}

const at_line_name *decode_line(const decode *d, char from, unsigned line)
{
    const uint16_t *map = from == 'h' ? d->names->module_lines : d->names->host_lines;
    return &d->names->lines[map[line]];
}
