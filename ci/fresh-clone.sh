#!/usr/bin/env bash
# Proves: a fresh clone comes to its first tree; prints the time, whose goal is three minutes on two cores.
set -euo pipefail
cd "$(dirname "$0")/.."

clone="$(mktemp -d)"
trap 'rm -rf "$clone"' EXIT
# As cold as a stranger's, and where nothing was built yet, what is built here serves the next gates.
target="$(realpath -m "${CARGO_TARGET_DIR:-target}")"
if [[ -e "$target/release" ]]; then target="$clone/target"; fi
start=$SECONDS
git clone --quiet . "$clone/exo-trace"
(cd "$clone/exo-trace" && CARGO_TARGET_DIR="$target" cargo run --quiet --release --example research_agent >tree)
took=$((SECONDS - start))
grep -q 'invoke_agent' "$clone/exo-trace/tree"
echo "fresh clone to first tree: $took s (goal 180)"
# What the clone's own packages left would look fresh to Cargo, and speak of a directory that is gone.
if [[ -e "$target/release" && "$target" != "$clone"/* ]]; then
    CARGO_TARGET_DIR="$target" cargo clean --quiet --release --workspace
fi
# Twice the goal is a fault, and no longer a busy machine.
if ((took > 360)); then
    echo "too slow" >&2
    exit 1
fi
