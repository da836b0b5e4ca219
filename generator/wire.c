/* From types and lines to automata. A cell is built between two states: a type adds what its
 * values look like, a line strings cells together with commas, once for each number of repetitions
 * that it tells apart.
 * SPDX-License-Identifier: MIT */
#include "wire.h"

#include <string.h>

#include "mem.h"
#include "values.h"

enum {
    LOOPS = 8, /* repetitions that are built one by one; more are built as "any more" */
    SHOWN = 60 /* bytes of a word in a message; the middle of a longer one is left out */
};

typedef struct wire { /* a line while it is built */
    void *ctx;
    nfa *n;
    const model *m;
    const m_line *line;
    const m_reading *reading;
    const m_member *member;
    bool open_data;
} wire;

/* ---- texts ---- */
char *wire_text(void *ctx, const m_member *member, const char *text)
{
    char *out = mem_string(ctx, "");
    for (; text && *text; text++) {
        char one[2] = {*text, 0};
        const char *part = one;
        if (member && *text == MODEL_NAME)
            part = member->name;
        else if (member && *text == MODEL_ENDING)
            part = member->ending ? member->ending : "";
        out = mem_check(talloc_strdup_append(out, part));
    }
    return out;
}

static unsigned wire_add(wire *w, unsigned from, const char *text)
{
    const char *expanded = wire_text(w->ctx, w->member, text);
    return nfa_text(w->n, from, expanded, strlen(expanded));
}

static bool wire_is_lenient(const model *m)
{
    return m->lines.spaces != SPACES_EXACT;
}

/* ---- values ---- */
static nfa_set wire_any(void)
{
    return nfa_range(0x20, 0xff);
}

/* One byte of a quoted string: itself, or the escape sign and any byte. */
static void wire_quoted_byte(wire *w, unsigned from, unsigned to)
{
    nfa_set plain = nfa_without(wire_any(), '"');
    char escape = w->m->lines.escape;
    if (escape) {
        plain = nfa_without(plain, (unsigned char)escape);
        nfa_link(w->n, nfa_then(w->n, from, nfa_byte((unsigned char)escape)), to, wire_any());
    }
    nfa_link(w->n, from, to, plain);
}

typedef void wire_unit(wire *, unsigned from, unsigned to);

/* A bare cell ends at a comma and holds no quote, which would begin a quoted part. */
static nfa_set wire_bare(const wire *w)
{
    nfa_set bare = nfa_without(wire_any(), ',');
    return w->m->lines.no_quotes ? bare : nfa_without(bare, '"');
}

static void wire_bare_byte(wire *w, unsigned from, unsigned to)
{
    nfa_link(w->n, from, to, wire_bare(w));
}

/* A bare cell does not begin with a blank that is skipped. */
static void wire_first_bare_byte(wire *w, unsigned from, unsigned to)
{
    nfa_link(w->n, from, to, wire_is_lenient(w->m) ? nfa_without(wire_bare(w), ' ') : wire_bare(w));
}

static void wire_text_byte(wire *w, unsigned from, unsigned to)
{
    nfa_link(w->n, from, to, wire_any());
}

static void wire_octet(wire *w, unsigned from, unsigned to)
{
    nfa_set hex = nfa_join(nfa_range('0', '9'), nfa_join(nfa_range('a', 'f'), nfa_range('A', 'F')));
    nfa_link(w->n, nfa_then(w->n, from, hex), to, hex);
}

/* lo to hi units one after the other, the first of them perhaps of another kind. */
static void wire_many(wire *w, unsigned from, unsigned to, m_range length, wire_unit *first,
                      wire_unit *unit)
{
    int64_t lo = length.lo < WIRE_EXACT ? length.lo : WIRE_EXACT;
    int64_t hi = length.hi < WIRE_EXACT ? length.hi : WIRE_EXACT;
    for (int64_t i = 0; i < hi; i++) {
        unsigned next = nfa_state(w->n);
        if (i >= lo) nfa_free_link(w->n, from, to);
        (i == 0 ? first : unit)(w, from, next);
        from = next;
    }
    if (length.hi > WIRE_EXACT) unit(w, from, from);
    nfa_free_link(w->n, from, to);
}

