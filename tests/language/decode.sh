#!/bin/sh
# What the generated parsers make of bytes: for every NAME.decode here atdump loads the dialect NAME.atspec. A line
# `= EVENT` is what it must print; the others are the exchange it is given. Prints TAP.
# SPDX-License-Identifier: MIT
set -u
here=$srcdir/tests/language
temp=$(mktemp -d) || exit 1
trap 'rm -rf "$temp"' EXIT
number=0

for file in "$here"/*.decode; do
    name=$(basename "$file" .decode)
    number=$((number + 1))
    sed -n 's/^= //p' "$file" >"$temp/want"
    grep -v '^=' "$file" | XDG_CACHE_HOME=$temp "$BINDIR/atdump" "$here/$name.atspec" >"$temp/got" 2>"$temp/said"
    if diff -u "$temp/want" "$temp/got" >>"$temp/said"; then echo "ok $number - $name"
    else echo "not ok $number - $name"; head -n 20 "$temp/said" | sed 's/^/# /'; fi
done
echo "1..$number"
