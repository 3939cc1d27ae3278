#!/usr/bin/env bash
# Proves: of ten million frames of a board, one byte in a hundred wrong, all that arrive whole are read, what does
# not is counted, and nothing is read that was not sent. Under a minute after its build; with a number, so many.
set -euo pipefail
cd "$(dirname "$0")/.."

EXO_DEVICE_FRAMES="${1:-10000000}" cargo test --quiet --release --package exo-trace-export --features device \
    --test device_damage -- --nocapture
