#!/usr/bin/env bash
# Runs a program on an emulated board: `emulate.sh MACHINE PROGRAM ASKED SENT [OPTION...]`. The serial line takes its bytes
# from the file ASKED and leaves what it sends in SENT; what the program says to the emulator is printed.
set -euo pipefail

machine=$1 program=$2 asked=$3 sent=$4
shift 4
if ! command -v qemu-system-arm >/dev/null; then
    apt-get update --quiet >/dev/null
    apt-get install --yes --quiet --no-install-recommends qemu-system-arm >/dev/null
fi
# Of each timer that nobody has set yet, the emulator says that it has no period.
{
    timeout 60 qemu-system-arm -M "$machine" -display none -monitor none -serial stdio \
        -semihosting-config enable=on,target=native -kernel "$program" "$@" <"$asked" 2>&1 >"$sent"
} | sed '/Timer with period zero/d'
