/* A fuzz target is one file with LLVMFuzzerTestOneInput; libFuzzer, AFL++ or main.c of this folder (which replays files)
 * calls it. What it finds it reports by abort().
 * SPDX-License-Identifier: MIT */
#ifndef FUZZ_H
#define FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

/* The input as decisions, first to last; zeros when there are no more. */
typedef struct decisions { const uint8_t *p; size_t n; } decisions;

static inline unsigned decide(decisions *d, unsigned below)
{
    unsigned v = 0;
    for (unsigned reach = 1; reach < below && d->n > 0; reach *= 256u, d->n--) v = v << 8 | *d->p++;
    return below > 1 ? v % below : 0;
}

#endif
