/* Building automata over bytes; nothing here knows what they describe.
 * SPDX-License-Identifier: MIT */
#include "nfa.h"

#include <string.h>

#include "mem.h"

/* ---- sets of bytes ---- */
nfa_set nfa_range(unsigned char lo, unsigned char hi)
{
    nfa_set s = {{0, 0, 0, 0}};
    for (unsigned i = lo / 64u; i <= hi / 64u; i++) {
        uint64_t from = i == lo / 64u ? UINT64_MAX << (lo % 64u) : UINT64_MAX;
        uint64_t to = i == hi / 64u ? UINT64_MAX >> (63 - hi % 64u) : UINT64_MAX;
        s.word[i] = from & to;
    }
    return s;
}

nfa_set nfa_byte(unsigned char c)
{
    return nfa_range(c, c);
}

nfa_set nfa_join(nfa_set a, nfa_set b)
{
    for (int i = 0; i < 4; i++)
        a.word[i] |= b.word[i];
    return a;
}

nfa_set nfa_meet(nfa_set a, nfa_set b)
{
    for (int i = 0; i < 4; i++)
        a.word[i] &= b.word[i];
    return a;
}

nfa_set nfa_without(nfa_set a, unsigned char c)
{
    a.word[c / 64] &= ~(UINT64_C(1) << (c % 64));
    return a;
}

bool nfa_has(const nfa_set *s, unsigned char c)
{
    return s->word[c / 64] >> (c % 64) & 1;
}

bool nfa_is_empty(const nfa_set *s)
{
    return !(s->word[0] | s->word[1] | s->word[2] | s->word[3]);
}

/* ---- states and edges ---- */
nfa *nfa_new(void *talloc_ctx)
{
    nfa *n = mem_new(talloc_ctx, nfa);
    n->n_states = 2;
    return n;
}

unsigned nfa_state(nfa *n)
{
    return n->n_states++;
}

static void nfa_add(nfa *n, nfa_edge edge)
{
    if (n->n_edges == n->room) {
        n->room = n->room ? n->room * 2 : 32;
        n->edges = mem_grow(n, n->edges, nfa_edge, n->room);
    }
    n->edges[n->n_edges++] = edge;
}

void nfa_link(nfa *n, unsigned from, unsigned to, nfa_set on)
{
    nfa_add(n, (nfa_edge){.from = from, .to = to, .on = on});
}

void nfa_free_link(nfa *n, unsigned from, unsigned to)
{
    nfa_add(n, (nfa_edge){.from = from, .to = to, .is_free = true});
}

unsigned nfa_then(nfa *n, unsigned from, nfa_set on)
{
    unsigned to = nfa_state(n);
    nfa_link(n, from, to, on);
    return to;
}

unsigned nfa_text(nfa *n, unsigned from, const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++)
        from = nfa_then(n, from, nfa_byte((unsigned char)text[i]));
    return from;
}

/* ---- numbers ---- */
static nfa_set nfa_digits(uint64_t lo, uint64_t hi)
{
    nfa_set s = {{0, 0, 0, 0}};
    for (uint64_t d = lo; d <= hi; d++) {
        if (d < 10)
            s = nfa_join(s, nfa_byte((unsigned char)('0' + d)));
        else
            s = nfa_join(s, nfa_join(nfa_byte((unsigned char)('A' + d - 10)),
                                     nfa_byte((unsigned char)('a' + d - 10))));
    }
    return s;
}

static uint64_t nfa_power(unsigned radix, unsigned exponent)
{
    uint64_t p = 1;
    while (exponent--)
        p *= radix;
    return p;
}

/* All numbers lo..hi written with exactly `len` digits: the first digit splits them into those
 * below, those that are free in the rest, and those above. Depth is the number of digits. */
