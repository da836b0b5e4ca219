/* Spec text to the compiler, all passes and the text of both sides.
 * SPDX-License-Identifier: MIT */
#include "spec.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    spec_generate(bytes, n, false);
    return 0;
}
