/* Command lines: names that are one name, and lines of one name that two variants, or two readings
 * of one, take. Only lines of one command are compared, so the work grows with the number of
 * commands.
 * SPDX-License-Identifier: MIT */
#include <string.h>

#include "checker.h"
#include "mem.h"
#include "wire.h"

#include <uthash.h> /* after mem.h, which says what happens without memory */

static const char way_variants[] =
    "tell them apart: another type, a literal, or 'when' on one of them";
static const char way_readings[] =
    "tell them apart: nest the brackets, as in [,<a>[,<b>]], or say '[... when CONDITION]'";

static compare_side command_side(const m_form *form)
{
    return (compare_side){.line = form->line,
                          .form = form,
                          .member = check_member(form),
                          .conds = form->only,
                          .n_conds = form->n_only};
}

/* ---- names ---- */
typedef struct owner {
    UT_hash_handle hh;
    char *name; /* upper case where names are of any case */
    const m_command *command;
    place at;
} owner;

static char *command_key(checker *c, const char *name)
{
    char *key = mem_string(c->ctx, name);
    for (char *p = key; c->m->lines.names_any_case && *p; p++)
        if (*p >= 'a' && *p <= 'z') *p = (char)(*p - 'a' + 'A');
    return key;
}

static void command_name(checker *c, owner **owners, const m_command *command, const char *name,
                         place at)
{
    owner *known, *o = mem_new(c->ctx, owner);
    o->name = command_key(c, name);
    o->command = command;
    o->at = at;
    HASH_FIND_STR(*owners, o->name, known);
    if (!known) {
        HASH_ADD_KEYPTR(hh, *owners, o->name, strlen(o->name), o);
        return;
    }
    diag_at(c->d, at, D_AMBIGUOUS_NAME, "%s%s is the name of two commands", c->m->lines.prefix,
            name);
    diag_note(c->d, known->at, "the other one");
}

/* A command without a sign after its name, as in ATE<enable>, against the names that begin with its
 * own. */
static void command_basic(checker *c, owner *owners, const m_form *form, const char *name)
{
    compare_side side = command_side(form);
    size_t n = strlen(name);
    for (owner *o = owners; o; o = o->hh.next) {
        if (o->command == form->command || strncmp(o->name, name, n) != 0 || !o->name[n]) continue;
        compare_result r = compare_beginning(&c->by, &side, o->name + n, strlen(o->name + n));
        if (r.verdict != COMPARE_SAME) continue;
        diag_at(c->d, form->line->at, D_AMBIGUOUS_NAME, "'%s%s%s' can be read two ways",
                c->m->lines.prefix, name, wire_printable(c->ctx, r.word, r.n));
        diag_note(c->d, o->at, "it begins with the name of this command");
    }
}

static bool command_is_basic(const m_form *form)
{
    return (form->kinds & 1u << F_EXEC) && form->line && form->line->n_slots && !*form->line->lead;
}

void check_names(checker *c)
{
    owner *owners = NULL;
    for (size_t i = 0; i < c->m->n_commands; i++) {
        const m_command *command = c->m->commands[i];
        for (size_t k = 0; k < command->n_members; k++) {
            const m_member *member = &command->members[k];
            command_name(c, &owners, command, member->name, member->at);
            for (size_t a = 0; a < member->n_aliases; a++)
                command_name(c, &owners, command, member->aliases[a], member->at);
        }
    }
    for (size_t i = 0; i < c->m->n_forms; i++)
        if (command_is_basic(c->m->forms[i]) && check_member(c->m->forms[i]))
            command_basic(c, owners, c->m->forms[i], check_member(c->m->forms[i])->name);
    HASH_CLEAR(hh, owners);
}

/* ---- lines ---- */
/* What stands in front of the cells in messages: AT+CIPSTART= */
static char *command_before(checker *c, const m_form *form, const char *sign)
{
    const m_member *member = check_member(form);
    return mem_printf(c->ctx, "%s%s%s", c->m->lines.prefix, member ? member->name : "", sign);
}

/* The sign that two forms share, or NULL. */
static const char *command_shared_sign(const model *m, const m_form *a, const m_form *b)
{
    for (int i = 0; i < F_KINDS; i++)
        for (int j = 0; j < F_KINDS; j++)
            if ((a->kinds >> i & 1) && (b->kinds >> j & 1)) {
                const char *sign = check_sign(m, a, (m_form_kind)i);
                if (strcmp(sign, check_sign(m, b, (m_form_kind)j)) == 0) return sign;
            }
    return NULL;
}

