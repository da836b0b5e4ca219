/* How libFuzzer changes spec text so that much of it remains a spec: by words and lines, now and then by bytes; and how it
 * makes one of two, by statements.
 * SPDX-License-Identifier: MIT */
#include <ctype.h>

#include "fuzz.h"

size_t LLVMFuzzerMutate(uint8_t *, size_t n, size_t most);
size_t LLVMFuzzerCustomMutator(uint8_t *, size_t n, size_t most, unsigned seed);
size_t LLVMFuzzerCustomCrossOver(const uint8_t *a, size_t a_n, const uint8_t *b, size_t b_n, uint8_t *to, size_t most,
                                 unsigned seed);

typedef struct span { size_t at, n; } span;
typedef struct text { uint8_t *p; size_t n, most; } text;

/* Numbers at the ends of ranges, names that C, C++ or the language have for itself, signs that end something. */
static const char *const words[] = {
    "0", "1", "2", "7", "8", "31", "32", "33", "63", "64", "65", "127", "128", "254", "255", "256", "257", "32767", "32768",
    "65535", "65536", "2147483647", "2147483648", "-2147483648", "-1", "-128", "4294967295", "4294967296",
    "int", "string", "enum", "text", "hex", "bytes", "flags", "bool", "ip", "mac", "body", "data", "to", "from", "module",
    "later", "until", "escape", "cancel", "within", "s", "ms", "when", "has", "is", "in", "like", "kept", "saved", "as",
    "lower", "upper", "bare", "quoted", "either", "none", "any", "case", "blank", "silence", "only", "exec", "read", "test",
    "set", "save", "query", "errors", "transparent", "prompt", "piece", "pause", "alias", "most", "short", "hidden",
    "auto", "class", "register", "static", "union", "this", "template", "and", "not", "xor", "typeof", "NULL", "EOF", "errno",
    "n", "p", "fields", "outcome", "ctx", "r", "m", "h", "host", "request", "links", "chunk", "status", "reply", "done", "app", "unknown", "init", "events",
    "handlers", "result", "buffer", "class_host", "x_data", "x_set", "sink", "source", "lost", "item", "n_item", "has",
    "\"\"", "\"*/\"", "\"?\?/\"", "\"\\\"\"", "\"\\\\\"", "\"%s%n\"", "\"\\x00\"", "\"\\xff1\"", "\"//\"", "\"{\"", "\"]\"",
    "->", "/", "|", "[", "]", "{0..:", "{1..:", "{", "}", "<", ">", "..", ",", "@", "=", ":", ";", "CR LF", "CR", "\xe2\x80\xa6",
};

static uint64_t state;

static size_t draw(size_t below)
{
    state = state * 6364136223846793005u + 1442695040888963407u;
    return below ? (size_t)(state >> 33) % below : 0;
}

/* ---- places ---- */
static bool is_word(int c)
{
    return isalnum(c) || c == '_' || c == '+' || c == '-' || c >= 128;
}

/* The word, string or sign around or behind a byte. */
static span word_at(const uint8_t *p, size_t n, size_t at)
{
    while (at > 0 && is_word(p[at]) && is_word(p[at - 1])) at--;
    while (at < n && isspace(p[at])) at++;
    size_t end = at;
    if (at < n && p[at] == '"')
        for (end++; end < n && p[end] != '"' && p[end] != '\n'; end++)
            if (p[end] == '\\' && end + 1 < n) end++;
    if (end < n && !is_word(p[end])) end++;
    while (end < n && p[at] != '"' && is_word(p[at]) && is_word(p[end])) end++;
    return (span){ at, end - at };
}

static span line_at(const uint8_t *p, size_t n, size_t at)
{
    while (at > 0 && p[at - 1] != '\n') at--;
    size_t end = at;
    while (end < n && p[end] != '\n') end++;
    return (span){ at, (end < n ? end + 1 : end) - at };
}

