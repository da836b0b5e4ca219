/* Shapes: the automata over kinds of cells that the generated grammars are made from. A shape is
 * all the ways to read one line (host), or any form of one operator of a command (module),
 * reduced to the kinds of its cells. Names, texts and ranges are no part of it, so that few
 * shapes serve many commands. All shapes of a side are determinised and minimised together;
 * equal ones are one.
 * SPDX-License-Identifier: MIT */
#ifndef SHAPE_H
#define SHAPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Kinds of cells. */
enum { KIND_NUM = 1, KIND_STR = 2, KIND_WORD = 4, KIND_EMPTY = 8, KIND_BAD = 16, KIND_ANY = 31 };
enum { SHAPE_KINDS = 5 };

typedef struct shape_cell {
    uint8_t kinds;              /* which kinds may stand here */
    bool many;                  /* takes one cell or more: text that may hold commas */
    bool may_be_cut;            /* left out when all after it are: an empty position at the end */
    bool may_be_hidden;         /* left out wherever it stands */
} shape_cell;

typedef struct shape_reading {  /* one way to read the line */
    const shape_cell *cells; size_t n;
    size_t loop_first, loop_n;  /* cells that repeat; loop_n 0: none */
    unsigned loop_min;
    size_t number;              /* what `accepts` calls it */
} shape_reading;

typedef struct shape_state {
    int next[SHAPE_KINDS];      /* by bit of the kind; -1 none */
    /* when the line ends here: offset in `accepts`, -1: it must not end here */
    int label;
} shape_state;

typedef struct shapes {
    /* after shapes_finish: minimal, in breadth-first order */
    shape_state *states; size_t n_states;
    uint8_t *accepts; size_t n_accepts;         /* {n, reading…} one after the other */
    int *starts; size_t n_shapes;               /* the first state of each shape */
    struct shapes_private *own;
} shapes;

shapes *shapes_new(const void *ctx);
/* Add the readings of one line or group; of those that take the same cells the first comes first in
 * `accepts`. Returns a handle for shapes_number. */
size_t shapes_add(shapes *, const shape_reading *, size_t n);
/* Minimise; nothing can be added after this. False: a set of readings is too large for its
 * table. */
bool shapes_finish(shapes *);
/* after shapes_finish: which shape that became */
size_t shapes_number(const shapes *, size_t handle);

#endif
