/* Lines from the module: which of those that may come at one time can be the same. Those of one
 * rank must be disjoint; between ranks the order of LANGUAGE.md section 12 decides, and what is
 * then never or not always delivered is reported. URCs are found by what they begin with, so the
 * work grows with the number of forms.
 * SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "checker.h"
#include "mem.h"
#include "wire.h"

static const char way_answers[] =
    "tell them apart: a literal, 'when' on one of them; what two alternatives begin "
    "with is written once: A / (B | C)";
static const char way_readings[] = "tell them apart with '[... when CONDITION]' or nested brackets";
static const char way_urcs[] = "tell them apart with a literal or with 'when' on one of them";

typedef struct known { /* a URC that may come at any time */
    const m_urc *urc;
    compare_side side;
    char *prefix;
    bool is_free; /* nothing literal in it: free text, of the last rank */
} known;

typedef struct answers {
    checker *c;
    known *urcs;
    size_t n;           /* sorted by prefix */
    bool *lines;        /* by m_line.id: looked at */
    const m_form *form; /* the one that runs */
    bool *pairs;        /* of its atoms: compared */
} answers;

enum { RANK_RESULT, RANK_LINE, RANK_FREE };

/* ---- sides ---- */
/* A line without a literal: anything may be it. */
static bool answer_is_free(const m_line *line)
{
    if (*line->head || *line->tail) return false;
    for (size_t i = 0; i < line->n_slots; i++)
        if (line->slots[i].literal || *line->slots[i].pre || *line->slots[i].post) return false;
    return line->n_slots > 0 && line->slots[0].type->kind == T_TEXT;
}

/* A line that begins with a parameter and has no literal cell. */
static bool answer_is_bare(const m_line *line)
{
    if (*line->head || *line->lead) return false;
    for (size_t i = 0; i < line->n_slots; i++)
        if (line->slots[i].literal || *line->slots[i].pre) return false;
    return true;
}

/* A condition of the form, seen from its answers: a slot of the command line is a field of the
 * request. */
static m_cond answer_cond(const m_line *command, const m_cond *only)
{
    m_cond c = *only;
    if (c.on == IF_SLOT) {
        c.on = IF_REQUEST;
        c.field = command->slots[c.slot].field;
    } else if (c.on == IF_SETTING && c.key_slot >= 0) {
        c.key_field = command->slots[c.key_slot].field;
        c.key_slot = -1;
    }
    return c;
}

/* An atom's line under the conditions of the atom and of the form. */
static compare_side answer_side(const answers *a, const m_atom *atom)
{
    const m_form *form = a->form;
    m_cond *conds = atom->conds;
    if (form->n_only) {
        conds = mem_array(a->c->ctx, m_cond, atom->n_conds + form->n_only);
        for (size_t i = 0; i < atom->n_conds; i++)
            conds[i] = atom->conds[i];
        for (size_t i = 0; i < form->n_only; i++)
            conds[atom->n_conds + i] = answer_cond(form->line, &form->only[i]);
    }
    return (compare_side){.line = atom->line,
                          .form = form,
                          .member = check_member(form),
                          .conds = conds,
                          .n_conds = atom->n_conds + form->n_only};
}

static bool answer_is_line(const m_atom *a)
{
    return (a->kind == A_LINE || a->kind == A_FINAL) && a->line;
}

static int answer_rank(const m_atom *a)
{
    if (a->kind == A_FINAL) return RANK_RESULT;
    return answer_is_free(a->line) ? RANK_FREE : RANK_LINE;
}

/* An empty line is between lines, whoever might have meant it. */
static void answer_empty(answers *a, const m_line *line)
{
    bool empty = false;
    if (*line->head || line->data_at == DATA_INLINE) return;
    for (size_t i = 0; i < line->n_readings && !empty; i++) {
        const nfa *n = wire_reading(a->c->ctx, a->c->m, line, &line->readings[i], NULL, false);
        empty = nfa_accepts(n, "", 0);
    }
    if (!empty) return;
    diag_at(a->c->d, line->at, D_EMPTY_LINE, "nobody would see this line when it is empty");
    diag_note(a->c->d, (place){NULL, 0, 0},
              "where an empty line says something it is the step 'blank'; else give it a value "
              "that is never empty");
}

/* What begins a line that goes on is that, and no result code. */
static void answer_codes(answers *a, const compare_side *side)
{
    const model *m = a->c->m;
    for (size_t i = 0; i < m->n_results && model_goes_on(side->line); i++) {
        compare_side code = {.line = m->results[i].line};
        compare_result r = compare_lines(&a->c->by, side, &code, COMPARE_HEADERS);
        check_report(a->c, D_AMBIGUOUS_RESPONSE, side, &code, &r, "", way_answers);
    }
}

