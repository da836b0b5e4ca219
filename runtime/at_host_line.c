/* Lines from the module: collecting them, telling echo from answer, and saying whose a line is. The
 * order is that of the language (spec/LANGUAGE.md section 11): prompts and data that are expected;
 * result codes; URCs with a head; the running form's lines; requests that wait for later lines;
 * URCs without a head; free text.
 * SPDX-License-Identifier: 0BSD */
#include "at_host_private.h"

#include <string.h>

#include "at_value.h"

/* core.header */
enum { HEADER_UNKNOWN, HEADER_MAY_BE, HEADER_NOT };

/* What kinds of expected lines to try. */
typedef enum rank { FINALS, LINES, FREE_TEXT } rank;

/* A line and whose it is. */
typedef struct match {
    at_view view;
    const at_name *head;        /* entry for its beginning, NULL none */
    at_request *r;              /* NULL: nobody's, `known` says what it is */
    const at_known *known;
    uint8_t atom;
    char lead;                  /* the line is a data header that ended with this sign; 0: whole */
    bool header;                /* a pattern with data inside begins like this line */
} match;

static size_t length(const at_core *h)
{
    return (size_t)(h->link->in_n - h->line_at);
}

/* ---- one line against one pattern ---- */

static bool is_in(const char *set, char c)
{
    for (; *set != '\0'; set++)
        if (*set == c) return true;
    return false;
}

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
    for (; *head != '\0' && p; head++) {
        if (*head == AT_NAME) p = skip_text(p, text + l->name);
        else if (*head == AT_ENDING) p = skip_text(p, text + l->ending);
        else p = *p == *head ? p + 1 : NULL;
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
        if (*p != *lead && !(is_in(separators, *lead) && is_in(separators, *p) && *p != '\0'))
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
    s->pos = pos;
    s->n = n;
    *stop = '\0';
    h->link->tables->scan_cells(s);
    *stop = saved;
}

static bool has_reading(match *m)
{
    const at_tables *t = m->view.link->tables;
    const at_scan *s = &m->view.link->scan;
    int label = t->match(s->cells, s->n_cells, m->view.line->shape);
    const uint8_t *accepts = t->accepts + label;
    unsigned i, fault;
    if (label < 0) return false;
    for (i = 1; i <= accepts[0]; i++) {
        m->view.reading = &t->readings[m->view.line->readings + accepts[i]];
        if (at__line_fits(&m->view, &fault)) return true;
    }
    return false;
}

/* Has this reading counted data? */
static bool has_data(const match *m)
{
    const at_line *line = m->view.line;
    return line->data_at != AT_DATA_NONE &&
           (line->data_count == AT_NONE8 || (m->view.reading->mask >> line->data_count & 1));
}

/* Does the line that is being looked at read as line `number`? */
static bool reads(at_core *h, match *m, unsigned number)
{
    at_link *l = h->link;
    const at_line *line = &l->tables->lines[number];
    bool inside = line->data_at == AT_DATA_INLINE;
    const char *end = l->in + l->in_n, *p, *tail;
    size_t tail_n;
    if (m->lead != '\0' && !inside) return false;
    p = skip_head(l, l->scan.line, at__text(h, line->head));
    if (!p) return false;
    m->header |= inside;
    if (m->lead != '\0' && (char)line->data_lead != m->lead) return false;
    p = skip_lead(l, p, at__text(h, line->lead));
    tail = at__text(h, line->tail);
    tail_n = strlen(tail);
    if (!p || p + tail_n > end || memcmp(end - tail_n, tail, tail_n) != 0) return false;
    m->view.link = l;
    m->view.line = line;
    scan(h, p, end - tail_n);
    return has_reading(m) && (!inside || has_data(m) == (m->lead != '\0'));
}

/* ---- whose it is ---- */

static bool is_rank(const at_core *h, const at_atom *a, rank which)
{
    const at_tables *t = &h->tables->t;
    const at_line *line;
    bool free_text;
    if (a->kind != (which == FINALS ? AT_A_FINAL : AT_A_LINE)) return false;
    line = &t->lines[a->line];
    free_text = line->head == 0 && (t->slots[line->slots].flags & AT_S_ELASTIC);
    return which == FINALS || free_text == (which == FREE_TEXT);
}

