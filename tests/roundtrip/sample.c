/* SPDX-License-Identifier: MIT */
#include "sample.h"

#include <string.h>

#include "flow.h"

uint32_t sample_random(sample *s, uint32_t below)
{
    s->seed = s->seed * 1664525u + 1013904223u;
    return below ? (s->seed >> 8) % below : 0;
}

/* ---- numbers ---- */

static int64_t bound(const at_type *t, int32_t v)
{
    return t->flags & AT_F_SIGNED ? (int64_t)v : (int64_t)(uint32_t)v;
}

static int64_t pick_int(sample *s, const pattern *p, const at_type *t, sample_pick pick)
{
    int64_t lo = bound(t, p->t->values[t->min]), hi = bound(t, p->t->values[t->max]);
    uint64_t span = (uint64_t)(hi - lo);
    if (pick == PICK_LEAST) return lo;
    if (pick == PICK_MOST) return hi;
    if (span >= 1u << 24) return lo + (int64_t)(span / (1u + sample_random(s, 1u << 24)));
    return lo + sample_random(s, (uint32_t)span + 1);
}

static unsigned pick_index(sample *s, unsigned n, sample_pick pick)
{
    if (pick == PICK_LEAST) return 0;
    return pick == PICK_MOST ? n - 1 : sample_random(s, n);
}

/* ---- texts ---- */

/* Of several ranges the first has the least and the last the most. */
static size_t pick_length(sample *s, const pattern *p, const at_type *t, sample_pick pick)
{
    pattern_range r = pattern_range_of(p->t, t, pick_index(s, pattern_ranges(t), pick));
    uint32_t lo = (uint32_t)r.lo, hi = (uint32_t)r.hi;
    if (pick == PICK_LEAST) return lo;
    if (pick == PICK_MOST) return hi;
    if (hi > lo + 64) hi = lo + 64;
    return lo + sample_random(s, hi - lo + 1);
}

static char letter(sample *s, const pattern *p, const at_type *type, sample_pick pick)
{
    static const char letters[] = "abcXYZ019 -_.ok";
    bool quoted = (type->flags & AT_F_QUOTED) && type->kind == AT_T_STRING;
    const char *escaped = p->t->text + p->t->escaped;
    uint32_t r = sample_random(s, pick == PICK_MOST ? 4 : 20);
    if (quoted && r == 0 && p->t->escape) return escaped[sample_random(s, (uint32_t)strlen(escaped))];
    if (quoted && r == 1) return ",;:?=!>+\x80\xff"[sample_random(s, 10)];
    if (type->kind == AT_T_TEXT && r == 1) return (p->t->chain ? ",:.=(" : ",:;=(")[sample_random(s, 5)];
    return letters[sample_random(s, sizeof letters - 1)];
}

/* Bare text neither begins nor ends with what means something there. */
static void put_letters(sample *s, const pattern *p, const at_type *type, sample_pick pick, char *to,
                        size_t n)
{
    bool quoted = (type->flags & AT_F_QUOTED) != 0;
    for (size_t i = 0; i < n; i++) to[i] = letter(s, p, type, pick);
    if (quoted || n == 0) return;
    to[n - 1] = 'z';
    to[0] = 'q';
}

static void put_text(sample *s, const pattern *p, const at_type *type, sample_pick pick, char *field)
{
    size_t n = pick_length(s, p, type, pick);
    at_text text;
    if (s->n + n + 1 > sizeof s->text) n = pick_length(s, p, type, PICK_LEAST);
    text.p = s->text + s->n;
    text.n = n;
    if (type->kind == AT_T_HEX)
        for (size_t i = 0; i < n; i++) s->text[s->n + i] = (char)sample_random(s, 256);
    else
        put_letters(s, p, type, pick, s->text + s->n, n);
    s->n += n + 1;
    memcpy(field, &text, sizeof text);
}

