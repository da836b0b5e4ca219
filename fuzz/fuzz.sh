#!/bin/sh
# fuzz.sh SRCDIR TARGET…: what `make fuzz` does: each target for FUZZ_SECONDS (60) with libFuzzer, or with FUZZ_ENGINE=afl with
# AFL++, as many side by side as there are processors, in a build of its own with ASan and UBSan. What is found stays in
# ./fuzz-found and is printed in base64 with how to replay it. Exit 1 if anything was.
# One `name value unit (must …)` per target.
# FUZZ_SEED=NUMBER makes runs that come out the same for the same tree: no folder of earlier runs, a number of inputs that
# takes about a minute; FUZZ_SECONDS only ends them early.
set -u
srcdir=$(cd "$1" && pwd)
shift
seconds=${FUZZ_SECONDS:-60}
seed=${FUZZ_SEED:-}
engine=${FUZZ_ENGINE:-libfuzzer}
lanes=$(getconf _NPROCESSORS_ONLN || echo 1)
case $engine in
libfuzzer) CC=clang flags="-fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=undefined" link=-fsanitize=fuzzer ;;
afl) CC=afl-clang-fast flags="-fsanitize=address,undefined -fno-sanitize-recover=undefined" link= ;;
*) echo "fuzz: FUZZ_ENGINE is libfuzzer or afl, not $engine" >&2; exit 2 ;;
esac
command -v $CC >/dev/null || { echo "fuzz: $CC is not installed (Debian: clang libclang-rt-14-dev, afl++)"; exit 0; }
export CC
mkdir -p "build-$engine" fuzz-found && cd "build-$engine" || exit 70
echo 'int LLVMFuzzerTestOneInput(const char *p, long n); int LLVMFuzzerTestOneInput(const char *p, long n) { return p && n < 0; }' >try.c
[ -z "$link" ] || $CC $link -o try try.c 2>/dev/null || { echo "fuzz: $CC has no libFuzzer (Debian: libclang-rt-14-dev)"; exit 0; }
[ -f Makefile ] || AFL_QUIET=1 "$srcdir/configure" CFLAGS="-g -O1 $flags" >configure.log || exit 70
programs=
for target in "$@"; do programs="$programs fuzz-$target"; done
AFL_QUIET=1 make -s -j"$lanes" FUZZ_LINK="$link" $programs >make.log 2>&1 || { tail make.log; exit 70; }

# What a target begins with (in seeds-TARGET), the words it tries, and how many inputs take it a minute.
gather() {
    case $1 in
    spec) set -- "$1" "$srcdir"/fuzz/corpus/spec/* "$srcdir"/tests/language/*.atspec "$srcdir"/tests/errors/*.atspec ;;
    code) set -- "$1" "$srcdir"/fuzz/corpus/spec/* "$srcdir"/tests/language/ref-*.atspec ;;
    *) set -- "$1" "$srcdir/fuzz/corpus/$1"/* ;;
    esac
    seeds=seeds-$1
    rm -rf "$seeds" && mkdir "$seeds" && shift && cp "$@" "$seeds"
}
words_of() { if [ "$1" = code ]; then echo "$srcdir/fuzz/spec.dict"; else echo "$srcdir/fuzz/$1.dict"; fi; }
runs_of() {
    case $1 in
    spec) echo 3000 ;;
    code) echo 600 ;;
    talk) echo 15000 ;;
    *) echo 150000 ;;
    esac
}

# What else makes two runs differ: a folder that is read again, threads and times that move memory, whose addresses are
# part of what libFuzzer learns from.
steady="-reload=0 -purge_allocator_interval=-1 -rss_limit_mb=0 -malloc_limit_mb=4000"
still() { if [ -n "$seed" ] && setarch -R true 2>/dev/null; then setarch -R "$@"; else "$@"; fi; }

run_libfuzzer() {
    [ -z "$seed" ] || rm -rf "work-$1"
    mkdir -p "work-$1"
    still ./fuzz-"$1" ${seed:+-seed="$seed" -runs="$(runs_of "$1")"} -max_total_time="$seconds" -max_len=4096 -timeout=30 \
        -report_slow_units=30 -rss_limit_mb=4000 ${seed:+$steady} -print_final_stats=1 -dict="$(words_of "$1")" \
        -artifact_prefix="../fuzz-found/$1/" "work-$1" "seeds-$1" >"$1.log" 2>&1
}

run_afl() {
    AFL_SKIP_CPUFREQ=1 AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES=1 AFL_NO_UI=1 \
        afl-fuzz ${seed:+-s "$seed"} -V "$seconds" -x "$(words_of "$1")" -i "seeds-$1" -o "afl-$1" -m none -t 30000+ \
        -- ./fuzz-"$1" \
        >"$1.log" 2>&1
    cp "afl-$1"/default/crashes/id* "afl-$1"/default/hangs/id* "../fuzz-found/$1" 2>/dev/null
}

# How many inputs were tried; nothing if the target did not come so far.
tried() {
    case $engine in
    libfuzzer) sed -n 's/.*number_of_executed_units: *//p' "$1.log" ;;
    afl) sed -n 's/^execs_done *: *//p' "afl-$1/default/fuzzer_stats" ;;
    esac
}

# lane NUMBER TARGET…: every so manyth of them
lane() {
    number=$1 turn=0
    shift
    for target in "$@"; do
        mkdir -p "../fuzz-found/$target"
        [ $((turn % lanes)) -ne "$number" ] || { gather "$target" && run_$engine "$target"; }
        turn=$((turn + 1))
    done
}
number=0
while [ "$number" -lt "$lanes" ]; do
    lane "$number" "$@" &
    number=$((number + 1))
done
wait

status=0
for target in "$@"; do
    n=$(find "../fuzz-found/$target" -type f | wc -l)
    runs=$(tried "$target")
    [ -n "$runs" ] || { tail -n 30 "$target.log"; status=1; }
    for found in $(find "../fuzz-found/$target" -type f); do
        status=1
        echo "# found by fuzz-$target; replay: echo '$(base64 "$found" | tr -d '\n')' | base64 -d >found; make fuzz-$target; ./fuzz-$target found"
        ./fuzz-"$target" "$found" 2>&1 | head -n 30 | cut -c1-500 | sed 's/^/#     /'
    done
    echo "fuzz-$target $n findings in ${runs:-0} runs, $seconds s (must 0, goal 0)$([ "$n" = 0 ] || echo ' falls short')"
done
exit $status
