#!/bin/sh
# What the generated parsers make of bytes: for every NAME.decode here atdump is built with the dialect of NAME.atspec. A
# line `= EVENT` is what it must print; the others are the exchange it is given. Prints TAP.
# SPDX-License-Identifier: MIT
set -u
here=$srcdir/tests/language
temp=$(mktemp -d) || exit 1
trap 'rm -rf "$temp"' EXIT
number=0

# build NAME: $temp/atdump
build() {
    rm -rf "$temp/gen"
    "$BINDIR/atgen" gen -o "$temp/gen" "$here/$1.atspec" || return 1
    dialect=$(sed -n 's/^dialect \([a-z0-9_]*\).*/\1/p' "$here/$1.atspec")
    cat >"$temp/gen/shipped.c" <<EOF
#include "dialects.h"
extern const at_names ${dialect}_names;
const at_names *const dialects_shipped[] = { &${dialect}_names, NULL };
EOF
    tools=
    for tool in atdump args decode dialects event exchange; do tools="$tools $srcdir/tools/$tool.c"; done
    # shellcheck disable=SC2086  # words
    ${CC:-cc} -D_POSIX_C_SOURCE=200809L -DPACKAGE_VERSION='"test"' -I"$srcdir/runtime" -I"$srcdir/tools" \
        -o "$temp/atdump" $tools "$temp/gen"/*.c "$BINDIR/libatlink.a" -lpopt -ljansson
}

for file in "$here"/*.decode; do
    name=$(basename "$file" .decode)
    number=$((number + 1))
    sed -n 's/^= //p' "$file" >"$temp/want"
    if build "$name" >"$temp/said" 2>&1; then
        grep -v '^=' "$file" | "$temp/atdump" "$dialect" >"$temp/got" 2>&1
        diff -u "$temp/want" "$temp/got" >"$temp/said"
    else
        false
    fi
    if [ $? = 0 ]; then echo "ok $number - $name"
    else echo "not ok $number - $name"; head -n 20 "$temp/said" | sed 's/^/# /'; fi
done
echo "1..$number"
