/* The passes in their order; main.c runs them. Each returns false (or NULL) when it found errors.
 * SPDX-License-Identifier: MIT */
#ifndef PASSES_H
#define PASSES_H

#include <stdio.h>

#include "ast.h"
#include "diag.h"
#include "model.h"

ast_file *ast_load(void *ctx, diag *, const char *spec);        /* text -> trees of the file and all it includes; ast.c */
void ast_dump(const ast_file *, FILE *);
model *resolve(void *ctx, diag *, const ast_file *);            /* trees -> model; resolve.c */
bool check(diag *, const model *);                              /* ambiguity, data lengths, examples; check.c */
void model_dump(const model *, FILE *);                         /* JSON of contracts.md; model_dump.c */
void fmt(const ast_file *, FILE *);                             /* the canonical layout; fmt.c */

/* ---- back ends: entries of one table in backend.c ---- */
typedef enum { SIDE_COMMON, SIDE_MODULE, SIDE_HOST } side;
typedef struct gen_options {
    bool module, host, tools;   /* tools: run re2c and Lemon on what was written */
    const char *prefix;         /* C prefix; NULL: the dialect's name */
    const char *directory;
    const char *template_dir;   /* templates in it are taken instead of the built-in ones; NULL: none */
    const char *const *only;    /* NULL-ended names of commands (or NAME:form, @FILE), NULL: all */
} gen_options;
typedef enum {
    GEN_DONE,
    GEN_SPEC,                   /* the spec is at fault: see the diagnostics */
    GEN_OUTPUT,                 /* a file could not be read or written; `fault` is the message */
    GEN_INTERNAL                /* a template, re2c or Lemon complained: a bug of ours; `fault` says what */
} gen_result;
/* Writes files; none unless all is well. `fault` is a message that lives as long as the model. */
gen_result generate(diag *, const model *, const gen_options *, const char **fault);
/* A skeleton for the user's own code; `missing_from`: a C file, only what it does not define; NULL: all. */
gen_result handlers(diag *, const model *, side, const char *missing_from, FILE *, const char **fault);
/* What is left of the model when only these commands and forms are wanted; `settle`: and what can never be there goes too, as
 * model_settle says. NULL: a name is unknown, or nothing is left of it. */
const model *model_only(void *ctx, const model *, const char *const *names, bool settle, const char **fault);
model *model_copy(void *ctx, const model *);                    /* one that may be changed; copy.c */
void model_settle(model *);     /* module: settings that no form left can change become constants; constant.c */
/* Command lines with that parameter go; false: all of the form's have it, or none; constant.c */
bool model_without(model *, m_form *, const char *param);
bool form_sets(const m_form *, const m_setting *);              /* when it has ended well; constant.c */

#endif
