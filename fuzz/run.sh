#!/usr/bin/env bash
# Builds every fuzz target and runs each for some seconds. What grows of the corpus goes to fuzz/grown, an input that
# fails to fuzz/artifacts: make it a unit test.
#
#     run.sh SECONDS [TARGET…]     JOBS=2 for two targets at a time
#     run.sh minimise [TARGET…]    keeps in fuzz/corpus what reaches anything new of corpus and grown, small inputs only
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
# The target with a directory keeps it in memory: the disk is no part of what is tried.
[ ! -d /dev/shm ] || export TMPDIR=/dev/shm
# Blocks that are freed come into use again early, which is quicker by half.
export ASAN_OPTIONS=quarantine_size_mb=16:detect_leaks=0
program() { echo "target/$target/release/$1"; }

minimise() {
    mkdir -p "grown/$1" corpus/"$1" && rm -rf minimal && mkdir minimal
    "$(program "$1")" -merge=1 -max_len=2048 minimal "corpus/$1" "grown/$1" >"grown/$1.log" 2>&1
    # The smallest of what is left, up to a limit: a corpus in a repository is a beginning, not a collection.
    rm -f "corpus/$1"/* && find minimal -type f -printf '%s %p\n' | sort -n |
        awk -v most=40000 '(sum += $1) <= most { print $2 }' | xargs -r cp -t "corpus/$1"
    rm -rf minimal
    echo "$1: $(find "corpus/$1" -type f | wc -l) inputs"
}

fuzz() {
    mkdir -p "grown/$1" artifacts
    "$(program "$1")" "grown/$1" "corpus/$1" -max_total_time="$seconds" -rss_limit_mb=4096 \
        -artifact_prefix="artifacts/$1-" -print_final_stats=1 >"grown/$1.log" 2>&1 || {
        tail -n 40 "grown/$1.log" >&2
        echo "$1 FAILED" >&2
        return 1
    }
    figure() { sed -n "s/^stat::$1: *//p" "grown/$2.log"; }
    echo "$1: $(figure number_of_executed_units "$1") executions, $(figure average_exec_per_sec "$1") a second, no fault"
}

if [ "$seconds" = minimise ]; then
    for name in "$@"; do minimise "$name"; done
    exit
fi
export -f fuzz program
export seconds target
printf '%s\n' "$@" | xargs -P "${JOBS:-1}" -I '{}' bash -c 'fuzz {}'
