/* How the model's structs look in C: members in their order, with their C types. One place
 * decides it, so that the header and the offsets in the tables agree.
 * SPDX-License-Identifier: MIT */
#ifndef LAYOUT_H
#define LAYOUT_H

#include "model.h"

typedef struct member {
    const char *name;           /* `has_bssid`, `bssid`, `item` */
    const char *type;           /* C type: `uint16_t`, `toy_ecn` */
    /* one sign for the size of the C type: members with equal codes are equally laid out */
    const char *code;
    size_t size, align;         /* where pointers have 64 bits, the most that they have */
    const m_field *field;       /* NULL: `item` and `n_item` */
    bool is_has;
} member;

typedef struct layout {
    member *members; size_t n;
    member *items; size_t n_items;      /* of the repeated group */
} layout;

/* `prefix` begins the names of the dialect's types. */
layout layout_of(const void *ctx, const char *prefix, const m_struct *);
const char *layout_type(const void *ctx, const char *prefix, const m_type *);

/* A place in a struct: what it means (structs whose members up to there are of the same types
 * share it), how C says it (NULL: there is no such member), and what that is where pointers have
 * 64 bits: nowhere is it more. */
typedef struct layout_ref { const char *key, *c; size_t most; } layout_ref;
layout_ref layout_member(const void *ctx, const char *prefix, const m_struct *, const char *name);
layout_ref layout_item_member(const void *ctx, const char *prefix, const m_struct *,
                              const char *name);
layout_ref layout_size(const void *ctx, const char *prefix, const m_struct *);
layout_ref layout_item_size(const void *ctx, const char *prefix, const m_struct *);

const m_field *layout_field(const m_struct *, const char *name);        /* NULL: none */

#endif
