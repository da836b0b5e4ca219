/* A spec leaves out what frames a line. It is put back here: whether a step is a line or data the
 * decoder knows, which has read what came before. SPDX-License-Identifier: MIT */
#include "example.h"

#include <stdlib.h>
#include <string.h>

#include "exchange.h"
#include "store.h"

typedef struct play {
    decode *decode;
    example_event *event;
    void *ctx;
    char *heard;
    size_t n;    /* all that the module has said, as it was fed */
    size_t mark; /* where its last event ended */
    char last;   /* direction of the step before */
} play;

/* Data begins where the line before it ended; line ends between them are framing. */
static const char *data_of(const play *p, const at_event *e)
{
    size_t at = p->mark;
    while (p->n - at > e->n && (p->heard[at] == '\r' || p->heard[at] == '\n'))
        at++;
    return p->n - at >= e->n ? p->heard + at : NULL;
}

static void saw(void *ctx, char from, const at_event *e)
{
    play *p = ctx;
    bool is_data = from == 'm' && e->saw == AT_SAW_DATA;
    p->event(p->ctx, p->decode, from, e, is_data ? data_of(p, e) : NULL);
    if (from == 'm') p->mark = p->n;
}

/* Byte by byte, so that an event comes with the byte that completes it. */
static void feed_module(play *p, const char *bytes, size_t n)
{
    for (; n > 0; n--, bytes++) {
        p->heard[p->n++] = *bytes;
        decode_feed(p->decode, '<', bytes, 1);
    }
}

/* The module has said all: a body ends with silence, lines that repeat may end with an empty one.
 */
static void end_lines(play *p)
{
    if (p->last != '<') return;
    if (decode_in_body(p->decode))
        decode_end(p->decode);
    else if (!decode_in_data(p->decode, '<'))
        feed_module(p, "\r\n", 2);
}

static void play_module(play *p, const exchange_step *s)
{
    feed_module(p, s->bytes, s->n);
    if (s->n > 0 && s->bytes[s->n - 1] == '\n') return;
    if (!decode_in_data(p->decode, '<')) feed_module(p, "\r\n", 2);
}

static void play_host(play *p, const exchange_step *s)
{
    const at_tables *t = decode_tables(p->decode, 'h');
    const char *end = t->text + t->command_end;
    bool is_data = decode_in_data(p->decode, '>');
    bool is_framed = s->n > 0 && (s->bytes[s->n - 1] == '\n' || s->bytes[s->n - 1] == '\r');
    end_lines(p);
    decode_feed(p->decode, '>', s->bytes, s->n);
    if (!is_data && !is_framed) decode_feed(p->decode, '>', end, strlen(end));
}

static void play_steps(play *p, FILE *text)
{
    exchange *x = exchange_new(text);
    exchange_step s;
    if (!x) return;
    while (exchange_next(x, &s) > 0) {
        if (s.direction == '<')
            play_module(p, &s);
        else if (s.direction == '>')
            play_host(p, &s);
        else
            end_lines(p);
        p->last = s.direction;
    }
    exchange_free(x);
    decode_end(p->decode);
}

void example_play(const at_names *names, const at_example *e, example_event *event, void *ctx)
{
    size_t size = strlen(e->text);
    play p = {NULL, event, ctx, store_memory(4 * size + 4), 0, 0, 0};
    FILE *text = fmemopen((void *)(uintptr_t)e->text, size, "r");
    p.decode = decode_new(names, saw, &p);
    if (text && p.decode) {
        decode_given(p.decode, e->given, e->n_given);
        play_steps(&p, text);
    }
    if (p.decode) decode_free(p.decode);
    if (text) fclose(text);
    free(p.heard);
}
