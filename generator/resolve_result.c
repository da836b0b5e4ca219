/* Result codes: the dialect's table of them, what a refused line is answered with, and whether a
 * line is one.
 * SPDX-License-Identifier: MIT */
#include <string.h>

#include "resolve.h"

static const scope top;

/* ---- the tables ---- */

static m_class class_of(const char *key)
{
    return !strcmp(key, "ok") ? RC_OK : !strcmp(key, "error") ? RC_ERROR : RC_BUSY;
}

/* `send_ok` for SEND OK; the parameter's name where there are no words: `0x<code>`. */
static const char *code_name(resolver *r, const m_line *line)
{
    const char *name = name_lower(r, line_literal(r, line));
    bool has_words = name[0] != 'n' || name[1] < '0' || name[1] > '9';
    for (size_t i = 0; i < line->n_slots && !has_words; i++)
        if (!line->slots[i].literal) return name_c(r, line->slots[i].name);
    return name_c(r, name);
}

static void add_result(resolver *r, const ast_line_item *i)
{
    m_line *line = line_make(r, &top, LINE_CODE, pat_make(r, &top, i->pattern), NULL);
    m_result x = { .klass = class_of(i->key), .line = line, .at = i->pattern->at };
    x.name = code_name(r, line);
    for (size_t k = 0; k < r->m->n_results; k++)
        if (!strcmp(r->m->results[k].line->syntax, line->syntax)) {
            diag_at(r->d, x.at, D_RESULT_TWICE, "the result code %s stands twice", line->syntax);
            diag_note(r->d, r->m->results[k].at, "first here");
            return;
        }
    APPEND(r->ctx, m_result, r->m->results, r->m->n_results, x);
}

/* A result code with values has a struct of its own; forms that may end with it get the same
 * fields. */
static void add_fields(resolver *r, m_result *x)
{
    m_line *line = (m_line *)(uintptr_t)x->line;
    m_struct *fields = struct_new(r, mem_printf(r->ctx, "result_%s", x->name), NULL);
    struct_line(r, fields, line);
    line->fields = struct_keep(r, fields, x->at);
}

static bool is_number(const ast_line_item *i)
{
    return !strcmp(i->key, "numeric");
}

void frame_results(resolver *r)
{
    const def_entry *block = r->defs.results;
    for (const ast_line_item *i = block ? block->def->items : NULL; i; i = i->next)
        if (!is_number(i)) add_result(r, i);
    for (size_t i = 0; i < r->m->n_results; i++) add_fields(r, &r->m->results[i]);
    place at = block             ? block->def->at
               : r->defs.dialect ? r->defs.dialect->def->at
                                 : (place){ NULL, 0, 0 };
    if (!result_first(r, RC_OK))
        diag_at(r->d, at, D_NO_OK, "no 'ok' result code: 'results { ok OK   error ERROR }'");
    if (!result_first(r, RC_ERROR))
        diag_at(r->d, at, D_NO_ERROR, "no 'error' result code: 'results { ok OK   error ERROR }'");
}

const m_result *result_first(const resolver *r, m_class klass)
{
    for (size_t i = 0; i < r->m->n_results; i++)
        if (r->m->results[i].klass == klass) return &r->m->results[i];
    return NULL;
}

/* ---- refusals ---- */

static int refusal_of(const char *key)
{
    static const char *const names[REFUSE_KINDS] = { "command", "operator", "parameter",
                                                     "syntax",  "length",   "unsupported" };
    for (int i = 0; i < REFUSE_KINDS; i++)
        if (!strcmp(names[i], key)) return i;
    return -1;
}

static void add_refusal(resolver *r, const ast_line_item *i)
{
    int what = refusal_of(i->key);
    m_line *line = line_make(r, &top, LINE_CODE, pat_make(r, &top, i->pattern), NULL);
    if (what < 0) return;
    if (!line_is_literal(line))
        diag_at(r->d, i->pattern->at, D_REFUSAL_PARAMETERS,
                "a refusal is written with its values: '+ERR=-2'");
    r->m->refuse[what] = line;
}

/* Of the values of a type the one nearest to 0, but not 0 where there is another. */
static int64_t refusal_value(const m_type *t)
{
    int64_t best = 0;
    for (size_t i = 0; i < t->n_items && t->kind == T_ENUM; i++) {
        int64_t v = t->items[i].value;
        if (best == 0 || (v != 0 && (v < 0 ? -v : v) < (best < 0 ? -best : best))) best = v;
    }
    if (t->kind != T_INT) return best;
    if (t->ranges[0].lo > 0) return t->ranges[0].lo;
    return t->ranges[0].hi < 0   ? t->ranges[0].hi
           : t->ranges[0].hi > 0 ? 1
           : t->ranges[0].lo < 0 ? -1
                                 : 0;
}

/* The first error result with numbers for its parameters; NULL: it has others. */
static m_line *plain_refusal(resolver *r, const ast_line_item *i)
{
    rpat *list = pat_make(r, &top, i->pattern);
    for (rpat *p = list; p; p = p->next) {
        if (p->kind == RP_TEXT || p->kind == RP_QUOTED) continue;
        if (p->kind != RP_PARAM || (p->type->kind != T_INT && p->type->kind != T_ENUM)) return NULL;
        p->kind = RP_TEXT;
        p->text = mem_printf(r->ctx, "%lld", (long long)refusal_value(p->type));
    }
    return line_make(r, &top, LINE_CODE, list, NULL);
}

