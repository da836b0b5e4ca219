/* Examples: every exchange is walked through the steps of the command it begins with, as the host
 * would do it. What comes must be expected; an example may stop at any step, because manuals do.
 * SPDX-License-Identifier: MIT */
#include <string.h>

#include "checker.h"
#include "match.h"
#include "mem.h"
#include "wire.h"

#include <uthash.h> /* after mem.h, which says what happens without memory */

enum { UNKNOWN = -1 }; /* a number of bytes that no line has said */

typedef struct name { /* names and aliases of all commands */
    UT_hash_handle hh;
    const char *text;
    const m_command *command;
    const m_member *member;
} name;

typedef struct run { /* a command on its way */
    const m_form *form;
    const m_member *member;
    match request;
    match answer;     /* the last line, for counts that stand in it */
    bool *now;        /* atoms that may come next */
    char *sent;       /* data to the module so far, of steps that follow one another */
    size_t n_sent;
    struct run *next; /* older ones that are complete but for what comes later */
} run;

typedef struct walk {
    checker *c;
    name *names;
    size_t longest;             /* of those, bytes: an alias may hold a blank */
    const m_example *example;
    run *running, *late;
    run *chained;               /* commands that stand behind the running one in its line */
    bool in_data;                      /* counted data from the module is being read: */
    int64_t data;                      /* bytes still to come */
    const char *data_lead, *data_tail; /* text before and after them, or NULL */
    bool may_quote;                    /* a quote may stand before them */
    const m_wire *wire;                /* the line of the example that is looked at */
    const char *sent;
    size_t n_sent;   /* the last command line, for the echo */
    bool in_command; /* a line was one of the command the example stands in */
    bool answered;   /* the last command line has had its result code */
    bool failed;
} walk;

/* ---- reports ---- */
/* The wire line from `offset` on; the whole line where escapes make the places differ. */
static place example_place(const walk *w, const char *at)
{
    place p = w->wire->at;
    size_t offset = (size_t)(at - w->wire->bytes);
    if (p.src && p.end >= p.begin + w->wire->len && offset <= w->wire->len) {
        size_t begin = p.end - w->wire->len;
        if (memcmp(p.src->text + begin, w->wire->bytes, w->wire->len) == 0)
            p.begin = begin + offset;
    }
    return p;
}

static void example_nearest(walk *w, const match *near)
{
    if (!near->line) return;
    const char *pattern = near->line->syntax ? near->line->syntax : "this pattern";
    if (near->wanted)
        diag_note(w->c->d, near->line->at, "nearest is %s; here it wants %s%s%s", pattern,
                  match_wants(w->c->ctx, near->wanted), near->problem && *near->problem ? ": " : "",
                  near->problem ? near->problem : "");
    else
        diag_note(w->c->d, near->line->at, "nearest is %s; %s", pattern,
                  near->problem ? near->problem : "");
}

/* ---- names ---- */
static char *example_key(walk *w, const char *text, size_t n)
{
    char *key = mem_bytes(w->c->ctx, text, n);
    for (char *p = key; w->c->m->lines.names_any_case && *p; p++)
        if (*p >= 'a' && *p <= 'z') *p = (char)(*p - 'a' + 'A');
    return key;
}

static void example_add_name(walk *w, const m_command *command, const m_member *member,
                             const char *text)
{
    name *x = mem_new(w->c->ctx, name), *known;
    x->text = example_key(w, text, strlen(text));
    x->command = command;
    x->member = member;
    if (strlen(text) > w->longest) w->longest = strlen(text);
    HASH_FIND_STR(w->names, x->text, known);
    if (!known) HASH_ADD_KEYPTR(hh, w->names, x->text, strlen(x->text), x);
}

static void example_names(walk *w)
{
    for (size_t i = 0; i < w->c->m->n_commands; i++) {
        const m_command *command = w->c->m->commands[i];
        for (size_t k = 0; k < command->n_members; k++) {
            const m_member *member = &command->members[k];
            example_add_name(w, command, member, member->name);
            for (size_t a = 0; a < member->n_aliases; a++)
                example_add_name(w, command, member, member->aliases[a]);
        }
    }
}

