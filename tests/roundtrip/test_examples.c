/* Every example of every shipped spec, framed as its dialect frames lines, read by the generated
 * parsers of both sides: nothing is rejected or unknown, and the same is seen however the bytes are
 * cut.
 * SPDX-License-Identifier: MIT */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "decode.h"
#include "exchange.h"
#include "report.h"

enum { STEPS_MAX = 200, BYTES_MAX = 20000, SEEN_MAX = 60000 };

typedef struct step { char direction; size_t at, n; } step;

typedef struct tape {           /* an example as it goes over the wire */
    step steps[STEPS_MAX]; size_t n_steps;
    char bytes[BYTES_MAX]; size_t n;
} tape;

typedef struct watch {          /* what the decoder says */
    decode *decode;
    const at_names *names;
    char seen[SEEN_MAX]; size_t n;
    bool bad;
    const uint8_t *frame;       /* of the line that came last; NULL: none came */
    bool is_open;               /* data stands at its end */
    bool may_refuse, refused;   /* a setting may forbid a command; the last one was refused */
} watch;

static void add_text(watch *w, const char *text, size_t n)
{
    if (w->n + n + 1 > sizeof w->seen) n = sizeof w->seen - w->n - 1;
    memcpy(w->seen + w->n, text, n);
    w->n += n;
    w->seen[w->n] = '\0';
}

static void note_frame(watch *w, const at_event *e)
{
    const at_tables *t = &w->names->host->tables->t;
    const at_line *line = &t->lines[e->line];
    const at_rest *rest = &t->rests[line->rest];
    if (!w->frame) w->frame = t->frames[rest->frame];
    w->is_open = rest->data_at >= AT_DATA_INLINE &&
                 (rest->data_count == AT_NONE8 || (e->mask >> rest->data_count & 1u));
}

static void on_event(void *ctx, char from, const at_event *e)
{
    watch *w = ctx;
    char line[100];
    bool is_refused = w->may_refuse && e->saw == AT_SAW_REJECTED;
    bool is_refusal = w->refused && e->saw == AT_SAW_UNKNOWN;   /* the host has not asked for it */
    bool is_bad = e->saw == AT_SAW_REJECTED || e->saw == AT_SAW_UNKNOWN;
    w->bad |= is_bad && !is_refused && !is_refusal;
    w->refused = is_refused;
    snprintf(line, sizeof line, "%c event %d form %u line %u mask %lx status %d, %zu bytes: ", from,
             (int)e->saw, e->form, e->line, (unsigned long)e->mask, (int)e->status, e->n);
    add_text(w, line, strlen(line));
    if (e->text && e->saw != AT_SAW_DATA) add_text(w, e->text, e->n);
    add_text(w, "\n", 1);
    if (from == 'm' && e->line != UINT16_MAX && e->saw != AT_SAW_ECHO) note_frame(w, e);
}

static void watch_start(watch *w, const at_names *names, const at_example *e)
{
    memset(w, 0, sizeof *w);
    w->names = names;
    w->may_refuse = e->n_given > 0;
    w->decode = decode_new(names, on_event, w);
    if (!w->decode) abort();
    decode_given(w->decode, e->given, e->n_given);
}

static void watch_end(watch *w)
{
    decode_end(w->decode);
    decode_free(w->decode);
}

/* ---- the bytes of an example ---- */

static void tape_begin(tape *t, char direction)
{
    if (t->n_steps == STEPS_MAX) abort();
    t->steps[t->n_steps++] = (step){ direction, t->n, 0 };
}

static void tape_add(tape *t, const char *p, size_t n)
{
    if (t->n + n > sizeof t->bytes) abort();
    memcpy(t->bytes + t->n, p, n);
    t->n += n;
    t->steps[t->n_steps - 1].n += n;
}

static void tape_text(tape *t, const char *p)
{
    tape_add(t, p, strlen(p));
}

static bool is_framed(const exchange_step *s)
{
    return s->n > 0 && (s->bytes[s->n - 1] == '\n' || s->bytes[s->n - 1] == '\r');
}

static void tape_module(tape *t, watch *w, const exchange_step *s)
{
    const char *text = w->names->host->tables->t.text;
    w->frame = NULL;
    decode_feed(w->decode, '<', s->bytes, s->n);
    if (!is_framed(s) && !decode_in_data(w->decode, '<')) decode_feed(w->decode, '<', "\r\n", 2);
    tape_begin(t, '<');
    if (is_framed(s) || !w->frame) {
        tape_add(t, s->bytes, s->n);
        return;
    }
    tape_text(t, text + w->frame[0]);
    tape_add(t, s->bytes, s->n);
    if (!w->is_open) tape_text(t, text + w->frame[1]);
}

