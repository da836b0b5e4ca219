#!/bin/sh
# demo.sh SRCDIR ATGEN TALK: what `make demo` shows: a piece of the spec, what is generated from it, both ends talking.
set -eu
srcdir=$1 atgen=$2 talk=$3
echo "== The spec says what the manual says (spec/wizfi360.atspec):"
echo
sed -n '/^command +CWJAP_CUR/,/^          -> +CWJAP_CUR:<reason/p' "$srcdir/spec/wizfi360.atspec" | sed 's/^/    /'
echo
echo "== atgen makes C from it, for both ends of the wire:"
echo
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
"$atgen" gen --no-tools -o "$out" wizfi360
echo "    wizfi360.h, the structs both share:"
sed -n '/^typedef struct wizfi360_cwjap_set {/,/^} wizfi360_cwjap_set;/p' "$out/wizfi360.h" | sed 's/^/        /'
echo "    wizfi360_module.h, a handler for the firmware to write:"
grep -h '(\*cwjap_set)' "$out/wizfi360_module.h" | sed 's/^ */        /'
echo "    wizfi360_host.h, a call for the driver:"
grep -h -A1 '^at_status wizfi360_host_cwjap_set(' "$out/wizfi360_host.h" | sed 's/^ */        /' | sed '/;/q'
echo
echo "== A driver and a module, both generated, over a byte pipe (> to the module, < back):"
"$talk"
