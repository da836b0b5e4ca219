/* SPDX-License-Identifier: MIT */
#include "flow.h"

#include <string.h>

/* ---- forms ---- */

bool flow_form_of(const at_names *names, unsigned call, flow_form *f)
{
    const at_host_tables *h = names->host->tables;
    const at_module_tables *m = names->module->tables;
    f->names = names;
    f->call_index = call;
    f->call = &h->calls[call];
    f->course = &h->courses[f->call->course];
    f->name = &names->forms[call];
    f->line = pattern_of(&h->t, f->call->line);
    for (unsigned i = 0; i < names->n_forms; i++) {
        if (m->form_ids[i] != call) continue;
        f->module_index = i;
        f->module = &m->forms[i];
        f->module_line = pattern_of(&m->t, m->forms[i].line);
        return true;
    }
    return false;
}

/* The atom behind the last in a list that counts from `from`, or `n`, whichever is more. */
static unsigned beyond(const int8_t *list, unsigned from, unsigned n)
{
    for (int i = 1; i <= list[0]; i++)
        if (from + (unsigned)list[i] + 1u > n) n = from + (unsigned)list[i] + 1u;
    return n;
}

const at_step *flow_step_of(const flow_form *f, unsigned atom)
{
    const at_host_tables *h = f->names->host->tables;
    return &h->steps[h->atoms[f->call->atoms + atom].step];
}

unsigned flow_ending(const at_host_tables *h, const at_course *course)
{
    return course->endings ? h->t.words[course->endings - 1] : 0;
}

const at_phase *flow_data(const at_host_tables *h, const at_call *call)
{
    unsigned stage = h->courses[call->course].stage;
    const at_atom *a = &h->atoms[call->atoms + stage - 1];
    return stage ? &h->t.phases[a->line] : NULL;
}

unsigned flow_atoms(const flow_form *f)
{
    const at_host_tables *h = f->names->host->tables;
    unsigned n = beyond(h->follows + f->course->first, 0, 0);
    for (unsigned i = 0; i < n; i++) n = beyond(h->follows + flow_step_of(f, i)->follow, i, n);
    return n;
}

flow flow_start(const flow_form *form, const char *request, const char *result,
                const int32_t *settings)
{
    flow f = { form, request, result, settings, FLOW_START, false, 0, 0, AT_OK };
    return f;
}

static const at_host_tables *host_of(const flow *f)
{
    return f->form->names->host->tables;
}

const at_atom *flow_atom(const flow *f, unsigned atom)
{
    return &host_of(f)->atoms[f->form->call->atoms + atom];
}

const at_step *flow_kind(const flow *f, unsigned atom)
{
    return flow_step_of(f->form, atom);
}

const at_phase *flow_phase(const flow *f, unsigned atom)
{
    return &host_of(f)->t.phases[flow_atom(f, atom)->line];
}

/* ---- what may come next ---- */

/* Distances from the atom that came last, or from the first. */
static const int8_t *follow(const flow *f)
{
    unsigned at = f->atom < 0 ? f->form->course->first : flow_kind(f, (unsigned)f->atom)->follow;
    return host_of(f)->follows + at;
}

static unsigned loop_of(const flow *f)
{
    return f->atom < 0 ? 0 : flow_kind(f, (unsigned)f->atom)->loop;
}

/* How often a repetition must come and may come. */
static void bounds(const flow *f, unsigned loop, uint32_t *least, uint32_t *most)
{
    const at_tables *t = &host_of(f)->t;
    const at_repeat *r = &host_of(f)->repeats[loop - 1];
    *least = r->min;
    *most = r->max == AT_NONE8 ? UINT32_MAX : r->max;
    if (r->figure != 0) {
        int64_t n;
        if (pattern_lookup(t, r->figure - 1u, f->request, NULL, &n) == NUMBER_KNOWN) *least = *most = (uint32_t)n;
    } else if (r->offset != AT_NONE) {
        *least = *most = (uint32_t)pattern_number(&t->types[r->type], f->result + r->offset);
    }
}

static bool round_suits(const flow *f, const at_step *a)
{
    uint32_t least, most;
    unsigned here = loop_of(f);
    if (here != 0 && here != a->loop) {
        bounds(f, here, &least, &most);
        if (f->round < least) return false;
    }
    if (a->loop == 0 || !(a->flags & AT_A_LOOPS)) return true;
    bounds(f, a->loop, &least, &most);
    return (here == a->loop ? f->round : 0) < most;
}

/* A counted repetition that has not begun may be passed over only when it may come zero times. */
static bool is_allowed(const flow *f, unsigned atom)
{
    const at_step *a = flow_kind(f, atom);
    cond_scope scope = { &f->form->line, UINT32_MAX, f->request, f->request, f->settings };
    return round_suits(f, a) && cond_hold(&scope, a->cond, a->n_conds);
}

unsigned flow_next(const flow *f, uint8_t *atoms)
{
    const int8_t *list = follow(f);
    int from = f->atom < 0 ? 0 : f->atom;
    unsigned n = 0;
    for (int i = 1; !f->ended && i <= list[0] && n < FLOW_ATOMS; i++)
        if (is_allowed(f, (unsigned)(from + list[i]))) atoms[n++] = (uint8_t)(from + list[i]);
    return n;
}

