/* What both sides share behind at_link: input line, output, clock, settings. Generated code sees it
 * because objects contain it; programs do not use it.
 * SPDX-License-Identifier: 0BSD */
#ifndef AT_LINK_PRIVATE_H
#define AT_LINK_PRIVATE_H

#include "attable.h"

#ifdef __cplusplus
extern "C" {
#endif

struct at_view;

typedef struct at_side {        /* module or host behind at_feed, at_poll … */
    char from;                  /* direction of what is fed: '>' module, '<' host */
    size_t (*feed)(at_link *, const uint8_t *, size_t);
    uint32_t (*poll)(at_link *);        /* output has been tried already */
    bool (*idle)(const at_link *);      /* output is empty */
    void (*end)(at_link *, at_status);  /* AT_LOST or AT_RESTARTED: everything under way ends */
    void (*sent)(at_link *, at_bytes);  /* a payload has left, or never will; may be NULL */
} at_side;
#ifdef AT_ONLY
static const at_side side;
#endif

struct at_link {                /* small members first: they are reached with shorter code */
    bool out_full;                              /* at__put had no room since at__begin */
    bool data_new;                              /* the payload was put since at__begin */
    uint16_t in_n, in_size;                     /* the line being collected; in[in_size] for NUL */
    uint16_t out_size, out_n, out_sent;         /* what waits for the port */
    uint16_t out_limit;                         /* at__put stops here */
    uint16_t data_at;                           /* the payload leaves when out_sent gets here */
    at_scan scan;
    char *in, *out;
    at_bytes data; size_t data_sent;            /* payload by reference, n == 0: none */
    uint32_t now;                               /* as of the last feed or poll */
    at_port port;
    at_ref name, ending;                        /* text of the running command's, for heads */
    int32_t *settings;                          /* tables->n_settings values, part of the object */
    const at_tables *tables;
    const at_side *side;
#if AT_TAP
    void (*tap)(void *ctx, const at_event *);   /* tools only; NULL */
    void *tap_ctx;
#endif
};

/* ---- at_link.c ---- */

/* Share `buffer` out: `line` + 1 bytes for the line, the rest for output. AT_INVALID: it is too
 * small, or larger than 65535. The link is zero but for side, tables, settings, and cells of the
 * scan; settings are to be reset or forgotten next. */
AT_OWN at_status at__link_init(at_link *, const at_port *, void *buffer, size_t size,
                               size_t line) AT_MUST_CHECK;
AT_OWN void at__settings_reset(at_link *);
AT_OWN void at__settings_forget(at_link *);
/* Form `id` (as at_assign has it) has ended well: if it is one that resets settings, do so. */
AT_OWN void at__manner_reset(at_link *, unsigned id);

/* Output is written in transactions: begin, any number of puts, commit (false: there was no room,
 * nothing was kept). `keep`: bytes that must stay free after it. One payload at a time. */
AT_OWN uint16_t at__begin(at_link *, size_t keep);             /* where it starts */
AT_OWN void at__put(at_link *, const char *p, size_t n);
AT_OWN void at__put_char(at_link *, char c);
AT_OWN void at__put_text(at_link *, unsigned text);            /* tables->text + text */
AT_OWN void at__put_data(at_link *, at_bytes);                 /* by reference */
/* A transaction of its own: as many as leave room for a result; how many. */
AT_OWN size_t at__put_some(at_link *, const uint8_t *p, size_t n);
AT_OWN bool at__commit(at_link *, uint16_t start) AT_MUST_CHECK;
AT_OWN void at__undo(at_link *, uint16_t start);               /* instead of commit: keep nothing */
AT_OWN size_t at__room(const at_link *);                       /* free bytes of the output buffer */
AT_OWN void at__flush(at_link *);                              /* offer what waits to the port */

/* Milliseconds from now to `when`, 0 when it has passed; right across the wrap of the clock. */
AT_OWN uint32_t at__until(const at_link *, uint32_t when);

#ifdef __cplusplus
}
#endif
#endif
