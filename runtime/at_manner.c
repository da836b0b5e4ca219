/* What both sides know of what a host may choose of the dialogue.
 * SPDX-License-Identifier: 0BSD */
#include "at_link_private.h"

int32_t at__chosen(const at_link *l, unsigned setting, int32_t otherwise)
{
    const at_setting *s;
    if (setting == AT_NONE8) return otherwise;
    s = &l->tables->settings[setting];
    return l->settings[s->base] == AT_UNKNOWN ? s->reset : l->settings[s->base];
}

void at__manner_reset(at_link *l, unsigned id)
{
    const at_manner *manner = l->tables->manner;
    unsigned i;
    for (i = 0; i < manner->n_resets; i++)
        if (manner->resets[i] == id) at__settings_reset(l);
}
