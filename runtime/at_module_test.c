/* What a module says to `=?` by itself. Apart from at_module.c so that only dialects with such forms
 * carry it.
 * SPDX-License-Identifier: 0BSD */
#include <string.h>

#include "at_line.h"
#include "at_module_private.h"

at_status at_module_test(at_module *m)
{
    at_link *l = &m->link;
    const at_tables *t = at__tables(l);
    const at_test *test = at__module_tables(m)->tests;
    const char *p;
    while (test && test->form != m->form && test->form != AT_NONE) test++;
    if (!test || test->form == AT_NONE) return AT_UNSUPPORTED;
    for (p = t->text + test->text + m->came; *p != '\0'; p += strlen(p) + 1) {
        uint16_t start = at__begin(l, t->final_max);
        at__put_text(l, t->frames[AT_LINE_INFO][0]);
        at__put_head(l, (unsigned)(p - t->text));
        at__put_text(l, t->frames[AT_LINE_INFO][1]);
        if (!at__commit(l, start)) return AT_AGAIN;
        m->came += (uint32_t)strlen(p) + 1u;
    }
    return AT_OK;
}
