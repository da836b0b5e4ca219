/* Lines: the name in front, cells as slots, readings as masks over them, repetitions and counted
 * data.
 * SPDX-License-Identifier: MIT */
#include <limits.h>
#include <string.h>

#include "resolve.h"

enum { LOOP_MAX = 255, LOOP_COUNTED_MAX = 64 };

typedef struct builder {
    resolver *r;
    const scope *s;
    m_line *line;
    rpat *list;
    traces readings;
    cut *cuts;
    cell cells[MAX_SLOTS]; /* of line->slots */
    size_t n_cells;
    const ast_cond *when;
} builder;

/* ---- the name in front, and brackets around the cells ---- */

static const char *family_head(builder *b, char *head)
{
    const scope *s = b->s;
    if (!s->owner) return head;
    if (!strcmp(head, s->command->names->name)) return "\x01";
    size_t n = strlen(head);
    if (n && head[n - 1] == '*' && s->command->names->next) head[n - 1] = MODEL_ENDING;
    return head;
}

static char closing(char c)
{
    return c == '(' ? ')' : c == '[' ? ']' : c == '{' ? '}' : '\0';
}

static rpat *last_of(rpat *p)
{
    while (p && p->next) p = p->next;
    return p;
}

static void drop_empty(rpat **list)
{
    while (*list) {
        if ((*list)->kind == RP_TEXT && !*(*list)->text)
            *list = (*list)->next;
        else
            list = &(*list)->next;
    }
}

/* A bracket that opens before the first cell and closes after the last belongs to the line. Length
 * of it. */
static size_t take_tail(builder *b, const char *text)
{
    char close = closing(*text);
    rpat *end = last_of(b->list);
    size_t n = end->kind == RP_TEXT ? strlen(end->text) : 0;
    if (!close || end == b->list || !n || end->text[n - 1] != close) return 0;
    b->line->tail = mem_bytes(b->r->ctx, end->text + n - 1, 1);
    end->text[n - 1] = '\0';
    return 1;
}

/* Name, separator and blanks; the rest of the text stays as the first cell's. */
static void take_head(builder *b)
{
    rpat *p = b->list;
    size_t n = strcspn(p->text, ":=,");
    bool whole = !p->text[n] && (!p->next || p->next->kind == RP_NEWLINE);
    if (n == 0 || (!p->text[n] && !whole)) return;
    b->line->head = family_head(b, mem_bytes(b->r->ctx, p->text, n));
    size_t lead = n;
    if (p->text[lead]) lead++;
    lead += strspn(p->text + lead, " ");
    if (p->text[lead]) lead += take_tail(b, p->text + lead);
    b->line->lead = mem_bytes(b->r->ctx, p->text + n, lead - n);
    p->text += lead;
}

static void take_brackets(builder *b)
{
    rpat *p = b->list;
    size_t n = take_tail(b, p->text);
    b->line->lead = mem_bytes(b->r->ctx, p->text, n);
    p->text += n;
}

static void take_front(builder *b, line_use use)
{
    if (!b->list || b->list->kind != RP_TEXT) return;
    if (use != LINE_COMMAND) take_head(b);
    if (!*b->line->head) take_brackets(b);
    drop_empty(&b->list);
}

/* ---- slots ---- */

static size_t cell_index(const builder *b, const cell *x)
{
    size_t i = 0;
    while (i < b->n_cells && cell_compare(&b->cells[i], x) < 0) i++;
    return i;
}

static bool has_cell(const builder *b, const cell *x)
{
    size_t i = cell_index(b, x);
    return i < b->n_cells && cell_compare(&b->cells[i], x) == 0;
}

static bool add_cell(builder *b, const cell *x)
{
    if (has_cell(b, x)) return true;
    if (b->n_cells == MAX_SLOTS) {
        diag_at(b->r->d, b->line->at, D_TOO_MANY_CELLS, "a line has at most %d different cells",
                MAX_SLOTS);
        return false;
    }
    size_t i = cell_index(b, x);
    memmove(&b->cells[i + 1], &b->cells[i], (b->n_cells - i) * sizeof *b->cells);
    b->cells[i] = *x;
    b->n_cells++;
    return true;
}

