/* The tables of the hand-written dialect of the runtime's unit tests: see toy.h.
 * SPDX-License-Identifier: MIT */
#include "toy.h"

#include <string.h>

/* ---- strings ---- */
#define TEXTS(T) \
    T(n_cur, "CUR") T(n_def, "DEF") T(paren, ":(") T(close, ")") T(ip, "ip:") \
    T(comma, ",") T(crlf, "\r\n") T(quote, "\\\",") T(ready, "ready") T(ok, "OK") \
    T(error, "ERROR") \
    T(ipd, "+IPD,") T(vol, "+VOL:") T(join, "\1:") T(ending, "+\2:") T(fail, "FAIL") \
    T(list, "+LIST") \
    T(get, "+GET:") T(all, "+ALL:") T(send_ok, "SEND OK") \
    T(no_carrier, "NO CARRIER") T(prompt, "> ") T(plus, "+++") T(ctrl_z, "\x1a") T(esc, "\x1b") \
    T(escape, "\\\x1a") T(busy, "\r\nbusy p...\r\n") T(busy_data, "\r\nbusy s...\r\n") T(at, "AT") T(on, "ON") \
    T(off, "OFF") T(maybe, "MAYBE") T(udp, "\"UDP\"") T(late, "+LATE:") \
    T(n_e, "E") T(n_vol, "+VOL") \
    T(n_join, "+JOIN") T(n_join_, "+JOIN_") \
    T(n_mux, "+MUX") T(n_send, "+SEND") T(n_text, "+TEXT") T(n_push, "+PUSH") \
    T(n_list, "+LIST") T(n_sub, "+SUB") T(n_msg, "+MSG") T(n_find, "+FIND") T(n_get, "+GET") \
    T(n_all, "+ALL") T(n_no, "+NO") T(n_away, "+AWAY") T(n_late, "+LATE") T(size, "+SIZE:") \
    T(sub, "+SUB:") T(find, "+FIND:") T(tail, "\r\n")

#define MEMBER(name, s) char name[sizeof s];
#define BYTES(name, s) s,
static const struct texts { char nul[1]; TEXTS(MEMBER) } texts = { "", TEXTS(BYTES) };
#define X(name) offsetof(struct texts, name)

/* ---- types ---- */
enum { VOLUME, ENABLE, SSID, PWD, MAC, MODE, LINK, LENGTH, SHORT, NAME, TOPIC, QOS, TEXT, DIGIT,
       NUMBER, HEXNUM, WORD, IP, PLAIN_MAC, HEX, EITHER, OPEN };
static const at_type types[] = {
    { 0, AT_T_INT, 0, TOY_V_0, TOY_V_10 },
    { 0, AT_T_ENUM, AT_F_RANGES, TOY_V_0, 1 },
    { 0, AT_T_STRING, AT_F_QUOTED, TOY_V_1, TOY_V_32 },
    { 0, AT_T_STRING, AT_F_QUOTED, TOY_V_0, TOY_V_64 },
    { 0, AT_T_MAC, AT_F_QUOTED | AT_F_HEX, 6, ':' },
    { 0, AT_T_ENUM, AT_F_RANGES, TOY_V_0, 1 },
    { 0, AT_T_INT, 0, TOY_V_0, TOY_V_4 },
    { 0, AT_T_INT, AT_F_SIZE_2, TOY_V_0, TOY_V_1000 },
    { 0, AT_T_INT, AT_F_SIGNED | AT_F_SIZE_2, TOY_V_M127, TOY_V_300 },
    { 0, AT_T_STRING, AT_F_QUOTED, TOY_V_0, TOY_V_16 },
    { 0, AT_T_STRING, AT_F_QUOTED, TOY_V_1, TOY_V_16 },
    { 0, AT_T_INT, 0, TOY_V_0, TOY_V_2 },
    { 0, AT_T_TEXT, 0, TOY_V_1, TOY_V_40 },
    { 0, AT_T_INT, 0, TOY_V_0, TOY_V_9 },
    { 0, AT_T_INT, AT_F_SIGNED | AT_F_SIZE_4, TOY_V_MIN, TOY_V_MAX },
    { 0, AT_T_INT, AT_F_HEX | AT_F_UPPER | AT_F_SIZE_2, TOY_V_0, TOY_V_65535 },
    { 0, AT_T_WORD, 0, 0, 3 },
    { 0, AT_T_IP, 0, 4, '.' },
    { 0, AT_T_MAC, AT_F_HEX | AT_F_UPPER, 6, 0 },
    { 0, AT_T_HEX, AT_F_QUOTED | AT_F_HEX, TOY_V_0, TOY_V_4 },
    { 0, AT_T_STRING, AT_F_EITHER, TOY_V_0, TOY_V_10 },
    { 0, AT_T_INT, 0, TOY_V_0, TOY_V_255 },
};
static const int32_t values[] = { 0, 1, 1, 2, 4, 5, 6, 8, 9, 10, 16, 32, 40, 64,
                                  99, 255, 300, 1000, -127, -32768, 32767, 65535, INT32_MIN, INT32_MAX, -1 };
