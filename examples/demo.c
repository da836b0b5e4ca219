/* A generated WizFi360 driver talks to a generated WizFi360 module over a byte pipe. Both ends are this program; every
 * byte goes over the pipe, and what goes over it is printed: `>` to the module, `<` back.
 * SPDX-License-Identifier: 0BSD */
#include <stdio.h>
#include <string.h>

#include "wizfi360_host.h"
#include "wizfi360_module.h"

/* ---- the wire: two byte queues and a clock that moves when nothing else does ---- */
typedef struct pipe { uint8_t bytes[4096]; size_t n; } pipe;

static pipe to_module, to_host;
static uint32_t clock_ms;

static size_t put(pipe *p, const uint8_t *bytes, size_t n)
{
    if (n > sizeof p->bytes - p->n) n = sizeof p->bytes - p->n;
    memcpy(p->bytes + p->n, bytes, n);
    p->n += n;
    return n;
}

static size_t write_pipe(void *ctx, const uint8_t *bytes, size_t n) { return put(ctx, bytes, n); }
static uint32_t now(void *ctx) { (void)ctx; return clock_ms; }

static void show(char direction, const uint8_t *p, size_t n)
{
    bool open = false;
    for (size_t i = 0; i < n; i++) {
        if (!open) printf("    %c ", direction);
        open = true;
        if (p[i] == '\r') fputs("\\r", stdout);
        else if (p[i] == '\n') { fputs("\\n\n", stdout); open = false; }
        else putchar(p[i]);
    }
    if (open) putchar('\n');
}

static void move(pipe *p, at_link *to, char direction)
{
    if (p->n == 0) return;
    show(direction, p->bytes, p->n);
    size_t took = at_feed(to, p->bytes, p->n);
    memmove(p->bytes, p->bytes + took, p->n - took);
    p->n -= took;
}

/* ---- firmware: what the module does ---- */
static wizfi360_module module;
static uint8_t sent_to_peer[64];
static size_t sent_n;

static at_status join(wizfi360_module *m, const wizfi360_cwjap_set *cmd)
{
    printf("  firmware: join '%s' with password '%s', %s\n", cmd->ssid.p, cmd->pwd.p,
           cmd->saved == AT_FLASH ? "keep it in flash" : "for now");
    if (strcmp(cmd->pwd.p, "12345678") == 0) return AT_OK;
    wizfi360_cwjap_set_result why = { .has_reason = true, .reason = WIZFI360_JOIN_WRONG_PASSWORD };
    return wizfi360_module_cwjap_set_fail(m, &why);
}

static at_status scan(wizfi360_module *m)
{
    wizfi360_cwlap_exec_ap ap = {
        .has_ecn = true, .has_ssid = true, .has_rssi = true, .has_mac = true, .has_channel = true,
        .ecn = WIZFI360_ECN_WPA2_PSK, .ssid = AT_TEXT("caf\xc3\xa9 \"up, up\""), .rssi = -57,
        .mac = { { 0x00, 0x08, 0xdc, 0x6a, 0x46, 0x2e } }, .channel = 1,
    };
    at_status s = wizfi360_module_cwlap_exec_ap(m, &ap);
    ap.ssid = (at_text)AT_TEXT("OK");
    ap.rssi = -80;
    if (s == AT_OK) s = wizfi360_module_cwlap_exec_ap(m, &ap);
    return s == AT_OK ? wizfi360_module_cwlap_exec_ok(m) : s;
}

static at_status set_mux(wizfi360_module *m, const wizfi360_cipmux_set *cmd) { (void)m; (void)cmd; return AT_OK; }

static at_status open_tcp(wizfi360_module *m, const wizfi360_cipstart_tcp *cmd)
{
    printf("  firmware: connect link %d to %s, port %d\n", cmd->link, cmd->host.p, cmd->remote_port);
    (void)m;
    return AT_OK;
}

