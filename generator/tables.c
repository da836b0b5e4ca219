/* The part of the tables that both sides have: texts, types, slots, readings, lines, conditions,
 * phases, settings. See tables.h.
 * SPDX-License-Identifier: MIT */
#include "tables.h"

#include <stdarg.h>
#include <string.h>

#include "kinds.h"
#include "layout.h"
#include "mem.h"

enum { SCRATCH = 1 << 18 };     /* bytes for what is made on the way */
enum { CELLS_OF_TEXT = 24 };     /* cells that are looked at where text with commas is not the last */
enum { MOST_HOLD = 8 };         /* AT_HOLD: longest text that ends a data phase */
enum { FEW_NAMES = 12 };         /* so many are looked through as fast as hashed */
enum { MOST_RESTS = 4095 };     /* at_line.rest, with AT_WIDE */

/* What most cells have: nothing of their own. */
static const pool_row NO_TRAIT = { .key = "0, 0, 0, 0, -", .c = "{ 0, 0, 0, 0, AT_NONE8 }" };
/* What command lines mostly have, and what is no line: no framing, nothing around the cells. */
static const pool_row NO_REST = {
    .key = "-, 0, 0, AT_NONE8, 0, AT_LINE_BARE, AT_DATA_NONE, 0, 0, 0, 0",
    .c = "{ AT_NONE, 0, 0, AT_NONE8, 0, AT_LINE_BARE, AT_DATA_NONE, 0, 0, 0, 0 }",
};

static const pool_row NO_SLOT = { .key = "{ 0, 0 }" };
static const pool_row NO_TYPE = { .key = "{ 0, AT_T_INT, 0, 0, 0 }" };
static const pool_row NOTHING = { .key = "0" };
static const pool_row NO_TIME = { .key = "0, { 0, { 0, 0 } }", .c = "0" };
static const pool_row NO_SCALE = { .key = "{ 0, { 0, 0 } }" };

/* ---- making one ---- */
static void make_pools(tables *t)
{
    pool **all[] = { &t->types,    &t->values,   &t->words,    &t->slots,    &t->ties,
                     &t->figures,  &t->times,    &t->conds,    &t->holds,    &t->readings,
                     &t->loops,    &t->lines,    &t->rests,    &t->phases,   &t->settings,
                     &t->assigns,  &t->names,    &t->buckets,  &t->commands,
                     &t->forms,    &t->emits,    &t->known,    &t->calls,
                     &t->atoms,    &t->follows,  &t->repeats,  &t->courses,  &t->steps,
                     &t->tests,    &t->masks,    &t->clashes,  &t->traits,   &t->starts,
                     &t->sorts,    &t->heads,    &t->initial,  &t->scales };

    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        *all[i] = pool_new(t);
    (void)pool_one(t->traits, NO_TRAIT);
    (void)pool_one(t->rests, NO_REST);
    (void)pool_one(t->times, NO_TIME);
    pool_append(t->scales, NO_SCALE);
    (void)pool_one(t->follows, NOTHING);
}

/* What stands in front of counted data but for its last sign, `,` of `,"`: to the runtime it ends
 * the cells. NULL: there is no more than that sign. */
static const char *data_front(const void *ctx, const m_line *line)
{
    size_t n = line->data_at == DATA_INLINE && line->data_lead ? strlen(line->data_lead) : 0;
    return n > 1 ? mem_bytes(ctx, line->data_lead, n - 1) : NULL;
}

/* What stands behind it, its quote included. */
static const char *data_tail(const void *ctx, const m_line *line)
{
    return line->data_either ? mem_printf(ctx, "\"%s", line->data_tail) : line->data_tail;
}

static void add_endings(tables *t)
{
    for (size_t i = 0; i < t->m->n_commands; i++) {
        const m_command *c = t->m->commands[i];
        for (size_t k = 0; c->n_members > 1 && k < c->n_members; k++)
            (void)tables_text(t, c->members[k].ending);
    }
}

static void add_texts(tables *t, const char *const *all, size_t n)
{
    for (size_t i = 0; i < n; i++)
        (void)tables_text(t, all[i]);
}

/* Texts around lines and values come first, and endings of names: tables name them with one byte. */
static void add_affixes(tables *t)
{
    const model *m = t->m;
    const m_framing *f = &m->lines;
    const char *const frames[] = { f->info[0], f->info[1], f->result[0], f->result[1], f->urc[0], f->urc[1] };

    add_texts(t, frames, 6);
    if (t->side == SIDE_MODULE)
        add_endings(t);
    for (size_t i = 0; i < m->n_lines; i++) {
        const m_line *line = m->all_lines[i];
        (void)tables_text(t, line->lead);
        (void)tables_text(t, line->tail);
        (void)tables_text(t, data_tail(t->tmp, line));
        (void)tables_text(t, data_front(t->tmp, line));
        for (size_t k = 0; k < line->n_slots; k++) {
            if (line->slots[k].literal)
                continue;
            (void)tables_text(t, line->slots[k].pre);
            (void)tables_text(t, line->slots[k].post);
        }
    }
    for (size_t i = 0; i < m->n_forms; i++)
        for (size_t k = 0; k < m->forms[i]->flow->n_atoms; k++)
            (void)tables_text(t, m->forms[i]->flow->atoms[k].cancel);
    tables_limit(t, strings_size(t->text), 255, "bytes of text around parameters", (place){ 0 });
}

const char *tables_busy(const void *ctx, const tables *t, bool with_data)
{
    const m_framing *f = &t->m->lines;
    const char *said = with_data ? f->busy_data_text : f->busy_text;

    if ((with_data ? f->busy_data : f->busy) != BUSY_TEXT)
        return NULL;
    return mem_printf(ctx, "%s%s%s", f->result[0], said, f->result[1]);
}

const char *tables_resync(const void *ctx, const tables *t)
{
    const m_framing *f = &t->m->lines;
    return f->resync_command ? mem_printf(ctx, "%s%s", f->resync_command, f->command_end) : NULL;
}

/* What separates and what an operator is called is nothing to the module's tables, what busy is to the host's. */
static void add_framing_texts(tables *t)
{
    const m_framing *f = &t->m->lines;
    const char *const both[] = { f->prefix, f->command_end, f->escaped };
    const char *const module[] = { tables_busy(t->tmp, t, false), tables_busy(t->tmp, t, true) };
    const char *const host[] = { f->separators, tables_resync(t->tmp, t) };

    add_texts(t, both, 3);
    if (t->side == SIDE_MODULE) {
        add_texts(t, module, 2);
    } else {
        add_texts(t, host, 2);
        add_texts(t, f->operators, F_KINDS);
    }
}

static void add_step_texts(tables *t, const m_flow *flow)
{
    for (size_t i = 0; i < flow->n_atoms; i++) {
        (void)tables_text(t, flow->atoms[i].text);
        (void)tables_text(t, flow->atoms[i].cancel);
        (void)tables_text(t, flow->atoms[i].escape);
    }
}

static bool is_zero_one(const m_type *);

/* A literal, or the words that may stand in the cell. */
static void add_slot_texts(tables *t, const m_slot *slot)
{
    bool has_words = !slot->literal && (slot->type->kind == T_WORD || slot->type->kind == T_BOOL)
                     && !is_zero_one(slot->type);

    if (slot->literal)
        (void)tables_text(t, slot->text);
    for (size_t i = 0; has_words && i < slot->type->n_items; i++)
        (void)tables_text(t, slot->type->items[i].wire);
}

/* Then everything else but names and heads, so that it stands in the first 64 KB. */
static void add_near_texts(tables *t)
{
    const model *m = t->m;

    add_framing_texts(t);
    for (size_t i = 0; i < m->n_lines; i++)
        for (size_t k = 0; k < m->all_lines[i]->n_slots; k++)
            add_slot_texts(t, &m->all_lines[i]->slots[k]);
    for (size_t i = 0; i < m->n_forms; i++)
        add_step_texts(t, m->forms[i]->flow);
}

static void expect_text(strings *far, const char *s)
{
    (void)strings_run(far, &s, 1);
}

