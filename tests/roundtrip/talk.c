/* SPDX-License-Identifier: MIT */
#include "talk.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "talk_private.h"

enum { STEPS_MAX = 400, REPEATS = 2, OPTIONS_MAX = 64, END_S = 3000, PROBES_MAX = 1000 };

/* ---- what goes wrong ---- */

static void note(talk *x, const char *format, va_list args)
{
    if (x->error[0] == '\0') vsnprintf(x->error, sizeof x->error, format, args);
}

void talk_fail(talk *x, const char *format, ...)
{
    va_list args;
    if (x->plan.hurt) return;
    x->stopped = x->failed = true;
    va_start(args, format);
    note(x, format, args);
    va_end(args);
}

void talk_wrong(talk *x, const char *format, ...)
{
    va_list args;
    x->stopped = x->failed = true;
    va_start(args, format);
    note(x, format, args);
    va_end(args);
}

bool talk_goes_on(const talk *x)
{
    return !x->stopped;
}

unsigned talk_choose(talk *x, unsigned n)
{
    if (n <= 1) return 0;
    return x->plan.choose ? x->plan.choose(x->plan.ctx, n) : sample_random(&x->choices, n);
}

void talk_rest(talk *x)
{
    pair_rest(x->pair);
    if (x->pair->restless) talk_wrong(x, "the link does not come to rest");
}

/* ---- what may come next ---- */

typedef enum { DO_REPLY, DO_ERROR, DO_URC, DO_STOP } deed;
typedef struct option { deed what; unsigned number, known; } option;
typedef struct options { option list[OPTIONS_MAX]; unsigned n; } options;

static void add(options *o, deed what, unsigned number, unsigned known)
{
    if (o->n < OPTIONS_MAX) o->list[o->n++] = (option){ what, number, known };
}

static void add_replies(talk *x, options *o, unsigned repeats)
{
    uint8_t atoms[FLOW_ATOMS];
    const at_form_name *f = x->form.name;
    for (unsigned i = f->first_reply; i < (unsigned)f->first_reply + f->n_replies; i++)
        if (x->used[i] < repeats && flow_takes(&x->flow, i, atoms)) add(o, DO_REPLY, i, 0);
}

static void add_errors(talk *x, options *o)
{
    uint8_t atoms[FLOW_ATOMS];
    if (!x->plan.errors || !x->pair->module.start) return;
    for (unsigned i = 0; i < x->names->n_replies; i++) {
        if (x->names->replies[i].form != UINT16_MAX) continue;
        unsigned known = flow_known(x->names, at_reply_look(x->names, i).parts[0].arg);
        if (known == FLOW_NONE) talk_wrong(x, "the host does not know an error result");
        else if (flow_takes(&x->flow, i, atoms)) add(o, DO_REPLY, i, 0);
        else add(o, DO_ERROR, i, known);
    }
}

static void add_urcs(talk *x, options *o)
{
    uint8_t atoms[FLOW_ATOMS];
    unsigned n = flow_next(&x->flow, atoms);
    for (unsigned i = 0; i < n; i++)
        if (flow_kind(&x->flow, atoms[i])->kind == AT_A_URC) add(o, DO_URC, atoms[i], 0);
}

static void find_options(talk *x, options *o)
{
    o->n = 0;
    add_replies(x, o, REPEATS);
    add_urcs(x, o);
    if (o->n == 0) add_replies(x, o, 250);
    if (flow_may_end(&x->flow)) add(o, DO_STOP, 0, 0);
    add_errors(x, o);
}

/* ---- a step ---- */

/* The form has said all, in time, and nothing more comes. */
static void stop(talk *x)
{
    x->may_complete = true;
    for (unsigned i = 0; i < 200 && x->dones == 0 && talk_goes_on(x); i++) pair_pass(x->pair, 10000);
}

static bool say_awaited_urc(talk *x, unsigned atom)
{
    unsigned urc = flow_atom(&x->flow, atom)->line;
    flow before = x->flow;
    flow_step(&x->flow, atom);
    x->may_complete = flow_at_end(&x->flow);
    if (talk_say_urc(x, urc, -1)) return true;
    x->flow = before;
    return false;
}

static bool is_awaited(const talk *x, unsigned urc)
{
    uint8_t atoms[FLOW_ATOMS];
    unsigned n = flow_next(&x->flow, atoms);
    for (unsigned i = 0; i < n; i++) {
        if (flow_kind(&x->flow, atoms[i])->kind == AT_A_URC && flow_atom(&x->flow, atoms[i])->line == urc) return true;
    }
    return false;
}

