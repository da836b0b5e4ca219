/* The names behind a dialect's numbers, for programs that show them: decoders, consoles, simulators. Generated
 * into <dialect>_names.c as `<dialect>_names`; firmware and drivers that do not mention it do not pay for it.
 * SPDX-License-Identifier: 0BSD */
#ifndef ATNAMES_H
#define ATNAMES_H

#include "athost.h"
#include "atmodule.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct at_param_name {  /* one slot of a line */
    const char *name;           /* as in the spec; "" for a literal */
    const char *type;           /* the type's name in the spec */
    uint8_t kind;               /* AT_T_… ; says whether the value is a number, text, … */
    uint8_t quoted;             /* 1: the value stands in quotes on the wire */
} at_param_name;

typedef struct at_line_name {   /* one line pattern of the model */
    const char *syntax;         /* as in the spec */
    const at_param_name *slots; /* as many as the line has slots */
    uint8_t n_slots;
} at_line_name;

typedef struct at_form_name {   /* one form (variant); its number is at_form.id and at_call.id */
    const char *command;        /* first member of its family, without AT: "+CWJAP_CUR"; others: `members` */
    const char *form;           /* "set", "read", … */
    const char *form_saved;     /* when `saved` is AT_FLASH and members do not tell: "save"; else the same as `form` */
    const char *label;          /* variant, "" none */
    const char *c_name;         /* cwjap_set */
    const char *const *members; /* NULL-ended */
    uint16_t fields_size, result_size;
    uint16_t first_reply, n_replies;    /* in the module's replies */
} at_form_name;

typedef struct at_reply_name {  /* of all forms, as they stand in the module's tables; then error results */
    const char *name;
    uint16_t form;              /* UINT16_MAX: it ends whichever runs */
    uint16_t row, number;       /* as at_module_reply takes them */
} at_reply_name;

typedef struct at_given {       /* index in either side's tables.settings */
    uint8_t setting, key;       /* key: AT_NONE8 for every value of it */
    int32_t value;
} at_given;
typedef struct at_example {     /* one exchange of the spec */
    const char *title;
    const at_given *given; uint8_t n_given;             /* settings it is shown with */
    const char *text;           /* exchange notation; a step is a line or data, framing as in the spec: mostly none */
} at_example;

enum { AT_MEANS_OPEN_TCP, AT_MEANS_OPEN_UDP, AT_MEANS_SEND, AT_MEANS_CLOSE, AT_MEANS_RECEIVED, AT_MEANS_LOST };
typedef struct at_meaning {     /* what a form or URC does with a connection */
    uint8_t role;               /* AT_MEANS_… */
    uint16_t of;                /* form; RECEIVED, LOST: URC */
    const char *params[4];      /* which parameters: of OPEN host, port, connection, own port; of
                                   others connection, of RECEIVED peer's address and port; NULL: none */
} at_meaning;

typedef struct at_names {
    const char *dialect, *title;
    const at_line_name *lines; uint16_t n_lines;        /* by model line */
    const uint16_t *module_lines, *host_lines;          /* a side's line -> model line */
    const at_form_name *forms; uint16_t n_forms;
    const at_reply_name *replies; uint16_t n_replies;
    const char *const *urcs;                            /* names as in the spec, by number */
    const uint16_t *urc_lines;                          /* the module's line of each, for at_module_urc */
    uint16_t n_urcs, restart;                           /* restart: the one that says that the module starts, UINT16_MAX none */
    const at_example *examples; uint16_t n_examples;
    const at_module_class *module;                      /* what a program needs to make objects of either side */
    const at_host_class *host;
    uint16_t module_fields, host_result;                /* bytes of the largest struct each has to hold */
    uint16_t module_buffer, host_buffer;                /* least buffers, bytes */
    const at_meaning *meanings; uint16_t n_meanings;
} at_names;

/* ---- a reply, as tools look at it ---- */
#define AT_REPLY_PARTS 32
typedef struct at_reply {
    at_emit parts[AT_REPLY_PARTS];      /* lines, prompts, blanks and data; the plain ok is one */
    unsigned n;
    const at_phase *phase;      /* that begins, NULL none */
    bool ends, fails, later;    /* the form, which fails; later: it had ended before */
} at_reply;

static inline at_reply at_reply_look(const at_names *names, unsigned reply)
{
    const at_module_tables *t = names->module->tables;
    const at_form *form = &t->forms[names->replies[reply].row];
    const at_emit *e = at_reply_of(t, form, names->replies[reply].number);
    const at_emit ok = { AT_EMIT_LINE, AT_R_ENDS, (at_ref)(t->ok & 0x3ffu) };
    bool more = true;
    at_reply r;
    r.n = 0;
    r.phase = NULL;
    for (; more; more = e++->end == AT_R_MORE) {
        if (e->kind == AT_EMIT_PHASE) r.phase = &t->t.phases[e->arg];
        else if (e->kind != AT_EMIT_NOTHING) r.parts[r.n++] = *e;
        if (e->end == AT_R_ENDS_OK) r.parts[r.n++] = ok;
        r.later = e->end == AT_R_LATER || e->end == AT_R_LATER_FAILS;
        r.ends = e->end >= AT_R_ENDS;
        r.fails = e->end == AT_R_FAILS || e->end == AT_R_LATER_FAILS;
    }
    return r;
}

static inline at_status at_reply_say(const at_names *names, at_module *m, unsigned reply, const void *fields)
{
    return at_module_reply(m, names->replies[reply].row, names->replies[reply].number, fields);
}

static inline bool at_reply_is_transparent(const at_reply *r)
{
    return r->phase && (r->phase->flags & AT_P_TRANSPARENT);
}

#ifdef __cplusplus
}
#endif
#endif
