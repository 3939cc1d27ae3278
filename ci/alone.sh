#!/usr/bin/env bash
# Proves: each crate builds alone, with every feature, with its own, and with everything off.
set -euo pipefail
cd "$(dirname "$0")/.."

export RUSTFLAGS="-D warnings" CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-target}/alone"
for crate in exo-trace-core exo-trace-macros exo-trace-std exo-trace-export exo-trace-replay exo-trace; do
    for features in "" --no-default-features --all-features; do
        # core's critical-section needs a chip's own implementation, which a host has no use for.
        cargo check --quiet -p "$crate" $features
    done
    echo "alone: $crate"
done
