/* The checked meaning of a spec: what both sides, their tests, documentation and tools are made from.
 * resolve.c builds it, check.c proves it, then it is frozen: back ends get it `const` and see nothing
 * else. Everything the wire says stands here once: a line pattern is the module's parser and the host's
 * writer, or the other way round.
 *
 * Text is kept as on the wire. Where a head or a literal holds the byte MODEL_NAME it stands for the name of the
 * command that runs (one of a family); MODEL_ENDING stands for its ending (`CUR` of `+CWJAP_CUR`).
 * Strings are NUL-terminated UTF-8 unless a length stands beside them. Arrays are in the order of the spec.
 * SPDX-License-Identifier: MIT */
#ifndef MODEL_H
#define MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "source.h"

#define MODEL_NAME   '\x01'
#define MODEL_ENDING '\x02'

/* ---- types ---- */
typedef enum { T_INT, T_ENUM, T_WORD, T_BOOL, T_STRING, T_TEXT, T_IP, T_MAC, T_HEX, T_FLAGS, T_BYTES } m_kind;
typedef enum { Q_QUOTED, Q_BARE, Q_EITHER } m_quote;
typedef struct m_range { int64_t lo, hi; } m_range;
typedef struct m_item {         /* value of ENUM and FLAGS, word of WORD and BOOL */
    int64_t value;              /* C value: the number on the wire, the bit (1 << n), or the word's index */
    const char *wire;           /* WORD, BOOL: bytes on the wire without quotes */
    const char *name;           /* as in the spec, upper case C name part: OPEN */
    const char *doc;
    place at;
} m_item;
typedef struct m_type {
    const char *name;           /* as in the spec */
    const char *c_name;         /* unique in the dialect: `ecn`, or `cwmode_mode` for a command's own */
    const char *doc, *unit;
    m_kind kind;
    m_quote quote;
    m_range *ranges; size_t n_ranges;   /* INT: values; STRING, TEXT, HEX: lengths in bytes; never empty for those */
    m_item *items; size_t n_items;      /* ENUM, WORD, BOOL (2), FLAGS */
    bool is_hex;                /* INT, ENUM, FLAGS: radix 16 */
    uint8_t digits;             /* ENUM in radix 16, INT in radix 10: at least so many are written */
    bool is_open;               /* ENUM, error tables: other numbers that fit the C field are taken too */
    bool upper, lower;          /* MAC, HEX: letters as written; neither: lower written, both read */
    char separator;             /* MAC, 0 none */
    uint8_t bytes;              /* width of the C field: 1, 2, 4 (INT, ENUM, WORD, FLAGS, BOOL = 1) */
    bool is_signed;
    bool has_default; int64_t dflt; const char *dflt_text;  /* text: of STRING, TEXT, IP, MAC, HEX */
    bool named;                 /* stands in the spec under a name: emit its C type and constants */
    bool is_poison;             /* resolver only: stands for a type that was reported; never in a finished model */
    place at;
    unsigned id;                /* index in model.types */
} m_type;

/* ---- C structs: what users see ---- */
typedef struct m_field {
    const char *name;           /* C name */
    const m_type *type;
    bool has;                   /* may be left out: a `bool has_NAME` stands with it */
    bool in_loop;               /* member of the repeated group, not of the struct itself */
    bool is_outcome, is_saved;  /* the two fields that are no parameter; their type is NULL */
    bool of_error;              /* in results: a value of one of the dialect's error results, not of the form's own lines */
    place at;
} m_field;
typedef struct m_struct {
    const char *c_name;         /* without the dialect: `cwjap_set`, `cwjap_set_result`, `cwlap_exec_row`, `ipd` */
    const char *doc;
    m_field *fields; size_t n_fields;
    bool has_loop;              /* a group repeats: `struct {…} item[loop_max]; size_t n_item;` */
    unsigned loop_max;
    unsigned id;                /* index in model.structs */
} m_struct;

/* ---- conditions ---- */
struct m_setting; struct m_form; struct m_command;
typedef struct m_cond {
    enum { IF_SETTING, IF_SLOT, IF_REQUEST } on;
    const struct m_setting *setting;    /* IF_SETTING */
    int key_slot;               /* IF_SETTING of a keyed setting: slot of this line that holds the key, -1 none */
    const char *key_field;      /* the same where the request holds it: field of its struct, or NULL */
    bool has_key; int64_t key;  /* IF_SETTING of a keyed setting in `given`: the key's value */
    unsigned slot;              /* IF_SLOT: index in this line's slots */
    const char *field;          /* IF_REQUEST: field of the request's struct */
    bool negate, is_bits;       /* true when lo <= v <= hi; is_bits: (v & lo) == hi; then negated */
    int64_t lo, hi;
    place at;
} m_cond;

