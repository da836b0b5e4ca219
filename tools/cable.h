/* One direction of a line as bad as a real one: slow, in pieces, with bytes lost. What happens
 * depends on the seed and on the bytes, not on time. SPDX-License-Identifier: MIT */
#ifndef CABLE_H
#define CABLE_H

#include <stddef.h>
#include <stdint.h>

typedef struct cable_faults { /* all zeros: a perfect line */
    uint32_t loss;            /* bytes lost of a million */
    uint32_t baud;            /* bits a second, ten to a byte; 0: no limit */
    uint32_t chunk;           /* bytes come in pieces of 1 to so many, CABLE_GAP_US between them */
    uint32_t seed;
} cable_faults;

enum { CABLE_SIZE = 4096, CABLE_GAP_US = 1000 };
typedef struct cable {
    const cable_faults *faults;
    uint32_t loses, cuts; /* states of the random numbers for either */
    uint64_t due_us;      /* when the piece that is under way arrives */
    size_t piece;         /* its bytes, 0: none is under way */
    size_t arrived, n;    /* bytes at the far end; with those under way and waiting */
    uint8_t bytes[CABLE_SIZE];
} cable;

/* `number` tells cables of one seed apart. `faults` stay the caller's. */
void cable_init(cable *, const cable_faults *faults, uint32_t number);
/* Bytes that can be put. */
size_t cable_room(const cable *);
/* `n` bytes set out, at most cable_room. */
void cable_put(cable *, const uint8_t *p, size_t n);
/* How many bytes have arrived; they begin at cable.bytes. */
size_t cable_arrived(cable *, uint64_t now_us);
/* The first `n` of those that have arrived are used. */
void cable_take(cable *, size_t n);
/* Milliseconds until more arrives; -1: nothing is under way. */
int cable_due(const cable *, uint64_t now_us);

#endif
