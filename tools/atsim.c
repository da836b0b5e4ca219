/* atsim: a module in software on a byte stream: the generated module side with a world behind it.
 * SPDX-License-Identifier: MIT */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <popt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "cable.h"
#include "dialects.h"
#include "exchange.h"
#include "listen.h"
#include "store.h"
#include "world.h"

enum { EXIT_BAD_INPUT = 1, EXIT_USAGE = 2, EXIT_INTERNAL = 70, SOON_MS = 10 };

typedef struct options {
    char *pty, *tcp, *world; /* NULL: none */
    cable_faults faults;
    bool trace, offline;
} options;

typedef struct sim {
    at_module module;
    at_module_class class; /* the dialect's, without calls into user code */
    world *world;
    int in, out;
    char traced;        /* direction of the line of the trace that is open, 0 none */
    bool ended, broken; /* nothing more comes; nothing can be written */
    bool blocked;       /* the host does not read */
    cable from_host, to_host;
    uint64_t now_us;    /* stands still while input waits: how busy the machine is changes nothing */
} sim;

/* ---- time ---- */
static uint64_t clock_us(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000u + (uint64_t)t.tv_nsec / 1000u;
}

/* The sooner of two waits; -1 is for ever. */
static int sooner(int a, int b)
{
    return b < 0 || (a >= 0 && a < b) ? a : b;
}

/* ---- the port ---- */
static size_t port_write(void *ctx, const uint8_t *p, size_t n)
{
    sim *s = ctx;
    size_t room = cable_room(&s->to_host);
    if (n > room) n = room;
    cable_put(&s->to_host, p, n);
    return n;
}

static uint32_t port_now(void *ctx)
{
    return (uint32_t)(((sim *)ctx)->now_us / 1000u);
}

/* What goes one way stands on one line, until a piece ends with a line end. */
static void port_trace(void *ctx, char direction, at_bytes bytes)
{
    sim *s = ctx;
    if (s->traced != direction) {
        if (s->traced) putc('\n', stderr);
        fprintf(stderr, "%c ", direction);
    }
    exchange_write(stderr, (const char *)bytes.p, bytes.n);
    bool is_line = bytes.p[bytes.n - 1] == '\n';
    if (is_line) putc('\n', stderr);
    s->traced = is_line ? '\0' : direction;
}

/* ---- the loop ---- */
static bool is_later(int error)
{
    return error == EAGAIN || error == EWOULDBLOCK || error == EINTR;
}

static void receive(sim *s)
{
    uint8_t bytes[CABLE_SIZE];
    ssize_t n = read(s->in, bytes, cable_room(&s->from_host));
    if (n > 0)
        cable_put(&s->from_host, bytes, (size_t)n);
    else if (n == 0 || !is_later(errno))
        s->ended = true;
}

static void deliver(sim *s)
{
    size_t n = cable_arrived(&s->to_host, s->now_us);
    ssize_t taken = n == 0 || s->broken ? (ssize_t)n : write(s->out, s->to_host.bytes, n);
    s->blocked = taken < (ssize_t)n;
    if (taken > 0) cable_take(&s->to_host, (size_t)taken);
    if (taken < 0 && !is_later(errno)) s->broken = s->ended = true;
}

/* What has come, up to the end of a line, and of data a byte: a trace shows what is said with what
 * it answers. */
static size_t piece(const sim *s, size_t arrived)
{
    const uint8_t *p = s->from_host.bytes;
    size_t n = 0;
    if (at_module_in_data(&s->module)) return arrived > 0;
    while (n < arrived && p[n] != '\r' && p[n] != '\n')
        n++;
    if (n < arrived && p[n] == '\r') n++;
    if (n < arrived && p[n] == '\n') n++;
    return n;
}

/* Milliseconds until the module wants to be called again; -1: only when something comes. */
static int work(sim *s)
{
    at_link *link = &s->module.link;
    size_t n = piece(s, cable_arrived(&s->from_host, s->now_us));
    size_t taken = n > 0 ? at_feed(link, s->from_host.bytes, n) : 0;
    cable_take(&s->from_host, taken);
    bool waits = world_poll(s->world);
    uint32_t due = at_poll(link);
    deliver(s);
    if (taken > 0 && s->from_host.arrived > 0) return 0;
    if ((waits || s->from_host.arrived > 0 || at_wants_write(link)) && due > SOON_MS) due = SOON_MS;
    int ms = due > INT_MAX ? -1 : (int)due;
    ms = sooner(ms, cable_due(&s->from_host, s->now_us));
    return s->blocked ? ms : sooner(ms, cable_due(&s->to_host, s->now_us));
}

static void wait(sim *s, int ms)
{
    bool full = cable_room(&s->from_host) == 0;
    struct pollfd fds[2] = {{s->ended || full ? -1 : s->in, POLLIN, 0},
                            {s->blocked ? s->out : -1, POLLOUT, 0}};
    if (world_is_online(s->world)) ms = sooner(ms, SOON_MS);
    int ready = poll(fds, 2, 0);
    if (ready == 0 && ms != 0) {
        ready = poll(fds, 2, ms);
        s->now_us = clock_us();
    }
    if (ready > 0 && fds[0].revents != 0) receive(s);
}

/* Until the input has ended and what came before is done. */
static void turn(sim *s)
{
    for (;;) {
        int ms = work(s);
        if (s->ended && ms < 0 && s->to_host.n == 0) return;
        wait(s, ms);
    }
}