enum { W_UDP = 3 };
static const uint16_t words[] = { X(off), X(on), X(maybe), [W_UDP] = X(udp) };

/* ---- slots, in the order of the lines below ---- */
enum { PLAIN, ELASTIC, LOOP, LITERAL, WITH_IP, HAS_BSSID, HAS_LINK, HAS_NAME, HAS_A, HAS_B, HAS_C,
       HAS_IPD_LINK };
static const at_trait traits[] = {
    [PLAIN] = { 0, 0, 0, 0, AT_NONE8 },
    [ELASTIC] = { AT_S_ELASTIC, 0, 0, 0, AT_NONE8 },
    [LOOP] = { AT_S_LOOP, 0, 0, 0, AT_NONE8 },
    [LITERAL] = { AT_S_LITERAL, 0, 0, 0, AT_NONE8 },
    [WITH_IP] = { 0, 0, X(ip), X(close), AT_NONE8 },
    [HAS_BSSID] = { 0, 0, 0, 0, offsetof(toy_join, has_bssid) },
    [HAS_LINK] = { 0, 0, 0, 0, offsetof(toy_send, has_link) },
    [HAS_NAME] = { 0, 0, 0, 0, offsetof(toy_row, has_name) },
    [HAS_A] = { AT_S_EMPTY_OK, 0, 0, 0, offsetof(toy_find, has_a) },
    [HAS_B] = { AT_S_EMPTY_OK, 0, 0, 0, offsetof(toy_find, has_b) },
    [HAS_C] = { AT_S_EMPTY_OK, 0, 0, 0, offsetof(toy_find, has_c) },
    [HAS_IPD_LINK] = { 0, 0, 0, 0, offsetof(toy_ipd, has_link) },
};
/* Each has a sort of its own. */
#define SLOTS(F) \
    F(S_ENABLE, offsetof(toy_enable, enable), ENABLE, PLAIN) \
    F(S_VOL, offsetof(toy_vol, volume), VOLUME, PLAIN) \
    F(S_JOIN, offsetof(toy_join, ssid), SSID, PLAIN) \
    F(S_PWD, offsetof(toy_join, pwd), PWD, PLAIN) \
    F(S_BSSID, offsetof(toy_join, bssid), MAC, HAS_BSSID) \
    F(S_MODE, offsetof(toy_vol, volume), MODE, PLAIN) \
    F(S_SEND, offsetof(toy_send, link), LINK, HAS_LINK) \
    F(S_SEND_LENGTH, offsetof(toy_send, length), LENGTH, PLAIN) \
    F(S_LENGTH, offsetof(toy_length, length), LENGTH, PLAIN) \
    F(S_ROW, offsetof(toy_row, number), SHORT, PLAIN) \
    F(S_NAME, offsetof(toy_row, name), NAME, HAS_NAME) \
    F(S_SUB, offsetof(toy_sub, id), DIGIT, PLAIN) \
    F(S_TOPIC, 0, TOPIC, LOOP) \
    F(S_QOS, sizeof (at_text), QOS, LOOP) \
    F(S_MSG, offsetof(toy_msg, id), DIGIT, PLAIN) \
    F(S_MSG_TEXT, offsetof(toy_msg, text), TEXT, ELASTIC) \
    F(S_LAST, offsetof(toy_msg, last), DIGIT, PLAIN) \
    F(S_FIND, offsetof(toy_find, a), DIGIT, HAS_A) \
    F(S_B, offsetof(toy_find, b), DIGIT, HAS_B) \
    F(S_C, offsetof(toy_find, c), DIGIT, HAS_C) \
    F(S_GET, offsetof(toy_get, n), DIGIT, PLAIN) \
    F(S_GETR, offsetof(toy_get_result, n), DIGIT, PLAIN) \
    F(S_IPD, offsetof(toy_ipd, link), LINK, HAS_IPD_LINK) \
    F(S_IPD_LENGTH, offsetof(toy_ipd, length), LENGTH, PLAIN) \
    F(S_ALL, W_UDP, 0, LITERAL) \
    F(S_NUMBER, offsetof(toy_all, number), NUMBER, PLAIN) \
    F(S_HEXNUM, offsetof(toy_all, hex), HEXNUM, PLAIN) \
    F(S_WORD, offsetof(toy_all, word), WORD, PLAIN) \
    F(S_IP, offsetof(toy_all, ip), IP, WITH_IP) \
    F(S_MAC, offsetof(toy_all, mac), PLAIN_MAC, PLAIN) \
    F(S_BYTES, offsetof(toy_all, bytes), HEX, PLAIN) \
    F(S_EITHER, offsetof(toy_all, either), EITHER, PLAIN) \
    F(S_REASON, offsetof(toy_join_result, reason), OPEN, PLAIN)
