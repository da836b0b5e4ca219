/* The smallest WizFi360 that is of use: it joins a network as a station, opens one TCP connection, sends and receives.
 * Its ten commands stand in the file `commands`, which `atgen gen --side module --only @commands wizfi360` takes: no
 * questions, no access point of its own, no UDP, no SSL, and without +CIPMUX and +CIPMODE no link ids and no transparent
 * mode. AT and ATE need no handler: the runtime answers them.
 * SPDX-License-Identifier: 0BSD */
#include "../chip/board.h"
#include "at_ring.h"
#include "net.h"
#include "wizfi360_module.h"

static wizfi360_module module;
static uint8_t buffer[WIZFI360_MODULE_BUFFER], received[256];
static at_ring ring = AT_RING(received);
static bool is_open, is_restarting, is_leaving;         /* is_leaving: a payload is on its way to the host */

/* URCs that are still to be sent, first things first. */
enum { READY = 1, CONNECTED = 2, GOT_IP = 4, DISCONNECT = 8, CLOSED = 16 };
static unsigned due;

/* ---- handlers ---- */
static at_status restart(wizfi360_module *m)
{
    (void)m;
    is_restarting = true;       /* when its OK has left */
    return AT_OK;
}

static at_status version(wizfi360_module *m)
{
    static const wizfi360_gmr_exec_result x = {
        .at_version = AT_TEXT("AT version: 1.0"), .sdk_version = AT_TEXT("SDK version: none"),
        .compile_time = AT_TEXT("compile time: today"),
    };
    return wizfi360_module_gmr_exec_ok(m, &x);
}

static at_status set_mode(wizfi360_module *m, const wizfi360_cwmode_set *cmd)
{
    (void)m;
    return cmd->mode == WIZFI360_CWMODE_MODE_STATION ? AT_OK : AT_INVALID;
}

static at_status join(wizfi360_module *m, const wizfi360_cwjap_set *cmd)
{
    (void)m;
    net_join(cmd->ssid.p, cmd->pwd.p);
    return AT_PENDING;
}

static at_status leave(wizfi360_module *m)
{
    (void)m;
    net_leave();
    return AT_OK;
}

static at_status open_tcp(wizfi360_module *m, const wizfi360_cipstart_tcp *cmd)
{
    if (is_open) return wizfi360_module_cipstart_tcp_already_connected(m);
    net_open(cmd->host.p, cmd->remote_port);
    return AT_PENDING;
}

static at_status send_data(wizfi360_module *m, const wizfi360_cipsend_set *cmd)
{
    (void)cmd;
    return is_open ? wizfi360_module_cipsend_set_prompt(m) : AT_INVALID;
}

/* Of a connection that is closed under way the rest goes nowhere. */
static size_t data_came(wizfi360_module *m, const at_chunk *c)
{
    size_t n = is_open ? net_send(c->p, c->n) : c->n;
    at_status s = AT_OK;
    if (c->status == AT_OK && n == c->n)
        s = is_open ? wizfi360_module_cipsend_set_send_ok(m) : wizfi360_module_cipsend_set_send_fail(m);
    (void)s;                    /* result codes always have room */
    return n;
}

static at_status close_tcp(wizfi360_module *m)
{
    (void)m;
    if (!is_open) return AT_INVALID;
    net_close();
    return AT_OK;
}

static void payload_left(wizfi360_module *m, at_bytes payload)
{
    (void)m;
    (void)payload;
    is_leaving = false;
    net_release();
}

static const wizfi360_module_handlers handlers = {
    .rst_exec = restart, .gmr_exec = version, .cwmode_set = set_mode, .cwjap_set = join, .cwqap_exec = leave,
    .cipstart_tcp = open_tcp, .cipsend_set = send_data, .cipsend_set_data = data_came, .cipclose_exec = close_tcp,
    .sent = payload_left,
};

/* ---- what happens on the network ---- */
static at_status refuse_join(wizfi360_join reason)
{
    wizfi360_cwjap_set_result why = { .reason = reason };
    return wizfi360_module_cwjap_set_fail(&module, &why);
}

/* AT_AGAIN: there is no room to say so, it is to be looked at again. */
static at_status happened(net_event event)
{
    at_status s = AT_OK;
    switch (event) {
    case NET_JOINED:
        due |= CONNECTED | GOT_IP;
        return wizfi360_module_cwjap_set_ok(&module);
    case NET_WRONG_PASSWORD:
        return refuse_join(WIZFI360_JOIN_WRONG_PASSWORD);
    case NET_NO_SUCH_AP:
        return refuse_join(WIZFI360_JOIN_NO_SUCH_AP);
    case NET_LEFT:
        due |= DISCONNECT;
        break;
    case NET_OPENED:
        s = wizfi360_module_connect(&module);
        if (s == AT_OK) s = wizfi360_module_cipstart_tcp_ok(&module);
        is_open = s == AT_OK;
        break;
    case NET_FAILED:
        return wizfi360_module_error(&module);
    case NET_CLOSED:
        is_open = false;
        due |= CLOSED;
        break;
    case NET_NOTHING:
        break;
    }
    return s;
}

static void look_at_network(void)
{
    static net_event event;     /* the one that is not done with */
    if (event == NET_NOTHING) event = net_next();
    if (happened(event) != AT_AGAIN) event = NET_NOTHING;
}

static void say_what_is_due(void)
{
    static const struct { unsigned what; at_status (*say)(wizfi360_module *); } urcs[] = {
        { READY, wizfi360_module_ready }, { CONNECTED, wizfi360_module_wifi_connected },
        { GOT_IP, wizfi360_module_wifi_got_ip }, { CLOSED, wizfi360_module_closed },
        { DISCONNECT, wizfi360_module_wifi_disconnect },
    };
    for (size_t i = 0; i < sizeof urcs / sizeof *urcs; i++)
        if (due & urcs[i].what) {
            if (urcs[i].say(&module) == AT_AGAIN) return;
            due &= ~urcs[i].what;
        }
}

static void hand_over_data(void)
{
    wizfi360_ipd x;
    if (is_leaving || due != 0) return;
    net_peer(x.remote_ip.b, &x.remote_port);
    x.data.n = net_received(&x.data.p);
    is_leaving = x.data.n > 0 && wizfi360_module_ipd(&module, &x) == AT_OK;
}

static void restart_when_said(at_link *link)
{
    if (!is_restarting || at_wants_write(link)) return;
    is_restarting = is_open = is_leaving = false;
    due = READY;
    net_restart();
    at_restart(link);
}

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
    at_link *link = wizfi360_module_link(&module);
    if (wizfi360_module_init(&module, &handlers, &port, buffer, sizeof buffer, NULL) != AT_OK) return 1;
    board_init(byte_came);
    for (due = READY;;) {
        at_ring_feed(&ring, link);
        look_at_network();
        say_what_is_due();
        hand_over_data();
        at_poll(link);
        restart_when_said(link);
        board_irq(0);
        if (ring.in == ring.out && !at_wants_write(link)) board_sleep();        /* the clock wakes it, too */
        board_irq(1);
    }
}
