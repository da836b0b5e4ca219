/* The runtime's host side against a small dialect whose tables are put together here, with
 * stand-ins for the generated lexer and grammar, a clock that stands still and bytes fed at every
 * split. What real modules do (see the names of the tests) is re-created with data of our own.
 * SPDX-License-Identifier: MIT */
#include <check.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "athost.h"

/* ---- a dialect, put together ---- */

static char text[4096];
static size_t text_n;
static at_type types[16];
enum { U8, U16, I8, STRING, FREE, N_TYPES };
static at_slot slots[64];
enum { PLAIN, ELASTIC, LITERAL, CODED, TIED, NAMES_B, HAS_LINK, N_TRAITS };
static at_trait traits[N_TRAITS];
static at_sort sorts[N_TRAITS * N_TYPES];       /* of each trait and type, see sort_of */
static uint16_t words[16];
static at_reading readings[128];
static at_line lines[64];
static at_ref heads[64];
static at_atom atoms[64];
static at_step steps[64];      /* one for each atom */
static int8_t follows[256];
static at_call calls[32];
static at_course courses[32];   /* one for each call */
static at_rest rests[64];
static at_known known[32];
static uint16_t buckets[17];
static at_tie ties[8];
static at_figure figures[2];
static const uint32_t times[] = { 0, 5000 };
static at_phase phases[8];
static at_repeat repeats[4];
static at_setting settings[1];
static int32_t initial[1];
static at_assign assigns[1];
static at_cond conds[4];
static const uint8_t holds[] = { 0, 1, 2, 3 };
static unsigned n_words, n_slots, n_readings, n_lines, n_atoms, n_follows, n_calls, n_known;
static uint8_t accepts[8];
static at_frame frames[4];
static uint16_t ops[6];
static at_host_tables tables;

static unsigned put_text(const char *s)
{
    size_t at;
    if (*s == '\0') return 0;
    for (at = 1; at < text_n; at += strlen(text + at) + 1)
        if (strcmp(text + at, s) == 0) return (unsigned)at;
    if (at + strlen(s) >= sizeof text) abort();
    strcpy(text + text_n, s);
    text_n += strlen(s) + 1;
    return (unsigned)at;
}

enum { V_0, V_1, V_255, V_4096, V_M127, V_40, V_80 };
static const int32_t values[] = { 0, 1, 255, 4096, -127, 40, 80 };

static void put_types(void)
{
    static const at_type all[N_TYPES] = {
        { 0, AT_T_INT, 0, V_0, V_255 },     { 0, AT_T_INT, AT_F_SIZE_2, V_0, V_4096 },
        { 0, AT_T_INT, AT_F_SIGNED, V_M127, V_0 }, { 0, AT_T_STRING, AT_F_QUOTED, V_0, V_40 },
        { 0, AT_T_TEXT, 0, V_0, V_80 },
    };
    memcpy(types, all, sizeof all);
}

static uint8_t sort_of(unsigned type, unsigned trait)
{
    return (uint8_t)(trait * N_TYPES + type);
}

static bool is_elastic(unsigned line)
{
    return lines[line].n_slots > 0 && sorts[slots[lines[line].slots].sort].trait == ELASTIC;
}

static void put_slot(unsigned type, size_t offset, unsigned trait)
{
    slots[n_slots].offset = (uint8_t)offset;
    slots[n_slots++].sort = sort_of(type, trait);
    lines[n_lines - 1].n_slots++;
}

static void put_literal(const char *s)
{
    words[n_words] = (uint16_t)put_text(s);
    put_slot(0, n_words++, LITERAL);
}

static void put_reading(uint32_t mask)
{
    at_reading *r = &readings[n_readings++];
    memset(r, 0, sizeof *r);
    r->mask = mask & 0xfffffu;
    lines[n_lines - 1].n_readings++;
}

/* A line; its slots and readings follow. Before the readings stands what the
 * grammar calls the line: its number. Rests are by line; rests[0] is bare. */
static at_line *put_line(const char *head, const char *lead, const char *tail, unsigned frame)
{
    at_line *l = &lines[n_lines];
    at_rest *rest = &rests[n_lines + 1];
    memset(l, 0, sizeof *l);
    memset(rest, 0, sizeof *rest);
    heads[n_lines] = (at_ref)put_text(head);
    if (n_lines >= 63 || n_slots >= 1024 || n_readings >= 127) abort();
    l->rest = (n_lines + 1) & 0x3fu;
    l->slots = n_slots & 0x3ffu;
    memset(&readings[n_readings], 0, sizeof *readings);
    readings[n_readings++].mask = n_lines & 0xffu;
    l->readings = n_readings & 0x7fu;
    rest->frame = frame & 3u;
    rest->lead = (uint8_t)put_text(lead);
    rest->tail = (uint8_t)put_text(tail);
    rest->data = AT_NONE;
    rest->data_count = AT_NONE8;
    n_lines++;
    return l;
}

static unsigned bare(const char *head, unsigned frame)
{
    put_line(head, "", "", frame);
    put_reading(0);
    return n_lines - 1;
}

static void put_data(at_line *l, unsigned at, char lead, size_t offset, unsigned count)
{
    at_rest *rest = &rests[l->rest];
    rest->data_at = at & 3u;
    rest->data_lead = (uint8_t)lead;
    rest->data = (uint16_t)offset;
    rest->data_count = (uint8_t)count;
}

static at_step *put_atom(unsigned kind, unsigned line, unsigned flags)
{
    at_step *step = &steps[n_atoms];
    at_atom *a = &atoms[n_atoms];
    memset(step, 0, sizeof *step);
    step->kind = (uint8_t)kind;
    step->flags = (uint8_t)flags;
    if (kind == AT_A_LINE && heads[line] == 0 && is_elastic(line))
        step->flags |= AT_A_FREE_TEXT;
    step->outcome = AT_NONE8;
    a->line = line & 0x3ffu;
    a->step = n_atoms++ & 0x3fu;
    if (kind == AT_A_DATA_IN && courses[n_calls - 1].stage == 0)
        courses[n_calls - 1].stage = (uint8_t)(n_atoms - calls[n_calls - 1].atoms);
    if (n_atoms == sizeof atoms / sizeof *atoms) abort();
    return step;
}

static at_step *put_final(unsigned line, unsigned flags, unsigned outcome)
{
    at_step *step = put_atom(AT_A_FINAL, line, flags | AT_A_FREES | AT_A_MAY_END);
    step->outcome = (uint8_t)outcome;
    return step;
}

/* Numbers of atoms in `set`, counted from the form's first, "" none; `from` is the number of the atom
 * that they follow, 0 for those that come first. */
static uint8_t put_list(unsigned from, const char *set)
{
    int8_t list[10];
    unsigned n = 0, at;
    list[n++] = (int8_t)strlen(set);
    for (; *set != '\0'; set++) list[n++] = (int8_t)(*set - '0' - (int)from);
    for (at = 0; at + n <= n_follows && memcmp(follows + at, list, n) != 0; at++) {}
    if (at + n <= n_follows) return (uint8_t)at;
    at = n_follows;
    n_follows += n;
    if (n_follows > sizeof follows) abort();
    memcpy(follows + at, list, n);
    return (uint8_t)at;
}

static void put_call(const char *name, unsigned op, unsigned line, const char *first)
{
    at_call *c = &calls[n_calls];
    memset(c, 0, sizeof *c);
    c->name = (uint16_t)put_text(name);
    c->op = op & 7u;
    c->line = line & 0x3ffu;
    c->course = n_calls & 0x3fu;
    c->atoms = n_atoms & 0x1fffu;
    courses[n_calls].first = put_list(0, first);
    courses[n_calls].error_outcome = 10;
    courses[n_calls].within = 1;
    courses[n_calls].op_saved = AT_OP_NONE;
    courses[n_calls].data = AT_NONE;
    courses[n_calls].data_count = AT_NONE8;
    n_calls++;
}

/* What follows the atom that was put last. */
static void put_follow(at_step *step, const char *set)
{
    step->follow = put_list(n_atoms - 1u - calls[n_calls - 1].atoms, set);
}

static void put_known(unsigned kind, unsigned id, unsigned line)
{
    at_known *k = &known[n_known++];
    memset(k, 0, sizeof *k);
    k->kind = (uint8_t)kind;
    k->id = (uint8_t)id;
    k->line = line & 0x3ffu;
}

/* A URC's number is its line's. */
static void put_urc(unsigned kind, unsigned urc, unsigned line)
{
    if (line != urc) abort();
    put_known(kind, 0, line);
}

static uint32_t hash(const char *s, size_t n)
{
    uint32_t h = 0;
    size_t i;
    for (i = 0; i < n; i++)
        if (s[i] != ' ') h = (h * 5) ^ (uint8_t)s[i];
    return h & 15;
}

/* Sort those with a key by their hash. */
static void put_heads(void)
{
    static at_known sorted[32];
    unsigned b, k, n = 0;
    for (b = 0; b < 16; b++) {
        buckets[b] = (uint16_t)n;
        for (k = 0; k < tables.headless; k++) {
            const char *head = text + heads[known[k].line];
            size_t key_n = strcspn(head, ":=,");
            if (hash(head, key_n) != b) continue;
            sorted[n] = known[k];
            sorted[n++].key = heads[known[k].line];
        }
    }
    buckets[16] = (uint16_t)n;
    memcpy(known, sorted, n * sizeof *known);
    tables.n_known = (uint16_t)n_known;
}

/* ---- stand-ins for the generated lexer and grammar ---- */

static void scan_cells(at_scan *s)
{
    size_t at = s->pos;
    s->n_cells = 0;
    s->broken = false;
    while (at < s->n && s->line[at] == ' ') at++;
    if (at == s->n) return;
    for (;;) {
        at_cell *c = &s->cells[s->n_cells++];
        bool quoted = false;
        size_t end = at;
        while (end < s->n && (quoted || s->line[end] != ',')) quoted ^= s->line[end++] == '"';
        c->at = (uint16_t)at;
        c->n = (uint16_t)(end - at);
        s->broken = quoted;
        at = end + 1;
        if (end >= s->n || s->n_cells == AT_CELLS_MAX) return;
    }
}

static unsigned bits(uint32_t mask)
{
    unsigned n = 0;
    for (; mask != 0; mask &= mask - 1) n++;
    return n;
}

static int match(unsigned n, unsigned shape)
{
    const at_line *l = &lines[shape];
    bool elastic = is_elastic(shape);
    unsigned i;
    accepts[0] = 0;
    for (i = 0; i < l->n_readings; i++) {
        unsigned want = bits(readings[l->readings + i].mask);
        if (want == n || (elastic && n > want)) accepts[++accepts[0]] = (uint8_t)i;
    }
    return accepts[0] > 0 ? 0 : -1;
}

