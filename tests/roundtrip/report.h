/* What went wrong, collected over many cases: one per form, so that the first does not hide the
 * others.
 * SPDX-License-Identifier: MIT */
#ifndef REPORT_H
#define REPORT_H

#include <check.h>

#include "atnames.h"

typedef struct report {
    unsigned n;                 /* cases that failed */
    unsigned shown;
    char last[64];              /* the form shown last */
    char text[60000];
} report;

/* `what` begins with the case; up to its second comma it says which form it is. */
void report_add(report *, const char *what);
void report_add_form(report *, const at_names *, unsigned form, unsigned number, const char *what);
const char *report_text(report *);

/* How many dialects there are to test: the shipped ones and the examples; to be called first. */
int report_dialects(void);
const at_names *report_dialect(int);
/* How many cases a test has to come to at least: `n`; a dialect of less than 100 forms its share. */
unsigned report_least(const at_names *, unsigned n);
/* Random values begin with it: 0, or another one for each SEED in the environment. */
uint32_t report_seed(void);
/* Runs the suite; the exit status. */
int report_run(Suite *);

#endif
