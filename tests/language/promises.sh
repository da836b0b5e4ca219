#!/bin/sh
# Every test that doc/PROMISES.md names is there.
# SPDX-License-Identifier: MIT
n=0
for named in $(grep -oE '`(unit|roundtrip|generated|portable)/[a-z_]+(\.sh|: [a-z_]+)`' "$srcdir/doc/PROMISES.md" | tr -d '`' | tr ' ' '#' | sort -u); do
    n=$((n + 1))
    file=${named%%:*} case=${named##*#}
    title="$file $case"
    if [ "$file" = "$case" ]; then [ -x "$srcdir/tests/$file" ]
    else grep -qE "TEST\($case\)" "$srcdir/tests/$file.c"; fi &&
        echo "ok $n - $title" || echo "not ok $n - $title"
done
echo "1..$n"
