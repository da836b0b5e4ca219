# atgen.m4: AT_DIALECT, for projects that are built with autotools.
# SPDX-License-Identifier: 0BSD

# AT_DIALECT(NAME, SPEC, [SIDE])
# ------------------------------
# Rules that make NAME.h, NAME_module.c, NAME_host.c ... with atgen from SPEC: a file in the source folder, or the
# name of a shipped dialect. SIDE is module, host or both (default). In Makefile.am:
#
#     bin_PROGRAMS = app
#     app_SOURCES = main.c
#     nodist_app_SOURCES = NAME_module.c
#     app_CPPFLAGS = $(ATGEN_CFLAGS)
#     app_LDADD = $(ATGEN_LIBS)
#     BUILT_SOURCES = NAME.h
#     CLEANFILES = $(NAME_FILES)
#     @NAME_RULES@
#
# ATGEN names the compiler, by default the one that pkg-config knows.
AC_DEFUN([AT_DIALECT], [
AC_REQUIRE([_ATGEN_FIND])
AS_IF([test -f "$srcdir/$2"], [atgen_spec='$(srcdir)/$2'], [atgen_spec=])
AS_CASE([m4_default([$3], [both])],
    [module], [atgen_names='_module _text'],
    [host], [atgen_names='_host _host_wait _text'],
    [atgen_names='_module _host _host_wait _text _names'])
$1_FILES='$1.h $1.d'
atgen_made=
for atgen_name in $atgen_names; do
    atgen_made="$atgen_made $1$atgen_name.c"
    AS_CASE([$atgen_name], [_module|_host],
        [atgen_made="$atgen_made $1$atgen_name.h"
         $1_FILES="$$1_FILES $1${atgen_name}_lexer.re $1${atgen_name}_lexer.inc"
         $1_FILES="$$1_FILES $1${atgen_name}_grammar.lemon $1${atgen_name}_grammar.inc"])
done
$1_FILES="$$1_FILES$atgen_made"
$1_RULES="
$1.h: $atgen_spec
	\$(ATGEN) gen --side m4_default([$3], [both]) --prefix $1 -o . ${atgen_spec:-$2} && touch $1.h$atgen_made
$atgen_made: $1.h
-include $1.d"
AC_SUBST([$1_FILES])
AC_SUBST([$1_RULES])
AM_SUBST_NOTMAKE([$1_RULES])
])

AC_DEFUN([_ATGEN_FIND], [
PKG_CHECK_MODULES([ATGEN], [atgen])
AC_ARG_VAR([ATGEN], [the compiler of AT dialects])
AS_IF([test -z "$ATGEN"], [ATGEN=`$PKG_CONFIG --variable=generator atgen`])
AS_IF([test ! -x "$ATGEN"], [AC_MSG_ERROR([atgen is not there; set ATGEN to its path])])
])
