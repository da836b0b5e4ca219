/* Words for statuses. A file of its own so that a program that shows none does not carry them.
 * SPDX-License-Identifier: 0BSD */
#include "atlink.h"

const char *at_status_text(at_status status)
{
#if AT_TEXTS
    static const char *const texts[] = {
        "done", "pending", "no room now", "invalid call", "refused", "unsupported",
        "timed out", "cancelled", "the module restarted", "the line is lost",
        "the answer cannot be read", "too long", "the data ended early",
    };
    return (unsigned)status < sizeof texts / sizeof *texts ? texts[status] : "";
#else
    (void)status;
    return "";
#endif
}
