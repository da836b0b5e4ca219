/* A WizFi360 in a chip: the generated module side behind a UART with receive interrupts. Its air is made up: two access
 * points, and one peer that sends back whatever it gets.
 * SPDX-License-Identifier: 0BSD */
#include <string.h>

#include "at_ring.h"
#include "board.h"
#include "wizfi360_module.h"

enum { SETTLE_MS = 20, PEER = 2048 };

static wizfi360_module module;
static uint8_t buffer[2048], received[1024];
static at_ring ring = AT_RING(received);

/* ---- the peer ---- */
static uint8_t echo[PEER];
static size_t echo_n;           /* bytes it has got and sends back */
static bool echo_due, leaving;  /* they wait to be sent; they are being sent */
static uint8_t echo_link;
static bool several;            /* connections: lines carry a link id */
static uint32_t join_at;        /* when the access point has let us in; 0: not asked */

static size_t peer_takes(const at_chunk *c)
{
    size_t n = c->n < PEER - echo_n ? c->n : PEER - echo_n;
    if (leaving) return 0;      /* offered again */
    memcpy(echo + echo_n, c->p, n);
    echo_n += n;
    return n;
}

static void peer_speaks(void)
{
    wizfi360_ipd x = {
        .has_link = several, .has_remote_ip = true, .has_remote_port = true,
        .remote_ip = { { 192, 168, 0, 10 } }, .remote_port = 5000,
    };
    if (!echo_due || leaving) return;
    x.link = echo_link;
    x.data.p = echo;
    x.data.n = echo_n;
    leaving = wizfi360_module_ipd(&module, &x) == AT_OK;
    echo_due = !leaving;
}

static void peer_speaks_transparently(void)
{
    size_t n = at_module_in_transparent(&module.module) ? at_module_send(&module.module, echo, echo_n) : 0;
    memmove(echo, echo + n, echo_n -= n);
}

/* ---- handlers ---- */
static at_status accept(wizfi360_module *m)
{
    (void)m;
    return AT_OK;
}

static at_status version(wizfi360_module *m)
{
    static const wizfi360_gmr_exec_result x = {
        .at_version = AT_TEXT("made from a spec"), .sdk_version = AT_TEXT("Cortex-M3"), .compile_time = AT_TEXT("today"),
    };
    return wizfi360_module_gmr_exec_ok(m, &x);
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

static at_status join(wizfi360_module *m, const wizfi360_cwjap_set *cmd)
{
    wizfi360_cwjap_set_result why = { .has_reason = true, .reason = WIZFI360_JOIN_WRONG_PASSWORD };
    if (strcmp(cmd->pwd.p, "12345678") != 0) return wizfi360_module_cwjap_set_fail(m, &why);
    join_at = board_millis() + SETTLE_MS;
    return AT_PENDING;
}

static void join_when_due(void)
{
    if (join_at == 0 || (int32_t)(board_millis() - join_at) < 0) return;
    join_at = 0;
    if (wizfi360_module_cwjap_set_ok(&module) != AT_OK || wizfi360_module_wifi_got_ip(&module) != AT_OK) board_exit(0);
}

static at_status set_mux(wizfi360_module *m, const wizfi360_cipmux_set *cmd)
{
    (void)m;
    several = cmd->mode == WIZFI360_CIPMUX_MODE_MULTI;
    return AT_OK;
}

static at_status set_mode(wizfi360_module *m, const wizfi360_cipmode_set *cmd)
{
    (void)m;
    (void)cmd;
    return AT_OK;
}

static at_status open_tcp(wizfi360_module *m, const wizfi360_cipstart_tcp *cmd)
{
    (void)m;
    echo_link = (uint8_t)cmd->link;
    return AT_OK;
}

static at_status send_to_peer(wizfi360_module *m, const wizfi360_cipsend_set *cmd)
{
    (void)cmd;
    if (echo_due || leaving) return AT_AGAIN;
    echo_n = 0;
    return wizfi360_module_cipsend_set_prompt(m);
}

static size_t sent_to_peer(wizfi360_module *m, const at_chunk *c)
{
    size_t n = peer_takes(c);
    if (c->status == AT_OK && n == c->n) {
        if (wizfi360_module_cipsend_set_send_ok(m) != AT_OK) board_exit(0);
        echo_due = true;
    }
    return n;
}

static at_status send_transparently(wizfi360_module *m)
{
    echo_n = 0;
    return wizfi360_module_cipsend_exec_prompt(m);
}

static size_t transparent(wizfi360_module *m, const at_chunk *c)
{
    (void)m;
    return peer_takes(c);
}

static void sent(wizfi360_module *m, at_bytes payload)
{
    (void)m;
    (void)payload;
    leaving = false;
}

static at_status close_link(wizfi360_module *m, const wizfi360_cipclose_set *cmd)
{
    (void)m;
    (void)cmd;
    return AT_OK;
}

static const wizfi360_module_handlers handlers = {
    .at_exec = accept, .gmr_exec = version, .cwlap_exec = scan, .cwjap_set = join, .cipmux_set = set_mux,
    .cipmode_set = set_mode, .cipstart_tcp = open_tcp, .cipclose_exec = accept, .cipclose_set = close_link,
    .cipsend_set = send_to_peer, .cipsend_set_data = sent_to_peer,
    .cipsend_exec = send_transparently, .cipsend_exec_transparent = transparent, .sent = sent,
};

/* ---- the loop ---- */
static void byte_came(uint8_t byte) { (void)at_ring_put(&ring, byte); }

static size_t port_write(void *ctx, const uint8_t *p, size_t n)
{
    (void)ctx;
    return board_write(p, n);
}

static uint32_t port_now(void *ctx)
{
    (void)ctx;
    return board_millis();
}

int main(void)
{
    const at_port port = { port_write, port_now, NULL, NULL, NULL };
    if (wizfi360_module_init(&module, &handlers, &port, buffer, sizeof buffer, NULL) != AT_OK) return 1;
    board_init(byte_came);
    while (ring.lost == 0) {
        at_ring_feed(&ring, wizfi360_module_link(&module));
        join_when_due();
        peer_speaks();
        peer_speaks_transparently();
        at_poll(wizfi360_module_link(&module));
        board_irq(0);
        if (ring.in == ring.out && !at_wants_write(wizfi360_module_link(&module))) board_sleep();   /* the clock wakes it */
        board_irq(1);
    }
    return 1;
}
