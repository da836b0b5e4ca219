/* Framing: the items of `lines` and `operators`, with their defaults.
 * SPDX-License-Identifier: MIT */
#include <string.h>

#include "resolve.h"

enum { WITHIN_MS = 5000 };

static const char *const operator_defaults[F_KINDS] = { "", "?", "=?", "=", "=!", "=" };

static void set_defaults(m_framing *f)
{
    f->prefix = "AT";
    f->command_end = "\r\n";
    f->info[0] = f->urc[0] = "";
    f->info[1] = f->urc[1] = "\r\n";
    f->result[0] = f->result[1] = "\r\n";
    f->separators = ":=";
    f->within_ms = WITHIN_MS;
    f->resync_command = "AT";
    memcpy(f->operators, operator_defaults, sizeof operator_defaults);
}

static const ast_line_item *item(const def_entry *block, const char *key)
{
    for (const ast_line_item *i = block ? block->def->items : NULL; i; i = i->next)
        if (!strcmp(i->key, key)) return i;
    return NULL;
}

static const char *arg(const ast_line_item *i, size_t n)
{
    return i && n < i->n_args && i->args[n].text ? i->args[n].text : "";
}

static const char *bytes(const ast_pat *p)
{
    return p && p->text ? p->text : "";
}

static void set_frame(const def_entry *block, const char *key, const char *frame[2])
{
    const ast_line_item *i = item(block, key);
    if (!i) return;
    frame[0] = bytes(i->before);
    frame[1] = bytes(i->after);
}

static void set_separators(resolver *r, const ast_line_item *i)
{
    char *all = mem_string(r->ctx, "");
    for (size_t k = 0; i && k < i->n_args; k++)
        all = mem_check(talloc_strdup_append_buffer(all, arg(i, k)));
    if (i) r->m->lines.separators = all;
}

/* `escape "\\" of "\\", "\"", ","` */
static void set_escape(resolver *r, const ast_line_item *i)
{
    m_framing *f = &r->m->lines;
    char *all = mem_string(r->ctx, "");
    if (!i) return;
    for (size_t k = 2; k < i->n_args; k += 2)
        all = mem_check(talloc_strdup_append_buffer(all, arg(i, k)));
    f->escape = *arg(i, 0);
    f->escaped = all;
    if (strlen(arg(i, 0)) != 1) diag_at(r->d, i->at, D_LONG_ESCAPE, "the escape sign is one byte");
}

static void set_busy_item(const ast_line_item *i, m_busy *policy, const char **text, size_t n)
{
    const ast_value *v = n < i->n_args ? &i->args[n] : NULL;
    *text = NULL;
    if (v && v->kind == VAL_STRING) {
        *policy = BUSY_TEXT;
        *text = v->text;
    } else {
        *policy = !strcmp(arg(i, n), "silent")  ? BUSY_SILENT
                  : !strcmp(arg(i, n), "abort") ? BUSY_ABORT
                                                : BUSY_WAIT;
    }
}

/* `busy X` and `busy data X`; without the second the first counts for both. */
static void set_busy(resolver *r)
{
    m_framing *f = &r->m->lines;
    const ast_line_item *first = r->defs.lines ? r->defs.lines->def->items : NULL;
    bool has_data = false;
    for (const ast_line_item *i = first; i; i = i->next) {
        if (strcmp(i->key, "busy")) continue;
        bool data = i->n_args == 2;
        if (data)
            set_busy_item(i, &f->busy_data, &f->busy_data_text, 1);
        else
            set_busy_item(i, &f->busy, &f->busy_text, 0);
        has_data |= data;
    }
    if (has_data) return;
    f->busy_data = f->busy;
    f->busy_data_text = f->busy_text;
}

static uint32_t number(const ast_line_item *i, uint32_t otherwise)
{
    return i && i->n_args ? (uint32_t)i->args[0].number : otherwise;
}

