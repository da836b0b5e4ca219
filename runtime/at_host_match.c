/* Whose line is it? The order is that of the language (spec/LANGUAGE.md section 11): prompts and
 * data that are expected; result codes; URCs with a head; the running form's lines; requests that
 * wait for later lines; URCs without a head; free text.
 * SPDX-License-Identifier: 0BSD */
#include "at_host_private.h"

#include <string.h>

/* What kinds of expected lines to try. */
typedef enum rank { FINALS, LINES, FREE_TEXT } rank;

/* ---- one line against one pattern ---- */

static bool skips_blanks(const at_link *l)
{
    return (l->tables->flags & AT_D_SPACES) != 0;
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
    const char *text = l->tables->text;
    for (; p && *head != '\0'; head++) {
        bool name = *head == AT_NAME;
        if (name) p = skip_text(p, text + l->name);
        if (name || *head == AT_ENDING) p = p ? skip_text(p, text + l->ending) : NULL;
        else if (*p++ != *head) return NULL;
    }
    return p;
}

/* Any separator of the dialect does for any other, and blanks beside it do no harm. */
static const char *skip_lead(const at_link *l, const char *p, const char *lead)
{
    const char *separators = l->tables->text + l->tables->separators;
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
    if (h->scanned_at == pos && s->n == n) return;
    h->scanned_at = (uint16_t)pos;
    s->pos = (uint16_t)pos;
    s->n = (uint16_t)n;
    *stop = '\0';
    h->tables->t.scan_cells(s);
    *stop = saved;
}

/* Does the line begin and end like `line`? Then its cells have been scanned. A line without cells
 * must have nothing else. */
bool at__begins_like(at_core *h, const at_line *line)
{
    at_link *l = h->link;
    const at_rest *rest = at__rest(l, line);
    const char *end = l->in + l->in_n, *tail, *p;
    size_t n;
    if (h->lead != '\0' && (char)rest->data_lead != h->lead) return false;
    if (h->head && h->head->key == line->head) p = l->scan.line + strlen(at__text(h, line->head));
    else p = skip_head(l, l->scan.line, at__text(h, line->head));
    if (p) p = skip_lead(l, p, at__text(h, rest->lead));
    if (!p) return false;
    tail = at__text(h, rest->tail);
    n = strlen(tail);
    if (p + n > end || memcmp(end - n, tail, n) != 0) return false;
    if (line->n_slots > 0) {
        scan(h, p, end - n);
        return true;
    }
    h->scanned_at = UINT16_MAX;
    l->scan.n_cells = 0;
    return p == end - n;
}

/* Has the line data inside? */
static bool is_inside(const at_core *h, const at_line *line)
{
    return at__rest(h->link, line)->data_at >= AT_DATA_INLINE;
}

/* Does this reading fit? `to`: the struct for its values, NULL: they are stored later. */
static bool fits(at_core *h, char *to)
{
    const at_reading *reading = h->view.reading;
    unsigned fault;
    if (h->view.line->n_slots == 0)
        return reading->n_conds == 0 || at__conds_hold(&h->view, reading->cond, reading->n_conds);
    if (to) memset(to, 0, h->room_size);
    return at__line_take(&h->view, to, &fault);
}

/* Does it hold what is to be there: data inside when it is looked at as a data header? */
static bool suits(at_core *h)
{
    h->has_data = at__line_data(&h->view, &h->count);
    return h->has_data == (h->lead != '\0') || !is_inside(h, h->view.line);
}

/* Does the line that is looked at read as line `number`? */
static bool reads(at_core *h, unsigned number, char *to)
{
    static const uint8_t only[] = { 1, 0 };
    const at_tables *t = h->link->tables;
    const at_scan *s = &h->link->scan;
    at_view *v = &h->view;
    const uint8_t *accepts = only;
    unsigned n;
    int label;
    at__view_line(v, &t->lines[number]);
    v->fields = NULL;
    v->request = h->owner ? h->owner->input : NULL;
    if (h->lead == AT_ANY_LEAD) return is_inside(h, v->line);
    if (!at__begins_like(h, v->line)) return false;
    if (v->line->n_readings > 1) {
        label = t->match(s->n_cells, t->readings[v->line->readings - 1u].mask);
        if (label < 0) return false;
        accepts = t->accepts + label;
    }
    for (n = *accepts++; n > 0; n--) {
        at__view_as(v, &t->readings[v->line->readings + *accepts++]);
        if (fits(h, to) && suits(h)) return true;
    }
    return false;
}

/* ---- whose it is ---- */

