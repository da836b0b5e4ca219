#!/bin/sh
# spec/LANGUAGE.md shows what the compiler takes: a whole spec in it compiles, every other indented example stands line by
# line in a spec here, so does what the first column of its tables says, and no word of the language is left out.
# SPDX-License-Identifier: MIT
set -u
here=$srcdir/tests/language
reference=$srcdir/spec/LANGUAGE.md
temp=$(mktemp -d) || exit 1
trap 'rm -rf "$temp"' EXIT
number=0

report() {
    number=$((number + 1))
    if [ "$1" = 0 ]; then printf 'ok %d - %s\n' "$number" "$2"; else printf 'not ok %d - %s\n' "$number" "$2"; fi
}

# Without comments and empty lines, blanks single, in one line.
flat() { sed 's/^[ ]*#.*//;s/[ ][ ]*#[ ].*//' "$@" | tr -s ' \n' '  '; }

flat "$here"/*.atspec >"$temp/specs"

# Each run of indented lines outside ``` is an example: block-1 and so on, with its line in `at`.
awk -v dir="$temp" '
    /^```/ { scheme = !scheme }
    /^    / && !scheme { if (!open) { n++; open = 1; print n " " NR >(dir "/at") }
                         while (empty-- > 0) print "" >(dir "/block-" n)
                         print >(dir "/block-" n); empty = 0; next }
    /^$/ && open { empty++; next }
    { open = 0; empty = 0 }' "$reference"

while read -r block line; do
    if grep -q '^    dialect' "$temp/block-$block" && ! grep -q include "$temp/block-$block"; then
        sed 's/^    //' "$temp/block-$block" >"$temp/whole.atspec"
        "$BINDIR/atgen" check -Werror "$temp/whole.atspec" && "$BINDIR/atgen" gen --no-tools -o "$temp/gen" "$temp/whole.atspec"
    else
        flat "$temp/block-$block" | sed 's/^ //;s/ $//' >"$temp/one"
        awk -v one="$temp/one" '{ getline what <one; exit !index($0, what) }' "$temp/specs"
    fi
    report $? "the example in line $line"
done <"$temp/at"

# What the first column of the tables holds in code; \| is a bar.
awk '/^\| [^|]*`/ { gsub(/\\\|/, "\001"); split($0, cell, / *\| */); gsub(/\001/, "|", cell[2])
                    n = split(cell[2], part, "`"); for (i = 2; i <= n; i += 2) print part[i] }' "$reference" |
awk -v specs="$temp/specs" 'BEGIN { getline all <specs }
    { print !index(all, $0), $0 }' >"$temp/spans"
while read -r missing span; do report "$missing" "$span"; done <"$temp/spans"

# The words of the language, from the compiler itself: each stands in code somewhere.
awk '/^```/ { scheme = !scheme } scheme || /^    / { print; next }
     { n = split($0, part, "`"); for (i = 2; i <= n; i += 2) print part[i] }' "$reference" >"$temp/code"
grep -h '^ *{ "' "$srcdir/generator/scan_words.c" "$srcdir/generator/build_block.c" |
    grep -o '{ "[a-z]*"' | tr -d '{" ' | sort -u >"$temp/words"
while read -r word; do
    grep -q "\b$word\b" "$temp/code"
    report $? "the word $word"
done <"$temp/words"
echo "1..$number"