/* Literals, heads of what the module says, and names: what they end with need not stand before them. */
static void expect_far_texts(tables *t)
{
    const model *m = t->m;
    strings *far = strings_new(t);

    for (size_t i = 0; i < m->n_lines; i++)
        for (size_t k = 0; k < m->all_lines[i]->n_slots; k++)
            if (m->all_lines[i]->slots[k].literal)
                expect_text(far, m->all_lines[i]->slots[k].text);
    for (size_t i = 0; i < m->n_forms; i++)
        for (size_t k = 0; k < m->forms[i]->flow->n_atoms; k++)
            if (m->forms[i]->flow->atoms[k].line)
                expect_text(far, tables_head(t, m->forms[i]->flow->atoms[k].line, m->forms[i]->command));
    for (size_t i = 0; i < m->n_results; i++)
        if (tables_is_new_error(m, i))
            expect_text(far, tables_head(t, m->results[i].line, NULL));
    for (size_t i = 0; i < m->n_urcs; i++)
        expect_text(far, tables_head(t, m->urcs[i]->line, NULL));
    for (size_t i = 0; i < m->n_commands; i++)
        if (m->commands[i]->n_members == 1)
            expect_text(far, m->commands[i]->members[0].name);
    strings_expect(t->text, far);
    tables_clear(t);
}

static void add_few_conds(tables *);

/* Numbers of lines and forms are those of the whole dialect, also when only a part of it is
 * made. */
static size_t past_lines(const model *m)
{
    size_t n = 0;

    for (size_t i = 0; i < m->n_lines; i++)
        n = m->all_lines[i]->id >= n ? m->all_lines[i]->id + (size_t)1 : n;
    return n;
}

static size_t past_forms(const model *m)
{
    size_t n = 0;

    for (size_t i = 0; i < m->n_forms; i++)
        n = m->forms[i]->id >= n ? m->forms[i]->id + (size_t)1 : n;
    return n;
}

static int *no_rows(tables *t, size_t n)
{
    int *rows = mem_array(t, int, n + 1);

    for (size_t i = 0; i < n; i++)
        rows[i] = NO_INDEX;
    return rows;
}

tables *tables_new(void *ctx, diag *d, const model *m, side of, const char *lower,
                   const char *upper)
{
    tables *t = mem_new(ctx, tables);

    t->m = m;
    t->d = d;
    t->side = of;
    t->lower = lower;
    t->upper = upper;
    t->is_complete = true;
    t->n_bare = SIZE_MAX;
    t->tmp = mem_check(talloc_pool(t, SCRATCH));
    t->text = strings_new(t);
    t->shapes = shapes_new(t);
    make_pools(t);
    t->line_handles = mem_array(t, size_t, past_lines(m) + 1);
    t->line_is_read = mem_array(t, bool, past_lines(m) + 1);
    t->line_rows = no_rows(t, past_lines(m) * FRAME_COUNT);
    t->form_rows = no_rows(t, past_forms(m));
    t->uses[WITH_HOST] = t->uses[WITH_UNKNOWN] = of == SIDE_HOST;
    t->uses[WITH_ANY_CASE] = m->lines.names_any_case;
    t->uses[WITH_NO_QUOTES] = m->lines.no_quotes;
    t->uses[WITH_ESCAPES] = m->lines.escape != 0;
    t->uses[WITH_CHAIN] = m->lines.chain != 0;
    t->uses[WITH_ECHO] = m->lines.echo || m->lines.echo_setting;
    t->uses[WITH_BUSY_TEXT] = m->lines.busy == BUSY_TEXT || m->lines.busy_data == BUSY_TEXT;
    t->uses[WITH_BUSY_WAIT] = m->lines.busy == BUSY_WAIT || m->lines.busy_data == BUSY_WAIT;
    add_affixes(t);
    expect_far_texts(t);        /* now: what is longer could take the room of those */
    add_near_texts(t);
    add_few_conds(t);
    return t;
}

void tables_clear(tables *t)
{
    talloc_free_children(t->tmp);
}

void tables_refuse(tables *t, place at, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    const char *what = mem_vprintf(t->tmp, format, args);
    va_end(args);
    diag_at(t->d, at, D_NOT_GENERATED, "not generated yet: %s", what);
    t->is_complete = false;
}

size_t tables_limit(tables *t, size_t value, size_t most, const char *what, place at)
{
    if (value <= most)
        return value;
    if (t->is_complete)
        tables_refuse(t, at, "more than %zu %s", most, what);
    return 0;
}

void tables_use(tables *t, feature f)
{
    t->uses[f] = true;
}

size_t tables_bits(tables *t, size_t value, unsigned bits)
{
    t->is_wide = t->is_wide || value >> bits != 0;
    return value;
}

size_t tables_widths(tables *t, size_t value, unsigned small, unsigned bits)
{
    t->is_large = t->is_large || value >> small != 0;
    return tables_bits(t, value, bits);
}

/* ---- texts and types ---- */
size_t tables_text(tables *t, const char *s)
{
    size_t offset = strings_one(t->text, s ? s : "");
    return tables_limit(t, offset, MOST_SHORT, "bytes of text", (place){ 0 });
}

size_t tables_far_text(tables *t, const char *s)
{
    return tables_run(t, (const char *[]){ s ? s : "" }, 1);
}

size_t tables_run(tables *t, const char *const *list, size_t n)
{
    size_t offset = strings_run(t->text, list, n);
    t->is_wide = t->is_wide || offset > MOST_SHORT;
    return offset;
}

static const char *c_int32(const void *ctx, int64_t value)
{
    int64_t v = value > INT32_MAX ? value - ((int64_t)1 << 32) : value;
    return v == INT32_MIN ? "-2147483647 - 1" : mem_printf(ctx, "%lld", (long long)v);
}

static int64_t most_of(const m_type *type)
{
    int64_t most = type->ranges[0].hi;

    for (size_t i = 1; i < type->n_ranges; i++)
        most = type->ranges[i].hi > most ? type->ranges[i].hi : most;
    return most;
}

/* Some of the flags of a type: those that need more of the runtime. */
static void type_flag(tables *t, text *flags, bool set, const char *name, feature needs)
{
    if (!set)
        return;
    text_add(flags, name);
    tables_use(t, needs);
}

static const char *type_flags(tables *t, const m_type *type, bool pairs)
{
    text *f = text_new(t);

    text_add(f, type->is_signed ? "AT_F_SIGNED | " : "");
    type_flag(t, f, type->is_hex, "AT_F_HEX | ", WITH_HEX);
    text_add(f, type->kind == T_MAC || type->kind == T_HEX ? "AT_F_HEX | " : "");
    if (type->kind == T_HEX || (type->kind == T_MAC && !type->separator))
        tables_use(t, WITH_PACKED);
    text_add(f, type->quote == Q_QUOTED   ? "AT_F_QUOTED | "
                : type->quote == Q_EITHER ? "AT_F_EITHER | "
                                          : "");
    text_add(f, type->upper || type->is_hex ? "AT_F_UPPER | " : "");
    type_flag(t, f, pairs, "AT_F_RANGES | ", WITH_RANGES);
    text_add(f, type->bytes == 2 ? "AT_F_SIZE_2 | " : type->bytes == 4 ? "AT_F_SIZE_4 | " : "");
    if (f->n == 0)
        return "0";
    f->p[f->n - 3] = '\0';
    return f->p;
}

static size_t type_add(tables *t, const m_type *type, const char *kind, const char *flags,
                       unsigned digits, size_t min, size_t max)
{
    const char *c = mem_printf(t->tmp, "{ %u, %s, %s, %zu, %zu }", digits, kind, flags,
                               tables_bits(t, min, 8), tables_bits(t, max, 8));
    return pool_one(t->types, (pool_row){ .key = c, .note = type->name });
}

static size_t type_row(tables *t, const m_type *type, const char *kind, unsigned digits, size_t min,
                       size_t max)
{
    return type_add(t, type, kind, type_flags(t, type, false), digits, min, max);
}

static size_t value_row(tables *t, int64_t value)
{
    return pool_one(t->values, (pool_row){ .key = c_int32(t->tmp, value) });
}

/* Digits that a number has at least. */
static unsigned digits_of(tables *t, const m_type *type)
{
    if (type->digits)
        tables_use(t, WITH_DIGITS);
    return (unsigned)tables_limit(t, type->digits, 10, "digits of a number", type->at);
}

