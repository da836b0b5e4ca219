/* Commands: families and their members, forms and their variants.
 * SPDX-License-Identifier: MIT */
#include <string.h>

#include "resolve.h"

/* ---- names ---- */

/* A name without the prefix: `AT` is "", `AT+` is "+". */
const char *command_bare(const resolver *r, const char *name)
{
    size_t n = strlen(r->m->lines.prefix);
    return strncmp(name, r->m->lines.prefix, n) ? name : name + n;
}

def_entry *command_entry(resolver *r, const char *name)
{
    symbol *s = symbol_find(r->defs.commands, name);
    def_entry *e = s ? s->value : NULL;
    return e && e->def->kind == DEF_COMMAND ? e : NULL;
}

/* ---- members ---- */

static bool has_ending(const char *name, const char *ending)
{
    size_t n = strlen(name), k = strlen(ending);
    return n >= k && !strcmp(name + n - k, ending);
}

static const ast_names *storage_of(const ast_def *def, const char *name)
{
    const ast_names *best = NULL;
    for (const ast_names *s = def->saved; s; s = s->next)
        if (has_ending(name, s->name) && (!best || strlen(s->name) > strlen(best->name))) best = s;
    return best;
}

/* What tells this member from the others, without the `_` in front: CUR of +CWJAP_CUR. */
static const char *ending_of(const ast_def *def, const ast_names *n)
{
    const ast_names *saved = storage_of(def, n->name);
    if (!def->names->next) return NULL;
    if (saved && *saved->name) return saved->name + (*saved->name == '_');
    const char *last = strrchr(n->name, '_');
    return last ? last + 1 : "";
}

static m_member member_make(resolver *r, const ast_def *def, const ast_names *n)
{
    const ast_names *saved = storage_of(def, n->name);
    m_member m = { .name = command_bare(r, n->name), .ending = ending_of(def, n), .at = n->at };
    m.saved = saved ? saved->arg : NULL;
    m.flash = saved && !strcmp(saved->arg, "flash");
    return m;
}

/* Members of one command differ by where they save, and by nothing else. */
static void check_saved(resolver *r, const m_command *c)
{
    for (size_t i = 0; i < c->n_members && c->n_members > 1; i++)
        if (!c->members[i].saved) {
            diag_at(r->d, c->members[i].at, D_FAMILY_NOT_SAVED,
                    "where does %s save? Names of one command differ by that: 'saved _CUR ram, "
                    "_DEF flash'",
                    c->members[i].name);
            return;
        }
}

static void check_storage(resolver *r, const m_command *c)
{
    for (size_t i = 1; i < c->n_members; i++)
        for (size_t k = 0; k < i; k++)
            if (c->members[i].saved && c->members[k].saved
                && c->members[i].flash == c->members[k].flash) {
                diag_at(r->d, c->members[i].at, D_SAME_STORAGE,
                        "%s saves where %s does; write an 'alias'", c->members[i].name,
                        c->members[k].name);
                diag_note(r->d, c->members[k].at, "the other one");
                return;
            }
}

static m_member *member_of(m_command *c, const char *ending)
{
    for (size_t i = 0; i < c->n_members; i++)
        if (!ending || has_ending(c->members[i].name, ending)) return &c->members[i];
    return NULL;
}

static void add_alias(resolver *r, def_entry *e, const ast_names *a)
{
    m_member *m = member_of(e->command, a->arg);
    symbol *old = symbol_find(r->defs.commands, a->name);
    if (!m) {
        diag_at(r->d, a->at, D_UNKNOWN_ENDING, "no member of this command ends in '%s'", a->arg);
    } else if (!a->arg && e->command->n_members > 1) {
        diag_at(r->d, a->at, D_ALIAS_OF_WHICH, "of which member is %s an alias? 'alias _DEF %s'",
                a->name, a->name);
    } else if (old) {
        diag_at(r->d, a->at, D_DEFINED_TWICE, "command %s is defined twice", a->name);
        diag_note(r->d, old->at, "first here");
    } else {
        symbol_add(r, &r->defs.commands, a->name, e, a->at);
        APPEND(r->ctx, const char *, m->aliases, m->n_aliases, command_bare(r, a->name));
    }
}

/* ---- commands before their forms ---- */