static void nfa_span(nfa *n, unsigned from, unsigned to, uint64_t lo, uint64_t hi, unsigned len,
                     unsigned radix)
{
    uint64_t unit = nfa_power(radix, len - 1), a = lo / unit, z = hi / unit;
    if (len == 1) {
        nfa_link(n, from, to, nfa_digits(lo, hi));
        return;
    }
    if (a == z && (lo % unit != 0 || hi % unit != unit - 1)) {
        nfa_span(n, nfa_then(n, from, nfa_digits(a, a)), to, lo % unit, hi % unit, len - 1, radix);
        return;
    }
    if (lo % unit != 0) {
        nfa_span(n, nfa_then(n, from, nfa_digits(a, a)), to, lo % unit, unit - 1, len - 1, radix);
        a++;
    }
    if (hi % unit != unit - 1) {
        nfa_span(n, nfa_then(n, from, nfa_digits(z, z)), to, 0, hi % unit, len - 1, radix);
        z--;
    }
    if (a <= z && z <= radix)
        nfa_span(n, nfa_then(n, from, nfa_digits(a, z)), to, 0, unit - 1, len - 1, radix);
}

void nfa_number(nfa *n, unsigned from, unsigned to, uint64_t lo, uint64_t hi, unsigned radix,
                bool zeros)
{
    unsigned begin = nfa_state(n);
    nfa_free_link(n, from, begin);
    if (zeros) nfa_link(n, begin, begin, nfa_byte('0'));
    unsigned most = radix == 16 ? 16 : 19;
    for (unsigned len = 1; len <= most; len++) {
        uint64_t least = len == 1 ? 0 : nfa_power(radix, len - 1);
        uint64_t limit = len == 16 && radix == 16 ? UINT64_MAX : nfa_power(radix, len) - 1;
        uint64_t a = lo > least ? lo : least, z = hi < limit ? hi : limit;
        if (a <= z) nfa_span(n, begin, to, a, z, len, radix);
    }
}

/* ---- when it is built ---- */
void nfa_freeze(nfa *n)
{
    nfa_edge *sorted = mem_array(n, nfa_edge, n->n_edges + 1);
    n->first = mem_array(n, size_t, n->n_states + 2);
    for (size_t i = 0; i < n->n_edges; i++)
        n->first[n->edges[i].from + 2]++;
    for (unsigned s = 2; s < n->n_states + 2; s++)
        n->first[s] += n->first[s - 1];
    for (size_t i = 0; i < n->n_edges; i++)
        sorted[n->first[n->edges[i].from + 1]++] = n->edges[i];
    talloc_free(n->edges);
    n->edges = sorted;
    n->room = n->n_edges;
}

/* Put `s` and what is reached from it without a byte into the set `on`, listed in `list`. */
static size_t nfa_enter(const nfa *n, unsigned s, bool *on, unsigned *list, size_t k)
{
    if (on[s]) return k;
    size_t done = k;
    on[s] = true;
    list[k++] = s;
    for (; done < k; done++)
        for (size_t i = n->first[list[done]]; i < n->first[list[done] + 1]; i++)
            if (n->edges[i].is_free && !on[n->edges[i].to]) {
                on[n->edges[i].to] = true;
                list[k++] = n->edges[i].to;
            }
    return k;
}

bool nfa_accepts(const nfa *n, const char *bytes, size_t len)
{
    void *ctx = talloc_new(NULL);
    bool *on = mem_array(ctx, bool, n->n_states), *next = mem_array(ctx, bool, n->n_states);
    unsigned *list = mem_array(ctx, unsigned, n->n_states),
             *then = mem_array(ctx, unsigned, n->n_states);
    size_t k = nfa_enter(n, NFA_START, on, list, 0);
    for (size_t p = 0; p < len; p++) {
        size_t j = 0;
        memset(next, 0, n->n_states * sizeof *next);
        for (size_t i = 0; i < k; i++)
            for (size_t e = n->first[list[i]]; e < n->first[list[i] + 1]; e++)
                if (!n->edges[e].is_free && nfa_has(&n->edges[e].on, (unsigned char)bytes[p]))
                    j = nfa_enter(n, n->edges[e].to, next, then, j);
        bool *b = on;
        on = next;
        next = b;
        unsigned *u = list;
        list = then;
        then = u;
        k = j;
    }
    bool accepted = on[NFA_ACCEPT];
    talloc_free(ctx);
    return accepted;
}
