#!/bin/sh
# The canonical layout: one untidy spec with its expected layout, and for every spec of the project that laying it out
# twice changes nothing more. That the layout says what the spec said is checked by `atgen fmt` itself. Prints TAP.
# SPDX-License-Identifier: MIT
set -u
here=$(dirname "$0")
atgen=${BINDIR:+$BINDIR/}atgen
temp=$(mktemp -d) || exit 1
trap 'rm -rf "$temp"' EXIT
number=0

report() {
    number=$((number + 1))
    if [ "$1" = 0 ]; then echo "ok $number - $2"; else echo "not ok $number - $2"; fi
}

"$atgen" fmt "$here/messy.atspec" >"$temp/messy" && diff -u "$here/messy.expected" "$temp/messy" >"$temp/diff"
report $? "the layout of an untidy spec"
sed 's/^/# /' "$temp/diff"

cp "$here/messy.atspec" "$temp/in-place.atspec"
"$atgen" fmt -i "$temp/in-place.atspec" && cmp -s "$here/messy.expected" "$temp/in-place.atspec"
report $? "in place"

for spec in "$here"/../../spec/*.atspec "$here"/../language/*.atspec "$here/messy.expected"; do
    "$atgen" fmt "$spec" >"$temp/once" && "$atgen" fmt - <"$temp/once" >"$temp/twice" && cmp -s "$temp/once" "$temp/twice"
    report $? "${spec##*/} stays as it is laid out"
done

sed 's/$/\r/' "$here/messy.atspec" | "$atgen" fmt - >"$temp/crlf" && cmp -s "$here/messy.expected" "$temp/crlf"
report $? "lines that end with CR LF"

printf 'dialect toy "open\n' | "$atgen" fmt - >"$temp/out" 2>"$temp/error"
[ $? = 1 ] && [ ! -s "$temp/out" ] && [ -s "$temp/error" ]
report $? "a spec with errors is not laid out"
echo "1..$number"
