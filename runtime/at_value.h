/* One value of a line: between its text on the wire and its field in a struct, by its type.
 * Apart from at_line.c because a value knows nothing of cells, readings and links.
 * SPDX-License-Identifier: 0BSD */
#ifndef AT_VALUE_H
#define AT_VALUE_H

#include "at_link_private.h"

typedef struct at_value {       /* a value that has been read, but not stored */
    int32_t num;                /* INT, ENUM: the number; WORD: the index */
    at_text text;               /* STRING, TEXT, HEX: as on the wire, without quotes */
    bool quoted;
    uint8_t b[6];               /* IP, MAC */
} at_value;

/* Read `s` as a value of `type`; false: it is none, or out of range. Changes nothing but `*v`. */
bool at__value_read(const at_tables *, const at_type *type, at_text s, at_value *v);
/* Put what was read into its field. Text is as on the wire until at__value_finish, which unescapes
 * it where it stands, decodes hexadecimal, and terminates it with NUL. */
void at__value_store(const at_type *type, const at_value *v, void *field);
void at__value_finish(const at_tables *, const at_type *type, void *field);
/* Is what was read equal to the value of a field? */
bool at__value_is(const at_tables *, const at_type *type, const at_value *v, const void *field);

/* The number in a field of type INT, ENUM or WORD. */
int32_t at__value_num(const at_type *type, const void *field);
/* Write the value of a field, or the number `num` as a value of `type`. False: it is out of range
 * or cannot be written so that it is read back. */
bool at__value_put(at_link *, const at_type *type, const void *field);
bool at__value_put_num(at_link *, const at_type *type, int32_t num);

#endif