/* From a line in the first column to the next one. */
static span statement_at(const uint8_t *p, size_t n, size_t at)
{
    span line = line_at(p, n, at);
    while (line.at > 0 && (isspace(p[line.at]) || p[line.at] == '}')) line = line_at(p, n, line.at - 1);
    size_t end = line.at + line.n;
    while (end < n && (isspace(p[end]) || p[end] == '}')) end += line_at(p, n, end).n;
    return (span){ line.at, end - line.at };
}

/* ---- changes; they are left out where there is no room ---- */
static void put(text *t, span where, const void *bytes, size_t n)
{
    if (t->n - where.n + n > t->most) return;
    memmove(t->p + where.at + n, t->p + where.at + where.n, t->n - where.at - where.n);
    memcpy(t->p + where.at, bytes, n);
    t->n = t->n - where.n + n;
}

/* Of the text itself: `from` and `where` may overlap. */
static void copy(text *t, span where, span from)
{
    uint8_t *bytes = malloc(from.n + 1);
    if (!bytes) abort();
    memcpy(bytes, t->p + from.at, from.n);
    put(t, where, bytes, from.n);
    free(bytes);
}

static void put_word(text *t, span where)
{
    const char *word = words[draw(sizeof words / sizeof *words)];
    put(t, where, word, strlen(word));
}

/* A name becomes another one wherever it stands. */
static void rename_word(text *t, span old)
{
    char name[40];
    const char *word = words[draw(sizeof words / sizeof *words)];
    if (old.n >= sizeof name || !is_word(t->p[old.at])) return;
    memcpy(name, t->p + old.at, old.n);
    for (size_t at = 0; at + old.n <= t->n; at++) {
        bool alone = (at == 0 || !is_word(t->p[at - 1])) && (at + old.n == t->n || !is_word(t->p[at + old.n]));
        if (!alone || memcmp(t->p + at, name, old.n) != 0) continue;
        put(t, (span){ at, old.n }, word, strlen(word));
        at += strlen(word);
    }
}

static void change(text *t)
{
    span word = word_at(t->p, t->n, draw(t->n)), line = line_at(t->p, t->n, draw(t->n));
    switch (draw(9)) {
    case 0: put_word(t, word); break;
    case 1: put_word(t, (span){ word.at, 0 }); break;
    case 2: copy(t, word, word_at(t->p, t->n, draw(t->n))); break;
    case 3: copy(t, (span){ word.at, 0 }, word_at(t->p, t->n, draw(t->n))); break;
    case 4: put(t, word, "", 0); break;
    case 5: copy(t, (span){ line.at, 0 }, line_at(t->p, t->n, draw(t->n))); break;
    case 6: put(t, line, "", 0); break;
    case 7: rename_word(t, word); break;
    default: copy(t, line, line_at(t->p, t->n, draw(t->n)));
    }
}

size_t LLVMFuzzerCustomMutator(uint8_t *p, size_t n, size_t most, unsigned seed)
{
    text t = { p, n, most };
    state = seed;
    if (n == 0 || draw(8) == 0) return LLVMFuzzerMutate(p, n, most);
    for (size_t changes = 1 + draw(3); changes > 0 && t.n > 0; changes--) change(&t);
    return t.n;
}

/* `a` with a statement of `b` before one of its own, or in place of it. */
size_t LLVMFuzzerCustomCrossOver(const uint8_t *a, size_t a_n, const uint8_t *b, size_t b_n, uint8_t *to, size_t most,
                                 unsigned seed)
{
    state = seed;
    if (a_n > most) a_n = most;
    memcpy(to, a, a_n);
    text t = { to, a_n, most };
    span where = statement_at(a, a_n, draw(a_n)), from = statement_at(b, b_n, draw(b_n));
    if (draw(2) == 0) where.n = 0;
    put(&t, where, b + from.at, from.n);
    return t.n;
}
