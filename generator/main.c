/* atgen: the command line. One entry of `commands` per command, one function each; what they share
 * is the ordered list of passes in read_model. All exits of the program are here and in mem.c.
 * SPDX-License-Identifier: MIT */
#include <errno.h>
#include <popt.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "mem.h"
#include "parser.h"
#include "passes.h"
#include "report.h"

#ifndef PACKAGE_VERSION
#define PACKAGE_VERSION "0"
#endif

enum { EXIT_DONE = 0, EXIT_INPUT = 1, EXIT_USAGE = 2, EXIT_INTERNAL = 70 };

/* What the options of all commands set; one run has one command. */
static struct {
    char *format, *stage, *side, *only, *prefix, *output, *templates, *missing;
    int in_place, no_tools;
} o;

/* One run: everything that is allocated, and what has been found. */
typedef struct run {
    void *ctx;
    diag *d;
    const char **specs;         /* the arguments, NULL-ended */
    size_t n_specs;
} run;

/* ---- the passes, in their order ---- */

/* A spec's model, or NULL: the diagnostics say why. */
static const model *read_model(run *r, const char *spec)
{
    const ast_file *files = ast_load(r->ctx, r->d, spec);
    if (!files)
        return NULL;
    model *m = resolve(r->ctx, r->d, files);
    if (!m)
        return NULL;
    return check(r->d, m) ? m : NULL;
}

/* ---- results and outputs ---- */

static int complain(int status, const char *format, const char *what, const char *why)
{
    fputs("atgen: ", stderr);
    fprintf(stderr, format, what, why);
    fputc('\n', stderr);
    return status;
}

static int usage(const char *format, const char *what)
{
    int status = complain(EXIT_USAGE, format, what, "");

    fputs("Try 'atgen --help'.\n", stderr);
    return status;
}

static int status_of(const run *r)
{
    return diag_errors(r->d) ? EXIT_INPUT : EXIT_DONE;
}

/* What a back end says of itself. */
static int gen_status(const run *r, gen_result result, const char *fault)
{
    switch (result) {
    case GEN_OUTPUT: return complain(EXIT_INPUT, "%s%s", fault, "");
    case GEN_INTERNAL: return complain(EXIT_INTERNAL, "internal error: %s%s", fault, "");
    case GEN_SPEC: return EXIT_INPUT;
    default: return status_of(r);
    }
}

/* An output that is kept in memory until it is whole. */
typedef struct output { char *text; size_t len; FILE *file; } output;

static bool output_open(output *out)
{
    *out = (output){ NULL, 0, NULL };
    out->file = open_memstream(&out->text, &out->len);
    return out->file != NULL;
}

static bool is_stdout(const char *path)
{
    return !path || strcmp(path, "-") == 0;
}

/* Write what was collected to `path` (NULL or `-`: standard output), if `status` is EXIT_DONE. */
static int output_close(output *out, const char *path, int status)
{
    if (fclose(out->file) != 0)
        mem_fail();
    if (status == EXIT_DONE) {
        FILE *file = is_stdout(path) ? stdout : fopen(path, "wb");
        bool good = file && fwrite(out->text, 1, out->len, file) == out->len;
        if (file && (is_stdout(path) ? fflush(file) : fclose(file)) != 0)
            good = false;
        if (!good)
            status = complain(EXIT_INPUT, "cannot write %s: %s",
                              is_stdout(path) ? "the standard output" : path, strerror(errno));
    }
    free(out->text);
    return status;
}

/* `a,b,c` as a NULL-ended array; NULL stays NULL. */
static const char *const *split(void *ctx, char *list)
{
    size_t n = 1, i = 0;

    if (!list)
        return NULL;
    for (const char *p = list; *p; p++)
        n += *p == ',';
    const char **names = mem_array(ctx, const char *, n + 1);
    for (char *word = strtok(mem_string(ctx, list), ","); word; word = strtok(NULL, ","))
        names[i++] = word;
    return names;
}

/* ---- commands ---- */

static int run_check(run *r)
{
    for (size_t i = 0; i < r->n_specs; i++)
        read_model(r, r->specs[i]);
    return status_of(r);
}

