/* The back ends as a whole: what is written and what is not, `--only`, `--prefix`, handlers,
 * depfile. What is in the files is the goldens' subject, that they compile and talk to each
 * other the round trip's.
 * SPDX-License-Identifier: MIT */
#include <check.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "mem.h"
#include "parser.h"
#include "passes.h"
#include "text.h"

static const char SPEC[] =
    "dialect toy \"A toy */ modem\"\n"
    "results { ok OK   error ERROR, +CME ERROR: <err:oops> }\n"
    "errors oops \"What went wrong\" { 1 FIRST \"the first\", 2 SECOND \"the second\" }\n"
    "type volume int 0..10 \"Loudness\"\n"
    "command +VOL \"Volume\" {\n"
    "    set   AT+VOL=<volume>    -> OK\n"
    "    read  AT+VOL?            -> +VOL:<volume> / OK\n"
    "}\n"
    "command +SEND \"Send\" {\n"
    "    set   AT+SEND=<n:int 1..99>  -> OK / prompt \">\" / data n to module / OK\n"
    "}\n"
    "command +IP \"Address\" {\n"
    "    set   AT+IP=<a:ip>       -> OK\n"
    "}\n"
    "command +MANY \"Lines\" {\n"
    "    type mode  int 0..1 = 0\n"
    "    set   AT+MANY=<mode>     -> OK\n"
    "}\n"
    "urc +FROM \"Who calls\"       +FROM:[<line:0..9>, when +MANY.mode = 1]<who:0..99>\n"
    "urc +RING \"Somebody calls\"   +RING:<volume>\n"
    "urc +GONE \"Nobody calls\"     +GONE\n";

static void *ctx;
static diag *d;
static char folder[64];
static const char *fault;

