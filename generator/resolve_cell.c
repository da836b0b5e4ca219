/* A reading cut at its commas. A comma belongs to nobody: one beside something left out goes with
 * it, two that stand beside each other in the spec enclose an empty cell. All other text belongs to
 * its cell.
 * SPDX-License-Identifier: MIT */
#include <string.h>

#include "resolve.h"

typedef struct cutter {
    resolver *r;
    cut out;
    cell now;     /* the cell being read */
    bool omitted; /* something was left out in it */
    bool after_comma, after_loop;
    bool needs_comma; /* a repetition has ended without one */
    part comma;       /* the last one */
    size_t n_newlines;
    bool failed;
} cutter;

static void push(cutter *c)
{
    APPEND(c->r->ctx, cell, c->out.cells, c->out.n, c->now);
    c->now = (cell){ NULL, 0 };
}

static void add_part(cutter *c, const rpat *p, size_t from, size_t len)
{
    if (c->needs_comma && !c->failed) {
        diag_at(c->r->d, p->at, D_LOOP_IN_CELL,
                "a comma must stand between a repetition and what follows");
        c->failed = true;
    }
    part x = { p, from, len };
    APPEND(c->r->ctx, part, c->now.parts, c->now.n, x);
}

/* The cell ends: with `at`, a comma, or at the end of the line. */
static void end_cell(cutter *c, bool is_comma, part at)
{
    if (c->now.n) {
        push(c);
    } else if (!c->omitted && !c->after_loop && (is_comma || c->after_comma)) {
        APPEND(c->r->ctx, part, c->now.parts, c->now.n, at);
        push(c);
    }
    c->omitted = c->after_loop = c->needs_comma = false;
    c->after_comma = is_comma;
    c->comma = at;
}

static void read_text(cutter *c, const rpat *p, size_t from)
{
    for (;;) {
        size_t len = strcspn(p->text + from, ",");
        if (len) add_part(c, p, from, len);
        from += len;
        if (!p->text[from]) return;
        end_cell(c, true, (part){ p, from, 0 });
        from++;
    }
}

static char *part_text(cutter *c, const part *x)
{
    char *text = mem_bytes(c->r->ctx, x->pat->text + x->from, x->len);
    return x->pat->kind == RP_QUOTED ? mem_printf(c->r->ctx, "\"%s\"", text) : text;
}

static char *join_parts(cutter *c, size_t from)
{
    char *text = mem_string(c->r->ctx, "");
    for (size_t i = from; i < c->now.n; i++)
        text = mem_check(talloc_strdup_append_buffer(text, part_text(c, &c->now.parts[i])));
    return text;
}

/* ---- counted data ---- */

/* What stands just before the bytes is taken from the cell in front of them. */
static void lead_inline(cutter *c)
{
    size_t last = c->now.n;
    while (last > 0 && c->now.parts[last - 1].pat->kind != RP_PARAM) last--;
    char *text = join_parts(c, last);
    if (last == 0 && c->after_comma) text = mem_printf(c->r->ctx, ",%s", text);
    c->out.data_lead = text;
    c->now.n = last;
    if (last) push(c);
}

static void read_data(cutter *c, const rpat *p)
{
    if (c->out.data) {
        diag_at(c->r->d, p->at, D_DATA_TWICE, "a line carries counted data once");
        diag_note(c->r->d, c->out.data->at, "first here");
        c->failed = true;
        return;
    }
    c->out.data = p;
    c->out.data_after = c->n_newlines > 0;
    c->out.data_tail = mem_string(c->r->ctx, "");
    if (!c->out.data_after) {
        lead_inline(c);
        return;
    }
    c->out.data_lead = mem_string(c->r->ctx, "");
    for (size_t i = 0; i < c->n_newlines; i++)
        c->out.data_lead = mem_check(talloc_strdup_append_buffer(c->out.data_lead, "\r\n"));
}

static void read_after_data(cutter *c, const rpat *p)
{
    if (p->kind == RP_OPTIONAL) return;
    if (p->kind == RP_TEXT || p->kind == RP_NEWLINE) {
        const char *text = p->kind == RP_TEXT ? p->text : "\r\n";
        c->out.data_tail = mem_check(talloc_strdup_append_buffer(c->out.data_tail, text));
    } else if (!c->failed) {
        diag_at(c->r->d, p->at, D_DATA_NOT_LAST,
                "only literal text may follow counted data in its line");
        c->failed = true;
    }
}

/* ---- repetitions ---- */

static bool varies(const rpat *p)
{
    for (; p; p = p->next)
        if (p->kind == RP_OPTIONAL || p->kind == RP_CHOICE || p->kind == RP_REPEAT
            || p->kind == RP_DATA || p->kind == RP_NEWLINE || varies(p->kids))
            return true;
    return false;
}

static bool loop_allowed(cutter *c, const rpat *p)
{
    if (c->failed) return false;
    if (varies(p->kids))
        diag_at(c->r->d, p->at, D_LOOP_VARIES,
                "what is repeated inside a line must be cells that are always there");
    else if (c->out.loop)
        diag_at(c->r->d, p->at, D_LOOP_TWICE, "a line has one repetition");
    else
        return true;
    c->failed = true;
    return false;
}

static void read_element(cutter *, const rpat *);

