/* Diagnostics: `file:line:col: error: message [name]`, the line with a caret, notes to other places.
 * Every kind is one line of DIAGNOSTICS; tests/errors holds one bad spec for each.
 * SPDX-License-Identifier: MIT */
#ifndef DIAG_H
#define DIAG_H

#include <stdarg.h>
#include <stdbool.h>

#include "source.h"

typedef enum { DIAG_NOTE, DIAG_WARNING, DIAG_ERROR } diag_severity;
typedef struct diag diag;       /* collects; opaque */

/* name, severity: the list grows in diag_kinds.h:  DIAG_KIND(UNKNOWN_TYPE, "unknown-type", DIAG_ERROR) */
#define DIAG_KIND(id, name, severity) D_##id,
typedef enum {
#include "diag_kinds.h"
    DIAG_KIND_COUNT
} diag_kind;
#undef DIAG_KIND

diag *diag_new(void *talloc_ctx);
/* Options as a C compiler takes them: "error", "no-NAME", "NAME", "error=NAME". False: unknown name. */
bool diag_option(diag *, const char *w);
__attribute__((format(printf, 4, 5)))
void diag_at(diag *, place, diag_kind, const char *format, ...);
__attribute__((format(printf, 3, 4)))
void diag_note(diag *, place, const char *format, ...);         /* belongs to the last diag_at */
__attribute__((format(printf, 2, 3)))
void diag_fix(diag *, const char *format, ...);                 /* replacement text for the last diag_at's place, printed under the caret */
unsigned diag_errors(const diag *);                             /* errors so far, warnings made errors included */
/* Print all in the order of their places; `json`: one JSON array. Colour when `colour`. */
void diag_print(const diag *, void *file, bool json, bool colour);
/* The nearest of `names` (NULL-ended) to `word`, or NULL if none is near. */
const char *diag_nearest(const char *word, const char *const *names);

#endif
