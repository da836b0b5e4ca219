/* Lines by their tables, both ways: see at_line.h.
 * SPDX-License-Identifier: 0BSD */
#include "at_line.h"

#include <string.h>

#include "at_value.h"

/* ---- which cell is which slot ---- */

/* What no line of the dialect has costs nothing. */
static bool has_flag(const at_trait *trait, unsigned flag)
{
    unsigned some = (AT_WITH_LITERALS ? AT_S_LITERAL : 0) | (AT_WITH_EMPTY ? AT_S_EMPTY_OK : 0) |
                    (AT_WITH_ELASTIC ? AT_S_ELASTIC : 0) | (AT_WITH_LOOPS ? AT_S_LOOP : 0) |
                    (AT_WITH_NEXT_LINES ? AT_S_NEXT_LINE : 0);
    return (trait->flags & flag & some) != 0;
}

AT_APART void at__view_line(at_view *v, const at_line *line)
{
    const at_tables *t = at__tables(v->link);
    v->line = line;
    v->slots = t->slots + line->slots;
    v->rest = t->rests + line->rest;
}

static const at_trait *trait_of(const at_view *v, const at_slot *s)
{
    return at_trait_of(at__tables(v->link), s);
}

static const at_loop *loop_of(const at_view *v)
{
    unsigned loop = AT_WITH_LOOPS ? v->rest->loop : 0;
    return loop ? &at__tables(v->link)->loops[loop - 1] : NULL;
}

static bool is_there(const at_view *v, unsigned slot)
{
    return (v->mask >> slot & 1) != 0;
}

static unsigned slots_in(uint32_t mask)
{
    unsigned n = 0;
    for (; mask != 0; mask &= mask - 1) n++;
    return n;
}

/* Cells that the repeated group or the elastic text takes beyond one each. */
static unsigned stretch(const at_view *v)
{
    unsigned n = v->link->scan.n_cells, least = slots_in(v->mask);
    return (AT_WITH_LOOPS || AT_WITH_ELASTIC) && n > least ? n - least : 0;
}

/* Text of `n` cells from `cell` on, commas between them included; "" when they have been cut. */
static at_text cells_text(const at_scan *scan, unsigned cell, unsigned n)
{
    at_text s = { scan->line + scan->n, 0 };
    if (cell + n <= scan->n_cells) {
        const at_cell *first = &scan->cells[cell], *last = first + n - 1;
        s.p = scan->line + first->at;
        s.n = (size_t)(last->at - first->at) + last->n;
    }
    return s;
}

/* Take the text around the value off. */
static bool strip_affixes(const at_view *v, const at_trait *trait, at_text *s)
{
    const char *text = at__tables(v->link)->text;
    const char *pre = text + trait->pre, *post = text + trait->post;
    size_t n = strlen(post);
    for (; *pre != '\0'; pre++, s->p++, s->n--)
        if (s->n == 0 || *s->p != *pre) return false;
    if (s->n < n || memcmp(s->p + s->n - n, post, n) != 0) return false;
    s->n -= n;
    return true;
}

/* ---- a line's slots, one after the other ---- */

/* Goes through the slots that are there; those of a group come again for each repetition. */
typedef struct walk {
    const at_view *v;
    const at_slot *next;        /* behind the one it is at */
    const at_trait *trait;
    const at_type *type;        /* of no meaning to a literal */
    uint8_t *to;                /* struct that has its field */
    uint32_t mask;              /* from `next` on */
    uint8_t *item, *fields;     /* of a group; of the line */
    const at_loop *loop;
    unsigned again;             /* repetitions left, the one under way included; 0: none */
} walk;

AT_APART static void walk_start(walk *w, const at_view *v, size_t again)
{
    w->v = v;
    w->next = v->slots;
    w->mask = v->mask;
    w->fields = w->to = (uint8_t *)(uintptr_t)v->fields;
    if (!AT_WITH_LOOPS) return;
    w->loop = loop_of(v);
    w->item = w->fields;
    if (w->loop) w->item += w->loop->items;
    w->again = (unsigned)again;
}

