/* A reply takes a struct. It is filled from the answer's lines, whose values give way to the
 * command's own arguments and to what has been set; where that cannot be said in the dialect, the
 * example's values stay.
 * SPDX-License-Identifier: MIT */
#include "voice.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "at_line.h"
#include "at_value.h"

void voice_init(voice *v, const at_names *names, const store *settings, const store *received)
{
    memset(v, 0, sizeof *v);
    v->names = names;
    v->tables = v->fill.tables = &names->module->tables->t;
    v->settings = settings;
    v->received = received;
    v->fields = store_memory(names->host_result);
}

void voice_free(voice *v)
{
    free(v->payload);
    free(v->fields);
}

/* ---- the values of a line ---- */

/* What was set under this name; of lines that repeat also under the name with the line's number. */
static const store_value *setting(const voice *v, const dialog *d, const char *name, unsigned round)
{
    char numbered[64];
    const store_value *found = store_find(v->settings, d->variant, name);
    if (found) return found;
    snprintf(numbered, sizeof numbered, "%s%u", name, round);
    return store_find(v->settings, d->variant, numbered);
}

/* This world's own value for a slot, or NULL. */
static const store_value *own_value(const voice *v, const dialog *d, const answer_step *s,
                                    unsigned line, unsigned slot)
{
    const char *name = v->names->lines[v->names->module_lines[line]].slots[slot].name;
    const store_value *found = store_find(&d->args, "", name);
    if (found || s->reply == ANSWER_NO_REPLY || !dialog_is(d, "read", "query")) return found;
    return setting(v, d, name, s->round);
}

static const answer_value *shown_value(const answer_item *item, unsigned slot)
{
    const answer_value *value = item->values;
    while (value && value->slot != slot)
        value = value->next;
    return value;
}

static void put_loop(voice *v, const at_line *line, const at_loop *loop, const answer_item *item)
{
    size_t n = 0;
    for (const answer_value *x = item->values; x && n / loop->n < loop->max; x = x->next) {
        if (x->slot < loop->first || x->slot >= (unsigned)loop->first + loop->n) continue;
        const at_slot *slot = &v->tables->slots[line->slots + x->slot];
        char *group = v->fields + loop->items + n / loop->n * loop->item_size;
        fill_slot(&v->fill, slot, x->text, x->n, group);
        n++;
    }
    n /= loop->n;
    memcpy(v->fields + loop->n_item, &n, sizeof n);
}

/* What an example leaves out can be added where the line may have it. */
static void put_value(voice *v, const at_slot *slot, const answer_item *item, unsigned i,
                      const store_value *own)
{
    const answer_value *shown = shown_value(item, i);
    if (own && !shown && !item->least && at_has_of(v->tables, slot) == AT_NONE8) own = NULL;
    if (own && fill_slot(&v->fill, slot, own->text, own->n, v->fields)) return;
    if (shown) fill_slot(&v->fill, slot, shown->text, shown->n, v->fields);
}

/* ---- data ---- */

/* How much the command lets come: as much as it says, or at most its last number. */
static size_t allowed(const voice *v, const dialog *d, size_t n)
{
    const at_phase *phase = d->answer->phase;
    const store_value *most = dialog_last_number(d);
    if (phase && (phase->flags & (AT_P_COUNTED | AT_P_COUNT_IN_RESULT)) == AT_P_COUNTED) {
        int32_t count = 0;
        at__phase_count(&v->module->link, phase, v->module->fields, NULL, &count);
        return (size_t)count;
    }
    if (!phase || !most || n <= strtoul(most->text, NULL, 10)) return n;
    return strtoul(most->text, NULL, 10);
}

/* What has been sent under the same first argument, else what the example shows. */
static at_bytes payload_of(voice *v, const dialog *d, bool is_reply, const answer_item *item)
{
    const store_value *first = d->args.first, *kept = NULL;
    if (is_reply && first) kept = store_find(v->received, first->name, first->text);
    const char *p = kept ? kept->text : item->data;
    size_t n = kept ? kept->n : item->n, all = is_reply ? allowed(v, d, n) : n;
    free(v->payload);
    v->payload = store_memory(all);
    for (size_t i = 0; i < all && n > 0; i++)
        v->payload[i] = p[i % n];
    return (at_bytes){(const uint8_t *)v->payload, all};
}

