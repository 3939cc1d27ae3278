#!/usr/bin/env bash
# Proves: the documentation builds without a warning, private items included.
set -euo pipefail
cd "$(dirname "$0")/.."

# With the bridges and the boards, whose modules are only there with their features.
features=exo-trace-core/stream$(printf ',exo-trace/%s' a2a device http mcp opentelemetry reqwest tokio tonic tower tracing)
for more in "" --document-private-items; do
    RUSTDOCFLAGS="-D warnings" cargo doc --quiet --workspace --no-deps $more
    RUSTDOCFLAGS="-D warnings" cargo doc --quiet --workspace --no-deps --features "$features" $more
done
