/* From trees to the model: the order in which the parts of a dialect are resolved. Each part has a
 * file of its own; what they share is in resolve.h.
 * SPDX-License-Identifier: MIT */
#include "resolve.h"

#include "passes.h"

static void resolve_titles(resolver *r)
{
    const defs *d = &r->defs;
    if (d->manual)
        r->m->manual = d->manual->def->name ? d->manual->def->name : d->manual->def->title;
    if (d->dialect) {
        r->m->name = d->dialect->def->name;
        r->m->title = d->dialect->def->title;
        return;
    }
    const ast_file *last = r->files;
    while (last->next) last = last->next;
    diag_at(r->d, last->defs ? last->defs->at : (place){ last->src, 0, 0 }, D_NO_DIALECT,
            "no 'dialect NAME' in this file or in what it includes");
}

static void resolve_parts(resolver *r)
{
    defs_collect(r);
    resolve_titles(r);
    frame_lines(r);
    command_shells(r);
    urc_shells(r);
    type_all(r);
    frame_results(r);
    frame_refuse(r);
    command_all(r);
    test_all(r);
    urc_all(r);
    frame_numbers(r);
    frame_finish(r);
    example_all(r);
    meaning_all(r);
}

/* The model of the spec whose files are given, an included one before the one that includes it.
 * NULL: there were errors, and all of them have been reported. */
model *resolve(void *ctx, diag *d, const ast_file *files)
{
    unsigned before = diag_errors(d);
    model *m = mem_new(ctx, model);
    resolver r = { .ctx = m, .d = d, .m = m, .files = files };
    resolve_parts(&r);
    HASH_CLEAR(hh, r.defs.types);
    HASH_CLEAR(hh, r.defs.pieces);
    HASH_CLEAR(hh, r.defs.commands);
    HASH_CLEAR(hh, r.defs.urcs);
    HASH_CLEAR(hh, r.type_cache);
    HASH_CLEAR(hh, r.c_names);
    HASH_CLEAR(hh, r.settings);
    if (diag_errors(d) == before) return m;
    talloc_free(m);
    return NULL;
}
