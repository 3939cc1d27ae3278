#!/usr/bin/env bash
# Proves: the documentation builds without a warning, private items included.
set -euo pipefail
cd "$(dirname "$0")/.."

RUSTDOCFLAGS="-D warnings" cargo doc --quiet --workspace --no-deps
RUSTDOCFLAGS="-D warnings" cargo doc --quiet --workspace --no-deps --document-private-items
