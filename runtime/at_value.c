/* One value of a line, both ways: see at_value.h.
 * SPDX-License-Identifier: 0BSD */
#include "at_value.h"

#include <string.h>

/* ---- text to value ---- */

static unsigned digit(char c)           /* 0..15; 255: none */
{
    unsigned d = (uint8_t)c - (unsigned)'0';
    if (d <= 9) return d;
    d = ((uint8_t)c | 0x20u) - (unsigned)'a';
    return d <= 5 ? d + 10 : 255;
}

/* Digits only, no sign. False: none, something else, or more than 32 bits. */
static bool read_digits(const char *p, size_t n, uint32_t base, uint32_t *out)
{
    uint32_t most = base == 16 ? UINT32_MAX / 16 : UINT32_MAX / 10, v = 0;
    if (n == 0) return false;
    for (; n > 0; n--, p++) {
        unsigned d = digit(*p);
        if (d >= base || v > most) return false;
        v = v * base + d;
        if (v < d) return false;        /* it went over at the last digit */
    }
    *out = v;
    return true;
}

static bool read_number(const at_type *type, at_text s, int32_t *out)
{
    uint32_t v;
    bool is_signed = (type->flags & AT_F_SIGNED) != 0, minus = false;
    if (is_signed && s.n > 0 && (s.p[0] == '-' || s.p[0] == '+')) {
        minus = s.p[0] == '-';
        s.p++;
        s.n--;
    }
    if (!read_digits(s.p, s.n, type->flags & AT_F_HEX ? 16 : 10, &v)) return false;
    if (is_signed && v > (uint32_t)INT32_MAX + minus) return false;
    *out = (int32_t)(minus ? 0 - v : v);
    return true;
}

static bool read_ip(at_text s, uint8_t *b)
{
    size_t i, k;
    for (i = 0; i < 4; i++) {
        uint32_t v;
        for (k = 0; k < s.n && s.p[k] != '.'; k++) continue;
        if ((k == s.n) != (i == 3) || k > 3) return false;
        if (!read_digits(s.p, k, 10, &v) || v > 255) return false;
        b[i] = (uint8_t)v;
        s.p += k + 1;
        s.n -= k + (i < 3);
    }
    return true;
}

static bool read_octets(const char *p, size_t n, size_t step, uint8_t *b)
{
    for (; n > 0; n--, p += step) {
        unsigned hi = digit(p[0]), lo = digit(p[1]);
        if ((hi | lo) > 15) return false;
        if (b) *b++ = (uint8_t)(hi << 4 | lo);
    }
    return true;
}

static bool read_mac(const at_type *type, at_text s, uint8_t *b)
{
    size_t i, step = type->aux ? 3 : 2;
    if (s.n != 5 * step + 2 || !read_octets(s.p, 6, step, b)) return false;
    for (i = 2; type->aux && i < s.n; i += 3)
        if ((uint8_t)s.p[i] != type->aux) return false;
    return true;
}

static bool read_word(const at_tables *t, const at_type *type, at_text s, int32_t *out)
{
    for (*out = 0; *out < type->aux; ++*out) {
        const char *word = t->text + t->words[type->min + *out];
        if (strlen(word) == s.n && memcmp(word, s.p, s.n) == 0) return true;
    }
    return false;
}

static bool contains(const char *set, char c)
{
    for (; *set != '\0'; set++)
        if (*set == c) return true;
    return false;
}

static bool is_escaped(const at_tables *t, char c)
{
    return t->escape && contains(t->text + t->escaped, c);
}

/* The next byte of quoted text, escape signs taken off; *p moves on. */
static char next_byte(const at_tables *t, const char **p, const char *end)
{
    if (**p == t->escape && end - *p > 1 && is_escaped(t, (*p)[1])) ++*p;
    return *(*p)++;
}

