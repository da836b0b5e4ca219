/* Prints a stream made from a spec, for measurements (feed.c): stream DIALECT commands N: N command lines of its examples;
 * stream DIALECT urcs: each URC that carries no data, with the least, the most and random values.
 * SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dialects.h"
#include "exchange.h"
#include "sample.h"

enum { BUFFER = 8192, LINES_MAX = 1 << 14 };

typedef struct stream { char *bytes[LINES_MAX]; size_t n[LINES_MAX]; unsigned count; } stream;

static uint32_t still(void *ctx)
{
    (void)ctx;
    return 0;
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
            if (strncmp(step.bytes, "ATE", 3) == 0) continue;   /* else all that follows is echoed */
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

static void print_commands(const at_names *names, unsigned long lines)
{
    static stream s;
    collect_commands(names, &s);
    for (unsigned long i = 0; s.count > 0 && i < lines; i++) fwrite(s.bytes[i % s.count], 1, s.n[i % s.count], stdout);
}

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
static void say_urcs(const at_names *names, said *out)
{
    static sample values;
    static char buffer[BUFFER], urc[1 << 14];
    static at_module module;
    static at_cell cells[AT_CELLS_MAX];
    const at_port port = { note, still, NULL, NULL, out };
    void *fields = calloc(1, names->module_fields + 1u);
    int32_t *settings = calloc(names->module->tables->t.n_settings + 1u, sizeof *settings);
    if (!fields || !settings ||
        at_module_init(&module, names->module, &port, buffer, sizeof buffer, fields, settings, cells, NULL) != AT_OK) abort();
    for (unsigned i = 0; i < names->n_urcs; i++)
        for (sample_pick pick = 0; pick < PICKS; pick++) {
            pattern line = pattern_of(&names->module->tables->t, names->urc_lines[i]);
            if (line.rest->data != AT_NONE) continue;
            memset(urc, 0, sizeof urc);
            values.n = 0;
            sample_fill(&values, &line, pattern_longest(&line), pick, urc, NULL);
            if (at_module_urc(&module, names->urc_lines[i], urc) != AT_OK) continue;
            at_poll(&module.link);
        }
}

static void print_urcs(const at_names *names)
{
    static char text[1 << 20];
    said out = { text, 0, sizeof text };
    say_urcs(names, &out);
    fwrite(out.bytes, 1, out.n, stdout);
}

int main(int argc, char **argv)
{
    int status = 2;
    const at_names *names = argc > 2 ? dialects_find("stream", argv[1], &status) : NULL;
    if (!names) return status;
    if (strcmp(argv[2], "commands") == 0 && argc == 4) print_commands(names, strtoul(argv[3], NULL, 10));
    else if (strcmp(argv[2], "urcs") == 0 && argc == 3) print_urcs(names);
    else return 2;
    return 0;
}
