/* Reading a line as the runtime does: head, separator, cells split at commas outside quotes, then
 * slot by slot.
 * SPDX-License-Identifier: MIT */
#include "match.h"

#include <stdlib.h>
#include <string.h>

#include "mem.h"
#include "report.h"
#include "values.h"
#include "wire.h"

enum { MATCH_CELLS = 512 }; /* most in one line, repetitions counted */

typedef struct span {
    const char *text;
    size_t n;
} span;

typedef struct matching { /* one reading under test */
    void *ctx;
    const model *m;
    const match_known *known;
    const char *text; /* the whole line, for offsets */
    match out;
    span *cells;
    size_t n_cells;
    bool loops;
    size_t times; /* a group repeats, so often */
} matching;

static bool match_is_lenient(const matching *g)
{
    return g->m->lines.spaces != SPACES_EXACT;
}

static span match_trim(const matching *g, span s)
{
    while (match_is_lenient(g) && s.n && *s.text == ' ')
        s.text++, s.n--;
    while (match_is_lenient(g) && s.n && s.text[s.n - 1] == ' ')
        s.n--;
    return s;
}

/* Take `prefix` from the front of `s`. */
static bool match_take(span *s, const char *prefix)
{
    size_t n = strlen(prefix);
    if (s->n < n || memcmp(s->text, prefix, n) != 0) return false;
    s->text += n;
    s->n -= n;
    return true;
}

static bool match_drop_end(span *s, const char *end)
{
    size_t n = strlen(end);
    if (s->n < n || memcmp(s->text + s->n - n, end, n) != 0) return false;
    s->n -= n;
    return true;
}

/* ---- values ---- */
static bool match_is_quoted(span s)
{
    return s.n >= 2 && s.text[0] == '"' && s.text[s.n - 1] == '"';
}

/* The number that `s` is in full; false: it is none. A sign stands in front where the type has signs. */
static bool match_integer(span s, const m_type *type, int64_t *value)
{
    bool is_hex = type->is_hex, minus = type->is_signed && s.n && *s.text == '-';
    if (minus || (type->is_signed && s.n && *s.text == '+')) s.text++, s.n--;
    if (!s.n || s.n > 18 || strspn(s.text, is_hex ? "0123456789abcdefABCDEF" : "0123456789") < s.n)
        return false;
    char digits[20];
    memcpy(digits, s.text, s.n);
    digits[s.n] = 0;
    *value = (int64_t)strtoll(digits, NULL, is_hex ? 16 : 10);
    if (minus) *value = -*value;
    return true;
}

static bool match_word(span s, const m_type *type, int64_t *value)
{
    for (size_t i = 0; i < type->n_items; i++)
        if (strlen(type->items[i].wire) == s.n && memcmp(type->items[i].wire, s.text, s.n) == 0) {
            *value = type->items[i].value;
            return true;
        }
    return false;
}

static bool match_in(void *ctx, const m_type *type, int64_t value)
{
    values v = values_of(ctx, type);
    values_keep(ctx, &v, value, value);
    return v.n != 0;
}

/* Bytes of a string without its escapes. */
static int64_t match_length(const matching *g, span s, bool quoted)
{
    int64_t n = 0;
    for (size_t i = 0; i < s.n; i++, n++)
        if (quoted && g->m->lines.escape && s.text[i] == g->m->lines.escape && i + 1 < s.n) i++;
    return n;
}

static bool match_is_long_enough(const m_type *type, int64_t n)
{
    for (size_t i = 0; i < type->n_ranges; i++)
        if (n >= type->ranges[i].lo && n <= type->ranges[i].hi) return true;
    return false;
}

static bool match_hex(span s)
{
    for (size_t i = 0; i < s.n; i++)
        if (!memchr("0123456789abcdefABCDEF", s.text[i], 22)) return false;
    return s.n % 2 == 0;
}

static bool match_ip(span s)
{
    unsigned octet = 0, digits = 0, dots = 0;
    for (size_t i = 0; i < s.n; i++) {
        if (s.text[i] == '.' && digits) {
            dots++;
            octet = digits = 0;
        } else if (s.text[i] >= '0' && s.text[i] <= '9' && digits < 3) {
            octet = octet * 10 + (unsigned)(s.text[i] - '0');
            digits++;
        } else {
            return false;
        }
        if (octet > 255) return false;
    }
    return dots == 3 && digits;
}