static at_status send(wizfi360_module *m, const wizfi360_cipsend_set *cmd)
{
    printf("  firmware: %d bytes for link %d will come\n", cmd->length, cmd->link);
    sent_n = 0;
    return wizfi360_module_cipsend_set_prompt(m);
}

static size_t send_data(wizfi360_module *m, const at_chunk *c)
{
    memcpy(sent_to_peer + sent_n, c->p, c->n);
    sent_n += c->n;
    if (c->status == AT_OK) {
        printf("  firmware: got all %zu bytes\n", sent_n);
        if (wizfi360_module_cipsend_set_send_ok(m) != AT_OK) puts("  firmware: cannot answer");
    }
    return c->n;
}

static const wizfi360_module_handlers handlers = {
    .cwjap_set = join, .cwlap_exec = scan, .cipmux_set = set_mux,
    .cipstart_tcp = open_tcp, .cipsend_set = send, .cipsend_set_data = send_data,
};

/* ---- driver: what the host's program does ---- */
static wizfi360_host host;

static void on_ipd(wizfi360_host *h, const wizfi360_ipd *x, void *app)
{
    (void)h;
    (void)app;
    printf("  driver: link %d has %d bytes for us\n", x->link, x->length);
}

static void on_ipd_data(wizfi360_host *h, const at_chunk *c, void *app)
{
    (void)h;
    (void)app;
    printf("  driver: data, %zu bytes, %zu to come\n", c->n, c->left - c->n);
}

static void on_got_ip(wizfi360_host *h, void *app)
{
    (void)h;
    (void)app;
    puts("  driver: event: the module has an address");
}

static void on_closed(wizfi360_host *h, const wizfi360_closed *x, void *app)
{
    (void)h;
    (void)app;
    printf("  driver: event: link %d is closed\n", x->link);
}

static void on_unknown(wizfi360_host *h, at_text line, void *app)
{
    (void)h;
    (void)app;
    printf("  driver: not understood: %.*s\n", (int)line.n, line.p);
}

static const wizfi360_host_events events = {
    .ipd = on_ipd, .ipd_data = on_ipd_data, .wifi_got_ip = on_got_ip, .closed = on_closed, .unknown = on_unknown,
};

static bool waiting;            /* a request is under way */

static void done(const char *what, at_status s)
{
    printf("  driver: %s: %s\n", what, at_status_text(s));
    waiting = false;
}

static void joined(at_request *r, at_status s, const wizfi360_cwjap_set_result *x, void *ctx)
{
    (void)r;
    (void)ctx;
    if (s == AT_REFUSED && x->has_reason) printf("  driver: reason %d: wrong password\n", x->reason);
    done("join", s);
}

static void found(at_request *r, const wizfi360_cwlap_exec_ap *ap, void *ctx)
{
    (void)r;
    (void)ctx;
    printf("  driver: found '%s', %d dBm\n", ap->ssid.p, ap->rssi);
}

static void scanned(at_request *r, at_status s, const wizfi360_cwlap_exec_result *x, void *ctx)
{
    (void)r;
    (void)x;
    (void)ctx;
    done("scan", s);
}

static void mux_set(at_request *r, at_status s, const wizfi360_cipmux_set_result *x, void *ctx)
{
    (void)r;
    (void)x;
    (void)ctx;
    done("several connections", s);
}

static void opened(at_request *r, at_status s, const wizfi360_cipstart_tcp_result *x, void *ctx)
{
    (void)r;
    (void)x;
    (void)ctx;
    done("connect", s);
}

static void sent(at_request *r, at_status s, const wizfi360_cipsend_set_result *x, void *ctx)
{
    (void)r;
    (void)ctx;
    printf("  driver: send: %s\n", x && x->outcome == WIZFI360_CIPSEND_SET_SEND_OK ? "the module says SEND OK" : "failed");
    done("send", s);
}

