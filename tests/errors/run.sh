#!/bin/sh
# Every *.atspec here is a bad spec with the exact text `atgen check` prints for it in its first lines:
#
#   #! args: --format=json         options, if any (always the first line); `#! args: gen` runs gen instead
#   #! bad.atspec:4:1: error: ...  one line of standard error each
#
# The exit status must be 1 if there is an `error:` among them and 0 otherwise. Prints TAP; the last tests are one
# per kind in diag_kinds.h: a file of that name expects it. `run.sh --update [FILE...]` rewrites the expectations.
# SPDX-License-Identifier: MIT
set -u
atgen=${BINDIR:+$BINDIR/}atgen
case $atgen in */*) atgen=$(cd "$(dirname "$atgen")" && pwd)/atgen ;; esac
cd "$(dirname "$0")" || exit 1
kinds=../../generator/diag_kinds.h
unset NO_COLOR
export LC_ALL=C
ATGEN_PATH=$PWD/../../spec
export ATGEN_PATH
temp=$(mktemp -d) || exit 1
trap 'rm -rf "$temp"' EXIT

args_of() { sed -n '1s/^#! args: *//p' "$1"; }
expected() { sed -n '1{/^#! args:/d;};/^#!/!q;s/^#! \{0,1\}//p' "$1"; }

# run FILE: its diagnostics in $temp/got, the exit status in $status
run() {
    case $(args_of "$1") in
    gen) set -- gen --no-tools -o "$temp/gen" "$1" ;;
    *) # shellcheck disable=SC2046  # options are words
       set -- check $(args_of "$1") "$1" ;;
    esac
    "$atgen" "$@" >"$temp/out" 2>"$temp/got"
    status=$?
    [ ! -e "$temp/gen" ] || { echo 'something was written' >>"$temp/got"; rm -rf "$temp/gen"; }
}

# The head holds what is printed, and what is printed holds line numbers that depend on the head's length: twice.
update() {
    file=$1
    sed -n '1{/^#! args:/p;}' "$file" >"$temp/args"
    sed '/^#!/{1,/^[^#]/{/^#!/d;};}' "$file" >"$temp/body"
    lines=0
    for _ in 1 2 3; do
        { cat "$temp/args"; awk -v n="$lines" 'BEGIN { for (i = 0; i < n; i++) print "#!" }'; cat "$temp/body"; } >"$file"
        run "$file"
        lines=$(wc -l <"$temp/got")
    done
    { cat "$temp/args"; sed 's/^/#! /;s/ *$//' "$temp/got"; cat "$temp/body"; } >"$file"
}

if [ "${1-}" = --update ]; then
    shift
    [ $# -gt 0 ] || set -- *.atspec
    for file in "$@"; do update "$file"; done
    exit 0
fi

number=0 failed=0
report() {
    number=$((number + 1))
    if [ "$1" = 0 ]; then echo "ok $number - $2"
    else echo "not ok $number - $2"; failed=$((failed + 1)); fi
}

for file in *.atspec; do
    expected "$file" >"$temp/want"
    run "$file"
    sed 's/ *$//' "$temp/got" >"$temp/trimmed"
    grep -Eq '(: | )error: |"severity": "error"' "$temp/want"
    want_status=$((1 - $?))
    good=0
    diff -u "$temp/want" "$temp/trimmed" >"$temp/diff" || good=1
    [ "$status" = "$want_status" ] || { good=1; echo "# exit status $status instead of $want_status" >>"$temp/diff"; }
    [ ! -s "$temp/out" ] || good=1
    report $good "$file"
    [ $good = 0 ] || sed 's/^/# /' "$temp/diff"
done

# shellcheck disable=SC2013  # kinds are words
for kind in $(sed -n 's/^DIAG_KIND([A-Z0-9_]*, *"\([a-z0-9-]*\)".*/\1/p' "$kinds"); do
    good=0
    { [ -f "$kind.atspec" ] && expected "$kind.atspec" | grep -Eq "\[$kind\]|\"$kind\""; } || good=1
    report $good "kind $kind has a test"
done
echo "1..$number"
[ "$failed" = 0 ]
