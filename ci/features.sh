#!/usr/bin/env bash
# Proves: no set of features breaks a build, or a lint in it: every crate alone with nothing, with each feature and with
# all; what records, with each of them on and off; what sends, with every two.
#
# Not every two of all: the facade only hands features on, and a bridge's modules ask for `enabled` and for nothing of
# another bridge. Three at once no module asks for.
set -euo pipefail
cd "$(dirname "$0")/.."

if ! cargo hack --version >/dev/null 2>&1; then
    cargo install --quiet --locked cargo-hack
fi

# Clippy instead of the compiler: it refuses warnings without building every dependency anew for it. Libraries and
# programs only, so that no dependency of a test lends them a feature.
sets() {
    local start=$SECONDS log
    log="$(mktemp)"
    # `default` is a name for others here, which are tried by theirs.
    if ! cargo hack --quiet clippy --quiet --exclude-features default "$@" -- -D warnings >"$log" 2>&1; then
        cat "$log" >&2
        exit 1
    fi
    echo "$(grep -c '^info: running' "$log") sets: $* ($((SECONDS - start)) s)"
    rm -f "$log"
}
# core's critical-section needs a chip's own implementation to be linked, not to be compiled.
sets -p exo-trace-core -p exo-trace-export --feature-powerset --depth 2
sets -p exo-trace-std --each-feature --features enabled
sets -p exo-trace-std -p exo-trace-macros -p exo-trace-replay -p exo-trace --each-feature
# With their own: what somebody gets who says nothing.
cargo clippy --quiet -p exo-trace -- -D warnings
