#!/usr/bin/env bash
# Proves: no interleaving of a ring's writer and reader, a host's or a board's, loses, tears, repeats or strands a record.
# No order in which threads and the drain hand each other lanes, wake-ups, numbers, contents, commands
# and facts of foreign spans loses any of them.
set -euo pipefail
cd "$(dirname "$0")/.."

export RUSTFLAGS="--cfg exo_loom -C debug-assertions" CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-target}/loom"
# As tests/loom/mutants.sh builds them: what is explored is Loom's own code, the models' is built in seconds.
export CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16 CARGO_PROFILE_RELEASE_OPT_LEVEL=1
models=(cargo test --quiet --release --config 'profile.release.package."*".opt-level=3' -p exo-trace-loom)
"${models[@]}" --no-run
# The number of executions of each model comes before what the tests say.
timeout 600 "${models[@]}" --test ring --test compact -- --nocapture
timeout 600 "${models[@]}" --test models -- loom_ --nocapture
