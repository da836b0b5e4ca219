/* Inside of the resolver: what its files share. Trees go in (ast.h), the model comes out (model.h);
 * each file resolves one noun. Everything lives in the model's talloc context.
 * SPDX-License-Identifier: MIT */
#ifndef RESOLVE_H
#define RESOLVE_H

#include "ast.h"
#include "diag.h"
#include "mem.h"                /* before uthash.h: what happens when there is no memory */
#include "model.h"

#include <uthash.h>

enum {
    MAX_READINGS = 255,         /* of a line; tables count them in one byte */
    MAX_SLOTS = 32,             /* of a line */
    MAX_RUNNING = 8,            /* definitions inside each other */
    MAX_PARTS = 2000,           /* of a pattern with its pieces put in */
    MAX_ATOMS = 250,            /* of a form's flow */
    MAX_REPLIES = 64,           /* of a form */
    DEFAULT_LOOP = 8            /* repetitions inside a line where the spec names no limit */
};

/* `array` of `n` items grows by `value`; it is doubled whenever n is a power of two. */
#define APPEND(ctx, type, array, n, value) do { \
        if (((n) & ((n) - 1)) == 0) \
            (array) = mem_grow((ctx), (array), type, (n) ? 2 * (n) : 1); \
        (array)[(n)++] = (value); \
    } while (0)

/* ---- names with what they stand for ---- */
typedef struct symbol {
    const char *name;
    void *value;
    place at;
    UT_hash_handle hh;
} symbol;

/* ---- definitions after includes, replacements and removals; resolve_def.c ---- */
typedef struct def_entry {
    const ast_def *def;
    ast_names *names;           /* COMMAND: the members that are left */
    bool dead;
    m_command *command;         /* COMMAND: what it became */
    m_urc **urcs; size_t n_urcs;        /* URC: its shapes */
    struct def_entry *next;
} def_entry;

typedef struct defs {
    def_entry *first, *last;
    /* at most one each, or NULL */
    def_entry *dialect, *manual, *lines, *operators, *results, *refuse;
    symbol *types, *pieces, *commands, *urcs;   /* values: def_entry */
} defs;

typedef struct resolver {
    void *ctx;
    diag *d;
    model *m;
    const ast_file *files;
    defs defs;
    symbol *type_cache;         /* key: address of the definition in hexadecimal */
    symbol *c_names;            /* C identifiers in use */
    symbol *settings;
    ast_type *test_row;         /* type of the rows that answer `=?`, NULL: not yet made */
    unsigned n_parts;           /* of the pattern being made */
    unsigned n_unique;
    /* definitions being resolved: `like` and pieces must not circle */
    const ast_def *running[MAX_RUNNING]; size_t n_running;
} resolver;

/* Where names are looked up. */
typedef struct scope {
    const ast_def *command;    /* whose own types and pieces come first; NULL: the dialect's only */
    const char *c_name;         /* the command's: begins the C names of its own types */
    const m_command *owner;     /* whose names are MODEL_NAME in heads; NULL: none */
    const m_line *request;      /* of the form whose answers these are; NULL: none */
    const ast_form *form;       /* its other variants may have parameters this one has not */
    bool later;                 /* same names are equal to the request's */
} scope;

/* ---- patterns with their pieces put in and their types found; resolve_pat.c ---- */
typedef enum {
    RP_TEXT, RP_QUOTED, RP_PARAM, RP_DATA, RP_OPTIONAL, RP_CHOICE, RP_REPEAT, RP_NEWLINE, RP_SEQ
} rpat_kind;
typedef struct rpat {
    rpat_kind kind;
    place at;
    unsigned order;             /* place in the pattern, from the left */
    char *text;                 /* TEXT, QUOTED: bytes; PARAM, DATA: name; NEWLINE: its bytes where
                                   the line goes on behind it, else NULL */
    const m_type *type;         /* PARAM */
    bool may_be_empty, tied, is_either;
    const char *count;          /* DATA, REPEAT */
    unsigned min, max;          /* REPEAT */
    const ast_cond *when;       /* OPTIONAL; SEQ below a CHOICE */
    const ast_cond *shown;      /* a mask shows and hides it */
    struct rpat *kids, *next;   /* as in ast_pat */
} rpat;