static bool match_mac(span s, char separator)
{
    size_t step = separator ? 3 : 2;
    if (s.n != 6 * step - (separator ? 1 : 0)) return false;
    for (size_t i = 0; i < 6; i++)
        if (!match_hex((span){s.text + i * step, 2}) ||
            (separator && i < 5 && s.text[i * step + 2] != separator))
            return false;
    return true;
}

static bool match_string(const matching *g, span s, const m_type *type, bool quoted)
{
    bool has_quote = !g->m->lines.no_quotes && memchr(s.text, '"', s.n);
    if (!quoted && (has_quote || memchr(s.text, ',', s.n))) return false;
    return match_is_long_enough(type, match_length(g, s, quoted));
}

static bool match_value(matching *g, span s, const m_type *type, match_cell *cell)
{
    bool is_plain = type->kind == T_TEXT || (g->m->lines.no_quotes && type->quote == Q_BARE);
    bool quoted = !is_plain && match_is_quoted(s);
    if (type->kind != T_TEXT && quoted != (type->quote == Q_QUOTED) && type->quote != Q_EITHER)
        return false;
    if (quoted) s.text++, s.n -= 2;
    switch (type->kind) {
    case T_INT:
    case T_ENUM:
    case T_FLAGS:
        cell->is_number = match_integer(s, type, &cell->number);
        return cell->is_number && match_in(g->ctx, type, cell->number);
    case T_WORD:
    case T_BOOL:
        return cell->is_number = match_word(s, type, &cell->number);
    case T_STRING:
        return match_string(g, s, type, quoted);
    case T_TEXT:
        return match_is_long_enough(type, (int64_t)s.n);
    case T_HEX:
        return match_hex(s) && match_is_long_enough(type, (int64_t)(s.n / 2));
    case T_IP:
        return match_ip(s);
    case T_MAC:
        return match_mac(s, type->separator);
    case T_BYTES:
        break;
    }
    return false;
}

/* ---- what else must hold ---- */
bool match_number(const match *m, const char *field, int64_t *value)
{
    for (size_t i = 0; m && m->reading && i < m->line->n_slots; i++)
        if (m->line->slots[i].field && strcmp(m->line->slots[i].field, field) == 0 &&
            m->cells[i].is_number) {
            *value = m->cells[i].number;
            return true;
        }
    return false;
}

static const match_cell *match_field(const match *m, const char *field)
{
    for (size_t i = 0; m && m->reading && i < m->line->n_slots; i++)
        if (m->line->slots[i].field && strcmp(m->line->slots[i].field, field) == 0 &&
            m->cells[i].has)
            return &m->cells[i];
    return NULL;
}

static span match_unquoted(const match_cell *c)
{
    span s = {c->text, c->n};
    return match_is_quoted(s) ? (span){s.text + 1, s.n - 2} : s;
}

/* A tied cell is equal to the request's field, by value; a field that is not known ties nothing. */
static bool match_is_tied(const matching *g, const m_slot *slot, const match_cell *cell)
{
    const match_cell *other =
        slot->tie && g->known ? match_field(g->known->request, slot->tie) : NULL;
    if (!other) return true;
    if (other->is_number && cell->is_number) return other->number == cell->number;
    span a = match_unquoted(other), b = match_unquoted(cell);
    return a.n == b.n && memcmp(a.text, b.text, a.n) == 0;
}

static bool match_cond(matching *g, const m_cond *c)
{
    int64_t value = 0;
    bool known = false;
    if (c->on == IF_SLOT && c->slot < MATCH_SLOTS) {
        value = g->out.cells[c->slot].number;
        known = g->out.cells[c->slot].is_number;
    } else if (c->on == IF_REQUEST && g->known) {
        known = match_number(g->known->request, c->field, &value);
    }
    if (!known) return true;
    bool holds = c->is_bits ? (value & c->lo) == c->hi : value >= c->lo && value <= c->hi;
    return holds != c->negate;
}

/* Is the given setting the one that this condition asks for? The keys must be known and equal. */
static bool match_is_kept(const matching *g, const m_cond *asks, const m_cond *given)
{
    int64_t key;
    if (asks->on != IF_SETTING || asks->setting != given->setting) return false;
    if (!given->has_key) return true;
    if (asks->key_slot >= 0) {
        key = g->out.cells[asks->key_slot].number;
        return g->out.cells[asks->key_slot].is_number && key == given->key;
    }
    return match_number(g->known->request, asks->key_field, &key) && key == given->key;
}

