/* What the targets that are given spec text have in common.
 * SPDX-License-Identifier: MIT */
#ifndef FUZZ_SPEC_H
#define FUZZ_SPEC_H

#include "fuzz.h"

/* All passes, and both sides of it written to spec_folder(), whose other files go. It ends in diagnostics or in output, or
 * aborts. False: the spec was refused. `tools`: re2c and Lemon run on what is emitted for them. */
bool spec_generate(const uint8_t *bytes, size_t n, bool tools);
/* Of this process; goes when it ends. */
const char *spec_folder(void);

#endif
