/* The module side: command lines in, replies and URCs out. Data phases are in at_module_data.c so
 * that a module without any does not carry them.
 *
 * A line is collected up to its CR, scanned, looked up, matched, checked as a whole, and only then
 * is a struct filled and a handler called, from run(), never from deeper. The room for a final
 * result code is free whenever a form runs: everything else leaves final_max bytes free.
 * SPDX-License-Identifier: 0BSD */
#include <string.h>

#include "at_line.h"
#include "at_module_private.h"
#include "at_value.h"

#define TYPING_MS 5000          /* a line that stands still for so long holds no URC back */

enum { DUE_NOTHING, DUE_CALL, DUE_OK };         /* its handler is to be called; its ok written */

#if AT_TEXTS && AT_TAP
#define REASON(text) text
#else
#define REASON(text) ""
#endif

static at_module *module_of(const at_link *l)
{
    return (at_module *)((uintptr_t)l - offsetof(at_module, link));
}

static const at_start *start_of(const at_module *m, const at_form *form)
{
    return at_start_of(at__module_tables(m), form);
}

static bool is_chained(const at_module *m)
{
    return AT_WITH_CHAIN && m->chained;
}

/* ---- events for tools ---- */

#if AT_TAP
void at__module_tap(at_module *m, at_event *e)
{
    if (m->link.tap) m->link.tap(m->link.tap_ctx, e);
}

static void tap_command(at_module *m, const at_view *v, const at_form *form)
{
    const at_scan *scan = &m->link.scan;
    at_event e;
    if (!m->link.tap) return;
    memset(&e, 0, sizeof e);
    e.saw = AT_SAW_COMMAND;
    e.form = at__module_tables(m)->form_ids[form - at__module_tables(m)->forms];
    e.line = (uint16_t)form->line;
    e.op = scan->op;
    e.mask = v->mask;
    e.text = scan->line;
    e.n = scan->n;
    e.cells = scan->cells;
    e.n_cells = scan->n_cells;
    e.name = scan->name;
    e.name_n = scan->name_n;
    at__module_tap(m, &e);
}

static void tap_rejected(at_module *m, at_status why, size_t at, const char *reason)
{
    const at_link *l = &m->link;
    at_event e;
    memset(&e, 0, sizeof e);
    e.saw = AT_SAW_REJECTED;
    e.form = e.line = UINT16_MAX;
    e.text = l->in;
    e.n = !m->start ? l->scan.n : l->in_n;     /* while one runs: the line behind it */
    e.status = why;
    e.at = (unsigned)at;
    e.reason = reason;
    at__module_tap(m, &e);
}
#else
#define tap_command(m, v, form) ((void)0)
#define tap_rejected(m, why, at, reason) ((void)(why), (void)(at))
#endif

/* ---- replies ---- */

static bool put_line(at_module *m, unsigned line, const void *fields, const void *request)
{
    uint16_t start = m->link.out_n;
    bool ok = at__line_put(&m->link, line, fields, request);
    if (at__manners_of(m)) at__manners_of(m)->dress(m, start, line);
    return ok;
}

static bool put_part(at_module *m, const at_emit *e, const void *fields, const void *request)
{
    at_link *l = &m->link;
    unsigned kind = e->kind, arg = e->arg;
    if (kind == AT_EMIT_LINE) return put_line(m, arg, fields, request);
    if (kind == AT_EMIT_PROMPT) at__put_text(l, arg);
    if (AT_WITH_EMPTY_LINES && kind == AT_EMIT_BLANK) at__put(l, "\r\n", 2);
    if (AT_WITH_REPLY_DATA && kind == AT_EMIT_DATA)
        at__put_data(l, *(const at_bytes *)(const void *)((const uint8_t *)fields + arg));
    return true;
}

static bool is_later(unsigned end)
{
    return AT_WITH_LATER && (end == AT_R_LATER || end == AT_R_LATER_FAILS);
}

