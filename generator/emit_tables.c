/* The tables of a side as C: one array per table, a comment with its index and meaning on every
 * row, then the struct that names them all.
 * SPDX-License-Identifier: MIT */
#include <string.h>

#include "emit.h"
#include "mem.h"
#include "wire.h"

/* ---- arrays ---- */
static void array_begin(text *out, const char *type, const char *name, const char *about)
{
    text_printf(out, "/* %s */\nstatic const %s %s[] = {\n", about, type, name);
}

static void array_end(text *out)
{
    text_add(out, "};\n\n");
}

/* Rows with their index and comment. */
static void print_rows(text *out, const pool *p, const char *type, const char *name,
                       const char *about)
{
    if (p->n == 0)
        return;
    array_begin(out, type, name, about);
    for (size_t i = 0; i < p->n; i++) {
        text_printf(out, "    /* %3zu */ %s,", i, p->rows[i].c);
        if (p->rows[i].note && *p->rows[i].note)
            text_printf(out, "  /* %s */", emit_comment(out, p->rows[i].note));
        text_add(out, "\n");
    }
    array_end(out);
}

/* Plain numbers, many to a line. */
static void print_numbers(text *out, const pool *p, const char *type, const char *name,
                          const char *about)
{
    if (p->n == 0)
        return;
    array_begin(out, type, name, about);
    for (size_t i = 0; i < p->n; i++) {
        if (i % 16 == 0)
            text_printf(out, "%s    /* %3zu */", i ? "\n" : "", i);
        text_printf(out, " %s,", p->rows[i].c);
    }
    text_add(out, "\n");
    array_end(out);
}

static void print_accepts(text *out, const shapes *s)
{
    array_begin(out, "uint8_t", "accepts", "Labels of the grammar: {n, reading...}.");
    for (size_t i = 0; i < s->n_accepts; i += (size_t)s->accepts[i] + 1) {
        text_printf(out, "    /* %3zu */ %u,", i, (unsigned)s->accepts[i]);
        for (size_t k = 1; k <= s->accepts[i]; k++)
            text_printf(out, " %u,", (unsigned)s->accepts[i + k]);
        text_add(out, "\n");
    }
    array_end(out);
}

static void print_common(text *out, const tables *t)
{
    array_begin(out, "char", "text", "All texts, by their offsets.");
    strings_print(t->text, out);
    array_end(out);
    print_numbers(out, t->values, "int32_t", "values", "Numbers of types that list them.");
    print_rows(out, t->words, "uint16_t", "words", "Words of types that list them: text.");
    print_rows(out, t->types, "at_type", "types",
               "Types: digits, kind, flags, least, most.");
    print_rows(out, t->sorts, "at_sort", "sorts", "What cells have in common: type, trait.");
    print_rows(out, t->traits, "at_trait", "traits",
               "What few cells have: flags, tie, text before and after, offset of has_....");
    print_rows(out, t->ties, "at_tie", "ties", "Fields of requests: offset, sort.");
    print_rows(out, t->figures, "at_figure", "figures",
               "Numbers that no line holds: without it, field of the request, setting.");
    print_numbers(out, t->times, "uint32_t", "times", "Times: ms.");
    if (t->uses[WITH_TIMES])
        print_rows(out, t->scales, "at_scale", "scales", "Times: numbers times so many ms.");
    print_rows(out, t->slots, "at_slot", "slots", "Cells of lines: offset or word, sort.");
    print_rows(out, t->conds, "at_cond", "conds", "Conditions: on what, key, index, lo, hi.");
    print_numbers(out, t->holds, "uint8_t", "holds", "Lists of conditions: indices into conds.");
    print_rows(out, t->readings, "at_reading", "readings",
               "Ways to read a line: cells that are there, conditions.");
    print_rows(out, t->loops, "at_loop", "loops",
               "Repeated groups: first cell, cells, least, most, count, size, array, n_item.");
    print_rows(out, t->lines, "at_line", "lines",
               "Lines: rest, slots, readings, n_slots, n_readings.");
    print_rows(out, t->heads, "at_ref", "heads", "Heads of the lines that are not bare: text.");
    print_rows(out, t->rests, "at_rest", "rests",
               "What lines have besides: data, text before and after the cells, the data's count, sign\n"
               " * before it; frame, where the data is, loop, the data's figure, text behind it, mask.");
    print_numbers(out, t->masks, "uint8_t", "masks",
                  "Masks: setting, n, {cell, bit that shows it}.");
    print_rows(out, t->phases, "at_phase", "phases",
               "Data phases: flags, time, cancel, the count, until, escape, line, most, silence.");
    print_rows(out, t->settings, "at_setting", "settings",
               "Settings: place, values of the key.");
    print_numbers(out, t->initial, "int32_t", "initial", "Settings after a reset.");
    print_rows(out, t->assigns, "at_assign", "assigns",
               "What forms set: form, offset, type, has, setting, type and offset of the key.");
    print_accepts(out, t->shapes);
}

