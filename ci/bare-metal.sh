#!/usr/bin/env bash
# Proves: the core builds alone for chips without std, without alloc and without compare-and-swap, and for wasm; two
# emulated boards record; what they link, its size and its instructions are within the goals.
set -euo pipefail
cd "$(dirname "$0")/.."

boards="$PWD/tests/bare-metal"
target="$(realpath -m "${CARGO_TARGET_DIR:-target}")/bare-metal"

# A workspace of its own, so that another cargo never rewrites the lock file of this one.
copy="$target/workspace"
rm -rf "$copy"
mkdir -p "$copy"
cp -rL exo-trace-core "$copy/"
{
    printf '[workspace]\nmembers = ["exo-trace-core"]\nresolver = "3"\n\n'
    awk '/^\[/ { keep = /^\[workspace\.(package|dependencies|lints)/ } keep && !/path *=/' Cargo.toml
    # As the boards are built, so that the library's source is compiled once for both.
    awk '/^\[/ { keep = /^\[profile/ } keep' "$boards/Cargo.toml"
} >"$copy/Cargo.toml"
if [[ -f Cargo.lock ]]; then cp Cargo.lock "$copy/"; fi

build() {
    (cd "$copy" && CARGO_TARGET_DIR="$target" "$boards/cargo.sh" "$1" build --quiet --release -p exo-trace-core "${@:2}")
    echo "built: $*"
}

build thumbv6m-none-eabi
build thumbv6m-none-eabi --features critical-section
build thumbv7em-none-eabihf
build riscv32imac-unknown-none-elf
build wasm32-unknown-unknown
build thumbv6m-none-eabi --features stream

cargo fmt --manifest-path "$boards/Cargo.toml" --check
"$boards/run.sh"
CARGO_TARGET_DIR="$target" "$boards/sizes.sh"