/* The name at the front of a command line: up to an operator, a comma, a quote or a blank. */
static size_t example_name(const char *text, size_t n)
{
    size_t end = 0;
    while (end < n && text[end] && !strchr("=?, \"", text[end]))
        end++;
    return end;
}

static const char *example_like(walk *w, const char *text, size_t n)
{
    size_t k = 0, end = example_name(text, n);
    const char **all = mem_array(w->c->ctx, const char *, HASH_COUNT(w->names) + 1);
    for (name *x = w->names; x; x = x->hh.next)
        all[k++] = x->text;
    return diag_nearest(example_key(w, text, end), all);
}

/* ---- what the running command expects ---- */
static bool example_expects(const run *r, size_t atom)
{
    return r && r->now && r->now[atom];
}

static const m_atom *example_kind(const run *r, m_atom_kind kind)
{
    for (size_t i = 0; r && i < r->form->flow->n_atoms; i++)
        if (example_expects(r, i) && r->form->flow->atoms[i].kind == kind)
            return &r->form->flow->atoms[i];
    return NULL;
}

/* The number in the answer or the request that counts; UNKNOWN: neither has it. */
static int64_t example_count(const run *r, const char *field)
{
    int64_t n = UNKNOWN;
    if (field && !match_number(&r->answer, field, &n) && !match_number(&r->request, field, &n))
        return UNKNOWN;
    return n;
}

static void example_came(walk *w, run *r, const m_atom *atom);

/* What follows the atoms that came is expected now. Data from the module begins at once, a pause is
 * no line. */
static void example_advance(walk *w, run *r, const bool *came)
{
    const m_flow *flow = r->form->flow;
    r->now = mem_array(r, bool, flow->n_atoms);
    for (size_t i = 0; i < flow->n_atoms; i++)
        for (size_t k = 0; came[i] && k < flow->atoms[i].n_follow; k++)
            r->now[flow->atoms[i].follow[k]] = true;
    const m_atom *pause = example_kind(r, A_PAUSE), *out = example_kind(r, A_DATA_OUT);
    if (pause) {
        example_came(w, r, pause);
    } else if (out) {
        w->in_data = true;
        w->data = example_count(r, out->count_field);
        w->data_lead = "\r\n\r\n";
        w->data_tail = NULL;
        example_came(w, r, out);
    }
}

static void example_came(walk *w, run *r, const m_atom *atom)
{
    bool *came = mem_array(r, bool, r->form->flow->n_atoms);
    came[atom - r->form->flow->atoms] = true;
    example_advance(w, r, came);
}

/* The command is over for the line; what comes later of it may come still. */
static void example_leave(walk *w)
{
    if (w->running) {
        w->running->next = w->late;
        w->late = w->running;
    }
    w->running = NULL;
}

/* The whole line is over. */
static void example_free(walk *w)
{
    example_leave(w);
    w->chained = NULL;
}

/* Is this the result code that only the last command of a line is answered with? */
static bool example_is_plain(const walk *w, const m_atom *a)
{
    const m_result *first = w->c->m->results;
    while (first->klass != RC_OK)
        first++;
    return a->kind == A_FINAL && strcmp(a->line->syntax, first->line->syntax) == 0;
}

/* When all that the running command lacks is its plain result, the next one of the line runs. */
static bool example_goes_on(walk *w)
{
    const run *r = w->running;
    bool may_end = false;
    for (size_t i = 0; r && w->chained && i < r->form->flow->n_atoms; i++)
        may_end = may_end || (r->now[i] && example_is_plain(w, &r->form->flow->atoms[i]));
    if (!may_end) return false;
    example_leave(w);
    w->running = w->chained;
    w->chained = w->chained->next;
    w->running->next = NULL;
    return true;
}

/* ---- command lines ---- */
typedef struct found {
    const m_form *form;
    const m_member *member;
    match line;
    unsigned literals;
} found;

static unsigned example_literals(const match *m)
{
    unsigned n = 0;
    for (unsigned i = 0; i < m->line->n_slots; i++)
        n += (m->mask >> i & 1) && m->line->slots[i].literal;
    return n;
}

