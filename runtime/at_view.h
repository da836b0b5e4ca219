/* A line that is read or written, as the runtime looks at it: part of a host object.
 * SPDX-License-Identifier: 0BSD */
#ifndef AT_VIEW_H
#define AT_VIEW_H

#include "at_link_private.h"

/* One reading of a line, and where its values come from: the scanned cells when `fields` is NULL,
 * else that struct. Everything that is not needed is zero. */
typedef struct at_view {
    uint8_t counted;            /* writing: this slot is written with `count`, whatever its field
                                   says; AT_NONE8: none */
    bool begun;                 /* reading: of a line that goes on the rest is still to come */
    at_link *link;
    const at_line *line;        /* see at__view_line */
    const at_slot *slots;
    const at_rest *rest;
    const at_reading *reading;  /* see at__view_as */
    uint32_t mask;              /* slots that are there: the reading's, less what is hidden */
    const void *fields;
    const void *request;        /* struct of the request that the line answers, for ties (host) and
                                   conditions; NULL: they hold */
    size_t count;
} at_view;

#endif