static void set_words(resolver *r)
{
    m_framing *f = &r->m->lines;
    const def_entry *b = r->defs.lines;
    const ast_line_item *prefix = item(b, "prefix");
    if (prefix) f->prefix = arg(prefix, 0);
    f->prefix_any_case = prefix && prefix->n_args > 1;
    f->names_any_case = item(b, "names") != NULL;
    if (item(b, "command")) f->command_end = bytes(item(b, "command")->after);
    if (!strcmp(arg(item(b, "spaces"), 0), "exact")) f->spaces = SPACES_EXACT;
    if (!strcmp(arg(item(b, "spaces"), 0), "v250")) f->spaces = SPACES_V250;
    f->no_quotes = !strcmp(arg(item(b, "quotes"), 0), "off");
    f->echo = !strcmp(arg(item(b, "echo"), 0), "on");
    f->chain = *arg(item(b, "chain"), 0);
    f->chain_basic = !strcmp(arg(item(b, "chain"), 1), "basic");
    f->length = number(item(b, "length"), 0);
    f->pause_ms = number(item(b, "pause"), 0);
    f->within_ms = number(item(b, "within"), WITHIN_MS);
}

static int form_of(const char *key)
{
    static const char *const names[F_KINDS] = { "exec", "read", "test", "set", "save", "query" };
    for (int i = 0; i < F_KINDS; i++)
        if (!strcmp(names[i], key)) return i;
    return -1;
}

/* Where `operators` stands, what it does not list the dialect has not. */
static void set_operators(resolver *r)
{
    if (!r->defs.operators) return;
    memset(r->m->lines.operators, 0, sizeof r->m->lines.operators);
    for (const ast_line_item *i = r->defs.operators->def->items; i; i = i->next) {
        int form = form_of(i->key);
        if (form >= 0) r->m->lines.operators[form] = arg(i, 0);
    }
}

/* Everything but what names commands and URCs. */
void frame_lines(resolver *r)
{
    set_defaults(&r->m->lines);
    set_words(r);
    set_frame(r->defs.lines, "info", r->m->lines.info);
    r->m->lines.urc[0] = r->m->lines.info[0];
    r->m->lines.urc[1] = r->m->lines.info[1];
    set_frame(r->defs.lines, "urc", r->m->lines.urc);
    set_frame(r->defs.lines, "result", r->m->lines.result);
    set_separators(r, item(r->defs.lines, "separator"));
    set_escape(r, item(r->defs.lines, "escape"));
    set_busy(r);
    set_operators(r);
}

/* ---- what names commands and URCs ---- */

static bool has_param(const m_command *c, const char *param)
{
    for (size_t i = 0; i < c->n_forms; i++)
        if (line_slot(c->forms[i]->line, param) >= 0) return true;
    return false;
}

/* The command that an item names, or NULL: there is none. */
static const def_entry *command_named(resolver *r, const char *name, place at)
{
    const def_entry *e = command_entry(r, name);
    if (e && e->command) return e;
    const char *near = defs_nearest(r, name, r->defs.commands);
    diag_at(r->d, at, D_UNKNOWN_COMMAND, "there is no command %s", name);
    if (near) diag_note(r->d, symbol_find(r->defs.commands, near)->at, "did you mean %s?", near);
    return NULL;
}

/* `echo on by E.enable`, `echo off toggled by +E` */
static void set_echo(resolver *r, const ast_line_item *i)
{
    m_framing *f = &r->m->lines;
    if (!i || i->n_args < 2) return;
    const ast_value *v = &i->args[i->n_args - 1];
    char *name = mem_string(r->ctx, v->text), *dot = strchr(name, '.');
    if (dot) *dot = '\0';
    const def_entry *e = command_named(r, name, v->at);
    if (!e) return;
    f->echo_command = e->command;
    if (!dot) return;
    if (has_param(e->command, dot + 1)) {
        f->echo_param = dot + 1;
        return;
    }
    diag_at(r->d, v->at, D_UNKNOWN_PARAMETER, "%s has no parameter '%s'", name, dot + 1);
    diag_note(r->d, e->def->at, "the command");
}