/* Only tools ask for them. */
static void print_form_ids(text *out, const tables *t)
{
    text_add(out, "#if AT_TAP\n");
    array_begin(out, "uint16_t", "form_ids", "The forms' numbers in the model.");
    for (size_t i = 0; i < t->n_forms; i++)
        text_printf(out, "%s %u,%s", i % 16 ? "" : "   ", t->form_list[i]->id,
                    i % 16 == 15 || i + 1 == t->n_forms ? "\n" : "");
    if (t->n_forms == 0)
        text_add(out, "    0,\n");
    text_add(out, "};\n#endif\n\n");
}

static void print_module(text *out, const tables *t)
{
    print_rows(out, t->emits, "at_emit", "emits", "Parts of replies: kind, what follows, what.");
    print_rows(out, t->tests, "at_test", "tests",
               "Answers to `=?`: form, text of the lines, an empty one behind them.");
    print_rows(out, t->forms, "at_form", "forms",
               "Forms: line, shape, first part of its replies, what it has in common, is it the command's last.");
    print_rows(out, t->starts, "at_start", "starts",
               "What forms have in common: conditions, phase, the reply to AT_OK, what the runtime does, "
               "flags, operators.");
    print_rows(out, t->commands, "at_command", "commands",
               "Names by their hash: name, ending, where it saves, is it an alias, first form or own row.");
    print_numbers(out, t->buckets, "uint16_t", "buckets", "First name of each hash.");
    print_form_ids(out, t);
}

static void print_host(text *out, const tables *t)
{
    print_numbers(out, t->follows, "int8_t", "follows", "Lists of steps: {n, distance...}.");
    print_rows(out, t->repeats, "at_repeat", "repeats",
               "Repeated steps: figure, type, offset, least, most.");
    print_rows(out, t->steps, "at_step", "steps",
               "What steps have in common: kind, flags, outcome, time, conditions, row, repetition,\n"
               " * what follows.");
    print_rows(out, t->atoms, "at_atom", "atoms", "Steps: kind of step, line.");
    print_rows(
        out, t->courses, "at_course", "courses",
        "What forms have in common: first steps, number of conditions, operator that saves, data,\n"
        " * first condition, time, first error outcome, first stage, the count of data, endings.");
    print_rows(out, t->calls, "at_call", "calls", "Forms: name, line, what they have in common, operator, steps.");
    print_rows(out, t->clashes, "at_clash", "clashes",
               "Forms that wait for later lines of others: form, the other.");
    print_rows(out, t->known, "at_known", "known",
               "Lines that may always come: key, number of conditions, line, kind, number.");
    print_numbers(out, t->buckets, "uint16_t", "buckets", "First known line of each hash.");
}

/* ---- the struct that names them ---- */
static const char *or_null(const pool *p, const char *name)
{
    return p->n ? name : "NULL";
}

static size_t offset(const tables *t, const char *s)
{
    return s && *s ? strings_one(t->text, s) : 0;
}

/* A framing text: line ends are the usual ones, so they are said in the comment. */
static void print_pair(text *out, const tables *t, const char *const pair[2], const char *name)
{
    text_printf(out, "    { %zu, %zu },  /* %s */\n", offset(t, pair[0]), offset(t, pair[1]), name);
}

static const char *policy(m_busy busy)
{
    static const char *const names[] = { "AT_BUSY_WAIT", "AT_BUSY_SILENT", "AT_BUSY_TEXT",
                                         "AT_BUSY_ABORT" };
    return names[busy];
}

/* The sign of an operator, NULL: the dialect has none. */
static const char *operator_sign(const model *m, int op)
{
    const char *s = m->lines.operators[op];

    if (!s && (op == F_READ || op == F_TEST))
        return tables_query_spelling(m, (m_form_kind)op);
    return s;
}

static bool is_open(const model *m, int op)
{
    const char *s = operator_sign(m, op);
    return s && !wire_is_closed(m, s);
}

