/* Words that both reports use: see report.h.
 * SPDX-License-Identifier: MIT */
#include "report.h"

#include <string.h>

#include "mem.h"
#include "text.h"

const char *const report_forms[F_KINDS] = { "exec", "read", "test", "set", "save", "query" };

static const char *kind_word(const m_type *t)
{
    static const char *const words[] = { "int", "enum", "enum", "bool", "string", "text", "ip",
                                         "mac", "hex", "flags", "bytes" };

    return words[t->kind];
}

static void add_ranges(text *out, const m_type *t)
{
    for (size_t i = 0; i < t->n_ranges; i++)
        text_printf(out, "%s%lld..%lld", i ? ", " : " ", (long long)t->ranges[i].lo,
                    (long long)t->ranges[i].hi);
}

static void add_items(text *out, const m_type *t)
{
    for (size_t i = 0; i < t->n_items; i++) {
        const m_item *item = &t->items[i];
        text_add(out, i ? ", " : " ");
        if (item->wire)
            text_add(out, item->wire);
        else
            text_printf(out, "%lld", (long long)item->value);
        if (item->name && (!item->wire || strcmp(item->wire, item->name) != 0))
            text_printf(out, " %s", item->name);
    }
}

char *report_type(const void *ctx, const m_type *t)
{
    text *out = text_new(ctx);

    if (t->quote == Q_QUOTED && (t->kind == T_INT || t->kind == T_ENUM || t->kind == T_FLAGS))
        text_add(out, "quoted ");
    text_add(out, kind_word(t));
    if (t->is_hex)
        text_add(out, " hex");
    if (t->n_items)
        add_items(out, t);
    else if (t->n_ranges)
        add_ranges(out, t);
    if (t->unit)
        text_printf(out, " %s", t->unit);
    return out->p;
}

int report_is_param(const m_line *line, size_t slot)
{
    const char *name = line->slots[slot].name;

    if (line->slots[slot].literal)
        return 0;
    for (size_t i = 0; i < slot; i++)
        if (!line->slots[i].literal && strcmp(line->slots[i].name, name) == 0)
            return 0;
    return 1;
}
