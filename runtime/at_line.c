/* Lines by their tables, both ways: see at_line.h.
 * SPDX-License-Identifier: 0BSD */
#include "at_line.h"

#include <limits.h>
#include <string.h>

#include "at_value.h"

/* ---- names ---- */

static char upper(char c)
{
    return c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
}

static bool same_name(const char *a, const char *b, size_t n, bool any_case)
{
    if (!any_case) return memcmp(a, b, n) == 0;
    for (; n > 0; n--, a++, b++)
        if (upper(*a) != upper(*b)) return false;
    return true;
}

static uint32_t hash(const char *name, size_t n, bool any_case)
{
    const char *end = name + n;
    uint32_t h = 5381;
    if (any_case)
        while (name < end) h = (h * 33) ^ (uint8_t)upper(*name++);
    else
        while (name < end) h = (h * 33) ^ (uint8_t)*name++;
    return h;
}

const at_name *at_find(const at_tables *t, const at_name *names, const uint16_t *buckets,
                       uint16_t mask, const char *name, size_t n)
{
    bool any_case = (t->flags & AT_D_ANY_CASE_NAMES) != 0;
    uint32_t h = hash(name, n, any_case);
    unsigned i;
    h &= mask;
    for (i = buckets[h]; i < buckets[h + 1]; i++)
        if (names[i].n == n && same_name(t->text + names[i].text, name, n, any_case))
            return &names[i];
    return NULL;
}

/* ---- which cell is which slot ---- */

static const at_slot *slot_of(const at_view *v, unsigned slot)
{
    return &v->link->tables->slots[v->line->slots + slot];
}

static const at_type *type_of(const at_view *v, const at_slot *s)
{
    return &v->link->tables->types[s->type];
}

static const at_rest *rest_of(const at_view *v)
{
    return at__rest(v->link, v->line);
}

static const at_loop *loop_of(const at_view *v)
{
    unsigned loop = rest_of(v)->loop;
    return loop ? &v->link->tables->loops[loop - 1] : NULL;
}

static bool is_there(const at_view *v, unsigned slot)
{
    return (v->mask >> slot & 1) != 0;
}

/* Cells that the repeated group or the elastic text takes beyond one each. */
static unsigned stretch(const at_view *v)
{
    uint32_t mask = v->mask;
    unsigned n = v->link->scan.n_cells;
    for (; mask != 0 && n > 0; mask &= mask - 1) n--;
    return mask == 0 ? n : 0;
}

/* Text of `n` cells from `cell` on, commas between them included; "" when they have been cut. */
static at_text cells_text(const at_view *v, unsigned cell, unsigned n)
{
    const at_scan *scan = &v->link->scan;
    at_text s = { scan->line + scan->n, 0 };
    if (cell + n <= scan->n_cells) {
        const at_cell *last = &scan->cells[cell + n - 1];
        s.p = scan->line + scan->cells[cell].at;
        s.n = (size_t)(last->at - scan->cells[cell].at) + last->n;
    }
    return s;
}

/* First cell of a slot that is there (of the first repetition). */
static unsigned cell_of(const at_view *v, unsigned slot)
{
    unsigned s, cell = 0;
    bool stretched = false;
    for (s = 0; s < slot; s++)
        if (is_there(v, s)) {
            cell++;
            if (slot_of(v, s)->flags & (AT_S_LOOP | AT_S_ELASTIC)) stretched = true;
        }
    return stretched && !(slot_of(v, slot)->flags & AT_S_LOOP) ? cell + stretch(v) : cell;
}

/* ---- values that conditions ask for ---- */

typedef enum { VALUE_UNKNOWN, VALUE_NONE, VALUE_KNOWN } known;

static known field_value(const void *fields, unsigned has, unsigned offset, const at_type *type,
                         int32_t *out)
{
    const uint8_t *p = (const uint8_t *)fields;
    if (has != AT_NONE8 && !p[has]) return VALUE_NONE;
    *out = at__value_num(type, p + offset);
    return VALUE_KNOWN;
}