/* A line by itself, once for each line. */
static void answer_alone(answers *a, const compare_side *side, diag_kind kind)
{
    if (a->lines[side->line->id]) return;
    a->lines[side->line->id] = true;
    answer_empty(a, side->line);
    answer_codes(a, side);
    if (side->line->n_readings < 2) return;
    compare_result r = compare_readings(&a->c->by, side, COMPARE_LITERALS_WIN | COMPARE_HEADERS);
    check_report(a->c, kind, side, side, &r, "", way_readings);
}

/* ---- lines of one form ---- */
static void answer_never(answers *a, const compare_side *outer, const compare_side *inner,
                         const char *why)
{
    if (!compare_covers(&a->c->by, outer, inner, 0)) return;
    diag_at(a->c->d, inner->line->at, D_UNREACHABLE,
            "no line can be this one: another takes them all");
    diag_note(a->c->d, outer->line->at, "%s", why);
}

static void answer_pair(answers *a, const m_atom *x, const m_atom *y)
{
    compare_side sx = answer_side(a, x), sy = answer_side(a, y);
    if (answer_rank(x) > answer_rank(y)) {
        compare_side swap = sx;
        sx = sy;
        sy = swap;
    }
    if (answer_rank(x) != answer_rank(y)) {
        answer_never(a, &sx, &sy,
                     x->kind == y->kind ? "free text comes last"
                                        : "a result code comes before other lines");
        return;
    }
    compare_result r = compare_lines(&a->c->by, &sx, &sy, COMPARE_LITERALS_WIN | COMPARE_HEADERS);
    check_report(a->c, D_AMBIGUOUS_RESPONSE, &sx, &sy, &r, "", way_answers);
}

static void answer_not_prefix_free(answers *a, const m_atom *prompt, place at, const char *word,
                                   size_t n)
{
    checker *c = a->c;
    diag_at(
        c->d, at, D_NOT_PREFIX_FREE, "'%s' begins with the prompt '%s' that may come in its place",
        wire_printable(c->ctx, word, n), prompt->sign);
    diag_note(c->d, prompt->at, "a prompt has no end by which the two could be told apart");
}

/* The host looks for one prompt at a time. */
static void answer_two_prompts(answers *a, const m_atom *prompt, const m_atom *other)
{
    diag_at(a->c->d, other->at, D_NOT_GENERATED,
            "not generated yet: a prompt '%s' that may come in place of '%s'", other->sign,
            prompt->sign);
    diag_note(a->c->d, prompt->at, "the other prompt");
}

/* A prompt has no terminator: nothing that may come in its place may begin with it. */
static void answer_prompt(answers *a, const m_atom *prompt, const m_atom *other)
{
    if (other->kind == A_PROMPT) {
        size_t n = strlen(prompt->sign), more = strlen(other->sign);
        if (memcmp(prompt->sign, other->sign, n < more ? n : more) == 0)
            answer_not_prefix_free(a, prompt, other->at, other->sign, more);
        else
            answer_two_prompts(a, prompt, other);
        return;
    }
    if (!answer_is_line(other) || answer_is_free(other->line)) return;
    compare_side side = answer_side(a, other);
    compare_result r = compare_beginning(&a->c->by, &side, prompt->sign, strlen(prompt->sign));
    if (r.verdict == COMPARE_SAME) answer_not_prefix_free(a, prompt, other->at, r.word, r.n);
}

/* Where it is counted how often something comes, the count says whether it or what follows is next.
 */
static bool answer_is_counted(const m_atom *x, const m_atom *y)
{
    return x->loop >= 0 && x->loop != y->loop && (x->count_field || x->loop_min == x->loop_max);
}

/* The same literal line with the same that may follow: it makes no difference which of them it is.
 */
static bool answer_is_same(const m_atom *x, const m_atom *y)
{
    if (!answer_is_line(x) || !answer_is_line(y) || x->kind != y->kind || x->line->n_slots ||
        y->line->n_slots || strcmp(x->line->head, y->line->head) != 0 ||
        strcmp(x->line->lead, y->line->lead) != 0 || x->ends != y->ends ||
        x->may_end != y->may_end || x->n_follow != y->n_follow)
        return false;
    for (size_t i = 0; i < x->n_follow; i++)
        if (x->follow[i] != y->follow[i]) return false;
    return true;
}