/* A form that fits better than what has been found: any against none, more literals against fewer;
 * where none fits, the one that comes further. */
static void example_keep(found *best, const m_form *form, const m_member *member, const match *line)
{
    bool fits = line->reading, had = best->form && best->line.reading;
    unsigned literals = fits ? example_literals(line) : 0;
    if (fits ? had && literals <= best->literals
             : had || (best->form && line->far <= best->line.far))
        return;
    *best = (found){form, member, *line, literals};
}

static bool example_is_blank(const walk *w, const char *text, size_t n)
{
    while (w->c->m->lines.spaces != SPACES_EXACT && n && text[n - 1] == ' ')
        n--;
    return n == 0;
}

static void example_form(walk *w, const m_form *form, const m_member *member, const char *rest,
                         size_t n, size_t sign_len, found *best)
{
    match_known known = {w->example->given, w->example->n_given, NULL};
    for (int kind = 0; kind < F_KINDS; kind++) {
        const char *sign = check_sign(w->c->m, form, (m_form_kind)kind);
        if (!(form->kinds >> kind & 1) || strlen(sign) != sign_len || sign_len > n ||
            memcmp(sign, rest, sign_len) != 0)
            continue;
        if (wire_is_closed(w->c->m, sign) && !example_is_blank(w, rest + sign_len, n - sign_len))
            continue;
        match line = {.reading = NULL};
        if (form->line)
            line = match_line(w->c->ctx, w->c->m, form->line, member, &known, rest + sign_len,
                              n - sign_len);
        line.far += (size_t)(rest - w->wire->bytes) + sign_len;
        example_keep(best, form, member, &line);
    }
}

/* Longer signs first: an operator stands before a value that looks like one. */
static void example_command(walk *w, const name *x, const char *rest, size_t n, found *best)
{
    for (size_t sign = 4; sign-- > 0 && !best->line.reading;)
        for (size_t i = 0; i < x->command->n_forms; i++)
            example_form(w, x->command->forms[i], x->member, rest, n, sign, best);
}

static bool example_same(const char *a, const char *b, size_t n, bool any_case)
{
    for (size_t i = 0; i < n; i++) {
        char x = a[i], y = b[i];
        if (any_case && x >= 'a' && x <= 'z') x = (char)(x - 'a' + 'A');
        if (any_case && y >= 'a' && y <= 'z') y = (char)(y - 'a' + 'A');
        if (x != y) return false;
    }
    return true;
}

static bool example_take_prefix(const walk *w, const char **text, size_t *n)
{
    const char *prefix = w->c->m->lines.prefix;
    size_t k = strlen(prefix);
    if (*n < k || !example_same(*text, prefix, k, w->c->m->lines.prefix_any_case)) return false;
    *text += k;
    *n -= k;
    return true;
}

/* Drop blanks at the front, where the dialect skips them. */
static void example_skip(const walk *w, const char **text, size_t *n)
{
    while (w->c->m->lines.spaces != SPACES_EXACT && *n && **text == ' ')
        ++*text, --*n;
}

static bool example_is_letter(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '&';
}

/* The command that `text` (without the prefix) is, and in `named` the one whose name it has.
 * Abbreviations do not match; only a name of letters may have a value right behind it, as in ATE1.
 */
static found example_find(walk *w, const char *text, size_t n, const name **named)
{
    found best = {NULL, NULL, {.reading = NULL}, 0};
    size_t end = example_name(text, n), most = w->longest > end ? w->longest : end;
    *named = NULL;
    for (size_t len = (most < n ? most : n) + 1; len-- > 0 && !best.line.reading;) {
        name *x;
        const char *rest = text + len, *key = example_key(w, text, len);
        size_t left = n - len;
        HASH_FIND_STR(w->names, key, x);
        if (!x || (len < end && !(len && example_is_letter(*text)))) continue;
        example_skip(w, &rest, &left);
        *named = *named ? *named : x;
        example_command(w, x, rest, left, &best);
    }
    return best;
}

static void example_append(run **list, run *r)
{
    while (*list)
        list = &(*list)->next;
    *list = r;
}

