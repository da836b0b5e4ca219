/* Nodes of the tree, made while parsing; see build.h. Order here is that of ast.h: words, patterns,
 * conditions, types, steps, definitions. What a block of lines may hold is in build_block.c.
 * SPDX-License-Identifier: MIT */
#include "build.h"

#include <limits.h>
#include <string.h>

#include "mem.h"
#include "parse.h"

/* ---- words ---- */

/* `text` with what no name may hold replaced: the name that was probably meant. */
static char *name_like(build *b, const char *text)
{
    char *name = mem_string(b->ctx, text);

    for (char *p = name; *p; p++) {
        if (*p >= 'A' && *p <= 'Z')
            *p = (char)(*p | 0x20);
        else if (!(*p >= 'a' && *p <= 'z') && !(*p >= '0' && *p <= '9'))
            *p = '_';
    }
    return *name >= '0' && *name <= '9' ? mem_printf(b->ctx, "_%s", name) : name;
}

char *build_name(build *b, token t)
{
    if (!t.text || scan_is_name(t.text))
        return t.text;
    char *fixed = name_like(b, t.text);
    diag_at(b->d, t.at, D_BAD_NAME, "'%s' is no name: names are made of a-z, 0-9 and _", t.text);
    diag_fix(b->d, "%s", fixed);
    return fixed;
}

char *build_text(build *b, token t)
{
    if (t.text && memchr(t.text, '\0', t.len))
        diag_at(b->d, t.at, D_NUL_IN_TEXT, "this text may not hold a NUL byte");
    return t.text;
}

ast_value build_value(build *b, token t)
{
    ast_value v = { .at = t.at, .text = t.text };

    switch (t.kind) {
    case TK_NUMBER: v.kind = VAL_NUMBER; v.number = t.number; break;
    case TK_STRING: v.kind = VAL_STRING; build_text(b, t); break;
    default: v.kind = VAL_WORD; break;
    }
    return v;
}

ast_time build_time(build *b, token t)
{
    (void)b;
    return (ast_time){ .at = t.at, .ms = (uint32_t)t.number, .given = true };
}

static ast_cond *operand_new(build *, token);

ast_time build_product(build *b, token first, token second, token unit)
{
    static const struct { const char *name; uint32_t ms; } units[] = {
        { "ms", 1 }, { "s", 1000 }, { "min", 60000 },
    };
    ast_time time = { .at = place_join(first.at, unit.at), .given = true, .scale_ms = 1 };

    time.by[0] = operand_new(b, first);
    time.by[1] = second.text ? operand_new(b, second) : NULL;
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (strcmp(unit.text, units[i].name) == 0) {
            time.scale_ms = units[i].ms;
            return time;
        }
    diag_at(b->d, unit.at, D_BAD_UNIT, "'%s' is no unit of time: known are ms, s and min",
            unit.text);
    return time;
}

/* ---- patterns ---- */

ast_pat *build_pat(build *b, pat_kind kind, token t)
{
    ast_pat *p = mem_new(b->ctx, ast_pat);

    p->kind = kind;
    p->at = t.at;
    p->text = kind == PAT_NEWLINE ? NULL : build_text(b, t);
    return p;
}

pat_list build_add_pat(pat_list list, ast_pat *p)
{
    if (list.last)
        list.last->next = p;
    else
        list.first = p;
    list.last = p;
    return list;
}

ast_pat *build_group(build *b, pat_kind kind, place at, pat_list kids, ast_cond *when)
{
    ast_pat *p = build_pat(b, kind, (token){ .at = at });

    p->kids = kids.first;
    p->when = when;
    p->at = place_join(at, kids.last->at);
    return p;
}

ast_pat *build_param(build *b, token open, token name, bool may_be_empty)
{
    ast_pat *p = build_pat(b, PAT_PARAM, open);

    p->at = open.at;
    p->text = build_name(b, name);
    p->may_be_empty = may_be_empty;
    p->tied = open.kind == TK_LTIED;
    return p;
}