/* Over the group when there is none of it, and back when there is more. */
static void turn(walk *w)
{
    const at_loop *loop = w->loop;
    const at_slot *first = w->v->slots + loop->first;
    if (w->again == 0 && w->next == first) {
        w->next += loop->n;
        w->mask >>= loop->n;
    }
    if (w->again > 1 && w->next == first + loop->n) {
        w->again--;
        w->next = first;
        w->mask = w->v->mask >> loop->first;
        w->item += loop->item_size;
    }
}

static bool walk_on(walk *w)
{
    bool there;
    do {
        if (AT_WITH_LOOPS && w->loop) turn(w);
        if (w->mask == 0) return false;
        there = (w->mask & 1) != 0;
        w->mask >>= 1;
        w->next++;
    } while (!there);
    w->trait = trait_of(w->v, w->next - 1);
    w->type = at_type_of(at__tables(w->v->link), w->next - 1);
    if (AT_WITH_LOOPS) w->to = has_flag(w->trait, AT_S_LOOP) ? w->item : w->fields;
    return true;
}

/* The slot it is at. */
static unsigned slot_of(const walk *w)
{
    return (unsigned)(w->next - 1 - w->v->slots);
}

/* Of its field, or which word it is. */
static unsigned offset_at(const walk *w)
{
    return w->next[-1].offset;
}

/* How often the group repeats when it takes `extra` cells beyond its first round; -1: they do not
 * come out even, or there is no room for so many. */
static int repetitions(const at_view *v, unsigned extra)
{
    const at_loop *loop = loop_of(v);
    int n = 1;
    if (!loop || !is_there(v, loop->first)) return 0;
    if (loop->min == 0 && v->link->scan.n_cells + loop->n == slots_in(v->mask)) return 0;
    for (; extra >= loop->n; extra -= loop->n) n++;
    return extra == 0 && n >= loop->min && n <= loop->max ? n : -1;
}

static size_t items_of(const at_view *v)
{
    const at_loop *loop = loop_of(v);
    return loop ? *(const size_t *)(const void *)((const uint8_t *)v->fields + loop->n_item) : 0;
}

/* Does `has_…` say so, where there is one? */
static bool is_set(const void *fields, const at_trait *trait)
{
    return !AT_WITH_OPTIONAL || trait->has == AT_NONE8 || ((const uint8_t *)fields)[trait->has] != 0;
}

/* Does the struct have a value for this slot? */
static bool has_value(const at_view *v, const at_slot *s)
{
    const at_trait *trait = trait_of(v, s);
    if (has_flag(trait, AT_S_LOOP)) return items_of(v) > 0;
    return is_set(v->fields, trait);
}

/* ---- values that conditions ask for ---- */

typedef enum { VALUE_UNKNOWN, VALUE_NONE, VALUE_KNOWN } knowledge;

static knowledge field_value(const at_tables *t, const void *fields, const at_slot *where,
                             int32_t *out)
{
    if (!is_set(fields, at_trait_of(t, where))) return VALUE_NONE;
    *out = at__value_num(at_type_of(t, where), (const uint8_t *)fields + where->offset);
    return VALUE_KNOWN;
}

static knowledge slot_value(const at_view *v, unsigned slot, int32_t *out)
{
    const at_slot *s = &v->slots[slot];
    if (!is_there(v, slot)) return VALUE_NONE;
    return field_value(at__tables(v->link), v->fields, s, out);
}

/* What is kept for this key. */
static knowledge kept_value(const at_link *l, unsigned setting, int32_t key, int32_t *out)
{
    const at_setting *s = &at__tables(l)->settings[setting];
    if (AT_WITH_KEYS && (key < 0 || key >= s->keys)) return VALUE_UNKNOWN;
    *out = l->settings[s->base + key];
    return AT_WITH_UNKNOWN && *out == AT_UNKNOWN ? VALUE_UNKNOWN : VALUE_KNOWN;
}

static knowledge setting_value(const at_view *v, const at_cond *c, int32_t *out)
{
    int32_t key = 0;
    if (AT_WITH_KEYS && c->key != 0 && slot_value(v, c->key - 1u, &key) != VALUE_KNOWN)
        return VALUE_UNKNOWN;
    return kept_value(v->link, c->index, key, out);
}