/* Where a type has signs, a plus sign is read too. */
static void wire_numbers(wire *w, unsigned from, unsigned to, const m_type *type, const values *v)
{
    unsigned radix = type->is_hex ? 16 : 10;
    unsigned plus = type->is_signed ? nfa_then(w->n, from, nfa_byte('+')) : from;
    for (size_t i = 0; i < v->n; i++) {
        int64_t lo = v->ranges[i].lo, hi = v->ranges[i].hi;
        if (lo < 0) {
            uint64_t least = hi < 0 ? (uint64_t)-hi : 1;
            unsigned minus = nfa_then(w->n, from, nfa_byte('-'));
            nfa_number(w->n, minus, to, least, (uint64_t) - (lo + 1) + 1, radix, true);
        }
        if (hi < 0) continue;
        nfa_number(w->n, from, to, lo > 0 ? (uint64_t)lo : 0, (uint64_t)hi, radix, true);
        if (plus != from)
            nfa_number(w->n, plus, to, lo > 0 ? (uint64_t)lo : 0, (uint64_t)hi, radix, true);
    }
}

static void wire_words(wire *w, unsigned from, unsigned to, const m_type *type, const values *v)
{
    for (size_t i = 0; i < type->n_items; i++) {
        bool is_left = false;
        for (size_t k = 0; k < v->n; k++)
            is_left = is_left || (type->items[i].value >= v->ranges[k].lo &&
                                  type->items[i].value <= v->ranges[k].hi);
        if (is_left) nfa_free_link(w->n, wire_add(w, from, type->items[i].wire), to);
    }
}

static void wire_ip(wire *w, unsigned from, unsigned to)
{
    for (int i = 0; i < 4; i++) {
        unsigned end = i == 3 ? to : nfa_state(w->n);
        nfa_number(w->n, from, end, 0, 255, 10, false);
        from = i == 3 ? to : nfa_then(w->n, end, nfa_byte('.'));
    }
}

static void wire_mac(wire *w, unsigned from, unsigned to, char separator)
{
    for (int i = 0; i < 6; i++) {
        unsigned end = i == 5 ? to : nfa_state(w->n);
        wire_octet(w, from, end);
        from = i < 5 && separator ? nfa_then(w->n, end, nfa_byte((unsigned char)separator)) : end;
    }
}

static void wire_lengths(wire *w, unsigned from, unsigned to, const m_type *type, bool quoted)
{
    wire_unit *first = quoted ? wire_quoted_byte : wire_first_bare_byte;
    wire_unit *unit = quoted ? wire_quoted_byte : wire_bare_byte;
    if (type->kind == T_HEX)
        first = unit = wire_octet;
    else if (type->kind == T_TEXT)
        first = unit = wire_text_byte;
    for (size_t i = 0; i < type->n_ranges; i++)
        wire_many(w, from, to, type->ranges[i], first, unit);
}

static void wire_value(wire *w, unsigned from, unsigned to, const m_type *type, const values *v,
                       bool quoted)
{
    switch (type->kind) {
    case T_INT:
    case T_ENUM:
    case T_FLAGS:
        wire_numbers(w, from, to, type, v);
        break;
    case T_WORD:
    case T_BOOL:
        wire_words(w, from, to, type, v);
        break;
    case T_IP:
        wire_ip(w, from, to);
        break;
    case T_MAC:
        wire_mac(w, from, to, type->separator);
        break;
    case T_STRING:
    case T_TEXT:
    case T_HEX:
        wire_lengths(w, from, to, type, quoted);
        break;
    case T_BYTES:
        break;
    }
}

static void wire_type(wire *w, unsigned from, unsigned to, const m_type *type, const values *v)
{
    if (type->quote != Q_QUOTED || type->kind == T_TEXT) wire_value(w, from, to, type, v, false);
    if (type->quote == Q_BARE || type->kind == T_TEXT) return;
    unsigned end = nfa_state(w->n);
    wire_value(w, nfa_then(w->n, from, nfa_byte('"')), end, type, v, true);
    nfa_link(w->n, end, to, nfa_byte('"'));
}

/* ---- cells ---- */
/* What the reading's conditions on the slot leave of its type; `count` not negative: that number
 * alone. */
