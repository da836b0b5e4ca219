/* Whose line is it? The order is that of the language (spec/LANGUAGE.md section 11): prompts and
 * data that are expected; result codes; URCs with a head; the running form's lines; requests that
 * wait for later lines; URCs without a head; free text.
 * SPDX-License-Identifier: 0BSD */
#include "at_host_private.h"

#include <string.h>

/* ---- one line against one pattern ---- */

static bool skips_blanks(const at_link *l)
{
    return (at__tables(l)->flags & AT_D_SPACES) != 0;
}

/* Go over `text` at `p`; NULL: something else stands there. */
static const char *skip_text(const char *p, const char *text)
{
    for (; *text != '\0'; text++, p++)
        if (*p != *text) return NULL;
    return p;
}

static const char *skip_head(const at_link *l, const char *p, const char *head)
{
    const char *text = at__tables(l)->text;
    for (; p && *head != '\0'; head++) {
        if ((uint8_t)*head > AT_ENDING) {
            if (*p++ != *head) return NULL;
            continue;
        }
        if (*head == AT_NAME) p = skip_text(p, text + l->name);
        if (p) p = skip_text(p, text + l->ending);
    }
    return p;
}

/* Any separator of the dialect does for any other, and blanks beside it do no harm. */
static const char *skip_lead(const at_link *l, const char *p, const char *lead)
{
    const char *separators = at__tables(l)->text + at__tables(l)->separators;
    for (; *lead != '\0'; lead++) {
        if (*lead == ' ' && skips_blanks(l)) continue;
        while (*p == ' ' && skips_blanks(l)) p++;
        if (*p != *lead && !(at__is_in(separators, *lead) && at__is_in(separators, *p)))
            return NULL;
        p++;
    }
    return p;
}

/* Cut the line into cells from `p` to `end`, unless that has just been done. */
static void scan(at_core *h, const char *p, const char *end)
{
    at_scan *s = &h->link->scan;
    char *stop = h->link->in + (end - h->link->in), saved = *stop;
    size_t pos = (size_t)(p - s->line), n = (size_t)(end - s->line);
    s->pos = (uint16_t)pos;
    s->n = (uint16_t)n;
    *stop = '\0';
    at__tables(h->link)->scan_cells(s);
    *stop = saved;
}

/* Does the line begin and end like that which is looked at, line `number`? Then its cells have been
 * scanned. A line without cells must have nothing else. */
static bool begins_like(at_core *h, unsigned number)
{
    at_link *l = h->link;
    const at_line *line = h->view.line;
    const at_rest *rest = h->view.rest;
    const char *tail = at__text(h, rest->tail), *end = l->in + l->in_n, *p;
    size_t n;
    if (h->lead != '\0' && (char)rest->data_lead != h->lead) return false;
    p = skip_head(l, l->scan.line, at__text(h, at_head_of(at__tables(l), number)));
    if (p) p = skip_lead(l, p, at__text(h, rest->lead));
    if (!p) return false;
    n = strlen(tail);
    if ((size_t)(end - p) < n) return false;
    end -= n;
    if (memcmp(end, tail, n) != 0) return false;
    if (line->n_slots > 0) {
        scan(h, p, end);
        return true;
    }
    l->scan.n_cells = 0;
    return p == end;
}

/* Has the line that is looked at data inside? */
static bool is_inside(const at_core *h)
{
    return h->view.rest->data_at >= AT_DATA_INLINE;
}

/* Does it hold what is to be there: data inside when it is looked at as a data header? */
static bool suits(at_core *h)
{
    if (!AT_WITH_DATA_IN) return true;
    h->has_data = at__line_data(&h->view, &h->count);
    return h->has_data == (h->lead != '\0') || !is_inside(h);
}

/* Does this reading fit? Its values stand in the first of the rooms then. */
static bool fits(at_core *h, const at_reading *reading)
{
    memset(h->rooms, 0, h->room_size);
    return at__line_take(&h->view, reading, h->rooms) == AT_FITS && suits(h);
}

/* Does the line go on behind a line end, with its last slot? */
static bool goes_on(const at_view *v)
{
    unsigned n = v->line->n_slots;
    return n > 0 && (at_trait_of(at__tables(v->link), &v->slots[n - 1])->flags & AT_S_NEXT_LINE);
}

/* Does the line that is looked at read as line `number`? */
static bool reads(at_core *h, unsigned number)
{
    static const uint8_t only[] = { 1, 0 };
    const at_tables *t = at__tables(h->link);
    const at_reading *readings;
    const uint8_t *accepts = only;
    at_view *v = &h->view;
    unsigned n;
    at__view_line(v, &t->lines[number]);
    v->request = h->owner ? h->owner->input : NULL;
    if (AT_WITH_NEXT_LINES && at__host_tables(h)->next_lines && goes_on(v) != h->goes_on)
        return false;
    if (AT_WITH_DATA_IN && is_inside(h)) h->may_be_header = true;
    if (!begins_like(h, number)) return false;
    readings = &t->readings[v->line->readings];
    if (v->line->n_readings > 1) {
        int label = at__match(t, h->link->scan.n_cells, readings[-1].mask);
        if (label < 0) return false;
        accepts = t->accepts + label;
    }
    for (n = *accepts++; n > 0; n--)
        if (fits(h, &readings[*accepts++])) return true;
    return false;
}

