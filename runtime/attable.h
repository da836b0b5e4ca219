/* The tables that atgen writes and the runtime reads: what a dialect's lines look like, both ways.
 * Nobody types these by hand; they are documented because people step through them.
 *
 * One line pattern serves both sides: what the module reads the host writes. All strings of a side
 * stand in one array `text`, NUL-terminated, and are named by offset; text[0] is NUL, so 0 is "".
 * Texts that are named by one byte stand in its first 256 bytes. In a head AT_NAME stands for the
 * running command's name, AT_ENDING for its ending; only families need them: the head of a command
 * with one name is written out.
 * SPDX-License-Identifier: 0BSD */
#ifndef ATTABLE_H
#define ATTABLE_H

#include "atlink.h"

#ifdef __cplusplus
extern "C" {
#endif

/* With AT_ALONE a generated file holds the runtime too (at_module_alone.inc, at_host_alone.inc) and names
 * its class here: the compiler knows its tables, its callbacks (which tools may change, AT_TAP) and the
 * side of the link, and nobody else sees the runtime's own functions. */
#ifndef AT_ONLY
#define AT_OWN
#define at__tables(l) ((l)->tables)
#define at__module_tables(m) ((m)->tables)
#define at__host_tables(h) ((h)->tables)
#define at__class(m) ((m)->klass)
#define at__side(l) ((l)->side)
#else
#ifndef AT_OWN
#define AT_OWN static
#endif
#define at__tables(l) ((void)(l), &AT_ONLY.tables->t)
#define at__module_tables(m) ((void)(m), AT_ONLY.tables)
#define at__host_tables(h) ((void)(h), AT_ONLY.tables)
#if AT_TAP
#define at__class(m) ((m)->klass)
#else
#define at__class(m) ((void)(m), &AT_ONLY)
#endif
#define at__side(l) ((void)(l), &side)
#endif
/* Then only tools have to see the class, and without them nothing points to it: the functions that it names
 * become part of what calls them. */
#if defined(AT_ONLY) && !AT_TAP
#define AT_HIDDEN 1
#define AT_CLASS static
#define AT_MATCH NULL
#if AT_WITH_SHAPES
#define at__match(t, n, shape) match(n, shape)
#else
#define at__match(t, n, shape) (-1)
#endif
#else
#define AT_HIDDEN 0
#define AT_CLASS
#define AT_MATCH match
#define at__match(t, n, shape) (t)->match(n, shape)
#endif

/* Of a function that several call: a compiler that knows all of them makes copies, which are shorter
 * one by one and longer together. They are faster, where size does not matter. */
#if defined(AT_ONLY) && defined(__GNUC__) && defined(__OPTIMIZE_SIZE__)
#define AT_APART __attribute__((noinline))
#else
#define AT_APART
#endif

#define AT_NAME   '\x01'
#define AT_ENDING '\x02'
#define AT_NONE8  0xffu
#define AT_NONE   0xffffu
#define AT_UNKNOWN INT32_MIN    /* a setting whose value is not known */

/* Rows of which a dialect has many are packed into bits: so many, or with AT_WIDE so many. Where the
 * runtime is part of the file and no tools look at its tables, AT_HIDDEN, some of them have a third
 * width (AT_WIDTHS) when the dialect says that it has so few of them (AT_SMALL): the least, or whole
 * bytes; and columns are left out that stand for what it does not use.
 * at_ref: an offset in `text`, or an index in a table. Names and heads stand last in `text`; the
 * rest is in its first 64 KB. */
#if AT_WIDE
typedef uint32_t at_ref;
typedef uint16_t at_index;      /* in a table that is not large; an offset in a struct */
#define AT_BITS(narrow, wide) wide
#else
typedef uint16_t at_ref;
typedef uint8_t at_index;
#define AT_BITS(narrow, wide) narrow
#endif
#if AT_HIDDEN && AT_SMALL && !AT_WIDE
#define AT_WIDTHS(small, narrow, wide) small
#else
#define AT_WIDTHS(small, narrow, wide) AT_BITS(narrow, wide)
#endif

/* A column that stands for what the dialect does not use. */
#if AT_HIDDEN
#define AT_COLUMN(with) ((with) ? 8 : 1)
#else
#define AT_COLUMN(with) 8
#endif

/* ---- cells: what the generated lexer makes of a line ---- */
/* A cell goes up to a comma outside quotes. Blanks around are dropped where the dialect is lenient.
 * Quotes that do not end, or a NUL in the line, make the last cell broken. What is behind the most
 * cells that a line of the dialect has is one more cell, whatever it is. */

#define AT_CELLS_MAX 255        /* cells of any dialect's lines */

enum { AT_OP_EXEC, AT_OP_READ, AT_OP_TEST, AT_OP_SET, AT_OP_SAVE, AT_OP_NONE };  /* as on the wire */

typedef struct at_scan {        /* a line on its way through the lexer */
    uint16_t n;
    uint16_t pos;               /* where the next cell, or after a chain sign the name, begins */
    uint16_t name_n;
    uint8_t n_cells;
    uint8_t op;                 /* AT_OP_… */
    bool broken;                /* its last cell is */
    bool more;                  /* another command may follow in the line, at pos */
    bool basic;                 /* the command has nothing but digits: what follows is the next */
    const char *line;           /* line[n] is NUL; may hold NULs before */
    const char *name;           /* command: after the prefix, NULL: no prefix */
    at_cell *cells;             /* room for as many as the lexer makes at most */
} at_scan;

/* ---- types ---- */
enum { AT_T_INT, AT_T_ENUM, AT_T_WORD, AT_T_STRING, AT_T_TEXT, AT_T_HEX, AT_T_IP, AT_T_MAC };
enum { AT_F_SIGNED = 1, AT_F_HEX = 2, AT_F_QUOTED = 4, AT_F_EITHER = 8, AT_F_UPPER = 16,
       AT_F_RANGES = 32, AT_F_SIZE_2 = 64, AT_F_SIZE_4 = 128 }; /* bytes of the C field; else 1 */
typedef struct at_type {
    uint8_t digits : 4;         /* INT, ENUM: so many are written at least */
    uint8_t kind : 4;
    uint8_t flags;
    at_index min, max;          /* INT: range (as uint32_t unless SIGNED); STRING, TEXT, HEX: length
                                   in bytes: both in values; RANGES, as ENUM always has: pairs of least
                                   and most, first in values, and how many; WORD: first in words, and
                                   how many; IP, MAC: how many bytes, and the sign between them or 0 */
} at_type;                      /* HEX is a flag of kinds HEX and MAC too; FLAGS and open enums are INT */
/* Is its field an at_text or at_bytes? */
static inline bool at_points(const at_type *type)
{
    return (uint8_t)(type->kind - AT_T_STRING) <= AT_T_HEX - AT_T_STRING;
}
static inline unsigned at_size(const at_type *type) { return 1u << (type->flags >> 6); }

/* ---- lines ---- */
enum { AT_S_LITERAL = 1, AT_S_EMPTY_OK = 2, AT_S_ELASTIC = 4, AT_S_LOOP = 8,
       AT_S_NEXT_LINE = 16 };   /* the last one of a line that goes on: `pre` begins with its line
                                   end, and no comma is written before it */
typedef struct at_slot {        /* one cell of a line: where its value is, and what it is like */
    at_index offset;            /* of the field in the struct (LOOP: in the item); LITERAL: index in
                                   words */
    at_index sort;
} at_slot;
typedef struct at_sort {        /* what many cells have in common */
    uint8_t type;
    at_index trait;
} at_sort;
typedef struct at_trait {       /* row 0: a cell that is always there, with nothing else to it */
    uint8_t flags : 5;
    uint8_t tie : AT_WIDTHS(3, 8, 8);   /* 1 + index in ties: must equal that field of the request */
    uint8_t pre, post;          /* text around the value inside the cell */
    uint8_t has;                /* offset of `has_…` in the struct (LOOP: item), AT_NONE8 none */
} at_trait;
typedef at_slot at_tie;         /* a field of the request */
typedef struct at_figure {      /* a number that the line itself does not hold, see at__figure */
    int32_t otherwise;          /* when it is left out or not known; AT_UNKNOWN: there is none */
    uint8_t tie;                /* 1 + tie: the request's field, or of a keyed setting the key */
    uint8_t setting;            /* AT_NONE8: that field itself */
} at_figure;
typedef struct at_scale {       /* of a time: so long besides: ms * product of the figures */
    uint16_t ms;
    uint8_t figure[2];          /* 1 + figure, 0 none; one that is 0 counts as 1 */
} at_scale;

enum { AT_C_SETTING, AT_C_SLOT, AT_C_REQUEST, AT_C_ON = 3 };
enum { AT_C_NOT = 4, AT_C_BITS = 8 };
typedef struct at_cond {        /* unknown settings hold; a slot that is left out is no value */
    uint8_t on : 4;             /* AT_C_SETTING … | AT_C_NOT | AT_C_BITS */
    uint8_t key : AT_COLUMN(AT_WITH_KEYS);      /* keyed setting: 1 + slot of the key, 0 none */
    uint8_t index;              /* setting, slot; REQUEST: figure, also of a setting whose key
                                   stands in the request */
    at_index lo, hi;            /* in values: lo <= v <= hi; BITS: (v & lo) == hi */
} at_cond;
/* Conditions are named as a stretch of `holds`, which holds indices into conds. */
/* Those of a line stand in the order in which they are tried when it is written: of the fewest slots
 * first. Where there is something to choose for the host a row stands before them whose mask is what
 * the grammar calls the line. */
typedef struct at_reading {     /* mask: which slots are there */
#if AT_HIDDEN && !AT_WITH_LONG_LINES
    uint16_t mask : 8, cond : 5, n_conds : 3;
#else
    uint32_t mask : AT_BITS(20, 32);
    uint32_t cond : AT_BITS(8, 16);
    uint32_t n_conds : AT_BITS(4, 8);
#endif
} at_reading;
typedef struct at_loop {        /* the only stretch of a line that repeats; no elastic beside it */
    uint8_t first, n;           /* slots */
    uint8_t min, max;           /* repetitions; max is the array's size */
    uint8_t count;              /* slot that holds the number, AT_NONE8 none */
    uint16_t item_size, items, n_item;  /* sizeof the group; offsets of the array, of `n_item` */
} at_loop;

enum { AT_LINE_INFO, AT_LINE_RESULT, AT_LINE_URC, AT_LINE_BARE };       /* framing when written */
enum { AT_DATA_NONE, AT_DATA_AFTER, AT_DATA_INLINE, AT_DATA_EITHER };
/* On the wire: framing, head, lead, cells, tail; then INLINE: data_lead, the bytes, data_tail and
 * no more framing; EITHER: the same with quotes around the bytes, which may be missing when read, the
 * second of them in data_tail; AFTER: the framing's end, the bytes, data_tail. A reading without the slot that
 * counts the bytes has none, and is framed as usual. */
typedef struct at_line {
    at_ref rest : AT_WIDTHS(8, 6, 12);          /* index in rests */
    at_ref slots : AT_WIDTHS(8, 10, 20);        /* first in the pools */
    at_ref readings : AT_WIDTHS(8, 7, 18);
    at_ref n_slots : AT_WIDTHS(5, 5, 6);
    at_ref n_readings : AT_WIDTHS(3, 4, 8);
} at_line;
typedef struct at_rest {        /* what lines have besides; row 0: a bare line without anything */
    uint16_t data;              /* offset of the `at_bytes` in the struct, AT_NONE: none */
    uint8_t lead;               /* text between the head and the first cell */
    uint8_t tail;               /* text after the last cell */
    uint8_t data_count;         /* slot that counts the bytes; AT_NONE8: figure data_figure */
    uint8_t data_lead;          /* the sign just before the bytes: ':' ',' */
    uint8_t frame : 2;          /* AT_LINE_… */
    uint8_t data_at : 2;        /* AT_DATA_NONE with data: an AT_EMIT_DATA writes the bytes */
    uint8_t loop : AT_COLUMN(AT_WITH_LOOPS);    /* 1 + index in loops, 0 none */
    uint8_t data_figure : AT_COLUMN(AT_WITH_FIGURES);   /* 1 + figure */
    uint8_t data_tail : AT_COLUMN(AT_WITH_DATA_TAILS);  /* text after the bytes */
    uint8_t mask : AT_COLUMN(AT_WITH_MASKS);    /* 1 + index in masks, 0 none: {setting, n, {slot,
                                   bit}…}, slots that are there only while the setting has that bit */
} at_rest;

/* A head, by its hash. */
typedef struct at_name { at_ref text; uint8_t n, more; uint16_t first; } at_name;

typedef struct at_setting {     /* `keys` places from `base` in the link's settings, 1 not keyed */
    at_index base;
    uint8_t keys;
} at_setting;
typedef struct at_assign {      /* what a form that ended well sets */
    uint16_t form;              /* module: index in forms; host: in calls */
    uint16_t offset;            /* of the value in its struct */
    uint8_t type, has;          /* the value's type; offset of has_…, AT_NONE8 none */
    uint8_t setting;
    uint8_t key;                /* type of the key's field, AT_NONE8: not keyed */
    uint16_t key_offset;
} at_assign;

/* A data phase: how it ends. Texts may not hold NUL and are at most AT_HOLD bytes long. */
#define AT_HOLD 8
enum { AT_P_COUNTED = 1, AT_P_SHORT_KEPT = 2, AT_P_TRANSPARENT = 4, AT_P_COUNT_IN_RESULT = 8,
       AT_P_LAST = 16 };        /* what follows comes later: taken back, it ends without a word */
enum { AT_P_UNTIL, AT_P_ESCAPE };
typedef struct at_phase {
    uint8_t flags;
    uint8_t within;             /* in times */
    uint8_t cancel;             /* text, 0 none */
    uint8_t count_type;         /* type of the counting field; AT_NONE8: it may be left out */
    uint16_t count;             /* its offset in the request's struct, COUNT_IN_RESULT: in the
                                   answer's; AT_NONE8: figure */
    uint16_t texts[2];          /* 0 none; TRANSPARENT: AT_P_UNTIL is the escape */
    uint16_t line;              /* TRANSPARENT: line that ends it from the module, AT_NONE none */
    at_ref max;                 /* most bytes; module: 0 none; host: so many fill it up */
    at_ref silence_ms;          /* TRANSPARENT: before and after the escape; 0 none */
} at_phase;

/* What the host may choose of the dialogue: indices in settings, AT_NONE8: it may not. */
typedef struct at_code { uint16_t text; uint8_t number; } at_code;
typedef struct at_manner {
    uint8_t verbose;            /* 0: result codes are numbers, nothing stands before a line */
    uint8_t quiet;              /* 1: there are none */
    uint8_t termination, formatting;    /* the signs written for CR and LF; the first ends a line */
    uint8_t editing;            /* the sign that takes the one before it back */
    uint8_t echo;
    uint8_t n_codes, n_resets;
    uint16_t repeat;            /* text that says the last line again, 0 none */
    const at_code *codes;
    const uint16_t *resets;     /* forms after which all settings are as after a reset */
} at_manner;

/* ---- what both sides of a dialect share ---- */
typedef uint8_t at_frame[2];    /* text before a line and behind */
typedef struct at_tables {      /* small members first: they are reached with shorter code */
    char escape;                /* 0: none */
    char chain;
    uint8_t flags;              /* AT_D_… */
    uint16_t prefix, command_end;
    uint16_t separators;        /* host */
    uint16_t escaped;
    uint16_t line_max;          /* longest line to be read, bytes */
    uint16_t out_max;           /* longest thing to be written at once, payloads not counted */
    uint16_t final_max;         /* longest final result code without values, framing included:
                                   room for it is kept when anything else is written */
    uint16_t n_assigns;
    uint16_t n_settings;        /* places, keys counted */
    uint16_t n_bare;            /* lines in front that have no head, and row 0 of rests: what command
                                   lines mostly are */
    const at_frame *frames;     /* by AT_LINE_… */
    const char *text;
    const at_type *types;
    const int32_t *values;
    const uint16_t *words;
    const at_slot *slots;
    const at_sort *sorts;
    const at_trait *traits;
    const at_tie *ties;
    const at_figure *figures;
    const uint32_t *times;      /* ms; row 0: none */
    const at_scale *scales;     /* by time; NULL: no time has one */
    const at_cond *conds;
    const uint8_t *holds;
    const at_reading *readings;
    const at_loop *loops;
    const at_line *lines;
    const at_ref *heads;        /* text, of the lines that are not bare */
    const at_rest *rests;
    const uint8_t *masks;
    const at_phase *phases;
    const at_setting *settings;
    const int32_t *initial;     /* all settings after a reset; AT_UNKNOWN: it says nothing of it */
    const at_assign *assigns;
    const uint8_t *accepts;     /* accepts + what match says: {n, reading…}, in the order in which they
                                   are tried; readings count through a command's forms */
    /* the generated lexer and grammar */
    void (*scan_command)(at_scan *);    /* prefix (at pos 0), name, operator; leaves pos at the
                                           first cell; op AT_OP_NONE: no such */
    void (*scan_cells)(at_scan *);      /* from pos to the end of the line or the chain sign */
    /* label, -1: no reading of that shape has so many cells. Trailing cells that may be empty
     * may be missing; elastic takes one or more cells; a loop has no upper bound here. */
    int (*match)(unsigned n, unsigned shape);
    const at_manner *manner;    /* NULL: the host may choose nothing */
} at_tables;
enum { AT_D_ANY_CASE_PREFIX = 1, AT_D_ANY_CASE_NAMES = 2, AT_D_ECHO = 4, AT_D_SPACES = 8,
       AT_D_NO_QUOTES = 16,
       AT_D_LF = 128,           /* the host ends its lines with CR LF */
       AT_D_OPEN_READ = 32, AT_D_OPEN_TEST = 64 };      /* such a form has cells; else the operator
                                   counts at the end of a command only */

/* Of a line that is not bare. */
static inline unsigned at_head_of(const at_tables *t, unsigned line)
{
    return t->heads[line - t->n_bare];
}

static inline const at_trait *at_trait_of(const at_tables *t, const at_slot *s)
{
    return &t->traits[t->sorts[s->sort].trait];
}

static inline const at_type *at_type_of(const at_tables *t, const at_slot *s)
{
    return &t->types[t->sorts[s->sort].type];
}

/* Offset of `has_…`, AT_NONE8: there is none. */
static inline unsigned at_has_of(const at_tables *t, const at_slot *s)
{
    return at_trait_of(t, s)->has;
}

/* Has it a value in the struct (LOOP: the item), as far as `has_…` says? */
static inline bool at_is_set(const at_tables *t, const at_slot *s, const void *fields)
{
    unsigned has = at_has_of(t, s);
    return has == AT_NONE8 || ((const uint8_t *)fields)[has] != 0;
}

/* ---- module side ---- */
enum { AT_REFUSE_COMMAND, AT_REFUSE_OPERATOR, AT_REFUSE_PARAMETER, AT_REFUSE_SYNTAX,
       AT_REFUSE_LENGTH, AT_REFUSE_UNSUPPORTED, AT_REFUSE_KINDS };
enum { AT_FORM_DATA = 1,        /* a reply of it begins a data phase: what the host sends before
                                   that waits for it */
       AT_FORM_SAVED = 2,       /* its struct begins with `saved` */
       AT_FORM_TAKES = 4 };     /* its handler gets a struct */
typedef struct at_form {        /* a variant of a form: one command line pattern. Those of one command
                                   stand together */
    at_ref line : AT_BITS(10, 16);
    at_ref shape : AT_BITS(6, 16);      /* what the grammar calls all forms of the command together */
    at_ref emits : AT_BITS(10, 24);     /* the first part of its first reply */
    at_ref start : AT_BITS(5, 7);       /* index in starts */
    at_ref is_last : 1;         /* of its command */
} at_form;
#define AT_NO_OK 15
enum { AT_DOES_ECHO = 1,        /* switches echo by the byte at offset 0 of its struct */
       AT_DOES_TOGGLE = 2,      /* switches echo to and fro */
       AT_DOES_MANNER = 4 };    /* sets something of the manner */
typedef struct at_start {       /* what forms have in common */
    uint32_t only : 8, n_only : 4;      /* conditions (in holds): refused otherwise */
    uint32_t phase : AT_BITS(5, 16);    /* 1 + phase that begins when the command was parsed (data without
                                           a prompt, right behind the CR), 0 none */
    uint32_t ok : 4;            /* which of its replies is written when its handler says AT_OK: the
                                   first that ends it well and takes nothing; AT_NO_OK: none */
    uint32_t does : 3;          /* AT_DOES_…: by the runtime, also where no handler is */
    uint32_t flags : 3;         /* AT_FORM_… */
    uint32_t ops : 5;           /* bit AT_OP_… for each operator that it is called by */
} at_start;
typedef struct at_command {     /* a name; those of one hash stand together */
    uint32_t name : AT_BITS(14, 32);    /* text, without the ending */
    uint32_t ending : AT_BITS(5, 16);   /* text behind the name, for AT_ENDING */
    uint32_t member : 1;        /* saved: AT_RAM or AT_FLASH */
    uint32_t is_alias : 1;      /* replies have another name */
    uint32_t forms : AT_BITS(11, 28);   /* its first; AT_NO_FORMS: known, unsupported; of an alias: the
                                           row with the name that replies have */
} at_command;
#define AT_NO_FORMS AT_BITS(0x7ffu, 0xfffffffu)

enum { AT_EMIT_LINE, AT_EMIT_PROMPT, AT_EMIT_BLANK, AT_EMIT_DATA, AT_EMIT_PHASE, AT_EMIT_NOTHING };
/* What follows a part of a reply: another part, or nothing, and then the form goes on, a data phase
 * begins, or the form has ended; ENDS_OK: after the plain ok line. LATER: it has ended before. */
enum { AT_R_MORE, AT_R_GOES_ON, AT_R_DATA, AT_R_LATER, AT_R_LATER_FAILS, AT_R_ENDS, AT_R_ENDS_OK,
       AT_R_FAILS };
typedef struct at_emit {        /* a part of a reply; those of a form's replies stand together */
    at_ref kind : 3;
    at_ref end : 3;             /* AT_R_… */
    at_ref arg : AT_BITS(10, 26);       /* line; text; 0; offset of the at_bytes; phase that begins
                                           (the last part) */
} at_emit;

/* What a `test` form says to `=?` where it has no handler. As text: what would make it from the types
 * is larger than the texts, but for dialects with a hundred such parameters. */
typedef struct at_test {
    uint16_t form;              /* index in forms */
    at_ref text;                /* of the first line, NUL-terminated as all; an empty one ends them */
} at_test;

enum { AT_BUSY_WAIT, AT_BUSY_SILENT, AT_BUSY_TEXT, AT_BUSY_ABORT };
typedef struct at_busy {        /* lines that come while a command runs: before its data, and behind */
    uint16_t text[2];           /* said to them, framing included */
    uint8_t policy[2];          /* whether it is said: AT_BUSY_… */
} at_busy;

typedef struct at_module_tables {       /* `t` is last: what stands before is reached with shorter code */
    uint16_t refuse[AT_REFUSE_KINDS];   /* replies of `errors` */
    uint16_t ok;                /* line of the first ok result */
    uint16_t errors;            /* form whose replies end whichever runs: the plain ok, error results */
    uint16_t bucket_mask;
    const uint16_t *buckets;
    const at_command *commands; /* by the hash of their names, see at_find_command */
    const at_form *forms;       /* `errors` is behind the last */
    const at_start *starts;
    const at_emit *emits;
    const at_busy *busy;
    const at_test *tests;       /* behind the last one whose form is AT_NONE; NULL: there are none */
#if AT_TAP
    const uint16_t *form_ids;   /* the model's numbers of the forms, the same on the host */
#endif
    at_tables t;
} at_module_tables;

static inline const at_start *at_start_of(const at_module_tables *t, const at_form *f)
{
    return &t->starts[f->start];
}

/* The first part of a form's reply. */
static inline const at_emit *at_reply_of(const at_module_tables *t, const at_form *f, unsigned reply)
{
    const at_emit *e = &t->emits[f->emits];
    for (; reply > 0; e++) reply -= e->end != AT_R_MORE;
    return e;
}

/* ---- host side ---- */
enum { AT_A_LINE, AT_A_FINAL, AT_A_PROMPT, AT_A_DATA_IN, AT_A_DATA_OUT, AT_A_BODY, AT_A_BLANK,
       AT_A_TRANSPARENT, AT_A_URC, AT_A_PAUSE };
enum { AT_A_OK = 1, AT_A_FREES = 2, AT_A_LATER = 4, AT_A_ROW = 8, AT_A_MAY_END = 16,
       AT_A_LOOPS = 32, AT_A_KEEP = 64, AT_A_FREE_TEXT = 128 };
/* DATA_IN: to the module; DATA_OUT, BODY: from it. OK: the outcome it decides is a good one.
 * FREES: the line is free after it. MAY_END: the request may be complete after it. LOOPS: it begins
 * a round of its repetition. KEEP: its struct points into the line, which stays till the end.
 * FREE_TEXT: LINE that could be anything, or anything behind the name (what answers `=?`): a typed line
 * for somebody else goes before it. */
typedef struct at_step {        /* what atoms have in common */
    uint8_t kind, flags;
    uint8_t outcome;            /* AT_NONE8: does not decide it */
    uint8_t within;             /* in times: what comes next may be waited for so long, from now on,
                                   0: as long as before */
#if AT_WITH_STEP_CONDITIONS || !AT_HIDDEN
    uint8_t cond, n_conds;
#define AT_STEP_CONDS(cond, n) cond, n,
#else
#define AT_STEP_CONDS(cond, n)
#endif
    at_ref row : AT_BITS(4, 8);         /* ROW: the only kind of the form: 0; one of several: 1 + which of
                                           its callbacks in at_request.rows */
    at_ref loop : AT_BITS(4, 8);        /* 1 + index in repeats of the counted repetition it stands
                                           in, 0 none */
    at_ref follow : AT_BITS(8, 16);     /* in follows: {n, distance…}, int8_t each, from this atom to
                                           those that may come next */
} at_step;
typedef struct at_atom {
    at_ref step : AT_WIDTHS(8, 6, 12);
    at_ref line : AT_WIDTHS(8, 10, 20); /* LINE, FINAL: line; PROMPT: text; URC: urc; else: phase */
} at_atom;
typedef struct at_repeat {      /* how often a step is repeated */
    uint8_t figure;             /* 1 + figure of the request; 0: see offset */
    uint8_t type;
    uint16_t offset;            /* of the counting field in the result struct; AT_NONE: none */
    uint8_t min, max;           /* when nothing counts; max 255: any number */
} at_repeat;
typedef struct at_course {      /* what forms have in common */
    at_ref first : AT_BITS(8, 16);      /* in follows: distances from the form's first atom to those
                                           that may come first */
    at_ref n_only : AT_BITS(4, 8);      /* conditions, from `only` on */
    at_ref op_saved : AT_BITS(4, 8);    /* AT_OP_… for AT_FLASH, of a family that of both; AT_OP_NONE:
                                           its struct does not begin with `saved` */
    uint16_t data;              /* offset of the payload (`at_bytes`) in the request's struct,
                                   AT_NONE none */
    uint8_t only : AT_WIDTHS(4, 8, 8);
    uint8_t within : AT_WIDTHS(4, 8, 8);        /* time limit, in times: of the form, or what its first
                                                   steps have */
    uint8_t error_outcome : AT_WIDTHS(4, 8, 8); /* first outcome of the dialect's error results, in their
                                                   order */
    uint8_t stage : AT_WIDTHS(4, 8, 8); /* 1 + the first of its atoms that is DATA_IN, 0 none */
    uint8_t data_count;         /* slot of the command line that counts `data`, AT_NONE8 none */
    uint8_t endings;            /* 1 + index in words: what a family's RAM member has behind the name,
                                   then its flash member; 0: it is no family */
} at_course;
typedef struct at_call {        /* a form as the host calls it; its struct for results begins with
                                   `outcome` (uint8_t) */
    at_ref name : AT_WIDTHS(10, 16, 32);        /* text of the command's name, of a family without the
                                                   ending */
    at_ref line : AT_WIDTHS(6, 10, 20);         /* command line pattern */
    at_ref course : AT_WIDTHS(5, 6, 12);
    at_ref op : 3;                              /* AT_OP_… */
    at_ref atoms : AT_WIDTHS(8, 13, 29);        /* first atom */
} at_call;
enum { AT_H_OK, AT_H_ERROR, AT_H_BUSY, AT_H_URC, AT_H_RESTART };
typedef struct at_known {       /* a line that may always come: result codes and URCs */
    at_ref key : AT_WIDTHS(10, 16, 32); /* text it is found by: its beginning up to a separator or comma;
                                           0: it begins with a parameter */
    at_ref n_conds : AT_WIDTHS(6, 6, 8);
    at_ref line : AT_WIDTHS(8, 10, 20);
    at_ref kind : AT_WIDTHS(3, 8, 8);
    at_ref id : AT_WIDTHS(5, 8, 8);     /* result: index among its class; URC, known by its line: the first of
                                   its conditions */
} at_known;
/* Form `waits` is not sent while a later line of `late` is to come that could be taken for its answer. */
typedef struct at_clash { uint16_t waits, late; } at_clash;

typedef struct at_host_tables { /* `t` is last: what stands before is reached with shorter code */
    const at_known *known;      /* by the hash of their keys, then those without a key */
    const uint16_t *buckets;    /* where in known each hash begins, and the last ends */
    const at_call *calls;
    const at_course *courses;
    const at_atom *atoms;
    const at_step *steps;
    const int8_t *follows;      /* follows[0] is 0: nothing does */
    const at_repeat *repeats;
    const uint16_t *ops;        /* text of each AT_OP_…, AT_NONE: the dialect has none */
    uint16_t bucket_mask;
    uint16_t headless, n_known; /* the first of known without a key; behind the last */
    uint16_t n_calls;
    uint16_t first_urc;         /* line of the first URC; the others follow */
    uint16_t transparent;       /* 1 + an atom that is transparent mode, 0 none */
    uint16_t leads;             /* text: the data_lead signs of all lines the host reads */
    uint8_t top;                /* no sign that matters within a line is greater */
    bool next_lines;            /* some line goes on behind a line end */
    uint16_t resync;            /* text of the command line with its end; 0 none */
    uint32_t pause_ms;
    const at_clash *clashes; uint16_t n_clashes;
    at_tables t;
} at_host_tables;

#define AT_ANY_CASE 0xdfu       /* the bits that do not tell small letters from large ones */

#ifdef __cplusplus
}
#endif
#endif
