#!/bin/sh
# Every hard case (spec/HARD-CASES.md), the echo, and lines that go on, generated for both sides and compiled without a
# warning: the talks of NAME.talk here between host and module of tests/language/NAME.atspec, and what tests/roundtrip does with any dialect from its
# tables alone: examples, round trips, splits, bursts, bad input to either side. Prints TAP.
# SPDX-License-Identifier: MIT
set -u
srcdir=$(cd "$srcdir" && pwd)
specs=$srcdir/tests/language talks=$srcdir/tests/cases roundtrip=$srcdir/tests/roundtrip
temp=$(mktemp -d) || exit 1
trap 'rm -rf "$temp"' EXIT
for tool in re2c lemon; do
    if ! command -v $tool >/dev/null; then echo "ok 1 - hard cases # SKIP $tool is not installed"; echo "1..1"; exit; fi
done
CC=${CC:-cc}
warnings="-std=c99 -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror"
includes="-I$srcdir/runtime -I$srcdir/tools -I$roundtrip -I$talks"
mkdir "$temp/gen"
number=0

# result STATUS TITLE FILE: one line, and what FILE says if it is not good
result() {
    number=$((number + 1))
    if [ "$1" = 0 ]; then echo "ok $number - $2"
    else echo "not ok $number - $2"; head -n 20 "$3" | sed 's/^/# /'; fi
}

# tap FILE: the results of another program among ours: without numbers and plan
tap() {
    sed -e '/^1\.\.[0-9]/d' -e 's/^ok [0-9]*/ok/;t' -e 's/^not ok [0-9]*/not ok/;t' -e '/^#/!s/^/# /' "$1"
    number=$((number + $(grep -c '^ok\|^not ok' "$1")))
}

# One after the other, two at a time: the compiler takes most of the time.
pairs() { xargs -P 2 "$@"; }

# A case that has none gets the command that host and module are brought back in step with.
for spec in "$specs"/case*.atspec "$specs"/nasty*.atspec "$specs"/echo.atspec "$specs"/message.atspec; do
    name=$(basename "$spec" .atspec)
    cp "$spec" "$temp/$name.atspec"
    grep -q '^command AT ' "$spec" ||
        printf '\ncommand AT "Is the module there" {\n    exec AT\n}\n' >>"$temp/$name.atspec"
    if "$BINDIR/atgen" gen -o "$temp/gen" "$temp/$name.atspec" 2>"$temp/said"; then echo "$name" >>"$temp/names"
    else result 1 "$name: is generated" "$temp/said"; fi
done

# compile FLAGS FILE...
compile() {
    flags=$1
    shift
    # shellcheck disable=SC2086  # words
    (cd "$temp/gen" && printf '%s\n' "$@" | pairs -n 8 $CC -g -O0 -D_POSIX_C_SOURCE=200809L $flags $includes -c) \
        >"$temp/said" 2>&1
}

# shipped NAMES: a program's list of dialects
shipped() {
    echo '#include "dialects.h"'
    sed 's/.*/extern const at_names &_names;/' "$1"
    echo 'const at_names *const dialects_shipped[] = {'
    sed 's/.*/    \&&_names,/' "$1"
    echo '    NULL };'
}
shipped "$temp/names" >"$temp/gen/shipped.c"
# shellcheck disable=SC2046  # words
compile "$warnings" $(sed 's/.*/&_host.c &_module.c &_names.c &_text.c/' "$temp/names") shipped.c
result $? "both sides of all cases compile" "$temp/said"

# ---- the talks ----
compile "$warnings" "$talks/play.c" "$talks/play_act.c" "$talks/play_show.c" "$roundtrip/pair.c" "$roundtrip/pattern.c" \
    "$roundtrip/flow.c" "$roundtrip/cond.c" "$roundtrip/sample.c" "$srcdir/tools/fill.c" "$srcdir/tools/exchange.c" &&
    $CC ${LDFLAGS:-} -o "$temp/play" "$temp/gen"/*.o "$BINDIR/libatlink.a" >"$temp/said" 2>&1
result $? "the talks can be played" "$temp/said"
if "$temp/play" "$talks"/*.talk >"$temp/out" 2>"$temp/said" || grep -q '^not ok' "$temp/out"; then played=0; else played=1; fi
result $played "the talks were played to the end" "$temp/said"
tap "$temp/out"

while read -r name; do
    [ -f "$talks/$name.talk" ] || echo "$name has no talk"
done <"$temp/names" >"$temp/said"
! grep . "$temp/said" >/dev/null
result $? "each case has a talk" "$temp/said"

# ---- what the tables alone tell; built where libcheck is ----
# Of these cases alone, and not of the specs that other tests load.
unset EXAMPLES
export CK_TAP_LOG_FILE_NAME=- CK_VERBOSITY=silent temp
programs=
for test in bad_host bad_module bursts examples roundtrip splits; do
    object=$BINDIR/tests/roundtrip/test_$test.o
    if [ ! -f "$object" ]; then result 0 "$test # SKIP it was not built" "$temp/said"; continue; fi
    # shellcheck disable=SC2046,SC2086  # words
    $CC ${LDFLAGS:-} -o "$temp/$test" "$object" $(sed "s|.*|$temp/gen/&_*.o|" "$temp/names") "$temp/gen/shipped.o" \
        "$BINDIR/libtalk.a" "$BINDIR/libtools.a" "$BINDIR/libatlink.a" ${CHECK_LIBS:-} -ldl >"$temp/said" 2>&1
    result $? "$test can be linked" "$temp/said"
    [ -x "$temp/$test" ] && programs="$programs $test"
done
# shellcheck disable=SC2086  # words
printf '%s\n' $programs | pairs -n 1 sh -c '"$temp/$0" >"$temp/$0.out" 2>&1; echo $? >"$temp/$0.status"'
for test in $programs; do
    [ "$(cat "$temp/$test.status")" = 0 ] || grep -q '^not ok' "$temp/$test.out"
    result $? "$test ends" "$temp/$test.out"
    tap "$temp/$test.out"
done
echo "1..$number"
