#!/bin/sh
# A runtime with only what a dialect's side uses of it (AT_FEATURES) is enough for that side: the round trip of every
# shipped dialect, its module and its host each with a runtime of its own, cut for it. The two are kept apart by what the
# functions both need are called.
# The same with the runtime in the generated file (AT_ALONE).
# SPDX-License-Identifier: MIT
set -u
temp=$(mktemp -d) || exit 1
trap 'rm -rf "$temp"' EXIT
root=$(cd "$srcdir" && pwd)
shared="at_line at_link at_value at_status"
number=0

# compile DIR FLAGS FILE…: objects in a folder of their own
compile() {
    mkdir -p "$1" && dir=$1 flags=$2
    shift 2
    # shellcheck disable=SC2086  # flags are words
    (cd "$dir" && $CC -O0 $flags -I"$root/runtime" -c "$@")
}

# cut DIALECT SIDE: its code, and the runtime it uses
cut_runtime() {
    sed "s/.*/#define & $2_&/" "$temp/names" >"$temp/$2.h"
    generated=$root/generated/$1
    files=$(for f in $shared; do echo "$root/runtime/$f.c"; done)
    # shellcheck disable=SC2086  # files are words
    compile "$temp/$1/$2" "-include $temp/$2.h -I$generated -DAT_FEATURES=\"$1_$2_features.h\"" $files \
        "$root/runtime/at_$2"*.c "$generated/$1_$2.c"
}

# alone DIALECT SIDE: its code with the runtime in it, whose functions a program of both sides has to see (AT_OWN)
alone() {
    sed "s/.*/#define & $2_&/" "$temp/names" >"$temp/$2.h"
    compile "$temp/$1/$2" "-include $temp/$2.h -DAT_ALONE -DAT_OWN=" "$root/generated/$1/$1_$2.c"
}

# round_trip HOW DIALECT: the test program of all dialects, with this one and its runtimes in their stead
round_trip() {
    rm -rf "$temp/$2"
    $1 "$2" module && $1 "$2" host || return 1
    shift
    printf '#include "dialects.h"\nextern const at_names %s_names;\nconst at_names *const dialects_shipped[] = { &%s_names, 0 };\n' \
        "$1" "$1" >"$temp/$1/shipped.c"
    compile "$temp/$1" "-I$root/tools -I$root/generated/$1" "$temp/$1/shipped.c" "$root/generated/$1/$1_names.c" || return 1
    # shellcheck disable=SC2086  # libraries and flags are words
    $CC $LDFLAGS -o "$temp/$1/test" "$temp/test_roundtrip.o" "$temp/$1"/*.o "$temp/$1"/*/*.o "$BINDIR/libtalk.a" \
        "$BINDIR/libtools.a" "$BINDIR/libatlink.a" $CHECK_LIBS $JANSSON_LIBS && EXAMPLES='' "$temp/$1/test"
}

# The generator's list and the runtime's are the same.
grep -o 'F([A-Z_]*)' "$root/generator/features.h" | sed 's/F(\(.*\))/\1/' | grep -v '^F$' | sort >"$temp/generator"
sed -n 's/^#ifndef AT_WITH_\([A-Z_]*\).*/\1/p' "$root/runtime/at_features.h" | sort >"$temp/runtime"
number=$((number + 1))
if diff "$temp/generator" "$temp/runtime" >"$temp/log"; then echo "ok $number - atgen and the runtime know the same features"
else
    echo "not ok $number - atgen and the runtime know the same features"
    sed 's/^/# /' "$temp/log"
fi

# What both sides need, by the names it is called.
for f in $shared; do
    compile "$temp" "" "$root/runtime/$f.c" && nm -g "$temp/$f.o"
done | awk '$2 == "T" { print $3 }' >"$temp/names"
rm -f "$temp"/*.o
compile "$temp" "-D_POSIX_C_SOURCE=200809L -I$root/tools $CHECK_CFLAGS" "$root/tests/roundtrip/test_roundtrip.c"
for dialect in $DIALECTS; do
    for how in cut_runtime alone; do
        case $how in
        alone) what="with the runtime in its file it is as apart" ;;
        *) what="what its features leave is enough" ;;
        esac
        number=$((number + 1))
        if round_trip $how "$dialect" >"$temp/log" 2>&1; then echo "ok $number - $dialect: $what"
        else
            echo "not ok $number - $dialect: $what"
            tail -n 12 "$temp/log" | sed 's/^/# /'
        fi
    done
done
echo "1..$number"
