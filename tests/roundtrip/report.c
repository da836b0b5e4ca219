/* SPDX-License-Identifier: MIT */
#include "report.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dialects.h"

static size_t key_of(const char *what)
{
    const char *p = strchr(what, ',');
    if (p) p = strchr(p + 1, ',');
    return p ? (size_t)(p - what) : strcspn(what, "\n");
}

void report_add(report *r, const char *what)
{
    size_t n = strlen(r->text), key = key_of(what);
    if (key > sizeof r->last - 1) key = sizeof r->last - 1;
    r->n++;
    if (strncmp(r->last, what, key) == 0 && r->last[key] == '\0') return;
    memcpy(r->last, what, key);
    r->last[key] = '\0';
    r->shown++;
    snprintf(r->text + n, sizeof r->text - n, "\n%s", what);
}

void report_add_form(report *r, const at_names *names, unsigned form, unsigned number, const char *what)
{
    char line[300];
    snprintf(line, sizeof line, "%s, %s, %u: %s\n", names->dialect,
             form < names->n_forms ? names->forms[form].c_name : "-", number, what);
    report_add(r, line);
}

const char *report_text(report *r)
{
    static char text[3200];
    if (r->n > 0) fprintf(stderr, "%s", r->text);
    snprintf(text, sizeof text, "%u cases failed in %u forms:%.3000s", r->n, r->shown, r->text);
    return text;
}

enum { DIALECTS_MAX = 200 };
static const at_names *dialects[DIALECTS_MAX];

/* The spec files that the environment variable EXAMPLES names. */
static int load_examples(int n)
{
    const char *examples = getenv("EXAMPLES");
    char *paths = strdup(examples ? examples : ""), *rest = NULL;
    for (char *p = strtok_r(paths, " ", &rest); p; p = strtok_r(NULL, " ", &rest)) {
        int status;
        if (n == DIALECTS_MAX || !(dialects[n++] = dialects_find("test", p, &status)))
            exit(EXIT_FAILURE);
    }
    free(paths);
    return n;
}

int report_dialects(void)
{
    int n = 0;
    for (; dialects_shipped[n]; n++)
        dialects[n] = dialects_shipped[n];
    return load_examples(n);
}

const at_names *report_dialect(int i)
{
    return dialects[i];
}

unsigned report_least(const at_names *names, unsigned n)
{
    return n * (names->n_forms < 100 ? names->n_forms : 100u) / 100;
}

uint32_t report_seed(void)
{
    const char *seed = getenv("SEED");
    return seed ? 7919u * (uint32_t)strtoul(seed, NULL, 10) : 0;
}

int report_run(Suite *s)
{
    SRunner *runner = srunner_create(s);
    int failed;
    srunner_run_all(runner, CK_ENV);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
