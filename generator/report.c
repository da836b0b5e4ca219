/* Words that both reports use: see report.h.
 * SPDX-License-Identifier: MIT */
#include "report.h"

#include <ctype.h>
#include <string.h>

#include "mem.h"
#include "scan.h"
#include "text.h"

const char *const report_forms[F_KINDS] = { "exec", "read", "test", "set", "save", "query" };

static const char *kind_word(const m_type *t)
{
    static const char *const words[] = { "int", "enum", "enum", "bool", "string", "text", "ip",
                                         "mac", "hex", "flags", "bytes" };

    return words[t->kind];
}

static void add_number(text *out, const m_type *t, int64_t value)
{
    if (t->kind == T_INT && t->is_hex)
        text_printf(out, "0x%llx", (unsigned long long)value);
    else
        text_printf(out, "%0*lld", t->kind == T_INT ? t->digits : 0, (long long)value);
}

static void add_ranges(text *out, const m_type *t)
{
    for (size_t i = 0; i < t->n_ranges; i++) {
        text_add(out, i ? ", " : " ");
        add_number(out, t, t->ranges[i].lo);
        if (t->ranges[i].hi == t->ranges[i].lo)
            continue;
        text_add(out, "..");
        add_number(out, t, t->ranges[i].hi);
    }
}

/* Words with blanks and signs stand in quotes, be they so on the wire or not. */
static bool has_quoted_words(const m_type *t)
{
    if (t->kind != T_WORD)
        return false;
    for (size_t i = 0; i < t->n_items; i++)
        if (!scan_is_name(t->items[i].wire))
            return true;
    return t->quote != Q_BARE;
}

/* Is the name made from the word, so that no spec has to write it? */
static bool is_own_name(const m_item *item)
{
    const char *w = item->wire, *name = item->name;

    for (; *w && *name; w++, name++)
        if (toupper((unsigned char)*w) != *name && (isalnum((unsigned char)*w) || *name != '_'))
            return false;
    return *w == *name;
}

static void add_item(text *out, const m_type *t, const m_item *item)
{
    const char *quote = has_quoted_words(t) ? "\"" : t->kind == T_ENUM && t->is_hex ? "0x" : "";

    text_printf(out, "%s%s%s", quote, item->wire, *quote == '"' ? quote : "");
    if (t->kind != T_BOOL && item->name && !(t->kind == T_WORD && is_own_name(item)))
        text_printf(out, " %s", item->name);
}

static void add_items(text *out, const m_type *t, size_t most)
{
    for (size_t i = 0; i < t->n_items && i < most; i++) {
        text_add(out, i == 0 ? " " : t->kind == T_BOOL ? "|" : ", ");
        add_item(out, t, &t->items[i]);
    }
    if (t->is_open || t->n_items > most)
        text_add(out, ", …");
}

/* In front of numbers and lists stands whether they are quoted, behind all others. */
static bool says_quotes_first(const m_type *t)
{
    return t->kind == T_INT || t->kind == T_ENUM || t->kind == T_FLAGS || t->kind == T_WORD;
}

static const char *quote_word(const m_type *t)
{
    m_quote usual = t->kind == T_STRING || has_quoted_words(t) ? Q_QUOTED : Q_BARE;
    static const char *const words[] = { "quoted", "bare", "either" };

    return t->quote == usual || t->kind == T_TEXT || t->kind == T_BOOL || t->kind == T_BYTES
               ? NULL : words[t->quote];
}

static void add_word(text *out, const char *word)
{
    if (word)
        text_printf(out, " %s", word);
}

char *report_type(const void *ctx, const m_type *t, size_t most)
{
    text *out = text_new(ctx);
    const char *quote = quote_word(t);

    if (quote && says_quotes_first(t))
        text_printf(out, "%s ", quote);
    text_add(out, kind_word(t));
    add_word(out, t->is_hex ? "hex" : NULL);
    if (t->n_items)
        add_items(out, t, most);
    else
        add_ranges(out, t);
    if (t->kind == T_MAC)
        add_word(out, t->separator ? mem_printf(out, "\"%c\"", t->separator) : "none");
    add_word(out, says_quotes_first(t) ? NULL : quote);
    add_word(out, t->upper ? "upper" : t->lower ? "lower" : NULL);
    add_word(out, t->unit);
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
