/* A module with one handler, as a user writes it: each way to build it is tried with this file.
 * SPDX-License-Identifier: MIT */
#include "toy_module.h"

static at_status set(toy_module *m, const toy_vol_set *cmd) { (void)m; return cmd->volume == 7 ? AT_OK : AT_REFUSED; }
static const toy_module_handlers handlers = { .vol_set = set };
static unsigned char wire[64];
static size_t wire_n;
static size_t put(void *ctx, const uint8_t *p, size_t n)
{
    (void)ctx;
    for (size_t i = 0; i < n && wire_n < sizeof wire; i++) wire[wire_n++] = p[i];
    return n;
}
static uint32_t now(void *ctx) { (void)ctx; return 0; }

int main(void)
{
    static toy_module module;
    static unsigned char buffer[1024];
    const at_port port = { put, now, NULL, NULL, NULL };
    if (toy_module_init(&module, &handlers, &port, buffer, sizeof buffer, NULL) != AT_OK) return 1;
    if (at_feed(&module.module.link, (const uint8_t *)"AT+VOL=7\r", 9) != 9) return 2;
    at_poll(&module.module.link);
    return wire_n == 6 && wire[2] == 'O' ? 0 : 3;
}