/* ---- resolve_def.c ---- */
void defs_collect(resolver *);
const ast_def *defs_local(const ast_def *command, def_kind, const char *name);
const char *defs_nearest(resolver *, const char *word, symbol *table);

/* ---- resolve_name.c ---- */
symbol *symbol_find(symbol *table, const char *name);
symbol *symbol_add(resolver *, symbol **table, const char *name, void *value, place);
char *name_lower(resolver *, const char *wire);    /* words of `wire` in lower case, joined by _ */
char *name_upper(resolver *, const char *wire);
const char *name_c(resolver *, const char *name);   /* `name`, or `name_` where C or C++ keeps it */
const char *name_command(resolver *, const def_entry *);
bool name_claim(resolver *, const char *c_name, place, const char *what); /* reports a second use */
/* after a report: so that its parts do not clash too */
const char *name_unique(resolver *, const char *c_name);

/* ---- resolve_type.c ---- */
const m_type *type_of(resolver *, const scope *, const char *name, const ast_type *, place);
bool type_exists(resolver *, const scope *, const char *name);
const m_type *type_bytes(resolver *);                           /* of counted data */
void type_all(resolver *);    /* every named type of the dialect, error tables */
void type_locals(resolver *, const scope *);
bool type_same(const m_type *, const m_type *);
bool type_counts(const m_type *);                               /* can it be a number of things? */
bool type_may_be(const m_type *, int64_t);                      /* of a number: is that in its ranges? */
/* The C value of `v` in `type`; reports when there is none. */
bool type_value(resolver *, const m_type *, const ast_value *, int64_t *);

/* ---- resolve_pat.c ---- */
rpat *pat_make(resolver *, const scope *, const ast_pat *);     /* NULL: nothing there */
rpat *pat_copy(resolver *, const rpat *first, const rpat *end); /* first .. before end */
char *pat_syntax(resolver *, const rpat *);                     /* as a manual writes it */
/* The parameter of that name in a pattern or its pieces; NULL: it has none. */
const ast_pat *pat_find(resolver *, const scope *, const ast_pat *, const char *param);
bool pat_is_text(const rpat *);                                 /* literal text only */
/* Does the line that begins with `first` go on behind this line end, with its last parameter? */
bool pat_goes_on(const rpat *first, const rpat *newline);
bool pat_strip(rpat **list, const char *text, bool any_case);   /* take `text` off the front */
void pat_number(rpat *);                                        /* fill in `order` */

/* ---- resolve_reading.c: all the ways to read a pattern ---- */
typedef struct term { const ast_cond *cond; bool negate; } term;
typedef struct trace {          /* an OPTIONAL among the elements stands for something left out */
    const rpat **elements; size_t n;
    term *terms; size_t n_terms;
} trace;
typedef struct traces { trace *v; size_t n; } traces;
traces reading_all(resolver *, const rpat *, place);
/* Optional cells that stand for one bit of a mask each become cells that are always there and are
 * shown or hidden: there are as many readings as without them. */
void reading_masked(rpat **list);

/* ---- resolve_cell.c: a reading cut at its commas ---- */
typedef struct part { const rpat *pat; size_t from, len; } part;
typedef struct cell { part *parts; size_t n; } cell;
typedef struct cut {
    cell *cells; size_t n;
    int loop_first, loop_n;
    const rpat *loop, *data;
    bool data_after;
    char *data_lead, *data_tail;
} cut;
cut cell_cut(resolver *, const trace *);
int cell_compare(const cell *, const cell *);
m_slot cell_slot(resolver *, const cell *);

/* ---- resolve_line.c ---- */
/* CODE: from the module, but no answer or URC; it never goes on behind a line end. */
typedef enum { LINE_COMMAND, LINE_CODE, LINE_RESPONSE } line_use;
m_line *line_make(resolver *, const scope *, line_use, rpat *, const ast_cond *when);
int line_slot(const m_line *, const char *param);    /* first slot of that parameter, -1 */
const m_slot *line_param(const m_line *, const char *param);
bool line_always_has(const m_line *, const char *param);
char *line_literal(resolver *, const m_line *);    /* the text before its first parameter */
bool line_is_literal(const m_line *);

