#!/bin/sh
# generated/ is what the compiler makes today. What re2c and Lemon make of our files (.inc) is theirs and not compared.
# `make regenerate` brings it up to date.
# SPDX-License-Identifier: MIT
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
n=0
for dir in "$srcdir"/generated/*/; do
    dialect=$(basename "$dir")
    n=$((n + 1))
    if "$BINDIR/atgen" gen --no-tools -o "$work/$dialect" "$srcdir/spec/$dialect.atspec" &&
       diff -r -q -x '*.inc' -x '*.d' "$dir" "$work/$dialect"; then
        echo "ok $n - generated/$dialect is up to date"
    else
        echo "not ok $n - generated/$dialect is not what atgen makes: make regenerate"
    fi
done
echo "1..$n"
