#!/bin/sh
# Flash, RAM and stack of the generated code on a Cortex-M0+; one `name value unit (must …, goal …)` per line.
# Everything is compiled with what the dialect uses of the runtime (AT_FEATURES), and the flash once more without, for
# who takes the library as it is.
# Flash is what a linker that drops unused sections keeps of the generated code and the runtime for a program
# that uses every function of both headers: requests, replies, URCs. Not counted are that program's own code (its
# calls, handlers and callbacks) and the C library's functions for memory and strings.
set -u
CC=arm-none-eabi-gcc
command -v $CC >/dev/null || { echo "size: $CC is not installed (Debian: gcc-arm-none-eabi libnewlib-arm-none-eabi)"; exit 0; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
flags="-std=c99 -mcpu=cortex-m0plus -mthumb -Os -ffunction-sections -fdata-sections -DNDEBUG -DAT_TEXTS=0 -DAT_TAP=0 -DAT_MANNERS=0 -I$srcdir/runtime"

print() {
    awk -v n="$1" -v v="$2" -v u="$3" -v m="$4" -v g="$5" 'BEGIN {
        printf "%s %s %s (must %s, goal %s)%s\n", n, v, u, m, g, (v + 0 > m + 0) ? " falls short" : "" }'
}
# functions HEADER…: names of those that programs call; what waits, shows texts or answers =? is optional
functions() {
    cat "$@" | sed -n '/^typedef/d
        s/^\(static inline \)*\(AT_MUST_CHECK \)*\([a-z_0-9]* \)* *\**\([a-z][a-z0-9_]*\)(.*/\4/p' |
        grep -v -e '_wait$' -e '^at_status_text$' -e '^at_module_test$' -e '^at__' | sort -u
}
# program SIDE DIR: one that uses all of them, by address; an inline function becomes one of its own
program() {
    echo "#include \"wizfi360_$1.h\""
    echo 'void *volatile used;'
    echo 'void _start(void)'
    echo '{'
    functions "$2/wizfi360_$1.h" "$srcdir/runtime/at$1.h" "$srcdir/runtime/atlink.h" |
        sed 's/.*/    used = (void *)&;/'
    echo '}'
}
# bytes FILE…: text + data
bytes() { arm-none-eabi-size -t "$@" | awk 'END { print $1 + $2 }'; }
# flash SIDE DIR [FLAG]: with that instead of AT_FEATURES
flash() {
    rm -f "$work"/*.o
    features=${3:--DAT_FEATURES=\"wizfi360_$1_features.h\"}
    program "$1" "$2" >"$work/program.c"
    for f in "$work/program.c" "$2/wizfi360_$1.c" "$srcdir"/runtime/at_l*.c "$srcdir"/runtime/at_value.c \
             "$srcdir"/runtime/at_"$1"*.c; do
        $CC $flags "$features" -I"$2" -c "$f" -o "$work/$(basename "$f" .c).o" || exit 1
    done
    $CC $flags -nostdlib -Wl,--gc-sections -Wl,--defsym=memcpy=0,--defsym=memmove=0,--defsym=memset=0 \
        -Wl,--defsym=memcmp=0,--defsym=memchr=0,--defsym=strlen=0,--defsym=strncmp=0 -o "$work/image" "$work"/*.o -lgcc || exit 1
    echo $(($(bytes "$work/image") - $(bytes "$work/program.o")))
}
# ram TYPE HEADER: sizeof, by the size of an object
ram() {
    printf '#include "%s"\n%s object;\n' "$2" "$1" >"$work/ram.c"
    $CC $flags -I"$srcdir/generated/wizfi360" -c "$work/ram.c" -o "$work/ram.o"
    arm-none-eabi-nm -S -t d "$work/ram.o" | awk '$4 == "object" { print $2 + 0 }'
}

print wizfi360-module-flash "$(flash module "$srcdir/generated/wizfi360")" bytes 12288 8192
print wizfi360-host-flash "$(flash host "$srcdir/generated/wizfi360")" bytes 14336 9216
print wizfi360-module-ram "$(ram wizfi360_module wizfi360_module.h)" bytes 512 256
print wizfi360-host-ram "$(ram wizfi360_host wizfi360_host.h)" bytes 512 256
for side in module host; do
    echo "wizfi360-$side-flash-whole-library $(flash $side "$srcdir/generated/wizfi360" -UAT_FEATURES) bytes"
done
mkdir "$work/few"
"$BINDIR/atgen" gen --side module -o "$work/few" \
    --only AT,E,+RST,+GMR,+CWMODE_CUR,+CWJAP_CUR,+CWQAP,+CIPSTART,+CIPSEND,+CIPCLOSE wizfi360 &&
    print wizfi360-module-flash-10-commands "$(flash module "$work/few")" bytes 5120 3072
