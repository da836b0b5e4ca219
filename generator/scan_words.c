/* The words of the language: those that begin a statement, with the blocks they may stand in, and
 * those that mean something between other words.
 * SPDX-License-Identifier: MIT */
#include <string.h>

#include "ast.h"
#include "parse.h"
#include "scan_inner.h"

/* ---- the words that begin a statement ---- */

#define IN(scope) (1u << IN_##scope)

static const statement statements[] = {
    { "dialect",   TK_DIALECT,   IN(FILE),               MODE_WORDS, IN_FILE },
    { "manual",    TK_MANUAL,    IN(FILE),               MODE_WORDS, IN_FILE },
    { "include",   TK_INCLUDE,   IN(FILE),               MODE_WORDS, IN_FILE },
    { "lines",     TK_LINES,     IN(FILE),               MODE_WORDS, IN_LINES },
    { "operators", TK_OPERATORS, IN(FILE),               MODE_WORDS, IN_OPERATORS },
    { "results",   TK_RESULTS,   IN(FILE),               MODE_WORDS, IN_RESULTS },
    { "refuse",    TK_REFUSE,    IN(FILE),               MODE_WORDS, IN_REFUSE },
    { "errors",    TK_ERRORS,    IN(FILE),               MODE_WORDS, IN_ERRORS },
    { "command",   TK_COMMAND,   IN(FILE),               MODE_NAME,  IN_COMMAND },
    { "urc",       TK_URC,       IN(FILE),               MODE_NAME,  IN_URC },
    { "named",     TK_NAMED,     IN(FILE),               MODE_NAMES, IN_FILE },
    { "means",     TK_MEANS,     IN(FILE),               MODE_WORDS, IN_FILE },
    { "remove",    TK_REMOVE,    IN(FILE),               MODE_WORDS, IN_FILE },
    { "replace",   TK_REPLACE,   IN(FILE),               MODE_START, IN_FILE },
    { "type",      TK_TYPE,      IN(FILE) | IN(COMMAND), MODE_WORDS, IN_FILE },
    { "piece",     TK_PIECE,     IN(FILE) | IN(COMMAND), MODE_NAME,  IN_PIECE },
    { "example",   TK_EXAMPLE,   IN(FILE) | IN(COMMAND), MODE_WORDS, IN_FILE },
    { "note",      TK_NOTE,      IN(FILE) | IN(COMMAND), MODE_WORDS, IN_FILE },
    { "saved",     TK_SAVED,     IN(COMMAND),            MODE_NAMES, IN_FILE },
    { "alias",     TK_ALIAS,     IN(COMMAND),            MODE_NAMES, IN_FILE },
    { "exec",      TK_FORM,      IN(COMMAND),            MODE_FORM,  IN_FILE },
    { "read",      TK_FORM,      IN(COMMAND),            MODE_FORM,  IN_FILE },
    { "test",      TK_FORM,      IN(COMMAND),            MODE_FORM,  IN_FILE },
    { "set",       TK_FORM,      IN(COMMAND),            MODE_FORM,  IN_FILE },
    { "save",      TK_FORM,      IN(COMMAND),            MODE_FORM,  IN_FILE },
    { "query",     TK_FORM,      IN(COMMAND),            MODE_FORM,  IN_FILE },
};
enum { STATEMENTS = sizeof statements / sizeof *statements };

static const char *const form_words[] = { "exec", "read", "test", "set", "save", "query" };

const statement *scan_find_statement(const char *word)
{
    for (unsigned i = 0; i < STATEMENTS; i++)
        if (strcmp(statements[i].word, word) == 0)
            return &statements[i];
    return NULL;
}

const statement *scan_statement_of(int kind)
{
    for (unsigned i = 0; i < STATEMENTS; i++)
        if (statements[i].kind == kind)
            return &statements[i];
    return NULL;
}

/* The statement of this block whose word is most like `word`, or NULL. */
const statement *scan_nearest_statement(const char *word, scope in)
{
    const char *words[STATEMENTS + 1];
    unsigned n = 0;

    for (unsigned i = 0; i < STATEMENTS; i++)
        if (statements[i].scopes & 1u << in)
            words[n++] = statements[i].word;
    words[n] = NULL;
    const char *near = diag_nearest(word, words);
    return near ? scan_find_statement(near) : NULL;
}

long long scan_form(const char *word)
{
    long long i = 0;

    while (i < FORM_COUNT && strcmp(form_words[i], word) != 0)
        i++;
    return i;
}

/* ---- words that mean something between other words ---- */

static const struct { const char *word; int kind; } keywords[] = {
    { "and", TK_AND }, { "any", TK_ANY }, { "as", TK_AS }, { "at", TK_AT }, { "bare", TK_BARE },
    { "blank", TK_BLANK }, { "body", TK_BODY }, { "bool", TK_BOOL }, { "bytes", TK_BYTES },
    { "cancel", TK_CANCEL }, { "command", TK_COMMAND }, { "data", TK_DATA },
    { "either", TK_EITHER }, { "enum", TK_ENUM }, { "escape", TK_ESCAPE }, { "flags", TK_FLAGS },
    { "from", TK_FROM }, { "given", TK_GIVEN }, { "has", TK_HAS },
    { "heard", TK_HEARD }, { "hex", TK_HEX }, { "in", TK_IN }, { "int", TK_INT }, { "ip", TK_IP },
    { "is", TK_IS }, { "kept", TK_KEPT },
    { "later", TK_LATER }, { "like", TK_LIKE }, { "line", TK_LINE }, { "lower", TK_LOWER },
    { "mac", TK_MAC }, { "module", TK_MODULE }, { "most", TK_MOST }, { "none", TK_NONE },
    { "only", TK_ONLY }, { "pause", TK_PAUSE }, { "prompt", TK_PROMPT }, { "quoted", TK_INQUOTES },
    { "refused", TK_REFUSED }, { "short", TK_SHORT }, { "silence", TK_SILENCE },
    { "string", TK_CHARS }, { "text", TK_LINETEXT }, { "to", TK_TO },
    { "transparent", TK_TRANSPARENT }, { "type", TK_TYPE }, { "until", TK_UNTIL },
    { "upper", TK_UPPER }, { "urc", TK_URC }, { "when", TK_WHEN }, { "within", TK_WITHIN },
    { "x", TK_TIMES },
};

int scan_word_kind(const char *word)
{
    for (size_t i = 0; i < sizeof keywords / sizeof *keywords; i++)
        if (strcmp(keywords[i].word, word) == 0)
            return keywords[i].kind;
    return scan_form(word) < FORM_COUNT ? TK_FORM : TK_WORD;
}

const char *scan_keyword(int kind)
{
    for (size_t i = 0; i < sizeof keywords / sizeof *keywords; i++)
        if (keywords[i].kind == kind)
            return keywords[i].word;
    const statement *st = kind == TK_FORM ? NULL : scan_statement_of(kind);
    return st ? st->word : NULL;
}

int scan_is_name(const char *text)
{
    if (!(*text == '_' || (*text >= 'a' && *text <= 'z')))
        return 0;
    while (*text == '_' || (*text >= 'a' && *text <= 'z') || (*text >= '0' && *text <= '9'))
        text++;
    return *text == '\0';
}