/* ---- the dialect ---- */

typedef struct one { uint8_t outcome; uint8_t value; } one;
typedef struct scan_row { uint8_t ecn; int8_t rssi; at_text ssid; } scan_row;
typedef struct send_in { uint8_t link; uint16_t length; at_bytes data; } send_in;
typedef struct names_in { bool has_b; at_text a, b; } names_in;
typedef struct two_texts { uint8_t outcome; at_text a, b; } two_texts;
typedef struct read_out { uint8_t outcome; uint16_t n; at_bytes data; } read_out;
typedef struct pub_in { uint8_t id; at_text topic; } pub_in;
typedef struct pub_out { uint8_t outcome, id, result, queued; } pub_out;
typedef struct link_event { uint8_t outcome; bool has_link; uint8_t link; } link_event;
typedef struct ping_out { uint8_t outcome, count; uint16_t ms; } ping_out;
typedef struct ipd { uint8_t link; uint16_t length; at_bytes data; } ipd;
typedef struct join_in { at_saved saved; at_text ssid; } join_in;
typedef struct message { at_text text; } message;

static void put_traits(void)
{
    static const at_trait all[N_TRAITS] = {
        [PLAIN] = { 0, 0, 0, 0, AT_NONE8 },
        [ELASTIC] = { AT_S_ELASTIC, 0, 0, 0, AT_NONE8 },
        [LITERAL] = { AT_S_LITERAL, 0, 0, 0, AT_NONE8 },
        [CODED] = { 0, 0, 0, 0, AT_NONE8 },
        [TIED] = { 0, 1, 0, 0, AT_NONE8 },
        [NAMES_B] = { AT_S_EMPTY_OK, 0, 0, 0, offsetof(names_in, has_b) },
        [HAS_LINK] = { 0, 0, 0, 0, offsetof(link_event, has_link) },
    };
    unsigned i;
    memcpy(traits, all, sizeof all);
    for (i = 0; i < sizeof sorts / sizeof *sorts; i++) {
        sorts[i].type = (uint8_t)(i % N_TYPES);
        sorts[i].trait = (uint8_t)(i / N_TYPES);
    }
}

enum { READY = 7, GOT_IP, IPD, RECV, MSG, QUOTED, CLOSED = 14, CONNECT };   /* their lines */
enum { AT, VOL_SET, VOL_READ, SCAN, SEND, GMR, INFO, READ, RCV, PUB, TRANS, HTTP, TEXT, DIRECT,
       PING, JOIN, CLOSE, QUEUE, NAMES, ATO };

static void put_results(void)
{
    bare("OK", AT_LINE_RESULT);                         /* line 0 */
    bare("ERROR", AT_LINE_RESULT);                      /* 1 */
    put_line("+CME ERROR", ": ", "", AT_LINE_RESULT);   /* 2 */
    put_slot(U16, 0, PLAIN);
    put_reading(1);
    bare("busy p...", AT_LINE_RESULT);                  /* 3 */
    bare("SEND OK", AT_LINE_RESULT);                    /* 4 */
    bare("SEND FAIL", AT_LINE_RESULT);                  /* 5 */
    bare("FAIL", AT_LINE_RESULT);                       /* 6 */
    put_known(AT_H_OK, 0, 0);
    put_known(AT_H_ERROR, 0, 1);
    put_known(AT_H_ERROR, 1, 2);
    put_known(AT_H_BUSY, 0, 3);
    put_known(AT_H_OK, 1, 4);
    put_known(AT_H_ERROR, 2, 5);
    put_known(AT_H_ERROR, 3, 6);
}

static void put_linked(const char *word)
{
    put_line("", "", "", AT_LINE_URC);
    put_slot(U8, offsetof(link_event, link), HAS_LINK);
    put_literal(word);
    put_reading(3);
    put_reading(2);
}

static void put_urcs(void)
{
    put_urc(AT_H_RESTART, READY, bare("ready", AT_LINE_URC));
    put_urc(AT_H_URC, GOT_IP, bare("WIFI GOT IP", AT_LINE_URC));
    put_data(put_line("+IPD", ",", "", AT_LINE_URC), AT_DATA_INLINE, ':', offsetof(ipd, data), 1);
    put_slot(U8, offsetof(ipd, link), PLAIN);
    put_slot(U16, offsetof(ipd, length), PLAIN);
    put_reading(3);
    put_urc(AT_H_URC, IPD, n_lines - 1);
    put_data(put_line("+RECV", ": ", "", AT_LINE_URC), AT_DATA_AFTER, 0, offsetof(ipd, data), 1);
    put_slot(U8, offsetof(ipd, link), PLAIN);
    put_slot(U16, offsetof(ipd, length), PLAIN);
    put_reading(3);
    put_reading(1);
    put_urc(AT_H_URC, RECV, n_lines - 1);
    put_line("+MSG", ": ", "", AT_LINE_URC);
    put_slot(STRING, offsetof(message, text), PLAIN);
    put_reading(1);
    put_urc(AT_H_URC, MSG, n_lines - 1);
    put_data(put_line("+QUOTED", ": ", "", AT_LINE_URC), AT_DATA_INLINE, '"', offsetof(ipd, data),
             1);
    put_slot(U8, offsetof(ipd, link), PLAIN);
    put_slot(U16, offsetof(ipd, length), PLAIN);
    put_literal("");
    put_reading(7);
    rests[n_lines].data_tail = (uint8_t)put_text("\"\r\n");
    put_urc(AT_H_URC, QUOTED, n_lines - 1);
    tables.headless = (uint16_t)n_known;
    put_line("", "", "", AT_LINE_RESULT);
    put_slot(U16, 0, CODED);
    traits[CODED].pre = (uint8_t)put_text("E#");
    put_reading(1);
    put_known(AT_H_ERROR, 4, n_lines - 1);
    put_linked("CLOSED");
    put_urc(AT_H_URC, CLOSED, n_lines - 1);
    put_linked("CONNECT");
    put_urc(AT_H_URC, CONNECT, n_lines - 1);
}

static unsigned number_line(const char *head, const char *lead, unsigned type, size_t offset)
{
    put_line(head, lead, "", AT_LINE_INFO);
    put_slot(type, offset, PLAIN);
    put_reading(1);
    return n_lines - 1;
}

static unsigned text_line(const char *head, const char *lead, size_t offset)
{
    return number_line(head, lead, STRING, offset);
}

/* A final OK that is atom `i` of its form and ends it with outcome 0. */
static void put_ok(void)
{
    put_final(0, AT_A_OK, 0);
}

static void put_simple(void)
{
    unsigned none = bare("", AT_LINE_BARE), line;
    put_call("", AT_OP_EXEC, none, "0");                     /* AT */
    put_ok();
    put_call("+VOL", AT_OP_SET, number_line("", "", U8, 0), "0");
    put_ok();
    line = number_line("+VOL", ":", U8, offsetof(one, value));
    put_call("+VOL", AT_OP_READ, none, "0");
    put_follow(put_atom(AT_A_LINE, line, 0), "1");
    put_ok();
    put_line("+SCAN", ":(", ")", AT_LINE_INFO);
    put_slot(U8, offsetof(scan_row, ecn), PLAIN);
    put_slot(STRING, offsetof(scan_row, ssid), PLAIN);
    put_slot(I8, offsetof(scan_row, rssi), PLAIN);
    put_reading(7);
    line = n_lines - 1;
    put_call("+SCAN", AT_OP_EXEC, none, "01");
    put_follow(put_atom(AT_A_LINE, line, AT_A_ROW), "01");
    put_ok();
}

static void put_phase_send(void)
{
    phases[0].flags = AT_P_COUNTED;
    phases[0].max = 4096;
    phases[0].count_type = U16;
    phases[0].count = offsetof(send_in, length);
}

static void put_send(void)
{
    unsigned prompt = put_text(">");
    put_phase_send();
    put_line("", "", "", AT_LINE_BARE);
    put_slot(U8, offsetof(send_in, link), PLAIN);
    put_slot(U16, offsetof(send_in, length), PLAIN);
    put_reading(3);
    put_call("+SEND", AT_OP_SET, n_lines - 1, "0");
    courses[n_calls - 1].data = offsetof(send_in, data);
    courses[n_calls - 1].data_count = 1;
    put_follow(put_atom(AT_A_FINAL, 0, 0), "1");
    put_follow(put_atom(AT_A_PROMPT, prompt, 0), "2");
    put_follow(put_atom(AT_A_DATA_IN, 0, 0), "34");
    put_final(4, AT_A_OK, 0);
    put_final(5, 0, 1);
}

static void put_texts(void)
{
    unsigned none = bare("", AT_LINE_BARE), line, other;
    put_line("", "", "", AT_LINE_INFO);
    put_slot(FREE, offsetof(two_texts, a), ELASTIC);
    put_reading(1);
    line = n_lines - 1;
    put_call("+GMR", AT_OP_EXEC, none, "0");
    put_follow(put_atom(AT_A_LINE, line, AT_A_ROW), "01");
    put_ok();
    line = text_line("+INFO", ":ip:", offsetof(two_texts, a));
    other = text_line("+INFO", ":gw:", offsetof(two_texts, b));
    put_call("+INFO", AT_OP_READ, none, "0");
    put_follow(put_atom(AT_A_LINE, line, AT_A_KEEP), "1");
    put_follow(put_atom(AT_A_LINE, other, AT_A_KEEP), "2");
    put_ok();
}

static void put_reads(void)
{
    unsigned line;
    number_line("", "", U16, 0);
    line = n_lines - 1;
    put_data(put_line("+READ", ":", "", AT_LINE_INFO), AT_DATA_INLINE, ',',
             offsetof(read_out, data), 0);
    put_slot(U16, offsetof(read_out, n), PLAIN);
    put_reading(1);
    put_call("+READ", AT_OP_SET, line, "0");
    put_follow(put_atom(AT_A_LINE, n_lines - 1, 0), "1");
    put_ok();
    put_data(put_line("+RCV", ": ", "", AT_LINE_INFO), AT_DATA_AFTER, 0, offsetof(read_out, data),
             0);
    put_slot(U16, offsetof(read_out, n), PLAIN);
    put_reading(1);
    put_call("+RCV", AT_OP_SET, line, "0");
    put_follow(put_atom(AT_A_LINE, n_lines - 1, 0), "1");
    put_ok();
}

