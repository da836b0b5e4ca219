/* The way of a request through its form: what may come next, what an atom that came means, when the
 * line is free and the request complete.
 * SPDX-License-Identifier: 0BSD */
#include "at_host_private.h"

#include "at_value.h"

unsigned at__form(const at_core *h, const at_request *r)
{
    return (unsigned)(r->call - at__host_tables(h)->calls);
}

at_request *at__next_request(const at_core *h, const at_request *r)
{
    at_request *next;
    if (!r && h->running) return h->running;
    next = !r || r == h->running ? h->first : r->next;
    while (next && (next->state != AT_Q_LATE || next == h->running)) next = next->next;
    return next;
}

/* ---- what may come next ---- */

/* How often the repetition comes at least, or at most. */
static uint32_t limit(const at_core *h, const at_request *r, unsigned loop, bool most)
{
    const at_repeat *repeat = &at__host_tables(h)->repeats[loop - 1];
    int32_t n = most ? repeat->max : repeat->min;
    if (at__is_ghost(r) || n == AT_NONE8) n = most ? INT32_MAX : 0;
    if (!AT_WITH_COUNTED_STEPS) return (uint32_t)n;
    if (repeat->figure != 0 && r->input) at__figure(h->link, repeat->figure - 1u, r->input, &n);
    else if (repeat->offset != AT_NONE && r->fields)
        n = at__value_num(&at__tables(h->link)->types[repeat->type], r->fields + repeat->offset);
    return (uint32_t)n;
}

/* How many rounds of this repetition have begun. */
static uint32_t rounds(const at_core *h, const at_request *r, unsigned loop)
{
    return r->atom && at__step(h, r->atom)->loop == loop ? r->round : 0;
}

bool at__may_end(at_core *h, const at_request *r)
{
    const at_step *step = r->atom ? at__step(h, r->atom) : NULL;
    const at_atom *a;
    unsigned from = 0;
    if (!step || !(step->flags & AT_A_MAY_END) || step->kind == AT_A_TRANSPARENT) return false;
    if (!AT_WITH_COUNTED_STEPS) return true;
    while ((a = at__next_atom(h, r, AT_KIND_ANY, &from)) != NULL) {
        unsigned loop = at__step(h, a)->loop;
        if (loop != 0 && rounds(h, r, loop) < limit(h, r, loop, false)) return false;
    }
    return true;
}

/* Does this atom leave a repetition that has to go on? */
static bool leaves_early(const at_core *h, const at_request *r, const at_step *a)
{
    unsigned here = r->atom ? at__step(h, r->atom)->loop : 0;
    return here != 0 && here != a->loop && r->round < limit(h, r, here, false);
}

void at__view_request(at_core *h, const at_request *r)
{
    at__view_line(&h->view, &at__tables(h->link)->lines[r->call->line]);
    h->view.mask = UINT32_MAX;
    h->view.fields = h->view.request = r->input;
}

#if AT_WITH_STEP_CONDITIONS
/* Do the conditions of a step hold? `known`: is it known that they do? */
static bool may_come(at_core *h, const at_request *r, const at_step *a, bool known)
{
    if (a->n_conds == 0 || !r->input) return true;
    at__view_request(h, r);
    return known ? at__conds_known(&h->view, a->cond, a->n_conds)
                 : at__conds_hold(&h->view, a->cond, a->n_conds);
}
#else
#define may_come(h, r, a, known) true
#endif

static bool is_allowed(at_core *h, const at_request *r, const at_step *a)
{
    if (AT_WITH_COUNTED_STEPS && leaves_early(h, r, a)) return false;
    if (a->flags & AT_A_LOOPS && rounds(h, r, a->loop) >= limit(h, r, a->loop, true)) return false;
    return may_come(h, r, a, false);
}

/* Distances from atom *from to those that may come next for `r`: {n, distance...}. */
static const int8_t *follow_of(const at_core *h, const at_request *r, const at_atom **from)
{
    const at_host_tables *t = at__host_tables(h);
    *from = r->atom ? r->atom : &t->atoms[r->call->atoms];
    return t->follows + (r->atom ? at__step(h, r->atom)->follow : r->course->first);
}

const at_atom *at__next_atom(at_core *h, const at_request *r, unsigned kinds, unsigned *from)
{
    const at_atom *here;
    const int8_t *follow = follow_of(h, r, &here);
    while (*from < (unsigned)follow[0]) {
        const at_atom *a = here + follow[++*from];
        const at_step *step = at__step(h, a);
        if (kinds >> step->kind & 1 && is_allowed(h, r, step)) return a;
    }
    return NULL;
}

const at_atom *at__expects(at_core *h, const at_request *r, unsigned kinds)
{
    unsigned from = 0;
    return r ? at__next_atom(h, r, kinds, &from) : NULL;
}

/* ---- what has come ---- */

static void step_to(at_core *h, at_request *r, const at_atom *a)
{
    const at_step *step = at__step(h, a);
    if (step->within != 0) at__limit(h, r, step->within);
    r->round = (uint16_t)(rounds(h, r, step->loop) + (step->flags & AT_A_LOOPS ? 1u : 0));
    r->atom = a;
    if (step->outcome == AT_NONE8) return;
    at__decide(r, step->outcome, step->flags & AT_A_OK);
}

void at__decide(at_request *r, unsigned outcome, bool ok)
{
    r->outcome = (uint8_t)outcome;
    if (r->status != AT_OVERFLOW) r->status = ok ? AT_OK : AT_REFUSED;
}

