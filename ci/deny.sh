#!/usr/bin/env bash
# Proves: what we build on has a licence we may take, comes from crates.io alone, is there once, and has no advisory.
#
# The database of advisories is a git repository. Where neither the network nor ADVISORY_DB, the path of a clone, has it,
# the last line says that nobody looked.
set -euo pipefail
cd "$(dirname "$0")/.."

if ! cargo deny --version >/dev/null 2>&1; then
    cargo install --quiet --locked cargo-deny
fi

# deny MANIFEST ARGS: checks one lock file. An entry of deny.toml that nothing needs any more is an error in the
# workspace; the other two need only some of them.
deny() {
    local manifest=$1 unused=-D
    shift
    if [[ $manifest != Cargo.toml ]]; then unused=-A; fi
    cargo deny --locked --config "$config" --manifest-path "$manifest" check --hide-inclusion-graph \
        "$unused" unmatched-skip "$unused" unnecessary-skip "$unused" license-not-encountered \
        -A license-exception-not-encountered "$@"
}

manifests=(Cargo.toml fuzz/Cargo.toml benches/compare/Cargo.toml)
config=deny.toml
for manifest in "${manifests[@]}"; do
    echo "$manifest:"
    deny "$manifest" bans licenses sources
done
# The drivers of the emulated boards were written years apart, and hold each other's traits in several versions.
boards=tests/bare-metal/Cargo.toml
echo "$boards:"
deny "$boards" licenses sources

# One clone for all, under a name of its own: what lies in the user's home may be of any age.
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
database=https://github.com/RustSec/advisory-db
if [[ -n ${ADVISORY_DB:-} ]]; then
    # cargo-deny takes no path, so git is told where that address lies.
    GIT_CONFIG_VALUE_0=$database
    GIT_CONFIG_KEY_0="url.file://$(realpath "$ADVISORY_DB").insteadOf"
    export GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0 GIT_CONFIG_VALUE_0
fi
if ! timeout 60 git ls-remote --quiet "$database" HEAD >/dev/null 2>"$work/why"; then
    echo "advisories: NOT checked: $(grep -m 1 fatal "$work/why" || echo 'no answer within a minute')"
    # Whoever names a database wants it read.
    [[ -z ${ADVISORY_DB:-} ]]
    exit
fi
config="$work/deny.toml"
sed "s|^\[advisories\]|&\ndb-path = \"$work/databases\"\ndb-urls = [\"$database\"]|" deny.toml >"$config"
for manifest in "${manifests[@]}" "$boards"; do
    echo "$manifest:"
    deny "$manifest" advisories
done
