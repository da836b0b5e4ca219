/* What no host should send, sent to every generated module: changed, cut, overlong and random lines.
 * A handler never sees a value its type excludes, what is refused is answered with an error of the
 * dialect, and the next good command works.
 * SPDX-License-Identifier: MIT */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "flow.h"
#include "pair.h"
#include "report.h"

enum { LINE_MAX_BYTES = 20000, SETTLE_MS = 6000, CASES = 5000 };

typedef struct bench {
    const at_names *names;
    pair *pair;
    sample sample;
    report report;
    const char *what;           /* what is done to the line */
    unsigned calls, form, cases;
    int32_t *settings;
    char *request;
    char good[LINE_MAX_BYTES]; size_t good_n;   /* a command line without its end */
    bool has_text;              /* some form of its name takes text that is not quoted */
    unsigned probe;             /* call that takes nothing and is answered with a plain ok */
    char answer[400]; size_t answer_n;          /* what the module says to the probe */
} bench;

/* ---- what the module does ---- */

static void blame(bench *b, const char *line, size_t n, const char *why)
{
    static char text[8000];
    size_t k = (size_t)snprintf(text, sizeof text, "%s, %s, %s: %s\n> ", b->names->dialect,
                                b->names->forms[b->names->module->tables->form_ids[b->form]].c_name,
                                b->what, why);
    for (size_t i = 0; i < n && i < 600 && k + 8 < sizeof text; i++) {
        unsigned char c = (unsigned char)line[i];
        bool plain = c >= ' ' && c < 0x7f;
        k += (size_t)snprintf(text + k, sizeof text - k, plain ? "%c" : "\\x%02x", c);
    }
    snprintf(text + k, sizeof text - k, "%.2000s\n", b->pair->log);
    report_add(&b->report, text);
}

static at_status on_call(void *ctx, unsigned form, const void *fields)
{
    bench *b = ctx;
    const at_module_tables *m = b->names->module->tables;
    const at_form *f = &m->forms[form];
    pattern line = pattern_of(&m->t, f->line);
    int slot = b->names->forms[m->form_ids[form]].fields_size ? sample_out_of_range(&line, fields, true) : -1;
    b->calls++;
    if (slot >= 0) {
        char why[60];
        snprintf(why, sizeof why, "slot %d of form %u is out of range", slot, m->form_ids[form]);
        blame(b, b->good, 0, why);
    }
    const at_start *start = at_start_of(m, f);
    bool plain = start->ok != AT_NO_OK && start->phase == 0 && !(start->flags & AT_FORM_DATA);
    return plain ? AT_OK : AT_REFUSED;
}

static size_t on_data(void *ctx, const at_chunk *c)
{
    (void)ctx;
    return c->n;
}

static void on_event(void *ctx, unsigned urc, const void *fields)
{
    (void)ctx;
    (void)urc;
    (void)fields;
}

static void on_event_data(void *ctx, unsigned urc, const at_chunk *c)
{
    (void)ctx;
    (void)urc;
    (void)c;
}

static void on_unknown(void *ctx, at_text line)
{
    (void)ctx;
    (void)line;
}

/* Only the module is connected: what it says stays on the wire. */
static void rest(bench *b)
{
    for (uint32_t ms = 0; ms < 40; ms++) pair_pass(b->pair, 1);
}

static void start(bench *b)
{
    const pair_ears ears = { on_call, on_data, on_event, on_event_data, on_unknown, b };
    if (!pair_start(b->pair, &ears, b->settings)) abort();
    b->pair->down.held = true;
    b->pair->module.echo = false;       /* what is on the wire is the answer */
    b->calls = 0;
}

static void send(bench *b, const char *line, size_t n)
{
    const at_tables *t = &b->names->module->tables->t;
    const char *end = t->text + t->command_end;
    pair_put(b->pair, &b->pair->up, line, n);
    pair_put(b->pair, &b->pair->up, end, strlen(end));
}

/* ---- answers ---- */

static size_t put(char *to, size_t n, const at_tables *t, unsigned text)
{
    size_t length = strlen(t->text + text);
    memcpy(to + n, t->text + text, length);
    return n + length;
}

/* A command's name, of a family the one that saves to RAM. */
static size_t put_name(char *to, size_t n, const at_host_tables *h, const at_call *c)
{
    n = put(to, n, &h->t, c->name);
    return put(to, n, &h->t, flow_ending(h, &h->courses[c->course]));
}

