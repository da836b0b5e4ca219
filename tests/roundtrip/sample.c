/* SPDX-License-Identifier: MIT */
#include "sample.h"

#include <string.h>

uint32_t sample_random(sample *s, uint32_t below)
{
    s->seed = s->seed * 1664525u + 1013904223u;
    return below ? (s->seed >> 8) % below : 0;
}

static void put_int(char *to, unsigned size, int64_t v)
{
    uint8_t v8 = (uint8_t)v;
    uint16_t v16 = (uint16_t)v;
    uint32_t v32 = (uint32_t)v;
    if (size == 1) memcpy(to, &v8, 1);
    else if (size == 2) memcpy(to, &v16, 2);
    else memcpy(to, &v32, 4);
}

static int64_t bound(const at_type *t, int32_t v)
{
    return t->flags & AT_F_SIGNED ? (int64_t)v : (int64_t)(uint32_t)v;
}

static int64_t pick_int(sample *s, const at_type *t, sample_pick pick)
{
    int64_t lo = bound(t, t->min), hi = bound(t, t->max);
    if (pick == PICK_LEAST) return lo;
    if (pick == PICK_MOST) return hi;
    uint32_t span = (uint32_t)(hi - lo);
    return lo + (span == UINT32_MAX ? sample_random(s, 1u << 24) : sample_random(s, span + 1));
}

static unsigned pick_index(sample *s, unsigned n, sample_pick pick)
{
    if (pick == PICK_LEAST) return 0;
    return pick == PICK_MOST ? n - 1 : sample_random(s, n);
}

static size_t pick_length(sample *s, const at_type *t, sample_pick pick)
{
    uint32_t lo = (uint32_t)t->min, hi = (uint32_t)t->max;
    if (hi > lo + 64) hi = lo + 64;     /* long texts show nothing that 64 bytes do not */
    if (pick == PICK_LEAST) return lo;
    return pick == PICK_MOST ? hi : lo + sample_random(s, hi - lo + 1);
}

/* Text of n bytes: letters, and in quoted strings what has to be escaped. Bare text begins with a letter that no operator or
 * number begins with. */
static void put_text(sample *s, const at_tables *t, const at_type *type, size_t n, bool hex, at_text *to)
{
    static const char letters[] = "abcXYZ019 -_.ok";
    bool quoted = (type->flags & AT_F_QUOTED) && type->kind == AT_T_STRING;
    char *p = s->text + s->n;
    if (s->n + n + 1 > sizeof s->text) n = 0;
    for (size_t i = 0; i < n; i++) {
        uint32_t r = sample_random(s, 20);
        p[i] = hex ? (char)sample_random(s, 256) : letters[r % (sizeof letters - 1)];
        if (quoted && t->escape && r >= 17) p[i] = "\",\\"[r - 17];
        else if (quoted && r == 19) p[i] = ',';
    }
    if (!hex && n > 0) p[0] = 'a', p[n - 1] = 'z';
    if (!hex && n == 1) p[0] = 'q';
    p[n] = '\0';
    s->n += n + 1;
    to->p = p;
    to->n = n;
}

static void put_value(sample *s, const at_tables *t, const at_type *type, sample_pick pick, char *to)
{
    at_text text;
    switch (type->kind) {
    case AT_T_INT: put_int(to, type->size, pick_int(s, type, pick)); break;
    case AT_T_ENUM:
        put_int(to, type->size, t->values[type->min + (int)pick_index(s, type->aux, pick)]);
        break;
    case AT_T_WORD: put_int(to, type->size, pick_index(s, type->aux, pick)); break;
    case AT_T_IP: put_int(to, 4, sample_random(s, 1u << 24)); break;
    case AT_T_MAC:
        put_int(to, 4, sample_random(s, 1u << 24));
        put_int(to + 4, 2, sample_random(s, 1u << 16));
        break;
    default:
        put_text(s, t, type, pick_length(s, type, pick), type->kind == AT_T_HEX, &text);
        memcpy(to, &text, sizeof text);
    }
}

