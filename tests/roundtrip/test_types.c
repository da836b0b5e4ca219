/* Every `=?` of every dialect that is answered from the types: the generated module is asked by the
 * generated host, and what the answer says of each parameter is what the tables of the module take.
 * SPDX-License-Identifier: MIT */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "atparam.h"
#include "flow.h"
#include "pair.h"
#include "report.h"

enum { ROWS_MAX = 40, ROW_MAX = 600 };

typedef struct asked {          /* one exchange */
    pair *pair;
    char rows[ROWS_MAX][ROW_MAX];
    unsigned n_rows;
    bool done;
    at_status status;
} asked;

/* ---- the exchange ---- */

static at_status on_call(void *ctx, unsigned form, const void *fields)
{
    (void)form;
    (void)fields;
    return at_module_test(&((asked *)ctx)->pair->module);
}

static size_t on_data(void *ctx, const at_chunk *c)
{
    (void)ctx;
    return c->n;
}

static void on_event(void *ctx, unsigned urc, const void *fields)
{
    (void)ctx;
    (void)urc;
    (void)fields;
}

static void on_event_data(void *ctx, unsigned urc, const at_chunk *c)
{
    (void)ctx;
    (void)urc;
    (void)c;
}

static void on_unknown(void *ctx, at_text line)
{
    (void)ctx;
    (void)line;
}

static void deliver(at_request *r, unsigned what, const void *fields, at_status status)
{
    asked *x = r->ctx;
    at_text params;
    if (what == AT_DELIVER_DONE) {
        x->done = true;
        x->status = status;
        return;
    }
    memcpy(&params, fields, sizeof params);     /* all that the struct of a row has */
    if (x->n_rows == ROWS_MAX || params.n >= ROW_MAX) abort();
    memcpy(x->rows[x->n_rows++], params.p, params.n + 1);
}

/* `form` is asked with a struct of zeros: the only field there can be is `saved`. */
static bool ask(asked *x, const flow_form *form)
{
    static const char input[16];
    at_request r;
    pair_ears ears = { on_call, on_data, on_event, on_event_data, on_unknown, x };
    memset(&r, 0, sizeof r);
    r.deliver = deliver;
    r.ctx = x;
    x->n_rows = 0;
    x->done = false;
    if (!pair_start(x->pair, &ears, NULL)) return false;
    if (at_host_start(&x->pair->host, &r, input, form->call_index) != AT_OK) return false;
    pair_rest(x->pair);
    return x->done && x->status == AT_OK && pair_idle(x->pair);
}

/* ---- a row and the types of a command line ---- */

typedef struct row { at_text params; unsigned index; } row;

static bool takes(const row *r, int64_t value, at_said what)
{
    return at_param_takes(r->params, r->index, value) == what;
}

static bool says_word(const row *r, const char *text, at_said what)
{
    at_text word = { text, strlen(text) };
    if (word.n > 1 && *text == '"') word.p++, word.n -= 2;
    return at_param_takes_word(r->params, r->index, word) == what;
}

static bool says_range(const row *r, int64_t min, int64_t max)
{
    return takes(r, min, AT_TAKEN) && takes(r, max, AT_TAKEN) && takes(r, min - 1, AT_NOT_TAKEN) &&
           takes(r, max + 1, AT_NOT_TAKEN);
}

static bool is_listed(const at_tables *t, const at_type *type, int64_t value)
{
    for (unsigned i = 0; i < pattern_ranges(type); i++) {
        pattern_range range = pattern_range_of(t, type, i);
        if (range.lo <= value && value <= range.hi) return true;
    }
    return false;
}

static bool says_list(const row *r, const at_tables *t, const at_type *type)
{
    for (unsigned i = 0; i < pattern_ranges(type); i++) {
        pattern_range range = pattern_range_of(t, type, i);
        if (!takes(r, range.lo, AT_TAKEN) || !takes(r, range.hi, AT_TAKEN)) return false;
        if (!is_listed(t, type, range.hi + 1) && !takes(r, range.hi + 1, AT_NOT_TAKEN)) return false;
    }
    return true;
}

static bool says_words(const row *r, const at_tables *t, const at_type *type)
{
    for (unsigned i = 0; i < type->max; i++)
        if (!says_word(r, t->text + t->words[type->min + i], AT_TAKEN)) return false;
    return says_word(r, "no such word", AT_NOT_TAKEN);
}

