/* Types: found by name (a command's own first), their ranges and lists checked, the C width chosen.
 * SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "resolve.h"

enum { LENGTH_MAX = 65535 };

static m_type *type_new(resolver *r, const char *name, const char *c_name, place at)
{
    m_type *t = mem_new(r->ctx, m_type);
    t->name = name;
    t->c_name = c_name;
    t->at = at;
    t->id = (unsigned)r->m->n_types;
    APPEND(r->ctx, m_type *, r->m->types, r->m->n_types, t);
    return t;
}

/* Stands in for a type that could not be made, so that one error stays one. */
static m_type *make_poison(resolver *r, m_type *t)
{
    t->kind = T_INT;
    t->bytes = 4;
    t->is_signed = true;
    t->n_ranges = 0;
    APPEND(r->ctx, m_range, t->ranges, t->n_ranges, ((m_range){ INT32_MIN, INT32_MAX }));
    t->is_poison = true;
    return t;
}

/* ---- ranges and widths ---- */

static uint8_t width(int64_t lo, int64_t hi)
{
    if (lo >= 0) return hi <= UINT8_MAX ? 1 : hi <= UINT16_MAX ? 2 : 4;
    if (lo >= INT8_MIN && hi <= INT8_MAX) return 1;
    return lo >= INT16_MIN && hi <= INT16_MAX ? 2 : 4;
}

static void fit(m_type *t, int64_t lo, int64_t hi)
{
    t->is_signed = lo < 0;
    t->bytes = width(lo, hi);
}

static bool fits_32(int64_t lo, int64_t hi)
{
    return lo >= INT32_MIN && hi <= (lo < 0 ? INT32_MAX : (int64_t)UINT32_MAX);
}

static void add_ranges(resolver *r, m_type *t, const ast_type *a)
{
    for (const ast_range *x = a->ranges; x; x = x->next)
        APPEND(r->ctx, m_range, t->ranges, t->n_ranges, ((m_range){ x->lo, x->hi }));
}

static int64_t lowest(const m_type *t)
{
    int64_t v = t->ranges[0].lo;
    for (size_t i = 1; i < t->n_ranges; i++)
        if (t->ranges[i].lo < v) v = t->ranges[i].lo;
    return v;
}

static int64_t highest(const m_type *t)
{
    int64_t v = t->ranges[0].hi;
    for (size_t i = 1; i < t->n_ranges; i++)
        if (t->ranges[i].hi > v) v = t->ranges[i].hi;
    return v;
}

static void make_int(resolver *r, m_type *t, const ast_type *a)
{
    t->kind = T_INT;
    t->is_hex = a->hex;
    add_ranges(r, t, a);
    if (!a->hex && a->ranges) t->digits = a->ranges->digits;
    if (!fits_32(lowest(t), highest(t))) {
        diag_at(r->d, a->at, D_TOO_WIDE, "the range of '%s' does not fit 32 bits", t->name);
        make_poison(r, t);
    }
    fit(t, lowest(t), highest(t));
}

/* Texts and hexadecimal bytes: the ranges are lengths. */
static void make_text(resolver *r, m_type *t, const ast_type *a, m_kind kind)
{
    t->kind = kind;
    add_ranges(r, t, a);
    if (lowest(t) < 0 || highest(t) > LENGTH_MAX)
        diag_at(r->d, a->at, D_BAD_LENGTH, "the length of '%s' must lie in 0..%d", t->name,
                LENGTH_MAX);
}

/* ---- lists ---- */

/* Hexadecimal digits as the spec has them, leading zeros too; NULL: it is a decimal number. */
static const char *hex_digits(const ast_item *a)
{
    return strncmp(a->value.text, "0x", 2) == 0 ? a->value.text + 2 : NULL;
}

static const char *item_name(resolver *r, const ast_type *type, const ast_item *a)
{
    if (a->name) return name_upper(r, a->name);
    if (type->hex && hex_digits(a)) return name_upper(r, mem_printf(r->ctx, "X%s", hex_digits(a)));
    if (a->value.kind != VAL_NUMBER) return name_upper(r, a->value.text);
    return mem_printf(r->ctx, a->value.number < 0 ? "M%lld" : "%lld", llabs(a->value.number));
}

