/* Data phases of the module side: counted data, data up to a text, transparent mode. Bytes stream
 * to the handler as it takes them; nothing is kept but the few bytes that may begin a text which
 * ends the phase.
 *
 * `hold` is ready bytes (data after all, to be delivered first), then bytes in doubt. No byte is
 * taken while ready bytes wait or the last chunk is due.
 * SPDX-License-Identifier: 0BSD */
#include <string.h>

#include "at_line.h"
#include "at_module_private.h"
#include "at_value.h"

#define QUIET_MS 200            /* silence that ends what is dropped, or decides what is in doubt */
#define RETRY_MS 10             /* until a handler that took nothing is asked again */

enum { UNTIL, CANCEL, ESCAPE, N_TEXTS, NO_TEXT = N_TEXTS };     /* texts of a phase */

static bool has_flag(const at_module *m, unsigned flag)
{
    return (m->phase->flags & flag) != 0;
}

/* Does the escape count only between two silences? */
static bool is_guarded(const at_module *m)
{
    return has_flag(m, AT_P_TRANSPARENT) && m->phase->silence_ms > 0;
}

/* Text of the phase; "" when it has none. */
static const char *text_of(const at_module *m, unsigned which)
{
    const at_phase *p = m->phase;
    uint16_t text = which == UNTIL ? p->until : which == CANCEL ? p->cancel : p->escape;
    return m->link.tables->text + text;
}

static void close_with(at_module *m, at_status status)
{
    m->ready = m->held;
    m->closing = (uint8_t)(1 + status);
}

static void begin(at_module *m, unsigned phase, const void *fields)
{
    const at_tables *t = m->link.tables;
    const at_phase *p = &t->phases[phase];
    int32_t count = 0;
    m->link.now = m->link.port.now(m->link.port.ctx);
    m->began = m->heard = m->link.now;
    m->phase = p;
    m->dropping = fields == NULL;
    m->data_seen = true;
    m->held = m->ready = m->closing = 0;
    m->came = 0;
    m->left = UINT32_MAX;
    if (!(p->flags & AT_P_COUNTED) || !fields) return;
    if (p->flags & AT_P_COUNT_IN_RESULT)
        count = at__value_num(&t->types[p->count_type], (const uint8_t *)fields + p->count);
    else
        at__figure(&m->link, p->count, m->fields, &count);
    m->left = (uint32_t)count;
    if (m->left == 0) close_with(m, AT_OK);
}

/* ---- to the handler ---- */

static size_t call_data(at_module *m, const at_chunk *c)
{
    const at_module_hook *hook = m->hook;
    size_t taken = c->n;
    if (AT_TAP && hook && hook->data) taken = hook->data(m, m->form, c, hook->ctx);
    else if (m->klass->data) taken = m->klass->data(m, m->form, c);
    return taken < c->n ? taken : c->n;
}

static size_t call_last(at_module *m, at_status status)
{
    at_chunk c = { NULL, 0, 0, status };
    return call_data(m, &c);
}

#if AT_TAP
static void tap(at_module *m, at_saw saw, at_status status)
{
    at_event e;
    memset(&e, 0, sizeof e);
    e.saw = saw;
    e.form = e.line = UINT16_MAX;
    e.n = m->came;
    e.status = status;
    at__module_tap(m, &e);
}
#else
#define tap(m, saw, status) ((void)0)
#endif

/* Offer bytes of the phase; says how many were taken. Counted data ends here, and data of which
 * there is too much. */
static size_t deliver(at_module *m, const uint8_t *p, size_t n)
{
    bool counted = has_flag(m, AT_P_COUNTED), dropped = m->dropping;
    uint32_t room = counted || m->phase->max == 0 ? UINT32_MAX : m->phase->max - m->came;
    at_chunk c = { p, n, counted ? m->left : SIZE_MAX, AT_PENDING };
    if (n > room) c.n = room;
    if (c.n == 0) {
        if (!dropped && m->closing == 0) close_with(m, AT_OVERFLOW);
        return n;
    }
    if (counted && n == m->left) c.status = AT_OK;
    if (!dropped) c.n = call_data(m, &c);
    if (!m->phase) return c.n;          /* the handler has ended it */
    m->came += (uint32_t)c.n;
    if (counted) m->left -= (uint32_t)c.n;
    if (m->left == 0) {
        if (!dropped) tap(m, AT_SAW_DATA, AT_OK);
        m->phase = NULL;
        m->after_data = true;
    }
    return c.n;
}

