/* What some dialects use of the runtime and others do not: AT_WITH_… in runtime/at_features.h, which
 * says what each of them is. tables_use() notes one where a row that needs it is made.
 * SPDX-License-Identifier: MIT */
#ifndef FEATURES_H
#define FEATURES_H

#define FEATURES(F) \
    F(AFFIXES) F(BYTES) F(CONDITIONS) F(DATA) F(EITHER) F(ELASTIC) F(EMPTY) F(ESCAPES) F(FIGURES) F(HEX) \
    F(HOST) F(IP) F(KEYS) F(LISTS) F(LITERALS) F(LOOPS) F(MAC) F(MASKS) F(NO_QUOTES) F(OPEN) F(RANGES) \
    F(REQUESTS) F(SIGNED) F(TEXT) F(TIES) F(TIMES) F(WORDS)

#define FEATURE_INDEX(name) WITH_##name,
typedef enum feature { FEATURES(FEATURE_INDEX) FEATURE_COUNT } feature;

#endif