static void put_octets(sample *s, char *to, size_t n, sample_pick pick)
{
    for (size_t i = 0; i < n; i++)
        to[i] = pick == PICK_LEAST ? 0 : (char)(pick == PICK_MOST ? 255 : sample_random(s, 256));
}

/* ---- a value, a line ---- */

static int64_t pick_listed(sample *s, const pattern *p, const at_type *type, sample_pick pick)
{
    pattern_range r = pattern_range_of(p->t, type, pick_index(s, pattern_ranges(type), pick));
    if (pick == PICK_MOST) return r.hi;
    return pick == PICK_LEAST ? r.lo : r.lo + sample_random(s, (uint32_t)(r.hi - r.lo) % (1u << 24) + 1);
}

static void put_value(sample *s, const pattern *p, const at_type *type, sample_pick pick, char *to)
{
    switch (type->kind) {
    case AT_T_INT:
        pattern_put_number(type, to, pick_int(s, p, type, pick));
        break;
    case AT_T_ENUM:
        pattern_put_number(type, to, pick_listed(s, p, type, pick));
        break;
    case AT_T_WORD:
        pattern_put_number(type, to, pick_index(s, type->max, pick));
        break;
    case AT_T_IP:
        put_octets(s, to, 4, pick);
        break;
    case AT_T_MAC:
        put_octets(s, to, 6, pick);
        break;
    default:
        put_text(s, p, type, pick, to);
    }
}

static size_t size_of(const at_type *type)
{
    switch (type->kind) {
    case AT_T_INT: case AT_T_ENUM: case AT_T_WORD: return at_size(type);
    case AT_T_IP: return sizeof(at_ip);
    case AT_T_MAC: return sizeof(at_mac);
    default: return sizeof(at_text);
    }
}

/* Give a slot the value of the request's field it is tied to; false: there is none. */
static bool copy_tied(const pattern *p, unsigned i, char *to, const char *request)
{
    const at_tie *tie = &p->t->ties[at_trait_of(p->t, &p->slots[i])->tie - 1];
    const at_type *from = at_type_of(p->t, tie), *type = pattern_type(p, i);
    if (!at_is_set(p->t, tie, request)) return false;
    if (pattern_is_number(type)) pattern_put_number(type, to, pattern_number(from, request + tie->offset));
    else memcpy(to, request + tie->offset, size_of(type));
    return true;
}

static void fill_slot(sample *s, const pattern *p, unsigned i, sample_pick pick, char *fields,
                      const char *request)
{
    const at_slot *slot = &p->slots[i];
    unsigned has = at_has_of(p->t, slot);
    bool leave_out = (pattern_flags(p, i) & AT_S_EMPTY_OK) && has != AT_NONE8 &&
                     pick == PICK_RANDOM && sample_random(s, 3) == 0;
    if (leave_out) return;
    if (has != AT_NONE8) fields[has] = 1;
    if (at_trait_of(p->t, slot)->tie && request && copy_tied(p, i, fields + slot->offset, request)) return;
    put_value(s, p, pattern_type(p, i), pick, fields + slot->offset);
}

static void fill_loop(sample *s, const pattern *p, sample_pick pick, char *fields)
{
    const at_loop *l = p->loop;
    size_t n = l->min + pick_index(s, l->max - l->min + 1u, pick);
    for (size_t k = 0; k < n; k++)
        for (unsigned i = l->first; i < (unsigned)l->first + l->n; i++)
            if (!(pattern_flags(p, i) & AT_S_LITERAL))
                fill_slot(s, p, i, pick, fields + l->items + k * l->item_size, NULL);
    memcpy(fields + l->n_item, &n, sizeof n);
    if (l->count != AT_NONE8)
        pattern_put_number(pattern_type(p, l->count), fields + p->slots[l->count].offset, (int64_t)n);
}

