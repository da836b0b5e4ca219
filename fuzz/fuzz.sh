#!/bin/sh
# fuzz.sh SRCDIR TARGET…: what `make fuzz` does: each target for FUZZ_SECONDS (60) with libFuzzer, or with FUZZ_ENGINE=afl with
# AFL++, in a build of its own with ASan and UBSan; what is found stays in ./fuzz-found. Exit 1 if anything was.
# One `name value unit (must …)` per target.
set -u
srcdir=$(cd "$1" && pwd)
shift
seconds=${FUZZ_SECONDS:-60}
engine=${FUZZ_ENGINE:-libfuzzer}
case $engine in
libfuzzer) CC=clang flags="-fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=undefined" link=-fsanitize=fuzzer ;;
afl) CC=afl-clang-fast flags="-fsanitize=address,undefined -fno-sanitize-recover=undefined" link= ;;
*) echo "fuzz: FUZZ_ENGINE is libfuzzer or afl, not $engine" >&2; exit 2 ;;
esac
command -v $CC >/dev/null || { echo "fuzz: $CC is not installed (Debian: clang libclang-rt-14-dev, afl++)"; exit 0; }
export CC
mkdir -p "build-$engine" fuzz-found && cd "build-$engine" || exit 70
[ -f Makefile ] || AFL_QUIET=1 "$srcdir/configure" CFLAGS="-g -O1 $flags" >configure.log || exit 70
programs=
for target in "$@"; do programs="$programs fuzz-$target"; done
AFL_QUIET=1 make -s -j"$(getconf _NPROCESSORS_ONLN)" FUZZ_LINK="$link" $programs >make.log 2>&1 || { tail make.log; exit 70; }

status=0
for target in "$@"; do
    seeds=$srcdir/fuzz/corpus/$target
    found=../fuzz-found/$target
    mkdir -p "$found" "work-$target"
    if [ $engine = libfuzzer ]; then
        ./fuzz-"$target" -max_total_time="$seconds" -max_len=4096 -timeout=20 -rss_limit_mb=4000 -print_final_stats=1 \
            -dict="$srcdir/fuzz/$target.dict" -artifact_prefix="$found/" "work-$target" "$seeds" >"$target.log" 2>&1
        runs=$(sed -n 's/.*number_of_executed_units: *//p' "$target.log")
        n=$(find "$found" -type f | wc -l)
    else
        AFL_SKIP_CPUFREQ=1 AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES=1 AFL_NO_UI=1 \
            afl-fuzz -V "$seconds" -x "$srcdir/fuzz/$target.dict" -i "$seeds" -o "afl-$target" -m none -- ./fuzz-"$target" >"$target.log" 2>&1
        runs=$(sed -n 's/^execs_done *: *//p' "afl-$target/default/fuzzer_stats")
        cp "afl-$target"/default/crashes/id* "afl-$target"/default/hangs/id* "$found" 2>/dev/null
        n=$(find "$found" -type f | wc -l)
    fi
    [ -n "$runs" ] || { tail -n 5 "$target.log"; status=1; }
    [ "$n" = 0 ] || status=1
    echo "fuzz-$target $n findings in ${runs:-0} runs, $seconds s (must 0, goal 0)$([ "$n" = 0 ] || echo ' falls short')"
done
exit $status
