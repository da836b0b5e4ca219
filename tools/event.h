/* Shows decoded events: one JSON object a line, or text for people.
 * SPDX-License-Identifier: MIT */
#ifndef EVENT_H
#define EVENT_H

#include <stdio.h>

#include "decode.h"

void event_json(FILE *, const decode *, const at_names *, char from, const at_event *);
void event_text(FILE *, const decode *, const at_names *, char from, const at_event *);

#endif
