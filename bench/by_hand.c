/* What one would write by hand, as a measure: a command table that is searched with strcmp, or a hash of the name, and
 * behind either a scanner that cuts the arguments into numbers and quoted strings. It does less than generated code does: no
 * ranges, no optional arguments, no variants. `by_hand table|hash LINES N`.
 * SPDX-License-Identifier: MIT */
#include <stdbool.h>

#include "lines.h"

enum { NAMES_MAX = 4096, ARGS_MAX = 24, SLOTS = 1 << 13 };

typedef struct value { bool is_text; long number; const char *text; size_t n; } value;
typedef struct command { const char *name; bool (*handle)(const value *, unsigned n); } command;

static command table[NAMES_MAX];
static unsigned n_commands;
static unsigned short slots[SLOTS];     /* 1 + command */
static unsigned long handled;
static char answer[64];

static bool refuse(const value *v, unsigned n)
{
    (void)v;
    (void)n;
    handled++;
    return false;
}

static unsigned hash(const char *name)
{
    unsigned h = 5381;
    for (; *name; name++) h = h * 33 ^ (unsigned char)*name;
    return h;
}

static const command *find_in_table(const char *name)
{
    for (unsigned i = 0; i < n_commands; i++)
        if (strcmp(table[i].name, name) == 0) return &table[i];
    return NULL;
}

static const command *find_by_hash(const char *name)
{
    for (unsigned i = hash(name) % SLOTS; slots[i]; i = (i + 1) % SLOTS)
        if (strcmp(table[slots[i] - 1].name, name) == 0) return &table[slots[i] - 1];
    return NULL;
}

static char *scan_text(char *p, value *v)
{
    char *to = p;
    v->is_text = true;
    v->text = p;
    while (*p && *p != '"') {
        if (*p == '\\' && p[1]) p++;
        *to++ = *p++;
    }
    v->n = (size_t)(to - v->text);
    return *p == '"' ? p + 1 : NULL;
}

static int scan(char *p, value *v)
{
    int n = 0;
    while (n < ARGS_MAX) {
        if (*p == '"') {
            p = scan_text(p + 1, &v[n]);
            if (!p) return -1;
        } else {
            char *end;
            v[n].is_text = false;
            v[n].number = strtol(p, &end, 10);
            if (end == p) return -1;
            p = end;
        }
        n++;
        if (*p != ',') return *p == '\0' ? n : -1;
        p++;
    }
    return -1;
}

static void take(char *line, const command *(*find)(const char *))
{
    value v[ARGS_MAX];
    size_t n = strlen(line), name_n = lines_name(line);
    int args = 0;
    bool ok = false;
    while (n > 0 && (line[n - 1] == '\r' || line[n - 1] == '\n')) line[--n] = '\0';
    if (n >= 2 && line[0] == 'A' && line[1] == 'T') {
        char op = line[2 + name_n];
        const command *c;
        line[2 + name_n] = '\0';
        c = find(line + 2);
        if (op == '=') args = scan(line + 3 + name_n, v);
        ok = c && args >= 0 && c->handle(v, (unsigned)args);
    }
    strcpy(answer, ok ? "\r\nOK\r\n" : "\r\nERROR\r\n");
}

int main(int argc, char **argv)
{
    static lines in;
    static const char *names[NAMES_MAX];
    char line[LINE_MAX_BYTES];
    if (argc != 4) return 2;
    lines_read(&in, argv[2]);
    n_commands = lines_names(&in, names, NAMES_MAX);
    for (unsigned i = 0; i < n_commands; i++) {
        unsigned k = hash(names[i]) % SLOTS;
        while (slots[k]) k = (k + 1) % SLOTS;
        slots[k] = (unsigned short)(i + 1);
        table[i] = (command){ names[i], refuse };
    }
    for (unsigned long i = 0, n = strtoul(argv[3], NULL, 10); i < n; i++)
        take(strcpy(line, in.text[i % in.n]), argv[1][0] == 't' ? find_in_table : find_by_hash);
    printf("%lu handled of %s lines, the last answer has %zu bytes\n", handled, argv[3], strlen(answer));
    return 0;
}