static bool strip_affixes(const at_tables *t, const at_slot *s, at_text *text)
{
    const char *pre = t->text + s->pre, *post = t->text + s->post;
    size_t a = strlen(pre), b = strlen(post);
    if (text->n < a + b || memcmp(text->p, pre, a) != 0 ||
        memcmp(text->p + text->n - b, post, b) != 0)
        return false;
    text->p += a;
    text->n -= a + b;
    return true;
}

static known slot_value(const at_view *v, unsigned slot, int32_t *out)
{
    const at_slot *s = slot_of(v, slot);
    at_value value;
    at_text text;
    if (!is_there(v, slot)) return VALUE_NONE;
    if (v->fields) return field_value(v->fields, s->has, s->offset, type_of(v, s), out);
    text = cells_text(v, cell_of(v, slot), 1);
    if (!strip_affixes(v->link->tables, s, &text) ||
        !at__value_read(v->link->tables, type_of(v, s), text, &value))
        return VALUE_NONE;
    *out = value.num;
    return VALUE_KNOWN;
}

/* What is kept for this key. */
static known kept_value(const at_link *l, unsigned setting, int32_t key, int32_t *out)
{
    const at_setting *s = &l->tables->settings[setting];
    if (key < 0 || key >= s->keys) return VALUE_UNKNOWN;
    *out = l->settings[s->base + key];
    return *out == AT_UNKNOWN ? VALUE_UNKNOWN : VALUE_KNOWN;
}

static known setting_value(const at_view *v, const at_cond *c, int32_t *out)
{
    int32_t key = 0;
    if (c->key != AT_NONE8 && slot_value(v, c->key, &key) != VALUE_KNOWN) return VALUE_UNKNOWN;
    return kept_value(v->link, c->index, key, out);
}

static known figure_value(const at_link *l, unsigned number, const void *request, int32_t *out)
{
    const at_figure *n = &l->tables->figures[number];
    known k = VALUE_KNOWN;
    *out = 0;
    if (n->tie != 0) {
        const at_tie *tie = &l->tables->ties[n->tie - 1];
        k = VALUE_UNKNOWN;
        if (request)
            k = field_value(request, tie->has, tie->offset, &l->tables->types[tie->type], out);
    }
    if (k == VALUE_KNOWN && n->setting != AT_NONE8) k = kept_value(l, n->setting, *out, out);
    if (k == VALUE_KNOWN || n->otherwise == AT_UNKNOWN) return k;
    *out = n->otherwise;
    return VALUE_KNOWN;
}

bool at__figure(const at_link *l, unsigned number, const void *request, int32_t *out)
{
    int32_t value;
    if (figure_value(l, number, request, &value) != VALUE_KNOWN) return false;
    *out = value;
    return true;
}

uint32_t at__time(const at_link *l, unsigned time, const void *request)
{
    const at_time *t = &l->tables->times[time];
    uint32_t ms = t->scale_ms;
    unsigned i;
    for (i = 0; i < 2 && t->figure[i] != 0; i++) {
        int32_t value = 1;
        if (at__figure(l, t->figure[i] - 1u, request, &value) && value != 0) ms *= (uint32_t)value;
    }
    return t->ms + ms;
}

static bool cond_holds(const at_view *v, const at_cond *c)
{
    int32_t value = 0;
    known k = VALUE_UNKNOWN;
    bool holds;
    switch (c->on & AT_C_ON) {
    case AT_C_SETTING: k = setting_value(v, c, &value); break;
    case AT_C_SLOT: k = slot_value(v, c->index, &value); break;
    default:
        if (v->request) k = figure_value(v->link, c->index, v->request, &value);
    }
    if (k == VALUE_UNKNOWN) return true;
    holds = c->on & AT_C_BITS ? (value & c->lo) == c->hi : c->lo <= value && value <= c->hi;
    return (k == VALUE_KNOWN && holds) == !(c->on & AT_C_NOT);
}

bool at__conds_hold(const at_view *v, unsigned first, unsigned n)
{
    const at_tables *t = v->link->tables;
    for (; n > 0; n--, first++)
        if (!cond_holds(v, &t->conds[t->holds[first]])) return false;
    return true;
}

