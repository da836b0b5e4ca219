/* Most pairs are told apart without a search: by what they begin with, by conditions that never
 * hold together, by the number of cells (commas outside quotes are the same to all readings), by
 * literals in the same cell.
 * SPDX-License-Identifier: MIT */
#include "compare.h"

#include <string.h>

#include "match.h"
#include "mem.h"
#include "product.h"
#include "values.h"
#include "wire.h"

enum { COMPARE_WORK = 2 * PRODUCT_LIMIT }; /* most for one pair of lines */

typedef struct compare { /* two readings under comparison */
    comparer *by;
    const model *m;
    size_t stop; /* value of by->left at which this pair has had its share */
    const compare_side *a, *b;
    const m_reading *ra, *rb;
    unsigned how;
    bool same_head;      /* cells stand at the same places */
    const m_slot *loser; /* the parameter in the cell where a literal of the other has won */
} compare;

/* ---- without a search ---- */
/* The number of cells is the same whatever stands in them. */
static bool compare_is_fixed(const m_line *line, const m_reading *r)
{
    if (line->data_at == DATA_INLINE) return false;
    for (unsigned i = 0; i < line->n_slots; i++)
        if ((r->mask >> i & 1) && (line->slots[i].is_elastic || line->slots[i].may_be_empty ||
                                   (line->loop_first >= 0 && (int)i >= line->loop_first)))
            return false;
    return true;
}

static unsigned compare_n_cells(const m_reading *r)
{
    unsigned n = 0;
    for (uint32_t mask = r->mask; mask; mask &= mask - 1)
        n++;
    return n;
}

/* Both lines have the same text before the first cell, blanks and separators left out. */
static bool compare_heads(const compare *c)
{
    void *scratch = talloc_new(NULL);
    const char *ha = wire_text(scratch, c->a->member, c->a->line->head);
    const char *hb = wire_text(scratch, c->b->member, c->b->line->head);
    const char *la = c->a->line->lead, *lb = c->b->line->lead;
    const char *skipped =
        mem_printf(scratch, " %s", c->m->lines.separators ? c->m->lines.separators : "");
    bool same =
        strcmp(ha, hb) == 0 && strcmp(la + strspn(la, skipped), lb + strspn(lb, skipped)) == 0;
    talloc_free(scratch);
    return same;
}

/* The slot of the next cell at or after `i`, n_slots at the end. A group that repeats ends the
 * count. */
static unsigned compare_next(const m_line *line, const m_reading *r, unsigned i)
{
    unsigned end = (unsigned)line->n_slots;
    while (i < end && !(r->mask >> i & 1))
        i++;
    if (i < end &&
        (line->slots[i].is_elastic || (line->loop_first >= 0 && (int)i >= line->loop_first)))
        return end;
    return i;
}

typedef enum { CELLS_ALIKE, CELLS_APART, CELLS_A_WINS, CELLS_B_WINS } compare_order;

/* Cell by cell from the left: different literals keep the two apart; a literal against a parameter
 * wins. */
static compare_order compare_cells(compare *c)
{
    const m_line *la = c->a->line, *lb = c->b->line;
    unsigned i = compare_next(la, c->ra, 0), j = compare_next(lb, c->rb, 0);
    while (i < la->n_slots && j < lb->n_slots) {
        const m_slot *x = &la->slots[i], *y = &lb->slots[j];
        if (x->literal && y->literal && strcmp(x->text, y->text) != 0) return CELLS_APART;
        if (x->literal != y->literal) {
            c->loser = x->literal ? y : x;
            return x->literal ? CELLS_A_WINS : CELLS_B_WINS;
        }
        i = compare_next(la, c->ra, i + 1);
        j = compare_next(lb, c->rb, j + 1);
    }
    return CELLS_ALIKE;
}

/* By their cells the two can never be the same, or one of them wins where that is the rule. */
static bool compare_cells_decide(compare *c)
{
    compare_order order = compare_cells(c);
    return order == CELLS_APART || (order != CELLS_ALIKE && (c->how & COMPARE_LITERALS_WIN));
}

static values_side compare_conds(const compare_side *s, const m_reading *r)
{
    return (values_side){
        .form = s->form, .line = s->line, .reading = r, .conds = s->conds, .n_conds = s->n_conds};
}

