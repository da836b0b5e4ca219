#!/bin/sh
# spec/NEW-DIALECT.md: each of its commands (`    $ …`) prints what stands below it. Prints TAP.
# SPDX-License-Identifier: MIT
set -u
temp=$(mktemp -d) || exit 1
trap 'rm -rf "$temp"' EXIT
source=$(cd "$srcdir" && pwd)
ln -s "$source/examples" "$source/runtime" "$temp"
export PATH="$BINDIR:$PATH" XDG_CACHE_HOME="$temp/cache"
awk -v dir="$temp" '
    /^    \$ / { n++; print substr($0, 7) >(dir "/command-" n); printf "" >(dir "/want-" n); next }
    /^    / && n { print substr($0, 5) >(dir "/want-" n) }' "$source/spec/NEW-DIALECT.md"
cd "$temp" || exit 1
number=0
while [ -f "command-$((number + 1))" ]; do
    number=$((number + 1))
    sh "command-$number" >raw 2>said
    status=$?
    tr -d '\r' <raw >got
    if diff -u "want-$number" got >difference && [ "$status" -eq 0 ]; then printf 'ok %d - ' "$number"
    else printf 'not ok %d - ' "$number"; fi
    cat "command-$number"
    cat difference said | sed 's/^/# /'
done
echo "1..$number"
