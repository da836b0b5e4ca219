#!/bin/sh
# The inputs that are kept in fuzz/corpus, and all specs of the tests, through the fuzz targets once.
n=0
for target in spec code module host talk; do
    n=$((n + 1))
    case $target in
    spec) seeds="$srcdir/fuzz/corpus/spec $srcdir/tests/language $srcdir/tests/errors" ;;
    code) seeds=$srcdir/fuzz/corpus/spec ;;         # tests/generated compiles those of tests/language
    *) seeds=$srcdir/fuzz/corpus/$target ;;
    esac
    if output=$("$BINDIR/fuzz-$target" $seeds 2>&1); then echo "ok $n - $target: $output"
    else printf 'not ok %s - %s\n%s\n' $n $target "$(printf '%s\n' "$output" | tail -n 20 | sed 's/^/# /')"; fi
done
echo "1..$n"
