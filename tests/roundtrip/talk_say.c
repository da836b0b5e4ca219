/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "talk_private.h"

/* ---- values for lines ---- */

/* Fill a line of the module's in `fields` with values its conditions allow; its reading, -1: none. */
static int fill_line(talk *x, const pattern *line, char *fields, const char *request)
{
    unsigned n = line->line->n_readings, first = sample_random(&x->values, n);
    for (unsigned tries = 0; tries < 4 * n; tries++) {
        unsigned reading = (first + tries) % n;
        const at_reading *r = &line->readings[reading];
        cond_scope scope = { line, pattern_mask(line, reading, x->settings), fields, request, x->settings };
        memcpy(x->backup, fields, x->room);
        sample_fill(&x->values, line, reading, x->plan.pick, fields, request);
        if (cond_hold(&scope, r->cond, r->n_conds)) return (int)reading;
        memcpy(fields, x->backup, x->room);
    }
    return -1;
}

/* Data whose rest comes late is taken for lines: when bytes are hurt it looks like none. */
static void calm_data(const talk *x, const pattern *line, unsigned reading, char *fields)
{
    at_bytes data;
    if (!x->plan.hurt || !pattern_has_data(line, reading)) return;
    memcpy(&data, fields + line->rest->data, sizeof data);
    data.p = sample_plain(data.n);
    memcpy(fields + line->rest->data, &data, sizeof data);
}

/* A number that says how often something comes is kept small. */
static void limit_counts(talk *x)
{
    const at_host_tables *h = x->names->host->tables;
    for (unsigned i = 0; i < flow_atoms(&x->form); i++) {
        const at_step *a = flow_step_of(&x->form, i);
        const at_repeat *r = a->loop ? &h->repeats[a->loop - 1] : NULL;
        if (!r || r->figure != 0 || r->offset == AT_NONE) continue;
        const at_type *type = &h->t.types[r->type];
        pattern_limit_number(&h->t, type, x->result + r->offset, TALK_ROUNDS_MAX);
    }
}

/* The result says how many bytes the module takes: no more than there are. */
static void limit_data(talk *x)
{
    const at_tables *t = &x->names->host->tables->t;
    const at_phase *p = flow_data(x->names->host->tables, x->form.call);
    if (!p || !(p->flags & AT_P_COUNT_IN_RESULT)) return;
    const at_type *type = &t->types[p->count_type];
    int64_t v = pattern_number(type, x->result + p->count);
    if (v > (int64_t)x->in.n) pattern_put_number(type, x->result + p->count, (int64_t)x->in.n);
    else x->in.n = (size_t)v;
}

/* Data that an AT_EMIT_DATA writes: its bytes come from the struct. */
static void fill_data(talk *x, unsigned atom, unsigned offset)
{
    const at_phase *p = flow_phase(&x->flow, atom);
    const at_tables *t = &x->names->host->tables->t;
    const at_type *type = &t->types[p->count_type];
    at_bytes data = { NULL, 100 };
    if (p->flags & AT_P_COUNT_IN_RESULT) {
        pattern_limit_number(t, type, x->result + p->count, SAMPLE_PAYLOAD_MAX);
        data.n = (size_t)pattern_number(type, x->result + p->count);
    } else if (p->flags & AT_P_COUNTED) data.n = (size_t)pattern_phase_count(t, p, x->request);
    data.p = p->flags & AT_P_COUNTED && !x->plan.hurt ? sample_payload(data.n) : sample_plain(data.n);
    memcpy(x->result + offset, &data, sizeof data);
    talk_expect_data(x, data.p, data.n);
}

static void note_line(talk *x, const pattern *line, uint32_t mask)
{
    if (x->n_seen == TALK_SEEN_MAX) return;
    x->seen[x->n_seen].line = *line;
    x->seen[x->n_seen++].mask = mask;
}

/* Values for the line of one atom of a reply; false: none are possible. */
static bool fill_atom_line(talk *x, unsigned atom)
{
    const at_atom *a = flow_atom(&x->flow, atom);
    pattern line = pattern_of(&x->names->host->tables->t, a->line);
    const at_step *step = flow_kind(&x->flow, atom);
    bool is_row = (step->flags & AT_A_ROW) != 0;
    char *fields = is_row ? x->row : x->result;
    int reading = fill_line(x, &line, fields, x->request);
    if (reading < 0) return false;
    calm_data(x, &line, (unsigned)reading, fields);
    uint32_t mask = pattern_mask(&line, (unsigned)reading, x->settings);
    if (!is_row) note_line(x, &line, mask);
    if (is_row && (line.line->n_slots > 0 || line.rest->data != AT_NONE))
        x->row_due = (awaited){ line, mask, x->row, step->row, true };
    if (pattern_has_data(&line, (unsigned)reading)) {
        at_bytes data;
        memcpy(&data, fields + line.rest->data, sizeof data);
        talk_expect_data(x, data.p, data.n);
    }
    return true;
}

