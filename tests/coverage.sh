#!/bin/sh
# coverage.sh SRCDIR: which lines of the compiler, the runtime and the tools the tests reach. Builds apart, in
# coverage/, runs all tests there, and prints per cent of the lines by folder, then the files below 95.
# LINES=1: and the lines that nothing reaches. A line counts as reached when any program has reached it.
set -eu
mkdir -p coverage
src=$(cd "$1" && pwd)
cd coverage
[ -f Makefile ] || CFLAGS='-g -O0 --coverage' "$src/configure" >configure.log
find . -name '*.gcda' -exec rm -f {} +
jobs=$(getconf _NPROCESSORS_ONLN)
make -s -j"$jobs" all
make -s -j"$jobs" check-programs
# what tests compile by themselves is not counted
make -s check CFLAGS=-g LDFLAGS=--coverage || echo "coverage: not all tests pass; counted nevertheless" >&2

# gcov's listing of all objects: a source's lines come once for each program that has them
find . -name '*.gcda' | while read -r data; do
    gcov -t -r -s "$src" -o "$(dirname "$data")" "$data" 2>gcov.log || cat gcov.log >&2
done | awk -v lines="${LINES:-0}" -v src="$src/" '
    { split($0, part, ":"); count = part[1]; number = part[2] + 0; gsub(/[ *]/, "", count) }
    part[3] == "Source" { file = part[4]; sub(src, "", file); next }
    number == 0 || file !~ /^(generator|runtime|tools)\// || file ~ /(scan|parse)\.c$|\.(re|lemon)$/ { next }
    count == "-" { next }
    { at = file SUBSEP number; if (!(at in hit)) { hit[at] = 0; n[file]++; text[at] = $0 } }
    count !~ /^[#=]/ && !hit[at] { hit[at] = 1; reached[file]++ }
    END {
        for (file in n) { folder = file; sub(/\/.*/, "", folder); all[folder] += n[file]; some[folder] += reached[file] }
        for (folder in all) printf "coverage-%s %.1f percent of %d lines (figure to reach 95)\n", folder, 100 * some[folder] / all[folder], all[folder] | "sort"
        close("sort")
        for (file in n) if (reached[file] < 0.95 * n[file])
            printf "  %s %.1f percent of %d lines\n", file, 100 * reached[file] / n[file], n[file] | "sort"
        close("sort")
        if (lines) for (at in hit) if (!hit[at]) { split(at, w, SUBSEP); sub(/^[^:]*:[^:]*:/, "", text[at]); printf "%s:%d: %s\n", w[1], w[2], text[at] | "sort -t: -k1,1 -k2,2n" }
    }'