/* A result code without values, framed. */
static size_t result_text(const bench *b, unsigned number, char *to)
{
    const at_tables *t = &b->names->module->tables->t;
    pattern p = pattern_of(t, number);
    size_t n = put(to, 0, t, t->frames[AT_LINE_RESULT][0]);
    n = put(to, n, t, at_head_of(t, number));
    n = put(to, n, t, p.rest->lead);
    for (unsigned i = 0; i < p.line->n_slots; i++) {
        if (i > 0) to[n++] = ',';
        n = put(to, n, t, t->words[p.slots[i].offset]);
    }
    n = put(to, n, t, p.rest->tail);
    return put(to, n, t, t->frames[AT_LINE_RESULT][1]);
}

static bool is_refusal(const bench *b)
{
    const at_module_tables *m = b->names->module->tables;
    const wire *w = &b->pair->down;
    char text[300];
    for (unsigned i = 0; i < AT_REFUSE_KINDS; i++) {
        size_t n = result_text(b, at_reply_of(m, &m->forms[m->errors], m->refuse[i])->arg, text);
        if (m->t.chain && w->n > n && memcmp(w->bytes + w->n - n, text, n) == 0) return true;
        if (w->n == n && memcmp(w->bytes, text, n) == 0) return true;
    }
    return false;
}

/* The next good command is answered as ever. */
static void check_next(bench *b, const char *line, size_t n)
{
    pair_pass(b->pair, SETTLE_MS);
    b->pair->down.n = 0;
    if (b->names->module->tables->t.manner) at__settings_reset(&b->pair->module.link);
    b->pair->module.echo = false;
    char probe[200];
    const at_host_tables *h = b->names->host->tables;
    size_t k = put(probe, 0, &h->t, h->t.prefix);
    k = put_name(probe, k, h, &h->calls[b->probe]);
    k = put(probe, k, &h->t, h->ops[h->calls[b->probe].op]);
    send(b, probe, k);
    rest(b);
    const wire *w = &b->pair->down;
    if (w->n != b->answer_n || memcmp(w->bytes, b->answer, w->n) != 0)
        blame(b, line, n, "the next command is not answered with ok");
}

/* `sure`: it is one line that no form reads. */
static void try_line(bench *b, const char *what, const char *line, size_t n, bool sure)
{
    b->what = what;
    b->cases++;
    start(b);
    send(b, line, n);
    rest(b);
    if (sure && b->calls > 0) blame(b, line, n, "a handler was called");
    if (b->calls == 0 && n > 0 && !is_refusal(b)) blame(b, line, n, "the answer is no refusal of the dialect");
    if (b->pair->restless) blame(b, line, n, "it does not come to rest");
    check_next(b, line, n);
}

/* ---- good lines ---- */

static bool takes_bare_text(const pattern *p)
{
    for (unsigned i = 0; i < p->line->n_slots; i++) {
        const at_type *type = pattern_type(p, i);
        bool is_text = type->kind == AT_T_STRING || type->kind == AT_T_TEXT || type->kind == AT_T_HEX;
        if (!(pattern_flags(p, i) & AT_S_LITERAL) && is_text && !(type->flags & AT_F_QUOTED)) return true;
    }
    return false;
}

/* Of all forms that have the name of this one. */
static bool any_takes_bare_text(const bench *b, unsigned call)
{
    const at_host_tables *h = b->names->host->tables;
    for (unsigned i = 0; i < h->n_calls; i++) {
        pattern p = pattern_of(&h->t, h->calls[i].line);
        if (h->calls[i].name == h->calls[call].name && takes_bare_text(&p)) return true;
    }
    return false;
}