static void say_any_urc(talk *x)
{
    unsigned urc = sample_random(&x->choices, x->names->n_urcs);
    if (x->names->n_urcs == 0 || urc == x->names->restart || is_awaited(x, urc)) return;
    talk_say_urc(x, urc, -1);
}

static void begin_phase(talk *x)
{
    int atom = flow_expects(&x->flow, AT_A_DATA_IN);
    x->phase_begins = false;
    if (atom >= 0) {
        talk_take_data(x, (unsigned)atom);
        return;
    }
    atom = flow_expects(&x->flow, AT_A_TRANSPARENT);
    if (atom >= 0) talk_transparent(x, (unsigned)atom);
    else talk_wrong(x, "a data phase that the host does not expect");
}

/* Something that happens by itself here. */
static bool step_by_itself(talk *x)
{
    at_module *m = &x->pair->module;
    int pause = flow_expects(&x->flow, AT_A_PAUSE);
    if (x->phase_begins) {
        begin_phase(x);
    } else if (pause >= 0) {
        flow_step(&x->flow, (unsigned)pause);
    } else if (flow_is_free(&x->flow) && m->start && !m->phase) {
        if (at_module_done(m, x->flow.status == AT_OK) != AT_OK) talk_fail(x, "the module cannot end the form");
    } else {
        return false;
    }
    return true;
}

/* False: nothing is left to do. */
static bool step(talk *x)
{
    uint8_t atoms[FLOW_ATOMS];
    options o;
    if (step_by_itself(x)) return true;
    if (flow_at_end(&x->flow) || (x->dones > 0 && !x->plan.hurt)) return false;
    if (x->plan.urcs && sample_random(&x->choices, 2)) say_any_urc(x);
    find_options(x, &o);
    if (o.n == 0) {
        talk_wrong(x, "the module has no reply that may come now");
        return false;
    }
    option chosen = o.list[talk_choose(x, o.n)];
    switch (chosen.what) {
    case DO_REPLY:
        return flow_takes(&x->flow, chosen.number, atoms) && talk_say(x, chosen.number, atoms);
    case DO_URC:
        return say_awaited_urc(x, chosen.number);
    case DO_ERROR:
        talk_say_error(x, chosen.number, chosen.known);
        return false;
    default:
        stop(x);
        return false;
    }
}

/* ---- what the handler returns ---- */

/* What the host is to see of it; false: the form has no plain ok. */
static bool foresee_return(talk *x)
{
    uint8_t atoms[FLOW_ATOMS];
    const at_module_tables *m = x->names->module->tables;
    const at_start *start = at_start_of(m, x->form.module);
    unsigned ok = x->form.name->first_reply + start->ok;
    x->may_complete = true;
    if (x->plan.returns != AT_OK) {
        x->flow.status = AT_REFUSED;
        x->any_error = true;
        return start->phase == 0 && start->does == 0;
    }
    if (start->ok == AT_NO_OK || !flow_takes(&x->flow, ok, atoms) || start->phase != 0) return false;
    for (unsigned i = 0; i < at_reply_look(x->names, ok).n; i++) flow_step(&x->flow, atoms[i]);
    return flow_at_end(&x->flow);
}

/* ---- the next exchange ---- */

static void probe_done(at_request *r, unsigned what, const void *fields, at_status status)
{
    talk *x = r->ctx;
    (void)fields;
    if (what != AT_DELIVER_DONE) return;
    x->probe_dones++;
    x->probe_status = status;
}

/* The module's program ends what runs in the module as soon as it can, unless it is late. */
static void end_form(talk *x)
{
    at_module *m = &x->pair->module;
    int atom = flow_expects(&x->flow, AT_A_DATA_IN);
    if (x->dones == 0 && x->plan.late) return;
    if (!m->start || m->phase || m->due) return;
    if (atom >= 0) flow_step(&x->flow, (unsigned)atom);
    if (flow_is_free(&x->flow) ? at_module_done(m, true) != AT_OK
                               : at_module_refuse(m, AT_REFUSE_PARAMETER) != AT_OK)
        talk_wrong(x, "the module cannot end the form");
}

/* Time passes until it is done, for an hour at most. */
static void await(talk *x, const unsigned *dones)
{
    for (unsigned s = 0; s < END_S && *dones == 0 && !x->pair->restless; s++) {
        end_form(x);
        if (at_host_escape(&x->pair->host) == AT_OK) x->stopped = true;
        pair_pass(x->pair, 1000);
    }
    if (x->pair->restless) talk_wrong(x, "the link does not come to rest");
}