/* ---- resolve_cond.c ---- */
/* Conditions of one reading: false when they can never hold (the reading goes). Those that always
 * hold are dropped. */
bool cond_reading(resolver *, const scope *, const m_line *, m_reading *, const term *, size_t n);
/* Conditions of a step, an example or a form: settings, fields of the request and, where there is a
 * line, its slots. False when they can never hold. */
bool cond_all(resolver *, const scope *, const m_line *, const ast_cond *, m_cond **, size_t *);
/* After a report that `param` is unknown: the parameter of the lines (or NULL) that may be meant. */
void cond_say_near(resolver *, const m_line *, const m_line *, place, const char *param);
/* Does a variant of the form have that parameter? */
bool cond_variants_have(resolver *, const scope *, const char *param);
/* Can it hold in an answer of this variant, in a line of that pattern? Not where it asks for a value of
 * a parameter that other variants have. Reports nothing. */
bool cond_possible(resolver *, const scope *, const ast_pat *line, const ast_cond *);

/* ---- resolve_setting.c ---- */
/* The parameter of a command that a condition mentions; NULL after a report. */
const m_setting *setting_of(resolver *, const ast_cond *);

/* ---- resolve_struct.c ---- */
m_struct *struct_new(resolver *, const char *c_name, const char *doc);
m_field *struct_field(resolver *, m_struct *, const char *param, const m_type *, place);
m_field *struct_find(const m_struct *, const char *c_name);
void struct_special(resolver *, m_struct *, bool is_outcome);  /* the field `outcome`, or `saved` */
/* its parameters become fields; line->fields is set */
void struct_line(resolver *, m_struct *, m_line *);
/* NULL and forgotten when it has no fields */
const m_struct *struct_keep(resolver *, m_struct *, place);

/* ---- resolve_frame.c ---- */
void frame_lines(resolver *);
void frame_results(resolver *);
void frame_refuse(resolver *);
void frame_numbers(resolver *);
void frame_finish(resolver *);    /* echo, restart: what names commands and URCs */


/* ---- resolve_result.c ---- */
/* what the dialect's table says a line is, or NULL */
const m_result *result_of(resolver *, const m_line *);
const m_result *result_first(const resolver *, m_class);

/* ---- resolve_step.c: steps with their patterns cut into lines ---- */
typedef struct rstep {
    step_kind kind;    /* SEQ, CHOICE (kids: SEQ each), REPEAT (kids: its steps), or an atom's */
    const ast_step *from;
    place at;
    rpat *pattern;              /* LINE; BODY, TRANSPARENT: what ends it */
    const char *as, *name, *count;
    unsigned min, max;
    bool later;
    bool is_row;                /* a LINE with the same parameters as the rows behind it */
    bool rows_follow;           /* SEQ: a line and its rows were written as one pattern */
    const ast_cond *when;
    struct rstep *kids, *next;
} rstep;
/* NULL: nothing can come. */
rstep *step_make(resolver *, const scope *, const ast_step *alternatives);

/* ---- resolve_flow.c: atoms and who follows whom; resolve_flow_end.c: what that means ---- */
void flow_make(resolver *, const scope *, m_form *, m_struct *takes, const ast_step *responses);
void flow_finish(resolver *, const scope *, m_form *, m_flow *, m_struct *result);

/* ---- resolve_reply.c ---- */
void reply_all(resolver *, m_form *);

/* ---- resolve_test.c: `test` without a command line ---- */
const ast_step *test_rows(resolver *, const scope *, place);    /* what the host takes */
void test_all(resolver *);      /* what the module says, when all other forms are known */

/* ---- resolve_command.c, resolve_urc.c, resolve_example.c ---- */
m_time time_of(resolver *, const scope *, const ast_time *);
void command_shells(resolver *);
void command_all(resolver *);
def_entry *command_entry(resolver *, const char *name);
/* without the prefix: AT -> "", AT+ -> "+" */
const char *command_bare(const resolver *, const char *name);
void urc_shells(resolver *);
void urc_all(resolver *);
void urc_find(resolver *, const char *name, place, m_urc ***, size_t *);
void example_all(resolver *);

/* ---- resolve_meaning.c ---- */
void meaning_all(resolver *);   /* after all forms and URCs */

#endif