static knowledge figure_value(const at_link *l, unsigned number, const void *request, int32_t *out)
{
    const at_figure *n = &at__tables(l)->figures[number];
    knowledge k = VALUE_KNOWN;
    *out = 0;
    if (n->tie != 0) {
        k = VALUE_UNKNOWN;
        if (request) k = field_value(at__tables(l), request, &at__tables(l)->ties[n->tie - 1], out);
    }
    if ((AT_WITH_REQUESTS || AT_WITH_TIMES) && k == VALUE_KNOWN && n->setting != AT_NONE8)
        k = kept_value(l, n->setting, *out, out);
    if (k == VALUE_KNOWN || n->otherwise == AT_UNKNOWN) return k;
    *out = n->otherwise;
    return VALUE_KNOWN;
}

bool at__figure(const at_link *l, unsigned number, const void *request, int32_t *out)
{
    int32_t value;
    if (!AT_WITH_FIGURES) return false;
    if (figure_value(l, number, request, &value) != VALUE_KNOWN) return false;
    *out = value;
    return true;
}

void at__phase_count(const at_link *l, const at_phase *p, const void *request, const void *answer,
                     int32_t *out)
{
    bool in_answer = AT_WITH_COUNT_IN_ANSWER && (p->flags & AT_P_COUNT_IN_RESULT);
    const uint8_t *fields = (const uint8_t *)(in_answer ? answer : request);
    if (!fields) return;
    if (AT_WITH_FIGURES && p->count_type == AT_NONE8) at__figure(l, p->count, fields, out);
    else *out = at__value_num(&at__tables(l)->types[p->count_type], fields + p->count);
}

uint32_t at__time(const at_link *l, unsigned time, const void *request)
{
    const at_tables *t = at__tables(l);
    const at_scale *scale;
    uint32_t ms;
    unsigned i;
    if (!AT_WITH_TIMES || !t->scales) return t->times[time];
    scale = &t->scales[time];
    ms = scale->ms;
    for (i = 0; i < 2 && scale->figure[i] != 0; i++) {
        int32_t value = 1;
        if (at__figure(l, scale->figure[i] - 1u, request, &value) && value != 0) ms *= (uint32_t)value;
    }
    return t->times[time] + ms;
}

/* Numbers of one side of zero, or of both: distances do not mind. */
static bool is_in(const at_tables *t, const at_cond *c, int32_t value)
{
    uint32_t v = (uint32_t)value, lo = (uint32_t)t->values[c->lo], hi = (uint32_t)t->values[c->hi];
    return AT_WITH_BITS && (c->on & AT_C_BITS) ? (v & lo) == hi : v - lo <= hi - lo;
}

/* Does it hold, or its opposite? */
static bool cond_holds(const at_view *v, unsigned cond, bool opposite)
{
    const at_tables *t = at__tables(v->link);
    const at_cond *c = &t->conds[cond];
    unsigned on = c->on & AT_C_ON;
    int32_t value = 0;
    knowledge k = VALUE_UNKNOWN;
    if (on == AT_C_SETTING) k = setting_value(v, c, &value);
    else if (!AT_WITH_REQUESTS || on == AT_C_SLOT) k = slot_value(v, c->index, &value);
    else if (v->request) k = figure_value(v->link, c->index, v->request, &value);
    if (AT_WITH_UNKNOWN && k == VALUE_UNKNOWN) return true;
    if (c->on & AT_C_NOT) opposite = !opposite;
    return (k == VALUE_KNOWN && is_in(t, c, value)) != opposite;
}

bool at__conds_hold(const at_view *v, unsigned first, unsigned n)
{
    for (; n > 0; n--, first++)
        if (!cond_holds(v, at__tables(v->link)->holds[first], false)) return false;
    return true;
}

#if AT_WITH_HOST
bool at__conds_known(const at_view *v, unsigned first, unsigned n)
{
    for (; n > 0; n--, first++)
        if (cond_holds(v, at__tables(v->link)->holds[first], true)) return false;
    return true;
}
#endif

static bool reading_holds(const at_view *v)
{
    return !AT_WITH_CONDITIONS || at__conds_hold(v, v->reading->cond, v->reading->n_conds);
}

/* ---- slots that the bits of a setting show ---- */

/* Those that the mask at `p` hides. Unknown: those that the struct does not have, or all of
 * them. */
