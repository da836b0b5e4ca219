/* The tree of a spec file as it was written: one node per construct, each with its place. Made by
 * parse.lemon, read by resolve.c and fmt.c and by nothing else; back ends see model.h only.
 * All nodes live in the talloc context of their `ast_file`.
 * SPDX-License-Identifier: MIT */
#ifndef AST_H
#define AST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "source.h"             /* place: where a node stands */

/* ---- line patterns ---- */
typedef enum { PAT_TEXT, PAT_QUOTED, PAT_PARAM, PAT_DATA, PAT_OPTIONAL, PAT_CHOICE, PAT_REPEAT,
               PAT_PIECE, PAT_NEWLINE, PAT_SEQ } pat_kind;

typedef struct ast_type ast_type;
typedef struct ast_cond ast_cond;

typedef struct ast_pat {
    pat_kind kind;
    place at;
    char *text;                 /* TEXT: literal bytes, unescaped; QUOTED: bytes between the quotes; PARAM, DATA, PIECE: name */
    ast_type *type;             /* PARAM: written inside <name:type>, or NULL */
    bool may_be_empty;          /* <name?> */
    bool tied;                  /* <=name> */
    bool is_either;             /* DATA: quoted or bare */
    char *count;                /* DATA: name of the parameter that counts; REPEAT: `<count>` name, or NULL */
    unsigned min, max;          /* REPEAT; max = UINT_MAX: open */
    ast_cond *when;             /* OPTIONAL, and branches of CHOICE (on the SEQ): present exactly when */
    struct ast_pat *kids;       /* SEQ: its parts; CHOICE: its branches (SEQ each); OPTIONAL, REPEAT: one SEQ */
    struct ast_pat *next;
} ast_pat;

/* ---- conditions ---- */
typedef enum { COND_AND, COND_EQ, COND_NE, COND_LT, COND_LE, COND_GT, COND_GE, COND_IN, COND_HAS } cond_op;
typedef struct ast_value { place at; enum { VAL_NUMBER, VAL_WORD, VAL_STRING } kind; long long number; char *text; } ast_value;
struct ast_cond {
    cond_op op;
    place at;
    ast_cond *left, *right;     /* COND_AND */
    char *command;              /* +CIPMUX, or NULL: a parameter of this line or of the request */
    char *key;                  /* [<id>], or NULL */
    ast_value *key_value;       /* [0], or NULL: in `given` only */
    char *param;
    ast_value lo, hi;           /* hi: COND_IN only */
};

/* ---- types ---- */
typedef enum { TYPE_NAMED, TYPE_INT, TYPE_ENUM, TYPE_BOOL, TYPE_STRING, TYPE_TEXT, TYPE_IP, TYPE_MAC,
               TYPE_HEX, TYPE_FLAGS } ast_type_kind;
typedef struct ast_range {
    long long lo, hi;
    unsigned char digits;       /* of the first number, if it is written with zeros in front; else 0 */
    struct ast_range *next;
} ast_range;
typedef struct ast_item {       /* of enum, flags, bool, errors */
    place at;
    ast_value value;            /* what is on the wire: number, bare word or quoted word */
    char *name;                 /* its C name part, or NULL: made from the value */
    char *doc;
    char *extra;                /* while parsing only: a second text after the item */
    struct ast_item *next;
} ast_item;
struct ast_type {
    ast_type_kind kind;
    place at;
    char *name;                 /* NAMED and `like`: the type meant */
    ast_range *ranges;          /* numbers; string, text, hex: lengths */
    ast_item *items;
    bool is_open;               /* other numbers too */
    bool hex;                   /* int, flags: radix 16 on the wire */
    enum { QUOTE_DEFAULT, QUOTE_QUOTED, QUOTE_BARE, QUOTE_EITHER } quote;
    char separator;             /* mac: ':' '-' or 0 */
    enum { CASE_ANY, CASE_UPPER, CASE_LOWER } letters;
    char *unit, *doc;
    ast_value *dflt;            /* = DEFAULT, or NULL */
};

/* ---- steps ---- */
typedef enum { STEP_SEQ, STEP_CHOICE, STEP_REPEAT, STEP_LINE, STEP_PROMPT, STEP_DATA_IN, STEP_DATA_OUT,
               STEP_BODY, STEP_BLANK, STEP_TRANSPARENT, STEP_URC, STEP_PAUSE } step_kind;