/* Is it a line that `r` may get now? */
static bool is_expected_by(at_core *h, match *m, at_request *r, rank which)
{
    const uint8_t *follow = at__follow(h, r);
    unsigned n;
    at__set_names(h, r);
    m->view.request = r->input;
    m->r = r;
    for (n = *follow++; n > 0; n--, follow++) {
        const at_atom *a = at__atom(h, r, *follow);
        m->atom = *follow;
        if (is_rank(h, a, which) && at__allowed(h, r, *follow) && reads(h, m, a->line)) return true;
    }
    m->view.request = NULL;
    m->r = NULL;
    return false;
}

static bool is_expected(at_core *h, match *m, rank which)
{
    at_request *r = NULL;
    while ((r = at__next_request(h, r)) != NULL)
        if (is_expected_by(h, m, r, which)) return true;
    return false;
}

/* Is it one of `n` lines that may always come, URCs or result codes? */
static bool is_one_of(at_core *h, match *m, unsigned first, unsigned n, bool urcs)
{
    const at_known *k = &h->tables->known[first];
    for (; n > 0; n--, k++) {
        if ((k->kind >= AT_H_URC) != urcs || !reads(h, m, k->line) ||
            !at__conds_hold(&m->view, k->cond, k->n_conds))
            continue;
        m->known = k;
        return true;
    }
    return false;
}

static bool is_known(at_core *h, match *m, bool urcs)
{
    return m->head && is_one_of(h, m, m->head->first, 1u + m->head->more, urcs);
}

static bool is_headless(at_core *h, match *m)
{
    return is_one_of(h, m, h->tables->headless, h->tables->n_headless, true);
}

/* Look at what was collected, less `skip` bytes, and find its beginning: up to a separator or a
 * comma. */
static void look_at(at_core *h, match *m, size_t skip)
{
    const at_host_tables *t = h->tables;
    const char *separators = at__text(h, t->t.separators);
    const char *p = h->link->in + h->line_at + skip, *end = p;
    h->link->scan.line = p;
    h->scanned_at = UINT16_MAX;
    while (*end != '\0' && *end != ',' && !is_in(separators, *end)) end++;
    while (end > p && end[-1] == ' ') end--;
    m->head = at_find(&t->t, t->heads, t->buckets, t->bucket_mask, p, (size_t)(end - p));
}

/* How much of what was collected is what the command goes on with. */
static size_t echo_length(const at_core *h)
{
    const char *sent = h->link->out + h->echo_at, *p = h->link->in + h->line_at;
    size_t n = length(h), i = 0;
    if (n > (size_t)(h->echo_n - h->echo_at)) n = (size_t)(h->echo_n - h->echo_at);
    while (i < n && p[i] == sent[i]) i++;
    return i;
}

static void take_echo(at_core *h, size_t n)
{
    at__tap(h, AT_SAW_ECHO, AT_NONE, n, NULL, AT_OK);
    h->echo_at = (uint16_t)(h->echo_at + n);
}

/* A URC may come in the middle of the echo: try what is left after the longest common part, then
 * after less. */
static bool find_in_echo(at_core *h, match *m)
{
    size_t skip = echo_length(h);
    if (skip == length(h)) return false;
    for (; skip > 0; skip--) {
        look_at(h, m, skip);
        if (!is_known(h, m, true) && !is_headless(h, m)) continue;
        take_echo(h, skip);
        return true;
    }
    return false;
}

static bool find(at_core *h, match *m)
{
    h->link->in[h->link->in_n] = '\0';
    look_at(h, m, 0);
    if (is_expected(h, m, FINALS) || (h->running && is_known(h, m, false)) ||
        is_known(h, m, true) || is_expected(h, m, LINES) || is_headless(h, m) ||
        find_in_echo(h, m))
        return true;
    look_at(h, m, 0);
    return is_expected(h, m, FREE_TEXT);
}

bool at__reads(at_core *h, const at_request *r, unsigned line)
{
    match m = { 0 };
    h->link->in[h->link->in_n] = '\0';
    look_at(h, &m, 0);
    at__set_names(h, r);
    m.view.request = r->input;
    return reads(h, &m, line);
}

/* ---- what a line does ---- */