/* The phase has ended otherwise than by its count: the last chunk, and what follows from it. */
static void close_phase(at_module *m)
{
    at_status status = (at_status)(m->closing - 1), s = AT_OK;
    bool dropped = m->dropping, transparent = has_flag(m, AT_P_TRANSPARENT);
    bool in_silence = status == AT_CANCELLED && has_flag(m, AT_P_LAST);
    m->closing = 0;
    m->dropping = status == AT_OVERFLOW;        /* the rest of it comes to nobody */
    m->after_data = !m->dropping;
    if (!m->dropping) m->phase = NULL;
    if (dropped) return;
    if (m->came > 0 || !transparent) tap(m, AT_SAW_DATA, status);
    if (transparent) tap(m, AT_SAW_ESCAPE, AT_OK);
    call_last(m, status);
    if (m->form == AT_NONE) return;
    if (transparent) at__module_ok(m, true);
    else if (in_silence) at__module_end(m, false);
    else if (status != AT_OK && status != AT_SHORT) s = at_module_refuse(m, AT_REFUSE_PARAMETER);
    (void)s;                    /* room was kept */
}

static void flush_ready(at_module *m)
{
    size_t taken = m->ready > 0 ? deliver(m, m->hold, m->ready) : 0;
    m->held = (uint8_t)(m->held - taken);
    m->ready = (uint8_t)(m->ready - taken);
    memmove(m->hold, m->hold + taken, m->held);
}

/* ---- texts that end a phase ---- */

/* The text that the bytes in doubt are, NO_TEXT none; *part: they may become one. */
static unsigned compare(const at_module *m, bool *part)
{
    size_t n = m->held - (size_t)m->ready;
    unsigned which;
    *part = false;
    for (which = UNTIL; which < N_TEXTS; which++) {
        const char *text = text_of(m, which);
        size_t length = strlen(text);
        if (n > length || memcmp(m->hold + m->ready, text, n) != 0) continue;
        if (n == length) return which;
        *part = true;
    }
    return NO_TEXT;
}

/* The escape stands for the text that ends the phase otherwise. */
static void unescape(at_module *m)
{
    const char *p = text_of(m, UNTIL);
    m->held = m->ready;
    for (; *p != '\0' && m->held <= AT_HOLD; p++) m->hold[m->held++] = (uint8_t)*p;
    m->ready = m->held;
}

/* Decide about the bytes in doubt as far as that can be done. */
static void settle(at_module *m)
{
    while (m->ready < m->held) {
        bool part;
        unsigned which = compare(m, &part);
        if (which == ESCAPE) {
            unescape(m);
        } else if (which != NO_TEXT) {
            if (is_guarded(m)) return;          /* silence decides */
            m->held = m->ready;
            close_with(m, which == UNTIL ? AT_OK : AT_CANCELLED);
        } else if (part) {
            return;
        } else {
            m->ready = is_guarded(m) ? m->held : (uint8_t)(m->ready + 1);
        }
    }
}

static bool may_begin(const at_module *m, uint8_t byte)
{
    unsigned which;
    for (which = UNTIL; which < N_TEXTS; which++) {
        char c = *text_of(m, which);
        if (c != '\0' && (uint8_t)c == byte) return true;
    }
    return false;
}

/* Are the bytes in doubt as many as are still to come? */
static bool has_all(const at_module *m)
{
    return has_flag(m, AT_P_COUNTED) && m->held >= m->left;
}

