/* atterm: a console that knows the dialect. What is typed goes to the module when the generated
 * module side takes it; what comes is shown as the generated host side reads it.
 * SPDX-License-Identifier: MIT */
#include <errno.h>
#include <poll.h>
#include <popt.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "args.h"
#include "console.h"
#include "dialects.h"
#include "dialects_load.h"
#include "event.h"
#include "exchange.h"
#include "lexicon.h"
#include "listen.h"
#include "ports/at_posix.h"

enum { EXIT_BAD_INPUT = 1, EXIT_USAGE = 2, TICK_MS = 50, QUIET_MS = 300, ANSWER_MS = 5000 };

typedef struct term {
    const at_names *names;
    decode *decode;
    lexicon *lexicon; /* NULL: there is none */
    console *console;
    int fd;
    uint64_t now_ms, heard_ms; /* heard: when something last came */
    uint64_t until_ms;         /* a line that was not checked may be answered until then; 0: none */
    bool piped;                /* lines come from no terminal */
    bool trying, refused;      /* a line is looked at before it is sent; it is none */
    bool lost, bad;            /* the line has ended; something was not understood */
    char prompt[64];
} term;

static uint64_t clock_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000u + (uint64_t)t.tv_nsec / 1000000u;
}

/* ---- what is shown ---- */
typedef struct explain {
    const term *term;
    char from;
    unsigned line;
} explain;

static void explain_arg(void *ctx, const args_value *v)
{
    const explain *x = ctx;
    char *meaning = NULL;
    size_t n;
    FILE *out = open_memstream(&meaning, &n);
    lexicon_meaning(x->term->lexicon, out, x->line, v->param->name, v->text, v->n);
    fclose(out);
    if (n > 0) printf("      %s = %.*s%s\n", v->param->name, (int)v->n, v->text, meaning);
    free(meaning);
}

static void explain_event(const term *t, char from, const at_event *e)
{
    if (!t->lexicon || e->line == UINT16_MAX || !e->cells) return;
    const at_line_name *line = decode_line(t->decode, from, e->line);
    explain x = {t, from, (unsigned)(line - t->names->lines)};
    args_each(e, decode_tables(t->decode, from), line, explain_arg, &x);
}

/* The place of a fault in the line that was typed. */
static void show_refusal(const at_event *e)
{
    printf("  %.*s\n  %*s^ %s; not sent (a ! in front sends it)\n", (int)e->n, e->text, (int)e->at,
           "", e->reason ? e->reason : "refused");
}

/* What was typed needs no second line, but what it means. */
static void on_event(void *ctx, char from, const at_event *e)
{
    term *t = ctx;
    if (e->saw == AT_SAW_REJECTED) t->refused = true;
    if (e->saw == AT_SAW_REJECTED && t->trying) t->bad = true;
    if (e->saw == AT_SAW_UNKNOWN) t->bad = true;
    if (e->saw == AT_SAW_FINAL) t->until_ms = 0;
    if (from == 'h' && e->saw == AT_SAW_REJECTED && t->trying)
        show_refusal(e);
    else if (from == 'm')
        event_text(stdout, t->decode, t->names, from, e);
    if (from == 'm' || e->saw == AT_SAW_COMMAND) explain_event(t, from, e);
}

/* ---- the line ---- */

/* Has the last command still to be answered? */
static bool is_busy(const term *t)
{
    return decode_is_busy(t->decode) || t->until_ms > t->now_ms;
}

static bool is_idle(const term *t)
{
    return decode_is_idle(t->decode) && !is_busy(t);
}

static void pass_time(term *t)
{
    uint64_t now = clock_ms();
    bool was_busy = decode_is_busy(t->decode);
    if (now - t->heard_ms >= QUIET_MS && decode_in_body(t->decode)) decode_end(t->decode);
    decode_time(t->decode, (uint32_t)(now - t->now_ms));
    t->now_ms = now;
    if (!was_busy || decode_is_busy(t->decode) || t->heard_ms == now) return;
    puts("no answer in time");
    t->bad = true;
    decode_break(t->decode);
}

static void hear(term *t)
{
    char bytes[512];
    ssize_t n = read(t->fd, bytes, sizeof bytes);
    t->heard_ms = clock_ms();
    console_hide(t->console);
    if (n > 0)
        decode_feed(t->decode, '<', bytes, (size_t)n);
    else if (n == 0 || (errno != EAGAIN && errno != EINTR))
        t->lost = true;
    console_show(t->console);
}

/* Waits for the line, and with `input` for standard input too. True: it can be read. */
static bool turn(term *t, bool input)
{
    struct pollfd fds[2] = {{t->fd, POLLIN, 0}, {input ? STDIN_FILENO : -1, POLLIN, 0}};
    int n = poll(fds, 2, is_idle(t) ? -1 : TICK_MS);
    if (n > 0 && fds[0].revents) hear(t);
    pass_time(t);
    return n > 0 && fds[1].revents != 0;
}

static void say(term *t, const char *p, size_t n)
{
    struct pollfd writable = {t->fd, POLLOUT, 0};
    while (n > 0 && !t->lost) {
        ssize_t taken = write(t->fd, p, n);
        if (taken < 0 && errno != EAGAIN && errno != EINTR) t->lost = true;
        if (taken < 0) poll(&writable, 1, -1);
        if (taken > 0) {
            p += taken;
            n -= (size_t)taken;
        }
    }
}

/* ---- what is typed ---- */

