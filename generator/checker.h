/* Inside of the checker: what its files share. Each file proves one thing about a model and
 * reports what it cannot prove.
 * SPDX-License-Identifier: MIT */
#ifndef CHECKER_H
#define CHECKER_H

#include "compare.h"
#include "diag.h"
#include "model.h"

typedef struct checker {
    diag *d;
    const model *m;
    void *ctx;
    comparer by;
} checker;

void check_names(checker *);    /* no two commands with one name; check_command.c */
void check_commands(checker *); /* no command line is read two ways; check_command.c */
void check_answers(checker *);  /* no line from the module is read two ways; check_answer.c */
void check_data(checker *);     /* every data length and every tie has its source; check_data.c */
void check_examples(checker *); /* every example is an exchange of the dialect; check_example.c */

/* ---- what they share; check.c ---- */
/* Name of the first member, or NULL: what MODEL_NAME in the form's lines is shown as. */
const m_member *check_member(const m_form *);
/* The sign that the form's command lines of this kind have after the name: "=", "?", "" */
const char *check_sign(const model *, const m_form *, m_form_kind);
/* One reading as a manual writes it: `before` in front of its cells. */
char *check_reading(void *ctx, const m_line *, const m_reading *, const m_member *,
                    const char *before);
/* What COMPARE_SAME, UNDECIDED, TOO_LARGE mean to the user; `before` stands in front of the word.
 * True: reported. */
bool check_report(checker *, diag_kind, const compare_side *a, const compare_side *b,
                  const compare_result *, const char *before, const char *way_out);

#endif