static uint32_t hidden(const at_view *v, const uint8_t *p)
{
    const at_link *l = v->link;
    int32_t value = l->settings[at__tables(l)->settings[*p++].base];
    uint32_t slots = 0;
    unsigned n;
    for (n = *p++; n > 0; n--, p += 2) {
        bool shown = ((uint32_t)value >> p[1] & 1) != 0;
        if (AT_WITH_UNKNOWN && value == AT_UNKNOWN)
            shown = v->fields && has_value(v, &v->slots[*p]);
        if (!shown) slots |= (uint32_t)1 << *p;
    }
    if (!AT_WITH_UNKNOWN || value != AT_UNKNOWN || v->fields) return slots;
    return l->scan.n_cells < slots_in(v->mask) ? slots : 0;
}

void at__view_as(at_view *v, const at_reading *reading)
{
    unsigned mask = AT_WITH_MASKS ? v->rest->mask : 0;
    v->reading = reading;
    v->mask = reading->mask;
    if (mask) v->mask &= ~hidden(v, at__tables(v->link)->masks + mask - 1);
}

/* ---- cells to struct ---- */

/* Is a field that was read, but not finished, equal to the request's that its slot is tied to? */
static bool is_tied(const at_view *v, const at_slot *s, const void *field)
{
    const at_tables *t = at__tables(v->link);
    const at_tie *tie = &t->ties[trait_of(v, s)->tie - 1];
    const uint8_t *request = (const uint8_t *)v->request;
    if (!is_set(request, at_trait_of(t, tie))) return true;
    return at__value_is(t, at_type_of(t, s), field, request + tie->offset);
}

/* How cells are taken: for the first time, finally, or finally into the struct that has them already:
 * the host, which looks at more lines, does not read its numbers again. */
enum { FIRST, FINAL, AGAIN };

/* One cell: check it, and store it. Free text may be broken. */
static bool take_cell(const walk *w, at_text text, bool broken, unsigned how)
{
    const at_view *v = w->v;
    const at_tables *t = at__tables(v->link);
    void *field = w->to + offset_at(w);
    if (has_flag(w->trait, AT_S_LITERAL))
        return !broken && at__value_is_word(t, offset_at(w), text);
    if (broken && !(AT_WITH_TEXT && w->type->kind == AT_T_TEXT)) return false;
    if (text.n == 0 && has_flag(w->trait, AT_S_EMPTY_OK)) return true;
    if (AT_WITH_AFFIXES_IN && (w->trait->pre | w->trait->post) &&
        !strip_affixes(v, w->trait, &text))
        return false;
    if (has_flag(w->trait, AT_S_NEXT_LINE) && v->begun) return true;
    if (!at__value_read(t, w->type, text, how != FIRST, field)) return false;
    if (AT_WITH_TIES && w->trait->tie && v->request && how == FIRST && !is_tied(v, w->next - 1, field))
        return false;
    if (AT_WITH_OPTIONAL && w->trait->has != AT_NONE8) w->to[w->trait->has] = 1;
    return true;
}

/* Do the cells satisfy the reading, but for how often it says that items repeat, and conditions?
 * Apart: its stack is free again when they are looked at. */
static unsigned take_cells(const at_view *v, unsigned how)
{
    const at_scan *scan = &v->link->scan;
    unsigned extra = stretch(v), cell = 0, n;
    int again = repetitions(v, extra);
    walk w;
    if (again < 0) return scan->n_cells;        /* first: there is no room for more items */
    walk_start(&w, v, (size_t)again);
    for (; walk_on(&w); cell += n) {
        at_text text;
        n = has_flag(w.trait, AT_S_ELASTIC) ? 1 + extra : 1;
        if (AT_WITH_HOST && how == AGAIN && !at_points(w.type)) continue;
        text = cells_text(scan, cell, n);
        if (!take_cell(&w, text, scan->broken && cell + n == scan->n_cells, how)) return cell;
    }
    return cell < scan->n_cells ? scan->n_cells : (unsigned)AT_FITS;
}

/* Are there as many rounds as the line says there are? */
static bool counts_right(const at_view *v)
{
    const at_loop *loop = loop_of(v);
    int32_t count;
    return !loop || loop->count == AT_NONE8 || slot_value(v, loop->count, &count) != VALUE_KNOWN ||
           count == repetitions(v, stretch(v));
}

