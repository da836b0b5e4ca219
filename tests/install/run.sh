#!/bin/sh
# What `make install` leaves is enough: a program elsewhere finds the runtime through pkg-config, compiles a spec of its own
# with the installed atgen and runs; so does a plain copy of runtime/ and of the generated files, as C99 and as C++17.
# SPDX-License-Identifier: MIT
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
here=$(cd "$srcdir/tests/install" && pwd)
CC=${CC:-cc}
n=0
check() {
    n=$((n + 1))
    name=$1
    shift
    if "$@" >"$work/log" 2>&1; then echo "ok $n - $name"
    else
        echo "not ok $n - $name"
        tail -n 15 "$work/log" | sed 's/^/# /'
    fi
}
skip() { n=$((n + 1)); echo "ok $n - $1 # SKIP there is no $2"; }
flags='-Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wno-missing-field-initializers -Werror'

check 'make install' make -s -C "$BINDIR" install prefix="$work/usr"
check 'the installed atgen knows the shipped dialects' "$work/usr/bin/atgen" check wizfi360
check 'the installed atdump decodes' sh -c "printf '> AT\\\\r\\\\n\n< \\\\r\\\\nOK\\\\r\\\\n\n' | '$work/usr/bin/atdump' wizfi360"
check 'atgen compiles a spec of the user' "$work/usr/bin/atgen" gen -o "$work/toy" "$srcdir/tests/golden/toy.atspec"

pc="$work/usr/lib/pkgconfig"
cat >"$work/with-pkg-config" <<END
set -e
export PKG_CONFIG_PATH=$pc
f=\$(pkg-config --define-variable=prefix=$work/usr --cflags --libs atgen)
$CC -std=c99 $flags -I"$work/toy" "$here/main.c" "$work"/toy/toy_module.c "$work"/toy/toy_host.c -o "$work/a.out" \$f
"$work/a.out"
END
cat >"$work/with-copies" <<END
set -e
$CC -std=c99 $flags -I"$srcdir/runtime" -I"$work/toy" "$here/main.c" "$work"/toy/toy_*.c "$srcdir"/runtime/*.c -o "$work/b.out"
"$work/b.out"
END
check 'pkg-config finds the runtime' sh "$work/with-pkg-config"
check 'a copy of the runtime is enough' sh "$work/with-copies"
cat >"$work/toy-program" <<END
set -e
$CC -std=c99 $flags -I"$srcdir/runtime" -I"$work/toy" "$srcdir/examples/toy.c" "$work"/toy/toy_module.c "$work"/toy/toy_host.c \
    "$srcdir"/runtime/*.c -o "$work/c.out"
"$work/c.out" | grep -q 'the volume is 7'
END
check 'the toy of the README: both sides in one program' sh "$work/toy-program"
cp "$srcdir/tests/golden/toy.atspec" "$here/main.c" "$here/autotools/"* "$work"
cat >"$work/with-autotools" <<END
set -e
cd "$work"
autoreconf --install -I "$work/usr/share/aclocal"
mkdir by-autotools
cd by-autotools
PKG_CONFIG_PATH=$pc ../configure CC='$CC' PKG_CONFIG='pkg-config --define-prefix'
make
./app
sed -i 's/0\.\.10/0..8/' ../toy.atspec
make toy.h
grep -q '0\.\.8' toy.h
make clean
[ ! -e toy_module.c ]
END
check 'a project with autotools' sh "$work/with-autotools"
mkdir "$work/cmake"
cp "$srcdir/tests/golden/toy.atspec" "$here/main.c" "$here/cmake/"* "$work/cmake"
cat >"$work/with-cmake" <<END
set -e
cd "$work/cmake"
CC='$CC' cmake -B build -DCMAKE_PREFIX_PATH="$work/usr"
cmake --build build
build/app
END
if command -v cmake >/dev/null; then check 'a project with CMake' sh "$work/with-cmake"
else skip 'a project with CMake' cmake; fi

export XDG_CACHE_HOME="$work/cache"
cat >"$work/talk" <<'END'
> AT+VOL=7\r\n
< \r\nOK\r\n
END
cat >"$work/load" <<END
unset ATGEN
"$work/usr/bin/atdump" "$work/cmake/toy.atspec" "$work/talk" | grep '"name":"+VOL"'
END
check 'the installed atdump loads a spec of the user' sh "$work/load"
check 'the installed templates are those of the compiler' "$work/usr/bin/atgen" gen --template-dir "$work/usr/share/atgen/templates" \
    -o "$work/by-templates" "$srcdir/tests/golden/toy.atspec"
check 'they make the same' diff -r -x '*.d' "$work/toy" "$work/by-templates"

# offers SHELL: it completes commands, options and dialects.
offers() {
    offer() { "$1" "$here/completion.$1" "$file" "$work/usr/bin/$2" "$3" ${4+"$4"} ${5+"$5"} | grep -qx -e "$want"; }
    want=handlers offer "$1" atgen ha &&
        want=--side offer "$1" atgen gen --s &&
        want=--format offer "$1" atdump --f &&
        want=wizfi360 offer "$1" atsim wiz
}
for shell in bash zsh; do
    file=$work/usr/share/zsh/site-functions/_atgen
    [ $shell = zsh ] || file=$work/usr/share/bash-completion/completions/atgen
    if command -v $shell >/dev/null; then check "completion in $shell" offers $shell
    else skip "completion in $shell" $shell; fi
done
cxx=$(command -v g++ || command -v clang++)
if [ -n "$cxx" ]; then
    for d in $DIALECTS; do
        for f in "$srcdir/generated/$d/${d}_module.c" "$srcdir/generated/$d/${d}_host.c"; do
            check "$(basename "$f") as C++17" "$cxx" -x c++ -std=c++17 -Wall -Wextra -Werror -fsyntax-only -I"$srcdir/runtime" "$f"
        done
    done
fi
echo "1..$n"