/* Lines that repeat may end with an empty one; elsewhere it says nothing. */
static void tape_blank(tape *t, watch *w)
{
    if (t->n_steps == 0 || t->steps[t->n_steps - 1].direction != '<') return;
    if (decode_in_data(w->decode, '<')) return;
    decode_feed(w->decode, '<', "\r\n", 2);
    tape_text(t, "\r\n");
}

static void tape_host(tape *t, watch *w, const exchange_step *s)
{
    const at_tables *tables = decode_tables(w->decode, 'h');
    const char *end = tables->text + tables->command_end;
    bool is_line = !decode_in_data(w->decode, '>') && !is_framed(s);
    tape_blank(t, w);
    tape_begin(t, '>');
    tape_add(t, s->bytes, s->n);
    if (is_line) tape_text(t, end);
    decode_feed(w->decode, '>', t->bytes + t->steps[t->n_steps - 1].at, t->steps[t->n_steps - 1].n);
}

static void tape_example(tape *t, const at_names *names, const at_example *e)
{
    static watch w;
    FILE *file = fmemopen((void *)(uintptr_t)e->text, strlen(e->text), "r");
    exchange *x = file ? exchange_new(file) : NULL;
    exchange_step s;
    if (!x) abort();
    t->n = t->n_steps = 0;
    watch_start(&w, names, e);
    while (exchange_next(x, &s) > 0) {
        if (s.direction == '<') tape_module(t, &w, &s);
        else if (s.direction == '>') tape_host(t, &w, &s);
        else tape_blank(t, &w);
    }
    watch_end(&w);
    exchange_free(x);
    fclose(file);
}

/* ---- played in pieces ---- */

/* An escape from transparent mode stands between two silences: it is not cut. */
static bool is_escape(const at_names *names, const char *bytes, size_t n)
{
    const at_module_tables *m = names->module->tables;
    for (unsigned i = 0; i < names->n_replies; i++) {
        const at_reply r = at_reply_look(names, i);
        if (!at_reply_is_transparent(&r)) continue;
        const char *text = m->t.text + r.phase->texts[AT_P_UNTIL];
        if (strlen(text) == n && memcmp(text, bytes, n) == 0) return true;
    }
    return false;
}

/* `piece`: at most so many bytes at a time; `cut`: also there, counted over the whole tape. */
static void play(watch *w, const tape *t, const at_names *names, const at_example *e, size_t piece,
                 size_t cut)
{
    watch_start(w, names, e);
    for (size_t i = 0; i < t->n_steps; i++) {
        const step *s = &t->steps[i];
        bool whole = s->direction == '>' && is_escape(names, t->bytes + s->at, s->n);
        for (size_t at = s->at, end = s->at + s->n; at < end;) {
            size_t n = end - at;
            if (!whole && n > piece) n = piece;
            if (!whole && at < cut && cut < at + n) n = cut - at;
            decode_feed(w->decode, s->direction, t->bytes + at, n);
            at += n;
        }
    }
    watch_end(w);
}

static void tell(report *r, const at_names *names, const at_example *e, const char *what,
                 const char *seen)
{
    static char text[8000];
    snprintf(text, sizeof text, "%s, %.40s: %s\n%.1500s\n%.5000s", names->dialect, e->title, what, e->text,
             seen);
    report_add(r, text);
}

static void check_cuts(report *r, const at_names *names, const at_example *e, const tape *t,
                       const watch *whole)
{
    static watch cut;
    size_t sample = t->n <= 200 ? 1 : t->n / 100;
    play(&cut, t, names, e, 1, 0);
    if (strcmp(cut.seen, whole->seen) != 0) tell(r, names, e, "byte by byte it is another one", cut.seen);
    for (size_t at = 1; at < t->n; at += sample) {
        char what[60];
        play(&cut, t, names, e, SIZE_MAX, at);
        if (strcmp(cut.seen, whole->seen) == 0) continue;
        snprintf(what, sizeof what, "cut at byte %zu it is another one", at);
        tell(r, names, e, what, cut.seen);
    }
}

START_TEST(every_example)
{
    static report r;
    static tape t;
    static watch whole;
    const at_names *names = report_dialect(_i);
    for (unsigned i = 0; i < names->n_examples; i++) {
        const at_example *e = &names->examples[i];
        tape_example(&t, names, e);
        play(&whole, &t, names, e, SIZE_MAX, 0);
        if (whole.bad || whole.n == 0) tell(&r, names, e, "it is not understood", whole.seen);
        check_cuts(&r, names, e, &t, &whole);
    }
    ck_assert_msg(r.n == 0, "%s", report_text(&r));
    ck_assert_uint_gt(names->n_examples, 0);
}
END_TEST

int main(void)
{
    int n = report_dialects();
    Suite *s = suite_create("examples");
    TCase *c = tcase_create("examples");
    tcase_set_timeout(c, 120);
    tcase_add_loop_test(c, every_example, 0, n);
    suite_add_tcase(s, c);
    return report_run(s);
}