typedef struct ast_time {       /* ms, and numbers times each other times scale_ms */
    place at; uint32_t ms; ast_cond *by[2]; uint32_t scale_ms; bool given;      /* by: what a condition compares */
} ast_time;
typedef struct ast_step {
    step_kind kind;
    place at;
    bool later;
    ast_pat *pattern;           /* LINE; BODY: what ends it; TRANSPARENT: the line that ends it, or NULL */
    char *text;                 /* PROMPT, DATA_IN until, TRANSPARENT escape: the bytes (may hold NUL) */
    size_t text_len;
    char *name;                 /* DATA_OUT, BODY: what the data is called; URC: its name */
    char *count;                /* DATA_IN, DATA_OUT: parameter that counts; REPEAT: `<count>`, or NULL */
    unsigned min, max;          /* REPEAT; DATA_IN: max = `at most`, 0 none */
    char *cancel, *escape;      /* DATA_IN; NULL: none */
    size_t cancel_len, escape_len;
    bool is_heard;              /* the module never says it */
    bool is_short_kept, is_short_refused;
    ast_time within, silence;   /* silence: BODY, TRANSPARENT, PAUSE */
    char *as;
    ast_cond *when;
    struct ast_step *kids;      /* SEQ, CHOICE (branches), REPEAT (one SEQ) */
    struct ast_step *next;
} ast_step;

/* ---- examples: lines with direction ---- */
typedef struct ast_wire { place at; char direction; char *bytes; size_t len; struct ast_wire *next; } ast_wire;
typedef struct ast_example {
    place at; char *title; ast_cond *given; ast_wire *lines; struct ast_example *next;
} ast_example;

/* ---- definitions ---- */
typedef struct ast_names { place at; char *name; char *arg; struct ast_names *next; } ast_names;
typedef struct ast_alt {        /* a labelled pattern: variant of a form, shape of a URC, alternative of a piece */
    place at; char *label; ast_pat *pattern; ast_cond *when, *only; ast_time within; char *as;
    struct ast_alt *next;
} ast_alt;
typedef struct ast_form {
    place at;
    unsigned forms;             /* 1 << FORM_…; several: `set, save` */
    ast_alt *variants;          /* NULL pattern: `test` answered from the types */
    ast_step *responses;        /* alternatives (`->`), each a SEQ; NULL: the first ok result */
    char *as;
    struct ast_form *next;
} ast_form;
typedef enum { FORM_EXEC, FORM_READ, FORM_TEST, FORM_SET, FORM_SAVE, FORM_QUERY, FORM_COUNT } form_kind;
typedef struct ast_def ast_def;
/* LINES: `args` are the words after the key as values (a time in ms); framing items have their bytes as TEXT
 * nodes: `command` in `after`, the others around `…` in `before` (NULL: none) and `after`; `resync` has the
 * command line in `pattern` and the answer in `after`. */
typedef struct ast_line_item { place at; char *key; ast_value *args; size_t n_args; ast_pat *before, *after, *pattern;
                               struct ast_line_item *next; } ast_line_item;

typedef enum { DEF_DIALECT, DEF_MANUAL, DEF_INCLUDE, DEF_LINES, DEF_OPERATORS, DEF_RESULTS, DEF_REFUSE, DEF_ERRORS,
               DEF_TYPE, DEF_PIECE, DEF_COMMAND, DEF_URC, DEF_EXAMPLE, DEF_NAMED, DEF_REMOVE, DEF_NOTE,
               DEF_MEANS } def_kind;
struct ast_def {
    def_kind kind;
    place at;                   /* of the name, or of the keyword where there is none */
    bool replace;
    char *name;                 /* DIALECT, ERRORS, TYPE, PIECE, URC: name; INCLUDE: path; REMOVE: "command" | "urc" | "type"; MEANS: what */
    char *title;
    char *as;
    ast_names *names;           /* COMMAND: the family; NAMED, REMOVE: what; MEANS: the form or URC, then parameters */
    ast_names *saved;           /* COMMAND: name = ending (`_CUR`), arg = `ram` | `flash`  */
    ast_names *aliases;         /* COMMAND: name = alias, arg = the ending it belongs to or NULL */
    ast_type *type;             /* TYPE, ERRORS (TYPE_ENUM) */
    ast_alt *alts;              /* PIECE, URC */
    ast_line_item *items;       /* LINES (key = item), OPERATORS (key = form, args[0] = sign, "" for -), RESULTS (key = ok|error|busy,
                                   pattern), REFUSE (key = what, pattern) */
    ast_form *forms;            /* COMMAND */
    ast_example *examples;      /* COMMAND, EXAMPLE */
    ast_def *defs;              /* COMMAND: its own types, pieces, notes */
    char *note;                 /* NOTE */
    ast_def *next;
};

/* ast_load gives all files of a spec, an included one before the one that includes it; the last is the
 * file that was asked for. */
typedef struct ast_file { char *path; ast_def *defs; struct ast_file *next; const source *src; } ast_file;

/* Do two files say the same, wherever it stands in them? */
bool ast_same(const ast_file *, const ast_file *);

#endif
