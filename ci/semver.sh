#!/usr/bin/env bash
# Proves: since the last release nothing public was broken that the version does not own up to.
#
# Against the last tag `v*`; before the first one there is nothing to break, and this says so. With
# --prove it shows in a clone that it does: without a tag, and with a tag and one public item fewer.
set -euo pipefail
cd "$(dirname "$0")/.."

if [[ "${1:-}" == --prove ]]; then
    copy="$(mktemp -d)"
    trap 'rm -rf "$copy"' EXIT
    git clone --quiet . "$copy/clone"
    cd "$copy/clone"
    git tag --list 'v*' | xargs --no-run-if-empty git tag --delete >/dev/null
    bash ci/semver.sh | grep --quiet 'NOT checked'
    git tag v0.0.0
    sed -i 's/TRACEPARENT_BYTES, //' exo-trace-core/src/lib.rs
    git diff --exit-code --quiet && { echo "semver: nothing to take away, prove it otherwise" >&2; exit 1; }
    if bash ci/semver.sh >"$copy/said" 2>&1 || ! grep --quiet TRACEPARENT_BYTES "$copy/said"; then
        cat "$copy/said" >&2
        echo "semver: a public item was taken away, and this is not what it says" >&2
        exit 1
    fi
    echo "semver: proved: without a tag it says so, and an item that is gone is refused"
    exit 0
fi
if ! tag="$(git describe --tags --abbrev=0 --match 'v*' 2>/dev/null)"; then
    echo "semver: NOT checked, there is no tag v* yet"
    exit 0
fi
if ! cargo semver-checks --version >/dev/null 2>&1; then
    cargo install --quiet --locked cargo-semver-checks
fi
# Not exo-trace-macros, of which a compiler can see nothing, nor exo-trace-replay, which is a program.
for crate in exo-trace-core exo-trace-std exo-trace-export exo-trace; do
    cargo semver-checks --package "$crate" --baseline-rev "$tag"
done