static values wire_left(wire *w, unsigned slot, int64_t count_lo, int64_t count_hi)
{
    const m_type *type = w->line->slots[slot].type;
    if (!values_has_numbers(type)) return values_between(w->ctx, 1, 0);
    values v = values_of(w->ctx, type);
    for (size_t i = 0; i < w->reading->n_conds; i++)
        if (w->reading->conds[i].on == IF_SLOT && w->reading->conds[i].slot == slot &&
            !w->reading->conds[i].is_bits)
            values_apply(w->ctx, &v, &w->reading->conds[i]);
    if ((int)slot == w->line->loop_count) values_keep(w->ctx, &v, count_lo, count_hi);
    return v;
}

static unsigned wire_cell(wire *w, unsigned from, unsigned slot, int64_t count_lo, int64_t count_hi)
{
    const m_slot *s = &w->line->slots[slot];
    if (s->literal) return wire_add(w, from, s->text);
    values v = wire_left(w, slot, count_lo, count_hi);
    unsigned to = nfa_state(w->n);
    wire_type(w, wire_add(w, from, s->pre), to, s->type, &v);
    to = wire_add(w, to, s->post);
    if (s->may_be_empty) nfa_free_link(w->n, from, to);
    return to;
}

static bool wire_has(const m_reading *r, unsigned slot)
{
    return r->mask >> slot & 1;
}

static bool wire_in_loop(const m_line *line, unsigned slot)
{
    return line->loop_first >= 0 && (int)slot >= line->loop_first &&
           (int)slot < line->loop_first + line->loop_n;
}

/* All slots from `slot` on that are there may be empty, so that the line may end before them. */
static bool wire_may_be_cut(const wire *w, unsigned slot)
{
    for (; slot < w->line->n_slots; slot++)
        if (wire_has(w->reading, slot) &&
            (wire_in_loop(w->line, slot) || !w->line->slots[slot].may_be_empty))
            return false;
    return true;
}

typedef struct path { /* where the building of cells has come to */
    unsigned at, end; /* `end`: the state after the last cell */
    bool is_first;    /* no comma yet */
    bool may_be_first; /* … if a mask hides all cells so far: then it is at `first` */
    unsigned first;
    int64_t lo, hi;   /* how often the group repeats on this path */
} path;

static void wire_slot(wire *w, path *p, unsigned slot)
{
    unsigned before = p->at, cell = p->at;
    bool is_shown = w->line->slots[slot].shown != NULL;
    if (!p->is_first && !w->line->slots[slot].next_line)
        cell = nfa_then(w->n, cell, nfa_byte(','));
    if (p->may_be_first) nfa_free_link(w->n, p->first, cell);
    p->at = wire_cell(w, cell, slot, p->lo, p->hi);
    if (is_shown && p->is_first) p->first = before;
    if (is_shown && !p->is_first) nfa_free_link(w->n, before, p->at);
    p->may_be_first = is_shown && (p->is_first || p->may_be_first);
    p->is_first = false;
}

/* The group `lo` times, and any number of times more when `hi` is above it. */
static void wire_group(wire *w, path *p)
{
    unsigned last = p->at;
    for (int64_t k = 0; k < p->lo; k++) {
        last = p->at;
        for (int i = 0; i < w->line->loop_n; i++)
            if (wire_has(w->reading, (unsigned)(w->line->loop_first + i)))
                wire_slot(w, p, (unsigned)(w->line->loop_first + i));
    }
    if (p->hi > p->lo && last != p->at) nfa_free_link(w->n, p->at, last);
}

static void wire_cells(wire *w, path p)
{
    if (wire_may_be_cut(w, 0)) nfa_free_link(w->n, p.at, p.end);
    for (unsigned slot = 0; slot < w->line->n_slots; slot++) {
        if ((int)slot == w->line->loop_first) wire_group(w, &p);
        if (wire_in_loop(w->line, slot) || !wire_has(w->reading, slot)) continue;
        wire_slot(w, &p, slot);
        if (wire_may_be_cut(w, slot + 1)) nfa_free_link(w->n, p.at, p.end);
    }
    if (p.may_be_first) nfa_free_link(w->n, p.first, p.end);
    nfa_free_link(w->n, p.at, p.end);
}

/* One path for each number of repetitions up to LOOPS; the last of them goes round for all that are
 * more. */
