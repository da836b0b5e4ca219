# Compiles shipped dialects for chips; read by size.sh and tests/generated/stack.sh. Wants $srcdir and a folder $work.
# An image is one side of a dialect, linked for a program that uses every function of its headers: requests, replies,
# URCs. A linker that drops unused sections keeps what such a program needs. Not counted are the program's own code (its
# calls, handlers and callbacks) and the C library's functions for memory and strings.
# shellcheck shell=sh disable=SC2154
chips="M0+ M3 M4 RV32"
size_flags="-std=c99 -Os -ffunction-sections -fdata-sections -DNDEBUG -DAT_TEXTS=0 -DAT_TAP=0 -DAT_MANNERS=0"

# tools CHIP: the prefix of its compiler's name, and flags
tools() {
    case $1 in
    M0+) echo "arm-none-eabi- -mcpu=cortex-m0plus -mthumb" ;;
    M3) echo "arm-none-eabi- -mcpu=cortex-m3 -mthumb" ;;
    M4) echo "arm-none-eabi- -mcpu=cortex-m4 -mthumb" ;;
    RV32) echo "riscv64-unknown-elf- -march=rv32imac -mabi=ilp32 --specs=picolibc.specs" ;;
    esac
}
prefix() { tools "$1" | cut -d ' ' -f 1; }
# compiler CHIP: the command that compiles for it
compiler() { echo "$(tools "$1" | sed 's/ /gcc /') $size_flags -I$srcdir/runtime"; }
# has_chip CHIP: its compiler and C library are there
has_chip() {
    echo '#include <string.h>' >"$work/probe.c"
    $(compiler "$1") -c "$work/probe.c" -o "$work/probe.o" 2>"$work/probe.said"
}
# functions HEADER…: names of those that programs call; what waits, shows texts or answers =? is optional
functions() {
    cat "$@" | sed -n '/^typedef/d
        s/^\(static inline \)*\(AT_MUST_CHECK \)*\([a-z_0-9]* \)* *\**\([a-z][a-z0-9_]*\)(.*/\4/p' |
        grep -v -e '_wait$' -e '^at_status_text$' -e '^at_module_test$' -e '^at__' | sort -u
}
# program FILE FUNCTION…: one that includes FILE and uses these functions, by address; an inline function becomes one of its own
program() {
    echo "#include \"$1\""
    shift
    echo 'void *volatile used;'
    echo 'void _start(void)'
    echo '{'
    printf '    used = (void *)%s;\n' "$@"
    echo '}'
}
# sources SIDE: of the runtime
sources() { ls "$srcdir"/runtime/at_l*.c "$srcdir"/runtime/at_value.c "$srcdir"/runtime/at_"$1"*.c; }

# rules CHIP NAME DIALECT SIDE DIR KIND [PROGRAM.c]: how make builds $work/CHIP/NAME/image of the code in DIR, its map and its
# objects, for a program that uses all functions or for PROGRAM.c, without what its board has to bring. KIND: `alone`, the
# generated file with the runtime in it (AT_ALONE); `cut`, a runtime apart with what the dialect uses of it (AT_FEATURES);
# `whole`, one with everything. A runtime is compiled once for all that use the same.
rules() {
    chip=$1 out=$work/$1/$2 cc=$(compiler "$1") features=$3_$4_features.h runtime='' alone='' missing=$library
    mkdir -p "$out"
    case $6 in
    alone) alone=-DAT_ALONE ;;
    cut)
        cc="$cc -I$5 -DAT_FEATURES='\"$features\"'"
        runtime=$work/$chip/$(cksum <"$5/$features" | tr ' ' -)
        ;;
    whole) runtime=$work/$chip/all ;;
    esac
    if [ -n "$runtime" ] && mkdir "$runtime" 2>/dev/null; then
        for f in $(sources module) $(sources host); do echo "$f"; done | sort -u | while read -r f; do
            object=$runtime/$(basename "$f" .c).o
            printf '%s: %s\n\t@%s -fcallgraph-info=su -c %s -o %s\n' "$object" "$f" "$cc" "$f" "$object"
        done
    fi
    # shellcheck disable=SC2046  # names
    case ${7:-} in
    *.c) program "$7" main >"$out/program.c" && missing=$library,--unresolved-symbols=ignore-all cc="$cc -I$srcdir/runtime/ports" ;;
    *) program "$3_$4.h" $(functions "$5/$3_$4.h" "$srcdir/runtime/at$4.h" "$srcdir/runtime/atlink.h") >"$out/program.c" ;;
    esac
    objects="$out/program.o $out/$3_$4.o"
    printf '%s: %s\n\t@%s -I%s -fcallgraph-info=su -c %s -o %s\n' "$out/program.o" "$out/program.c" "$cc" "$5" "$out/program.c" "$out/program.o" \
        "$out/$3_$4.o" "$5/$3_$4.c" "$cc $alone" "$5" "$5/$3_$4.c" "$out/$3_$4.o"
    if [ -n "$runtime" ]; then
        for f in $(sources "$4"); do objects="$objects $runtime/$(basename "$f" .c).o"; done
    fi
    echo "$objects" | tr ' ' '\n' | sed '/^$/d' >"$out/objects"
    printf '%s: %s\n\t@%s -nostdlib -nostartfiles -Wl,--gc-sections -Wl,-Map=%s.map %s -o %s %s -lgcc\nall: %s\n' \
        "$out/image" "$objects" "$cc" "$out/image" "$missing" "$out/image" "$objects" "$out/image"
}
library=-Wl,--defsym=memcpy=0,--defsym=memmove=0,--defsym=memset=0,--defsym=memcmp=0,--defsym=memchr=0
library=$library,--defsym=strlen=0,--defsym=strchr=0,--defsym=strcmp=0,--defsym=strncmp=0
export CCACHE_DISABLE=1     # a compiler cache does not keep call graphs
# build: what the rules in $work/rules say, side by side
build() { MAKEFLAGS='' make -s -j "$(getconf _NPROCESSORS_ONLN || echo 2)" -f "$work/rules" all; }

# bytes CHIP FILE…: text + data
bytes() {
    size=$(prefix "$1")size
    shift
    "$size" -t "$@" | awk 'END { print $1 + $2 }'
}
# flash CHIP NAME
flash() { echo $(($(bytes "$1" "$work/$1/$2/image") - $(bytes "$1" "$work/$1/$2/program.o"))); }
# stack CHIP NAME DIALECT SIDE DIR [OPTION…]: the deepest, in bytes; or what is wrong with it, and status 1
stack() {
    functions "$5/$3_$4.h" "$srcdir/runtime/at$4.h" "$srcdir/runtime/atlink.h" >"$work/functions"
    awk -f "$srcdir/bench/map.awk" "$work/$1/$2/image.map" >"$work/kept"
    graphs=$(sed 's/\.o$/.ci/' "$work/$1/$2/objects")
    shift 5
    # shellcheck disable=SC2086  # words
    awk "$@" -f "$srcdir/bench/stack.awk" "$work/functions" "$srcdir/bench/pointers" "$work/kept" $graphs
}
