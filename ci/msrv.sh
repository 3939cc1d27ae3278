#!/usr/bin/env bash
# Proves: what is published builds with the oldest compiler it says it needs, and all of it says the same one.
#
# With that compiler itself where it is the running one or rustup has it; else the last line says which one it was.
# clippy.sh refuses what the standard library had not then (`incompatible_msrv`, which is on).
set -euo pipefail
cd "$(dirname "$0")/.."

crates=(exo-trace-core exo-trace-macros exo-trace-std exo-trace-export exo-trace-replay exo-trace)
stated="$(cargo metadata --no-deps --locked --format-version 1 | python3 -c '
import json, sys
packages = {package["name"]: package["rust_version"] for package in json.load(sys.stdin)["packages"]}
said = {packages[name] for name in sys.argv[1:]}
if len(said) != 1 or None in said:
    sys.exit(f"the crates say different compilers: {packages}")
print(*said)' "${crates[@]}")"

running="$(rustc --version | sed -E 's/rustc ([0-9]+\.[0-9]+).*/\1/')"
with=(cargo)
checked="rustc $running, which is the one stated"
if [[ $running != "$stated" ]]; then
    toolchain="$(rustup toolchain list 2>/dev/null | grep -oE "^$stated[.-][^ ]*" | head -n 1 || true)"
    if [[ -n $toolchain ]]; then
        # Its own directory: two compilers would build each other's work away.
        with=(env "CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-target}/msrv" rustup run "$toolchain" cargo)
        checked="rustc $stated, the one stated"
    else
        checked="rustc $running ONLY: $stated, the one stated, is not installed"
    fi
fi
"${with[@]}" check --quiet --locked "${crates[@]/#/--package=}" --lib --bins
echo "checked with $checked"