static void setup(void)
{
    ctx = talloc_new(NULL);
    d = diag_new(ctx);
    strcpy(folder, "/tmp/atgen-test-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
    fault = "";
}

static void teardown(void)
{
    ck_assert_int_eq(system(mem_printf(ctx, "rm -rf '%s'", folder)), 0);
    talloc_free(ctx);
}

static const model *model_of(const char *path, const char *spec)
{
    const model *m =
        resolve(ctx, d, parser_read(ctx, d, source_text(ctx, path, spec, strlen(spec))));
    ck_assert_ptr_nonnull(m);
    return m;
}

static const model *toy(void)
{
    return model_of("toy.atspec", SPEC);
}

/* A file of the output, NULL: it is not there. */
static const char *contents(const char *name)
{
    FILE *file = fopen(mem_printf(ctx, "%s/%s", folder, name), "rb");
    if (!file)
        return NULL;
    text *t = text_new(ctx);
    char block[4096];
    size_t n;
    while ((n = fread(block, 1, sizeof block, file)) > 0)
        text_bytes(t, block, n);
    fclose(file);
    return t->p;
}

static void check_there(const char *const *names, bool there)
{
    for (; *names; names++)
        ck_assert_msg((contents(*names) != NULL) == there, "%s", *names);
}

static const char *const COMMON[] = { "toy.h", "toy_text.c", "toy.d", NULL };
static const char *const MODULE[] = { "toy_module.h", "toy_module.c", "toy_module_features.h",
                                      "toy_module_lexer.re", "toy_module_grammar.lemon", NULL };
static const char *const HOST[] = {
    "toy_host.h", "toy_host.c", "toy_host_features.h", "toy_host_wait.c", "toy_host_lexer.re",
    "toy_host_grammar.lemon", NULL
};
static const char *const MADE[] = { "toy_module_lexer.inc", "toy_module_grammar.inc",
                                    "toy_host_lexer.inc", "toy_host_grammar.inc", NULL };

static gen_options options(void)
{
    return (gen_options){ .module = true, .host = true, .directory = folder };
}

/* Does a dialect need AT_WIDE whose URC has so many texts? */
static bool is_wide(unsigned texts)
{
    text *spec = text_new(ctx);
    gen_options o = options();

    text_add(spec, "dialect toy\nresults { ok OK   error ERROR }\nurc +A  +A:");
    for (unsigned i = 0; i < texts; i++)
        text_printf(spec, "%s<t%u:string 0..9>", i ? "," : "", i);
    text_add(spec, "\n");
    ck_assert_int_eq(generate(d, model_of("toy.atspec", spec->p), &o, &fault), GEN_DONE);
    return strstr(contents("toy_module.h"), "#if !AT_WIDE") != NULL;
}

/* A field's place in its struct is one byte, also where pointers have 64 bits. */
START_TEST(test_large_structs)
{
    ck_assert(!is_wide(16));
    ck_assert(is_wide(17));
}
END_TEST

START_TEST(test_one_side)
{
    gen_options o = options();
    o.host = false;
    ck_assert_int_eq(generate(d, toy(), &o, &fault), GEN_DONE);
    check_there(COMMON, true);
    check_there(MODULE, true);
    check_there(HOST, false);
    check_there(MADE, false);
    ck_assert_ptr_null(contents("toy_names.c"));
}
END_TEST

/* A line of the list, and the same in the check that nothing of it is missing. */
static bool uses(const char *which, const char *feature)
{
    const char *list = contents(mem_printf(ctx, "toy_%s_features.h", which));
    const char *code = contents(mem_printf(ctx, "toy_%s.c", which));
    bool listed = strstr(list, mem_printf(ctx, "#define AT_WITH_%s 1\n", feature)) != NULL;

    ck_assert(listed == (strstr(code, mem_printf(ctx, "&& AT_WITH_%s \\", feature)) != NULL));
    return listed;
}

START_TEST(test_features_are_what_the_tables_use)
{
    const char *const names[] = { "+VOL", NULL };
    gen_options o = options();
    ck_assert_int_eq(generate(d, toy(), &o, &fault), GEN_DONE);
    ck_assert(!uses("module", "HOST") && uses("host", "HOST"));
    ck_assert(!uses("module", "LOOPS") && !uses("host", "LOOPS"));
    ck_assert(uses("module", "IP_IN") && uses("host", "IP_OUT"));
    o.only = names;
    ck_assert_int_eq(generate(d, toy(), &o, &fault), GEN_DONE);
    ck_assert(!uses("module", "IP_IN") && !uses("host", "IP_OUT"));
}
END_TEST

START_TEST(test_both_sides_with_tools)
{
    gen_options o = options();
    o.tools = true;
    if (system("command -v re2c >/dev/null && command -v lemon >/dev/null") != 0)
        return;                 /* a build from a release needs neither */
    ck_assert_msg(generate(d, toy(), &o, &fault) == GEN_DONE, "%s", fault);
    check_there(COMMON, true);
    check_there(MODULE, true);
    check_there(HOST, true);
    check_there(MADE, true);
    ck_assert_ptr_nonnull(contents("toy_names.c"));
    ck_assert_ptr_null(strstr(contents("toy_module_grammar.inc"), "/tmp"));
    ck_assert_ptr_null(strstr(contents("toy_module_lexer.inc"), "/tmp"));
}
END_TEST

START_TEST(test_no_tool_is_found)
{
    gen_options o = options();
    o.tools = true;
    const char *path = mem_string(ctx, getenv("PATH"));
    const char *sh = mem_printf(ctx, "%s/bin", folder);
    ck_assert_int_eq(mkdir(sh, 0777), 0);
    ck_assert_int_eq(symlink("/bin/sh", mem_printf(ctx, "%s/sh", sh)), 0);
    setenv("PATH", sh, 1);
    gen_result result = generate(d, toy(), &o, &fault);
    setenv("PATH", path, 1);
    ck_assert_int_eq(result, GEN_OUTPUT);
    ck_assert_str_eq(fault, "re2c is not installed; --no-tools does without");
    check_there(COMMON, false);
}
END_TEST

START_TEST(test_comments_stay_comments)
{
    gen_options o = options();
    ck_assert_int_eq(generate(d, toy(), &o, &fault), GEN_DONE);
    ck_assert_ptr_nonnull(strstr(contents("toy.h"), "A toy * / modem"));
    ck_assert_ptr_null(strstr(contents("toy.h"), "toy */ modem"));
}
END_TEST

START_TEST(test_what_is_the_same_is_left_alone)
{
    gen_options o = options();
    struct stat before, after;
    const char *path = mem_printf(ctx, "%s/toy.h", folder);
    ck_assert_int_eq(generate(d, toy(), &o, &fault), GEN_DONE);
    const struct timespec past[2] = { { 1000, 0 }, { 1000, 0 } };
    ck_assert_int_eq(utimensat(AT_FDCWD, path, past, 0), 0);
    ck_assert_int_eq(stat(path, &before), 0);
    ck_assert_int_eq(generate(d, toy(), &o, &fault), GEN_DONE);
    ck_assert_int_eq(stat(path, &after), 0);
    ck_assert_int_eq(before.st_mtime, after.st_mtime);
    ck_assert_int_eq(generate(d, model_of("toy.atspec", strstr(SPEC, "dialect")), &o, &fault),
                     GEN_DONE);
}
END_TEST

START_TEST(test_prefix)
{
    gen_options o = options();
    o.prefix = "my";
    ck_assert_int_eq(generate(d, toy(), &o, &fault), GEN_DONE);
    ck_assert_ptr_nonnull(strstr(contents("my.h"), "typedef struct my_vol_set {"));
    ck_assert_ptr_nonnull(strstr(contents("my.h"), "MY_VOL_SET_VOLUME_MAX 10"));
    o.prefix = "4you";
    ck_assert_int_eq(generate(d, toy(), &o, &fault), GEN_OUTPUT);
    ck_assert_str_eq(fault, "4you cannot begin a C name");
}
END_TEST

static const struct { const char *only; const char *has, *lacks; } cuts[] = {
    { "+VOL", "vol_read", "send_set" },
    { "AT+VOL", "vol_set", "send_set" },
    { "vol", "vol_set", "send_set" },
    { "+VOL:read", "vol_read", "vol_set(" },
    { "+SEND", "send_set_data", "vol_set" },
};

START_TEST(test_only)
{
    const char *const names[] = { cuts[_i].only, NULL };
    gen_options o = options();
    o.only = names;
    ck_assert_msg(generate(d, toy(), &o, &fault) == GEN_DONE, "%s", fault);
    ck_assert_ptr_nonnull(strstr(contents("toy_module.h"), cuts[_i].has));
    ck_assert_ptr_null(strstr(contents("toy_module.h"), cuts[_i].lacks));
    ck_assert_ptr_nonnull(strstr(contents("toy_module.h"), "toy_module_ring"));
}
END_TEST

START_TEST(test_only_some_urcs)
{
    const char *const names[] = { "+VOL", "+RING", NULL };
    gen_options o = options();
    o.only = names;
    ck_assert_int_eq(generate(d, toy(), &o, &fault), GEN_DONE);
    ck_assert_ptr_nonnull(strstr(contents("toy_host.h"), "(*ring)"));
    ck_assert_ptr_null(strstr(contents("toy_host.h"), "(*gone)"));
}
END_TEST

/* A setting that nothing can change is decided on a module that is made alone; not on a host, nor
 * where both share their structs. */
START_TEST(test_only_decides_on_the_module_alone)
{
    static const struct { bool module, host, has; } made[] = { { true, false, false },
                                                               { false, true, true },
                                                               { true, true, true } };
    const char *const names[] = { "+VOL", "+FROM", NULL };
    gen_options o = options();
    o.only = names;
    o.module = made[_i].module;
    o.host = made[_i].host;
    ck_assert_int_eq(generate(d, toy(), &o, &fault), GEN_DONE);
    ck_assert_int_eq(strstr(contents("toy.h"), "has_line") != NULL, made[_i].has);
    ck_assert_ptr_nonnull(strstr(contents("toy.h"), "} toy_from;"));
}
END_TEST

START_TEST(test_only_from_a_file)
{
    const char *list = mem_printf(ctx, "%s/list", folder);
    FILE *file = fopen(list, "w");
    fputs("+VOL:set\n\t+SEND\n", file);
    fclose(file);
    const char *const names[] = { mem_printf(ctx, "@%s", list), NULL };
    gen_options o = options();
    o.only = names;
    ck_assert_int_eq(generate(d, toy(), &o, &fault), GEN_DONE);
    ck_assert_ptr_nonnull(strstr(contents("toy_module.h"), "(*send_set)"));
    ck_assert_ptr_null(strstr(contents("toy_module.h"), "(*vol_read)"));
}
END_TEST

static const struct { const char *only, *fault; } misses[] = {
    { "+NOPE", "--only: the dialect has no +NOPE" },
    { "+VOL:test", "--only: the dialect has no +VOL:test" },
    { "@/nowhere/at/all", "/nowhere/at/all: No such file or directory" },
};

START_TEST(test_only_what_is_not_there)
{
    const char *const names[] = { misses[_i].only, NULL };
    gen_options o = options();
    o.only = names;
    ck_assert_int_eq(generate(d, toy(), &o, &fault), GEN_OUTPUT);
    ck_assert_str_eq(fault, misses[_i].fault);
    check_there(COMMON, false);
}
END_TEST

START_TEST(test_a_wrong_template)
{
    FILE *file = fopen(mem_printf(ctx, "%s/module.h.tmpl", folder), "w");
    fputs("fine\n{{nonsense}}\n", file);
    fclose(file);
    gen_options o = options();
    o.template_dir = folder;
    ck_assert_int_eq(generate(d, toy(), &o, &fault), GEN_INTERNAL);
    ck_assert_str_eq(fault, "module.h.tmpl:2: unknown name: nonsense");
    check_there(COMMON, false);
}
END_TEST

START_TEST(test_no_place_to_write)
{
    gen_options o = options();
    o.directory = "/dev/null/x";
    ck_assert_int_eq(generate(d, toy(), &o, &fault), GEN_OUTPUT);
    ck_assert_ptr_nonnull(strstr(fault, "/dev/null"));
}
END_TEST

START_TEST(test_folders_are_made)
{
    gen_options o = options();
    o.directory = mem_printf(ctx, "%s/a/b", folder);
    ck_assert_int_eq(generate(d, toy(), &o, &fault), GEN_DONE);
    ck_assert_ptr_nonnull(contents("a/b/toy.h"));
}
END_TEST

START_TEST(test_depfile)
{
    gen_options o = options();
    o.host = false;
    ck_assert_int_eq(generate(d, model_of("my spec #1 $x.atspec", SPEC), &o, &fault), GEN_DONE);
    const char *rule = contents("toy.d");
    ck_assert_ptr_nonnull(strstr(rule, mem_printf(ctx, "%s/toy.h \\\n", folder)));
    ck_assert_ptr_nonnull(strstr(rule, ": \\\n  my\\ spec\\ \\#1\\ $$x.atspec\n"));
}
END_TEST

static const char *skeleton_of(const model *m, side of, const char *missing)
{
    char *out = NULL;
    size_t n = 0;
    FILE *file = open_memstream(&out, &n);
    ck_assert_int_eq(handlers(d, m, of, missing, file, &fault), GEN_DONE);
    fclose(file);
    const char *copy = mem_string(ctx, out);
    free(out);
    return copy;
}

static const char *skeleton(side of, const char *missing)
{
    return skeleton_of(toy(), of, missing);
}

/* A command whose `=?` is answered from the types. */
static const model *asked(void)
{
    return model_of("asked.atspec", "dialect asked\nresults { ok OK   error ERROR }\n"
                    "command +X \"x\" { test\n set AT+X=<a:0..5>,<b:string 0..9> }\n");
}

START_TEST(test_no_handler_for_what_the_types_say)
{
    ck_assert_ptr_null(strstr(skeleton_of(asked(), SIDE_MODULE, NULL), "x_test"));
    ck_assert_ptr_nonnull(strstr(skeleton_of(asked(), SIDE_HOST, NULL), "x_test_done"));
}
END_TEST

/* Its code is named only where it is needed, so that it is linked only there. */
START_TEST(test_optional_runtime)
{
    gen_options o = options();
    ck_assert_int_eq(generate(d, asked(), &o, &fault), GEN_DONE);
    ck_assert_ptr_nonnull(strstr(contents("asked_module.c"), "at_module_test(module)"));
    ck_assert_ptr_nonnull(strstr(contents("asked.h"), "    ASKED_X_TEST_A_PARAM = 0,\n"));
    ck_assert_ptr_nonnull(strstr(contents("asked_host.h"), "#include \"atparam.h\""));
    ck_assert_ptr_null(strstr(contents("asked_host.c"), "at__operator_slot"));
    ck_assert_int_eq(generate(d, toy(), &o, &fault), GEN_DONE);
    ck_assert_ptr_null(strstr(contents("toy_module.c"), "at_module_test"));
    ck_assert_ptr_null(strstr(contents("toy_host.h"), "atparam.h"));
}
END_TEST

START_TEST(test_handlers)
{
    const char *module = skeleton(SIDE_MODULE, NULL), *host = skeleton(SIDE_HOST, NULL);
    ck_assert_ptr_nonnull(
        strstr(module, "static at_status vol_set(toy_module *m, const toy_vol_set *command)"));
    ck_assert_ptr_nonnull(strstr(module, "    .send_set_data = send_set_data,\n"));
    ck_assert_ptr_nonnull(
        strstr(host, "static void vol_read_done(at_request *r, at_status status"));
    ck_assert_ptr_nonnull(strstr(host, "    .ring = ring,\n"));
}
END_TEST

START_TEST(test_missing_handlers)
{
    const char *mine = mem_printf(ctx, "%s/mine.c", folder);
    FILE *file = fopen(mine, "w");
    fputs("at_status vol_set(void); int vol_read_more;\n", file);
    fclose(file);
    const char *rest = skeleton(SIDE_MODULE, mine);
    ck_assert_ptr_null(strstr(rest, "vol_set"));
    ck_assert_ptr_nonnull(strstr(rest, "at_status vol_read("));
    ck_assert_int_eq(handlers(d, toy(), SIDE_MODULE, "/nowhere/x.c", stdout, &fault), GEN_OUTPUT);
    ck_assert_str_eq(fault, "/nowhere/x.c: No such file or directory");
}
END_TEST

/* Two things that would have one name in C. */
START_TEST(test_c_names_that_clash)
{
    gen_options o = options();
    const model *m = model_of("clash.atspec",
        "dialect toy\nresults { ok OK   error ERROR, BUSY }\n"
        "command +X \"x\" { exec AT+X -> OK }\nurc busy \"b\"  +BUSY\n");
    ck_assert_int_eq(generate(d, m, &o, &fault), GEN_SPEC);
    ck_assert_uint_eq(diag_errors(d), 1);
    check_there(COMMON, false);
}
END_TEST

/* Of two lines of an answer the one with the literal is tried first, whatever the order. */
START_TEST(test_literals_go_first)
{
    gen_options o = options();
    const model *m = model_of("toy.atspec",
        "dialect toy\nresults { ok OK   error ERROR }\n"
        "command +X \"x\" {\n    exec AT+X -> +X:<name:string 1..8 either> / OK\n"
        "              -> +X:\\<null\\> as nobody / OK\n}\n");
    ck_assert_int_eq(generate(d, m, &o, &fault), GEN_DONE);
    ck_assert_ptr_nonnull(strstr(contents("toy_host.c"), " 2, 2, 0,"));
}
END_TEST

/* The line that ends a body is written behind it. */
START_TEST(test_end_of_a_body)
{
    gen_options o = options();
    const model *m = model_of("toy.atspec",
        "dialect toy\nresults { ok OK   error ERROR }\n"
        "command +X \"x\" { exec AT+X -> body page until OK }\n");
    ck_assert_int_eq(generate(d, m, &o, &fault), GEN_DONE);
    ck_assert_ptr_nonnull(strstr(contents("toy_module.c"), "{ AT_EMIT_DATA, AT_R_ENDS_OK, offsetof("));
}
END_TEST

/* What ends transparent mode stands among the commands, once. */
START_TEST(test_escape_in_the_dump)
{
    const model *m = model_of("toy.atspec",
        "dialect toy\nresults { ok OK, CONNECT   error ERROR }\n"
        "command +X \"x\" { exec AT+X -> CONNECT / transparent until \"+++\" silence 1s / OK }\n"
        "command +Y \"y\" { exec AT+Y -> transparent until \"+++\" silence 1s / OK }\n");
    FILE *file = fopen(mem_printf(ctx, "%s/dump", folder), "wb");
    model_dump(m, file);
    fclose(file);
    const char *escape = strstr(contents("dump"), "\"name\": \"+++\"");
    ck_assert_ptr_nonnull(escape);
    ck_assert_ptr_nonnull(strstr(escape, "\"form\": \"exec\""));
    ck_assert_ptr_nonnull(strstr(escape, "\"syntax\": \"+++\""));
    ck_assert_ptr_nonnull(strstr(escape, "\"silence_ms\": 1000"));
    ck_assert_ptr_null(strstr(escape + 1, "\"name\": \"+++\""));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("generate");
    TCase *all = tcase_create("all");
    tcase_add_checked_fixture(all, setup, teardown);
    tcase_add_test(all, test_large_structs);
    tcase_add_test(all, test_one_side);
    tcase_add_test(all, test_features_are_what_the_tables_use);
    tcase_add_test(all, test_both_sides_with_tools);
    tcase_add_test(all, test_no_tool_is_found);
    tcase_add_test(all, test_comments_stay_comments);
    tcase_add_test(all, test_what_is_the_same_is_left_alone);
    tcase_add_test(all, test_prefix);
    tcase_add_loop_test(all, test_only, 0, sizeof cuts / sizeof *cuts);
    tcase_add_test(all, test_only_some_urcs);
    tcase_add_loop_test(all, test_only_decides_on_the_module_alone, 0, 3);
    tcase_add_test(all, test_only_from_a_file);
    tcase_add_loop_test(all, test_only_what_is_not_there, 0, sizeof misses / sizeof *misses);
    tcase_add_test(all, test_a_wrong_template);
    tcase_add_test(all, test_no_place_to_write);
    tcase_add_test(all, test_folders_are_made);
    tcase_add_test(all, test_depfile);
    tcase_add_test(all, test_no_handler_for_what_the_types_say);
    tcase_add_test(all, test_optional_runtime);
    tcase_add_test(all, test_handlers);
    tcase_add_test(all, test_missing_handlers);
    tcase_add_test(all, test_c_names_that_clash);
    tcase_add_test(all, test_literals_go_first);
    tcase_add_test(all, test_end_of_a_body);
    tcase_add_test(all, test_escape_in_the_dump);
    suite_add_tcase(suite, all);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
