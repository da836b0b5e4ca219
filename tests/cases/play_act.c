/* SPDX-License-Identifier: MIT */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "exchange.h"
#include "play.h"

/* ---- words ---- */

static void *room(size_t n)
{
    void *p = calloc(1, n + 16);
    if (!p) abort();
    return p;
}

/* Bytes in exchange notation; they live as long as the talk. */
static at_text plain(play *x, const char *p, size_t n)
{
    char *text = room(n + 4);
    at_text t = { text, 0 };
    exchange_step step;
    FILE *file;
    snprintf(text, n + 4, "> %.*s\n", (int)n, p);
    file = fmemopen(text, strlen(text), "r");
    exchange *e = file ? exchange_new(file) : NULL;
    if (!e || x->n_texts == sizeof x->texts / sizeof *x->texts) abort();
    if (exchange_next(e, &step) != 1) play_note(x, "?? %s", exchange_error(e));
    else t.n = step.n;
    char *copy = room(t.n);
    if (t.n > 0) memcpy(copy, step.bytes, t.n);
    t.p = x->texts[x->n_texts++] = copy;
    exchange_free(e);
    fclose(file);
    free(text);
    return t;
}

typedef struct word { const char *name; size_t name_n; at_text value; } word;

/* The next NAME=VALUE, or a word alone. */
static bool next_word(play *x, const char **line, word *w)
{
    const char *p = *line + strspn(*line, " ");
    if (*p == '\0') return false;
    w->name = p;
    w->name_n = strcspn(p, " =");
    p += w->name_n;
    w->value = (at_text){ "", 0 };
    if (*p == '=') {
        bool quoted = p[1] == '"';
        const char *from = p + 1 + quoted;
        size_t n = strcspn(from, quoted ? "\"" : " ");
        w->value = plain(x, from, n);
        p = from + n + (quoted && from[n] == '"');
    }
    *line = p;
    return true;
}

static bool is_word(const word *w, const char *what)
{
    return w->name_n == strlen(what) && memcmp(w->name, what, w->name_n) == 0;
}

static bool is_text(at_text t, const char *what)
{
    return t.n == strlen(what) && memcmp(t.p, what, t.n) == 0;
}

/* ---- structs ---- */

typedef struct target {         /* a line whose struct is filled */
    pattern line;
    const at_line_name *names;
    char *fields;
    size_t rounds[32];          /* of the slots that repeat */
} target;

static target target_of(const play *x, const at_tables *t, const uint16_t *map, unsigned line, char *fields)
{
    target to = { pattern_of(t, line), &x->names->lines[map[line]], fields, { 0 } };
    return to;
}

/* A value that the type excludes: the one who is given it shall say so. */
static void put_wrong(const target *to, const at_slot *s, char *fields, at_text value)
{
    const at_type *type = at_type_of(to->line.t, s);
    unsigned has = at_has_of(to->line.t, s);
    if (has != AT_NONE8) fields[has] = 1;
    if (pattern_is_number(type)) pattern_put_number(type, fields + s->offset, strtol(value.p, NULL, 10));
    else if (type->kind != AT_T_IP && type->kind != AT_T_MAC) memcpy(fields + s->offset, &value, sizeof value);
}

static void put_slot(target *to, fill *f, unsigned i, at_text value)
{
    const at_slot *s = &to->line.slots[i];
    const at_loop *loop = to->line.loop;
    char *fields = to->fields;
    if (pattern_flags(&to->line, i) & AT_S_LOOP) {
        size_t n = ++to->rounds[i];
        fields += loop->items + (n - 1) * loop->item_size;
        memcpy(to->fields + loop->n_item, &n, sizeof n);
    }
    if (!fill_slot(f, s, value.p, value.n, fields)) put_wrong(to, s, fields, value);
}


/* False: the line has no such parameter. */
static bool put_word(target *to, fill *f, const word *w)
{
    bool found = false;
    for (unsigned i = 0; i < to->names->n_slots; i++) {
        if (!is_word(w, to->names->slots[i].name) || pattern_flags(&to->line, i) & AT_S_LITERAL) continue;
        put_slot(to, f, i, w->value);
        found = true;
    }
    return found;
}

static void put_data(char *field, at_text value)
{
    at_bytes data = { (const uint8_t *)value.p, value.n };
    memcpy(field, &data, sizeof data);
}

static void unknown_word(play *x, const word *w)
{
    play_note(x, "?? what is %.*s?", (int)w->name_n, w->name);
}

/* ---- the host's program ---- */

