/* atdump: decodes a capture of an AT link into events, with the parsers generated from the dialect's spec.
 * SPDX-License-Identifier: MIT */
#include <popt.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dialects.h"
#include "event.h"
#include "exchange.h"

enum { EXIT_BAD_INPUT = 1, EXIT_USAGE = 2 };

typedef struct options {
    const char *dialect, *path, *from;
    bool as_text, with_data;
    int chunk, seed;
} options;

typedef struct dump {
    const at_names *names;
    decode *decode;
    const options *options;
    bool bad;                   /* something was rejected or unknown */
} dump;

static void show(void *ctx, char from, const at_event *e)
{
    dump *d = ctx;
    if (e->saw == AT_SAW_REJECTED || e->saw == AT_SAW_UNKNOWN) d->bad = true;
    at_event shown = *e;
    if (e->saw == AT_SAW_DATA && !d->options->with_data) shown.text = NULL;
    (d->options->as_text ? event_text : event_json)(stdout, d->decode, d->names, from, &shown);
}

static bool dump_exchanges(dump *d, FILE *in, const char *name)
{
    exchange *x = exchange_new(in);
    exchange_step step;
    int more;
    while ((more = exchange_next(x, &step)) > 0) {
        if (step.direction) decode_feed(d->decode, step.direction, step.bytes, step.n);
        else decode_break(d->decode);
    }
    if (more < 0) fprintf(stderr, "atdump: %s: %s\n", name, exchange_error(x));
    exchange_free(x);
    return more == 0;
}

static bool dump_raw(dump *d, FILE *in, char direction)
{
    char bytes[4096];
    size_t n;
    while ((n = fread(bytes, 1, sizeof bytes, in)) > 0) decode_feed(d->decode, direction, bytes, n);
    return true;
}

static int run(const options *o)
{
    int status;
    dump d = { dialects_find("atdump", o->dialect, &status), NULL, o, false };
    if (!d.names) return status;
    bool is_stdin = !o->path || strcmp(o->path, "-") == 0;
    FILE *in = is_stdin ? stdin : fopen(o->path, "rb");
    if (!in) {
        perror(o->path);
        return EXIT_BAD_INPUT;
    }
    d.decode = decode_new(d.names, show, &d);
    decode_cut(d.decode, (uint32_t)o->chunk, (uint32_t)o->seed);
    bool read = o->from ? dump_raw(&d, in, strcmp(o->from, "host") == 0 ? '>' : '<')
                        : dump_exchanges(&d, in, is_stdin ? "standard input" : o->path);
    decode_break(d.decode);
    decode_free(d.decode);
    if (!is_stdin) fclose(in);
    if (fflush(stdout) != 0) perror("atdump");
    return read && !d.bad ? EXIT_SUCCESS : EXIT_BAD_INPUT;
}

int main(int argc, const char **argv)
{
    char *from = NULL, *format = NULL;
    int version = 0, data = 0, chunk = 0, seed = 1;
    struct poptOption table[] = {
        { "from", 0, POPT_ARG_STRING, &from, 0, "the input is raw bytes of one side, not the exchange notation", "host|module" },
        { "format", 0, POPT_ARG_STRING, &format, 0, "one JSON object a line (default), or text for people", "json|text" },
        { "data", 0, POPT_ARG_NONE, &data, 0, "show the bytes of data too", NULL },
        { "chunk", 0, POPT_ARG_INT, &chunk, 0, "feed the parsers pieces of at most so many bytes", "BYTES" },
        { "seed", 0, POPT_ARG_INT, &seed, 0, "how --chunk cuts", "NUMBER" },
        { "version", 0, POPT_ARG_NONE, &version, 0, "print the version", NULL },
        POPT_AUTOHELP
        POPT_TABLEEND
    };
    poptContext popt = poptGetContext("atdump", argc, argv, table, 0);
    poptSetOtherOptionHelp(popt, "[OPTION...] DIALECT [FILE]");
    int rc = poptGetNextOpt(popt), status = EXIT_USAGE;
    const char *dialect = rc == -1 ? poptGetArg(popt) : NULL;
    const char *path = dialect ? poptGetArg(popt) : NULL;
    const options o = { dialect, path, from, format && strcmp(format, "text") == 0, data, chunk, seed };
    bool bad_from = from && strcmp(from, "host") != 0 && strcmp(from, "module") != 0;
    bool bad_format = format && strcmp(format, "json") != 0 && strcmp(format, "text") != 0;
    if (version) {
        puts("atdump " PACKAGE_VERSION);
        status = EXIT_SUCCESS;
    } else if (rc < -1) {
        fprintf(stderr, "atdump: %s: %s\n", poptBadOption(popt, 0), poptStrerror(rc));
    } else if (!dialect || poptPeekArg(popt) || bad_from || bad_format || chunk < 0) {
        poptPrintUsage(popt, stderr, 0);
    } else {
        status = run(&o);
    }
    free(from);
    free(format);
    poptFreeContext(popt);
    return status;
}