/* Data that the reply sends after its line, and their number in the line. */
static void put_data(voice *v, const dialog *d, const answer_item *item, unsigned offset)
{
    const at_phase *phase = d->answer->phase;
    at_bytes data = payload_of(v, d, true, item);
    memcpy(v->fields + offset, &data, sizeof data);
    if (!phase || !(phase->flags & AT_P_COUNT_IN_RESULT)) return;
    const at_type *type = &v->names->host->tables->t.types[phase->count_type];
    fill_number(v->fields + phase->count, at_size(type), (int32_t)data.n);
}

/* The length that the command announced, where the answer says how much data may come. */
static void put_announced(voice *v, const dialog *d, const at_reply *r)
{
    const store_value *n = dialog_last_number(d);
    const at_phase *phase = r->phase;
    if (!phase || at_reply_is_transparent(r) || !n) return;
    if (phase->flags & AT_P_COUNT_IN_RESULT)
        fill_field(&v->fill, phase->count_type, n->text, n->n, v->fields + phase->count);
}

/* ---- a step ---- */
enum { ATTEMPTS = 16 }; /* two for each of the first readings of a line */

/* A line of the struct. An odd attempt leaves the example's values alone; where there are none,
 * later ones try shorter readings. */
static void put_line(voice *v, const dialog *d, const answer_step *s, const answer_item *item,
                     unsigned number, unsigned attempt)
{
    const at_tables *t = v->tables;
    const at_line *line = &t->lines[number];
    const at_rest *rest = &t->rests[line->rest];
    unsigned reading = attempt / 2 < line->n_readings ? attempt / 2 : line->n_readings - 1u;
    if (item->is_own) reading = line->n_readings - 1u - reading;
    if (item->least)
        fill_least(&v->fill, line, &t->readings[line->readings + reading], v->fields);
    else if (rest->loop)
        put_loop(v, line, &t->loops[rest->loop - 1], item);
    for (unsigned i = 0; i < line->n_slots; i++) {
        const at_slot *slot = &t->slots[line->slots + i];
        if (at_trait_of(t, slot)->flags & (AT_S_LITERAL | AT_S_LOOP)) continue;
        put_value(v, slot, item, i, attempt % 2 ? NULL : own_value(v, d, s, number, i));
    }
    if (!item->has_data) return;
    at_bytes data = payload_of(v, d, s->reply != ANSWER_NO_REPLY, item);
    memcpy(v->fields + rest->data, &data, sizeof data);
}

static void put_reply(voice *v, const dialog *d, const answer_step *s, unsigned attempt)
{
    const at_reply r = at_reply_look(v->names, s->reply);
    const answer_item *item = s->items;
    for (const at_emit *e = r.parts; e < r.parts + r.n && item; e++) {
        if (e->kind == AT_EMIT_BLANK) continue;
        if (e->kind == AT_EMIT_LINE) put_line(v, d, s, item, e->arg, attempt);
        if (e->kind == AT_EMIT_DATA) put_data(v, d, item, e->arg);
        item = item->next;
    }
    put_announced(v, d, &r);
}

static at_status try_step(voice *v, const dialog *d, const answer_step *s, unsigned attempt)
{
    memset(v->fields, 0, v->names->host_result);
    v->fill.used = 0;
    if (s->reply != ANSWER_NO_REPLY) {
        put_reply(v, d, s, attempt);
        return at_reply_say(v->names, v->module, s->reply, v->fields);
    }
    unsigned line = v->names->urc_lines[s->items->line];
    put_line(v, d, s, s->items, line, attempt);
    return at_module_urc(v->module, line, v->fields);
}

/* A module that says that it starts has restarted. False: it has something to finish before. */
static bool restart_first(voice *v, const answer_step *s)
{
    if (s->reply != ANSWER_NO_REPLY || s->items->line != v->names->restart) return true;
    if (!at_idle(&v->module->link)) return false;
    at_restart(&v->module->link);
    return true;
}

at_status voice_say(voice *v, const dialog *d, const answer_step *s)
{
    at_status status = AT_INVALID;
    if (v->module->link.data.n > 0 || !restart_first(v, s)) return AT_AGAIN;
    unsigned step = s->items && s->items->is_own ? 2 : 1;
    for (unsigned i = 0; i < ATTEMPTS && status == AT_INVALID; i += step)
        status = try_step(v, d, s, i);
    return status;
}