/* The body: its leading comma ends the cell in front of it, its own last one is dropped. */
static void read_loop(cutter *c, const rpat *p)
{
    if (!loop_allowed(c, p)) return;
    traces body = reading_all(c->r, p->kids, p->at);
    const trace *t = &body.v[0];
    bool comma_first = t->n && t->elements[0]->kind == RP_TEXT && t->elements[0]->text[0] == ',';
    if (c->now.n && !comma_first) {
        diag_at(c->r->d, p->at, D_LOOP_IN_CELL, "a repetition begins with its comma, or after one");
        c->failed = true;
        return;
    }
    if (comma_first && (c->now.n || c->out.n)) end_cell(c, true, (part){ t->elements[0], 0, 0 });
    c->out.loop = p;
    c->out.loop_first = (int)c->out.n;
    c->after_comma = false;
    for (size_t i = 0; i < t->n; i++) {
        if (i == 0 && comma_first)
            read_text(c, t->elements[0], 1);
        else
            read_element(c, t->elements[i]);
    }
    c->needs_comma = !c->after_comma || c->now.n;
    if (c->now.n) push(c);
    c->out.loop_n = (int)c->out.n - c->out.loop_first;
    c->after_loop = true;
}

/* The line goes on: its line end is the beginning of its last cell. Where nothing stands before it
 * that is an empty cell. */
static void read_next_line(cutter *c, const rpat *p)
{
    if (c->now.n == 0 && c->out.n == 0) add_part(c, p, 0, 0);
    end_cell(c, false, c->comma);
    add_part(c, p, 0, strlen(p->text));
}

static void read_element(cutter *c, const rpat *p)
{
    if (c->out.data && p->kind != RP_DATA) {
        read_after_data(c, p);
        return;
    }
    switch (p->kind) {
    case RP_OPTIONAL: c->omitted = true; break;
    case RP_TEXT: read_text(c, p, 0); break;
    case RP_QUOTED: add_part(c, p, 0, strlen(p->text)); break;
    case RP_PARAM: add_part(c, p, 0, 0); break;
    case RP_REPEAT: read_loop(c, p); break;
    case RP_DATA: read_data(c, p); break;
    case RP_NEWLINE:
        if (p->text) read_next_line(c, p);
        else if (c->n_newlines++ == 0) end_cell(c, false, c->comma);
        break;
    default: break;
    }
}

/* The cells of one reading, from left to right. */
cut cell_cut(resolver *r, const trace *t)
{
    cutter c = { .r = r, .out = { .loop_first = -1 } };
    for (size_t i = 0; i < t->n; i++) read_element(&c, t->elements[i]);
    if (!c.out.data) end_cell(&c, false, c.comma);
    if (c.n_newlines && !c.out.data && !c.failed) {
        diag_at(r->d, t->elements[t->n - 1]->at, D_SEVERAL_LINES,
                "only counted data may follow CR LF here");
        diag_note(r->d, (place){ NULL, 0, 0 },
                  "a response or URC that begins with its name goes on behind CR LF with one "
                  "parameter, the last, which is always there: text, a string or hex");
    }
    return c.failed ? (cut){ .loop_first = -1 } : c.out;
}

/* Cells of different readings in the order of the pattern; 0: the same cell. */
int cell_compare(const cell *a, const cell *b)
{
    for (size_t i = 0; i < a->n && i < b->n; i++) {
        const part *x = &a->parts[i], *y = &b->parts[i];
        if (x->pat->order != y->pat->order) return x->pat->order < y->pat->order ? -1 : 1;
        if (x->from != y->from) return x->from < y->from ? -1 : 1;
    }
    return a->n == b->n ? 0 : a->n < b->n ? -1 : 1;
}

/* ---- a cell as a slot ---- */

static char *cell_text(resolver *r, const cell *x, size_t from, size_t to)
{
    cutter c = { .r = r, .now = { x->parts, to } };
    return join_parts(&c, from);
}

static size_t find_param(const cell *x)
{
    size_t i = 0;
    while (i < x->n && x->parts[i].pat->kind != RP_PARAM) i++;
    return i;
}

static void check_single(resolver *r, const cell *x, size_t first)
{
    for (size_t i = first + 1; i < x->n; i++)
        if (x->parts[i].pat->kind == RP_PARAM) {
            diag_at(r->d, x->parts[i].pat->at, D_TWO_IN_CELL,
                    "two parameters without a comma between them; make the whole cell one string");
            diag_note(r->d, x->parts[first].pat->at, "the other one");
            return;
        }
}

m_slot cell_slot(resolver *r, const cell *x)
{
    size_t i = find_param(x);
    m_slot slot = { .pre = "", .post = "", .at = x->parts[0].pat->at };
    if (i == x->n) {
        slot.literal = true;
        slot.text = cell_text(r, x, 0, x->n);
        return slot;
    }
    check_single(r, x, i);
    const rpat *p = x->parts[i].pat;
    slot.name = p->text;
    slot.field = name_c(r, p->text);
    slot.type = p->type;
    slot.pre = cell_text(r, x, 0, i);
    slot.post = cell_text(r, x, i + 1, x->n);
    slot.may_be_empty = p->may_be_empty;
    slot.is_elastic = p->type->kind == T_TEXT;
    slot.next_line = x->parts[0].pat->kind == RP_NEWLINE;
    slot.at = p->at;
    return slot;
}