/* `<x:bytes n>`: a parameter that turns out to be data. */
ast_pat *build_data(build *b, ast_pat *p, token count, token close)
{
    p->at = place_join(p->at, close.at);
    p->kind = PAT_DATA;
    p->count = build_name(b, count);
    if (p->tied || p->may_be_empty)
        diag_at(b->d, p->at, D_DATA_MARKED, "data cannot be tied or empty: write <%s:bytes %s>",
                p->text, p->count);
    return p;
}

/* A count of a repetition as an unsigned; what does not fit is said. */
static unsigned count_number(build *b, token t)
{
    if (t.number >= 0 && t.number < UINT_MAX)
        return (unsigned)t.number;
    diag_at(b->d, t.at, D_BAD_COUNT, "a count is a number from 0 to %u", UINT_MAX - 1);
    return 0;
}

static void check_order(build *b, token lo, token hi)
{
    if (lo.number <= hi.number)
        return;
    diag_at(b->d, place_join(lo.at, hi.at), D_EMPTY_RANGE,
            "empty range: %lld is more than %lld", lo.number, hi.number);
    diag_fix(b->d, "%s..%s", hi.text, lo.text);
}

void build_count(build *b, ast_pat *p, token lo, token hi, bool is_open)
{
    check_order(b, lo, hi);
    p->min = count_number(b, lo);
    p->max = is_open ? UINT_MAX : count_number(b, hi);
    if (!is_open && hi.number == 0)
        diag_at(b->d, place_join(lo.at, hi.at), D_BAD_COUNT, "repeated 0 times: says nothing");
}

/* ---- conditions ---- */

/* `0` or `ONE` between the brackets. */
static ast_value *key_value(build *b, place at, const char *text, size_t n)
{
    ast_value *v = mem_new(b->ctx, ast_value);

    v->at = at;
    v->text = mem_bytes(b->ctx, text, n);
    v->kind = strspn(v->text, "0123456789") == n && n < 10 ? VAL_NUMBER : VAL_WORD;
    for (size_t i = 0; v->kind == VAL_NUMBER && i < n; i++)
        v->number = v->number * 10 + (text[i] - '0');
    return v;
}

/* Take `+CIPMUX[<id>].mode`, `+CIPMUX[0].mode` or `+CIPMUX.mode` apart. */
static void split_setting(build *b, ast_cond *c, const char *text)
{
    const char *dot = strrchr(text, '.'), *key = strchr(text, '[');

    c->command = mem_bytes(b->ctx, text, (size_t)((key ? key : dot) - text));
    if (key && key[1] == '<')
        c->key = mem_bytes(b->ctx, key + 2, (size_t)(dot - key - 4));
    else if (key)
        c->key_value = key_value(b, c->at, key + 1, (size_t)(dot - key - 2));
    c->param = mem_string(b->ctx, dot + 1);
}

/* A parameter or a setting, as conditions compare and times count it. */
static ast_cond *operand_new(build *b, token operand)
{
    ast_cond *c = mem_new(b->ctx, ast_cond);

    c->at = operand.at;
    if (operand.kind == TK_SETTING)
        split_setting(b, c, operand.text);
    else
        c->param = build_name(b, operand);
    return c;
}

ast_cond *build_cond(build *b, cond_op op, token operand, ast_value lo, ast_value hi)
{
    ast_cond *c = operand_new(b, operand);

    c->op = op;
    c->at = place_join(operand.at, hi.at);
    c->lo = lo;
    c->hi = hi;
    return c;
}

ast_cond *build_and(build *b, ast_cond *left, ast_cond *right)
{
    ast_cond *c = mem_new(b->ctx, ast_cond);

    c->op = COND_AND;
    c->at = place_join(left->at, right->at);
    c->left = left;
    c->right = right;
    return c;
}

/* ---- types ---- */

ast_type *build_type(build *b, ast_type_kind kind, token t)
{
    ast_type *type = mem_new(b->ctx, ast_type);

    type->kind = kind;
    type->at = t.at;
    return type;
}

