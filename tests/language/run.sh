#!/bin/sh
# Every hard case and every nasty line, written as a small spec, compiles without a diagnostic; so do the shipped specs.
# SPDX-License-Identifier: MIT
n=0
for spec in "$srcdir"/tests/language/*.atspec $(for d in $DIALECTS; do echo "$srcdir/spec/$d.atspec"; done); do
    n=$((n + 1))
    name=$(basename "$spec" .atspec)
    title=$(sed -n '1s/^# *//p' "$spec")
    if output=$("$BINDIR/atgen" check -Werror "$spec" 2>&1); then echo "ok $n - $name: $title"
    else
        echo "not ok $n - $name: $title"
        printf '%s\n' "$output" | head -n 8 | sed 's/^/# /'
    fi
done
echo "1..$n"
