/* A generated host and a generated module of one dialect on one wire, with a clock that moves only
 * when told. The wire may cut, lose, double and change bytes; all that passes is written down.
 * SPDX-License-Identifier: MIT */
#ifndef PAIR_H
#define PAIR_H

#include "atnames.h"

typedef enum {
    FAULT_NONE, FAULT_DROP, FAULT_DOUBLE, FAULT_FLIP,   /* what happens to one byte */
    FAULT_CUT,                  /* it and all after it are lost */
    FAULT_STALL                 /* it and all after it wait */
} wire_fault;

typedef struct wire {           /* one direction */
    char direction;             /* '>' to the module */
    uint8_t *bytes; size_t n, size;     /* what has been written and not yet taken */
    size_t passed;              /* bytes taken by the other end */
    size_t written;
    /* how it carries them; all zero: as they are, at once */
    size_t chunk;               /* at most so many bytes at a time */
    size_t gulp;                /* a write takes at most so many */
    size_t split;               /* everybody comes to rest after so many bytes, 0 never */
    wire_fault fault; size_t fault_at;
    bool held;                  /* what is written stays */
} wire;

/* What the test does when something happens; all must be there. */
typedef struct pair_ears {
    at_status (*call)(void *ctx, unsigned form, const void *fields);
    size_t (*data)(void *ctx, const at_chunk *);                        /* to the module */
    void (*event)(void *ctx, unsigned urc, const void *fields);
    void (*event_data)(void *ctx, unsigned urc, const at_chunk *);
    void (*unknown)(void *ctx, at_text line);
    void *ctx;
} pair_ears;

typedef struct pair {
    at_module module;           /* first: their callbacks find the pair */
    at_host host;
    const at_names *names;
    pair_ears ears;
    at_module_class module_class;
    at_host_class host_class;
    at_module_hook hook;
    char *module_buffer, *host_buffer, *module_fields, *rooms;
    int32_t *module_settings, *host_settings;
    at_cell module_cells[AT_CELLS_MAX], host_cells[AT_CELLS_MAX];
    size_t room_size;
    wire up, down;              /* to the module, to the host */
    uint32_t now, wake;         /* wake: when somebody wants to be polled, in ms */
    bool restless;              /* they did not come to rest */
    char *log; size_t log_n;    /* exchange notation */
    char log_direction;
} pair;

pair *pair_new(const at_names *);
void pair_free(pair *);
/* Both sides as after a start; the wires carry everything; `settings`: of both sides, NULL: as after
 * a start. False: they cannot be started. */
bool pair_start(pair *, const pair_ears *, const int32_t *settings);

/* Carry bytes and poll until nothing moves without the clock. */
void pair_rest(pair *);
/* Let `ms` pass, polling whenever somebody has asked for it. */
void pair_pass(pair *, uint32_t ms);
/* Put bytes on a wire as if the one behind it had written them. */
void pair_put(pair *, wire *, const void *bytes, size_t n);
/* What waits on a wire behind the first `from` bytes once more. */
void pair_repeat(pair *, wire *, size_t from);
/* Nothing runs, nothing waits, nothing is on the wires. */
bool pair_idle(const pair *);

#endif
