#!/usr/bin/env bash
# Says what is missing before cargo fails on it; installs the two components where rustup can.
set -euo pipefail
if ! command -v cargo >/dev/null; then
  echo "Rust is needed, 1.90 or later: https://rustup.rs" >&2
  exit 1
fi
for component in rustfmt clippy; do
  tool=cargo-${component/rustfmt/fmt}
  if ! command -v "$tool" >/dev/null; then
    rustup component add "$component"
  fi
done