/* ---- whose it is ---- */

/* Is it a line that somebody may get now? `free`: free text, before which goes what is anybody
 * else's. */
static bool is_expected(at_core *h, unsigned kind, unsigned free)
{
    h->owner = NULL;
    while ((h->owner = at__next_request(h, h->owner)) != NULL) {
        unsigned from = 0;
        at__set_names(h, h->owner);
        while ((h->atom = at__next_atom(h, h->owner, AT_KIND(kind), &from)) != NULL) {
            unsigned flags = at__step(h, h->atom)->flags;
            if ((flags & AT_A_FREE_TEXT) == free && reads(h, h->atom->line)) return true;
        }
    }
    return false;
}

/* Is it one of these lines that may always come, URCs or result codes? */
static bool is_one_of(at_core *h, unsigned from, unsigned to, bool urcs)
{
    for (; from < to; from++) {
        const at_known *k = &at__host_tables(h)->known[from];
        if ((k->kind >= AT_H_URC) != urcs || !reads(h, k->line)) continue;
        h->known = k;
        if (k->n_conds == 0 || at__conds_hold(&h->view, k->id, k->n_conds)) return true;
    }
    return false;
}

/* Is it one with a head that is known? */
static bool is_known(at_core *h, bool urcs)
{
    return is_one_of(h, h->bucket[0], h->bucket[1], urcs);
}

static bool is_headless(at_core *h, bool urcs)
{
    const at_host_tables *t = at__host_tables(h);
    return is_one_of(h, t->headless, t->n_known, urcs);
}

/* Is it a result code, or a URC, with or without a head? */
static bool is_any_known(at_core *h, bool urcs)
{
    return is_known(h, urcs) || ((urcs || AT_WITH_HEADLESS_RESULTS) && is_headless(h, urcs));
}

/* Look at what was collected, less `skip` bytes, and find its beginning: up to a separator or a
 * comma. The generator uses the same hash: 0; for each byte but blanks hash * 5 ^ byte, 32 bit. Its
 * cost does not grow with the table. Returns where the beginning ends. */
const char *at__look_at(at_core *h, size_t skip)
{
    const at_host_tables *t = at__host_tables(h);
    const char *separators = at__text(h, t->t.separators);
    const char *p = h->link->in + h->line_at + skip;
    uint32_t hash = 0;
    h->link->in[h->link->in_n] = '\0';
    h->link->scan.line = p;
    for (; (uint8_t)*p > t->top || (*p != '\0' && *p != ',' && !at__is_in(separators, *p)); p++)
        if (*p != ' ') hash = (hash * 5) ^ (uint8_t)*p;
    h->bucket = &t->buckets[hash & t->bucket_mask];
    return p;
}

bool at__begins_known(at_core *h)
{
    const char *end = at__look_at(h, 0), *p;
    const at_known *known = at__host_tables(h)->known, *k;
    for (k = known + h->bucket[0]; k < known + h->bucket[1]; k++) {
        p = skip_text(h->link->scan.line, at__text(h, k->key));
        while (p && *p == ' ') p++;
        if (p == end) return true;
    }
    return false;
}

/* How much of what was collected is what the command goes on with. */
size_t at__echo_length(const at_core *h)
{
    const char *sent = h->link->out + h->echo_at, *p = h->link->in + h->line_at;
    size_t n = at__length(h), i = 0;
    if (n > (size_t)(h->echo_n - h->echo_at)) n = (size_t)(h->echo_n - h->echo_at);
    while (i < n && p[i] == sent[i]) i++;
    return i;
}

void at__take_echo(at_core *h, size_t n)
{
    at__tap(h, AT_SAW_ECHO, AT_NONE, n, AT_OK);
    h->echo_at = (uint16_t)(h->echo_at + n);
}

/* A URC may come in the middle of the echo: try what is left after the longest common part, then
 * after less. */
static bool find_in_echo(at_core *h)
{
    size_t skip = at__echo_length(h);
    if (skip == at__length(h)) return false;
    for (; skip > 0; skip--) {
        at__look_at(h, skip);
        if (!is_any_known(h, true)) continue;
        if (!AT_WITH_NEXT_LINES || !h->view.begun) at__take_echo(h, skip);
        return true;
    }
    return false;
}

bool at__find(at_core *h)
{
    at__look_at(h, 0);
    if (is_expected(h, AT_A_FINAL, 0) ||
        (h->running && is_any_known(h, false)) || is_known(h, true) ||
        is_expected(h, AT_A_LINE, 0) || is_headless(h, true) || find_in_echo(h))
        return true;
    if (h->lead != '\0') return false;
    at__look_at(h, 0);
    if (AT_WITH_ELASTIC && is_expected(h, AT_A_LINE, AT_A_FREE_TEXT)) return true;
    /* A result code of nobody's: the module has read a line that was none. */
    if (!h->running && is_any_known(h, false)) h->adrift = AT_ADRIFT;
    return false;
}

bool at__reads(at_core *h, at_request *r, unsigned line)
{
    h->lead = '\0';
    at__look_at(h, 0);
    at__set_names(h, r);
    h->owner = r;
    return reads(h, line);
}
