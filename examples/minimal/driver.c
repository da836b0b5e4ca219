/* The generated driver of the WizFi360 and the minimal firmware: `driver FIRMWARE` starts it, talks with it as with any
 * WizFi360 (this is the host of the whole dialect), and says what came of it, as `ok N - WHAT`.
 * SPDX-License-Identifier: 0BSD */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../child.h"
#include "at_posix.h"
#include "wizfi360_host.h"

enum { PAYLOAD = 1500, TURNS = 20000, SILENCE_MS = 2000 };

static wizfi360_host host;
static at_posix io;
static at_request request;
static bool waiting, is_ready, got_ip, has_left, is_open, was_link;
static at_status ended;
static uint8_t payload[PAYLOAD], came[PAYLOAD];
static size_t came_n;
static unsigned tests;

static void done(at_status s)
{
    ended = s;
    waiting = false;
}

/* ---- events ---- */
static void on_ipd(wizfi360_host *h, const wizfi360_ipd *x, void *app)
{
    (void)h;
    (void)app;
    was_link = x->has_link;
}

static void on_ipd_data(wizfi360_host *h, const at_chunk *c, void *app)
{
    (void)h;
    (void)app;
    if (c->n > sizeof came - came_n) exit(1);
    if (c->n > 0) memcpy(came + came_n, c->p, c->n);
    came_n += c->n;
}

#define EVENT(name, what) \
    static void on_##name(wizfi360_host *h, void *app) \
    { \
        (void)h; \
        (void)app; \
        what; \
    }
EVENT(ready, is_ready = true)
EVENT(got_ip, got_ip = true)
EVENT(disconnect, has_left = true)

static void on_connect(wizfi360_host *h, const wizfi360_connect *x, void *app)
{
    (void)h;
    (void)app;
    is_open = !x->has_link;
}

static void on_closed(wizfi360_host *h, const wizfi360_closed *x, void *app)
{
    (void)h;
    (void)x;
    (void)app;
    is_open = false;
}

static void on_unknown(wizfi360_host *h, at_text line, void *app)
{
    (void)h;
    (void)app;
    printf("# not understood: %.*s\n", (int)line.n, line.p);
}