static void wire_paths(wire *w, unsigned from, unsigned to)
{
    const m_line *line = w->line;
    bool loops = line->loop_first >= 0 && wire_has(w->reading, (unsigned)line->loop_first);
    int64_t lo = loops ? (int64_t)line->loop_min : 0, hi = loops ? (int64_t)line->loop_max : 0;
    int64_t exact = hi < LOOPS ? hi : LOOPS;
    for (int64_t k = lo < exact ? lo : exact; k <= exact; k++)
        wire_cells(w, (path){from, to, true, false, from, k, k < exact ? k : hi});
}

/* ---- lines ---- */
static bool wire_separates(const model *m, char c)
{
    return c && m->lines.separators && strchr(m->lines.separators, c);
}

/* The separator after the head, any of those that are the same, and what else stands before the
 * first cell. */
static unsigned wire_lead(wire *w, unsigned from, const char *lead)
{
    if (*w->line->head && wire_separates(w->m, *lead)) {
        nfa_set any = {{0, 0, 0, 0}};
        for (const char *c = w->m->lines.separators; *c; c++)
            any = nfa_join(any, nfa_byte((unsigned char)*c));
        from = nfa_then(w->n, from, any);
        lead++;
        while (wire_is_lenient(w->m) && *lead == ' ')
            lead++;
    }
    return wire_add(w, from, lead);
}

nfa *wire_reading(void *ctx, const model *m, const m_line *line, const m_reading *reading,
                  const m_member *member, bool open_data)
{
    void *scratch = talloc_new(ctx);
    wire w = {scratch, nfa_new(ctx), m, line, reading, member, open_data};
    unsigned after = nfa_state(w.n);
    wire_paths(&w, wire_lead(&w, wire_add(&w, NFA_START, line->head), line->lead), after);
    if (line->data_at == DATA_INLINE) {
        after = wire_add(&w, after, line->data_lead);
        if (open_data) nfa_link(w.n, after, after, nfa_range(0, 255));
    } else {
        after = wire_add(&w, after, line->tail);
    }
    nfa_free_link(w.n, after, NFA_ACCEPT);
    nfa_freeze(w.n);
    talloc_free(scratch);
    return w.n;
}

nfa *wire_beginning(void *ctx, const char *bytes, size_t n)
{
    nfa *begins = nfa_new(ctx);
    unsigned after = nfa_text(begins, NFA_START, bytes, n);
    nfa_link(begins, after, after, nfa_range(0, 255));
    nfa_free_link(begins, after, NFA_ACCEPT);
    nfa_freeze(begins);
    return begins;
}

/* ---- operators ---- */
static bool wire_continues(const model *m, const char *sign)
{
    for (int kind = 0; kind < F_KINDS; kind++) {
        const char *other = m->lines.operators[kind];
        size_t n = other ? strlen(other) : 0;
        if (n && strlen(sign) > n && strncmp(sign, other, n) == 0) return true;
    }
    return false;
}

static const char *wire_sign(const model *m, const m_form *form, int kind)
{
    bool both = (form->kinds & 1u << F_SET) && (form->kinds & 1u << F_SAVE);
    return both && kind == F_SAVE ? m->lines.operators[F_SAVE] : form->op;
}

static bool wire_has_sign(const model *m, const m_form *form, const char *sign)
{
    for (int kind = 0; kind < F_KINDS; kind++) {
        const char *own = form->kinds >> kind & 1 ? wire_sign(m, form, kind) : NULL;
        if (own && strcmp(own, sign) == 0) return true;
    }
    return false;
}

bool wire_is_closed(const model *m, const char *sign)
{
    if (!wire_continues(m, sign)) return false;
    for (size_t i = 0; i < m->n_forms; i++) {
        const m_line *line = m->forms[i]->line;
        if (line && line->n_slots && wire_has_sign(m, m->forms[i], sign)) return false;
    }
    return true;
}

bool wire_calls(const model *m, const char *sign)
{
    for (size_t i = 0; i < m->n_forms; i++)
        if (wire_has_sign(m, m->forms[i], sign)) return true;
    return false;
}

/* ---- basic commands ---- */

static bool wire_all_digits(const char *s)
{
    return *s && s[strspn(s, "0123456789")] == '\0';
}

