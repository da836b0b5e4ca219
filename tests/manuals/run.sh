#!/bin/sh
# The manuals' own examples, transcribed with their exact bytes: atdump reads each as the command, answer and event it is.
# SPDX-License-Identifier: MIT
n=0
for file in "$srcdir"/tests/manuals/*.txt; do
    dialect=$(basename "$file" .txt)
    case " $DIALECTS " in *" $dialect "*) ;; *) continue ;; esac
    n=$((n + 1))
    if output=$("$BINDIR/atdump" "$dialect" "$file" 2>&1); then
        echo "ok $n - $dialect: $(printf '%s\n' "$output" | wc -l) events"
    else
        echo "not ok $n - $dialect"
        printf '%s\n' "$output" | grep -E '"(rejected|unknown)"|^atdump' | head -n 20 | sed 's/^/# /'
    fi
done
echo "1..$n"
