/* One value of a line, both ways: see at_value.h.
 * SPDX-License-Identifier: 0BSD */
#include "at_value.h"

#include <string.h>

/* Kinds and flags of the dialect's types, in lines that are read and in those that are written: what
 * there is not costs nothing. */
enum {
    ALWAYS = 1 << AT_T_INT | 1 << AT_T_ENUM | 1 << AT_T_STRING,
    READ = ALWAYS | AT_WITH_WORDS_IN << AT_T_WORD | AT_WITH_TEXT << AT_T_TEXT |
           AT_WITH_IP_IN << AT_T_IP | AT_WITH_MAC_IN << AT_T_MAC | AT_WITH_BYTES_IN << AT_T_HEX,
    WRITTEN = ALWAYS | AT_WITH_WORDS_OUT << AT_T_WORD | 1 << AT_T_TEXT | AT_WITH_IP_OUT << AT_T_IP |
              AT_WITH_MAC_OUT << AT_T_MAC | AT_WITH_BYTES_OUT << AT_T_HEX,
    HEXADECIMAL = AT_WITH_HEX || AT_WITH_MAC_IN || AT_WITH_MAC_OUT || AT_WITH_BYTES_IN ||
                  AT_WITH_BYTES_OUT,
    FLAGS = AT_F_QUOTED | AT_F_EITHER | AT_F_UPPER |
            (AT_WITH_SIGNED_IN || AT_WITH_SIGNED_OUT ? AT_F_SIGNED : 0) |
            (HEXADECIMAL ? AT_F_HEX : 0) | (AT_WITH_RANGES ? AT_F_RANGES : 0)
};

static bool is_kind(const at_type *type, unsigned kind, unsigned kinds)
{
    return (kinds >> kind & 1) && type->kind == kind;
}

static bool is_text(const at_type *type)
{
    return type->kind - (unsigned)AT_T_STRING <= AT_T_TEXT - AT_T_STRING;
}

static bool is_address(const at_type *type, unsigned kinds)
{
    return kinds >> AT_T_IP != 0 && type->kind >= AT_T_IP;
}

static bool has(const at_type *type, unsigned flag)
{
    return (type->flags & flag & FLAGS) != 0;
}

/* Distances, so that the sign does not matter. */
static bool is_between(uint32_t v, int32_t from, int32_t to)
{
    return v - (uint32_t)from <= (uint32_t)to - (uint32_t)from;
}

bool at__value_allows(const at_tables *t, const at_type *type, uint32_t v)
{
    const int32_t *from = t->values + type->min, *to = t->values + type->max;
    unsigned n = 1;
    if (has(type, AT_F_RANGES)) {
        n = type->max;
        to = from + 1;
    }
    for (; n > 0; n--, from += 2, to += 2)
        if (is_between(v, *from, *to)) return true;
    return false;
}

static bool is_length(const at_tables *t, const at_type *type, size_t n)
{
    return n <= INT32_MAX && at__value_allows(t, type, (uint32_t)n);
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
    unsigned size = at_size(type);
    bool is_signed = has(type, AT_F_SIGNED);
    if (size == 1) return is_signed ? *(const int8_t *)field : *(const uint8_t *)field;
    if (size == 2) return is_signed ? *(const int16_t *)field : *(const uint16_t *)field;
    return *(const int32_t *)field;
}

void at__value_store(const at_type *type, int32_t num, void *field)
{
    unsigned size = at_size(type);
    if (size == 1) *(uint8_t *)field = (uint8_t)num;
    else if (size == 2) *(uint16_t *)field = (uint16_t)num;
    else *(int32_t *)field = num;
}

static unsigned digit(char c)           /* 0..15; 256: none */
{
    unsigned d = (uint8_t)c - (unsigned)'0';
    if (d <= 9) return d;
    d = ((uint8_t)c | 0x20u) - (unsigned)'a';
    return d <= 5 ? d + 10 : 256;
}

