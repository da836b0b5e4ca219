/* The host side of a link: what generated <dialect>_host.c builds on. Programs include the
 * generated header.
 *
 * Requests are queued and answered later: a callback comes exactly once for each request that was
 * taken, from at_feed or at_poll and never from inside another call. A callback may start requests
 * and cancel them.
 *
 * Answers carry no number, so an old one could be taken for that of the same command given again.
 * After a timeout or a cancelled request the link is brought back in step by the dialect's resync
 * command, and no other leaves before the module has answered it (a request that waits meanwhile ends
 * with AT_TIMEOUT when it does not): what comes up to AT_QUIET_MS after that answer is nobody's. An
 * old `later` line is nobody's until the new command has got its result code, for as long as the
 * form's time limit once more; from then on it is told by the values it repeats of its request, and
 * by nothing else. A module that answers later than that is not told from one that answers twice.
 * SPDX-License-Identifier: 0BSD */
#ifndef ATHOST_H
#define ATHOST_H

#include "at_view.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- options: like those of atlink.h; every file of one program must agree ---- */

/* Rooms for structs: one for URCs and rows, one for the form that runs, the rest for requests that
 * wait for their `later` lines with values already there. At least 2: then such a request holds
 * back the next command. */
#ifndef AT_RESULTS
#define AT_RESULTS 3
#endif
/* The line must have been quiet for so many milliseconds before it is brought back in step. */
#ifndef AT_QUIET_MS
#define AT_QUIET_MS 200u
#endif
/* A line or counted data that stops in the middle is given up after so many milliseconds. */
#ifndef AT_STALL_MS
#define AT_STALL_MS 1000u
#endif
/* How often a command that was answered with `busy` is sent, and the first pause between; it
 * doubles up to 16 times that. */
#ifndef AT_BUSY_TRIES
#define AT_BUSY_TRIES 8
#endif
#ifndef AT_BUSY_MS
#define AT_BUSY_MS 100u
#endif
/* How often the resync command is sent, and how long its first answer is waited for; it doubles. */
#ifndef AT_RESYNC_TRIES
#define AT_RESYNC_TRIES 3
#endif
#ifndef AT_RESYNC_MS
#define AT_RESYNC_MS 1000u
#endif

typedef struct at_host at_host;
typedef struct at_stream at_stream;
typedef struct at_core at_core;
typedef struct at_host_manners at_host_manners;
/* Data from the module for a request. Transparent mode begins with a piece of n == 0 and status
 * AT_PENDING. */
typedef void at_sink(at_request *, const at_chunk *, void *ctx);
/* More bytes to send for a data phase, after those of `data`: fill `to`, return how many. 0: none
 * now, it is asked again from at_poll, until the form's time limit has passed since the last of
 * them. AT_SOURCE_END: there are no more (of a phase that ends by a text and not by a count). They are
 * sent as they are: nothing is escaped. */
typedef size_t at_source(at_request *, uint8_t *to, size_t room, void *ctx);
#define AT_SOURCE_END SIZE_MAX

/* The callbacks of a request: the end, and a row. Each form has types of its own for them, where its
 * structs stand in the place of void; pointers to either are passed in the same way. */
typedef void at_done(at_request *, at_status, const void *result, void *ctx);
typedef void at_row(at_request *, const void *row, void *ctx);
/* What is delivered to a request: a row by its number, or the end. */
enum { AT_DELIVER_DONE = 255 };

/* One command under way. It belongs to the runtime from the call that starts it until its callback;
 * so do its input and what the input points to. A request that was never started is all zeros. */
struct at_request {
    /* the runtime's own */
    uint8_t state;              /* 0: not under way */
    uint8_t outcome, member, tries, flags;
    at_status status;           /* the user's, after the callback */
    uint16_t round;             /* of a counted repetition */
    at_request *next;
    const at_call *call;
    const at_course *course;
    const at_atom *atom;        /* where in the form; NULL: only the command has left */
    char *fields;               /* its room for values, NULL none */
    uint32_t deadline;
    uint32_t total, sent;       /* bytes of the data phase: all, handed to the link */
    uint32_t phase_ms;          /* how long the module waits for them, 0: for ever */
    const void *input;          /* the user's struct, */
    at_bytes data;              /* and its payload */
    int32_t error;              /* the user's, after the callback: the number a result code of the dialect carried, as 53 in
                                   `+CME ERROR: 53`; else 0 */
    /* generated code's */
    at_done *done;
    at_row *row;
    const void *rows;           /* forms with several kinds of rows: struct of their at_row */
    at_sink *sink;
    /* the user's */
    at_source *source;          /* to be set before the call, or after it before at_poll; asked when
                                   the bytes of the input's `data` (p may be NULL) are sent */
    void *ctx;
#if AT_TAP
    void (*deliver)(at_request *, unsigned what, const void *fields, at_status);    /* for tools:
                                   comes instead of done and row */
#endif
};

/* What a generated host gives the runtime; all but the tables may be NULL. */
typedef struct at_host_class {
    const at_host_tables *tables;
    const uint16_t *places;     /* of each URC, for at__event: which of the callbacks in host.events is
                                   its, that of its data the next; AT_EVENT_FIELDS: it takes a struct */
    void (*event)(at_host *, unsigned urc, const void *fields);         /* a URC */
    void (*event_data)(at_host *, unsigned urc, const at_chunk *);      /* its counted data */
    void (*unknown)(at_host *, at_text line);   /* neither response nor URC */
    const at_stream *body, *transparent;        /* &at__body; &at__transparent, or &at__carrier where
                                                   a line may end it; when some form has such a step */
    const at_host_manners *manners;             /* &at__host_manners when the host may choose
                                                   something of the dialogue */
    unsigned (*operator_slot)(at_core *, const at_request *);   /* at__operator_slot when the first
                                   value of some command is never quoted */
} at_host_class;
#define AT_EVENT_FIELDS 0x8000u
/* What is called when a URC has come that takes no struct, and one that takes it or a piece of data; each
 * has types of its own for host and struct. */