/* An enum that is open is a number of which nothing is said but that there is room for it. */
static bool says_number(const row *r, const at_tables *t, const at_type *type)
{
    bool is_signed = (type->flags & AT_F_SIGNED) != 0;
    int32_t min = t->values[type->min], max = t->values[type->max];
    int64_t lo = is_signed ? min : (int64_t)(uint32_t)min, hi = is_signed ? max : (int64_t)(uint32_t)max;
    bool is_all = hi - lo == ((int64_t)1 << 8 * at_size(type)) - 1;
    return (is_all && takes(r, 3, AT_NOT_SAID)) || says_range(r, lo, hi);
}

static bool says_type(const row *r, const at_tables *t, const at_type *type)
{
    switch (type->kind) {
    case AT_T_INT:
        return says_number(r, t, type);
    case AT_T_ENUM:
        return says_list(r, t, type);
    case AT_T_WORD:
        return says_words(r, t, type);
    default:
        return takes(r, 3, AT_NOT_SAID);
    }
}

/* Does the row say of all cells of the line's longest reading what they take, and no more? */
static bool says_line(const char *text, const at_tables *t, unsigned line)
{
    pattern p = pattern_of(t, line);
    unsigned longest = pattern_longest(&p);
    row r = { { text, strlen(text) }, 0 };
    at_param none;
    for (unsigned i = 0; i < p.line->n_slots; i++) {
        const at_slot *slot = &p.slots[i];
        if (!pattern_has(&p, longest, i)) continue;
        if (at_trait_of(t, slot)->flags & AT_S_LITERAL
                ? !says_word(&r, t->text + t->words[slot->offset], AT_TAKEN)
                : !says_type(&r, t, at_type_of(t, slot)))
            return false;
        r.index++;
    }
    return !at_param_at(r.params, r.index, &none);
}

/* ---- all of them ---- */

/* Is it a line of the forms that set what `form` asks for? */
static bool says_one_of(const char *text, const at_module_tables *m, unsigned form)
{
    while (form > 0 && !m->forms[form - 1].is_last) form--;
    for (bool more = true; more; more = !m->forms[form++].is_last)
        if (at_start_of(m, &m->forms[form])->ops >> AT_OP_SET & 1 && says_line(text, &m->t, m->forms[form].line))
            return true;
    return false;
}

static unsigned n_lines(const char *text)
{
    unsigned n = 0;
    for (; *text; text += strlen(text) + 1) n++;
    return n;
}

static void check_form(report *r, asked *x, const flow_form *form, const at_test *test)
{
    static char what[ROW_MAX + 200];
    const at_module_tables *m = x->pair->names->module->tables;
    if (!ask(x, form) || x->n_rows != n_lines(m->t.text + test->text)) {
        snprintf(what, sizeof what, "%u rows came", x->n_rows);
        report_add_form(r, x->pair->names, m->form_ids[form->module_index], 0, what);
        return;
    }
    for (unsigned i = 0; i < x->n_rows; i++) {
        if (says_one_of(x->rows[i], m, form->module_index)) continue;
        snprintf(what, sizeof what, "this is not what it takes: %s", x->rows[i]);
        report_add_form(r, x->pair->names, m->form_ids[form->module_index], i, what);
    }
}

START_TEST(the_answer_is_what_the_types_say)
{
    static report r;
    static asked x;
    const at_names *names = report_dialect(_i);
    const at_test *test = names->module->tables->tests;
    x.pair = pair_new(names);
    for (; test && test->form != AT_NONE; test++) {
        flow_form form;
        unsigned call = 0;
        while (!flow_form_of(names, call, &form) || form.module_index != test->form) call++;
        check_form(&r, &x, &form, test);
    }
    pair_free(x.pair);
    ck_assert_msg(r.n == 0, "%s", report_text(&r));
}
END_TEST

int main(void)
{
    int n = report_dialects();
    Suite *s = suite_create("types");
    TCase *c = tcase_create("types");
    tcase_add_loop_test(c, the_answer_is_what_the_types_say, 0, n);
    suite_add_tcase(s, c);
    return report_run(s);
}