bool at__conds_known(const at_view *v, unsigned first, unsigned n)
{
    const at_tables *t = v->link->tables;
    for (; n > 0; n--, first++) {
        at_cond opposite = t->conds[t->holds[first]];
        opposite.on ^= AT_C_NOT;
        if (cond_holds(v, &opposite)) return false;
    }
    return true;
}

/* ---- cells to struct ---- */

/* One cell: check it, and when `to` is not NULL store it there. */
static bool take_cell(const at_view *v, const at_slot *s, at_text text, uint8_t *to)
{
    const at_tables *t = v->link->tables;
    at_value value;
    if (s->flags & AT_S_LITERAL) {
        const char *literal = t->text + s->offset;
        return strlen(literal) == text.n && memcmp(literal, text.p, text.n) == 0;
    }
    if (text.n == 0 && (s->flags & AT_S_EMPTY_OK)) return true;
    if ((s->pre | s->post) && !strip_affixes(t, s, &text)) return false;
    if (!at__value_read(t, type_of(v, s), text, &value)) return false;
    if (s->tie && v->request && !v->link->side->tied(v, s, &value)) return false;
    if (!to) return true;
    at__value_store(type_of(v, s), &value, to + s->offset);
    if (s->has != AT_NONE8) to[s->has] = 1;
    return true;
}

/* Are there so few cells that the repeated group has none? */
static bool is_without_group(const at_view *v, const at_loop *loop)
{
    uint32_t mask = v->mask;
    unsigned n = v->link->scan.n_cells + loop->n;
    for (; mask != 0 && n > 0; mask &= mask - 1) n--;
    return loop->min == 0 && n == 0;
}

/* Repetitions of the group that `extra` cells make; -1: they do not come out even. */
static int repetitions(const at_view *v, const at_loop *loop, unsigned extra)
{
    int n = 1;
    if (!loop || !is_there(v, loop->first) || is_without_group(v, loop)) return 0;
    for (; extra >= loop->n; extra -= loop->n) n++;
    return extra == 0 ? n : -1;
}

/* Goes through the slots that are there; those of a group come again for each repetition. */
typedef struct walk {
    const at_loop *loop;
    const at_slot *slots, *s;   /* of the line; the one it is at */
    unsigned slot, again;       /* again: repetitions left, the one under way included; 0: none */
    uint8_t *item, *fields;     /* where the slot's field is; NULL: nowhere */
} walk;

static void walk_start(walk *w, const at_view *v, const void *fields, size_t again)
{
    w->loop = loop_of(v);
    w->slots = slot_of(v, 0);
    w->slot = UINT_MAX;
    w->again = (unsigned)again;
    w->fields = w->item = (uint8_t *)(uintptr_t)fields;
    if (w->loop && fields) w->item += w->loop->items;
}

static bool walk_on(const at_view *v, walk *w)
{
    do {
        w->slot++;
        if (w->loop && w->again == 0 && w->slot == w->loop->first) w->slot += w->loop->n;
        if (w->loop && w->again > 1 && w->slot == (unsigned)w->loop->first + w->loop->n) {
            w->again--;
            w->slot = w->loop->first;
            if (w->item) w->item += w->loop->item_size;
        }
        if (w->slot >= v->line->n_slots) return false;
    } while (!is_there(v, w->slot));
    w->s = &w->slots[w->slot];
    return true;
}

static uint8_t *walk_field(const walk *w)
{
    return w->s->flags & AT_S_LOOP ? w->item : w->fields;
}

/* Only free text may have broken quotes in it. */
static bool is_broken(const at_view *v, const at_slot *s, unsigned cell)
{
    return v->link->scan.cells[cell].kind == AT_CELL_BAD && type_of(v, s)->kind != AT_T_TEXT;
}

