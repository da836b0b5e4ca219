/* Feeds one side of a dialect a stream made from the examples of its spec, so that callgrind can count instructions:
 * stream DIALECT commands|data|urcs N: N command lines, blocks of data, or times each URC with three sets of values.
 * Prints the lines and bytes it fed. `stream DIALECT print N` prints the first N command lines.
 * SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dialects.h"
#include "exchange.h"
#include "sample.h"

enum { BUFFER = 8192, LINES_MAX = 1 << 14 };

typedef struct stream { char *bytes[LINES_MAX]; size_t n[LINES_MAX]; unsigned count; } stream;

static size_t drop(void *ctx, const uint8_t *p, size_t n)
{
    (void)ctx;
    (void)p;
    return n;
}

static uint32_t still(void *ctx)
{
    (void)ctx;
    return 0;
}

static at_status accept_any(at_module *m, unsigned form, const void *fields, void *ctx)
{
    (void)m;
    (void)form;
    (void)fields;
    ++*(unsigned long *)ctx;
    return AT_REFUSED;          /* an error result ends any form, also those with a data phase */
}

static size_t take_data(at_module *m, unsigned form, const at_chunk *c, void *ctx)
{
    (void)m;
    (void)form;
    (void)ctx;
    return c->n;
}

/* The command lines of all examples. */
static void collect_commands(const at_names *names, stream *s)
{
    for (unsigned i = 0; i < names->n_examples; i++) {
        FILE *f = fmemopen((void *)(uintptr_t)names->examples[i].text, strlen(names->examples[i].text), "r");
        exchange *x = exchange_new(f);
        exchange_step step;
        while (exchange_next(x, &step) > 0) {
            if (step.direction != '>' || strncmp(step.bytes, "AT", 2) != 0 || s->count == LINES_MAX) continue;
            char *line = malloc(step.n + 2);
            if (!line) abort();
            memcpy(line, step.bytes, step.n);
            memcpy(line + step.n, "\r\n", 2);     /* examples in specs leave the framing out */
            s->bytes[s->count] = line;
            s->n[s->count++] = step.n + 2;
        }
        exchange_free(x);
        fclose(f);
    }
}

static void feed_all(at_link *link, const char *p, size_t n)
{
    while (n > 0) {
        size_t took = at_feed(link, (const uint8_t *)p, n);
        at_poll(link);
        p += took;
        n -= took;
        if (took == 0) return;
    }
}

static void run_commands(const at_names *names, unsigned long lines)
{
    static stream s;
    static char buffer[BUFFER];
    static at_module module;
    static at_cell cells[AT_CELLS_MAX];
    const at_port port = { drop, still, NULL, NULL, NULL };
    unsigned long handled = 0;
    const at_module_hook hook = { accept_any, take_data, &handled };
    at_module_class klass = *names->module;
    klass.sent = NULL;
    void *fields = calloc(1, names->module_fields + 1u);
    int32_t *settings = calloc(names->module->tables->t.n_settings + 1u, sizeof *settings);
    unsigned long bytes = 0;
    collect_commands(names, &s);
    if (!fields || !settings || s.count == 0 ||
        at_module_init(&module, &klass, &port, buffer, sizeof buffer, fields, settings, cells, NULL) != AT_OK) abort();
    module.hook = &hook;
    for (unsigned long i = 0; i < lines; i++) {
        feed_all(&module.link, s.bytes[i % s.count], s.n[i % s.count]);
        bytes += s.n[i % s.count];
    }
    printf("%lu lines %lu bytes %lu handled\n", lines, bytes, handled);
}

static void print_commands(const at_names *names, unsigned long lines)
{
    static stream s;
    collect_commands(names, &s);
    for (unsigned i = 0; i < s.count && i < lines; i++) fwrite(s.bytes[i], 1, s.n[i], stdout);
}

/* ---- host ---- */
typedef struct said { char *bytes; size_t n, size; } said;

static size_t note(void *ctx, const uint8_t *p, size_t n)
{
    said *s = ctx;
    if (n > s->size - s->n) n = s->size - s->n;
    memcpy(s->bytes + s->n, p, n);
    s->n += n;
    return n;
}

/* Lets the module say each URC that carries no data, with the least, the most and random values. */
static unsigned long say_urcs(const at_names *names, said *out)
{
    static sample values;
    static char buffer[BUFFER], urc[1 << 14];
    static at_module module;
    static at_cell cells[AT_CELLS_MAX];
    const at_port port = { note, still, NULL, NULL, out };
    void *fields = calloc(1, names->module_fields + 1u);
    int32_t *settings = calloc(names->module->tables->t.n_settings + 1u, sizeof *settings);
    unsigned long lines = 0;
    if (!fields || !settings ||
        at_module_init(&module, names->module, &port, buffer, sizeof buffer, fields, settings, cells, NULL) != AT_OK) abort();
    for (unsigned i = 0; i < names->n_urcs; i++)
        for (sample_pick pick = 0; pick < PICKS; pick++) {
            pattern line = pattern_of(&names->module->tables->t, names->urc_lines[i]);
            if (line.rest->data != AT_NONE) continue;
            memset(urc, 0, sizeof urc);
            values.n = 0;
            sample_fill(&values, &line, pattern_longest(&line), pick, urc, NULL);
            lines += at_module_urc(&module, names->urc_lines[i], urc) == AT_OK;
            at_poll(&module.link);
        }
    return lines;
}

static void run_host(const at_names *names, const char *text, size_t n, unsigned long lines, unsigned long times)
{
    static char buffer[BUFFER];
    static at_host host;
    static at_cell cells[AT_CELLS_MAX];
    const at_port port = { drop, still, NULL, NULL, NULL };
    const at_host_class klass = { .tables = names->host->tables };
    size_t room = (names->host_result + 31u) / 16u * 16u;
    void *rooms = calloc(AT_RESULTS, room);
    int32_t *settings = calloc(names->host->tables->t.n_settings + 1u, sizeof *settings);
    if (!rooms || !settings ||
        at_host_init(&host, &klass, &port, buffer, sizeof buffer, rooms, room, settings, cells) != AT_OK) abort();
    for (unsigned long i = 0; i < times; i++) feed_all(&host.link, text, n);
    printf("%lu lines %lu bytes\n", times * lines, times * (unsigned long)n);
}

int main(int argc, char **argv)
{
    int status = 2;
    static char text[1 << 20];
    static char data[2048 + 32];
    said out = { text, 0, sizeof text };
    const at_names *names = argc == 4 ? dialects_find("stream", argv[1], &status) : NULL;
    if (!names) return status;
    unsigned long n = strtoul(argv[3], NULL, 10);
    if (strcmp(argv[2], "commands") == 0) run_commands(names, n);
    else if (strcmp(argv[2], "print") == 0) print_commands(names, n);
    else if (strcmp(argv[2], "urcs") == 0) {
        unsigned long lines = say_urcs(names, &out);
        run_host(names, out.bytes, out.n, lines, n);
    } else if (strcmp(argv[2], "data") == 0) {
        size_t head = (size_t)sprintf(data, "+IPD,0,2048:");
        memset(data + head, 'x', 2048);
        run_host(names, data, head + 2048, 1, n);
    } else return 2;
    return 0;
}