/* All of these parts or nothing. What ends no form leaves room for what does. Of several commands in
 * a line only the last says ok. */
static at_status put_parts(at_module *m, const at_emit *e, const at_emit *last, const void *fields)
{
    at_link *l = &m->link;
    unsigned end = last->end;
    bool is_last = end == AT_R_FAILS || (end >= AT_R_ENDS && !is_chained(m));
    uint16_t start = at__begin(l, is_last ? 0 : at__tables(l)->final_max);
    const void *request = AT_WITH_REQUESTS && is_later(end) ? NULL : m->fields;
    bool good;
    do good = put_part(m, e, fields, request);
    while (good && e++ != last);
    if (good && end == AT_R_ENDS_OK && !is_chained(m))
        good = put_line(m, at__module_tables(m)->ok, NULL, NULL);
    if (!good) l->out_full = true;      /* nothing of it is kept either */
    if (at__commit(l, start)) return AT_OK;
    return good ? AT_AGAIN : AT_INVALID;
}

at_status at__module_line(at_module *m, unsigned line, const void *fields, unsigned end)
{
    at_emit e = { AT_EMIT_LINE, (at_ref)(end & 7), (at_ref)(line & AT_BITS(0x3ffu, 0x3ffffffu)) };
    return put_parts(m, &e, &e, fields);
}

/* Would a line in between disturb what is under way? */
static bool is_held_back(const at_module *m)
{
    return (m->link.in_n > 0 && m->link.now - m->heard < TYPING_MS) || m->link.data.n > 0 ||
           at_module_in_transparent(m);
}

at_status at_module_reply(at_module *m, unsigned form, unsigned reply, const void *fields)
{
    const at_module_tables *mt = at__module_tables(m);
    const at_emit *parts = at_reply_of(mt, &mt->forms[form], reply), *last = parts;
    bool runs = m->start && form == m->form;
    unsigned end;
    at_status s;
    while ((end = last->end) == AT_R_MORE) last++;
    if (is_later(end)) {                /* its form has ended */
        if (runs || is_held_back(m)) return AT_AGAIN;
    } else if ((!runs && !(m->start && form == mt->errors)) || (end == AT_R_DATA && m->phase)) {
        return AT_INVALID;
    }
    if (at__manners_of(m) && (end == AT_R_ENDS || end == AT_R_ENDS_OK)) at__module_assign(m);
    s = put_parts(m, parts, last, fields);
    if (s != AT_OK) return s;
    if (end >= AT_R_ENDS) at__module_end(m, end != AT_R_FAILS);
    if (end == AT_R_DATA)
        at__class(m)->phases->begin(m, last->arg,
                                AT_WITH_COUNT_IN_ANSWER && fields ? fields : m->fields);
    return s;
}

at_status at_module_urc(at_module *m, unsigned line, const void *fields)
{
    if (is_held_back(m)) return AT_AGAIN;
    return at__module_line(m, line, fields, AT_R_LATER);
}

/* ---- the end of a form ---- */

static void assign(at_module *m, const at_assign *a)
{
    const at_tables *t = at__tables(&m->link);
    const at_setting *s = &t->settings[a->setting];
    const uint8_t *fields = (const uint8_t *)m->fields;
    int32_t key = 0;
    if (a->has != AT_NONE8 && !fields[a->has]) return;
    if (AT_WITH_KEYS && a->key != AT_NONE8)
        key = at__value_num(&t->types[a->key], fields + a->key_offset);
    if (!AT_WITH_KEYS || (key >= 0 && key < s->keys))
        m->link.settings[s->base + key] = at__value_num(&t->types[a->type], fields + a->offset);
}

void at__module_assign(at_module *m)
{
    const at_tables *t = at__tables(&m->link);
    unsigned i, form = m->form;
    for (i = 0; AT_WITH_SETTINGS && i < t->n_assigns; i++)
        if (t->assigns[i].form == form) assign(m, &t->assigns[i]);
    if (at__manners_of(m)) at__manners_of(m)->settle(m);
}