static bool compare_is_apart(compare *c)
{
    if (c->same_head) {
        if (compare_is_fixed(c->a->line, c->ra) && compare_is_fixed(c->b->line, c->rb) &&
            compare_n_cells(c->ra) != compare_n_cells(c->rb))
            return true;
        if (compare_cells_decide(c)) return true;
    }
    values_side a = compare_conds(c->a, c->ra), b = compare_conds(c->b, c->rb);
    return values_contradict(&a, &b);
}

/* ---- with a search ---- */
static bool compare_test(void *arg, const char *word, size_t n)
{
    const compare *c = arg;
    if (c->a->line->data_at == DATA_INLINE || c->b->line->data_at == DATA_INLINE) return true;
    return match_reading(NULL, c->m, c->a->line, c->ra, c->a->member, word, n) &&
           match_reading(NULL, c->m, c->b->line, c->rb, c->b->member, word, n);
}

static compare_verdict compare_verdict_of(product_result r)
{
    static const compare_verdict of[] = {COMPARE_APART, COMPARE_SAME, COMPARE_UNDECIDED,
                                         COMPARE_TOO_LARGE};
    return of[r];
}

/* What this pair of lines may still use. */
static size_t compare_share(const compare *c)
{
    return c->by->left > c->stop ? c->by->left - c->stop : 0;
}

static void compare_spend(comparer *by, size_t work)
{
    by->left -= work < by->left ? work : by->left;
}

static compare_result compare_search(compare *c)
{
    compare_result out = {COMPARE_APART, c->ra, c->rb, NULL, 0};
    bool open = c->how & COMPARE_HEADERS;
    if (compare_is_apart(c)) return out;
    size_t share = compare_share(c), left = share;
    if (!left) {
        out.verdict = COMPARE_TOO_LARGE;
        return out;
    }
    nfa *a = wire_reading(c->by->ctx, c->m, c->a->line, c->ra, c->a->member, open);
    nfa *b = wire_reading(c->by->ctx, c->m, c->b->line, c->rb, c->b->member, open);
    product_result r = product_common(c->by->ctx, a, b, compare_test, c, &left, &out.word, &out.n);
    out.verdict = compare_verdict_of(r);
    compare_spend(c->by, share - left + a->n_edges + b->n_edges);
    talloc_free(a);
    talloc_free(b);
    return out;
}

static compare compare_begin(comparer *by, const compare_side *a, const compare_side *b,
                             unsigned how)
{
    return (compare){.by = by,
                     .m = by->m,
                     .a = a,
                     .b = b,
                     .how = how,
                     .stop = by->left > COMPARE_WORK ? by->left - COMPARE_WORK : 0};
}

/* ---- lines ---- */
/* What all readings of the lines begin with cannot be the same. */
static bool compare_prefixes_apart(const compare *c)
{
    void *scratch = talloc_new(NULL);
    const char *a = wire_prefix(scratch, c->m, c->a->line, c->a->member);
    const char *b = wire_prefix(scratch, c->m, c->b->line, c->b->member);
    size_t na = strlen(a), nb = strlen(b);
    bool apart = strncmp(a, b, na < nb ? na : nb) != 0;
    talloc_free(scratch);
    return apart;
}

/* Of two outcomes the one that says more. */
static void compare_keep(compare_result *best, compare_result r)
{
    static const int weight[] = {0, 3, 1, 2};
    bool shorter = r.verdict == COMPARE_SAME && best->verdict == COMPARE_SAME && r.n < best->n;
    if (weight[r.verdict] > weight[best->verdict] || shorter) *best = r;
}

/* No word of this pair can be shorter than the best that has been found: it has more commas. */
static bool compare_is_longer(const compare *c, const compare_result *best)
{
    return best->verdict == COMPARE_SAME && compare_is_fixed(c->a->line, c->ra) &&
           compare_n_cells(c->ra) > best->n + 1;
}

/* The first physical line of one that goes on, as a line of its own. */
static const m_line *compare_first(comparer *by, const m_line *line)
{
    m_line *first = mem_new(by->ctx, m_line);
    *first = *line;
    first->n_slots--;
    first->readings = mem_array(by->ctx, m_reading, line->n_readings);
    for (size_t i = 0; i < line->n_readings; i++) {
        first->readings[i] = line->readings[i];
        first->readings[i].mask &= ~((uint32_t)1 << first->n_slots);
    }
    return first;
}

