#!/bin/sh
# atterm with lines from a pipe, over a pseudo-terminal that atsim answers: it checks, sends, decodes, and says what
# values mean.
# SPDX-License-Identifier: MIT
work=$(mktemp -d) || exit 1
hc05=$srcdir/examples/hc05.atspec
n=0
check() { # WHAT: what the command before it came to
    status=$? n=$((n + 1))
    if [ "$status" -eq 0 ]; then echo "ok $n - $1"
    else echo "not ok $n - $1"; sed 's/^/# /' "$work/got" "$work/said" | head -n 30; fi
}
start() { # DIALECT OPTION...: atsim on $work/pty
    "$BINDIR/atsim" --pty "$work/pty" "$@" &
    sim=$!
    until [ -h "$work/pty" ] || ! kill -0 $sim 2>/dev/null; do :; done
}
stop() { kill $sim; wait $sim 2>/dev/null; }
trap 'kill $sim 2>/dev/null; rm -rf "$work"' EXIT
types() { # STATUS DIALECT LINE...
    expected=$1 dialect=$2
    shift 2
    printf '%s\n' "$@" | "$BINDIR/atterm" "$dialect" "$work/pty" >"$work/got" 2>"$work/said"
    [ $? -eq "$expected" ]
}
shows() { grep -qxF -e "$1" "$work/got"; }

start "$hc05"
types 0 "$hc05" 'AT+ROLE=1' 'at+role?'
check 'what is right is sent and answered'
shows '> AT+ROLE=1' && shows '< final    OK' && shows '< line     +ROLE (read)  role=1'
check 'what comes is decoded'
shows '      role = 1 MASTER'
check 'values are explained'
types 0 "$hc05" 'AT+INQ' && shows '      class = 3E0104: What kind of device it is, or is looked for'
check 'what parameters mean too'
types 1 "$hc05" 'AT+ROLE=7' 'AT+NOSUCH' && shows '          ^ a value that is not allowed; not sent (a ! in front sends it)' &&
    ! grep -q '^<' "$work/got"
check 'what is wrong is shown and not sent'
types 0 "$hc05" '!AT+NOSUCH' 'AT+ROLE?' && shows '      fault = 0 COMMAND (unknown command): Why a command is refused' && shows '      role = 1 MASTER'
check 'but with a ! in front it is'
stop

start --offline --chunk 4 wizfi360
types 0 wizfi360 'AT+CIPSTART="TCP","10.0.0.1",80' 'AT+CIPSEND=7' 'hel\r\nlo' 'AT' && shows '< prompt   >' && shows '< final    SEND OK'
check 'data follows a prompt'
types 1 wizfi360 'AT+CIPSEND=7' 'a\qb' 'hello12' && shows 'the escapes of data are \r \n \\ \xNN' && shows '< final    SEND OK'
check 'an escape that is none'
types 0 wizfi360 'AT+CWLAPOPT=1,3' && shows '      mask = 3 ECN SSID: Fields shown'
check 'bits have names'
stop

"$BINDIR/atterm" --help >"$work/got" 2>"$work/said" && grep -q 'DIALECT DEVICE|--tcp ADDR:PORT' "$work/got"
check 'help'
"$BINDIR/atterm" wizfi360 >"$work/got" 2>"$work/said"
[ $? -eq 2 ]
check 'a device or an address is needed'
"$BINDIR/atterm" wizfi360 "$work/nothing" >"$work/got" 2>"$work/said"
[ $? -eq 1 ] && grep -q 'nothing: No such file' "$work/said"
check 'a device that is not there'
"$BINDIR/atterm" wizfi360 --tcp nowhere >"$work/got" 2>"$work/said"
[ $? -eq 1 ] && grep -q 'nowhere: Invalid argument' "$work/said"
check 'an address that is none'
echo "1..$n"