unsigned at__line_take(at_view *v, const at_reading *reading, void *fields)
{
    unsigned fault;
    if (AT_WITH_MASKS && AT_WITH_UNKNOWN) v->fields = NULL;     /* what is hidden is not in the cells */
    at__view_as(v, reading);
    v->fields = fields;
    fault = take_cells(v, FIRST);
    if (fault == AT_FITS && !(counts_right(v) && reading_holds(v))) return v->link->scan.n_cells;
    return fault;
}

static size_t data_count(const at_view *v)
{
    const at_rest *rest = v->rest;
    int32_t n = 0;
    if (rest->data_count != AT_NONE8) slot_value(v, rest->data_count, &n);
    else at__figure(v->link, rest->data_figure - 1u, v->request, &n);
    return (uint32_t)n;
}

/* Does the reading have the line's data? Not when it leaves their count out. */
static bool has_data(const at_view *v)
{
    const at_rest *rest = v->rest;
    return (AT_WITH_DATA_IN || AT_WITH_DATA_OUT) && rest->data_at != AT_DATA_NONE &&
           (rest->data_count == AT_NONE8 || is_there(v, rest->data_count));
}

bool at__line_data(const at_view *v, size_t *n)
{
    if (!has_data(v)) return false;
    *n = data_count(v);
    return true;
}

int32_t at__line_number(const at_view *v)
{
    int32_t n = 0;
    if (v->line->n_slots > 0) slot_value(v, 0, &n);
    return n;
}

void at__line_store(at_view *v, void *fields)
{
    const at_loop *loop = loop_of(v);
    uint8_t *to = (uint8_t *)fields;
    unsigned how = AT_WITH_HOST && v->fields == fields ? AGAIN : FINAL;
    v->fields = fields;
    take_cells(v, how);
    if (AT_WITH_DATA_IN && v->rest->data != AT_NONE)
        ((at_bytes *)(void *)(to + v->rest->data))->n = data_count(v);
    if (loop) *(size_t *)(void *)(to + loop->n_item) = (size_t)repetitions(v, stretch(v));
}

/* ---- struct to text ---- */

/* Is the field of a slot that the reading leaves out written by another one, a twin in another
 * branch? */
static bool has_twin(const at_view *v, unsigned slot)
{
    const at_slot *one = &v->slots[slot];
    unsigned s, in_loop = AT_WITH_LOOPS ? trait_of(v, one)->flags & AT_S_LOOP : 0;
    for (s = 0; s < v->line->n_slots; s++) {
        const at_slot *twin = &v->slots[s];
        if (is_there(v, s) && twin->offset == one->offset &&
            (trait_of(v, twin)->flags & (AT_S_LOOP | AT_S_LITERAL)) == in_loop)
            return true;
    }
    return false;
}

/* Can this reading say what the struct holds: nothing lost but what is hidden, nothing missing? */
static bool says_all(const at_view *v)
{
    unsigned slot;
    for (slot = 0; slot < v->line->n_slots; slot++) {
        const at_slot *s = &v->slots[slot];
        const at_trait *trait = trait_of(v, s);
        if (has_flag(trait, AT_S_LITERAL) || (has_flag(trait, AT_S_LOOP) && items_of(v) == 0))
            continue;
        if (!has_value(v, s)) {
            if (is_there(v, slot) && !has_flag(trait, AT_S_EMPTY_OK)) return false;
        } else if (!(v->reading->mask >> slot & 1) && !(AT_WITH_TWINS && has_twin(v, slot))) {
            return false;
        }
    }
    return reading_holds(v);
}

bool at__line_choose(at_view *v)
{
    const at_loop *loop = loop_of(v);
    const at_reading *r = at__tables(v->link)->readings + v->line->readings;
    const at_reading *end = r + v->line->n_readings;
    if (loop && (items_of(v) < loop->min || items_of(v) > loop->max)) return false;
    for (; r < end; r++) {
        at__view_as(v, r);
        if (!AT_WITH_CHOICES || says_all(v)) return true;       /* put_cells says what it lacks */
    }
    return false;
}

/* Is it the number of something that the struct holds? */
static bool counts(const walk *w, size_t *n)
{
    const at_view *v = w->v;
    if ((AT_WITH_HOST || AT_WITH_DATA_OUT) && slot_of(w) == v->counted) *n = v->count;
    else if (AT_WITH_LOOPS && w->loop && slot_of(w) == w->loop->count) *n = items_of(v);
    else return false;
    return true;
}

