#!/bin/sh
# The deepest stack of each shipped dialect, both sides, with the runtime apart and in the same file, on a Cortex-M0+, what
# handlers need not included: bounded, without recursion, and no deeper than is promised.
# SPDX-License-Identifier: MIT
set -u
most=640
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
. "$srcdir/bench/chips.sh"
if ! has_chip M0+; then
    echo "ok 1 - the deepest stack # SKIP no arm-none-eabi-gcc"
    echo "1..1"
    exit 0
fi
for dialect in $DIALECTS; do
    for side in module host; do
        echo "$dialect-$side $dialect $side $srcdir/generated/$dialect cut"
        echo "$dialect-$side-alone $dialect $side $srcdir/generated/$dialect alone"
    done
done >"$work/images"
# shellcheck disable=SC2086  # words
while read -r image; do rules M0+ $image; done <"$work/images" >"$work/rules"
build
number=0
while read -r name dialect side dir kind; do
    number=$((number + 1))
    if deepest=$(stack M0+ "$name" "$dialect" "$side" "$dir") && [ "$deepest" -le $most ]; then
        echo "ok $number - $name: $deepest bytes of stack"
    else
        echo "not ok $number - $name: at most $most bytes of stack"
        stack M0+ "$name" "$dialect" "$side" "$dir" -v show=1 | sed 's/^/# /'
    fi
done <"$work/images"
echo "1..$number"
