/* What the generated module side costs on a Cortex-M3: instructions per command line, and whether a byte is lost when they
 * come at line rate, an interrupt each. For `make bench`, which emulates one instruction per MEASURE_NS nanoseconds.
 * STREAM is a file of command lines.
 * SPDX-License-Identifier: 0BSD */
#include "at_ring.h"
#include "board.h"
#include "wizfi360_module.h"

#ifndef MEASURE_NS
#define MEASURE_NS 1            /* nanoseconds an instruction takes */
#endif
enum { CYCLE_NS = 40, CLOCK_HZ = 25000000, BITS = 10, ROUNDS = 40, HIGHEST = 3000000, STEP = 50000 };

__asm__(".section .rodata\n.global stream, stream_end\nstream: .incbin \"" STREAM "\"\nstream_end:\n.text");
extern const uint8_t stream[], stream_end[];

static wizfi360_module module;
static uint8_t buffer[2048], received[256];
static at_ring ring = AT_RING(received);
static const uint8_t *next;

static size_t drop(void *ctx, const uint8_t *p, size_t n)
{
    (void)ctx;
    (void)p;
    return n;
}

static uint32_t now(void *ctx)
{
    (void)ctx;
    return board_millis();
}

/* Refuses, which ends any form. */
static at_status refuse(at_module *m, unsigned form, const void *fields, void *ctx)
{
    (void)m;
    (void)form;
    (void)fields;
    (void)ctx;
    return AT_REFUSED;
}

static uint32_t lines_in_stream(void)
{
    uint32_t n = 0;
    for (const uint8_t *p = stream; p < stream_end; p++) n += *p == '\n';
    return n;
}

static void feed_all(const uint8_t *p, const uint8_t *end)
{
    at_link *link = wizfi360_module_link(&module);
    while (p < end) {
        p += at_feed(link, p, (size_t)(end - p));
        at_poll(link);
    }
}

static void measure_instructions(void)
{
    uint32_t began = board_cycles(), lines = lines_in_stream();
    for (unsigned i = 0; i < ROUNDS; i++) feed_all(stream, stream_end);
    board_print("chip-instructions-per-line ", (board_cycles() - began) * (CYCLE_NS / MEASURE_NS) / (lines * ROUNDS));
}

/* One byte has come from the line. */
static void byte_came(void)
{
    if (next < stream_end) (void)at_ring_put(&ring, *next++);
}

/* How many bytes are lost when the stream comes at this rate. */
static uint32_t lost_at(uint32_t baud)
{
    ring.lost = 0;
    next = stream;
    board_tick(CLOCK_HZ / baud * BITS + CLOCK_HZ % baud * BITS / baud, byte_came);
    while (next < stream_end || ring.in != ring.out) {
        at_ring_feed(&ring, wizfi360_module_link(&module));
        at_poll(wizfi360_module_link(&module));
    }
    board_tick(0, byte_came);
    return ring.lost;
}

/* The highest rate at which none is lost. */
static uint32_t highest_rate(void)
{
    uint32_t baud = HIGHEST;
    while (baud > STEP && lost_at(baud) > 0) baud -= STEP;
    return baud;
}

int main(void)
{
    static const wizfi360_module_handlers none = { .at_exec = NULL };
    static const at_module_hook hook = { refuse, NULL, NULL };
    const at_port port = { drop, now, NULL, NULL, NULL };
    if (wizfi360_module_init(&module, &none, &port, buffer, sizeof buffer, NULL) != AT_OK) return 1;
    module.module.hook = &hook;
    if (MEASURE_NS < CYCLE_NS) {
        measure_instructions();
    } else {
        board_print("chip-bytes-lost-at-921600-baud ", lost_at(921600));
        board_print("chip-bytes-lost-at-3000000-baud ", lost_at(3000000));
        board_print("chip-baud-without-loss ", highest_rate());
    }
    return 0;
}
