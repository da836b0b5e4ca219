#!/bin/sh
# atgen as it is called: what it prints where, what it makes, and with which status it ends.
# SPDX-License-Identifier: MIT
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
atgen=$BINDIR/atgen
n=0
check() { # WHAT: what the command before it came to
    status=$? n=$((n + 1))
    if [ "$status" -eq 0 ]; then echo "ok $n - $1"
    else echo "not ok $n - $1"; sed 's/^/# /' "$work/said" "$work/got" | head -n 12; fi
}
run() { "$atgen" "$@" </dev/null >"$work/got" 2>"$work/said"; }
ends() { # STATUS WORDS ARGUMENT...: it ends so, says these words as an error, and prints nothing
    status=$1 words=$2
    shift 2
    run "$@"
    [ $? -eq "$status" ] && grep -qF -e "$words" "$work/said" && [ ! -s "$work/got" ]
}
says() { grep -qF -e "$1" "$work/got"; }
cat >"$work/toy.atspec" <<'END'
dialect toy "A toy"
results { ok OK   error ERROR }
type volume "How loud" int 0..10
command +VOL "Volume" {
    set   AT+VOL=<volume>     -> OK
    read  AT+VOL?             -> +VOL:<volume> / OK
    test
    example "Loud & clear"
        > AT+VOL=7
        < OK
}
type name   string 1..8
type mac    mac ":"
command +NAME "Name" {
    set, save  AT+NAME=<name>[,<mac>]   within 3s   -> OK
}
command +KEY_CUR, +KEY_DEF "Key" {
    saved _CUR ram, _DEF flash
    set   AT+KEY_CUR=<key:string 8>,<wait:1..9>   within <wait> s   -> OK
}
errors cme { 2 UNKNOWN_COMMAND "no such command", 3 OPERATOR }
urc +RING "Somebody calls"    +RING:<volume>
END
sed -e 's/0\.\.10/0..20/; /^command +NAME/,/^}/d; s/+RING/+CALL/g; s/string 8>/string 8 bare>/' "$work/toy.atspec" >"$work/next.atspec"

# ---- help, version, what is wrong with a call ----
for help in --help -h help; do run "$help" && says 'atgen gen' && [ ! -s "$work/said" ]; check "atgen $help"; done
run --version && grep -q '^atgen [0-9]' "$work/got"; check 'atgen --version'
for command in check gen handlers dump doc diff fmt; do
    run $command --help && says "Usage: atgen $command" && run $command --version && grep -q '^atgen [0-9]' "$work/got"
    check "atgen $command --help, --version"
done
ends 2 'A command is missing'; check 'no command'
ends 2 "did you mean 'check'?" chek toy; check 'a command with a slip'
ends 2 "no command is called 'xyzzy'" xyzzy; check 'a command that is none'
ends 2 'needs a SPEC' check; check 'no spec'
ends 2 "too many arguments: 'three'" diff wizfi360 air602 three; check 'a spec too many'
ends 2 'gen needs -o DIR' gen wizfi360; check 'gen to nowhere'
ends 2 'doc needs -o FILE.html' doc wizfi360; check 'doc to nowhere'
ends 2 'handlers needs --side' handlers wizfi360; check 'handlers of neither side'
ends 2 "--format is 'text' or 'json', not 'xml'" check --format=xml wizfi360; check 'a format that is none'
ends 2 "--stage is 'ast' or 'model', not 'x'" dump --stage=x wizfi360; check 'a stage that is none'
ends 2 "--side is 'module', 'host' or 'both', not 'x'" gen --side=x -o "$work/x" wizfi360; check 'a side that is none'
ends 2 "no warning is called 'no-such'" check -Wno-such wizfi360; check 'a warning that is none'
ends 2 '--nothing: unknown option' check --nothing wizfi360; check 'an option that is none'
ends 1 'no-such' check "$work/no-such.atspec"; check 'a file that is not there'
for command in 'gen -o '"$work"'/x' 'handlers --side host' dump 'doc -o '"$work"'/x.html' 'diff wizfi360' fmt; do
    # shellcheck disable=SC2086  # words
    ends 1 'no-such' $command "$work/no-such.atspec"; check "atgen ${command%% *}: a file that is not there"
done
"$atgen" check - <"$work/toy.atspec" >"$work/got" 2>"$work/said"; check 'a spec from the standard input'
printf 'dialect x\ncommnd +A {\n}\n' >"$work/bad.atspec"
ends 1 "did you mean 'command'?" check "$work/bad.atspec"; check 'a bad spec is said to be one'
ends 1 '"line": 2' check --format=json "$work/bad.atspec"; check 'as JSON'
! grep -q "$(printf '\033')" "$work/said"; check 'without colours where there is no terminal'