/* Lets the host write a command line. False: the values cannot be sent. */
static bool write_good(bench *b, unsigned call, unsigned reading, sample_pick pick)
{
    flow_form f;
    at_request r;
    memset(&r, 0, sizeof r);
    if (!flow_form_of(b->names, call, &f)) return false;
    b->form = f.module_index;
    b->has_text = any_takes_bare_text(b, call);
    cond_scope scope = { &f.line, f.line.readings[reading].mask, b->request, b->request, b->settings };
    bool holds = false;
    for (unsigned i = 0; i < 60 && !holds; i++) {
        b->sample.n = 0;
        memset(b->request, 0, b->names->module_fields);
        cond_settings(&b->sample, b->names->host->tables, 0, b->settings);
        sample_fill(&b->sample, &f.line, reading, pick, b->request, NULL);
        sample_satisfy(&f.line, f.line.readings[reading].mask, f.course->only, f.course->n_only, b->request);
        holds = cond_hold(&scope, f.line.readings[reading].cond, f.line.readings[reading].n_conds) &&
                cond_hold(&scope, f.course->only, f.course->n_only);
    }
    start(b);
    if (!holds || f.line.rest->data_at != AT_DATA_NONE ||
        at_host_start(&b->pair->host, &r, b->request, call) != AT_OK)
        return false;
    at_poll(&b->pair->host.link);
    for (b->good_n = 0; b->pair->up.bytes[b->good_n] != '\r'; b->good_n++) continue;    /* data may follow */
    if (b->good_n > sizeof b->good) return false;
    memcpy(b->good, b->pair->up.bytes, b->good_n);
    at_lost(&b->pair->host.link);
    at_poll(&b->pair->host.link);
    return true;
}

/* Is a plain ok all that may be said of it? */
static bool has_plain_ok(const bench *b, const at_form *f)
{
    const at_module_tables *m = b->names->module->tables;
    unsigned ok = at_start_of(m, f)->ok;
    if (ok == AT_NO_OK) return false;
    const at_emit *e = at_reply_of(m, f, ok);
    return e->kind == AT_EMIT_NOTHING && e->end == AT_R_ENDS_OK;
}

static void find_probe(bench *b)
{
    const at_host_tables *h = b->names->host->tables;
    flow_form f;
    for (b->probe = 0; b->probe < h->n_calls; b->probe++) {
        if (!flow_form_of(b->names, b->probe, &f) || f.line.line->n_slots > 0) continue;
        if (has_plain_ok(b, f.module) && f.call->op == AT_OP_EXEC &&
            at_start_of(b->names->module->tables, f.module)->flags == 0)
            break;
    }
    ck_assert_uint_lt(b->probe, h->n_calls);
    b->answer_n = result_text(b, b->names->module->tables->ok, b->answer);
}

/* ---- what is done to lines ---- */

/* Where the arguments begin: behind the operator. */
static size_t args_at(const bench *b, unsigned call)
{
    const at_host_tables *h = b->names->host->tables;
    const at_call *c = &h->calls[call];
    char name[100];
    size_t n = strlen(h->t.text + h->t.prefix) + put_name(name, 0, h, c);
    return n + strlen(h->t.text + h->ops[c->op]);
}

/* Are signs below a blank no part of a line, as it can be edited? */
static bool drops_signs(const bench *b)
{
    return b->names->module->tables->t.manner != NULL;
}

static void change_bytes(bench *b)
{
    static char line[LINE_MAX_BYTES + 2];
    size_t n = b->good_n, step = n <= 80 ? 1 : n / 40;
    for (size_t i = 0; i < n; i += step) {
        memcpy(line, b->good, n);
        line[i] = '\0';
        try_line(b, "a NUL", line, n, !drops_signs(b));
        line[i] = (char)(b->good[i] ^ (1 << sample_random(&b->sample, 7)));
        if (line[i] == '\r' || line[i] == '\n') line[i] = '\x7f';
        try_line(b, "a changed byte", line, n, false);
        memcpy(line, b->good, i);
        memcpy(line + i, b->good + i + 1, n - i - 1);
        try_line(b, "a lost byte", line, n - 1, false);
        memcpy(line + i, b->good + i, n - i);
        memmove(line + i + 1, line + i, n - i);
        try_line(b, "a doubled byte", line, n + 1, false);
        try_line(b, "a cut line", b->good, i, false);
        memcpy(line, b->good, n);
        line[i] = '"';
        try_line(b, "a quote too many", line, n, false);
        line[i] = ',';
        try_line(b, "a comma too many", line, n, false);
    }
}

static void append_cells(bench *b, unsigned call)
{
    static const char *const more[] = { ",", ",1", ",\"\"", ",\"x", "\"", ",,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,," };
    static char line[LINE_MAX_BYTES + 60];
    for (size_t i = 0; i < sizeof more / sizeof *more; i++) {
        memcpy(line, b->good, b->good_n);
        memcpy(line + b->good_n, more[i], strlen(more[i]));
        try_line(b, "one more", line, b->good_n + strlen(more[i]), false);
    }
    size_t at = args_at(b, call);
    for (size_t i = at; i < b->good_n; i++)
        if (b->good[i] == ',') try_line(b, "too few", b->good, i, false);
}