static void change_settings(at_module *m)
{
    unsigned does = AT_WITH_ECHO ? m->start->does : 0;
    at__module_assign(m);
    if (does & AT_DOES_ECHO) m->echo = *(const uint8_t *)m->fields != 0;
    if (AT_WITH_TOGGLE && (does & AT_DOES_TOGGLE)) m->echo = !m->echo;
}

void at__module_end(at_module *m, bool ok)
{
    if (ok) change_settings(m);
    else if (AT_WITH_CHAIN) m->chained = false;
    m->start = NULL;
    m->due = DUE_NOTHING;
    if (at_module_in_transparent(m)) m->phase = NULL;
    m->dropping = m->phase != NULL;
}

void at__module_ok(at_module *m, bool quiet)
{
    unsigned form = m->form, ok = m->start->ok;
    at_status s;
    m->due = DUE_NOTHING;
    if (ok == AT_NO_OK) {
        if (quiet) {
            at__module_end(m, true);
            return;
        }
        form = at__module_tables(m)->errors;
        ok = 0;
    }
    /* lines before the last command's in a line may have to wait */
    s = at_module_reply(m, form, ok, NULL);
    if (AT_WITH_CHAIN && s != AT_OK) m->due = DUE_OK;
}

at_status at_module_refuse(at_module *m, unsigned kind)
{
    const at_module_tables *mt = at__module_tables(m);
    return at_module_reply(m, mt->errors, mt->refuse[AT_WITH_REFUSALS ? kind : 0], NULL);
}

at_status at_module_done(at_module *m, bool ok)
{
    if (!m->start) return AT_INVALID;
    at__module_end(m, ok);
    return AT_OK;
}

/* ---- names ---- */

/* A byte of a name as names of any case are compared. */
static uint8_t folded(char c)
{
    unsigned byte = (uint8_t)c;
    return (uint8_t)(byte - 'a' < 26 ? byte - 32 : byte);
}

static bool is_same(const at_tables *t, const char *text, const char *name, size_t n)
{
    size_t k = n;
    if (strncmp(text, name, n) != 0) {
        if (!AT_WITH_ANY_CASE || !(t->flags & AT_D_ANY_CASE_NAMES)) return false;
        for (k = 0; k < n && folded(text[k]) == folded(name[k]); k++) continue;
    }
    return k == n && text[n] == '\0';
}

static bool is_name(const at_tables *t, const at_command *c, const char *name, size_t n)
{
    const char *ending = t->text + c->ending;
    size_t behind = !AT_WITH_ENDINGS || c->ending == 0 ? 0 : strlen(ending);
    if (behind > n) return false;
    n -= behind;
    if (behind > 0 && !is_same(t, ending, name + n, behind)) return false;
    return is_same(t, t->text + c->name, name, n);
}

const at_command *at_find_command(const at_module_tables *mt, const char *name, size_t n)
{
    const at_command *c, *end;
    const uint16_t *bucket;
    uint32_t hash = 0;
    size_t k;
    for (k = 0; AT_WITH_HASH && k < n; k++) hash = (hash * 5) ^ ((uint8_t)name[k] & AT_ANY_CASE);
    bucket = &mt->buckets[AT_WITH_HASH ? hash & mt->bucket_mask : 0];
    for (c = mt->commands + bucket[0], end = mt->commands + bucket[1]; c < end; c++)
        if (is_name(&mt->t, c, name, n))
            return AT_WITH_ALIASES && c->is_alias ? &mt->commands[c->forms] : c;
    return NULL;
}

/* ---- from a line to a call ---- */

