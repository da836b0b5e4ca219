/* What the back ends share: the run they are part of, filling a template into a file, comments.
 * Each product is one function in one file emit_*.c; backend.c lists them.
 * SPDX-License-Identifier: MIT */
#ifndef EMIT_H
#define EMIT_H

#include "diag.h"
#include "model.h"
#include "out.h"
#include "passes.h"
#include "tables.h"
#include "template.h"

typedef struct emitter {
    diag *d;
    const model *m;
    const gen_options *options;
    outputs *out;
    void *room;                 /* what templates are filled with: one pool, used again and again */
    const char *lower, *upper;  /* `toy`, `TOY`: what C names begin with */
    tables *module, *host;      /* NULL: that side is not made */
    const char *fault;          /* set when a template is wrong */
} emitter;

/* The products. */
void emit_header(emitter *);
void emit_module(emitter *);
void emit_host(emitter *);
void emit_lexer(emitter *, side);
void emit_grammar(emitter *, side);
void emit_features(emitter *, side);
void emit_text(emitter *);
void emit_names(emitter *);

/* The rows of one side's tables as C definitions, and the initialiser of the struct that names
 * them. */
void emit_tables(const emitter *, const tables *, text *rows);

/* The list `features`: what that side uses of the runtime, when all of its rows are made. */
void emit_uses(fill *, const tables *);

/* A new set of values that every template may use: lower, upper, dialect, title, spec … */
fill *emit_fill(emitter *);
/* Fill template `name` into the file <lower>`suffix`. */
void emit_file(emitter *, const char *name, const char *suffix, const fill *);

const char *emit_upper(const void *ctx, const char *name);      /* C name in upper case */
/* C string literal with its quotes, "" for NULL */
const char *emit_literal(const void *ctx, const char *s);
/* safe inside a comment, on one line */
const char *emit_comment(const void *ctx, const char *s);
const char *emit_side(side);                                    /* "module", "host" */

/* ---- what forms need on either side ---- */
typedef struct form_rows { const m_struct **rows; size_t n; } form_rows;
/* the structs of its repeated lines, each once */
form_rows emit_rows(const void *ctx, const m_form *);
/* what follows the form's name */
const char *emit_row_name(const void *ctx, const m_form *, const m_struct *row);
/* the first of that kind, or NULL */
const m_atom *emit_atom(const m_form *, m_atom_kind);
bool emit_has_data_from_module(const m_form *);                 /* counted, in a line, or a body */
/* title and note of its command, for a comment */
const char *emit_form_doc(const void *ctx, const m_form *);

#endif
