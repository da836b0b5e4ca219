/* Templates without logic: `{{name}}` is replaced by a text, `{{#name}}...{{/name}}` stands once
 * for each item of a list (once for a flag that is set or a text that is not empty),
 * `{{^name}}...{{/name}}` when there is none. A name is looked up in the item, then in what is
 * around it; one that is nowhere is an error. A line that holds a section's tag and nothing else
 * leaves no trace. A text of several lines that stands alone on its line is indented like its
 * tag.
 * SPDX-License-Identifier: MIT */
#ifndef TEMPLATE_H
#define TEMPLATE_H

#include <stdbool.h>
#include <stddef.h>

#include "text.h"

/* ---- what a template is filled with ---- */
typedef struct fill fill;

fill *fill_new(const void *ctx);
/* Names and values must live as long as the fill. A NULL value is "". */
void fill_text(fill *, const char *name, const char *value);
__attribute__((format(printf, 3, 4)))
void fill_printf(fill *, const char *name, const char *format, ...);
void fill_number(fill *, const char *name, long long);
void fill_flag(fill *, const char *name, bool);
void fill_list(fill *, const char *name);           /* a list, so far without items */
fill *fill_item(fill *, const char *name);        /* one more item of that list */

/* ---- filling ---- */
typedef struct template_fault { unsigned line; const char *what, *name; } template_fault;

/* Fill `source`, which ends with a NUL, into `out`. False: `fault` says where and why. */
bool template_fill(text *out, const char *source, const fill *, template_fault *fault);

/* ---- where templates come from ---- */
typedef struct template_file { const char *name; const char *text; } template_file;
/* generator/templates_data.c; ends with a NULL name */
extern const template_file templates_data[];

/* The template `name`, from `directory` if given and there, else as built in; NULL: no such
 * template. */
const char *template_find(const void *ctx, const char *directory, const char *name);

#endif