/* The cell from..to of the good line replaced. */
static void replace_cell(bench *b, size_t from, size_t to, const char *by, bool sure)
{
    static char line[LINE_MAX_BYTES + 60];
    size_t n = strlen(by);
    memcpy(line, b->good, from);
    memcpy(line + from, by, n);
    memcpy(line + from + n, b->good + to, b->good_n - to);
    try_line(b, "an odd value", line, from + n + b->good_n - to, sure);
}

/* Is it a number that no other reading could take for text? */
static bool is_number(const bench *b, size_t from, size_t to)
{
    for (; from < to; from++)
        if (b->good[from] < '0' || b->good[from] > '9') return false;
    return !b->has_text;
}

/* Each cell replaced by what hardly any type takes. */
static void replace_cells(bench *b, unsigned call)
{
    static const char *const odd[] = {
        "", "2147483648", "-1", "-2147483649", "65536", "256", "+5", "0x1f", "1.5", " ", "\"\"", "\"1\"",
        "a", "\\", "\"\\", "?", "!", "1 2", "255.255.255.256", "1.2.3", "00:11:22:33:44:5g", "\xff\xfe"
    };
    static const char *const large[] = { "4294967296", "4294967299", "99999999999999999999" };
    for (size_t from = args_at(b, call); from < b->good_n;) {
        size_t to = from;
        while (to < b->good_n && b->good[to] != ',') to++;
        for (size_t i = 0; i < sizeof odd / sizeof *odd; i++) replace_cell(b, from, to, odd[i], false);
        for (size_t i = 0; i < sizeof large / sizeof *large; i++)
            replace_cell(b, from, to, large[i], is_number(b, from, to));
        from = to + 1;
    }
}

/* Names that are none: abbreviated, with more behind. */
static void change_name(bench *b, unsigned call)
{
    const at_host_tables *h = b->names->host->tables;
    const char *prefix = h->t.text + h->t.prefix;
    char line[200], name[100];
    name[put_name(name, 0, h, &h->calls[call])] = '\0';
    for (size_t n = strlen(name); n > 0; n--) {
        int k = snprintf(line, sizeof line, "%s%.*s", prefix, (int)n - 1, name);
        try_line(b, "an abbreviation", line, (size_t)k, false);
    }
    int k = snprintf(line, sizeof line, "%s%sX", prefix, name);
    try_line(b, "a longer name", line, (size_t)k, false);
    k = snprintf(line, sizeof line, "%s%s%s", prefix, prefix, name);
    try_line(b, "a doubled prefix", line, (size_t)k, false);
    for (unsigned op = 0; op < 6; op++) {
        if (h->ops[op] == AT_NONE) continue;
        k = snprintf(line, sizeof line, "%s%s%s", prefix, name, h->t.text + h->ops[op]);
        try_line(b, "another operator", line, (size_t)k, false);
    }
}

static void too_long(bench *b)
{
    static char line[LINE_MAX_BYTES];
    size_t max = b->names->module->tables->t.line_max;
    for (size_t n = max + 1; n < max + 4; n++) {
        memset(line, 'A', n);
        memcpy(line, b->good, b->good_n);
        try_line(b, "an overlong line", line, n, true);
    }
    memset(line, '"', 4 * max);
    try_line(b, "a very long line", line, 4 * max < sizeof line ? 4 * max : sizeof line, true);
}

static void setup(bench *b, const at_names *names)
{
    memset(b, 0, sizeof *b);
    b->names = names;
    b->pair = pair_new(names);
    b->settings = calloc(names->host->tables->t.n_settings + 1u, sizeof *b->settings);
    b->request = calloc(1, names->module_fields + 16u);
    if (!b->settings || !b->request) abort();
    sample_prepare(names->host->tables);
    find_probe(b);
}

static void teardown(bench *b)
{
    pair_free(b->pair);
    free(b->settings);
    free(b->request);
    ck_assert_msg(b->report.n == 0, "%s", report_text(&b->report));
}

