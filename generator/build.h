/* What the grammar's actions call: makes nodes of the tree and checks what needs no other node,
 * such as a name's letters or a range's order. Apart from parse.lemon so that the grammar reads as
 * one.
 * SPDX-License-Identifier: MIT */
#ifndef BUILD_H
#define BUILD_H

#include "ast.h"
#include "diag.h"
#include "scan.h"

typedef struct pat_list { ast_pat *first, *last; } pat_list;
typedef struct step_list { ast_step *first, *last; } step_list;
typedef struct item_list { ast_item *first, *last; bool is_open; } item_list;
typedef struct range_list { ast_range *first, *last; } range_list;
typedef struct name_list { ast_names *first, *last; } name_list;
typedef struct alt_list { ast_alt *first, *last; } alt_list;

/* One clause after a pattern or a step, before it is known what it stands behind. */
typedef struct clause {
    int kind;                   /* TK_AS, TK_WHEN, TK_ONLY, TK_WITHIN, TK_CANCEL, TK_ESCAPE,
                                   TK_MOST, TK_KEPT, TK_REFUSED, TK_SILENCE, TK_LINE */
    place at;
    token value;
    ast_cond *cond;
    ast_time time;
    ast_pat *pattern;
    struct clause *next;
} clause;
typedef struct clause_list { clause *first, *last; } clause_list;

typedef struct form_set { token first; unsigned bits; } form_set;

/* One parse: where the next node goes. */
typedef struct build {
    void *ctx;                  /* of the ast_file */
    diag *d;
    ast_file *file;
    ast_def **tail;             /* where the next definition of the file goes */
    ast_def *command;           /* the command whose block is being read, or NULL */
    ast_def *open;              /* lines, operators, results, refuse, errors: whose block is read */
    ast_def *piece;             /* the last one: patterns on lines of their own belong to it */
    ast_form *form;             /* the last one of the command, likewise */
    ast_example *example;       /* the last one: its exchange follows */
    bool broken;                /* the last statement had a syntax error */
} build;

/* ---- words ---- */
char *build_name(build *, token);                       /* checked: lower case */
char *build_text(build *, token);                       /* a string without NUL */
ast_value build_value(build *, token);
ast_time build_time(build *, token);
ast_time build_product(build *, token first, token second, token unit);

/* ---- patterns ---- */
ast_pat *build_pat(build *, pat_kind, token);
ast_pat *build_group(build *, pat_kind, place, pat_list, ast_cond *when);
ast_pat *build_param(build *, token open, token name, bool may_be_empty);
ast_pat *build_data(build *, ast_pat *param, token count, token close);
void build_count(build *, ast_pat *, token lo, token hi, bool is_open);
pat_list build_add_pat(pat_list, ast_pat *);

/* ---- conditions, types ---- */
ast_cond *build_cond(build *, cond_op, token operand, ast_value lo, ast_value hi);
ast_cond *build_and(build *, ast_cond *, ast_cond *);
ast_type *build_type(build *, ast_type_kind, token);
ast_item *build_item(build *, ast_value, token name, token doc, token extra);
item_list build_add_item(item_list, ast_item *);
item_list build_open_items(build *, item_list, token title);       /* … and others */
void build_set_items(build *, ast_type *, item_list, bool has_default);
char build_separator(build *, token);
range_list build_range(build *, range_list, token lo, token hi);

/* ---- steps ---- */
ast_step *build_step(build *, step_kind, token);
ast_step *build_line_step(build *, ast_pat *);
step_list build_add_step(step_list, ast_step *);
ast_step *build_seq(build *, step_list);
void build_step_bytes(build *, ast_step *, token);
ast_step *build_finish_step(build *, ast_step *, bool later, clause_list);
clause *build_clause(build *, int kind, token at);
clause_list build_add_clause(clause_list, clause *);

/* ---- definitions ---- */
ast_def *build_def(build *, def_kind, token, bool replace);
ast_def *build_open(build *, def_kind, token, bool replace);
void build_open_command(build *, token, bool replace, name_list, token title, token as);
name_list build_add_name(build *, name_list, token name, token arg);
void build_meaning(build *, token keyword, token role, token target, name_list params);
void build_saved(build *, name_list);
void build_aliases(build *, name_list);
void build_removed(build *, token what, name_list);
void build_type_def(build *, token name, token title, ast_type *, bool replace);
alt_list build_add_alt(alt_list, ast_alt *);
ast_alt *build_alt(build *, def_kind of, token label, ast_pat *, clause_list);
void build_form(build *, token first, unsigned forms, ast_alt *, step_list responses);
void build_more(build *, token label, ast_pat *, clause_list, step_list responses);
void build_example(build *, token, token title, ast_cond *given);
void build_wire(build *, token);

/* ---- blocks of lines ---- */
ast_line_item *build_line_item(build *, token key);
void build_line_arg(build *, ast_line_item *, token);
void build_finish_line(build *, ast_line_item *);
void build_operator(build *, token form, token sign);
void build_code(build *, token key, ast_pat *);
void build_error_item(build *, ast_item *);
void build_finish_errors(build *);

#endif
