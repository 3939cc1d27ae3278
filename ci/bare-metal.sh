#!/usr/bin/env bash
# Proves: the core builds for chips without std, without alloc and without compare-and-swap.
set -euo pipefail
cd "$(dirname "$0")/.."

# Debian's Rust brings the source of `core`, which -Zbuild-std needs; rustup has it too, elsewhere.
if [[ ! -x /usr/bin/cargo || ! -d /usr/lib/rustlib/src/rust/library ]]; then
    apt-get update --quiet >/dev/null
    apt-get install --yes --quiet rustc-web rust-web-src cargo-web >/dev/null
fi

# A workspace of its own, so that another cargo never rewrites the lock file of this one.
target="$(realpath -m "${CARGO_TARGET_DIR:-target}")/bare-metal"
copy="$target/workspace"
rm -rf "$copy"
mkdir -p "$copy"
cp -rL exo-trace-core "$copy/"
{
    printf '[workspace]\nmembers = ["exo-trace-core"]\nresolver = "3"\n\n'
    awk '/^\[/ { keep = /^\[workspace\.(package|dependencies|lints)/ } keep && !/path *=/' Cargo.toml
} >"$copy/Cargo.toml"
if [[ -f Cargo.lock ]]; then cp Cargo.lock "$copy/"; fi
cd "$copy"

build() {
    RUSTC=/usr/bin/rustc RUSTC_BOOTSTRAP=1 RUSTFLAGS="-D warnings" CARGO_TARGET_DIR="$target" \
        /usr/bin/cargo build --quiet --release -Zbuild-std=core -p exo-trace-core --target "$@"
    echo "built: $*"
}

build thumbv6m-none-eabi
build thumbv6m-none-eabi --features critical-section
build thumbv7em-none-eabihf
