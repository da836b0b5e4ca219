#!/bin/sh
# What the parsers make of captures: awkward things that real modules say, in data of our own. DIALECT-NAME.txt here gives
# the events of DIALECT-NAME.want with every byte of every payload, however it is cut. `run.sh --update` (make
# update-captures) rewrites what is kept: look at the difference. Prints TAP.
# SPDX-License-Identifier: MIT
set -u
here=$srcdir/tests/captures
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
number=0

for capture in "$here"/*.txt; do
    number=$((number + 1))
    name=$(basename "$capture" .txt)
    CAPTURE=$capture FORMAT=json sh "$here/replay.sh" >"$work/got" 2>"$work/said"
    status=$?
    [ "${1:-}" != --update ] || cp "$work/got" "$here/$name.want"
    if [ $status -eq 0 ] && diff -u "$here/$name.want" "$work/got" >>"$work/said"; then
        echo "ok $number - $name: $(tail -n 1 "$work/said" | sed 's/^# //')"
    else
        echo "not ok $number - $name"
        head -n 20 "$work/said" | sed 's/^/# /'
    fi
done
echo "1..$number"
