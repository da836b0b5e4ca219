/* Handlers of A toy modem: what the firmware does for each command. Begun by `atgen handlers`; yours from here on. */
#include "toy_module.h"

/* AT+VOL=<volume>: Volume
 * Answered with: toy_module_vol_set_ok */
static at_status vol_set(toy_module *m, const toy_vol_set *command)
{
    (void)m;
    (void)command;
    return AT_UNSUPPORTED;
}

/* AT+VOL?: Volume
 * Answered with: toy_module_vol_read_ok */
static at_status vol_read(toy_module *m)
{
    (void)m;
    return AT_UNSUPPORTED;
}

const toy_module_handlers toy_handlers = {
    .vol_set = vol_set,
    .vol_read = vol_read,
};