static void collect_cells(builder *b)
{
    b->cuts = mem_array(b->r->ctx, cut, b->readings.n);
    for (size_t i = 0; i < b->readings.n; i++) {
        b->cuts[i] = cell_cut(b->r, &b->readings.v[i]);
        for (size_t k = 0; k < b->cuts[i].n; k++)
            if (!add_cell(b, &b->cuts[i].cells[k])) return;
    }
}

static const rpat *cell_param(const cell *x)
{
    for (size_t i = 0; i < x->n; i++)
        if (x->parts[i].pat->kind == RP_PARAM) return x->parts[i].pat;
    return NULL;
}

/* `<=name>`, and in a `later` line every name the request has too. */
static void set_tie(builder *b, m_slot *slot, const rpat *p)
{
    const m_slot *same = b->s->request ? line_param(b->s->request, p->text) : NULL;
    if (same && (p->tied || (b->s->later && type_same(same->type, p->type))))
        slot->tie = same->field;
    else if (p->tied && !cond_variants_have(b->r, b->s, p->text))
        diag_at(b->r->d, p->at, D_NOTHING_TIED, "the request has no parameter '%s' to be equal to",
                p->text);
}

/* A cell that a mask shows and hides. */
static void set_shown(builder *b, m_slot *slot, const ast_cond *shown)
{
    m_cond *conds = NULL;
    size_t n = 0;
    if (!shown || !cond_all(b->r, b->s, b->line, shown, &conds, &n) || n == 0) return;
    slot->shown = conds;
    slot->optional = true;
    b->line->mask = conds->setting;
}

static void make_slots(builder *b)
{
    b->line->n_slots = b->n_cells;
    b->line->slots = mem_array(b->r->ctx, m_slot, b->n_cells ? b->n_cells : 1);
    for (size_t i = 0; i < b->n_cells; i++) {
        m_slot *slot = &b->line->slots[i];
        *slot = cell_slot(b->r, &b->cells[i]);
        if (!slot->literal) set_tie(b, slot, cell_param(&b->cells[i]));
        set_shown(b, slot, b->cells[i].parts[0].pat->shown);
    }
}

/* ---- repetition ---- */

static unsigned loop_limit(builder *b, const rpat *loop)
{
    const m_slot *count = loop->count ? line_param(b->line, loop->count) : NULL;
    if (count && count->type->n_ranges && count->type->ranges[0].hi <= LOOP_COUNTED_MAX)
        return (unsigned)count->type->ranges[0].hi;
    if (loop->count || loop->max == UINT_MAX)
        return loop->min > DEFAULT_LOOP ? loop->min : DEFAULT_LOOP;
    if (loop->max <= LOOP_MAX) return loop->max;
    diag_at(b->r->d, loop->at, D_LOOP_TOO_LONG, "a repetition inside a line holds at most %d",
            LOOP_MAX);
    return LOOP_MAX;
}

static void find_count(builder *b, const rpat *loop)
{
    const m_slot *slot = line_param(b->line, loop->count);
    b->line->loop_count = line_slot(b->line, loop->count);
    if (!slot)
        diag_at(b->r->d, loop->at, D_UNKNOWN_PARAMETER,
                "this line has no parameter '%s' that could count", loop->count);
    else if (!type_counts(slot->type))
        diag_at(b->r->d, loop->at, D_NO_COUNT,
                "'%s' cannot count: its type must be a number from 0", loop->count);
}