/* ---- lines ---- */
typedef struct m_slot {         /* one cell of a line */
    bool literal;
    const char *text;           /* literal: raw bytes on the wire, quotes included */
    const char *name;           /* parameter: name in the spec */
    const char *field;          /* parameter: C field of the line's struct (in_loop: of the group) */
    const m_type *type;
    const char *pre, *post;     /* text that belongs to the cell, before and after; "" none */
    bool may_be_empty;
    bool optional;              /* some reading leaves it out, or a mask hides it */
    const m_cond *shown;        /* `mask has BIT`: it is there just when that holds, though the readings have it; NULL: always */
    const char *tie;            /* field of the request's struct it must be equal to, or NULL */
    bool is_elastic;            /* TEXT: takes all cells the others leave */
    bool next_line;             /* the last one of a line that goes on: `pre` begins with its line end,
                                   and no comma stands before it */
    place at;
} m_slot;
typedef struct m_reading {      /* one way to leave things out: which slots are there, and under what conditions */
    uint32_t mask;              /* bit i: slot i is there */
    m_cond *conds; size_t n_conds;      /* all must hold (unknown settings hold) */
} m_reading;
/* How many slots are there. */
static inline unsigned mask_size(uint32_t mask)
{
    unsigned n = 0;
    for (; mask; mask &= mask - 1) n++;
    return n;
}
typedef enum { DATA_NONE, DATA_INLINE, DATA_AFTER } m_data_at;
typedef struct m_line {
    const char *syntax;         /* as written in the spec */
    const char *head;           /* response: name the line begins with ("+CWJAP_CUR" is MODEL_NAME), "" none; command: "" */
    const char *lead;           /* between the name and the first cell as written: ":", ": ", "=", ":(", "" */
    const char *tail;           /* after the last cell: ")", "" */
    m_slot *slots; size_t n_slots;              /* at most 32 */
    m_reading *readings; size_t n_readings;     /* longest first; at least one, mask 0 for a bare literal */
    int loop_first, loop_n;     /* slots [loop_first, loop_first+loop_n) repeat, -1 none */
    unsigned loop_min, loop_max;
    const struct m_setting *mask;       /* its bits show and hide slots, NULL none */
    int loop_count;             /* slot whose value is the number of repetitions, -1 none */
    m_data_at data_at;          /* counted bytes inside this line (INLINE: right after lead/`:`/`,`, see data_lead) */
    bool data_either;           /* INLINE: in quotes or not, and written in them */
    const char *data_name, *data_lead, *data_tail;      /* data_lead: the text just before the bytes, "," or ":" */
    int data_count;             /* slot that counts them; -1: data_request */
    const char *data_request;   /* field of the request that counts them */
    const m_struct *fields;     /* where the parameters go, or NULL */
    place at;
    unsigned id;                /* index in model.lines */
} m_line;

/* Does its last parameter stand on the next physical line? */
static inline bool model_goes_on(const m_line *line)
{
    return line->n_slots && line->slots[line->n_slots - 1].next_line;
}

/* ---- what may follow a command: atoms and who follows whom ---- */
typedef enum { A_LINE, A_FINAL, A_PROMPT, A_DATA_IN, A_DATA_OUT, A_BODY, A_BLANK, A_TRANSPARENT, A_URC, A_PAUSE } m_atom_kind;
typedef struct m_figure {       /* a number that is looked up when it is needed; both NULL: none */
    const char *field;          /* of the request's struct; of a keyed setting: its key */
    const struct m_setting *setting;    /* NULL: the field itself */
    const m_type *type;         /* its default counts when the field is left out or the setting not known */
} m_figure;
typedef struct m_time { uint32_t ms; m_figure by[2]; uint32_t scale_ms; } m_time;        /* ms + by0 * by1 * scale_ms */
typedef struct m_atom {
    m_atom_kind kind;
    const m_line *line;         /* LINE, FINAL; BODY, TRANSPARENT: the line that ends it, or NULL */
    const char *name;           /* C name: of the row, the data, the outcome (`send_ok`) */
    bool is_ok;                 /* FINAL: class ok */
    bool ends;                  /* this is the last step that is not `later`; an intermediate code has ends = false */
    bool later;                 /* after the line is free */
    bool row;                   /* LINE, FINAL values, DATA_OUT inside a repetition: reported one by one */
    bool begins;                /* row on the line that its repetition begins on */
    bool heard;                 /* LINE, FINAL, PROMPT: the host takes it, the module never says it */
    bool alone;                 /* LINE that may be left out: the module writes it by a call of its own; its values stand in the
                                   result all the same */
    int outcome;                /* index in form.outcomes where this atom decides it, -1 */
    const char *count_field;    /* DATA_IN, DATA_OUT, and the counted repetition an atom begins; NULL none */
    bool count_in_result;       /* count_field is of the result struct, not of the request */
    const m_struct *row_fields; /* row: its struct */
    const char *text; size_t text_len;          /* PROMPT; DATA_IN until; TRANSPARENT escape */
    const char *sign;           /* PROMPT: its text as the host looks for it: the line ends in front are
                                   framing, and blanks behind it do not matter */
    const char *cancel, *escape; size_t cancel_len, escape_len;
    uint32_t max;               /* DATA_IN without a count: at most */
    bool short_kept;
    m_time within, silence;
    const struct m_urc *urc;    /* URC */
    m_cond *conds; size_t n_conds;
    unsigned *follow; size_t n_follow;          /* atoms that may come next (indices) */
    bool may_end;               /* the request may be complete after this atom */
    int loop, loop_min, loop_max;               /* counted repetition: id, -1 none */
    place at;
} m_atom;
typedef struct m_flow {         /* Glushkov automaton of the steps; lines expected after atom i are its follow set */
    m_atom *atoms; size_t n_atoms;
    unsigned *first; size_t n_first;
    bool may_be_empty;
} m_flow;