/* Do the settings that the example states rule this condition out? */
static bool match_never(const matching *g, const m_cond *asks)
{
    for (size_t i = 0; g->known && i < g->known->n_given; i++) {
        const m_cond *given = &g->known->given[i];
        values_side here = {.line = g->out.line, .conds = asks, .n_conds = 1};
        values_side there = {.conds = given, .n_conds = 1};
        if (match_is_kept(g, asks, given) && values_contradict(&here, &there)) return true;
    }
    return false;
}

static bool match_given(const matching *g, const m_reading *r)
{
    for (size_t k = 0; k < r->n_conds; k++)
        if (match_never(g, &r->conds[k])) return false;
    return true;
}

static unsigned match_bits(uint32_t mask)
{
    unsigned n = 0;
    for (; mask; mask &= mask - 1)
        n++;
    return n;
}

/* Take those slots off that the mask hides. When it is not known it hides none, or all that it may.
 */
static void match_hide(matching *g, const m_reading *r)
{
    const m_line *line = g->out.line;
    uint32_t unknown = 0;
    g->out.mask = r->mask;
    for (unsigned i = 0; i < line->n_slots; i++) {
        if (!line->slots[i].shown) continue;
        m_cond hidden = *line->slots[i].shown;
        hidden.negate = !hidden.negate;
        if (match_never(g, line->slots[i].shown))
            g->out.mask &= ~((uint32_t)1 << i);
        else if (!match_never(g, &hidden))
            unknown |= (uint32_t)1 << i;
    }
    if (g->n_cells < match_bits(g->out.mask)) g->out.mask &= ~unknown;
}

static bool match_conds(matching *g, const m_reading *r)
{
    for (size_t i = 0; i < r->n_conds; i++)
        if (!match_cond(g, &r->conds[i])) {
            g->out.problem = "no condition of the pattern allows it";
            return false;
        }
    return match_given(g, r);
}

/* ---- slots ---- */
static bool match_fails(matching *g, const m_slot *slot, const char *at, const char *problem)
{
    g->out.wanted = slot;
    g->out.far = (size_t)(at - g->text);
    g->out.problem = problem;
    return false;
}

static bool match_slot(matching *g, unsigned i, span s)
{
    const m_slot *slot = &g->out.line->slots[i];
    match_cell *cell = &g->out.cells[i];
    const char *at = s.text;
    *cell = (match_cell){.has = true, .text = s.text, .n = s.n};
    if (slot->literal) {
        const char *text = wire_text(g->ctx, g->out.member, slot->text);
        return (match_take(&s, text) && s.n == 0) || match_fails(g, slot, at, NULL);
    }
    if (s.n == 0 && slot->may_be_empty) {
        cell->has = false;
        return true;
    }
    if (!match_take(&s, wire_text(g->ctx, g->out.member, slot->pre)) ||
        !match_drop_end(&s, wire_text(g->ctx, g->out.member, slot->post)))
        return match_fails(g, slot, at, NULL);
    cell->text = s.text;
    cell->n = s.n;
    if (!match_value(g, s, slot->type, cell)) return match_fails(g, slot, at, NULL);
    return match_is_tied(g, slot, cell) ||
           match_fails(g, slot, at, "it differs from the request's");
}

static bool match_in_loop(const m_line *line, unsigned slot)
{
    return line->loop_first >= 0 && (int)slot >= line->loop_first &&
           (int)slot < line->loop_first + line->loop_n;
}

/* How often the group repeats, from the number of cells. */
static bool match_times(matching *g, size_t room)
{
    const m_line *line = g->out.line;
    size_t fixed = 0, group = 0;
    for (unsigned i = 0; i < line->n_slots; i++)
        *(match_in_loop(line, i) ? &group : &fixed) += g->out.mask >> i & 1;
    g->loops = group > 0;
    g->times = group && g->n_cells > fixed ? (g->n_cells - fixed) / group : 0;
    return !group || (g->times >= line->loop_min && g->times <= line->loop_max &&
                      fixed + g->times * group <= room);
}

/* The slots that are there in the order of their cells, the group `times` times; returns how many.
 */