static void set_loop(builder *b, const cut *x)
{
    const rpat *loop = x->loop;
    if (x->loop_n <= 0) {
        diag_at(b->r->d, loop->at, D_EMPTY_LOOP, "nothing is repeated here");
        return;
    }
    b->line->loop_first = (int)cell_index(b, &x->cells[x->loop_first]);
    b->line->loop_n = x->loop_n;
    if (loop->count) find_count(b, loop);
    b->line->loop_min = loop->count ? 0 : loop->min;
    b->line->loop_max = loop_limit(b, loop);
}

static void find_loop(builder *b)
{
    b->line->loop_first = b->line->loop_count = -1;
    for (size_t i = 0; i < b->readings.n && b->line->loop_first < 0; i++)
        if (b->cuts[i].loop) {
            set_loop(b, &b->cuts[i]);
            return;
        }
}

/* ---- readings ---- */

static uint32_t mask_of(const builder *b, const cut *x)
{
    uint32_t mask = 0;
    for (size_t i = 0; i < x->n; i++)
        if (has_cell(b, &x->cells[i])) mask |= (uint32_t)1 << cell_index(b, &x->cells[i]);
    return mask;
}

static bool same_cond(const m_cond *a, const m_cond *b)
{
    return a->on == b->on && a->setting == b->setting && a->slot == b->slot && a->field == b->field
           && a->negate == b->negate && a->is_bits == b->is_bits && a->lo == b->lo
           && a->hi == b->hi;
}

static bool same_reading(const m_reading *a, const m_reading *b)
{
    if (a->mask != b->mask || a->n_conds != b->n_conds) return false;
    for (size_t i = 0; i < a->n_conds; i++)
        if (!same_cond(&a->conds[i], &b->conds[i])) return false;
    return true;
}

/* Longest first; the same one is not added twice. */
static void add_reading(builder *b, m_reading reading)
{
    m_line *line = b->line;
    for (size_t i = 0; i < line->n_readings; i++)
        if (same_reading(&line->readings[i], &reading)) return;
    APPEND(b->r->ctx, m_reading, line->readings, line->n_readings, reading);
    size_t i = line->n_readings - 1;
    for (; i > 0 && mask_size(line->readings[i - 1].mask) < mask_size(reading.mask); i--)
        line->readings[i] = line->readings[i - 1];
    line->readings[i] = reading;
}

static void add_when(builder *b, trace *t, const ast_cond *c)
{
    if (c && c->op == COND_AND) {
        add_when(b, t, c->left);
        add_when(b, t, c->right);
    } else if (c) {
        APPEND(b->r->ctx, term, t->terms, t->n_terms, ((term){ c, false }));
    }
}

/* False after a report. */
static bool check_reading(builder *b, const m_reading *x)
{
    const m_slot *elastic = NULL;
    for (size_t i = 0; i < b->line->n_slots; i++) {
        const m_slot *slot = &b->line->slots[i];
        if (slot->literal || !(x->mask >> i & 1)) continue;
        if (slot->is_elastic && elastic) {
            diag_at(b->r->d, slot->at, D_TWO_TEXTS,
                    "a line has one 'text': it takes what the others leave");
            diag_note(b->r->d, elastic->at, "the other one");
            return false;
        }
        if (slot->is_elastic) elastic = slot;
        for (size_t k = 0; k < i; k++)
            if (!b->line->slots[k].literal && (x->mask >> k & 1)
                && !strcmp(slot->name, b->line->slots[k].name)) {
                diag_at(b->r->d, slot->at, D_PARAMETER_TWICE, "'%s' stands twice in this line",
                        slot->name);
                diag_note(b->r->d, b->line->slots[k].at, "first here");
                return false;
            }
    }
    return true;
}

static void make_readings(builder *b)
{
    for (size_t i = 0; i < b->readings.n; i++) {
        trace *t = &b->readings.v[i];
        m_reading reading = { mask_of(b, &b->cuts[i]), NULL, 0 };
        add_when(b, t, b->when);
        if (cond_reading(b->r, b->s, b->line, &reading, t->terms, t->n_terms))
            add_reading(b, reading);
    }
    if (!b->line->n_readings) {
        diag_at(b->r->d, b->line->at, D_NEVER, "the conditions of this line can never hold");
        add_reading(b, (m_reading){ 0, NULL, 0 });
    }
    for (size_t i = 0; i < b->line->n_readings && check_reading(b, &b->line->readings[i]); i++)
        continue;
}