static m_command *command_new(resolver *r, const ast_def *def, const char *c_name, place at)
{
    m_command *c = mem_new(r->ctx, m_command);
    c->c_name = c_name;
    c->title = def->title;
    c->at = at;
    c->id = (unsigned)r->m->n_commands;
    APPEND(r->ctx, m_command *, r->m->commands, r->m->n_commands, c);
    return c;
}

static const char *notes(resolver *r, const ast_def *def)
{
    char *all = NULL;
    for (const ast_def *d = def->defs; d; d = d->next)
        if (d->kind == DEF_NOTE && d->note)
            all = all ? mem_printf(r->ctx, "%s\n%s", all, d->note) : mem_string(r->ctx, d->note);
    return all;
}

static void shell_command(resolver *r, def_entry *e)
{
    m_command *c = e->command = command_new(r, e->def, name_command(r, e), e->def->at);
    c->note = notes(r, e->def);
    if (!name_claim(r, c->c_name, c->at, "command")) c->c_name = name_unique(r, c->c_name);
    for (const ast_names *n = e->names; n; n = n->next)
        APPEND(r->ctx, m_member, c->members, c->n_members, member_make(r, e->def, n));
    c->has_saved = c->n_members > 1;
    check_saved(r, c);
    check_storage(r, c);
}

static void shell_named(resolver *r, def_entry *e)
{
    for (const ast_names *n = e->names; n; n = n->next) {
        m_command *c = command_new(r, e->def, name_lower(r, n->name), n->at);
        m_member m = { .name = command_bare(r, n->name), .at = n->at };
        c->named_only = true;
        APPEND(r->ctx, m_member, c->members, c->n_members, m);
    }
}

/* Commands and their names, before conditions ask for them. */
void command_shells(resolver *r)
{
    for (def_entry *e = r->defs.first; e; e = e->next) {
        if (e->dead) continue;
        if (e->def->kind == DEF_COMMAND)
            shell_command(r, e);
        else if (e->def->kind == DEF_NAMED)
            shell_named(r, e);
    }
    for (def_entry *e = r->defs.first; e; e = e->next)
        if (e->command)
            for (const ast_names *a = e->def->aliases; a; a = a->next) add_alias(r, e, a);
}

/* ---- the command line ---- */

static const char *form_word(m_form_kind kind)
{
    static const char *const words[F_KINDS] = { "exec", "read", "test", "set", "save", "query" };
    return words[kind];
}

/* The first form of `set, save`: its operator is the one that the line is written with. */
static m_form_kind first_kind(unsigned kinds)
{
    if (kinds & 1u << F_SET) return F_SET;
    for (m_form_kind k = F_EXEC; k < F_KINDS; k++)
        if (kinds & 1u << k) return k;
    return F_EXEC;
}

static bool check_operators(resolver *r, unsigned kinds, place at)
{
    for (m_form_kind k = F_EXEC; k < F_KINDS; k++)
        if ((kinds & 1u << k) && !r->m->lines.operators[k]) {
            diag_at(r->d, at, D_NO_OPERATOR, "the dialect has no '%s' form", form_word(k));
            if (r->defs.operators)
                diag_note(r->d, r->defs.operators->def->at, "'operators' says which it has");
            return false;
        }
    return true;
}

static bool strip_all(resolver *r, const ast_def *def, rpat **list, const char *op)
{
    rpat *rest = *list;
    char *text = rest && rest->kind == RP_TEXT ? rest->text : NULL;
    const m_framing *f = &r->m->lines;
    bool ok = pat_strip(&rest, f->prefix, f->prefix_any_case)
              && pat_strip(&rest, command_bare(r, def->names->name), f->names_any_case)
              && pat_strip(&rest, op, false);
    if (ok)
        *list = rest;
    else if (text)
        (*list)->text = text;
    return ok;
}

/* Does what is left begin with an operator again? A longer one, or one where `exec` has none. */
static bool is_operator(const rpat *rest)
{
    return rest && rest->kind == RP_TEXT && *rest->text && strchr("=?!", *rest->text);
}

/* Take prefix, name and operator off the line. A query is spelled with its own operator or with
 * that of set, `save` alone also with that of set. Returns the operator. */