ast_item *build_item(build *b, ast_value value, token name, token doc, token extra)
{
    ast_item *item = mem_new(b->ctx, ast_item);

    item->at = value.at;
    item->value = value;
    item->name = name.text;
    item->doc = build_text(b, doc);
    item->extra = build_text(b, extra);
    if (name.text && !scan_is_name(name_like(b, name.text)))
        diag_at(b->d, name.at, D_BAD_NAME, "'%s' cannot be part of a C name", name.text);
    return item;
}

item_list build_add_item(item_list list, ast_item *item)
{
    if (list.last)
        list.last->next = item;
    else
        list.first = item;
    list.last = item;
    return list;
}

/* The strings after the last item: two are its own and the type's; one is the type's where no other
 * item has one. With a default the type's stands after that. */
item_list build_open_items(build *b, item_list list, token title)
{
    list.is_open = true;
    list.last->extra = build_text(b, title);
    return list;
}

void build_set_items(build *b, ast_type *type, item_list list, bool has_default)
{
    bool others = false;
    ast_item *last = list.last;

    for (ast_item *item = list.first; item; item = item->next) {
        others |= item != last && item->doc;
        if (item->extra && (item != last || has_default))
            diag_at(b->d, item->at, D_TWO_TITLES, "one text too many after this value");
    }
    if (last->extra) {
        type->doc = last->extra;
    } else if (!others && !has_default) {
        type->doc = last->doc;
        last->doc = NULL;
    }
    type->items = list.first;
    type->is_open = list.is_open;
}

char build_separator(build *b, token t)
{
    if (t.len == 1 && (t.text[0] == ':' || t.text[0] == '-'))
        return t.text[0];
    diag_at(b->d, t.at, D_BAD_SEPARATOR, "octets of a mac are separated by \":\", \"-\" or none");
    return ':';
}

/* `000`: 3; 0 where no zeros stand in front. */
static unsigned char padded_digits(token t)
{
    const char *p = t.at.src->text + t.at.begin;
    size_t n = t.at.end - t.at.begin;

    return n > 1 && n < 10 && strspn(p, "0123456789") >= n && *p == '0' ? (unsigned char)n : 0;
}

range_list build_range(build *b, range_list list, token lo, token hi)
{
    ast_range *r = mem_new(b->ctx, ast_range);

    check_order(b, lo, hi);
    r->digits = padded_digits(lo);
    r->lo = lo.number <= hi.number ? lo.number : hi.number;
    r->hi = lo.number <= hi.number ? hi.number : lo.number;
    if (list.last)
        list.last->next = r;
    else
        list.first = r;
    list.last = r;
    return list;
}

/* ---- steps ---- */

ast_step *build_step(build *b, step_kind kind, token t)
{
    ast_step *step = mem_new(b->ctx, ast_step);

    step->kind = kind;
    step->at = t.at;
    return step;
}

ast_step *build_line_step(build *b, ast_pat *pattern)
{
    ast_step *step = build_step(b, STEP_LINE, (token){ .at = pattern->at });

    step->pattern = pattern;
    return step;
}

step_list build_add_step(step_list list, ast_step *step)
{
    if (list.last)
        list.last->next = step;
    else
        list.first = step;
    list.last = step;
    return list;
}

ast_step *build_seq(build *b, step_list list)
{
    ast_step *seq = build_step(b, STEP_SEQ, (token){ .at = list.first->at });

    seq->at = place_join(list.first->at, list.last->at);
    seq->kids = list.first;
    return seq;
}

void build_step_bytes(build *b, ast_step *step, token t)
{
    step->text = t.text;
    step->text_len = t.len;
    if (!t.len)
        diag_at(b->d, t.at, D_EMPTY_TEXT, "this text may not be empty");
}

clause *build_clause(build *b, int kind, token at)
{
    clause *c = mem_new(b->ctx, clause);

    c->kind = kind;
    c->at = at.at;
    return c;
}

clause_list build_add_clause(clause_list list, clause *c)
{
    if (list.last)
        list.last->next = c;
    else
        list.first = c;
    list.last = c;
    return list;
}