static const wizfi360_host_events events = {
    .ready = on_ready, .wifi_got_ip = on_got_ip, .wifi_disconnect = on_disconnect, .connect = on_connect,
    .closed = on_closed, .ipd = on_ipd, .ipd_data = on_ipd_data, .unknown = on_unknown,
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
DONE(at_exec)
DONE(rst_exec)
DONE(gmr_exec)
DONE(cwmode_set)
DONE(cwqap_exec)
DONE(cipmux_set)
DONE(cipstart_tcp)
DONE(cipsend_set)
DONE(cipclose_exec)

static wizfi360_join reason;    /* why an access point was not joined */
static void cwjap_set_done(at_request *r, at_status s, const wizfi360_cwjap_set_result *x, void *ctx)
{
    (void)r;
    (void)ctx;
    reason = x && x->has_reason ? x->reason : 0;
    done(s);
}

/* ---- the loop ---- */
static void turn(void)
{
    static unsigned turns;
    if (!at_posix_turn(&io, 100) || ++turns > TURNS) {
        puts("# the firmware does not answer any more");
        exit(1);
    }
}

static void must(const char *what, bool holds)
{
    printf("%s %u - minimal firmware: %s\n", holds ? "ok" : "not ok", ++tests, what);
    if (!holds) printf("# %s\n", at_status_text(ended));
    if (!holds) exit(1);
}

static void run(const char *what, at_status taken, at_status expected)
{
    ended = taken;
    waiting = taken == AT_OK;
    while (waiting) turn();
    must(what, ended == expected);
}

#define ASK(what, form, input, expected) \
    run(what, wizfi360_host_##form(&host, &request, input, form##_done, NULL), expected)
#define TELL(what, form, expected) run(what, wizfi360_host_##form(&host, &request, form##_done, NULL), expected)

static void await(const char *what, const bool *flag, bool value)
{
    while (*flag != value) turn();
    must(what, true);
}

/* ---- bytes as they are ---- */
static void hear(int fd, const char *said, const char *wanted)
{
    char got[256], what[128];
    size_t n = 0, all = strlen(wanted);
    ssize_t one = 1;
    for (struct pollfd line = { fd, POLLIN, 0 }; n < all && one > 0; n += (size_t)one) {
        one = poll(&line, 1, SILENCE_MS) > 0 ? read(fd, got + n, all - n) : 0;
        if (one < 0) one = 0;
    }
    snprintf(what, sizeof what, "%.*s", (int)strcspn(said, "\r\n"), said);
    if (n != all || memcmp(got, wanted, n) != 0) printf("# instead: %.*s\n", (int)n, got);
    must(what, n == all && memcmp(got, wanted, n) == 0);
}

#define REFUSED "\r\nERROR\r\n"
#define TAKEN "\r\nOK\r\n"
/* What comes from the host byte by byte, and all that comes back. */
static const struct { const char *say, *hear; } raw[] = {
    { "" /* it has started */, "ready\r\n" },
    { "AT\r\n", TAKEN },
    { "AT\nAT\r", TAKEN TAKEN },
    { "at\r\n", REFUSED },
    { "AT+NOPE\r\n", REFUSED },
    { "AT+CWMODE_CUR?\r\n", REFUSED },                /* a form that was not asked for */
    { "AT+CWMODE_DEF=1\r\n", REFUSED },               /* a name that was not asked for */
    { "AT+CWMODE_CUR=4\r\n", REFUSED },
    { "AT+CWMODE_CUR=1,\r\n", REFUSED },
    { "AT+CWMODE_CUR=\r\n", REFUSED },
    { "AT+CWMODE_CUR = 1 \r\n", TAKEN },
    { "AT+CWJAP_CUR=\"desk\r\n", REFUSED },
    { "AT+CWJAP_CUR=\"desk\"\r\n", REFUSED },
    { "AT+CWJAP_CUR=desk,guess\r\n", REFUSED },
    { "AT+CWJAP_CUR=\"desk\",\"guess\",\"00:08:dc:11:12:13\"\r\n", REFUSED },    /* a parameter without */
    { "AT+CIPSTART=0,\"TCP\",\"peer\",1\r\n", REFUSED },                       /* there are no link ids */
    { "AT+CIPSTART=\"UDP\",\"peer\",1\r\n", REFUSED },
    { "AT+CIPSTART=\"TCP\",\"peer\",65536\r\n", REFUSED },
    { "AT+CIPSEND\r\n", REFUSED },                    /* no transparent mode */
    { "AT+CIPSEND=0\r\n", REFUSED },
    { "AT+CIPSEND=5,\"peer\",1\r\n", REFUSED },
    { "ATE1\r\nAT\r\nATE0\r\nAT\r\n", TAKEN "AT\r\r\nOK\r\nATE0\r\r\nOK\r\n" TAKEN },
    { "AT+CWJAP_CUR=\"no\\\"where\\,\",\"\"\r\n", "+CWJAP_CUR:3\r\n\r\nFAIL\r\n" },
};

static void talk_raw(int fd)
{
    for (size_t i = 0; i < sizeof raw / sizeof *raw; i++) {
        for (const char *p = raw[i].say; *p; p++)
            if (write(fd, p, 1) != 1) exit(1);
        hear(fd, raw[i].say, raw[i].hear);
    }
}

/* ---- what is asked ---- */
static void join(void)
{
    static const wizfi360_cwmode_set station = { .mode = WIZFI360_CWMODE_MODE_STATION };
    static const wizfi360_cwmode_set kept = { .saved = AT_FLASH, .mode = WIZFI360_CWMODE_MODE_STATION };
    static const wizfi360_cipmux_set several = { .mode = WIZFI360_CIPMUX_MODE_MULTI };
    static const wizfi360_cwjap_set wrong = { .ssid = AT_TEXT("desk"), .pwd = AT_TEXT("guess") };
    static const wizfi360_cwjap_set right = { .ssid = AT_TEXT("desk"), .pwd = AT_TEXT("12345678") };

    ASK("+CWMODE_CUR", cwmode_set, &station, AT_OK);
    ASK("+CWMODE_DEF, which nobody asked for, is unknown to it", cwmode_set, &kept, AT_REFUSED);
    ASK("so is +CIPMUX", cipmux_set, &several, AT_REFUSED);
    ASK("a wrong password", cwjap_set, &wrong, AT_REFUSED);
    must("is said to be that", reason == WIZFI360_JOIN_WRONG_PASSWORD);
    ASK("join", cwjap_set, &right, AT_OK);
    await("there is an address", &got_ip, true);
}

static void exchange(void)
{
    static const wizfi360_cipstart_tcp nobody = { .host = AT_TEXT("nobody"), .remote_port = 5000 };
    static const wizfi360_cipstart_tcp peer = { .host = AT_TEXT("192.0.2.1"), .remote_port = 5000 };
    const wizfi360_cipsend_set bytes = { .data = { payload, PAYLOAD } };

    ASK("nothing is sent without a connection", cipsend_set, &bytes, AT_REFUSED);
    ASK("nobody is there", cipstart_tcp, &nobody, AT_REFUSED);
    ASK("connect", cipstart_tcp, &peer, AT_OK);
    must("CONNECT came before OK, without a link id", is_open);
    ASK("a second connection is refused", cipstart_tcp, &peer, AT_REFUSED);
    ASK("1500 bytes of all kinds are sent", cipsend_set, &bytes, AT_OK);
    while (came_n < PAYLOAD) turn();
    must("the peer sends them back", memcmp(came, payload, PAYLOAD) == 0 && !was_link);
    TELL("close", cipclose_exec, AT_OK);
    await("the connection is closed", &is_open, false);
}

static void talk(void)
{
    TELL("AT", at_exec, AT_OK);
    TELL("+GMR", gmr_exec, AT_OK);
    join();
    exchange();
    TELL("+CWQAP", cwqap_exec, AT_OK);
    await("the network has been left", &has_left, true);
    is_ready = false;
    TELL("+RST", rst_exec, AT_OK);
    await("it has started again", &is_ready, true);
    must("nothing was left over", at_idle(&host.host.link));
    printf("1..%u\n", tests);
}

int main(int argc, char **argv)
{
    static uint8_t buffer[4096];
    at_port port;
    int fd = argc > 1 ? child_start(argv + 1) : -1;
    if (fd < 0) return 2;
    for (size_t i = 0; i < sizeof payload; i++) payload[i] = (uint8_t)(i * 7);
    setvbuf(stdout, NULL, _IOLBF, 0);
    talk_raw(fd);
    at_posix_init(&io, &port, fd, fd);
    if (wizfi360_host_init(&host, &events, &port, buffer, sizeof buffer, NULL) != AT_OK) return 1;
    at_posix_link(&io, &host.host.link);
    talk();
    return 0;
}
