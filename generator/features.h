/* What some dialects use of the runtime and others do not: AT_WITH_… in runtime/at_features.h, which
 * says what each of them is. tables_use() notes one where a row that needs it is made. X_IN: in lines
 * that are read, X_OUT, the next: in lines that are written.
 * SPDX-License-Identifier: MIT */
#ifndef FEATURES_H
#define FEATURES_H

#define FEATURES(F) \
    F(AFFIXES_IN) \
    F(AFFIXES_OUT) \
    F(ALIASES) \
    F(ANSWER_DATA) \
    F(ANY_CASE) \
    F(BARE) \
    F(BITS) \
    F(BODIES) \
    F(BUSY_TEXT) \
    F(BUSY_WAIT) \
    F(BYTES_IN) \
    F(BYTES_OUT) \
    F(CANCELS) \
    F(CHAIN) \
    F(CHOICES) \
    F(COMMAND_DATA) \
    F(CONDITIONS) \
    F(COUNTED_STEPS) \
    F(COUNT_IN_ANSWER) \
    F(DATA_IN) \
    F(DATA_OUT) \
    F(DATA_TAILS) \
    F(DIGITS) \
    F(ECHO) \
    F(ELASTIC) \
    F(EMPTY) \
    F(EMPTY_DATA) \
    F(EMPTY_LINES) \
    F(ENDINGS) \
    F(ESCAPES) \
    F(ESCAPE_ANSWERS) \
    F(FIGURES) \
    F(HASH) \
    F(HEADLESS_RESULTS) \
    F(HEX) \
    F(HOST) \
    F(IP_IN) \
    F(IP_OUT) \
    F(KEYS) \
    F(LATER) \
    F(LIMITS) \
    F(LITERALS) \
    F(LONG_LINES) \
    F(LOOPS) \
    F(MAC_IN) \
    F(MAC_OUT) \
    F(MASKS) \
    F(NAMES) \
    F(NEXT_LINES) \
    F(NO_QUOTES) \
    F(OPERATOR_VALUES) \
    F(OPTIONAL) \
    F(PACKED) \
    F(QUOTES_OUT) \
    F(RANGES) \
    F(REFUSALS) \
    F(REPLY_DATA) \
    F(REQUESTS) \
    F(RESULT_NUMBERS) \
    F(ROW_KINDS) \
    F(SAVED) \
    F(SENT_DATA) \
    F(SETTINGS) \
    F(SEVERAL_STAGES) \
    F(SHAPES) \
    F(SIGNED_IN) \
    F(SIGNED_OUT) \
    F(SILENT_ENDS) \
    F(STEP_CONDITIONS) \
    F(STRINGS_OUT) \
    F(TEXT) \
    F(TIED_TEXT) \
    F(TIES) \
    F(TIMES) \
    F(TOGGLE) \
    F(TRANSPARENT) \
    F(TRANSPARENT_ENDS) \
    F(TWINS) \
    F(UNKNOWN) \
    F(UNPROMPTED) \
    F(UNSUPPORTED) \
    F(UNTIL) \
    F(URC_STEPS) \
    F(WORDS_IN) \
    F(WORDS_OUT)

#define FEATURE_INDEX(name) WITH_##name,
typedef enum feature { FEATURES(FEATURE_INDEX) FEATURE_COUNT } feature;

#endif