/* Refuse the line: no form runs yet, and none will. */
static void reject(at_module *m, unsigned kind, size_t at, const char *reason)
{
    static const uint8_t why[AT_REFUSE_KINDS] = { AT_UNSUPPORTED, AT_UNSUPPORTED, AT_INVALID,
                                                  AT_GARBLED, AT_OVERFLOW, AT_UNSUPPORTED };
    at_status s;
    tap_rejected(m, (at_status)why[kind], at, reason);
    (void)reason;
    m->start = at__module_tables(m)->starts;    /* that of error results will do */
    s = at_module_refuse(m, AT_WITH_REFUSALS ? kind : 0);
    (void)s;                    /* room was kept */
}

static bool is_called_by(const at_module *m, const at_start *start)
{
    return (start->ops >> m->link.scan.op & 1) != 0;
}

/* Does the operator call any of the command's forms? Only one that may have an answer of its own asks. */
static bool has_operator(const at_module *m, const at_form *form)
{
    if (!AT_WITH_REFUSALS && !AT_TAP) return true;
    for (; !is_called_by(m, start_of(m, form)); form++)
        if (form->is_last) return false;
    return true;
}

/* The data that follow a refused line without waiting for a prompt are no commands. */
static void drop_data(at_module *m, const at_form *form)
{
    unsigned phase = 0;
    if (!AT_WITH_UNPROMPTED) return;
    for (;; form++) {
        if (is_called_by(m, start_of(m, form))) phase = start_of(m, form)->phase;
        if (phase != 0 || form->is_last) break;
    }
    if (phase != 0) at__class(m)->phases->begin(m, phase - 1, NULL);
}

/* Does the form take the line, by this reading? *fault: how many cells were good, if that was more than before. */
static bool takes_line(at_module *m, const at_form *form, unsigned reading, at_view *v, unsigned *fault,
                       const char **reason)
{
    const at_tables *t = at__tables(&m->link);
    const at_start *start = start_of(m, form);
    unsigned cell;
    if (!is_called_by(m, start)) return false;
    *reason = REASON("a value that is not allowed");
    at__view_line(v, &t->lines[form->line]);
    if (start->flags & AT_FORM_TAKES) memset(m->fields, 0, at__class(m)->fields_size);
    cell = at__line_take(v, &t->readings[v->line->readings + reading], m->fields);
    if (cell == AT_FITS && (!AT_WITH_CONDITIONS || at__conds_hold(v, start->only, start->n_only)))
        return true;
    if (cell > *fault) *fault = cell;
    return false;
}

/* The first of the command's forms that takes the line, by the readings that have so many cells. A command that is
 * read in one way has nothing to choose. */
static const at_form *choose_form(at_module *m, const at_form *first, at_view *v, unsigned *fault,
                                  const char **reason)
{
    const at_tables *t = at__tables(&m->link);
    const uint8_t *accepted;
    unsigned n;
    int label;
    if (!AT_WITH_SHAPES) return takes_line(m, first, 0, v, fault, reason) ? first : NULL;
    label = at__match(t, m->link.scan.n_cells, first->shape);
    if (label < 0) {
        *fault = m->link.scan.n_cells;
        return NULL;
    }
    accepted = t->accepts + label;
    for (n = *accepted; n > 0; n--) {
        const at_form *form = first;
        unsigned reading = *++accepted;
        for (; reading >= t->lines[form->line].n_readings; form++)
            reading -= t->lines[form->line].n_readings;
        if (takes_line(m, form, reading, v, fault, reason)) return form;
    }
    return NULL;
}

/* Names for heads of its replies. */
static void note_names(at_module *m, const at_command *c)
{
    if (!AT_WITH_NAMES) return;
    m->link.name = c->name;
    m->link.ending = c->ending;
}

static void begin_form(at_module *m, const at_form *form, at_view *v, const at_command *c)
{
    at_scan *scan = &m->link.scan;
    const at_start *start = start_of(m, form);
    tap_command(m, v, form);
    at__line_store(v, m->fields);
    if (AT_WITH_SAVED && (start->flags & AT_FORM_SAVED))
        *(at_saved *)m->fields = scan->op == AT_OP_SAVE || c->member ? AT_FLASH : AT_RAM;
    note_names(m, c);
    m->form = (uint16_t)(form - at__module_tables(m)->forms);
    m->start = start;
    m->due = DUE_CALL;
    m->data_seen = false;
    if (at__module_tables(m)->tests) m->came = 0;
    if (AT_WITH_CHAIN) m->chained = scan->more && scan->pos < scan->n;
    if (AT_WITH_UNPROMPTED && start->phase != 0)
        at__class(m)->phases->begin(m, start->phase - 1u, m->fields);
}