static const char *item_wire(resolver *r, const ast_type *type, const ast_item *a)
{
    if (type->hex && a->value.kind == VAL_NUMBER && hex_digits(a)) return hex_digits(a);
    if (a->value.kind != VAL_NUMBER) return a->value.text;
    return mem_printf(r->ctx, "%lld", a->value.number);
}

static bool same_wire(const m_type *t, const m_item *x, const m_item *y)
{
    return t->kind == T_ENUM || t->kind == T_FLAGS ? x->value == y->value
                                                   : !strcmp(x->wire, y->wire);
}

static void check_item(resolver *r, const m_type *t, const m_item *item)
{
    for (size_t i = 0; i < t->n_items; i++) {
        const m_item *old = &t->items[i];
        if (same_wire(t, old, item))
            diag_at(r->d, item->at, D_VALUE_TWICE, "the value %s stands twice in '%s'", item->wire,
                    t->name);
        else if (!strcmp(old->name, item->name))
            diag_at(r->d, item->at, D_ITEM_TWICE, "the name %s stands twice in '%s'", item->name,
                    t->name);
        else
            continue;
        diag_note(r->d, old->at, "first here");
        return;
    }
}

/* C value of an item: the number, the bit, or the word's index. */
static int64_t item_value(resolver *r, const m_type *t, const ast_item *a)
{
    if (t->kind == T_WORD || t->kind == T_BOOL) return (int64_t)t->n_items;
    if (t->kind != T_FLAGS) return a->value.number;
    if (a->value.number >= 0 && a->value.number < 32) return (int64_t)1 << a->value.number;
    diag_at(r->d, a->at, D_BAD_BIT, "bit %lld of '%s': bits are 0 to 31", a->value.number, t->name);
    return 0;
}

static void add_items(resolver *r, m_type *t, const ast_type *a)
{
    for (const ast_item *x = a->items; x; x = x->next) {
        m_item item = { item_value(r, t, x), item_wire(r, a, x), item_name(r, a, x), x->doc,
                        x->at };
        check_item(r, t, &item);
        APPEND(r->ctx, m_item, t->items, t->n_items, item);
    }
}

/* Numbers and words in one list? */
static bool is_mixed(resolver *r, const m_type *t, const ast_type *a)
{
    for (const ast_item *x = a->items; x; x = x->next)
        if ((x->value.kind == VAL_NUMBER) != (a->items->value.kind == VAL_NUMBER)) {
            diag_at(r->d, x->at, D_MIXED_LIST, "'%s' has numbers and words; a list has one kind",
                    t->name);
            diag_note(r->d, a->items->at, "the list begins here");
            return true;
        }
    return false;
}

static void fit_items(resolver *r, m_type *t, place at)
{
    int64_t lo = 0, hi = 0;
    for (size_t i = 0; i < t->n_items; i++) {
        if (t->items[i].value < lo) lo = t->items[i].value;
        if (t->items[i].value > hi) hi = t->items[i].value;
    }
    if (!fits_32(lo, hi))
        diag_at(r->d, at, D_TOO_WIDE, "the values of '%s' do not fit 32 bits", t->name);
    fit(t, lo, hi);
}

/* `enum hex`: numbers from 0, written with at least as many digits as the shortest has in the
 * spec. */
static void make_hex(resolver *r, m_type *t, const ast_type *a)
{
    t->is_hex = true;
    for (const ast_item *x = a->items; x; x = x->next) {
        const char *digits = x->value.kind == VAL_NUMBER ? hex_digits(x) : NULL;
        if (!digits) {
            diag_at(r->d, x->at, D_MIXED_LIST, "hexadecimal values are written 0x1f");
            return;
        }
        if (x == a->items || strlen(digits) < t->digits) t->digits = (uint8_t)strlen(digits);
    }
}

