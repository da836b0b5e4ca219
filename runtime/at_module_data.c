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

/* Do texts end phases of the dialect, or anything but their count? */
#define WITH_TEXTS (AT_WITH_UNTIL || AT_WITH_TRANSPARENT || AT_WITH_CANCELS)
#define WITH_ENDS (WITH_TEXTS || AT_WITH_LIMITS)
/* Do they ever end otherwise than with the byte that makes their count full? */
#define WITH_CLOSE (WITH_ENDS || AT_WITH_EMPTY_DATA)

/* A flag that no phase of the dialect has costs nothing, nor does one that all have. */
static bool is_phase(const at_module *m, unsigned flag)
{
    unsigned some = AT_P_COUNTED | (AT_WITH_TRANSPARENT ? AT_P_TRANSPARENT : 0) |
                    (AT_WITH_LIMITS ? AT_P_SHORT_KEPT : 0) | (AT_WITH_CANCELS ? AT_P_LAST : 0);
    if (!WITH_ENDS && flag == AT_P_COUNTED) return true;
    return (m->phase->flags & flag & some) != 0;
}

/* Does the escape count only between two silences? */
static bool is_guarded(const at_module *m)
{
    return AT_WITH_TRANSPARENT && m->phase->silence_ms > 0;
}

/* The texts of a phase: the two that it has by number, and the one that takes data back. */
enum { CANCEL = 2, N_TEXTS = AT_WITH_CANCELS ? 3 : 2 };

/* Text of the phase; "" when it has none. */
static const char *text_of(const at_module *m, unsigned which)
{
    const at_phase *p = m->phase;
    return at__tables(&m->link)->text + (which == CANCEL ? p->cancel : p->texts[which]);
}

static void close_with(at_module *m, at_status status)
{
    m->ready = m->held;
    m->closing = (uint8_t)(1 + status);
}

static void begin_phase(at_module *m, unsigned phase, const void *fields)
{
    const at_phase *p = &at__tables(&m->link)->phases[phase];
    int32_t count = 0;
    m->link.now = m->link.port.now(m->link.port.ctx);
    m->heard = m->link.now;
    if (AT_WITH_LIMITS) m->began = m->link.now;
    m->phase = p;
    m->dropping = AT_WITH_UNPROMPTED && !fields;
    m->data_seen = true;
    if (WITH_CLOSE) m->held = m->ready = m->closing = 0;
    if (AT_TAP) m->came = 0;
    if (WITH_ENDS || AT_WITH_UNPROMPTED) m->left = UINT32_MAX;
    if (AT_WITH_UNPROMPTED && !fields) return;
    if (AT_WITH_LIMITS && p->max != 0) m->left = p->max;
    if (!is_phase(m, AT_P_COUNTED)) return;
    at__phase_count(&m->link, p, m->fields, fields, &count);
    m->left = (uint32_t)count;
    if (AT_WITH_EMPTY_DATA && m->left == 0) close_with(m, AT_OK);
}

/* ---- to the handler ---- */

/* What nobody waits for any more is taken as it comes. */
static size_t call_data(at_module *m, const at_chunk *c)
{
    const at_module_hook *hook = m->hook;
    size_t taken = c->n;
    if (m->dropping) return taken;
    if (AT_TAP && hook && hook->data) taken = hook->data(m, m->form, c, hook->ctx);
    else if (at__class(m)->data) taken = at__class(m)->data(m, m->form, c);
    return taken < c->n ? taken : c->n;
}

static void call_last(at_module *m, at_status status)
{
    at_chunk c = { NULL, 0, 0, status };
    call_data(m, &c);
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
    bool counted = is_phase(m, AT_P_COUNTED), dropped = m->dropping;
    at_chunk c = { p, n, counted ? m->left : SIZE_MAX, AT_PENDING };
    if (n >= m->left) c.n = m->left;
    if (AT_WITH_LIMITS && c.n == 0) {
        if (!dropped && m->closing == 0) close_with(m, AT_OVERFLOW);
        return n;
    }
    if (c.n == c.left) c.status = AT_OK;
    c.n = call_data(m, &c);
    if (!m->phase) return c.n;          /* the handler has ended it */
    if (AT_TAP) m->came += (uint32_t)c.n;
    if (AT_WITH_LIMITS ? m->left != UINT32_MAX : counted) m->left -= (uint32_t)c.n;
    if (counted && m->left == 0) {
        if (!dropped) tap(m, AT_SAW_DATA, AT_OK);
        m->phase = NULL;
        m->after_data = true;
    }
    return c.n;
}
/* The phase has ended otherwise than by its count: the last chunk, and what follows from it. What
 * was too much is followed by more that comes to nobody. */
