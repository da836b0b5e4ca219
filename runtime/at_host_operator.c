/* Requests that would be read as another form. Apart from at_host.c so that only dialects where the
 * first value of a command may be written without quotes carry it.
 * SPDX-License-Identifier: 0BSD */
#include "at_host_private.h"

#include <string.h>

/* Does `s` begin with `text`, closed: is it nothing else but blanks? */
static bool is_like(at_text s, const char *text, bool closed)
{
    size_t n = strlen(text);
    if (s.n < n || memcmp(s.p, text, n) != 0) return false;
    while (closed && n < s.n && s.p[n] == ' ') n++;
    return !closed || n == s.n;
}

/* Does this value, right behind the operator, make it another one? So would `?` behind `=`. */
static bool changes_operator(at_core *h, const at_request *r, at_text value, bool alone)
{
    const at_tables *t = at__tables(h->link);
    const uint16_t *ops = at__host_tables(h)->ops;
    unsigned op = at__is_flash(r) ? r->course->op_saved : r->call->op;
    const char *sign = t->text + ops[op], *longer;
    size_t n = strlen(sign);
    for (op = AT_OP_READ; op < AT_OP_NONE; op++) {
        bool closed = op < AT_OP_SET && !(t->flags & AT_D_OPEN_READ << (op - AT_OP_READ));
        longer = t->text + ops[op];
        if (ops[op] != AT_NONE && strlen(longer) > n && memcmp(longer, sign, n) == 0 &&
            (alone || !closed) && is_like(value, longer + n, closed))
            return true;
    }
    return false;
}

/* Only the first value can, and only when it is written as it is. */
unsigned at__operator_slot(at_core *h, const at_request *r)
{
    const at_view *v = &h->view;
    const at_slot *slot = v->slots;
    unsigned n = at__line_slots(v), first = 0;
    const at_trait *trait;
    const at_type *type;
    at_text value;
    while (first < n && !(v->mask >> first & 1u)) first++;
    if (first == n || v->rest->lead != 0) return AT_NONE8;
    slot += first;
    trait = at_trait_of(&at__host_tables(h)->t, slot);
    type = at_type_of(&at__host_tables(h)->t, slot);
    if (trait->pre != 0 || trait->flags & (AT_S_LITERAL | AT_S_LOOP) || (type->kind != AT_T_STRING &&
        type->kind != AT_T_TEXT) || type->flags & (AT_F_QUOTED | AT_F_EITHER))
        return AT_NONE8;
    value = *(const at_text *)(const void *)((const char *)v->fields + slot->offset);
    n -= first + 1;
    return changes_operator(h, r, value, !(v->mask >> first >> 1 & ((1u << n) - 1u)))
        ? first : AT_NONE8;
}
