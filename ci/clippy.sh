#!/usr/bin/env bash
# Proves: no lint is broken in programs, examples, tests and benches, nor in what is silent; only tests and benches may
# unwrap. The libraries with each of their features are ci/features.sh's; what Loom explores is linted as it sees it.
set -euo pipefail
cd "$(dirname "$0")/.."

cargo clippy --quiet --workspace --lib --bins --examples -- -D warnings
bridges=a2a,http,mcp,opentelemetry,reqwest,tokio,tonic,tower,tracing
cargo clippy --quiet -p exo-trace-std --lib --no-default-features --features "$bridges" -- -D warnings
cargo clippy --quiet -p exo-trace-std --no-default-features --all-targets -- -D warnings \
    -A clippy::unwrap_used -A clippy::expect_used
cargo clippy --quiet --workspace --tests --benches -- -D warnings \
    -A clippy::unwrap_used -A clippy::expect_used
RUSTFLAGS="--cfg exo_loom" CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-target}/loom" \
    cargo clippy --quiet -p exo-trace-loom --tests -- -D warnings -A clippy::unwrap_used -A clippy::expect_used
