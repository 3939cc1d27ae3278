#!/usr/bin/env bash
# Proves: each crate builds alone, with every feature, with its own, and with everything off; and what
# sends spans or counts tokens with each of its features alone.
set -euo pipefail
cd "$(dirname "$0")/.."

# Clippy instead of the compiler: it refuses warnings without building every dependency anew for it.
builds() {
    cargo clippy --quiet "$@" -- -D warnings
}
for crate in exo-trace-core exo-trace-macros exo-trace-std exo-trace-export exo-trace-replay exo-trace; do
    for features in "" --no-default-features --all-features; do
        # core's critical-section needs a chip's own implementation, which a host has no use for.
        builds -p "$crate" $features
    done
    echo "alone: $crate"
done
for feature in opentelemetry otlp serde spool zstd; do
    for crate in exo-trace-export exo-trace; do
        builds -p "$crate" --no-default-features --features "$feature"
    done
    echo "alone: $feature"
done
for feature in async-openai tiktoken; do
    for crate in exo-trace-std exo-trace; do
        builds -p "$crate" --no-default-features --features "$feature"
    done
    echo "alone: $feature"
done
for feature in a2a http mcp opentelemetry reqwest tokio tonic tower tracing; do
    builds -p exo-trace-std --no-default-features --features "$feature"
    builds -p exo-trace --no-default-features --features "enabled,$feature"
    echo "alone: $feature"
done
