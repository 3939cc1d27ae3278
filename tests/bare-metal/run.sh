#!/usr/bin/env bash
# Runs the agent and the two tasks on both emulated boards, and lets tests/boards check what came over the line.
set -euo pipefail
cd "$(dirname "$0")"
root="$(realpath ../..)"
target="$(realpath -m "${CARGO_TARGET_DIR:-$root/target}")"
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT

# A step that a sampled trace asks for, one of the board's own, one of a trace nobody wants; more of them while the
# sensor gets warmer; and enough.
asked="$work/asked"
for step in 1 2 3 4 5 6 7; do
    printf '00-4bf92f3577b34da6a3ce929d0e0e%04d-00f067aa0ba9%04d-01\n\n' "$step" "$step"
    printf '00-4bf92f3577b34da6a3ce929d0e0e%04d-00f067aa0ba9%04d-00\n' "$step" "$step"
done >"$asked"
echo end >>"$asked"

cargo build --quiet --manifest-path "$root/Cargo.toml" --target-dir "$target" -p exo-trace-boards
for board in microbit:thumbv6m-none-eabi lm3s6965evb:thumbv7m-none-eabi; do
    machine=${board%:*} chip=${board#*:}
    CARGO_TARGET_DIR="$target/bare-metal" ./cargo.sh "$chip" build --quiet --release --bins
    for program in agent tasks; do
        ./emulate.sh "$machine" "$target/bare-metal/$chip/release/$program" "$asked" "$work/sent" >"$work/said"
        heard=$("$target/debug/exo-trace-boards" "$program" "$work/sent" "$work/said" "$asked")
        echo "$program on $machine: $heard"
    done
done