static void ask_next(talk *x)
{
    x->probing = true;
    memset(&x->next, 0, sizeof x->next);
    x->probe_calls = x->probe_dones = 0;
    x->next.deliver = probe_done;
    x->next.ctx = x;
    if (at_host_start(&x->pair->host, &x->next, NULL, x->probe) != AT_OK) {
        talk_wrong(x, "the next request is refused");
        return;
    }
    await(x, &x->probe_dones);
}

/* The module has been told to say no result codes: requests end well at their time limits. */
static bool is_quiet(const at_link *l)
{
    const at_manner *manner = l->tables->manner;
    return manner && manner->quiet != AT_NONE8 && l->settings[l->tables->settings[manner->quiet].base] == 1;
}

/* Did the host wait for nothing but a line that comes while others have the line? */
static bool has_freed_line(const talk *x)
{
    const at_atom *a = x->asked.atom, *atoms = x->names->host->tables->atoms + x->form.call->atoms;
    return a && flow_step_of(&x->form, (unsigned)(a - atoms))->flags & (AT_A_FREES | AT_A_LATER);
}

/* Does the host know that something has failed? Then it brings the link in step; but not when the answer
 * has come yet, behind the time limit. */
static bool knows_of_fault(const talk *x)
{
    const at_core *host = &x->pair->host.core;
    at_status s = x->asked.status;
    if (s == AT_TIMEOUT && has_freed_line(x)) return false;
    if (x->plan.late && !host->running && !host->adrift) return false;
    return s != AT_OK && s != AT_REFUSED && s != AT_LOST;
}

/* Nothing has told the host that the module has been left in a data phase, with a form or with the
 * beginning of a line, or says no result codes: the wire has made the command or the answer another
 * good one, has changed a count, has doubled a byte of data, or was lost amid that command; or noise
 * was the answer. */
static bool is_left_behind(const talk *x)
{
    const at_link *module = &x->pair->module.link, *host = &x->pair->host.link;
    return !knows_of_fault(x) && (!at_idle(module) || is_quiet(module) != is_quiet(host));
}

/* Noise was the answer to a command with data: what the host says next is data, until the module has all
 * that it waits for or its time is over. */
static void outlast_phase(talk *x)
{
    for (unsigned i = 0; i < PROBES_MAX && x->pair->module.phase && !x->failed; i++) ask_next(x);
}

/* The next one works; where only the module knows that it is left behind, the one after it. */
static void check_next(talk *x)
{
    pair_pass(x->pair, x->was_transparent ? 2000 : 0);
    bool behind = is_left_behind(x);
    if (behind && x->plan.noise) outlast_phase(x);
    ask_next(x);
    if (x->probe_status == AT_RESTARTED) ask_next(x);
    if (behind && (x->probe_status != AT_OK || is_quiet(&x->pair->host.link))) ask_next(x);
    if (x->probe_dones != 1) talk_wrong(x, "the next request completes %u times", x->probe_dones);
    else if (x->probe_status != AT_OK)
        talk_wrong(x, "the next exchange ends with `%s`", at_status_text(x->probe_status));
    else if (x->probe_calls == 0) talk_wrong(x, "the next request completes with the answer of another");
}

/* ---- an exchange ---- */

static void clear(talk *x, const talk_plan *plan)
{
    x->plan = *plan;
    x->values.seed = plan->seed;
    x->choices.seed = plan->seed * 7 + 1;
    memset(x->request, 0, x->room);
    memset(x->result, 0, x->room);
    memset(x->used, 0, x->names->n_replies);
    memset(&x->asked, 0, sizeof x->asked);
    memset(&x->row_due, 0, sizeof x->row_due);
    memset(&x->row_before, 0, sizeof x->row_before);
    memset(&x->urc_due, 0, sizeof x->urc_due);
    memset(&x->in, 0, sizeof x->in);
    memset(&x->out, 0, sizeof x->out);
    memset(&x->urc_data, 0, sizeof x->urc_data);
    x->n_seen = x->calls = x->dones = 0;
    x->may_complete = x->phase_begins = x->any_error = x->probing = false;
    x->was_transparent = x->resyncs = false;
    x->failed = x->stopped = false;
    x->number = 0;
    x->error[0] = '\0';
}