static void put_pub(void)
{
    ties[0].offset = offsetof(pub_in, id);
    ties[0].sort = sort_of(U8, PLAIN);
    figures[0].tie = 1;
    figures[0].setting = AT_NONE8;
    put_line("", "", "", AT_LINE_BARE);
    put_slot(U8, offsetof(pub_in, id), PLAIN);
    put_slot(STRING, offsetof(pub_in, topic), PLAIN);
    put_reading(3);
    put_call("+PUB", AT_OP_SET, n_lines - 1, "0");
    put_line("+PUB", ": ", "", AT_LINE_INFO);
    put_slot(U8, offsetof(pub_out, id), TIED);
    put_slot(U8, offsetof(pub_out, result), PLAIN);
    put_reading(3);
    put_follow(put_atom(AT_A_FINAL, 0, AT_A_OK | AT_A_FREES), "1");
    steps[n_atoms - 1].outcome = 0;
    put_atom(AT_A_LINE, n_lines - 1, AT_A_LATER | AT_A_MAY_END);
}

static void put_streams(void)
{
    unsigned none = bare("", AT_LINE_BARE), connect = bare("CONNECT", AT_LINE_RESULT), carrier;
    unsigned later = number_line("+HTTP", ": ", U8, offsetof(one, value));
    phases[1].texts[AT_P_UNTIL] = (uint16_t)put_text("+++");
    phases[1].silence_ms = 1000;
    phases[1].line = AT_NONE;
    phases[1].flags = AT_P_TRANSPARENT;
    put_call("+TRANS", AT_OP_EXEC, none, "0");
    put_follow(put_atom(AT_A_FINAL, 0, AT_A_OK), "1");
    steps[n_atoms - 1].outcome = 0;
    put_follow(put_atom(AT_A_PROMPT, put_text(">"), 0), "2");
    put_atom(AT_A_TRANSPARENT, 1, AT_A_FREES | AT_A_MAY_END);
    if (tables.transparent == 0) tables.transparent = (uint16_t)n_atoms;
    phases[2].line = 0;
    put_call("+HTTP", AT_OP_EXEC, none, "0");
    put_follow(put_atom(AT_A_FINAL, connect, 0), "1");
    put_atom(AT_A_BODY, 2, AT_A_FREES | AT_A_MAY_END);
    put_atom(AT_A_LINE, later, AT_A_LATER | AT_A_MAY_END);     /* nothing leads there by itself */
    phases[3].texts[AT_P_UNTIL] = (uint16_t)put_text("\x1a");
    phases[3].cancel = (uint8_t)put_text("\x1b");
    phases[3].texts[AT_P_ESCAPE] = (uint16_t)put_text("\\z");
    text_line("", "", offsetof(pub_in, topic));
    put_call("+TEXT", AT_OP_SET, n_lines - 1, "0");
    courses[n_calls - 1].data = offsetof(send_in, data);
    slots[lines[n_lines - 1].slots].offset = offsetof(send_in, link);
    slots[lines[n_lines - 1].slots].sort = sort_of(U8, PLAIN);
    put_follow(put_atom(AT_A_PROMPT, put_text(">"), 0), "1");
    put_follow(put_atom(AT_A_DATA_IN, 3, 0), "2");
    put_ok();
    number_line("", "", U16, offsetof(send_in, length));
    put_call("+DIRECT", AT_OP_SET, n_lines - 1, "0");
    courses[n_calls - 1].data = offsetof(send_in, data);
    courses[n_calls - 1].data_count = 0;
    put_follow(put_atom(AT_A_DATA_IN, 0, 0), "1");
    put_ok();
    carrier = bare("NO CARRIER", AT_LINE_RESULT);
    phases[4] = phases[1];
    phases[4].line = (uint16_t)carrier;
}

static void put_ping(void)
{
    unsigned row = number_line("+PING", ": ", U16, 0), sum;
    put_line("+PING", ": ", "", AT_LINE_INFO);
    put_slot(U16, offsetof(ping_out, ms), PLAIN);
    put_slot(U8, offsetof(ping_out, count), PLAIN);
    put_reading(3);
    put_reading(1);
    sum = n_lines - 1;
    repeats[0].figure = 1;
    number_line("", "", U8, 0);
    put_call("+PING", AT_OP_SET, n_lines - 1, "0");
    put_follow(put_atom(AT_A_FINAL, 0, AT_A_OK | AT_A_FREES), "12");
    steps[n_atoms - 1].outcome = 0;
    put_follow(put_atom(AT_A_LINE, row, AT_A_LATER | AT_A_ROW | AT_A_LOOPS), "12");
    steps[n_atoms - 1].loop = 1;
    put_atom(AT_A_LINE, sum, AT_A_LATER | AT_A_MAY_END);
}

static void put_rest(void)
{
    unsigned line = text_line("", "", offsetof(join_in, ssid)), reason, none;
    reason = number_line("\x01", ":", U8, offsetof(one, value));
    put_call("+JOIN_", AT_OP_SET, line, "01");
    courses[n_calls - 1].endings = (uint8_t)(n_words + 1u);
    words[n_words++] = (uint16_t)put_text("CUR");
    words[n_words++] = (uint16_t)put_text("DEF");
    courses[n_calls - 1].op_saved = AT_OP_SET;
    put_ok();
    put_follow(put_atom(AT_A_LINE, reason, 0), "2");
    put_final(6, 0, 1);
    number_line("", "", U8, 0);
    line = n_lines - 1;
    put_linked("CLOSED");
    put_call("+CLOSE", AT_OP_SET, line, "0");
    put_follow(put_atom(AT_A_LINE, n_lines - 1, 0), "1");
    put_ok();
    /* QUEUE: a value, OK, later the end: its values stay while other commands run */
    none = bare("", AT_LINE_BARE);
    line = number_line("", "", U8, offsetof(pub_out, queued));
    reason = number_line("+QUEUE", ": ", U8, offsetof(pub_out, result));
    put_call("+QUEUE", AT_OP_EXEC, none, "0");
    put_follow(put_atom(AT_A_LINE, line, 0), "1");
    put_follow(put_atom(AT_A_FINAL, 0, AT_A_OK | AT_A_FREES), "2");
    steps[n_atoms - 1].outcome = 0;
    put_atom(AT_A_LINE, reason, AT_A_LATER | AT_A_MAY_END);
    put_line("", "", "", AT_LINE_BARE);
    put_slot(FREE, offsetof(names_in, a), PLAIN);
    put_slot(FREE, offsetof(names_in, b), NAMES_B);
    put_reading(3);
    put_call("+NAMES", AT_OP_SET, n_lines - 1, "0");
    put_ok();
    /* ATO: transparent until the carrier is lost; the escape is answered with OK */
    put_call("O", AT_OP_EXEC, none, "0");
    put_follow(put_atom(AT_A_FINAL, atoms[calls[HTTP].atoms].line, 0), "1");
    put_follow(put_atom(AT_A_TRANSPARENT, 4, 0), "2");
    put_ok();
}

static void put_framing(void)
{
    at_tables *t = &tables.t;
    static const char *const signs[6] = { "", "?", "=?", "=", "=!", "" };
    unsigned i;
    t->command_end = (uint16_t)put_text("\r\n");
    t->frames = (const at_frame *)frames;
    tables.ops = ops;
    frames[AT_LINE_INFO][1] = frames[AT_LINE_URC][1] = (uint8_t)t->command_end;
    frames[AT_LINE_RESULT][0] = frames[AT_LINE_RESULT][1] = (uint8_t)t->command_end;
    t->prefix = (uint16_t)put_text("AT");
    t->separators = (uint16_t)put_text(":=");
    for (i = 0; i < 6; i++) ops[i] = (uint16_t)put_text(signs[i]);
    t->flags = AT_D_SPACES;
    t->line_max = 64;
    t->out_max = 80;
    tables.leads = (uint16_t)put_text(":,\"");
    tables.resync = (uint16_t)put_text("AT\r\n");
    tables.top = ':';
}

static void make_dialect(void)
{
    at_tables *t = &tables.t;
    text_n = 1;
    put_text(":");
    put_text(": ");
    put_text(",");
    put_text("\"\r\n");
    n_follows = 1;              /* follows[0] == 0: nothing follows */
    t->text = text; t->types = types; t->values = values; t->slots = slots;
    t->sorts = sorts; t->traits = traits; t->words = words; t->ties = ties; t->conds = conds;
    t->holds = holds; t->rests = rests; t->readings = readings; t->lines = lines; t->heads = heads;
    t->figures = figures; t->times = times; t->phases = phases; t->settings = settings; t->initial = initial;
    t->assigns = assigns; t->accepts = accepts; t->scan_cells = scan_cells; t->match = match;
    t->n_settings = 1; t->n_assigns = 1;
    settings[0].keys = 1;
    initial[0] = AT_UNKNOWN;
    assigns[0].form = VOL_SET;
    assigns[0].has = assigns[0].key = AT_NONE8;
    put_framing();
    put_types();
    put_traits();
    put_results();
    put_urcs();
    put_simple();
    put_send();
    put_texts();
    put_reads();
    put_pub();
    put_streams();
    put_ping();
    put_rest();
    tables.buckets = buckets; tables.bucket_mask = 15; tables.known = known;
    tables.calls = calls; tables.courses = courses; tables.n_calls = (uint16_t)n_calls;
    tables.atoms = atoms; tables.steps = steps; tables.follows = follows; tables.repeats = repeats;
    put_heads();
}

/* ---- a link and what happens on it ---- */

typedef union room { uint64_t align; char bytes[64]; } room;
static at_host host;
static room rooms[AT_RESULTS];
static int32_t setting_values[1];
static at_cell cells[AT_CELLS_MAX];
static char buffer[64 + 1 + 80 + 64];
static uint32_t now;
static char seen[4096], sent[8192];
static size_t seen_n, sent_n, piece, first_piece, takes;

static void see(const char *format, ...) __attribute__((format(printf, 1, 2)));
static void see(const char *format, ...)
{
    va_list ap;
    va_start(ap, format);
    seen_n += (size_t)vsnprintf(seen + seen_n, sizeof seen - seen_n, format, ap);
    va_end(ap);
}

static size_t port_write(void *ctx, const uint8_t *p, size_t n)
{
    (void)ctx;
    if (n > takes) n = takes;
    memcpy(sent + sent_n, p, n);
    sent_n += n;
    sent[sent_n] = '\0';
    return n;
}

static uint32_t port_now(void *ctx)
{
    (void)ctx;
    return now;
}

