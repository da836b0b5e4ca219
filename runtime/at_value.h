/* One value of a line: between its text on the wire and its field in a struct, by its type.
 * Apart from at_line.c because a value knows nothing of cells, readings and links.
 * SPDX-License-Identifier: 0BSD */
#ifndef AT_VALUE_H
#define AT_VALUE_H

#include "at_link_private.h"

typedef union at_field {        /* room for a value whose struct is not there */
    int32_t num;
    at_text text;
    at_bytes bytes;
    at_mac mac;
} at_field;

/* Read `s` as a value of `type` into a field; false: it is none, or out of range, and the field is
 * of no use. `final`: it is no longer needed as it is on the wire, and is a value; text is unescaped
 * where it stands, hexadecimal decoded, and both are terminated with NUL. */
AT_OWN bool at__value_read(const at_tables *, const at_type *type, at_text s, bool final, void *field);
/* Is a field that was read, but not finally, equal to one that was? */
AT_OWN bool at__value_is(const at_tables *, const at_type *type, const void *raw, const void *field);

/* Take the quotes off; false: there are none. */
AT_OWN bool at__value_unquote(const at_tables *, const at_type *type, at_text *s);
/* Is it one of the type's numbers, or of its lengths? */
AT_OWN bool at__value_allows(const at_tables *, const at_type *type, uint32_t v);
/* Is it this word of the dialect (index in words)? */
AT_OWN bool at__value_is_word(const at_tables *, unsigned word, at_text s);

/* The number in a field of type INT, ENUM or WORD; and a number into one. */
AT_OWN int32_t at__value_num(const at_type *type, const void *field);
AT_OWN void at__value_store(const at_type *type, int32_t num, void *field);
/* Write the value of a field (NULL: this number). False: it is out of range or cannot be written so
 * that it is read back. */
AT_OWN bool at__value_put(at_link *, const at_type *type, const void *field, int32_t num);

#endif
