/* What stands in the blocks `lines`, `operators`, `results`, `refuse` and `errors`: which items
 * there are and what each of them takes.
 * SPDX-License-Identifier: MIT */
#include "build.h"

#include <string.h>

#include "mem.h"
#include "parse.h"

/* ---- lines ---- */

/* What an item of `lines` takes. Words: alternatives separated by `|`, each a sequence in which
 * `S` stands for a string, `W` for any word, `N` for a number, `T` for a time and `,S` for more
 * strings. */
static const struct { const char *key, *takes, *help; } line_items[] = {
    { "prefix",    "W|W any case",               "'AT' or 'AT any case'" },
    { "names",     "any case",                   "'any case'" },
    { "command",   "<bytes>",                    "CR, LF or CR LF" },
    { "info",      "<frame>",                    "bytes around '…', like: CR LF … CR LF" },
    { "result",    "<frame>",                    "bytes around '…', like: CR LF … CR LF" },
    { "urc",       "<frame>",                    "bytes around '…', like: CR LF … CR LF" },
    { "quotes",    "on|off",                     "'on' or 'off'" },
    { "separator", "S*",                         "strings" },
    { "spaces",    "lenient|exact|v250",         "'lenient', 'exact' or 'v250'" },
    { "escape",    "S of S,*",                   "'\"\\\\\" of' and the strings that are escaped" },
    { "echo",      "on|off|on by W|off by W|on toggled by W|off toggled by W",
                                                 "'on' or 'off', then 'by' or 'toggled by'" },
    { "busy",      "S|silent|wait|abort|data S|data silent|data wait",
                                                 "a string, 'silent', 'wait' or 'abort'; 'data' in front is while data is sent" },
    { "chain",     "S|S basic",                  "a string, or a string and 'basic'" },
    { "verbose",   "on by W|off by W",           "'on' or 'off', then 'by' and COMMAND.PARAMETER" },
    { "quiet",     "on by W|off by W",           "'on' or 'off', then 'by' and COMMAND.PARAMETER" },
    { "termination", "S by W",                   "a string, then 'by' and COMMAND.PARAMETER" },
    { "formatting", "S by W",                    "a string, then 'by' and COMMAND.PARAMETER" },
    { "editing",   "S by W",                     "a string, then 'by' and COMMAND.PARAMETER" },
    { "resets",    "W|W , W|W , W , W",          "one to three commands" },
    { "repeat",    "S",                          "a string" },
    { "length",    "N",                          "a number of bytes" },
    { "pause",     "T",                          "a time, like 5ms" },
    { "within",    "T",                          "a time, like 5s" },
    { "resync",    "<exchange>",                 "a command line, '->' and the answer" },
    { "restart",   "W",                          "the name of a URC" },
};
enum { LINE_ITEMS = sizeof line_items / sizeof *line_items };

ast_line_item *build_line_item(build *b, token key)
{
    ast_line_item *item = mem_new(b->ctx, ast_line_item);

    item->at = key.at;
    item->key = key.text;
    return item;
}

/* A raw word as a value: a number, a time in ms, or a word. */
static ast_value raw_value(token t)
{
    ast_value v = { .at = t.at, .text = t.text, .kind = VAL_WORD };
    size_t digits = strspn(t.text, "0123456789"), unit = digits + strspn(t.text + digits, " \t");
    static const struct { const char *unit; long long scale; } units[] = {
        { "", 1 }, { "ms", 1 }, { "s", 1000 }, { "min", 60000 },
    };

    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (digits && digits < 10 && strcmp(t.text + unit, units[i].unit) == 0) {
            v.kind = VAL_NUMBER;
            for (size_t k = 0; k < digits; k++)
                v.number = v.number * 10 + (t.text[k] - '0');
            v.number *= units[i].scale;
        }
    return v;
}

void build_line_arg(build *b, ast_line_item *item, token t)
{
    ast_value v = t.kind == TK_STRING ? build_value(b, t)
                : t.kind == TK_RAW ? raw_value(t)
                : (ast_value){ .at = t.at, .kind = VAL_WORD, .text = NULL };

    if (t.kind == TK_COMMA || t.kind == TK_ELLIPSIS)
        v.text = mem_string(b->ctx, t.kind == TK_COMMA ? "," : "…");
    item->args = mem_grow(b->ctx, item->args, ast_value, item->n_args + 1);
    item->args[item->n_args++] = v;
}

