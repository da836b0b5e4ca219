/* A ring buffer between a receive interrupt and the loop that feeds a link: one producer, one
 * consumer, no lock. The interrupt calls at_ring_put, the loop at_ring_feed; at_feed is never
 * called from an interrupt. A header alone, so that it costs nothing where it is not used.
 *
 *     static uint8_t bytes[256];                   // a power of two
 *     static at_ring ring = AT_RING(bytes);
 *     void uart_isr(void) { at_ring_put(&ring, UART->DATA); }
 *     for (;;) { at_ring_feed(&ring, link); sleep_at_most(at_poll(link)); }
 *
 * Right on one core (interrupt and loop, or two tasks). For two cores put a barrier of theirs into
 * AT_RING_BARRIER.
 * SPDX-License-Identifier: 0BSD */
#ifndef AT_RING_H
#define AT_RING_H

#include "atlink.h"

#ifdef __cplusplus
extern "C" {
#endif

#ifndef AT_RING_BARRIER
#if defined(__GNUC__)
#define AT_RING_BARRIER() __asm__ volatile("" ::: "memory")
#else
#define AT_RING_BARRIER() ((void)0)
#endif
#endif

typedef struct at_ring {
    uint8_t *bytes;
    uint32_t size;              /* a power of two, at most 2^31 */
    volatile uint32_t in, out;  /* bytes ever put, ever taken; they wrap */
    volatile uint32_t lost;     /* bytes that found no room */
} at_ring;

#define AT_RING(array) { (array), sizeof (array), 0, 0, 0 }

/* Producer. False: no room, the byte is lost and counted. Stop the sender (RTS) before that: see
 * at_ring_room. */
static inline bool at_ring_put(at_ring *r, uint8_t byte)
{
    uint32_t in = r->in;
    if (in - r->out == r->size) {
        r->lost = r->lost + 1;
        return false;
    }
    r->bytes[in & (r->size - 1)] = byte;
    AT_RING_BARRIER();
    r->in = in + 1;
    return true;
}

static inline uint32_t at_ring_room(const at_ring *r)
{
    return r->size - (r->in - r->out);
}

/* Consumer. Hands to the link what has come and says how much it took. What the link does not take
 * stays; call at_poll and come again. */
static inline size_t at_ring_feed(at_ring *r, at_link *link)
{
    size_t taken, all = 0;
    do {
        uint32_t out = r->out, n = r->in - out, at = out & (r->size - 1);
        if (n > r->size - at) n = r->size - at;     /* up to the end of the array */
        if (n == 0) break;
        AT_RING_BARRIER();
        taken = at_feed(link, r->bytes + at, n);
        AT_RING_BARRIER();
        r->out = out + (uint32_t)taken;
        all += taken;
    } while (taken > 0);
    return all;
}

#ifdef __cplusplus
}
#endif
#endif
