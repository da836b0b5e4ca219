#!/bin/sh
# spec/HARD-CASES.md is whole and true: every case and line has a row, the row's files are there, and what the row shows
# in code stands in the spec. And every spec here is generated.
# SPDX-License-Identifier: MIT
set -u
here=$srcdir/tests/language
table=$srcdir/spec/HARD-CASES.md
temp=$(mktemp -d) || exit 1
trap 'rm -rf "$temp"' EXIT
number=0

report() {
    number=$((number + 1))
    if [ "$1" = 0 ]; then echo "ok $number - $2"; else echo "not ok $number - $2"; fi
}

# The rows as `case 1<TAB>file<TAB>snippet<TAB>...`; \| is a bar, each stretch of code a snippet.
awk '/^\| (case|line) [0-9]/ {
    gsub(/\\\|/, "\001"); split($0, cell, / *\| */); gsub(/\001/, "|", cell[4])
    row = cell[2] "\t" cell[5]
    n = split(cell[4], part, "`")
    for (i = 2; i <= n; i += 2) row = row "\t" part[i]
    print row
}' "$table" >"$temp/rows"

# A spec in one line, its blanks single.
flat() { tr -s ' \n' '  ' <"$1"; }

# check_row NAME: one row, its file, its snippets
check_row() {
    row=$(awk -F '\t' -v name="$1" '$1 == name' "$temp/rows")
    file=$(printf '%s\n' "$row" | cut -f 2)
    [ "$(printf '%s\n' "$row" | wc -l)" = 1 ] && [ -f "$here/$file.atspec" ] &&
        grep -q '^talk ' "$srcdir/tests/cases/$file.talk" || return 1
    flat "$here/$file.atspec" >"$temp/flat"
    printf '%s\n' "$row" | awk -F '\t' -v spec="$temp/flat" '
        BEGIN { getline text <spec }
        { for (i = 3; i <= NF; i++) if (!index(text, $i)) { print "# not in the file: " $i; bad = 1 }
          exit bad || NF < 3 }'
}

for what in "case 47" "line 50"; do
    i=1
    while [ "$i" -le "${what#* }" ]; do
        check_row "${what% *} $i" >"$temp/why"
        report $? "the row of ${what% *} $i"
        cat "$temp/why"
        i=$((i + 1))
    done
done
[ "$(wc -l <"$temp/rows")" = 97 ]
report $? "no other rows"

for spec in "$here"/*.atspec; do
    "$BINDIR/atgen" gen --no-tools -o "$temp/gen" "$spec" >"$temp/out" 2>&1
    report $? "$(basename "$spec" .atspec): generated"
    sed 's/^/# /' "$temp/out"
    rm -rf "$temp/gen"
done
echo "1..$number"