/* Where the digits from `p` on end: before a sign that is none, or what 32 bits cannot hold. */
static const char *read_digits(const at_type *type, const char *p, const char *end, uint32_t *out)
{
    bool hex = has(type, AT_F_HEX);
    uint32_t base = hex ? 16 : 10, v = 0;
    uint32_t most = AT_WITH_HEX && hex ? UINT32_MAX / 16 : UINT32_MAX / 10;
    for (; p < end && v <= most; p++) {
        unsigned d = digit(*p);
        if (d >= base) break;
        v = v * base + d;
        if (v < d) break;
    }
    *out = v;
    return p;
}

static bool read_number(const at_type *type, at_text s, int32_t *out)
{
    const char *p = s.p, *end = p + s.n;
    uint32_t v, most = UINT32_MAX;
    bool minus = false;
    if (AT_WITH_SIGNED_IN && has(type, AT_F_SIGNED)) {
        minus = *p == '-';
        most = (uint32_t)INT32_MAX + minus;
        if (minus || *p == '+') p++;
    }
    if (p == end || read_digits(type, p, end, &v) != end || v > most) return false;
    *out = (int32_t)(minus ? 0 - v : v);
    return true;
}

bool at__value_is_word(const at_tables *t, unsigned word, at_text s)
{
    const char *text = t->text + t->words[word];
    return strlen(text) == s.n && memcmp(text, s.p, s.n) == 0;
}

static bool read_word(const at_tables *t, const at_type *type, at_text s, int32_t *out)
{
    for (*out = 0; *out < type->max; ++*out)
        if (at__value_is_word(t, (unsigned)(type->min + *out), s)) return true;
    return false;
}

/* A tenth of it, rounded down, without a division, which the smallest cores do not have. */
static uint32_t tenth(uint32_t v)
{
    uint32_t q = (v >> 1) + (v >> 2);
    q += q >> 4;
    q += q >> 8;
    q += q >> 16;
    q >>= 3;                            /* or one less */
    return q + ((v - 10 * q + 6) >> 4);
}

/* At least so many digits. */
static void put_digits(at_link *l, const at_type *type, uint32_t v, int least)
{
    char text[10], *end = text + sizeof text, *p = end;
    bool hex = has(type, AT_F_HEX);
    do {
        uint32_t rest = hex ? v >> 4 : tenth(v);
        unsigned c = '0' + v - rest * (hex ? 16 : 10);
        if (c > '9') c += has(type, AT_F_UPPER) ? 'A' - '9' - 1u : 'a' - '9' - 1u;
        *--p = (char)c;
        v = rest;
    } while (--least > 0 || v != 0);
    at__put(l, p, (size_t)(end - p));
}

static bool put_num(at_link *l, const at_type *type, int32_t num)
{
    uint32_t v = (uint32_t)num;
    if (is_kind(type, AT_T_WORD, WRITTEN)) {
        if (v >= type->max) return false;
        at__put_text(l, at__tables(l)->words[type->min + v]);
        return true;
    }
    if (!at__value_allows(at__tables(l), type, v)) return false;
    if (AT_WITH_SIGNED_OUT && has(type, AT_F_SIGNED) && num < 0) {
        at__put_char(l, '-');
        v = 0 - v;
    }
    put_digits(l, type, v, AT_WITH_DIGITS ? type->digits : 0);
    return true;
}

/* ---- addresses and octets ---- */

/* Signs between them, if there are any. */
static bool is_separated(const at_type *type)
{
    return !AT_WITH_PACKED || (type->kind != AT_T_HEX && type->max != 0);
}

/* Decimal numbers, or two hexadecimal digits each, with a separator in between or none. `to` may be
 * where the digits stand, or NULL. */
static bool read_octets(const at_type *type, at_text s, uint8_t *to)
{
    const char *p = s.p, *end = p + s.n;
    bool hex = has(type, AT_F_HEX);
    size_t width = is_separated(type) ? 3 : 2, n = type->min;
    if (is_kind(type, AT_T_HEX, READ)) n = s.n / 2;
    for (; n > 0; n--) {
        const char *from = p;
        uint32_t v;
        p = read_digits(type, p, (size_t)(end - p) > width ? p + width : end, &v);
        if (p == from || (hex && p != from + 2) || v > 255) return false;
        if (!AT_WITH_BYTES_IN || to) *to++ = (uint8_t)v;
        if (n > 1 && is_separated(type) && (p == end || *p++ != (char)type->max)) return false;
    }
    return p == end;
}

