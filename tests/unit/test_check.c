/* The checker on small models built by hand: what it proves, and the words it shows where it
 * cannot.
 * SPDX-License-Identifier: MIT */
#include <check.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <talloc.h>

#include "diag.h"
#include "model.h"
#include "passes.h"

/* ---- types ---- */
static const m_type bit = {
    .name = "bit", .kind = T_INT, .quote = Q_BARE, .n_ranges = 1, .ranges = &(m_range){0, 1}};
static const m_type small = {
    .name = "small", .kind = T_INT, .quote = Q_BARE, .n_ranges = 1, .ranges = &(m_range){0, 9}};
static const m_type large = {
    .name = "large", .kind = T_INT, .quote = Q_BARE, .n_ranges = 1, .ranges = &(m_range){10, 1460}};
static const m_type quoted = {.name = "quoted",
                              .kind = T_STRING,
                              .quote = Q_QUOTED,
                              .n_ranges = 1,
                              .ranges = &(m_range){0, 32}};
static const m_type bare = {
    .name = "bare", .kind = T_STRING, .quote = Q_BARE, .n_ranges = 1, .ranges = &(m_range){1, 32}};
static const m_type words = {
    .name = "words",
    .kind = T_WORD,
    .quote = Q_BARE,
    .n_items = 2,
    .items = (m_item[]){{0, "ON", "ON", NULL, {0}}, {1, "OFF", "OFF", NULL, {0}}}};
static const m_type one = {.name = "one",
                           .kind = T_WORD,
                           .quote = Q_BARE,
                           .n_items = 1,
                           .items = &(m_item){0, "ON", "ON", NULL, {0}}};
static const m_type ip = {.name = "ip", .kind = T_IP, .quote = Q_QUOTED};
static const m_type rest = {
    .name = "rest", .kind = T_TEXT, .quote = Q_BARE, .n_ranges = 1, .ranges = &(m_range){0, 64}};
static const m_type some = {
    .name = "some", .kind = T_TEXT, .quote = Q_BARE, .n_ranges = 1, .ranges = &(m_range){1, 64}};

/* ---- a model, made anew for each test ---- */
enum { MOST = 8 };

static model m;
static void *ctx;
static m_setting mode = {.name = "+MUX.mode", .type = &bit};

static void setup(void)
{
    ctx = talloc_new(NULL);
    m = (model){.name = "toy",
                .lines = {.prefix = "AT",
                          .separators = ":=",
                          .resync_command = "AT",
                          .info = {"", "\r\n"},
                          .operators = {"", "?", "=?", "=", "=!", NULL}}};
    m.commands = talloc_zero_array(ctx, m_command *, MOST);
    m.forms = talloc_zero_array(ctx, m_form *, MOST);
    m.urcs = talloc_zero_array(ctx, m_urc *, MOST);
    m.results = talloc_zero_array(ctx, m_result, MOST);
    m.examples = talloc_zero_array(ctx, m_example, MOST);
}

static void teardown(void)
{
    talloc_free(ctx);
}

static m_slot literal(const char *text)
{
    return (m_slot){.literal = true, .text = text, .pre = "", .post = ""};
}

static m_slot param(const char *name, const m_type *type)
{
    return (m_slot){.name = name,
                    .field = name,
                    .type = type,
                    .pre = "",
                    .post = "",
                    .is_elastic = type->kind == T_TEXT};
}

/* A line with these slots, ended by one without text and name; all of them are there. */
static m_line *line(const char *head, const char *lead, const m_slot *slots)
{
    m_line *l = talloc_zero(ctx, m_line);
    *l = (m_line){.syntax = head,
                  .head = head,
                  .lead = lead,
                  .tail = "",
                  .loop_first = -1,
                  .loop_count = -1,
                  .data_count = -1,
                  .id = (unsigned)m.n_lines++};
    l->slots = talloc_zero_array(ctx, m_slot, 32);
    while (slots && (slots->text || slots->name))
        l->slots[l->n_slots++] = *slots++;
    l->readings = talloc_zero_array(ctx, m_reading, MOST);
    l->readings[l->n_readings++].mask = (1u << l->n_slots) - 1;
    return l;
}

#define LINE(head, lead, ...) line(head, lead, (m_slot[]){__VA_ARGS__, {.text = NULL}})

