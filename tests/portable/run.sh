#!/bin/sh
# The runtime's tests and those of generated code ($DIALECTS; $EMULATED where qemu-user runs them, which takes long) on other
# machines ($MACHINES, as powerpc-linux-gnu): cross-compiled with a stand-in for libcheck. A machine without a compiler or
# emulator here is left out. Prints TAP.
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2086,SC2046,SC2116,SC2012  # lists of words
set -u
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
number=0
tests="unit/test_line unit/test_link unit/test_module unit/test_host unit/test_param
    roundtrip/test_roundtrip roundtrip/test_splits roundtrip/test_bad_module roundtrip/test_bursts"

# shipped DIALECT...: the programs' list of dialects
shipped() {
    echo '#include "dialects.h"'
    for d; do echo "extern const at_names ${d}_names;"; done
    echo 'const at_names *const dialects_shipped[] = {'
    for d; do echo "    &${d}_names,"; done
    printf '    NULL\n};\n'
    echo '/* No compiler is there to load others. */'
    echo 'const at_names *dialects_find(const char *program, const char *dialect, int *status)'
    printf '{\n    (void)program, (void)dialect, (void)status;\n    return NULL;\n}\n'
}

flags="-std=c99 -D_POSIX_C_SOURCE=200809L -D_XOPEN_SOURCE=700 -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror
    -O2 -I$srcdir/tests/portable -I$srcdir/runtime -I$srcdir/runtime/ports -iquote $srcdir/tools -iquote $srcdir/tests/unit"
sources=$(ls "$srcdir"/runtime/*.c "$srcdir"/runtime/ports/*.c "$srcdir"/tests/roundtrip/*.c "$srcdir"/tests/unit/toy.c \
    "$srcdir"/tests/portable/check.c | grep -v /test_)

# rules TRIPLET DIALECT...: how make builds its test programs
rules() {
    triplet=$1 dir=$work/$1 objects=
    shift
    mkdir -p "$dir/unit" "$dir/roundtrip"
    shipped "$@" >"$dir/shipped.c"
    for f in $sources "$dir/shipped.c" $(for d; do echo "$srcdir/generated/$d"/*.c; done); do
        object=$dir/$(basename "$f" .c).o objects="$objects $dir/$(basename "$f" .c).o"
        printf '%s: %s\n\t@%s %s -c %s -o %s\n' "$object" "$f" "$triplet-gcc" "$(echo $flags)" "$f" "$object"
    done
    printf '%s/lib.a: %s\n\t@%s rc $@ $^\n' "$dir" "$objects" "$triplet-ar"
    for t in $tests; do
        printf 'all: %s\n%s: %s %s/lib.a\n\t@%s %s -static $^ -o $@\n' \
            "$dir/$t" "$dir/$t" "$srcdir/tests/$t.c" "$dir" "$triplet-gcc" "$(echo $flags)"
    done
}
# emulator TRIPLET: the command that runs its programs
emulator() {
    case $1:$(uname -m) in
    i?86-*:x86_64) echo env && return ;;
    powerpc-*) machine=ppc ;;
    *) machine=${1%%-*} ;;
    esac
    command -v "qemu-$machine" || command -v "qemu-$machine-static"
}
result() {
    number=$((number + 1))
    if [ "$1" = 0 ]; then echo "ok $number - $2"
    else echo "not ok $number - $2"; tail -n 20 "$work/said" | sed 's/^/# /'; fi
}

for triplet in $MACHINES; do
    emulator=$(emulator "$triplet")
    if [ -z "$emulator" ] || ! command -v "$triplet-gcc" >/dev/null; then
        number=$((number + 1))
        echo "ok $number - $triplet # SKIP no $triplet-gcc or no qemu-user (Debian: gcc-$triplet and its libc6-dev-…-cross, qemu-user)"
        continue
    fi
    if [ "$emulator" = env ]; then rules "$triplet" $DIALECTS; else rules "$triplet" $EMULATED; fi >"$work/rules"
    MAKEFLAGS='' make -s -j "$(getconf _NPROCESSORS_ONLN || echo 2)" -f "$work/rules" all >"$work/said" 2>&1
    built=$?
    result $built "$triplet: builds without a warning"
    [ $built = 0 ] || continue
    for t in $tests; do
        $emulator "$work/$triplet/$t" >"$work/said" 2>&1
        result $? "$triplet: $t, $(grep -c '^ok' "$work/said") cases"
    done
done
echo "1..$number"