static const char *clause_name(int kind)
{
    switch (kind) {
    case TK_AS: return "as";
    case TK_WHEN: return "when";
    case TK_ONLY: return "only when";
    case TK_HEARD: return "only heard";
    case TK_WITHIN: return "within";
    case TK_CANCEL: return "cancel";
    case TK_ESCAPE: return "escape";
    case TK_MOST: return "at most";
    case TK_KEPT: return "short is kept";
    case TK_REFUSED: return "short is refused";
    case TK_SILENCE: return "silence";
    default: return "line";
    }
}

static void misplaced(build *b, const clause *c, const char *behind)
{
    diag_at(b->d, c->at, D_MISPLACED_CLAUSE, "'%s' cannot stand after %s", clause_name(c->kind),
            behind);
}

/* Every clause at most once. */
static void check_clauses(build *b, clause_list list)
{
    for (const clause *c = list.first; c; c = c->next)
        for (const clause *before = list.first; before != c; before = before->next)
            if (before->kind == c->kind) {
                diag_at(b->d, c->at, D_DUPLICATE_CLAUSE, "second '%s' here",
                        clause_name(c->kind));
                diag_note(b->d, before->at, "the first one");
                break;
            }
}

static const char *step_name(step_kind kind)
{
    switch (kind) {
    case STEP_LINE: return "a line";
    case STEP_PROMPT: return "a prompt";
    case STEP_DATA_IN: return "data to the module";
    case STEP_DATA_OUT: return "data from the module";
    case STEP_BODY: return "a body";
    case STEP_BLANK: return "a blank line";
    case STEP_TRANSPARENT: return "transparent mode";
    case STEP_PAUSE: return "a pause";
    case STEP_URC: return "a URC";
    default: return "a group of steps";
    }
}

/* May this clause stand behind such a step? */
static bool step_takes(const ast_step *step, int kind)
{
    bool until = step->kind == STEP_DATA_IN && step->text;

    switch (kind) {
    case TK_ONLY: return false;
    case TK_HEARD: return step->kind == STEP_LINE || step->kind == STEP_PROMPT;
    case TK_CANCEL: return step->kind == STEP_DATA_IN;
    case TK_KEPT: case TK_REFUSED: return step->kind == STEP_DATA_IN && !until;
    case TK_ESCAPE: case TK_MOST: return until;
    case TK_SILENCE: return step->kind == STEP_BODY || step->kind == STEP_TRANSPARENT;
    case TK_LINE: return step->kind == STEP_TRANSPARENT;
    default: return true;
    }
}

static void set_step_clause(build *b, ast_step *step, const clause *c)
{
    switch (c->kind) {
    case TK_AS: step->as = build_name(b, c->value); break;
    case TK_WHEN: step->when = c->cond; break;
    case TK_WITHIN: step->within = c->time; break;
    case TK_CANCEL: step->cancel = c->value.text; step->cancel_len = c->value.len; break;
    case TK_ESCAPE: step->escape = c->value.text; step->escape_len = c->value.len; break;
    case TK_MOST:
        step->max = count_number(b, c->value);
        break;
    case TK_HEARD: step->is_heard = true; break;
    case TK_KEPT: step->is_short_kept = true; break;
    case TK_REFUSED: step->is_short_refused = true; break;
    case TK_SILENCE: step->silence = c->time; break;
    default: step->pattern = c->pattern; break;
    }
}

ast_step *build_finish_step(build *b, ast_step *step, bool later, clause_list list)
{
    step->later = later;
    check_clauses(b, list);
    for (const clause *c = list.first; c; c = c->next) {
        if (step_takes(step, c->kind))
            set_step_clause(b, step, c);
        else
            misplaced(b, c, step_name(step->kind));
    }
    return step;
}

/* ---- definitions ---- */

static void add_def(ast_def **list, ast_def *def)
{
    while (*list)
        list = &(*list)->next;
    *list = def;
}

ast_def *build_def(build *b, def_kind kind, token t, bool replace)
{
    ast_def *def = mem_new(b->ctx, ast_def);

    def->kind = kind;
    def->at = t.at;
    def->replace = replace;
    if (b->command) {
        add_def(&b->command->defs, def);
    } else {
        *b->tail = def;
        b->tail = &def->next;
    }
    b->piece = NULL;
    if (kind == DEF_PIECE)
        b->form = NULL;
    return def;
}