static void reading(m_line *l, uint32_t mask, const m_cond *cond)
{
    m_reading *r = &l->readings[l->n_readings++];
    r->mask = mask;
    if (cond) {
        r->conds = talloc_memdup(ctx, cond, sizeof *cond);
        r->n_conds = 1;
    }
}

static m_command *command(const char *name)
{
    m_command *c = m.commands[m.n_commands++] = talloc_zero(ctx, m_command);
    c->members = talloc_zero(ctx, m_member);
    c->members[0].name = name;
    c->n_members = 1;
    c->forms = talloc_zero_array(ctx, m_form *, MOST);
    return c;
}

static m_form *form(m_command *c, unsigned kinds, m_line *l)
{
    m_form *f = m.forms[m.n_forms++] = c->forms[c->n_forms++] = talloc_zero(ctx, m_form);
    *f = (m_form){.command = c, .kinds = kinds, .line = l, .op = kinds & 1u << F_SET ? "=" : ""};
    for (int kind = F_READ; kind <= F_SAVE; kind++)
        if (kinds == 1u << kind) f->op = m.lines.operators[kind];
    m_flow *flow = talloc_zero(ctx, m_flow);
    flow->atoms = talloc_zero_array(ctx, m_atom, MOST);
    flow->first = talloc_zero_array(ctx, unsigned, MOST);
    f->flow = flow;
    return f;
}

/* An atom that may come first, or after the atom `after`. */
static m_atom *atom(m_form *f, m_atom_kind kind, m_line *l, int after)
{
    m_flow *flow = (m_flow *)f->flow;
    unsigned i = (unsigned)flow->n_atoms++;
    flow->atoms[i] = (m_atom){.kind = kind, .line = l, .loop = -1, .ends = kind == A_FINAL};
    flow->atoms[i].follow = talloc_zero_array(ctx, unsigned, MOST);
    if (after < 0)
        flow->first[flow->n_first++] = i;
    else
        flow->atoms[after].follow[flow->atoms[after].n_follow++] = i;
    return &flow->atoms[i];
}

static m_urc *urc(const char *name, m_line *l)
{
    m_urc *u = m.urcs[m.n_urcs] = talloc_zero(ctx, m_urc);
    *u = (m_urc){.name = name, .line = l, .id = (unsigned)m.n_urcs++};
    return u;
}

static void result(m_class klass, const char *text)
{
    m.results[m.n_results++] =
        (m_result){.klass = klass, .name = text, .line = line(text, "", NULL)};
}

/* ">…" and "<…", ended by NULL. */
static void example(const m_command *c, ...)
{
    m_example *e = &m.examples[m.n_examples++];
    const char *text;
    va_list ap;
    e->command = c;
    e->lines = talloc_zero_array(ctx, m_wire, MOST);
    va_start(ap, c);
    while ((text = va_arg(ap, const char *)))
        e->lines[e->n_lines++] =
            (m_wire){.direction = *text, .bytes = text + 1, .len = strlen(text + 1)};
    va_end(ap);
}

/* ---- what the checker says ---- */
static char *says(void)
{
    char *text = NULL;
    size_t n = 0;
    FILE *file = open_memstream(&text, &n);
    diag *d = diag_new(ctx);
    bool good = check(d, &m);
    ck_assert_int_eq(good, diag_errors(d) == 0);
    diag_print(d, file, false, false);
    fclose(file);
    char *said = talloc_strdup(ctx, text);
    free(text);
    return said;
}

#define SAYS(text)                                                                                 \
    do {                                                                                           \
        const char *said = says();                                                                 \
        ck_assert_msg(strstr(said, (text)) != NULL, "no `%s` in:\n%s", (text), said);              \
    } while (0)
#define SAYS_NOTHING() ck_assert_str_eq(says(), "")

/* ---- command lines ---- */
START_TEST(two_variants_share_a_line)
{
    m_command *c = command("+X");
    form(c, 1u << F_SET, LINE("", "", param("a", &small), param("b", &quoted)));
    form(c, 1u << F_SET, LINE("", "", param("c", &bit), param("d", &quoted)));
    SAYS("'AT+X=0,\"\"' can be read two ways [ambiguous-command]");
    SAYS("one way: AT+X=<a>,<b>");
    SAYS("the other: AT+X=<c>,<d>");
}
END_TEST

