/* Settings: parameters of other commands that conditions mention. A setting is found by its name
 * before the command that makes it is resolved, because commands may depend on each other in any
 * order.
 * SPDX-License-Identifier: MIT */
#include <string.h>

#include "resolve.h"

static const ast_pat *find_param(resolver *r, const scope *s, const char *param)
{
    for (const ast_form *f = s->command->forms; f; f = f->next)
        for (const ast_alt *v = f->variants; v; v = v->next) {
            const ast_pat *p = pat_find(r, s, v->pattern, param);
            if (p) return p;
        }
    return NULL;
}

static void say_unknown_command(resolver *r, const ast_cond *c)
{
    const char *near = defs_nearest(r, c->command, r->defs.commands);
    diag_at(r->d, c->at, D_UNKNOWN_COMMAND, "there is no command %s", c->command);
    if (near) diag_note(r->d, symbol_find(r->defs.commands, near)->at, "did you mean %s?", near);
}

static const m_type *param_type(resolver *r, const scope *s, const ast_cond *c, const char *param)
{
    const ast_pat *p = find_param(r, s, param);
    if (p) return type_of(r, s, param, p->type, p->at);
    diag_at(r->d, c->at, D_UNKNOWN_SETTING, "no command line of %s has a parameter '%s'",
            c->command, param);
    diag_note(r->d, s->command->at, "the command");
    return NULL;
}

static m_setting *setting_new(resolver *r, const char *name, const ast_cond *c, const def_entry *e)
{
    m_setting *x = mem_new(r->ctx, m_setting);
    x->name = name;
    x->command = e->command;
    x->param = c->param;
    x->key_param = c->key;
    x->id = (unsigned)r->m->n_settings;
    APPEND(r->ctx, m_setting *, r->m->settings, r->m->n_settings, x);
    return x;
}

/* `+X[0].mode`: the setting that some condition keeps for each value of a parameter. */
static const m_setting *setting_kept(resolver *r, const ast_cond *c, const def_entry *e)
{
    for (size_t i = 0; i < r->m->n_settings; i++) {
        const m_setting *x = r->m->settings[i];
        if (x->key && x->command == e->command && !strcmp(x->param, c->param)) return x;
    }
    diag_at(r->d, c->at, D_UNKNOWN_SETTING,
            "no condition keeps '%s' of %s for each value of a parameter", c->param, c->command);
    diag_note(r->d, e->def->at, "the command");
    return NULL;
}

const m_setting *setting_of(resolver *r, const ast_cond *c)
{
    def_entry *e = command_entry(r, c->command);
    if (!e) {
        say_unknown_command(r, c);
        return NULL;
    }
    if (c->key_value) return setting_kept(r, c, e);
    const char *name = c->key
                           ? mem_printf(r->ctx, "%s[%s].%s", e->def->names->name, c->key, c->param)
                           : mem_printf(r->ctx, "%s.%s", e->def->names->name, c->param);
    symbol *old = symbol_find(r->settings, name);
    if (old) return old->value;
    const scope s = { .command = e->def, .c_name = e->command->c_name };
    const m_type *type = param_type(r, &s, c, c->param);
    const m_type *key = type && c->key ? param_type(r, &s, c, c->key) : NULL;
    if (!type || (c->key && !key)) return NULL;
    m_setting *x = setting_new(r, name, c, e);
    x->type = type;
    x->has_reset = type->has_default;
    x->reset = type->dflt;
    x->key = key;
    symbol_add(r, &r->settings, x->name, x, c->at);
    return x;
}