#define NAME_OF(name, offset, type, trait) name,
#define SLOT(name, offset, type, trait) { offset, name },
#define SORT(name, offset, type, trait) { type, trait },
enum { SLOTS(NAME_OF) };
static const at_slot slots[] = { SLOTS(SLOT) };
static const at_sort sorts[] = { SLOTS(SORT) };

/* ---- readings, conditions, loops ---- */
static const at_cond conds[] = {
    { AT_C_SETTING, 0, 0, TOY_V_1, TOY_V_1 },    /* +MUX = 1 */
    { AT_C_SETTING | AT_C_NOT, 0, 0, TOY_V_1, TOY_V_1 },
    { AT_C_SLOT, 0, 0, TOY_V_1, TOY_V_9 },       /* +GET: n in 1..9 */
};
static const uint8_t holds[] = { 0, 1, 2 };
enum { R_NONE, R_1, R_JOIN, R_SEND = R_JOIN + 2, R_3 = R_SEND + 2, R_ROW, R_8 = R_ROW + 2 };
static const at_reading readings[] = {
    [R_NONE] = { 0, 0, 0 }, [R_1] = { 1, 0, 0 },
    [R_JOIN] = { 3, 0, 0 }, { 7, 0, 0 },
    [R_SEND] = { 2, 1, 1 }, { 3, 0, 1 },
    [R_3] = { 7, 0, 0 },
    [R_ROW] = { 1, 0, 0 }, { 3, 0, 0 },
    [R_8] = { 255, 0, 0 },
};
static const at_loop loops[] = {
    { 1, 2, 1, 4, AT_NONE8, sizeof ((toy_sub *)0)->item[0], offsetof(toy_sub, item),
      offsetof(toy_sub, n_item) },
};

/* ---- lines ---- */
enum { REST_BARE, REST_RESULT, REST_URC, REST_INFO, REST_ROW, REST_SUB, REST_SUBS, REST_IPD,
       REST_GET, REST_SIZE };
#define FRAMED(frame) { AT_NONE, 0, 0, AT_NONE8, 0, frame, AT_DATA_NONE, 0, 0, 0, 0 }
#define GROUPS(frame) { AT_NONE, 0, 0, AT_NONE8, 0, frame, AT_DATA_NONE, 1, 0, 0, 0 }
static const at_rest rests[] = {
    [REST_BARE] = FRAMED(AT_LINE_BARE), [REST_RESULT] = FRAMED(AT_LINE_RESULT),
    [REST_URC] = FRAMED(AT_LINE_URC), [REST_INFO] = FRAMED(AT_LINE_INFO),
    [REST_ROW] = { AT_NONE, X(paren), X(close), AT_NONE8, 0, AT_LINE_INFO, AT_DATA_NONE, 0, 0, 0, 0 },
    [REST_SUB] = GROUPS(AT_LINE_INFO), [REST_SUBS] = GROUPS(AT_LINE_BARE),
    [REST_IPD] = { offsetof(toy_ipd, data), 0, 0, 1, ':', AT_LINE_URC, AT_DATA_INLINE, 0, 0, 0, 0 },
    [REST_GET] = { offsetof(toy_get_result, data), 0, 0, 0, ',', AT_LINE_INFO, AT_DATA_INLINE, 0, 0,
                   X(crlf), 0 },
    [REST_SIZE] = { offsetof(toy_get_result, data), 0, 0, 0, 0, AT_LINE_RESULT, AT_DATA_AFTER, 0, 0,
                    X(crlf), 0 },
};
#define LINE(slots, readings, n, nr, rest) { rest, slots, readings, n, nr }
#define WORDS(rest) LINE(0, R_NONE, 0, 1, rest)
#define COMMAND(form, slots, readings, n, nr, rest) [TOY_COMMANDS + form] = \
    LINE(slots, readings, n, nr, rest)