/* ---- from options to a module ---- */
/* Keeps the module and all it needs while `turn` runs. */
static int serve(sim *s, const at_names *names, const options *o)
{
    const at_tables *t = &names->module->tables->t;
    const at_port port = {port_write, port_now, NULL, o->trace ? port_trace : NULL, s};
    char *buffer = store_memory(names->module_buffer), *fields = store_memory(names->module_fields);
    int32_t *settings = store_memory(sizeof *settings * (t->n_settings + 1u));
    static at_cell cells[AT_CELLS_MAX];
    s->class = *names->module;
    s->class.sent = NULL;
    s->now_us = clock_us();
    cable_init(&s->from_host, &o->faults, 0);
    cable_init(&s->to_host, &o->faults, 1);
    at_status status = at_module_init(&s->module, &s->class, &port, buffer, names->module_buffer,
                                      fields, settings, cells, NULL);
    world_attach(s->world, &s->module);
    if (status == AT_OK) turn(s);
    if (s->traced) putc('\n', stderr);
    free(settings);
    free(fields);
    free(buffer);
    return status == AT_OK ? EXIT_SUCCESS : EXIT_INTERNAL;
}

/* False: it has been said why. */
static bool open_line(sim *s, const options *o)
{
    s->in = STDIN_FILENO;
    s->out = STDOUT_FILENO;
    if (o->pty || o->tcp) s->in = s->out = o->pty ? listen_pty(o->pty) : listen_tcp(o->tcp);
    if (s->in < 0) fprintf(stderr, "atsim: %s: %s\n", o->pty ? o->pty : o->tcp, strerror(errno));
    return s->in >= 0;
}

static int run(const char *dialect, const options *o)
{
    int status;
    const at_names *names = dialects_find("atsim", dialect, &status);
    if (!names) return status;
    sim *s = store_memory(sizeof *s);
    s->world = world_new(names);
    if (!o->offline) world_go_online(s->world);
    signal(SIGPIPE, SIG_IGN);
    status = EXIT_BAD_INPUT;
    if ((!o->world || world_read(s->world, "atsim", o->world)) && open_line(s, o))
        status = serve(s, names, o);
    if (o->pty) listen_end();
    world_free(s->world);
    free(s);
    return status;
}

/* ---- the command line ---- */

/* A number of at least `least`, times `scale`; it stays as it is when there is no text. */
static bool number(const char *text, double least, double most, double scale, uint32_t *to)
{
    char *end;
    if (!text) return true;
    double value = strtod(text, &end);
    if (end == text || *end != '\0' || !(value >= least && value <= most)) return false;
    *to = (uint32_t)(value * scale + 0.5);
    return true;
}

static bool usable(const options *o, bool stdio)
{
    return stdio + (o->pty != NULL) + (o->tcp != NULL) <= 1;
}

int main(int argc, const char **argv)
{
    options o = {0};
    char *loss = NULL, *baud = NULL, *chunk = NULL, *seed = NULL;
    int version = 0, trace = 0, stdio = 0, offline = 0;
    struct poptOption table[] = {
        {"stdio", 0, POPT_ARG_NONE, &stdio, 0, "on standard input and output (default)", NULL},
        {"pty", 0, POPT_ARG_STRING, &o.pty, 0,
         "on a new pseudo-terminal; LINK becomes a link to it", "LINK"},
        {"tcp", 0, POPT_ARG_STRING, &o.tcp, 0,
         "on the first connection to this address of this machine", "ADDR:PORT"},
        {"world", 0, POPT_ARG_STRING, &o.world, 0,
         "exchanges to answer from, before the examples of the spec", "FILE"},
        {"loss", 0, POPT_ARG_STRING, &loss, 0, "so many of a hundred bytes are lost, each way",
         "PERCENT"},
        {"baud", 0, POPT_ARG_STRING, &baud, 0, "the line is as slow, each way", "RATE"},
        {"chunk", 0, POPT_ARG_STRING, &chunk, 0, "bytes come in pieces of at most so many",
         "BYTES"},
        {"seed", 0, POPT_ARG_STRING, &seed, 0, "other losses and pieces", "NUMBER"},
        {"offline", 0, POPT_ARG_NONE, &offline, 0,
         "open no sockets: connections answer from the examples", NULL},
        {"trace", 0, POPT_ARG_NONE, &trace, 0, "print the exchange on standard error", NULL},
        {"version", 0, POPT_ARG_NONE, &version, 0, "print the version", NULL},
        POPT_AUTOHELP POPT_TABLEEND};
    poptContext popt = poptGetContext("atsim", argc, argv, table, 0);
    poptSetOtherOptionHelp(popt, "[OPTION...] DIALECT");
    int rc = poptGetNextOpt(popt), status = EXIT_USAGE;
    const char *dialect = rc == -1 ? poptGetArg(popt) : NULL;
    o.trace = trace != 0;
    o.offline = offline != 0;
    bool good = number(loss, 0, 100, 10000, &o.faults.loss) &&
                number(baud, 1, 1e9, 1, &o.faults.baud) &&
                number(chunk, 1, CABLE_SIZE, 1, &o.faults.chunk) &&
                number(seed, 0, UINT32_MAX, 1, &o.faults.seed);
    if (version) {
        puts("atsim " PACKAGE_VERSION);
        status = EXIT_SUCCESS;
    } else if (rc < -1) {
        fprintf(stderr, "atsim: %s: %s\n", poptBadOption(popt, 0), poptStrerror(rc));
    } else if (!dialect || poptPeekArg(popt) || !good || !usable(&o, stdio)) {
        poptPrintUsage(popt, stderr, 0);
    } else {
        status = run(dialect, &o);
    }
    free(o.pty);
    free(o.tcp);
    free(o.world);
    free(loss);
    free(baud);
    free(chunk);
    free(seed);
    poptFreeContext(popt);
    return status;
}