void at__ghost_ends(at_core *h, bool ok)
{
    if (h->sync == AT_SYNC_SENT) {
        h->adrift = AT_ADRIFT_NOT;
        if (at__manners_of(h)) at__manners_of(h)->answered(h);
        if (ok) h->sync = AT_SYNC_SETTLE;
    } else if (h->sync == AT_SYNC_DRAIN && !(h->ghost.flags & AT_Q_GARBLED)) {
        at__free_line(h);
    }
}

void at__begin_atom(at_core *h, at_request *r, const at_atom *a)
{
    unsigned kind = at__step(h, a)->kind;
    if (kind == AT_A_DATA_IN) at__data_in(h, r, a);
    else if (AT_WITH_ANSWER_DATA && kind == AT_A_DATA_OUT) at__data_after(h, r, a);
    else if (AT_WITH_BODIES && kind == AT_A_BODY) at__class(h)->body->begin(h, r, a);
    else at__class(h)->transparent->begin(h, r, a);
}

void at__begin_next(at_core *h, at_request *r)
{
    const at_atom *a = at__expects(h, r, AT_KIND(AT_A_DATA_IN) | AT_KIND(AT_A_DATA_OUT) |
                                             AT_KIND(AT_A_BODY) | AT_KIND(AT_A_TRANSPARENT));
    if (a) at__begin_atom(h, r, a);
}

/* Those of a form's first 32 atoms that are in this list, which counts from atom `from`. */
static uint32_t atoms_of(const int8_t *follow, unsigned from)
{
    uint32_t mask = 0;
    unsigned n;
    for (n = (unsigned)*follow++; n > 0; n--) {
        unsigned atom = from + (unsigned)*follow++;
        if (atom < 32) mask |= (uint32_t)1 << atom;
    }
    return mask;
}

const at_atom *at__stage(const at_core *h, const at_request *r)
{
    unsigned stage = r->course->stage;
    return stage ? at__host_tables(h)->atoms + r->call->atoms + stage - 1 : NULL;
}

const at_atom *at__unseen(const at_core *h, const at_request *r)
{
    const at_atom *a = at__stage(h, r), *from;
    const int8_t *follow;
    uint32_t may_come;
    unsigned i;
    if (!AT_WITH_SEVERAL_STAGES) return a && r->atom && r->atom > a ? NULL : a;
    if (r->atom && at__step(h, r->atom)->kind == AT_A_DATA_IN) return r->atom;
    a = &at__host_tables(h)->atoms[r->call->atoms];
    follow = follow_of(h, r, &from);
    may_come = atoms_of(follow, (unsigned)(from - a));
    for (i = 0; i < 32; i++, a++) {
        const at_step *step;
        if (!(may_come >> i & 1)) continue;
        step = at__step(h, a);
        if (step->kind == AT_A_DATA_IN) return a;
        may_come |= atoms_of(at__host_tables(h)->follows + step->follow, i);
    }
    return NULL;
}

/* Is something still to come for `r`? Not waited for, when the line is free, is what depends on a
 * setting that nobody knows: it may never come. */
static bool is_to_come(at_core *h, const at_request *r, bool has_line)
{
    const at_atom *a;
    unsigned from = 0;
    while ((a = at__next_atom(h, r, AT_KIND_ANY, &from)) != NULL) {
        if (has_line || may_come(h, r, at__step(h, a), true)) return true;
    }
    return false;
}

/* `r` waits for later lines. */
static void wait_late(at_core *h, at_request *r)
{
    r->state = AT_Q_LATE;
    h->ghost.state = AT_Q_FREE;         /* it must not take what is for this one */
    if (!(r->flags & AT_Q_VALUES)) r->fields = NULL;
}

/* `r` has nothing more to do with the line. */
static void leave_line(at_core *h, const at_request *r)
{
    if (at__is_ghost(r)) at__ghost_ends(h, r->status == AT_OK);
    else if (r == h->running) at__free_line(h);
}

void at__end(at_core *h, at_request *r)
{
    leave_line(h, r);
    if (!at__is_ghost(r)) at__finish(h, r, r->status);
}

void at__complete(at_core *h, at_request *r, const at_atom *a)
{
    step_to(h, r, a);
    at__end(h, r);
}

void at__after(at_core *h, at_request *r, const at_atom *a)
{
    bool runs = r == h->running, has_line = runs && !(at__step(h, a)->flags & AT_A_FREES);
    step_to(h, r, a);
    at__stir(h);
    a = at__expects(h, r, AT_KIND(AT_A_PAUSE));
    if (a) step_to(h, r, a);
    if (!is_to_come(h, r, has_line)) {
        at__end(h, r);
    } else if (has_line || !runs) {
        at__begin_next(h, r);
    } else {
        leave_line(h, r);
        wait_late(h, r);
    }
    if (a) at__pause(h, AT_MORE(at__phase(h, a)->silence_ms));
}

void at__urc_came(at_core *h, unsigned urc)
{
    at_request *r = NULL;
    while ((r = at__next_request(h, r)) != NULL) {
        const at_atom *a;
        unsigned from = 0;
        do a = at__next_atom(h, r, AT_KIND(AT_A_URC), &from);
        while (a && a->line != urc);
        if (!a) continue;
        at__after(h, r, a);
        return;
    }
}