static void command_never(checker *c, const compare_side *outer, const compare_side *inner,
                          const char *before)
{
    if (!compare_covers(&c->by, outer, inner, COMPARE_LITERALS_WIN)) return;
    diag_at(c->d, inner->line->at, D_UNREACHABLE, "no line can be this one: %s takes them all",
            check_reading(c->ctx, outer->line, &outer->line->readings[0], outer->member, before));
    diag_note(c->d, outer->line->at, "a literal stands before a parameter");
}

static void command_pair(checker *c, const m_form *a, const m_form *b)
{
    const char *sign = command_shared_sign(c->m, a, b);
    if (!sign || !a->line || !b->line) return;
    compare_side sa = command_side(a), sb = command_side(b);
    const char *before = command_before(c, a, sign);
    compare_result r = compare_lines(&c->by, &sa, &sb, COMPARE_LITERALS_WIN);
    if (check_report(c, D_AMBIGUOUS_COMMAND, &sa, &sb, &r, before, way_variants)) return;
    command_never(c, &sa, &sb, before);
    command_never(c, &sb, &sa, before);
}

static void command_readings(checker *c, const m_form *form)
{
    if (!form->line || form->line->n_readings < 2) return;
    compare_side side = command_side(form);
    compare_result r = compare_readings(&c->by, &side, COMPARE_LITERALS_WIN);
    for (int kind = 0; kind < F_KINDS; kind++)
        if (form->kinds >> kind & 1) {
            const char *sign = check_sign(c->m, form, (m_form_kind)kind);
            check_report(c, D_AMBIGUOUS_COMMAND, &side, &side, &r, command_before(c, form, sign),
                         way_readings);
            return;
        }
}

/* ---- operators against bare strings ---- */
/* The longest operator wins: where `=!` is one, no value of `=` that is written bare can begin with
 * "!". One that nothing follows, as `=?`, takes only a line that is nothing else: who writes that
 * value is refused. */
static void command_operator(checker *c, const m_form *form, const char *sign, const m_form *other,
                             const char *longer)
{
    size_t n = strlen(sign);
    if (!form->line || strncmp(longer, sign, n) != 0 || !longer[n] ||
        wire_is_closed(c->m, longer) || !wire_begins_bare(form->line))
        return;
    compare_side side = command_side(form);
    compare_result r = compare_beginning(&c->by, &side, longer + n, strlen(longer + n));
    if (r.verdict != COMPARE_SAME) return;
    diag_at(c->d, form->line->at, D_OPERATOR_WINS,
            "a value that begins with '%s' cannot be sent: it is never quoted, and '%s%s' is "
            "another form",
            longer + n, command_before(c, form, sign), longer + n);
    diag_note(c->d, other->at, "the form it is read as");
}

static void command_operators(checker *c, const m_form *a, const m_form *b)
{
    for (int i = 0; i < F_KINDS; i++)
        for (int j = 0; j < F_KINDS; j++)
            if ((a->kinds >> i & 1) && (b->kinds >> j & 1)) {
                const char *x = check_sign(c->m, a, (m_form_kind)i),
                           *y = check_sign(c->m, b, (m_form_kind)j);
                if (*x) command_operator(c, a, x, b, y);
            }
}

/* A literal behind the sign that makes a longer operator of it: the line is then never this form.
 */
static void command_hidden(checker *c, const m_form *form)
{
    const m_slot *first = form->line && form->line->n_slots ? &form->line->slots[0] : NULL;
    size_t n = form->op ? strlen(form->op) : 0;
    for (int kind = 0; first && first->literal && !first->optional && kind < F_KINDS; kind++) {
        const char *longer = c->m->lines.operators[kind];
        if (!longer || strlen(longer) <= n || strncmp(longer, form->op, n) != 0 ||
            strncmp(first->text, longer + n, strlen(longer + n)) != 0)
            continue;
        bool is_more = form->line->n_slots > 1 || strlen(first->text) > strlen(longer + n);
        if (is_more && wire_is_closed(c->m, longer)) continue;
        diag_at(c->d, form->line->at, D_UNREACHABLE,
                "no line can be this one: '%s' is an operator of its own", longer);
        diag_note(c->d, (place){NULL, 0, 0}, "'operators' says which form it belongs to");
        return;
    }
}

void check_commands(checker *c)
{
    for (size_t i = 0; i < c->m->n_commands; i++) {
        const m_command *command = c->m->commands[i];
        for (size_t a = 0; a < command->n_forms; a++) {
            command_readings(c, command->forms[a]);
            command_hidden(c, command->forms[a]);
            for (size_t b = 0; b < command->n_forms; b++) {
                if (b > a) command_pair(c, command->forms[a], command->forms[b]);
                command_operators(c, command->forms[a], command->forms[b]);
            }
        }
    }
}
