#!/bin/sh
# run.sh: the minimal firmware, made and compiled as for a chip but for this machine, and a host that talks with it.
# SPDX-License-Identifier: MIT
set -u
temp=$(mktemp -d) || exit 1
trap 'rm -rf "$temp"' EXIT
here=$srcdir/examples/minimal
"$BINDIR/atgen" gen --side module --only "@$here/commands" -o "$temp" wizfi360 || exit 1
# shellcheck disable=SC2086  # flags are words
$CC -std=c99 -D_POSIX_C_SOURCE=200809L -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror -DNDEBUG -DAT_TAP=0 -DAT_TEXTS=0 \
    -DAT_MANNERS=0 -DAT_ALONE -I"$temp" -I"$srcdir/runtime" -I"$srcdir/runtime/ports" $LDFLAGS \
    -o "$temp/firmware" "$here/firmware.c" "$here/desk.c" "$temp/wizfi360_module.c" || exit 1
"$BINDIR/minimal-driver" "$temp/firmware"
