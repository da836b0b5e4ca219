#!/bin/sh
# Flash, RAM and stack of generated code on chips, and where flash goes.
# size.sh: one `name value unit (must …, goal …)` per line, for a Cortex-M0+; then the table of all shipped dialects,
# with the change against the figures in $SIZES. size.sh --update: writes the table there, RELEASE=NAME: and keeps the
# figures, to compare with from now on.
set -eu
: "${SIZES:=$srcdir/doc/SIZES.md}"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
. "$srcdir/bench/chips.sh"
few=AT,E,+RST,+GMR,+CWMODE_CUR,+CWJAP_CUR,+CWQAP,+CIPSTART,+CIPSEND,+CIPCLOSE
minimal=$srcdir/examples/minimal

# ---- what is measured: lines NAME DIALECT SIDE DIR KIND [PROGRAM], see chips.sh ----
# Ten commands with all they have, and what of them a firmware is content with that asks for no more.
mkdir "$work/few" "$work/minimal"
"$BINDIR/atgen" gen --side module -o "$work/few" --only $few wizfi360
"$BINDIR/atgen" gen --side module -o "$work/minimal" --only "@$minimal/commands" wizfi360
for dialect in $DIALECTS; do
    for side in module host; do
        for kind in alone cut; do
            echo "$dialect-$side-$kind $dialect $side $srcdir/generated/$dialect $kind"
        done
    done
done | sed 's/-alone / /' >"$work/images"
echo "wizfi360-10-commands wizfi360 module $work/few alone" >>"$work/images"
echo "wizfi360-10-commands-cut wizfi360 module $work/few cut" >>"$work/images"
echo "wizfi360-minimal wizfi360 module $work/minimal alone $minimal/firmware.c" >>"$work/images"
for side in module host; do echo "wizfi360-$side-whole wizfi360 $side $srcdir/generated/wizfi360 whole"; done >>"$work/images"

present= absent=
for chip in $chips; do
    if has_chip "$chip"; then present="$present $chip"
    else absent="$absent $chip"; fi
done
case $present in *M0+*) ;; *)
    echo "size: arm-none-eabi-gcc is not installed (Debian: gcc-arm-none-eabi libnewlib-arm-none-eabi)"
    exit 0 ;;
esac
# on CHIP NAME: is it measured there? The runtime apart on one chip only.
on() { case $1:$2 in M0+:*) true ;; *-whole | *-cut) false ;; esac; }
for chip in $present; do
    # shellcheck disable=SC2086  # words
    while read -r name rest; do if on $chip $name; then rules $chip $name $rest; fi; done <"$work/images"
done >"$work/rules"
build

# ---- figures: lines NAME COLUMN VALUE ----
# ram NAME DIALECT SIDE DIR: sizeof the object of a link, the same on all these chips
ram() {
    printf '#include "%s_%s.h"\n%s_%s object;\n' "$2" "$3" "$2" "$3" >"$work/ram.c"
    $(compiler M0+) -I"$4" -c "$work/ram.c" -o "$work/ram.o"
    "$(prefix M0+)nm" -S -t d "$work/ram.o" | awk '$4 == "object" { print $2 + 0 }'
}
again=
while read -r name dialect side dir kind program; do
    for chip in $present; do if on "$chip" "$name"; then echo "$name $chip $(flash "$chip" "$name")"; fi; done
    echo "$name RAM $(ram "$name" "$dialect" "$side" "$dir")"
    case $program in
    *.c) ;;                     # what its board calls is not known
    *)
        deepest=$(stack M0+ "$name" "$dialect" "$side" "$dir") &&
            again=$(stack M0+ "$name" "$dialect" "$side" "$dir" -v again=1) || { echo "size: $name: $deepest $again" >&2; exit 1; }
        echo "$name stack $deepest"
        echo "$name calls $again"
        ;;
    esac
    [ "$kind" = alone ] ||
        awk -f "$srcdir/bench/map.awk" "$work/M0+/$name/image.map" | awk -v name="${name%-cut}" -f "$srcdir/bench/parts.awk"
