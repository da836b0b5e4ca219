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

#include "dialects.h"
#include "exchange.h"
#include "listen.h"
#include "store.h"
#include "world.h"

enum { EXIT_BAD_INPUT = 1, EXIT_USAGE = 2, SOON_MS = 10 };

typedef struct sim {
    const at_names *names;
    at_module module;
    at_module_class class; /* the dialect's, without calls into user code */
    world *world;
    int in, out;
    char traced;         /* direction of the line of the trace that is open, 0 none */
    bool ended, broken;  /* nothing more comes; nothing can be written */
    uint8_t bytes[4096]; /* read, but not taken yet */
    size_t at, n;
} sim;

/* ---- the port ---- */
static size_t port_write(void *ctx, const uint8_t *p, size_t n)
{
    sim *s = ctx;
    ssize_t taken = s->broken ? (ssize_t)n : write(s->out, p, n);
    if (taken >= 0) return (size_t)taken;
    if (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR) return 0;
    s->broken = s->ended = true;
    return n;
}

static uint32_t port_now(void *ctx)
{
    struct timespec t;
    (void)ctx;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint32_t)((uint64_t)t.tv_sec * 1000u + (uint64_t)t.tv_nsec / 1000000u);
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
static void receive(sim *s)
{
    ssize_t n = read(s->in, s->bytes, sizeof s->bytes);
    s->at = 0;
    if (n > 0)
        s->n = (size_t)n;
    else if (n == 0 || (errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR))
        s->ended = true;
}

/* What was read, up to the end of a line, and of data a byte: a trace shows what is said with what
 * it answers. */
static size_t piece(const sim *s)
{
    const uint8_t *p = s->bytes + s->at;
    size_t n = 0;
    if (at_module_in_data(&s->module)) return 1;
    while (n < s->n && p[n] != '\r' && p[n] != '\n')
        n++;
    if (n < s->n && p[n] == '\r') n++;
    if (n < s->n && p[n] == '\n') n++;
    return n;
}

/* Milliseconds until the module wants to be called again; -1: only when something comes. */
static int work(sim *s)
{
    at_link *link = &s->module.link;
    size_t taken = s->n > 0 ? at_feed(link, s->bytes + s->at, piece(s)) : 0;
    s->at += taken;
    s->n -= taken;
    bool waits = world_poll(s->world);
    uint32_t due = at_poll(link);
    if (taken > 0 && s->n > 0) return 0;
    if ((waits || s->n > 0) && due > SOON_MS) due = SOON_MS;
    return due > INT_MAX ? -1 : (int)due;
}

static void wait(sim *s, int ms)
{
    bool writes = at_wants_write(&s->module.link);
    struct pollfd fds[2] = {{s->ended || s->n > 0 ? -1 : s->in, POLLIN, 0},
                            {writes ? s->out : -1, POLLOUT, 0}};
    if (poll(fds, 2, ms) > 0 && fds[0].revents != 0) receive(s);
}

/* Until the input has ended and what came before is done. */
static void turn(sim *s)
{
    for (;;) {
        int ms = work(s);
        if (s->ended && ms < 0 && !at_wants_write(&s->module.link)) return;
        wait(s, ms);
    }
}

/* ---- from options to a module ---- */
static int serve(const at_names *names, int in, int out, bool trace)
{
    sim *s = store_memory(sizeof *s);
    const at_tables *t = &names->module->tables->t;
    const at_port port = {port_write, port_now, NULL, trace ? port_trace : NULL, s};
    char *buffer = store_memory(names->module_buffer), *fields = store_memory(names->module_fields);
    int32_t *settings = store_memory(sizeof *settings * (t->n_settings + 1u));
    s->names = names;
    s->in = in;
    s->out = out;
    s->class = *names->module;
    s->class.sent = NULL;
    s->world = world_new(names);
    at_status status = at_module_init(&s->module, &s->class, &port, buffer, names->module_buffer,
                                      fields, settings, NULL);
    world_attach(s->world, &s->module);
    if (status == AT_OK) turn(s);
    if (s->traced) putc('\n', stderr);
    world_free(s->world);
    free(settings);
    free(fields);
    free(buffer);
    free(s);
    return status == AT_OK ? EXIT_SUCCESS : 70;
}

static int run(const char *dialect, const char *pty, const char *tcp, bool trace)
{
    int fd = STDIN_FILENO, out = STDOUT_FILENO, status;
    const at_names *names = dialects_find("atsim", dialect, &status);
    if (!names) return status;
    signal(SIGPIPE, SIG_IGN);
    if (pty || tcp) fd = out = pty ? listen_pty(pty) : listen_tcp(tcp);
    if (fd < 0) {
        fprintf(stderr, "atsim: %s: %s\n", pty ? pty : tcp, strerror(errno));
        return EXIT_BAD_INPUT;
    }
    status = serve(names, fd, out, trace);
    if (pty) unlink(pty);
    return status;
}

int main(int argc, const char **argv)
{
    char *pty = NULL, *tcp = NULL, *later = NULL;
    int version = 0, trace = 0, stdio = 0;
    struct poptOption options[] = {
        {"stdio", 0, POPT_ARG_NONE, &stdio, 0, "on standard input and output (default)", NULL},
        {"pty", 0, POPT_ARG_STRING, &pty, 0, "on a new pseudo-terminal; LINK becomes a link to it",
         "LINK"},
        {"tcp", 0, POPT_ARG_STRING, &tcp, 0,
         "on the first connection to this address of this machine", "ADDR:PORT"},
        {"trace", 0, POPT_ARG_NONE, &trace, 0, "print the exchange on standard error", NULL},
        {"version", 0, POPT_ARG_NONE, &version, 0, "print the version", NULL},
        {"world", 0, POPT_ARG_STRING | POPT_ARGFLAG_DOC_HIDDEN, &later, 'w', NULL, NULL},
        {"loss", 0, POPT_ARG_STRING | POPT_ARGFLAG_DOC_HIDDEN, &later, 'l', NULL, NULL},
        {"baud", 0, POPT_ARG_STRING | POPT_ARGFLAG_DOC_HIDDEN, &later, 'b', NULL, NULL},
        {"chunk", 0, POPT_ARG_STRING | POPT_ARGFLAG_DOC_HIDDEN, &later, 'c', NULL, NULL},
        POPT_AUTOHELP POPT_TABLEEND};
    poptContext popt = poptGetContext("atsim", argc, argv, options, 0);
    poptSetOtherOptionHelp(popt, "[OPTION...] DIALECT");
    int rc = poptGetNextOpt(popt), status = EXIT_USAGE;
    const char *dialect = rc == -1 ? poptGetArg(popt) : NULL;
    if (version) {
        puts("atsim " PACKAGE_VERSION);
        status = EXIT_SUCCESS;
    } else if (rc > 0) {
        fputs("atsim: --world, --loss, --baud and --chunk are not available yet\n", stderr);
    } else if (rc < -1) {
        fprintf(stderr, "atsim: %s: %s\n", poptBadOption(popt, 0), poptStrerror(rc));
    } else if (!dialect || poptPeekArg(popt) || (stdio != 0) + (pty != NULL) + (tcp != NULL) > 1) {
        poptPrintUsage(popt, stderr, 0);
    } else {
        status = run(dialect, pty, tcp, trace != 0);
    }
    free(pty);
    free(tcp);
    free(later);
    poptFreeContext(popt);
    return status;
}
