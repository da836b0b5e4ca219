/* Reader and writer of the exchange notation, a line at a time.
 * SPDX-License-Identifier: MIT */
#include "exchange.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

struct exchange {
    FILE *file;
    char *text;
    size_t size; /* the line, decoded in place */
    unsigned line;
    bool open; /* steps have come since the last end */
    char error[96];
};

exchange *exchange_new(FILE *file)
{
    exchange *x = calloc(1, sizeof *x);
    if (x) x->file = file;
    return x;
}

void exchange_free(exchange *x)
{
    if (x) free(x->text);
    free(x);
}

const char *exchange_error(const exchange *x)
{
    return x->error;
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9') return c - '0';
    c = (char)(c | 0x20);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* One escape at p (behind the backslash); the byte, or -1. *used: characters it took. */
static int escape(const char *p, size_t left, size_t *used)
{
    *used = 1;
    if (left == 0) return -1;
    switch (*p) {
    case 'r':
        return '\r';
    case 'n':
        return '\n';
    case '\\':
        return '\\';
    case 'x':
        *used = 3;
        if (left < 3 || hex_digit(p[1]) < 0 || hex_digit(p[2]) < 0) return -1;
        return hex_digit(p[1]) * 16 + hex_digit(p[2]);
    default:
        return -1;
    }
}

/* *fault: where an escape is none. */
static bool unescape(char *p, size_t n, size_t *length, size_t *fault)
{
    size_t out = 0;
    for (size_t i = 0; i < n; i++) {
        if (p[i] != '\\') {
            p[out++] = p[i];
            continue;
        }
        size_t used;
        int c = escape(p + i + 1, n - i - 1, &used);
        *fault = i;
        if (c < 0) return false;
        p[out++] = (char)c;
        i += used;
    }
    *length = out;
    return true;
}

size_t exchange_unescape(char *bytes, size_t n)
{
    size_t length, fault;
    return unescape(bytes, n, &length, &fault) ? length : SIZE_MAX;
}

static bool decode(exchange *x, char *p, size_t n, size_t *length)
{
    size_t fault;
    if (unescape(p, n, length, &fault)) return true;
    snprintf(x->error, sizeof x->error, "line %u, column %zu: the escapes are \\r \\n \\\\ \\xNN",
             x->line, fault + 3);
    return false;
}

static int end_of_exchange(exchange *x, exchange_step *step)
{
    x->open = false;
    *step = (exchange_step){0, NULL, 0, x->line};
    return 1;
}

int exchange_next(exchange *x, exchange_step *step)
{
    for (;;) {
        ssize_t n = getline(&x->text, &x->size, x->file);
        if (n < 0) return x->open ? end_of_exchange(x, step) : 0;
        x->line++;
        while (n > 0 && (x->text[n - 1] == '\n' || x->text[n - 1] == '\r'))
            n--;
        if (n == 0 && x->open) return end_of_exchange(x, step);
        if (n == 0 || x->text[0] == '#') continue;
        if ((x->text[0] != '>' && x->text[0] != '<') || (n > 1 && x->text[1] != ' ')) {
            snprintf(x->error, sizeof x->error, "line %u: begins with neither `> `, `< ` nor `#`",
                     x->line);
            return -1;
        }
        size_t skip = n > 1 ? 2 : 1;
        step->direction = x->text[0];
        step->bytes = x->text + skip;
        step->line = x->line;
        x->open = true;
        return decode(x, step->bytes, (size_t)n - skip, &step->n) ? 1 : -1;
    }
}

void exchange_write(FILE *out, const char *bytes, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        unsigned char c = (unsigned char)bytes[i];
        if (c == '\r')
            fputs("\\r", out);
        else if (c == '\n')
            fputs("\\n", out);
        else if (c == '\\')
            fputs("\\\\", out);
        else if (c < 0x20 || c >= 0x7f)
            fprintf(out, "\\x%02x", c);
        else
            putc(c, out);
    }
}
