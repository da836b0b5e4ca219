#!/bin/sh
# Replays a capture: prints what the parsers of a dialect make of it, and says whether they make the same of it however it
# is cut into pieces. Run by `make replay CAPTURE=PATH [DIALECT=NAME] [FROM=host|module] [FORMAT=json]`.
# The dialect is a shipped one, a file of spec/, or a path; else what the capture's name begins with, else esp8266. A file
# that does not begin in the exchange notation is raw bytes FROM the module.
# Exit status: 0 the same in all pieces, whatever it was; 1 not; 2 usage.
# SPDX-License-Identifier: MIT
set -u
if [ -z "${CAPTURE:-}" ]; then
    echo 'usage: make replay CAPTURE=PATH [DIALECT=NAME] [FROM=host|module] [FORMAT=json|text]' >&2
    exit 2
fi
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT

dialect=${DIALECT:-$(basename "$CAPTURE")}
[ -n "${DIALECT:-}" ] || dialect=${dialect%%-*}
[ -n "${DIALECT:-}" ] || [ -f "$srcdir/spec/$dialect.atspec" ] || dialect=esp8266
case " $DIALECTS " in
    *" $dialect "*) ;;
    *) [ ! -f "$srcdir/spec/$dialect.atspec" ] || dialect=$srcdir/spec/$dialect.atspec ;;
esac

is_notation() { awk '/^#/ || /^$/ { next } { found = /^[<>] /; exit } END { exit !found }' "$CAPTURE"; }
from=${FROM:-}
[ -n "$from" ] || is_notation || from=module

# dump [OPTION]...: exit status 1 says that something is unknown or rejected, which it may be
dump() {
    "$BINDIR/atdump" --format="${FORMAT:-text}" --data ${from:+"--from=$from"} "$@" -- "$dialect" "$CAPTURE" 2>"$work/said"
    [ $? -le 1 ]
}

dump >"$work/whole" && [ -s "$work/whole" ]
status=$?
cat "$work/whole"
cat "$work/said" >&2
[ $status -eq 0 ] || exit 1
ways=0
for most in 1 2 7 64 1000; do
    for seed in 1 2 3; do
        ways=$((ways + 1))
        dump --chunk=$most --seed=$seed >"$work/cut" && cmp -s "$work/whole" "$work/cut" && continue
        echo "# other events in pieces of at most $most bytes, seed $seed:" >&2
        diff "$work/whole" "$work/cut" | head -n 10 >&2
        exit 1
    done
done
echo "# $(wc -l <"$work/whole") events, the same in $ways ways of cutting" >&2
