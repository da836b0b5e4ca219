#!/bin/sh
# What `make install` leaves is enough: a program elsewhere finds the runtime through pkg-config, compiles a spec of its own
# with the installed atgen and runs; so does a plain copy of runtime/ and of the generated files, as C99 and as C++17.
# SPDX-License-Identifier: MIT
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
CC=${CC:-cc}
n=0
check() {
    n=$((n + 1))
    name=$1
    shift
    if "$@" >"$work/log" 2>&1; then echo "ok $n - $name"
    else
        echo "not ok $n - $name"
        head -n 12 "$work/log" | sed 's/^/# /'
    fi
}
flags='-Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wno-missing-field-initializers -Werror'

check 'make install' make -s -C "$BINDIR" install prefix="$work/usr"
check 'the installed atgen knows the shipped dialects' "$work/usr/bin/atgen" check wizfi360
check 'the installed atdump decodes' sh -c "printf '> AT\\\\r\\\\n\n< \\\\r\\\\nOK\\\\r\\\\n\n' | '$work/usr/bin/atdump' wizfi360"
check 'atgen compiles a spec of the user' "$work/usr/bin/atgen" gen -o "$work/toy" "$srcdir/tests/golden/toy.atspec"

cat >"$work/main.c" <<'END'
#include "toy_host.h"
#include "toy_module.h"

static at_status set(toy_module *m, const toy_vol_set *cmd) { (void)m; return cmd->volume == 7 ? AT_OK : AT_REFUSED; }
static const toy_module_handlers handlers = { .vol_set = set };
static unsigned char wire[64];
static size_t wire_n;
static size_t put(void *ctx, const uint8_t *p, size_t n)
{
    (void)ctx;
    for (size_t i = 0; i < n && wire_n < sizeof wire; i++) wire[wire_n++] = p[i];
    return n;
}
static uint32_t now(void *ctx) { (void)ctx; return 0; }

int main(void)
{
    static toy_module module;
    static unsigned char buffer[1024];
    const at_port port = { put, now, NULL, NULL, NULL };
    if (toy_module_init(&module, &handlers, &port, buffer, sizeof buffer, NULL) != AT_OK) return 1;
    if (at_feed(&module.module.link, (const uint8_t *)"AT+VOL=7\r", 9) != 9) return 2;
    at_poll(&module.module.link);
    return wire_n == 6 && wire[2] == 'O' ? 0 : 3;
}
END
pc="$work/usr/lib/pkgconfig"
cat >"$work/with-pkg-config" <<END
set -e
export PKG_CONFIG_PATH=$pc
f=\$(pkg-config --define-variable=prefix=$work/usr --cflags --libs atgen)
$CC -std=c99 $flags -I"$work/toy" "$work/main.c" "$work"/toy/toy_module.c "$work"/toy/toy_host.c -o "$work/a.out" \$f
"$work/a.out"
END
cat >"$work/with-copies" <<END
set -e
$CC -std=c99 $flags -I"$srcdir/runtime" -I"$work/toy" "$work/main.c" "$work"/toy/toy_*.c "$srcdir"/runtime/*.c -o "$work/b.out"
"$work/b.out"
END
cat >"$work/for-a-chip" <<END
set -e
export PKG_CONFIG_PATH=$pc
runtime=\$(pkg-config --define-variable=prefix=$work/usr --define-variable=pkgdatadir=$work/usr/share/atgen --variable=runtimedir atgen)
$CC -std=c99 $flags -DAT_ALONE -I"\$runtime" -I"$work/toy" "$work/main.c" "$work/toy/toy_module.c" -o "$work/d.out"
"$work/d.out"
END
check 'pkg-config finds the runtime' sh "$work/with-pkg-config"
check 'pkg-config finds its source, for a chip' sh "$work/for-a-chip"
check 'a copy of the runtime is enough' sh "$work/with-copies"
cat >"$work/toy-program" <<END
set -e
$CC -std=c99 $flags -I"$srcdir/runtime" -I"$work/toy" "$srcdir/examples/toy.c" "$work"/toy/toy_module.c "$work"/toy/toy_host.c \
    "$srcdir"/runtime/*.c -o "$work/c.out"
"$work/c.out" | grep -q 'the volume is 7'
END
check 'the toy of the README: both sides in one program' sh "$work/toy-program"
cxx=$(command -v g++ || command -v clang++)
if [ -n "$cxx" ]; then
    for d in $DIALECTS; do
        for f in "$srcdir/generated/$d/${d}_module.c" "$srcdir/generated/$d/${d}_host.c"; do
            check "$(basename "$f") as C++17" "$cxx" -x c++ -std=c++17 -Wall -Wextra -Werror -fsyntax-only -I"$srcdir/runtime" "$f"
        done
    done
fi
echo "1..$n"