static bool find_call(const play *x, const word *name, asked *a)
{
    for (unsigned i = 0; i < x->names->host->tables->n_calls; i++) {
        a->name = x->names->forms[i].c_name;
        if (is_word(name, a->name)) return flow_form_of(x->names, i, &a->form);
    }
    return false;
}

static void put_request(asked *a, target *to, const word *w)
{
    play *x = a->play;
    const at_course *course = a->form.course;
    if (put_word(to, &a->fill, w)) return;
    if (is_word(w, "saved") && course->op_saved != AT_OP_NONE) {
        at_saved saved = is_text(w->value, "flash") ? AT_FLASH : AT_RAM;
        memcpy(a->fields, &saved, sizeof saved);
    } else if (is_word(w, "data") && course->data != AT_NONE) {
        put_data(a->fields + course->data, w->value);
    } else if (is_word(w, "source")) {
        a->source = (at_bytes){ (const uint8_t *)w->value.p, w->value.n };
        a->has_source = true;
    } else {
        unknown_word(x, w);
    }
}

static void start(asked *a, const target *to)
{
    play *x = a->play;
    at_status s = at_host_start(&x->pair->host, &a->request, a->fields, a->form.call_index);
    int slot = at_host_bad_field(&x->pair->host);
    if (s == AT_OK) return;
    a->done = true;
    play_note(x, "host %s: not taken, %s%s%s", a->name, at_status_text(s), slot < 0 ? "" : ": ",
              slot < 0 ? "" : to->names->slots[slot].name);
}

static void ask(play *x, const char *line)
{
    const at_host_tables *h = x->names->host->tables;
    asked *a = room(sizeof *a);
    word w;
    a->play = x;
    a->next = x->asked;
    x->asked = a;
    a->fields = room(x->names->module_fields);
    a->fill.tables = &h->t;
    a->done = true;
    if (!next_word(x, &line, &w) || !find_call(x, &w, a)) {
        unknown_word(x, &w);
        return;
    }
    a->done = false;
    target to = target_of(x, &h->t, x->names->host_lines, a->form.call->line, a->fields);
    while (next_word(x, &line, &w)) put_request(a, &to, &w);
    play_hear(a);
    start(a, &to);
}

static void send(play *x, const char *line)
{
    at_text t = plain(x, line, strlen(line));
    for (size_t n = 1; n > 0 && t.n > 0; t.p += n, t.n -= n) {
        n = at_host_send(&x->pair->host, (const uint8_t *)t.p, t.n);
        pair_rest(x->pair);
    }
    if (t.n > 0) play_note(x, "host: %zu bytes are not taken", t.n);
}

/* ---- the module's program ---- */

static bool is_reply(const play *x, unsigned reply, const word *name)
{
    char text[200];
    const at_reply_name *r = &x->names->replies[reply];
    bool any = r->form == UINT16_MAX;
    snprintf(text, sizeof text, "%s%s%s", any ? "" : x->names->forms[r->form].c_name, any ? "" : "_", r->name);
    return is_word(name, text);
}

typedef struct answer { char *fields; fill fill; target to[16]; unsigned n; uint16_t data; } answer;

static void answer_line(const play *x, answer *a, unsigned line)
{
    const at_tables *t = &x->names->module->tables->t;
    uint16_t data = pattern_of(t, line).rest->data;
    if (data != AT_NONE) a->data = data;
    a->to[a->n++] = target_of(x, t, x->names->module_lines, line, a->fields);
}

static void answer_words(play *x, answer *a, const char *line)
{
    word w;
    while (next_word(x, &line, &w)) {
        bool found = false;
        for (unsigned i = 0; i < a->n; i++) found |= put_word(&a->to[i], &a->fill, &w);
        if (!found && is_word(&w, "data") && a->data != AT_NONE) put_data(a->fields + a->data, w.value);
        else if (!found) unknown_word(x, &w);
    }
}

static answer *answer_new(const play *x)
{
    answer *a = room(sizeof *a);
    a->fields = room((size_t)x->names->host_result + x->names->module_fields);
    a->fill.tables = &x->names->module->tables->t;
    a->data = AT_NONE;
    return a;
}

/* It has left the module, or never will. */
static void answer_end(play *x, answer *a, at_status s)
{
    if (s != AT_OK) play_note(x, "module: not said, %s", at_status_text(s));
    pair_rest(x->pair);
    free(a->fields);
    free(a);
}