static bool is_word(const ast_value *v, const char *word, size_t len)
{
    return v->kind == VAL_WORD && strlen(v->text) == len && memcmp(v->text, word, len) == 0;
}

/* Does one value match one word of a `takes`? */
static bool value_matches(const ast_value *v, const char *word, size_t len)
{
    bool has_unit = v->kind == VAL_NUMBER && v->text[strlen(v->text) - 1] > '9';

    if (len == 1 && *word == 'S')
        return v->kind == VAL_STRING;
    if (len == 1 && *word == 'W')
        return v->kind != VAL_STRING && strcmp(v->text, ",") != 0;
    if (len == 1 && *word == 'N')
        return v->kind == VAL_NUMBER && !has_unit;
    if (len == 1 && *word == 'T')
        return has_unit;
    return is_word(v, word, len);
}

/* Do the values match one alternative of a `takes`? `S*`, `S,*`: one or more strings. */
static bool args_match(const ast_line_item *item, const char *alt, size_t len)
{
    size_t i = 0;

    for (const char *p = alt, *end = alt + len; p < end;) {
        size_t n = 0;
        while (p + n < end && p[n] != ' ')
            n++;
        if (p[n - 1] == '*') {
            bool commas = n == 3;
            if (i == item->n_args)
                return false;
            for (size_t k = 0; i < item->n_args; i++, k++)
                if (commas && k % 2 ? !is_word(&item->args[i], ",", 1)
                                    : item->args[i].kind != VAL_STRING)
                    return false;
        } else if (i == item->n_args || !value_matches(&item->args[i++], p, n)) {
            return false;
        }
        p += n + (p + n < end);
    }
    return i == item->n_args;
}

static bool takes(const ast_line_item *item, const char *alternatives)
{
    for (const char *p = alternatives;; p++) {
        size_t n = strcspn(p, "|");
        if (args_match(item, p, n))
            return true;
        if (!*(p += n))
            return false;
    }
}

/* The bytes that the words `from` to `to` stand for, as a TEXT; NULL: no words, or others. */
static ast_pat *frame_bytes(build *b, const ast_line_item *item, size_t from, size_t to)
{
    char *bytes = mem_string(b->ctx, "");

    if (from == to)
        return NULL;
    for (size_t i = from; i < to; i++) {
        bool is_cr = is_word(&item->args[i], "CR", 2);
        if (!is_cr && !is_word(&item->args[i], "LF", 2))
            return NULL;
        bytes = mem_printf(b->ctx, "%s%c", bytes, is_cr ? '\r' : '\n');
    }
    token t = { .at = place_join(item->args[from].at, item->args[to - 1].at), .text = bytes,
                .len = to - from };
    return build_pat(b, PAT_TEXT, t);
}

/* `CR LF … CR LF`, or only bytes where there is no `…`. Nothing need stand behind the `…` of `info`:
 * what comes next ends that line. False: something else. */
static bool finish_frame(build *b, ast_line_item *item, bool has_ellipsis)
{
    bool is_info = strcmp(item->key, "info") == 0;
    size_t i = 0, from = 0;

    while (has_ellipsis && i < item->n_args && !is_word(&item->args[i], "…", strlen("…")))
        i++;
    if (i == item->n_args)
        return false;
    if (has_ellipsis) {
        item->before = frame_bytes(b, item, 0, i);
        from = i + 1;
    }
    item->after = frame_bytes(b, item, from, item->n_args);
    if (is_info && item->before && from == item->n_args)
        return true;
    return (item->before || i == 0) && item->after;
}

static place args_place(const ast_line_item *item)
{
    return item->n_args ? place_join(item->args[0].at, item->args[item->n_args - 1].at) : item->at;
}

/* Both `busy` items may stand; every other one once. */
static void check_twice(build *b, const ast_line_item *item)
{
    bool is_data = item->n_args == 2;

    for (const ast_line_item *i = b->open->items; i; i = i->next)
        if (strcmp(i->key, item->key) == 0
            && (strcmp(i->key, "busy") != 0 || (i->n_args == 2) == is_data)) {
            diag_at(b->d, item->at, D_DUPLICATE_ITEM, "second '%s' in this block", item->key);
            diag_note(b->d, i->at, "the first one");
            return;
        }
}

static void add_item(build *b, ast_line_item *item)
{
    ast_line_item **tail = &b->open->items;

    while (*tail)
        tail = &(*tail)->next;
    *tail = item;
}

