#!/usr/bin/env bash
# Proves: spans of a program without threads arrive on WebAssembly, under Node.
set -euo pipefail
cd "$(dirname "$0")/.."

# Debian's Rust brings the source of `std`, which -Zbuild-std needs, and wasi-libc what std stands on there.
if [[ ! -x /usr/bin/cargo || ! -d /usr/lib/rustlib/src/rust/library || ! -d /usr/lib/wasm32-wasi ]]; then
    apt-get update --quiet >/dev/null
    apt-get install --yes --quiet rustc-web rust-web-src cargo-web wasi-libc >/dev/null
fi
command -v node >/dev/null || apt-get install --yes --quiet nodejs >/dev/null

# Debian's has no linker for WebAssembly; every other toolchain brings one.
shopt -s nullglob
linkers=("$(rustc --print sysroot)"/lib/rustlib/*/bin/rust-lld)
linker="${linkers[0]:?no rust-lld beside rustc}"
target="$(realpath -m "${CARGO_TARGET_DIR:-target}")/wasm"

# Of wasi-libc the parts that rustc would bring itself; its functions for threads are older than those that
# std asks for, and run.mjs says in their place that there are none.
wasi=/usr/lib/wasm32-wasi
flags="-D warnings -C linker=$linker"
with_libc="-L $wasi -C link-self-contained=no -C link-arg=$wasi/crt1-command.o -C link-arg=--allow-undefined"

cargo_for() {
    local what="$1" platform="$2"
    shift 2
    RUSTC=/usr/bin/rustc RUSTC_BOOTSTRAP=1 CARGO_TARGET_DIR="$target" \
        /usr/bin/cargo "$what" --quiet --locked -p exo-trace-wasm -Zbuild-std=std,panic_abort \
        --target "$platform" "$@"
}

RUSTFLAGS="$flags $with_libc" cargo_for build wasm32-wasip1
node --no-warnings tests/wasm/run.mjs "$target/wasm32-wasip1/debug/exo-trace-wasm.wasm" | grep --invert-match '^{'

# What browsers take needs the glue of wasm-bindgen to run; that it compiles is proved here.
RUSTFLAGS="$flags" cargo_for check wasm32-unknown-unknown
echo "checked: wasm32-unknown-unknown"
