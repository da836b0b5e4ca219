/* Where a form is in what may follow its command: the host's automaton, walked by the test, and
 * which of the module's replies may come next.
 * SPDX-License-Identifier: MIT */
#ifndef FLOW_H
#define FLOW_H

#include "atnames.h"
#include "cond.h"

typedef struct flow_form {      /* a form, both sides of it */
    const at_names *names;
    const at_form_name *name;
    const at_call *call;
    const at_course *course;
    const at_form *module;
    unsigned call_index, module_index;
    pattern line;               /* command line, the host's */
    pattern module_line;
} flow_form;

typedef struct flow {
    const flow_form *form;
    const char *request, *result;       /* structs; result: the values that have come so far */
    const int32_t *settings;
    int atom;                   /* -1: only the command has left */
    bool ended;                 /* nothing more can come, whatever follows the atom */
    unsigned round;             /* of a repetition */
    unsigned outcome;
    at_status status;
} flow;

enum { FLOW_ATOMS = 32, FLOW_START = -1 };

/* False: one of the sides does not have the form. */
bool flow_form_of(const at_names *, unsigned call, flow_form *);
/* Text behind the name: of a family that which saves to RAM. */
unsigned flow_ending(const at_host_tables *, const at_course *);
unsigned flow_atoms(const flow_form *); /* how many the form has */
/* How its request's data ends, NULL: it has none. */
const at_phase *flow_data(const at_host_tables *, const at_call *);
const at_step *flow_step_of(const flow_form *, unsigned atom);
flow flow_start(const flow_form *, const char *request, const char *result, const int32_t *settings);

const at_atom *flow_atom(const flow *, unsigned atom);
const at_step *flow_kind(const flow *, unsigned atom);
const at_phase *flow_phase(const flow *, unsigned atom);        /* of a data atom */
/* Atoms that may come next; how many. */
unsigned flow_next(const flow *, uint8_t *atoms);
/* One of them of this kind; -1 none. */
int flow_expects(const flow *, unsigned kind);
void flow_step(flow *, unsigned atom);
/* The form ends here. */
void flow_end(flow *);

/* The atoms a reply of the module stands for when it comes now: one for each of its emits. False: it
 * may not come now. */
bool flow_takes(const flow *, unsigned reply, uint8_t *atoms);
/* Is this the line that ends a body? It stands for the body's atom once more. */
bool flow_ends_body(const flow *, const at_emit *, unsigned atom);

/* The request may be complete; nothing more can come. */
bool flow_may_end(const flow *);
bool flow_at_end(const flow *);
/* The line is free for the next command. */
bool flow_is_free(const flow *);

/* What a line of the module is to the host when nobody expects it: index in its tables->known. */
enum { FLOW_NONE = 65535 };
unsigned flow_known(const at_names *, unsigned module_line);

#endif