/* ---- what the module can say in one call: atoms written together, up to the next stop ---- */
typedef enum { R_GOES_ON, R_ENDS, R_DATA, R_TRANSPARENT } m_reply_end;
typedef struct m_reply {
    const char *name;           /* C name of the writer: `ok`, `prompt`, `row`, `send_fail` */
    unsigned *atoms; size_t n_atoms;            /* LINE, FINAL, PROMPT, BLANK, DATA_OUT atoms of the form's flow, in order */
    m_reply_end end;
    bool is_ok, later;
    const m_struct *takes;      /* result or row struct, NULL: nothing */
    int data_atom;              /* R_DATA, R_TRANSPARENT: the atom of the phase it begins; DATA_OUT in atoms: bytes are taken too */
} m_reply;

/* ---- forms and commands ---- */
typedef enum { F_EXEC, F_READ, F_TEST, F_SET, F_SAVE, F_QUERY, F_KINDS } m_form_kind;
typedef struct m_outcome { const char *name; const char *wire; bool is_ok; } m_outcome;
typedef struct m_said {         /* a line that answers `=?` */
    const char *text;           /* from the name (MODEL_NAME) on */
    const m_line *line;         /* whose parameters it shows */
    const char *label;          /* of the variant that it describes, or NULL */
} m_said;
typedef struct m_form {
    const struct m_command *command;
    unsigned kinds;             /* 1 << m_form_kind; F_SET|F_SAVE is one form with `saved` */
    const char *label;          /* variant, or NULL */
    const char *c_name;         /* `cwjap_set`, `cipstart_tcp` */
    const m_line *line;         /* the command line's cells */
    const char *op;             /* operator in front of them as the spec has it: "", "?", "=?", "=" …; of `set, save` that of set */
    const m_struct *takes;      /* what the handler and the host's call get, NULL nothing */
    const m_struct *result;     /* kept values and the outcome; never NULL */
    const m_flow *flow;
    m_outcome *outcomes; size_t n_outcomes;     /* the dialect's error results included, after the form's own */
    m_reply *replies; size_t n_replies;
    m_cond *only; size_t n_only;
    m_time within;
    bool answers_types;         /* `test` without a pattern: rows of text for the host, */
    m_said *says; size_t n_says;   /* … and what the module says of itself, without framing */
    place at;
    unsigned id;                /* index in model.forms; equal on both sides */
} m_form;
typedef struct m_member {
    const char *name, *ending;
    bool flash;
    const char *saved;          /* "ram", "flash", or NULL: the spec does not say */
    const char **aliases; size_t n_aliases;
    place at;
} m_member;
typedef struct m_command {
    m_member *members; size_t n_members;        /* the family; one for most */
    bool has_saved;             /* members differ by ram and flash */
    const char *c_name, *title, *note;
    m_form **forms; size_t n_forms;
    bool named_only;            /* known, unsupported */
    place at;
    unsigned id;
} m_command;