/* The exchange that brings the link back in step. */
static void set_resync(resolver *r, const ast_line_item *i)
{
    const scope top = { .c_name = NULL };
    const m_result *ok = result_first(r, RC_OK);
    if (!i) {
        if (ok) r->m->lines.resync_final = ok->line;
        return;
    }
    rpat *command = pat_make(r, &top, i->pattern);
    if (!pat_is_text(command))
        diag_at(r->d, i->pattern->at, D_RESYNC_PARAMETERS,
                "the command of 'resync' has no parameters");
    r->m->lines.resync_command = pat_syntax(r, command);
    r->m->lines.resync_final = line_make(r, &top, LINE_CODE, pat_make(r, &top, i->after), NULL);
    if (!result_of(r, r->m->lines.resync_final))
        diag_at(r->d, i->after->at, D_RESYNC_RESULT,
                "the answer of 'resync' is none of the result codes");
}

static void set_restart(resolver *r, const ast_line_item *i)
{
    m_urc **urcs;
    size_t n;
    if (!i || !i->n_args) return;
    urc_find(r, arg(i, 0), i->args[0].at, &urcs, &n);
    for (size_t k = 0; k < n; k++) urcs[k]->restarts = true;
}

/* ---- what the host may choose of the dialogue ---- */

/* `verbose on by V.verbose`, `editing "\b" by S5.sign`: the setting, and its value after a reset. */
static const m_setting *chosen(resolver *r, const ast_line_item *i)
{
    if (!i || i->n_args < 3) return NULL;
    const ast_value *v = &i->args[2];
    char *name = mem_string(r->ctx, v->text), *dot = strchr(name, '.');
    if (!dot) {
        diag_at(r->d, v->at, D_BAD_ITEM, "'%s' is switched by COMMAND.PARAMETER", i->key);
        return NULL;
    }
    *dot = '\0';
    const m_setting *found =
        setting_of(r, &(ast_cond){ .command = name, .param = dot + 1, .at = v->at });
    if (!found) return NULL;
    m_setting *x = r->m->settings[found->id];
    x->has_reset = true;
    x->reset = i->args[0].kind == VAL_STRING ? (unsigned char)*arg(i, 0) : !strcmp(arg(i, 0), "on");
    return x;
}

static void set_resets(resolver *r, const ast_line_item *i)
{
    m_framing *f = &r->m->lines;
    for (size_t k = 0; i && k < i->n_args; k += 2) {
        const def_entry *e = command_named(r, arg(i, k), i->args[k].at);
        if (e) f->resets[f->n_resets++] = e->command;
    }
}

/* Does the first byte of each struct that has it switch the echo? The module needs no setting then. */
static bool echo_is_first(const m_framing *f)
{
    for (size_t i = 0; i < f->echo_command->n_forms; i++) {
        const m_struct *s = f->echo_command->forms[i]->takes;
        bool switches = false, is_first = s && !strcmp(s->fields[0].name, f->echo_param);
        for (size_t k = 0; s && k < s->n_fields; k++) {
            switches = switches || !strcmp(s->fields[k].name, f->echo_param);
            is_first = is_first && !s->fields[k].has && !s->fields[k].is_saved;
        }
        if (switches && !is_first) return false;
    }
    return true;
}

static void set_manner(resolver *r)
{
    m_framing *f = &r->m->lines;
    const def_entry *b = r->defs.lines;
    set_resets(r, item(b, "resets"));
    f->verbose = chosen(r, item(b, "verbose"));
    f->quiet = chosen(r, item(b, "quiet"));
    f->termination = chosen(r, item(b, "termination"));
    f->formatting = chosen(r, item(b, "formatting"));
    f->editing = chosen(r, item(b, "editing"));
    if (item(b, "repeat")) f->repeat = arg(item(b, "repeat"), 0);
    if (f->echo_param && (model_has_manner(r->m) || !echo_is_first(f)))
        f->echo_setting = chosen(r, item(b, "echo"));
}

void frame_finish(resolver *r)
{
    set_echo(r, item(r->defs.lines, "echo"));
    set_manner(r);
    set_resync(r, item(r->defs.lines, "resync"));
    set_restart(r, item(r->defs.lines, "restart"));
}
