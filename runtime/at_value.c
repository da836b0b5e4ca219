/* One value of a line, both ways: see at_value.h.
 * SPDX-License-Identifier: 0BSD */
#include "at_value.h"

#include <string.h>

/* What no type of the dialect has costs nothing. */
static bool has_flag(const at_type *type, unsigned flag)
{
    unsigned some = AT_F_QUOTED | AT_F_UPPER | (AT_WITH_SIGNED ? AT_F_SIGNED : 0) |
                    (AT_WITH_HEX ? AT_F_HEX : 0) | (AT_WITH_EITHER ? AT_F_EITHER : 0) |
                    (AT_WITH_OPEN ? AT_F_OPEN : 0) | (AT_WITH_RANGES ? AT_F_RANGES : 0);
    return (type->flags & flag & some) != 0;
}

static bool is_kind(const at_type *type, unsigned kind)
{
    unsigned some = 1u << AT_T_INT | 1u << AT_T_STRING | (AT_WITH_LISTS ? 1u << AT_T_ENUM : 0) |
                    (AT_WITH_WORDS ? 1u << AT_T_WORD : 0) | (AT_WITH_TEXT ? 1u << AT_T_TEXT : 0) |
                    (AT_WITH_IP ? 1u << AT_T_IP : 0) | (AT_WITH_MAC ? 1u << AT_T_MAC : 0) |
                    (AT_WITH_BYTES ? 1u << AT_T_HEX : 0);
    return (some >> kind & 1) && type->kind == kind;
}

static bool is_text(const at_type *type)
{
    return is_kind(type, AT_T_STRING) || is_kind(type, AT_T_TEXT);
}

/* Distances, so that the sign does not matter. */
static bool is_between(uint32_t v, int32_t from, int32_t to)
{
    return v - (uint32_t)from <= (uint32_t)to - (uint32_t)from;
}

static bool is_listed(const at_tables *t, const at_type *type, uint32_t v)
{
    const int32_t *p = t->values + type->min;
    unsigned step = has_flag(type, AT_F_RANGES) ? 2 : 1, n;
    for (n = type->aux; n > 0; n -= step, p += step)
        if (is_between(v, p[0], p[step - 1])) return true;
    return false;
}

static bool in_length(const at_tables *t, const at_type *type, size_t n)
{
    if (n > INT32_MAX) return false;
    return has_flag(type, AT_F_RANGES) ? is_listed(t, type, (uint32_t)n)
                                     : is_between((uint32_t)n, type->min, type->max);
}

static bool contains(const char *set, char c)
{
    for (; *set != '\0'; set++)
        if (*set == c) return true;
    return false;
}

/* ---- numbers and words ---- */

int32_t at__value_num(const at_type *type, const void *field)
{
    bool is_signed = has_flag(type, AT_F_SIGNED);
    if (type->size == 1) return is_signed ? *(const int8_t *)field : *(const uint8_t *)field;
    if (type->size == 2) return is_signed ? *(const int16_t *)field : *(const uint16_t *)field;
    return *(const int32_t *)field;
}

void at__value_store(const at_type *type, int32_t num, void *field)
{
    if (type->size == 1) *(uint8_t *)field = (uint8_t)num;
    else if (type->size == 2) *(uint16_t *)field = (uint16_t)num;
    else *(int32_t *)field = num;
}

static bool in_range(const at_tables *t, const at_type *type, int32_t num)
{
    at_field stored;
    if (is_kind(type, AT_T_WORD)) return (uint32_t)num < type->aux;
    if (!is_kind(type, AT_T_ENUM)) return is_between((uint32_t)num, type->min, type->max);
    if (is_listed(t, type, (uint32_t)num)) return true;
    at__value_store(type, num, &stored);        /* an open one: does it survive there? */
    return has_flag(type, AT_F_OPEN) && at__value_num(type, &stored) == num;
}

