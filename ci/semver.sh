#!/usr/bin/env bash
# Proves: since the last release nothing public was broken that the version does not own up to.
#
# Against the last tag `v*`; before the first one there is nothing to break, and this says so.
set -euo pipefail
cd "$(dirname "$0")/.."

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