/* It runs now, or when those before it in the line have been answered. */
static void example_start(walk *w, const found *f)
{
    const m_flow *flow = f->form->flow;
    run *r = mem_new(w->c->ctx, run);
    *r = (run){.form = f->form, .member = f->member, .request = f->line};
    r->now = mem_array(r, bool, flow->n_atoms + 1);
    for (size_t i = 0; i < flow->n_first; i++)
        r->now[flow->first[i]] = true;
    w->answered = false;
    if (!w->running) w->running = r;
    else example_append(&w->chained, r);
    w->in_command = w->in_command || f->form->command == w->example->command;
}

/* The command lines of a command, as the spec writes them. */
static char *example_forms(walk *w, const m_command *command)
{
    char *out = mem_string(w->c->ctx, "");
    for (size_t i = 0; i < command->n_forms; i++)
        if (command->forms[i]->line)
            out = mem_check(talloc_asprintf_append(out, "%s%s", i ? " | " : "",
                                                   command->forms[i]->line->syntax));
    return out;
}

static void example_unknown(walk *w, const char *text, const char *like)
{
    w->failed = true;
    diag_at(w->c->d, example_place(w, text), D_EXAMPLE_COMMAND,
            "this is no command of the dialect");
    if (like) diag_fix(w->c->d, "%s%s", w->c->m->lines.prefix, like);
}

static void example_misfit(walk *w, const char *text, const found *best, const name *named)
{
    w->failed = true;
    if (best->form) {
        const char *at = w->wire->bytes + best->line.far;
        diag_at(w->c->d, example_place(w, at), D_EXAMPLE_COMMAND, "this does not fit the command");
        example_nearest(w, &best->line);
    } else {
        diag_at(w->c->d, example_place(w, text), D_EXAMPLE_COMMAND,
                "this command has no such form");
        diag_note(w->c->d, named->member->at, "it has %s", example_forms(w, named->command));
    }
}

/* The first command of a line has the prefix, those that are chained to it have none. */
static bool example_one_command(walk *w, const char *text, size_t n, bool is_first)
{
    example_skip(w, &text, &n);
    const char *rest = text;
    size_t left = n;
    const name *named;
    bool prefixed = !is_first || example_take_prefix(w, &rest, &left);
    example_skip(w, &rest, &left);
    found f = example_find(w, rest, left, &named);
    if (prefixed && f.form && f.line.reading) {
        example_start(w, &f);
        return true;
    }
    const char *resync = w->c->m->lines.resync_command;
    if (resync && strlen(resync) == n &&
        example_same(resync, text, n, w->c->m->lines.prefix_any_case)) {
        example_free(w);
        w->answered = false;
        return true;
    }
    if (prefixed && named)
        example_misfit(w, text, &f, named);
    else
        example_unknown(w, text, example_like(w, rest, left));
    return false;
}

/* How long the name is that a command begins with, when its number ends it; 0: something else does. */
static size_t example_basic(walk *w, const char *text, size_t n)
{
    for (size_t len = w->longest < n ? w->longest : n; len > 0; len--) {
        name *x;
        const char *key = example_key(w, text, len);
        HASH_FIND_STR(w->names, key, x);
        if (x) return wire_is_basic(w->c->m, x->command, x->text) ? len : 0;
    }
    return 0;
}

/* Where the command at `text` ends: behind the number of a basic one, at the chain sign outside of
 * quotes, or with the line. */
static size_t example_length(walk *w, const char *text, size_t n, bool is_first)
{
    const char *rest = text;
    size_t left = n, len;
    bool quoted = false;
    example_skip(w, &rest, &left);
    if (is_first) example_take_prefix(w, &rest, &left);
    example_skip(w, &rest, &left);
    len = example_basic(w, rest, left);
    if (len) {
        while (len < left && strchr("=? 0123456789", rest[len]))
            len++;
        return (size_t)(rest - text) + len;
    }
    for (len = 0; w->c->m->lines.chain && len < n; len++) {
        quoted ^= text[len] == '"' && !w->c->m->lines.no_quotes;
        if (!quoted && text[len] == w->c->m->lines.chain) break;
    }
    return w->c->m->lines.chain ? len : n;
}