static void close_phase(at_module *m)
{
    at_status status = (at_status)(m->closing - 1), s = AT_OK;
    bool transparent = is_phase(m, AT_P_TRANSPARENT), is_last = is_phase(m, AT_P_LAST);
    m->closing = 0;
    m->after_data = !AT_WITH_LIMITS || status != AT_OVERFLOW;
    if (m->after_data) m->phase = NULL;
    if (m->dropping) return;
    if (m->came > 0 || !transparent) tap(m, AT_SAW_DATA, status);
    if (transparent) tap(m, AT_SAW_ESCAPE, AT_OK);
    call_last(m, status);
    if (AT_WITH_LIMITS && status == AT_OVERFLOW) m->dropping = true;
    if (!m->start) return;
    if (transparent) at__module_ok(m, true);
    else if (status == AT_CANCELLED && is_last) at__module_end(m, false);
    else if ((AT_WITH_LIMITS || AT_WITH_CANCELS) && status != AT_OK && status != AT_SHORT)
        s = at_module_refuse(m, AT_REFUSE_PARAMETER);
    (void)s;                    /* room was kept */
}

static void flush_ready(at_module *m)
{
    size_t taken;
    if (m->ready == 0) return;
    taken = deliver(m, m->hold, m->ready);
    m->held = (uint8_t)(m->held - taken);
    m->ready = (uint8_t)(m->ready - taken);
    memmove(m->hold, m->hold + taken, m->held);
}

/* ---- texts that end a phase ---- */

/* The text that the bytes in doubt are, N_TEXTS none; *part: bits of those that they may become. */
static unsigned compare(const at_module *m, unsigned *part)
{
    size_t n = m->held - (size_t)m->ready;
    unsigned which;
    *part = 0;
    for (which = 0; which < N_TEXTS; which++) {
        const char *text = text_of(m, which);
        size_t length = strlen(text);
        if (n > length || memcmp(m->hold + m->ready, text, n) != 0) continue;
        if (n == length) break;
        *part |= 1u << which;
    }
    return which;
}

/* The escape stands for the text that ends the phase otherwise. */
static void unescape(at_module *m)
{
    const char *p = text_of(m, AT_P_UNTIL);
    m->held = m->ready;
    for (; *p != '\0' && m->held <= AT_HOLD; p++) m->hold[m->held++] = (uint8_t)*p;
    m->ready = m->held;
}

/* Are the bytes in doubt as many as are still to come? */
static bool has_all(const at_module *m)
{
    return is_phase(m, AT_P_COUNTED) && m->held >= m->left;
}

/* May they yet become a text? Where no more can come only an escape, which stands for fewer bytes
 * than it has. */
static bool may_become(const at_module *m, unsigned part)
{
    if (!has_all(m)) return part != 0;
    return AT_WITH_UNTIL && (part >> AT_P_ESCAPE & 1) && strlen(text_of(m, AT_P_UNTIL)) <= m->left;
}

/* Decide about the bytes in doubt as far as that can be done. A guarded escape is decided about by
 * silence. */
static void settle(at_module *m)
{
    while (m->ready < m->held) {
        bool guarded = is_guarded(m);
        unsigned part, which = compare(m, &part);
        if (AT_WITH_UNTIL && which == AT_P_ESCAPE) {
            unescape(m);
        } else if (which != N_TEXTS) {
            if (guarded) return;
            m->held = m->ready;
            close_with(m, which == AT_P_UNTIL ? AT_OK : AT_CANCELLED);
        } else if (may_become(m, part)) {
            return;
        } else {
            m->ready = guarded ? m->held : (uint8_t)(m->ready + 1);
        }
    }
}

static bool may_end(const at_module *m, uint8_t byte)
{
    unsigned which;
    for (which = 0; which < N_TEXTS; which++)
        if (byte != 0 && (uint8_t)*text_of(m, which) == byte) return true;
    return false;
}