static void answer_two(answers *a, unsigned i, unsigned j)
{
    const m_flow *flow = a->form->flow;
    const m_atom *x = &flow->atoms[i], *y = &flow->atoms[j];
    bool *seen = &a->pairs[(i < j ? i : j) * flow->n_atoms + (i < j ? j : i)];
    if (i == j || *seen || answer_is_counted(x, y) || answer_is_counted(y, x) ||
        answer_is_same(x, y))
        return;
    *seen = true;
    if (x->kind == A_PROMPT)
        answer_prompt(a, x, y);
    else if (y->kind == A_PROMPT)
        answer_prompt(a, y, x);
    else if (answer_is_line(x) && answer_is_line(y))
        answer_pair(a, x, y);
}

/* The atoms that may come at one time. */
static void answer_state(answers *a, const unsigned *next, size_t n)
{
    for (size_t i = 0; i < n; i++)
        for (size_t j = i + 1; j < n; j++)
            answer_two(a, next[i], next[j]);
}

/* ---- lines of forms against URCs ---- */
static bool answer_mentions(const m_flow *flow, const m_urc *urc)
{
    for (size_t i = 0; i < flow->n_atoms; i++)
        if (flow->atoms[i].urc == urc) return true;
    return false;
}

/* Could something that the module says of the form's parameters be this URC? What another firmware
 * says instead the host takes as text: then the URC comes first, as it does anywhere. */
static bool answer_says(const answers *a, const compare_side *side, const m_urc *urc)
{
    const m_form *form = a->form;
    for (size_t i = 0; i < form->n_says; i++) {
        const char *text = wire_text(a->c->ctx, side->member, form->says[i].text);
        for (size_t k = 0; k < urc->line->n_readings; k++)
            if (nfa_accepts(wire_reading(a->c->ctx, a->c->m, urc->line, &urc->line->readings[k],
                                         NULL, false), text, strlen(text)))
                return true;
    }
    return false;
}

static void answer_against(answers *a, const compare_side *side, const known *k)
{
    checker *c = a->c;
    if (k->is_free || answer_mentions(a->form->flow, k->urc)) return;
    if (a->form->answers_types && !answer_says(a, side, k->urc)) return;
    compare_result r = compare_lines(&c->by, side, &k->side, COMPARE_HEADERS);
    if (r.verdict == COMPARE_UNDECIDED || r.verdict == COMPARE_TOO_LARGE)
        check_report(c, D_URC_TAKES_RESPONSE, side, &k->side, &r, "", way_urcs);
    if (r.verdict != COMPARE_SAME) return;
    const char *word = wire_show(c->ctx, c->m, side->line, side->member, r.word, r.n);
    if (answer_is_bare(side->line)) {
        diag_at(c->d, side->line->at, D_ROW_LIKE_URC, "'%s' would be taken for the URC %s", word,
                k->urc->name);
        diag_note(c->d, k->urc->at, "URCs come before a running form's lines");
        return;
    }
    diag_at(c->d, side->line->at, D_URC_TAKES_RESPONSE,
            "'%s' is taken for the URC %s before it is this answer", word, k->urc->name);
    diag_note(c->d, k->urc->at, "URCs come before a running form's lines");
    diag_note(c->d, (place){NULL, 0, 0},
              "say when the module sends it ('when'), or, where it is the answer, "
              "'later urc %s'",
              k->urc->name);
}