static void change_form(bench *b, unsigned call, uint32_t round)
{
    unsigned line = b->names->host->tables->calls[call].line;
    for (unsigned reading = 0; reading < b->names->host->tables->t.lines[line].n_readings; reading++) {
        b->sample.seed = report_seed() + 91 * call + reading + 1000 * round;
        if (!write_good(b, call, reading, PICK_RANDOM)) continue;
        change_bytes(b);
        append_cells(b, call);
        replace_cells(b, call);
    }
    if (!write_good(b, call, 0, PICK_RANDOM)) return;
    change_name(b, call);
    too_long(b);
}

START_TEST(changed_lines)
{
    static bench b;
    setup(&b, report_dialect(_i));
    for (uint32_t round = 0; b.cases < CASES; round++)
        for (unsigned call = 0; call < b.names->host->tables->n_calls; call++) change_form(&b, call, round);
    teardown(&b);
}
END_TEST

/* Bytes of any kind, mostly such as mean something. */
START_TEST(random_bytes)
{
    static const char often[] = "AT+=?!\",\\0123456789\r\n;: ";
    static bench b;
    char line[120];
    setup(&b, report_dialect(_i));
    b.sample.seed = report_seed() + 4711;
    cond_settings(&b.sample, b.names->host->tables, 0, b.settings);
    for (unsigned i = 0; i < 4000; i++) {
        size_t n = 1 + sample_random(&b.sample, sizeof line);
        for (size_t k = 0; k < n; k++)
            line[k] = sample_random(&b.sample, 3) ? often[sample_random(&b.sample, sizeof often - 1)]
                                                  : (char)sample_random(&b.sample, 256);
        b.what = "random bytes";
        start(&b);
        send(&b, line, n);
        rest(&b);
        check_next(&b, line, n);
    }
    teardown(&b);
}
END_TEST

/* The slots that all readings have which these settings and fields allow. */
static uint32_t always_shown(const bench *b, const pattern *p, const char *fields)
{
    uint32_t mask = UINT32_MAX;
    for (unsigned i = 0; i < p->line->n_readings; i++) {
        cond_scope scope = { p, pattern_mask(p, i, b->settings), fields, NULL, b->settings };
        if (cond_hold(&scope, p->readings[i].cond, p->readings[i].n_conds)) mask &= scope.mask;
    }
    return mask == UINT32_MAX ? 0 : mask;
}

/* Nothing of a URC is written when one of its values is out of range. */
static void send_wrong(bench *b, unsigned urc, unsigned reading)
{
    static char fields[1 << 16];
    unsigned line = b->names->urc_lines[urc];
    pattern p = pattern_of(&b->names->module->tables->t, line);
    cond_settings(&b->sample, b->names->host->tables, 0, b->settings);
    start(b);
    memset(fields, 0, sizeof fields);
    b->sample.n = 0;
    sample_fill(&b->sample, &p, reading, PICK_RANDOM, fields, NULL);
    if (!sample_spoil(&b->sample, &p, always_shown(b, &p, fields), fields)) return;
    b->cases++;
    bool refused = at_module_urc(&b->pair->module, line, fields) == AT_INVALID;
    rest(b);
    if (!refused || b->pair->down.written > 0) blame(b, b->names->urcs[urc], strlen(b->names->urcs[urc]), "it is written");
}

START_TEST(wrong_values)
{
    static bench b;
    unsigned cases = 0, urcs = 0, n_dialects = (unsigned)report_dialects();
    for (unsigned dialect = 0; dialect < n_dialects; dialect++) {
        setup(&b, report_dialect((int)dialect));
        b.what = "a URC with a value out of range";
        urcs += b.names->n_urcs;
        for (unsigned urc = 0; urc < b.names->n_urcs; urc++) {
            unsigned n = b.names->module->tables->t.lines[b.names->urc_lines[urc]].n_readings;
            for (unsigned i = 0; i < 8; i++) send_wrong(&b, urc, n ? i % n : 0);
        }
        cases += b.cases;
        teardown(&b);
    }
    /* eight of each; but many a URC, and a dialect or two, has no value that it always shows */
    if (n_dialects > 1) ck_assert_uint_ge(cases, 2 * urcs);
}
END_TEST

int main(void)
{
    int n = report_dialects();
    Suite *s = suite_create("bad module input");
    TCase *c = tcase_create("bad module input");
    tcase_set_timeout(c, 300);
    tcase_add_loop_test(c, changed_lines, 0, n);
    tcase_add_loop_test(c, random_bytes, 0, n);
    tcase_add_test(c, wrong_values);
    suite_add_tcase(s, c);
    return report_run(s);
}