static const char *dialect_flags(const void *ctx, const model *m)
{
    const m_framing *lines = &m->lines;
    const char *flags =
        mem_printf(ctx, "%s%s%s%s%s%s%s%s", lines->prefix_any_case ? " | AT_D_ANY_CASE_PREFIX" : "",
                   lines->names_any_case ? " | AT_D_ANY_CASE_NAMES" : "",
                   lines->echo ? " | AT_D_ECHO" : "",
                   lines->spaces != SPACES_EXACT ? " | AT_D_SPACES" : "",
                   lines->no_quotes ? " | AT_D_NO_QUOTES" : "",
                   is_open(m, F_READ) ? " | AT_D_OPEN_READ" : "",
                   is_open(m, F_TEST) ? " | AT_D_OPEN_TEST" : "",
                   strcmp(lines->command_end, "\r\n") == 0 ? " | AT_D_LF" : "");
    return *flags ? flags + 3 : "0";
}

static void print_ops(text *out, const tables *t)
{
    array_begin(out, "uint16_t", "ops", "Operators.");
    text_add(out, "    ");
    for (int op = 0; op <= F_SAVE; op++) {
        const char *s = operator_sign(t->m, op);
        text_printf(out, "%s, ", s ? mem_printf(out, "%zu", offset(t, s)) : "AT_NONE");
    }
    text_add(out, "AT_NONE,\n");
    array_end(out);
}

/* Forms after which settings are as after a reset: how many there are. */
static size_t print_resets(text *out, const tables *t)
{
    const m_framing *lines = &t->m->lines;
    size_t n = 0;

    if (!lines->n_resets)
        return 0;
    array_begin(out, "uint16_t", "resets", "Forms after which all settings are as after a reset.");
    for (size_t i = 0; i < lines->n_resets; i++)
        for (size_t k = 0; k < lines->resets[i]->n_forms; k++, n++) {
            const m_form *form = lines->resets[i]->forms[k];
            text_printf(out, "    %u,  /* %s */\n", tables_form_number(t, form), form->c_name);
        }
    array_end(out);
    return n;
}

static void print_manner(text *out, const tables *t)
{
    const m_framing *lines = &t->m->lines;
    const m_setting *settings[] = { lines->verbose, lines->quiet, lines->termination,
                                    lines->formatting, lines->editing, lines->echo_setting };

    if (!model_has_manner(t->m))
        return;
    if (t->m->n_numbers) {
        array_begin(out, "at_code", "codes", "Result codes as numbers.");
        for (size_t i = 0; i < t->m->n_numbers; i++)
            text_printf(out, "    { %zu, %u },  /* %s */\n", offset(t, t->m->numbers[i].text),
                        t->m->numbers[i].number, emit_comment(out, t->m->numbers[i].text));
        array_end(out);
    }
    size_t n_resets = print_resets(out, t);
    text_add(out, "/* What the host may choose: verbose, quiet, termination, formatting, editing, "
                  "echo; codes, resets, repeat. */\nstatic const at_manner manner = {\n    ");
    for (size_t i = 0; i < sizeof settings / sizeof *settings; i++)
        text_printf(out, "%s, ", settings[i] ? mem_printf(out, "%u", settings[i]->id) : "AT_NONE8");
    text_printf(out, "%zu, %zu, %zu, %s, %s\n};\n\n", t->m->n_numbers, n_resets,
                offset(t, lines->repeat), t->m->n_numbers ? "codes" : "NULL",
                n_resets ? "resets" : "NULL");
}

static void print_busy(text *out, const tables *t)
{
    const m_framing *lines = &t->m->lines;

    text_printf(out, "/* What is said to lines while a command runs: before its data, and behind. */\n"
                     "static const at_busy busy = { { %zu, %zu }, { %s, %s } };\n\n",
                offset(t, tables_busy(out, t, false)), offset(t, tables_busy(out, t, true)),
                policy(lines->busy), policy(lines->busy_data));
}

static void print_frames(text *out, const tables *t)
{
    const m_framing *lines = &t->m->lines;

    array_begin(out, "at_frame", "frames", "What stands around lines.");
    print_pair(out, t, lines->info, "around an information response");
    print_pair(out, t, lines->result, "around a result code");
    print_pair(out, t, lines->urc, "around a URC");
    text_add(out, "    { 0, 0 },\n");
    array_end(out);
}

