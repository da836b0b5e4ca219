/* The software module of every shipped dialect: each command of the spec's examples gets an answer
 * that the dialect's own parsers understand, and what was set is read back. Nothing here knows a
 * dialect. SPDX-License-Identifier: MIT */
#include <check.h>
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "args.h"
#include "decode.h"
#include "exchange.h"
#include "../roundtrip/report.h"
#include "store.h"
#include "world.h"

/* ---- a module, and a decoder that listens ---- */
typedef struct bench {
    const at_names *names;
    world *world;
    decode *decode;
    at_module module;
    at_module_class class;
    char *buffer, *fields;
    int32_t *settings;
    at_cell cells[AT_CELLS_MAX];
    char said[65536];
    size_t n;
    uint32_t now;
    unsigned finals, bad;     /* events */
    const at_form_name *form; /* of the last command */
    const char *member;
    store args, answered; /* of that command; of all lines after it */
    bool is_host;         /* where values go */
    bool verbose;
} bench;

static size_t port_write(void *ctx, const uint8_t *p, size_t n)
{
    bench *b = ctx;
    if (n > sizeof b->said - b->n) n = sizeof b->said - b->n;
    memcpy(b->said + b->n, p, n);
    b->n += n;
    return n;
}

static uint32_t port_now(void *ctx)
{
    return ((bench *)ctx)->now;
}

static void note_value(void *ctx, const args_value *v)
{
    bench *b = ctx;
    char *text = store_memory(v->n + 1);
    size_t n = args_plain(decode_tables(b->decode, b->is_host ? 'h' : 'm'), v, text);
    store_put(b->is_host ? &b->args : &b->answered, "", v->param->name, text, n);
    free(text);
}

static void note_command(bench *b, const at_event *e)
{
    b->form = &b->names->forms[e->form];
    b->member = b->form->command;
    for (const char *const *m = b->form->members; *m; m++)
        if (strlen(*m) == e->name_n && memcmp(*m, e->name, e->name_n) == 0) b->member = *m;
    store_clear(&b->args);
    store_clear(&b->answered);
}

static void saw(void *ctx, char from, const at_event *e)
{
    bench *b = ctx;
    b->is_host = from == 'h';
    if (e->saw == AT_SAW_COMMAND) note_command(b, e);
    if (e->saw == AT_SAW_FINAL || (from == 'm' && e->saw == AT_SAW_DATA)) b->finals++;
    if (e->saw == AT_SAW_REJECTED || e->saw == AT_SAW_UNKNOWN) {
        b->bad++;
        if (b->verbose) printf("# %s: %.*s\n", b->names->dialect, (int)e->n, e->text);
    }
    if (e->line == UINT16_MAX || e->saw == AT_SAW_URC) return;
    args_each(e, decode_tables(b->decode, from), decode_line(b->decode, from, e->line), note_value,
              b);
}

static void apply(const at_tables *t, int32_t *settings, const at_example *e)
{
    for (unsigned i = 0; i < e->n_given; i++) {
        const at_setting *s = &t->settings[e->given[i].setting];
        for (unsigned key = 0; key < s->keys; key++)
            settings[s->base + key] = e->given[i].value;
    }
}

/* A module that has just started, with the example's settings. */
static void bench_start(bench *b, const at_example *e)
{
    const at_port port = {port_write, port_now, NULL, NULL, b};
    b->n = 0;
    b->finals = b->bad = 0;
    b->form = NULL;
    b->decode = decode_new(b->names, saw, b);
    at_status status = at_module_init(&b->module, &b->class, &port, b->buffer,
                                      b->names->module_buffer, b->fields, b->settings, b->cells, NULL);
    ck_assert(b->decode && status == AT_OK);
    world_attach(b->world, &b->module);
    decode_given(b->decode, e->given, e->n_given);
    apply(&b->names->module->tables->t, b->settings, e);
}

static void bench_stop(bench *b)
{
    decode_free(b->decode);
    store_clear(&b->args);
    store_clear(&b->answered);
}

static bench *bench_new(const at_names *names)
{
    bench *b = store_memory(sizeof *b);
    b->names = names;
    b->class = *names->module;
    b->class.sent = NULL;
    b->buffer = store_memory(names->module_buffer);
    b->fields = store_memory(names->module_fields);
    b->settings = store_memory(sizeof *b->settings * (names->module->tables->t.n_settings + 1u));
    b->world = world_new(names);
    b->verbose = true;
    return b;
}

static void bench_free(bench *b)
{
    world_free(b->world);
    free(b->settings);
    free(b->fields);
    free(b->buffer);
    free(b);
}

/* What the module has said goes to the decoder. */
static void hear(bench *b)
{
    decode_feed(b->decode, '<', b->said, b->n);
    b->n = 0;
}

static void settle(bench *b)
{
    for (int i = 0; i < 8; i++) {
        world_poll(b->world);
        at_poll(&b->module.link);
        hear(b);
    }
    if (decode_in_body(b->decode)) decode_end(b->decode);
}

