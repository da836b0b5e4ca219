/* What a host may choose of the dialogue, seen from its side: result codes that come as numbers, and
 * commands that are not answered at all.
 * SPDX-License-Identifier: 0BSD */
#include "at_host_private.h"

#include <string.h>

#include "at_value.h"

/* A setting, as it is when `r` (NULL: nobody) has done what it asks for; AT_UNKNOWN: nobody knows, or
 * there is none. */
static int32_t chosen(const at_core *h, const at_request *r, unsigned setting)
{
    const at_tables *t = at__tables(h->link);
    const at_assign *a = t->assigns;
    unsigned n;
    if (setting == AT_NONE8) return AT_UNKNOWN;
    for (n = r && r->input ? t->n_assigns : 0; n > 0; n--, a++)
        if (a->form == at__form(h, r) && a->setting == setting)
            return at__value_num(&t->types[a->type], (const char *)r->input + a->offset);
    return h->link->settings[t->settings[setting].base];
}

/* The module has shown that a setting is not `value`. */
static void doubt(at_core *h, unsigned setting, int32_t value)
{
    at_link *l = h->link;
    unsigned place;
    if (setting == AT_NONE8) return;
    place = at__tables(l)->settings[setting].base;
    if (l->settings[place] == value) l->settings[place] = AT_UNKNOWN;
}

/* The code that this number stands for, NULL none. */
static const char *code_of(const at_core *h, const char *p, size_t n)
{
    const at_manner *manner = at__tables(h->link)->manner;
    unsigned value = 0, i;
    for (; n > 0 && *p >= '0' && *p <= '9' && value < 256; n--, p++)
        value = 10 * value + (unsigned)(*p - '0');
    if (n > 0) return NULL;
    for (i = 0; i < manner->n_codes; i++)
        if (manner->codes[i].number == value) return at__text(h, manner->codes[i].text);
    return NULL;
}

/* Somebody must wait for a result code, or they must be known to be numbers; a line of the running
 * form may be a number too. Of the answer to the resync command nothing is known. */
static bool spell_out(at_core *h)
{
    at_link *l = h->link;
    size_t n = at__length(h);
    const char *code;
    unsigned setting = at__tables(l)->manner->verbose;
    bool resyncs = h->sync == AT_SYNC_SENT;
    int32_t verbose = resyncs ? AT_UNKNOWN : chosen(h, h->running, setting);
    if (n == 0 || n > 3 || verbose == 1 || (!h->running && verbose != 0)) return false;
    code = code_of(h, l->in + h->line_at, n);
    if (!code || strlen(code) > (size_t)(l->in_size - h->line_at)) return false;
    h->lead = '\0';
    if (at__find(h)) return false;
    l->in_n = (uint16_t)(h->line_at + strlen(code));
    memcpy(l->in + h->line_at, code, strlen(code));
    doubt(h, setting, 1);       /* also when it is an error: the module has it already */
    return true;
}

static bool says_nothing(at_core *h, const at_request *r)
{
    return chosen(h, r, at__tables(h->link)->manner->quiet) == 1;
}

static void answered(at_core *h)
{
    doubt(h, at__tables(h->link)->manner->quiet, 1);
}

static void settle(at_core *h, const at_request *r)
{
    at__manner_reset(h->link, at__form(h, r));
}

const at_host_manners at__host_manners = { spell_out, says_nothing, answered, settle };