static int run_gen(run *r)
{
    const char *fault = "";

    if (!o.output)
        return usage("gen needs -o DIR%s", "");
    const model *m = read_model(r, r->specs[0]);
    if (!m)
        return EXIT_INPUT;
    gen_options options = {
        .module = strcmp(o.side, "host") != 0, .host = strcmp(o.side, "module") != 0,
        .tools = !o.no_tools, .prefix = o.prefix, .directory = o.output,
        .template_dir = o.templates, .only = split(r->ctx, o.only),
    };
    gen_result result = generate(r->d, m, &options, &fault);
    return gen_status(r, result, fault);
}

static int run_handlers(run *r)
{
    output out;
    const char *fault = "";

    if (strcmp(o.side, "both") == 0)
        return usage("handlers needs --side module or --side host%s", "");
    const model *m = read_model(r, r->specs[0]);
    if (!m)
        return EXIT_INPUT;
    if (!output_open(&out))
        mem_fail();
    side which = strcmp(o.side, "host") == 0 ? SIDE_HOST : SIDE_MODULE;
    gen_result result = handlers(r->d, m, which, o.missing, out.file, &fault);
    return output_close(&out, o.output, gen_status(r, result, fault));
}

static int run_dump(run *r)
{
    output out;
    bool is_ast = strcmp(o.stage, "ast") == 0;
    const ast_file *files = is_ast ? ast_load(r->ctx, r->d, r->specs[0]) : NULL;
    const model *m = is_ast ? NULL : read_model(r, r->specs[0]);

    if (!files && !m)
        return EXIT_INPUT;
    if (!output_open(&out))
        mem_fail();
    if (is_ast)
        ast_dump(files, out.file);
    else
        model_dump(m, out.file);
    return output_close(&out, o.output, EXIT_DONE);
}

static int run_doc(run *r)
{
    output out;

    if (!o.output)
        return usage("doc needs -o FILE.html%s", "");
    const model *m = read_model(r, r->specs[0]);
    if (!m)
        return EXIT_INPUT;
    if (!output_open(&out))
        mem_fail();
    report_html(m, out.file);
    return output_close(&out, o.output, EXIT_DONE);
}

static int run_diff(run *r)
{
    output out;
    const model *a = read_model(r, r->specs[0]), *b = read_model(r, r->specs[1]);

    if (!a || !b)
        return EXIT_INPUT;
    if (!output_open(&out))
        mem_fail();
    report_diff(a, b, out.file);
    return output_close(&out, o.output, EXIT_DONE);
}

/* Does the text of `out` say what the file says? If not, that is a bug of ours. */
static bool says_the_same(run *r, const ast_file *file, const output *out)
{
    diag *scratch = diag_new(r->ctx);

    return ast_same(file, parser_read(r->ctx, scratch,
                                      source_text(r->ctx, file->path, out->text, out->len)))
           && !diag_errors(scratch);
}

static bool is_unchanged(const ast_file *file, const output *out)
{
    return out->len == file->src->len && memcmp(out->text, file->src->text, out->len) == 0;
}

static int format_one(run *r, const char *spec)
{
    output out;
    ast_file *file = ast_read(r->ctx, r->d, spec);
    bool in_place = o.in_place && strcmp(spec, "-") != 0;

    if (!file)
        return EXIT_INPUT;
    if (!output_open(&out))
        mem_fail();
    fmt(file, out.file);
    fflush(out.file);
    if (!says_the_same(r, file, &out)) {
        output_close(&out, NULL, EXIT_INTERNAL);
        return complain(EXIT_INTERNAL, "internal error: the layout changes what %s says%s",
                        file->path, "");
    }
    if (in_place && is_unchanged(file, &out)) {
        fclose(out.file);
        free(out.text);
        return EXIT_DONE;
    }
    return output_close(&out, in_place ? file->path : NULL, EXIT_DONE);
}

static int run_fmt(run *r)
{
    int status = EXIT_DONE;

    for (size_t i = 0; i < r->n_specs; i++) {
        int one = format_one(r, r->specs[i]);
        if (one > status)
            status = one;
    }
    return status;
}

/* ---- the command line ---- */

#define OPTION_FORMAT { "format", '\0', POPT_ARG_STRING, &o.format, 0, \
                        "How diagnostics are printed: text, json", "FORMAT" }
#define OPTION_WARN { NULL, 'W', POPT_ARG_STRING, NULL, 'W', \
                      "-Wno-NAME, -Werror, -Werror=NAME, as a C compiler takes them", "NAME" }
