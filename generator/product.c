/* The search is one of layers: all pairs of states that words of length n reach, then those of
 * length n + 1. Pairs stand in one array in the order in which they were found, each with the pair
 * it came from; a hash table of their indices says which are known.
 * SPDX-License-Identifier: MIT */
#include "product.h"

#include <string.h>

#include "mem.h"

#include <uthash.h> /* after mem.h, which says what happens without memory */

enum { TRIES = 64, COVER_LIMIT = 2000 };

typedef struct pair {
    unsigned a, b;
    size_t from;  /* index of the pair before */
    nfa_set on;   /* bytes that lead here */
    bool is_free; /* came here without a byte */
} pair;

typedef struct search {
    const nfa *a, *b;
    pair *pairs;
    size_t n_pairs, room;
    unsigned *table;
    size_t mask; /* 1 + index of a pair, 0 free */
    product_test *test;
    void *arg;
    char *word;
    size_t n_word; /* the first that was found */
    unsigned tries;
    size_t limit; /* of n_pairs */
} search;

/* ---- pairs that are known ---- */
static size_t search_hash(const search *s, unsigned a, unsigned b)
{
    uint64_t h = ((uint64_t)a << 32 | b) * UINT64_C(0x9e3779b97f4a7c15);
    return (size_t)(h >> 24) & s->mask;
}

static size_t search_place(const search *s, unsigned a, unsigned b)
{
    size_t h = search_hash(s, a, b);
    while (s->table[h] && (s->pairs[s->table[h] - 1].a != a || s->pairs[s->table[h] - 1].b != b))
        h = (h + 1) & s->mask;
    return h;
}

static void search_widen(search *s)
{
    s->room *= 4;
    s->pairs = mem_grow(s, s->pairs, pair, s->room);
    s->mask = s->room * 2 - 1;
    talloc_free(s->table);
    s->table = mem_array(s, unsigned, s->mask + 1);
    for (size_t i = 0; i < s->n_pairs; i++)
        s->table[search_place(s, s->pairs[i].a, s->pairs[i].b)] = (unsigned)i + 1;
}

static void search_add(search *s, pair p)
{
    if (s->n_pairs == s->room) search_widen(s);
    if (s->n_pairs >= s->limit) return;
    size_t h = search_place(s, p.a, p.b);
    if (s->table[h]) return;
    s->pairs[s->n_pairs++] = p;
    s->table[h] = (unsigned)s->n_pairs;
}

static search *search_new(void *ctx, const nfa *a, const nfa *b, size_t limit)
{
    search *s = mem_new(ctx, search);
    s->a = a;
    s->b = b;
    s->limit = limit;
    s->room = 64;
    s->mask = s->room * 2 - 1;
    s->pairs = mem_array(s, pair, s->room);
    s->table = mem_array(s, unsigned, s->mask + 1);
    search_add(s, (pair){.a = NFA_START, .b = NFA_START, .from = 0, .is_free = true});
    return s;
}

/* ---- words ---- */
/* The byte of a set that reads best in a message; `nth` of them, the set's own order after those.
 */
static unsigned char search_byte(const nfa_set *set, unsigned nth)
{
    static const char nice[] = "0123456789abcxyzABC:,\". ";
    for (const char *c = nice; *c; c++)
        if (nfa_has(set, (unsigned char)*c) && nth-- == 0) return (unsigned char)*c;
    for (unsigned c = 0x21; c < 0x121; c++)
        if (nfa_has(set, (unsigned char)c) && !(c < 0x7f && strchr(nice, (int)c)))
            return (unsigned char)c;
    return (unsigned char)*nice;
}

/* The classes of bytes on the way to pair `i` in their order; returns how many. */
static size_t search_way(search *s, size_t i, nfa_set **way)
{
    size_t n = 0, at;
    for (at = i; at; at = s->pairs[at].from)
        n += !s->pairs[at].is_free;
    *way = mem_array(s, nfa_set, n + 1);
    size_t k = n;
    for (at = i; at; at = s->pairs[at].from)
        if (!s->pairs[at].is_free) (*way)[--k] = s->pairs[at].on;
    return n;
}

