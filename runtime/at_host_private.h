/* What the files of the host side share: the states of a request and of the link, and the steps of
 * a form. at_host.c starts and ends requests, at_host_form.c leads them through their forms,
 * at_host_line.c says whose a line is, at_host_data.c, at_host_body.c, at_host_transparent.c and
 * at_host_carrier.c carry data.
 * SPDX-License-Identifier: 0BSD */
#ifndef AT_HOST_PRIVATE_H
#define AT_HOST_PRIVATE_H

#include "at_line.h"
#include "athost.h"

/* request.state */
enum {
    AT_Q_FREE, AT_Q_QUEUED, AT_Q_RUNNING,
    AT_Q_LATE,                  /* waits for its later lines */
    AT_Q_ENDED                  /* off the line, its user is to be told */
};
/* request.flags */
enum {
    AT_Q_CANCEL = 1,            /* at_cancel was called */
    AT_Q_VALUES = 2,            /* its room holds values */
    AT_Q_TEXT = 4,              /* … that point into link.in */
    AT_Q_SENDING = 8,           /* its data phase is under way */
    AT_Q_GARBLED = 16,          /* even its final result does not bring the link in step */
    AT_Q_FORCED = 32            /* ghost: a phase that may have begun unseen has been ended */
};
/* core.sync: `running` is the ghost, and … */
enum { AT_SYNC_NONE, AT_SYNC_DRAIN, AT_SYNC_SENT, AT_SYNC_SETTLE };
/* core.adrift: not, for the first time, once more for the request that waits */
enum { AT_ADRIFT_NOT, AT_ADRIFT, AT_ADRIFT_AGAIN = AT_ADRIFT | 2 };
/* core.escape */
enum { AT_ESC_OFF, AT_ESC_ON, AT_ESC_ASKED, AT_ESC_SENT };     /* OFF: no transparent mode */

/* Something that takes bytes which are no lines. */
struct at_stream {
    void (*begin)(at_core *, at_request *, const at_atom *);
    const uint8_t *(*bytes)(at_core *, const uint8_t *p, const uint8_t *end);   /* where it stops */
    void (*step)(at_core *);    /* what is due without any bytes */
};

/* A callback out of a struct of the user's, where it stands with types of its own. */
#if defined(__GNUC__)
#define AT_MAY_ALIAS __attribute__((may_alias))
#else
#define AT_MAY_ALIAS
#endif
typedef at_row *at_any_row AT_MAY_ALIAS;
typedef at_event_fn *at_any_event AT_MAY_ALIAS;

/* What the host may choose of the dialogue (at_manner), as the others see it. */
struct at_host_manners {
    /* The line is a result code as a number: make it the code. */
    bool (*spell_out)(at_core *);
    /* The module says no result codes, also if it is `r` that has told it not to. */
    bool (*is_quiet)(at_core *, const at_request *r);
    /* The resync command was answered: result codes are said. */
    void (*answered)(at_core *);
    /* `r` has ended well and what it sets is set. */
    void (*settle)(at_core *, const at_request *r);
};

/* The host that the core belongs to. */
static inline at_host *at__host(at_core *h)
{
    return (at_host *)(void *)((char *)h - offsetof(at_host, core));
}

static inline const at_host_manners *at__manners_of(const at_core *h)
{
    return AT_MANNERS ? at__class(h)->manners : NULL;
}

/* Is it the ghost, the last of those under way? */
static inline bool at__is_ghost(const at_request *r)
{
    return !r->next;
}
/* Does the command save to flash? */
static inline bool at__is_flash(const at_request *r)
{
    return r->course->op_saved != AT_OP_NONE && *(const at_saved *)r->input == AT_FLASH;
}
static inline const char *at__text(const at_core *h, unsigned text)
{
    return at__host_tables(h)->t.text + text;
}
/* Of an atom that is data, a body or transparent mode. */
static inline const at_phase *at__phase(const at_core *h, const at_atom *a)
{
    return &at__host_tables(h)->t.phases[a->line];
}
/* Bytes of the line that have been collected. */
static inline size_t at__length(const at_core *h)
{
    return (size_t)(h->link->in_n - h->line_at);
}
/* The line is not quiet. */
static inline void at__stir(at_core *h)
{
    h->heard_at = h->link->now;
}

static inline const at_step *at__step(const at_core *h, const at_atom *a)
{
    return &at__host_tables(h)->steps[a->step];
}

/* ---- at_host.c ---- */

