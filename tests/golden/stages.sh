#!/bin/sh
# Each stage of the compiler on toy.atspec gives what is kept: the tree, the model, the layout, the emitted files, the
# skeleton of handlers. `stages.sh --update` (make update-golden) rewrites what is kept.
# SPDX-License-Identifier: MIT
cd "$srcdir/tests/golden" || exit 1
atgen=$BINDIR/atgen
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
n=0

# stage NAME COMMAND...: its standard output is toy.NAME
stage() {
    name=$1
    shift
    "$@" >"$work/toy.$name" 2>&1
    compare "toy.$name" "$work/toy.$name"
}
compare() {
    n=$((n + 1))
    if [ -n "$update" ]; then cp "$2" "$1"; fi
    if diff -u "$1" "$2" >"$work/diff"; then echo "ok $n - $1"
    else
        echo "not ok $n - $1: if the change is meant, make update-golden"
        head -n 20 "$work/diff" | sed 's/^/# /'
    fi
}

update=
[ "${1:-}" = --update ] && update=yes
stage ast.json "$atgen" dump --stage ast toy.atspec
stage model.json "$atgen" dump --stage model toy.atspec
stage fmt "$atgen" fmt toy.atspec
stage handlers.c "$atgen" handlers --side module toy.atspec
"$atgen" gen --no-tools -o "$work/out" toy.atspec || echo "not ok - atgen gen"
for file in "$work"/out/*.re "$work"/out/*.lemon "$work"/out/*.h "$work"/out/*.c; do compare "$(basename "$file")" "$file"; done
echo "1..$n"
