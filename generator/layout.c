/* How the model's structs look in C: see layout.h. What the runtime itself looks at, `saved` and
 * `outcome`, comes first; flags that say what is there next, so that their offsets are small; then the fields as the manual has them; then the repeated group.
 * SPDX-License-Identifier: MIT */
#include "layout.h"

#include <string.h>

#include "mem.h"
#include "text.h"

/* ---- C types ---- */
typedef struct c_type { const char *name, *code; size_t size, align; } c_type;

static c_type number_type(uint8_t bytes, bool is_signed)
{
    static const c_type plain[] = {
        { "uint8_t", "1", 1, 1 }, { "uint16_t", "2", 2, 2 }, { "uint32_t", "4", 4, 4 } };
    static const c_type with_sign[] = {
        { "int8_t", "1", 1, 1 }, { "int16_t", "2", 2, 2 }, { "int32_t", "4", 4, 4 } };
    size_t i = bytes == 1 ? 0 : bytes == 2 ? 1 : 2;

    return is_signed ? with_sign[i] : plain[i];
}

static bool has_own_type(const m_type *type)
{
    return type->named && (type->kind == T_ENUM || type->kind == T_WORD || type->kind == T_FLAGS);
}

static c_type type_of_value(const m_type *type)
{
    switch (type->kind) {
    case T_BOOL: return (c_type){ "bool", "1", 1, 1 };
    case T_STRING: case T_TEXT: return (c_type){ "at_text", "t", 16, 8 };
    case T_IP: return (c_type){ "at_ip", "i", 4, 1 };
    case T_MAC: return (c_type){ "at_mac", "m", 6, 1 };
    case T_HEX: case T_BYTES: return (c_type){ "at_bytes", "t", 16, 8 };
    case T_INT: case T_ENUM: case T_WORD: case T_FLAGS: break;
    }
    return number_type(type->bytes, type->is_signed);
}

const char *layout_type(const void *ctx, const char *prefix, const m_type *type)
{
    if (has_own_type(type))
        return mem_printf(ctx, "%s_%s", prefix, type->c_name);
    return type_of_value(type).name;
}

/* ---- members ---- */
static void member_add(const void *ctx, member **list, size_t *n, member m)
{
    *list = mem_grow(ctx, *list, member, *n + 1);
    (*list)[(*n)++] = m;
}

static member member_of(const void *ctx, const char *prefix, const m_field *f)
{
    if (f->is_saved)
        return (member){ f->name, "at_saved", "s", 4, 4, f, false };
    if (f->is_outcome)
        return (member){ f->name, "uint8_t", "1", 1, 1, f, false };
    c_type type = type_of_value(f->type);
    return (member){ f->name, layout_type(ctx, prefix, f->type), type.code, type.size, type.align,
                     f, false };
}

/* Values of the dialect's error results are in at_request.error instead. */
static bool is_member(const m_field *f, bool in_loop)
{
    return f->in_loop == in_loop && !f->of_error;
}

static bool is_first(const m_field *f)
{
    return f->is_saved || f->is_outcome;
}

static void members_add(const void *ctx, const char *prefix, const m_struct *s, bool in_loop,
                        member **list, size_t *n)
{
    for (size_t i = 0; i < s->n_fields; i++)
        if (is_first(&s->fields[i]) && !in_loop)
            member_add(ctx, list, n, member_of(ctx, prefix, &s->fields[i]));
    for (size_t i = 0; i < s->n_fields; i++)
        if (is_member(&s->fields[i], in_loop) && s->fields[i].has)
            member_add(ctx, list, n,
                       (member){ mem_printf(ctx, "has_%s", s->fields[i].name), "bool", "1", 1,
                                 1, &s->fields[i], true });
    for (size_t i = 0; i < s->n_fields; i++)
        if (is_member(&s->fields[i], in_loop) && !is_first(&s->fields[i]))
            member_add(ctx, list, n, member_of(ctx, prefix, &s->fields[i]));
}

static const char *codes(const void *ctx, const member *m, size_t n)
{
    text *t = text_new(ctx);

    for (size_t i = 0; i < n; i++)
        text_add(t, m[i].code);
    return t->p;
}

static size_t aligned(size_t at, size_t align)
{
    return (at + align - 1) / align * align;
}

/* Where member `i` is; that behind the last one is the whole struct's size. */
static size_t offset_of(const member *m, size_t n, size_t i)
{
    size_t at = 0, most = 1;

    for (size_t k = 0; k < i; k++) {
        at = aligned(at, m[k].align) + m[k].size;
        most = m[k].align > most ? m[k].align : most;
    }
    return aligned(at, i < n ? m[i].align : most);
}

layout layout_of(const void *ctx, const char *prefix, const m_struct *s)
{
    layout l = { 0 };

    members_add(ctx, prefix, s, false, &l.members, &l.n);
    if (!s->has_loop)
        return l;
    members_add(ctx, prefix, s, true, &l.items, &l.n_items);
    const char *type = mem_printf(ctx, "%s_%s_item", prefix, s->c_name);
    const char *code = mem_printf(ctx, "[%s]%u", codes(ctx, l.items, l.n_items), s->loop_max);
    size_t size = offset_of(l.items, l.n_items, l.n_items) * s->loop_max;
    member_add(ctx, &l.members, &l.n, (member){ "item", type, code, size, 8, NULL, false });
    member_add(ctx, &l.members, &l.n, (member){ "n_item", "size_t", "z", 8, 8, NULL, false });
    return l;
}

/* ---- places in structs ---- */
static layout_ref find_member(const void *ctx, const char *type, const member *m, size_t n,
                              const char *name)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(m[i].name, name) == 0)
            return (layout_ref){ mem_printf(ctx, "@%s", codes(ctx, m, i + 1)),
                                 mem_printf(ctx, "offsetof(%s, %s)", type, name),
                                 offset_of(m, n, i) };
    return (layout_ref){ NULL, NULL, 0 };
}

layout_ref layout_member(const void *ctx, const char *prefix, const m_struct *s, const char *name)
{
    layout l = layout_of(ctx, prefix, s);
    return find_member(ctx, mem_printf(ctx, "%s_%s", prefix, s->c_name), l.members, l.n, name);
}

layout_ref layout_item_member(const void *ctx, const char *prefix, const m_struct *s,
                              const char *name)
{
    layout l = layout_of(ctx, prefix, s);
    return find_member(ctx, mem_printf(ctx, "%s_%s_item", prefix, s->c_name), l.items, l.n_items,
                       name);
}

layout_ref layout_size(const void *ctx, const char *prefix, const m_struct *s)
{
    layout l = layout_of(ctx, prefix, s);
    return (layout_ref){ mem_printf(ctx, "#%s", codes(ctx, l.members, l.n)),
                         mem_printf(ctx, "sizeof (%s_%s)", prefix, s->c_name),
                         offset_of(l.members, l.n, l.n) };
}

layout_ref layout_item_size(const void *ctx, const char *prefix, const m_struct *s)
{
    layout l = layout_of(ctx, prefix, s);
    return (layout_ref){ mem_printf(ctx, "#%s", codes(ctx, l.items, l.n_items)),
                         mem_printf(ctx, "sizeof (%s_%s_item)", prefix, s->c_name),
                         offset_of(l.items, l.n_items, l.n_items) };
}

const m_field *layout_field(const m_struct *s, const char *name)
{
    for (size_t i = 0; s && i < s->n_fields; i++)
        if (strcmp(s->fields[i].name, name) == 0)
            return &s->fields[i];
    return NULL;
}