static size_t match_order(const matching *g, unsigned *order)
{
    const m_line *line = g->out.line;
    size_t n = 0;
    for (unsigned i = 0; i < line->n_slots; i++) {
        unsigned end = match_in_loop(line, i) ? (unsigned)(line->loop_first + line->loop_n) : i + 1;
        size_t times = match_in_loop(line, i) ? g->times : 1;
        for (size_t k = 0; k < times; k++)
            for (unsigned j = i; j < end; j++)
                if (g->out.mask >> j & 1) order[n++] = j;
        i = end - 1;
    }
    return n;
}

/* Cells of the elastic slot are joined until as many are left as there are slots. */
static void match_join(matching *g, const unsigned *order, size_t n)
{
    for (size_t k = 0; k < n && k < g->n_cells; k++) {
        if (!g->out.line->slots[order[k]].is_elastic || g->n_cells <= n) continue;
        size_t more = g->n_cells - n;
        span *first = &g->cells[k], *last = &g->cells[k + more];
        first->n = (size_t)(last->text + last->n - first->text);
        memmove(first + 1, last + 1, (g->n_cells - k - more - 1) * sizeof *first);
        g->n_cells = n;
    }
}

/* A counted group repeats as often as its count says. */
static bool match_count(matching *g)
{
    int count = g->out.line->loop_count;
    if (!g->loops || count < 0 || !g->out.cells[count].is_number) return true;
    return g->out.cells[count].number == (int64_t)g->times ||
           match_fails(g, &g->out.line->slots[count], g->out.cells[count].text,
                       "it is not how many follow");
}

static bool match_slots(matching *g, span rest)
{
    unsigned order[MATCH_CELLS];
    if (!match_times(g, MATCH_CELLS))
        return match_fails(g, NULL, rest.text, "the number of values does not fit");
    size_t n = match_order(g, order);
    match_join(g, order, n);
    for (size_t k = 0; k < n; k++) {
        const m_slot *slot = &g->out.line->slots[order[k]];
        if (k >= g->n_cells && !slot->may_be_empty)
            return match_fails(g, slot, rest.text + rest.n, "it is missing");
        if (k < g->n_cells && !match_slot(g, order[k], g->cells[k])) return false;
    }
    if (g->n_cells > n) return match_fails(g, NULL, g->cells[n].text, "there are too many values");
    return match_count(g);
}

/* ---- from the line to its cells ---- */
/* The first place outside quotes where `stop` stands, after `skip` commas; NULL: none. */
static const char *match_find(const matching *g, span s, const char *stop, size_t skip)
{
    bool quoted = false;
    size_t n = strlen(stop);
    for (size_t i = 0; i < s.n; i++) {
        if (quoted && g->m->lines.escape && s.text[i] == g->m->lines.escape) {
            i++;
            continue;
        }
        if (!quoted && !skip && n <= s.n - i && memcmp(s.text + i, stop, n) == 0) return s.text + i;
        if (!quoted && s.text[i] == ',' && skip) skip--;
        quoted ^= s.text[i] == '"' && !g->m->lines.no_quotes;
    }
    return NULL;
}

static void match_split(matching *g, span rest)
{
    const char *end = rest.text + rest.n, *comma;
    while ((comma = match_find(g, rest, ",", 0)) && g->n_cells < MATCH_CELLS) {
        g->cells[g->n_cells++] = match_trim(g, (span){rest.text, (size_t)(comma - rest.text)});
        rest = (span){comma + 1, (size_t)(end - comma - 1)};
    }
    g->cells[g->n_cells++] = match_trim(g, rest);
}

/* The last cell of a line that goes on begins with the line end. */
static void match_split_line(matching *g, span rest, bool is_empty)
{
    const char *next = model_goes_on(g->out.line) ? match_find(g, rest, "\r\n", 0) : NULL;
    g->n_cells = 0;
    if (next) {
        match_split(g, (span){rest.text, (size_t)(next - rest.text)});
        rest = (span){next, (size_t)(rest.text + rest.n - next)};
    }
    if (!is_empty || rest.n) match_split(g, rest);
}

static bool match_lead(matching *g, span *rest)
{
    const char *lead = g->out.line->lead, *separators = g->m->lines.separators;
    const char *at = rest->text;
    bool loose = *g->out.line->head && *lead && separators && strchr(separators, *lead);
    if (loose && rest->n && strchr(separators, *rest->text)) {
        rest->text++, rest->n--;
        lead++;
        *rest = match_trim(g, *rest);
        lead += match_is_lenient(g) ? strspn(lead, " ") : 0;
    } else if (loose) {
        return match_fails(g, NULL, at, "the separator after the name is missing");
    }
    if (match_is_lenient(g) && *lead && lead[strspn(lead, " ")] == 0 && !rest->n) return true;
    return match_take(rest, lead) || match_fails(g, NULL, at, "it begins in another way");
}