#define OPTION_OUTPUT(help, arg) { "output", 'o', POPT_ARG_STRING, &o.output, 0, help, arg }
#define OPTION_SIDE(help) { "side", '\0', POPT_ARG_STRING, &o.side, 0, help, "SIDE" }
#define OPTION_HELP \
    { "help", 'h', POPT_ARG_NONE, NULL, 'h', "Show this help", NULL }, \
    { "version", '\0', POPT_ARG_NONE, NULL, 'v', "Show the version", NULL }
#define COMMON OPTION_FORMAT, OPTION_WARN, OPTION_HELP, POPT_TABLEEND

static struct poptOption check_options[] = { COMMON };
static struct poptOption gen_table[] = {
    OPTION_OUTPUT("Where the files go", "DIR"),
    OPTION_SIDE("module, host or both"),
    { "only", '\0', POPT_ARG_STRING, &o.only, 0, "Only these commands: NAME, NAME:form, @FILE",
      "NAME,..." },
    { "prefix", '\0', POPT_ARG_STRING, &o.prefix, 0, "C prefix instead of the dialect's name",
      "PREFIX" },
    { "no-tools", '\0', POPT_ARG_NONE, &o.no_tools, 0, "Do not run re2c and Lemon", NULL },
    { "template-dir", '\0', POPT_ARG_STRING, &o.templates, 0,
      "Templates to take instead of the built-in ones", "DIR" },
    COMMON
};
static struct poptOption handlers_table[] = {
    OPTION_SIDE("module or host"),
    OPTION_OUTPUT("Where the skeleton goes", "FILE"),
    { "missing", '\0', POPT_ARG_STRING, &o.missing, 0, "Only what this C file lacks", "FILE" },
    COMMON
};
static struct poptOption dump_options[] = {
    { "stage", '\0', POPT_ARG_STRING, &o.stage, 0, "ast or model (default)", "STAGE" }, COMMON
};
static struct poptOption doc_options[] = { OPTION_OUTPUT("The page", "FILE.html"), COMMON };
static struct poptOption diff_options[] = { COMMON };
static struct poptOption fmt_options[] = {
    { "in-place", 'i', POPT_ARG_NONE, &o.in_place, 0, "Write each file back", NULL }, COMMON
};

typedef struct command {
    const char *name, *args, *summary;
    struct poptOption *options;
    size_t least, most;         /* how many SPECs */
    int (*run)(run *);
} command;

static const command commands[] = {
    { "check", "SPEC...", "Diagnostics only", check_options, 1, (size_t)-1, run_check },
    { "gen", "-o DIR SPEC", "Write both sides, or one, as C", gen_table, 1, 1, run_gen },
    { "handlers", "--side SIDE SPEC", "Write a skeleton for the user's own code", handlers_table,
      1, 1, run_handlers },
    { "dump", "SPEC", "Print what was understood, as JSON", dump_options, 1, 1, run_dump },
    { "doc", "-o FILE.html SPEC", "Write the command reference as one page", doc_options, 1, 1,
      run_doc },
    { "diff", "SPEC SPEC", "Print what differs between two dialects", diff_options, 2, 2,
      run_diff },
    { "fmt", "[-i] SPEC...", "Print the canonical layout", fmt_options, 1, (size_t)-1, run_fmt },
};
enum { COMMANDS = sizeof commands / sizeof *commands };

static int print_help(void)
{
    puts("Usage: atgen COMMAND [OPTION...] SPEC...\n"
         "One spec of an AT-command dialect, compiled to both ends of the wire.\n"
         "A SPEC is a file, '-' for the standard input, or the name of a shipped dialect.\n");
    for (size_t i = 0; i < COMMANDS; i++)
        printf("  atgen %-8s %-18s %s\n", commands[i].name, commands[i].args,
               commands[i].summary);
    puts("\n'atgen COMMAND --help' shows the options of a command; 'atgen --version' the version.\n"
         "Exit status: 0 done, 1 the spec is at fault, 2 usage, 70 internal error.");
    return EXIT_DONE;
}

static int print_version(void)
{
    puts("atgen " PACKAGE_VERSION);
    return EXIT_DONE;
}

static bool is_one_of(const char *value, const char *const *list)
{
    while (*list && strcmp(*list, value) != 0)
        list++;
    return *list != NULL;
}