/* Length of text when escape signs are taken off. */
static size_t plain_length(const at_tables *t, const at_value *v)
{
    const char *p = v->text.p, *end = p + v->text.n;
    size_t n = v->text.n;
    if (v->quoted && t->escape)
        for (; p < end; p++)
            if (*p == t->escape && end - p > 1 && is_escaped(t, p[1])) {
                n--;
                p++;
            }
    return n;
}

/* Does the number survive in a field of the type's size? */
static bool fits_field(const at_type *type, int32_t num)
{
    unsigned bits = 8u * type->size;
    uint32_t half = type->flags & AT_F_SIGNED ? (uint32_t)1 << (bits - 1) : 0;
    return bits == 32 || ((uint32_t)num + half) >> bits == 0;
}

/* Distances, so that the sign does not matter. */
static bool is_between(uint32_t v, int32_t from, int32_t to)
{
    return v - (uint32_t)from <= (uint32_t)to - (uint32_t)from;
}

static bool is_listed(const at_tables *t, const at_type *type, uint32_t v)
{
    const int32_t *p = t->values + type->min;
    unsigned step = type->flags & AT_F_RANGES ? 2 : 1, n;
    for (n = type->aux; n > 0; n -= step, p += step)
        if (is_between(v, p[0], p[step - 1])) return true;
    return false;
}

static bool in_range(const at_tables *t, const at_type *type, int32_t num)
{
    if (type->kind == AT_T_INT) return is_between((uint32_t)num, type->min, type->max);
    if (type->kind == AT_T_WORD) return (uint32_t)num < type->aux;
    return is_listed(t, type, (uint32_t)num) ||
           ((type->flags & AT_F_OPEN) && fits_field(type, num));
}

static bool in_length(const at_tables *t, const at_type *type, size_t n)
{
    if (type->flags & AT_F_RANGES) return n <= UINT16_MAX && is_listed(t, type, (uint32_t)n);
    return n >= (size_t)type->min && n <= (size_t)type->max;
}

static bool strip_quotes(at_text *s)
{
    bool quoted = s->n > 1 && s->p[0] == '"' && s->p[s->n - 1] == '"';
    if (quoted) {
        s->p++;
        s->n -= 2;
    }
    return quoted;
}

/* Where quotes are signs like any other only a type that is written in them has them. */
static bool may_be_quoted(const at_tables *t, const at_type *type)
{
    return type->kind != AT_T_TEXT &&
           (!(t->flags & AT_D_NO_QUOTES) || (type->flags & (AT_F_QUOTED | AT_F_EITHER)));
}

bool at__value_read(const at_tables *t, const at_type *type, at_text s, at_value *v)
{
    v->quoted = may_be_quoted(t, type) && strip_quotes(&s);
    if (!(type->flags & AT_F_EITHER) && type->kind != AT_T_TEXT &&
        v->quoted != ((type->flags & AT_F_QUOTED) != 0))
        return false;
    v->text = s;
    switch (type->kind) {
    case AT_T_INT:
    case AT_T_ENUM:
        return read_number(type, s, &v->num) && in_range(t, type, v->num);
    case AT_T_WORD:
        return read_word(t, type, s, &v->num);
    case AT_T_IP:
        return read_ip(s, v->b);
    case AT_T_MAC:
        return read_mac(type, s, v->b);
    case AT_T_HEX:
        return (s.n & 1) == 0 && in_length(t, type, s.n / 2) && read_octets(s.p, s.n / 2, 2, NULL);
    default:                            /* free text takes broken cells, but no NUL: line[n] is one */
        return strlen(s.p) >= s.n && in_length(t, type, plain_length(t, v));
    }
}

/* ---- value to field and back ---- */

