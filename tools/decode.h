/* Decodes both directions of an AT link with the generated parsers themselves: the module side reads what the
 * host sent, the host side what the module sent, in the context of the command the module side has just read.
 * SPDX-License-Identifier: MIT */
#ifndef DECODE_H
#define DECODE_H

#include "atnames.h"

typedef struct decode decode;

/* `event` is called for each line or data block, in the order in which the bytes complete them; `from` is 'h' or 'm'. What
 * the event points to is valid during the call; the `text` of data are its bytes. NULL: no memory. */
decode *decode_new(const at_names *, void (*event)(void *ctx, char from, const at_event *), void *ctx);
void decode_free(decode *);

/* Bytes of one direction: '>' from the host, '<' from the module. */
void decode_feed(decode *, char direction, const char *bytes, size_t n);
/* From now on both sides get what is fed in pieces of 1 to `most` bytes (0: whole), cut by chance; `seed` says how. */
void decode_cut(decode *, uint32_t most, uint32_t seed);
/* Time passes; it stands still otherwise. */
void decode_time(decode *, uint32_t ms);
/* No more input: what is still held back (a body without a length, an escape's guard time) comes out. */
void decode_end(decode *);
/* An exchange ends: of a line or data that was cut what has come is reported, nothing carries over but settings. */
void decode_break(decode *);

/* Forget what has been set, on both sides, but for `given`: what an example of the spec is shown with. */
void decode_given(decode *, const at_given *given, size_t n);
/* Is the next byte of this direction data, not part of a line? */
bool decode_in_data(const decode *, char direction);
/* Has the last command not been answered, and is there still time? */
bool decode_is_busy(const decode *);
/* Nor is there a result that comes later. */
bool decode_is_idle(const decode *);
/* Is what the module says a body, of which only silence may say that it has ended? */
bool decode_in_body(const decode *);

/* Of an event from the module that is being reported: does this line come after the final result of its command? */
bool decode_is_late(const decode *, const at_event *);

const at_tables *decode_tables(const decode *, char from);
/* Names of a side's line, by the side's number. */
const at_line_name *decode_line(const decode *, char from, unsigned line);

#endif