typedef void at_event_fn(at_host *, void *app);
typedef void at_fields_fn(at_host *, const void *fields, void *app);
AT_OWN void at__event(at_host *, unsigned urc, const void *fields);
AT_OWN void at__event_data(at_host *, unsigned urc, const at_chunk *);
extern const at_stream at__body, at__transparent, at__carrier;
/* The slot whose value would make the command that is looked at another form (`?` behind `=`),
 * AT_NONE8 none. */
AT_OWN unsigned at__operator_slot(at_core *, const at_request *);
extern const at_host_manners at__host_manners;

/* The runtime's own part of a host. Bytes first: they are reached with shorter code. */
struct at_core {
    uint8_t adrift;             /* the resync command was not answered: what comes may be old */
    uint8_t sync, escape;       /* getting back in step; leaving transparent mode */
    bool may_be_header;         /* with data behind it: what this line begins like */
    char lead;                  /* the sign after what is looked at as a data header, 0: a line */
    uint8_t blanks;             /* empty lines that belong to the line before */
    uint8_t tries;              /* of the resync command */
    uint8_t ended_as;           /* status for those that AT_Q_ENDED */
    uint8_t bad_slot;
    bool cut;                   /* this line is longer than the buffer; body: amid a line */
    bool has_data;              /* bytes follow it, */
    bool skip_blank;            /* a blank after a prompt belongs to it */
    bool echo_data;             /* the command line has a payload in it */
    bool may_quote;             /* counted data: a quote may stand before it */
    bool goes_on;               /* this line does: behind its first line end, which is kept */
    uint16_t line_at;           /* in link.in: where this line begins; before it, kept lines */
    uint16_t echo_n, echo_at;   /* the command's bytes in link.out; how many were echoed */
    uint16_t held;              /* body, transparent: bytes that may belong to the end */
    uint16_t room_size;         /* of one of `rooms` */
    uint16_t urc;               /* 1 + URC whose data it is, 0 nobody's */
    at_link *link;
    at_request *first;          /* all that are under way, oldest first; `ghost` is the last */
    at_request *running;        /* has the line; may be `ghost` */
    const at_stream *stream;    /* takes the bytes; NULL: they are lines */
    at_request *data_for;       /* whose data it is, NULL a URC's */
    char *rooms;                /* AT_RESULTS structs; the first for lines that are looked at */
    uint32_t next_at;           /* no command before */
    uint32_t heard_at, said_at; /* when a byte last came or a step was done, when one last left */
    uint32_t wake;              /* at_poll wants to be called in so many milliseconds; 0: something was
                                   done, look again at once */
    at_request *owner;          /* whose it is, */
    const at_atom *atom;        /* and what it is to him */
    const at_known *known;      /* what it is when it is nobody's */
    const uint16_t *bucket;     /* what is known to begin like it: from, to in known, by the hash of that */
    const at_atom *data_atom;   /* atom that is complete with the data */
    const at_atom *prompt;      /* may stand at the beginning of this line; NULL: not known yet */
    size_t count;               /* so many */
    at_view view;               /* the line that is looked at or written */
    const char *tail;           /* text that still has to follow the data */
    uint32_t left, counted;     /* bytes of counted data still to come, in all */
    at_request ghost;           /* what is left of a request that ended before its form did */
    const at_host_tables *tables;       /* behind what is asked for often: with AT_ALONE the compiler */
    const at_host_class *klass;         /* knows them */
};

struct at_host {
    void *app;
    const void *events;         /* struct of callbacks, the dialect's own */
    at_core core;               /* before the link: its members are reached with shorter code */
    at_link link;
};

/* `rooms`: AT_RESULTS structs of `room_size` bytes (a multiple of 16), each room for the largest
 * result, row or URC struct; `settings`: tables->n_settings values; `cells`: as many as the
 * lexer makes; all part of the generated object, whose `app` and `events` are set before. AT_INVALID:
 * the buffer is smaller than the dialect needs (line_max + 1 + out_max). */
AT_OWN at_status at_host_init(at_host *, const at_host_class *, const at_port *, void *buffer,
                              size_t size, void *rooms, size_t room_size, int32_t *settings,
                              at_cell *cells) AT_MUST_CHECK;
/* Queue a request; the command leaves from at_poll or when the line is free. AT_INVALID: a value is
 * out of range (at_host_bad_field says which) or the request is under way; nothing is kept. */
at_status at_host_start(at_host *, at_request *, const void *input, unsigned call) AT_MUST_CHECK;
/* Slot of the command line that made at_host_start say AT_INVALID, -1 none. */
int at_host_bad_field(const at_host *);
/* End a request with AT_CANCELLED, from at_poll; what still comes for it is drained. */
void at_cancel(at_host *, at_request *);
/* Send bytes in transparent mode; how many were taken. */
size_t at_host_send(at_host *, const uint8_t *, size_t);
/* Leave transparent mode: silence, escape, silence. AT_INVALID: it is not on, or being left. */
at_status at_host_escape(at_host *) AT_MUST_CHECK;
/* Turn the loop (port.wait) until `r`, started a moment ago, is done; its status. AT_INVALID: the
 * port cannot wait. */
at_status at_host_wait(at_host *, at_request *r) AT_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