static void show_chunk(const char *name, const at_chunk *c)
{
    static const char *last;
    (void)last;
    if (c->n > 0) {
        /* pieces of one block are shown together, however it was cut */
        size_t at = seen_n;
        if (at > 0 && seen[at - 1] == '|') seen_n = at - 1;
        else see("%s<", name);
        see("%.*s|", (int)c->n, (const char *)c->p);
    }
    if (c->status != AT_PENDING || (c->n == 0 && c->left == SIZE_MAX)) {
        if (seen_n > 0 && seen[seen_n - 1] == '|') seen_n--;
        else see("%s<", name);
        see(">%s ", c->status == AT_OK ? "" : c->status == AT_PENDING ? "begin" : "short");
    }
}

static void on_event(at_host *h, unsigned urc, const void *fields)
{
    const ipd *d = (const ipd *)fields;
    const link_event *l = (const link_event *)fields;
    ck_assert_ptr_eq(h, &host);
    switch (urc) {
    case READY: see("ready "); break;
    case GOT_IP: see("ip "); break;
    case IPD: see("ipd %u,%u ", d->link, d->length); break;
    case RECV: see("recv %u,%u ", d->link, d->length); break;
    case QUOTED: see("quoted %u,%u ", d->link, d->length); break;
    case MSG: see("msg %s ", ((const message *)fields)->text.p); break;
    case CLOSED: see("closed%s %u ", l->has_link ? "" : "*", l->link); break;
    default: see("connect %u ", l->link); break;
    }
}

static void on_data(at_host *h, unsigned urc, const at_chunk *c)
{
    (void)h;
    show_chunk(urc == IPD ? "ipd" : "data", c);
}

static void on_unknown(at_host *h, at_text line)
{
    ck_assert_int_eq(h->link.in[h->link.in_n], 0);
    see("unknown %s ", line.p);
}

static const at_host_class klass = { &tables, NULL, on_event, on_data, on_unknown, &at__body,
                                     &at__carrier, NULL, at__operator_slot };

static void sink(at_request *r, const at_chunk *c, void *ctx)
{
    (void)r; (void)ctx;
    show_chunk("sink", c);
}

static void show_values(const at_request *r, const void *fields)
{
    const pub_out *p = (const pub_out *)fields;
    const two_texts *t = (const two_texts *)fields;
    switch (r->call - calls) {
    case VOL_READ: case JOIN: see(" %u", ((const one *)fields)->value); break;
    case INFO: see(" %s %s", t->a.p, t->b.p); break;
    case READ: case RCV: see(" n=%u", ((const read_out *)fields)->n); break;
    case PUB: see(" %u,%u", p->id, p->result); break;
    case QUEUE: see(" %u,%u", p->queued, p->result); break;
    case CLOSE: see(" link %u", ((const link_event *)fields)->link); break;
    case PING: see(" %u", ((const ping_out *)fields)->count); break;
    default: break;
    }
}

static void show_row(const at_request *r, const void *fields)
{
    const scan_row *row = (const scan_row *)fields;
    if (r->call == calls + SCAN) see("row %u %s %d ", row->ecn, row->ssid.p, row->rssi);
    else if (r->call == calls + PING) see("ping %u ", *(const uint16_t *)fields);
    else see("text %s ", ((const two_texts *)fields)->a.p);
}

static void deliver(at_request *r, unsigned what, const void *fields, at_status status)
{
    static const char *const names[] = { "ok", "pending", "again", "invalid", "refused",
                                         "unsupported", "timeout", "cancelled", "restarted",
                                         "lost", "garbled", "overflow", "short" };
    if (what != AT_DELIVER_DONE) {
        show_row(r, fields);
        return;
    }
    see("%s", names[status]);
    if (fields) {
        unsigned outcome = *(const uint8_t *)fields;
        if (outcome != 0) see("/%u", outcome);
        show_values(r, fields);
    }
    if (r->error != 0) see(" error %d", (int)r->error);
    see(" ");
}

static void begin(void)
{
    static const at_port port = { port_write, port_now, NULL, NULL, NULL };
    seen_n = sent_n = 0;
    seen[0] = sent[0] = '\0';
    takes = sizeof sent;
    now = UINT32_MAX - 1000;    /* the clock wraps soon */
    ck_assert_int_eq(at_host_init(&host, &klass, &port, buffer, sizeof buffer, rooms,
                                  sizeof rooms[0], setting_values, cells), AT_OK);
}

static void poll_all(void)
{
    unsigned i;
    for (i = 0; i < 20 && at_poll(&host.link) == 0; i++) continue;
    ck_assert_uint_lt(i, 20);
}

static at_request requests[8];
static void start(unsigned i, unsigned call, const void *input)
{
    memset(&requests[i], 0, sizeof requests[i]);
    requests[i].deliver = deliver;
    requests[i].sink = sink;
    ck_assert_int_eq(at_host_start(&host, &requests[i], input, call), AT_OK);
    poll_all();
}

static void feed_bytes(const char *p, size_t n)
{
    size_t step = first_piece > 0 ? first_piece : piece;
    while (n > 0) {
        size_t k = step < n ? step : n;
        ck_assert_uint_eq(at_feed(&host.link, (const uint8_t *)p, k), k);
        p += k;
        n -= k;
        step = piece;
    }
    poll_all();
}

static void feed(const char *s)
{
    feed_bytes(s, strlen(s));
}

static void pass(uint32_t ms)
{
    for (; ms >= 50; ms -= 50) {
        now += 50;
        poll_all();
    }
}

static void expect(const char *what)
{
    ck_assert_str_eq(seen, what);
    seen_n = 0;
    seen[0] = '\0';
}

static void expect_sent(const char *what)
{
    ck_assert_str_eq(sent, what);
    sent_n = 0;
    sent[0] = '\0';
}

/* Every test runs with its input cut in every way: pieces of one size, one cut at each place. */
static void at_every_split(void (*scenario)(void))
{
    static const size_t pieces[] = { 1, 2, 3, 5, 7, 4096 };
    size_t i;
    for (i = 0; i < sizeof pieces / sizeof *pieces; i++) {
        first_piece = 0;
        piece = pieces[i];
        begin();
        scenario();
    }
    for (first_piece = 1; first_piece < 90; first_piece++) {
        piece = 4096;
        begin();
        scenario();
    }
}

