#!/usr/bin/env bash
# Proves: from a fresh clone to the first tree in three minutes on two cores; prints the time.
set -euo pipefail
cd "$(dirname "$0")/.."

clone="$(mktemp -d)"
trap 'rm -rf "$clone"' EXIT
start=$SECONDS
git clone --quiet . "$clone/exo-trace"
(cd "$clone/exo-trace" && env -u CARGO_TARGET_DIR cargo run --quiet --release --example research_agent >tree)
took=$((SECONDS - start))
grep -q 'invoke_agent' "$clone/exo-trace/tree"
echo "fresh clone to first tree: $took s (goal 180)"
if ((took > 180)); then
    echo "too slow" >&2
    exit 1
fi