START_TEST(ranges_and_kinds_tell_apart)
{
    m_command *c = command("+X");
    form(c, 1u << F_SET, LINE("", "", param("a", &small), param("b", &quoted)));
    form(c, 1u << F_SET, LINE("", "", param("c", &large), param("d", &quoted)));
    form(c, 1u << F_SET, LINE("", "", param("e", &small), param("f", &small)));
    form(c, 1u << F_SET, LINE("", "", param("g", &small)));
    form(c, 1u << F_READ, line("", "", NULL));
    SAYS_NOTHING();
}
END_TEST

START_TEST(an_address_is_a_string_too)
{
    m_command *c = command("+X");
    form(c, 1u << F_SET, LINE("", "", param("host", &quoted)));
    form(c, 1u << F_SET, LINE("", "", param("ip", &ip)));
    SAYS("'AT+X=\"0.0.0.0\"' can be read two ways");
}
END_TEST

START_TEST(a_literal_stands_before_a_parameter)
{
    m_command *c = command("+X");
    form(c, 1u << F_SET, LINE("", "", param("id", &small), param("n", &bit)));
    form(c, 1u << F_SET, LINE("", "", param("id", &small), literal("0")));
    SAYS_NOTHING();
}
END_TEST

START_TEST(a_literal_may_leave_nothing)
{
    m_command *c = command("+X");
    form(c, 1u << F_SET, LINE("", "", literal("ON"), param("n", &small)));
    form(c, 1u << F_SET, LINE("", "", param("word", &one), param("m", &small)));
    SAYS("no line can be this one: AT+X=ON,<n> takes them all [unreachable]");
}
END_TEST

START_TEST(brackets_side_by_side)
{
    m_line *l = LINE("", "", param("a", &small), param("b", &small), param("c", &small));
    reading(l, 3, NULL);
    form(command("+X"), 1u << F_SET, l);
    SAYS_NOTHING();
    reading(l, 5, NULL);
    SAYS("'AT+X=0,0' can be read two ways [ambiguous-command]");
    SAYS("one way: AT+X=<a>,<b>");
    SAYS("the other: AT+X=<a>,<c>");
    SAYS("nest the brackets");
}
END_TEST

START_TEST(conditions_tell_apart)
{
    m_line *l = LINE("", "", param("link", &small), param("n", &small));
    m_cond multi = {.on = IF_SETTING, .setting = &mode, .key_slot = -1, .lo = 1, .hi = 1},
           single = multi;
    single.negate = true;
    reading(l, 1, &single);
    reading(l, 2, &multi);
    form(command("+X"), 1u << F_SET, l);
    SAYS_NOTHING();
    l->readings[2].conds[0].negate = true;
    SAYS("'AT+X=0' can be read two ways");
}
END_TEST

START_TEST(values_of_the_same_line_tell_apart)
{
    m_line *l = LINE("", "", param("kind", &words), param("a", &small), param("b", &small));
    m_cond on = {.on = IF_SLOT, .slot = 0, .key_slot = -1, .lo = 0, .hi = 0}, off = on;
    off.negate = true;
    l->n_readings = 0;
    reading(l, 3, &on);
    reading(l, 5, &off);
    form(command("+X"), 1u << F_SET, l);
    SAYS_NOTHING();
    l->readings[1].conds[0].negate = false;
    SAYS("'AT+X=ON,0' can be read two ways");
}
END_TEST

START_TEST(empty_positions_and_repetitions)
{
    m_command *c = command("+X");
    m_line *loop = LINE("", "", param("n", &small), param("t", &quoted), param("q", &small));
    m_line *cut = LINE("", "", param("n", &small), param("t", &quoted), param("x", &small),
                       param("y", &quoted));
    loop->loop_first = 1;
    loop->loop_n = 2;
    loop->loop_min = 1;
    loop->loop_max = 100;
    form(c, 1u << F_SET, loop);
    form(c, 1u << F_SET, cut);
    SAYS_NOTHING();
    cut->slots[3].may_be_empty = true;
    SAYS("'AT+X=0,\"\",0' can be read two ways");
}
END_TEST

START_TEST(text_takes_all_cells)
{
    m_command *c = command("+X");
    form(c, 1u << F_SET, LINE("", "", param("n", &small), param("t", &rest)));
    form(c, 1u << F_SET, LINE("", "", param("n", &small), param("a", &small), param("b", &quoted)));
    SAYS("'AT+X=0,0,\"\"' can be read two ways");
}
END_TEST

START_TEST(names)
{
    command("+X");
    command("+XY");
    SAYS_NOTHING();
    m_command *c = command("+Z");
    c->members[0].aliases = (const char *[]){"+XY"};
    c->members[0].n_aliases = 1;
    SAYS("AT+XY is the name of two commands [ambiguous-name]");
}
END_TEST