static void example_commands(walk *w, const char *text, size_t n)
{
    bool is_first = true;
    w->sent = text;
    w->n_sent = n;
    example_free(w);
    do {
        size_t length = example_length(w, text, n, is_first);
        if (!example_one_command(w, text, length, is_first)) return;
        if (length < n && text[length] == w->c->m->lines.chain) length++;
        text += length;
        n -= length;
        is_first = false;
    } while (n > 0);
}

/* ---- data to the module ---- */
static bool example_is(const char *text, size_t n, const char *what, size_t n_what)
{
    return what && n == n_what && memcmp(text, what, n) == 0;
}

/* One payload may be split over several steps: `r->sent` is all of it so far. */
static void example_collect(run *r, const char *text, size_t n)
{
    char *all = mem_array(r, char, r->n_sent + n + 1);
    if (r->n_sent) memcpy(all, r->sent, r->n_sent);
    memcpy(all + r->n_sent, text, n);
    r->sent = all;
    r->n_sent += n;
}

static bool example_ends_with(const run *r, const char *text, size_t n)
{
    return text && n <= r->n_sent && memcmp(r->sent + r->n_sent - n, text, n) == 0;
}

/* Is the payload complete, or does the module speak next? */
static bool example_has_data(const walk *w, const m_atom *in, int64_t count)
{
    const m_wire *end = w->example->lines + w->example->n_lines;
    bool goes_on = w->wire + 1 < end && w->wire[1].direction == '>';
    bool is_counted = count != UNKNOWN && in->count_field;
    bool may_be_short = !is_counted || in->within.ms || in->within.scale_ms || w->wire + 1 == end;
    if (example_ends_with(w->running, in->text, in->text_len)) return true;
    if (!goes_on && may_be_short) return true;
    return count != UNKNOWN && in->count_field && (int64_t)w->running->n_sent >= count;
}

static void example_data_in(walk *w, const m_atom *in, const char *text, size_t n)
{
    run *r = w->running;
    int64_t count = example_count(r, in->count_field);
    example_collect(r, text, n);
    bool cancelled = in->cancel && example_ends_with(r, in->cancel, in->cancel_len);
    if (!cancelled && count != UNKNOWN && in->count_field && (int64_t)r->n_sent > count) {
        w->failed = true;
        diag_at(w->c->d, w->wire->at, D_EXAMPLE_DATA,
                "%lld bytes of data are announced, here are %zu", (long long)count, r->n_sent);
        return;
    }
    if (!cancelled && !example_has_data(w, in, count)) return;
    r->n_sent = 0;
    example_came(w, r, in);
}

/* Transparent mode: only its escape ends it, which may be split over steps like any payload. */
static void example_through(walk *w, const m_atom *through, const char *text, size_t n)
{
    run *r = w->running;
    example_collect(r, text, n);
    if (r->n_sent > through->text_len || memcmp(r->sent, through->text, r->n_sent) != 0)
        r->n_sent = 0;
    if (r->n_sent < through->text_len) return;
    r->n_sent = 0;
    example_came(w, r, through);
}

static void example_from_host(walk *w)
{
    const char *text = w->wire->bytes;
    size_t n = w->wire->len;
    const m_atom *in = example_kind(w->running, A_DATA_IN);
    const m_atom *through = example_kind(w->running, A_TRANSPARENT);
    if (through) {
        example_through(w, through, text, n);
        return;
    }
    if (in) {
        example_data_in(w, in, text, n);
        return;
    }
    while (n && (text[n - 1] == '\r' || text[n - 1] == '\n'))
        n--;
    if (n) example_commands(w, text, n);
}

/* ---- lines from the module ---- */
typedef struct rest {
    const char *text;
    size_t n, line;
} rest; /* what is left of a wire; length of its line */

static size_t example_line_end(const rest *t)
{
    size_t n = 0;
    while (n < t->n && t->text[n] != '\r' && t->text[n] != '\n')
        n++;
    return n;
}

