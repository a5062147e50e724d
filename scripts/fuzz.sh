#!/usr/bin/env bash
# Runs every fuzz target for FUZZ_SECONDS (60 unless set). A crash is kept in fuzz/artifacts.
#
# libFuzzer's instrumentation is a nightly feature of the compiler; RUSTC_BOOTSTRAP lets a stable one use it.
set -euo pipefail
cd "$(dirname "$0")/.."
if ! command -v cargo-fuzz >/dev/null; then
  cargo install --locked cargo-fuzz
fi
export RUSTC_BOOTSTRAP=1
for target in operations open_any_file; do
  cargo fuzz run "$target" -- -max_total_time="${FUZZ_SECONDS:-60}"
done
