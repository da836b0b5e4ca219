/* Lets the module say a step of an answer, with the values that this world has.
 * SPDX-License-Identifier: MIT */
#ifndef VOICE_H
#define VOICE_H

#include "dialog.h"
#include "fill.h"

typedef struct voice {
    const at_names *names;
    const at_tables *tables; /* the module's */
    at_module *module;
    const store *settings; /* what has been set, by the dialogs' scopes */
    const store *received; /* data sent to the module, by the first argument of the command */
    char *payload;         /* leaves the module by reference */
    char *fields;          /* room for the struct of a reply */
    fill fill;
} voice;

void voice_init(voice *, const at_names *, const store *settings, const store *received);
void voice_free(voice *);

/* What at_module_reply or at_module_urc says. */
at_status voice_say(voice *, const dialog *, const answer_step *);

#endif
