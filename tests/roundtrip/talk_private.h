/* What the files of an exchange share: talk.c leads it, talk_ask.c makes the request, talk_say.c lets
 * the module answer, talk_hear.c checks what arrives.
 * SPDX-License-Identifier: MIT */
#ifndef TALK_PRIVATE_H
#define TALK_PRIVATE_H

#include "talk.h"

enum { TALK_SEEN_MAX = 64, TALK_ROUNDS_MAX = 6, TALK_TIME_MAX = 50, TALK_ERROR_MAX = 400 };

typedef struct awaited {        /* a struct that is to come out of the host */
    pattern line;
    uint32_t mask;
    const char *sent;
    unsigned what;              /* number of the row, of the URC */
    bool is_due;
} awaited;

typedef struct stream {         /* data that is to arrive */
    const uint8_t *want;
    size_t n, got;
    bool is_due, begun, ended;
    bool differs;               /* other bytes have come */
    at_status status;
} stream;

struct talk {
    const at_names *names;
    talk_plan plan;
    pair *pair;
    unsigned n_atoms;           /* of all forms */
    flow_form form;             /* name NULL: a URC alone */
    flow flow;
    sample values, choices;
    int32_t *settings;
    char *request, *result, *row, *old_row, *urc, *backup, *other; size_t room;
    uint8_t payload[SAMPLE_PAYLOAD_MAX];        /* of the request */
    at_request asked;
    awaited row_due, urc_due;
    awaited row_before;         /* a row that only the line after it completes */
    stream in, out, urc_data;   /* to the module; to the request; of a URC */
    struct { pattern line; uint32_t mask; } seen[TALK_SEEN_MAX];
    unsigned n_seen;
    unsigned calls, dones;
    bool may_complete, phase_begins;
    bool was_transparent;
    bool resyncs;               /* refused with its data under way, or transparent mode has ended
                                   without an answer to the escape: the host brings the link in step */
    bool any_error;             /* which of the error results it is does not matter */
    int32_t number;             /* that an error result carries */
    uint8_t *used, *saw_reply;
    /* the next exchange */
    at_request next;
    unsigned probe;             /* a call that takes nothing */
    unsigned resync;            /* the form that brings the link in step */
    unsigned probe_calls, probe_dones;
    at_status probe_status;
    bool probing;               /* it is under way */
    char error[TALK_ERROR_MAX];
    bool failed, stopped;       /* stopped: the module has nothing more to say */
};

/* The exchange is not what it should be. One that was hurt on the way may be so. */
void talk_fail(talk *, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* This must not be even then. */
void talk_wrong(talk *, const char *format, ...) __attribute__((format(printf, 2, 3)));
bool talk_goes_on(const talk *);
unsigned talk_choose(talk *, unsigned n);
/* Carry bytes until nothing moves. */
void talk_rest(talk *);

/* ---- talk_ask.c ---- */
/* Settings and values under which the command may be given; false: there are none. */
bool talk_fill_request(talk *);

/* ---- talk_hear.c ---- */
extern const pair_ears talk_ears;       /* ctx is to be set */
void talk_hear(talk *, at_request *);   /* callbacks of the request */
void talk_expect_data(talk *, const uint8_t *, size_t n);

/* ---- talk_say.c ---- */
/* A reply whose steps are `atoms`; false: no values are possible for it now. */
bool talk_say(talk *, unsigned reply, const uint8_t *atoms);
/* An error result that no step of the form foresees. */
void talk_say_error(talk *, unsigned reply, unsigned known);
/* The end of another form than that of the exchange, with any values. */
at_status talk_answer_other(talk *, unsigned form);
/* A URC; reading -1: any. False: it cannot come now. */
bool talk_say_urc(talk *, unsigned urc, int reading);
/* Data of the request; transparent mode. */
void talk_take_data(talk *, unsigned atom);
void talk_transparent(talk *, unsigned atom);

#endif