/* A word in quotes may be anything; without them it must be one cell, as it stands. */
static void check_bare(resolver *r, const m_type *t, const ast_type *a)
{
    if (a->quote != QUOTE_BARE || t->kind != T_WORD) return;
    for (const ast_item *x = a->items; x; x = x->next) {
        const char *word = x->value.text;
        size_t n = strlen(word);
        if (n > 0 && word[0] != ' ' && word[n - 1] != ' ' && !strpbrk(word, ",\"\r\n")) continue;
        diag_at(r->d, x->at, D_NO_BARE_WORD, "without quotes the word '%s' is not one value", word);
        diag_note(r->d, (place){ NULL, 0, 0 },
                  "such a word has no comma, no quote, and no blank at its ends");
    }
}

static void make_enum(resolver *r, m_type *t, const ast_type *a)
{
    if (is_mixed(r, t, a)) {
        make_poison(r, t);
        return;
    }
    t->kind = a->items->value.kind == VAL_NUMBER ? T_ENUM : T_WORD;
    t->is_open = a->is_open;
    if (t->is_open && t->kind == T_WORD)
        diag_at(r->d, a->at, D_MIXED_LIST, "a list of words has all of them: others have no value in C");
    add_items(r, t, a);
    fit_items(r, t, a->at);
    if (a->hex) make_hex(r, t, a);
    if (a->items->value.kind == VAL_STRING) t->quote = Q_QUOTED;
    check_bare(r, t, a);
}

static void make_bool(resolver *r, m_type *t, const ast_type *a)
{
    t->kind = T_BOOL;
    t->bytes = 1;
    add_items(r, t, a);
    if (a->items && a->items->value.kind == VAL_STRING) t->quote = Q_QUOTED;
}

static void make_flags(resolver *r, m_type *t, const ast_type *a)
{
    int64_t all = 0;
    t->kind = T_FLAGS;
    t->is_hex = a->hex;
    add_items(r, t, a);
    for (size_t i = 0; i < t->n_items; i++) all |= t->items[i].value;
    fit(t, 0, all);
    if (a->is_open) all = ((int64_t)1 << 8 * t->bytes) - 1;
    APPEND(r->ctx, m_range, t->ranges, t->n_ranges, ((m_range){ 0, all }));
}

/* ---- one type ---- */

static bool type_found(resolver *, const scope *, const char *name, place, m_type **);

static void copy_like(m_type *t, const m_type *from)
{
    m_type own = *t;
    *t = *from;
    t->name = own.name;
    t->c_name = own.c_name;
    t->at = own.at;
    t->id = own.id;
    t->named = own.named;
}

static void make_like(resolver *r, const scope *s, m_type *t, const ast_type *a)
{
    m_type *from;
    if (type_found(r, s, a->name, a->at, &from))
        copy_like(t, from);
    else
        make_poison(r, t);
}

static void set_quote(m_type *t, const ast_type *a)
{
    if (a->quote == QUOTE_QUOTED)
        t->quote = Q_QUOTED;
    else if (a->quote == QUOTE_BARE)
        t->quote = Q_BARE;
    else if (a->quote == QUOTE_EITHER)
        t->quote = Q_EITHER;
}

static void set_default(resolver *r, m_type *t, const ast_type *a)
{
    if (!a->dflt || t->is_poison) return;
    t->has_default = true;
    if (t->kind == T_STRING || t->kind == T_TEXT || t->kind == T_IP || t->kind == T_MAC
        || t->kind == T_HEX) {
        t->dflt_text = a->dflt->text ? a->dflt->text : mem_printf(r->ctx, "%lld", a->dflt->number);
        return;
    }
    t->has_default = type_value(r, t, a->dflt, &t->dflt);
}

