/* A small dialect written by hand, for the unit tests of the runtime: its module tables, and a
 * plain stand-in for the lexer and grammar that atgen would write. Every kind of line, phase and
 * condition is in it once.
 * SPDX-License-Identifier: MIT */
#ifndef TOY_H
#define TOY_H

#include "atmodule.h"

/* ---- structs, as they would be generated ---- */
typedef struct toy_enable { uint8_t enable; } toy_enable;
typedef struct toy_vol { uint8_t volume; } toy_vol;
typedef struct toy_join {
    at_saved saved;
    bool has_bssid;
    at_text ssid, pwd;
    at_mac bssid;
} toy_join;
typedef struct toy_join_result { uint8_t reason; } toy_join_result;
typedef struct toy_send { bool has_link; uint8_t link; uint16_t length; } toy_send;
typedef struct toy_length { uint16_t length; } toy_length;
typedef struct toy_row { bool has_name; int16_t number; at_text name; } toy_row;
typedef struct toy_sub {
    uint8_t id;
    struct { at_text topic; uint8_t qos; } item[4];
    size_t n_item;
} toy_sub;
typedef struct toy_msg { uint8_t id; at_text text; uint8_t last; } toy_msg;
typedef struct toy_find { bool has_a, has_b, has_c; uint8_t a, b, c; } toy_find;
typedef struct toy_get { uint8_t n; } toy_get;
typedef struct toy_get_result { uint8_t n; at_bytes data; } toy_get_result;
typedef struct toy_ipd { bool has_link; uint8_t link; uint16_t length; at_bytes data; } toy_ipd;
typedef struct toy_all {
    int32_t number;
    uint16_t hex;
    uint8_t word;
    at_ip ip;
    at_mac mac;
    at_bytes bytes;
    at_text either;
} toy_all;

enum { TOY_E, TOY_VOL_SET, TOY_VOL_READ, TOY_JOIN_SET, TOY_MUX_SET, TOY_SEND_SET, TOY_SEND_EXEC,
       TOY_TEXT, TOY_PUSH, TOY_LIST, TOY_SUB, TOY_MSG, TOY_FIND, TOY_GET, TOY_ALL, TOY_AT,
       TOY_AWAY, TOY_LATE, TOY_FORMS };
typedef struct toy_reply { unsigned form, number; } toy_reply;
extern const toy_reply toy_replies[];
enum { TOY_OK, TOY_VOL_OK, TOY_JOIN_OK, TOY_JOIN_FAIL, TOY_MUX_OK, TOY_PROMPT, TOY_SEND_OK,
       TOY_SEND_FAIL, TOY_CONNECT, TOY_TEXT_PROMPT, TOY_TEXT_OK, TOY_PUSH_OK, TOY_ROW, TOY_LIST_OK,
       TOY_GET_OK, TOY_GET_DATA, TOY_ALL_LINE, TOY_LATE_OK, TOY_LATE_LINE, TOY_REPLIES };
enum { TOY_LINE_OK, TOY_LINE_ERROR, TOY_LINE_READY, TOY_LINE_IPD, TOY_LINE_VOL, TOY_LINE_JOIN,
       TOY_LINE_FAIL, TOY_LINE_ROW, TOY_LINE_GET, TOY_LINE_ALL, TOY_LINE_SEND_OK,
       TOY_LINE_NO_CARRIER, TOY_LINE_LATE, TOY_LINE_SIZE, TOY_LINE_SUB, TOY_LINE_FIND,
       TOY_COMMANDS };          /* then the command lines, by form */

enum { TOY_F_SEND, TOY_F_PUSH, TOY_F_LINK, TOY_F_KEPT, TOY_F_MODE };     /* figures */
enum { TOY_T_NONE, TOY_T_TEXT, TOY_T_PUSH, TOY_T_PRODUCT };             /* times */

/* Where numbers stand in toy's values; LIST: 1, 2. */
enum { TOY_V_0, TOY_V_1, TOY_V_LIST, TOY_V_2, TOY_V_4, TOY_V_5, TOY_V_6, TOY_V_8, TOY_V_9,
       TOY_V_10, TOY_V_16, TOY_V_32, TOY_V_40, TOY_V_64, TOY_V_99, TOY_V_255, TOY_V_300,
       TOY_V_1000, TOY_V_M127, TOY_V_M32768, TOY_V_32767, TOY_V_65535, TOY_V_MIN,
       TOY_V_MAX, TOY_V_ALL };
extern const at_busy toy_busy;
extern const at_module_tables toy_tables;

#endif
