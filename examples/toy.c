/* The README's toy: its module and its driver in one program, over two byte queues.
 * Generate first: build/atgen gen -o out tests/golden/toy.atspec
 * cc -std=c99 -Iout -Iruntime examples/toy.c out/toy_module.c out/toy_host.c runtime/[a-z]*.c -o toy
 * SPDX-License-Identifier: 0BSD */
#include <stdio.h>
#include <string.h>

#include "toy_host.h"
#include "toy_module.h"

/* ---- the wire ---- */
typedef struct queue { uint8_t bytes[256]; size_t n; } queue;

static queue to_module, to_host;

static size_t put(void *ctx, const uint8_t *p, size_t n)
{
    queue *q = (queue *)ctx;
    if (n > sizeof q->bytes - q->n) n = sizeof q->bytes - q->n;
    memcpy(q->bytes + q->n, p, n);
    q->n += n;
    return n;
}

static void deliver(queue *q, at_link *link)
{
    size_t took = at_feed(link, q->bytes, q->n);
    memmove(q->bytes, q->bytes + took, q->n - took);
    q->n -= took;
    at_poll(link);
}

static uint32_t now(void *ctx)
{
    static uint32_t ms;
    (void)ctx;
    return ms++;
}

/* ---- firmware ---- */
static uint8_t speaker;

static at_status set_volume(toy_module *m, const toy_vol_set *cmd)
{
    (void)m;
    speaker = cmd->volume;
    return AT_OK;
}

static at_status get_volume(toy_module *m)
{
    toy_vol_read_result r = { .volume = speaker };
    return toy_module_vol_read_ok(m, &r);
}

static const toy_module_handlers handlers = { .vol_set = set_volume, .vol_read = get_volume };

/* ---- driver ---- */
static void was_set(at_request *r, at_status s, const toy_vol_set_result *x, void *ctx)
{
    (void)r;
    (void)x;
    (void)ctx;
    printf("set: %s\n", at_status_text(s));
}

static void was_read(at_request *r, at_status s, const toy_vol_read_result *x, void *ctx)
{
    (void)r;
    (void)ctx;
    if (s == AT_OK) printf("the volume is %d\n", x->volume);
    else printf("read: %s\n", at_status_text(s));
}

int main(void)
{
    static toy_module module;
    static toy_host host;
    static uint8_t module_buffer[TOY_MODULE_BUFFER], host_buffer[TOY_HOST_BUFFER];
    static const toy_host_events events = { 0 };
    static const toy_vol_set louder = { .volume = 7 };
    static at_request set, read;
    const at_port module_port = { put, now, NULL, NULL, &to_host };
    const at_port host_port = { put, now, NULL, NULL, &to_module };

    if (toy_module_init(&module, &handlers, &module_port, module_buffer, sizeof module_buffer, NULL) != AT_OK ||
        toy_host_init(&host, &events, &host_port, host_buffer, sizeof host_buffer, NULL) != AT_OK ||
        toy_host_vol_set(&host, &set, &louder, was_set, NULL) != AT_OK ||
        toy_host_vol_read(&host, &read, was_read, NULL) != AT_OK) return 1;
    while (!at_idle(&host.host.link)) {
        at_poll(&host.host.link);
        deliver(&to_module, &module.module.link);
        deliver(&to_host, &host.host.link);
    }
    return 0;
}
