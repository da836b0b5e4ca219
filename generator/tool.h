/* re2c and Lemon, run on what was generated. They see bare file names in a folder of their own,
 * so that what they write does not depend on where it is written.
 * SPDX-License-Identifier: MIT */
#ifndef TOOL_H
#define TOOL_H

#include <stdbool.h>

#include "out.h"

/* Make NAME.inc of every NAME.re and NAME.lemon among the files. False: `fault` is what the
 * tool, or the system, said; `internal` tells them apart. */
bool tool_run_all(outputs *, const char *parser_template, const char **fault, bool *internal);

#endif