static bool take_cells(const at_view *v, uint8_t *fields, unsigned *cell)
{
    unsigned extra = stretch(v);
    walk w;
    walk_start(&w, v, fields, (size_t)repetitions(v, loop_of(v), extra));
    for (*cell = 0; walk_on(v, &w);) {
        unsigned n = w.s->flags & AT_S_ELASTIC ? 1 + extra : 1;
        if (is_broken(v, w.s, *cell)) return false;
        if (!take_cell(v, w.s, cells_text(v, *cell, n), walk_field(&w))) return false;
        *cell += n;
    }
    return *cell >= v->link->scan.n_cells;
}

/* Does the number of repetitions suit, and the slot that says it? */
static bool loop_fits(const at_view *v)
{
    const at_loop *loop = loop_of(v);
    int32_t n, count;
    if (!loop) return true;
    n = repetitions(v, loop, stretch(v));
    if (n < 0 || n > loop->max || (n < loop->min && is_there(v, loop->first))) return false;
    return loop->count == AT_NONE8 || slot_value(v, loop->count, &count) != VALUE_KNOWN ||
           count == n;
}

bool at__line_cells(const at_view *v, void *fields, unsigned *fault)
{
    *fault = v->link->scan.n_cells;
    if (!loop_fits(v)) return false;    /* first: there is no room for more items */
    if (!take_cells(v, (uint8_t *)fields, fault)) return false;
    *fault = v->link->scan.n_cells;
    return true;
}

bool at__line_take(const at_view *v, void *fields, unsigned *fault)
{
    const at_reading *reading = v->reading;
    if (!at__line_cells(v, fields, fault)) return false;
    return reading->n_conds == 0 || at__conds_hold(v, reading->cond, reading->n_conds);
}

bool at__line_fits(const at_view *v, unsigned *fault)
{
    return at__line_take(v, NULL, fault);
}

/* Only the host has a request to compare with: reached through its at_side. */
bool at__line_tied(const at_view *v, const at_slot *s, const at_value *value)
{
    const at_tie *tie = &v->link->tables->ties[s->tie - 1];
    const uint8_t *request = (const uint8_t *)v->request;
    if (tie->has != AT_NONE8 && !request[tie->has]) return true;
    return at__value_is(v->link->tables, type_of(v, s), value, request + tie->offset);
}

static size_t data_count(const at_view *v)
{
    const at_rest *rest = rest_of(v);
    int32_t n = 0;
    if (rest->data_count != AT_NONE8) slot_value(v, rest->data_count, &n);
    else at__figure(v->link, rest->data_figure - 1u, v->request, &n);
    return (uint32_t)n;
}

bool at__line_data(const at_view *v, size_t *n)
{
    const at_rest *rest = rest_of(v);
    if (rest->data_at == AT_DATA_NONE) return false;
    if (rest->data_count != AT_NONE8 && !is_there(v, rest->data_count)) return false;
    *n = data_count(v);
    return true;
}

int32_t at__line_number(const at_view *v)
{
    int32_t n = 0;
    if (v->line->n_slots > 0) slot_value(v, 0, &n);
    return n;
}

void at__line_finish(const at_view *v, void *fields)
{
    const at_loop *loop = loop_of(v);
    size_t n = (size_t)repetitions(v, loop, stretch(v));
    unsigned data = rest_of(v)->data;
    uint8_t *to = (uint8_t *)fields;
    walk w;
    walk_start(&w, v, fields, n);
    if (data != AT_NONE) ((at_bytes *)(void *)(to + data))->n = data_count(v);
    if (loop) *(size_t *)(void *)(to + loop->n_item) = n;
    while (walk_on(v, &w)) {
        const at_type *type;
        if (w.s->flags & AT_S_LITERAL) continue;        /* it has none, nor may the dialect */
        type = type_of(v, w.s);
        if (type->kind >= AT_T_STRING)
            at__value_finish(v->link->tables, type, walk_field(&w) + w.s->offset);
    }
}

void at__line_store(const at_view *v, void *fields)
{
    unsigned fault;
    if (at__line_take(v, fields, &fault)) at__line_finish(v, fields);
}

/* ---- struct to text ---- */

static size_t items_of(const at_view *v)
{
    const at_loop *loop = loop_of(v);
    return loop ? *(const size_t *)(const void *)((const uint8_t *)v->fields + loop->n_item) : 0;
}

