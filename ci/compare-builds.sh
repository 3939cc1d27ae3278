#!/usr/bin/env bash
# Proves: the comparison with the rivals still builds, and what it makes of its figures is right.
set -euo pipefail
cd "$(dirname "$0")/.."

cargo test --quiet --locked --manifest-path benches/compare/Cargo.toml