static const char *take_front(resolver *r, const ast_def *def, unsigned kinds, const ast_alt *v,
                              rpat **list)
{
    m_form_kind kind = first_kind(kinds);
    const char *op = r->m->lines.operators[kind], *set = r->m->lines.operators[F_SET];
    bool found = strip_all(r, def, list, op);
    if (!found && set && (kind == F_QUERY || kind == F_SAVE)) {
        found = strip_all(r, def, list, set);
        if (found) op = set;
    }
    if (found && kind == F_EXEC && is_operator(*list))
        diag_at(r->d, v->at, D_WRONG_FRONT,
                "'exec' has no operator behind the name; %c is that of another form",
                *(*list)->text);
    if (found) return op;
    diag_at(r->d, v->at, D_WRONG_FRONT, "the '%s' form of %s begins with %s%s%s", form_word(kind),
            def->names->name, r->m->lines.prefix, command_bare(r, def->names->name), op);
    diag_note(r->d, def->at, "the command");
    return op;
}

static m_line *make_command_line(resolver *r, const scope *s, m_form *form, const ast_alt *v)
{
    rpat *list = v->pattern ? pat_make(r, s, v->pattern) : NULL;
    if (!list) {
        m_line *line = line_make(r, s, LINE_COMMAND, NULL, NULL);
        form->op = r->m->lines.operators[first_kind(form->kinds)];
        line->syntax = mem_printf(r->ctx, "%s%s%s", r->m->lines.prefix,
                                  command_bare(r, s->command->names->name), form->op);
        line->at = v->at;
        return line;
    }
    const char *syntax = pat_syntax(r, list);
    form->op = take_front(r, s->command, form->kinds, v, &list);
    m_line *line = line_make(r, s, LINE_COMMAND, list, v->when);
    line->syntax = syntax;
    line->at = v->pattern->at;
    return line;
}

/* ---- forms ---- */

static const char *form_c_name(resolver *r, const scope *s, const m_form *form, const ast_form *f,
                               const ast_alt *v)
{
    const char *label = v->label ? name_lower(r, v->label) : NULL;
    const char *kind = form_word(first_kind(form->kinds));
    if (v->as) return v->as;
    if (f->as && !label) return f->as;
    if (!label) return mem_printf(r->ctx, "%s_%s", s->c_name, kind);
    char *name = mem_printf(r->ctx, "%s_%s", s->c_name, label);
    if (!symbol_find(r->c_names, mem_printf(r->ctx, "form %s", name))) return name;
    return mem_printf(r->ctx, "%s_%s_%s", s->c_name, kind, label);
}

/* Two variants of one form without labels cannot be told apart by name. */
static void claim_form(resolver *r, m_form *form, const ast_alt *v)
{
    symbol *old = symbol_find(r->c_names, mem_printf(r->ctx, "form %s", form->c_name));
    bool no_label = old && !form->label && !v->as;
    if (no_label) {
        diag_at(r->d, form->at, D_NO_LABEL,
                "this is another variant of the same form: give each a label");
        diag_note(r->d, old->at, "the other one");
    }
    if (no_label || !name_claim(r, form->c_name, form->at, "form"))
        form->c_name = name_unique(r, form->c_name);
}

static m_form *form_new(resolver *r, const scope *s, m_command *c, const ast_form *f,
                        const ast_alt *v)
{
    m_form *form = mem_new(r->ctx, m_form);
    form->command = c;
    form->kinds = f->forms;
    form->label = v->label;
    form->at = v->at;
    form->c_name = name_c(r, form_c_name(r, s, form, f, v));
    form->id = (unsigned)r->m->n_forms;
    claim_form(r, form, v);
    APPEND(r->ctx, m_form *, r->m->forms, r->m->n_forms, form);
    APPEND(r->ctx, m_form *, c->forms, c->n_forms, form);
    return form;
}

static const m_form *first_of_kind(const m_command *c, unsigned kinds)
{
    for (size_t i = 0; i < c->n_forms; i++)
        if (c->forms[i]->kinds & kinds) return c->forms[i];
    return NULL;
}

static const char *doc_of(resolver *r, const m_form *form)
{
    const char *title = form->command->title;
    return title ? mem_printf(r->ctx, "%s: %s", form->line->syntax, title) : form->line->syntax;
}

