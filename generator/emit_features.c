/* <dialect>_module_features.h and <dialect>_host_features.h: see templates/features.h.tmpl.
 * SPDX-License-Identifier: MIT */
#include "emit.h"
#include "mem.h"

#define FEATURE_NAME(name) #name,
static const char *const names[] = { FEATURES(FEATURE_NAME) };

void emit_uses(fill *f, const tables *t)
{
    fill_list(f, "features");
    for (size_t i = 0; i < FEATURE_COUNT; i++)
        if (t->uses[i])
            fill_text(fill_item(f, "features"), "feature", names[i]);
}

void emit_features(emitter *e, side of)
{
    fill *f = emit_fill(e);

    fill_text(f, "side", emit_side(of));
    emit_uses(f, of == SIDE_MODULE ? e->module : e->host);
    emit_file(e, "features.h.tmpl", mem_printf(f, "_%s_features.h", emit_side(of)), f);
    talloc_free(f);
}
