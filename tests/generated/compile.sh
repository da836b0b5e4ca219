#!/bin/sh
# No tool has anything to say about generated code: re2c and Lemon about what is emitted for them, gcc and clang about the
# C of the shipped dialects, of the runtime and of every small spec, as C99 and as C++17. Optimised and for a Cortex-M0+
# they are compiled by symbols.sh.
# SPDX-License-Identifier: MIT
set -u
temp=$(mktemp -d) || exit 1
trap 'rm -rf "$temp"' EXIT
warnings="-Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror"
runtime=$(cd "$srcdir/runtime" && pwd)
number=0

# result STATUS TITLE: one line, and what was said if it is not good
result() {
    number=$((number + 1))
    if [ "$1" = 0 ] && [ ! -s "$temp/said" ]; then echo "ok $number - $2"
    else echo "not ok $number - $2"; head -n 12 "$temp/said" | sed 's/^/# /'; fi
}

skip() {
    number=$((number + 1))
    echo "ok $number - $2 # SKIP $1 is not installed"
}

# compile TITLE COMPILER FLAGS FILE...
compile() {
    title=$1 compiler=$2 flags=$3
    shift 3
    if ! command -v "$compiler" >/dev/null; then skip "$compiler" "$title: $compiler"; return; fi
    # shellcheck disable=SC2086  # flags are words
    "$compiler" $flags $warnings -I"$runtime" -fsyntax-only "$@" >"$temp/said" 2>&1
    result $? "$title: $compiler"
}

# every TITLE FILE...: with all compilers
every() {
    name=$1
    shift
    for compiler in gcc clang; do compile "$name as C99" $compiler "-std=c99" "$@"; done
    for compiler in g++ clang++; do compile "$name as C++17" $compiler "-x c++ -std=c++17" "$@"; done
}

# tools DIALECT FOLDER: what re2c and Lemon say about the files for them
tools() {
    if ! command -v re2c >/dev/null; then skip re2c "$1: re2c"
    else
        : >"$temp/said"
        status=0
        for file in "$2"/*.re; do
            re2c -W -Werror -i --no-generation-date --no-version -o "$temp/out.inc" "$file" >>"$temp/said" 2>&1 || status=1
        done
        result $status "$1: re2c"
    fi
    if ! command -v lemon >/dev/null; then skip lemon "$1: lemon"
    else
        cp "$2"/*.lemon "$temp"
        : >"$temp/said"
        status=0
        for file in "$temp"/*.lemon; do
            lemon -q -T"$srcdir/templates/lempar.c" "$file" >>"$temp/said" 2>&1 || status=1
        done
        result $status "$1: lemon"
        rm -f "$temp"/*.lemon "$temp"/*.out "$temp"/*.h "$temp"/*.c
    fi
}

# alone DIALECT FOLDER: each side with the runtime in its file
alone() {
    for side in module host; do
        for compiler in gcc clang; do
            compile "$1: $side alone" $compiler "-std=c99 -DAT_ALONE" "$2/$1_$side.c"
            compile "$1: $side alone, without tools" $compiler "-std=c99 -DAT_ALONE -DAT_TAP=0 -DAT_MANNERS=0" "$2/$1_$side.c"
        done
    done
}

every runtime "$srcdir"/runtime/*.c
for compiler in gcc clang; do compile "runtime for large dialects" $compiler "-std=c99 -DAT_WIDE=1" "$srcdir"/runtime/*.c; done
for dir in "$srcdir"/generated/*/; do
    every "$(basename "$dir")" "$dir"*.c
    alone "$(basename "$dir")" "$dir"
    tools "$(basename "$dir")" "$dir"
done

# Every small spec that is generated; atgen itself fails when re2c or Lemon complain.
if command -v re2c >/dev/null && command -v lemon >/dev/null; then
    : >"$temp/said"
    for spec in "$srcdir"/tests/language/*.atspec; do
        "$BINDIR/atgen" gen -o "$temp/small" "$spec" >"$temp/one" 2>&1 || grep -q 'not generated yet' "$temp/one" ||
            cat "$temp/one" >>"$temp/said"
    done
    result 0 "the specs of tests/language: re2c, lemon"
    compile "the specs of tests/language" gcc "-std=c99" "$temp"/small/*.c
else
    skip "re2c or lemon" "the specs of tests/language"
fi
echo "1..$number"
