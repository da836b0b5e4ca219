/* Plays talks: a generated host and a generated module on one wire, their programs played from a
 * text. What happens is written down in the same text, indented; a talk is right when that is what
 * stood there.
 *
 *     talk what has come after a second is sent
 *     host sksnd_set socket=1 size=5 source=kev
 *         > AT+SKSND=1,5\r
 *         module sksnd_set socket=1 size=5
 *     reply sksnd_set_ok actualsize=5
 *         < +OK=5\r\n\r\n
 *         > kev
 *     wait 1s
 *         ...
 *
 * Actions of the host's program:
 *     host FORM NAME=VALUE...   a request; data=: its payload; source=: the payload comes from a
 *                               source, which has no more than that and does not say so; saved=flash
 *     cancel                    the request made last
 *     send BYTES, escape        transparent mode
 * of the module's program:
 *     reply NAME NAME=VALUE...  a reply by its C name; data=: a payload
 *     urc NAME NAME=VALUE...    by its name in the spec; of several variants NAME/1, NAME/2
 *     returns STATUS            what the next handler returns: ok, refused, again, unsupported;
 *     always STATUS             all from now on; else they say that the answer comes later
 *     ends                      the form that runs ends and nothing is written
 *     restart                   the module has restarted, and has said nothing yet
 *     say BYTES, leave          transparent mode
 * of others:
 *     > BYTES, < BYTES          to the module, to the host, from somebody else
 *     away host, away module    what is written to it is lost from now on
 *     wait 300ms, wait 6s
 *
 * What happens: `> BYTES`, `< BYTES` on the wire; `module FORM …` a handler is called, `module data
 * BYTES (STATUS)`; `host FORM: STATUS "RESULT" …` a request is complete, `host row`, `host data`,
 * `host urc`, `host unknown`. Bytes and values are escaped as in the exchange notation; a value with
 * blanks stands in quotes, a quote in it is \x22. Time is virtual.
 * SPDX-License-Identifier: MIT */
#ifndef PLAY_H
#define PLAY_H

#include <stdio.h>

#include "fill.h"
#include "flow.h"
#include "pair.h"

typedef struct asked {          /* a request of the talk */
    at_request request;         /* first */
    struct asked *next;
    struct play *play;
    flow_form form;
    const char *name;
    char *fields;
    fill fill;
    at_bytes source; bool has_source;
    struct { uint16_t line; uint32_t mask; } seen[64]; unsigned n_seen; /* lines of its result */
    bool done;
} asked;

typedef struct play {
    const at_names *names;
    pair *pair;
    FILE *out;
    asked *asked;               /* the last one first */
    at_status returns, always;  /* of the next handler, of those after it */
    char *texts[500]; unsigned n_texts;         /* what values point to */
    char open[40];              /* label of the bytes that were written last */
    const at_tables *saw_tables; const uint16_t *saw_map;       /* the line that was read last */
    uint16_t saw_line; uint32_t saw_mask;
    uint16_t result_line;       /* the last result code */
} play;

/* ---- play_show.c: what happens ---- */
extern const pair_ears play_ears;
void play_listen(play *);       /* to both sides, once they have started */
void play_hear(asked *);        /* to a request that is going to be made */
void play_flush(play *);        /* everything that has happened is written */
void play_note(play *, const char *format, ...);
/* Of several URCs of one name: +NAME/1, +NAME/2. */
void play_urc_name(const at_names *, unsigned urc, char *name, size_t size);

/* ---- play_act.c: what the programs do ---- */
void play_act(play *, const char *line);

#endif
