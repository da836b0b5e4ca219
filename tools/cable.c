/* SPDX-License-Identifier: MIT */
#include "cable.h"

#include <string.h>

/* xorshift32: never 0. */
static uint32_t next(uint32_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 17;
    *state ^= *state << 5;
    return *state;
}

static uint32_t start(uint32_t seed, uint32_t number)
{
    uint32_t state = (seed + 1) * 2654435761u ^ number * 40503u;
    if (state == 0) state = 1;
    next(&state);
    return state;
}

void cable_init(cable *c, const cable_faults *faults, uint32_t number)
{
    memset(c, 0, sizeof *c);
    c->faults = faults;
    c->loses = start(faults->seed, 2 * number);
    c->cuts = start(faults->seed, 2 * number + 1);
}

size_t cable_room(const cable *c)
{
    return CABLE_SIZE - c->n;
}

void cable_put(cable *c, const uint8_t *p, size_t n)
{
    for (; n > 0; n--, p++)
        if (c->faults->loss == 0 || next(&c->loses) % 1000000u >= c->faults->loss)
            c->bytes[c->n++] = *p;
}

/* The next piece sets out when the one before has arrived. */
static void set_out(cable *c, uint64_t from_us)
{
    const cable_faults *f = c->faults;
    size_t waiting = c->n - c->arrived;
    size_t most = f->chunk ? 1 + next(&c->cuts) % f->chunk : f->baud ? 1 : waiting;
    c->piece = most < waiting ? most : waiting;
    c->due_us = from_us + (f->chunk ? CABLE_GAP_US : 0);
    if (f->baud) c->due_us += c->piece * UINT64_C(10000000) / f->baud;
}

size_t cable_arrived(cable *c, uint64_t now_us)
{
    uint64_t from_us = now_us;
    while (c->n > c->arrived) {
        if (c->piece == 0) set_out(c, from_us);
        if (c->due_us > now_us) break;
        c->arrived += c->piece;
        c->piece = 0;
        from_us = c->due_us;
    }
    return c->arrived;
}

void cable_take(cable *c, size_t n)
{
    c->n -= n;
    c->arrived -= n;
    memmove(c->bytes, c->bytes + n, c->n);
}

int cable_due(const cable *c, uint64_t now_us)
{
    if (c->piece == 0) return c->n > c->arrived ? 0 : -1;
    return c->due_us > now_us ? (int)((c->due_us - now_us + 999) / 1000) : 0;
}