/* Bytes that `line` may be: counted data inside it may hold line ends, one that goes on has one. */
static size_t example_extent(const m_line *line, const rest *t)
{
    if (line->data_at == DATA_INLINE) return t->n;
    size_t first = t->line + 2;
    if (!model_goes_on(line) || t->n < first || memcmp(t->text + t->line, "\r\n", 2) != 0)
        return t->line;
    rest next = {t->text + first, t->n - first, 0};
    return first + example_line_end(&next);
}

/* `line` at the front of the rest. */
static match example_match(walk *w, const run *r, const m_line *line, const rest *t)
{
    match_known known = {w->example->given, w->example->n_given, r ? &r->request : NULL};
    return match_line(w->c->ctx, w->c->m, line, r ? r->member : NULL, &known, t->text,
                      example_extent(line, t));
}

static void example_take_data(walk *w, const match *m, const run *r)
{
    int64_t n = 0;
    if (m->line->data_at == DATA_NONE) return;
    if (m->line->data_count >= 0)
        n = m->cells[m->line->data_count].is_number ? m->cells[m->line->data_count].number
                                                    : UNKNOWN;
    else
        n = r ? example_count(r, m->line->data_request) : UNKNOWN;
    w->in_data = true;
    w->data = n;
    w->data_lead = m->line->data_at == DATA_AFTER ? m->line->data_lead : NULL;
    w->data_tail = m->line->data_tail;
    w->may_quote = m->line->data_either;
}

/* Atoms of a command that the line may be, those of one rank at a time; true: it was one of them.
 */
static bool example_atoms(walk *w, run *r, const rest *t, m_atom_kind kind, match *near,
                          size_t *used)
{
    const m_flow *flow = r->form->flow;
    bool *came = mem_array(r, bool, flow->n_atoms), any = false, ends = false;
    for (size_t i = 0; i < flow->n_atoms; i++) {
        const m_atom *a = &flow->atoms[i];
        const m_line *line = a->kind == A_URC && a->urc ? a->urc->line : a->line;
        if (!example_expects(r, i) || a->kind != kind || !line) continue;
        if (r == w->running && w->chained && example_is_plain(w, a)) continue;
        match m = example_match(w, r, line, t);
        if (!m.reading && (!near->line || m.far > near->far)) *near = m;
        if (!m.reading) continue;
        came[i] = any = true;
        ends = ends || a->ends;
        r->answer = m;
        *used = m.used;
        example_take_data(w, &m, r);
    }
    if (!any) return false;
    example_advance(w, r, came);
    if (ends && r == w->running) {
        example_free(w);
        w->answered = true;
    }
    return true;
}

static bool example_all_runs(walk *w, const rest *t, m_atom_kind kind, match *near, size_t *used)
{
    if (w->running && example_atoms(w, w->running, t, kind, near, used)) return true;
    for (run *r = w->late; r; r = r->next)
        if (example_atoms(w, r, t, kind, near, used)) return true;
    return false;
}

/* Error and busy results may end any command; ok results of the dialect where no command is known
 * to run, at the beginning of an example. */
static bool example_results(walk *w, const rest *t, size_t *used)
{
    if (w->answered) return false;
    for (size_t i = 0; i < w->c->m->n_results; i++) {
        const m_result *result = &w->c->m->results[i];
        if (result->klass == RC_OK && w->running) continue;
        match m = example_match(w, w->running, result->line, t);
        if (!m.reading) continue;
        *used = m.used;
        w->answered = w->running != NULL;
        example_free(w);
        return true;
    }
    return false;
}

static bool example_urcs(walk *w, const rest *t, match *near, size_t *used)
{
    for (size_t i = 0; i < w->c->m->n_urcs; i++) {
        match m = example_match(w, NULL, w->c->m->urcs[i]->line, t);
        if (!m.reading && m.far > near->far && *m.line->head) *near = m;
        if (!m.reading) continue;
        *used = m.used;
        example_take_data(w, &m, NULL);
        return true;
    }
    return false;
}