/* `cell`: the one at fault, or past the last when it is the line as a whole. */
static void reject_cells(at_module *m, const at_form *first, unsigned cell, const char *reason)
{
    const at_scan *scan = &m->link.scan;
    bool broken = AT_WITH_REFUSALS && scan->broken && cell + 1 >= scan->n_cells;
    reject(m, broken ? AT_REFUSE_SYNTAX : AT_REFUSE_PARAMETER,
           cell < scan->n_cells ? scan->cells[cell].at : scan->n, reason);
    drop_data(m, first);
}

static void read_form(at_module *m, const at_command *c)
{
    const at_tables *t = at__tables(&m->link);
    const at_form *first = &at__module_tables(m)->forms[c->forms], *form;
    at_view v;
    const char *reason = REASON("no such arguments");
    unsigned fault = 0;
    t->scan_cells(&m->link.scan);
    v.link = &m->link;
    v.request = NULL;
    form = choose_form(m, first, &v, &fault, &reason);
    if (form) begin_form(m, form, &v, c);
    else reject_cells(m, first, fault, reason);
}

/* The command at scan->pos of the line. */
static void read_command(at_module *m)
{
    const at_module_tables *mt = at__module_tables(m);
    at_scan *scan = &m->link.scan;
    const at_command *c;
    size_t at = scan->pos;
    if (AT_WITH_CHAIN) m->chained = false;
    mt->t.scan_command(scan);
    if (!scan->name) {
        reject(m, AT_REFUSE_SYNTAX, at, REASON("no command"));
        return;
    }
    at = (size_t)(scan->name - scan->line);
    c = at_find_command(mt, scan->name, scan->name_n);
    if (!c)
        reject(m, AT_REFUSE_COMMAND, at, REASON("no such command"));
    else if (AT_WITH_UNSUPPORTED && c->forms == AT_NO_FORMS)
        reject(m, AT_REFUSE_UNSUPPORTED, at, REASON("not supported"));
    else if (!has_operator(m, &mt->forms[c->forms]))
        reject(m, AT_REFUSE_OPERATOR, at + scan->name_n, REASON("no such form of this command"));
    else
        read_form(m, c);
}

static void call_handler(at_module *m)
{
    const at_module_hook *hook = m->hook;
    at_status s;
    if (AT_TAP && hook && hook->call) s = hook->call(m, m->form, m->fields, hook->ctx);
    else s = at__class(m)->call(m, m->form, m->start->flags & AT_FORM_TAKES ? m->fields : NULL);
    if (!m->start || s == AT_AGAIN) return;
    m->due = DUE_NOTHING;
    if (s == AT_UNSUPPORTED && (AT_WITH_ECHO || AT_MANNERS) && m->start->does != 0)
        s = AT_OK;              /* the runtime does it by itself */
    if (s == AT_PENDING || (s == AT_OK && m->phase)) return;
    if (s == AT_OK) at__module_ok(m, false);
    else s = at_module_refuse(m, AT_WITH_REFUSALS && s == AT_UNSUPPORTED ? AT_REFUSE_UNSUPPORTED : AT_REFUSE_PARAMETER);
}

static bool has_work(const at_module *m)
{
    return m->due != DUE_NOTHING || m->phase || is_chained(m);
}

/* Do what is due; milliseconds until there is more to do. What cannot be done now (a handler said
 * AT_AGAIN) stays due. */
