#!/usr/bin/env bash
# Runs cargo for a chip: `cargo.sh TARGET build ...`, with rustup's compiler where it has the target's library (`rustup
# target add TARGET`), else with Debian's, which brings the source of `core` and builds it.
set -euo pipefail

export RUSTFLAGS="-D warnings"
target=$1
verb=$2
shift 2
case $target in
thumb*)
    if ! command -v arm-none-eabi-ld >/dev/null; then
        apt-get update --quiet >/dev/null
        apt-get install --yes --quiet --no-install-recommends gcc-arm-none-eabi >/dev/null
    fi
    # One linker for both compilers, so that sizes differ by code alone.
    upper=${target//-/_}
    export "CARGO_TARGET_${upper^^}_LINKER=arm-none-eabi-ld"
    ;;
esac

if rustup target list --installed 2>/dev/null | grep --quiet --line-regexp "$target"; then
    exec cargo "$verb" --target "$target" "$@"
fi
if [[ ! -x /usr/bin/cargo || ! -d /usr/lib/rustlib/src/rust/library ]]; then
    apt-get update --quiet >/dev/null
    apt-get install --yes --quiet rustc-web rust-web-src cargo-web >/dev/null
fi
export RUSTC=/usr/bin/rustc RUSTC_BOOTSTRAP=1
exec /usr/bin/cargo "$verb" -Zbuild-std=core --target "$target" "$@"
