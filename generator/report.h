/* What people read about a dialect: its reference as a page, and what differs between two of them.
 * SPDX-License-Identifier: MIT */
#ifndef REPORT_H
#define REPORT_H

#include <stdio.h>

#include "model.h"

/* The command reference as one HTML page without anything outside it. */
void report_html(const model *, FILE *);
/* Command by command what only one of the two says: `-` the first, `+` the second. */
void report_diff(const model *, const model *, FILE *);

/* ---- shared words ---- */
extern const char *const report_forms[F_KINDS];
/* A type in the words of a spec: `int 0..10 s`, `enum 0 OFF, 1 ON`; of a list so many items. */
char *report_type(const void *ctx, const m_type *, size_t most);
/* Is this the first slot of its parameter, and is it one? */
int report_is_param(const m_line *, size_t slot);

#endif
