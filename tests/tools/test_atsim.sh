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
    printf '%b' "$1" | "$atsim" --offline --trace "$dialect" 2>"$work/trace" >"$work/said" &&
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
exits 2 "a rate that is none" --baud slow "$first"
exits 2 "more than all is lost" --loss 101 "$first"
exits 2 "pieces of nothing" --chunk 0 "$first"
exits 1 "an address that is none" --tcp nowhere "$first"
exits 0 "nothing to do" "$first"
[ -s "$work/out" ] && not_ok "nothing is said" || ok "nothing is said"
exits 0 "--version" --version
exits 0 "--help" --help

# ---- a world of one's own, with the HC-05 of examples/ ----
hc05=$srcdir/examples/hc05.atspec
cat >"$work/world" <<'END'
# one device is there, and it does not want to be called
> AT+INQ\r\n
< +INQ:12:34:56,1F00,FFD0\r\nOK\r\n

> AT+LINK=12,34,56
< FAIL
END
says() { # WHAT SENT EXPECTED ARGUMENT...
    what=$1
    printf '%b' "$2" >"$work/sent"
    printf '%b' "$3" >"$work/expected"
    shift 3
    "$atsim" "$@" "$hc05" <"$work/sent" >"$work/said" 2>"$work/out"
    if cmp -s "$work/expected" "$work/said"; then ok "$what"
    else
        diff "$work/expected" "$work/said" >>"$work/out"
        not_ok "$what"
    fi
}
says "a scan answers from the world" 'AT+INQ\r\n' '+INQ:12:34:56,1F00,FFD0\r\nOK\r\n' --world "$work/world"
says "what fails in it fails" 'AT+LINK=12,34,56\r\n' 'FAIL\r\n' --world "$work/world"
says "for these arguments only" 'AT+LINK=12,34,57\r\n' 'OK\r\n' --world "$work/world"
says "the rest as without" 'AT+DISC\r\n' '+DISC:SUCCESS\r\nOK\r\n' --world "$work/world"
refuses() { # WHAT WORLD WORDS
    printf '%b' "$2" >"$work/bad"
    "$atsim" --world "$work/bad" "$hc05" </dev/null >"$work/out" 2>&1
    [ $? -eq 1 ] && grep -q "$3" "$work/out" && ok "$1" || not_ok "$1"
}
refuses "a world with an unknown command" '> AT+NOSUCH\n< OK\n' 'refuses this command: AT+NOSUCH'
refuses "a world with an unknown line" '> AT+INQ\n< +INX:1\n< OK\n' 'does not know this line: +INX:1'
refuses "a world with half an answer" '> AT+INQ\n' 'no whole answer: +INQ (exec)'
refuses "a world that is no exchange" 'AT+INQ\n' 'line 1: begins with neither'
refuses "a world with nothing in it" '# nothing\n' 'no exchange'
exits 1 "a world that is not there" --world "$work/nowhere" "$hc05"

# ---- a bad line ----
said='+VERSION:2.0-20100601\r\nOK\r\n'
says "a slow line says the same" 'AT+VERSION?\r\n' "$said" --baud 115200
says "and one that comes in pieces" 'AT+VERSION?\r\n' "$said" --chunk 3 --seed 5
lossy() { printf 'AT+VERSION?\r\n%.0s' 1 2 3 4 5 6 7 8 | "$atsim" --loss 3 --seed "$1" "$hc05"; }
lossy 1 >"$work/one"
lossy 1 >"$work/same"
lossy 2 >"$work/other"
cmp -s "$work/one" "$work/same" && ! cmp -s "$work/one" "$work/other" && ok "losses depend on the seed" || not_ok "losses depend on the seed"
says "nothing comes through" 'AT\r\n' '' --loss 100

# ---- a signal ends it ----
: >"$work/out"
"$atsim" --pty "$work/pty" "$hc05" &
sim=$!
until [ -h "$work/pty" ] || ! kill -0 $sim; do :; done
kill $sim
wait $sim
[ $? -gt 128 ] && [ ! -h "$work/pty" ] && ok "a signal takes the link away" || not_ok "a signal takes the link away"

for dialect in $DIALECTS; do
    file=$srcdir/tests/manuals/$dialect.txt
    [ -f "$file" ] || continue
    exchanges "$file"
    if [ "$failed" -eq 0 ] && [ "$count" -gt 0 ]; then ok "$dialect: $count exchanges"
    else cp "$work/report" "$work/out"; not_ok "$dialect: $failed of $count exchanges"; fi
done
echo "1..$n"