/* Numbers or lengths from `lo` to `hi`. */
static size_t type_range(tables *t, const m_type *type, const char *kind, int64_t lo, int64_t hi)
{
    size_t min = value_row(t, lo), max = value_row(t, hi);
    return type_row(t, type, kind, digits_of(t, type), min, max);
}

/* Whatever there is room for. */
static size_t type_open(tables *t, const m_type *type)
{
    int64_t all = (int64_t)1 << 8 * type->bytes;

    if (type->is_signed)
        return type_range(t, type, "AT_T_INT", -all / 2, all / 2 - 1);
    return type_range(t, type, "AT_T_INT", 0, all - 1);
}

/* Several ranges, as pairs of their ends. */
static size_t type_pairs(tables *t, const m_type *type, const char *kind, const m_range *ranges,
                         size_t n)
{
    pool_row *rows = mem_array(t->tmp, pool_row, 2 * n);

    for (size_t i = 0; i < n; i++) {
        rows[2 * i] = (pool_row){ .key = c_int32(t, ranges[i].lo) };
        rows[2 * i + 1] = (pool_row){ .key = c_int32(t, ranges[i].hi) };
    }
    size_t first = pool_block(t->values, rows, 2 * n);
    size_t count = tables_limit(t, n, 255, "ranges of a type", type->at);
    return type_add(t, type, kind, type_flags(t, type, true), digits_of(t, type), first, count);
}

static size_t type_numbers(tables *t, const m_type *type, const m_range *ranges, size_t n)
{
    return n == 1 ? type_range(t, type, "AT_T_INT", ranges->lo, ranges->hi)
                  : type_pairs(t, type, "AT_T_ENUM", ranges, n);
}

static int by_value(const void *a, const void *b)
{
    const m_range *x = a, *y = b;
    return (x->lo > y->lo) - (x->lo < y->lo);
}

/* Its values, as ranges without gaps. */
static size_t type_enum(tables *t, const m_type *type)
{
    m_range *ranges = mem_array(t->tmp, m_range, type->n_items + 1);
    size_t n = 0;

    if (type->is_open)
        return type_open(t, type);
    for (size_t i = 0; i < type->n_items; i++)
        ranges[i] = (m_range){ .lo = type->items[i].value, .hi = type->items[i].value };
    qsort(ranges, type->n_items, sizeof *ranges, by_value);
    for (size_t i = 0; i < type->n_items; i++) {
        if (n > 0 && ranges[i].lo == ranges[n - 1].hi + 1)
            ranges[n - 1].hi = ranges[i].hi;
        else
            ranges[n++] = ranges[i];
    }
    return type_numbers(t, type, ranges, n);
}

static size_t type_words(tables *t, const m_type *type)
{
    pool_row *rows = mem_array(t->tmp, pool_row, type->n_items + 1);

    for (size_t i = 0; i < type->n_items; i++)
        rows[i] = (pool_row){ .key = mem_printf(t->tmp, "%zu", tables_text(t, type->items[i].wire)),
                              .note = type->items[i].wire };
    size_t first = pool_block(t->words, rows, type->n_items);
    size_t n = tables_limit(t, type->n_items, 255, "words of a type", type->at);
    return type_row(t, type, "AT_T_WORD", 0, first, n);
}

static size_t type_lengths(tables *t, const m_type *type, const char *kind)
{
    if (type->n_ranges > 1)
        return type_pairs(t, type, kind, type->ranges, type->n_ranges);
    return type_range(t, type, kind, type->ranges[0].lo, type->ranges[0].hi);
}

static bool is_zero_one(const m_type *type)
{
    return type->n_items == 2 && type->quote == Q_BARE && strcmp(type->items[0].wire, "0") == 0
           && strcmp(type->items[1].wire, "1") == 0;
}

static size_t type_index(tables *t, const m_type *type)
{
    switch (type->kind) {
    case T_INT: case T_FLAGS: return type_numbers(t, type, type->ranges, type->n_ranges);
    case T_ENUM: return type_enum(t, type);
    case T_BOOL:
        return is_zero_one(type) ? type_range(t, type, "AT_T_INT", 0, 1) : type_words(t, type);
    case T_WORD: return type_words(t, type);
    case T_STRING: return type_lengths(t, type, "AT_T_STRING");
    case T_TEXT: return type_lengths(t, type, "AT_T_TEXT");
    case T_IP: return type_row(t, type, "AT_T_IP", 0, 4, '.');
    case T_MAC: return type_row(t, type, "AT_T_MAC", 0, 6, (unsigned char)type->separator);
    case T_HEX: return type_lengths(t, type, "AT_T_HEX");
    case T_BYTES: break;
    }
    return 0;
}

size_t tables_type(tables *t, const m_type *type)
{
    return tables_limit(t, type_index(t, type), MOST_BYTE, "different types", type->at);
}

/* ---- places in structs ---- */
static layout_ref ref_of(tables *t, const m_struct *s, const m_field *f, const char *name)
{
    return f->in_loop ? layout_item_member(t->tmp, t->lower, s, name)
                      : layout_member(t->tmp, t->lower, s, name);
}

/* They stand first: a byte is enough. */
static layout_ref ref_has(tables *t, const m_struct *s, const m_field *f)
{
    if (!f->has)
        return (layout_ref){ "-", "AT_NONE8", 0 };
    tables_use(t, WITH_OPTIONAL);
    layout_ref has = ref_of(t, s, f, mem_printf(t->tmp, "has_%s", f->name));
    tables_limit(t, has.most, MOST_BYTE, "values that may be left out", f->at);
    return has;
}

/* ---- slots ---- */
static size_t affix(tables *t, const char *s)
{
    return s && *s ? tables_text(t, s) : 0;
}

/* What a cell is like: its type, and flags, texts around it, tie, `has_…`. */
static size_t sort_row(tables *t, size_t type, const char *flags, size_t pre, size_t post,
                       size_t tie, layout_ref has)
{
    const char *rest = mem_printf(t->tmp, "%s, %zu, %zu, %zu", flags, tables_widths(t, tie, 3, 8),
                                  pre, post);
    pool_row trait = { .key = mem_printf(t->tmp, "%s, %s", rest, has.key),
                       .c = mem_printf(t->tmp, "{ %s, %s }", rest, has.c) };
    size_t number = tables_bits(t, pool_one(t->traits, trait), 8);
    pool_row sort = { .key = mem_printf(t->tmp, "{ %zu, %zu }", type, number) };
    return tables_bits(t, pool_one(t->sorts, sort), 8);
}

static pool_row place_row(tables *t, layout_ref at, size_t sort, const char *note)
{
    tables_bits(t, at.most, 8);
    return (pool_row){ .key = mem_printf(t->tmp, "%s %zu", at.key, sort),
                       .c = mem_printf(t->tmp, "{ %s, %zu }", at.c, sort), .note = note };
}

size_t tables_tie(tables *t, const m_struct *request, const char *field)
{
    const m_field *f = field ? layout_field(request, field) : NULL;
    if (!f)
        return 0;
    size_t sort = sort_row(t, tables_type(t, f->type), "0", 0, 0, 0, ref_has(t, request, f));
    size_t row = pool_one(t->ties, place_row(t, ref_of(t, request, f, field), sort, field));
    return 1 + tables_limit(t, row, MOST_BYTE - 1, "ties to a request", f->at);
}

/* ---- figures and times ---- */
size_t tables_figure(tables *t, const m_form *form, m_figure n, place at)
{
    tables_use(t, WITH_FIGURES);
    size_t tie = form ? tables_tie(t, form->takes, n.field) : 0;
    const char *setting =
        n.setting ? mem_printf(t->tmp, "%zu", tables_limit(t, n.setting->id, MOST_BYTE, "settings",
                                                           at)) : "AT_NONE8";
    const char *otherwise = n.type && n.type->has_default && !n.type->dflt_text
                                ? c_int32(t->tmp, n.type->dflt) : "AT_UNKNOWN";
    if (n.field && !tie)
        tables_refuse(t, at, "'%s', which no field of the request holds", n.field);
    pool_row row = { .key = mem_printf(t->tmp, "{ %s, %zu, %s }", otherwise, tie, setting),
                     .note = n.setting ? n.setting->name : n.field };
    return tables_limit(t, pool_one(t->figures, row), MOST_BYTE - 1, "different figures", at);
}

