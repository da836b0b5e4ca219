#!/bin/sh
# Counted instructions (callgrind) of generated code and what atgen takes; one `name value unit (must …, goal …)` per line, or
# `name value unit` of what it is compared with. CAT=DIR: a checkout of cAT, for the ratio to it.
set -u
command -v valgrind >/dev/null || { echo "bench: valgrind is not installed (Debian: valgrind)"; exit 0; }
stream="$BINDIR/stream"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
XDG_CACHE_HOME=$work
export XDG_CACHE_HOME

# print NAME VALUE UNIT [MUST GOAL]: says `falls short` where VALUE misses MUST; a MUST with a minus is a least value
print() {
    awk -v n="$1" -v v="$2" -v u="$3" -v m="${4:-}" -v g="${5:-}" 'BEGIN {
        short = m != "" && (m + 0 < 0 ? v + 0 < -m : v + 0 > m + 0)
        sub(/^-/, "", m)
        printf "%s %s %s%s%s\n", n, v, u, m == "" ? "" : " (must " m ", goal " g ")", short ? " falls short" : "" }'
}
calculate() { awk "BEGIN { printf \"%.1f\", $1 }"; }
count() { valgrind --tool=callgrind --callgrind-out-file=/dev/null "$@" 2>&1 >/dev/null | sed -n 's/.*Collected : *//p'; }
# per N COMMAND…: instructions for each of N units, between runs over N / 10 and N + N / 10 of them, so that starting up does not count
per() {
    n=$1
    shift
    calculate "($(count "$@" $((n + n / 10))) - $(count "$@" $((n / 10)))) / $n"
}
percent_more() { calculate "($2 / $1 - 1) * 100"; }

# feeder DIALECT SIDE DIR: $work/DIALECT-SIDE, fed with a file; all of the generated code is compiled as for a chip. A program
# NAME-apart has the runtime in files of its own.
compile="${CC:-cc} -O2 -std=c99 -DNDEBUG -DAT_TAP=0 -DAT_TEXTS=0 -I$srcdir/runtime"
feeder() {
    program="-DDIALECT=$1 -DHEADER=\"$1_$2.h\" $([ "$2" = module ] || echo -DHOST) $srcdir/bench/feed.c $3/$1_$2.c -I$3"
    # shellcheck disable=SC2086  # words
    $compile -DAT_ALONE $program -o "$work/$1-$2" &&
        $compile $program "$srcdir"/runtime/at_l*.c "$srcdir/runtime/at_value.c" "$srcdir"/runtime/at_"$2"*.c -o "$work/$1-$2-apart"
}
# grown NAME COMMANDS URCS: a dialect of that size, its feeders
grown() {
    sh "$srcdir/bench/grow.sh" "$@" >"$work/$1.atspec" &&
        "$BINDIR/atgen" gen -o "$work/$1" "$work/$1.atspec" && feeder "$1" module "$work/$1" && feeder "$1" host "$work/$1"
}
for side in module host; do feeder wizfi360 $side "$srcdir/generated/wizfi360" || exit 1; done

# ---- the module: command lines ----
"$stream" wizfi360 commands 10000 >"$work/lines"
mine=$(per 10000 "$work/wizfi360-module" lines "$work/lines")
print module-instructions-per-line "$mine" instructions 2500 1500
print module-instructions-per-line-runtime-apart "$(per 10000 "$work/wizfi360-module-apart" lines "$work/lines")" instructions
for commands in 54 1000; do
    grown "grow$commands" $commands 10 || exit 1
    "$stream" "$work/grow$commands.atspec" commands 10000 >"$work/lines$commands"
done
few=$(per 5000 "$work/grow54-module" lines "$work/lines54")
many=$(per 5000 "$work/grow1000-module" lines "$work/lines1000")
print module-growth-54-to-1000-commands "$(percent_more "$few" "$many")" percent 5 1

${CC:-cc} -O2 -std=c99 -I"$srcdir/bench" "$srcdir/bench/by_hand.c" -o "$work/by_hand" &&
    for how in table hash; do
        print "by-hand-with-$how-instructions-per-line" "$(per 10000 "$work/by_hand" $how "$work/lines")" instructions
    done
if [ -n "${CAT:-}" ]; then
    ${CC:-cc} -O2 -std=c99 -DNDEBUG -I"$CAT/src" -I"$srcdir/bench" "$srcdir/bench/with_cat.c" "$CAT/src/cat.c" -o "$work/with_cat" || exit 1
    cat=$(per 1000 "$work/with_cat" "$work/lines")
    print cat-instructions-per-line "$cat" instructions
    print module-times-fewer-than-cat "$(calculate "$cat / $mine")" times -30 60
    cat=$(per 1000 "$work/with_cat" "$work/lines1000")
    print cat-instructions-per-line-1000-commands "$cat" instructions
    print module-times-fewer-than-cat-1000-commands "$(calculate "$cat / $many")" times
fi

# ---- the host: text and data ----
# text PROGRAM SPEC: instructions for each byte of all URCs of a dialect, each with three sets of values
text() {
    "$stream" "$2" urcs >"$work/urcs"
    calculate "$(per 100 "$work/$1" whole "$work/urcs") / $(wc -c <"$work/urcs")"
}
print host-instructions-per-text-byte "$(text wizfi360-host wizfi360)" instructions 90 50
print host-instructions-per-text-byte-runtime-apart "$(text wizfi360-host-apart wizfi360)" instructions
awk 'BEGIN { printf "+IPD,0,2048:%2048s", "" }' >"$work/data"
print host-instructions-per-data-byte "$(calculate "$(per 100 "$work/wizfi360-host" whole "$work/data") / 2060")" instructions 3 1
for urcs in 10 1000; do grown "urcs$urcs" 10 $urcs || exit 1; done
print host-growth-10-to-1000-urcs \
    "$(percent_more "$(text urcs10-host "$work/urcs10.atspec")" "$(text urcs1000-host "$work/urcs1000.atspec")")" percent 5 1

# ---- atgen ----
# seconds COMMAND…: the shortest of three runs, user and system; nothing when one fails
seconds() {
    for i in 1 2 3; do
        { LC_ALL=C bash -c 'TIMEFORMAT="%U %S"; time "$@" >/dev/null 2>&1 || echo failed' x "$@"; } 2>&1 |
            awk '/failed/ { exit 1 } { print $1 + $2 }'
    done | sort -n | head -n 1
}
print atgen-one-dialect "$(calculate "$(seconds "$BINDIR/atgen" gen --no-tools -o "$work/out" wizfi360) * 1000")" ms 50 10
sh "$srcdir/bench/grow.sh" grow10000 10000 10 >"$work/grow10000.atspec"
thousand=$(seconds "$BINDIR/atgen" gen --no-tools -o "$work/out" "$work/grow1000.atspec")
ten=$(seconds "$BINDIR/atgen" gen --no-tools -o "$work/out" "$work/grow10000.atspec")
print atgen-10000-commands "$ten" s 3 0.5
print atgen-growth-1000-to-10000-commands "$(calculate "$ten / $thousand")" times 12 10
make_side() {
    "$BINDIR/atgen" gen --side "$1" -o "$work/$1" wizfi360 &&
        ${CC:-cc} -O2 -std=c99 -I"$srcdir/runtime" -c "$work/$1/wizfi360_$1.c" -o "$work/side.o"
}
for side in module host; do
    began=$(date +%s%N)
    make_side $side
    print "atgen-re2c-lemon-cc-$side" "$(calculate "($(date +%s%N) - $began) / 1000000000")" s 5 2
done
