/* What the host of a module may choose of the dialogue, as ITU-T V.250 has it: editing of the command
 * line and the line said again (5.2.2 to 5.2.4), result codes as numbers or none at all (5.7, 6.2),
 * and the signs that stand for CR, LF and backspace (6.2.1 to 6.2.3).
 *
 * The line that may be said again is kept behind the output buffer, NUL-terminated.
 * SPDX-License-Identifier: 0BSD */
#include <string.h>

#include "at_module_private.h"

#define CASE_BIT 0x20
#define ABORT_MS 125            /* so long bytes behind a command line do not end the command */

static const at_manner *manner_of(const at_module *m)
{
    return at__tables(&m->link)->manner;
}

/* A setting of the manner; `otherwise`: the host cannot choose it. One that is not known (in tools)
 * is as after a reset. */
static int32_t chosen(const at_module *m, unsigned setting, int32_t otherwise)
{
    const at_tables *t = at__tables(&m->link);
    unsigned place;
    if (setting == AT_NONE8) return otherwise;
    place = t->settings[setting].base;
    return m->link.settings[place] == AT_UNKNOWN ? t->initial[place] : m->link.settings[place];
}

static bool is_now(const at_module *m, unsigned setting, int32_t value)
{
    return chosen(m, setting, AT_UNKNOWN) == value;
}

/* ---- what lines look like ---- */

static const at_code *number_of(const at_module *m, const char *p, size_t n)
{
    const at_manner *manner = manner_of(m);
    unsigned i;
    for (i = 0; i < manner->n_codes; i++) {
        const char *text = at__tables(&m->link)->text + manner->codes[i].text;
        if (strlen(text) == n && memcmp(text, p, n) == 0) return &manner->codes[i];
    }
    return NULL;
}

/* The signs of a framing, as the host has chosen them. */
static void put_signs(at_module *m, char *p, size_t n)
{
    const at_manner *manner = manner_of(m);
    for (; n > 0; n--, p++) {
        if (*p == '\r') *p = (char)chosen(m, manner->termination, '\r');
        else if (*p == '\n') *p = (char)chosen(m, manner->formatting, '\n');
    }
}

/* Take `n` bytes out of the output at `at`. */
static void take_out(at_link *l, size_t at, size_t n)
{
    memmove(l->out + at, l->out + at + n, l->out_n - at - n);
    l->out_n = (uint16_t)(l->out_n - n);
    if (l->data_new) l->data_at = (uint16_t)(l->data_at - n);
}

static void put_number(at_module *m, uint16_t start, const at_code *number)
{
    unsigned value = number->number, scale = 100;
    m->link.out_n = start;
    for (; scale > 0; scale /= 10)
        if (value >= scale || scale == 1) at__put_char(&m->link, (char)('0' + value / scale % 10));
    at__put_char(&m->link, '\r');
    put_signs(m, m->link.out + m->link.out_n - 1, 1);
}

/* Never longer than it was. A line that had no room, or that is no whole one, is not kept anyhow. */
static void dress(at_module *m, uint16_t start, unsigned line)
{
    at_link *l = &m->link;
    const at_tables *t = at__tables(l);
    unsigned frame = t->rests[t->lines[line].rest].frame;
    const uint8_t *around = t->frames[frame];
    size_t before = strlen(t->text + around[0]);
    size_t after = l->data_new ? 0 : strlen(t->text + around[1]);   /* data is the end of a line */
    size_t n = (size_t)(l->out_n - start);
    const at_code *number;
    if (l->out_full || n < before + after) return;
    number = number_of(m, l->out + start + before, n - before - after);
    if (is_now(m, manner_of(m)->quiet, 1) && (frame == AT_LINE_RESULT || number)) {
        l->out_n = start;
    } else if (!is_now(m, manner_of(m)->verbose, 0)) {
        put_signs(m, l->out + start, n);
    } else if (number) {
        put_number(m, start, number);
    } else {
        take_out(l, start, before);
        put_signs(m, l->out + start, n - before);
    }
}