static void feed(bench *b, const char *bytes, size_t n)
{
    decode_feed(b->decode, '>', bytes, n);
    while (n > 0) {
        size_t took = at_feed(&b->module.link, (const uint8_t *)bytes, n);
        settle(b);
        bytes += took;
        n -= took;
        b->now += took ? 0 : 10;
    }
    settle(b);
}

enum { GUARD_MS = 1100 };

/* A step of an example: a line, data, or the escape from transparent mode. */
static void say(bench *b, const char *bytes, size_t n)
{
    const at_tables *t = &b->names->module->tables->t;
    const char *end = t->text + t->command_end;
    bool is_data = at_module_in_data(&b->module);
    b->now += GUARD_MS;
    at_poll(&b->module.link);
    feed(b, bytes, n);
    if (!is_data) feed(b, end, strlen(end));
    b->now += is_data ? GUARD_MS : 0;
    settle(b);
}

/* ---- examples ---- */
static void play(bench *b, const at_example *e, void (*after)(bench *b))
{
    FILE *text = fmemopen((void *)(uintptr_t)e->text, strlen(e->text), "r");
    exchange *x = exchange_new(text);
    exchange_step s;
    bench_start(b, e);
    while (exchange_next(x, &s) > 0) {
        if (s.direction != '>') continue;
        unsigned finals = b->finals;
        bool was_data = at_module_in_data(&b->module);
        say(b, s.bytes, s.n);
        if (!was_data && b->finals == finals && !at_module_in_data(&b->module)) {
            printf("# %s: no answer to %.*s\n", b->names->dialect, (int)s.n, s.bytes);
            b->bad++;
        }
        if (after) after(b);
    }
    if (b->bad) printf("# in the example\n%s", e->text);
    exchange_free(x);
    fclose(text);
}

START_TEST(answers_every_example)
{
    const at_names *names = report_dialect(_i);
    bench *b = bench_new(names);
    unsigned bad = 0;
    for (unsigned i = 0; i < names->n_examples; i++) {
        play(b, &names->examples[i], NULL);
        bad += b->bad;
        bench_stop(b);
    }
    bench_free(b);
    ck_assert_uint_gt(names->n_examples, 0);
    ck_assert_uint_eq(bad, 0);
}
END_TEST

/* ---- set, then read ---- */

/* A form without parameters that reads what the command has set, or NULL. */
static const at_form_name *reader_of(const bench *b)
{
    const at_module_tables *t = b->names->module->tables;
    for (unsigned i = 0; i < b->names->n_forms; i++) {
        const at_form_name *f = &b->names->forms[i];
        bool reads = strcmp(f->form, "read") == 0 || strcmp(f->form, "query") == 0;
        if (!reads || strcmp(f->command, b->form->command) != 0) continue;
        unsigned k = 0;
        while (t->form_ids[k] != i)
            k++;
        if (t->t.lines[t->forms[k].line].n_slots == 0) return f;
    }
    return NULL;
}

/* Addresses are written in the dialect's own case. */
static bool same(const char *a, const char *b)
{
    for (; *a && tolower((unsigned char)*a) == tolower((unsigned char)*b); a++)
        b++;
    return *a == '\0' && *b == '\0';
}

static unsigned compare(const bench *b, const store *set)
{
    unsigned n = 0;
    for (const store_value *v = b->answered.first; v; v = v->next) {
        const store_value *was = store_find(set, "", v->name);
        if (!was) continue;
        ck_assert_msg(same(was->text, v->text), "%s: %s=%s, but %s was set", b->member, v->name,
                      v->text, was->text);
        n++;
    }
    return n;
}

static unsigned n_compared;

static void read_back(bench *b)
{
    bool sets =
        b->form && (strcmp(b->form->form, "set") == 0 || strcmp(b->form->form, "save") == 0);
    const at_form_name *reader = sets && b->finals ? reader_of(b) : NULL;
    const at_host_tables *h = b->names->host->tables;
    char line[128];
    if (!reader || at_module_in_data(&b->module)) return;
    store set = b->args;
    b->args.first = NULL;
    unsigned op = strcmp(reader->form, "read") == 0 ? AT_OP_READ : AT_OP_TEST;
    snprintf(line, sizeof line, "%s%s%s", h->t.text + h->t.prefix, b->member, h->t.text + h->ops[op]);
    say(b, line, strlen(line));
    n_compared += compare(b, &set);
    store_clear(&set);
}

START_TEST(reads_what_was_set)
{
    const at_names *names = report_dialect(_i);
    bench *b = bench_new(names);
    unsigned bad = 0;
    n_compared = 0;
    for (unsigned i = 0; i < names->n_examples; i++) {
        play(b, &names->examples[i], read_back);
        bad += b->bad;
        bench_stop(b);
    }
    bench_free(b);
    ck_assert_uint_gt(n_compared, report_least(names, 10));
    ck_assert_uint_eq(bad, 0);
}
END_TEST

int main(void)
{
    int n = report_dialects();
    Suite *suite = suite_create("world");
    TCase *c = tcase_create("every dialect");
    tcase_set_timeout(c, 60);
    tcase_add_loop_test(c, answers_every_example, 0, n);
    tcase_add_loop_test(c, reads_what_was_set, 0, n);
    suite_add_tcase(suite, c);
    return report_run(suite);
}
