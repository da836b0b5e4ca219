/* Shapes: see shape.h. A reading is a chain of positions; a set of positions of all readings of
 * a shape is a state of its deterministic automaton; states that nothing tells apart are then
 * merged, over all shapes.
 * SPDX-License-Identifier: MIT */
#include "shape.h"

#include <stdio.h>
#include <string.h>

#include "mem.h"
#include "text.h"

#include <uthash.h>

enum { MOST_READINGS = 255 };   /* what a byte of `accepts` can name */

/* ---- the private part: bookkeeping that is not needed once the shapes are there ---- */
typedef struct known_key {      /* a text that has been seen, and what it stands for */
    const char *key;
    int value;
    UT_hash_handle hh;
} known_key;

typedef struct shapes_private {
    known_key *groups;          /* readings as text -> first state */
    known_key *labels;          /* set of readings as text -> offset in accepts */
    /* first state of each handle, later its shape */
    int *handles; size_t n_handles, room_handles;
    size_t room_states, room_accepts;
    bool too_large;
} shapes_private;

static known_key *key_find(known_key *table, const char *key)
{
    known_key *found;

    HASH_FIND_STR(table, key, found);
    return found;
}

static void key_add(const void *ctx, known_key **table, const char *key, int value)
{
    known_key *k = mem_new(ctx, known_key);

    k->key = mem_string(k, key);
    k->value = value;
    HASH_ADD_KEYPTR(hh, *table, k->key, strlen(k->key), k);
}

shapes *shapes_new(const void *ctx)
{
    shapes *s = mem_new(ctx, shapes);

    s->own = mem_new(s, shapes_private);
    return s;
}

/* ---- a reading as a chain of positions: position p is "p cells have been read" ---- */
typedef struct chain {
    shape_cell *cells; size_t n;
    size_t loop_first, loop_n;  /* the last written-out repetition */
    bool may_skip_loop;         /* no repetition at all is enough */
    size_t base;                /* number of position 0 among all positions of the shape */
    size_t number;              /* of the reading */
} chain;

static void cells_copy(shape_cell *to, const shape_cell *from, size_t n)
{
    for (size_t i = 0; i < n; i++)
        to[i] = from[i];
}

/* Repetitions that must be there are written out; the last of them is the one that repeats. */
static chain chain_make(const void *ctx, const shape_reading *r, size_t base)
{
    size_t copies = r->loop_n && r->loop_min > 1 ? r->loop_min - 1 : 0;
    size_t extra = copies * r->loop_n;
    chain c = { .n = r->n + extra, .loop_n = r->loop_n, .base = base, .number = r->number };

    c.cells = mem_array(ctx, shape_cell, c.n + 1);
    cells_copy(c.cells, r->cells, r->loop_first);
    for (size_t i = 0; i <= copies && r->loop_n; i++)
        cells_copy(c.cells + r->loop_first + i * r->loop_n, r->cells + r->loop_first, r->loop_n);
    size_t behind = r->loop_first + r->loop_n;
    if (r->n > behind)
        cells_copy(c.cells + behind + extra, r->cells + behind, r->n - behind);
    c.loop_first = r->loop_first + extra;
    c.may_skip_loop = r->loop_n && r->loop_min == 0;
    return c;
}

static bool chain_may_end(const chain *c, size_t position)
{
    for (size_t i = position; i < c->n; i++) {
        bool skipped = c->may_skip_loop && i >= c->loop_first && i < c->loop_first + c->loop_n
                       && position <= c->loop_first;
        if (!c->cells[i].may_be_cut && !c->cells[i].may_be_hidden && !skipped)
            return false;
    }
    return true;
}

/* ---- sets of positions, one byte each ---- */
typedef struct group {
    chain *chains; size_t n;
    size_t positions;
} group;

/* Enter a position, and those that can be reached from it without reading a cell. */
static void set_enter(char *set, const chain *c, size_t position)
{
    bool goes_on = true;

    for (; goes_on; position++) {
        set[c->base + position] = '1';
        if (c->loop_n && position == c->loop_first + c->loop_n)
            set[c->base + c->loop_first] = '1';
        if (c->may_skip_loop && position == c->loop_first)
            set[c->base + c->loop_first + c->loop_n] = '1';
        goes_on = position < c->n && c->cells[position].may_be_hidden;
    }
}

static char *set_new(const void *ctx, const group *g)
{
    char *set = mem_array(ctx, char, g->positions + 1);

    memset(set, '0', g->positions);
    return set;
}