static const at_line lines[] = {
    [TOY_LINE_OK] = WORDS(REST_RESULT),
    [TOY_LINE_ERROR] = WORDS(REST_RESULT),
    [TOY_LINE_READY] = WORDS(REST_URC),
    [TOY_LINE_IPD] = LINE(S_IPD, R_SEND, 2, 2, REST_IPD),
    [TOY_LINE_VOL] = LINE(S_VOL, R_1, 1, 1, REST_INFO),
    [TOY_LINE_JOIN] = LINE(S_REASON, R_1, 1, 1, REST_INFO),
    [TOY_LINE_FAIL] = WORDS(REST_RESULT),
    [TOY_LINE_ROW] = LINE(S_ROW, R_ROW, 2, 2, REST_ROW),
    [TOY_LINE_GET] = LINE(S_GETR, R_1, 1, 1, REST_GET),
    [TOY_LINE_ALL] = LINE(S_ALL, R_8, 8, 1, REST_INFO),
    [TOY_LINE_SEND_OK] = WORDS(REST_RESULT),
    [TOY_LINE_NO_CARRIER] = WORDS(REST_RESULT),
    [TOY_LINE_LATE] = LINE(S_VOL, R_1, 1, 1, REST_INFO),
    [TOY_LINE_SIZE] = LINE(S_GETR, R_1, 1, 1, REST_SIZE),
    [TOY_LINE_SUB] = LINE(S_SUB, R_3, 3, 1, REST_SUB),
    [TOY_LINE_FIND] = LINE(S_FIND, R_3, 3, 1, REST_INFO),
    COMMAND(TOY_E, S_ENABLE, R_1, 1, 1, 0),
    COMMAND(TOY_VOL_SET, S_VOL, R_1, 1, 1, 0),
    COMMAND(TOY_VOL_READ, 0, R_NONE, 0, 1, 0),
    COMMAND(TOY_JOIN_SET, S_JOIN, R_JOIN, 3, 2, 0),
    COMMAND(TOY_MUX_SET, S_MODE, R_1, 1, 1, 0),
    COMMAND(TOY_SEND_SET, S_SEND, R_SEND, 2, 2, 0),
    COMMAND(TOY_SEND_EXEC, 0, R_NONE, 0, 1, 0),
    COMMAND(TOY_TEXT, 0, R_NONE, 0, 1, 0),
    COMMAND(TOY_PUSH, S_LENGTH, R_1, 1, 1, 0),
    COMMAND(TOY_LIST, 0, R_NONE, 0, 1, 0),
    COMMAND(TOY_SUB, S_SUB, R_3, 3, 1, REST_SUBS),
    COMMAND(TOY_MSG, S_MSG, R_3, 3, 1, 0),
    COMMAND(TOY_FIND, S_FIND, R_3, 3, 1, 0),
    COMMAND(TOY_GET, S_GET, R_1, 1, 1, 0),
    COMMAND(TOY_ALL, S_ALL, R_8, 8, 1, 0),
    COMMAND(TOY_AT, 0, R_NONE, 0, 1, 0),
    COMMAND(TOY_AWAY, 0, R_NONE, 0, 1, 0),
    COMMAND(TOY_LATE, 0, R_NONE, 0, 1, 0),
};
/* Commands have none. */
static const at_ref heads[TOY_COMMANDS + TOY_FORMS] = {
    [TOY_LINE_OK] = X(ok), [TOY_LINE_ERROR] = X(error), [TOY_LINE_READY] = X(ready),
    [TOY_LINE_IPD] = X(ipd), [TOY_LINE_VOL] = X(vol), [TOY_LINE_JOIN] = X(join),
    [TOY_LINE_FAIL] = X(fail), [TOY_LINE_ROW] = X(list), [TOY_LINE_GET] = X(get),
    [TOY_LINE_ALL] = X(all), [TOY_LINE_SEND_OK] = X(send_ok), [TOY_LINE_NO_CARRIER] = X(no_carrier),
    [TOY_LINE_LATE] = X(late), [TOY_LINE_SIZE] = X(size), [TOY_LINE_SUB] = X(sub),
    [TOY_LINE_FIND] = X(find),
};