static bool fill_reply(talk *x, const at_reply *r, const uint8_t *atoms)
{
    memset(x->row, 0, x->room);
    for (unsigned i = 0; i < r->n; i++) {
        const at_emit *e = &r->parts[i];
        if (flow_ends_body(&x->flow, e, atoms[i])) continue;
        if (e->kind == AT_EMIT_LINE && !fill_atom_line(x, atoms[i])) return false;
        limit_counts(x);
        limit_data(x);
        if (e->kind == AT_EMIT_DATA) fill_data(x, atoms[i], e->arg);
    }
    return true;
}

/* ---- replies ---- */

static bool is_row_reply(const talk *x, const at_reply *r, const uint8_t *atoms)
{
    for (unsigned i = 0; i < r->n; i++)
        if (flow_kind(&x->flow, atoms[i])->flags & AT_A_ROW) return true;
    return false;
}

/* A blank there is no data: transparent mode would take it for such. More than one has no prompt. */
static bool may_end_with_blank(const talk *x, unsigned reply)
{
    const at_module_tables *m = x->names->module->tables;
    const at_reply r = at_reply_look(x->names, reply);
    if (r.n == 0 || at_reply_is_transparent(&r) || r.parts[r.n - 1].kind != AT_EMIT_PROMPT) return false;
    const char *prompt = m->t.text + r.parts[r.n - 1].arg;
    return prompt[strlen(prompt) - 1] != ' ';
}

static void write_reply(talk *x, unsigned reply, const char *fields)
{
    size_t waiting = x->pair->down.n;
    at_status s = at_reply_say(x->names, &x->pair->module, reply, fields);
    for (unsigned tries = 0; s == AT_AGAIN && tries < 100 && talk_goes_on(x); tries++) {
        pair_pass(x->pair, 10);
        s = at_reply_say(x->names, &x->pair->module, reply, fields);
    }
    if (s != AT_OK) {
        talk_fail(x, "the module cannot write reply %u, %s: %s", reply, x->names->replies[reply].name,
                  at_status_text(s));
        x->stopped = true;
    }
    x->saw_reply[reply] = 1;
    if (x->plan.blanks && may_end_with_blank(x, reply)) {
        while (at_wants_write(&x->pair->module.link)) at_poll(&x->pair->module.link);
        pair_put(x->pair, &x->pair->down, " ", 1);
    }
    if (x->plan.twice) pair_repeat(x->pair, &x->pair->down, waiting);
}

/* A body may end only when nothing follows for a while. */
static void wait_for_silence(talk *x)
{
    unsigned atom = x->flow.atom < 0 ? 0 : (unsigned)x->flow.atom;
    if (flow_kind(&x->flow, atom)->kind == AT_A_BODY)
        pair_pass(x->pair, flow_phase(&x->flow, atom)->silence_ms);
}

/* Does the end of the line come with it? Else the line after it completes it. */
static bool is_whole(const pattern *line)
{
    const at_tables *t = line->t;
    return line->rest->frame > AT_LINE_URC ||
           strchr(t->text + t->frames[line->rest->frame][1], '\n') != NULL;
}

static void check_row(talk *x)
{
    char *row = x->row;
    if (x->row_before.is_due) talk_fail(x, "a row was not delivered");
    if (!x->row_due.is_due) return;
    if (is_whole(&x->row_due.line)) talk_fail(x, "a row was not delivered");
    x->row = x->old_row;
    x->old_row = row;
    x->row_before = x->row_due;
    x->row_due.is_due = false;
}

static void check_arrived(talk *x)
{
    talk_rest(x);
    wait_for_silence(x);
    check_row(x);
    if (!x->out.is_due || !talk_goes_on(x)) return;
    if (x->out.got != x->out.n) talk_fail(x, "%zu bytes of data of %zu came", x->out.got, x->out.n);
    if (!x->out.ended || x->out.status != AT_OK) talk_fail(x, "the data has not ended well");
    x->out.is_due = false;
}

