/* What may follow a command, as an automaton: one state per atom (Glushkov), so that every state is
 * a place in the spec. Here atoms and their order; what the order means is in resolve_flow_end.c.
 * SPDX-License-Identifier: MIT */
#include <limits.h>
#include <string.h>

#include "resolve.h"

typedef struct set {
    unsigned *v;
    size_t n;
} set;
typedef struct frag {
    set first, last;
    bool nullable;
} frag;

typedef struct flow_builder {
    resolver *r;
    const scope *s;
    m_form *form;
    m_struct *takes, *result;
    m_flow *flow;
    bool in_rows, in_optional;
    int loops; /* counted repetitions so far */
    bool full;
} flow_builder;

/* ---- sets of atoms ---- */

static void set_add(flow_builder *b, set *to, unsigned atom)
{
    for (size_t i = 0; i < to->n; i++)
        if (to->v[i] == atom) return;
    APPEND(b->r->ctx, unsigned, to->v, to->n, atom);
}

static void set_join(flow_builder *b, set *to, const set *from)
{
    for (size_t i = 0; i < from->n; i++) set_add(b, to, from->v[i]);
}

static void connect(flow_builder *b, const set *last, const set *first)
{
    for (size_t i = 0; i < last->n; i++) {
        m_atom *a = &b->flow->atoms[last->v[i]];
        set follow = { a->follow, a->n_follow };
        set_join(b, &follow, first);
        a->follow = follow.v;
        a->n_follow = follow.n;
    }
}

static frag frag_of(flow_builder *b, unsigned atom)
{
    frag f = { { NULL, 0 }, { NULL, 0 }, false };
    set_add(b, &f.first, atom);
    set_add(b, &f.last, atom);
    return f;
}

static frag frag_then(flow_builder *b, const frag *x, const frag *y)
{
    frag f = { { NULL, 0 }, { NULL, 0 }, x->nullable && y->nullable };
    connect(b, &x->last, &y->first);
    set_join(b, &f.first, &x->first);
    if (x->nullable) set_join(b, &f.first, &y->first);
    set_join(b, &f.last, &y->last);
    if (y->nullable) set_join(b, &f.last, &x->last);
    return f;
}

/* ---- atoms ---- */

static m_atom_kind kind_of(step_kind kind)
{
    switch (kind) {
    case STEP_PROMPT: return A_PROMPT;
    case STEP_DATA_IN: return A_DATA_IN;
    case STEP_DATA_OUT: return A_DATA_OUT;
    case STEP_BODY: return A_BODY;
    case STEP_BLANK: return A_BLANK;
    case STEP_TRANSPARENT: return A_TRANSPARENT;
    case STEP_URC: return A_URC;
    case STEP_PAUSE: return A_PAUSE;
    default: return A_LINE;
    }
}

/* Index of a new atom; when there are too many, of the last one. */
static unsigned atom_new(flow_builder *b, m_atom_kind kind, const rstep *p)
{
    m_flow *f = b->flow;
    if (f->n_atoms == MAX_ATOMS) {
        if (!b->full)
            diag_at(b->r->d, p->at, D_TOO_MANY_STEPS, "a form has at most %d steps", MAX_ATOMS);
        b->full = true;
        return MAX_ATOMS - 1;
    }
    m_atom a = {
        .kind = kind, .at = p->at, .later = p->later, .name = p->as, .outcome = -1, .loop = -1
    };
    a.heard = p->from && p->from->is_heard;
    a.row = b->in_rows || p->is_row;
    a.begins = p->is_row && !b->in_rows;
    a.alone = b->in_optional && !a.row && kind == A_LINE;
    APPEND(b->r->ctx, m_atom, f->atoms, f->n_atoms, a);
    return (unsigned)f->n_atoms - 1;
}

/* Line ends in front of a prompt are framing, and modules differ in what blanks stand behind it. */
static const char *prompt_sign(resolver *r, const m_atom *prompt)
{
    const char *sign = prompt->text + strspn(prompt->text, "\r\n");
    size_t n = strlen(sign);
    while (n > 1 && sign[n - 1] == ' ') n--;
    return mem_bytes(r->ctx, sign, n);
}

static void set_bytes(resolver *r, m_atom *a, const ast_step *from)
{
    a->text = from->text;
    a->text_len = from->text_len;
    if (a->kind == A_PROMPT) a->sign = prompt_sign(r, a);
    a->cancel = from->cancel;
    a->cancel_len = from->cancel_len;
    a->escape = from->escape;
    a->escape_len = from->escape_len;
    if (from->kind == STEP_DATA_IN) a->max = from->max;
    a->short_kept = from->is_short_kept;
}

static void add_conds(flow_builder *b, m_atom *a, const ast_cond *when)
{
    m_cond *all = NULL;
    size_t n = 0;
    cond_all(b->r, b->s, a->line, when, &all, &n);
    for (size_t i = 0; i < n; i++)
        if (all[i].on != IF_SLOT) APPEND(b->r->ctx, m_cond, a->conds, a->n_conds, all[i]);
}