void at__tap(at_core *h, at_saw saw, unsigned form, size_t n, const at_view *v, at_status status)
{
    const at_link *l = h->link;
    at_event e = { 0 };
    if (!l->tap) return;
    e.saw = saw;
    e.form = (uint16_t)form;
    e.line = (uint16_t)AT_NONE;
    e.text = l->in + h->line_at;
    e.n = n;
    e.status = status;
    if (v) {
        e.line = (uint16_t)(v->line - l->tables->lines);
        e.mask = v->reading->mask;
        e.text = l->scan.line;
        e.n = (size_t)(l->in + l->in_n - l->scan.line);
        e.cells = l->scan.cells;
        e.n_cells = l->scan.n_cells;
    }
    l->tap(l->tap_ctx, &e);
}

/* Values of a line of somebody: a row at once, others into his room. The struct they are in; NULL:
 * there is no room. */
static void *store_values(at_core *h, const match *m)
{
    at_request *r = m->r;
    const at_atom *a = at__atom(h, r, m->atom);
    bool row = (a->flags & AT_A_ROW) != 0;
    void *fields = h->rooms;
    if (m->view.line->n_slots == 0 && m->view.line->data == AT_NONE) return fields;
    if (row) memset(fields, 0, a->size16 * 16u);
    else if (r != &h->ghost) fields = at__room_for(h, r, m->atom);
    if (!fields) return NULL;
    at__line_store(&m->view, fields);
    if (row) {
        if (r->deliver) r->deliver(r, a->row, fields, AT_PENDING);
    } else if ((a->flags & AT_A_KEEP) && r != &h->ghost) {
        r->flags |= AT_Q_TEXT;
        h->line_at = (uint16_t)(h->link->in_n + 1);     /* its NUL too */
    }
    return fields;
}

static uint32_t data_count(const match *m, const void *fields)
{
    const char *data = (const char *)fields + m->view.line->data;
    return (uint32_t)((const at_bytes *)(const void *)data)->n;
}

static void do_expected(at_core *h, const match *m)
{
    at_request *r = m->r;
    const at_atom *a = at__atom(h, r, m->atom);
    bool final = a->kind == AT_A_FINAL;
    const void *fields;
    at__tap(h, final ? AT_SAW_FINAL : AT_SAW_LINE, at__call(h, r)->id, 0, &m->view,
            final && a->outcome != AT_NONE8 && !(a->flags & AT_A_OK) ? AT_REFUSED : AT_OK);
    if (r == h->running) h->echo_at = h->echo_n;
    fields = store_values(h, m);
    if (!fields) at__fail(h, r, AT_OVERFLOW);
    else if (has_data(m)) at__data_out(h, r, m->atom, m->view.line, data_count(m, fields));
    else at__after(h, r, m->atom);
}

/* The number that a result code carries in its first cell, 0 when it carries none. */
static int32_t number_of(const at_core *h, const match *m)
{
    const at_tables *t = &h->tables->t;
    const at_slot *slot = &t->slots[m->view.line->slots];
    const at_scan *s = &h->link->scan;
    at_value value = { 0 };
    at_text text = { s->line + s->cells[0].at, s->cells[0].n };
    if (m->view.line->n_slots > 0) at__value_read(t, &t->types[slot->type], text, &value);
    return value.num;
}

/* A result code that the running form does not expect. */
static void do_result(at_core *h, const match *m)
{
    at__tap(h, AT_SAW_FINAL, at__call(h, h->running)->id, 0, &m->view,
            m->known->kind == AT_H_OK ? AT_OK : AT_REFUSED);
    h->echo_at = h->echo_n;
    at__result(h, m->known, number_of(h, m));
}

static void do_urc(at_core *h, const match *m)
{
    const at_known *k = m->known;
    at__tap(h, AT_SAW_URC, k->id, 0, &m->view, AT_OK);
    memset(h->rooms, 0, k->size16 * 16u);
    at__line_store(&m->view, h->rooms);
    if (has_data(m)) {
        h->urc = k->id;
        at__data_out(h, NULL, 0, m->view.line, data_count(m, h->rooms));
    }
    if (h->klass->event) h->klass->event((at_host *)(void *)h->link, k->id, h->rooms);
    at__urc_came(h, k->id);
    if (k->kind == AT_H_RESTART) at__end_all(h, AT_RESTARTED);
}

bool at__offer(at_core *h, char lead)
{
    match m = { 0 };
    m.lead = lead;
    if (!find(h, &m)) {
        if (!m.header && echo_length(h) == 0) h->header = HEADER_NOT;
        return false;
    }
    if (m.r) do_expected(h, &m);
    else if (m.known->kind >= AT_H_URC) do_urc(h, &m);
    else do_result(h, &m);
    return true;
}