/* ---- phases ---- */
static const at_tie ties[] = {
    { offsetof(toy_send, length), S_SEND_LENGTH }, { offsetof(toy_length, length), S_LENGTH },
    { offsetof(toy_send, link), S_SEND },
};
static const at_figure figures[] = {
    [TOY_F_SEND] = { AT_UNKNOWN, 1, AT_NONE8 }, [TOY_F_PUSH] = { AT_UNKNOWN, 2, AT_NONE8 },
    [TOY_F_LINK] = { 3, 3, AT_NONE8 }, [TOY_F_KEPT] = { AT_UNKNOWN, 3, 1 }, [TOY_F_MODE] = { 8, 0, 0 },
};
static const uint32_t times[] = {
    [TOY_T_NONE] = 0, [TOY_T_TEXT] = 6000, [TOY_T_PUSH] = 920, [TOY_T_PRODUCT] = 5,
};
static const at_scale scales[] = {
    [TOY_T_PUSH] = { 10, { 1 + TOY_F_PUSH, 0 } },           /* 8 bytes: a second */
    [TOY_T_PRODUCT] = { 100, { 1 + TOY_F_LINK, 1 + TOY_F_MODE } },
};
enum { P_SEND, P_TRANSPARENT, P_TEXT, P_PUSH };
static const at_phase phases[] = {
    { AT_P_COUNTED, 0, X(plus), LENGTH, offsetof(toy_send, length), { 0, 0 }, AT_NONE, 0, 0 },
    { AT_P_TRANSPARENT, 0, 0, 0, 0, { X(plus), 0 }, TOY_LINE_NO_CARRIER, 0, 1000 },
    { 0, TOY_T_TEXT, X(esc), 0, 0, { X(ctrl_z), X(escape) }, AT_NONE, 20, 0 },
    { AT_P_COUNTED | AT_P_SHORT_KEPT, TOY_T_PUSH, 0, AT_NONE8, TOY_F_PUSH, { 0, 0 }, AT_NONE, 0, 0 },
};

/* ---- settings ---- */
static const at_setting settings[] = { { 0, 1 }, { 1, 4 } };
static const int32_t initial[] = { AT_UNKNOWN, 7, 7, 7, 7 };
static const at_assign assigns[] = {
    { TOY_MUX_SET, offsetof(toy_vol, volume), MODE, AT_NONE8, 0, AT_NONE8, 0 },
    { TOY_SEND_SET, offsetof(toy_send, length), LENGTH, offsetof(toy_send, has_link), 1, LINK,
      offsetof(toy_send, link) },
};

/* ---- a stand-in for the generated lexer and grammar ---- */
static bool is_name(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_';
}

static void scan_command(at_scan *s)
{
    const char *p = s->line + s->pos;
    s->name = NULL;
    s->name_n = 0;
    s->op = AT_OP_NONE;
    if (s->pos == 0) {
        if (memcmp(p, "AT", 2) != 0) return;
        p += 2;
    }
    s->name = p;
    if (*p == '+') for (p++; is_name(*p) || (*p >= '0' && *p <= '9'); p++) continue;
    else if (is_name(*p)) p++;
    s->name_n = (uint16_t)(p - s->name);
    s->op = AT_OP_EXEC;
    if (memcmp(p, "=?", 2) == 0) s->op = AT_OP_TEST, p += 2;
    else if (memcmp(p, "=!", 2) == 0) s->op = AT_OP_SAVE, p += 2;
    else if (*p == '=') s->op = AT_OP_SET, p++;
    else if (*p == '?') s->op = AT_OP_READ, p++;
    s->pos = (uint16_t)(p - s->line);
}

static bool is_broken(const char *p, size_t n)
{
    return n > 0 && (memchr(p, '\0', n) || (*p == '"' && (n == 1 || p[n - 1] != '"')));
}