/* Does the struct have a value for this slot? */
static bool has_value(const at_view *v, const at_slot *s)
{
    if (s->flags & AT_S_LOOP) return items_of(v) > 0;
    return s->has == AT_NONE8 || ((const uint8_t *)v->fields)[s->has];
}

static unsigned slots_in(uint32_t mask)
{
    unsigned n = 0;
    for (; mask != 0; mask &= mask - 1) n++;
    return n;
}

/* Slots that the mask at `p` hides. Unknown: those that the struct does not have, or all of them. */
static uint32_t hidden(const at_view *v, const uint8_t *p)
{
    const at_link *l = v->link;
    int32_t value = l->settings[l->tables->settings[*p++].base];
    uint32_t slots = 0;
    unsigned n;
    for (n = *p++; n > 0; n--, p += 2) {
        bool shown = ((uint32_t)value >> p[1] & 1) != 0;
        if (value == AT_UNKNOWN) shown = v->fields && has_value(v, slot_of(v, *p));
        if (!shown) slots |= (uint32_t)1 << *p;
    }
    return value != AT_UNKNOWN || v->fields || l->scan.n_cells < slots_in(v->mask) ? slots : 0;
}

void at__view_as(at_view *v, const at_reading *reading)
{
    unsigned mask = rest_of(v)->mask;
    v->reading = reading;
    v->mask = reading->mask;
    if (mask) v->mask &= ~hidden(v, v->link->tables->masks + mask - 1);
}

/* Is the field of a slot that the reading leaves out written by another one, a twin in another
 * branch? */
static bool has_twin(const at_view *v, const at_slot *slot)
{
    unsigned s;
    for (s = 0; s < v->line->n_slots; s++) {
        const at_slot *twin = slot_of(v, s);
        if (is_there(v, s) && twin->offset == slot->offset &&
            !((twin->flags ^ slot->flags) & AT_S_LOOP) && !(twin->flags & AT_S_LITERAL))
            return true;
    }
    return false;
}

/* Can this reading say what the struct holds: nothing lost but what is hidden, nothing missing? */
static bool says_all(const at_view *v)
{
    unsigned s;
    for (s = 0; s < v->line->n_slots; s++) {
        const at_slot *slot = slot_of(v, s);
        if (slot->flags & AT_S_LITERAL) continue;
        if ((slot->flags & AT_S_LOOP) && items_of(v) == 0) continue;    /* at__line_choose: may be */
        if (has_value(v, slot) ? !(v->reading->mask >> s & 1) && !has_twin(v, slot)
                               : is_there(v, s) && !(slot->flags & AT_S_EMPTY_OK))
            return false;
    }
    return at__conds_hold(v, v->reading->cond, v->reading->n_conds);
}

/* The fewest cells that say it all; readings of the same number stand in the order of the spec. */
bool at__line_choose(at_view *v)
{
    const at_loop *loop = loop_of(v);
    const at_reading *best = NULL;
    unsigned i = v->line->n_readings;
    if (loop && (items_of(v) < loop->min || items_of(v) > loop->max)) return false;
    while (i-- > 0) {
        const at_reading *reading = &v->link->tables->readings[v->line->readings + i];
        if (best && slots_in(reading->mask) > slots_in(best->mask)) break;
        at__view_as(v, reading);
        if (says_all(v)) best = reading;
    }
    if (best) at__view_as(v, best);
    return best != NULL;
}

/* The number this slot counts, when it counts something that the struct holds. */
static bool counts(const at_view *v, unsigned slot, size_t *n)
{
    const at_loop *loop = loop_of(v);
    bool data = v->counted && slot == v->count_slot;
    *n = data ? v->count : items_of(v);
    return data || (loop && slot == loop->count);
}