/* What is reached from `from` by a cell of kind `bit`; false: nothing. */
static bool set_step(const group *g, const char *from, unsigned bit, char *to)
{
    bool any = false;

    for (size_t i = 0; i < g->n; i++) {
        const chain *c = &g->chains[i];
        for (size_t p = 0; p <= c->n; p++) {
            if (from[c->base + p] != '1')
                continue;
            if (p < c->n && c->cells[p].kinds & 1u << bit) {
                set_enter(to, c, p + 1);
                any = true;
            }
            if (p > 0 && c->cells[p - 1].many && c->cells[p - 1].kinds & 1u << bit) {
                set_enter(to, c, p);
                any = true;
            }
        }
    }
    return any;
}

/* ---- labels ---- */
static void accepts_add(shapes *s, size_t byte)
{
    shapes_private *own = s->own;

    if (s->n_accepts == own->room_accepts) {
        own->room_accepts = own->room_accepts ? own->room_accepts * 2 : 64;
        s->accepts = mem_grow(s, s->accepts, uint8_t, own->room_accepts);
    }
    if (byte > MOST_READINGS)
        own->too_large = true;
    s->accepts[s->n_accepts++] = (uint8_t)byte;
}

/* The label of the readings that may end in `set`: an offset in `accepts`, -1: none may. */
static int set_label(shapes *s, const group *g, const char *set)
{
    text *key = text_new(s);
    size_t *readings = mem_array(key, size_t, g->n + 1), n = 0;

    for (size_t i = 0; i < g->n; i++) {
        const chain *c = &g->chains[i];
        bool ends = false;
        for (size_t p = 0; p <= c->n && !ends; p++)
            ends = set[c->base + p] == '1' && chain_may_end(c, p);
        if (ends) {
            readings[n++] = c->number;
            text_printf(key, "%zu ", c->number);
        }
    }
    const known_key *known = key_find(s->own->labels, key->p);
    int label = n == 0 ? -1 : known ? known->value : (int)s->n_accepts;
    if (n && !known) {
        key_add(s, &s->own->labels, key->p, label);
        accepts_add(s, n);
        for (size_t i = 0; i < n; i++)
            accepts_add(s, readings[i]);
    }
    talloc_free(key);
    return label;
}

/* ---- subset construction ---- */
static int state_add(shapes *s, int label)
{
    if (s->n_states == s->own->room_states) {
        s->own->room_states = s->own->room_states ? s->own->room_states * 2 : 64;
        s->states = mem_grow(s, s->states, shape_state, s->own->room_states);
    }
    shape_state *state = &s->states[s->n_states];
    for (unsigned bit = 0; bit < SHAPE_KINDS; bit++)
        state->next[bit] = -1;
    state->label = label;
    return (int)s->n_states++;
}

typedef struct subsets {
    void *ctx;
    known_key *known;           /* set -> state */
    const char **sets; size_t n, room;          /* by state, from `first` on */
    int first;
} subsets;

static int subset_state(shapes *s, subsets *all, const group *g, const char *set)
{
    const known_key *known = key_find(all->known, set);
    if (known)
        return known->value;
    int state = state_add(s, set_label(s, g, set));
    key_add(all->ctx, &all->known, set, state);
    if (all->n == all->room) {
        all->room = all->room ? all->room * 2 : 16;
        all->sets = mem_grow(all->ctx, all->sets, const char *, all->room);
    }
    all->sets[all->n++] = mem_string(all->ctx, set);
    return state;
}

static int group_determinise(shapes *s, const group *g)
{
    subsets all = { .ctx = talloc_new(s), .first = (int)s->n_states };
    char *set = set_new(all.ctx, g);

    for (size_t i = 0; i < g->n; i++)
        set_enter(set, &g->chains[i], 0);
    int start = subset_state(s, &all, g, set);
    for (size_t i = 0; i < all.n; i++) {
        for (unsigned bit = 0; bit < SHAPE_KINDS; bit++) {
            memset(set, '0', g->positions);
            if (!set_step(g, all.sets[i], bit, set))
                continue;
            int next = subset_state(s, &all, g, set);
            s->states[all.first + (int)i].next[bit] = next;
        }
    }
    HASH_CLEAR(hh, all.known);
    talloc_free(all.ctx);
    return start;
}

/* ---- adding ---- */
static char *readings_key(const void *ctx, const shape_reading *r, size_t n)
{
    text *key = text_new(ctx);

    for (size_t i = 0; i < n; i++) {
        for (size_t c = 0; c < r[i].n; c++) {
            const shape_cell *cell = &r[i].cells[c];
            text_printf(key, "%u%s%s%s ", (unsigned)cell->kinds, cell->many ? "+" : "",
                        cell->may_be_cut ? "?" : "", cell->may_be_hidden ? "-" : "");
        }
        if (r[i].loop_n)
            text_printf(key, "loop %zu %zu %u", r[i].loop_first, r[i].loop_n, r[i].loop_min);
        text_printf(key, "%zu|", r[i].number);
    }
    return key->p;
}