ast_def *build_open(build *b, def_kind kind, token t, bool replace)
{
    return b->open = build_def(b, kind, t, replace);
}

void build_open_command(build *b, token keyword, bool replace, name_list names, token title,
                        token as)
{
    ast_def *def = build_def(b, DEF_COMMAND, keyword, replace);

    def->names = names.first;
    if (names.first)
        def->at = names.first->at;
    def->title = build_text(b, title);
    def->as = build_name(b, as);
    b->command = def;
    b->form = NULL;
    b->example = NULL;
}

name_list build_add_name(build *b, name_list list, token name, token arg)
{
    ast_names *n = mem_new(b->ctx, ast_names);

    n->at = arg.text ? place_join(name.at, arg.at) : name.at;
    n->name = build_text(b, name);
    n->arg = arg.text;
    if (list.last)
        list.last->next = n;
    else
        list.first = n;
    list.last = n;
    return list;
}

void build_meaning(build *b, token keyword, token role, token target, name_list params)
{
    ast_def *def = build_def(b, DEF_MEANS, keyword, false);

    def->at = role.at;
    def->name = build_name(b, role);
    def->names = build_add_name(b, (name_list){ NULL, NULL }, target, (token){ .kind = 0 }).first;
    def->names->next = params.first;
}

/* `saved ram`, or `saved _CUR ram, _DEF flash`. */
void build_saved(build *b, name_list list)
{
    static const char *const storages[] = { "ram", "flash", NULL };

    for (ast_names *n = list.first; n; n = n->next) {
        if (!n->arg) {
            n->arg = n->name;
            n->name = mem_string(b->ctx, "");
        }
        if (strcmp(n->arg, "ram") == 0 || strcmp(n->arg, "flash") == 0)
            continue;
        const char *near = diag_nearest(n->arg, storages);
        diag_at(b->d, n->at, D_UNKNOWN_STORAGE, "saved in 'ram' or 'flash', not in '%s'", n->arg);
        if (near)
            diag_fix(b->d, *n->name ? "%s %s" : "%s%s", n->name, near);
    }
    ast_names **tail = &b->command->saved;
    while (*tail)
        tail = &(*tail)->next;
    *tail = list.first;
}

/* `alias +X`, or `alias _DEF +X`: the ending stands first. */
void build_aliases(build *b, name_list list)
{
    for (ast_names *n = list.first; n; n = n->next)
        if (n->arg) {
            char *ending = n->name;
            n->name = n->arg;
            n->arg = ending;
        }
    ast_names **tail = &b->command->aliases;
    while (*tail)
        tail = &(*tail)->next;
    *tail = list.first;
}

void build_removed(build *b, token what, name_list names)
{
    static const char *const kinds[] = { "command", "urc", "type", "piece", NULL };

    for (const char *const *k = kinds; *k; k++)
        if (strcmp(*k, what.text) == 0) {
            ast_def *def = build_def(b, DEF_REMOVE, what, false);
            def->name = what.text;
            def->names = names.first;
            return;
        }
    const char *near = diag_nearest(what.text, kinds);
    diag_at(b->d, what.at, D_UNKNOWN_REMOVAL, "cannot remove '%s': only a command, urc, type or "
            "piece", what.text);
    if (near)
        diag_fix(b->d, "%s", near);
}

void build_type_def(build *b, token name, token title, ast_type *type, bool replace)
{
    ast_def *def = build_def(b, DEF_TYPE, name, replace);

    def->name = build_name(b, name);
    def->title = build_text(b, title);
    def->type = type;
    if (def->title && type->doc)
        diag_at(b->d, title.at, D_TWO_TITLES, "this type has two texts: after its name and at its "
                "end");
    if (!type->doc)
        type->doc = def->title;
}

alt_list build_add_alt(alt_list list, ast_alt *alt)
{
    if (list.last)
        list.last->next = alt;
    else
        list.first = alt;
    list.last = alt;
    return list;
}