void at__value_store(const at_type *type, const at_value *v, void *field)
{
    switch (type->kind) {
    case AT_T_STRING:
    case AT_T_TEXT:
        ((at_text *)field)->p = v->text.p - v->quoted;
        ((at_text *)field)->n = v->text.n + 2u * v->quoted;
        break;
    case AT_T_HEX:
        ((at_bytes *)field)->p = (const uint8_t *)v->text.p;
        ((at_bytes *)field)->n = v->text.n / 2;
        break;
    case AT_T_IP:
        memcpy(field, v->b, 4);
        break;
    case AT_T_MAC:
        memcpy(field, v->b, 6);
        break;
    default:
        if (type->size == 1) *(uint8_t *)field = (uint8_t)v->num;
        else if (type->size == 2) *(uint16_t *)field = (uint16_t)v->num;
        else *(int32_t *)field = v->num;
    }
}

static void finish_text(const at_tables *t, const at_type *type, at_text *field)
{
    const char *p, *end;
    char *to;
    bool quoted;
    if (!field->p) return;                      /* left out */
    quoted = may_be_quoted(t, type) && strip_quotes(field);
    p = field->p;
    end = p + field->n;
    to = (char *)(uintptr_t)p;                  /* the link's own line */
    if (quoted)
        while (p < end) *to++ = next_byte(t, &p, end);
    else
        to += field->n;
    field->n = (size_t)(to - field->p);
    *to = '\0';
}

static void finish_hex(at_bytes *field)
{
    uint8_t *to = (uint8_t *)(uintptr_t)field->p;
    if (!to) return;
    read_octets((const char *)to, field->n, 2, to);
    to[field->n] = 0;
}

void at__value_finish(const at_tables *t, const at_type *type, void *field)
{
    if (type->kind == AT_T_HEX) finish_hex((at_bytes *)field);
    else if (type->kind == AT_T_STRING || type->kind == AT_T_TEXT)
        finish_text(t, type, (at_text *)field);
}

int32_t at__value_num(const at_type *type, const void *field)
{
    bool is_signed = (type->flags & AT_F_SIGNED) != 0;
    if (type->size == 1) return is_signed ? *(const int8_t *)field : *(const uint8_t *)field;
    if (type->size == 2) return is_signed ? *(const int16_t *)field : *(const uint16_t *)field;
    return *(const int32_t *)field;
}

static bool same_text(const at_tables *t, const at_value *v, const at_text *field)
{
    const char *p = v->text.p, *end = p + v->text.n;
    size_t i;
    if (plain_length(t, v) != field->n) return false;
    for (i = 0; i < field->n; i++)
        if ((v->quoted ? next_byte(t, &p, end) : *p++) != field->p[i]) return false;
    return true;
}

static bool same_hex(const at_value *v, const at_bytes *field)
{
    uint8_t b;
    size_t i;
    if (v->text.n / 2 != field->n) return false;
    for (i = 0; i < field->n; i++)
        if (!read_octets(v->text.p + 2 * i, 1, 2, &b) || b != field->p[i]) return false;
    return true;
}

bool at__value_is(const at_tables *t, const at_type *type, const at_value *v, const void *field)
{
    switch (type->kind) {
    case AT_T_STRING:
    case AT_T_TEXT:
        return same_text(t, v, (const at_text *)field);
    case AT_T_HEX:
        return same_hex(v, (const at_bytes *)field);
    case AT_T_IP:
        return memcmp(v->b, field, 4) == 0;
    case AT_T_MAC:
        return memcmp(v->b, field, 6) == 0;
    default:
        return v->num == at__value_num(type, field);
    }
}

/* ---- value to text ---- */

static void put_digit(at_link *l, unsigned d, bool upper)
{
    at__put_char(l, (char)(d < 10 ? '0' + d : (upper ? 'A' : 'a') + d - 10));
}

static void put_octets(at_link *l, at_bytes octets, bool upper, char separator)
{
    size_t i;
    for (i = 0; i < octets.n; i++) {
        if (i > 0 && separator) at__put_char(l, separator);
        put_digit(l, octets.p[i] >> 4, upper);
        put_digit(l, octets.p[i] & 15u, upper);
    }
}