/* ---- the line that is said again ---- */

static char *kept_line(const at_module *m)
{
    return m->link.out + m->link.out_size;
}

static size_t init(const at_tables *t, char *buffer, size_t size)
{
    size_t kept = t->manner->repeat ? t->line_max + 1u : 0;
    if (kept == 0 || size < kept) return size;
    buffer[size - kept] = '\0';
    return size - kept;
}

static void keep(at_module *m)
{
    const at_link *l = &m->link;
    m->began = l->now;
    if (manner_of(m)->repeat && !m->overlong) memcpy(kept_line(m), l->in, l->in_n + 1u);
}

/* Does the line, with `c` behind it, say the last one again? */
static bool says_again(const at_module *m, uint8_t c)
{
    const at_link *l = &m->link;
    const char *text = at__tables(l)->text + manner_of(m)->repeat;
    size_t n = strlen(text);
    if (n == 0 || l->in_n + 1u != n || m->overlong || (uint8_t)text[n - 1] != c) return false;
    for (n--; n > 0; n--)
        if ((l->in[n - 1] ^ text[n - 1]) & ~CASE_BIT) return false;
    return true;
}

/* A line that was never said is an empty one. */
static size_t say_again(at_module *m, const uint8_t *end)
{
    at_link *l = &m->link;
    const char *line = kept_line(m);
    if (at__room(l) <= at__tables(l)->final_max) return 0;
    if (*line == '\0') line = at__tables(l)->text + at__tables(l)->prefix;
    l->in_n = (uint16_t)strlen(line);
    memcpy(l->in, line, l->in_n);
    return at__module_end_line(m, end);
}

/* ---- editing ---- */

/* Signs below a blank are no part of a line. */
static bool is_plain(const at_module *m, uint8_t c)
{
    const at_manner *manner = manner_of(m);
    return c >= ' ' && !is_now(m, manner->termination, c) && !is_now(m, manner->editing, c);
}

/* The sign before is gone: on the host's screen too. */
static size_t take_back(at_module *m, char c)
{
    at_link *l = &m->link;
    char gone[3] = { c, ' ', c };
    if (at__room(l) < at__tables(l)->final_max + sizeof gone) return 0;
    if (l->in_n == 0 || m->overlong) return 1;
    l->in_n--;
    at__begin(l, at__tables(l)->final_max);
    if (m->echoing) at__put(l, gone, sizeof gone);
    return 1;
}

/* Any byte ends the command that runs, and the line it stands in: V.250 5.6.1. What comes right
 * behind the line is no such byte. */
static size_t abort_command(at_module *m, size_t n)
{
    if (m->link.now - m->began < ABORT_MS) return n;
    return at_module_refuse(m, AT_REFUSE_PARAMETER) == AT_OK;
}

/* One by one as long as they may say the last line again. */
static size_t feed_signs(at_module *m, const uint8_t *p, size_t n, bool waits)
{
    const at_link *l = &m->link;
    const at_manner *manner = manner_of(m);
    size_t k = 0;
    if (m->start && at__module_tables(m)->busy->policy[0] == AT_BUSY_ABORT)
        return abort_command(m, n);
    if (waits) return 0;
    if (*p == chosen(m, manner->termination, '\r')) return at__module_end_line(m, p);
    if (is_now(m, manner->editing, *p)) return take_back(m, (char)*p);
    if (*p < ' ') return 1;
    if (says_again(m, *p)) return say_again(m, p);
    if (l->in_n < strlen(at__tables(l)->text + manner->repeat)) n = 1;
    while (k < n && is_plain(m, p[k])) k++;
    return at__module_collect(m, p, k);
}

static void settle_signs(at_module *m)
{
    at__manner_reset(&m->link, m->form);
    m->echo = chosen(m, manner_of(m)->echo, m->echo) != 0;
}

const at_manners at__manners = { init, dress, feed_signs, keep, settle_signs };