/* What the handler and the host's call get; DATA phases add their bytes to it. */
static m_struct *make_takes(resolver *r, m_form *form, m_line *line)
{
    bool both = (form->kinds & 1u << F_SET) && (form->kinds & 1u << F_SAVE);
    m_struct *takes = struct_new(r, form->c_name, doc_of(r, form));
    struct_line(r, takes, line);
    if (both || form->command->has_saved) struct_special(r, takes, false);
    return takes;
}

static void make_form(resolver *r, scope *s, m_command *c, const ast_form *f, const ast_alt *v)
{
    if (!check_operators(r, f->forms, v->at)) return;
    m_form *form = form_new(r, s, c, f, v);
    m_line *line = make_command_line(r, s, form, v);
    form->line = line;
    m_struct *takes = make_takes(r, form, line);
    cond_all(r, s, line, v->only, &form->only, &form->n_only);
    scope inner = *s;
    inner.request = line;
    inner.form = f;
    form->within = time_of(r, &inner, &v->within);
    if (!v->within.given) form->within.ms = r->m->lines.within_ms;
    form->answers_types = !v->pattern;
    flow_make(r, &inner, form, takes, f->responses);
    form->takes = line->fields = struct_keep(r, takes, form->at);
    reply_all(r, form);
}

/* ---- times ---- */

static const m_slot *request_param(resolver *r, const scope *s, const ast_time *a,
                                   const char *param)
{
    const m_slot *slot = s->request ? line_param(s->request, param) : NULL;
    if (!slot) {
        diag_at(r->d, a->at, D_UNKNOWN_PARAMETER, "the request has no parameter '%s'", param);
        cond_say_near(r, s->request, NULL, a->at, param);
    }
    return slot;
}

/* A number that may be missing needs a default. */
static void check_figure(resolver *r, const ast_time *a, const ast_cond *of, const m_figure *n,
                         bool may_miss)
{
    if (!type_counts(n->type))
        diag_at(r->d, a->at, D_NO_COUNT, "'%s' is no time: its type must be a number from 0",
                of->param);
    else if (may_miss && !n->type->has_default)
        diag_at(r->d, a->at, D_NO_DEFAULT,
                n->setting ? "'%s' may be unknown and its type has no default: '= 5' behind it"
                           : "'%s' may be left out and its type has no default: '= 5' behind it",
                of->param);
    else
        return;
    diag_note(r->d, n->type->at, "its type");
}

static m_figure figure_of(resolver *r, const scope *s, const ast_time *a, const ast_cond *of)
{
    m_figure n = { NULL, NULL, NULL };
    const char *param = of->command ? of->key : of->param;
    const m_slot *slot = param ? request_param(r, s, a, param) : NULL;
    if (param && !slot) return n;
    n.setting = of->command ? setting_of(r, of) : NULL;
    if (of->command && !n.setting) return n;
    n.field = slot ? slot->field : NULL;
    n.type = n.setting ? n.setting->type : slot->type;
    check_figure(r, a, of, &n, n.setting || slot->optional);
    return n;
}

/* A limit in time: fixed, or from parameters of the request and settings. */
m_time time_of(resolver *r, const scope *s, const ast_time *a)
{
    m_time t = { .ms = a->ms, .scale_ms = a->scale_ms };
    for (int i = 0; i < 2 && a->by[i]; i++) t.by[i] = figure_of(r, s, a, a->by[i]);
    return t;
}

static void make_command(resolver *r, def_entry *e)
{
    scope s = { .command = e->def, .c_name = e->command->c_name, .owner = e->command };
    type_locals(r, &s);
    for (const ast_form *f = e->def->forms; f; f = f->next) {
        const m_form *old = first_of_kind(e->command, f->forms);
        if (old && old->kinds != f->forms) {
            diag_at(r->d, f->at, D_FORMS_OVERLAP,
                    "forms that %s has already: 'set' and 'set, save' cannot both stand",
                    e->def->names->name);
            diag_note(r->d, old->at, "already here");
            continue;
        }
        for (const ast_alt *v = f->variants; v; v = v->next) make_form(r, &s, e->command, f, v);
    }
    if (!e->def->forms)
        diag_at(r->d, e->def->at, D_NO_FORMS,
                "%s has no form; commands without are written 'named %s'", e->def->names->name,
                e->def->names->name);
}

void command_all(resolver *r)
{
    for (def_entry *e = r->defs.first; e; e = e->next)
        if (e->command && !e->dead) make_command(r, e);
}