static void make_kind(resolver *r, const scope *s, m_type *t, const ast_type *a)
{
    t->quote = Q_BARE;
    switch (a->kind) {
    case TYPE_NAMED: make_like(r, s, t, a); break;
    case TYPE_INT: make_int(r, t, a); break;
    case TYPE_ENUM: make_enum(r, t, a); break;
    case TYPE_BOOL: make_bool(r, t, a); break;
    case TYPE_FLAGS: make_flags(r, t, a); break;
    case TYPE_STRING:
        make_text(r, t, a, T_STRING);
        t->quote = Q_QUOTED;
        break;
    case TYPE_TEXT: make_text(r, t, a, T_TEXT); break;
    case TYPE_HEX: make_text(r, t, a, T_HEX); break;
    case TYPE_IP: t->kind = T_IP; break;
    case TYPE_MAC:
        t->kind = T_MAC;
        t->separator = a->separator;
        break;
    }
}

static void fill(resolver *r, const scope *s, m_type *t, const ast_type *a)
{
    make_kind(r, s, t, a);
    set_quote(t, a);
    if (a->letters == CASE_UPPER) t->upper = true;
    if (a->letters == CASE_LOWER) t->lower = true;
    if (a->unit) t->unit = a->unit;
    if (a->doc) t->doc = a->doc;
    set_default(r, t, a);
}

/* ---- types by name ---- */

static symbol *cached(resolver *r, const ast_def *def)
{
    return symbol_find(r->type_cache, mem_printf(r->ctx, "%p", (const void *)def));
}

/* Is a variant of the command labelled so? Then `<command>_<name>` is its struct. */
static bool is_label(const ast_def *command, const char *name)
{
    for (const ast_form *f = command ? command->forms : NULL; f; f = f->next)
        for (const ast_alt *v = f->variants; v; v = v->next)
            if (v->label && !strcmp(v->label, name)) return true;
    return false;
}

static const char *c_name_of(resolver *r, const scope *s, const char *name, bool local)
{
    if (!local) return name;
    return mem_printf(r->ctx, is_label(s->command, name) ? "%s_%s_type" : "%s_%s", s->c_name, name);
}

static m_type *type_defined(resolver *r, const scope *s, const ast_def *def, bool local)
{
    symbol *old = cached(r, def);
    if (old) return old->value;
    m_type *t = type_new(r, def->name, c_name_of(r, s, def->name, local), def->at);
    symbol *mine = symbol_add(r, &r->type_cache, mem_printf(r->ctx, "%p", (const void *)def), NULL,
                              def->at);
    t->named = true;
    fill(r, s, t, def->type);
    if (t->n_items && t->kind != T_BOOL) name_claim(r, t->c_name, def->at, "type");
    t->is_open |= def->kind == DEF_ERRORS;
    if (def->title && !t->doc) t->doc = def->title;
    mine->value = t;
    return t;
}

/* Is `def` being made right now? */
static bool in_work(resolver *r, const ast_def *def)
{
    symbol *old = cached(r, def);
    return old && !old->value;
}

/* Find `name`; false after a report. A command's own type may be `like` the dialect's of that name.
 * A type whose `like` comes back to itself is reported here. */
static bool type_found(resolver *r, const scope *s, const char *name, place at, m_type **out)
{
    const ast_def *def = defs_local(s->command, DEF_TYPE, name);
    bool local = def && !in_work(r, def);
    if (!local) {
        symbol *g = symbol_find(r->defs.types, name);
        if (g) def = ((def_entry *)g->value)->def;
    }
    if (def && in_work(r, def)) {
        diag_at(r->d, at, D_TYPE_CIRCLE, "type %s is like itself", name);
        return false;
    }
    if (def) {
        *out = type_defined(r, s, def, local);
        return true;
    }
    const char *near = defs_nearest(r, name, r->defs.types);
    diag_at(r->d, at, D_UNKNOWN_TYPE, "there is no type '%s'%s", name,
            near ? "" : "; a parameter without one is written <name:type>");
    if (near) diag_note(r->d, symbol_find(r->defs.types, near)->at, "did you mean '%s'?", near);
    return false;
}