static bool put_cell(const at_view *v, unsigned slot, const uint8_t *from)
{
    const at_tables *t = v->link->tables;
    const at_slot *s = slot_of(v, slot);
    size_t n;
    bool ok;
    if (s->flags & AT_S_LITERAL) {
        at__put_text(v->link, s->offset);
        return true;
    }
    if (s->has != AT_NONE8 && !from[s->has]) return (s->flags & AT_S_EMPTY_OK) != 0;
    at__put_text(v->link, s->pre);
    if (counts(v, slot, &n))
        ok = n <= INT32_MAX && at__value_put_num(v->link, &t->types[s->type], (int32_t)n);
    else
        ok = at__value_put(v->link, &t->types[s->type], from + s->offset);
    at__put_text(v->link, s->post);
    return ok;
}

/* Slots to be written: empty ones at the end are cut. */
unsigned at__line_slots(const at_view *v)
{
    unsigned n = v->line->n_slots;
    for (; n > 0; n--) {
        const at_slot *s = slot_of(v, n - 1);
        if (is_there(v, n - 1) && ((s->flags & AT_S_LITERAL) || has_value(v, s))) break;
    }
    return n;
}

bool at__line_put_cells(const at_view *v, unsigned *bad)
{
    unsigned n = at__line_slots(v);
    bool first = true;
    walk w;
    walk_start(&w, v, v->fields, items_of(v));
    while (walk_on(v, &w) && w.slot < n) {
        if (!first) at__put_char(v->link, ',');
        first = false;
        if (!put_cell(v, w.slot, walk_field(&w))) {
            if (bad) *bad = w.slot;
            return false;
        }
    }
    return true;
}

void at__put_head(at_link *l, unsigned head)
{
    const char *p = l->tables->text + head;
    for (; *p != '\0'; p++) {
        if (*p == AT_NAME) at__put_text(l, l->name);
        else if (*p == AT_ENDING) at__put_text(l, l->ending);
        else at__put_char(l, *p);
    }
}

static const uint16_t *frame_of(const at_tables *t, unsigned frame)
{
    static const uint16_t bare[2] = { 0, 0 };
    switch (frame) {
    case AT_LINE_INFO: return t->info;
    case AT_LINE_RESULT: return t->result;
    case AT_LINE_URC: return t->urc;
    default: return bare;
    }
}

/* Does the reading have the line's data? Not when it leaves their count out. */
static bool has_data(const at_view *v, const at_rest *rest)
{
    return rest->data_at != AT_DATA_NONE &&
           (rest->data_count == AT_NONE8 || is_there(v, rest->data_count));
}

void at__line_put_data(at_link *l, const at_rest *rest, at_bytes data)
{
    if (rest->data_lead) at__put_char(l, (char)rest->data_lead);
    if (rest->data_at == AT_DATA_EITHER) at__put_char(l, '"');
    at__put_data(l, data);
    at__put_text(l, rest->data_tail);
}

static void put_end(const at_view *v, const at_rest *rest, const at_bytes *data, unsigned after)
{
    at_link *l = v->link;
    bool has = has_data(v, rest);
    at__put_text(l, rest->tail);
    if (!has || rest->data_at < AT_DATA_INLINE) at__put_text(l, after);
    if (has) at__line_put_data(l, rest, *data);
}

bool at__line_put(at_link *l, unsigned line, const void *fields, const void *request)
{
    at_view v;
    const at_bytes *data = NULL;
    const at_rest *rest;
    const uint16_t *frame;
    memset(&v, 0, sizeof v);
    v.link = l;
    v.line = &l->tables->lines[line];
    v.fields = fields;
    v.request = request;
    rest = rest_of(&v);
    if (rest->data != AT_NONE) {
        data = (const at_bytes *)(const void *)((const uint8_t *)fields + rest->data);
        v.counted = true;
        v.count_slot = rest->data_count;
        v.count = data->n;
    }
    if (v.line->n_slots > 0 && !at__line_choose(&v)) return false;
    frame = frame_of(l->tables, v.line->frame);
    at__put_text(l, frame[0]);
    at__put_head(l, v.line->head);
    at__put_text(l, v.line->lead);
    if (v.line->n_slots > 0 && !at__line_put_cells(&v, NULL)) return false;
    put_end(&v, rest, data, frame[1]);
    return true;
}