/* Cut the rest at what ends it: the sign before counted data, or the pattern's tail. */
static bool match_tail(matching *g, const m_reading *r, span *rest)
{
    const m_line *line = g->out.line;
    const char *at = rest->text;
    if (line->data_at == DATA_INLINE) {
        size_t cells = 0;
        for (unsigned i = 0; i < line->n_slots; i++)
            cells += r->mask >> i & 1;
        const char *lead = match_find(g, *rest, line->data_lead, cells ? cells - 1 : 0);
        if (!lead) return match_fails(g, NULL, at + rest->n, "the sign before the data is missing");
        g->out.used = (size_t)(lead - g->text) + strlen(line->data_lead);
        *rest = (span){at, (size_t)(lead - at)};
        return true;
    }
    while (match_is_lenient(g) && rest->n && rest->text[rest->n - 1] == ' ')
        rest->n--;
    return match_drop_end(rest, line->tail) ||
           match_fails(g, NULL, at + rest->n, "its end is missing");
}

static bool match_try(matching *g, const m_reading *r, size_t n)
{
    span rest = {g->text, n};
    bool is_empty = r->mask == 0;
    g->out.used = n;
    if (!match_take(&rest, wire_text(g->ctx, g->out.member, g->out.line->head)))
        return match_fails(g, NULL, g->text, "it begins in another way");
    if (!match_lead(g, &rest) || !match_tail(g, r, &rest)) return false;
    match_split_line(g, rest, is_empty);
    match_hide(g, r);
    return match_slots(g, rest) && match_conds(g, r);
}

/* Literals stand before parameters: the first cell that is one in one reading only decides. */
static bool match_is_before(const m_line *line, const m_reading *a, const m_reading *b)
{
    unsigned i = 0, j = 0;
    while (i < line->n_slots && j < line->n_slots) {
        if (!(a->mask >> i & 1)) {
            i++;
        } else if (!(b->mask >> j & 1)) {
            j++;
        } else if (line->slots[i].literal != line->slots[j].literal) {
            return line->slots[i].literal;
        } else {
            i++, j++;
        }
    }
    return false;
}

static match match_all(matching *g, const m_line *line, const m_member *member, size_t n)
{
    match best = {.line = line, .member = member};
    for (size_t i = 0; i < line->n_readings; i++) {
        const m_reading *r = &line->readings[i];
        g->out = (match){.line = line, .member = member};
        bool fits = match_try(g, r, n);
        if (fits && (!best.reading || match_is_before(line, r, best.reading))) {
            best = g->out;
            best.reading = r;
        } else if (!best.reading && (g->out.far > best.far || !best.problem)) {
            best = g->out;
            best.problem = best.problem ? best.problem : "";
        }
    }
    return best;
}

match match_line(const void *ctx, const model *m, const m_line *line, const m_member *member,
                 const match_known *known, const char *text, size_t n)
{
    void *scratch = talloc_new(ctx);
    matching g = {.ctx = scratch, .m = m, .known = known, .text = text};
    g.cells = mem_array(scratch, span, MATCH_CELLS + 2);
    match found = match_all(&g, line, member, n);
    talloc_free(scratch);
    return found;
}

bool match_reading(void *ctx, const model *m, const m_line *line, const m_reading *r,
                   const m_member *member, const char *text, size_t n)
{
    void *scratch = talloc_new(ctx);
    matching g = {.ctx = scratch, .m = m, .text = text, .out = {.line = line, .member = member}};
    g.cells = mem_array(scratch, span, MATCH_CELLS + 2);
    bool fits = match_try(&g, r, n);
    talloc_free(scratch);
    return fits;
}

/* ---- for messages ---- */
char *match_wants(void *ctx, const m_slot *slot)
{
    enum { SHOWN = 8 };         /* items of a list */
    if (slot->literal) return mem_string(ctx, *slot->text ? slot->text : "an empty value");
    return mem_printf(ctx, "<%s:%s>", slot->name, report_type(ctx, slot->type, SHOWN));
}