/* Has this time come? If not, at_poll asks to be called then. */
AT_OWN bool at__due(at_core *, uint32_t when);
/* This time limit (in times) of `r` counts from now; that of its form. */
AT_OWN void at__limit(at_core *, at_request *r, unsigned within);
AT_OWN void at__set_deadline(at_core *, at_request *r);
/* No command before `ms` from now. */
/* Silence for a module that measures it by its own clock, and hears late what the host has sent. */
#define AT_MORE(ms) ((ms) + (ms) / 2u)
AT_OWN void at__pause(at_core *, uint32_t ms);
/* Tell the user of `r`: a row by its number, or AT_DELIVER_DONE. */
AT_OWN void at__tell(at_request *r, unsigned what, const void *fields, at_status);
/* Take `r` off the lists and tell its user. */
AT_OWN void at__finish(at_core *, at_request *r, at_status);
/* The line is free for the next command. */
AT_OWN void at__free_line(at_core *);
/* Give `r` a room of its own for its values; false: all are taken. */
AT_OWN bool at__take_room(at_core *, at_request *r);
/* End a request under way before its form has ended. When it has the line, a ghost stays behind
 * that takes what still comes. */
AT_OWN void at__fail(at_core *, at_request *r, at_status);
/* End everything under way; nothing is known of the module any more. Users are told when what was
 * fed has been read, or from at_poll. */
AT_OWN void at__end_all(at_core *, at_status);
/* Bring the link in step before the next command: the ghost takes the line, unless a request has it. */
AT_OWN void at__sync(at_core *);
/* Take a request back that waits for the line; its user is not told. */
AT_OWN void at__forget(at_core *, at_request *r);
/* Forget kept lines that no struct points to any more. */
AT_OWN void at__drop_lines(at_core *);
/* Heads and commands are compared and written with the name that `r` uses. */
AT_OWN void at__set_names(at_core *, const at_request *r);

/* ---- at_host_form.c ---- */

AT_OWN unsigned at__form(const at_core *, const at_request *r);        /* its number */

#define AT_KIND(kind) (1u << (kind))
#define AT_KIND_ANY 0xffffu

/* Look at the request's struct: for conditions, and to write its command. */
AT_OWN void at__view_request(at_core *, const at_request *r);
/* The next of them that may come now (its conditions hold, counted repetitions are within their
 * bounds) and is of one of these kinds, NULL none; *from begins as 0. at__expects: the first;
 * `r` may be NULL. */
AT_OWN const at_atom *at__next_atom(at_core *, const at_request *r, unsigned kinds, unsigned *from);
AT_OWN const at_atom *at__expects(at_core *, const at_request *r, unsigned kinds);
/* May what has come for `r` be all there is? Not while a counted repetition goes on, nor while the
 * escape has not been answered. */
AT_OWN bool at__may_end(at_core *, const at_request *r);
/* Begin what needs no line to begin: data, a body, transparent mode. */
AT_OWN void at__begin_atom(at_core *, at_request *r, const at_atom *);
AT_OWN void at__begin_next(at_core *, at_request *r);
/* The form's first data to the module, NULL none; those that `r` is at, or else the first that may
 * still come for it: they may have begun unseen when what leads there was lost. */
AT_OWN const at_atom *at__stage(const at_core *, const at_request *r);
AT_OWN const at_atom *at__unseen(const at_core *, const at_request *r);
/* Atom `a` of `r` is complete: go on, free the line, end the request. */
AT_OWN void at__after(at_core *, at_request *r, const at_atom *a);
/* It has this outcome. */
AT_OWN void at__decide(at_request *, unsigned outcome, bool ok);
/* `r` ends as has been decided; if it has the line, that is free. */
AT_OWN void at__end(at_core *, at_request *r);
/* Atom `a` of `r` is complete, and the form ends with it, whatever else might follow. */
AT_OWN void at__complete(at_core *, at_request *r, const at_atom *a);
/* A URC came: it may be what somebody waits for. */
AT_OWN void at__urc_came(at_core *, unsigned urc);
/* The form of the ghost has ended, or the resync command was answered: nobody can tell. */
AT_OWN void at__ghost_ends(at_core *, bool ok);
/* All requests that may get a line now, that which has the line first: NULL, first … last, NULL. */
AT_OWN at_request *at__next_request(const at_core *, const at_request *r);

/* ---- at_host_match.c ---- */

