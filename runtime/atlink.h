/* One AT link, the same for every dialect and both ends of the wire. This is the whole interface
 * a program needs beside the generated headers: types of values, the port to the outside, feed
 * and poll.
 *
 * A link is one object; any number may exist; each belongs to one thread. Interrupts fill a ring
 * buffer (ports/at_ring.h) and never call in here. No heap, no stdio, no recursion, no globals.
 * SPDX-License-Identifier: 0BSD */
#ifndef ATLINK_H
#define ATLINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "at_features.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Generated code states the number it was made for; a mismatch is an #error that says what to do. */
#define AT_API 1

#if defined(__GNUC__)
#define AT_MUST_CHECK __attribute__((warn_unused_result))
#else
#define AT_MUST_CHECK
#endif

/* ---- options: define in the build; every file of one program must agree. What dialects may or may
 * not use: at_features.h ---- */

/* Texts of at_status_text(), of reasons and of generated error tables: 0 leaves them out
 * (about 500 bytes). */
#ifndef AT_TEXTS
#define AT_TEXTS 1
#endif
/* What tools look into: events (at_event, at_link.tap), at_port.trace, handlers of all forms in one
 * (at_module_hook). 0 leaves it out (about 500 bytes). */
#ifndef AT_TAP
#define AT_TAP 1
#endif
/* What the host may choose of the dialogue (result codes as numbers, editing, …): 0 leaves it out
 * (about 200 bytes on either side). Generated headers refuse to compile when the dialect needs it. */
#ifndef AT_MANNERS
#define AT_MANNERS 1
#endif
/* Dialects with thousands of commands, or lines of more than 20 parameters, need 1: rows of their
 * tables are about twice as large. Generated headers ask for it. */
#ifndef AT_WIDE
#define AT_WIDE 0
#endif

/* ---- values ---- */
typedef struct at_text { const char *p; size_t n; } at_text;    /* received: NUL-terminated too */
typedef struct at_bytes { const uint8_t *p; size_t n; } at_bytes;
typedef struct at_ip { uint8_t b[4]; } at_ip;                   /* b[0] is written first */
typedef struct at_mac { uint8_t b[6]; } at_mac;
typedef enum { AT_RAM, AT_FLASH } at_saved;

#define AT_TEXT(literal) { (literal), sizeof (literal) - 1 }    /* initialiser for an at_text */

typedef enum {
    AT_OK,              /* done */
    AT_PENDING,         /* handler: the answer comes later; chunk: more follows */
    AT_AGAIN,           /* no room now; nothing was kept; try again from poll */
    AT_INVALID,         /* the call is wrong: a value out of range, a form that is not running */
    AT_REFUSED,         /* the module answered with an error; handler: answer with one */
    AT_UNSUPPORTED,     /* handler missing, or the dialect's text for "no such command" */
    AT_TIMEOUT,         /* no answer within the form's time limit */
    AT_CANCELLED,
    AT_RESTARTED,       /* the module restarted meanwhile */
    AT_LOST,            /* at_lost(): the line is gone */
    AT_GARBLED,         /* the answer came but cannot be one of this form */
    AT_OVERFLOW,        /* a line or an answer was longer than the buffer */
    AT_SHORT            /* a data phase ended before all its bytes came */
} at_status;

/* A piece of a data phase, both ways. `left` counts the bytes still to come, this piece included;
 * SIZE_MAX when the end is not known before it comes. The piece that ends the phase has status
 * AT_OK and n == left; a phase that ends otherwise ends with n == 0 and the status that says why.
 * `p` is valid during the call only. */
typedef struct at_chunk { const uint8_t *p; size_t n; size_t left; at_status status; } at_chunk;

/* English, lower case, without a full stop; "" when AT_TEXTS is 0. Static storage. */
const char *at_status_text(at_status);

/* ---- the outside ---- */
typedef struct at_port {                                        /* copied by init */
    size_t   (*write)(void *ctx, const uint8_t *p, size_t n);   /* takes 0..n; never blocks */
    uint32_t (*now)(void *ctx);                 /* milliseconds from anywhere; may wrap */
    void     (*wait)(void *ctx, uint32_t ms);   /* for calls that wait: let time pass and feed the
                                                   link; else NULL */
    void     (*trace)(void *ctx, char direction, at_bytes);     /* '>' to the module, '<' to the
                                                                   host; may be NULL; needs AT_TAP */
    void     *ctx;
} at_port;

typedef struct at_link at_link;
typedef struct at_request at_request;

/* Offer `n` received bytes; returns how many were taken (back-pressure: offer the rest again after
 * at_poll). Handlers and callbacks run from here and from at_poll, and from at_lost, at_restart
 * and at_cancel when these end something; never from inside any other call. */
size_t at_feed(at_link *, const uint8_t *p, size_t n) AT_MUST_CHECK;
/* Write what waits, look at the clock, run what is due. Returns the milliseconds until it wants to
 * be called again without input, UINT32_MAX for never. */
uint32_t at_poll(at_link *);
bool at_wants_write(const at_link *);   /* output waits for the port */
bool at_idle(const at_link *);          /* nothing runs, nothing waits */
void at_lost(at_link *);                /* the line is gone: everything under way ends */
void at_restart(at_link *);             /* the same, and settings and echo are as after a reset */

/* ---- what parsing saw, for tools (decoders, traces) ---- */
typedef struct at_cell { uint16_t at, n; } at_cell;     /* in the line's text */
typedef enum {
    AT_SAW_COMMAND, AT_SAW_REJECTED, AT_SAW_DATA, AT_SAW_ESCAPE, AT_SAW_ECHO, AT_SAW_PROMPT,
    AT_SAW_LINE, AT_SAW_FINAL, AT_SAW_URC, AT_SAW_UNKNOWN
} at_saw;
/* One event per line or data block, in the order in which they complete. It stands before anything
 * in the text is changed: before unescaping, before the handler. */
typedef struct at_event {
    at_saw saw;
    uint16_t form;              /* COMMAND, LINE, FINAL: model form, UINT16_MAX none; URC: number */
    uint16_t line;              /* index in the side's lines, UINT16_MAX none */
    uint8_t op;                 /* COMMAND: AT_OP_… */
    uint32_t mask;              /* which slots of that line are there */
    const char *text;           /* the line as it came, not NUL-terminated */
    size_t n;                   /* its length; DATA: bytes */
    const at_cell *cells; unsigned n_cells;
    const void *fields;         /* host: the struct it was parsed into, or NULL */
    at_status status;           /* FINAL: AT_OK or AT_REFUSED; REJECTED: why; DATA: how it ended */
    unsigned at;                /* REJECTED: offset of the fault in the text */
    const char *reason;         /* REJECTED, UNKNOWN */
    const char *name; size_t name_n;            /* COMMAND: the name as written on the wire */
} at_event;

#ifdef __cplusplus
}
#endif
#endif