int flow_expects(const flow *f, unsigned kind)
{
    uint8_t atoms[FLOW_ATOMS];
    unsigned n = flow_next(f, atoms);
    for (unsigned i = 0; i < n; i++)
        if (flow_kind(f, atoms[i])->kind == kind) return atoms[i];
    return -1;
}

void flow_step(flow *f, unsigned atom)
{
    const at_step *a = flow_kind(f, atom);
    unsigned outcome = flow_kind(f, atom)->outcome;
    if (a->loop != loop_of(f)) f->round = 0;
    if (a->flags & AT_A_LOOPS) f->round++;
    f->atom = (int)atom;
    if (outcome == AT_NONE8) return;
    f->outcome = outcome;
    f->status = a->kind != AT_A_FINAL || (a->flags & AT_A_OK) ? AT_OK : AT_REFUSED;
}

void flow_end(flow *f)
{
    f->ended = true;
}

bool flow_may_end(const flow *f)
{
    uint8_t atoms[FLOW_ATOMS];
    unsigned n = flow_next(f, atoms);
    uint32_t least, most;
    for (unsigned i = 0; i < n; i++) {
        unsigned loop = flow_kind(f, atoms[i])->loop;
        if (loop == 0) continue;
        bounds(f, loop, &least, &most);
        if ((loop == loop_of(f) ? f->round : 0) < least) return false;
    }
    return f->atom >= 0 && (flow_kind(f, (unsigned)f->atom)->flags & AT_A_MAY_END);
}

bool flow_at_end(const flow *f)
{
    uint8_t atoms[FLOW_ATOMS];
    return f->atom >= 0 && flow_next(f, atoms) == 0;
}

bool flow_is_free(const flow *f)
{
    if (f->atom < 0) return false;
    return (flow_kind(f, (unsigned)f->atom)->flags & (AT_A_FREES | AT_A_LATER)) || flow_at_end(f);
}

/* ---- replies ---- */

static bool is_same_line(const flow *f, unsigned module_line, unsigned line)
{
    pattern m = pattern_of(&f->form->names->module->tables->t, module_line);
    pattern h = pattern_of(&host_of(f)->t, line);
    return pattern_same(&m, &h);
}

/* The host leaves the line ends in front and the blanks behind aside. */
static bool is_same_prompt(const char *said, const char *heard)
{
    size_t n = strlen(heard);
    said += strspn(said, "\r\n");
    return strncmp(said, heard, n) == 0 && said[n + strspn(said + n, " ")] == '\0';
}

static bool stands_for(const flow *f, const at_emit *e, unsigned atom)
{
    const at_step *a = flow_kind(f, atom);
    unsigned line = flow_atom(f, atom)->line;
    const char *text = f->form->names->module->tables->t.text + e->arg;
    switch (e->kind) {
    case AT_EMIT_LINE:
        return (a->kind == AT_A_LINE || a->kind == AT_A_FINAL) && is_same_line(f, e->arg, line);
    case AT_EMIT_PROMPT:
        return a->kind == AT_A_PROMPT && is_same_prompt(text, host_of(f)->t.text + line);
    case AT_EMIT_BLANK:
        return a->kind == AT_A_BLANK;
    default:
        return a->kind == AT_A_DATA_OUT || a->kind == AT_A_BODY;
    }
}

bool flow_ends_body(const flow *f, const at_emit *e, unsigned atom)
{
    return e->kind == AT_EMIT_LINE && flow_kind(f, atom)->kind == AT_A_BODY &&
           is_same_line(f, e->arg, flow_phase(f, atom)->line);
}

static bool takes(flow f, const at_emit *e, unsigned n, uint8_t *atoms)
{
    uint8_t next[FLOW_ATOMS];
    unsigned n_next = flow_next(&f, next);
    if (n == 0) return true;
    if (f.atom >= 0 && flow_ends_body(&f, e, (unsigned)f.atom)) {
        *atoms = (uint8_t)f.atom;
        return takes(f, e + 1, n - 1, atoms + 1);
    }
    for (unsigned i = 0; i < n_next; i++) {
        flow after = f;
        if (!stands_for(&f, e, next[i])) continue;
        *atoms = next[i];
        flow_step(&after, next[i]);
        if (takes(after, e + 1, n - 1, atoms + 1)) return true;
    }
    return false;
}

bool flow_takes(const flow *f, unsigned reply, uint8_t *atoms)
{
    const at_reply r = at_reply_look(f->form->names, reply);
    return r.n > 0 && takes(*f, r.parts, r.n, atoms);
}

/* ---- lines that may always come ---- */

unsigned flow_known(const at_names *names, unsigned module_line)
{
    const at_host_tables *h = names->host->tables;
    pattern m = pattern_of(&names->module->tables->t, module_line);
    for (unsigned i = 0; i < h->n_known; i++) {
        pattern k = pattern_of(&h->t, h->known[i].line);
        if (pattern_same(&m, &k)) return i;
    }
    return FLOW_NONE;
}