static void put_octets(at_link *l, const at_type *type, const uint8_t *p, size_t n)
{
    for (; n > 0; n--) {
        put_digits(l, type, *p++, has(type, AT_F_HEX) ? 2 : 0);
        if (n > 1 && is_separated(type)) at__put_char(l, (char)type->max);
    }
}

/* ---- text ---- */

static bool without_quotes(const at_tables *t)
{
    return AT_WITH_NO_QUOTES && (t->flags & AT_D_NO_QUOTES);
}

/* Where quotes are signs like any other only a type that is written in them has them. */
bool at__value_unquote(const at_tables *t, const at_type *type, at_text *s)
{
    bool quoted = !is_kind(type, AT_T_TEXT, READ) && s->n > 1 && s->p[0] == '"' &&
                  s->p[s->n - 1] == '"' &&
                  (!without_quotes(t) || has(type, AT_F_QUOTED | AT_F_EITHER));
    if (quoted) {
        s->p++;
        s->n -= 2;
    }
    return quoted;
}

static bool is_escaped(const at_tables *t, char c)
{
    return AT_WITH_ESCAPES && contains(t->text + t->escaped, c);
}

/* Where the byte stands that `p` means: behind it when it is an escape sign before one of those
 * that need it. */
static const char *meant(const at_tables *t, bool quoted, const char *p, const char *end)
{
    if (AT_WITH_ESCAPES && *p == t->escape && quoted && end - p > 1 && is_escaped(t, p[1])) p++;
    return p;
}

/* Length of text without escape signs, SIZE_MAX: it holds a NUL; `final`: take them off where it
 * stands. */
static size_t plain_text(const at_tables *t, bool quoted, at_text s, bool final)
{
    const char *p = s.p, *end = p + s.n;
    char *to = (char *)(uintptr_t)s.p;          /* the link's own line */
    for (; p < end; to++, p++) {
        p = meant(t, quoted, p, end);
        if (*p == '\0') return SIZE_MAX;
        if (final) *to = *p;
    }
    if (final) *to = '\0';
    return (size_t)(to - s.p);
}

/* Must text that may be bare be quoted, so that it is read back as it is? */
static bool needs_quotes(at_text s)
{
    const char *end = s.p + s.n, *p;
    for (p = s.p; p < end; p++)
        if ((uint8_t)*p <= ' ' || contains("\",;!?=", *p)) return true;
    return s.n == 0;
}

/* Would it end the text, or the line? */
static bool ends_value(const at_tables *t, const at_type *type, bool quoted, char c)
{
    static const char ends[] = ",\"\r\n";
    unsigned i = !AT_WITH_STRINGS_OUT || type->kind == AT_T_TEXT ? 2 : quoted;
    if (c == '"' && !quoted && without_quotes(t)) return false;
    for (; i < sizeof ends; i++)        /* NUL too */
        if (ends[i] == c) return true;
    return false;
}

/* Would the module read another command behind it? */
static bool is_chain(const at_link *l, char c, bool quoted)
{
    return AT_WITH_CHAIN && !quoted && c == at__tables(l)->chain && l->side->from == '<';
}

static bool put_text(at_link *l, const at_type *type, at_text s, bool quoted)
{
    const at_tables *t = at__tables(l);
    const char *p = s.p, *end = p + s.n;
    for (; p < end; p++) {
        if (AT_WITH_QUOTES_OUT && quoted && is_escaped(t, *p)) at__put_char(l, t->escape);
        else if (ends_value(t, type, quoted, *p) || is_chain(l, *p, quoted)) return false;
        at__put_char(l, *p);
    }
    return is_length(t, type, s.n);
}

/* ---- all of them ---- */