/* A command line goes out when the module side takes it. */
static void send_command(term *t, const char *line, bool checked)
{
    const at_tables *tables = decode_tables(t->decode, 'h');
    const char *end = tables->text + tables->command_end;
    size_t n = strlen(line);
    if (t->piped) printf("> %s\n", line);
    t->trying = checked;
    t->refused = false;
    decode_feed(t->decode, '>', line, n);
    decode_feed(t->decode, '>', end, strlen(end));
    t->trying = false;
    if (t->refused) decode_break(t->decode);
    if (t->refused && checked) return;
    if (t->refused) t->until_ms = t->now_ms + ANSWER_MS;
    say(t, line, n);
    say(t, end, strlen(end));
}

/* Data has no line end but what is written in it. */
static void send_data(term *t, const char *line)
{
    char *bytes = strdup(line);
    size_t n = exchange_unescape(bytes, strlen(bytes));
    if (n == SIZE_MAX) {
        puts("the escapes of data are \\r \\n \\\\ \\xNN");
        t->bad = true;
    } else {
        decode_feed(t->decode, '>', bytes, n);
        say(t, bytes, n);
    }
    free(bytes);
}

static void send_line(term *t, const char *line)
{
    if (decode_in_data(t->decode, '>'))
        send_data(t, line);
    else if (*line == '!')
        send_command(t, line + 1, false);
    else if (*line)
        send_command(t, line, true);
    fflush(stdout);
}

/* ---- the console's side ---- */

/* Lines from a pipe come one after the other, each when the one before is answered. */
static bool wait_input(void *ctx)
{
    term *t = ctx;
    while (!t->lost) {
        bool answered = !t->piped || !is_busy(t) || decode_in_data(t->decode, '>');
        if (turn(t, answered)) return true;
    }
    return false;
}

static const char *make_prompt(void *ctx)
{
    term *t = ctx;
    bool data = decode_in_data(t->decode, '>');
    snprintf(t->prompt, sizeof t->prompt, "%.40s> ", data ? "data" : t->names->dialect);
    return t->prompt;
}

static void pass_offer(void *ctx, size_t from, const char *word, const char *help)
{
    console_offer(ctx, from, word, help);
}

static void complete(void *ctx, console *c, const char *line, size_t n)
{
    const term *t = ctx;
    if (t->lexicon && !decode_in_data(t->decode, '>'))
        lexicon_complete(t->lexicon, line, n, pass_offer, c);
}

static void talk(term *t)
{
    const char *line;
    while (!t->lost && (line = console_line(t->console)) != NULL)
        send_line(t, line);
    while (!t->lost && !is_idle(t))
        turn(t, false);
}

/* ---- from options to a talk ---- */
static int run(const char *dialect, int fd)
{
    int status;
    term t = {.names = dialects_find("atterm", dialect, &status), .fd = fd};
    if (!t.names) return status;
    const console_owner owner = {&t, wait_input, make_prompt, complete};
    char *model = dialects_model("atterm", dialect);
    t.lexicon = model ? lexicon_new(model) : NULL;
    t.decode = decode_new(t.names, on_event, &t);
    t.console = console_new("atterm", &owner);
    t.now_ms = t.heard_ms = clock_ms();
    t.piped = !isatty(STDIN_FILENO);
    if (t.console) talk(&t);
    console_free(t.console);
    decode_free(t.decode);
    lexicon_free(t.lexicon);
    free(model);
    return t.bad || t.lost || !t.console ? EXIT_BAD_INPUT : EXIT_SUCCESS;
}

static int open_line(const char *device, const char *tcp, int baud)
{
    int fd = tcp ? listen_connect(tcp) : at_posix_open(device, (unsigned long)baud);
    if (fd < 0) fprintf(stderr, "atterm: %s: %s\n", tcp ? tcp : device, strerror(errno));
    return fd;
}

int main(int argc, const char **argv)
{
    char *tcp = NULL;
    int version = 0, baud = 115200, status = EXIT_USAGE;
    struct poptOption options[] = {
        {"tcp", 0, POPT_ARG_STRING, &tcp, 0, "over a connection to this address", "ADDR:PORT"},
        {"baud", 0, POPT_ARG_INT | POPT_ARGFLAG_SHOW_DEFAULT, &baud, 0, "speed of DEVICE", "RATE"},
        {"version", 0, POPT_ARG_NONE, &version, 0, "print the version", NULL},
        POPT_AUTOHELP POPT_TABLEEND};
    poptContext popt = poptGetContext("atterm", argc, argv, options, 0);
    poptSetOtherOptionHelp(popt, "[OPTION...] DIALECT DEVICE|--tcp ADDR:PORT");
    int rc = poptGetNextOpt(popt);
    const char *dialect = rc == -1 ? poptGetArg(popt) : NULL;
    const char *device = dialect ? poptGetArg(popt) : NULL;
    if (version) {
        puts("atterm " PACKAGE_VERSION);
        status = EXIT_SUCCESS;
    } else if (rc < -1) {
        fprintf(stderr, "atterm: %s: %s\n", poptBadOption(popt, 0), poptStrerror(rc));
    } else if (!dialect || poptPeekArg(popt) || (device != NULL) == (tcp != NULL)) {
        poptPrintUsage(popt, stderr, 0);
    } else {
        signal(SIGPIPE, SIG_IGN);
        int fd = open_line(device, tcp, baud);
        status = fd >= 0 ? run(dialect, fd) : EXIT_BAD_INPUT;
        if (fd >= 0) close(fd);
    }
    free(tcp);
    poptFreeContext(popt);
    return status;
}
