/* Finds out which cell of a decoded line belongs to which parameter: the readings' masks say which slots are there,
 * a repeated group and an elastic text take what the others leave.
 * SPDX-License-Identifier: MIT */
#include "args.h"

#include <ctype.h>
#include <string.h>

typedef struct walk {
    const at_event *event;
    const at_tables *tables;
    const at_line_name *names;
    void (*each)(void *ctx, const args_value *);
    void *ctx;
    unsigned cell;
} walk;

static bool has_slot(const at_event *e, unsigned i)
{
    return (e->mask >> i & 1u) != 0;
}

/* Text of `count` cells from the walk's next one on, commas between them included. */
static args_value take_cells(walk *w, unsigned count)
{
    const at_cell *first = &w->event->cells[w->cell];
    const at_cell *last = first + (count - 1);
    w->cell += count;
    return (args_value){ .text = w->event->text + first->at,
                         .n = (size_t)(last->at + last->n - first->at) };
}

static void strip_affixes(const at_tables *t, const at_trait *trait, args_value *v)
{
    size_t pre = strlen(t->text + trait->pre), post = strlen(t->text + trait->post);
    if (v->n < pre + post) return;
    v->text += pre;
    v->n -= pre + post;
}

static void strip_quotes(args_value *v)
{
    if (v->n < 2 || v->text[0] != '"' || v->text[v->n - 1] != '"') return;
    v->text++;
    v->n -= 2;
    v->quoted = true;
}

static void take_slot(walk *w, unsigned i, unsigned count)
{
    const at_slot *slot = &w->tables->slots[w->tables->lines[w->event->line].slots + i];
    const at_trait *trait = at_trait_of(w->tables, slot);
    if (count == 0 || w->cell + count > w->event->n_cells) return;
    args_value v = take_cells(w, count);
    if (trait->flags & AT_S_LITERAL) return;
    const uint8_t flags = at_type_of(w->tables, slot)->flags;
    strip_affixes(w->tables, trait, &v);
    if (!(w->tables->flags & AT_D_NO_QUOTES) || (flags & (AT_F_QUOTED | AT_F_EITHER)))
        strip_quotes(&v);
    v.param = &w->names->slots[i];
    v.is_hex = (flags & AT_F_HEX) != 0;
    if (v.n > 0 || v.quoted || !(trait->flags & AT_S_EMPTY_OK)) w->each(w->ctx, &v);
}

/* Cells that a repeated group or an elastic slot has to take: all the others have one each. */
static unsigned surplus(const at_event *e, const at_line *line, const at_loop *loop)
{
    unsigned fixed = 0;
    for (unsigned i = 0; i < line->n_slots; i++)
        if (has_slot(e, i) && !(loop && i >= loop->first && i < loop->first + loop->n)) fixed++;
    return e->n_cells > fixed ? e->n_cells - fixed : 0;
}

void args_each(const at_event *event, const at_tables *tables, const at_line_name *names,
               void (*each)(void *ctx, const args_value *), void *ctx)
{
    walk w = { event, tables, names, each, ctx, 0 };
    const at_line *line = &tables->lines[event->line];
    uint8_t number = tables->rests[line->rest].loop;
    const at_loop *loop = number ? &tables->loops[number - 1] : NULL;
    unsigned extra = surplus(event, line, loop);
    for (unsigned i = 0; i < line->n_slots; i++) {
        if (loop && i == loop->first) {
            for (unsigned k = 0; k < extra; k++) take_slot(&w, i + k % loop->n, 1);
            i += loop->n - 1u;
        } else if (has_slot(event, i)) {
            const at_trait *trait = at_trait_of(tables, &tables->slots[line->slots + i]);
            take_slot(&w, i, trait->flags & AT_S_ELASTIC ? extra + 1 : 1);
        }
    }
}

size_t args_plain(const at_tables *tables, const args_value *v, char *to)
{
    size_t n = 0;
    for (size_t i = 0; i < v->n; i++) {
        if (v->quoted && tables->escape && v->text[i] == tables->escape && i + 1 < v->n) i++;
        to[n++] = v->text[i];
    }
    return n;
}

bool args_is_number(const args_value *v)
{
    if (v->param->kind != AT_T_INT && v->param->kind != AT_T_ENUM) return false;
    size_t i = v->n > 0 && (v->text[0] == '-' || v->text[0] == '+');
    if (i == v->n) return false;
    for (; i < v->n; i++) {
        unsigned char c = (unsigned char)v->text[i];
        if (!(v->is_hex ? isxdigit(c) : isdigit(c))) return false;
    }
    return true;
}
