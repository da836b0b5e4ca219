/* The same command lines through cAT (github.com/marcinbor85/cAT), which is not part of this tree: `make bench CAT=DIR`.
 * Its table has the names that occur and no typed variables, which is the least it can do. `with_cat LINES N`.
 * SPDX-License-Identifier: MIT */
#include "cat.h"
#include "lines.h"

enum { NAMES_MAX = 4096 };

static const char *at;
static unsigned long handled;

static int take(char *c)
{
    if (!*at) return 0;
    *c = *at++;
    return 1;
}

static int drop(char c)
{
    (void)c;
    return 1;
}

static cat_return_state on_write(const struct cat_command *c, const uint8_t *p, const size_t n, const size_t args)
{
    (void)c;
    (void)p;
    (void)n;
    (void)args;
    handled++;
    return CAT_RETURN_STATE_ERROR;
}

static cat_return_state on_read(const struct cat_command *c, uint8_t *p, size_t *n, const size_t max)
{
    (void)max;
    return on_write(c, p, *n, 0);
}

static cat_return_state on_run(const struct cat_command *c) { return on_write(c, NULL, 0, 0); }

int main(int argc, char **argv)
{
    static lines in;
    static const char *names[NAMES_MAX];
    static struct cat_command table[NAMES_MAX];
    static uint8_t buffer[2 * NAMES_MAX];
    static struct cat_object cat;
    struct cat_command_group group = { .cmd = table };
    struct cat_command_group *groups[] = { &group };
    struct cat_descriptor all = { .cmd_group = groups, .cmd_group_num = 1, .buf = buffer, .buf_size = sizeof buffer };
    struct cat_io_interface io = { drop, take };
    if (argc != 3) return 2;
    lines_read(&in, argv[1]);
    group.cmd_num = lines_names(&in, names, NAMES_MAX);
    for (size_t i = 0; i < group.cmd_num; i++) {
        table[i].name = names[i];
        table[i].write = on_write;
        table[i].read = on_read;
        table[i].run = on_run;
    }
    cat_init(&cat, &all, &io, NULL);
    for (unsigned long i = 0, n = strtoul(argv[2], NULL, 10); i < n; i++) {
        at = in.text[i % in.n];
        while (cat_service(&cat) != CAT_STATUS_OK || *at) continue;
    }
    printf("%lu handled of %s lines, %zu commands\n", handled, argv[2], group.cmd_num);
    return 0;
}