void sample_satisfy(const pattern *p, uint32_t mask, unsigned first, unsigned n, char *fields)
{
    for (unsigned i = 0; i < n; i++) {
        const at_cond *c = &p->t->conds[p->t->holds[first + i]];
        if ((c->on & AT_C_ON) != AT_C_SLOT || (c->on & AT_C_NOT)) continue;
        if (!(mask >> c->index & 1u)) continue;
        pattern_put_number(pattern_type(p, c->index), fields + p->slots[c->index].offset,
                           p->t->values[c->on & AT_C_BITS ? c->hi : c->lo]);
    }
}

static void fill_data(const pattern *p, unsigned reading, char *fields, const char *request)
{
    const at_rest *rest = p->rest;
    at_bytes data = { NULL, 0 };
    if (!pattern_has_data(p, reading)) return;
    if (rest->data_count != AT_NONE8) {
        pattern_limit_number(p->t, pattern_type(p, rest->data_count), fields + p->slots[rest->data_count].offset,
                             SAMPLE_PAYLOAD_MAX);
        data.n = (size_t)pattern_number(pattern_type(p, rest->data_count),
                                        fields + p->slots[rest->data_count].offset);
    } else if (request && rest->data_figure) {
        data.n = (size_t)pattern_count(p->t, rest->data_figure - 1u, request);
    }
    data.p = sample_payload(data.n);
    memcpy(fields + rest->data, &data, sizeof data);
}

void sample_fill(sample *s, const pattern *p, unsigned reading, sample_pick pick, char *fields,
                 const char *request)
{
    for (unsigned i = 0; i < p->line->n_slots; i++)
        if (!(pattern_flags(p, i) & (AT_S_LITERAL | AT_S_LOOP)) && pattern_has(p, reading, i))
            fill_slot(s, p, i, pick, fields, request);
    if (p->loop && pattern_has(p, reading, p->loop->first)) fill_loop(s, p, pick, fields);
    sample_satisfy(p, p->readings[reading].mask, p->readings[reading].cond,
                   p->readings[reading].n_conds, fields);
    fill_data(p, reading, fields, request);
}

/* ---- comparing ---- */

static bool same_value(const at_type *type, const char *a, const char *b)
{
    at_text ta, tb;
    if (type->kind < AT_T_STRING || type->kind == AT_T_IP || type->kind == AT_T_MAC)
        return memcmp(a, b, size_of(type)) == 0;
    memcpy(&ta, a, sizeof ta);
    memcpy(&tb, b, sizeof tb);
    return ta.n == tb.n && (ta.n == 0 || memcmp(ta.p, tb.p, ta.n) == 0) && tb.p && tb.p[tb.n] == '\0';
}

static bool same_slot(const pattern *p, unsigned i, const char *sent, const char *got, bool there)
{
    const at_slot *slot = &p->slots[i];
    unsigned has = at_has_of(p->t, slot);
    if (!there && pattern_is_masked(p, i)) return !got[has];
    if (has != AT_NONE8) {
        if ((sent[has] != 0) != (got[has] != 0)) return false;
        there = sent[has] != 0;
    }
    return !there || same_value(pattern_type(p, i), sent + slot->offset, got + slot->offset);
}

static int loop_differs(const pattern *p, const char *sent, const char *got)
{
    const at_loop *l = p->loop;
    size_t n, m;
    memcpy(&n, sent + l->n_item, sizeof n);
    memcpy(&m, got + l->n_item, sizeof m);
    if (n != m) return l->first;
    for (size_t k = 0; k < n; k++)
        for (unsigned i = l->first; i < (unsigned)l->first + l->n; i++) {
            size_t at = l->items + k * l->item_size;
            if (!(pattern_flags(p, i) & AT_S_LITERAL) && !same_slot(p, i, sent + at, got + at, true))
                return (int)i;
        }
    return -1;
}

int sample_differs(const pattern *p, uint32_t mask, const char *sent, const char *got)
{
    for (unsigned i = 0; i < p->line->n_slots; i++) {
        if (pattern_flags(p, i) & (AT_S_LITERAL | AT_S_LOOP)) continue;
        if (!same_slot(p, i, sent, got, (mask >> i & 1u) != 0)) return (int)i;
    }
    return p->loop ? loop_differs(p, sent, got) : -1;
}