static bool begin(talk *x)
{
    pair_ears ears = talk_ears;
    ears.ctx = x;
    if (!pair_start(x->pair, &ears, x->settings)) {
        talk_wrong(x, "the sides do not start");
        return false;
    }
    x->pair->module.echo = x->plan.echo;
    for (unsigned i = 0; x->plan.unknown && i < x->names->host->tables->t.n_settings; i++)
        x->pair->host_settings[i] = AT_UNKNOWN;
    if (x->plan.wires) x->plan.wires(x->pair, x->plan.ctx);
    return true;
}

static void ask(talk *x)
{
    at_request *r = &x->asked;
    talk_hear(x, r);
    if (x->plan.blanks) pair_put(x->pair, &x->pair->down, "\r\n\r", 3);
    if (x->plan.blanks) talk_rest(x);
    x->in.is_due = x->phase_begins =
        at_start_of(x->names->module->tables, x->form.module)->phase != 0;
    if (at_host_start(&x->pair->host, r, x->request, x->form.call_index) != AT_OK)
        talk_wrong(x, "the host refuses the request, slot %d", at_host_bad_field(&x->pair->host));
    else
        talk_rest(x);
    if (x->plan.agains) pair_pass(x->pair, 100);
    if (x->calls != 1 + x->plan.agains) talk_fail(x, "the module's handler was called %u times", x->calls);
}

/* The request is cancelled, or the line is lost on both sides. */
static void break_off(talk *x)
{
    pair *p = x->pair;
    if (x->plan.breaks == TALK_CANCEL && x->dones == 0) at_cancel(&p->host, &x->asked);
    if (x->plan.breaks != TALK_LOSE) return;
    at_lost(&p->host.link);
    at_lost(&p->module.link);
    p->up.n = p->down.n = 0;
}

static void answer(talk *x)
{
    bool goes_on = x->plan.answers == TALK_BY_REPLIES;
    if (x->plan.late) await(x, &x->dones);
    for (unsigned i = 0; i < STEPS_MAX && goes_on && talk_goes_on(x); i++) {
        if (i == x->plan.break_at) break_off(x);
        goes_on = step(x);
    }
}

static void check_end(talk *x)
{
    size_t size = sizeof *x->settings * x->names->host->tables->t.n_settings;
    talk_rest(x);
    if (x->resyncs || is_quiet(&x->pair->module.link)) pair_pass(x->pair, 60000);
    if (x->row_before.is_due) talk_fail(x, "a row was not delivered");
    if (x->dones == 0) talk_fail(x, "the request is not complete");
    if (!pair_idle(x->pair)) talk_fail(x, "something is still under way");
    if (size && x->flow.status == AT_OK &&
        memcmp(x->pair->host_settings, x->pair->module_settings, size) != 0)
        talk_fail(x, "the sides do not agree about settings");
    if (size && x->flow.status == AT_REFUSED && memcmp(x->settings, x->pair->module_settings, size) != 0)
        talk_fail(x, "a refused command has changed settings");
}

/* However it was hurt, it ends, and the next one works. */
static void check_recovery(talk *x)
{
    await(x, &x->dones);
    if (x->dones == 0) talk_wrong(x, "the request never ends");
    if (!x->failed) check_next(x);
}

talk_end talk_run(talk *x, const talk_plan *plan)
{
    clear(x, plan);
    if (!flow_form_of(x->names, plan->call, &x->form)) {
        talk_wrong(x, "only one of the sides has the form");
        return TALK_FAILED;
    }
    if (!talk_fill_request(x)) return TALK_NOT_POSSIBLE;
    x->flow = flow_start(&x->form, x->request, x->result, x->settings);
    if (plan->answers == TALK_BY_RETURN && !foresee_return(x)) return TALK_NOT_POSSIBLE;
    if (begin(x)) ask(x);
    if (!x->failed) answer(x);
    if (!x->failed && plan->hurt) check_recovery(x);
    else if (!x->failed && x->dones == 0 && !flow_at_end(&x->flow)) return TALK_NOT_POSSIBLE;
    else if (!x->failed) check_end(x);
    return x->failed ? TALK_FAILED : TALK_OK;
}

/* ---- URCs alone ---- */

unsigned talk_urc_readings(const talk *x, unsigned urc)
{
    return pattern_of(&x->names->module->tables->t, x->names->urc_lines[urc]).line->n_readings;
}

talk_end talk_urc(talk *x, unsigned urc, unsigned reading, const talk_plan *plan)
{
    bool sent = false;
    clear(x, plan);
    x->form.name = NULL;
    for (unsigned tries = 0; tries < 60 && !sent && !x->failed; tries++) {
        x->values.n = 0;
        cond_settings(&x->values, x->names->host->tables, x->n_atoms, x->settings);
        if (begin(x)) sent = talk_say_urc(x, urc, (int)reading);
    }
    if (sent && !pair_idle(x->pair)) talk_fail(x, "something is still under way");
    return x->failed ? TALK_FAILED : sent ? TALK_OK : TALK_NOT_POSSIBLE;
}