START_TEST(names_with_a_value_behind)
{
    form(command("E"), 1u << F_EXEC, LINE("", "", param("enable", &bit)));
    command("E2");
    SAYS_NOTHING();
    command("E1");
    SAYS("'ATE1' can be read two ways [ambiguous-name]");
}
END_TEST

START_TEST(operators_stand_before_values)
{
    m_command *c = command("+X");
    m_form *f = form(c, 1u << F_SET, LINE("", "", param("ssid", &bare)));
    SAYS_NOTHING();
    m_form *test = form(c, 1u << F_TEST, line("", "", NULL));
    SAYS_NOTHING();             /* it takes AT+X=? alone */
    test->line = LINE("", "", param("n", &small));
    SAYS("a value that begins with '?' cannot be sent: it is never quoted, and 'AT+X=?' is another "
         "form");
    f->kinds |= 1u << F_SAVE;
    SAYS("a value that begins with '!' cannot be sent");
}
END_TEST

/* ---- lines from the module ---- */
static m_form *asks(void)
{
    return form(command("+X"), 1u << F_READ, line("", "", NULL));
}

START_TEST(answers_of_one_state)
{
    m_form *f = asks();
    atom(f, A_LINE, LINE("+X", ": ", param("a", &small)), -1);
    atom(f, A_LINE, LINE("+X", ":", param("b", &bit)), -1);
    SAYS("'+X: 0' can be read two ways [ambiguous-response]");
}
END_TEST

START_TEST(answers_of_different_states)
{
    m_form *f = asks();
    atom(f, A_LINE, LINE("+X", ":", param("a", &small)), -1);
    atom(f, A_LINE, LINE("+X", ":", param("b", &bit)), 0);
    atom(f, A_FINAL, line("OK", "", NULL), 1);
    SAYS_NOTHING();
}
END_TEST

START_TEST(free_text_comes_last)
{
    m_form *f = asks();
    atom(f, A_LINE, LINE("", "", param("line", &some)), -1);
    atom(f, A_FINAL, line("OK", "", NULL), -1);
    urc("ready", line("ready", "", NULL));
    SAYS_NOTHING();
    atom(f, A_LINE, LINE("", "", param("other", &some)), -1);
    SAYS("'0' can be read two ways [ambiguous-response]");
}
END_TEST

START_TEST(an_empty_line_is_nobodys)
{
    m_form *f = asks();
    atom(f, A_LINE, LINE("", "", param("line", &rest)), -1);
    atom(f, A_FINAL, line("OK", "", NULL), -1);
    SAYS("nobody would see this line when it is empty [empty-line]");
}
END_TEST

START_TEST(a_urc_takes_an_answer)
{
    m_form *f = asks();
    m_urc *u = urc("recv", LINE("+X", ": ", param("a", &small), param("b", &small)));
    atom(f, A_LINE, LINE("+X", ": ", param("c", &bit), param("d", &words)), -1);
    SAYS_NOTHING();
    m_atom *a = atom(f, A_LINE, LINE("+X", ": ", param("c", &bit), param("d", &bit)), -1);
    SAYS("'+X: 0,0' is taken for the URC recv before it is this answer [urc-takes-response]");
    m_cond when = {.on = IF_SETTING, .setting = &mode, .key_slot = -1, .lo = 1, .hi = 1},
           unless = when;
    unless.negate = true;
    u->conds = &when;
    a->conds = &unless;
    u->n_conds = a->n_conds = 1;
    SAYS_NOTHING();
    a->n_conds = 0;
    m_atom *later = atom(f, A_URC, NULL, 1);
    later->urc = u;
    SAYS_NOTHING();
}
END_TEST

START_TEST(a_bare_row_like_a_urc)
{
    atom(asks(), A_LINE, LINE("", "", param("ssid", &bare), param("n", &small)), -1);
    urc("event", LINE("+EVENT", ":", literal("DATA"), param("n", &bit)));
    SAYS("'+EVENT:DATA,0' would be taken for the URC event [row-like-urc]");
}
END_TEST

