#!/bin/sh
# Counted instructions (callgrind) on the generated code; one `name value unit (must …, goal …)` per line.
set -u
stream="$BINDIR/stream"
command -v valgrind >/dev/null || { echo "bench: valgrind is not installed (Debian: valgrind)"; exit 0; }

# instructions of `stream ARGS n`
count() {
    valgrind --tool=callgrind --callgrind-out-file=/dev/null "$stream" "$@" 2>&1 >/dev/null |
        sed -n 's/.*Collected : *//p'
}
# print NAME VALUE UNIT MUST GOAL: says `falls short` where VALUE misses MUST
print() {
    awk -v n="$1" -v v="$2" -v u="$3" -v m="$4" -v g="$5" 'BEGIN {
        printf "%s %s %s (must %s, goal %s)%s\n", n, v, u, m, g, (v + 0 > m + 0) ? " falls short" : "" }'
}
# per unit between two lengths of a run, so that starting up does not count
per() { echo "$1 $2 $3" | awk '{ printf "%.1f", ($2 - $1) / $3 }'; }

print module-instructions-per-line "$(per "$(count wizfi360 commands 1000)" "$(count wizfi360 commands 11000)" 10000)" instructions 2500 1500
print host-instructions-per-text-byte "$(per "$(count wizfi360 urcs 100)" "$(count wizfi360 urcs 1100)" 13000)" instructions 90 50
print host-instructions-per-data-byte "$(per "$(count wizfi360 data 10)" "$(count wizfi360 data 110)" 206000)" instructions 3 1