static void scan_cells(at_scan *s)
{
    size_t i = s->pos, start = i;
    bool quoted = false;
    s->n_cells = 0;
    s->more = s->broken = false;
    if (i == s->n) return;
    for (;; i++) {
        char c = s->line[i];
        if (c == '\\' && quoted && i + 1 < s->n) i++;
        else if (c == '"') quoted = !quoted;
        if (i < s->n && (quoted || (c != ',' && c != ';'))) continue;
        if (c == ';' && i < s->n && i == start && s->n_cells == 0) i = start;
        else if (s->n_cells < 24) {
            at_cell *cell = &s->cells[s->n_cells++];
            cell->at = (uint16_t)start;
            cell->n = (uint16_t)(i - start);
            s->broken = is_broken(s->line + start, i - start);
        }
        start = i + 1;
        if (i >= s->n) break;
        if (c == ';') {
            s->more = true;
            break;
        }
    }
    s->pos = (uint16_t)(s->more ? i + 1 : s->n);
}

/* All readings of the command's forms; at__line_take does the rest. Shapes are their first forms. */
static const uint8_t accepts[] = { 1, 0, 2, 1, 0, 3, 1, 0, 2 };
static int match(unsigned n, unsigned shape)
{
    (void)n;
    return shape == TOY_SEND_SET ? 5 : shape == TOY_JOIN_SET || shape == TOY_VOL_SET ? 2 : 0;
}

/* ---- names: one bucket ---- */
#define NAMED(name, first) { X(name), 0, AT_RAM, 0, (first) & AT_NO_FORMS }
static const at_command commands[] = {
    NAMED(nul, TOY_AT), NAMED(n_e, TOY_E), NAMED(n_vol, TOY_VOL_SET),
    { X(n_join), 0, AT_RAM, 1, 4 }, { X(n_join_), X(n_cur), AT_RAM, 0, TOY_JOIN_SET },
    { X(n_join_), X(n_def), AT_FLASH, 0, TOY_JOIN_SET },
    NAMED(n_mux, TOY_MUX_SET), NAMED(n_send, TOY_SEND_SET), NAMED(n_text, TOY_TEXT),
    NAMED(n_push, TOY_PUSH), NAMED(n_list, TOY_LIST), NAMED(n_sub, TOY_SUB), NAMED(n_msg, TOY_MSG),
    NAMED(n_find, TOY_FIND), NAMED(n_get, TOY_GET), NAMED(n_all, TOY_ALL), NAMED(n_no, AT_NO_FORMS),
    NAMED(n_away, TOY_AWAY), NAMED(n_late, TOY_LATE),
};
static const uint16_t buckets[] = { 0, sizeof commands / sizeof *commands };

/* ---- replies ---- */
enum { E_OK, E_VOL, E_JOIN, E_SEND = E_JOIN + 3, E_CONNECT = E_SEND + 4, E_TEXT = E_CONNECT + 2,
       E_LIST = E_TEXT + 3, E_GET = E_LIST + 2, E_ALL = E_GET + 2, E_LATE, E_ERRORS = E_LATE + 2 };
