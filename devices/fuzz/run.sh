#!/bin/sh
# Runs every parser of device input, or those that are named, under libFuzzer, and prints for each
# how many inputs, how long and in how much memory.
#
#   RUNS=10000000 MAX_LEN=512 devices/fuzz/run.sh [TARGET...]
#
# Needs `cargo install cargo-fuzz` and a C++ compiler. The flags that cargo-fuzz asks the compiler
# for are not all stable: RUSTC_BOOTSTRAP lets a stable compiler take them.
set -eu
cd "$(dirname "$0")"
export RUSTC_BOOTSTRAP=1
runs="${RUNS:-100000}"
max_len="${MAX_LEN:-512}"
cargo run --quiet --manifest-path ../Cargo.toml --features fuzzing --example fuzz -- \
    --seeds corpus
cargo fuzz build --fuzz-dir . -s none device_input
targets="${*:-$(ls corpus)}"
for target in $targets; do
    log="$(mktemp)"
    began="$(date +%s)"
    if FUZZ_TARGET="$target" cargo fuzz run --fuzz-dir . -s none device_input "corpus/$target" -- \
        -runs="$runs" -max_len="$max_len" -print_final_stats=1 -rss_limit_mb=512 >"$log" 2>&1
    then
        took=$(($(date +%s) - began))
        executed="$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")"
        memory="$(sed -n 's/^stat::peak_rss_mb: *//p' "$log")"
        printf '%-18s %11s executions %6s s  %s MB\n' "$target" "$executed" "$took" "$memory"
    else
        tail -n 40 "$log"
        echo "$target: failed"
        exit 1
    fi
done
