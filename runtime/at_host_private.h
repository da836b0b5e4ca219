/* What the files of the host side share: the states of a request and of the link, and the steps of
 * a form. at_host.c starts and ends requests, at_host_form.c leads them through their forms,
 * at_host_line.c says whose a line is, at_host_data.c, at_host_body.c and at_host_transparent.c
 * carry data.
 * SPDX-License-Identifier: 0BSD */
#ifndef AT_HOST_PRIVATE_H
#define AT_HOST_PRIVATE_H

#include "at_line.h"
#include "athost.h"

/* request.state */
enum { AT_Q_FREE, AT_Q_QUEUED, AT_Q_RUNNING, AT_Q_LATE };
/* request.flags */
enum {
    AT_Q_CANCEL = 1,            /* at_cancel was called */
    AT_Q_VALUES = 2,            /* its room holds values */
    AT_Q_TEXT = 4,              /* … that point into link.in */
    AT_Q_SENDING = 8,           /* its data phase is under way */
    AT_Q_FILL = 16,             /* … and is filled up with zero bytes */
    AT_Q_UNTIL = 32,            /* … and its last text has been put */
    AT_Q_GARBLED = 64           /* ghost: even its final result does not bring the link in step */
};
/* core.sync: `running` is the ghost, and … */
enum { AT_SYNC_NONE, AT_SYNC_DRAIN, AT_SYNC_SENT, AT_SYNC_SETTLE };
/* core.escape */
enum { AT_ESC_NONE, AT_ESC_ASKED, AT_ESC_SENT };

/* Something that takes bytes which are no lines. */
struct at_stream {
    void (*begin)(at_core *, at_request *, unsigned atom);
    const uint8_t *(*bytes)(at_core *, const uint8_t *p, const uint8_t *end);   /* where it stopped */
    void (*step)(at_core *);    /* what is due without any bytes */
};

static inline const at_call *at__call(const at_core *h, const at_request *r)
{
    return &h->tables->calls[r->call];
}
static inline const char *at__text(const at_core *h, unsigned text)
{
    return h->tables->t.text + text;
}
/* The line is not quiet. */
static inline void at__stir(at_core *h)
{
    h->quiet_at = h->link->now;
}

/* ---- at_host.c ---- */

/* Has this time come? If not, at_poll asks to be called then. */
bool at__due(at_core *, uint32_t when);
/* No command before `ms` from now. */
void at__pause(at_core *, uint32_t ms);
/* Tell the user of `r`, which is on no list any more. */
void at__finish(at_core *, at_request *r, at_status);
void at__take_off(at_request **list, const at_request *r);
/* The line is free for the next command; `r` waits for later lines; its command goes again later,
 * as the module was busy, a limited number of times. */
void at__free_line(at_core *);
void at__wait_late(at_core *, at_request *r);
void at__again(at_core *, at_request *r);
/* The struct for the values of `r`, of which atom `i` has come; NULL: there is no room. */
char *at__room_for(at_core *, at_request *r, unsigned i);
/* The values that have come for `r`, NULL none. */
const char *at__values(const at_core *, const at_request *r);
/* End a request under way before its form has ended. When it has the line, a ghost stays behind
 * that takes what still comes. */
void at__fail(at_core *, at_request *r, at_status);
/* End everything under way; nothing is known of the module any more. */
void at__end_all(at_core *, at_status);
/* Take a request back that waits for the line; its user is not told. */
void at__forget(at_core *, at_request *r);
/* Forget kept lines that no struct points to any more. */
void at__drop_lines(at_core *);
/* Heads and commands are compared and written with the name that `r` uses. */
void at__set_names(at_core *, const at_request *r);

/* ---- at_host_form.c ---- */

const at_atom *at__atom(const at_core *, const at_request *r, unsigned i);
/* The phase of an atom. */
const at_phase *at__phase(const at_core *, const at_request *r, unsigned i);
/* {n, atom…}: what may follow where `r` is. */
const uint8_t *at__follow(const at_core *, const at_request *r);
/* May atom `i` come next: its conditions hold, counted repetitions are within their bounds? */
bool at__allowed(at_core *, const at_request *r, unsigned i);
/* The first atom of a kind that may come next, or -1. */
int at__expects(at_core *, const at_request *r, unsigned kind);
/* Begin what needs no line to begin: data, a body, transparent mode. */
void at__begin_next(at_core *, at_request *r);
/* Atom `i` of `r` is complete: go on, free the line, end the request. */
void at__after(at_core *, at_request *r, unsigned i);
/* A result code came that the form which has the line does not expect; `number`: what it carries. */
void at__result(at_core *, const at_known *, int32_t number);
/* A URC came: it may be what somebody waits for. */
void at__urc_came(at_core *, unsigned urc);
/* The form of the ghost has ended, or the resync command was answered: nobody can tell. */
void at__ghost_ends(at_core *, bool ok);
/* A number of the request's struct by its tie, counted from 1; false: it is left out. */
bool at__tie_value(const at_core *, const at_request *r, unsigned tie, int32_t *value);
/* All requests that may get a line now: NULL, first … last, NULL. */
at_request *at__next_request(const at_core *, const at_request *r);

/* ---- at_host_line.c ---- */

/* Take bytes of a line; returns where it stopped. */
const uint8_t *at__collect(at_core *, const uint8_t *p, const uint8_t *end);
/* If what was collected is a line of anybody's, do what it says. `lead`: the sign after it, when it
 * is to be a data header, else 0. */
bool at__offer(at_core *, char lead);
/* Does what was collected read as this line, for `r`? */
bool at__reads(at_core *, const at_request *r, unsigned line);
void at__new_line(at_core *);
/* Report what was collected as unknown, if anything. */
void at__give_up_line(at_core *);
/* Tell tools what was seen: `n` bytes of this line (of data). `v`: as what it was read, or NULL. */
void at__tap(at_core *, at_saw, unsigned form, size_t n, const at_view *v, at_status);

/* ---- at_host_data.c ---- */

/* Hand on a piece of data. */
void at__deliver(at_core *, const uint8_t *p, size_t n, size_t left, at_status);
/* A stream begins; it has ended, and with it the atom it belongs to. */
void at__stream_in(at_core *, at_request *r, unsigned i, const at_stream *);
void at__stream_done(at_core *);
/* Counted data of `r` (atom `i` is complete with it) or, r NULL, of URC h->urc. `line`: the line it
 * belongs to or comes after, NULL none. */
void at__data_out(at_core *, at_request *r, unsigned i, const at_line *line, uint32_t count);
/* The same for an atom of its own, after the atom where `r` is. */
void at__data_after(at_core *, at_request *r, unsigned i);
const uint8_t *at__tail_bytes(at_core *, const uint8_t *p, const uint8_t *end);
const uint16_t *at__framing(const at_core *, unsigned frame);
/* Data to the module begins; it cannot go on. */
void at__data_in(at_core *, at_request *r, unsigned i);
void at__data_stop(at_core *, at_request *r);
/* Send more, when the link has room; false: there is nothing to send now. */
bool at__data_pump(at_core *);
/* The payload of `r`, and how many bytes its data phase has in all; does the phase suit it? */
at_bytes at__payload(const at_core *, const at_request *r);
uint32_t at__data_total(const at_core *, const at_request *r);
bool at__data_suits(const at_core *, const at_request *r);
/* Write one text, which takes the place of the command that was kept for its echo. */
void at__put_alone(at_core *, unsigned text);

#endif
