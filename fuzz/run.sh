#!/usr/bin/env bash
# Builds every fuzz target and runs each for some seconds, two at a time. What grows of the corpus goes to
# fuzz/grown, an input that fails to fuzz/artifacts: make it a unit test.
#
#     run.sh SECONDS [TARGET…]
#
# libFuzzer comes with the crate libfuzzer-sys and needs a C++ compiler. The coverage that it steers by is an
# unstable option of the compiler, which RUSTC_BOOTSTRAP allows on the stable toolchain.
set -euo pipefail
cd "$(dirname "$0")"
seconds=$1
shift
target=x86_64-unknown-linux-gnu
flags=(--cfg fuzzing -Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4
    -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table
    -Cllvm-args=-sanitizer-coverage-trace-compares -Zsanitizer=address)
RUSTC_BOOTSTRAP=1 RUSTFLAGS="${flags[*]}" cargo build --release --target "$target"

[ $# -gt 0 ] || set -- $(sed -n 's/^name = "\([a-z_]*\)"$/\1/p' Cargo.toml)
fuzz() {
    mkdir -p "grown/$1" artifacts
    # libFuzzer counts what a panic hook prints as its own; leaks of statics are none.
    "target/$target/release/$1" "grown/$1" "corpus/$1" -max_total_time="$seconds" -rss_limit_mb=4096 \
        -artifact_prefix="artifacts/$1-" -print_final_stats=1 >"grown/$1.log" 2>&1 || {
        tail -n 40 "grown/$1.log" >&2
        echo "$1 FAILED" >&2
        return 1
    }
    echo "$1: $(sed -n 's/^stat::number_of_executed_units: //p' "grown/$1.log") executions, no fault"
}
export -f fuzz
export seconds target
printf '%s\n' "$@" | xargs -P 2 -I '{}' bash -c 'fuzz {}'