/* Without a division, which the smallest cores do not have. `digits`: least number of hexadecimal
 * ones. */
static void put_number(at_link *l, uint32_t v, bool hex, unsigned digits)
{
    static const uint32_t powers[] = { 1000000000, 100000000, 10000000, 1000000, 100000, 10000,
                                       1000, 100, 10, 1 };
    unsigned i, n = hex ? 8 : 10;
    bool begun = false;
    for (i = 0; i < n; i++) {
        uint32_t step = hex ? (uint32_t)1 << (28 - 4 * i) : powers[i];
        unsigned d = 0;
        for (; v >= step; v -= step) d++;
        begun = begun || d > 0 || step == 1 || n - i <= digits;
        if (begun) put_digit(l, d, true);
    }
}

static void put_quote(at_link *l, const at_type *type)
{
    if (type->flags & (AT_F_QUOTED | AT_F_EITHER)) at__put_char(l, '"');
}

bool at__value_put_num(at_link *l, const at_type *type, int32_t num)
{
    uint32_t v = (uint32_t)num;
    if (!in_range(l->tables, type, num)) return false;
    put_quote(l, type);
    if (type->kind == AT_T_WORD) {
        at__put_text(l, l->tables->words[type->min + num]);
    } else {
        if ((type->flags & AT_F_SIGNED) && num < 0) {
            at__put_char(l, '-');
            v = 0 - v;
        }
        put_number(l, v, (type->flags & AT_F_HEX) != 0,
                   type->kind == AT_T_ENUM ? (unsigned)type->max : type->aux);
    }
    put_quote(l, type);
    return true;
}

/* Must text that may be bare be quoted, so that it is read back as it is? */
static bool needs_quotes(at_text s)
{
    size_t i;
    for (i = 0; i < s.n; i++)
        if ((uint8_t)s.p[i] <= ' ' || contains("\",;!?=", s.p[i])) return true;
    return s.n == 0;
}

static bool put_text(at_link *l, const at_type *type, at_text s)
{
    bool rest = type->kind == AT_T_TEXT, quoted = (type->flags & AT_F_QUOTED) != 0;
    bool plain = (l->tables->flags & AT_D_NO_QUOTES) != 0;
    size_t i;
    if (type->flags & AT_F_EITHER) quoted = needs_quotes(s);
    if (quoted) at__put_char(l, '"');
    for (i = 0; i < s.n; i++) {
        char c = s.p[i];
        if (c == '\0' || c == '\r' || c == '\n') return false;
        if (quoted && is_escaped(l->tables, c)) at__put_char(l, l->tables->escape);
        else if (!rest && ((c == '"' && (quoted || !plain)) || (c == ',' && !quoted))) return false;
        at__put_char(l, c);
    }
    if (quoted) at__put_char(l, '"');
    return in_length(l->tables, type, s.n);
}

static void put_ip(at_link *l, const uint8_t *b)
{
    unsigned i;
    for (i = 0; i < 4; i++) {
        if (i > 0) at__put_char(l, '.');
        put_number(l, b[i], false, 0);
    }
}

bool at__value_put(at_link *l, const at_type *type, const void *field)
{
    at_bytes octets = { (const uint8_t *)field, 6 };
    if (type->kind <= AT_T_WORD) return at__value_put_num(l, type, at__value_num(type, field));
    if (type->kind <= AT_T_TEXT) return put_text(l, type, *(const at_text *)field);
    if (type->kind == AT_T_HEX) {
        octets = *(const at_bytes *)field;
        if (!in_length(l->tables, type, octets.n)) return false;
    }
    put_quote(l, type);
    if (type->kind == AT_T_IP) put_ip(l, octets.p);
    else put_octets(l, octets, (type->flags & AT_F_UPPER) != 0,
                    type->kind == AT_T_MAC ? (char)type->aux : '\0');
    put_quote(l, type);
    return true;
}