START_TEST(urcs_among_each_other)
{
    urc("a", LINE("+X", ":", literal("\"closed\""), param("n", &small)));
    urc("b", LINE("+X", ":", literal("\"recv\""), param("n", &small)));
    urc("c", LINE("", "", param("link", &small), literal("CLOSED")));
    SAYS_NOTHING();
    urc("d", LINE("", "", param("x", &small), param("y", &bare)));
    SAYS_NOTHING();
    urc("e", LINE("+X", ":", param("x", &quoted), param("y", &bit)));
    SAYS_NOTHING();
    urc("f", LINE("+X", ":", param("v", &quoted), param("w", &small)));
    SAYS("can be read two ways [ambiguous-urc]");
}
END_TEST

START_TEST(data_headers_are_prefix_free)
{
    m_line *ipd = LINE("+IPD", ",", param("n", &small));
    ipd->data_at = DATA_INLINE;
    ipd->data_count = 0;
    ipd->data_lead = ":";
    ipd->data_tail = "";
    urc("ipd", ipd);
    m_line *other = LINE("+IPD", ",", param("id", &small), param("n", &small));
    urc("other", other);
    SAYS_NOTHING();
    m_line *text = LINE("+IPD", ",", param("t", &rest));
    m.urcs[1]->line = text;
    SAYS("'+IPD,0:' can be read two ways [ambiguous-urc]");
}
END_TEST

START_TEST(nothing_begins_like_a_prompt)
{
    m_form *f = asks();
    m_atom *prompt = atom(f, A_PROMPT, NULL, -1);
    prompt->text = prompt->sign = ">";
    prompt->text_len = 1;
    atom(f, A_LINE, LINE("+X", ":", param("n", &small)), -1);
    SAYS_NOTHING();
    atom(f, A_LINE, LINE("", "", param("t", &bare), param("n", &small)), -1);
    SAYS("begins with the prompt '>' that may come in its place [not-prefix-free]");
}
END_TEST

START_TEST(a_result_code_hides_a_line)
{
    m_form *f = asks();
    atom(f, A_FINAL, line("OK", "", NULL), -1);
    result(RC_OK, "OK");
    SAYS_NOTHING();
    urc("odd", line("OK", "", NULL));
    SAYS("no line can be this one: another takes them all [unreachable]");
}
END_TEST

/* ---- data ---- */
START_TEST(lengths_have_a_source)
{
    m_line *l = LINE("+X", ":", param("n", &small));
    l->data_at = DATA_AFTER;
    l->data_count = 0;
    l->data_lead = l->data_tail = "";
    m_atom *a = atom(asks(), A_LINE, l, -1);
    SAYS_NOTHING();
    l->slots[0].may_be_empty = true;
    SAYS("the length of this data, <n>, may be empty [data-length]");
    *a = (m_atom){.kind = A_DATA_IN, .count_field = "length"};
    SAYS("the length of this data, <length>, is no parameter of the request [data-length]");
    *a = (m_atom){.kind = A_DATA_IN};
    SAYS("nothing says where this data ends [data-length]");
}
END_TEST

START_TEST(ties_have_a_field)
{
    m_line *l = LINE("+X", ":", param("id", &small));
    m_form *f = asks();
    m_struct takes = {.fields = (m_field[]){{.name = "id", .type = &quoted}}, .n_fields = 1};
    atom(f, A_LINE, l, -1);
    l->slots[0].tie = "id";
    SAYS("<=id> has no parameter of the request to be equal to [tie]");
    f->takes = &takes;
    SAYS("<=id> can never be equal to the request's <id> [tie]");
}
END_TEST

/* ---- examples ---- */
static m_command *sends(void)
{
    m_command *c = command("+SEND");
    m_form *f = form(c, 1u << F_SET, LINE("", "", param("id", &small), param("n", &large)));
    m_struct *takes = talloc_zero(ctx, m_struct);
    takes->fields = talloc_zero_array(ctx, m_field, 2);
    takes->fields[0] = (m_field){.name = "id", .type = &small};
    takes->fields[1] = (m_field){.name = "n", .type = &large};
    takes->n_fields = 2;
    f->takes = takes;
    m_atom *prompt = atom(f, A_PROMPT, NULL, -1);
    prompt->text = prompt->sign = ">";
    prompt->text_len = 1;
    atom(f, A_DATA_IN, NULL, 0)->count_field = "n";
    atom(f, A_FINAL, line("SEND OK", "", NULL), 1);
    result(RC_ERROR, "ERROR");
    urc("closed", LINE("", "", param("link", &small), literal("CLOSED")));
    return c;
}