int sample_invented(const pattern *p, const char *sent, const char *got)
{
    for (unsigned i = 0; i < p->line->n_slots; i++) {
        const at_slot *slot = &p->slots[i];
        if (pattern_flags(p, i) & (AT_S_LITERAL | AT_S_LOOP)) continue;
        if (!at_is_set(p->t, slot, sent) && at_is_set(p->t, slot, got)) return (int)i;
    }
    return -1;
}

/* ---- ranges ---- */

static bool is_listed(const pattern *p, const at_type *type, int64_t v)
{
    for (unsigned i = 0; i < pattern_ranges(type); i++) {
        pattern_range r = pattern_range_of(p->t, type, i);
        if (r.lo <= v && v <= r.hi) return true;
    }
    return false;
}

static bool in_range(const pattern *p, const at_type *type, const char *field)
{
    at_text text;
    int64_t v = pattern_is_number(type) ? pattern_number(type, field) : 0;
    switch (type->kind) {
    case AT_T_INT: 
        return bound(type, p->t->values[type->min]) <= v && v <= bound(type, p->t->values[type->max]);
    case AT_T_ENUM: return is_listed(p, type, v);
    case AT_T_WORD: return v < type->max;
    case AT_T_IP: case AT_T_MAC: return true;
    default:
        memcpy(&text, field, sizeof text);
        return is_listed(p, type, (int64_t)text.n) && text.p && text.p[text.n] == '\0';
    }
}

uint32_t sample_always(const pattern *p)
{
    uint32_t mask = UINT32_MAX;
    for (unsigned i = 0; i < p->line->n_readings; i++) mask &= p->readings[i].mask;
    return mask;
}

static int items_out_of_range(const pattern *p, const char *fields)
{
    const at_loop *l = p->loop;
    size_t n;
    memcpy(&n, fields + l->n_item, sizeof n);
    if (n > l->max) return l->first;
    for (size_t k = 0; k < n; k++)
        for (unsigned i = l->first; i < (unsigned)l->first + l->n; i++) {
            const at_slot *slot = &p->slots[i];
            const char *item = fields + l->items + k * l->item_size;
            if ((pattern_flags(p, i) & AT_S_LITERAL) || !at_is_set(p->t, slot, item)) continue;
            if (!in_range(p, pattern_type(p, i), item + slot->offset)) return (int)i;
        }
    return -1;
}

int sample_out_of_range(const pattern *p, const char *fields, bool all)
{
    uint32_t mask = all ? sample_always(p) : 0;
    for (unsigned i = 0; i < p->line->n_slots; i++) {
        const at_slot *slot = &p->slots[i];
        if (pattern_flags(p, i) & (AT_S_LITERAL | AT_S_LOOP)) continue;
        bool there = at_has_of(p->t, slot) != AT_NONE8 ? at_is_set(p->t, slot, fields) : (mask >> i & 1u) != 0;
        if (there && !in_range(p, pattern_type(p, i), fields + slot->offset)) return (int)i;
    }
    return p->loop && all ? items_out_of_range(p, fields) : -1;
}

/* ---- wrong values ---- */

static bool spoil_number(sample *s, const pattern *p, const at_type *type, char *field)
{
    int64_t tries[] = { bound(type, type->max) + 1, bound(type, type->min) - 1, 0, 0 };
    if (type->kind == AT_T_WORD) tries[0] = tries[1] = type->max;
    for (size_t i = 0, n = sizeof tries / sizeof *tries; i < n; i++) {
        pattern_put_number(type, field, i < 2 ? tries[i] : (int64_t)sample_random(s, UINT32_MAX));
        if (!in_range(p, type, field)) return true;
    }
    return false;
}

