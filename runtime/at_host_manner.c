/* What a host may choose of the dialogue, seen from its side: result codes that come as numbers, and
 * commands that are not answered at all.
 * SPDX-License-Identifier: 0BSD */
#include "at_host_private.h"

#include <string.h>

#include "at_value.h"

/* The code that this number stands for, NULL none. */
static const char *code_of(const at_core *h, const char *p, size_t n)
{
    const at_manner *manner = h->link->tables->manner;
    unsigned value = 0, i;
    for (; n > 0 && *p >= '0' && *p <= '9' && value < 256; n--, p++)
        value = 10 * value + (unsigned)(*p - '0');
    if (n > 0) return NULL;
    for (i = 0; i < manner->n_numbers; i++)
        if (manner->numbers[i].number == value) return at__text(h, manner->numbers[i].text);
    return NULL;
}

/* Has its framing an end that a number does not wait for? Somebody must wait for a result code, or
 * know that they are numbers; a line of the running form may be a number too. */
static bool spell_out(at_core *h)
{
    at_link *l = h->link;
    size_t n = at__length(h);
    const char *code;
    if (n == 0 || n > 3 || (!h->running && at__chosen(l, l->tables->manner->verbose, 1) != 0)) return false;
    code = code_of(h, l->in + h->line_at, n);
    if (!code || strlen(code) > (size_t)(l->in_size - h->line_at)) return false;
    h->lead = '\0';
    if (at__find(h)) return false;
    l->in_n = (uint16_t)(h->line_at + strlen(code));
    memcpy(l->in + h->line_at, code, strlen(code));
    h->looked = false;
    return true;
}

static bool is_quiet(at_core *h, const at_request *r)
{
    const at_tables *t = h->link->tables;
    unsigned i, quiet = t->manner->quiet;
    for (i = 0; i < t->n_assigns; i++) {
        const at_assign *a = &t->assigns[i];
        if (a->form == at__form(h, r) && a->setting == quiet)
            return at__value_num(&t->types[a->type], (const char *)r->input + a->offset) == 1;
    }
    return at__chosen(h->link, quiet, 0) == 1;
}

static void settle(at_core *h, const at_request *r)
{
    at__manner_reset(h->link, at__form(h, r));
}

const at_host_manners at__host_manners = { spell_out, is_quiet, settle };