done <"$work/images" >"$work/figures"
figure() { awk -v name="$1" -v column="$2" '$1 == name && $2 == column { print $3 }' "$work/figures"; }

# ---- the lines ----
print() {
    awk -v n="$1" -v v="$2" -v m="$3" -v g="$4" 'BEGIN {
        printf "%s %s bytes (must %s, goal %s)%s\n", n, v, m, g, (v + 0 > m + 0) ? " falls short" : "" }'
}
lines() {
    print wizfi360-module-flash "$(figure wizfi360-module M0+)" 12288 8192
    print wizfi360-host-flash "$(figure wizfi360-host M0+)" 14336 9216
    print wizfi360-module-ram "$(figure wizfi360-module RAM)" 512 256
    print wizfi360-host-ram "$(figure wizfi360-host RAM)" 512 256
    for side in module host; do
        echo "wizfi360-$side-flash-runtime-apart $(figure wizfi360-$side-cut M0+) bytes"
        echo "wizfi360-$side-flash-whole-library $(figure wizfi360-$side-whole M0+) bytes"
    done
    print wizfi360-module-flash-10-commands "$(figure wizfi360-10-commands M0+)" 5120 3072
    echo "wizfi360-module-flash-minimal $(figure wizfi360-minimal M0+) bytes"
    for side in module host; do print wizfi360-$side-stack "$(figure wizfi360-$side stack)" 640 400; done
}

# ---- the table ----
# kept: the figures to compare with, as $SIZES has them, and their name
kept() { sed -n '/^```figures/,/^```/p' "$SIZES" 2>/dev/null | grep -v '^```' || true; }
kept_name() { sed -n 's/^```figures //p' "$SIZES" 2>/dev/null; }
# rows COLUMN…: of a table, each figure with its change
rows() {
    kept >"$work/kept-figures"
    awk -v columns="$*" -f "$srcdir/bench/rows.awk" "$work/kept-figures" "$work/figures"
}
table() {
    echo "## Bytes of flash, RAM and stack"
    echo
    # shellcheck disable=SC2086  # words
    rows $present RAM stack calls
    echo
    echo "RAM: the object of one link, the same on all of them; its buffer is the program's. Stack, on the M0+: the deepest below any"
    echo "call from the program; \`calls\`: the same when handlers and callbacks make such calls in turn. The generated file holds the"
    echo "runtime (AT_ALONE); \`cut\`: the runtime is compiled apart with what the dialect uses (AT_FEATURES); \`whole\`: apart, all of"
    echo "it. \`minimal\` is what examples/minimal links."
    [ -z "$absent" ] || echo "Left out, as no compiler is installed:$absent."
    echo
    echo "## Where flash goes, on the M0+, with the runtime apart"
    echo
    rows lexer+grammar texts tables glue commands lines values data link compiler
}
if [ "${1:-}" != --update ]; then
    lines
    echo
    table
    echo
    echo "Changes are against $(kept_name) ($SIZES)."
    exit 0
fi
if [ -n "${RELEASE:-}" ]; then base=$RELEASE; cp "$work/figures" "$work/base"
else base=$(kept_name); kept >"$work/base"; fi
{
    echo "# Sizes"
    echo
    echo "Made by \`make update-sizes\`, with $(compiler M0+ | cut -d ' ' -f 1) $($(prefix M0+)gcc -dumpversion), -Os; \`make size\` prints the same for the"
    echo "code as it is. All requests, replies and URCs of a dialect are linked; the program's own code and the C library's functions for"
    echo "memory and strings are not counted. In brackets the change against $base."
    echo
    table
    echo
    echo "\`\`\`figures $base"
    cat "$work/base"
    echo "\`\`\`"
} >"$work/sizes"
cp "$work/sizes" "$SIZES"