/* popt gives its texts away, so a default is given away too. */
static void set_default(char **option, const char *text)
{
    if (!*option)
        *option = mem_check(strdup(text));
}

/* Options whose value is one of a few. Returns EXIT_DONE or what the program ends with. */
static int check_values(void)
{
    static const char *const formats[] = { "text", "json", NULL };
    static const char *const stages[] = { "ast", "model", NULL };
    static const char *const sides[] = { "module", "host", "both", NULL };

    set_default(&o.format, "text");
    set_default(&o.stage, "model");
    set_default(&o.side, "both");
    if (!is_one_of(o.format, formats))
        return usage("--format is 'text' or 'json', not '%s'", o.format);
    if (!is_one_of(o.stage, stages))
        return usage("--stage is 'ast' or 'model', not '%s'", o.stage);
    if (!is_one_of(o.side, sides))
        return usage("--side is 'module', 'host' or 'both', not '%s'", o.side);
    return EXIT_DONE;
}

/* Take the options of one command. Returns -1 to go on, or what the program ends with. */
static int read_options(poptContext context, run *r)
{
    int option;

    while ((option = poptGetNextOpt(context)) > 0) {
        if (option == 'h') {
            poptPrintHelp(context, stdout, 0);
            return EXIT_DONE;
        }
        if (option == 'v')
            return print_version();
        char *name = poptGetOptArg(context);
        bool known = diag_option(r->d, name);
        int status = known ? -1 : usage("no warning is called '%s'", name);
        free(name);
        if (!known)
            return status;
    }
    if (option < -1)
        return usage(mem_printf(r->ctx, "%%s: %s", poptStrerror(option)),
                     poptBadOption(context, POPT_BADOPTION_NOALIAS));
    int status = check_values();
    return status ? status : -1;
}

static void print_diagnostics(const run *r)
{
    const char *no_color = getenv("NO_COLOR");
    bool colour = isatty(STDERR_FILENO) && !(no_color && *no_color);

    diag_print(r->d, stderr, strcmp(o.format, "json") == 0, colour);
}

static int run_command(const command *c, poptContext context, run *r)
{
    int status = read_options(context, r);

    if (status >= 0)
        return status;
    r->specs = poptGetArgs(context);
    while (r->specs && r->specs[r->n_specs])
        r->n_specs++;
    if (r->n_specs < c->least)
        return usage("'%s' needs a SPEC: a file or the name of a dialect", c->name);
    if (r->n_specs > c->most)
        return usage("too many arguments: '%s'", r->specs[c->most]);
    status = c->run(r);
    if (status != EXIT_USAGE)
        print_diagnostics(r);
    return status;
}

static int find_and_run(int argc, const char **argv)
{
    const char *names[COMMANDS + 1] = { NULL };

    for (size_t i = 0; i < COMMANDS; i++) {
        if (strcmp(argv[1], commands[i].name) != 0) {
            names[i] = commands[i].name;
            continue;
        }
        run r = { .ctx = mem_check(talloc_new(NULL)) };
        r.d = diag_new(r.ctx);
        char *name = mem_printf(r.ctx, "atgen %s", commands[i].name);
        argv[1] = name;
        poptContext context = mem_check(poptGetContext(name, argc - 1, argv + 1,
                                                       commands[i].options, 0));
        poptSetOtherOptionHelp(context, commands[i].args);
        int status = run_command(&commands[i], context, &r);
        poptFreeContext(context);
        talloc_free(r.ctx);
        return status;
    }
    const char *near = diag_nearest(argv[1], names);
    if (!near)
        return usage("no command is called '%s'", argv[1]);
    complain(EXIT_USAGE, "no command is called '%s'; did you mean '%s'?", argv[1], near);
    return EXIT_USAGE;
}

static char *const *const texts[] = { &o.format, &o.stage, &o.side, &o.only, &o.prefix, &o.output,
                                      &o.templates, &o.missing };

int main(int argc, char **argv)
{
    mem_init();
    if (argc < 2)
        return usage("what to do? A command is missing%s", "");
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0
        || strcmp(argv[1], "help") == 0)
        return print_help();
    if (strcmp(argv[1], "--version") == 0)
        return print_version();
    int status = find_and_run(argc, (const char **)argv);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        free(*texts[i]);
    mem_done();
    return status;
}