size_t tables_field(tables *t, const m_form *form, const char *field, const char *why, place at)
{
    const m_field *f = form && field ? layout_field(form->takes, field) : NULL;
    if (!f) {
        tables_refuse(t, at, "%s that the request does not hold", why);
        return 0;
    }
    return tables_figure(t, form, (m_figure){ field, NULL, f->type }, at);
}

/* Where the clock wraps: longer times would lie in the past. */
static void check_time(tables *t, const m_time *time, place at)
{
    int64_t longest = time->scale_ms;

    for (size_t i = 0; i < 2 && time->by[i].type && longest < INT32_MAX; i++)
        longest *= most_of(time->by[i].type);
    tables_limit(t, (size_t)(time->ms + longest), INT32_MAX, "milliseconds to wait", at);
}

size_t tables_time(tables *t, const m_form *form, const m_time *time, place at)
{
    size_t figure[2] = { 0, 0 };

    check_time(t, time, at);
    if (time->by[0].type)
        tables_use(t, WITH_TIMES);
    for (size_t i = 0; i < 2 && time->by[i].type; i++)
        figure[i] = 1 + tables_figure(t, form, time->by[i], at);
    const char *ms = mem_printf(t->tmp, "%u", (unsigned)time->ms);
    const char *scale = mem_printf(t->tmp, "{ %zu, { %zu, %zu } }",
                                   tables_limit(t, time->scale_ms, MOST_SHORT, "ms as a unit", at),
                                   figure[0], figure[1]);
    size_t row = pool_one(t->times, (pool_row){ .key = mem_printf(t->tmp, "%s, %s", ms, scale), .c = ms });
    if (row == t->scales->n)
        pool_append(t->scales, (pool_row){ .key = scale });
    return tables_limit(t, row, MOST_BYTE, "different times", at);
}

/* ---- conditions ---- */
/* A setting whose key stands in the request is one of its numbers. */
static bool is_figure(const m_cond *c)
{
    return c->on == IF_REQUEST
           || (c->on == IF_SETTING && c->setting->key && c->key_slot < 0 && c->key_field);
}

static const char *cond_on(tables *t, const m_cond *c)
{
    if (c->is_bits)
        tables_use(t, WITH_BITS);
    static const char *const on[] = { "AT_C_SETTING", "AT_C_SLOT", "AT_C_REQUEST" };
    return mem_printf(t->tmp, "%s%s%s", on[is_figure(c) ? IF_REQUEST : c->on],
                      c->negate ? " | AT_C_NOT" : "", c->is_bits ? " | AT_C_BITS" : "");
}

static size_t cond_index(tables *t, const m_form *form, const m_cond *c)
{
    if (c->on == IF_SLOT)
        return c->slot;
    if (c->on == IF_REQUEST)
        return tables_field(t, form, c->field, "a condition on something", c->at);
    if (is_figure(c))
        return tables_figure(t, form, (m_figure){ c->key_field, c->setting, NULL }, c->at);
    return tables_limit(t, c->setting->id, MOST_BYTE, "settings", c->at);
}

static size_t cond_row(tables *t, const m_form *form, const m_cond *c)
{
    bool is_keyed = c->on == IF_SETTING && c->setting->key;
    int key = is_keyed && c->key_slot >= 0 ? 1 + c->key_slot : 0;

    tables_use(t, WITH_CONDITIONS);
    if (c->on == IF_REQUEST || is_figure(c))
        t->uses[WITH_REQUESTS] = t->uses[WITH_UNKNOWN] = true;
    if (is_keyed && c->key_slot < 0 && !c->key_field)
        tables_refuse(t, c->at, "a setting whose key stands neither in the line nor in the request");
    size_t lo = value_row(t, c->lo), hi = value_row(t, c->hi);
    pool_row row = {
        .key = mem_printf(t->tmp, "{ %s, %d, %zu, %zu, %zu }", cond_on(t, c), key, cond_index(t, form, c),
                          tables_bits(t, lo, 8), tables_bits(t, hi, 8)),
        .note = c->on == IF_SETTING ? c->setting->name : NULL,
    };
    return tables_limit(t, pool_one(t->conds, row), 255, "different conditions", c->at);
}

size_t tables_conds(tables *t, const m_form *form, const m_cond *conds, size_t n)
{
    pool_row *rows = mem_array(t->tmp, pool_row, n + 1);

    for (size_t i = 0; i < n; i++)
        rows[i] = (pool_row){ .key = mem_printf(t->tmp, "%zu", cond_row(t, form, &conds[i])) };
    return tables_limit(t, pool_block(t->holds, rows, n), MOST_SHORT, "conditions",
                        n ? conds[0].at : (place){ 0 });
}

size_t tables_few_conds(tables *t, const m_form *form, const m_cond *conds, size_t n)
{
    return tables_limit(t, tables_conds(t, form, conds, n), MOST_BYTE,
                        "conditions of forms and steps", n ? conds[0].at : (place){ 0 });
}

/* Everything but readings names its conditions with one byte: they come first. */
static void add_few_conds(tables *t)
{
    for (size_t i = 0; i < t->m->n_forms; i++) {
        const m_form *form = t->m->forms[i];
        (void)tables_few_conds(t, form, form->only, form->n_only);
        for (size_t k = 0; t->side == SIDE_HOST && k < form->flow->n_atoms; k++)
            (void)tables_few_conds(t, form, form->flow->atoms[k].conds,
                                   form->flow->atoms[k].n_conds);
        tables_clear(t);
    }
    for (size_t i = 0; t->side == SIDE_HOST && i < t->m->n_urcs; i++)
        (void)tables_few_conds(t, NULL, t->m->urcs[i]->conds, t->m->urcs[i]->n_conds);
}

static bool in_loop(const m_line *line, size_t slot)
{
    return line->loop_first >= 0 && slot >= (size_t)line->loop_first
           && slot < (size_t)(line->loop_first + line->loop_n);
}

/* What this side needs because it reads such lines, or because it writes them. */
static void use_way(tables *t, feature in, bool reads)
{
    tables_use(t, reads ? in : in + 1);
}

static void use_kind(tables *t, const m_type *type, bool reads)
{
    switch (type->kind) {
    case T_BOOL: case T_WORD: use_way(t, WITH_WORDS_IN, reads); break;
    case T_IP: use_way(t, WITH_IP_IN, reads); break;
    case T_MAC: use_way(t, WITH_MAC_IN, reads); break;
    case T_HEX: use_way(t, WITH_BYTES_IN, reads); break;
    default: break;
    }
    if (type->is_signed)
        use_way(t, WITH_SIGNED_IN, reads);
    if (!reads && type->kind == T_STRING)
        tables_use(t, WITH_STRINGS_OUT);
    if (!reads && type->quote != Q_BARE)
        tables_use(t, WITH_QUOTES_OUT);
    if (!reads && type->quote == Q_EITHER && (type->kind == T_STRING || type->kind == T_TEXT))
        tables_use(t, WITH_BARE);
}

static void use_slot(tables *t, const m_slot *slot, bool reads)
{
    if (slot->literal)
        return;
    if (!is_zero_one(slot->type))
        use_kind(t, slot->type, reads);
    if ((slot->pre && *slot->pre) || (slot->post && *slot->post))
        use_way(t, WITH_AFFIXES_IN, reads);
    if (slot->is_elastic && reads)
        tables_use(t, WITH_ELASTIC);
    if (slot->type->kind == T_TEXT && reads)
        tables_use(t, WITH_TEXT);
}

static bool is_twin(const m_slot *a, const m_slot *b)
{
    return !a->literal && !b->literal && strcmp(a->field, b->field) == 0;
}

/* Can it be written in several ways, or without some of its cells? */
static bool has_choice(const m_line *line)
{
    uint64_t all = ((uint64_t)1 << line->n_slots) - 1;

    return line->mask || line->n_readings > 1 || line->readings[0].mask != all;
}