/* Even then they may begin an escape, which stands for fewer bytes than it has. */
static bool may_be_escape(const at_module *m)
{
    const char *escape = text_of(m, ESCAPE);
    size_t n = m->held - (size_t)m->ready;
    return strlen(text_of(m, UNTIL)) <= m->left && n < strlen(escape) &&
           memcmp(m->hold + m->ready, escape, n) == 0;
}

static size_t feed(at_module *m, const uint8_t *p, size_t n)
{
    bool counted = has_flag(m, AT_P_COUNTED);
    size_t k = 0;
    if (m->closing || m->ready > 0) return 0;
    if (m->after_cr && m->wants_lf && p[0] == '\r') return 1;        /* noise has doubled it */
    if (m->after_cr) {
        m->after_cr = false;
        if (p[0] == '\n' && m->wants_lf) return 1;
    }
    if (has_all(m)) {
        if ((uint8_t)text_of(m, ESCAPE)[m->held] != p[0]) {
            m->ready = m->held;         /* it was none */
            return 0;
        }
    } else if (counted && n > m->left - m->held) {
        n = m->left - m->held;
    }
    if (m->held == 0) {
        if (is_guarded(m) && m->link.now - m->heard < m->phase->silence_ms) k = n;
        while (k < n && !may_begin(m, p[k])) k++;
        if (k > 0) return deliver(m, p, k);
    }
    m->hold[m->held++] = p[0];
    settle(m);
    if (has_all(m) && !may_be_escape(m)) m->ready = m->held;
    return 1;
}

/* ---- time ---- */

/* Have `ms` (0: no limit) passed since then? Else *due is at most what is left of them. */
static bool is_over(const at_module *m, uint32_t since, uint32_t ms, uint32_t *due)
{
    uint32_t passed = m->link.now - since;
    if (ms == 0) return false;
    if (passed >= ms) return true;
    if (ms - passed < *due) *due = ms - passed;
    return false;
}

static void after_silence(at_module *m)
{
    bool part;
    if (m->dropping) {
        m->phase = NULL;
    } else if (compare(m, &part) == UNTIL) {
        m->held = 0;
        close_with(m, AT_OK);
    } else {
        m->ready = m->held;
    }
}

static uint32_t run(at_module *m)
{
    uint32_t due = UINT32_MAX, silence = 0;
    if (m->dropping) silence = QUIET_MS;
    else if (m->held > 0 && is_guarded(m)) silence = m->phase->silence_ms;
    else if (m->held > m->ready && has_all(m)) silence = QUIET_MS;
    if (m->closing == 0 && is_over(m, m->heard, silence, &due)) after_silence(m);
    if (!m->phase) return due;
    if (m->closing == 0 && !m->dropping && is_over(m, m->began, at__time(&m->link, m->phase->within, m->fields), &due))
        close_with(m, has_flag(m, AT_P_SHORT_KEPT) ? AT_SHORT : AT_TIMEOUT);
    flush_ready(m);
    if (m->phase && m->closing && m->ready == 0) close_phase(m);
    return m->phase && (m->ready > 0 || m->closing) ? RETRY_MS : due;
}

static void end(at_module *m, at_status status)
{
    m->phase = NULL;
    if (!m->dropping) call_last(m, status);
}

const at_phases at__phases = { begin, feed, run, end };

/* ---- transparent mode, from the module's side ---- */

size_t at_module_send(at_module *m, const uint8_t *p, size_t n)
{
    at_link *l = &m->link;
    size_t keep = l->tables->final_max, room = at__room(l);
    if (!at_module_in_transparent(m)) return 0;
    room = room > keep ? room - keep : 0;
    if (n > room) n = room;
    at__begin(l, keep);
    at__put(l, (const char *)p, n);
    return n;
}

at_status at_module_leave(at_module *m)
{
    at_status s = AT_OK;
    if (!at_module_in_transparent(m)) return AT_INVALID;
    if (m->phase->line != AT_NONE) s = at__module_line(m, m->phase->line, NULL, 0);
    if (s != AT_OK) return s;
    if (m->came > 0) tap(m, AT_SAW_DATA, AT_OK);
    at__module_end(m, true);
    return AT_OK;
}
