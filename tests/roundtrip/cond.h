/* What a condition of the tables means, worked out here once more and not by the runtime.
 * SPDX-License-Identifier: MIT */
#ifndef COND_H
#define COND_H

#include "sample.h"

typedef struct cond_scope {     /* where values come from */
    const pattern *line;
    uint32_t mask;              /* which of its slots are there */
    const char *fields;         /* its struct */
    const char *request;        /* struct of the running request; NULL: nothing is known of it */
    const int32_t *settings;
} cond_scope;

/* Do `n` conditions hold, from `first` in the tables' list on? */
bool cond_hold(const cond_scope *, unsigned first, unsigned n);

/* Values for all settings: after a reset, or such as some condition of the dialect asks for. */
void cond_settings(sample *, const at_host_tables *, unsigned n_atoms, int32_t *settings);

#endif