static void use_line(tables *t, const m_line *line, bool reads)
{
    for (size_t i = 0; i < line->n_slots; i++) {
        use_slot(t, &line->slots[i], reads);
        for (size_t k = 0; k < i && !reads; k++)
            if (is_twin(&line->slots[i], &line->slots[k]))
                tables_use(t, WITH_TWINS);
    }
    if (line->data_at != DATA_NONE)
        use_way(t, WITH_DATA_IN, reads);
    if (line->data_at != DATA_NONE && !reads && *data_tail(t->tmp, line))
        tables_use(t, WITH_DATA_TAILS);
    if (!reads && has_choice(line))
        tables_use(t, WITH_CHOICES);
}

static const char *slot_flag(tables *t, bool set, const char *name, feature needs)
{
    if (!set)
        return "";
    tables_use(t, needs);
    return name;
}

static const char *slot_flags(tables *t, const m_line *line, size_t i)
{
    const m_slot *slot = &line->slots[i];
    bool empty = !slot->literal && slot->may_be_empty;
    bool elastic = !slot->literal && slot->is_elastic;
    const char *flags =
        mem_printf(t->tmp, "%s%s%s%s%s",
                   slot_flag(t, slot->literal, " | AT_S_LITERAL", WITH_LITERALS),
                   slot_flag(t, empty, " | AT_S_EMPTY_OK", WITH_EMPTY),
                   elastic ? " | AT_S_ELASTIC" : "",
                   slot_flag(t, in_loop(line, i), " | AT_S_LOOP", WITH_LOOPS),
                   slot_flag(t, slot->next_line, " | AT_S_NEXT_LINE", WITH_NEXT_LINES));
    return *flags ? flags + 3 : "0";
}

/* 1 + the request's field whose value it must have, 0 none. */
static size_t slot_tie(tables *t, const m_slot *slot, const m_form *form)
{
    bool tied = slot->tie && form && t->side == SIDE_HOST;      /* what it is asked it has asked */
    size_t tie = tied ? tables_tie(t, form->takes, slot->tie) : 0;
    if (tie)
        tables_use(t, WITH_TIES);
    if (tie && slot->type->kind >= T_STRING)
        tables_use(t, WITH_TIED_TEXT);
    return tie;
}

static pool_row literal_row(tables *t, const m_line *line, size_t i)
{
    const m_slot *slot = &line->slots[i];
    if (strchr(slot->text, MODEL_NAME) || strchr(slot->text, MODEL_ENDING))
        tables_refuse(t, slot->at, "the command's name inside a line");
    pool_row word = { .key = mem_printf(t->tmp, "%zu", tables_text(t, slot->text)),
                      .note = slot->text };
    size_t number = tables_bits(t, pool_one(t->words, word), 8);
    layout_ref always = { "-", "AT_NONE8", 0 };
    size_t sort = sort_row(t, 0, slot_flags(t, line, i), 0, 0, 0, always);
    return (pool_row){ .key = mem_printf(t->tmp, "{ %zu, %zu }", number, sort),
                       .note = slot->text };
}

static pool_row slot_row(tables *t, const m_line *line, size_t i, const m_form *form)
{
    const m_slot *slot = &line->slots[i];
    if (slot->literal)
        return literal_row(t, line, i);
    const m_field *f = layout_field(line->fields, slot->field);
    if (!f) {
        tables_refuse(t, slot->at, "the parameter '%s' has no field", slot->name);
        return (pool_row){ .key = "" };
    }
    size_t pre = affix(t, slot->pre), post = affix(t, slot->post), tie = slot_tie(t, slot, form);
    size_t sort = sort_row(t, tables_type(t, slot->type), slot_flags(t, line, i), pre, post, tie,
                           ref_has(t, line->fields, f));
    return place_row(t, ref_of(t, line->fields, f, f->name), sort,
                     mem_printf(t->tmp, "<%s:%s>", slot->name, slot->type->name));
}

static size_t slots_block(tables *t, const m_line *line, const m_form *form)
{
    pool_row *rows = mem_array(t->tmp, pool_row, line->n_slots + 1);

    for (size_t i = 0; i < line->n_slots; i++)
        rows[i] = slot_row(t, line, i, form);
    return pool_later(t->slots, rows, line->n_slots);
}

static pool_row reading_row(tables *t, const m_reading *r, const m_form *form)
{
    size_t first = r->n_conds ? tables_conds(t, form, r->conds, r->n_conds) : 0;

    tables_bits(t, r->mask, 20);
    if (r->mask >> 8 != 0 || first >> 5 != 0 || r->n_conds >> 3 != 0)
        tables_use(t, WITH_LONG_LINES);
    return (pool_row){ .key = mem_printf(t->tmp, "{ 0x%xu, %zu, %zu }", (unsigned)r->mask,
                                         tables_bits(t, first, 8), tables_bits(t, r->n_conds, 4)) };
}

/* Where a reading stands in the tables: those of the fewest cells come first, as the first one that
 * says what there is to say is written. */
static size_t reading_place(const m_line *line, size_t reading)
{
    size_t before = 0;

    for (size_t i = 0; i < line->n_readings; i++) {
        size_t cells = mask_size(line->readings[i].mask), own = mask_size(line->readings[reading].mask);
        before += cells < own || (cells == own && i < reading);
    }
    return before;
}

/* What the grammar calls the line stands before its readings, when there is something to choose. */
static bool has_shape(const tables *t, const m_line *line)
{
    return t->side == SIDE_HOST && t->line_handles[line->id] != 0;
}

static size_t readings_block(tables *t, const m_line *line, const m_form *form)
{
    pool_row *rows = mem_array(t->tmp, pool_row, line->n_readings + 1);
    size_t n = 0;

    if (has_shape(t, line)) {
        size_t shape = shapes_number(t->shapes, t->line_handles[line->id] - 1);
        if (shape >> 8 != 0)
            tables_use(t, WITH_LONG_LINES);
        rows[n++] = (pool_row){ .key = mem_printf(t->tmp, "{ %zu, 0, 0 }", shape), .note = "shape" };
    }
    for (size_t i = 0; i < line->n_readings; i++)
        rows[n + reading_place(line, i)] = reading_row(t, &line->readings[i], form);
    return pool_later(t->readings, rows, n + line->n_readings);
}

/* 1 + row, 0: the line has no repetition. */
static size_t loop_row(tables *t, const m_line *line)
{
    if (line->loop_first < 0)
        return 0;
    layout_ref size = layout_item_size(t->tmp, t->lower, line->fields);
    layout_ref items = layout_member(t->tmp, t->lower, line->fields, "item");
    layout_ref n_item = layout_member(t->tmp, t->lower, line->fields, "n_item");
    const char *numbers =
        mem_printf(t->tmp, "%d, %d, %u, %zu", line->loop_first, line->loop_n, line->loop_min,
                   tables_limit(t, line->loop_max, 255, "repetitions", line->at));
    const char *count =
        line->loop_count >= 0 ? mem_printf(t->tmp, "%d", line->loop_count) : "AT_NONE8";
    pool_row row = {
        .key = mem_printf(t->tmp, "%s, %s, %s, %s, %s", numbers, count, size.key, items.key,
                          n_item.key),
        .c =
            mem_printf(t->tmp, "{ %s, %s, %s, %s, %s }", numbers, count, size.c, items.c, n_item.c),
    };
    return 1 + tables_limit(t, pool_one(t->loops, row), MOST_BYTE - 1, "repeated groups", line->at);
}

/* ---- lines ---- */
static const m_member *only_member(const m_command *c)
{
    return c && c->n_members == 1 ? &c->members[0] : NULL;
}

char *tables_head(tables *t, const m_line *line, const m_command *command)
{
    const m_member *only = only_member(command);
    text *head = text_new(t->tmp);

    for (const char *p = line->head ? line->head : ""; *p; p++) {
        if (only && *p == MODEL_NAME)
            text_add(head, only->name);
        else if (only && *p == MODEL_ENDING)
            text_add(head, only->ending ? only->ending : "");
        else
            text_bytes(head, p, 1);
    }
    if (strchr(head->p, MODEL_NAME) || strchr(head->p, MODEL_ENDING))
        tables_use(t, WITH_NAMES);
    return head->p;
}

