#!/usr/bin/env bash
# Proves: the documentation builds without a warning, private items included.
set -euo pipefail
cd "$(dirname "$0")/.."

# With the bridges, whose modules are only there with their features.
bridges=$(printf 'exo-trace/%s,' a2a http mcp opentelemetry reqwest tokio tonic tower tracing)
for more in "" --document-private-items; do
    RUSTDOCFLAGS="-D warnings" cargo doc --quiet --workspace --no-deps $more
    RUSTDOCFLAGS="-D warnings" cargo doc --quiet --workspace --no-deps --features "${bridges%,}" $more
done