/* Run both ends until the request is done. `awkward`: bytes that get onto the wire right before the prompt. */
static void run(const char *awkward)
{
    while (waiting) {
        clock_ms++;
        at_poll(&host.host.link);
        move(&to_module, &module.module.link, '>');
        at_poll(&module.module.link);
        const uint8_t *prompt = memchr(to_host.bytes, '>', to_host.n);
        if (awkward && prompt) {
            size_t before = (size_t)(prompt - to_host.bytes), after = to_host.n - before;
            pipe whole = { { 0 }, 0 };
            put(&whole, to_host.bytes, before);
            put(&whole, (const uint8_t *)awkward, strlen(awkward));
            put(&whole, to_host.bytes + before, after);
            to_host = whole;
            awkward = NULL;
        }
        move(&to_host, &host.host.link, '<');
    }
}

#define DO(text, call, awkward) \
    do { \
        printf("\n%s\n", text); \
        waiting = true; \
        if ((call) != AT_OK) { puts("  driver: the call was refused"); return 1; } \
        run(awkward); \
    } while (0)

int main(void)
{
    static uint8_t module_buffer[1024], host_buffer[2048];
    static at_request request;
    const at_port module_port = { write_pipe, now, NULL, NULL, &to_host };
    const at_port host_port = { write_pipe, now, NULL, NULL, &to_module };
    if (wizfi360_module_init(&module, &handlers, &module_port, module_buffer, sizeof module_buffer, NULL) != AT_OK ||
        wizfi360_host_init(&host, &events, &host_port, host_buffer, sizeof host_buffer, NULL) != AT_OK) return 1;

    static const wizfi360_cwjap_set wrong = { .ssid = AT_TEXT("caf\xc3\xa9 \"up, up\""), .pwd = AT_TEXT("guess") };
    DO("Join with a wrong password: an error with a reason", wizfi360_host_cwjap_set(&host, &request, &wrong, joined, NULL), NULL);

    static const wizfi360_cwjap_set right = {
        .ssid = AT_TEXT("caf\xc3\xa9 \"up, up\""), .pwd = AT_TEXT("12345678"), .saved = AT_FLASH,
    };
    DO("Join: quotes and comma of the name are escaped on the wire", wizfi360_host_cwjap_set(&host, &request, &right, joined, NULL), NULL);
    DO("Scan: one row is called OK", wizfi360_host_cwlap_exec(&host, &request, found, scanned, NULL), NULL);

    static const wizfi360_cipmux_set several = { .mode = WIZFI360_CIPMUX_MODE_MULTI };
    DO("Several connections: from now on lines carry a link id", wizfi360_host_cipmux_set(&host, &request, &several, mux_set, NULL), NULL);

    static const wizfi360_cipstart_tcp peer = { .has_link = true, .link = 1, .host = AT_TEXT("www.iwiznet.cn"), .remote_port = 5000 };
    DO("Connect", wizfi360_host_cipstart_tcp(&host, &request, &peer, opened, NULL), NULL);

    static const wizfi360_cipsend_set hello = {
        .has_link = true, .link = 1, .data = { (const uint8_t *)"OK\r\n> hello", 11 },
    };
    DO("Send 11 bytes; an event comes between OK and the prompt", wizfi360_host_cipsend_set(&host, &request, &hello, sent, NULL),
       "WIFI GOT IP\r\n");

    puts("\nReceive bytes that look like a result code, then an event without a line end before it");
    static const char data[] = "\r\nOK\r\nERROR\r\n";
    static const wizfi360_ipd ipd = {
        .has_link = true, .link = 1, .has_remote_ip = true, .remote_ip = { { 192, 168, 0, 10 } },
        .has_remote_port = true, .remote_port = 5000, .data = { (const uint8_t *)data, sizeof data - 1 },
    };
    static const wizfi360_closed closed = { .has_link = true, .link = 1 };
    at_status s = wizfi360_module_ipd(&module, &ipd);
    at_poll(&module.module.link);
    if (s == AT_OK) s = wizfi360_module_closed(&module, &closed);
    at_poll(&module.module.link);
    move(&to_host, &host.host.link, '<');
    at_poll(&host.host.link);
    return s != AT_OK;
}
