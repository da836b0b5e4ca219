/* The dialect's command reference as one HTML page: every command with its forms, parameters and
 * answers, then events and error tables. No scripts, nothing loaded from elsewhere.
 * SPDX-License-Identifier: MIT */
#include "report.h"

#include <string.h>

#include "mem.h"
#include "wire.h"

static const char style[] =
    "body{font:16px/1.5 sans-serif;max-width:60em;margin:2em auto;padding:0 1em}"
    "code,pre{font-family:monospace;background:#8882;border-radius:3px;padding:.1em .3em}"
    "pre{padding:.5em;overflow-x:auto}table{border-collapse:collapse;margin:.5em 0}"
    "td,th{border:1px solid #8886;padding:.2em .6em;text-align:left;vertical-align:top}"
    "nav{columns:14em}h2{border-bottom:1px solid #8886;margin-top:2em}";

/* Text with what HTML would take for markup written out. */
static void escaped(FILE *f, const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)text[i];
        switch (c) {
        case '<': fputs("&lt;", f); break;
        case '>': fputs("&gt;", f); break;
        case '&': fputs("&amp;", f); break;
        case '"': fputs("&quot;", f); break;
        case '\r': fputs("\\r", f); break;
        case '\n': fputs("\\n", f); break;
        default:
            if (c < 0x20)
                fprintf(f, "\\x%02x", c);
            else
                fputc(c, f);
        }
    }
}

static void put(FILE *f, const char *before, const char *text, const char *after)
{
    if (!text)
        return;
    fputs(before, f);
    escaped(f, text, strlen(text));
    fputs(after, f);
}

/* ---- parameters ---- */

static void print_param(FILE *f, const m_slot *slot)
{
    void *ctx = mem_check(talloc_new(NULL));
    const char *type = report_type(ctx, slot->type, SIZE_MAX), *doc = slot->type->doc;

    put(f, "<tr><td><code>", slot->name, "</code></td>");
    put(f, "<td>", type, "");
    fputs(slot->optional || slot->may_be_empty ? ", may be left out</td>" : "</td>", f);
    put(f, "<td>", doc ? doc : "", "</td></tr>\n");
    talloc_free(ctx);
}

static void print_params(FILE *f, const m_line *line)
{
    bool any = false;

    for (size_t i = 0; i < line->n_slots; i++) {
        if (!report_is_param(line, i))
            continue;
        if (!any)
            fputs("<table><tr><th>parameter</th><th>type</th><th>meaning</th></tr>\n", f);
        any = true;
        print_param(f, &line->slots[i]);
    }
    if (any)
        fputs("</table>\n", f);
}

/* ---- commands ---- */

/* What the module says to `=?`. */
static void print_test(FILE *f, const m_form *form)
{
    void *ctx = talloc_new(NULL);

    for (size_t i = 0; i < form->n_says; i++)
        put(f, "<p>Answer: <code>",
            wire_text(ctx, &form->command->members[0], form->says[i].text), "</code></p>\n");
    talloc_free(ctx);
}

static void print_answers(FILE *f, const m_form *form)
{
    const m_flow *flow = form->flow;

    if (form->answers_types) {
        print_test(f, form);
        return;
    }
    for (size_t i = 0; flow && i < flow->n_atoms; i++) {
        const m_atom *a = &flow->atoms[i];
        if (!a->line)
            continue;
        put(f, "<p>Answer: <code>", a->line->syntax, "</code>");
        fputs(a->later ? ", later</p>\n" : "</p>\n", f);
        print_params(f, a->line);
    }
}

static void print_form(FILE *f, const m_form *form)
{
    fputs("<h3>", f);
    for (unsigned k = 0, n = 0; k < F_KINDS; k++)
        if (form->kinds & 1u << k)
            fprintf(f, "%s%s", n++ ? ", " : "", report_forms[k]);
    put(f, " <i>", form->label, "</i>");
    put(f, " <code>", form->line->syntax, "</code>");
    fputs("</h3>\n", f);
    print_params(f, form->line);
    print_answers(f, form);
    if (form->within.ms)
        fprintf(f, "<p>At most %g s.</p>\n", form->within.ms / 1000.0);
}