static int readings_determinise(shapes *s, const shape_reading *r, size_t n)
{
    void *ctx = talloc_new(s);
    group g = { .chains = mem_array(ctx, chain, n + 1), .n = n };

    for (size_t i = 0; i < n; i++) {
        g.chains[i] = chain_make(ctx, &r[i], g.positions);
        g.positions += g.chains[i].n + 1;
    }
    int start = group_determinise(s, &g);
    talloc_free(ctx);
    return start;
}

size_t shapes_add(shapes *s, const shape_reading *r, size_t n)
{
    shapes_private *own = s->own;
    char *key = readings_key(own, r, n);
    const known_key *known = key_find(own->groups, key);
    int start = known ? known->value : readings_determinise(s, r, n);

    if (!known)
        key_add(own, &own->groups, key, start);
    talloc_free(talloc_parent(key));
    if (own->n_handles == own->room_handles) {
        own->room_handles = own->room_handles ? own->room_handles * 2 : 64;
        own->handles = mem_grow(own, own->handles, int, own->room_handles);
    }
    own->handles[own->n_handles] = start;
    return own->n_handles++;
}

/* ---- minimising: split classes of states until nothing tells two of one class apart ---- */
static int class_of(const int *class, int state)
{
    return state < 0 ? -1 : class[state];
}

/* One round: new classes from the old ones of a state and its successors; how many there are. */
static size_t classes_split(const shapes *s, const int *old, int *new)
{
    void *ctx = talloc_new(NULL);
    known_key *seen = NULL;
    int n = 0;

    for (size_t i = 0; i < s->n_states; i++) {
        const int *next = s->states[i].next;
        char key[100];
        snprintf(key, sizeof key, "%d %d %d %d %d %d", old[i], class_of(old, next[0]),
                 class_of(old, next[1]), class_of(old, next[2]), class_of(old, next[3]),
                 class_of(old, next[4]));
        const known_key *known = key_find(seen, key);
        new[i] = known ? known->value : n;
        if (!known)
            key_add(ctx, &seen, key, n++);
    }
    HASH_CLEAR(hh, seen);
    talloc_free(ctx);
    return (size_t)n;
}

/* The class of every state, a child of `s`. */
static int *classes_make(shapes *s)
{
    int *class = mem_array(s, int, s->n_states + 1), *next = mem_array(s, int, s->n_states + 1);
    size_t n = 0, before;

    for (size_t i = 0; i < s->n_states; i++)
        class[i] = s->states[i].label;
    do {
        before = n;
        n = classes_split(s, class, next);
        memcpy(class, next, s->n_states * sizeof *class);
    } while (n != before);
    talloc_free(next);
    return class;
}

typedef struct merging {
    const int *class;
    int *number;                /* class -> new state, -1 not yet */
    shape_state *states; size_t n;
} merging;

static int merge_state(merging *m, const shapes *s, int old)
{
    if (old < 0)
        return -1;
    int c = m->class[old];
    if (m->number[c] < 0) {
        m->number[c] = (int)m->n;
        m->states[m->n++] = s->states[old];     /* `next` still names old states */
    }
    return m->number[c];
}

/* The shape that begins in new state `start`: an equal one that is there, or one more. */
static int shape_of(shapes *s, int start)
{
    for (size_t i = s->n_shapes; i > 0; i--)
        if (s->starts[i - 1] == start)
            return (int)(i - 1);
    s->starts[s->n_shapes] = start;
    return (int)s->n_shapes++;
}

bool shapes_finish(shapes *s)
{
    shapes_private *own = s->own;
    merging m = { .class = classes_make(s) };

    m.number = mem_array(own, int, s->n_states + 1);
    m.states = mem_array(s, shape_state, s->n_states + 1);
    memset(m.number, -1, (s->n_states + 1) * sizeof *m.number);
    s->starts = mem_array(s, int, s->n_states + 1);
    for (size_t i = 0; i < own->n_handles; i++)
        own->handles[i] = shape_of(s, merge_state(&m, s, own->handles[i]));
    for (size_t i = 0; i < m.n; i++)
        for (unsigned bit = 0; bit < SHAPE_KINDS; bit++)
            m.states[i].next[bit] = merge_state(&m, s, m.states[i].next[bit]);
    s->states = m.states;
    s->n_states = m.n;
    return !own->too_large;
}

size_t shapes_number(const shapes *s, size_t handle)
{
    return (size_t)s->own->handles[handle];
}
