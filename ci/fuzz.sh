#!/usr/bin/env bash
# Proves: half a minute of random input per target finds no panic, no record that changes, no request
# that says anything else than the SDK would, and no header that is read otherwise than the SDK reads
# it, unless a named rule foretells that.
set -euo pipefail
cd "$(dirname "$0")/.."

seconds="${FUZZ_SECONDS:-25}"
if ! cargo fuzz --version >/dev/null 2>&1; then
    cargo install --quiet --locked cargo-fuzz
fi

# The sanitizers are unstable flags of the compiler we have; no second toolchain is needed.
export RUSTC_BOOTSTRAP=1
for target in $(cargo fuzz list); do
    mkdir -p "fuzz/corpus/$target"
    log="$(mktemp)"
    if ! cargo fuzz run "$target" -- -max_total_time="$seconds" -max_len=4096 >"$log" 2>&1; then
        tail -n 40 "$log" >&2
        exit 1
    fi
    echo "$target: $(grep -E '^Done ' "$log")"
    rm -f "$log"
done
