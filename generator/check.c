/* The checker's list of proofs, and how a word that two readings share is reported.
 * SPDX-License-Identifier: MIT */
#include "checker.h"

#include <string.h>

#include "mem.h"
#include "passes.h"
#include "wire.h"

/* How much is compared before the checker gives up: some seconds' work, growing with the spec. */
enum { WORK = 20000000, WORK_PER_FORM = 20000 };

bool check(diag *d, const model *m)
{
    unsigned before = diag_errors(d);
    checker c = {d, m, talloc_new(NULL), {NULL, m, WORK + WORK_PER_FORM * m->n_forms}};

    c.by.ctx = c.ctx;
    check_names(&c);
    check_commands(&c);
    check_data(&c);
    check_answers(&c);
    check_examples(&c);
    talloc_free(c.ctx);
    return diag_errors(d) == before;
}

const m_member *check_member(const m_form *form)
{
    return form && form->command && form->command->n_members ? &form->command->members[0] : NULL;
}

const char *check_sign(const model *m, const m_form *form, m_form_kind kind)
{
    bool both = (form->kinds & 1u << F_SET) && (form->kinds & 1u << F_SAVE);
    const char *sign = both && kind == F_SAVE ? m->lines.operators[F_SAVE] : form->op;
    return sign ? sign : "";
}

/* ---- texts ---- */
static char *check_cell(void *ctx, const m_slot *s, const m_member *member)
{
    if (s->literal) return wire_text(ctx, member, s->text);
    return mem_printf(ctx, "%s<%s>%s", s->pre, s->name, s->post);
}

char *check_reading(void *ctx, const m_line *line, const m_reading *r, const m_member *member,
                    const char *before)
{
    const char *comma = "";
    char *out = mem_printf(ctx, "%s%s%s", before, wire_text(ctx, member, line->head), line->lead);
    for (unsigned i = 0; i < line->n_slots; i++) {
        if (!(r->mask >> i & 1)) continue;
        bool loops = (int)i == line->loop_first + line->loop_n - 1 && line->loop_first >= 0;
        out = mem_check(talloc_asprintf_append(
            out, "%s%s%s", comma, check_cell(ctx, &line->slots[i], member), loops ? ",..." : ""));
        comma = ",";
    }
    return mem_check(talloc_asprintf_append(
        out, "%s", line->data_at == DATA_INLINE ? line->data_lead : line->tail));
}

/* Where a reading differs from another of the same line: the first slot that one of them leaves
 * out. */
static place check_place(const m_line *line, const m_reading *r, const m_reading *other)
{
    for (unsigned i = 0; other && i < line->n_slots; i++)
        if ((r->mask & ~other->mask) >> i & 1) return line->slots[i].at;
    return line->at;
}

/* ---- reports ---- */
static void check_ways(checker *c, const compare_side *a, const compare_side *b,
                       const compare_result *r, const char *before, const char *way_out)
{
    bool same = a->line == b->line;
    if (r->a)
        diag_note(c->d, check_place(a->line, r->a, same ? r->b : NULL), "one way: %s",
                  check_reading(c->ctx, a->line, r->a, a->member, before));
    if (r->b)
        diag_note(c->d, check_place(b->line, r->b, same ? r->a : NULL), "the other: %s",
                  check_reading(c->ctx, b->line, r->b, b->member, before));
    diag_note(c->d, (place){NULL, 0, 0}, "%s", way_out);
}

bool check_report(checker *c, diag_kind kind, const compare_side *a, const compare_side *b,
                  const compare_result *r, const char *before, const char *way_out)
{
    if (r->verdict == COMPARE_APART) return false;
    if (r->verdict == COMPARE_TOO_LARGE) {
        diag_at(c->d, a->line->at, D_CHECK_TOO_LARGE,
                "these lines are too large to be compared; shorten a length or a repetition");
        diag_note(c->d, b->line->at, "the other line");
        return true;
    }
    const char *word = mem_printf(c->ctx, "%s%s", before,
                                  wire_show(c->ctx, c->m, a->line, a->member, r->word, r->n));
    if (r->verdict == COMPARE_UNDECIDED)
        diag_at(c->d, a->line->at, D_UNDECIDED,
                "cannot decide whether a line such as '%s' can be read two ways; state a rule",
                word);
    else
        diag_at(c->d, a->line->at, kind, "'%s' can be read two ways", word);
    check_ways(c, a, b, r, before, way_out);
    return true;
}
