#!/usr/bin/env bash
# Proves: no interleaving of a ring's writer and reader loses, tears, repeats or strands a record.
# No order in which threads and the drain hand each other lanes, wake-ups, numbers, contents, commands
# and facts of foreign spans loses any of them.
set -euo pipefail
cd "$(dirname "$0")/.."

export RUSTFLAGS="--cfg exo_loom -C debug-assertions" CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-target}/loom"
# The number of executions of each model comes before what the tests say.
timeout 600 cargo test --quiet --release -p exo-trace-core --test loom_ring -- --nocapture
timeout 600 cargo test --quiet --release -p exo-trace-loom --test models -- loom_ --nocapture
