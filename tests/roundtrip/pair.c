/* SPDX-License-Identifier: MIT */
#include "pair.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LOG_MAX = 6000, TURNS_MAX = 200000, SPLIT_MS = 5 };

/* ---- what passes is written down ---- */

static void log_text(pair *p, const char *s)
{
    size_t n = strlen(s);
    if (p->log_n + n > LOG_MAX) return;
    memcpy(p->log + p->log_n, s, n + 1);
    p->log_n += n;
}

static void log_byte(pair *p, uint8_t c)
{
    char text[8];
    if (c == '\r') snprintf(text, sizeof text, "\\r");
    else if (c == '\n') snprintf(text, sizeof text, "\\n");
    else if (c == '\\') snprintf(text, sizeof text, "\\\\");
    else if (c < 0x20 || c >= 0x7f) snprintf(text, sizeof text, "\\x%02x", c);
    else snprintf(text, sizeof text, "%c", c);
    log_text(p, text);
}

static void log_bytes(pair *p, char direction, const uint8_t *bytes, size_t n)
{
    char mark[4] = { '\n', direction, ' ', '\0' };
    if (direction != p->log_direction) log_text(p, mark);
    p->log_direction = direction;
    for (size_t i = 0; i < n && i < 300; i++) log_byte(p, bytes[i]);
    if (n > 300) log_text(p, "[...]");
}

/* ---- wires ---- */

static void append(wire *w, uint8_t byte)
{
    if (w->n == w->size) {
        w->size = w->size ? 2 * w->size : 1024;
        w->bytes = realloc(w->bytes, w->size);
        if (!w->bytes) abort();
    }
    w->bytes[w->n++] = byte;
}

static void carry(wire *w, uint8_t byte)
{
    size_t at = w->written++;
    wire_fault fault = at == w->fault_at ? w->fault : FAULT_NONE;
    if (fault == FAULT_DROP || (w->fault == FAULT_CUT && at >= w->fault_at)) return;
    if (fault == FAULT_FLIP) byte ^= (uint8_t)(1u << w->fault_at % 8);
    append(w, byte);
    if (fault == FAULT_DOUBLE) append(w, byte);
}

void pair_put(pair *p, wire *w, const void *bytes, size_t n)
{
    log_bytes(p, w->direction, bytes, n);
    for (size_t i = 0; i < n; i++) carry(w, ((const uint8_t *)bytes)[i]);
}

void pair_repeat(pair *p, wire *w, size_t from)
{
    size_t n = w->n;
    for (size_t i = from; i < n; i++) {
        uint8_t byte = w->bytes[i];
        pair_put(p, w, &byte, 1);
    }
}

static size_t write_wire(pair *p, wire *w, const uint8_t *bytes, size_t n)
{
    if (w->gulp && n > w->gulp) n = w->gulp;
    pair_put(p, w, bytes, n);
    return n;
}

static size_t write_up(void *ctx, const uint8_t *bytes, size_t n)
{
    return write_wire(ctx, &((pair *)ctx)->up, bytes, n);
}

static size_t write_down(void *ctx, const uint8_t *bytes, size_t n)
{
    return write_wire(ctx, &((pair *)ctx)->down, bytes, n);
}

/* Hand on what is on the wire, up to the split; says whether anything was taken. */
static bool deliver(wire *w, at_link *to)
{
    size_t n = w->held || (w->split && w->passed == w->split) ? 0 : w->n;
    if (w->chunk && n > w->chunk) n = w->chunk;
    if (w->fault == FAULT_STALL && w->passed + n > w->fault_at)
        n = w->passed < w->fault_at ? w->fault_at - w->passed : 0;
    if (w->passed < w->split && w->passed + n > w->split) n = w->split - w->passed;
    if (n == 0) return false;
    uint8_t *copy = malloc(n);          /* its end is the end of the memory */
    if (!copy) abort();
    memcpy(copy, w->bytes, n);
    size_t taken = at_feed(to, copy, n);
    free(copy);
    memmove(w->bytes, w->bytes + taken, w->n - taken);
    w->n -= taken;
    w->passed += taken;
    return taken > 0;
}

/* ---- time ---- */

static uint32_t clock_now(void *ctx)
{
    return ((pair *)ctx)->now;
}

/* A link that says for how long it need not be asked says no less when it is asked at once. */
static uint32_t poll_link(pair *p, at_link *l)
{
    uint32_t ms = at_poll(l);
    if (ms > 0 && at_poll(l) < ms) p->restless = true;
    return ms;
}

static bool turn(pair *p)
{
    uint32_t host = poll_link(p, &p->host.link), module = poll_link(p, &p->module.link);
    bool moved = deliver(&p->up, &p->module.link);
    moved |= deliver(&p->down, &p->host.link);
    p->wake = host < module ? host : module;
    return moved || p->wake == 0;
}

/* At rest in front of a split: some time later, on with the rest of the bytes. */
static bool go_on(pair *p, wire *w)
{
    bool is_cut = w->split && w->passed == w->split && w->n > 0;
    if (!is_cut) return false;
    w->split = 0;
    p->now += SPLIT_MS;
    return true;
}

void pair_rest(pair *p)
{
    unsigned turns = 0;
    do {
        while (turn(p))
            if (++turns > TURNS_MAX) {
                p->restless = true;
                return;
            }
    } while (go_on(p, &p->up) || go_on(p, &p->down));
}

