/* Plays an example of the spec through the decoder, to learn what its lines are.
 * SPDX-License-Identifier: MIT */
#ifndef EXAMPLE_H
#define EXAMPLE_H

#include "decode.h"

/* An event of the decoder. `data`: the e->n bytes of AT_SAW_DATA that came from the module, else
 * NULL. */
typedef void example_event(void *ctx, const decode *, char from, const at_event *e,
                           const char *data);

void example_play(const at_names *, const at_example *, example_event *, void *ctx);

#endif
