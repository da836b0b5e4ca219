#!/bin/sh
# A tool that is given a spec file makes what it needs, once, and says what is missing.
# SPDX-License-Identifier: MIT
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
export XDG_CACHE_HOME="$work/cache"
n=0
check() { # WHAT: what the command before it came to
    status=$? n=$((n + 1))
    if [ "$status" -eq 0 ]; then echo "ok $n - $1"
    else echo "not ok $n - $1"; sed 's/^/# /' "$work/said" "$work/got" | head -n 12; fi
}
printf '%s\n' '> AT+VOL=11\r\n' '< \r\nOK\r\n' >"$work/talk"
printf '%s\n' 'dialect base' 'results { ok OK   error ERROR }' 'type volume  int 0..20' >"$work/base.atspec"
printf '%s\n' 'include "base.atspec"' 'dialect child' 'command +VOL "Volume" {' '    set  AT+VOL=<volume>' '}' >"$work/child.atspec"
dump() { "$BINDIR/atdump" "$work/child.atspec" "$work/talk" >"$work/got" 2>"$work/said"; }
exits() { # STATUS COMMAND...: and a word of what is said, in $want
    expected=$1
    shift
    "$@" </dev/null >"$work/got" 2>"$work/said"
    [ $? -eq "$expected" ] && grep -q "$want" "$work/said"
}

dump && grep -q '"command","name":"+VOL"' "$work/got"
check 'atdump decodes with a spec file'
grep -q "building the parsers of $work/child.atspec in $work/cache" "$work/said"
check 'it says what it builds, and where'
dump && [ ! -s "$work/said" ]
check 'it builds once'
[ "$(find "$work/cache/atgen" -type f | wc -l)" -eq 1 ] && [ "$(find "$work/cache/atgen" -mindepth 1 -type d | wc -l)" -eq 0 ]
check 'one file is kept'
sed -i 's/0\.\.20/0..9/' "$work/base.atspec"
! dump && grep -q '"rejected"' "$work/got" && grep -q building "$work/said"
check 'it builds again when a base has changed'
sed -i 's/0\.\.9/0..20/' "$work/base.atspec"
dump && [ ! -s "$work/said" ]
check 'what was built before is still there'
printf 'AT+VOL=9\r\n' | "$BINDIR/atsim" "$work/child.atspec" >"$work/got" 2>"$work/said" && [ ! -s "$work/said" ] && grep -q OK "$work/got"
check 'atsim uses the same'
cd "$work" && dump && "$BINDIR/atdump" child.atspec talk >"$work/got" 2>"$work/said"
check 'a path without a folder'

rm -rf "$work/cache"
want='needs a C compiler' exits 1 env CC="$work/no-such-cc" "$BINDIR/atdump" "$work/child.atspec" "$work/talk"
check 'without a compiler it says so'
[ -z "$(ls "$work/cache/atgen")" ]
check 'and keeps nothing'
want='set ATGEN to its path' exits 1 env ATGEN="$work/no-such-atgen" "$BINDIR/atdump" "$work/child.atspec" "$work/talk"
check 'without atgen it says so'
want='No such file' exits 1 "$BINDIR/atsim" "$work/nothing.atspec"
check 'a file that is not there'
want='no dialect and no file' exits 2 "$BINDIR/atsim" nothing
check 'a name that is none'
want='set XDG_CACHE_HOME' exits 1 env -u XDG_CACHE_HOME -u HOME "$BINDIR/atsim" "$work/child.atspec"
check 'without a place for a cache it says so'
echo 'nonsense' >>"$work/child.atspec"
want='child.atspec:6:1: error' exits 1 "$BINDIR/atsim" "$work/child.atspec"
check 'a spec with an error is shown with its place'
echo "1..$n"