bool talk_say(talk *x, unsigned reply, const uint8_t *atoms)
{
    const at_reply r = at_reply_look(x->names, reply);
    bool is_row = is_row_reply(x, &r, atoms);
    if (!fill_reply(x, &r, atoms)) return false;
    x->used[reply]++;
    for (unsigned i = 0; i < r.n; i++)
        if (!flow_ends_body(&x->flow, &r.parts[i], atoms[i])) flow_step(&x->flow, atoms[i]);
    x->may_complete = flow_at_end(&x->flow);
    x->phase_begins = r.phase != NULL;
    if (x->phase_begins) x->in.is_due = true;   /* none at all have all come with the reply */
    write_reply(x, reply, is_row ? x->row : x->result);
    if (!x->phase_begins) check_arrived(x);
    return true;
}

void talk_say_error(talk *x, unsigned reply, unsigned known)
{
    const at_module_tables *m = x->names->module->tables;
    const at_known *k = &x->names->host->tables->known[known];
    pattern line = pattern_of(&m->t, at_reply_look(x->names, reply).parts[0].arg);
    memset(x->row, 0, x->room);
    if (fill_line(x, &line, x->row, NULL) < 0) talk_fail(x, "no values for an error result");
    if (line.line->n_slots > 0 && pattern_is_number(pattern_type(&line, 0)))
        x->number = (int32_t)pattern_number(pattern_type(&line, 0), x->row + line.slots[0].offset);
    x->flow.outcome = x->form.course->error_outcome + k->id;
    x->flow.status = AT_REFUSED;
    x->may_complete = true;
    x->resyncs = x->flow.atom >= 0 && flow_kind(&x->flow, (unsigned)x->flow.atom)->kind == AT_A_DATA_IN;
    write_reply(x, reply, x->row);
    talk_rest(x);
}

at_status talk_answer_other(talk *x, unsigned form)
{
    const at_module_tables *m = x->names->module->tables;
    const at_form_name *f = &x->names->forms[m->form_ids[form]];
    unsigned i = f->first_reply, end = i + f->n_replies;
    at_reply r;
    for (; i < end; i++) {
        r = at_reply_look(x->names, i);
        if (r.ends && !r.fails) break;
    }
    if (i == end) return AT_REFUSED;
    memset(x->other, 0, x->room);
    for (const at_emit *e = r.parts; e < r.parts + r.n; e++) {
        pattern line = pattern_of(&m->t, e->arg);
        if (e->kind != AT_EMIT_LINE || fill_line(x, &line, x->other, NULL) < 0) return AT_REFUSED;
    }
    return at_reply_say(x->names, &x->pair->module, i, x->other);
}

/* ---- data ---- */

void talk_take_data(talk *x, unsigned atom)
{
    flow_step(&x->flow, atom);
    x->may_complete = flow_at_end(&x->flow);
    x->in.is_due = true;
    talk_rest(x);
    for (unsigned i = 0; i < 200 && !x->in.ended && talk_goes_on(x); i++) pair_pass(x->pair, 20);
    if (!x->in.ended) {
        talk_fail(x, "the module got %zu bytes of %zu", x->in.got, x->in.n);
        x->stopped = true;
    } else if (x->in.got != x->in.n || x->in.status != AT_OK) {
        talk_fail(x, "the module got %zu bytes of %zu: %s", x->in.got, x->in.n, at_status_text(x->in.status));
    }
    x->in.is_due = false;
}

/* The same of transparent mode; nothing that looks like the line that ends it. */
static const uint8_t *both_ways(const talk *x, const at_phase *p, size_t n)
{
    return x->plan.hurt || p->line != AT_NONE ? sample_plain(n) : sample_payload(n);
}

static void send_both_ways(talk *x, const at_phase *phase)
{
    enum { N = 400 };
    const uint8_t *p = both_ways(x, phase, N);
    size_t up = 0, down = 0;
    x->in = (stream){ .want = p, .n = N, .is_due = true };
    for (unsigned i = 0; i < 2000 && (up < N || down < N) && talk_goes_on(x); i++) {
        up += at_host_send(&x->pair->host, p + up, N - up);
        down += at_module_send(&x->pair->module, p + down, N - down);
        talk_rest(x);
    }
    if (x->in.got != N || x->out.got != N)
        talk_fail(x, "transparent: %zu bytes of %d to the module, %zu to the host", x->in.got, N, x->out.got);
}

/* The module answers to the escape by itself. */
static void skip_answer(talk *x, unsigned atom)
{
    uint8_t atoms[FLOW_ATOMS];
    const at_form_name *f = x->form.name;
    for (unsigned i = f->first_reply; i < (unsigned)f->first_reply + f->n_replies; i++)
        if (flow_takes(&x->flow, i, atoms)) x->saw_reply[i] = 1;
    flow_step(&x->flow, atom);
}

