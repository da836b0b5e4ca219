/* Automata over bytes: Thompson's construction with one edge per class of bytes. Built piece by
 * piece from state to state, then frozen; wire.c builds them from patterns, product.c searches
 * them.
 * SPDX-License-Identifier: MIT */
#ifndef NFA_H
#define NFA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct nfa_set {
    uint64_t word[4];
} nfa_set; /* a set of bytes */

typedef struct nfa_edge {
    unsigned from, to;
    bool is_free; /* taken without a byte */
    nfa_set on;
} nfa_edge;

typedef struct nfa {
    nfa_edge *edges;
    size_t n_edges, room; /* after nfa_freeze: in the order of `from` */
    size_t *first;        /* nfa_freeze: edges[first[s]] .. edges[first[s + 1]] leave state s */
    unsigned n_states;
} nfa;

enum { NFA_START = 0, NFA_ACCEPT = 1 };

nfa_set nfa_range(unsigned char lo, unsigned char hi);
nfa_set nfa_byte(unsigned char c);
nfa_set nfa_join(nfa_set a, nfa_set b);
nfa_set nfa_without(nfa_set a, unsigned char c);
nfa_set nfa_meet(nfa_set a, nfa_set b);
bool nfa_has(const nfa_set *, unsigned char c);
bool nfa_is_empty(const nfa_set *);

nfa *nfa_new(void *talloc_ctx);
unsigned nfa_state(nfa *); /* a new state */
void nfa_link(nfa *, unsigned from, unsigned to, nfa_set on);
void nfa_free_link(nfa *, unsigned from, unsigned to);
unsigned nfa_then(nfa *, unsigned from, nfa_set on); /* a new state, reached by one byte of `on` */
unsigned nfa_text(nfa *, unsigned from, const char *text, size_t n);
/* Every number lo..hi (not negative) in `radix` 10 or 16, leading zeros allowed when `zeros`. */
void nfa_number(nfa *, unsigned from, unsigned to, uint64_t lo, uint64_t hi, unsigned radix,
                bool zeros);
void nfa_freeze(nfa *);
bool nfa_accepts(const nfa *, const char *bytes, size_t n); /* after nfa_freeze */

#endif
