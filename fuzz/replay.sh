#!/bin/sh
# The inputs that are kept in fuzz/corpus, and all specs of the tests, through the fuzz targets once.
n=0
for target in spec module host talk; do
    n=$((n + 1))
    seeds=$srcdir/fuzz/corpus/$target
    [ $target = spec ] && seeds="$seeds $srcdir/tests/language $srcdir/tests/errors"
    if output=$("$BINDIR/fuzz-$target" $seeds 2>&1); then echo "ok $n - $target: $output"
    else printf 'not ok %s - %s\n%s\n' $n $target "$(printf '%s\n' "$output" | tail -n 20 | sed 's/^/# /')"; fi
done
echo "1..$n"