static const ast_line_item *first_error(const resolver *r)
{
    const ast_line_item *i = r->defs.results->def->items;
    while (class_of(i->key) != RC_ERROR) i = i->next;
    return i;
}

static const m_line *default_refusal(resolver *r, const m_result *error)
{
    if (line_is_literal(error->line)) return error->line;
    m_line *line = plain_refusal(r, first_error(r));
    if (line) {
        diag_at(r->d, error->at, D_NO_REFUSAL,
                "refused lines will be answered with %s; say in 'refuse' with what", line->syntax);
        return line;
    }
    diag_at(r->d, error->at, D_REFUSAL_VALUES,
            "with which values is a refused line answered? Say so in 'refuse'");
    return error->line;
}

void frame_refuse(resolver *r)
{
    const def_entry *block = r->defs.refuse;
    const m_result *error = result_first(r, RC_ERROR);
    const m_line *rest = NULL;
    for (const ast_line_item *i = block ? block->def->items : NULL; i; i = i->next)
        add_refusal(r, i);
    for (int i = 0; error && i < REFUSE_KINDS; i++) {
        if (r->m->refuse[i]) continue;
        if (!rest) rest = default_refusal(r, error);
        r->m->refuse[i] = rest;
    }
}

/* ---- numbers ---- */

/* Is this all that a result code, or a URC, says? */
static bool is_result_text(resolver *r, const char *text)
{
    for (size_t i = 0; i < r->m->n_results; i++) {
        const m_line *line = r->m->results[i].line;
        if (line_is_literal(line) && !strcmp(line_literal(r, line), text)) return true;
    }
    for (size_t i = 0; i < r->m->n_urcs; i++) {
        const m_line *line = r->m->urcs[i]->line;
        if (line && line_is_literal(line) && !strcmp(line_literal(r, line), text)) return true;
    }
    return false;
}

/* `numeric 0 OK`: what is written instead of the code when result codes are numbers. */
static void add_number(resolver *r, const ast_line_item *i)
{
    const ast_pat *text = i->pattern->kids;
    const char *p = text->kind == PAT_TEXT && !text->next ? text->text : "";
    size_t digits = strspn(p, "0123456789"), blanks = strspn(p + digits, " ");
    m_number x = { .text = p + digits + blanks };
    for (size_t k = 0; k < digits && x.number < 256; k++)
        x.number = 10 * x.number + (unsigned)(p[k] - '0');
    if (digits == 0 || blanks == 0 || x.number > 255 || !is_result_text(r, x.text)) {
        diag_at(r->d, i->pattern->at, D_BAD_NUMERIC,
                "'numeric' takes a number below 256 and a result code without values: '0 OK'");
        return;
    }
    APPEND(r->ctx, m_number, r->m->numbers, r->m->n_numbers, x);
}

void frame_numbers(resolver *r)
{
    const def_entry *block = r->defs.results;
    for (const ast_line_item *i = block ? block->def->items : NULL; i; i = i->next)
        if (is_number(i)) add_number(r, i);
}

/* ---- is a line a result code? ---- */

static bool ends_word(char c)
{
    return c == '\0' || strchr(" :=,(\"", c) != NULL;
}

static bool same_literals(const m_line *a, const m_line *b)
{
    if (a->n_slots != b->n_slots) return false;
    for (size_t i = 0; i < a->n_slots; i++)
        if (a->slots[i].literal != b->slots[i].literal
            || (a->slots[i].literal && strcmp(a->slots[i].text, b->slots[i].text)))
            return false;
    return true;
}

/* The very same text; the code's text with values behind it (`+OK` and `+OK=<ssid>`, `CONNECT` and
 * `CONNECT <n>`); or one of the codes that a code with values stands for (`+ERR=<code>` and
 * `+ERR=-10`). */
static bool is_code(resolver *r, const m_line *code, const m_line *line)
{
    if (!code->n_slots && !*code->lead && *code->head && *line->lead
        && !strcmp(code->head, line->head))
        return true;
    char *want = line_literal(r, code), *have = line_literal(r, line);
    size_t n = strlen(want);
    if (!strcmp(want, have)) return same_literals(code, line) || code->n_slots == 0;
    if (n == 0 || strncmp(want, have, n)) return false;
    if (!line_is_literal(code)) return line_is_literal(line);
    return !line_is_literal(line) && ends_word(have[n])
           && strspn(have + n, " :=,(\"") == strlen(have + n);
}

const m_result *result_of(resolver *r, const m_line *line)
{
    const m_result *longest = NULL;
    for (size_t i = 0; i < r->m->n_results; i++) {
        const m_result *x = &r->m->results[i];
        if (!is_code(r, x->line, line)) continue;
        if (!longest || strlen(x->line->syntax) > strlen(longest->line->syntax)) longest = x;
    }
    return longest;
}