static bool search_try(search *s, const char *word, size_t n)
{
    s->tries++;
    return !s->test || s->test(s->arg, word, n);
}

/* Put the word that leads to pair `i`, and words of the same length that differ from it in one
 * byte, to the test. */
static bool search_found(search *s, size_t i)
{
    nfa_set *way;
    size_t n = search_way(s, i, &way);
    char *word = mem_array(s, char, n + 1);
    for (size_t k = 0; k < n; k++)
        word[k] = (char)search_byte(&way[k], 0);
    bool passed = search_try(s, word, n);
    if (!s->word || passed) {
        s->word = mem_bytes(s, word, n);
        s->n_word = n;
    }
    for (size_t k = 0; k < n && !passed; k++)
        for (unsigned nth = 1; nth < 4 && !passed && s->tries < TRIES; nth++) {
            word[k] = (char)search_byte(&way[k], nth);
            passed = nfa_has(&way[k], (unsigned char)word[k]) && search_try(s, word, n);
            if (passed)
                s->word = word;
            else
                word[k] = (char)search_byte(&way[k], 0);
        }
    return passed;
}

/* ---- steps ---- */
static void search_free_steps(search *s, size_t i)
{
    pair p = s->pairs[i];
    for (size_t e = s->a->first[p.a]; e < s->a->first[p.a + 1]; e++)
        if (s->a->edges[e].is_free)
            search_add(s, (pair){.a = s->a->edges[e].to, .b = p.b, .from = i, .is_free = true});
    for (size_t e = s->b->first[p.b]; e < s->b->first[p.b + 1]; e++)
        if (s->b->edges[e].is_free)
            search_add(s, (pair){.a = p.a, .b = s->b->edges[e].to, .from = i, .is_free = true});
}

static void search_byte_steps(search *s, size_t i)
{
    pair p = s->pairs[i];
    for (size_t e = s->a->first[p.a]; e < s->a->first[p.a + 1]; e++) {
        const nfa_edge *x = &s->a->edges[e];
        for (size_t f = s->b->first[p.b]; !x->is_free && f < s->b->first[p.b + 1]; f++) {
            const nfa_edge *y = &s->b->edges[f];
            nfa_set on = nfa_meet(x->on, y->on);
            if (!y->is_free && !nfa_is_empty(&on))
                search_add(s, (pair){.a = x->to, .b = y->to, .from = i, .on = on});
        }
    }
}

/* The pair is one where both accept, and the word that leads there passes the test. */
static bool search_ends(search *s, size_t i)
{
    return s->pairs[i].a == NFA_ACCEPT && s->pairs[i].b == NFA_ACCEPT && s->tries < TRIES &&
           search_found(s, i);
}

static product_result search_run(search *s)
{
    size_t i, begin = 0;
    while (begin < s->n_pairs) {
        for (i = begin; i < s->n_pairs; i++) {
            if (search_ends(s, i)) return PRODUCT_FOUND;
            search_free_steps(s, i);
        }
        size_t end = s->n_pairs;
        for (i = begin; i < end; i++)
            search_byte_steps(s, i);
        begin = end;
    }
    if (s->n_pairs >= s->limit) return PRODUCT_TOO_LARGE;
    return s->word ? PRODUCT_UNDECIDED : PRODUCT_APART;
}

product_result product_common(void *ctx, const nfa *a, const nfa *b, product_test *test, void *arg,
                              size_t *left, char **word, size_t *n)
{
    search *s = search_new(ctx, a, b, left && *left < PRODUCT_LIMIT ? *left : PRODUCT_LIMIT);
    s->test = test;
    s->arg = arg;
    product_result result = search_run(s);
    *word = s->word ? mem_bytes(ctx, s->word, s->n_word) : NULL;
    *n = s->n_word;
    if (left) *left -= s->n_pairs < *left ? s->n_pairs : *left;
    talloc_free(s);
    return result;
}

/* ---- covering: a state of `inner` with the set of `outer`'s states that the same words reach ----
 */