/* May the data be left out? */
static bool data_is_optional(const m_line *line)
{
    return line->data_count >= 0 && line->slots[line->data_count].optional;
}

/* The sign before the bytes of a line, or 0 for "the line ends". */
static unsigned data_lead(tables *t, const m_line *line)
{
    size_t n = line->data_lead ? strlen(line->data_lead) : 0;

    if (line->data_at != DATA_INLINE)
        return 0;
    if (n == 0)
        tables_refuse(t, line->at, "counted data without a sign in front");
    else if (n > 1 && (*line->tail || data_is_optional(line)))
        tables_refuse(t, line->at, "counted data behind several signs that may be left out");
    return n ? (unsigned char)line->data_lead[n - 1] : 0;
}

static layout_ref data_ref(tables *t, const m_line *line)
{
    layout_ref none = { "-", "AT_NONE", 0 };

    if (line->data_at == DATA_NONE || !layout_field(line->fields, line->data_name))
        return none;
    return layout_member(t->tmp, t->lower, line->fields, line->data_name);
}

static const char *lead_part(tables *t, const m_line *line, line_use use)
{
    if (!use.is_command)
        return line->lead;
    if (strcmp(line->lead, use.form->op) == 0)
        return "";
    if (*line->lead)
        tables_refuse(t, line->at, "'%s' between a command's operator and its first parameter",
                      line->lead);
    return "";
}

static unsigned bit_of(uint64_t one)
{
    unsigned bit = 0;

    for (; one > 1; one >>= 1)
        bit++;
    return bit;
}

/* 1 + where it stands which bits show which cells, 0: nothing is hidden. */
static size_t mask_block(tables *t, const m_line *line)
{
    pool_row *rows = mem_array(t->tmp, pool_row, 2 + 2 * line->n_slots);
    size_t n = 2;

    if (!line->mask)
        return 0;
    tables_use(t, WITH_MASKS);
    for (size_t i = 0; i < line->n_slots; i++) {
        const m_cond *shown = line->slots[i].shown;
        if (!shown)
            continue;
        rows[n++] = (pool_row){ .key = mem_printf(t->tmp, "%zu", i) };
        rows[n++] = (pool_row){ .key = mem_printf(t->tmp, "%u", bit_of((uint64_t)shown->lo)) };
    }
    rows[0] = (pool_row){ .key = mem_printf(t->tmp, "%u", line->mask->id) };
    rows[1] = (pool_row){ .key = mem_printf(t->tmp, "%zu", n / 2 - 1) };
    return 1 + tables_limit(t, pool_block(t->masks, rows, n), MOST_BYTE, "cells behind masks", line->at);
}

/* 1 + the figure that counts the data, where no cell does. */
static size_t data_figure(tables *t, const m_line *line, const m_form *form)
{
    if (line->data_at == DATA_NONE || line->data_count >= 0)
        return 0;
    return 1 + tables_field(t, form, line->data_request, "a count", line->at);
}

static size_t rest_row(tables *t, const m_line *line, line_use use)
{
    static const char *const frames[] = { "AT_LINE_INFO", "AT_LINE_RESULT", "AT_LINE_URC",
                                          "AT_LINE_BARE" };
    static const char *const where[] = { "AT_DATA_NONE", "AT_DATA_INLINE", "AT_DATA_AFTER" };
    layout_ref data = data_ref(t, line);
    const char *front = data_front(t->tmp, line);
    size_t lead = affix(t, lead_part(t, line, use));
    size_t tail = affix(t, front ? front : line->tail), loop = loop_row(t, line);
    size_t figure = data_figure(t, line, use.form), data_end = affix(t, data_tail(t->tmp, line));
    const char *count = line->data_at != DATA_NONE && line->data_count >= 0
                            ? mem_printf(t->tmp, "%d", line->data_count) : "AT_NONE8";
    size_t mask = mask_block(t, line);
    const char *rest =
        mem_printf(t->tmp, "%zu, %zu, %s, %u, %s, %s, %zu, %zu, %zu, %zu", lead, tail, count,
                   data_lead(t, line), frames[use.frame],
                   line->data_either ? "AT_DATA_EITHER" : where[line->data_at], loop, figure,
                   data_end, mask);
    pool_row row = { .key = mem_printf(t->tmp, "%s, %s", data.key, rest),
                     .c = mem_printf(t->tmp, "{ %s, %s }", data.c, rest),
                     .note = line->syntax };

    return tables_limit(t, tables_widths(t, pool_one(t->rests, row), 8, 6), MOST_RESTS,
                        "different frames of lines", line->at);
}

/* Lines with the same names of parameters can be one to who shows them. */
static const char *names_of(tables *t, const m_line *line)
{
    text *names = text_new(t->tmp);

    for (size_t i = 0; i < line->n_slots; i++)
        text_printf(names, " %s", line->slots[i].literal ? "-" : line->slots[i].name);
    return names->p;
}

typedef struct line_blocks {
    size_t slots, readings, rest;
    bool has_shape;             /* it stands before the readings */
} line_blocks;

/* A line's row, with its blocks as long as these have no places; the head of one that is not bare. */
static size_t line_append(tables *t, pool_row row, line_blocks blocks, size_t head)
{
    size_t n = t->lines->n, number = pool_one(t->lines, row);

    if (number < n)
        return number;
    t->blocks = mem_grow(t, t->blocks, line_blocks, n + 1);
    t->blocks[n] = blocks;
    if (n >= t->n_bare)
        pool_append(t->heads, (pool_row){ .key = mem_printf(t->tmp, "%zu", head), .note = row.note });
    return n;
}

static size_t line_row(tables *t, const m_line *line, line_use use)
{
    const char *head =
        use.is_command ? "" : tables_head(t, line, use.form ? use.form->command : NULL);
    size_t slots = slots_block(t, line, use.form), readings = readings_block(t, line, use.form);
    size_t name = tables_far_text(t, head), rest = rest_row(t, line, use);
    size_t n_readings = tables_limit(t, tables_widths(t, line->n_readings, 3, 4), 255,
                                     "ways to read a line", line->at);
    const char *c = mem_printf(t->tmp, "%zu, %zu", tables_bits(t, line->n_slots, 5), n_readings);
    const char *key = mem_printf(t->tmp, "%zu %zu %zu %zu %s%s", name, rest, slots, readings, c,
                                 names_of(t, line));
    line_blocks blocks = { slots, readings, rest, has_shape(t, line) };

    use_line(t, line, use.is_command == (t->side == SIDE_MODULE));
    if (use.frame == FRAME_URC)
        key = mem_printf(t->tmp, "%s %u", key, line->id);
    return line_append(t, (pool_row){ .key = key, .c = c, .note = line->syntax }, blocks, name);
}

void tables_bare_lines(tables *t)
{
    for (size_t i = 0; i < t->m->n_forms; i++) {
        const m_form *form = t->m->forms[i];
        line_use use = { FRAME_BARE, form, true };
        if (rest_row(t, form->line, use) == 0)
            (void)tables_line(t, form->line, use);
        tables_clear(t);
    }
    t->n_bare = t->lines->n;
}

/* Blocks have their places now. */
static void finish_lines(tables *t)
{
    pool_settle(t->slots);
    pool_settle(t->readings);
    for (size_t i = 0; i < t->lines->n; i++) {
        const line_blocks *b = &t->blocks[i];
        size_t slots = pool_place(t->slots, b->slots);
        size_t readings = pool_place(t->readings, b->readings) + b->has_shape;
        t->lines->rows[i].c = mem_printf(t, "{ %zu, %zu, %zu, %s }", b->rest,
                                         tables_widths(t, slots, 8, 10), tables_widths(t, readings, 8, 7),
                                         t->lines->rows[i].c);
    }
}

size_t tables_urc_number(const model *m, const m_urc *u)
{
    size_t i = 0;

    while (m->urcs[i] != u)
        i++;
    return i;
}

size_t tables_urc(tables *t, const m_urc *u)
{
    return tables_line(t, u->line, (line_use){ FRAME_URC, NULL, false });
}

frame tables_frame(const m_atom *a)
{
    return a->kind == A_FINAL && !a->row ? FRAME_RESULT : FRAME_INFO;
}