START_TEST(examples_that_fit)
{
    m_command *c = sends();
    example(c, ">AT+SEND=0,10", "<>", ">0123456789", "<SEND OK", NULL);
    example(c, ">AT+SEND=0,10\r\n", "<\r\n> ", ">0123456789", "<\r\nSEND OK\r\n", NULL);
    example(c, ">AT+SEND=0,10", "<0,CLOSED", "<ERROR", NULL);
    example(c, ">AT+SEND=0,10", "<>", NULL);
    example(c, ">AT", ">AT+SEND=0,10", "<AT+SEND=0,10", "<>", NULL);
    example(NULL, "<0,CLOSED", NULL);
    SAYS_NOTHING();
}
END_TEST

static const struct {
    const char *line[4], *says;
} misfits[] = {
    {{">AT+SENT=1"}, "this is no command of the dialect [example-command]"},
    {{">AT+SEND?"}, "this command has no such form [example-command]"},
    {{">AT+SEND=0,5"}, "here it wants <n:int 10..1460>"},
    {{">AT+SEND=0,10,4"}, "there are too many values"},
    {{">AT+SEND=0"}, "<n:int 10..1460>: it is missing"},
    {{">AT+SEND=0,10", "<SEND OK"}, "not what is expected after AT+SEND: > [example-response]"},
    {{">AT+SEND=0,10", "<>", ">0123456789ab"},
     "10 bytes of data are announced, here are 12 [example-data]"},
    {{"<OPENED"}, "no URC, and no command is running that expects a line [example-response]"},
    {{">AT"}, "no line of this example is the command it stands in [example-elsewhere]"},
};

START_TEST(examples_that_do_not)
{
    const char *const *l = misfits[_i].line;
    example(sends(), l[0], l[1], l[2], l[3], NULL);
    SAYS(misfits[_i].says);
}
END_TEST

START_TEST(examples_with_data_in_a_line)
{
    m_line *ipd = LINE("+IPD", ",", param("n", &small));
    ipd->data_at = DATA_INLINE;
    ipd->data_count = 0;
    ipd->data_lead = ":";
    ipd->data_tail = "";
    urc("ipd", ipd);
    example(NULL, "<+IPD,5:he\r\no", NULL);
    example(NULL, "<+IPD,5:he", "<llo+IPD,1:x", NULL);
    SAYS_NOTHING();
    example(NULL, "<+IPD,5:he", NULL);
    SAYS("3 bytes of data are missing at the end [example-data]");
}
END_TEST

static TCase *tests(void)
{
    TCase *all = tcase_create("check");
    tcase_add_checked_fixture(all, setup, teardown);
    tcase_add_test(all, two_variants_share_a_line);
    tcase_add_test(all, ranges_and_kinds_tell_apart);
    tcase_add_test(all, an_address_is_a_string_too);
    tcase_add_test(all, a_literal_stands_before_a_parameter);
    tcase_add_test(all, a_literal_may_leave_nothing);
    tcase_add_test(all, brackets_side_by_side);
    tcase_add_test(all, conditions_tell_apart);
    tcase_add_test(all, values_of_the_same_line_tell_apart);
    tcase_add_test(all, empty_positions_and_repetitions);
    tcase_add_test(all, text_takes_all_cells);
    tcase_add_test(all, names);
    tcase_add_test(all, names_with_a_value_behind);
    tcase_add_test(all, operators_stand_before_values);
    tcase_add_test(all, answers_of_one_state);
    tcase_add_test(all, answers_of_different_states);
    tcase_add_test(all, free_text_comes_last);
    tcase_add_test(all, an_empty_line_is_nobodys);
    tcase_add_test(all, a_urc_takes_an_answer);
    tcase_add_test(all, a_bare_row_like_a_urc);
    tcase_add_test(all, urcs_among_each_other);
    tcase_add_test(all, data_headers_are_prefix_free);
    tcase_add_test(all, nothing_begins_like_a_prompt);
    tcase_add_test(all, a_result_code_hides_a_line);
    tcase_add_test(all, lengths_have_a_source);
    tcase_add_test(all, ties_have_a_field);
    tcase_add_test(all, examples_that_fit);
    tcase_add_loop_test(all, examples_that_do_not, 0, (int)(sizeof misfits / sizeof *misfits));
    tcase_add_test(all, examples_with_data_in_a_line);
    return all;
}

int main(void)
{
    Suite *suite = suite_create("check");
    SRunner *runner = srunner_create(suite);
    suite_add_tcase(suite, tests());
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
