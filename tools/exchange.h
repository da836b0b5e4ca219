/* The exchange notation: `> bytes` from the host, `< bytes` from the module, `\r \n \\ \xNN` escaped, `#` comments,
 * an empty line between exchanges. Spec examples, test data and captures are written in it.
 * SPDX-License-Identifier: MIT */
#ifndef EXCHANGE_H
#define EXCHANGE_H

#include <stdio.h>

typedef struct exchange_step {
    char direction;             /* '>' '<'; 0: an exchange has ended */
    char *bytes; size_t n;      /* valid until the next call */
    unsigned line;              /* 1-based line of the text it stood in */
} exchange_step;

typedef struct exchange exchange;

/* Reads from `file`, which stays the caller's. NULL: no memory. */
exchange *exchange_new(FILE *file);
void exchange_free(exchange *);
/* The next step. 1: there is one; 0: end of the text; -1: not the notation, exchange_error says what and where. */
int exchange_next(exchange *, exchange_step *);
const char *exchange_error(const exchange *);

/* Resolves the escapes of `n` bytes in place. The length; SIZE_MAX: there is one that is none. */
size_t exchange_unescape(char *bytes, size_t n);
/* Writes bytes in the notation, without direction and line end. */
void exchange_write(FILE *, const char *bytes, size_t n);

#endif
