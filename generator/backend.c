/* The back ends: one table of products, made one after the other in memory, then written.
 * SPDX-License-Identifier: MIT */
#include <string.h>

#include "depfile.h"
#include "emit.h"
#include "mem.h"

#include "tool.h"

/* ---- the table ---- */
typedef struct backend {
    const char *name;           /* what it makes: for people who read this table */
    side side;                  /* made when that side is; SIDE_COMMON: always */
    void (*emit)(emitter *);
} backend;

static void module_lexer(emitter *e) { emit_lexer(e, SIDE_MODULE); }
static void module_grammar(emitter *e) { emit_grammar(e, SIDE_MODULE); }
static void module_features(emitter *e) { emit_features(e, SIDE_MODULE); }
static void host_lexer(emitter *e) { emit_lexer(e, SIDE_HOST); }
static void host_grammar(emitter *e) { emit_grammar(e, SIDE_HOST); }
static void host_features(emitter *e) { emit_features(e, SIDE_HOST); }

static const backend backends[] = {
    { "types of both sides", SIDE_COMMON, emit_header },
    { "module lexer", SIDE_MODULE, module_lexer },
    { "module grammar", SIDE_MODULE, module_grammar },
    { "module", SIDE_MODULE, emit_module },
    { "what the module uses of the runtime", SIDE_MODULE, module_features },
    { "host lexer", SIDE_HOST, host_lexer },
    { "host grammar", SIDE_HOST, host_grammar },
    { "host", SIDE_HOST, emit_host },
    { "what the host uses of the runtime", SIDE_HOST, host_features },
    { "texts of error tables", SIDE_COMMON, emit_text },
    { "names for tools", SIDE_COMMON, emit_names },
};

static bool is_wanted(const emitter *e, const backend *b)
{
    return b->side == SIDE_COMMON || (b->side == SIDE_MODULE ? e->module : e->host) != NULL;
}

/* ---- one run ---- */
static gen_result backend_fail(const char *message, const char **fault, gen_result result)
{
    *fault = message;
    return result;
}

/* A dialect's name is a C name; a prefix of the user's may be anything. */
static bool is_c_name(const char *s)
{
    if (!(*s == '_' || (*s >= 'a' && *s <= 'z') || (*s >= 'A' && *s <= 'Z')))
        return false;
    return s[strspn(s, "_abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")] == '\0';
}

static bool make_tables(emitter *e)
{
    const gen_options *o = e->options;

    e->module = o->module ? tables_module(e->out, e->d, e->m, e->lower, e->upper) : NULL;
    e->host = o->host ? tables_host(e->out, e->d, e->m, e->lower, e->upper) : NULL;
    return diag_errors(e->d) == 0;
}

static gen_result run_tools(emitter *e, const char **fault)
{
    const char *parser = template_find(e->out, e->options->template_dir, "parser.c.tmpl");
    bool internal;

    if (!e->options->tools)
        return GEN_DONE;
    if (!parser)
        return backend_fail("there is no template parser.c.tmpl", fault, GEN_INTERNAL);
    if (tool_run_all(e->out, parser, fault, &internal))
        return GEN_DONE;
    return internal ? GEN_INTERNAL : GEN_OUTPUT;
}

gen_result generate(diag *d, const model *all, const gen_options *options, const char **fault)
{
    void *ctx = talloc_new(all);        /* lives as long as the model, as `fault` must */
    bool settle = !options->host;       /* it holds on the module alone, and structs are shared */
    const model *m = options->only ? model_only(ctx, all, options->only, settle, fault) : all;
    if (!m)
        return GEN_OUTPUT;
    emitter e = { .d = d, .m = m, .options = options, .out = out_new(ctx) };
    e.lower = options->prefix ? options->prefix : m->name;
    e.upper = emit_upper(e.out, e.lower);
    if (!is_c_name(e.lower))
        return backend_fail(mem_printf(ctx, "%s cannot begin a C name", e.lower), fault,
                            GEN_OUTPUT);
    if (!make_tables(&e))
        return GEN_SPEC;
    for (size_t i = 0; i < sizeof backends / sizeof *backends; i++)
        if (is_wanted(&e, &backends[i]))
            backends[i].emit(&e);
    if (e.fault)
        return backend_fail(e.fault, fault, GEN_INTERNAL);
    if (diag_errors(d))
        return GEN_SPEC;
    gen_result result = run_tools(&e, fault);
    if (result != GEN_DONE)
        return result;
    depfile_add(e.out, m, options->directory, e.lower);
    return out_write(e.out, options->directory, fault) ? GEN_DONE : GEN_OUTPUT;
}