/* The answer to `=?` must be what the module says of itself: the host would take any. */
static bool example_test(walk *w, const rest *t, size_t *used)
{
    const m_form *form = w->running ? w->running->form : NULL;
    char *all = mem_string(w->c->ctx, "");
    if (!form || !form->answers_types) return false;
    *used = t->line;
    for (size_t i = 0; i < form->n_says; i++) {
        const char *says = wire_text(w->c->ctx, w->running->member, form->says[i].text);
        if (example_is(t->text, t->line, says, strlen(says))) return true;
        all = mem_check(talloc_asprintf_append(all, "%s%s", i ? " | " : "", says));
    }
    if (form->n_says)
        diag_at(w->c->d, example_place(w, t->text), D_EXAMPLE_RESPONSE,
                "the module says of itself: %s; 'test -> ...' words it as the manual does", all);
    return form->n_says > 0;
}

/* A body without a length takes all lines but the one that ends it; with a silence, the last of a
 * step. */
static bool example_body(walk *w, const rest *t, size_t *used)
{
    const m_atom *body = example_kind(w->running, A_BODY);
    if (!body) return false;
    *used = t->line;
    bool is_silent = !body->silence.ms || t->n <= t->line + 2;
    if (body->line && is_silent && example_match(w, w->running, body->line, t).reading)
        example_came(w, w->running, body);
    return true;
}

static bool example_prompt(walk *w, const rest *t, size_t *used)
{
    const m_atom *prompt = example_kind(w->running, A_PROMPT);
    size_t n = prompt ? strlen(prompt->sign) : 0;
    if (!prompt || t->n < n || memcmp(t->text, prompt->sign, n) != 0) return false;
    *used = n;
    while (*used < t->n && t->text[*used] == ' ')
        ++*used;
    example_came(w, w->running, prompt);
    return true;
}

static bool example_echo(const walk *w, const rest *t, size_t *used)
{
    *used = t->line;
    return example_is(t->text, t->line, w->sent, w->n_sent);
}

static char *example_expected(walk *w)
{
    char *out = mem_string(w->c->ctx, "");
    const char *comma = "";
    const run *r = w->running;
    for (size_t i = 0; r && i < r->form->flow->n_atoms; i++) {
        const m_atom *a = &r->form->flow->atoms[i];
        const char *what = a->line && a->line->syntax ? a->line->syntax
                           : a->kind == A_PROMPT      ? a->sign
                                                      : NULL;
        if (!example_expects(r, i) || !what || strstr(out, what)) continue;
        out = mem_check(talloc_asprintf_append(out, "%s%s", comma, what));
        comma = " | ";
    }
    return out;
}

/* A line that comes while counted data to the module is expected; true: it has been reported. */
static bool example_data_short(walk *w, const char *at)
{
    const m_atom *in = example_kind(w->running, A_DATA_IN);
    int64_t count = in ? example_count(w->running, in->count_field) : UNKNOWN;
    if (count == UNKNOWN) return false;
    if (w->running->n_sent)
        diag_at(w->c->d, example_place(w, at), D_EXAMPLE_DATA, "%zu of %lld bytes of data came",
                w->running->n_sent, (long long)count);
    else
        diag_at(w->c->d, example_place(w, at), D_EXAMPLE_DATA,
                "%lld bytes of data are still expected", (long long)count);
    return true;
}

static void example_unexpected(walk *w, const rest *t, const match *near)
{
    const char *expected = example_expected(w), *member = "";
    w->failed = true;
    if (w->running && w->running->member) member = w->running->member->name;
    const char *at = near->line && near->far ? t->text + near->far : t->text;
    if (example_data_short(w, t->text)) return;
    if (*expected)
        diag_at(w->c->d, example_place(w, at), D_EXAMPLE_RESPONSE,
                "not what is expected after %s%s: %s", w->c->m->lines.prefix, member, expected);
    else
        diag_at(w->c->d, example_place(w, at), D_EXAMPLE_RESPONSE, "%s",
                w->answered ? "no command is running that this could answer"
                            : "no URC, and no command is running that expects a line");
    if (near->line && near->far) example_nearest(w, near);
}

static bool example_is_known(walk *w, const rest *t, match *near, size_t *used)
{
    return example_prompt(w, t, used) || example_echo(w, t, used) ||
           example_all_runs(w, t, A_FINAL, near, used) ||
           example_all_runs(w, t, A_URC, near, used) || example_results(w, t, used) ||
           example_urcs(w, t, near, used) || example_test(w, t, used) ||
           example_all_runs(w, t, A_LINE, near, used) || example_body(w, t, used) ||
           example_kind(w->running, A_TRANSPARENT);
}

