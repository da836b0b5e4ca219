/* The generated driver of the WizFi360 and the firmware beside it, in an emulated chip: `driver QEMU ARGUMENT…` starts
 * the emulator, talks through its UART (its standard input and output), and says what came of it.
 * SPDX-License-Identifier: 0BSD */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../child.h"
#include "at_posix.h"
#include "wizfi360_host.h"

enum { PAYLOAD = 1500, STREAM = 4000, TURNS = 20000 };

static wizfi360_host host;
static at_posix io;
static at_request request;
static bool waiting, got_ip;
static at_status ended;
static uint8_t payload[STREAM], came[STREAM];
static size_t came_n;

static void done(at_status s)
{
    ended = s;
    waiting = false;
}

/* ---- events ---- */
static void on_ipd_data(wizfi360_host *h, const at_chunk *c, void *app)
{
    (void)h;
    (void)app;
    if (c->n > sizeof came - came_n) exit(1);
    if (c->n > 0) memcpy(came + came_n, c->p, c->n);
    came_n += c->n;
}

static void on_got_ip(wizfi360_host *h, void *app)
{
    (void)h;
    (void)app;
    got_ip = true;
}

static void on_unknown(wizfi360_host *h, at_text line, void *app)
{
    (void)h;
    (void)app;
    printf("not understood: %.*s\n", (int)line.n, line.p);
}

static const wizfi360_host_events events = {
    .ipd_data = on_ipd_data, .wifi_got_ip = on_got_ip, .unknown = on_unknown,
};

/* ---- answers ---- */
#define DONE(form) \
    static void form##_done(at_request *r, at_status s, const wizfi360_##form##_result *x, void *ctx) \
    { \
        (void)r; \
        (void)x; \
        (void)ctx; \
        done(s); \
    }
DONE(cwjap_set)
DONE(cwlap_exec)
DONE(cipmux_set)
DONE(cipmode_set)
DONE(cipstart_tcp)
DONE(cipsend_set)
DONE(cipsend_exec)

static void found(at_request *r, const wizfi360_cwlap_exec_ap *ap, void *ctx)
{
    (void)r;
    (void)ctx;
    printf("    %.*s, %d dBm\n", (int)ap->ssid.n, ap->ssid.p, ap->rssi);
}

static void stream_came(at_request *r, const at_chunk *c, void *ctx)
{
    (void)r;
    (void)ctx;
    if (c->n > 0 && c->n <= sizeof came - came_n) memcpy(came + came_n, c->p, c->n);
    came_n += c->n;
}

/* ---- the loop ---- */
static void turn(void)
{
    static unsigned turns;
    if (!at_posix_turn(&io, 100) || ++turns > TURNS) {
        puts("the chip does not answer any more");
        exit(1);
    }
}

static void must(const char *what, bool holds)
{
    printf("%s: %s\n", what, holds ? "ok" : at_status_text(ended));
    if (!holds) exit(1);
}

static void run(const char *what, at_status taken, at_status expected)
{
    ended = taken;
    waiting = taken == AT_OK;
    while (waiting) turn();
    must(what, ended == expected);
}

static void await_bytes(const char *what, size_t n)
{
    while (came_n < n) turn();
    must(what, came_n == n && memcmp(came, payload, n) == 0);
    came_n = 0;
}

static void speak_transparently(void)
{
    size_t sent = 0;
    ended = wizfi360_host_cipsend_exec(&host, &request, stream_came, cipsend_exec_done, NULL);
    must("ask for transparent mode", ended == AT_OK);
    for (waiting = true; waiting && sent < STREAM; turn())
        sent += at_host_send(&host.host, payload + sent, STREAM - sent);
    await_bytes("4000 bytes there and back", STREAM);
    must("escape", at_host_escape(&host.host) == AT_OK);
    while (waiting) turn();
    must("transparent mode has ended", ended == AT_OK);
}

static void talk(void)
{
    static const wizfi360_cwjap_set wrong = { .ssid = AT_TEXT("caf\xc3\xa9 \"up, up\""), .pwd = AT_TEXT("guess") };
    static const wizfi360_cwjap_set right = { .ssid = AT_TEXT("caf\xc3\xa9 \"up, up\""), .pwd = AT_TEXT("12345678") };
    static const wizfi360_cipmux_set several = { .mode = WIZFI360_CIPMUX_MODE_MULTI };
    static const wizfi360_cipmux_set single = { .mode = WIZFI360_CIPMUX_MODE_SINGLE };
    static const wizfi360_cipmode_set transparent = { .mode = WIZFI360_CIPMODE_MODE_TRANSPARENT };
    static const wizfi360_cipmode_set lines = { .mode = WIZFI360_CIPMODE_MODE_COMMANDS };
    static const wizfi360_cipstart_tcp peer1 = {
        .has_link = true, .link = 1, .host = AT_TEXT("peer"), .remote_port = 5000,
    };
    static const wizfi360_cipstart_tcp peer = { .host = AT_TEXT("peer"), .remote_port = 5000 };
    const wizfi360_cipsend_set bytes = { .has_link = true, .link = 1, .data = { payload, PAYLOAD } };

    run("scan", wizfi360_host_cwlap_exec(&host, &request, found, cwlap_exec_done, NULL), AT_OK);
    run("join with a wrong password is refused",
        wizfi360_host_cwjap_set(&host, &request, &wrong, cwjap_set_done, NULL), AT_REFUSED);
    run("join", wizfi360_host_cwjap_set(&host, &request, &right, cwjap_set_done, NULL), AT_OK);
    while (!got_ip) turn();
    run("several connections", wizfi360_host_cipmux_set(&host, &request, &several, cipmux_set_done, NULL), AT_OK);
    run("connect", wizfi360_host_cipstart_tcp(&host, &request, &peer1, cipstart_tcp_done, NULL), AT_OK);
    run("send 1500 bytes of all kinds",
        wizfi360_host_cipsend_set(&host, &request, &bytes, cipsend_set_done, NULL), AT_OK);
    await_bytes("the peer sends them back", PAYLOAD);
    run("one connection", wizfi360_host_cipmux_set(&host, &request, &single, cipmux_set_done, NULL), AT_OK);
    run("transparent mode", wizfi360_host_cipmode_set(&host, &request, &transparent, cipmode_set_done, NULL), AT_OK);
    run("connect", wizfi360_host_cipstart_tcp(&host, &request, &peer, cipstart_tcp_done, NULL), AT_OK);
    speak_transparently();
    run("the module listens to commands again", wizfi360_host_cipmode_set(&host, &request, &lines, cipmode_set_done, NULL), AT_OK);
    must("nothing was left over", came_n == 0 && at_idle(&host.host.link));
}

int main(int argc, char **argv)
{
    static uint8_t buffer[4096];
    at_port port;
    int fd = argc > 1 ? child_start(argv + 1) : -1;
    if (fd < 0) return 2;
    for (size_t i = 0; i < sizeof payload; i++) payload[i] = (uint8_t)(i * 7 % 256 == '+' ? '-' : i * 7);
    setvbuf(stdout, NULL, _IOLBF, 0);
    at_posix_init(&io, &port, fd, fd);
    if (wizfi360_host_init(&host, &events, &port, buffer, sizeof buffer, NULL) != AT_OK) return 1;
    at_posix_link(&io, &host.host.link);
    talk();
    return 0;
}
