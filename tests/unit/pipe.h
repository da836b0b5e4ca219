/* A byte pipe and a clock that stands still, for the unit tests of the runtime: what a link writes
 * is collected, as much at a time as the test allows.
 * SPDX-License-Identifier: MIT */
#ifndef PIPE_H
#define PIPE_H

#include <string.h>

#include "atlink.h"

typedef struct byte_pipe {
    char out[4096];
    size_t n;
    size_t allow;               /* bytes that the next writes may take */
    uint32_t now;
} byte_pipe;

static size_t pipe_write(void *ctx, const uint8_t *p, size_t n)
{
    byte_pipe *b = ctx;
    if (n > b->allow) n = b->allow;
    if (n > sizeof b->out - 1 - b->n) n = sizeof b->out - 1 - b->n;
    memcpy(b->out + b->n, p, n);
    b->n += n;
    b->allow -= n;
    b->out[b->n] = '\0';
    return n;
}

static uint32_t pipe_now(void *ctx)
{
    return ((byte_pipe *)ctx)->now;
}

static inline void pipe_clear(byte_pipe *b)
{
    b->n = 0;
    b->out[0] = '\0';
    b->allow = SIZE_MAX;
}

static inline at_port pipe_port(byte_pipe *b)
{
    at_port port = { pipe_write, pipe_now, NULL, NULL, b };
    pipe_clear(b);
    return port;
}

#endif
