/* What of the runtime is compiled. With AT_ALONE that is what the only dialect uses, otherwise
 * without AT_FEATURES everything, as in the installed
 * library. A firmware which compiles the runtime itself need not carry what its dialects do not use:
 * atgen writes that down beside the code, and the build names it for every file of the program,
 *
 *     -DAT_FEATURES='"toy_module_features.h"'
 *
 * or names a header of its own that includes several of them. Generated code refuses to be compiled
 * when something is left out that it uses. No struct depends on any of this. X_IN is what lines need
 * that are read, X_OUT what lines need that are written.
 * SPDX-License-Identifier: 0BSD */
#ifndef AT_FEATURES_H
#define AT_FEATURES_H

#if defined(AT_FEATURES)
#include AT_FEATURES
#define AT_WITH_ALL 0
#elif defined(AT_ONLY)
#define AT_WITH_ALL 0
#else
#define AT_WITH_ALL 1
#endif

#ifndef AT_WITH_AFFIXES_IN      /* text around a value inside its cell */
#define AT_WITH_AFFIXES_IN AT_WITH_ALL
#endif
#ifndef AT_WITH_AFFIXES_OUT
#define AT_WITH_AFFIXES_OUT AT_WITH_ALL
#endif
#ifndef AT_WITH_ALIASES         /* names of a command that its answers do not bear */
#define AT_WITH_ALIASES AT_WITH_ALL
#endif
#ifndef AT_WITH_ANSWER_DATA     /* host: data from the module in the answer to a command */
#define AT_WITH_ANSWER_DATA AT_WITH_ALL
#endif
#ifndef AT_WITH_ANY_CASE        /* names in small and in large letters */
#define AT_WITH_ANY_CASE AT_WITH_ALL
#endif
#ifndef AT_WITH_BARE            /* text that is quoted only where it has to be */
#define AT_WITH_BARE AT_WITH_ALL
#endif
#ifndef AT_WITH_BITS            /* conditions on some bits of a number */
#define AT_WITH_BITS AT_WITH_ALL
#endif
#ifndef AT_WITH_BODIES          /* host: lines that belong together up to one that ends them */
#define AT_WITH_BODIES AT_WITH_ALL
#endif
#ifndef AT_WITH_BUSY_TEXT       /* module: a text for who sends a line while a command runs */
#define AT_WITH_BUSY_TEXT AT_WITH_ALL
#endif
#ifndef AT_WITH_BUSY_WAIT       /* module: a line that is sent while a command runs is read after it */
#define AT_WITH_BUSY_WAIT AT_WITH_ALL
#endif
#ifndef AT_WITH_BYTES_IN        /* bytes as hexadecimal digits */
#define AT_WITH_BYTES_IN AT_WITH_ALL
#endif
#ifndef AT_WITH_BYTES_OUT
#define AT_WITH_BYTES_OUT AT_WITH_ALL
#endif
#ifndef AT_WITH_CANCELS         /* texts that take a data phase back */
#define AT_WITH_CANCELS AT_WITH_ALL
#endif
#ifndef AT_WITH_CHAIN           /* module: several commands in one line */
#define AT_WITH_CHAIN AT_WITH_ALL
#endif
#ifndef AT_WITH_CHOICES         /* lines that are written in several ways */
#define AT_WITH_CHOICES AT_WITH_ALL
#endif
#ifndef AT_WITH_COMMAND_DATA    /* host: data inside a command line */
#define AT_WITH_COMMAND_DATA AT_WITH_ALL
#endif
#ifndef AT_WITH_CONDITIONS      /* forms, readings, steps that depend on settings or values */
#define AT_WITH_CONDITIONS AT_WITH_ALL
#endif
#ifndef AT_WITH_COUNTED_STEPS   /* host: steps that come as often as a number says, or at least so often */
#define AT_WITH_COUNTED_STEPS AT_WITH_ALL
#endif
#ifndef AT_WITH_COUNT_IN_ANSWER /* data counted by the line that asks for them */
#define AT_WITH_COUNT_IN_ANSWER AT_WITH_ALL
#endif
#ifndef AT_WITH_DATA_IN         /* counted data in a line, or right behind it */
#define AT_WITH_DATA_IN AT_WITH_ALL
#endif
#ifndef AT_WITH_DATA_OUT
#define AT_WITH_DATA_OUT AT_WITH_ALL
#endif
#ifndef AT_WITH_DATA_TAILS      /* text behind counted data, or quotes around them */
#define AT_WITH_DATA_TAILS AT_WITH_ALL
#endif
#ifndef AT_WITH_DIGITS          /* numbers with zeros in front */
#define AT_WITH_DIGITS AT_WITH_ALL
#endif
#ifndef AT_WITH_ECHO            /* module: what the host sends may come back */
#define AT_WITH_ECHO AT_WITH_ALL
#endif
#ifndef AT_WITH_ELASTIC         /* text that may hold commas */
#define AT_WITH_ELASTIC AT_WITH_ALL
#endif
#ifndef AT_WITH_EMPTY           /* cells that may be empty */
#define AT_WITH_EMPTY AT_WITH_ALL
#endif
#ifndef AT_WITH_EMPTY_DATA      /* module: counted data of which there may be none */
#define AT_WITH_EMPTY_DATA AT_WITH_ALL
#endif
#ifndef AT_WITH_EMPTY_LINES     /* empty lines that mean something, or stand behind a line */
#define AT_WITH_EMPTY_LINES AT_WITH_ALL
#endif
#ifndef AT_WITH_ENDINGS         /* module: names of one command that differ in how they end */
#define AT_WITH_ENDINGS AT_WITH_ALL
#endif
#ifndef AT_WITH_ESCAPES         /* signs that stand behind an escape sign inside quotes */
#define AT_WITH_ESCAPES AT_WITH_ALL
#endif
#ifndef AT_WITH_ESCAPE_ANSWERS  /* host: answers to the escape from transparent mode */
#define AT_WITH_ESCAPE_ANSWERS AT_WITH_ALL
#endif
#ifndef AT_WITH_FIGURES         /* numbers that a line itself does not hold */
#define AT_WITH_FIGURES AT_WITH_ALL
#endif
#ifndef AT_WITH_HASH            /* module: more than a few names */
#define AT_WITH_HASH AT_WITH_ALL
#endif
#ifndef AT_WITH_HEADLESS_RESULTS        /* host: result codes that begin with a parameter */
#define AT_WITH_HEADLESS_RESULTS AT_WITH_ALL
#endif
#ifndef AT_WITH_HEX             /* numbers in hexadecimal */
#define AT_WITH_HEX AT_WITH_ALL
#endif
#ifndef AT_WITH_HOST            /* the host side: it looks at lines before it has a struct for them */
#define AT_WITH_HOST AT_WITH_ALL
#endif
#ifndef AT_WITH_IP_IN           /* addresses on the net */
#define AT_WITH_IP_IN AT_WITH_ALL
#endif
#ifndef AT_WITH_IP_OUT
#define AT_WITH_IP_OUT AT_WITH_ALL
#endif
#ifndef AT_WITH_KEYS            /* settings with a value for each of several keys */
#define AT_WITH_KEYS AT_WITH_ALL
#endif
#ifndef AT_WITH_LATER           /* module: replies whose form has ended */
#define AT_WITH_LATER AT_WITH_ALL
#endif
#ifndef AT_WITH_LIMITS          /* module: a most of bytes or of time in a data phase */
#define AT_WITH_LIMITS AT_WITH_ALL
#endif
#ifndef AT_WITH_LITERALS        /* cells that are always the same */
#define AT_WITH_LITERALS AT_WITH_ALL
#endif
#ifndef AT_WITH_LONG_LINES      /* lines of more than eight cells, or with many conditions */
#define AT_WITH_LONG_LINES AT_WITH_ALL
#endif
#ifndef AT_WITH_LOOPS           /* repeated groups of parameters */
#define AT_WITH_LOOPS AT_WITH_ALL
#endif
#ifndef AT_WITH_MAC_IN          /* addresses of hardware */
#define AT_WITH_MAC_IN AT_WITH_ALL
#endif
#ifndef AT_WITH_MAC_OUT
#define AT_WITH_MAC_OUT AT_WITH_ALL
#endif
#ifndef AT_WITH_MASKS           /* cells that the bits of a setting show */
#define AT_WITH_MASKS AT_WITH_ALL
#endif
#ifndef AT_WITH_NAMES           /* module: lines that begin with the name the command was called by */
#define AT_WITH_NAMES AT_WITH_ALL
#endif
#ifndef AT_WITH_NEXT_LINES      /* lines from the module that go on behind a line end */
#define AT_WITH_NEXT_LINES AT_WITH_ALL
#endif
#ifndef AT_WITH_NO_QUOTES       /* quotes that are signs like any other */
#define AT_WITH_NO_QUOTES AT_WITH_ALL
#endif
#ifndef AT_WITH_OPERATOR_VALUES /* host: first values, never quoted, that could be an operator */
#define AT_WITH_OPERATOR_VALUES AT_WITH_ALL
#endif
#ifndef AT_WITH_OPTIONAL        /* values that may be left out */
#define AT_WITH_OPTIONAL AT_WITH_ALL
#endif
#ifndef AT_WITH_PACKED          /* bytes as digits without a sign between them */
#define AT_WITH_PACKED AT_WITH_ALL
#endif
#ifndef AT_WITH_QUOTES_OUT      /* values in quotes */
#define AT_WITH_QUOTES_OUT AT_WITH_ALL
#endif
#ifndef AT_WITH_RANGES          /* numbers and lengths that are not one range */
#define AT_WITH_RANGES AT_WITH_ALL
#endif
#ifndef AT_WITH_REFUSALS        /* module: several result codes for what is refused */
#define AT_WITH_REFUSALS AT_WITH_ALL
#endif
#ifndef AT_WITH_REPLY_DATA      /* module: replies that hold data */
#define AT_WITH_REPLY_DATA AT_WITH_ALL
#endif
#ifndef AT_WITH_REQUESTS        /* conditions on what the request says */
#define AT_WITH_REQUESTS AT_WITH_ALL
#endif
#ifndef AT_WITH_RESULT_NUMBERS  /* host: error results with a number */
#define AT_WITH_RESULT_NUMBERS AT_WITH_ALL
#endif
#ifndef AT_WITH_ROW_KINDS       /* host: an answer with several kinds of rows */
#define AT_WITH_ROW_KINDS AT_WITH_ALL
#endif
#ifndef AT_WITH_SAVED           /* module: commands that keep what they set, or do not */
#define AT_WITH_SAVED AT_WITH_ALL
#endif
#ifndef AT_WITH_SENT_DATA       /* host: data to the module, transparent mode */
#define AT_WITH_SENT_DATA AT_WITH_ALL
#endif
#ifndef AT_WITH_SETTINGS        /* values that commands set and lines depend on */
#define AT_WITH_SETTINGS AT_WITH_ALL
#endif
#ifndef AT_WITH_SEVERAL_STAGES  /* host: data to the module that may come twice, or not at all */
#define AT_WITH_SEVERAL_STAGES AT_WITH_ALL
#endif
#ifndef AT_WITH_SHAPES          /* lines or commands that are read in several ways */
#define AT_WITH_SHAPES AT_WITH_ALL
#endif
#ifndef AT_WITH_SIGNED_IN       /* numbers below zero */
#define AT_WITH_SIGNED_IN AT_WITH_ALL
#endif
#ifndef AT_WITH_SIGNED_OUT
#define AT_WITH_SIGNED_OUT AT_WITH_ALL
#endif
#ifndef AT_WITH_SILENT_ENDS     /* host: data phases that end when nothing comes */
#define AT_WITH_SILENT_ENDS AT_WITH_ALL
#endif
#ifndef AT_WITH_STEP_CONDITIONS /* host: steps that come only when something holds */
#define AT_WITH_STEP_CONDITIONS AT_WITH_ALL
#endif
#ifndef AT_WITH_STRINGS_OUT     /* text that ends where the next cell begins */
#define AT_WITH_STRINGS_OUT AT_WITH_ALL
#endif
#ifndef AT_WITH_TEXT            /* free text in lines that are read */
#define AT_WITH_TEXT AT_WITH_ALL
#endif
#ifndef AT_WITH_TIED_TEXT       /* text, bytes or addresses among them */
#define AT_WITH_TIED_TEXT AT_WITH_ALL
#endif
#ifndef AT_WITH_TIES            /* host: values that have to be those of the request */
#define AT_WITH_TIES AT_WITH_ALL
#endif
#ifndef AT_WITH_TIMES           /* times that depend on what is asked for */
#define AT_WITH_TIMES AT_WITH_ALL
#endif
#ifndef AT_WITH_TOGGLE          /* module: a command that switches echo to and fro */
#define AT_WITH_TOGGLE AT_WITH_ALL
#endif
#ifndef AT_WITH_TRANSPARENT     /* module: data without an end but for an escape */
#define AT_WITH_TRANSPARENT AT_WITH_ALL
#endif
#ifndef AT_WITH_TRANSPARENT_ENDS /* module: a line that says that transparent mode has ended */
#define AT_WITH_TRANSPARENT_ENDS AT_WITH_ALL
#endif
#ifndef AT_WITH_TWINS           /* values that stand in one cell or in another */
#define AT_WITH_TWINS AT_WITH_ALL
#endif
#ifndef AT_WITH_UNKNOWN         /* settings whose value may not be known */
#define AT_WITH_UNKNOWN AT_WITH_ALL
#endif
#ifndef AT_WITH_UNPROMPTED      /* module: data that come right behind the command line */
#define AT_WITH_UNPROMPTED AT_WITH_ALL
#endif
#ifndef AT_WITH_UNSUPPORTED     /* module: commands that are known and not supported */
#define AT_WITH_UNSUPPORTED AT_WITH_ALL
#endif
#ifndef AT_WITH_UNTIL           /* module: data up to a text */
#define AT_WITH_UNTIL AT_WITH_ALL
#endif
#ifndef AT_WITH_URC_STEPS       /* host: URCs that are steps of a form */
#define AT_WITH_URC_STEPS AT_WITH_ALL
#endif
#ifndef AT_WITH_WORDS_IN        /* values that are words */
#define AT_WITH_WORDS_IN AT_WITH_ALL
#endif
#ifndef AT_WITH_WORDS_OUT
#define AT_WITH_WORDS_OUT AT_WITH_ALL
#endif

#endif
