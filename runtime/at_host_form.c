/* The way of a request through its form: what may come next, what an atom that came means, when the
 * line is free and the request complete.
 * SPDX-License-Identifier: 0BSD */
#include "at_host_private.h"

#include "at_value.h"

const at_atom *at__atom(const at_core *h, const at_request *r, unsigned i)
{
    return &h->tables->atoms[at__call(h, r)->atoms + i];
}

const at_phase *at__phase(const at_core *h, const at_request *r, unsigned i)
{
    return &h->tables->t.phases[at__atom(h, r, i)->line];
}

at_request *at__next_request(const at_core *h, const at_request *r)
{
    if (!r && h->running) return h->running;
    return !r || r == h->running ? h->late : r->next;
}

/* ---- what may come next ---- */

const uint8_t *at__follow(const at_core *h, const at_request *r)
{
    unsigned at = r->atom == AT_NONE8 ? at__call(h, r)->first : at__atom(h, r, r->atom)->follow;
    return h->tables->follows + at;
}

bool at__tie_value(const at_core *h, const at_request *r, unsigned tie, int32_t *value)
{
    const at_tables *t = &h->tables->t;
    const at_tie *where = &t->ties[tie - 1];
    const uint8_t *fields = (const uint8_t *)r->input;
    if (!fields || (where->has != AT_NONE8 && !fields[where->has])) return false;
    *value = at__value_num(&t->types[where->type], fields + where->offset);
    return true;
}

/* How often the repetition comes at most, or at least. */
static uint32_t limit(const at_core *h, const at_request *r, unsigned loop, bool most)
{
    const at_repeat *repeat = &h->tables->repeats[loop - 1];
    const char *values = at__values(h, r);
    int32_t n;
    if (repeat->tie != 0 && at__tie_value(h, r, repeat->tie, &n)) return (uint32_t)n;
    if (repeat->offset != AT_NONE && values)
        return (uint32_t)at__value_num(&h->tables->t.types[repeat->type], values + repeat->offset);
    if (r == &h->ghost) return most ? UINT32_MAX : 0;
    if (!most) return repeat->min;
    return repeat->max == AT_NONE8 ? UINT32_MAX : repeat->max;
}

static unsigned loop_of(const at_core *h, const at_request *r)
{
    return r->atom == AT_NONE8 ? 0 : at__atom(h, r, r->atom)->loop;
}

static bool round_allowed(const at_core *h, const at_request *r, const at_atom *a)
{
    unsigned here = loop_of(h, r);
    if (here != 0 && here != a->loop && r->round < limit(h, r, here, false)) return false;
    if (!(a->flags & AT_A_LOOPS)) return true;
    return here != a->loop || r->round < limit(h, r, here, true);
}

bool at__allowed(at_core *h, const at_request *r, unsigned i)
{
    static const at_reading all = { UINT32_MAX, 0, 0 };
    const at_atom *a = at__atom(h, r, i);
    at_view v = { 0 };
    if (!round_allowed(h, r, a)) return false;
    if (a->n_conds == 0 || !r->input) return true;
    v.link = h->link;
    v.line = &h->tables->t.lines[at__call(h, r)->line];
    v.reading = &all;
    v.fields = v.request = r->input;
    return at__conds_hold(&v, a->cond, a->n_conds);
}

int at__expects(at_core *h, const at_request *r, unsigned kind)
{
    const uint8_t *follow = at__follow(h, r);
    unsigned i;
    for (i = 1; i <= follow[0]; i++)
        if (at__atom(h, r, follow[i])->kind == kind && at__allowed(h, r, follow[i]))
            return follow[i];
    return -1;
}

static bool may_go_on(at_core *h, const at_request *r)
{
    const uint8_t *follow = at__follow(h, r);
    unsigned i;
    for (i = 1; i <= follow[0]; i++)
        if (at__allowed(h, r, follow[i])) return true;
    return false;
}

/* ---- what has come ---- */

static void step_to(at_core *h, at_request *r, unsigned i)
{
    const at_atom *a = at__atom(h, r, i);
    if (a->loop != loop_of(h, r)) r->round = 0;
    if (a->flags & AT_A_LOOPS) r->round++;
    r->atom = (uint8_t)i;
    if (a->outcome != AT_NONE8) {
        r->outcome = a->outcome;
        if (r->status != AT_OVERFLOW)
            r->status = a->kind != AT_A_FINAL || a->flags & AT_A_OK ? AT_OK : AT_REFUSED;
    }
}

void at__ghost_ends(at_core *h, bool ok)
{
    if (h->sync == AT_SYNC_SENT && ok) h->sync = AT_SYNC_SETTLE;
    if (h->sync == AT_SYNC_DRAIN && !(h->ghost.flags & AT_Q_GARBLED)) at__free_line(h);
}

/* The line is free for the next command; `r` may have to wait for more. */
static void leave_line(at_core *h, at_request *r)
{
    if (r == &h->ghost) {
        at__ghost_ends(h, r->status == AT_OK);
        return;
    }
    at__free_line(h);
    if (may_go_on(h, r)) at__wait_late(h, r);
    else at__finish(h, r, r->status);
}

void at__begin_next(at_core *h, at_request *r)
{
    unsigned kind;
    for (kind = AT_A_DATA_IN; kind <= AT_A_TRANSPARENT; kind++) {
        int atom = at__expects(h, r, kind);
        if (atom < 0 || kind == AT_A_BLANK) continue;
        if (kind == AT_A_DATA_IN) at__data_in(h, r, (unsigned)atom);
        else if (kind == AT_A_DATA_OUT) at__data_after(h, r, (unsigned)atom);
        else (kind == AT_A_BODY ? h->klass->body : h->klass->transparent)->begin(h, r, (unsigned)atom);
        return;
    }
}

void at__after(at_core *h, at_request *r, unsigned i)
{
    bool frees = (at__atom(h, r, i)->flags & AT_A_FREES) != 0;
    int pause;
    step_to(h, r, i);
    at__stir(h);
    pause = at__expects(h, r, AT_A_PAUSE);
    if (pause >= 0) {
        at__pause(h, at__phase(h, r, (unsigned)pause)->silence_ms);
        step_to(h, r, (unsigned)pause);
    }
    if (r == h->running) {
        if (frees || *at__follow(h, r) == 0) leave_line(h, r);
        else at__begin_next(h, r);
    } else if (may_go_on(h, r)) {
        at__begin_next(h, r);
    } else {
        at__take_off(&h->late, r);
        at__finish(h, r, r->status);
    }
}

void at__urc_came(at_core *h, unsigned urc)
{
    at_request *r = NULL;
    while ((r = at__next_request(h, r)) != NULL) {
        int atom = at__expects(h, r, AT_A_URC);
        if (atom < 0 || at__atom(h, r, (unsigned)atom)->line != urc) continue;
        at__after(h, r, (unsigned)atom);
        return;
    }
}

/* ---- result codes that no form expects ---- */

void at__result(at_core *h, const at_known *known, int32_t number)
{
    at_request *r = h->running;
    at__stir(h);
    if (h->sync) {
        at__ghost_ends(h, known->kind == AT_H_OK);
    } else if (known->kind == AT_H_BUSY) {
        if (r->atom == AT_NONE8) at__again(h, r);
    } else if (known->kind == AT_H_OK) {
        at__fail(h, r, AT_GARBLED);
    } else {
        r->error = number;
        r->outcome = (uint8_t)(at__call(h, r)->error_outcome + known->id);
        at__free_line(h);
        at__finish(h, r, AT_REFUSED);
    }
}
