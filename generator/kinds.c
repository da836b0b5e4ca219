/* Kinds and lengths of cells: see kinds.h.
 * SPDX-License-Identifier: MIT */
#include "kinds.h"

#include <stdio.h>
#include <string.h>

enum { IP_WIDTH = 15, QUOTES = 2 };

/* ---- kinds ---- */
static const char *skip_digits(const char *p)
{
    while (*p >= '0' && *p <= '9')
        p++;
    return p;
}

static bool is_number(const char *text)
{
    const char *digits = *text == '+' || *text == '-' ? text + 1 : text;
    const char *end = skip_digits(digits);
    return end > digits && *end == '\0';
}

unsigned kinds_of_text(const char *text)
{
    size_t n = strlen(text);

    if (n == 0)
        return KIND_EMPTY;
    if (is_number(text))
        return KIND_NUM;
    return n >= 2 && text[0] == '"' && text[n - 1] == '"' ? KIND_STR : KIND_WORD;
}

/* Bare kinds, as the type's quoting has them: inside quotes it is a string. */
static unsigned kinds_quoted(const m_type *type, unsigned bare)
{
    if (type->quote == Q_QUOTED)
        return KIND_STR;
    return type->quote == Q_EITHER ? bare | KIND_STR : bare;
}

static bool may_have_no_length(const m_type *type)
{
    for (size_t i = 0; i < type->n_ranges; i++)
        if (type->ranges[i].lo <= 0)
            return true;
    return false;
}

static unsigned kinds_of_words(const m_type *type)
{
    unsigned kinds = 0;

    for (size_t i = 0; i < type->n_items; i++)
        kinds |= kinds_of_text(type->items[i].wire);
    return kinds;
}

unsigned kinds_of_type(const m_type *type)
{
    unsigned empty = may_have_no_length(type) ? KIND_EMPTY : 0;

    switch (type->kind) {
    case T_INT: case T_ENUM: case T_FLAGS:
        return kinds_quoted(type, type->is_hex ? KIND_NUM | KIND_WORD : KIND_NUM);
    case T_WORD: case T_BOOL:
        return kinds_quoted(type, kinds_of_words(type));
    case T_STRING: case T_HEX:
        return kinds_quoted(type, KIND_NUM | KIND_WORD | empty);
    case T_IP:
        return kinds_quoted(type, KIND_WORD);
    case T_MAC:
        return kinds_quoted(type, type->separator ? KIND_WORD : KIND_NUM | KIND_WORD);
    case T_TEXT: case T_BYTES:
        return KIND_ANY;
    }
    return KIND_ANY;
}

/* Text that belongs to the cell makes a word of whatever it surrounds. */
static unsigned kinds_affixed(const m_slot *slot, unsigned kinds)
{
    if (!*slot->pre && !*slot->post)
        return kinds;
    if (kinds == KIND_ANY)
        return KIND_STR | KIND_WORD | KIND_NUM | KIND_BAD;
    if (strchr(slot->pre, '"'))
        return KIND_STR | KIND_WORD;
    const char *pre = *slot->pre == '+' || *slot->pre == '-' ? slot->pre + 1 : slot->pre;
    bool digits = !*skip_digits(pre) && !*skip_digits(slot->post);
    return digits ? KIND_NUM | KIND_WORD : KIND_WORD;
}

/* Where quotes are signs like any other the lexer knows words only. */
static uint8_t kinds_known(const model *m, unsigned kinds)
{
    bool has_string = m->lines.no_quotes && (kinds & (KIND_STR | KIND_BAD));

    return (uint8_t)(has_string ? (kinds & ~(unsigned)(KIND_STR | KIND_BAD)) | KIND_WORD : kinds);
}

shape_cell kinds_of_slot(const model *m, const m_slot *slot)
{
    if (slot->literal)
        return (shape_cell){ .kinds = kinds_known(m, kinds_of_text(slot->text)) };
    unsigned kinds = kinds_affixed(slot, kinds_of_type(slot->type));
    if (slot->may_be_empty)
        kinds |= KIND_EMPTY;
    return (shape_cell){ .kinds = kinds_known(m, kinds), .many = slot->is_elastic,
                         .may_be_cut = slot->may_be_empty };
}

/* ---- lengths ---- */
static size_t width_of_number(int64_t value, bool is_hex)
{
    char digits[32];
    int n = is_hex ? snprintf(digits, sizeof digits, "%llx", (unsigned long long)value)
                   : snprintf(digits, sizeof digits, "%lld", (long long)value);
    return (size_t)n;
}

static size_t width_of_words(const m_type *type)
{
    size_t longest = type->digits;

    for (size_t i = 0; i < type->n_items; i++) {
        size_t n = type->items[i].wire ? strlen(type->items[i].wire)
                                       : width_of_number(type->items[i].value, type->is_hex);
        longest = n > longest ? n : longest;
    }
    return longest;
}

static size_t width_of_ranges(const m_type *type)
{
    size_t longest = 0;

    for (size_t i = 0; i < type->n_ranges; i++) {
        size_t lo = width_of_number(type->ranges[i].lo, type->is_hex);
        size_t hi = width_of_number(type->ranges[i].hi, type->is_hex);
        longest = lo > longest ? lo : longest;
        longest = hi > longest ? hi : longest;
    }
    return longest;
}

static size_t longest_length(const m_type *type)
{
    int64_t longest = 0;

    for (size_t i = 0; i < type->n_ranges; i++)
        longest = type->ranges[i].hi > longest ? type->ranges[i].hi : longest;
    return (size_t)longest;
}

size_t width_of_type(const model *m, const m_type *type)
{
    size_t quotes = type->quote == Q_BARE ? 0 : QUOTES;
    size_t open = type->is_open ? 11 : 0;       /* any 32-bit number */
    size_t n = 0;

    switch (type->kind) {
    case T_INT: case T_FLAGS: n = width_of_ranges(type); break;
    case T_ENUM: case T_WORD: case T_BOOL: n = width_of_words(type); break;
    case T_STRING: n = longest_length(type) * (m->lines.escape && quotes ? 2 : 1); break;
    case T_TEXT: case T_BYTES: n = longest_length(type); break;
    case T_IP: n = IP_WIDTH; break;
    case T_MAC: n = type->separator ? 17 : 12; break;
    case T_HEX: n = longest_length(type) * 2; break;
    }
    return (n > open ? n : open) + quotes;
}

static size_t width_of_slot(const model *m, const m_slot *slot)
{
    if (slot->literal)
        return strlen(slot->text);
    return strlen(slot->pre) + width_of_type(m, slot->type) + strlen(slot->post);
}

size_t width_of_line(const model *m, const m_line *line)
{
    size_t n = strlen(line->lead) + strlen(line->tail);

    for (size_t i = 0; i < line->n_slots; i++) {
        bool repeats = line->loop_first >= 0 && i >= (size_t)line->loop_first
                       && i < (size_t)(line->loop_first + line->loop_n);
        n += (width_of_slot(m, &line->slots[i]) + 1) * (repeats ? line->loop_max : 1);
    }
    if (line->data_at != DATA_NONE)
        n += strlen(line->data_lead) + 2u * line->data_either + strlen(line->data_tail);
    return n;
}
