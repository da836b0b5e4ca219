/* Feeds a file to one side of a dialect whose generated file was compiled with AT_ALONE, so that callgrind can count
 * instructions: feed lines FILE N feeds its first N lines, from the start again when there are no more; feed whole FILE N
 * feeds all of it at once, N times. -DDIALECT=wizfi360 -DHEADER='"wizfi360_module.h"', for a host -DHOST too. Nothing is handled:
 * commands are refused, URCs not called back.
 * SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include HEADER

#define JOIN(a, b) a##b
#define NAME(dialect, rest) JOIN(dialect, rest)

static char bytes[1 << 22], buffer[8192];

static size_t drop(void *ctx, const uint8_t *p, size_t n)
{
    (void)ctx;
    (void)p;
    return n;
}

static uint32_t still(void *ctx)
{
    (void)ctx;
    return 0;
}

static at_link *begin(void)
{
    static const at_port port = { drop, still, NULL, NULL, NULL };
#ifdef HOST
    static NAME(DIALECT, _host) host;
    static const NAME(DIALECT, _host_events) none;
    if (NAME(DIALECT, _host_init)(&host, &none, &port, buffer, sizeof buffer, NULL) != AT_OK) abort();
    return NAME(DIALECT, _host_link)(&host);
#else
    static NAME(DIALECT, _module) module;
    static const NAME(DIALECT, _module_handlers) none;
    if (NAME(DIALECT, _module_init)(&module, &none, &port, buffer, sizeof buffer, NULL) != AT_OK) abort();
    return NAME(DIALECT, _module_link)(&module);
#endif
}

static void feed(at_link *link, const char *p, size_t n)
{
    while (n > 0) {
        size_t took = at_feed(link, (const uint8_t *)p, n);
        at_poll(link);
        p += took;
        n -= took;
        if (took == 0) abort();
    }
}

int main(int argc, char **argv)
{
    FILE *f = argc == 4 ? fopen(argv[2], "rb") : NULL;
    if (!f) return 2;
    size_t n = fread(bytes, 1, sizeof bytes, f);
    at_link *link = begin();
    const char *p = bytes, *end = bytes + n;
    for (unsigned long times = strtoul(argv[3], NULL, 10); n > 0 && times > 0; times--) {
        const char *line = memchr(p, '\n', (size_t)(end - p));
        const char *stop = *argv[1] == 'w' || !line ? end : line + 1;
        feed(link, p, (size_t)(stop - p));
        p = stop == end ? bytes : stop;
    }
    fclose(f);
    return 0;
}