static void mark_optional(m_line *line)
{
    for (size_t k = 0; k < line->n_readings; k++)
        for (size_t i = 0; i < line->n_slots; i++)
            if (!(line->readings[k].mask >> i & 1)) line->slots[i].optional = true;
}

/* A repeated text cannot be counted from the right. */
static void check_loop(builder *b)
{
    const m_line *line = b->line;
    for (int i = line->loop_first; i >= 0 && i < line->loop_first + line->loop_n; i++)
        if (line->slots[i].is_elastic)
            diag_at(b->r->d, line->slots[i].at, D_TEXT_REPEATED,
                    "'text' cannot be repeated inside a line");
}

/* ---- counted data ---- */

static void find_data_count(builder *b, const rpat *data)
{
    m_line *line = b->line;
    const m_slot *slot = line_param(line, data->count);
    line->data_count = line_slot(line, data->count);
    if (!slot && b->s->request) slot = line_param(b->s->request, data->count);
    if (slot && line->data_count < 0) line->data_request = slot->field;
    if (!slot) {
        diag_at(b->r->d, data->at, D_UNKNOWN_PARAMETER, "no parameter '%s' counts these bytes",
                data->count);
    } else if (!type_counts(slot->type)) {
        diag_at(b->r->d, data->at, D_NO_COUNT,
                "'%s' cannot count bytes: its type must be a number from 0", data->count);
        diag_note(b->r->d, slot->type->at, "its type");
    }
}

/* The bytes are there exactly when their count is. */
static bool data_matches(const builder *b, const cut *x)
{
    const m_line *line = b->line;
    bool counted = line->data_count < 0;
    for (size_t i = 0; i < line->n_slots; i++)
        if (!line->slots[i].literal && line->data_count >= 0
            && !strcmp(line->slots[i].name, line->slots[line->data_count].name)
            && (mask_of(b, x) >> i & 1))
            counted = true;
    return counted == (x->data != NULL);
}

static void set_data(builder *b, const cut *x)
{
    m_line *line = b->line;
    line->data_at = x->data_after ? DATA_AFTER : DATA_INLINE;
    line->data_either = x->data->is_either;
    line->data_name = x->data->text;
    line->data_lead = x->data_lead;
    line->data_tail = x->data_tail;
    find_data_count(b, x->data);
    if (line->data_either && x->data_after)
        diag_at(b->r->d, x->data->at, D_DATA_MARKED,
                "data behind the end of its line has no quotes that could be missing");
}

static void find_data(builder *b)
{
    const rpat *data = NULL;
    b->line->data_count = -1;
    for (size_t i = 0; i < b->readings.n && !data; i++)
        if ((data = b->cuts[i].data)) set_data(b, &b->cuts[i]);
    for (size_t i = 0; data && i < b->readings.n; i++)
        if (!data_matches(b, &b->cuts[i])) {
            diag_at(b->r->d, data->at, D_DATA_WITHOUT_COUNT,
                    "the bytes must be there exactly when '%s' is", data->count);
            return;
        }
}

/* ---- a line that goes on ---- */

/* The line end behind which it does gets its bytes. */
static void mark_next_line(builder *b)
{
    for (rpat *p = b->list; p; p = p->next)
        if (pat_goes_on(b->list, p)) p->text = mem_string(b->r->ctx, "\r\n");
}

/* Does a cell always stand before the last one? Where it is empty its comma shows it. */
static bool begins_with_cell(const m_line *line, const m_reading *x)
{
    for (size_t i = 0; i + 1 < line->n_slots; i++) {
        bool loops = line->loop_min == 0 && (int)i >= line->loop_first
                     && (int)i < line->loop_first + line->loop_n;
        if ((x->mask >> i & 1) && !line->slots[i].shown && !loops) return true;
    }
    return false;
}