/* How many of these bytes are data, whatever comes behind them? */
static size_t sure(const at_module *m, const uint8_t *p, size_t n)
{
    size_t k = 0;
    if (is_guarded(m) && m->link.now - m->heard < m->phase->silence_ms) return n;
    while (k < n && !may_end(m, p[k])) k++;
    return k;
}

/* Is it the end of the command line that the data follow? Noise may have doubled the CR. */
static bool is_line_end(at_module *m, uint8_t byte)
{
    bool is = m->after_cr && m->wants_lf && (byte == '\r' || byte == '\n');
    m->after_cr = is && byte == '\r';
    return is;
}

static size_t feed_phase(at_module *m, const uint8_t *p, size_t n)
{
    if ((WITH_CLOSE && m->closing) || (WITH_TEXTS && m->ready > 0)) return 0;
    if (is_line_end(m, p[0])) return 1;
    if (!WITH_TEXTS) return deliver(m, p, n);
    if (m->held == 0) {
        n = sure(m, p, n);
        if (n > 0) return deliver(m, p, n);
    }
    if (AT_WITH_UNTIL && has_all(m) && (uint8_t)text_of(m, AT_P_ESCAPE)[m->held] != p[0]) {
        m->ready = m->held;             /* it was none */
        return 0;
    }
    m->hold[m->held++] = p[0];
    settle(m);
    return 1;
}

/* ---- time ---- */

/* Milliseconds until `ms` (0: no limit) have passed since then. */
static uint32_t left_of(const at_module *m, uint32_t since, uint32_t ms)
{
    return ms == 0 ? UINT32_MAX : at__until(&m->link, since + ms);
}

static void after_silence(at_module *m)
{
    unsigned part;
    if (m->dropping) {
        m->phase = NULL;
    } else if (!WITH_TEXTS) {
        return;
    } else if (compare(m, &part) == AT_P_UNTIL) {
        m->held = 0;
        close_with(m, AT_OK);
    } else {
        m->ready = m->held;
    }
}

/* So long nothing may come before something is decided; 0: nothing is to be decided. */
static uint32_t silence_of(const at_module *m)
{
    if (m->dropping || (AT_WITH_UNTIL && m->held > m->ready && has_all(m))) return QUIET_MS;
    return WITH_TEXTS && m->held > 0 ? m->phase->silence_ms : 0;
}

static uint32_t look_at_clock(at_module *m)
{
    uint32_t due = left_of(m, m->heard, silence_of(m)), limit = UINT32_MAX;
    if (due == 0) {
        after_silence(m);
        return UINT32_MAX;
    }
    if (AT_WITH_LIMITS && !m->dropping)
        limit = left_of(m, m->began, at__time(&m->link, m->phase->within, m->fields));
    if (limit == 0) close_with(m, is_phase(m, AT_P_SHORT_KEPT) ? AT_SHORT : AT_TIMEOUT);
    return limit < due ? limit : due;
}

static uint32_t run_phase(at_module *m)
{
    uint32_t due = WITH_CLOSE && m->closing ? UINT32_MAX : look_at_clock(m);
    if (!WITH_CLOSE || !m->phase) return due;
    if (WITH_TEXTS) flush_ready(m);
    if (m->phase && m->closing && m->ready == 0) close_phase(m);
    return m->phase && (m->ready > 0 || m->closing) ? RETRY_MS : due;
}

static void end_phase(at_module *m, at_status status)
{
    m->phase = NULL;
    call_last(m, status);
}

AT_CLASS const at_phases at__phases = { begin_phase, feed_phase, run_phase, end_phase };

/* ---- transparent mode, from the module's side ---- */

size_t at_module_send(at_module *m, const uint8_t *p, size_t n)
{
    return AT_WITH_TRANSPARENT && at_module_in_transparent(m) ? at__put_some(&m->link, p, n) : 0;
}

at_status at_module_leave(at_module *m)
{
    at_status s = AT_OK;
    if (!AT_WITH_TRANSPARENT || !at_module_in_transparent(m)) return AT_INVALID;
    if (AT_WITH_TRANSPARENT_ENDS && m->phase->line != AT_NONE)
        s = at__module_line(m, m->phase->line, NULL, AT_R_ENDS);
    if (s != AT_OK) return s;
    if (AT_TAP && m->came > 0) tap(m, AT_SAW_DATA, AT_OK);
    at__module_end(m, true);
    return AT_OK;
}