static void print_examples(FILE *f, const model *m, const m_command *c)
{
    for (size_t i = 0; i < m->n_examples; i++) {
        const m_example *e = &m->examples[i];
        if (e->command != c)
            continue;
        put(f, "<p>", e->title ? e->title : "Example", "</p>");
        fputs("<pre>", f);
        for (size_t k = 0; k < e->n_lines; k++) {
            fputs(e->lines[k].direction == '>' ? "&gt; " : "&lt; ", f);
            escaped(f, e->lines[k].bytes, e->lines[k].len);
            fputc('\n', f);
        }
        fputs("</pre>\n", f);
    }
}

static void print_names(FILE *f, const m_command *c)
{
    for (size_t i = 0; i < c->n_members; i++)
        put(f, i ? ", AT" : "AT", c->members[i].name, "");
}

static void print_command(FILE *f, const model *m, const m_command *c)
{
    fprintf(f, "<h2 id=\"c%u\"><code>", c->id);
    print_names(f, c);
    put(f, "</code> ", c->title ? c->title : "", "</h2>\n");
    for (size_t i = 0; i < c->n_members; i++)
        if (c->members[i].saved) {
            put(f, "<p><code>AT", c->members[i].name, "</code>");
            put(f, " is kept in ", c->members[i].saved, ".</p>\n");
        }
    put(f, "<p>", c->note, "</p>\n");
    if (c->named_only)
        fputs("<p>Known by name only, answered as unsupported.</p>\n", f);
    for (size_t i = 0; i < c->n_forms; i++)
        print_form(f, c->forms[i]);
    print_examples(f, m, c);
}

/* ---- the rest ---- */

static void print_urcs(FILE *f, const model *m)
{
    fputs("<h2 id=\"events\">Events</h2>\n", f);
    for (size_t i = 0; i < m->n_urcs; i++) {
        put(f, "<h3><code>", m->urcs[i]->line->syntax, "</code> ");
        put(f, "", m->urcs[i]->title, "");
        fputs("</h3>\n", f);
        print_params(f, m->urcs[i]->line);
    }
}

static void print_errors(FILE *f, const m_errors *errors)
{
    put(f, "<h2>", errors->title ? errors->title : errors->name, "</h2>\n<table>\n");
    for (size_t i = 0; i < errors->type->n_items; i++) {
        const m_item *item = &errors->type->items[i];
        fprintf(f, "<tr><td>%lld</td>", (long long)item->value);
        put(f, "<td><code>", item->name ? item->name : "", "</code></td>");
        put(f, "<td>", item->doc ? item->doc : "", "</td></tr>\n");
    }
    fputs("</table>\n", f);
}

void report_html(const model *m, FILE *f)
{
    const char *title = m->title ? m->title : m->name;

    put(f, "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>", title,
        "</title>\n");
    fprintf(f, "<style>%s</style></head><body>\n", style);
    put(f, "<h1>", title, "</h1>\n");
    put(f, "<p>", m->manual, "</p>\n");
    fputs("<nav>", f);
    for (size_t i = 0; i < m->n_commands; i++) {
        fprintf(f, "<a href=\"#c%u\">", m->commands[i]->id);
        print_names(f, m->commands[i]);
        fputs("</a><br>\n", f);
    }
    fputs("<a href=\"#events\">Events</a></nav>\n", f);
    for (size_t i = 0; i < m->n_commands; i++)
        print_command(f, m, m->commands[i]);
    print_urcs(f, m);
    for (size_t i = 0; i < m->n_errors; i++)
        print_errors(f, &m->errors[i]);
    fputs("</body></html>\n", f);
}