static void print_dialect(text *out, const tables *t)
{
    const m_framing *lines = &t->m->lines;
    bool host = t->side == SIDE_HOST;

    text_printf(out, "        %d, %d, %s,\n", lines->escape, lines->chain, dialect_flags(out, t->m));
    text_printf(out, "        %zu, %zu, %zu, %zu,  /* prefix, end of a command, separators, escaped signs */\n",
                offset(t, lines->prefix), offset(t, lines->command_end),
                host ? offset(t, lines->separators) : 0, offset(t, lines->escaped));
    text_printf(out, "        %zu, %zu, %zu,  /* longest line, output, final result */\n",
                t->line_max, t->out_max, t->final_max);
    text_printf(out, "        %zu, %zu,  /* assignments, settings */\n", t->assigns->n,
                t->initial->n);
    text_printf(out, "        %zu,  /* bare lines */\n", t->n_bare);
}

static void print_shared_struct(text *out, const tables *t)
{
    text_add(out, "    {\n");
    print_dialect(out, t);
    text_printf(out, "        frames, text, %s, %s, %s, %s, %s, traits, %s, %s, times, %s, %s, %s,\n",
                or_null(t->types, "types"), or_null(t->values, "values"),
                or_null(t->words, "words"), or_null(t->slots, "slots"),
                or_null(t->sorts, "sorts"), or_null(t->ties, "ties"),
                or_null(t->figures, "figures"), t->uses[WITH_TIMES] ? "scales" : "NULL",
                or_null(t->conds, "conds"),
                or_null(t->holds, "holds"));
    text_printf(out, "        %s, %s, %s, heads, rests, %s, %s, %s, %s, %s, accepts,\n",
                or_null(t->readings, "readings"), or_null(t->loops, "loops"),
                or_null(t->lines, "lines"), or_null(t->masks, "masks"),
                or_null(t->phases, "phases"), or_null(t->settings, "settings"),
                or_null(t->initial, "initial"), or_null(t->assigns, "assigns"));
    text_printf(out, "        %s, scan_cells, AT_MATCH, %s,\n",
                t->side == SIDE_MODULE ? "scan_command" : "NULL",
                model_has_manner(t->m) ? "&manner" : "NULL");
    text_add(out, "    },\n");
}

static void print_module_struct(text *out, const tables *t)
{
    text_add(out, "    { ");
    for (size_t i = 0; i < REFUSE_KINDS; i++)
        text_printf(out, "%zu%s", t->refuse[i],
                    i + 1 < REFUSE_KINDS ? ", " : " },  /* refusals */\n");
    text_printf(out, "    %d, %zu, %zu,  /* ok, error results, names' hash */\n",
                t->ok == NO_INDEX ? 0 : t->ok, t->n_forms, t->buckets->n - 2);
    text_printf(out, "    buckets, %s, forms, starts, %s, &busy, %s,\n",
                or_null(t->commands, "commands"), or_null(t->emits, "emits"),
                or_null(t->tests, "tests"));
    text_add(out, "#if AT_TAP\n    form_ids,\n#endif\n");
}

static void print_host_struct(text *out, const tables *t)
{
    const char *resync = tables_resync(out, t);

    text_printf(out, "    known, buckets, %s, %s, %s, %s, %s, %s, ops,\n",
                or_null(t->calls, "calls"), or_null(t->courses, "courses"),
                or_null(t->atoms, "atoms"), or_null(t->steps, "steps"),
                or_null(t->follows, "follows"), or_null(t->repeats, "repeats"));
    text_printf(out, "    %zu, %zu, %zu, %zu, %zu,  /* hashes, lines without a head, end, forms, line of the first URC */\n",
                t->buckets->n - 2, t->first_headless, t->known->n, t->calls->n, t->first_urc);
    text_printf(out, "    %zu, %zu, %u, %d, %zu, %lu,  /* transparent, leads, top, next lines, resync, pause */\n",
                t->transparent, t->leads, t->top, t->uses[WITH_NEXT_LINES],
                resync ? offset(t, resync) : 0,
                (unsigned long)t->m->lines.pause_ms);
    text_printf(out, "    %s, %zu,\n", or_null(t->clashes, "clashes"), t->clashes->n);
}

void emit_tables(const emitter *e, const tables *t, text *rows)
{
    bool module = t->side == SIDE_MODULE;
    text *tail = text_new(rows);

    (void)e;
    print_frames(tail, t);
    if (module)
        print_busy(tail, t);
    else
        print_ops(tail, t);
    print_manner(tail, t);
    text_printf(tail, "static const at_%s_tables tables = {\n", emit_side(t->side));
    if (module)
        print_module_struct(tail, t);
    else
        print_host_struct(tail, t);
    print_shared_struct(tail, t);
    text_add(tail, "};\n");
    print_common(rows, t);
    if (module)
        print_module(rows, t);
    else
        print_host(rows, t);
    text_bytes(rows, tail->p, tail->n);
}
