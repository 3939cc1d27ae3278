#!/usr/bin/env bash
# Proves: no lint is broken, with recording on and off; only tests and benches may unwrap.
set -euo pipefail
cd "$(dirname "$0")/.."

cargo clippy --quiet --workspace --lib --bins --examples -- -D warnings
cargo clippy --quiet --workspace --lib --features exo-trace/serde -- -D warnings
cargo clippy --quiet --workspace --lib \
    --features exo-trace/opentelemetry,exo-trace/spool,exo-trace/zstd -- -D warnings
cargo clippy --quiet --workspace --lib --features exo-trace/async-openai,exo-trace/tiktoken -- -D warnings
bridges=a2a,http,mcp,opentelemetry,reqwest,tokio,tonic,tower,tracing
cargo clippy --quiet -p exo-trace-std --lib --features "$bridges" -- -D warnings
cargo clippy --quiet -p exo-trace-std --lib --no-default-features --features "$bridges" -- -D warnings
cargo clippy --quiet -p exo-trace-std --no-default-features --all-targets -- -D warnings \
    -A clippy::unwrap_used -A clippy::expect_used
cargo clippy --quiet --workspace --tests --benches -- -D warnings \
    -A clippy::unwrap_used -A clippy::expect_used