static void fill_loop(sample *s, const at_tables *t, const at_line *line, sample_pick pick, char *fields)
{
    const at_loop *l = &t->loops[line->loop - 1];
    unsigned n = l->min + pick_index(s, l->max - l->min + 1u, pick);
    size_t count = n;
    for (unsigned k = 0; k < n; k++)
        for (unsigned i = 0; i < l->n; i++) {
            const at_slot *slot = &t->slots[line->slots + l->first + i];
            if (slot->flags & AT_S_LITERAL) continue;
            put_value(s, t, &t->types[slot->type], pick, fields + l->items + k * l->item_size + slot->offset);
        }
    memcpy(fields + l->n_item, &count, sizeof count);
    if (l->count != AT_NONE8) {
        const at_slot *slot = &t->slots[line->slots + l->count];
        put_int(fields + slot->offset, t->types[slot->type].size, n);
    }
}

/* A reading that holds only for some value of one of its slots gets that value. */
static void satisfy(const at_tables *t, const at_line *line, const at_reading *r, char *fields)
{
    for (unsigned i = 0; i < r->n_conds; i++) {
        const at_cond *c = &t->conds[r->cond + i];
        if ((c->on & 3) != AT_C_SLOT || (c->on & AT_C_NOT)) continue;
        const at_slot *slot = &t->slots[line->slots + c->index];
        put_int(fields + slot->offset, t->types[slot->type].size, c->on & AT_C_BITS ? c->hi : c->lo);
    }
}

void sample_fill(sample *s, const at_tables *t, unsigned number, unsigned reading, sample_pick pick, char *fields)
{
    const at_line *line = &t->lines[number];
    const at_reading *r = &t->readings[line->readings + reading];
    for (unsigned i = 0; i < line->n_slots; i++) {
        const at_slot *slot = &t->slots[line->slots + i];
        if (slot->flags & (AT_S_LITERAL | AT_S_LOOP)) continue;
        bool there = (r->mask >> i & 1u) != 0;
        if (there && slot->has != AT_NONE8) fields[slot->has] = 1;
        if (there) put_value(s, t, &t->types[slot->type], pick, fields + slot->offset);
    }
    satisfy(t, line, r, fields);
    if (line->loop) fill_loop(s, t, line, pick, fields);
}

static bool same_value(const at_type *type, const char *a, const char *b)
{
    at_text ta, tb;
    switch (type->kind) {
    case AT_T_INT: case AT_T_ENUM: case AT_T_WORD: return memcmp(a, b, type->size) == 0;
    case AT_T_IP: return memcmp(a, b, sizeof(at_ip)) == 0;
    case AT_T_MAC: return memcmp(a, b, sizeof(at_mac)) == 0;
    default:
        memcpy(&ta, a, sizeof ta);
        memcpy(&tb, b, sizeof tb);
        return ta.n == tb.n && (ta.n == 0 || memcmp(ta.p, tb.p, ta.n) == 0);
    }
}

static int loop_differs(const at_tables *t, const at_line *line, const char *a, const char *b)
{
    const at_loop *l = &t->loops[line->loop - 1];
    size_t na, nb;
    memcpy(&na, a + l->n_item, sizeof na);
    memcpy(&nb, b + l->n_item, sizeof nb);
    if (na != nb) return l->first;
    for (size_t k = 0; k < na; k++)
        for (unsigned i = 0; i < l->n; i++) {
            const at_slot *slot = &t->slots[line->slots + l->first + i];
            size_t at = l->items + k * l->item_size + slot->offset;
            if (slot->flags & AT_S_LITERAL) continue;
            if (!same_value(&t->types[slot->type], a + at, b + at)) return (int)(l->first + i);
        }
    return -1;
}

int sample_differs(const at_tables *t, unsigned number, uint32_t mask, const char *a, const char *b, int except)
{
    const at_line *line = &t->lines[number];
    for (unsigned i = 0; i < line->n_slots; i++) {
        const at_slot *slot = &t->slots[line->slots + i];
        if ((slot->flags & (AT_S_LITERAL | AT_S_LOOP)) || (int)i == except) continue;
        bool there = (mask >> i & 1u) != 0;
        if (slot->has != AT_NONE8 && (a[slot->has] != b[slot->has] || (a[slot->has] != 0) != there)) return (int)i;
        if (there && !same_value(&t->types[slot->type], a + slot->offset, b + slot->offset)) return (int)i;
    }
    return line->loop ? loop_differs(t, line, a, b) : -1;
}
