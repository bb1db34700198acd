#!/usr/bin/env bash
# Builds the fuzzers and lets each look for inputs that break a reader.
#   scripts/fuzz.sh [SECONDS [TARGET...]]      default: 1200 s each, all of them
# What is found lies in build/asan/findings/TARGET; the corpora, which grow from run to run, in build/asan/corpus.
set -euo pipefail
cd "$(dirname "$0")/.."
seconds="${1:-1200}"
scripts/install.sh clang-19 libclang-rt-19-dev llvm-19  # this version is in both releases
scripts/build.sh fuzz fuzzers
build=build/asan
# Memory of ours that a library keeps to itself is no finding; LibTorch's start alone leaks some.
export ASAN_OPTIONS=detect_leaks=0:allocator_may_return_null=1:detect_odr_violation=0
export UBSAN_OPTIONS=print_stacktrace=1:halt_on_error=1 OMP_NUM_THREADS=1
export ASAN_SYMBOLIZER_PATH=/usr/lib/llvm-19/bin/llvm-symbolizer
mapfile -t all < <("$build/bin/fuzz-seeds" "$build/seeds")
if [ $# -gt 1 ]; then all=("${@:2}"); fi

run() {
    local target="$1"
    mkdir -p "$build/corpus/$target" "$build/findings/$target"
    "$build/bin/fuzz-$target" -max_total_time="$seconds" -timeout=20 -rss_limit_mb=3000 -max_len=65536 \
        -artifact_prefix="$build/findings/$target/" -print_final_stats=1 \
        "$build/corpus/$target" "$build/seeds/$target" >"$build/$target.log" 2>&1 || true
    printf '%-24s %10s runs, %s findings\n' "$target" \
        "$(sed -n 's/^stat::number_of_executed_units: *//p' "$build/$target.log")" \
        "$(find "$build/findings/$target" -type f | wc -l)"
}
export -f run
export build seconds
printf '%s\n' "${all[@]}" | xargs -P "$(nproc)" -I{} bash -c 'run {}'