/* ---- the rest of a dialect ---- */
typedef struct m_urc {
    const char *name, *c_name, *title;
    const char *label;          /* of its shape, or NULL */
    const m_line *line;
    m_cond *conds; size_t n_conds;
    bool restarts;
    place at;
    unsigned id;
} m_urc;
typedef struct m_setting {      /* a parameter some condition mentions */
    const char *name;           /* +CIPMUX.mode */
    const m_command *command;
    const char *param;
    const m_type *type;
    const m_type *key;          /* kept per value of this parameter, or NULL */
    const char *key_param;
    bool has_reset; int64_t reset;      /* value after a reset */
    unsigned id;
} m_setting;
typedef enum { RC_OK, RC_ERROR, RC_BUSY } m_class;
typedef struct m_result {       /* name: C name; codes that differ in letter case only share it, and the outcome */
    m_class klass; const char *name; const m_line *line; place at;
} m_result;
typedef struct m_number { unsigned number; const char *text; } m_number;  /* instead of a result code when it is short */
typedef enum { REFUSE_COMMAND, REFUSE_OPERATOR, REFUSE_PARAMETER, REFUSE_SYNTAX, REFUSE_LENGTH, REFUSE_UNSUPPORTED,
               REFUSE_KINDS } m_refuse;
typedef enum { MEANS_OPEN_TCP, MEANS_OPEN_UDP, MEANS_SEND, MEANS_CLOSE, MEANS_RECEIVED, MEANS_LOST,
               MEANS_KINDS } m_role;
enum { MEANS_PARAMS = 4 };
typedef struct m_meaning {      /* what a form or URC does, for programs that stand in for the world behind the module */
    m_role role;
    const m_form *form;         /* NULL: urc */
    const m_urc *urc;
    const char *params[MEANS_PARAMS];   /* in the role's order; NULL behind the last */
} m_meaning;
const char *model_role(m_role);          /* its word in the spec */
typedef struct m_errors { const char *name, *title; const m_type *type; } m_errors;
typedef struct m_wire { char direction; const char *bytes; size_t len; place at; } m_wire;
typedef struct m_example {
    const char *title; m_wire *lines; size_t n_lines; m_cond *given; size_t n_given;
    const m_command *command;   /* the command it stands in, or NULL */
    place at;
} m_example;
typedef enum { BUSY_WAIT, BUSY_SILENT, BUSY_TEXT, BUSY_ABORT } m_busy;
typedef enum { SPACES_LENIENT, SPACES_EXACT, SPACES_V250 } m_spaces;
typedef struct m_framing {      /* byte strings as on the wire */
    const char *prefix; bool prefix_any_case, names_any_case;
    const char *command_end;
    const char *info[2], *result[2], *urc[2];   /* before, after */
    const char *separators;     /* ":=" */
    m_spaces spaces;
    bool no_quotes;                             /* a quote is a sign like any other */
    char escape; const char *escaped;           /* escape 0: none */
    bool echo; const m_command *echo_command; const char *echo_param;   /* param NULL: the command toggles */
    m_busy busy, busy_data; const char *busy_text, *busy_data_text;
    char chain;
    bool chain_basic;           /* the digits of a basic command end it: ATE0V1 */
    /* the host may choose them; NULL: it may not */
    const m_setting *verbose, *quiet, *termination, *formatting, *editing, *echo_setting;
    const struct m_command *resets[3]; size_t n_resets; /* after them settings are as after a reset */
    const char *repeat;                         /* says the last line again; NULL: nothing does */
    uint32_t length, pause_ms, within_ms;
    const char *resync_command; const m_line *resync_final;
    const char *operators[F_KINDS];             /* "" exec, "?" read, …; NULL: the dialect has no such form */
} m_framing;

typedef struct model {
    const char *name, *title, *manual;
    m_framing lines;
    m_type **types; size_t n_types;
    m_struct **structs; size_t n_structs;
    m_line **all_lines; size_t n_lines;
    m_command **commands; size_t n_commands;
    m_form **forms; size_t n_forms;
    m_urc **urcs; size_t n_urcs;
    m_result *results; size_t n_results;
    m_number *numbers; size_t n_numbers;
    const m_line *refuse[REFUSE_KINDS];         /* never NULL; values filled in as literals */
    m_setting **settings; size_t n_settings;
    m_errors *errors; size_t n_errors;
    m_example *examples; size_t n_examples;
    m_meaning *meanings; size_t n_meanings;
    const char **files; size_t n_files;         /* the spec and what it includes: for the depfile */
} model;

/* May the host choose anything of the dialogue? The echo counts when a setting switches it. */
static inline bool model_has_manner(const model *m)
{
    const m_framing *f = &m->lines;
    return f->verbose || f->quiet || f->termination || f->formatting || f->editing || f->repeat ||
           f->echo_setting || f->n_resets || f->busy == BUSY_ABORT;
}

#endif
