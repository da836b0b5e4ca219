/* Calls that wait, for programs that may: a loop over the port's `wait`. Apart from at_host.c so
 * that programs that never wait do not carry it.
 * SPDX-License-Identifier: 0BSD */
#include "at_host_private.h"

at_status at_host_wait(at_host *host, at_request *r)
{
    const at_port *port = &host->link.port;
    if (!port->wait) {
        at__forget(&host->core, r);
        return AT_INVALID;
    }
    while (r->state != AT_Q_FREE) {
        uint32_t ms = at_poll(&host->link);
        if (r->state != AT_Q_FREE && ms > 0) port->wait(port->ctx, ms);
    }
    return r->status;
}