/* One unit from the module: a prompt or a line; what it took is gone from the rest. */
static void example_unit(walk *w, rest *t)
{
    match near = {.line = NULL};
    size_t used = 0;
    bool known;
    do known = example_is_known(w, t, &near, &used);
    while (!known && example_goes_on(w));
    if (!known) {
        example_unexpected(w, t, &near);
        return;
    }
    t->text += used;
    t->n -= used;
}

static void example_blank(walk *w)
{
    const m_atom *blank = example_kind(w->running, A_BLANK);
    if (blank) example_came(w, w->running, blank);
}

/* What the pattern has after the data; its line end may be left out. */
static void example_after_data(walk *w, rest *t)
{
    for (const char *c = w->data_tail; c && *c && t->n; c++) {
        if (*c != *t->text) {
            w->failed = true;
            diag_at(w->c->d, example_place(w, t->text), D_EXAMPLE_DATA,
                    "the data ends here; '%s' should follow it",
                    wire_printable(w->c->ctx, w->data_tail, strlen(w->data_tail)));
            return;
        }
        t->text++, t->n--;
    }
}

/* Data from the module: as many bytes as are still to come, after the line ends in front of them.
 */
static void example_data_out(walk *w, rest *t)
{
    for (const char *c = w->data_lead; c && *c && t->n && *c == *t->text; c++)
        t->text++, t->n--;
    w->data_lead = NULL;
    if (w->may_quote && t->n && *t->text == '"') {
        t->text++, t->n--;
        w->data_tail = mem_printf(w->c->ctx, "\"%s", w->data_tail);
    }
    w->may_quote = false;
    size_t n = w->data == UNKNOWN || (size_t)w->data > t->n ? t->n : (size_t)w->data;
    w->data = w->data == UNKNOWN ? 0 : w->data - (int64_t)n;
    t->text += n;
    t->n -= n;
    w->in_data = w->data != 0;
    if (!w->in_data) example_after_data(w, t);
}

static void example_from_module(walk *w)
{
    rest t = {w->wire->bytes, w->wire->len, 0};
    if (!t.n)
        example_blank(w);
    else
        w->data_lead = NULL; /* the line ends of a step are left out */
    while (t.n && !w->failed) {
        if (w->in_data) {
            example_data_out(w, &t);
        } else if (*t.text == '\r' || *t.text == '\n') {
            t.text++, t.n--;
        } else {
            t.line = example_line_end(&t);
            example_unit(w, &t);
        }
    }
    w->in_data = w->in_data && w->data;
}

/* ---- an example ---- */
static void example_end(walk *w)
{
    const m_example *e = w->example;
    if (!w->failed && w->in_data && w->data > 0)
        diag_at(w->c->d, e->lines[e->n_lines - 1].at, D_EXAMPLE_DATA,
                "%lld bytes of data are missing at the end", (long long)w->data);
    bool asks = false;
    for (size_t i = 0; i < e->n_lines; i++)
        asks = asks || e->lines[i].direction == '>';
    if (!w->failed && e->command && asks && !w->in_command)
        diag_at(w->c->d, e->at, D_EXAMPLE_ELSEWHERE,
                "no line of this example is the command it stands in");
}

static void example_walk(walk *w, const m_example *e)
{
    w->example = e;
    w->running = w->late = w->chained = NULL;
    w->data = 0;
    w->in_data = false;
    w->sent = NULL;
    w->n_sent = 0;
    w->in_command = w->answered = w->failed = false;
    for (size_t i = 0; i < e->n_lines && !w->failed; i++) {
        w->wire = &e->lines[i];
        if (w->wire->direction == '>')
            example_from_host(w);
        else
            example_from_module(w);
    }
    if (e->n_lines) example_end(w);
}

void check_examples(checker *c)
{
    walk w = {.c = c};
    example_names(&w);
    for (size_t i = 0; i < c->m->n_examples; i++)
        example_walk(&w, &c->m->examples[i]);
    HASH_CLEAR(hh, w.names);
}