static const at_emit emits[] = {
    { AT_EMIT_NOTHING, AT_R_ENDS_OK, 0 },
    { AT_EMIT_LINE, AT_R_ENDS_OK, TOY_LINE_VOL },
    { AT_EMIT_NOTHING, AT_R_ENDS_OK, 0 },
    { AT_EMIT_LINE, AT_R_MORE, TOY_LINE_JOIN }, { AT_EMIT_LINE, AT_R_FAILS, TOY_LINE_FAIL },
    { AT_EMIT_PROMPT, AT_R_MORE, X(prompt) }, { AT_EMIT_PHASE, AT_R_DATA, P_SEND },
    { AT_EMIT_LINE, AT_R_ENDS, TOY_LINE_SEND_OK },
    { AT_EMIT_LINE, AT_R_FAILS, TOY_LINE_FAIL },
    { AT_EMIT_PROMPT, AT_R_MORE, X(prompt) }, { AT_EMIT_PHASE, AT_R_DATA, P_TRANSPARENT },
    { AT_EMIT_PROMPT, AT_R_MORE, X(prompt) }, { AT_EMIT_PHASE, AT_R_DATA, P_TEXT },
    { AT_EMIT_NOTHING, AT_R_ENDS_OK, 0 },
    { AT_EMIT_LINE, AT_R_GOES_ON, TOY_LINE_ROW },
    { AT_EMIT_NOTHING, AT_R_ENDS_OK, 0 },
    { AT_EMIT_LINE, AT_R_ENDS_OK, TOY_LINE_GET },
    { AT_EMIT_LINE, AT_R_ENDS, TOY_LINE_SIZE },
    { AT_EMIT_LINE, AT_R_ENDS_OK, TOY_LINE_ALL },
    { AT_EMIT_NOTHING, AT_R_ENDS_OK, 0 },
    { AT_EMIT_LINE, AT_R_LATER, TOY_LINE_LATE },
    { AT_EMIT_NOTHING, AT_R_ENDS_OK, 0 }, { AT_EMIT_LINE, AT_R_FAILS, TOY_LINE_ERROR },
};
const toy_reply toy_replies[TOY_REPLIES] = {
    [TOY_OK] = { TOY_VOL_SET, 0 }, [TOY_VOL_OK] = { TOY_VOL_READ, 0 },
    [TOY_JOIN_OK] = { TOY_JOIN_SET, 0 }, [TOY_JOIN_FAIL] = { TOY_JOIN_SET, 1 },
    [TOY_MUX_OK] = { TOY_MUX_SET, 0 },
    [TOY_PROMPT] = { TOY_SEND_SET, 0 }, [TOY_SEND_OK] = { TOY_SEND_SET, 1 },
    [TOY_SEND_FAIL] = { TOY_SEND_SET, 2 }, [TOY_CONNECT] = { TOY_SEND_EXEC, 0 },
    [TOY_TEXT_PROMPT] = { TOY_TEXT, 0 }, [TOY_TEXT_OK] = { TOY_TEXT, 1 },
    [TOY_PUSH_OK] = { TOY_PUSH, 0 }, [TOY_ROW] = { TOY_LIST, 0 }, [TOY_LIST_OK] = { TOY_LIST, 1 },
    [TOY_GET_OK] = { TOY_GET, 0 }, [TOY_GET_DATA] = { TOY_GET, 1 }, [TOY_ALL_LINE] = { TOY_ALL, 0 },
    [TOY_LATE_OK] = { TOY_LATE, 0 }, [TOY_LATE_LINE] = { TOY_LATE, 1 },
};

static const at_start starts[] = {
    /* 0 */ { 0, 0, 0, AT_NO_OK, AT_DOES_ECHO, AT_FORM_TAKES, 1 << AT_OP_EXEC },
    /* 1 */ { 0, 0, 0, 0, 0, AT_FORM_TAKES, 1 << AT_OP_SET },
    /* 2 */ { 0, 0, 0, AT_NO_OK, 0, AT_FORM_TAKES, 1 << AT_OP_READ },
    /* 3 */ { 0, 0, 0, 0, 0, AT_FORM_SAVED | AT_FORM_TAKES, 1 << AT_OP_SET },
    /* 4 */ { 0, 0, 0, AT_NO_OK, 0, AT_FORM_DATA | AT_FORM_TAKES, 1 << AT_OP_SET },
    /* 5 */ { 0, 0, 0, AT_NO_OK, 0, AT_FORM_DATA | AT_FORM_TAKES, 1 << AT_OP_EXEC },
    /* 6 */ { 0, 0, 0, 1, 0, AT_FORM_DATA | AT_FORM_TAKES, 1 << AT_OP_EXEC },
    /* 7 */ { 0, 0, 1 + P_PUSH, 0, 0, AT_FORM_TAKES, 1 << AT_OP_SET },
    /* 8 */ { 0, 0, 0, 1, 0, AT_FORM_TAKES, 1 << AT_OP_EXEC },
    /* 9 */ { 0, 0, 0, AT_NO_OK, 0, AT_FORM_TAKES, 1 << AT_OP_SET },
    /* 10 */ { 2, 1, 0, AT_NO_OK, 0, AT_FORM_TAKES, 1 << AT_OP_SET },
    /* 11 */ { 0, 0, 0, AT_NO_OK, 0, AT_FORM_TAKES, 1 << AT_OP_EXEC },
    /* 12 */ { 0, 0, 0, AT_NO_OK, AT_DOES_TOGGLE, AT_FORM_TAKES, 1 << AT_OP_EXEC },
    /* 13 */ { 0, 0, 0, 0, 0, AT_FORM_TAKES, 1 << AT_OP_EXEC },
};
/* Line, shape, first part of its replies, kind, is it the last of its command. */
static const at_form forms[] = {
    [TOY_E] = { TOY_COMMANDS + TOY_E, TOY_E, E_OK, 0, 1 },
    [TOY_VOL_SET] = { TOY_COMMANDS + TOY_VOL_SET, TOY_VOL_SET, E_OK, 1, 0 },
    [TOY_VOL_READ] = { TOY_COMMANDS + TOY_VOL_READ, TOY_VOL_READ, E_VOL, 2, 1 },
    [TOY_JOIN_SET] = { TOY_COMMANDS + TOY_JOIN_SET, TOY_JOIN_SET, E_JOIN, 3, 1 },
    [TOY_MUX_SET] = { TOY_COMMANDS + TOY_MUX_SET, TOY_MUX_SET, E_OK, 1, 1 },
    [TOY_SEND_SET] = { TOY_COMMANDS + TOY_SEND_SET, TOY_SEND_SET, E_SEND, 4, 0 },
    [TOY_SEND_EXEC] = { TOY_COMMANDS + TOY_SEND_EXEC, TOY_SEND_EXEC, E_CONNECT, 5, 1 },
    [TOY_TEXT] = { TOY_COMMANDS + TOY_TEXT, TOY_TEXT, E_TEXT, 6, 1 },
    [TOY_PUSH] = { TOY_COMMANDS + TOY_PUSH, TOY_PUSH, E_OK, 7, 1 },
    [TOY_LIST] = { TOY_COMMANDS + TOY_LIST, TOY_LIST, E_LIST, 8, 1 },
    [TOY_SUB] = { TOY_COMMANDS + TOY_SUB, TOY_SUB, E_OK, 9, 1 },
    [TOY_MSG] = { TOY_COMMANDS + TOY_MSG, TOY_MSG, E_OK, 9, 1 },
    [TOY_FIND] = { TOY_COMMANDS + TOY_FIND, TOY_FIND, E_OK, 9, 1 },
    [TOY_GET] = { TOY_COMMANDS + TOY_GET, TOY_GET, E_GET, 10, 1 },
    [TOY_ALL] = { TOY_COMMANDS + TOY_ALL, TOY_ALL, E_ALL, 9, 1 },
    [TOY_AT] = { TOY_COMMANDS + TOY_AT, TOY_AT, E_OK, 11, 1 },
    [TOY_AWAY] = { TOY_COMMANDS + TOY_AWAY, TOY_AWAY, E_OK, 12, 1 },
    [TOY_LATE] = { TOY_COMMANDS + TOY_LATE, TOY_LATE, E_LATE, 13, 1 },
    [TOY_FORMS] = { TOY_COMMANDS + TOY_FORMS, 0, E_ERRORS, 0, 1 },
};