static scope scope_of(const flow_builder *b, const rstep *p)
{
    scope s = *b->s;
    s.later = p->later;
    return s;
}

static const char *data_name(const rstep *p)
{
    return p->name ? p->name : "data";
}

static void set_data(flow_builder *b, m_atom *a, const rstep *p)
{
    a->name = name_c(b->r, p->as ? p->as : data_name(p));
    if (a->kind == A_DATA_IN) {
        const m_field *taken = struct_find(b->takes, "data");
        bool is_other = taken && taken->type->kind != T_BYTES;
        struct_field(b->r, b->takes, is_other ? "payload" : "data", type_bytes(b->r), p->at);
    } else if (!a->row) {
        struct_field(b->r, b->result, data_name(p), type_bytes(b->r), p->at);
    }
}

static void set_line(flow_builder *b, m_atom *a, const rstep *p)
{
    const scope s = scope_of(b, p);
    bool is_line = p->kind == STEP_LINE;
    m_line *line = line_make(b->r, &s, is_line ? LINE_RESPONSE : LINE_CODE, p->pattern,
                             is_line ? p->when : NULL);
    a->line = line;
    if (a->kind == A_LINE && result_of(b->r, line) && result_of(b->r, line)->klass != RC_BUSY)
        a->kind = A_FINAL;
    if (!a->row) struct_line(b->r, b->result, line);
}

static frag build_atom(flow_builder *b, const rstep *p)
{
    unsigned i = atom_new(b, kind_of(p->kind), p);
    m_atom a = b->flow->atoms[i];
    if (p->pattern && p->kind != STEP_DATA_OUT) set_line(b, &a, p);
    if (p->kind == STEP_DATA_IN || p->kind == STEP_DATA_OUT || p->kind == STEP_BODY)
        set_data(b, &a, p);
    set_bytes(b->r, &a, p->from);
    a.within = time_of(b->r, b->s, &p->from->within);
    a.silence = time_of(b->r, b->s, &p->from->silence);
    a.count_field = p->count; /* looked up when the order is known */
    add_conds(b, &a, p->when);
    b->flow->atoms[i] = a;
    return frag_of(b, i);
}

/* One atom for each shape of the URC. */
static frag build_urc(flow_builder *b, const rstep *p)
{
    frag all = { { NULL, 0 }, { NULL, 0 }, false };
    m_urc **urcs;
    size_t n;
    urc_find(b->r, p->name, p->at, &urcs, &n);
    for (size_t k = 0; k < n; k++) {
        unsigned i = atom_new(b, A_URC, p);
        m_atom *a = &b->flow->atoms[i];
        a->urc = urcs[k];
        a->name = p->as ? p->as : urcs[k]->c_name;
        a->within = time_of(b->r, b->s, &p->from->within);
        add_conds(b, a, p->when);
        set_add(b, &all.first, i);
        set_add(b, &all.last, i);
    }
    return all;
}

/* ---- composition ---- */

static frag build_step(flow_builder *, const rstep *);

/* Where lines end with an empty line (`result … CR LF CR LF`), rows behind a result code end with
 * it too. */
static bool needs_blank(const flow_builder *b, const rstep *seq, const frag *f)
{
    const char *end = b->r->m->lines.result[1];
    size_t n = strlen(end);
    return seq->rows_follow && f->first.n && b->flow->atoms[f->first.v[0]].kind == A_FINAL && n >= 4
           && !strcmp(end + n - 4, "\r\n\r\n");
}

static frag build_seq(flow_builder *b, const rstep *seq)
{
    frag f = { { NULL, 0 }, { NULL, 0 }, true };
    for (const rstep *p = seq->kids; p; p = p->next) {
        frag next = build_step(b, p);
        f = frag_then(b, &f, &next);
    }
    if (!needs_blank(b, seq, &f)) return f;
    frag blank = frag_of(b, atom_new(b, A_BLANK, seq));
    return frag_then(b, &f, &blank);
}

static frag build_choice(flow_builder *b, const rstep *choice)
{
    frag f = { { NULL, 0 }, { NULL, 0 }, false };
    for (const rstep *p = choice->kids; p; p = p->next) {
        frag next = build_step(b, p);
        set_join(b, &f.first, &next.first);
        set_join(b, &f.last, &next.last);
        f.nullable |= next.nullable;
    }
    return f;
}

/* Only 0..1, 0.. and 1.. can be told from the order of the atoms; everything else is counted. */
static bool is_counted(const rstep *p)
{
    if (p->count) return true;
    return !(p->min <= 1 && (p->max == UINT_MAX || p->max == 1));
}

static void mark_loop(flow_builder *b, size_t from, const frag *f, const rstep *p)
{
    int loop = b->loops++;
    for (size_t i = from; i < b->flow->n_atoms; i++) {
        m_atom *a = &b->flow->atoms[i];
        if (a->loop >= 0)
            diag_at(b->r->d, p->at, D_NESTED_COUNT, "a counted repetition contains another one");
        a->loop = loop;
        a->loop_min = (int)p->min;
        a->loop_max = p->max > INT_MAX ? INT_MAX : (int)p->max;
    }
    for (size_t i = 0; i < f->first.n && p->count; i++)
        b->flow->atoms[f->first.v[i]].count_field = p->count;
}

