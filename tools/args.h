/* The arguments of a decoded line as (name, value) pairs, as they stood on the wire.
 * SPDX-License-Identifier: MIT */
#ifndef ARGS_H
#define ARGS_H

#include "atnames.h"

typedef struct args_value {
    const at_param_name *param;
    const char *text; size_t n;         /* the value without quotes, escapes still in it */
    bool quoted;                        /* quotes stood around it */
    bool is_hex;                        /* its type is written in hexadecimal digits */
} args_value;

/* Calls `each` for every parameter that `event` has, in wire order; literals are passed over. `tables` and `names` are those
 * of the side that made the event. */
void args_each(const at_event *event, const at_tables *tables, const at_line_name *names,
               void (*each)(void *ctx, const args_value *), void *ctx);

/* Copies a value with its escapes resolved; returns the length. `to` needs v->n bytes. */
size_t args_plain(const at_tables *tables, const args_value *v, char *to);

/* True when the value is a number on the wire, decimal unless `is_hex`. */
bool args_is_number(const args_value *v);

#endif