/* False: the value cannot be written. */
AT_APART static bool put_value(const walk *w)
{
    const void *field = w->to + offset_at(w);
    size_t n = 0;
    if (counts(w, &n)) field = NULL;
    return (uint32_t)n == n && at__value_put(w->v->link, w->type, field, (int32_t)n);
}

static bool put_cell(const walk *w)
{
    at_link *l = w->v->link;
    bool ok = true;
    if (has_flag(w->trait, AT_S_LITERAL)) {
        at__put_text(l, at__tables(l)->words[offset_at(w)]);
        return true;
    }
    if (AT_WITH_AFFIXES_OUT) at__put_text(l, w->trait->pre);
    ok = put_value(w);
    if (AT_WITH_AFFIXES_OUT) at__put_text(l, w->trait->post);
    return ok;
}

static bool is_empty(const walk *w)
{
    return !is_set(w->to, w->trait);
}

unsigned at__line_slots(const at_view *v)
{
    unsigned n = v->line->n_slots;
    for (; n > 0; n--) {
        const at_slot *s = &v->slots[n - 1];
        if (is_there(v, n - 1) && (has_flag(trait_of(v, s), AT_S_LITERAL) || has_value(v, s))) break;
    }
    return n;
}

bool at__line_put_cells(const at_view *v, unsigned *bad)
{
    at_link *l = v->link;
    uint16_t end = l->out_n;
    bool first = true;
    walk w;
    walk_start(&w, v, items_of(v));
    for (; walk_on(&w); first = false) {
        if (!first && !has_flag(w.trait, AT_S_NEXT_LINE)) at__put_char(l, ',');
        if (is_empty(&w) ? !has_flag(w.trait, AT_S_EMPTY_OK) : !put_cell(&w)) {
            if (AT_WITH_HOST && bad) *bad = slot_of(&w);
            return false;
        }
        if (!AT_WITH_EMPTY || !is_empty(&w)) end = l->out_n;
    }
    l->out_n = end;                     /* empty ones at the end are cut */
    return true;
}

void at__put_head(at_link *l, unsigned head)
{
    const char *p = at__tables(l)->text + head, *end;
    for (; AT_WITH_NAMES; p = end + 1) {
        for (end = p; (uint8_t)*end > AT_ENDING; end++) continue;
        at__put(l, p, (size_t)(end - p));
        if (*end == '\0') return;
        if (*end == AT_NAME) at__put_text(l, l->name);
        at__put_text(l, l->ending);
    }
    at__put_text(l, head);
}

void at__line_put_data(at_link *l, const at_rest *rest, at_bytes data)
{
    if (rest->data_lead) at__put_char(l, (char)rest->data_lead);
    if (AT_WITH_DATA_TAILS && rest->data_at == AT_DATA_EITHER) at__put_char(l, '"');
    at__put_data(l, data);
    if (AT_WITH_DATA_TAILS) at__put_text(l, rest->data_tail);
}

static void put_end(const at_view *v, at_bytes data, unsigned after)
{
    at_link *l = v->link;
    const at_rest *rest = v->rest;
    bool has = has_data(v);
    at__put_text(l, rest->tail);
    if (!has || rest->data_at < AT_DATA_INLINE) at__put_text(l, after);
    if (has) at__line_put_data(l, rest, data);
}

bool at__line_put(at_link *l, unsigned line, const void *fields, const void *request)
{
    at_view v;
    at_bytes data = { NULL, 0 };
    const uint8_t *frame;
    v.link = l;
    v.fields = fields;
    v.request = request;
    v.counted = AT_NONE8;
    v.mask = 0;
    at__view_line(&v, &at__tables(l)->lines[line]);
    if (AT_WITH_DATA_OUT && v.rest->data != AT_NONE) {
        data = *(const at_bytes *)(const void *)((const uint8_t *)fields + v.rest->data);
        v.counted = v.rest->data_count;
        v.count = data.n;
    }
    frame = at__tables(l)->frames[v.rest->frame];
    at__put_text(l, frame[0]);
    at__put_head(l, at_head_of(at__tables(l), line));
    at__put_text(l, v.rest->lead);
    if (v.line->n_slots > 0 && !(at__line_choose(&v) && at__line_put_cells(&v, NULL))) return false;
    put_end(&v, data, frame[1]);
    return true;
}
