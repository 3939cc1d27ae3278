#!/usr/bin/env bash
# Runs a program on an emulated board: `emulate.sh MACHINE PROGRAM SERIAL [OPTION...]`. What the board sends goes to the
# file SERIAL, what it says through semihosting to the standard output.

set -euo pipefail

machine=$1 program=$2 serial=$3
shift 3
if ! command -v qemu-system-arm >/dev/null; then
    apt-get update --quiet >/dev/null
    apt-get install --yes --quiet --no-install-recommends qemu-system-arm >/dev/null
fi
# The emulator says of each timer that nobody has set yet that it has no period.
timeout 60 qemu-system-arm -M "$machine" -nographic -monitor none -serial "file:$serial" \
    -semihosting-config enable=on,target=native -kernel "$program" "$@" </dev/null \
    2> >(grep --invert-match "Timer with period zero" >&2)