#if AT_TAP
static const uint16_t form_ids[TOY_FORMS] = {
    TOY_E, TOY_VOL_SET, TOY_VOL_READ, TOY_JOIN_SET, TOY_MUX_SET, TOY_SEND_SET, TOY_SEND_EXEC,
    TOY_TEXT, TOY_PUSH, TOY_LIST, TOY_SUB, TOY_MSG, TOY_FIND, TOY_GET, TOY_ALL, TOY_AT, TOY_AWAY,
    TOY_LATE,
};
#endif

static const at_frame frames[] = { { 0, X(crlf) }, { X(crlf), X(crlf) }, { X(crlf), X(crlf) }, { 0, 0 } };
const at_busy toy_busy = { { X(busy), X(busy_data) }, { AT_BUSY_TEXT, AT_BUSY_TEXT } };
const at_module_tables toy_tables = {
    { 1, 1, 1, 1, 1, 1 },
    TOY_LINE_OK, TOY_FORMS, 0, buckets, commands, forms, starts, emits, &toy_busy, NULL,
#if AT_TAP
    form_ids,
#endif
    {
        .text = (const char *)&texts, .types = types, .values = values, .words = words,
        .slots = slots, .sorts = sorts, .traits = traits, .ties = ties, .figures = figures,
        .times = times, .scales = scales, .conds = conds, .holds = holds,
        .readings = readings, .loops = loops, .rests = rests,
        .lines = lines, .heads = heads, .phases = phases, .settings = settings, .initial = initial, .assigns = assigns,
        .n_assigns = 2, .n_settings = 5, .accepts = accepts,
        .scan_command = scan_command, .scan_cells = scan_cells, .match = match,
        .prefix = X(at), .command_end = X(crlf), .frames = frames,
        .escaped = X(quote), .escape = '\\', .chain = ';',
        .flags = AT_D_ANY_CASE_NAMES | AT_D_LF, .line_max = 100, .out_max = 90, .final_max = 16,
    },
};
