/* Which kinds of cells a slot may be as the generated lexer sees it, and how long its text can get.
 * SPDX-License-Identifier: MIT */
#ifndef KINDS_H
#define KINDS_H

#include "model.h"
#include "shape.h"

/* the kind of a cell with exactly this text */
unsigned kinds_of_text(const char *text);
unsigned kinds_of_type(const m_type *);                 /* KIND_… bits of all its values */
shape_cell kinds_of_slot(const model *, const m_slot *);

size_t width_of_type(const model *, const m_type *);    /* bytes of its longest value on the wire */
/* cells, commas, lead and tail; no head, no framing */
size_t width_of_line(const model *, const m_line *);

#endif
