#!/usr/bin/env bash
# Proves: a span stays out of memory on its way: no call site copies one, or hands one to a function
# other than its end. One such copy cost 10 ns before a test of times could have said which.
set -euo pipefail

root=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-$root/target}/hot-path

mkdir -p "$work/src"
if [ -f "$root/Cargo.lock" ]; then cp "$root/Cargo.lock" "$work/"; fi
cat > "$work/Cargo.toml" <<TOML
[package]
name = "hot-path"
version = "0.0.0"
edition = "2024"

[dependencies]
exo-trace = { package = "exo-trace-std", path = "$root/exo-trace-std" }

[profile.release]
lto = "thin"
codegen-units = 1

[workspace]
TOML
cat > "$work/src/main.rs" <<'RUST'
use exo_trace::{attributes, span_sync, traced};
use std::hint::black_box;

#[inline(never)]
fn by_macro(step: usize) {
    let _span = span_sync!("macro", step, is_early = step < 500);
    black_box(step);
}

#[inline(never)]
fn by_function(step: usize) {
    let attributes = attributes! { step, is_early = step < 500 };
    let _span = span_sync("function", attributes);
    black_box(step);
}

#[inline(never)]
#[traced(attributes(step, is_early = step < 500))]
fn by_attribute(step: usize) {
    black_box(step);
}

fn main() {
    by_macro(black_box(1));
    by_function(black_box(2));
    by_attribute(black_box(3));
}
RUST

cargo build --quiet --release --manifest-path "$work/Cargo.toml"
objdump --disassemble --demangle --no-show-raw-insn "$CARGO_TARGET_DIR/release/hot-path" > "$work/code"
for function in by_macro by_function by_attribute; do
    code=$(awk -v name="<hot_path::$function>:" 'index($0, name) { inside = 1 } inside && /^$/ { exit } inside' "$work/code")
    if [ "$(wc -l <<< "$code")" -lt 20 ]; then
        echo "$function: not found in the disassembly" >&2
        exit 1
    fi
    if grep -E 'memcpy|LocalKey|Begun' <<< "$code" >&2; then
        echo "$function: a span is copied, or handed around, expected it in registers" >&2
        exit 1
    fi
    echo "$function: $(wc -l <<< "$code") instructions, no copy of a span"
done
