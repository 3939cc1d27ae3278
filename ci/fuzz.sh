#!/usr/bin/env bash
# Proves: a few seconds of random input per target, from the seeds on, find no panic, no record that is
# lost or changes, no span or fact that is neither delivered nor counted, no secret that is shown, and no
# request or header that says anything else to us than to the SDK, unless a named rule foretells that.
set -euo pipefail
cd "$(dirname "$0")/.."

seconds="${FUZZ_SECONDS:-10}"
if ! cargo fuzz --version >/dev/null 2>&1; then
    cargo install --quiet --locked cargo-fuzz
fi

# The sanitizers are unstable flags of the compiler we have; no second toolchain is needed.
export RUSTC_BOOTSTRAP=1
# Apart from the loop, where nobody would notice that it failed and there is nothing to run.
targets="$(cargo fuzz list)"
for target in $targets; do
    # What is new goes to the first directory; the others are read, cases that were found once first of all.
    mkdir -p "fuzz/corpus/$target"
    kept=("fuzz/corpus/$target")
    for known in "fuzz/found/$target" "fuzz/seeds/$target"; do
        if [ -d "$known" ]; then kept+=("$known"); fi
    done
    log="$(mktemp)"
    if ! cargo fuzz run "$target" "${kept[@]}" -- \
        -max_total_time="$seconds" -max_len=4096 >"$log" 2>&1; then
        tail -n 40 "$log" >&2
        exit 1
    fi
    echo "$target: $(grep -E '^Done ' "$log")"
    rm -f "$log"
done