void talk_transparent(talk *x, unsigned atom)
{
    const at_phase *p = flow_phase(&x->flow, atom);
    x->was_transparent = true;
    talk_expect_data(x, both_ways(x, p, 400), 400);
    talk_rest(x);
    if (!x->out.begun) talk_fail(x, "transparent mode does not begin");
    send_both_ways(x, p);
    flow_step(&x->flow, atom);
    bool by_module = p->line != AT_NONE && talk_choose(x, 2);
    int answer = flow_expects(&x->flow, AT_A_FINAL);
    if (by_module) flow_end(&x->flow);
    else if (answer >= 0) skip_answer(x, (unsigned)answer);
    x->resyncs = by_module || answer < 0;
    x->may_complete = flow_may_end(&x->flow) || flow_expects(&x->flow, AT_A_PAUSE) >= 0;
    if (by_module) {
        if (at_module_leave(&x->pair->module) != AT_OK) talk_fail(x, "the module cannot leave");
        x->in.ended = true;     /* its program has said so itself */
    } else if (at_host_escape(&x->pair->host) != AT_OK) {
        talk_fail(x, "the host cannot leave");
    }
    for (uint32_t ms = 0; ms < 4 * p->silence_ms && !(x->in.ended && x->out.ended); ms += 20)
        pair_pass(x->pair, 20);
    if (by_module) pair_pass(x->pair, 20000);       /* nothing else is said */
    if (!x->in.ended || !x->out.ended) talk_fail(x, "transparent mode does not end");
    x->in.is_due = x->out.is_due = false;
}

/* ---- URCs ---- */

/* Values for the URC; its reading, -1: it cannot come under these settings. */
static int fill_urc(talk *x, const pattern *line, const at_known *known, int reading)
{
    memset(x->urc, 0, x->room);
    if (reading < 0) reading = fill_line(x, line, x->urc, NULL);
    else sample_fill(&x->values, line, (unsigned)reading, x->plan.pick, x->urc, NULL);
    if (reading < 0) return -1;
    calm_data(x, line, (unsigned)reading, x->urc);
    const at_reading *r = &line->readings[reading];
    cond_scope scope = { line, pattern_mask(line, (unsigned)reading, x->settings), x->urc, NULL, x->settings };
    bool may_come = cond_hold(&scope, r->cond, r->n_conds) && cond_hold(&scope, known->id, known->n_conds);
    return may_come ? reading : -1;
}

static void write_urc(talk *x, unsigned urc)
{
    at_status s = at_module_urc(&x->pair->module, x->names->urc_lines[urc], x->urc);
    for (unsigned tries = 0; s == AT_AGAIN && tries < 1000 && talk_goes_on(x); tries++) {
        pair_pass(x->pair, 10);
        s = at_module_urc(&x->pair->module, x->names->urc_lines[urc], x->urc);
    }
    if (s != AT_OK) talk_fail(x, "the module cannot send URC %s: %s", x->names->urcs[urc], at_status_text(s));
}

bool talk_say_urc(talk *x, unsigned urc, int reading)
{
    const at_host_tables *h = x->names->host->tables;
    unsigned known = flow_known(x->names, x->names->urc_lines[urc]);
    if (known == FLOW_NONE) {
        talk_wrong(x, "the host does not know the URC %s", x->names->urcs[urc]);
        return false;
    }
    pattern line = pattern_of(&h->t, h->known[known].line);
    reading = fill_urc(x, &line, &h->known[known], reading);
    if (reading < 0) return false;
    uint32_t mask = pattern_mask(&line, (unsigned)reading, x->settings);
    x->urc_due = (awaited){ line, mask, x->urc, urc, true };
    memset(&x->urc_data, 0, sizeof x->urc_data);
    if (pattern_has_data(&line, (unsigned)reading)) {
        at_bytes data;
        memcpy(&data, x->urc + line.rest->data, sizeof data);
        x->urc_data = (stream){ .want = data.p, .n = data.n, .is_due = true };
    }
    write_urc(x, urc);
    talk_rest(x);
    if (x->urc_due.is_due) talk_fail(x, "URC %s was not delivered", x->names->urcs[urc]);
    if (x->urc_data.is_due && (x->urc_data.got != x->urc_data.n || x->urc_data.status != AT_OK))
        talk_fail(x, "URC %s: %zu bytes of %zu came", x->names->urcs[urc], x->urc_data.got, x->urc_data.n);
    return true;
}