/* The type called `name`. Remembers that it is unknown here, so that it is reported once. */
static const m_type *type_named(resolver *r, const scope *s, const char *name, place at)
{
    const char *key = mem_printf(r->ctx, "?%p %s", (const void *)s->command, name);
    symbol *old = symbol_find(r->type_cache, key);
    m_type *t;
    if (old) return old->value;
    if (!type_found(r, s, name, at, &t)) {
        t = make_poison(r, type_new(r, name, name, at));
        symbol_add(r, &r->type_cache, key, t, at);
    }
    return t;
}

/* The one kind that can stand alone, `<gateway:ip>`: a type of that name may have been meant, and it
 * matters where that one is written or left out in another way. */
static void not_type(resolver *r, const scope *s, const m_type *t, const ast_type *a)
{
    if (a->kind != TYPE_IP || a->quote != QUOTE_DEFAULT || !type_exists(r, s, "ip")) return;
    const m_type *other = type_named(r, s, "ip", a->at);
    if (other->is_poison || (other->kind == t->kind && other->quote == t->quote
                             && other->has_default == t->has_default))
        return;
    diag_at(r->d, a->at, D_KIND_LIKE_TYPE, "'ip' is the kind here, and there is a type 'ip'");
    diag_note(r->d, other->at, "write 'like ip' for this type, 'ip bare' for the kind");
}

/* A type written in a parameter. Written twice alike in one command it is one type. */
static const m_type *type_inline(resolver *r, const scope *s, const char *name, const ast_type *a,
                                 place at)
{
    m_type *t = type_new(r, name, c_name_of(r, s, name, s->c_name != NULL), at);
    fill(r, s, t, a);
    not_type(r, s, t, a);
    if (!t->n_items || a->kind == TYPE_NAMED) return t;
    const char *key = mem_printf(r->ctx, "inline %s", t->c_name);
    symbol *old = symbol_find(r->type_cache, key);
    if (old && type_same(old->value, t)) return old->value;
    t->named = true;
    if (!old) symbol_add(r, &r->type_cache, key, t, at);
    if (t->kind != T_BOOL) name_claim(r, t->c_name, at, "type");
    return t;
}

/* The type of a parameter: written with it, or the one of its name. */
const m_type *type_of(resolver *r, const scope *s, const char *name, const ast_type *a, place at)
{
    if (!a) return type_named(r, s, name, at);
    bool plain = a->kind == TYPE_NAMED && !a->dflt && !a->unit && !a->doc
                 && a->quote == QUOTE_DEFAULT;
    if (plain) return type_named(r, s, a->name, a->at);
    const char *key = mem_printf(r->ctx, "%p %s", (const void *)a, s->c_name ? s->c_name : "");
    symbol *old = symbol_find(r->type_cache, key);
    if (old) return old->value;
    const m_type *t = type_inline(r, s, name, a, at);
    symbol_add(r, &r->type_cache, key, (m_type *)(uintptr_t)t, at);
    return t;
}

bool type_exists(resolver *r, const scope *s, const char *name)
{
    return defs_local(s->command, DEF_TYPE, name) || symbol_find(r->defs.types, name);
}

const m_type *type_bytes(resolver *r)
{
    symbol *old = symbol_find(r->type_cache, "bytes");
    if (old) return old->value;
    m_type *t = type_new(r, "bytes", "bytes", (place){ NULL, 0, 0 });
    t->kind = T_BYTES;
    t->quote = Q_BARE;
    symbol_add(r, &r->type_cache, "bytes", t, t->at);
    return t;
}

/* ---- all of a dialect, all of a command ---- */

static void add_errors(resolver *r, const ast_def *def, const m_type *t)
{
    m_errors e = { def->name, def->title, t };
    APPEND(r->ctx, m_errors, r->m->errors, r->m->n_errors, e);
}

void type_all(resolver *r)
{
    const scope top = { 0 };
    for (const def_entry *e = r->defs.first; e; e = e->next) {
        m_type *t;
        if (e->dead || (e->def->kind != DEF_TYPE && e->def->kind != DEF_ERRORS)) continue;
        if (type_found(r, &top, e->def->name, e->def->at, &t) && e->def->kind == DEF_ERRORS)
            add_errors(r, e->def, t);
    }
}