static void reply(play *x, const char *line)
{
    unsigned i = 0;
    word w;
    bool named = next_word(x, &line, &w);
    while (named && i < x->names->n_replies && !is_reply(x, i, &w)) i++;
    if (!named || i == x->names->n_replies) {
        unknown_word(x, &w);
        return;
    }
    answer *a = answer_new(x);
    const at_reply r = at_reply_look(x->names, i);
    for (const at_emit *e = r.parts; e < r.parts + r.n; e++) {
        if (e->kind == AT_EMIT_LINE) answer_line(x, a, e->arg);
        if (e->kind == AT_EMIT_DATA) a->data = e->arg;
    }
    answer_words(x, a, line);
    answer_end(x, a, at_reply_say(x->names, &x->pair->module, i, a->fields));
}

static bool is_urc(const play *x, unsigned urc, const word *w)
{
    char name[80];
    play_urc_name(x->names, urc, name, sizeof name);
    return is_word(w, name);
}

static void urc(play *x, const char *line)
{
    unsigned i = 0;
    word w;
    bool named = next_word(x, &line, &w);
    while (named && i < x->names->n_urcs && !is_urc(x, i, &w)) i++;
    if (!named || i == x->names->n_urcs) {
        unknown_word(x, &w);
        return;
    }
    answer *a = answer_new(x);
    answer_line(x, a, x->names->urc_lines[i]);
    answer_words(x, a, line);
    answer_end(x, a, at_module_urc(&x->pair->module, x->names->urc_lines[i], a->fields));
}

static void say(play *x, const char *line)
{
    at_text t = plain(x, line, strlen(line));
    for (size_t n = 1; n > 0 && t.n > 0; t.p += n, t.n -= n) {
        n = at_module_send(&x->pair->module, (const uint8_t *)t.p, t.n);
        pair_rest(x->pair);
    }
    if (t.n > 0) play_note(x, "module: %zu bytes are not taken", t.n);
}

static void returns(play *x, const char *line)
{
    static const struct { const char *name; at_status status; } all[] = {
        { "ok", AT_OK }, { "again", AT_AGAIN }, { "refused", AT_REFUSED }, { "unsupported", AT_UNSUPPORTED },
    };
    for (unsigned i = 0; i < sizeof all / sizeof *all; i++)
        if (strcmp(line, all[i].name) == 0) x->returns = all[i].status;
    x->always = x->returns;
}

static void returns_once(play *x, const char *line)
{
    at_status always = x->always;
    returns(x, line);
    x->always = always;
}

static void must(play *x, at_status s)
{
    if (s != AT_OK) play_note(x, "?? %s", at_status_text(s));
}

/* ---- others ---- */

static void put(play *x, wire *w, const char *line)
{
    at_text t = plain(x, line, strlen(line));
    play_flush(x);
    pair_put(x->pair, w, t.p, t.n);
    x->pair->log_n = 0;         /* the text has it */
    x->pair->log[0] = x->pair->log_direction = '\0';
}

static void away(play *x, const char *who)
{
    wire *w = strcmp(who, "host") == 0 ? &x->pair->down : &x->pair->up;
    w->fault = FAULT_CUT;
    w->fault_at = w->written;
}

static void pass(play *x, const char *line)
{
    char *unit;
    unsigned long n = strtoul(line, &unit, 10);
    pair_pass(x->pair, (uint32_t)(strcmp(unit, "ms") == 0 ? n : 1000 * n));
}

void play_act(play *x, const char *line)
{
    size_t n = strcspn(line, " ");
    word w = { line, n, { "", 0 } };
    pair *p = x->pair;
    line += n + (line[n] == ' ');
    if (is_word(&w, "host")) ask(x, line);
    else if (is_word(&w, "cancel")) at_cancel(&p->host, &x->asked->request);
    else if (is_word(&w, "send")) send(x, line);
    else if (is_word(&w, "escape")) must(x, at_host_escape(&p->host));
    else if (is_word(&w, "reply")) reply(x, line);
    else if (is_word(&w, "urc")) urc(x, line);
    else if (is_word(&w, "returns")) returns_once(x, line);
    else if (is_word(&w, "always")) returns(x, line);
    else if (is_word(&w, "ends")) must(x, at_module_done(&p->module, true));
    else if (is_word(&w, "restart")) at_restart(&p->module.link);
    else if (is_word(&w, "say")) say(x, line);
    else if (is_word(&w, "leave")) must(x, at_module_leave(&p->module));
    else if (is_word(&w, ">")) put(x, &p->up, line);
    else if (is_word(&w, "<")) put(x, &p->down, line);
    else if (is_word(&w, "away")) away(x, line);
    else if (is_word(&w, "wait")) pass(x, line);
    else unknown_word(x, &w);
    pair_rest(p);
    if (p->restless) play_note(x, "the link does not come to rest");
    play_flush(x);
}
