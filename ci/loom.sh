#!/usr/bin/env bash
# Proves: no interleaving of a ring's writer and reader loses, tears, repeats or strands a record.
# No order in which threads and the drain pass a lane on leaves a record behind.
set -euo pipefail
cd "$(dirname "$0")/.."

RUSTFLAGS="--cfg exo_loom -C debug-assertions" CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-target}/loom" \
    timeout 600 cargo test --quiet --release -p exo-trace-core --test loom_ring
RUSTFLAGS="--cfg exo_loom -C debug-assertions" CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-target}/loom" \
    timeout 600 cargo test --quiet --release -p exo-trace-std --test loom_lane
