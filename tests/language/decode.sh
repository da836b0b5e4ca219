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

# More URCs than a byte can number: each is known by its own name.
number=$((number + 1))
sh "$srcdir/bench/grow.sh" many 1 300 >"$temp/many.atspec"
sed -n 's/^urc \(+U[0-9]*\) .*/\1/p' "$temp/many.atspec" >"$temp/want"
sed 's/.*/< &:17,"a"\\r\\n/' "$temp/want" | XDG_CACHE_HOME=$temp "$BINDIR/atdump" "$temp/many.atspec" 2>"$temp/said" |
    sed -n 's/.*"event":"urc","name":"\([^"]*\)".*/\1/p' >"$temp/got"
if [ -s "$temp/want" ] && diff -u "$temp/want" "$temp/got" >>"$temp/said"; then echo "ok $number - 300 URCs"
else echo "not ok $number - 300 URCs"; head -n 20 "$temp/said" | sed 's/^/# /'; fi
echo "1..$number"