static uint32_t run(at_module *m)
{
    while (has_work(m)) {
        uint32_t ms = UINT32_MAX;
        if (m->due == DUE_NOTHING && m->phase) ms = at__class(m)->phases->run(m);
        if (is_chained(m) && !m->start && !m->phase) read_command(m);
        if (m->due == DUE_NOTHING) return ms;
        if (!AT_WITH_CHAIN || m->due == DUE_CALL) call_handler(m);
        else at__module_ok(m, false);
        if (m->due != DUE_NOTHING) return RETRY_MS;
    }
    return UINT32_MAX;
}

/* ---- bytes to lines ---- */

/* Is the line buffer in use, or may the next bytes be no line? Then they wait outside. */
static bool must_wait(const at_module *m)
{
    if (m->due != DUE_NOTHING || is_chained(m)) return true;
    if (!m->start) return false;
    if ((m->start->flags & AT_FORM_DATA) && !m->data_seen) return true;
    return AT_WITH_BUSY_WAIT && at__module_tables(m)->busy->policy[m->data_seen] == AT_BUSY_WAIT;
}

/* Echo as much as there is room for; says how much that is. */
static size_t echo(at_module *m, const uint8_t *p, size_t n)
{
    if (m->link.in_n == 0) m->echoing = m->echo && !m->start;
    return m->echoing ? at__put_some(&m->link, p, n) : n;
}

size_t at__module_collect(at_module *m, const uint8_t *p, size_t n)
{
    at_link *l = &m->link;
    size_t fits = (size_t)at__tables(l)->line_max - l->in_n;
    if (AT_WITH_ECHO) n = echo(m, p, n);
    if (n > fits) m->overlong = true;
    else fits = n;
    memcpy(l->in + l->in_n, p, fits);
    l->in_n = (uint16_t)(l->in_n + fits);
    return n;
}

/* A line came while a form runs. False: there is no room to say so. */
static bool answer_busy(at_module *m)
{
    const at_tables *t = at__tables(&m->link);
    uint16_t start = at__begin(&m->link, t->final_max);
    if (AT_WITH_BUSY_TEXT) at__put_text(&m->link, at__module_tables(m)->busy->text[m->data_seen]);
    if (!at__commit(&m->link, start)) return false;
    tap_rejected(m, AT_AGAIN, 0, REASON("busy"));
    return true;
}

static void read_line(at_module *m)
{
    at_link *l = &m->link;
    l->in[l->in_n] = '\0';
    l->scan.line = l->in;
    l->scan.n = l->in_n;
    l->scan.pos = 0;
    if (at__manners_of(m)) at__manners_of(m)->keep(m);
    if (m->overlong) reject(m, AT_REFUSE_LENGTH, l->in_n, REASON("the line is too long"));
    else read_command(m);
}

size_t at__module_end_line(at_module *m, const uint8_t *end)
{
    at_link *l = &m->link;
    if (at__room(l) <= at__tables(l)->final_max) return 0;
    if (m->start && l->in_n > 0 && !answer_busy(m)) return 0;
    if (AT_WITH_ECHO) echo(m, end, 1);
    if (!m->start && l->in_n > 0) read_line(m);
    l->in_n = 0;
    m->overlong = false;
    /* data may begin right behind the CR */
    m->after_cr = *end == '\r' && (!AT_WITH_UNPROMPTED || !m->phase);
    return 1;
}

/* Can a command line begin with this byte? */
static bool may_begin(const at_module *m, char c)
{
    char first = at__tables(&m->link)->text[at__tables(&m->link)->prefix];
    return c == '\r' || c == '\n' || first == '\0' || (c | 0x20) == (first | 0x20);
}

/* Is the first byte behind a line or behind data no part of the next line? It may be the LF of the
 * line, also when noise has changed it, or a byte of data that came twice. */
static bool is_left_over(at_module *m, char c)
{
    bool after_cr = m->after_cr, is_lf = after_cr && c == '\n';
    bool is_noise = (m->after_data || m->wants_lf) && !may_begin(m, c);
    m->after_cr = m->after_data = false;
    if (after_cr && !is_noise) m->wants_lf = is_lf;
    return is_lf || is_noise;
}