/* Readings stand longest first: from the last on, short words are found first. */
compare_result compare_lines(comparer *by, const compare_side *a, const compare_side *b,
                             unsigned how)
{
    compare_result best = {COMPARE_APART, NULL, NULL, NULL, 0};
    compare_side first = model_goes_on(a->line) ? *a : *b;
    if ((how & COMPARE_HEADERS) && model_goes_on(a->line) != model_goes_on(b->line)) {
        first.line = compare_first(by, first.line);
        *(model_goes_on(a->line) ? &a : &b) = &first;
    }
    compare c = compare_begin(by, a, b, how);
    if (compare_prefixes_apart(&c)) return best;
    c.same_head = compare_heads(&c);
    for (size_t i = a->line->n_readings; i-- > 0;)
        for (size_t j = b->line->n_readings; j-- > 0;) {
            c.ra = &a->line->readings[i];
            c.rb = &b->line->readings[j];
            if (!compare_is_longer(&c, &best)) compare_keep(&best, compare_search(&c));
        }
    return best;
}

compare_result compare_readings(comparer *by, const compare_side *s, unsigned how)
{
    compare_result best = {COMPARE_APART, NULL, NULL, NULL, 0};
    compare c = compare_begin(by, s, s, how);
    c.same_head = true;
    for (size_t j = s->line->n_readings; j-- > 0;)
        for (size_t i = j; i-- > 0;) {
            c.ra = &s->line->readings[i];
            c.rb = &s->line->readings[j];
            if (!compare_is_longer(&c, &best)) compare_keep(&best, compare_search(&c));
        }
    return best;
}

compare_result compare_beginning(comparer *by, const compare_side *s, const char *bytes, size_t n)
{
    compare_result best = {COMPARE_APART, NULL, NULL, NULL, 0};
    void *scratch = talloc_new(by->ctx);
    nfa *begins = wire_beginning(scratch, bytes, n);
    for (size_t i = 0; i < s->line->n_readings; i++) {
        compare_result r = {COMPARE_APART, &s->line->readings[i], NULL, NULL, 0};
        nfa *line = wire_reading(scratch, by->m, s->line, r.a, s->member, true);
        compare_spend(by, line->n_edges);
        r.verdict = compare_verdict_of(
            product_common(by->ctx, line, begins, NULL, NULL, &by->left, &r.word, &r.n));
        compare_keep(&best, r);
    }
    talloc_free(scratch);
    return best;
}

/* ---- covering ---- */
static bool compare_covered(const compare *c)
{
    void *scratch = talloc_new(NULL);
    nfa *outer = wire_reading(scratch, c->m, c->a->line, c->ra, c->a->member, false);
    nfa *inner = wire_reading(scratch, c->m, c->b->line, c->rb, c->b->member, false);
    bool covered = product_covers(outer, inner);
    talloc_free(scratch);
    return covered;
}

/* By the rule that literals win the outer may take all of the inner: the parameter has but one
 * value. */
static bool compare_may_cover(compare *c)
{
    if (!(c->how & COMPARE_LITERALS_WIN)) return true;
    return c->same_head && compare_cells(c) == CELLS_A_WINS && c->loser->type->n_items == 1;
}

/* Some reading of the outer line takes all that the inner's reading can be, whatever the settings
 * are. */
static bool compare_reading_covered(compare *c)
{
    for (size_t k = 0; k < c->a->line->n_readings; k++) {
        c->ra = &c->a->line->readings[k];
        if (c->a->n_conds == 0 && c->ra->n_conds == 0 && compare_may_cover(c) && compare_covered(c))
            return true;
    }
    return false;
}

bool compare_covers(comparer *by, const compare_side *outer, const compare_side *inner,
                    unsigned how)
{
    compare c = compare_begin(by, outer, inner, how);
    if (compare_prefixes_apart(&c)) return false;
    c.same_head = compare_heads(&c);
    for (size_t i = 0; i < inner->line->n_readings; i++) {
        c.rb = &inner->line->readings[i];
        if (!compare_reading_covered(&c)) return false;
    }
    return true;
}
