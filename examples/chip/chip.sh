#!/bin/sh
# chip.sh SRCDIR demo DRIVER: what `make chip` shows: the generated module in an emulated Cortex-M3, the generated driver outside.
# chip.sh SRCDIR measure STREAM: what the module costs there: instructions per line; bytes lost at line rate, when an
# instruction takes 64 ns (a Cortex-M3 at 25 MHz), and how fast one has to be that loses none at 3 Mbaud.
set -eu
srcdir=$1 what=$2 program=$3
for tool in arm-none-eabi-gcc qemu-system-arm; do
    command -v $tool >/dev/null ||
        { echo "chip: $tool is not installed (Debian: gcc-arm-none-eabi libnewlib-arm-none-eabi qemu-system-arm)"; exit 0; }
done
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
emulator="qemu-system-arm -machine mps2-an385 -display none -monitor none -semihosting-config enable=on,target=native -serial stdio"

# image NAME MAIN [FLAG…]
image() {
    name=$1 main=$2
    shift 2
    arm-none-eabi-gcc -std=c99 -Wall -Wextra -mcpu=cortex-m3 -mthumb -Os -ffunction-sections -fdata-sections \
        -DNDEBUG -DAT_TEXTS=0 -DAT_TAP=0 -DAT_ALONE "$@" \
        -I"$srcdir/runtime" -I"$srcdir/runtime/ports" -I"$srcdir/generated/wizfi360" --specs=nano.specs -nostartfiles \
        -Wl,--gc-sections -T "$srcdir/examples/chip/board.ld" -o "$work/$name" "$srcdir/examples/chip/$main" \
        "$srcdir/examples/chip/board.c" "$srcdir/generated/wizfi360/wizfi360_module.c"
}

if [ "$what" = demo ]; then
    image firmware firmware.c
    arm-none-eabi-size "$work/firmware" |
        awk 'END { print "firmware: " $1 + $2 " bytes of flash, " $2 + $3 " bytes of RAM beside the stack" }'
    "$program" $emulator -kernel "$work/firmware"
else
    "$program" wizfi360 commands 1000 >"$work/stream"
    image instructions measure.c -DSTREAM="\"$work/stream\""
    image rate measure.c -DSTREAM="\"$work/stream\"" -DMEASURE_NS=64
    {
        $emulator -icount shift=0 -kernel "$work/instructions"
        $emulator -icount shift=6 -kernel "$work/rate"
    } </dev/null 2>&1 | awk '
        /per-line/ { print $0 " instructions (must 2500, goal 1500)" ($2 > 2500 ? " falls short" : "") }
        /921600/ { print $0 " bytes (must 0, goal 0)" ($2 > 0 ? " falls short" : "") }
        /3000000/ { print $0 " bytes (must any, goal 0)" }
        /without-loss/ { print $0 " baud (must 921600, goal 3000000)" ($2 < 921600 ? " falls short" : "")
            printf "chip-speed-for-3000000-baud %.0f MIPS\n", 1000 / 64 * 3000000 / $2 }'
fi