/* The first URC whose prefix is not below `prefix`. */
static size_t answer_bound(const answers *a, const char *prefix)
{
    size_t lo = 0, hi = a->n;
    while (lo < hi) {
        size_t mid = (lo + hi) / 2;
        if (strcmp(a->urcs[mid].prefix, prefix) < 0)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo;
}

/* Against all URCs that begin with the line's prefix, and those that the line begins with. */
static void answer_side_urcs(answers *a, const compare_side *side)
{
    char *prefix = wire_prefix(a->c->ctx, a->c->m, side->line, side->member);
    size_t n = strlen(prefix);
    for (size_t i = answer_bound(a, prefix); i < a->n && strncmp(a->urcs[i].prefix, prefix, n) == 0;
         i++)
        answer_against(a, side, &a->urcs[i]);
    while (n--) {
        prefix[n] = 0;
        for (size_t i = answer_bound(a, prefix); i < a->n && strcmp(a->urcs[i].prefix, prefix) == 0;
             i++)
            answer_against(a, side, &a->urcs[i]);
    }
    talloc_free(prefix);
}

/* Where the line has the name of the command that runs, under the names of all of its family. */
static void answer_urcs(answers *a, const m_atom *atom)
{
    static const char own[] = {MODEL_NAME, MODEL_ENDING, 0};
    const m_command *command = a->form->command;
    compare_side side = answer_side(a, atom);
    size_t n = strpbrk(side.line->head, own) ? command->n_members : 1;
    for (size_t i = 0; i < n; i++) {
        if (n > 1) side.member = &command->members[i];
        answer_side_urcs(a, &side);
    }
}

static void answer_prompt_urcs(answers *a, const m_atom *prompt)
{
    size_t prompt_n = strlen(prompt->sign);
    for (size_t i = 0; i < a->n; i++) {
        const known *k = &a->urcs[i];
        size_t n = strlen(k->prefix) < prompt_n ? strlen(k->prefix) : prompt_n;
        if (k->is_free || memcmp(k->prefix, prompt->sign, n) != 0) continue;
        compare_result r = compare_beginning(&a->c->by, &k->side, prompt->sign, prompt_n);
        if (r.verdict == COMPARE_SAME) answer_not_prefix_free(a, prompt, k->urc->at, r.word, r.n);
    }
}

static void answer_form(answers *a, const m_form *form)
{
    const m_flow *flow = form->flow;
    a->form = form;
    a->pairs = mem_array(a->c->ctx, bool, flow->n_atoms * flow->n_atoms + 1);
    answer_state(a, flow->first, flow->n_first);
    for (size_t i = 0; i < flow->n_atoms; i++) {
        const m_atom *atom = &flow->atoms[i];
        answer_state(a, atom->follow, atom->n_follow);
        if (answer_is_line(atom)) {
            compare_side side = answer_side(a, atom);
            answer_alone(a, &side, D_AMBIGUOUS_RESPONSE);
        }
        if (answer_is_line(atom) && answer_rank(atom) == RANK_LINE) answer_urcs(a, atom);
        if (atom->kind == A_PROMPT) answer_prompt_urcs(a, atom);
    }
    talloc_free(a->pairs);
}

/* ---- URCs and result codes ---- */
static int answer_order(const void *x, const void *y)
{
    const known *a = x, *b = y;
    int order = strcmp(a->prefix, b->prefix);
    return order ? order : (a->urc->id > b->urc->id) - (a->urc->id < b->urc->id);
}

static void answer_collect(answers *a)
{
    const model *m = a->c->m;
    a->n = m->n_urcs;
    a->urcs = mem_array(a->c->ctx, known, a->n + 1);
    for (size_t i = 0; i < a->n; i++) {
        const m_urc *u = m->urcs[i];
        a->urcs[i] = (known){u,
                             {.line = u->line, .conds = u->conds, .n_conds = u->n_conds},
                             wire_prefix(a->c->ctx, m, u->line, NULL),
                             answer_is_free(u->line)};
    }
    qsort(a->urcs, a->n, sizeof *a->urcs, answer_order);
}

static void answer_two_urcs(answers *a, const known *x, const known *y)
{
    if (x->is_free != y->is_free) return;
    if (x->urc->id > y->urc->id) {
        const known *swap = x;
        x = y;
        y = swap;
    }
    compare_result r =
        compare_lines(&a->c->by, &x->side, &y->side, COMPARE_LITERALS_WIN | COMPARE_HEADERS);
    check_report(a->c, D_AMBIGUOUS_URC, &x->side, &y->side, &r, "", way_urcs);
}

/* Sorted by prefix, those that share one stand behind each other. */
static void answer_all_urcs(answers *a)
{
    for (size_t i = 0; i < a->n; i++) {
        size_t n = strlen(a->urcs[i].prefix);
        answer_alone(a, &a->urcs[i].side, D_AMBIGUOUS_URC);
        for (size_t j = i + 1; j < a->n && strncmp(a->urcs[i].prefix, a->urcs[j].prefix, n) == 0;
             j++)
            answer_two_urcs(a, &a->urcs[i], &a->urcs[j]);
    }
}

static void answer_results(answers *a)
{
    const model *m = a->c->m;
    for (size_t i = 0; i < m->n_results; i++) {
        compare_side x = {.line = m->results[i].line};
        for (size_t j = i + 1; j < m->n_results; j++) {
            compare_side y = {.line = m->results[j].line};
            compare_result r = compare_lines(&a->c->by, &x, &y, COMPARE_LITERALS_WIN);
            check_report(a->c, D_AMBIGUOUS_RESPONSE, &x, &y, &r, "", way_urcs);
        }
        for (size_t j = 0; j < a->n; j++)
            answer_never(a, &x, &a->urcs[j].side, "a result code comes before URCs");
    }
}

void check_answers(checker *c)
{
    answers a = {.c = c};
    a.lines = mem_array(c->ctx, bool, c->m->n_lines + 1);
    answer_collect(&a);
    answer_results(&a);
    answer_all_urcs(&a);
    for (size_t i = 0; i < c->m->n_forms; i++)
        if (c->m->forms[i]->flow) answer_form(&a, c->m->forms[i]);
}