#define TEST(name) \
    static void name##_(void); \
    START_TEST(name) { at_every_split(name##_); } END_TEST \
    static void name##_(void)

#define FIFTY "01234567890123456789012345678901234567890123456789"

/* ---- commands and answers ---- */

TEST(command_ok)
{
    start(0, AT, NULL);
    expect_sent("AT\r\n");
    feed("\r\nOK\r\n");
    expect("ok ");
    ck_assert(at_idle(&host.link));
}

TEST(values_and_separators)
{
    start(0, VOL_READ, NULL);
    expect_sent("AT+VOL?\r\n");
    feed("+VOL:7\r\n\r\nOK\r\n");
    expect("ok 7 ");
    start(0, VOL_READ, NULL);
    feed("+VOL = 8\r\n\r\nOK\r\n");
    expect("ok 8 ");
}

TEST(queue_keeps_order)
{
    one seven = { 7, 0 };
    start(0, VOL_SET, &seven);
    start(1, VOL_READ, NULL);
    expect_sent("AT+VOL=7\r\n");
    ck_assert_int_eq(setting_values[0], AT_UNKNOWN);
    feed("\r\nOK\r\n");
    expect("ok ");
    ck_assert_int_eq(setting_values[0], 7);
    expect_sent("AT+VOL?\r\n");
    feed("+VOL:7\r\n\r\nOK\r\n");
    expect("ok 7 ");
}

TEST(errors)
{
    start(0, VOL_READ, NULL);
    feed("\r\nERROR\r\n");
    expect("refused/10 0 ");
    start(0, VOL_READ, NULL);
    feed("\r\n+CME ERROR: 53\r\n");
    expect("refused/11 0 error 53 ");
    start(0, VOL_READ, NULL);
    feed("\r\nOK\r\n");
    expect("garbled ");
}

TEST(rows)
{
    start(0, SCAN, NULL);
    feed("+SCAN:(3,\"my, net\",-61)\r\n+SCAN:(0,\"\",-5)\r\n+SCAN:(0,\"x\",9)\r\n\r\nOK\r\n");
    expect("row 3 my, net -61 row 0  -5 unknown +SCAN:(0,\"x\",9) ok ");
}

TEST(kept_lines)
{
    start(0, INFO, NULL);
    feed("+INFO:ip:\"10.0.0.1\"\r\nWIFI GOT IP\r\n+INFO:gw:\"10.0.0.254\"\r\n+MSG: \"hi\"\r\n"
         "\r\nOK\r\n");
    expect("ip msg hi ok 10.0.0.1 10.0.0.254 ");
}

TEST(free_text_is_last)
{
    start(0, GMR, NULL);
    feed("AT version:1.6(Jan)\r\nWIFI GOT IP\r\n0,CLOSED\r\ncompile time, now\r\nOK\r\n");
    expect("text AT version:1.6(Jan) ip closed 0 text compile time, now ok ");
}

TEST(family)
{
    join_in join = { AT_FLASH, AT_TEXT("net") };
    start(0, JOIN, &join);
    expect_sent("AT+JOIN_DEF=\"net\"\r\n");
    feed("+JOIN_DEF:3\r\n\r\nFAIL\r\n");
    expect("refused/1 3 ");
    join.saved = AT_RAM;
    start(0, JOIN, &join);
    expect_sent("AT+JOIN_CUR=\"net\"\r\n");
    feed("+JOIN_DEF:3\r\n\r\nOK\r\n");
    expect("unknown +JOIN_DEF:3 ok 0 ");
}

TEST(refused_values)
{
    send_in in = { 0, 0, { NULL, 5000 } };
    static uint8_t payload[5000];
    in.data.p = payload;
    memset(&requests[0], 0, sizeof requests[0]);
    requests[0].deliver = deliver;
    ck_assert_int_eq(at_host_start(&host, &requests[0], &in, SEND), AT_INVALID);
    ck_assert_int_eq(at_host_bad_field(&host), 1);
    ck_assert(at_idle(&host.link));
    in.data.n = 5;
    start(0, SEND, &in);
    ck_assert_int_eq(at_host_start(&host, &requests[0], &in, SEND), AT_INVALID);
    ck_assert_int_eq(at_host_start(&host, &requests[1], NULL, 99), AT_INVALID);
}

/* ---- URCs ---- */

TEST(urcs_when_idle)
{
    feed("WIFI GOT IP\r\n0,CONNECT\r\nCLOSED\r\n3,CLOSED\r\n+MSG: \"a,b\"\r\nno such line\r\n");
    expect("ip connect 0 closed* 0 closed 3 msg a,b unknown no such line ");
}

TEST(data_inside_a_line)
{
    feed("\r\n+IPD,0,5:he\nlo\r\n+IPD,1,4:OK\r\n+IPD,2,0:1,CLOSED\r\n");
    expect("ipd 0,5 ipd<he\nlo> ipd 1,4 ipd<OK\r\n> ipd 2,0 ipd<> closed 1 ");
}

TEST(no_line_end_after_payload)
{
    feed("+IPD,0,27:{\"nics_dev\":{\"curTemp\":69}}0,CLOSED\r\n");
    expect("ipd 0,27 ipd<{\"nics_dev\":{\"curTemp\":69}}> closed 0 ");
}

TEST(data_after_a_line)
{
    feed("\r\n+RECV: 1,4\r\n\r\nOK\r\n+RECV: 2\r\nWIFI GOT IP\r\n");
    expect("recv 1,4 data<\r\nOK> recv 2,0 ip ");
}

TEST(data_in_quotes)
{
    feed("+QUOTED: 1,5,\"a\"b,c\"\r\nWIFI GOT IP\r\n+QUOTED: 1,2,\"\r\n\"\r\n2,CLOSED\r\n");
    expect("quoted 1,5 data<a\"b,c> ip quoted 1,2 data<\r\n> closed 2 ");
}

TEST(payload_that_looks_like_answers)
{
    start(0, VOL_READ, NULL);
    feed("+IPD,0,21:\r\nOK\r\n+VOL:9\r\nERROR\r\n+VOL:3\r\n\r\nOK\r\n");
    expect("ipd 0,21 ipd<\r\nOK\r\n+VOL:9\r\nERROR\r\n> ok 3 ");
}

TEST(line_that_a_urc_could_be)
{
    one link = { 2, 0 };
    start(0, CLOSE, &link);
    feed("2,CLOSED\r\n\r\nOK\r\n1,CLOSED\r\n");
    expect("ok link 2 closed 1 ");
}

TEST(payload_stops_short)
{
    feed("+IPD,0,9:hel");
    pass(900);
    pass(200);
    expect("ipd 0,9 ipd<hel>short ");
    feed("\r\nWIFI GOT IP\r\n");
    expect("ip ");
}

/* Its answer would be taken for what is missing. */
TEST(command_waits_for_a_payload)
{
    feed("+IPD,0,9:hel");
    start(0, AT, NULL);
    pass(900);
    expect_sent("");
    pass(200);
    expect("ipd 0,9 ipd<hel>short ");
    expect_sent("AT\r\n");
    feed("\r\nOK\r\n");
    expect("ok ");
    feed("+IPD,0,9:hel");
    start(0, AT, NULL);
    feed("lo you");
    expect("ipd 0,9 ipd<hello you> ");
    expect_sent("AT\r\n");
    feed("\r\nOK\r\n");
    expect("ok ");
}

TEST(error_without_a_head)
{
    start(0, VOL_READ, NULL);
    feed("1,CLOSED\r\n\r\nE#4096\r\n");
    expect("closed 1 refused/14 0 error 4096 ");
    feed("\r\nE#4096\r\n");
    expect("unknown E#4096 ");
}

/* ---- echo ---- */

TEST(echo)
{
    start(0, VOL_READ, NULL);
    feed("AT+VOL?\r\r\n+VOL:1\r\n\r\nOK\r\n");
    expect("ok 1 ");
    start(0, VOL_READ, NULL);
    feed("AT+VOL?\r\n+VOL:2\r\n\r\nOK\r\n");
    expect("ok 2 ");
    start(0, VOL_READ, NULL);
    feed("AT+VOL?\r+VOL:3\r\n\r\nOK\r\n");
    expect("ok 3 ");
}

TEST(urc_inside_the_echo)
{
    send_in in = { 0, 98, { NULL, 0 } };
    start(0, SEND, &in);
    expect_sent("AT+SEND=0,98\r\n");
    feed("AT+SEND=0,1,CONNECT\r\n98\r\n\r\nOK\r\n");
    expect("connect 1 ");
    start(1, AT, NULL);
    at_cancel(&host, &requests[1]);
    poll_all();
    expect("cancelled ");
}

TEST(urc_that_begins_like_the_echo)
{
    send_in in = { 0, 18, { NULL, 0 } };
    start(0, SEND, &in);
    feed("AT+SEND=0,1,CONNECT\r\n18\r\n\r\nERROR\r\n");
    expect("connect 1 refused/10 ");
}

TEST(data_inside_the_echo)
{
    one v = { 7, 0 };
    start(0, VOL_SET, &v);
    feed("AT+V+IPD,0,5:hello");
    feed("OL=7\r\n\r\nOK\r\n");
    expect("ipd 0,5 ipd<hello> ok ");
}

/* ---- data to the module ---- */

TEST(send)
{
    send_in in = { 1, 0, { (const uint8_t *)"hello", 5 } };
    start(0, SEND, &in);
    expect_sent("AT+SEND=1,5\r\n");
    feed("\r\nOK\r\n");
    expect_sent("");
    feed("> ");
    expect_sent("hello");
    feed("\r\nSEND OK\r\n");
    expect("ok ");
}

TEST(send_fails)
{
    send_in in = { 1, 0, { (const uint8_t *)"hello", 5 } };
    start(0, SEND, &in);
    feed("\r\nOK\r\n>");
    feed("\r\nRecv 5 bytes\r\n\r\nSEND FAIL\r\n");
    expect("unknown Recv 5 bytes refused/1 ");
}

TEST(urc_between_ok_and_prompt)
{
    send_in in = { 1, 0, { (const uint8_t *)"hello", 5 } };
    start(0, SEND, &in);
    feed("\r\nOK\r\n+IPD,0,3:> x\r\n> ");
    expect("ipd 0,3 ipd<> x> ");
    expect_sent("AT+SEND=1,5\r\nhello");
    feed("\r\nRecv 5 bytes\r\n+IPD,0,1:a\r\nSEND OK\r\n");
    expect("unknown Recv 5 bytes ipd 0,1 ipd<a> ok ");
}

TEST(prompt_only_where_expected)
{
    start(0, VOL_READ, NULL);
    feed("> \r\n+VOL:1\r\n\r\nOK\r\n");
    expect("unknown >  ok 1 ");
}

static size_t from_source(at_request *r, uint8_t *to, size_t room_n, void *ctx)
{
    static unsigned calls_n;
    size_t i;
    (void)ctx;
    if (calls_n++ % 3 == 2) return 0;
    for (i = 0; i < room_n && i < 50; i++) to[i] = (uint8_t)('a' + (r->sent + i) % 26);
    return i;
}

TEST(send_from_a_source)
{
    send_in in = { 1, 200, { NULL, 0 } };
    unsigned i;
    memset(&requests[0], 0, sizeof requests[0]);
    requests[0].deliver = deliver;
    requests[0].source = from_source;
    ck_assert_int_eq(at_host_start(&host, &requests[0], &in, SEND), AT_OK);
    poll_all();
    expect_sent("AT+SEND=1,200\r\n");
    feed("\r\nOK\r\n> ");
    pass(500);
    ck_assert_uint_eq(sent_n, 200);
    for (i = 0; i < 200; i++) ck_assert_int_eq(sent[i], 'a' + (int)i % 26);
    feed("\r\nSEND OK\r\n");
    expect("ok ");
}

static size_t from_nowhere(at_request *r, uint8_t *to, size_t room_n, void *ctx)
{
    (void)r;
    (void)to;
    (void)room_n;
    (void)ctx;
    return 0;
}

TEST(source_that_never_has_anything)
{
    send_in in = { 1, 5, { NULL, 0 } };
    memset(&requests[0], 0, sizeof requests[0]);
    requests[0].deliver = deliver;
    requests[0].source = from_nowhere;
    ck_assert_int_eq(at_host_start(&host, &requests[0], &in, SEND), AT_OK);
    poll_all();
    feed("\r\nOK\r\n> ");
    pass(4900);
    expect("");
    pass(200);
    expect("timeout ");
    ck_assert_uint_eq(sent_n, strlen("AT+SEND=1,5\r\n") + 5);      /* the module gets zeros instead */
}

TEST(port_takes_little)
{
    send_in in = { 1, 0, { (const uint8_t *)"hello", 5 } };
    unsigned i;
    takes = 1;
    start(0, SEND, &in);
    for (i = 0; i < 20; i++) at_poll(&host.link);
    feed("\r\nOK\r\n> ");
    for (i = 0; i < 20; i++) at_poll(&host.link);
    expect_sent("AT+SEND=1,5\r\nhello");
}

TEST(data_until_a_text)
{
    send_in in = { 1, 0, { (const uint8_t *)"ab\x1a" "cd", 5 } };
    start(0, TEXT, &in);
    feed("> ");
    expect_sent("AT+TEXT=1\r\nab\\zcd\x1a");
    feed("\r\nOK\r\n");
    expect("ok ");
}

TEST(data_that_ends_in_half_an_escape)
{
    send_in in = { 1, 0, { (const uint8_t *)"ab\\", 3 } };
    phases[3].texts[AT_P_UNTIL] = (uint16_t)put_text("\\0");
    phases[3].texts[AT_P_ESCAPE] = (uint16_t)put_text("\\\\0");
    memset(&requests[0], 0, sizeof requests[0]);
    ck_assert_int_eq(at_host_start(&host, &requests[0], &in, TEXT), AT_INVALID);       /* `ab\\0` */
    in.data.p = (const uint8_t *)"\\ab";
    start(0, TEXT, &in);
    feed("> ");
    expect_sent("AT+TEXT=1\r\n\\ab\\0");
    phases[3].texts[AT_P_UNTIL] = (uint16_t)put_text("\x1a");
    phases[3].texts[AT_P_ESCAPE] = (uint16_t)put_text("\\z");
}

TEST(data_without_a_prompt)
{
    send_in in = { 1, 0, { (const uint8_t *)"hello", 5 } };
    start(0, DIRECT, &in);
    expect_sent("AT+DIRECT=5\r\nhello");
    feed("\r\nOK\r\n");
    expect("ok ");
}

/* What is left of its data the module may read as lines. */
TEST(error_behind_data)
{
    send_in in = { 1, 0, { (const uint8_t *)"hello", 5 } };
    start(0, SEND, &in);
    feed("\r\nOK\r\n> ");
    expect_sent("AT+SEND=1,5\r\nhello");
    feed("\r\nERROR\r\n");
    expect("refused/10 ");
    start(1, VOL_READ, NULL);
    pass(AT_QUIET_MS);
    expect_sent("AT\r\n");
    feed("\r\nOK\r\n");
    pass(AT_QUIET_MS);
    expect_sent("AT+VOL?\r\n");
}

TEST(busy_behind_data)
{
    send_in in = { 1, 0, { (const uint8_t *)"hello", 5 } };
    start(0, SEND, &in);
    feed("\r\nOK\r\n> ");
    feed("\r\nbusy p...\r\n\r\nSEND OK\r\n");      /* it took less than that, and the rest for a line */
    expect("ok ");
    sent_n = 0;
    start(1, VOL_READ, NULL);
    pass(AT_QUIET_MS);
    expect_sent("AT\r\n");
}

TEST(result_code_of_nobody)
{
    feed("\r\nERROR\r\n");
    expect("unknown ERROR ");
    expect_sent("");
    start(0, VOL_READ, NULL);
    pass(AT_QUIET_MS);
    expect_sent("AT\r\n");
    feed("\r\nOK\r\n");
    pass(AT_QUIET_MS);
    expect_sent("AT+VOL?\r\n");
    feed("+VOL:7\r\n\r\nOK\r\n");
    expect("ok 7 ");
}

/* Noise was a command to the module, or the answer to one of the host's. */
TEST(transparent_mode_of_nobody)
{
    feed("\r\nERROR\r\n");
    start(0, VOL_READ, NULL);
    pass(AT_QUIET_MS);
    expect_sent("AT\r\n");
    pass(AT_RESYNC_MS + 3200 + AT_QUIET_MS);
    expect_sent("+++AT\r\n");
    feed("\r\nOK\r\n");
    pass(AT_QUIET_MS);
    expect_sent("AT+VOL?\r\n");
}

TEST(cancel_in_the_data_phase)
{
    send_in in = { 1, 0, { (const uint8_t *)"hello", 5 } };
    start(0, SEND, &in);
    feed("\r\nOK\r\n");
    at_cancel(&host, &requests[0]);
    poll_all();
    expect("cancelled ");
    expect_sent("AT+SEND=1,5\r\n");
    feed("> ");
    ck_assert_uint_eq(sent_n, 5);
    ck_assert_mem_eq(sent, "\0\0\0\0\0", 5);
    sent_n = 0;
    feed("\r\nSEND OK\r\n");
    start(1, VOL_READ, NULL);
    expect_sent("AT+VOL?\r\n");
}

TEST(cancel_text)
{
    send_in in = { 1, 0, { (const uint8_t *)"hello", 5 } };
    start(0, TEXT, &in);
    at_cancel(&host, &requests[0]);
    poll_all();
    feed("> ");
    expect_sent("AT+TEXT=1\r\n\x1b");
    feed("\r\nOK\r\n");
    expect("cancelled ");
    start(1, AT, NULL);
    expect_sent("AT\r\n");
}

/* ---- data from the module ---- */

TEST(data_in_an_answer)
{
    one ten = { 10, 0 };
    start(0, READ, &ten);
    feed("+READ:6,a,b\r\nc\r\n\r\nOK\r\n");
    expect("sink<a,b\r\nc> ok n=6 ");
    start(0, RCV, &ten);
    feed("+RCV: 4\r\nOK\r\n\r\n\r\nOK\r\n");
    expect("sink<OK\r\n> ok n=4 ");
    start(0, RCV, &ten);
    feed("+RCV: 0\r\n\r\nOK\r\n");
    expect("sink<> ok n=0 ");
}

TEST(body)
{
    start(0, HTTP, NULL);
    feed("\r\nCONNECT\r\nline one\r\nNot OK\r\n\r\nlast\r\n\r\nOK\r\n");
    expect("sink<line one\r\nNot OK\r\n\r\nlast\r\n> ok ");
    start(0, HTTP, NULL);
    feed("\r\nCONNECT\r\n\r\nERROR\r\n");
    expect("refused/10 ");
    start(0, HTTP, NULL);
    feed("\r\nCONNECT\r\n" FIFTY FIFTY FIFTY "\r\nOK\r\nx\r\nOK\r\n");
    expect("sink<" FIFTY FIFTY FIFTY "> ok unknown x unknown OK ");
}

TEST(body_with_silence)
{
    phases[2].silence_ms = 100;
    start(0, HTTP, NULL);
    feed("\r\nCONNECT\r\none\r\n\r\nOK\r\ntwo\r\n\r\nOK\r\n");
    pass(200);
    phases[2].silence_ms = 0;
    expect("sink<one\r\n\r\nOK\r\ntwo\r\n> ok ");
}

TEST(body_behind_the_echo)
{
    at_course *c = &courses[HTTP];
    at_course before = *c;
    c->first = put_list(0, "1");
    start(0, HTTP, NULL);
    feed("AT+HTTP\r\na\r\r\nOK\r\n");
    expect("sink<a\r> ok ");
    start(0, HTTP, NULL);
    feed("AT+HTTP\ra\r\n\r\nOK\r\n");
    expect("sink<a\r\n> ok ");
    *c = before;
}

TEST(body_before_a_later_line)
{
    at_step *page = &steps[calls[HTTP].atoms + 1];
    at_step before = *page;
    phases[2].silence_ms = 100;
    page->follow = put_list(1, "2");
    start(0, HTTP, NULL);
    feed("\r\nCONNECT\r\na\r\nOK\r\nOK\r\n\r\nb\r\n\r\nOK\r\n\r\n+HTTP: 7\r\n");
    expect("sink<a\r\nOK\r\nOK\r\n\r\nb\r\n> ok ");
    start(0, HTTP, NULL);
    feed("\r\nCONNECT\r\na\r\nOK\r\nb\r\nOK\r\n");
    pass(200);
    expect("sink<a\r\nOK\r\nb> ");
    feed("\r\n+HTTP: 8\r\n");
    expect("ok ");
    phases[2].silence_ms = 0;
    *page = before;
}

TEST(transparent)
{
    start(0, TRANS, NULL);
    feed("\r\nOK\r\n>");
    expect("sink<>begin ");
    expect_sent("AT+TRANS\r\n");
    ck_assert_uint_eq(at_host_send(&host, (const uint8_t *)"abc", 3), 3);
    expect_sent("abc");
    feed("\r\nOK\r\nx");
    expect("sink<\r\nOK\r\nx|");
    pass(5000);                 /* what was said may still be under way: silence begins now */
    ck_assert_int_eq(at_host_escape(&host), AT_OK);
    ck_assert_int_eq(at_host_escape(&host), AT_INVALID);
    pass(1400);
    expect_sent("");
    pass(200);
    expect_sent("+++");
    ck_assert_uint_eq(at_host_send(&host, (const uint8_t *)"abc", 3), 0);
    pass(1600);
    expect("sink<> ok ");
    ck_assert_uint_eq(at_host_send(&host, (const uint8_t *)"abc", 3), 0);
}

TEST(carrier_lost)
{
    start(0, ATO, NULL);
    feed("\r\nCONNECT\r\n");
    expect("sink<>begin ");
    feed("a\r\nNO b\r\n\r\nNO CARRIER\r\n");
    expect("sink<a\r\nNO b\r\n> ok ");
    sent_n = 0;
    start(1, VOL_READ, NULL);   /* what was under way to the module may be read as lines */
    pass(AT_QUIET_MS);
    expect_sent("AT\r\n");
}

/* The module may not have heard it. */
TEST(escape_that_nothing_answers)
{
    start(0, TRANS, NULL);
    feed("\r\nOK\r\n>");
    ck_assert_int_eq(at_host_escape(&host), AT_OK);
    pass(3200);
    expect("sink<>begin sink<> ok ");
    start(1, VOL_READ, NULL);
    pass(AT_QUIET_MS);
    expect_sent("AT+TRANS\r\n+++AT\r\n");
    pass(AT_RESYNC_MS + 3200 + AT_QUIET_MS);
    expect_sent("+++AT\r\n");
    feed("\r\nOK\r\n");
    pass(AT_QUIET_MS);
    expect_sent("AT+VOL?\r\n");
}

/* The host has left a mode that the module was not in. */
TEST(prompt_that_was_noise)
{
    start(0, TRANS, NULL);
    feed("\r\nOK\r\n>");
    ck_assert_int_eq(at_host_escape(&host), AT_OK);
    pass(3200);
    start(1, VOL_READ, NULL);
    pass(AT_QUIET_MS);
    expect_sent("AT+TRANS\r\n+++AT\r\n");
    feed("\r\nERROR\r\n");
    pass(AT_RESYNC_MS + 3200 + AT_QUIET_MS);
    expect_sent("+++AT\r\n");
    feed("\r\nERROR\r\n");
    pass(2 * AT_RESYNC_MS);
    expect_sent("AT\r\n");
    feed("\r\nOK\r\n");
    pass(AT_QUIET_MS);
    expect_sent("AT+VOL?\r\n");
    feed("+VOL:7\r\n\r\nOK\r\n");
    expect("sink<>begin sink<> ok ok 7 ");
}

TEST(escape_that_is_answered)
{
    start(0, ATO, NULL);
    feed("\r\nCONNECT\r\nabc");
    ck_assert_int_eq(at_host_escape(&host), AT_OK);
    pass(1600);
    expect("sink<>begin sink<abc> ");
    feed("\r\nOK\r\n");
    expect("ok ");
}

/* ---- later lines ---- */

TEST(later_lines)
{
    pub_in a = { 1, AT_TEXT("t") }, b = { 2, AT_TEXT("t") };
    start(0, PUB, &a);
    feed("\r\nOK\r\n");
    start(1, PUB, &b);
    feed("\r\nOK\r\n");
    start(2, VOL_READ, NULL);
    feed("+PUB: 2,0\r\n+VOL:4\r\n+PUB: 1,5\r\n\r\nOK\r\n+PUB: 1,5\r\n");
    expect("ok 2,0 ok 1,5 ok 4 unknown +PUB: 1,5 ");
}

TEST(later_only_when_it_is_known_to_come)
{
    at_step *later = &steps[calls[PUB].atoms + 1];
    static const at_cond on = { AT_C_SETTING, 0, 0, V_1, V_1 };
    pub_in a = { 1, AT_TEXT("t") };
    conds[0] = on;
    later->n_conds = 1;
    start(0, PUB, &a);
    feed("\r\nOK\r\n");
    expect("ok 0,0 ");
    setting_values[0] = 1;
    start(0, PUB, &a);
    feed("\r\nOK\r\n");
    expect("");
    feed("+PUB: 1,1\r\n");
    expect("ok 1,1 ");
    setting_values[0] = 0;
    start(0, PUB, &a);
    feed("\r\nOK\r\n");
    expect("ok 0,0 ");
    later->n_conds = 0;
}

TEST(later_oldest_first)
{
    pub_in a = { 1, AT_TEXT("t") };
    start(0, PUB, &a);
    feed("\r\nOK\r\n");
    start(1, PUB, &a);
    feed("\r\nOK\r\n+PUB: 1,1\r\n");
    ck_assert_int_eq(requests[0].state, 0);
    ck_assert_int_ne(requests[1].state, 0);
    feed("+PUB: 1,2\r\n");
    expect("ok 1,1 ok 1,2 ");
}

TEST(later_of_an_earlier_run)
{
    pub_in a = { 1, AT_TEXT("t") }, b = { 2, AT_TEXT("t") };
    start(0, PUB, &a);
    feed("\r\nOK\r\n");
    pass(5100);
    expect("timeout ");
    start(1, PUB, &a);
    feed("+PUB: 1,5\r\n");      /* before the new one is accepted: old */
    expect("");
    feed("\r\nOK\r\n+PUB: 1,0\r\n");
    expect("ok 1,0 ");
    start(2, PUB, &b);
    feed("\r\nOK\r\n+PUB: 1,6\r\n");         /* not its number */
    expect("unknown +PUB: 1,6 ");
    feed("+PUB: 2,0\r\n");
    expect("ok 2,0 ");
}

TEST(later_line_that_could_be_an_answer)
{
    static const at_clash clash = { VOL_READ, PUB };
    pub_in a = { 1, AT_TEXT("t") };
    tables.clashes = &clash;
    tables.n_clashes = 1;
    start(0, PUB, &a);
    feed("\r\nOK\r\n");
    start(1, VOL_READ, NULL);
    start(2, AT, NULL);
    expect_sent("AT+PUB=1,\"t\"\r\n");
    feed("+PUB: 1,0\r\n");
    expect_sent("AT+VOL?\r\n");
    feed("+VOL:4\r\n\r\nOK\r\n");
    feed("\r\nOK\r\n");
    expect("ok 1,0 ok 4 ok ");
    start(0, PUB, &a);
    feed("\r\nOK\r\n");
    start(1, VOL_READ, NULL);
    pass(4000);
    expect_sent("AT\r\nAT+PUB=1,\"t\"\r\n");
    pass(1100);
    expect("timeout ");
    expect_sent("AT+VOL?\r\n");
    tables.n_clashes = 0;
}

TEST(later_never)
{
    pub_in a = { 1, AT_TEXT("t") };
    start(0, PUB, &a);
    feed("\r\nOK\r\n");
    pass(5100);
    expect("timeout ");
    start(1, AT, NULL);
    feed("\r\nOK\r\n");
    expect("ok ");
}

TEST(values_wait_for_later_lines)
{
    start(0, QUEUE, NULL);
    feed("44\r\n\r\nOK\r\n");
    start(1, QUEUE, NULL);      /* takes the last room */
    start(2, QUEUE, NULL);
    feed("55\r\n\r\nOK\r\n+QUEUE: 1\r\n");
    feed("66\r\n\r\nOK\r\n+QUEUE: 2\r\n+QUEUE: 3\r\n");
    expect("ok 44,1 ok 55,2 ok 66,3 ");
}

TEST(counted_later_lines)
{
    one two = { 2, 0 };
    start(0, PING, &two);
    feed("\r\nOK\r\n+PING: 30\r\n+PING: 31\r\n+PING: 32,9\r\n");
    expect("ping 30 ping 31 ok 9 ");
    start(0, PING, &two);
    feed("\r\nOK\r\n+PING: 30\r\n+PING: 31\r\n+PING: 32\r\n");
    expect("ping 30 ping 31 ok 0 ");
}

/* ---- values that would make the command another one ---- */

static void name(const char *a, const char *b, at_status what)
{
    names_in in = { b != NULL, { a, strlen(a) }, { b, b ? strlen(b) : 0 } };
    seen_n = sent_n = 0;
    seen[0] = sent[0] = '\0';
    memset(&requests[0], 0, sizeof requests[0]);
    requests[0].deliver = deliver;
    ck_assert_int_eq(at_host_start(&host, &requests[0], &in, NAMES), what);
    ck_assert_int_eq(at_host_bad_field(&host), what == AT_OK ? -1 : 0);
    if (what != AT_OK) return;
    poll_all();
    ck_assert_ptr_nonnull(strstr(sent, a));
    feed("\r\nOK\r\n");
    expect("ok ");
}

/* Behind it the module would read another command. */
TEST(sign_of_a_chain_in_bare_text)
{
    name("a;b", NULL, AT_OK);
    tables.t.chain = ';';
    name("a;b", NULL, AT_INVALID);
    name("ab", NULL, AT_OK);
    tables.t.chain = '\0';
}

TEST(value_that_is_an_operator)
{
    name("?", NULL, AT_INVALID);                /* AT+NAMES=? asks */
    name("?  ", NULL, AT_INVALID);
    name("?cafe", NULL, AT_OK);                 /* nothing stands behind that operator */
    name("?", "x", AT_OK);
    name("!", "x", AT_INVALID);                 /* AT+NAMES=!,x saves */
    name("!x", NULL, AT_INVALID);
    name("x?", "!", AT_OK);
    name("", NULL, AT_OK);
    tables.t.flags |= AT_D_OPEN_TEST;           /* a dialect with a form of `=?` that has cells */
    name("?cafe", NULL, AT_INVALID);
    name("?", "x", AT_INVALID);
    tables.t.flags = AT_D_SPACES;
}

/* ---- what goes wrong ---- */

TEST(timeout_and_late_reply)
{
    start(0, VOL_READ, NULL);
    start(1, VOL_READ, NULL);
    pass(5100);
    expect("timeout ");
    expect_sent("AT+VOL?\r\n");
    pass(300);
    expect_sent("AT\r\n");                      /* getting back in step */
    feed("+VOL:1\r\n\r\nOK\r\n");               /* the late reply */
    feed("\r\nOK\r\n");                         /* and the answer */
    expect("");
    pass(300);
    expect_sent("AT+VOL?\r\n");
    feed("+VOL:2\r\n\r\nOK\r\n");
    expect("ok 2 ");
}

TEST(late_reply_at_once)
{
    start(0, VOL_READ, NULL);
    start(1, VOL_READ, NULL);
    pass(5050);
    feed("+VOL:1\r\n\r\nOK\r\n");
    expect("timeout ");
    expect_sent("AT+VOL?\r\nAT+VOL?\r\n");
    feed("+VOL:2\r\n\r\nOK\r\n");
    expect("ok 2 ");
}

TEST(dead_module)
{
    start(0, AT, NULL);
    start(1, VOL_READ, NULL);
    pass(5100);
    expect("timeout ");
    pass(300 + 1000 + 2000 + 4000 + 100);
    pass(2500);                 /* it might be in transparent mode */
    expect_sent("AT\r\nAT\r\n+++AT\r\nAT\r\n");
    pass(1000);
    expect_sent("AT\r\n");      /* no other command before it answers */
    pass(1000 + 2000 + 4000);
    pass(3200);                 /* the escape may have been lost */
    expect("timeout ");
    expect_sent("+++AT\r\nAT\r\n");
    ck_assert(at_idle(&host.link));
}

TEST(slow_module)
{
    one v = { 7, 0 };
    start(0, VOL_SET, &v);
    pass(5100 + 300 + 1000 + 2000 + 4000 + 3500);
    expect("timeout ");
    ck_assert(at_idle(&host.link));
    start(1, VOL_SET, &v);      /* the same once more */
    expect_sent("AT+VOL=7\r\nAT\r\n+++AT\r\nAT\r\n");
    pass(300);
    expect_sent("AT\r\n");
    feed("\r\nOK\r\n\r\nOK\r\n");  /* answers to the first and to what came after it: not its */
    pass(150);
    feed("\r\nOK\r\n\r\nOK\r\n\r\nOK\r\n");
    expect("");
    expect_sent("");
    pass(300);
    expect_sent("AT+VOL=7\r\n");
    feed("\r\nERROR\r\n");
    expect("refused/10 ");
}

TEST(busy_means_again)
{
    one v = { 7, 0 };
    start(0, VOL_SET, &v);
    feed("AT+VOL=7\r\r\nbusy p...\r\n");
    expect("");
    expect_sent("AT+VOL=7\r\n");
    pass(150);
    expect_sent("AT+VOL=7\r\n");
    feed("\r\nOK\r\n");
    expect("ok ");
}

TEST(busy_for_ever)
{
    one v = { 7, 0 };
    unsigned i;
    start(0, VOL_SET, &v);
    for (i = 0; i < AT_BUSY_TRIES; i++) {
        feed("busy p...\r\n");
        pass(2000);
    }
    expect("timeout ");
    ck_assert(at_idle(&host.link));
}

TEST(restart)
{
    pub_in a = { 1, AT_TEXT("t") };
    start(0, PUB, &a);
    feed("\r\nOK\r\n");
    start(1, VOL_READ, NULL);
    start(2, AT, NULL);
    setting_values[0] = 3;
    feed_bytes("\xff\0\x80noise\r\n\r\nready\r\n", 19);
    ck_assert_int_eq(setting_values[0], AT_UNKNOWN);
    ck_assert_ptr_nonnull(strstr(seen, "ready restarted restarted restarted "));
    start(3, AT, NULL);
    feed("\r\nOK\r\n");
    ck_assert_ptr_nonnull(strstr(seen, "restarted ok "));
}

TEST(boot_noise)
{
    size_t i;
    start(0, VOL_READ, NULL);
    for (i = 0; i < 40; i++) feed("\x80\xfcl`r\xec,:\"x\x01");
    feed("\r\n+VOL:1\r\n\r\nOK\r\n");
    ck_assert_ptr_nonnull(strstr(seen, "unknown "));
    start(1, AT, NULL);
    pass(2000);
    feed("\r\nOK\r\n");
    seen_n = 0;
    pass(10000);
    start(2, VOL_READ, NULL);
    feed("+VOL:1\r\n\r\nOK\r\n");
    expect("ok 1 ");
}

TEST(cut_line)
{
    feed("+MSG: \"ab");
    pass(1100);
    feed("WIFI GOT IP\r\n");
    expect("unknown +MSG: \"ab ip ");
}

TEST(overlong_line)
{
    size_t i;
    start(0, SCAN, NULL);
    feed("+SCAN:(0,\"a\",-1)\r\n+SCAN:(0,\"");
    for (i = 0; i < 40; i++) feed("0123456789");
    feed("\",-1)\r\n+SCAN:(0,\"b\",-2)\r\n\r\nOK\r\n");
    ck_assert_ptr_eq(strstr(seen, "row 0 a -1 unknown +SCAN:(0,\"0123"), seen);
    ck_assert_ptr_nonnull(strstr(seen, " row 0 b -2 overflow "));
}

TEST(kept_line_as_long_as_the_buffer)
{
    size_t n, size = host.link.in_size;
    start(0, INFO, NULL);
    feed("+INFO:ip:");
    for (n = strlen("+INFO:ip:\"a\""); n < size; n++) feed(" ");
    feed("\"a\"\n+INFO:gw:\"b\"\r\n\r\nOK\r\n");
    expect("overflow unknown +INFO:gw:\"b\" ");
    ck_assert_uint_le(host.link.in_n, size);
}

TEST(lost)
{
    pub_in a = { 1, AT_TEXT("t") };
    start(0, PUB, &a);
    feed("\r\nOK\r\n");
    start(1, VOL_READ, NULL);
    start(2, AT, NULL);
    at_lost(&host.link);
    expect("");
    poll_all();
    expect("lost lost lost ");
    ck_assert(at_idle(&host.link));
}

TEST(lost_twice)
{
    start(0, VOL_READ, NULL);
    start(1, AT, NULL);
    at_lost(&host.link);
    ck_assert_int_eq(at_host_start(&host, &requests[0], NULL, AT), AT_INVALID);
    memset(&requests[2], 0, sizeof requests[2]);
    requests[2].deliver = deliver;
    ck_assert_int_eq(at_host_start(&host, &requests[2], NULL, AT), AT_OK);
    at_lost(&host.link);
    poll_all();
    expect("lost lost lost ");
    start(3, AT, NULL);
    feed("\r\nOK\r\n");
    expect("ok ");
}

/* ---- faults: each byte of an exchange dropped, doubled, flipped ---- */

typedef struct exchange { unsigned call; const void *input; const char *answer; } exchange;

/* The struck exchange may fail, but it ends, and the next one works. */
static void strike(const exchange *x, size_t at, unsigned how)
{
    char bytes[256];
    size_t n = strlen(x->answer);
    memcpy(bytes, x->answer, n);
    if (how == 0) memmove(bytes + at, bytes + at + 1, n-- - at - 1);
    else if (how == 1) memmove(bytes + at + 1, bytes + at, n++ - at);
    else bytes[at] = (char)(bytes[at] ^ 1 << (how - 2));
    begin();
    start(0, x->call, x->input);
    feed_bytes(bytes, n);
    pass(5000);
    pass(12000);
    ck_assert_int_eq(requests[0].state, 0);
    feed("\r\n");
    seen_n = 0;
    sent_n = 0;
    start(1, VOL_READ, NULL);
    pass(300);
    if (strcmp(sent, "AT\r\n") == 0) {
        feed("\r\nOK\r\n");
        pass(300);
    }
    feed("AT+VOL?\r\r\n+VOL:6\r\n\r\nOK\r\n");
    pass(1000);
    if (!strstr(seen, "ok 6 ")) ck_abort_msg("%s struck at %zu (%u): %s", x->answer, at, how, seen);
}

START_TEST(faults)
{
    static const send_in in = { 1, 0, { (const uint8_t *)"hello", 5 } };
    static const uint16_t ten = 10;
    static const pub_in pub = { 1, AT_TEXT("t") };
    static const exchange all[] = {
        { VOL_READ, NULL, "AT+VOL?\r\r\n+VOL:7\r\n\r\nOK\r\n" },
        { SEND, &in, "AT+SEND=1,5\r\r\n\r\nOK\r\n> \r\nSEND OK\r\n" },
        { SCAN, NULL, "+SCAN:(3,\"a\",-61)\r\n+IPD,0,5:hello\r\n\r\nOK\r\n" },
        { READ, &ten, "+READ:6,a,b\r\nc\r\n\r\nOK\r\n" },
        { PUB, &pub, "\r\nOK\r\n+PUB: 1,2\r\n" },
    };
    size_t i, at;
    unsigned how;
    piece = 4096;
    first_piece = 0;
    for (i = 0; i < sizeof all / sizeof *all; i++)
        for (at = 0; at < strlen(all[i].answer); at++)
            for (how = 0; how < 10; how++) strike(&all[i], at, how);
}
END_TEST

TEST(cancel_everywhere)
{
    pub_in a = { 1, AT_TEXT("t") };
    start(0, PUB, &a);
    feed("\r\nOK\r\n");
    start(1, VOL_READ, NULL);
    start(2, AT, NULL);
    at_cancel(&host, &requests[2]);
    at_cancel(&host, &requests[0]);
    at_cancel(&host, &requests[1]);
    expect("");
    poll_all();
    expect("cancelled cancelled cancelled ");
    feed("+PUB: 1,2\r\n+VOL:3\r\n\r\nOK\r\n");
    expect("unknown +PUB: 1,2 ");
    start(3, AT, NULL);
    feed("\r\nOK\r\n");
    expect("ok ");
}

/* What the module says next belongs to its line: the command waits until that has ended, or is given up. */
TEST(no_command_amid_a_line)
{
    feed("+MSG: \"he");
    start(0, AT, NULL);
    expect_sent("");
    feed("llo\"\r\n");
    expect_sent("AT\r\n");
    feed("\r\nOK\r\n");
    expect("msg hello ok ");
    feed("noise");
    start(0, AT, NULL);
    expect_sent("");
    pass(1000);
    expect_sent("AT\r\n");
    feed("\r\nOK\r\n");
    expect("unknown noise ok ");
}

/* A callback may start the same request again. */
static unsigned again;
static void deliver_again(at_request *r, unsigned what, const void *fields, at_status status)
{
    deliver(r, what, fields, status);
    if (again-- > 0) ck_assert_int_eq(at_host_start(&host, r, NULL, AT), AT_OK);
}

TEST(start_from_a_callback)
{
    again = 2;
    memset(&requests[0], 0, sizeof requests[0]);
    requests[0].deliver = deliver_again;
    ck_assert_int_eq(at_host_start(&host, &requests[0], NULL, AT), AT_OK);
    expect_sent("");
    poll_all();
    feed("\r\nOK\r\n");
    feed("\r\nOK\r\n");
    feed("\r\nOK\r\n");
    expect("ok ok ok ");
    expect_sent("AT\r\nAT\r\nAT\r\n");
}

TEST(pause_between_commands)
{
    tables.pause_ms = 100;
    start(0, AT, NULL);
    start(1, AT, NULL);
    feed("\r\nOK\r\n");
    expect_sent("AT\r\n");
    pass(150);
    tables.pause_ms = 0;
    expect_sent("AT\r\n");
}

static Suite *suite(void)
{
    Suite *s = suite_create("host");
    TCase *c = tcase_create("host");
    make_dialect();
    tcase_set_timeout(c, 60);
    tcase_add_test(c, command_ok);
    tcase_add_test(c, values_and_separators);
    tcase_add_test(c, queue_keeps_order);
    tcase_add_test(c, errors);
    tcase_add_test(c, rows);
    tcase_add_test(c, kept_lines);
    tcase_add_test(c, free_text_is_last);
    tcase_add_test(c, family);
    tcase_add_test(c, refused_values);
    tcase_add_test(c, urcs_when_idle);
    tcase_add_test(c, data_inside_a_line);
    tcase_add_test(c, no_line_end_after_payload);
    tcase_add_test(c, data_after_a_line);
    tcase_add_test(c, data_in_quotes);
    tcase_add_test(c, payload_that_looks_like_answers);
    tcase_add_test(c, line_that_a_urc_could_be);
    tcase_add_test(c, payload_stops_short);
    tcase_add_test(c, command_waits_for_a_payload);
    tcase_add_test(c, error_without_a_head);
    tcase_add_test(c, echo);
    tcase_add_test(c, urc_inside_the_echo);
    tcase_add_test(c, urc_that_begins_like_the_echo);
    tcase_add_test(c, data_inside_the_echo);
    tcase_add_test(c, send);
    tcase_add_test(c, send_fails);
    tcase_add_test(c, urc_between_ok_and_prompt);
    tcase_add_test(c, prompt_only_where_expected);
    tcase_add_test(c, send_from_a_source);
    tcase_add_test(c, source_that_never_has_anything);
    tcase_add_test(c, port_takes_little);
    tcase_add_test(c, data_until_a_text);
    tcase_add_test(c, data_that_ends_in_half_an_escape);
    tcase_add_test(c, data_without_a_prompt);
    tcase_add_test(c, cancel_in_the_data_phase);
    tcase_add_test(c, cancel_text);
    tcase_add_test(c, data_in_an_answer);
    tcase_add_test(c, body);
    tcase_add_test(c, body_with_silence);
    tcase_add_test(c, body_behind_the_echo);
    tcase_add_test(c, body_before_a_later_line);
    tcase_add_test(c, transparent);
    tcase_add_test(c, carrier_lost);
    tcase_add_test(c, escape_that_is_answered);
    tcase_add_test(c, escape_that_nothing_answers);
    tcase_add_test(c, prompt_that_was_noise);
    tcase_add_test(c, error_behind_data);
    tcase_add_test(c, busy_behind_data);
    tcase_add_test(c, result_code_of_nobody);
    tcase_add_test(c, transparent_mode_of_nobody);
    tcase_add_test(c, later_lines);
    tcase_add_test(c, later_only_when_it_is_known_to_come);
    tcase_add_test(c, later_oldest_first);
    tcase_add_test(c, later_of_an_earlier_run);
    tcase_add_test(c, later_line_that_could_be_an_answer);
    tcase_add_test(c, later_never);
    tcase_add_test(c, values_wait_for_later_lines);
    tcase_add_test(c, counted_later_lines);
    tcase_add_test(c, value_that_is_an_operator);
    tcase_add_test(c, sign_of_a_chain_in_bare_text);
    tcase_add_test(c, timeout_and_late_reply);
    tcase_add_test(c, late_reply_at_once);
    tcase_add_test(c, dead_module);
    tcase_add_test(c, slow_module);
    tcase_add_test(c, busy_means_again);
    tcase_add_test(c, busy_for_ever);
    tcase_add_test(c, restart);
    tcase_add_test(c, boot_noise);
    tcase_add_test(c, cut_line);
    tcase_add_test(c, overlong_line);
    tcase_add_test(c, kept_line_as_long_as_the_buffer);
    tcase_add_test(c, lost);
    tcase_add_test(c, lost_twice);
    tcase_add_test(c, faults);
    tcase_add_test(c, cancel_everywhere);
    tcase_add_test(c, no_command_amid_a_line);
    tcase_add_test(c, start_from_a_callback);
    tcase_add_test(c, pause_between_commands);
    suite_add_tcase(s, c);
    return s;
}

int main(void)
{
    SRunner *runner = srunner_create(suite());
    int failed;
    srunner_run_all(runner, CK_ENV);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
