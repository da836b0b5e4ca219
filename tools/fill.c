/* Numbers and addresses are read by the runtime's own code; text goes into the struct as it is.
 * SPDX-License-Identifier: MIT */
#include "fill.h"

#include <string.h>

#include "at_value.h"

static char *take(fill *f, size_t n)
{
    if (n > sizeof f->room - f->used) return NULL;
    f->used += n;
    return f->room + f->used - n;
}

static bool fill_text(const fill *f, const at_type *type, const char *text, size_t n, char *field)
{
    const at_text value = {text, n};
    if (n > INT32_MAX || !at__value_allows(f->tables, type, (uint32_t)n)) return false;
    memcpy(field, &value, sizeof value);
    return true;
}

static size_t field_size(const at_type *type)
{
    switch (type->kind) {
    case AT_T_INT:
    case AT_T_ENUM:
    case AT_T_WORD:
        return at_size(type);
    case AT_T_IP:
        return sizeof(at_ip);
    case AT_T_MAC:
        return sizeof(at_mac);
    default:
        return sizeof(at_text);
    }
}

/* The value as it stands on the wire, for the runtime to read. */
static bool fill_read(fill *f, const at_type *type, const char *text, size_t n, char *field)
{
    bool quoted = (type->flags & AT_F_QUOTED) != 0;
    char *wire = take(f, n + 3);
    at_field value;
    if (!wire) return false;
    if (quoted) wire[0] = wire[n + 1] = '"';
    memcpy(wire + quoted, text, n);
    if (!at__value_read(f->tables, type, (at_text){wire, n + 2u * quoted}, true, &value)) return false;
    memcpy(field, &value, field_size(type));
    return true;
}

bool fill_field(fill *f, unsigned number, const char *text, size_t n, char *field)
{
    const at_type *type = &f->tables->types[number];
    bool is_text = type->kind == AT_T_STRING || type->kind == AT_T_TEXT;
    return is_text ? fill_text(f, type, text, n, field) : fill_read(f, type, text, n, field);
}

bool fill_slot(fill *f, const at_slot *slot, const char *text, size_t n, char *fields)
{
    unsigned type = f->tables->sorts[slot->sort].type, has = at_has_of(f->tables, slot);
    bool done = fill_field(f, type, text, n, fields + slot->offset);
    if (done && has != AT_NONE8) fields[has] = 1;
    return done;
}

/* ---- least values ---- */
void fill_number(char *field, unsigned size, int32_t v)
{
    uint8_t v8 = (uint8_t)v;
    uint16_t v16 = (uint16_t)v;
    memcpy(field, size == 1 ? (void *)&v8 : size == 2 ? (void *)&v16 : (void *)&v, size);
}

static void least_text(fill *f, const at_type *type, char *field)
{
    size_t n = (size_t)f->tables->values[type->min];
    char *p = take(f, n + 1);
    at_text value = {p, p ? n : 0};
    if (p) memset(p, 'a', value.n + 1);
    memcpy(field, &value, sizeof value);
}

/* Addresses are zero already. */
static void least_value(fill *f, const at_type *type, char *field)
{
    switch (type->kind) {
    case AT_T_INT:
    case AT_T_ENUM:
        fill_number(field, at_size(type), f->tables->values[type->min]);
        break;
    case AT_T_STRING:
    case AT_T_TEXT:
    case AT_T_HEX:
        least_text(f, type, field);
        break;
    default:
        break;
    }
}

static void satisfy(const fill *f, const at_line *line, const at_reading *r, char *fields)
{
    const at_tables *t = f->tables;
    for (unsigned i = 0; i < r->n_conds; i++) {
        const at_cond *c = &t->conds[t->holds[r->cond + i]];
        if ((c->on & AT_C_ON) != AT_C_SLOT || (c->on & AT_C_NOT)) continue;
        const at_slot *slot = &t->slots[line->slots + c->index];
        fill_number(fields + slot->offset, at_size(at_type_of(t, slot)),
                    t->values[c->on & AT_C_BITS ? c->hi : c->lo]);
    }
}

static void least_loop(fill *f, const at_line *line, const at_loop *loop, char *fields)
{
    size_t n = loop->min;
    for (unsigned k = 0; k < n; k++)
        for (unsigned i = loop->first; i < loop->first + loop->n; i++) {
            const at_slot *slot = &f->tables->slots[line->slots + i];
            if (at_trait_of(f->tables, slot)->flags & AT_S_LITERAL) continue;
            least_value(f, at_type_of(f->tables, slot),
                        fields + loop->items + k * loop->item_size + slot->offset);
        }
    memcpy(fields + loop->n_item, &n, sizeof n);
}

void fill_least(fill *f, const at_line *line, const at_reading *r, char *fields)
{
    const at_rest *rest = &f->tables->rests[line->rest];
    for (unsigned i = 0; i < line->n_slots; i++) {
        const at_slot *slot = &f->tables->slots[line->slots + i];
        const at_trait *trait = at_trait_of(f->tables, slot);
        if (!(r->mask >> i & 1u) || (trait->flags & (AT_S_LITERAL | AT_S_LOOP))) continue;
        if (trait->has != AT_NONE8) fields[trait->has] = 1;
        least_value(f, at_type_of(f->tables, slot), fields + slot->offset);
    }
    satisfy(f, line, r, fields);
    if (rest->loop) least_loop(f, line, &f->tables->loops[rest->loop - 1], fields);
}