void type_locals(resolver *r, const scope *s)
{
    for (const ast_def *d = s->command->defs; d; d = d->next) {
        const ast_def *first = d->kind == DEF_TYPE || d->kind == DEF_PIECE
                                   ? defs_local(s->command, d->kind, d->name)
                                   : d;
        if (first != d) {
            diag_at(r->d, d->at, D_DEFINED_TWICE, "%s is defined twice in this command", d->name);
            diag_note(r->d, first->at, "first here");
        } else if (d->kind == DEF_TYPE) {
            m_type *t;
            type_found(r, s, d->name, d->at, &t);
        }
    }
}

/* ---- questions about types ---- */

static bool same_items(const m_type *a, const m_type *b)
{
    if (a->n_items != b->n_items) return false;
    for (size_t i = 0; i < a->n_items; i++)
        if (a->items[i].value != b->items[i].value || strcmp(a->items[i].wire, b->items[i].wire))
            return false;
    return true;
}

static bool same_ranges(const m_type *a, const m_type *b)
{
    if (a->n_ranges != b->n_ranges) return false;
    for (size_t i = 0; i < a->n_ranges; i++)
        if (a->ranges[i].lo != b->ranges[i].lo || a->ranges[i].hi != b->ranges[i].hi) return false;
    return true;
}

/* Can both share a field? */
bool type_same(const m_type *a, const m_type *b)
{
    if (a == b || a->is_poison || b->is_poison) return true;
    return a->kind == b->kind && a->bytes == b->bytes && a->is_signed == b->is_signed
           && same_items(a, b) && same_ranges(a, b);
}

bool type_counts(const m_type *t)
{
    return t->is_poison || (t->kind == T_INT && lowest(t) >= 0);
}

static const m_item *find_item(const m_type *t, const char *text)
{
    for (size_t i = 0; i < t->n_items; i++)
        if (!strcmp(t->items[i].name, text) || !strcmp(t->items[i].wire, text)) return &t->items[i];
    return NULL;
}

bool type_may_be(const m_type *t, int64_t v)
{
    for (size_t i = 0; i < t->n_ranges; i++)
        if (t->ranges[i].lo <= v && v <= t->ranges[i].hi) return true;
    return t->n_ranges == 0;
}

static void say_items(resolver *r, const m_type *t, const ast_value *v)
{
    const char **names = mem_array(r->ctx, const char *, t->n_items + 1);
    for (size_t i = 0; i < t->n_items; i++) names[i] = t->items[i].name;
    const char *near = v->text ? diag_nearest(v->text, names) : NULL;
    if (near) diag_fix(r->d, "%s", near);
    diag_note(r->d, t->at, near ? "did you mean %s?" : "the type is defined here%s",
              near ? near : "");
}

/* A number where `t` has names or bits. */
static bool number_value(const m_type *t, const ast_value *v, int64_t *out)
{
    *out = v->number;
    if (t->kind == T_INT || t->kind == T_FLAGS) return type_may_be(t, v->number);
    if (t->kind == T_ENUM) {
        for (size_t i = 0; i < t->n_items; i++)
            if (t->items[i].value == v->number) return true;
        return t->is_open;
    }
    return false;
}

bool type_value(resolver *r, const m_type *t, const ast_value *v, int64_t *out)
{
    *out = 0;
    if (t->is_poison) return true;
    const char *text = v->kind == VAL_NUMBER ? mem_printf(r->ctx, "%lld", v->number) : v->text;
    const m_item *item = v->kind != VAL_NUMBER || t->kind == T_BOOL ? find_item(t, text) : NULL;
    if (item) *out = item->value;
    if (item || (v->kind == VAL_NUMBER && number_value(t, v, out))) return true;
    if (!t->n_items && t->kind != T_INT)
        diag_at(r->d, v->at, D_NOT_COMPARABLE, "'%s' has no values that could be named here",
                t->name);
    else
        diag_at(r->d, v->at, D_NO_SUCH_VALUE, "'%s' has no value %s", t->name, text);
    say_items(r, t, v);
    return false;
}