/* ---- life ---- */

static void *room(size_t n)
{
    void *p = calloc(1, n ? n : 1);
    if (!p) abort();
    return p;
}

/* How many bytes of the command that brings the link in step are the name and operator of this form;
 * 0: it is another's. */
static size_t resync_length(const flow_form *f)
{
    const at_host_tables *h = f->names->host->tables;
    char begin[100];
    if (h->resync == AT_NONE) return 0;
    int n = snprintf(begin, sizeof begin, "%s%s%s%s", h->t.text + h->t.prefix, h->t.text + f->call->name,
                     h->t.text + flow_ending(h, f->course), h->t.text + h->ops[f->call->op]);
    return strncmp(begin, h->t.text + h->resync, (size_t)n) == 0 ? (size_t)n : 0;
}

/* How many atoms all forms have; notes the form that the next exchange is made of, and the one that
 * brings the link in step. */
static void look_at_forms(talk *x)
{
    flow_form f;
    bool has_probe = false;
    size_t resync = 0;
    for (unsigned i = 0; i < x->names->host->tables->n_calls; i++) {
        if (!flow_form_of(x->names, i, &f)) continue;
        unsigned end = f.call->atoms + flow_atoms(&f);
        if (end > x->n_atoms) x->n_atoms = end;
        if (resync_length(&f) > resync) {
            resync = resync_length(&f);
            x->resync = i;
        }
        const at_start *start = at_start_of(x->names->module->tables, f.module);
        bool plain = f.line.line->n_slots == 0 && start->ok != AT_NO_OK && f.call->op == AT_OP_EXEC &&
                     start->flags == 0 && start->does == 0 && f.course->n_only == 0 && f.name->n_replies == 1;
        if (plain && !has_probe) x->probe = i;
        has_probe |= plain;
    }
    if (!has_probe) abort();
}

talk *talk_new(const at_names *names)
{
    talk *x = room(sizeof *x);
    x->names = names;
    x->pair = pair_new(names);
    x->room = names->host_result + (size_t)names->module_fields;
    x->request = room(x->room);
    x->result = room(x->room);
    x->row = room(x->room);
    x->old_row = room(x->room);
    x->urc = room(x->room);
    x->backup = room(x->room);
    x->other = room(x->room);
    x->settings = room(sizeof *x->settings * names->host->tables->t.n_settings);
    x->used = room(names->n_replies);
    x->saw_reply = room(names->n_replies);
    look_at_forms(x);
    sample_prepare(names->host->tables);
    return x;
}

void talk_free(talk *x)
{
    pair_free(x->pair);
    free(x->request);
    free(x->result);
    free(x->row);
    free(x->old_row);
    free(x->urc);
    free(x->backup);
    free(x->other);
    free(x->settings);
    free(x->used);
    free(x->saw_reply);
    free(x);
}

/* ---- what was ---- */

static const char *how(const talk_plan *p)
{
    static char text[200];
    static const char *const picks[] = { "least", "most", "random" };
    snprintf(text, sizeof text, "%s values, seed %lu%s%s%s%s%s", picks[p->pick], (unsigned long)p->seed,
             p->echo ? ", echo" : "", p->urcs ? ", URCs" : "", p->source ? ", source" : "",
             p->twice ? ", twice" : "", p->late ? ", late" : "");
    return text;
}

const char *talk_error(const talk *x)
{
    static char text[8000];
    if (!x->form.name) {
        snprintf(text, sizeof text, "%s, URC: %s%s\n", x->names->dialect, x->error, x->pair->log);
        return text;
    }
    snprintf(text, sizeof text, "%s, %s, reading %u of `%s`, %s: %s%s\n", x->names->dialect,
             x->form.name->c_name, x->plan.reading,
             x->names->lines[x->names->host_lines[x->form.call->line]].syntax, how(&x->plan), x->error,
             x->pair->log);
    return text;
}

size_t talk_bytes(const talk *x, char direction)
{
    return direction == '>' ? x->pair->up.passed : x->pair->down.passed;
}

bool talk_saw_reply(const talk *x, unsigned reply)
{
    return x->saw_reply[reply] != 0;
}

at_status talk_status(const talk *x)
{
    return x->asked.status;
}