static void unknown_item(build *b, const ast_line_item *item)
{
    const char *keys[LINE_ITEMS + 1];

    for (size_t i = 0; i < LINE_ITEMS; i++)
        keys[i] = line_items[i].key;
    keys[LINE_ITEMS] = NULL;
    const char *near = diag_nearest(item->key, keys);
    if (near) {
        diag_at(b->d, item->at, D_UNKNOWN_ITEM, "'lines' has no '%s'; did you mean '%s'?",
                item->key, near);
        diag_fix(b->d, "%s", near);
    } else {
        diag_at(b->d, item->at, D_UNKNOWN_ITEM, "'lines' has no '%s'", item->key);
    }
}

void build_finish_line(build *b, ast_line_item *item)
{
    size_t i = 0;

    while (i < LINE_ITEMS && strcmp(line_items[i].key, item->key) != 0)
        i++;
    if (i == LINE_ITEMS) {
        unknown_item(b, item);
        return;
    }
    const char *shape = line_items[i].takes;
    bool good = *shape != '<' ? !item->pattern && takes(item, shape)
              : shape[1] == 'e' ? item->pattern != NULL
              : !item->pattern && finish_frame(b, item, shape[1] == 'f');
    if (!good)
        diag_at(b->d, args_place(item), D_BAD_ITEM, "'%s' takes %s", item->key,
                line_items[i].help);
    check_twice(b, item);
    add_item(b, item);
}

/* ---- operators ---- */

void build_operator(build *b, token form, token sign)
{
    static const char *const forms[] = { "exec", "read", "test", "set", "save", "query", NULL };
    ast_line_item *item = build_line_item(b, form);
    const char *const *f = forms;

    while (*f && strcmp(*f, form.text) != 0)
        f++;
    if (!*f) {
        const char *near = diag_nearest(form.text, forms);
        diag_at(b->d, form.at, D_UNKNOWN_FORM, "'%s' is no form: exec, read, test, set, save, "
                "query", form.text);
        if (near)
            diag_fix(b->d, "%s", near);
        return;
    }
    item->args = mem_array(b->ctx, ast_value, 1);
    item->args[0] = (ast_value){ .at = sign.at, .kind = VAL_STRING,
                                 .text = strcmp(sign.text, "-") == 0 ? mem_string(b->ctx, "")
                                                                     : sign.text };
    item->n_args = 1;
    check_twice(b, item);
    add_item(b, item);
}

/* ---- results, refuse ---- */

/* Here a string alone is the text of a line, not a quoted cell. */
static void unquote(ast_pat *pattern)
{
    if (pattern->kids->kind == PAT_QUOTED && !pattern->kids->next)
        pattern->kids->kind = PAT_TEXT;
}

void build_code(build *b, token key, ast_pat *pattern)
{
    static const char *const classes[] = { "ok", "error", "busy", "numeric", NULL };
    static const char *const refusals[] = { "command", "operator", "parameter", "syntax", "length",
                                            "unsupported", NULL };
    bool is_result = b->open->kind == DEF_RESULTS;
    const char *const *list = is_result ? classes : refusals, *const *k = list;
    ast_line_item *item = build_line_item(b, key);

    while (*k && strcmp(*k, key.text) != 0)
        k++;
    if (!*k) {
        const char *near = diag_nearest(key.text, list);
        diag_at(b->d, key.at, is_result ? D_UNKNOWN_CLASS : D_UNKNOWN_REFUSAL, is_result
                ? "'%s' is none of ok, error, busy and numeric"
                : "'%s' is no reason to refuse a line: command, operator, parameter, syntax, "
                  "length, unsupported", key.text);
        if (near)
            diag_fix(b->d, "%s", near);
        return;
    }
    unquote(pattern);
    item->pattern = pattern;
    if (!is_result)
        check_twice(b, item);
    add_item(b, item);
}

/* ---- errors ---- */

void build_error_item(build *b, ast_item *item)
{
    ast_item **tail = &b->open->type->items;

    while (*tail)
        tail = &(*tail)->next;
    *tail = item;
    if (item->extra)
        diag_at(b->d, item->at, D_TWO_TITLES, "one text too many after this value");
}

void build_finish_errors(build *b)
{
    if (!b->open->type->items)
        diag_at(b->d, b->open->at, D_EMPTY_BLOCK, "a table without a code");
}
