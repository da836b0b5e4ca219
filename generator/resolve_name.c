/* Names: tables of them, and the C names that are made from what stands on the wire.
 * SPDX-License-Identifier: MIT */
#include <ctype.h>
#include <string.h>

#include "resolve.h"

symbol *symbol_find(symbol *table, const char *name)
{
    symbol *s = NULL;
    HASH_FIND_STR(table, name, s);
    return s;
}

symbol *symbol_add(resolver *r, symbol **table, const char *name, void *value, place at)
{
    symbol *s = mem_new(r->ctx, symbol);
    s->name = name;
    s->value = value;
    s->at = at;
    HASH_ADD_KEYPTR(hh, *table, s->name, strlen(s->name), s);
    return s;
}

/* Letters and digits of `wire`; everything between them becomes one `_`. Never empty, never a digit
 * first. */
static char *words(resolver *r, const char *wire, int (*letter)(int))
{
    char *out = mem_array(r->ctx, char, 2 * strlen(wire) + 3);
    size_t n = 0;
    for (const char *p = wire; *p; p++) {
        if (isalnum((unsigned char)*p)) {
            if (n == 0 && isdigit((unsigned char)*p)) out[n++] = (char)letter('n');
            out[n++] = (char)letter((unsigned char)*p);
        } else if (n > 0 && out[n - 1] != '_') {
            out[n++] = '_';
        }
    }
    while (n > 0 && out[n - 1] == '_') n--;
    if (n == 0) out[n++] = (char)letter('x');
    out[n] = '\0';
    return out;
}

char *name_lower(resolver *r, const char *wire)
{
    return words(r, wire, tolower);
}

char *name_upper(resolver *r, const char *wire)
{
    return words(r, wire, toupper);
}

static int compare_words(const void *key, const void *item)
{
    return strcmp(key, *(const char *const *)item);
}

const char *name_c(resolver *r, const char *name)
{
    static const char *const kept[] = {
        /* C11, C++20 and the fields that are no parameters, in order */
        "alignas",      "alignof",   "and",
        "and_eq",       "asm",       "auto",
        "bitand",       "bitor",     "bool",
        "break",        "case",      "catch",
        "char",         "char16_t",  "char32_t",
        "char8_t",      "class",     "co_await",
        "co_return",    "co_yield",  "compl",
        "concept",      "const",     "const_cast",
        "consteval",    "constexpr", "constinit",
        "continue",     "decltype",  "default",
        "delete",       "do",        "double",
        "dynamic_cast", "else",      "enum",
        "explicit",     "export",    "extern",
        "false",        "float",     "for",
        "friend",       "goto",      "if",
        "inline",       "int",       "item",
        "long",         "mutable",   "n_item",
        "namespace",    "new",       "noexcept",
        "not",          "not_eq",    "nullptr",
        "operator",     "or",        "or_eq",
        "outcome",      "private",   "protected",
        "public",       "register",  "reinterpret_cast",
        "requires",     "restrict",  "return",
        "saved",        "short",     "signed",
        "sizeof",       "static",    "static_assert",
        "static_cast",  "struct",    "switch",
        "template",     "this",      "thread_local",
        "throw",        "true",      "try",
        "typedef",      "typeid",    "typename",
        "union",        "unknown",   "unsigned",
        "using",        "virtual",   "void",
        "volatile",     "wchar_t",   "while",
        "xor",          "xor_eq",
    };
    const size_t n = sizeof kept / sizeof *kept;
    for (size_t lo = 0, hi = n; lo < hi;) {
        size_t mid = lo + (hi - lo) / 2;
        int order = compare_words(name, &kept[mid]);
        if (order == 0) return mem_printf(r->ctx, "%s_", name);
        if (order < 0)
            hi = mid;
        else
            lo = mid + 1;
    }
    return name;
}

/* How many bytes all of a command's names have in common. */
static size_t common_prefix(const ast_names *names)
{
    size_t n = strlen(names->name);
    for (const ast_names *x = names->next; x; x = x->next) {
        size_t i = 0;
        while (i < n && names->name[i] == x->name[i]) i++;
        n = i;
    }
    return n;
}

/* `cwjap` for +CWJAP_CUR and +CWJAP_DEF; `at` for AT, `at_plus` for AT+, `amp_f` for AT&F. */
const char *name_command(resolver *r, const def_entry *e)
{
    if (e->def->as) return e->def->as;
    const ast_names *names = e->def->names;
    const char *bare = command_bare(r, names->name);
    if (!*bare) return "at";
    if (!strcmp(bare, "+")) return "at_plus";
    char *common = mem_bytes(r->ctx, names->name, common_prefix(names));
    bare = command_bare(r, common);
    if (*bare == '&') return mem_printf(r->ctx, "amp_%s", name_lower(r, bare));
    return name_lower(r, bare);
}

/* Commands, forms and URCs have name spaces of their own; types and structs share one. */
bool name_claim(resolver *r, const char *c_name, place at, const char *what)
{
    bool is_type = !strcmp(what, "type") || !strcmp(what, "struct");
    const char *key = is_type ? c_name : mem_printf(r->ctx, "%s %s", what, c_name);
    symbol *old = symbol_find(r->c_names, key);
    if (!old) {
        symbol_add(r, &r->c_names, key, (void *)(uintptr_t)what, at);
        return true;
    }
    diag_at(r->d, at, D_C_NAME_TWICE, "the C name '%s' of this %s is taken%s", c_name, what,
            is_type ? "" : "; 'as NAME' gives another");
    diag_note(r->d, old->at, "the %s that has it", (const char *)old->value);
    return false;
}

const char *name_unique(resolver *r, const char *c_name)
{
    return mem_printf(r->ctx, "%s_%u", c_name, r->n_unique++);
}