size_t tables_line(tables *t, const m_line *line, line_use use)
{
    int *row = &t->line_rows[(size_t)line->id * FRAME_COUNT + use.frame];

    if (*row == NO_INDEX)
        *row = (int)tables_limit(t, line_row(t, line, use), MOST_SHORT, "lines", line->at);
    return (size_t)*row;
}

/* ---- data phases ---- */
static size_t phase_text(tables *t, const m_atom *a, const char *s, size_t n)
{
    if (!s)
        return 0;
    if (strlen(s) != n)
        tables_refuse(t, a->at, "a data phase that ends with a NUL");
    if (n > MOST_HOLD)
        tables_refuse(t, a->at, "a text of more than %d bytes that ends a data phase", MOST_HOLD);
    return tables_text(t, s);
}

static const char *phase_flags(tables *t, const m_atom *a)
{
    const char *flags =
        mem_printf(t->tmp, "%s%s%s%s%s", a->count_field ? " | AT_P_COUNTED" : "",
                   a->short_kept ? " | AT_P_SHORT_KEPT" : "",
                   a->kind == A_TRANSPARENT ? " | AT_P_TRANSPARENT" : "",
                   a->count_field && a->count_in_result ? " | AT_P_COUNT_IN_RESULT" : "",
                   a->kind == A_DATA_IN && a->ends ? " | AT_P_LAST" : "");
    return *flags ? flags + 3 : "0";
}

/* The struct whose field counts the bytes, and that field; NULL: none does. */
static const m_struct *count_struct(const m_form *form, const m_atom *a)
{
    if (!a->count_in_result)
        return form->takes;
    return a->row_fields ? a->row_fields : form->result;
}

static const m_field *count_of(const m_form *form, const m_atom *a)
{
    return a->count_field ? layout_field(count_struct(form, a), a->count_field) : NULL;
}

/* Type and place of what counts the bytes: a field of the answer or of the request; one that may be
 * left out of that is a figure. */
static layout_ref phase_count(tables *t, const m_form *form, const m_atom *a)
{
    const m_struct *from = count_struct(form, a);
    const m_field *f = count_of(form, a);

    if (a->count_field && !f)
        tables_refuse(t, a->at, "data whose count '%s' has no field", a->count_field);
    if (!f)
        return (layout_ref){ "0, 0", "0, 0", 0 };
    if (f->has && !a->count_in_result) {
        size_t number = tables_field(t, form, a->count_field, "a count", a->at);
        const char *c = mem_printf(t->tmp, "AT_NONE8, %zu", number);
        return (layout_ref){ c, c, 0 };
    }
    layout_ref at = ref_of(t, from, f, f->name);
    size_t type = tables_type(t, f->type);
    return (layout_ref){ mem_printf(t->tmp, "%zu, %s", type, at.key),
                         mem_printf(t->tmp, "%zu, %s", type, at.c), at.most };
}

/* The most bytes: on the module what the language says, 0 nothing; on the host what the count says
 * at most, so much can be made up for. */
static unsigned phase_most(const tables *t, const m_form *form, const m_atom *a)
{
    const m_field *f = count_of(form, a);
    const m_type *type = f ? f->type : NULL;
    int64_t most = type && type->kind == T_INT ? type->ranges[type->n_ranges - 1].hi : UINT16_MAX;

    if (t->side == SIDE_MODULE || (a->max > 0 && a->max < most))
        return (unsigned)a->max;
    return most < UINT16_MAX ? (unsigned)most : UINT16_MAX;
}

/* May the number that counts the bytes be 0? */
static bool may_be_zero(const m_form *form, const m_atom *a)
{
    const m_field *f = count_of(form, a);
    return !f || f->has || f->type->kind != T_INT || f->type->ranges[0].lo <= 0;
}

static void use_phase(tables *t, const m_form *form, const m_atom *a, bool has_limit)
{
    bool transparent = a->kind == A_TRANSPARENT;

    t->uses[WITH_TRANSPARENT] |= transparent;
    t->uses[WITH_TRANSPARENT_ENDS] |= a->line != NULL;
    t->uses[WITH_UNTIL] |= (a->text && !transparent) || a->escape;
    t->uses[WITH_CANCELS] |= a->cancel != NULL;
    t->uses[WITH_LIMITS] |= has_limit || a->max != 0;
    t->uses[WITH_EMPTY_DATA] |= a->count_field && may_be_zero(form, a);
    t->uses[WITH_COUNT_IN_ANSWER] |= a->count_field && a->count_in_result;
}

size_t tables_phase(tables *t, const m_form *form, const m_atom *a)
{
    layout_ref count = phase_count(t, form, a);
    size_t time = a->kind == A_DATA_IN ? tables_time(t, form, &a->within, a->at) : 0;
    line_use use = { FRAME_RESULT, form, false };
    const char *line =
        a->line ? mem_printf(t->tmp, "%zu", tables_line(t, a->line, use)) : "AT_NONE";

    const char *rest =
        mem_printf(t->tmp, "{ %zu, %zu }, %s, %zu, %zu", phase_text(t, a, a->text, a->text_len),
                   phase_text(t, a, a->escape, a->escape_len), line,
                   tables_bits(t, phase_most(t, form, a), 16), tables_bits(t, a->silence.ms, 16));
    const char *flags =
        mem_printf(t->tmp, "%s, %zu, %zu", phase_flags(t, a), time,
                   tables_limit(t, phase_text(t, a, a->cancel, a->cancel_len), MOST_BYTE,
                                "bytes before the text that takes data back", a->at));
    pool_row row = { .key = mem_printf(t->tmp, "%s %s %s", flags, count.key, rest),
                     .c = mem_printf(t->tmp, "{ %s, %s, %s }", flags, count.c, rest),
                     .note = form->c_name };
    use_phase(t, form, a, time != 0);
    return tables_limit(t, pool_one(t->phases, row), MOST_BYTE - 1, "data phases", a->at);
}

/* ---- shapes ---- */

/* The name has chosen the line: how many cells there are is enough to choose among its readings, and
 * their values are checked in any case. */
static shape_cell cell_of_slot(const tables *t, const m_slot *slot)
{
    shape_cell cell = kinds_of_slot(t->m, slot);

    cell.kinds = KIND_ANY;
    cell.may_be_hidden = slot->shown != NULL;
    return cell;
}

static shape_reading shape_of_reading(const void *ctx, tables *t, const m_line *line, size_t reading)
{
    shape_cell *cells = mem_array(ctx, shape_cell, line->n_slots + 1);
    shape_reading s = { .cells = cells, .number = reading_place(line, reading) };
    bool is_empty = false;

    for (size_t i = 0; i < line->n_slots; i++) {
        if (!(line->readings[reading].mask >> i & 1u))
            continue;
        if (in_loop(line, i)) {
            s.loop_first = s.loop_n ? s.loop_first : s.n;
            s.loop_n++;
            s.loop_min = line->loop_min;
        }
        is_empty = kinds_of_slot(t->m, &line->slots[i]).kinds & KIND_EMPTY;
        /* nothing in the values tells whether it is missing, only the number of cells */
        t->uses[WITH_SHAPES] |= s.n > 0 && is_empty && !line->slots[i].may_be_empty;
        cells[s.n++] = cell_of_slot(t, &line->slots[i]);
    }
    /* a line without any text is one empty cell, and the lexer says: no cell at all */
    if (s.n == 1 && is_empty)
        cells[0].may_be_cut = true;
    return s;
}

size_t tables_shape_of(tables *t, const m_line *const *lines, size_t n)
{
    void *ctx = talloc_new(t);
    size_t readings = 0, at = 0;

    for (size_t i = 0; i < n; i++)
        readings += lines[i]->n_readings;
    shape_reading *all = mem_array(ctx, shape_reading, readings + 1);
    for (size_t i = 0; i < n; i++) {
        size_t first = at;
        for (size_t k = 0; k < lines[i]->n_readings; k++) {
            all[at] = shape_of_reading(ctx, t, lines[i], k);
            all[at++].number += first;
        }
    }
    size_t handle = shapes_add(t->shapes, all, readings);
    t->uses[WITH_SHAPES] |= readings > 1;
    talloc_free(ctx);
    return handle;
}