/* How many of these bytes stand before the first `c`. */
static size_t before(const uint8_t *p, char c, size_t n)
{
    const uint8_t *found = (const uint8_t *)memchr(p, c, n);
    return found ? (size_t)(found - p) : n;
}

static size_t feed_line(at_module *m, const uint8_t *p, size_t n)
{
    size_t k, taken;
    if ((m->after_cr || m->after_data) && is_left_over(m, (char)p[0])) return 1;
    if (at__manners_of(m)) return at__manners_of(m)->feed(m, p, n, must_wait(m));
    if (must_wait(m)) return 0;
    k = before(p, '\n', before(p, '\r', n));
    taken = at__module_collect(m, p, k);
    return taken == k && k < n ? k + at__module_end_line(m, p + k) : taken;
}

/* ---- the side of a link ---- */

static size_t feed(at_link *l, const uint8_t *p, size_t n)
{
    at_module *m = module_of(l);
    size_t taken = 0, k;
    for (;; taken += k) {
        run(m);
        if (taken == n) return n;
        if (!m->phase) k = feed_line(m, p + taken, n - taken);
        else if (m->due == DUE_NOTHING) k = at__class(m)->phases->feed(m, p + taken, n - taken);
        else return taken;
        if (k == 0) return taken;
        m->heard = l->now;
    }
}

static uint32_t poll(at_link *l)
{
    return run(module_of(l));
}

static bool idle(const at_link *l)
{
    const at_module *m = module_of(l);
    return !m->start && !is_chained(m) && !m->phase && l->in_n == 0;
}

static void start_over(at_module *m)
{
    m->start = NULL;
    m->due = DUE_NOTHING;
    if (AT_WITH_CHAIN) m->chained = false;
    m->overlong = m->after_cr = m->after_data = false;
    m->phase = NULL;
}

static void end(at_link *l, at_status status)
{
    at_module *m = module_of(l);
    if (m->phase) at__class(m)->phases->end(m, status);
    start_over(m);
    if (AT_WITH_ECHO && status == AT_RESTARTED) m->echo = (at__tables(l)->flags & AT_D_ECHO) != 0;
}

static void has_left(at_link *l, at_bytes data)
{
    at_module *m = module_of(l);
    if (at__class(m)->sent) at__class(m)->sent(m, data);
}

static const at_side side = { '>', feed, poll, idle, end, has_left };

static void set_class(at_module *m, const at_module_class *klass)
{
#if AT_HIDDEN
    (void)m, (void)klass;       /* it is known */
#else
    m->link.side = &side;
    m->link.tables = &klass->tables->t;
    m->klass = klass;
    m->tables = klass->tables;
#endif
}

at_status at_module_init(at_module *m, const at_module_class *klass, const at_port *port,
                         void *buffer, size_t size, void *fields, int32_t *settings, at_cell *cells,
                         void *app)
{
    const at_tables *t;
    memset(m, 0, sizeof *m);
    set_class(m, klass);
    t = at__tables(&m->link);
    m->link.settings = settings;
    m->link.scan.cells = cells;
    m->fields = fields;
    m->app = app;
    m->echo = AT_WITH_ECHO && (t->flags & AT_D_ECHO);
    m->wants_lf = (t->flags & AT_D_LF) != 0;
    at__settings_reset(&m->link);
    if (at__manners_of(m)) size = at__manners_of(m)->init(t, (char *)buffer, size);
    return at__link_init(&m->link, port, buffer, size, t->line_max);
}

/* ---- data phases, as programs see them ---- */

bool at_module_in_data(const at_module *m)
{
    return m->phase && !m->dropping;
}

bool at_module_in_transparent(const at_module *m)
{
    return AT_WITH_TRANSPARENT && m->phase && (m->phase->flags & AT_P_TRANSPARENT) && !m->dropping;
}