static bool read_bytes(const at_tables *t, const at_type *type, at_text s, bool final,
                       at_bytes *field)
{
    uint8_t *to = final ? (uint8_t *)(uintptr_t)s.p : NULL;     /* the link's own line */
    field->p = (const uint8_t *)s.p;
    field->n = s.n / 2;
    if (!read_octets(type, s, to)) return false;
    if (final) to[field->n] = 0;
    return is_length(t, type, field->n);
}

bool at__value_read(const at_tables *t, const at_type *type, at_text s, bool final, void *field)
{
    at_text raw = s;
    bool quoted = at__value_unquote(t, type, &s);
    int32_t num = 0;
    if (!has(type, AT_F_EITHER) && !is_kind(type, AT_T_TEXT, READ) &&
        quoted != has(type, AT_F_QUOTED))
        return false;
    if (is_text(type)) {          /* takes broken cells, but no NUL: line[n] is one */
        s.n = plain_text(t, quoted, s, final);
        *(at_text *)field = AT_WITH_TIED_TEXT && !final ? raw : s;
        return is_length(t, type, s.n);
    }
    if (is_address(type, READ)) return read_octets(type, s, (uint8_t *)field);
    if (is_kind(type, AT_T_HEX, READ)) return read_bytes(t, type, s, final, (at_bytes *)field);
    if (is_kind(type, AT_T_WORD, READ)) {
        if (!read_word(t, type, s, &num)) return false;
    } else if (!read_number(type, s, &num) || !at__value_allows(t, type, (uint32_t)num)) {
        return false;
    }
    at__value_store(type, num, field);
    return true;
}

static bool same_text(const at_tables *t, const at_type *type, at_text raw, const at_text *field)
{
    bool quoted = at__value_unquote(t, type, &raw);
    const char *p = raw.p, *end = p + raw.n;
    size_t i;
    if (plain_text(t, quoted, raw, false) != field->n) return false;
    for (i = 0; i < field->n; i++, p++) {
        p = meant(t, quoted, p, end);
        if (*p != field->p[i]) return false;
    }
    return true;
}

static bool same_hex(const at_type *type, const at_bytes *raw, const at_bytes *field)
{
    at_text digits = { (const char *)raw->p, 2 };
    uint8_t b;
    size_t i;
    if (raw->n != field->n) return false;
    for (i = 0; i < field->n; i++, digits.p += 2)
        if (!read_octets(type, digits, &b) || b != field->p[i]) return false;
    return true;
}

bool at__value_is(const at_tables *t, const at_type *type, const void *raw, const void *field)
{
    if (!AT_WITH_TIED_TEXT) return at__value_num(type, raw) == at__value_num(type, field);
    if (is_text(type)) return same_text(t, type, *(const at_text *)raw, (const at_text *)field);
    if (is_kind(type, AT_T_HEX, READ))
        return same_hex(type, (const at_bytes *)raw, (const at_bytes *)field);
    if (is_address(type, READ)) return memcmp(raw, field, type->min) == 0;
    return at__value_num(type, raw) == at__value_num(type, field);
}

bool at__value_put(at_link *l, const at_type *type, const void *field, int32_t num)
{
    bool quoted = AT_WITH_QUOTES_OUT && has(type, AT_F_QUOTED | AT_F_EITHER), ok = true;
    const at_bytes *bytes = (const at_bytes *)field;
    if (AT_WITH_BARE && is_text(type) && has(type, AT_F_EITHER))
        quoted = needs_quotes(*(const at_text *)field);
    if (quoted) at__put_char(l, '"');
    if (is_text(type)) {
        ok = put_text(l, type, *(const at_text *)field, quoted);
    } else if (is_address(type, WRITTEN)) {
        put_octets(l, type, (const uint8_t *)field, type->min);
    } else if (is_kind(type, AT_T_HEX, WRITTEN)) {
        put_octets(l, type, bytes->p, bytes->n);
        ok = is_length(at__tables(l), type, bytes->n);
    } else {
        ok = put_num(l, type, field ? at__value_num(type, field) : num);
    }
    if (quoted) at__put_char(l, '"');
    return ok;
}