typedef struct node {
    UT_hash_handle hh;
    struct node *next; /* still to be looked at */
    unsigned inner;
    unsigned char *key; /* inner, then a byte for each state of outer: in the set or not */
} node;

typedef struct cover {
    const nfa *outer;
    node *known, *todo;
    unsigned *stack;    /* room for all states of outer */
    unsigned char *set; /* the set being made */
} cover;

/* Put state `s`, and all that is reached from it without a byte, into the set being made. */
static void cover_enter(cover *c, unsigned s)
{
    size_t depth = 0;
    c->set[s] = 1;
    c->stack[depth++] = s;
    while (depth) {
        s = c->stack[--depth];
        for (size_t e = c->outer->first[s]; e < c->outer->first[s + 1]; e++)
            if (c->outer->edges[e].is_free && !c->set[c->outer->edges[e].to]) {
                c->set[c->outer->edges[e].to] = 1;
                c->stack[depth++] = c->outer->edges[e].to;
            }
    }
}

static void cover_step(cover *c, const unsigned char *from, unsigned char byte)
{
    memset(c->set, 0, c->outer->n_states);
    for (unsigned s = 0; s < c->outer->n_states; s++)
        for (size_t e = c->outer->first[s]; from[s] && e < c->outer->first[s + 1]; e++)
            if (!c->outer->edges[e].is_free && nfa_has(&c->outer->edges[e].on, byte) &&
                !c->set[c->outer->edges[e].to])
                cover_enter(c, c->outer->edges[e].to);
}

/* Remember state `inner` with the set of `set`, unless it is known. */
static void cover_add(cover *c, unsigned inner, const unsigned char *set)
{
    node *x = mem_new(c, node), *known;
    unsigned size = (unsigned)sizeof inner + c->outer->n_states;
    x->inner = inner;
    x->key = mem_array(x, unsigned char, size);
    memcpy(x->key, &inner, sizeof inner);
    memcpy(x->key + sizeof inner, set, c->outer->n_states);
    HASH_FIND(hh, c->known, x->key, size, known);
    if (known) {
        talloc_free(x);
        return;
    }
    HASH_ADD_KEYPTR(hh, c->known, x->key, size, x);
    x->next = c->todo;
    c->todo = x;
}

static void cover_edge(cover *c, const nfa_edge *edge, const unsigned char *set)
{
    unsigned char *last = mem_array(c, unsigned char, c->outer->n_states);
    bool has_last = false;
    for (unsigned byte = 0; byte < 256; byte++) {
        if (!nfa_has(&edge->on, (unsigned char)byte)) continue;
        cover_step(c, set, (unsigned char)byte);
        if (has_last && memcmp(last, c->set, c->outer->n_states) == 0) continue;
        memcpy(last, c->set, c->outer->n_states);
        has_last = true;
        cover_add(c, edge->to, last);
    }
    talloc_free(last);
}

static bool cover_run(cover *c, const nfa *inner)
{
    while (c->todo) {
        node *x = c->todo;
        const unsigned char *set = x->key + sizeof x->inner;
        c->todo = x->next;
        if (x->inner == NFA_ACCEPT && !set[NFA_ACCEPT]) return false;
        if (HASH_COUNT(c->known) > COVER_LIMIT) return false;
        for (size_t e = inner->first[x->inner]; e < inner->first[x->inner + 1]; e++) {
            if (inner->edges[e].is_free)
                cover_add(c, inner->edges[e].to, set);
            else
                cover_edge(c, &inner->edges[e], set);
        }
    }
    return true;
}

bool product_covers(const nfa *outer, const nfa *inner)
{
    cover *c = mem_new(NULL, cover);
    c->outer = outer;
    c->stack = mem_array(c, unsigned, outer->n_states);
    c->set = mem_array(c, unsigned char, outer->n_states);
    cover_enter(c, NFA_START);
    unsigned char *start = mem_array(c, unsigned char, outer->n_states);
    memcpy(start, c->set, outer->n_states);
    cover_add(c, NFA_START, start);
    bool covers = cover_run(c, inner);
    HASH_CLEAR(hh, c->known);
    talloc_free(c);
    return covers;
}
