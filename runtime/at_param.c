/* What a module says to `=?`, read item by item: see atparam.h.
 * SPDX-License-Identifier: 0BSD */
#include "atparam.h"

#include <string.h>

/* ---- signs ---- */

static bool is_one_of(const char *set, char c)
{
    return c != '\0' && strchr(set, c) != NULL;
}

static void skip(at_text *s, size_t n)
{
    s->p += n;
    s->n -= n;
}

/* Take signs of `set` off both ends. */
static void trim(at_text *s, const char *set)
{
    while (s->n > 0 && is_one_of(set, s->p[0])) skip(s, 1);
    while (s->n > 0 && is_one_of(set, s->p[s->n - 1])) s->n--;
}

/* Where the quotes that begin at `i` end: before a comma, a bracket or a blank; `i`: nowhere. */
static size_t end_of_quotes(at_text s, size_t i)
{
    size_t k;
    for (k = i + 1; k < s.n; k++)
        if (s.p[k] == '"' && (k + 1 == s.n || is_one_of(",)}] ", s.p[k + 1]))) return k;
    return i;
}

/* How many signs stand before the first comma outside of brackets and quotes, or (`closing`) before
 * what closes the first bracket; s.n: there is none. */
static size_t before(at_text s, bool closing)
{
    unsigned depth = 0;
    size_t i;
    for (i = 0; i < s.n; i++) {
        char c = s.p[i];
        if (c == '"') i = end_of_quotes(s, i);
        if (c == ',' && depth == 0) break;
        if (is_one_of("({", c)) depth++;
        else if (is_one_of(")}", c) && depth > 0 && --depth == 0 && closing) break;
    }
    return i;
}

/* Take the first part off *s, up to a comma; false: it is the last. */
static bool take_part(at_text *s, at_text *part)
{
    part->p = s->p;
    part->n = before(*s, false);
    skip(s, part->n + (part->n < s->n));
    return s->p > part->p + part->n;
}

/* Take a pair of brackets off, if the first closes with the last. */
static bool strip(at_text *s)
{
    if (s->n == 0 || !is_one_of("({", *s->p) || before(*s, true) + 1 != s->n) return false;
    skip(s, 1);
    s->n--;
    return true;
}

/* ---- numbers ---- */

static unsigned digit(char c)
{
    if (c >= '0' && c <= '9') return (unsigned)(c - '0');
    c = (char)(c | 0x20);
    return c >= 'a' && c <= 'f' ? (unsigned)(c - 'a') + 10u : 16u;
}

/* A number at the front of *s, which goes on behind it; false: there is none of 32 bits. */
static bool take_number(at_text *s, int64_t *value)
{
    bool negative = s->n > 0 && *s->p == '-';
    unsigned base = 10, digits = 0;
    uint32_t n = 0;
    if (s->n > 0 && is_one_of("+-", *s->p)) skip(s, 1);
    if (s->n > 2 && s->p[0] == '0' && (s->p[1] | 0x20) == 'x') {
        base = 16;
        skip(s, 2);
    }
    for (; s->n > 0 && digit(*s->p) < base; skip(s, 1), digits++) {
        if (n > (UINT32_MAX - digit(*s->p)) / base) return false;
        n = n * base + digit(*s->p);
    }
    *value = negative ? -(int64_t)n : (int64_t)n;
    return digits > 0;
}

/* Is it a number, or two of them with a sign between? */
static bool read_range(at_text s, int64_t *min, int64_t *max)
{
    if (!take_number(&s, min)) return false;
    trim(&s, " ");
    *max = *min;
    if (s.n == 0) return true;
    if (*s.p == '-' || *s.p == '~') skip(&s, 1);
    else if (s.n > 2 && s.p[0] == '.' && s.p[1] == '.') trim(&s, ".");
    else return false;
    trim(&s, " ");
    return take_number(&s, max) && s.n == 0 && *min <= *max;
}

/* ---- parameters and items ---- */

/* More square brackets open than close in these signs. */
static bool is_open(const char *p, const char *end)
{
    size_t open = 0;
    for (; p < end; p++) {
        if (*p == '[') open++;
        else if (*p == ']' && open > 0) open--;
    }
    return open > 0;
}

bool at_param_at(at_text params, unsigned index, at_param *p)
{
    const char *start = params.p;
    bool more = params.n > 0;
    int64_t min, max;
    do {
        if (!more) return false;
        more = take_part(&params, &p->text);
    } while (index-- > 0);
    trim(&p->text, " []");
    p->optional = is_open(start, p->text.p);
    p->items = p->text;
    p->listed = strip(&p->items) || (read_range(p->items, &min, &max) && min < max);
    return true;
}

bool at_item_next(at_param *p, at_item *item)
{
    at_text *s = &item->text;
    if (!p->items.p) return false;
    if (!take_part(&p->items, s)) p->items.p = NULL;
    do trim(s, " []");
    while (strip(s));
    item->quoted = s->n > 0 && (s->p[0] == '"' || s->p[s->n - 1] == '"');
    trim(s, "\"");
    item->is_number = read_range(*s, &item->min, &item->max);
    return true;
}

/* ---- is it allowed? ---- */

/* A number, a range or a word: anything else says something about values that is not understood. */
static bool is_clear(const at_item *item)
{
    size_t i;
    char c = (char)(*item->text.p | 0x20);
    if (item->quoted || item->is_number) return true;
    for (i = 0; i < item->text.n; i++)
        if (is_one_of("< ", item->text.p[i])) return false;
    return c >= 'a' && c <= 'z';
}

/* `value` NULL: it is no number. */
static at_said takes(at_text params, unsigned index, const int64_t *value, at_text word)
{
    at_param p;
    at_item item;
    at_said said = AT_NOT_SAID;
    if (!at_param_at(params, index, &p)) return said;
    while (at_item_next(&p, &item)) {
        if (value && item.is_number && item.min <= *value && *value <= item.max) return AT_TAKEN;
        if (item.text.n == 0) continue;
        if (item.text.n == word.n && memcmp(item.text.p, word.p, word.n) == 0) return AT_TAKEN;
        if (is_clear(&item)) said = AT_NOT_TAKEN;
        else p.listed = false;
    }
    return p.listed ? said : AT_NOT_SAID;
}

at_said at_param_takes(at_text params, unsigned index, int64_t value)
{
    const at_text no_word = { NULL, 0 };
    return takes(params, index, &value, no_word);
}

at_said at_param_takes_word(at_text params, unsigned index, at_text word)
{
    int64_t value, end;
    bool is_number = read_range(word, &value, &end) && value == end;
    return takes(params, index, is_number ? &value : NULL, word);
}