/* Whose is what was collected? owner and atom, or known say it; view is how it reads. */
AT_OWN bool at__find(at_core *);
/* Does what was collected read as this line, for `r`? */
AT_OWN bool at__reads(at_core *, at_request *r, unsigned line);
/* Look at what was collected, less `skip` bytes, and find what begins like it. */
AT_OWN const char *at__look_at(at_core *, size_t skip);
/* Begins it like a line that may always come? */
AT_OWN bool at__begins_known(at_core *);
/* How much of what was collected is what the command goes on with; so much of it was echo. */
AT_OWN size_t at__echo_length(const at_core *);
AT_OWN void at__take_echo(at_core *, size_t n);
static inline bool at__is_in(const char *set, char c)
{
    for (; *set != '\0'; set++)
        if (*set == c) return true;
    return false;
}

/* ---- at_host_line.c ---- */

/* Take bytes of a line; returns where it stopped. */
AT_OWN const uint8_t *at__collect(at_core *, const uint8_t *p, const uint8_t *end);
/* If what was collected is a line of anybody's, do what it says and begin the next. `lead`: the sign after it, when it
 * is to be a data header, else 0. */
AT_OWN bool at__offer(at_core *, char lead);
/* All that was collected was echo: the command, its rest, or a part of it before a URC; or nothing. */
AT_OWN bool at__is_echo(at_core *);
AT_OWN void at__new_line(at_core *);
/* Report what was collected as unknown, if anything. */
AT_OWN void at__give_up_line(at_core *);
#if AT_WITH_NEXT_LINES
/* The line did not go on, or not as it should: the first physical line is reported, and what has come
 * of the next one is a line of its own. */
AT_OWN void at__part_line(at_core *);
#else
#define at__part_line(h) ((void)0)
#endif
static inline void at__give_up_all(at_core *h)
{
    if (AT_WITH_NEXT_LINES && h->goes_on) at__part_line(h);
    at__give_up_line(h);
}
#if AT_TAP
/* Tell tools what was seen: `n` bytes of this line (of data), or the line that was looked at. */
AT_OWN void at__tap(at_core *, at_saw, unsigned form, size_t n, at_status);
#else
#define at__tap(h, saw, form, n, status) ((void)(n), (void)(status))
#endif

/* ---- at_host_data.c ---- */

/* Hand on a piece of data. */
AT_OWN void at__deliver(at_core *, const uint8_t *p, size_t n, size_t left);
/* The same when the end is not known. */
AT_OWN void at__pass(at_core *, const char *p, size_t n);
/* A stream begins; it has ended, and with it the atom it belongs to. */
AT_OWN void at__stream_in(at_core *, at_request *r, const at_atom *, const at_stream *);
AT_OWN void at__stream_done(at_core *);
/* The same without going on from there; whose it was, NULL a URC's. */
AT_OWN at_request *at__end_stream(at_core *, at_status);
/* Counted data of `r` (atom `a` is complete with it) or, r NULL, of URC h->urc, that belongs to
 * `line`. */
AT_OWN void at__data_out(at_core *, at_request *r, const at_atom *a, const at_line *line,
                         size_t count);
/* The same for an atom of its own, after the line that has just come. */
AT_OWN void at__data_after(at_core *, at_request *r, const at_atom *a);
/* Line ends of the framing that are still to come after a line; the line that came last for `r`. */
AT_OWN void at__blanks_after(at_core *, const at_line *);
AT_OWN const at_line *at__line_of(const at_core *, const at_request *r);
/* Pass them over; when they do not come what follows begins at once. */
AT_OWN const uint8_t *at__blank_bytes(at_core *, const uint8_t *p, const uint8_t *end);
AT_OWN const uint8_t *at__tail_bytes(at_core *, const uint8_t *p, const uint8_t *end);
AT_OWN const uint8_t *at__framing(const at_core *, const at_line *);
/* Data to the module begins; it cannot go on. */
AT_OWN void at__data_in(at_core *, at_request *r, const at_atom *a);
AT_OWN void at__data_stop(at_core *, at_request *r);
/* Send the data phase as far as the port takes it. */
AT_OWN void at__send_data(at_core *);
/* How many bytes a phase from the module, to it has, UINT32_MAX when nothing counts them; can the
 * form's phase carry the payload? */
AT_OWN uint32_t at__count(const at_core *, const at_request *r, const at_phase *);
AT_OWN uint32_t at__data_total(const at_core *, const at_request *r, const at_phase *);
AT_OWN bool at__data_suits(const at_core *, const at_request *r);
/* Write one text, which takes the place of the command that was kept for its echo. */
AT_OWN void at__put_alone(at_core *, unsigned text);

/* ---- at_host_transparent.c ---- */

/* Transparent mode is over; whose it was, NULL: nobody's any more. */
AT_OWN at_request *at__end_transparent(at_core *);

#endif
