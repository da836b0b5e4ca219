#!/bin/sh
# atsim as a program: its options; and each exchange of the manuals, whose commands it answers so
# that atdump understands all of what goes over the line.
# SPDX-License-Identifier: MIT
atsim=$BINDIR/atsim atdump=$BINDIR/atdump
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
n=0
ok() { n=$((n + 1)); echo "ok $n - $1"; }
not_ok() { n=$((n + 1)); echo "not ok $n - $1"; sed 's/^/# /' "$work/out"; }
exits() { # STATUS WHAT ARGUMENT...
    status=$1 what=$2
    shift 2
    "$atsim" "$@" </dev/null >"$work/out" 2>&1
    got=$?
    if [ "$got" -eq "$status" ]; then ok "$what"; else not_ok "$what: exit status $got"; fi
}

# One exchange: its command lines are sent, the trace is decoded.
exchange() {
    printf '%b' "$1" | "$atsim" --stdio --trace "$dialect" 2>"$work/trace" >"$work/said" &&
        "$atdump" "$dialect" "$work/trace" >"$work/out" 2>&1 && [ -s "$work/said" ] && return
    failed=$((failed + 1))
    echo "$dialect: $1" >>"$work/report"
    grep -hE '"(rejected|unknown)"|^at' "$work/out" "$work/trace" >>"$work/report"
}

# Escapes of the notation as printf %b has them: octal for hexadecimal.
escapes() {
    awk '{
        out = ""
        while (match($0, /\\(\\|x[0-9a-fA-F][0-9a-fA-F])/)) {
            what = tolower(substr($0, RSTART, RLENGTH))
            if (what ~ /x/)
                what = sprintf("\\0%03o", digit(substr(what, 3, 1)) * 16 + digit(substr(what, 4, 1)))
            out = out substr($0, 1, RSTART - 1) what
            $0 = substr($0, RSTART + RLENGTH)
        }
        print out $0
    }
    function digit(c) { return index("0123456789abcdef", c) - 1 }' "$1"
}

# The exchanges of a file, one after the other.
exchanges() {
    sent= count=0 failed=0
    : >"$work/report"
    escapes "$1" >"$work/exchanges"
    while IFS= read -r line || [ -n "$line" ]; do
        case $line in
        '> '*) sent=$sent${line#> } ;;
        '')    [ -z "$sent" ] || { exchange "$sent"; count=$((count + 1)); }
               sent= ;;
        esac
    done <"$work/exchanges"
    [ -z "$sent" ] || { exchange "$sent"; count=$((count + 1)); }
}

first=${DIALECTS%% *}
exits 2 "a dialect is needed"
exits 2 "there is no such dialect" nosuch
exits 2 "there is no such option" --nosuch "$first"
exits 2 "one line at a time" --stdio --tcp 127.0.0.1:1 "$first"
exits 2 "what is not there yet says so" --world file "$first"
grep -q 'not available yet' "$work/out" && ok "it says so" || not_ok "it says so"
exits 1 "an address that is none" --tcp nowhere "$first"
exits 0 "nothing to do" "$first"
[ -s "$work/out" ] && not_ok "nothing is said" || ok "nothing is said"
exits 0 "--version" --version
exits 0 "--help" --help

for dialect in $DIALECTS; do
    file=$srcdir/tests/manuals/$dialect.txt
    [ -f "$file" ] || continue
    exchanges "$file"
    if [ "$failed" -eq 0 ] && [ "$count" -gt 0 ]; then ok "$dialect: $count exchanges"
    else cp "$work/report" "$work/out"; not_ok "$dialect: $failed of $count exchanges"; fi
done
echo "1..$n"