/* Can what counts a repetition, a number of a line so far or of the request, be 0? */
static bool may_count_none(const flow_builder *b, const char *param)
{
    const m_slot *slot = NULL;
    for (size_t i = 0; i < b->flow->n_atoms && !slot; i++)
        if (b->flow->atoms[i].line) slot = line_param(b->flow->atoms[i].line, param);
    if (!slot) slot = line_param(b->s->request, param);
    return !slot || type_may_be(slot->type, 0);
}

static frag build_repeat(flow_builder *b, const rstep *p)
{
    bool in_rows = b->in_rows, in_optional = b->in_optional, many = p->max > 1 || p->count;
    size_t from = b->flow->n_atoms;
    b->in_rows |= many;
    b->in_optional |= !many;
    frag f = build_seq(b, p);
    b->in_rows = in_rows;
    b->in_optional = in_optional;
    if (f.nullable) diag_at(b->r->d, p->at, D_EMPTY_LOOP, "what is repeated may be nothing");
    if (many) connect(b, &f.last, &f.first);
    if (is_counted(p)) mark_loop(b, from, &f, p);
    f.nullable |= p->count ? may_count_none(b, p->count) : p->min == 0;
    return f;
}

/* A condition on a group is one on whatever can come first in it. */
static void condition_group(flow_builder *b, const frag *f, const ast_cond *when)
{
    for (size_t i = 0; when && i < f->first.n; i++)
        add_conds(b, &b->flow->atoms[f->first.v[i]], when);
}

/* The same with a time limit. */
static void limit_group(flow_builder *b, const frag *f, const ast_time *within)
{
    for (size_t i = 0; within->given && i < f->first.n; i++)
        b->flow->atoms[f->first.v[i]].within = time_of(b->r, b->s, within);
}

static frag build_step(flow_builder *b, const rstep *p)
{
    frag f;
    switch (p->kind) {
    case STEP_SEQ: f = build_seq(b, p); break;
    case STEP_CHOICE: f = build_choice(b, p); break;
    case STEP_REPEAT: f = build_repeat(b, p); break;
    case STEP_URC: return build_urc(b, p);
    default: return build_atom(b, p);
    }
    condition_group(b, &f, p->when);
    limit_group(b, &f, &p->from->within);
    return f;
}

/* ---- a form's flow ---- */

static void set_ends(flow_builder *b, const frag *f)
{
    b->flow->first = f->first.v;
    b->flow->n_first = f->first.n;
    b->flow->may_be_empty = f->nullable;
    for (size_t i = 0; i < f->last.n; i++) b->flow->atoms[f->last.v[i]].may_end = true;
    for (size_t i = 0; i < b->flow->n_atoms; i++) { /* its line ends the form */
        m_atom *a = &b->flow->atoms[i];
        a->may_end |= a->kind == A_TRANSPARENT && a->line;
    }
}

/* A form without steps is answered with the first ok result. */
static frag build_plain(flow_builder *b)
{
    const ast_step none = { .kind = STEP_LINE, .at = b->form->at };
    const rstep p = { .kind = STEP_LINE, .from = &none, .at = b->form->at };
    const m_result *ok = result_first(b->r, RC_OK);
    unsigned i = atom_new(b, A_FINAL, &p);
    b->flow->atoms[i].line = ok ? ok->line : b->form->line;
    return frag_of(b, i);
}

/* The answer to `=?` is rows of text, whatever a module says there. */
static frag build_test(flow_builder *b)
{
    rstep *rows = step_make(b->r, b->s, test_rows(b->r, b->s, b->form->at));
    frag f = build_step(b, rows), ok = build_plain(b);
    return frag_then(b, &f, &ok);
}

void flow_make(resolver *r, const scope *s, m_form *form, m_struct *takes,
               const ast_step *responses)
{
    flow_builder b = { .r = r, .s = s, .form = form, .takes = takes };
    rstep *steps = form->answers_types ? NULL : step_make(r, s, responses);
    b.flow = mem_new(r->ctx, m_flow);
    b.result = struct_new(r, mem_printf(r->ctx, "%s_result", form->c_name), NULL);
    struct_special(r, b.result, true);
    if (responses && !steps && !form->answers_types) {
        diag_at(r->d, responses->at, D_NEVER, "none of these answers can come to '%s'",
                form->line->syntax);
        diag_note(r->d, form->at, "it has no parameter that their conditions ask for");
    }
    frag f = form->answers_types ? build_test(&b)
             : steps             ? build_step(&b, steps)
                                 : build_plain(&b);
    set_ends(&b, &f);
    form->flow = b.flow;
    flow_finish(r, s, form, b.flow, b.result);
    form->result = struct_keep(r, b.result, form->at);
}