/* One reading is tried as it is: nothing has to be chosen. */
void tables_shape(tables *t, const m_line *line)
{
    if (!line || t->line_is_read[line->id])
        return;
    t->line_is_read[line->id] = true;
    if (line->n_readings > 1)
        t->line_handles[line->id] = 1 + tables_shape_of(t, &line, 1);
}

/* ---- settings ---- */
static size_t setting_keys(tables *t, const m_setting *s)
{
    if (!s->key)
        return 1;
    t->uses[WITH_KEYS] = t->uses[WITH_UNKNOWN] = true;
    int64_t most = s->key->kind == T_ENUM || s->key->kind == T_WORD ? (int64_t)s->key->n_items - 1
                                                                    : most_of(s->key);
    return tables_limit(t, (size_t)most + 1, 255, "values of a setting's key", s->key->at);
}

static void setting_row(tables *t, const m_setting *s)
{
    size_t keys = setting_keys(t, s);
    const char *reset = s->has_reset ? c_int32(t, s->reset) : "AT_UNKNOWN";

    tables_use(t, WITH_SETTINGS);
    if (!s->has_reset)
        tables_use(t, WITH_UNKNOWN);
    size_t base = tables_bits(t, t->initial->n, 8);
    pool_append(t->settings, (pool_row){ .key = mem_printf(t->tmp, "{ %zu, %zu }", base, keys),
                                         .note = s->name });
    for (size_t i = 0; i < keys; i++)
        pool_append(t->initial, (pool_row){ .key = reset });
}

unsigned tables_form_number(const tables *t, const m_form *form)
{
    return (unsigned)t->form_rows[form->id];
}

/* Does leaving it out mean 0, which the field then is? */
static bool means_zero(const m_field *f)
{
    return f->has && f->type->has_default && f->type->dflt == 0;
}

/* What `form` sets when it has ended well. */
static void assign_row(tables *t, const m_form *form, const m_setting *s)
{
    const m_field *f = layout_field(form->takes, s->param);
    const m_field *key = s->key ? layout_field(form->takes, s->key_param) : NULL;
    const char *key_type = key ? mem_printf(t->tmp, "%zu", tables_type(t, key->type)) : "AT_NONE8";
    const char *key_offset = key ? ref_of(t, form->takes, key, key->name).c : "0";
    pool_append(t->assigns, (pool_row){
        .key = mem_printf(t->tmp, "{ %u, %s, %zu, %s, %u, %s, %s }",
                          tables_form_number(t, form),
                          ref_of(t, form->takes, f, f->name).c, tables_type(t, f->type),
                          means_zero(f) ? "AT_NONE8" : ref_has(t, form->takes, f).c, s->id,
                          key_type, key_offset),
        .note = s->name });
}

/* Text that holds commas is as many cells; when more follow it all of them must be seen. */
static size_t cells_of_line(const m_line *line)
{
    size_t n = line->n_slots;

    for (size_t i = 0; i + 1 < line->n_slots; i++)
        if (line->slots[i].is_elastic)
            n = n > CELLS_OF_TEXT ? n : CELLS_OF_TEXT;
    if (line->loop_first >= 0)          /* one group too many is seen to be that */
        n += (size_t)line->loop_n * line->loop_max;
    return n;
}

size_t tables_cells(const model *m)
{
    size_t most = 1;

    for (size_t i = 0; i < m->n_lines; i++) {
        size_t n = cells_of_line(m->all_lines[i]);
        most = n > most ? n : most;
    }
    return most + 1;
}

void tables_finish(tables *t)
{
    finish_lines(t);
    if (t->slots->n == 0)       /* C has no offset from nothing */
        (void)pool_one(t->slots, NO_SLOT);
    if (t->types->n == 0)       /* nor when all cells are literals */
        (void)pool_one(t->types, NO_TYPE);
    tables_limit(t, tables_cells(t->m), 255, "parameters of a line", (place){ 0 });
    for (size_t i = 0; i < t->m->n_settings; i++)
        setting_row(t, t->m->settings[i]);
    for (size_t i = 0; i < t->m->n_forms; i++) {
        const m_form *form = t->m->forms[i];
        if (t->form_rows[form->id] == NO_INDEX)
            continue;
        for (size_t k = 0; k < t->m->n_settings; k++)
            if (form_sets(form, t->m->settings[k]))
                assign_row(t, form, t->m->settings[k]);
        tables_clear(t);
    }
}

/* ---- operators and members ---- */

/* AT_OP_… of a spelling; two of the module's own forms with the same one are the same to the
 * lexer. */
static int operator_of_text(const model *m, const char *spelled)
{
    if (!spelled)
        return NO_INDEX;
    for (int op = F_EXEC; op <= F_SAVE; op++)
        if (m->lines.operators[op] && strcmp(m->lines.operators[op], spelled) == 0)
            return op;
    return strcmp(spelled, "?") == 0 ? F_READ : F_TEST; /* `query` alone has this spelling */
}

int tables_operator(const model *m, const m_form *form, m_form_kind kind)
{
    bool alone = form->kinds == 1u << kind;
    return operator_of_text(m, alone && form->op ? form->op : m->lines.operators[kind]);
}

/* `query` spelled as an operator that no form of its own has: that operator's text. */
const char *tables_query_spelling(const model *m, m_form_kind op)
{
    const char *query = m->lines.operators[F_QUERY];
    return query && operator_of_text(m, query) == (int)op ? query : NULL;
}

const m_member *tables_member(const m_command *c, bool flash)
{
    for (size_t i = 0; i < c->n_members; i++)
        if (!c->has_saved || c->members[i].flash == flash)
            return &c->members[i];
    return &c->members[0];
}

/* ---- error results: spellings of one name (FAIL, Fail) are one outcome ---- */
bool tables_is_new_error(const model *m, size_t result)
{
    const m_result *r = &m->results[result];

    for (size_t i = 0; i < result; i++)
        if (m->results[i].klass == RC_ERROR && strcmp(m->results[i].name, r->name) == 0)
            return false;
    return r->klass == RC_ERROR;
}

size_t tables_error_index(const model *m, size_t result)
{
    size_t n = 0, i = 0;

    for (; i < m->n_results && strcmp(m->results[i].name, m->results[result].name) != 0; i++)
        n += tables_is_new_error(m, i);
    return n;
}

/* ---- name tables ---- */
uint32_t tables_hash(const char *name, bool any_case)
{
    uint32_t h = 0;

    for (; *name; name++)
        if (any_case || *name != ' ')
            h = h * 5 ^ ((unsigned char)*name & (any_case ? 0xdfu : 0xffu));
    return h;
}

size_t tables_buckets(size_t n)
{
    size_t count = 1;

    while (2 * count <= n)
        count *= 2;
    return count;
}

/* Lists of one bucket each: `heads[b]` is 1 + the first name of bucket b, `nexts` goes on. */
static void sort_into_buckets(const tables *t, const char *const *names, size_t n, size_t *heads,
                              size_t *nexts, size_t mask)
{
    for (size_t i = n; i-- > 0;) {
        size_t b = tables_hash(names[i], t->side == SIDE_MODULE) & mask;
        nexts[i] = heads[b];
        heads[b] = i + 1;
    }
}

size_t *tables_in_buckets(tables *t, const char *const *names, size_t n)
{
    size_t count = n > FEW_NAMES ? tables_buckets(n) : 1, done = 0;
    size_t *heads = mem_array(t, size_t, count), *nexts = mem_array(t, size_t, n + 1);
    size_t *order = mem_array(t, size_t, n + 1);

    t->uses[WITH_HASH] = count > 1;
    sort_into_buckets(t, names, n, heads, nexts, count - 1);
    for (size_t b = 0; b < count; b++) {
        pool_append(t->buckets, (pool_row){ .key = mem_printf(t->tmp, "%zu", done) });
        for (size_t i = heads[b]; i; i = nexts[i - 1])
            order[done++] = i - 1;
        tables_clear(t);
    }
    pool_append(t->buckets, (pool_row){ .key = mem_printf(t->tmp, "%zu", n) });
    tables_limit(t, n, MOST_SHORT, "names", (place){ 0 });
    return order;
}
