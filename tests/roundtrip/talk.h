/* One exchange of a generated host with a generated module, made from the tables, with everything
 * checked on the way: what the host is given arrives in the module's handler, what the module
 * answers arrives in the host's callbacks, once, and then both are idle.
 *
 * Where there is a choice (which reply comes next, whether a URC comes before it) `choose` decides.
 * SPDX-License-Identifier: MIT */
#ifndef TALK_H
#define TALK_H

#include "flow.h"
#include "pair.h"

typedef enum { TALK_OK, TALK_FAILED, TALK_NOT_POSSIBLE } talk_end;
typedef enum { TALK_BY_REPLIES, TALK_BY_RETURN, TALK_NEVER } talk_answers;

typedef enum { TALK_UNBROKEN, TALK_CANCEL, TALK_LOSE } talk_break;

typedef struct talk_plan {
    unsigned call;              /* index in the host's calls */
    unsigned reading;           /* of its command line */
    sample_pick pick;
    uint32_t seed;
    bool echo;                  /* the module echoes */
    bool urcs;                  /* URCs come in between */
    bool errors;                /* error results are among the choices */
    bool blanks;                /* a blank stands behind prompts and an empty line before the answer,
                                   as real modules write it */
    bool source;                /* data to the module comes from a source */
    bool hurt;                  /* the wires do harm: the exchange may end in any way, but it must
                                   end, nothing out of range may arrive, and the next one must work; or
                                   the one after it, see check_next */
    bool twice;                 /* the module says everything twice (hurt) */
    bool late;                  /* it says nothing before the request has ended (hurt) */
    bool noise;                 /* what else comes may be a result code (hurt) */
    bool unknown;               /* the host does not know the module's settings (hurt) */
    talk_break breaks; unsigned break_at;       /* after so many steps (hurt) */
    talk_answers answers;
    at_status returns;          /* BY_RETURN: the handler's */
    unsigned agains;            /* so often the handler says AT_AGAIN first */
    void (*wires)(pair *, void *ctx);   /* sets the wires up; may be NULL */
    void (*mend)(pair *, void *ctx);    /* hurt: the harm is over; may be NULL */
    unsigned (*choose)(void *ctx, unsigned n);  /* one of n > 1; NULL: at random */
    void *ctx;
} talk_plan;

typedef struct talk talk;

talk *talk_new(const at_names *);
void talk_free(talk *);
talk_end talk_run(talk *, const talk_plan *);
/* The same of a URC while nothing runs; `wires` and `ctx` as in a plan. */
talk_end talk_urc(talk *, unsigned urc, unsigned reading, const talk_plan *);
unsigned talk_urc_readings(const talk *, unsigned urc);

/* What was wrong: dialect, form, reading, bytes in exchange notation. */
const char *talk_error(const talk *);
size_t talk_bytes(const talk *, char direction);        /* that passed in the last run */
bool talk_saw_reply(const talk *, unsigned reply);      /* in any run */
at_status talk_status(const talk *);    /* of the last run's request */

#endif
