/* The module side of a link: what generated <dialect>_module.c builds on. Programs include the
 * generated header.
 * SPDX-License-Identifier: 0BSD */
#ifndef ATMODULE_H
#define ATMODULE_H

#include "at_link_private.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct at_module at_module;
typedef struct at_manners at_manners;
extern const at_manners at__manners;

/* Data phases, as at_module.c sees them; NULL in a module that has none. */
typedef struct at_phases {
    /* `fields` holds the count; NULL: it is not known, everything is dropped until silence. */
    void (*begin)(at_module *, unsigned phase, const void *fields);
    size_t (*feed)(at_module *, const uint8_t *, size_t);
    /* Do what is due: held bytes, time limits, the end. Milliseconds until there is more. */
    uint32_t (*run)(at_module *);
    void (*end)(at_module *, at_status);        /* the link is gone: tell the handler */
} at_phases;
#if AT_HIDDEN
static const at_phases at__phases;
#else
extern const at_phases at__phases;
#endif

/* What a generated module gives the runtime. `form` is an index in tables->forms. `call` runs the
 * user's handler, with NULL for one without a struct (AT_UNSUPPORTED when there is none), `data` hands a chunk to the handler of that
 * form's data phase and says how many bytes it took, `sent` says that a payload has left.
 * What a handler returns:
 *   AT_OK           the form's plain ok is written, unless the handler has ended the form or begun
 *                   a data phase
 *   AT_PENDING      the form ends later, through a reply
 *   AT_AGAIN        call me again with the same fields when there is room (or 10 ms later)
 *   AT_UNSUPPORTED  refused as unsupported;  anything else: refused as a wrong parameter */
typedef struct at_module_class {
    const at_module_tables *tables;
    const at_phases *phases;    /* &at__phases; NULL when no form has a data phase: then the linker
                                   leaves that code out */
    const at_manners *manners;  /* &at__manners; NULL when the host may choose nothing of the dialogue */
    at_status (*call)(at_module *, unsigned form, const void *fields);
    size_t (*data)(at_module *, unsigned form, const at_chunk *);
    void (*sent)(at_module *, at_bytes);
    uint16_t fields_size;       /* of the largest command struct */
} at_module_class;

/* Tools may take the place of all handlers: called instead of `call` / `data` when not NULL. Needs
 * AT_TAP. */
typedef struct at_module_hook {
    at_status (*call)(at_module *, unsigned form, const void *fields, void *ctx);
    size_t (*data)(at_module *, unsigned form, const at_chunk *, void *ctx);
    void *ctx;
} at_module_hook;

/* A handler, as the runtime knows it: any, of a form without and with a struct. */
typedef void at_any_handler(void);
typedef at_status at_plain_handler(at_module *);
typedef at_status at_handler(at_module *, const void *fields);

struct at_module {              /* small members first: they are reached with shorter code */
    uint8_t due;                /* what is to be done for the form, see at_module.c */
    bool data_seen;             /* it had a data phase */
    bool echo, echoing;         /* echo is on; the line being collected is echoed */
    bool after_cr;              /* the last byte was the CR of a line */
    bool after_data;            /* the last byte was the last of a data phase */
    bool wants_lf;              /* the host ends its lines with CR LF */
    bool overlong;              /* the line being collected does not fit: it is never empty again */
    bool chained;               /* further commands stand behind it in the line */
    bool dropping;              /* its bytes go nowhere: the form was refused or has ended */
    uint8_t held, ready;        /* bytes in hold; so many of them are data after all */
    uint8_t closing;            /* 1 + at_status: it has ended, its last chunk is due */
    uint16_t form;              /* the one that runs, index in tables->forms */
    const at_start *start;      /* of that; NULL: none runs, the line is free */
    const at_phase *phase;      /* the data phase under way, NULL none */
    uint32_t left;              /* counted: bytes still to come */
    uint32_t came;              /* bytes taken so far; of an answer to `=?`: written */
    uint32_t heard;             /* when the last byte came from the host */
    void *fields;               /* the running command's struct */
    at_link link;
    uint32_t began;             /* when the phase began */
    const at_module_class *klass;
    const at_module_tables *tables;     /* its tables */
    uint8_t hold[AT_HOLD + 1];  /* bytes that may begin a text that ends it */

    /* ---- what others use ---- */
    const at_module_hook *hook; /* NULL in firmware */
    void *app;
};

/* The row for `name`, or NULL. Cost does not grow with the table: rows of one bucket stand
 * together, buckets[h] .. buckets[h + 1]. The generator uses the same hash: h = 0; for each byte
 * h = h * 5 ^ (byte & AT_ANY_CASE), 32 bit; bucket h & mask. A few names are in one bucket. */
AT_OWN const at_command *at_find_command(const at_module_tables *, const char *name, size_t n);

/* `fields`: room for the largest command struct; `settings`: tables->n_settings values; `cells`:
 * as many as the lexer makes; all part of the generated object. `buffer`: line and output. AT_INVALID: the buffer is smaller than the
 * dialect needs (line_max + 1 + out_max + final_max). */
AT_OWN at_status at_module_init(at_module *, const at_module_class *, const at_port *, void *buffer,
                         size_t size, void *fields, int32_t *settings, at_cell *cells,
                         void *app) AT_MUST_CHECK;

/* Write reply number `reply` of a form with the values of `fields`. AT_OK; AT_AGAIN: no
 * room now, nothing written (plain final results always have room); AT_INVALID: its form is not
 * running, or a value is out of range (nothing written). */
at_status at_module_reply(at_module *, unsigned form, unsigned reply, const void *fields) AT_MUST_CHECK;
/* Send a URC (line number `line`). AT_AGAIN: not now: no room, a command line is being typed, a
 * payload is leaving, or the link is transparent. */
at_status at_module_urc(at_module *, unsigned line, const void *fields) AT_MUST_CHECK;
/* End the running form with refusal `kind` (AT_REFUSE_…). */
at_status at_module_refuse(at_module *, unsigned kind) AT_MUST_CHECK;
/* End the running form without writing anything; `ok`: settings change as when it ends well. */
at_status at_module_done(at_module *, bool ok) AT_MUST_CHECK;

/* Answer the running `=?` from the types; generated code calls it where there is no handler, and
 * only where the dialect has such a form (at_module_test.c). AT_OK: its lines are written, the plain
 * ok is not; AT_AGAIN: some are, call again when there is room; AT_UNSUPPORTED: it is another form. */
at_status at_module_test(at_module *) AT_MUST_CHECK;

bool at_module_in_data(const at_module *);          /* a data phase or transparent mode */
bool at_module_in_transparent(const at_module *);
/* Send bytes to the host in transparent mode; how many were taken. */
size_t at_module_send(at_module *, const uint8_t *, size_t) AT_MUST_CHECK;
/* Leave transparent mode from the module's side (the connection is gone): writes the line that
 * says so, if the dialect has one. AT_AGAIN: no room; AT_INVALID: not in transparent mode. */
at_status at_module_leave(at_module *) AT_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
