/* How command lines may go on, and what values mean, of a dump that is made by hand.
 * SPDX-License-Identifier: MIT */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lexicon.h"

#define LINK "{'name':'link','type':'int','range':[[0,4]],'meaning':'Which one'}"
#define PORT "{'name':'port','type':'int','range':[[1,65535],[0,0]],'unit':'x'}"
#define KIND                                                                                       \
    "{'name':'kind','type':'enum','quoted':true,'values':[{'value':'A','name':'A'},"               \
    "{'value':'B','name':'BEE','meaning':'buzzes'}]}"
#define CODE                                                                                       \
    "{'name':'code','type':'enum','hex':true,'values':[{'value':7,'name':'SEVEN'},"                \
    "{'value':28,'name':'MORE'}],'meaning':'Why'}"
#define MASK                                                                                       \
    "{'name':'mask','type':'flags','values':[{'value':1,'name':'ONE'},{'value':4,'name':'FOUR'}]}"

static const char dump[] =
    "{'commands':[{'title':'Open','forms':[{'variants':["
    "{'syntax':'AT+OPEN=[<link>,]\\\"TCP\\\",<port>','params':[" LINK "," PORT "]},"
    "{'syntax':'AT+OPEN=[<link>,]\\\"UDP\\\",<kind>[,<code>]','params':[" LINK "," KIND "," CODE
    "]}]},"
    "{'variants':[{'syntax':'AT+OPEN?','params':[]}]}]},"
    "{'title':'Mask','forms':[{'variants':[{'syntax':'AT+M=<mask>','params':[" MASK "]}]}]}],"
    "'lines':[{'params':[]},{'params':[" CODE "," MASK "," PORT "," KIND "]}]}";

static lexicon *l;

static void setup(void)
{
    char json[sizeof dump];
    for (size_t i = 0; i < sizeof dump; i++)
        json[i] = dump[i] == '\'' ? '"' : dump[i];
    l = lexicon_new(json);
    ck_assert_ptr_nonnull(l);
}

static void teardown(void)
{
    lexicon_free(l);
}

static void note(void *ctx, size_t from, const char *word, const char *help)
{
    char *to = ctx;
    sprintf(to + strlen(to), "[%zu %s %s]", from, word, help);
}

static void check(const char *line, const char *expected)
{
    char got[2000] = "";
    lexicon_complete(l, line, strlen(line), note, got);
    ck_assert_str_eq(got, expected);
}

START_TEST(heads)
{
    check("AT+O", "[0 AT+OPEN= Open][0 AT+OPEN= Open][0 AT+OPEN? Open]");
    check("at+m", "[0 AT+M= Mask]");
    check("AT+OPEN?", "");
    check("AT+X", "");
}
END_TEST

START_TEST(cells)
{
    check("AT+OPEN=", "[8  <link> int 0..4: Which one][8 \"TCP\" ]"
                      "[8  <link> int 0..4: Which one][8 \"UDP\" ]");
    check("AT+OPEN=\"u", "[8 \"UDP\" ]");
    check("AT+OPEN=1,\"T", "[10 \"TCP\" ]");
    check("AT+OPEN=\"TCP\",", "[14  <port> int 1..65535, 0 x]");
    check("AT+OPEN=3,\"TCP\",", "[16  <port> int 1..65535, 0 x]");
    check("AT+OPEN=\"UDP\",", "[14 \"A\" <kind>][14 \"B\" <kind> BEE (buzzes)]");
    check("AT+OPEN=\"UDP\",\"B\",1", "[18 1C <code> MORE]");
    check("AT+OPEN=2,\"UDP\",\"B\",", "[20 7 <code> SEVEN][20 1C <code> MORE]");
    check("AT+OPEN=\"TCP\",80,", "");
    check("AT+OPEN=\"a,b", "");
    check("AT+M=", "[5  <mask> flags = 1 ONE, 4 FOUR]");
}
END_TEST

static void check_meaning(const char *param, const char *value, const char *expected)
{
    char got[200] = "";
    FILE *out = fmemopen(got, sizeof got, "w");
    lexicon_meaning(l, out, 1, param, value, strlen(value));
    fclose(out);
    ck_assert_str_eq(got, expected);
}

START_TEST(meanings)
{
    check_meaning("code", "1c", " MORE: Why");
    check_meaning("code", "99", ": Why");
    check_meaning("mask", "5", " ONE FOUR");
    check_meaning("port", "80", " x");
    check_meaning("kind", "B", " BEE (buzzes)");
    check_meaning("kind", "A", "");
    check_meaning("nothing", "1", "");
}
END_TEST

START_TEST(no_dump)
{
    ck_assert_ptr_null(lexicon_new("{"));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("lexicon");
    TCase *t = tcase_create("lexicon");
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_test(t, heads);
    tcase_add_test(t, cells);
    tcase_add_test(t, meanings);
    tcase_add_test(t, no_dump);
    suite_add_tcase(suite, t);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
