#!/bin/sh
# The runtime and generated code, optimised, for this machine and for a Cortex-M0+: no warning, nothing but memcpy and its
# like from outside, no writable data, no stack frame without a bound, no function that comes to itself through calls.
# (Calls through pointers are tables and the user's own functions; they are not in the graph.)
# SPDX-License-Identifier: MIT
set -u
temp=$(mktemp -d) || exit 1
trap 'rm -rf "$temp"' EXIT
warnings="-Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror"
root=$(cd "$srcdir" && pwd)
number=0

report() {
    number=$((number + 1))
    if [ "$1" = 0 ]; then echo "ok $number - $2"
    else echo "not ok $number - $2"; head -n 12 "$temp/why" | sed 's/^/# /'; fi
}

# Names used and defined nowhere here, and not what every C library and compiler brings for a chip.
foreign() {
    awk '$(NF - 1) == "U" { used[$NF] = 1 } $(NF - 1) ~ /[TRtrVW]/ { defined[$NF] = 1 }
         END { for (name in used) if (!(name in defined)) print name }' "$temp/names" |
        grep -v -E '^(memcpy|memmove|memset|memcmp|memchr|strlen|strchr|strcmp|strncmp|__aeabi_.*|__gnu_thumb1_case_.*)$'
}

writable() { awk '$(NF - 1) ~ /[BbDdCGgSs]/ { print $NF }' "$temp/names"; }

# In the graphs (.ci) the compiler left, leaves are taken away until nothing more goes: what is then left calls itself
# through others, or calls such a function.
recursive() {
    cat "$1"/*.ci | awk -F '"' '/^edge/ { if (!($2 SUBSEP $4 in seen)) { seen[$2, $4] = 1; from[n] = $2; to[n++] = $4 } }
        END { do { changed = 0; delete calls
                   for (i = 0; i < n; i++) if (!(from[i] in gone) && !(to[i] in gone)) calls[from[i]]++
                   for (i = 0; i < n; i++) { if (!(to[i] in gone) && !(to[i] in calls)) { gone[to[i]] = 1; changed = 1 }
                                             if (!(from[i] in gone) && !(from[i] in calls)) { gone[from[i]] = 1; changed = 1 } }
              } while (changed)
              for (name in calls) print name }'
}

# both TITLE COMPILER NM FLAGS: the runtime and all generated code; generated code with the runtime in it
both() {
    objects "$1" "$2" "$3" "$4" "$root"/runtime/*.c "$root"/generated/*/*.c
    objects "$1, with AT_ALONE" "$2" "$3" "$4 -DAT_ALONE -DAT_TAP=0" "$root"/generated/*/*_module.c "$root"/generated/*/*_host.c
}

# objects TITLE COMPILER NM FLAGS FILE…: compiled in a folder of their own
objects() {
    title=$1 compiler=$2 nm=$3 flags=$4 dir=$(mktemp -d "$temp/XXXXXX")
    shift 4
    # shellcheck disable=SC2086  # flags are words
    (cd "$dir" && "$compiler" $flags $warnings -std=c99 -Os -fno-stack-protector -fstack-usage -fcallgraph-info -I"$root/runtime" \
        -c "$@") >"$temp/why" 2>&1
    report $? "$title: no warning"
    $nm -A "$dir"/*.o >"$temp/names"
    foreign >"$temp/why"
    report $((! $?)) "$title: nothing from outside but memcpy and its like"
    writable >"$temp/why"
    [ ! -s "$temp/why" ] && [ -s "$temp/names" ]
    report $? "$title: no writable data"
    cat "$dir"/*.su | awk '$NF != "static" && $NF != "dynamic,bounded"' >"$temp/why"
    [ ! -s "$temp/why" ] && [ -n "$(cat "$dir"/*.su)" ]
    report $? "$title: every stack frame has a bound"
    recursive "$dir" >"$temp/why"
    [ ! -s "$temp/why" ] && cat "$dir"/*.ci | grep -q '^edge'
    report $? "$title: no recursion"
}

# has COMPILER NM: they are there, and the compiler is a gcc that draws call graphs
has() {
    command -v "$1" >/dev/null && command -v "$2" >/dev/null || return 1
    (cd "$temp" && echo 'int x;' >probe.c && "$1" -fcallgraph-info -c probe.c) >/dev/null 2>&1
}

missing() {
    number=$((number + 1))
    echo "ok $number - $1 # SKIP no $2 with -fcallgraph-info"
}

if has gcc nm; then both "this machine" gcc nm "-fno-pic -fno-pie"
else missing "this machine" gcc; fi
if has arm-none-eabi-gcc arm-none-eabi-nm; then
    both "Cortex-M0+" arm-none-eabi-gcc arm-none-eabi-nm "-mcpu=cortex-m0plus -mthumb"
else missing "Cortex-M0+" arm-none-eabi-gcc; fi
echo "1..$number"