/* What answers `=?` is any text behind the name: a typed line for somebody else goes before it. */
static bool is_free_text(const at_core *h)
{
    const at_tables *t = h->link->tables;
    const at_line *line = &t->lines[h->atom->line];
    return (line->head == 0 || h->owner->call->op == AT_OP_TEST) &&
           at_trait_of(t, &t->slots[line->slots])->flags & AT_S_ELASTIC;
}

/* Is it a line that somebody may get now? */
static bool is_expected(at_core *h, rank which)
{
    unsigned from, kinds = AT_KIND(which == FINALS ? AT_A_FINAL : AT_A_LINE);
    const at_atom *a;
    h->owner = NULL;
    while ((h->owner = at__next_request(h, h->owner)) != NULL) {
        at__set_names(h, h->owner);
        from = 0;
        while ((h->atom = a = at__next_atom(h, h->owner, kinds, &from)) != NULL) {
            if (which != FINALS && is_free_text(h) != (which == FREE_TEXT)) continue;
            if (reads(h, a->line, at__step(h, a)->flags & AT_A_ROW ? h->rooms : NULL)) return true;
        }
    }
    return false;
}

/* Is it one of the lines with this key that may always come, URCs or result codes? */
static bool is_one_of(at_core *h, const at_known *k, at_ref key, bool urcs)
{
    for (; k->key == key; k++) {
        if ((k->kind >= AT_H_URC) != urcs || !reads(h, k->line, urcs ? h->rooms : NULL)) continue;
        h->known = k;
        if (k->n_conds == 0 || h->lead == AT_ANY_LEAD || at__conds_hold(&h->view, k->cond, k->n_conds)) return true;
    }
    return false;
}

/* Is it one with a head that is known? */
static bool is_known(at_core *h, bool urcs)
{
    return h->head && is_one_of(h, h->head, h->head->key, urcs);
}

static bool is_headless(at_core *h, bool urcs)
{
    return is_one_of(h, &h->tables->known[h->tables->headless], 0, urcs);
}

/* The first line that is known to begin with these `n` bytes. The generator uses the same hash: 5381;
 * for each byte hash * 33 ^ byte, 32 bit. Its cost does not grow with the table. */
static const at_known *find_head(const at_core *h, const char *p, size_t n)
{
    const at_host_tables *t = h->tables;
    const at_known *k, *end;
    uint32_t hash = 5381;
    size_t i;
    for (i = 0; i < n; i++) hash = (hash * 33) ^ (uint8_t)p[i];
    hash &= t->bucket_mask;
    k = t->known + t->buckets[hash];
    end = t->known + t->buckets[hash + 1];
    for (; k < end; k++)
        if (skip_text(p, at__text(h, k->key)) == p + n) return k;
    return NULL;
}

/* Look at what was collected, less `skip` bytes, and find its beginning: up to a separator or a
 * comma. */
void at__look_at(at_core *h, size_t skip)
{
    const char *separators = at__text(h, h->tables->t.separators);
    const char *p = h->link->in + h->line_at + skip, *end = p;
    uint8_t top = h->top;
    h->link->in[h->link->in_n] = '\0';
    h->scanned_at = UINT16_MAX;
    if (h->looked && h->link->scan.line == p) return;
    h->link->scan.line = p;
    while ((uint8_t)*end > top ||
           (*end != '\0' && *end != ',' && !at__is_in(separators, *end)))
        end++;
    h->looked = *end != '\0' || h->lead == ',' || (h->lead && at__is_in(separators, h->lead));
    while (end > p && end[-1] == ' ') end--;
    h->head = find_head(h, p, (size_t)(end - p));
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
        if (!is_known(h, true) && !is_headless(h, true)) continue;
        at__take_echo(h, skip);
        return true;
    }
    return false;
}

bool at__find(at_core *h)
{
    at__look_at(h, 0);
    if (is_expected(h, FINALS) ||
        (h->running && (is_known(h, false) || is_headless(h, false))) || is_known(h, true) ||
        is_expected(h, LINES) || is_headless(h, true) || find_in_echo(h))
        return true;
    if (h->lead != '\0') return false;
    at__look_at(h, 0);
    return is_expected(h, FREE_TEXT);
}

bool at__may_be_header(at_core *h)
{
    h->lead = AT_ANY_LEAD;
    return at__echo_length(h) > 0 || at__find(h);
}

bool at__reads(at_core *h, at_request *r, unsigned line)
{
    h->lead = '\0';
    at__look_at(h, 0);
    at__set_names(h, r);
    h->owner = r;
    return reads(h, line, NULL);
}