/* The host knows by its first physical line that it goes on. */
static void check_next_line(builder *b)
{
    const m_line *line = b->line;
    if (!model_goes_on(line)) return;
    place at = line->slots[line->n_slots - 1].at;
    if (!*line->head) {
        diag_at(b->r->d, at, D_SEVERAL_LINES, "a line that goes on behind CR LF begins with a name");
        return;
    }
    for (size_t i = 0; i < line->n_readings; i++)
        if (!begins_with_cell(line, &line->readings[i])) {
            diag_at(b->r->d, at, D_SEVERAL_LINES, "what stands before CR LF may be left out; "
                    "one parameter must always be there");
            return;
        }
}

/* ---- a line ---- */

static m_line *line_new(resolver *r, const rpat *list)
{
    m_line *line = mem_new(r->ctx, m_line);
    line->head = line->lead = line->tail = "";
    line->syntax = pat_syntax(r, list);
    if (list) line->at = list->at;
    for (const rpat *p = list; p; p = p->next)
        if (p->at.src == line->at.src && p->at.end > line->at.end) line->at.end = p->at.end;
    line->id = (unsigned)r->m->n_lines;
    APPEND(r->ctx, m_line *, r->m->all_lines, r->m->n_lines, line);
    return line;
}

/* The line that `list` describes; `list` is used up. `when` holds for all of it. */
m_line *line_make(resolver *r, const scope *s, line_use use, rpat *list, const ast_cond *when)
{
    builder b = { .r = r, .s = s, .line = line_new(r, list), .list = list, .when = when };
    if (use == LINE_RESPONSE) mark_next_line(&b);
    take_front(&b, use);
    reading_masked(&b.list);
    b.readings = reading_all(r, b.list, b.line->at);
    collect_cells(&b);
    make_slots(&b);
    find_loop(&b);
    find_data(&b);
    make_readings(&b);
    mark_optional(b.line);
    check_loop(&b);
    check_next_line(&b);
    return b.line;
}

/* ---- questions about lines ---- */

int line_slot(const m_line *line, const char *param)
{
    for (size_t i = 0; i < line->n_slots; i++)
        if (!line->slots[i].literal && !strcmp(line->slots[i].name, param)) return (int)i;
    return -1;
}

const m_slot *line_param(const m_line *line, const char *param)
{
    int i = line_slot(line, param);
    return i < 0 ? NULL : &line->slots[i];
}

static bool reading_has(const m_line *line, const m_reading *x, const char *param)
{
    for (size_t i = 0; i < line->n_slots; i++)
        if ((x->mask >> i & 1) && !line->slots[i].literal && !line->slots[i].may_be_empty
            && !line->slots[i].shown
            && !strcmp(line->slots[i].name, param))
            return true;
    return false;
}

/* Is `param` there and not empty in every reading? */
bool line_always_has(const m_line *line, const char *param)
{
    for (size_t i = 0; i < line->n_readings; i++)
        if (!reading_has(line, &line->readings[i], param)) return false;
    return true;
}

bool line_is_literal(const m_line *line)
{
    for (size_t i = 0; i < line->n_slots; i++)
        if (!line->slots[i].literal) return false;
    return line->data_at == DATA_NONE;
}

/* The text before the line's first parameter. */
char *line_literal(resolver *r, const m_line *line)
{
    char *text = mem_printf(r->ctx, "%s%s", line->head, line->lead);
    for (size_t i = 0; i < line->n_slots; i++) {
        const m_slot *slot = &line->slots[i];
        text = mem_check(talloc_asprintf_append_buffer(text, "%s%s", i ? "," : "",
                                                       slot->literal ? slot->text : slot->pre));
        if (!slot->literal) break;
    }
    return text;
}
