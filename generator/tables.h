/* The model as the runtime's tables (runtime/attable.h): rows of C, each kept once. tables.c has
 * what both sides share, tables_module.c and tables_host.c the rest; emit_tables.c prints them.
 * SPDX-License-Identifier: MIT */
#ifndef TABLES_H
#define TABLES_H

#include "diag.h"
#include "features.h"
#include "model.h"
#include "passes.h"
#include "pool.h"
#include "shape.h"
#include "strings.h"

enum { NO_INDEX = -1 };
enum { MOST_BYTE = 254, MOST_SHORT = 65534 };   /* 255 and 65535 mean "none" in the tables */

typedef struct tables {
    const model *m;
    diag *d;
    side side;
    const char *lower, *upper;  /* `toy`, `TOY` */
    void *tmp;                  /* what rows are made of; emptied when a form is done */

    strings *text;
    pool *types, *values, *words, *slots, *sorts, *traits, *ties, *figures, *times, *scales, *conds, *holds, *readings,
        *loops, *lines, *heads, *rests, *masks, *phases;
    pool *settings, *initial, *assigns;
    shapes *shapes;
    bool *line_is_read;         /* host: by line id */
    size_t *line_handles;       /* of those: 1 + handle in shapes, 0: it has one reading, no shape */
    int *line_rows;             /* by line id and frame: row in lines, NO_INDEX not yet */
    struct line_blocks *blocks;         /* of the rows of lines, see pool_later */
    size_t n_bare;              /* lines in front that have neither a head nor a rest */
    bool is_wide, is_large;     /* the tables need AT_WIDE; are too large for AT_SMALL */
    bool uses[FEATURE_COUNT];   /* of the runtime */
    bool is_complete;           /* false: something could not be generated; it has been reported */

    /* module */
    pool *names, *buckets, *commands, *forms, *starts, *emits, *tests;
    size_t *command_handles;    /* of those that have forms, in their order */
    size_t n_command_handles;
    const m_form **form_list; size_t n_forms;   /* by index in the module's forms */
    /* by form id: index in forms (module) or calls (host), NO_INDEX: none */
    int *form_rows;
    size_t refuse[REFUSE_KINDS];
    int ok;                     /* line, NO_INDEX: the dialect has none */

    /* host */
    pool *known, *clashes, *calls, *courses, *atoms, *steps, *follows, *repeats;
    size_t first_headless, first_urc;
    size_t leads;               /* text */
    unsigned top;               /* the greatest of them and of the separators */
    size_t transparent;         /* 1 + index in atoms, 0 none */

    size_t line_max, out_max, final_max;
    /* host: lines of an answer that stay in the buffer until its result */
    size_t kept_max;
} tables;

/* What a line stands in: decides its framing, whose name its head has, and what ties are to. */
typedef enum { FRAME_INFO, FRAME_RESULT, FRAME_URC, FRAME_BARE, FRAME_COUNT } frame;
typedef struct line_use {
    frame frame;
    const m_form *form;         /* whose answer or command line it is, or NULL */
    bool is_command;
} line_use;

tables *tables_module(void *ctx, diag *, const model *, const char *lower, const char *upper);
tables *tables_host(void *ctx, diag *, const model *, const char *lower, const char *upper);

/* ---- tables.c, for the other two ---- */
tables *tables_new(void *ctx, diag *, const model *, side, const char *lower, const char *upper);
void tables_clear(tables *);                            /* empty `tmp` */
/* The command lines that are nothing but cells; before there is any other line, after the shapes. */
void tables_bare_lines(tables *);
/* settings; after all forms have their rows */
void tables_finish(tables *);
/* cells of the longest line, and one more, so that a line with too many is seen to be no such line */
size_t tables_cells(const model *);
__attribute__((format(printf, 3, 4)))
void tables_refuse(tables *, place, const char *format, ...);   /* `not generated yet` */
size_t tables_limit(tables *, size_t value, size_t most, const char *what, place);

void tables_use(tables *, feature);                     /* a row needs it */

/* `value`; more than so many bits have room for need AT_WIDE */
size_t tables_bits(tables *, size_t value, unsigned bits);
/* the same, where fewer bits have room for the rows of small dialects (AT_SMALL) */
size_t tables_widths(tables *, size_t value, unsigned small, unsigned bits);

size_t tables_text(tables *, const char *);
/* of a name or head: may lie behind the first 64 KB */
size_t tables_far_text(tables *, const char *);
/* of the first of strings that follow one another; may lie behind the first 64 KB */
size_t tables_run(tables *, const char *const *list, size_t n);
size_t tables_type(tables *, const m_type *);
/* offset in holds */
size_t tables_conds(tables *, const m_form *, const m_cond *, size_t n);
/* the same as a byte */
size_t tables_few_conds(tables *, const m_form *, const m_cond *, size_t n);
size_t tables_tie(tables *, const m_struct *, const char *field);      /* 1 + row; NULL field: 0 */
/* row in figures */
size_t tables_figure(tables *, const m_form *, m_figure, place);
/* a field of the request, which `why` needs; NULL is none: it is refused */
size_t tables_field(tables *, const m_form *, const char *field, const char *why, place);
size_t tables_time(tables *, const m_form *, const m_time *, place);    /* row in times, 0 none */
size_t tables_line(tables *, const m_line *, line_use);
size_t tables_urc(tables *, const m_urc *);             /* the line of a URC; no other has the same */
size_t tables_urc_number(const model *, const m_urc *);
/* of a LINE or FINAL; a result code that rows follow ends like them */
frame tables_frame(const m_atom *);
size_t tables_phase(tables *, const m_form *, const m_atom *);

void tables_shape(tables *, const m_line *);            /* host: this line is read */
/* handle of their readings, one after the other */
size_t tables_shape_of(tables *, const m_line *const *lines, size_t n);

/* What at_assign and at_manner call a form: its row among the module's forms or the host's calls. */
unsigned tables_form_number(const tables *, const m_form *);

/* The command that brings a link back in step, as a line; NULL: there is none. */
const char *tables_resync(const void *ctx, const tables *t);
/* What is said to a line while a command runs, before and behind its data, framing included: NULL nothing. */
const char *tables_busy(const void *ctx, const tables *t, bool with_data);
/* AT_OP_… that a form is spelled as when it is called as `kind`; NO_INDEX: none. */
int tables_operator(const model *, const m_form *, m_form_kind);
/* the first error result of its name */
bool tables_is_new_error(const model *, size_t result);
size_t tables_error_index(const model *, size_t result);        /* which of those it is */
const char *tables_query_spelling(const model *, m_form_kind op);
const m_member *tables_member(const m_command *, bool flash);
/* with the name written out where it can be */
char *tables_head(tables *, const m_line *, const m_command *);
/* the runtime's hash: of a command's name, small letters are as large ones (any_case), or of what a line begins with, in which
 * blanks do not count; how many buckets `n` names have: a power of two */
uint32_t tables_hash(const char *name, bool any_case);
size_t tables_buckets(size_t n);
/* Fills `buckets`; says in which order the names stand in their table. */
size_t *tables_in_buckets(tables *, const char *const *names, size_t n);

#endif