/* May this clause stand behind a pattern of a form, a URC or a piece? */
static bool alt_takes(def_kind of, int kind)
{
    switch (kind) {
    case TK_WHEN: return true;
    case TK_AS: return of != DEF_PIECE;
    case TK_ONLY: case TK_WITHIN: return of == DEF_COMMAND;
    default: return false;
    }
}

static void set_alt_clause(build *b, ast_alt *alt, const clause *c)
{
    switch (c->kind) {
    case TK_WHEN: alt->when = c->cond; break;
    case TK_AS: alt->as = build_name(b, c->value); break;
    case TK_ONLY: alt->only = c->cond; break;
    default: alt->within = c->time; break;
    }
}

ast_alt *build_alt(build *b, def_kind of, token label, ast_pat *pattern, clause_list list)
{
    ast_alt *alt = mem_new(b->ctx, ast_alt);

    alt->at = pattern ? pattern->at : label.at;
    alt->label = pattern ? label.text : NULL;
    alt->pattern = pattern;
    check_clauses(b, list);
    for (const clause *c = list.first; c; c = c->next) {
        if (alt_takes(of, c->kind))
            set_alt_clause(b, alt, c);
        else
            misplaced(b, c, of == DEF_URC ? "a URC" : of == DEF_PIECE ? "a piece"
                                                                      : "a command line");
    }
    return alt;
}

void build_form(build *b, token first, unsigned forms, ast_alt *alt, step_list responses)
{
    ast_form *form = mem_new(b->ctx, ast_form), **tail = &b->command->forms;

    form->at = first.at;
    form->forms = forms;
    form->variants = alt;
    form->responses = responses.first;
    form->as = alt->pattern && alt->label ? NULL : alt->as;
    while (*tail)
        tail = &(*tail)->next;
    *tail = form;
    b->form = form;
    b->piece = NULL;
    if (!alt->pattern && forms != 1u << FORM_TEST && !b->broken)
        diag_at(b->d, first.at, D_NO_PATTERN, "only 'test' can do without a command line");
}

/* Another variant of the last form: of the same one while that has no responses yet. */
static void add_variant(build *b, ast_alt *alt, step_list responses)
{
    ast_form *form = b->form;

    if (form->responses) {
        ast_form *next = mem_new(b->ctx, ast_form);
        next->at = alt->at;
        next->forms = form->forms;
        form->next = next;
        b->form = form = next;
    }
    ast_alt **tail = &form->variants;
    while (*tail)
        tail = &(*tail)->next;
    *tail = alt;
    form->responses = responses.first;
}

void build_more(build *b, token label, ast_pat *pattern, clause_list clauses, step_list responses)
{
    ast_def *piece = b->piece;

    if (piece && piece->alts && !responses.first) {
        ast_alt *last = piece->alts;
        while (last->next)
            last = last->next;
        last->next = build_alt(b, DEF_PIECE, label, pattern, clauses);
    } else if (b->form) {
        add_variant(b, build_alt(b, DEF_COMMAND, label, pattern, clauses), responses);
    } else if (!b->broken) {
        diag_at(b->d, pattern->at, D_LONE_PATTERN, b->command
                ? "a line without a form: 'exec', 'read', 'test', 'set', 'save' or 'query'"
                : "a line that belongs to nothing");
    }
}

void build_example(build *b, token keyword, token title, ast_cond *given)
{
    ast_example *example = mem_new(b->ctx, ast_example);

    example->at = keyword.at;
    example->title = build_text(b, title);
    example->given = given;
    b->example = example;
    if (!b->command) {
        build_def(b, DEF_EXAMPLE, keyword, false)->examples = example;
        return;
    }
    ast_example **tail = &b->command->examples;
    while (*tail)
        tail = &(*tail)->next;
    *tail = example;
}

void build_wire(build *b, token t)
{
    ast_wire *wire = mem_new(b->ctx, ast_wire);

    if (!b->example)
        return;                 /* the scanner has said so */
    wire->at = t.at;
    wire->direction = (char)t.number;
    wire->bytes = t.text;
    wire->len = t.len;
    ast_wire **tail = &b->example->lines;
    while (*tail)
        tail = &(*tail)->next;
    *tail = wire;
}
