#!/usr/bin/env bash
# Proves: the comparison with the rivals still builds.
set -euo pipefail
cd "$(dirname "$0")/.."

cargo check --quiet --locked --manifest-path benches/compare/Cargo.toml