/* Too long, or with the end of a line in it. */
static bool spoil_text(sample *s, const pattern *p, const at_type *type, char *field)
{
    int64_t most = 0;
    at_text text;
    for (unsigned i = 0; i < pattern_ranges(type); i++) {
        pattern_range r = pattern_range_of(p->t, type, i);
        if (r.hi > most) most = r.hi;
    }
    text.p = s->text + s->n;
    text.n = (size_t)most + 1;
    if (s->n + text.n > sizeof s->text) return false;
    memset(s->text + s->n, 'a', text.n);
    if (type->kind != AT_T_HEX && most > 0 && sample_random(s, 2)) s->text[s->n + --text.n - 1] = '\r';
    s->n += (size_t)most + 1;
    memcpy(field, &text, sizeof text);
    return true;
}

static bool spoil_value(sample *s, const pattern *p, const at_type *type, char *field)
{
    if (type->kind == AT_T_IP || type->kind == AT_T_MAC) return false;
    return pattern_is_number(type) ? spoil_number(s, p, type, field) : spoil_text(s, p, type, field);
}

bool sample_spoil(sample *s, const pattern *p, uint32_t shown, char *fields)
{
    unsigned n = p->line->n_slots, first = sample_random(s, n);
    for (unsigned k = 0; k < n; k++) {
        unsigned i = (first + k) % n;
        const at_slot *slot = &p->slots[i];
        if ((pattern_flags(p, i) & (AT_S_LITERAL | AT_S_LOOP)) || !(shown >> i & 1u) || pattern_is_masked(p, i)) continue;
        bool counts = (p->rest->data != AT_NONE && i == p->rest->data_count) ||     /* the data says it */
                      (p->loop && i == p->loop->count);
        if (counts || at_trait_of(p->t, slot)->tie || !at_is_set(p->t, slot, fields)) continue;
        if (spoil_value(s, p, pattern_type(p, i), fields + slot->offset)) return true;
    }
    return false;
}

/* ---- payloads ---- */

static uint8_t payload[SAMPLE_PAYLOAD_MAX];

static size_t add(size_t n, const char *p, size_t length)
{
    if (n + length > sizeof payload) length = sizeof payload - n;
    memcpy(payload + n, p, length);
    return n + length;
}

static size_t add_line(size_t n, const at_tables *t, unsigned number)
{
    const at_line *line = &t->lines[number];
    const char *head = t->text + at_head_of(t, number);
    n = add(n, "\r\n", 2);
    n = add(n, head, strlen(head));
    n = add(n, t->text + t->rests[line->rest].lead, strlen(t->text + t->rests[line->rest].lead));
    return add(n, "0,3:\r\n", 6);
}

static size_t add_text(size_t n, const at_tables *t, unsigned text)
{
    return add(n, t->text + text, strlen(t->text + text));
}

/* What ends data phases and what stands for it. */
static size_t add_phases(size_t n, const at_host_tables *h)
{
    for (unsigned i = 0; i < h->n_calls; i++) {
        const at_phase *phase = flow_data(h, &h->calls[i]);
        if (!phase) continue;
        n = add_text(n, &h->t, phase->texts[AT_P_UNTIL]);
        n = add_text(n, &h->t, phase->texts[AT_P_ESCAPE]);
        n = add_text(n, &h->t, phase->cancel);
    }
    return n;
}

void sample_prepare(const at_host_tables *h)
{
    static const char nasty[] = "\r\nOK\r\n> \r\nERROR\r\n\0\xff\x1a\x1b+++AT\r";
    size_t n = 0;
    while (n < sizeof payload) {
        n = add(n, nasty, sizeof nasty - 1);
        n = add_phases(n, h);
        for (unsigned i = 0; i < h->headless; i++)
            if (i == 0 || h->known[i].key != h->known[i - 1].key) n = add_line(n, &h->t, h->known[i].line);
    }
}

const uint8_t *sample_payload(size_t n)
{
    return n <= sizeof payload ? payload : NULL;
}

const uint8_t *sample_plain(size_t n)
{
    static uint8_t plain[SAMPLE_PAYLOAD_MAX];
    if (plain[0] == 0) memset(plain, 'p', sizeof plain);
    return n <= sizeof plain ? plain : NULL;
}