void pair_pass(pair *p, uint32_t ms)
{
    pair_rest(p);
    while (ms > 0 && !p->restless) {
        uint32_t step = p->wake < ms ? p->wake : ms;
        if (step == 0) step = 1;
        p->now += step;
        ms -= step;
        pair_rest(p);
    }
}

bool pair_idle(const pair *p)
{
    return at_idle(&p->host.link) && at_idle(&p->module.link) && p->up.n == 0 && p->down.n == 0;
}

/* ---- callbacks ---- */

static pair *pair_of(at_host *h)
{
    return (pair *)(void *)((char *)h - offsetof(pair, host));
}

static at_status hook_call(at_module *m, unsigned form, const void *fields, void *ctx)
{
    pair *p = ctx;
    (void)m;
    return p->ears.call(p->ears.ctx, form, fields);
}

static size_t hook_data(at_module *m, unsigned form, const at_chunk *c, void *ctx)
{
    pair *p = ctx;
    (void)m;
    (void)form;
    return p->ears.data(p->ears.ctx, c);
}

static void host_event(at_host *h, unsigned urc, const void *fields)
{
    pair *p = pair_of(h);
    p->ears.event(p->ears.ctx, urc, fields);
}

static void host_event_data(at_host *h, unsigned urc, const at_chunk *c)
{
    pair *p = pair_of(h);
    p->ears.event_data(p->ears.ctx, urc, c);
}

static void host_unknown(at_host *h, at_text line)
{
    pair *p = pair_of(h);
    p->ears.unknown(p->ears.ctx, line);
}

/* ---- life ---- */

static void *room(size_t n)
{
    void *p = calloc(1, n ? n : 1);
    if (!p) abort();
    return p;
}

pair *pair_new(const at_names *names)
{
    pair *p = room(sizeof *p);
    p->names = names;
    p->room_size = (names->host_result + 15u) / 16 * 16;
    p->module_buffer = room(names->module_buffer);
    p->host_buffer = room(names->host_buffer);
    p->module_fields = room(names->module_fields);
    p->rooms = room(p->room_size * AT_RESULTS);
    p->module_settings = room(sizeof(int32_t) * names->module->tables->t.n_settings);
    p->host_settings = room(sizeof(int32_t) * names->host->tables->t.n_settings);
    p->log = room(LOG_MAX + 16);
    return p;
}

void pair_free(pair *p)
{
    free(p->module_buffer);
    free(p->host_buffer);
    free(p->module_fields);
    free(p->rooms);
    free(p->module_settings);
    free(p->host_settings);
    free(p->log);
    free(p->up.bytes);
    free(p->down.bytes);
    free(p);
}

static void reset_wire(wire *w, char direction)
{
    uint8_t *bytes = w->bytes;
    size_t size = w->size;
    memset(w, 0, sizeof *w);
    w->bytes = bytes;
    w->size = size;
    w->direction = direction;
}

/* The dialect's classes with the test in the place of the user's code. */
static void borrow_classes(pair *p)
{
    p->module_class = *p->names->module;
    p->module_class.sent = NULL;
    p->host_class = *p->names->host;
    p->host_class.event = host_event;
    p->host_class.event_data = host_event_data;
    p->host_class.unknown = host_unknown;
    p->hook = (at_module_hook){ hook_call, hook_data, p };
}

/* What stood there before a start does not matter. */
static void soil(pair *p)
{
    enum { DIRT = 0xa5 };
    memset(&p->module, DIRT, sizeof p->module);
    memset(&p->host.core, DIRT, sizeof p->host.core);
    memset(&p->host.link, DIRT, sizeof p->host.link);
    memset(p->module_buffer, DIRT, p->names->module_buffer);
    memset(p->host_buffer, DIRT, p->names->host_buffer);
    memset(p->module_fields, DIRT, p->names->module_fields);
    memset(p->rooms, DIRT, p->room_size * AT_RESULTS);
    memset(p->module_cells, DIRT, sizeof p->module_cells);
    memset(p->host_cells, DIRT, sizeof p->host_cells);
}

bool pair_start(pair *p, const pair_ears *ears, const int32_t *settings)
{
    const at_port module = { write_down, clock_now, NULL, NULL, p };
    const at_port host = { write_up, clock_now, NULL, NULL, p };
    size_t size = sizeof *settings * p->names->host->tables->t.n_settings;
    soil(p);
    p->ears = *ears;
    p->now = UINT32_MAX - 5000;         /* the clock wraps soon */
    p->log_n = 0;
    p->log[0] = p->log_direction = '\0';
    p->restless = false;
    reset_wire(&p->up, '>');
    reset_wire(&p->down, '<');
    borrow_classes(p);
    if (at_module_init(&p->module, &p->module_class, &module, p->module_buffer,
                       p->names->module_buffer, p->module_fields, p->module_settings, p->module_cells, NULL) != AT_OK ||
        at_host_init(&p->host, &p->host_class, &host, p->host_buffer, p->names->host_buffer, p->rooms,
                     p->room_size, p->host_settings, p->host_cells) != AT_OK)
        return false;
    p->module.hook = &p->hook;
    if (settings && size) memcpy(p->module_settings, settings, size);
    if (settings && size) memcpy(p->host_settings, settings, size);
    return true;
}
