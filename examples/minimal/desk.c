/* A board on a desk, to try the firmware on: the serial line is standard input and output, and the network is made up:
 * one access point, "desk" with the password "12345678", and peers that send back what they get. Nobody is at "nobody".
 * SPDX-License-Identifier: 0BSD */
#include <poll.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "../chip/board.h"
#include "net.h"

enum { TICK_MS = 1, EVENTS = 8, ROOM = 700 };

static net_event events[EVENTS];
static unsigned first_event, n_events;
static bool has_joined, is_open, is_closing;
static uint8_t echo[ROOM];
static size_t echo_n, lent;     /* bytes that wait for the host; so many of them are on their way */

static void note(net_event event)
{
    if (n_events < EVENTS) events[(first_event + n_events++) % EVENTS] = event;
}

/* ---- net.h ---- */
net_event net_next(void)
{
    net_event event = NET_NOTHING;
    if (is_closing && echo_n == 0) {
        is_closing = false;
        event = NET_CLOSED;
    } else if (n_events > 0) {
        event = events[first_event];
        first_event = (first_event + 1) % EVENTS;
        n_events--;
    }
    return event;
}

void net_restart(void)
{
    has_joined = is_open = is_closing = false;
    n_events = 0;
    echo_n = lent = 0;
}

void net_join(const char *ssid, const char *password)
{
    has_joined = strcmp(ssid, "desk") == 0 && strcmp(password, "12345678") == 0;
    note(has_joined ? NET_JOINED : strcmp(ssid, "desk") == 0 ? NET_WRONG_PASSWORD : NET_NO_SUCH_AP);
}

void net_close(void)
{
    is_closing = is_open;
    is_open = false;
}

void net_leave(void)
{
    net_close();
    if (has_joined) note(NET_LEFT);
    has_joined = false;
}

void net_open(const char *host, uint16_t port)
{
    (void)port;
    is_open = has_joined && strcmp(host, "nobody") != 0;
    note(is_open ? NET_OPENED : NET_FAILED);
}

size_t net_send(const uint8_t *p, size_t n)
{
    size_t taken = n < ROOM - echo_n ? n : ROOM - echo_n;
    memcpy(echo + echo_n, p, taken);
    echo_n += taken;
    return taken;
}

size_t net_received(const uint8_t **p)
{
    *p = echo;
    return lent = echo_n;
}

void net_release(void)
{
    echo_n -= lent;
    memmove(echo, echo + lent, echo_n);
    lent = 0;
}

void net_peer(uint8_t address[4], uint16_t *port)
{
    static const uint8_t peer[4] = { 192, 0, 2, 1 };
    memcpy(address, peer, sizeof peer);
    *port = 5000;
}

/* ---- board.h: what comes while it sleeps would be interrupts elsewhere ---- */
static void (*byte_came)(uint8_t);

void board_init(void (*on_byte)(uint8_t)) { byte_came = on_byte; }

void board_irq(int on) { (void)on; }

uint32_t board_millis(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint32_t)t.tv_sec * 1000u + (uint32_t)(t.tv_nsec / 1000000);
}

size_t board_write(const uint8_t *p, size_t n)
{
    ssize_t written = write(1, p, n);
    if (written < 0) exit(1);
    return (size_t)written;
}

void board_sleep(void)
{
    struct pollfd line = { 0, POLLIN, 0 };
    uint8_t bytes[64];
    ssize_t n = 0;
    if (n_events == 0 && poll(&line, 1, TICK_MS) > 0) n = read(0, bytes, sizeof bytes);
    if (line.revents && n <= 0) exit(0);        /* nobody is there any more */
    for (ssize_t i = 0; i < n; i++) byte_came(bytes[i]);
}