/* Is all that can stand in this cell an unsigned decimal number? */
static bool wire_is_digits(const m_slot *s)
{
    const m_type *t = s->type;
    if (s->literal) return wire_all_digits(s->text);
    if (*s->pre || *s->post || s->is_elastic || t->quote != Q_BARE) return false;
    if (t->kind == T_BOOL) return wire_all_digits(t->items[0].wire) && wire_all_digits(t->items[1].wire);
    return (t->kind == T_INT || t->kind == T_ENUM || t->kind == T_FLAGS) && !t->is_hex &&
           !t->is_signed;
}

bool wire_is_basic(const model *m, const m_command *c, const char *name)
{
    bool is_letter = (name[0] >= 'A' && name[0] <= 'Z') || (name[0] >= 'a' && name[0] <= 'z');
    if (!m->lines.chain_basic || !(is_letter || name[0] == '&') || strchr(name, ' ')) return false;
    for (size_t i = 0; i < c->n_forms; i++) {
        const m_line *line = c->forms[i]->line;
        if (line->n_slots > 1 || line->loop_first >= 0) return false;
        if (line->n_slots && !wire_is_digits(&line->slots[0])) return false;
    }
    return true;
}

/* ---- what lines begin with, and words in messages ---- */
bool wire_begins_bare(const m_line *line)
{
    for (size_t i = 0; i < line->n_readings; i++)
        for (unsigned s = 0; s < line->n_slots; s++)
            if (wire_has(&line->readings[i], s)) {
                const m_slot *slot = &line->slots[s];
                if (!slot->literal &&
                    (slot->type->kind == T_TEXT ||
                     (slot->type->kind == T_STRING && slot->type->quote == Q_BARE)))
                    return true;
                break;
            }
    return false;
}

/* The literal text that the first cell of every reading begins with, or NULL when readings differ
 * in it. */
static const char *wire_first_cell(const m_line *line)
{
    const m_slot *first = line->n_slots ? &line->slots[0] : NULL;
    for (size_t i = 0; i < line->n_readings; i++)
        if (!first || !wire_has(&line->readings[i], 0)) return NULL;
    if (!first || line->loop_first == 0 || first->may_be_empty) return NULL;
    return first->literal ? first->text : first->pre;
}

char *wire_prefix(void *ctx, const model *m, const m_line *line, const m_member *member)
{
    const char *lead = line->lead, *cell = wire_first_cell(line);
    char *out = wire_text(ctx, member, line->head);
    if (*line->head && wire_separates(m, *lead)) {
        out = mem_check(talloc_strndup_append(out, m->lines.separators, 1));
        lead++;
        while (wire_is_lenient(m) && *lead == ' ')
            lead++;
    }
    out = mem_check(talloc_strdup_append(out, lead));
    return cell ? mem_check(talloc_strdup_append(out, wire_text(ctx, member, cell))) : out;
}

char *wire_show(void *ctx, const model *m, const m_line *line, const m_member *member,
                const char *word, size_t n)
{
    const char *head = wire_text(ctx, member, line->head), *lead = line->lead;
    size_t begin = strlen(head);
    if (!begin || n <= begin || memcmp(head, word, begin) != 0 || !wire_separates(m, word[begin]) ||
        !wire_separates(m, *lead))
        return wire_printable(ctx, word, n);
    size_t sign = 1 + strspn(lead + 1, " ");
    const char *rest = wire_printable(ctx, word + begin + 1, n - begin - 1);
    return mem_printf(ctx, "%s%.*s%s", wire_printable(ctx, head, begin), (int)sign, lead, rest);
}

char *wire_printable(void *ctx, const char *bytes, size_t n)
{
    char *out = mem_string(ctx, "");
    for (size_t i = 0; i < n; i++) {
        if (n > SHOWN && i == SHOWN / 2) {
            out = mem_check(talloc_asprintf_append(out, "..."));
            i = n - SHOWN / 2;
        }
        unsigned char c = (unsigned char)bytes[i];
        if (c == '\r' || c == '\n' || c == '\\')
            out = mem_check(talloc_asprintf_append(out, "\\%c",
                                                   c == '\r'   ? 'r'
                                                   : c == '\n' ? 'n'
                                                               : c));
        else if (c < 0x20 || c >= 0x7f)
            out = mem_check(talloc_asprintf_append(out, "\\x%02x", c));
        else
            out = mem_check(talloc_asprintf_append(out, "%c", c));
    }
    return out;
}