static unsigned digit(char c)           /* 0..15; 256: none */
{
    unsigned d = (uint8_t)c - (unsigned)'0';
    if (d <= 9) return d;
    d = ((uint8_t)c | 0x20u) - (unsigned)'a';
    return d <= 5 ? d + 10 : 256;
}

static bool read_number(const at_type *type, at_text s, int32_t *out)
{
    uint32_t base = has_flag(type, AT_F_HEX) ? 16 : 10, v = 0;
    uint32_t most = base == 16 ? UINT32_MAX / 16 : UINT32_MAX / 10;
    bool is_signed = has_flag(type, AT_F_SIGNED), minus = false;
    const char *end = s.p + s.n;
    if (is_signed && s.n > 0 && (*s.p == '-' || *s.p == '+')) minus = *s.p++ == '-';
    if (s.p == end) return false;
    for (; s.p < end; s.p++) {
        unsigned d = digit(*s.p);
        if (d >= base || v > most) return false;
        v = v * base + d;
        if (v < d) return false;        /* it went over at the last digit */
    }
    if (is_signed && v > (uint32_t)INT32_MAX + minus) return false;
    *out = (int32_t)(minus ? 0 - v : v);
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

static void put_digit(at_link *l, unsigned d, bool upper)
{
    at__put_char(l, (char)(d < 10 ? '0' + d : (upper ? 'A' : 'a') + d - 10));
}

/* Without a division, which the smallest cores do not have. `digits`: least number of hexadecimal
 * ones. */
static void put_number(at_link *l, uint32_t v, bool hex, unsigned digits)
{
    static const uint32_t powers[] = { 1000000000, 100000000, 10000000, 1000000, 100000, 10000,
                                       1000, 100, 10, 1 };
    unsigned left = hex ? 8 : 10;
    bool begun = false;
    while (left-- > 0) {
        uint32_t step = hex ? (uint32_t)1 << 4 * left : powers[9 - left];
        unsigned d = 0;
        for (; v >= step; v -= step) d++;
        begun = begun || d > 0 || left == 0 || left < digits;
        if (begun) put_digit(l, d, true);
    }
}

static bool put_num(at_link *l, const at_type *type, int32_t num)
{
    if (!in_range(l->tables, type, num)) return false;
    if (is_kind(type, AT_T_WORD)) {
        at__put_text(l, l->tables->words[type->min + num]);
    } else {
        bool minus = has_flag(type, AT_F_SIGNED) && num < 0;
        if (minus) at__put_char(l, '-');
        put_number(l, minus ? 0 - (uint32_t)num : (uint32_t)num, has_flag(type, AT_F_HEX),
                   is_kind(type, AT_T_ENUM) ? (unsigned)type->max : type->aux);
    }
    return true;
}

/* ---- addresses and octets ---- */

static bool read_ip(at_text s, uint8_t *b)
{
    const char *p = s.p, *end = p + s.n;
    unsigned i = 0, digits = 0, v = 0;
    for (;; p++) {
        unsigned d = p < end ? digit(*p) : 255;
        if (d <= 9 && digits++ < 3) {
            v = v * 10 + d;
            continue;
        }
        if (digits - 1 > 2 || v > 255) return false;
        b[i++] = (uint8_t)v;
        if (p == end || *p != '.' || i == 4) return p == end && i == 4;
        digits = v = 0;
    }
}

/* `to` may be where the digits stand, or NULL. */
static bool read_octets(const char *p, size_t n, size_t step, uint8_t *to)
{
    for (; n > 0; n--, p += step) {
        unsigned octet = digit(p[0]) << 4 | digit(p[1]);
        if (octet > 255) return false;
        if (to) *to++ = (uint8_t)octet;
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

static void put_octets(at_link *l, const at_type *type, const uint8_t *p, size_t n)
{
    bool upper = has_flag(type, AT_F_UPPER);
    char separator = is_kind(type, AT_T_MAC) ? (char)type->aux : '\0';
    const uint8_t *end = p + n;
    while (p < end) {
        put_digit(l, *p >> 4, upper);
        put_digit(l, *p++ & 15u, upper);
        if (separator && p < end) at__put_char(l, separator);
    }
}

static void put_ip(at_link *l, const uint8_t *b)
{
    unsigned i;
    for (i = 0; i < 4; i++) {
        if (i > 0) at__put_char(l, '.');
        put_number(l, b[i], false, 0);
    }
}

/* ---- text ---- */

static bool without_quotes(const at_tables *t)
{
    return AT_WITH_NO_QUOTES && (t->flags & AT_D_NO_QUOTES);
}

/* Where quotes are signs like any other only a type that is written in them has them. */
static bool strip_quotes(const at_tables *t, const at_type *type, at_text *s)
{
    bool quoted = !is_kind(type, AT_T_TEXT) && s->n > 1 && s->p[0] == '"' &&
                  s->p[s->n - 1] == '"' &&
                  (!without_quotes(t) || has_flag(type, AT_F_QUOTED | AT_F_EITHER));
    if (quoted) {
        s->p++;
        s->n -= 2;
    }
    return quoted;
}

static bool is_escaped(const at_tables *t, char c)
{
    return AT_WITH_ESCAPES && t->escape && contains(t->text + t->escaped, c);
}

/* The next byte of text, escape signs taken off; *p moves on. */
static char next_byte(const at_tables *t, bool quoted, const char **p, const char *end)
{
    if (AT_WITH_ESCAPES && quoted && **p == t->escape && end - *p > 1 && is_escaped(t, (*p)[1])) ++*p;
    return *(*p)++;
}

/* Length of text without escape signs; SIZE_MAX: it holds a NUL. */
static size_t plain_length(const at_tables *t, bool quoted, at_text s)
{
    const char *p = s.p, *end = p + s.n;
    size_t n = 0;
    for (; p < end; n++)
        if (next_byte(t, quoted, &p, end) == '\0') return SIZE_MAX;
    return n;
}

static void finish_text(const at_tables *t, const at_type *type, at_text *field)
{
    bool quoted = strip_quotes(t, type, field);
    const char *p = field->p, *end = p + field->n;
    char *to = (char *)(uintptr_t)p;            /* the link's own line */
    while (p < end) *to++ = next_byte(t, quoted, &p, end);
    field->n = (size_t)(to - field->p);
    *to = '\0';
}

/* Must text that may be bare be quoted, so that it is read back as it is? */
static bool needs_quotes(at_text s)
{
    const char *end = s.p + s.n, *p;
    for (p = s.p; p < end; p++)
        if ((uint8_t)*p <= ' ' || contains("\",;!?=", *p)) return true;
    return s.n == 0;
}

static bool put_text(at_link *l, const at_type *type, at_text s, bool quoted)
{
    bool rest = is_kind(type, AT_T_TEXT), plain = without_quotes(l->tables);
    const char *p = s.p, *end = p + s.n;
    for (; p < end; p++) {
        char c = *p;
        if (c == '\0' || c == '\r' || c == '\n') return false;
        if (quoted && is_escaped(l->tables, c)) at__put_char(l, l->tables->escape);
        else if (!rest && (c == '"' ? quoted || !plain : c == ',' && !quoted)) return false;
        at__put_char(l, c);
    }
    return in_length(l->tables, type, s.n);
}

/* ---- all of them ---- */

bool at__value_read(const at_tables *t, const at_type *type, at_text s, void *field)
{
    at_text raw = s;
    bool quoted = strip_quotes(t, type, &s);
    int32_t num = 0;
    bool ok;
    if (!has_flag(type, AT_F_EITHER) && !is_kind(type, AT_T_TEXT) &&
        quoted != has_flag(type, AT_F_QUOTED))
        return false;
    if (is_text(type)) {                /* takes broken cells, but no NUL: line[n] is one */
        *(at_text *)field = raw;
        return in_length(t, type, plain_length(t, quoted, s));
    }
    if (is_kind(type, AT_T_IP)) return read_ip(s, (uint8_t *)field);
    if (is_kind(type, AT_T_MAC)) return read_mac(type, s, (uint8_t *)field);
    if (is_kind(type, AT_T_HEX)) {
        ((at_bytes *)field)->p = (const uint8_t *)s.p;
        ((at_bytes *)field)->n = s.n / 2;
        return (s.n & 1) == 0 && in_length(t, type, s.n / 2) && read_octets(s.p, s.n / 2, 2, NULL);
    }
    ok = is_kind(type, AT_T_WORD) ? read_word(t, type, s, &num)
                                  : read_number(type, s, &num) && in_range(t, type, num);
    if (ok) at__value_store(type, num, field);
    return ok;
}

void at__value_finish(const at_tables *t, const at_type *type, void *field)
{
    if (is_text(type)) {
        if (((at_text *)field)->p) finish_text(t, type, (at_text *)field);
    } else if (is_kind(type, AT_T_HEX) && ((at_bytes *)field)->p) {
        at_bytes *bytes = (at_bytes *)field;
        uint8_t *to = (uint8_t *)(uintptr_t)bytes->p;
        read_octets((const char *)to, bytes->n, 2, to);
        to[bytes->n] = 0;
    }
}

static bool same_text(const at_tables *t, const at_type *type, at_text raw, const at_text *field)
{
    bool quoted = strip_quotes(t, type, &raw);
    const char *p = raw.p, *end = p + raw.n;
    size_t i;
    if (plain_length(t, quoted, raw) != field->n) return false;
    for (i = 0; i < field->n; i++)
        if (next_byte(t, quoted, &p, end) != field->p[i]) return false;
    return true;
}

static bool same_hex(const at_bytes *raw, const at_bytes *field)
{
    uint8_t b;
    size_t i;
    if (raw->n != field->n) return false;
    for (i = 0; i < field->n; i++)
        if (!read_octets((const char *)raw->p + 2 * i, 1, 2, &b) || b != field->p[i]) return false;
    return true;
}

bool at__value_is(const at_tables *t, const at_type *type, const void *raw, const void *field)
{
    if (is_text(type)) return same_text(t, type, *(const at_text *)raw, (const at_text *)field);
    if (is_kind(type, AT_T_HEX)) return same_hex((const at_bytes *)raw, (const at_bytes *)field);
    if (is_kind(type, AT_T_IP)) return memcmp(raw, field, 4) == 0;
    if (is_kind(type, AT_T_MAC)) return memcmp(raw, field, 6) == 0;
    return at__value_num(type, raw) == at__value_num(type, field);
}

bool at__value_put(at_link *l, const at_type *type, const void *field)
{
    bool quoted = has_flag(type, AT_F_QUOTED | AT_F_EITHER), ok = true;
    const at_bytes *bytes = (const at_bytes *)field;
    if (is_text(type) && has_flag(type, AT_F_EITHER))
        quoted = needs_quotes(*(const at_text *)field);
    if (quoted) at__put_char(l, '"');
    if (is_text(type)) {
        ok = put_text(l, type, *(const at_text *)field, quoted);
    } else if (is_kind(type, AT_T_IP)) {
        put_ip(l, (const uint8_t *)field);
    } else if (is_kind(type, AT_T_MAC)) {
        put_octets(l, type, (const uint8_t *)field, 6);
    } else if (is_kind(type, AT_T_HEX)) {
        put_octets(l, type, bytes->p, bytes->n);
        ok = in_length(l->tables, type, bytes->n);
    } else {
        ok = put_num(l, type, at__value_num(type, field));
    }
    if (quoted) at__put_char(l, '"');
    return ok;
}