/* ---- collecting ---- */

void at__new_line(at_core *h)
{
    h->link->in_n = h->line_at;
    h->header = HEADER_MAY_BE;
    h->prompt = NULL;
    h->cut = false;
}

void at__give_up_line(at_core *h)
{
    at_text line;
    line.p = h->link->in + h->line_at;
    line.n = length(h);
    if (line.n > 0) {
        h->link->in[h->link->in_n] = '\0';
        at__tap(h, AT_SAW_UNKNOWN, AT_NONE, line.n, NULL, AT_OK);
        at__stir(h);
        if (h->klass->unknown) h->klass->unknown((at_host *)(void *)h->link, line);
    }
    at__new_line(h);
}

/* All that was collected is echo: the command, its rest, or a part of it before a URC. */
static bool is_echo(at_core *h)
{
    size_t same = echo_length(h);
    bool with_data = h->echo_data && same == (size_t)(h->echo_n - h->echo_at);
    if (same == 0 || (same != length(h) && !with_data)) return false;
    take_echo(h, same);
    at__new_line(h);
    return true;
}

/* A line too long for the buffer: when it can be the running form's, that fails. */
static void end_overlong(at_core *h)
{
    match m;
    h->link->in[h->link->in_n] = '\0';
    look_at(h, &m, 0);
    if (h->running && !m.head) h->running->status = AT_OVERFLOW;
    at__give_up_line(h);
}

static void end_line(at_core *h)
{
    at_link *l = h->link;
    while (l->in_n > h->line_at && l->in[l->in_n - 1] == '\r') l->in_n--;
    if (h->cut) {
        end_overlong(h);
    } else if (l->in_n == h->line_at) {
        int atom = h->running ? at__expects(h, h->running, AT_A_BLANK) : -1;
        if (atom >= 0) at__after(h, h->running, (unsigned)atom);
    } else if (!is_echo(h)) {
        if (!at__offer(h, '\0')) at__give_up_line(h);
        else if (!h->stream) at__new_line(h);
    }
}

/* Is `c` the sign after a data header? While all is echo there is none. */
static bool is_header(at_core *h, char c)
{
    if (h->header == HEADER_NOT || !is_in(at__text(h, h->tables->leads), c) ||
        echo_length(h) == length(h) || !at__offer(h, c))
        return false;
    if (!h->stream) at__new_line(h);
    return true;
}

/* Is what was collected the prompt that is expected, its blank at the end left aside? */
static bool is_prompt(at_core *h)
{
    at_request *r = h->running;
    size_t n = length(h), prompt_n;
    int atom;
    if (h->prompt && *h->prompt == '\0') return false;
    atom = r ? at__expects(h, r, AT_A_PROMPT) : -1;
    h->prompt = atom < 0 ? "" : at__text(h, at__atom(h, r, (unsigned)atom)->line);
    prompt_n = strlen(h->prompt);
    if (prompt_n > 0 && h->prompt[prompt_n - 1] == ' ') prompt_n--;
    if (atom < 0 || n != prompt_n || memcmp(h->link->in + h->line_at, h->prompt, n) != 0)
        return false;
    at__tap(h, AT_SAW_PROMPT, at__call(h, r)->id, n, NULL, AT_OK);
    at__new_line(h);
    h->echo_at = h->echo_n;
    h->skip_blank = true;
    at__after(h, r, (unsigned)atom);
    return true;
}

/* Keep a byte of the line. Lines that were kept for requests that are gone make room for it. */
static void keep(at_core *h, char c)
{
    at_link *l = h->link;
    if (l->in_n == l->in_size) at__drop_lines(h);
    if (l->in_n == l->in_size) h->cut = true;
    else l->in[l->in_n++] = c;
}

const uint8_t *at__collect(at_core *h, const uint8_t *p, const uint8_t *end)
{
    while (p < end) {
        char c = (char)*p++;
        bool skip = h->skip_blank && c == ' ';
        h->skip_blank = false;
        if (c == '\n') {
            end_line(h);
            break;
        }
        if (skip || (c == '\r' && (length(h) == 0 || is_echo(h)))) continue;
        if (is_header(h, c)) break;
        keep(h, c);
        if (is_prompt(h)) break;
    }
    return p;
}