# ---- where it writes ----
run doc -o - "$work/toy.atspec" && says '<!DOCTYPE html>'; check 'a dash is the standard output'
ends 1 "cannot write $work/none/x.html" doc -o "$work/none/x.html" "$work/toy.atspec"; check 'a folder that is not there'
if [ -w /dev/full ]; then
    for command in dump fmt 'diff wizfi360'; do
        # shellcheck disable=SC2086  # words
        "$atgen" $command "$work/toy.atspec" >/dev/full 2>"$work/said"
        [ $? -eq 1 ] && grep -q 'cannot write the standard output' "$work/said"; check "atgen ${command%% *}: no room"
    done
fi
run fmt -i "$work/toy.atspec" && [ ! -s "$work/got" ] && run fmt "$work/toy.atspec" && cmp -s "$work/got" "$work/toy.atspec"
check 'fmt -i writes the file back'

# ---- doc ----
run doc -o "$work/toy.html" "$work/toy.atspec" && cp "$work/toy.html" "$work/got"; check 'doc makes a page'
says '<h1>A toy</h1>' && says '<code>AT+VOL</code> Volume' && says '<code>AT+NAME</code> Name'; check 'with every command'
says 'AT+NAME=&lt;name&gt;[,&lt;mac&gt;]' && says 'string 1..8' && says 'may be left out'; check 'its parameters'
says '<td>How loud</td>' && says 'At most 3 s.'; check 'their meaning, and times'
says 'Loud &amp; clear' && says '&gt; AT+VOL=7'; check 'examples, with markup written out'
says '+RING:&lt;volume&gt;'; check 'and events'
for dialect in $DIALECTS; do
    run doc -o "$work/$dialect.html" "$dialect" && tags=$(grep -o '</*[a-z0-9]*[ >]' "$work/$dialect.html" |
        tr -d '> ' | grep -v -e '<meta' -e '<br' | awk '/^<\//{ if (open[depth--] != substr($0, 3)) exit 1; next }
            { open[++depth] = substr($0, 2) } END { if (depth) exit 1 }' && echo even) && [ "$tags" = even ]
    check "$dialect: what is opened is closed"
done

# ---- diff ----
run diff "$work/toy.atspec" "$work/toy.atspec" && [ ! -s "$work/got" ]; check 'a dialect does not differ from itself'
run diff "$work/toy.atspec" "$work/next.atspec"; check 'diff compares two'
says '- AT+NAME' && says '- urc +RING' && says '+ urc +CALL'; check 'what only one of them has'
says '  AT+VOL' && says '- set <volume> int 0..10' && says '+ set <volume> int 0..20'; check 'what they say otherwise'
says '- set <key> string 8' && says '+ set <key> string 8 bare'; check 'quotes too'
run diff wizfi360 bfq4004 && grep -q '^+ AT' "$work/got" && grep -q '^- AT' "$work/got"; check 'shipped ones by their names'


# ---- dump ----
run dump "$work/toy.atspec" && says '"syntax": "AT+KEY_DEF=<key>,<wait>"'; check 'dump shows each member of a family'
says '"syntax": "AT+NAME=!<name>[,<mac>]"'; check 'each form that shares a line'
says '"scale_ms": 1000' && says '+VOL:(0-10)' && says '"code": 3'; check 'times from parameters, what a test is answered, errors'
for dialect in $DIALECTS; do
    run dump "$dialect" && says '"outcomes"' && says '"urcs"'; check "$dialect: dump"
done

# ---- only some commands ----
run gen --no-tools --only +VOL,+NAME -o "$work/only" "$work/toy.atspec" && grep -q toy_vol_set "$work/only/toy_module.h" &&
    grep -q toy_name_set "$work/only/toy_module.h" && ! grep -q toy_key_set "$work/only/toy_module.h"
check 'gen --only leaves the others out'
ends 1 '+VOLL' gen --no-tools --only +VOLL -o "$work/only" "$work/toy.atspec"; check 'one that is not there'

# ---- handlers ----
run handlers --side module "$work/toy.atspec" && says 'toy_vol_set' && cp "$work/got" "$work/mine.c"; check 'handlers writes a skeleton'
run handlers --side module --missing "$work/mine.c" "$work/toy.atspec" && ! says 'toy_vol_set'; check 'nothing is missing in it'
grep -v 'vol_set' "$work/mine.c" >"$work/less.c"
run handlers --side module --missing "$work/less.c" "$work/toy.atspec" && says 'vol_set' && ! says 'vol_read'; check 'what is missing is written'
ends 1 'none.c' handlers --side module --missing "$work/none.c" "$work/toy.atspec"; check 'a file that is not there'
run handlers --side host -o "$work/host.c" "$work/toy.atspec" && grep -q toy_vol_set_result "$work/host.c" && grep -q toy_ring "$work/host.c"; check 'and for a driver'
echo "1..$n"
