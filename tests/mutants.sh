#!/usr/bin/env bash
# Measures how many changes of the code the tests notice, where a mistake would be hardest to see: the ring, its reader,
# the straight way and the records of exo-trace-core, the lanes and their registry of exo-trace-std.
#
# Not a gate: each of some six hundred changes is built and tested, two at once, which is a matter of hours.
# `tests/mutants.sh core` or `std` is one half; what follows goes to cargo-mutants, as `--shard 1/4` or `--iterate` do.
# Each crate's own tests only: what another crate's story notices is noticed late. Loom's models are other builds, and
# `tests/loom/mutants.sh` weakens what only they can see. Changes of `impl Debug` count like all others.
set -euo pipefail
cd "$(dirname "$0")/.."

if ! cargo mutants --version >/dev/null 2>&1; then
    cargo install --quiet --locked cargo-mutants
fi
halves=(core std)
if [[ ${1:-} == core || ${1:-} == std ]]; then
    halves=("$1")
    shift
fi
declare -A files=(
    [core]="exo-trace-core/src/{ring,reader,straight}.rs exo-trace-core/src/record/**"
    [std]="exo-trace-std/src/lane/** exo-trace-std/src/registry.rs exo-trace-std/src/registry/**"
)
# `alloc` as every host has it.
declare -A features=([core]="exo-trace-core/alloc" [std]="exo-trace-std/enabled")

# cargo-mutants copies the tree and builds in the copy, two copies at once; a shared directory would make them wait.
unset CARGO_TARGET_DIR
export CARGO_INCREMENTAL=1 CARGO_PROFILE_DEV_DEBUG=0 CARGO_PROFILE_TEST_DEBUG=0
for half in "${halves[@]}"; do
    out="target/mutants-$half"
    mkdir -p "$out"
    chosen=()
    for file in ${files[$half]}; do chosen+=(--file "$file"); done
    # Two says that some survived and three that some hung, which is what is measured.
    status=0
    cargo mutants --package "exo-trace-$half" --test-package "exo-trace-$half" --features "${features[$half]}" \
        "${chosen[@]}" --cargo-test-arg=--lib --cargo-test-arg=--tests --jobs 2 --minimum-test-timeout 60 \
        --no-shuffle --colors never --output "$out" "$@" || status=$?
    if ((status != 0 && status != 2 && status != 3)); then exit "$status"; fi
    python3 - "$out/mutants.out" <<'PYTHON'
import collections, json, sys

CAUGHT, MISSED, HUNG, UNVIABLE = "CaughtMutant", "MissedMutant", "Timeout", "Unviable"
files, survivors = collections.defaultdict(collections.Counter), []
for outcome in json.load(open(f"{sys.argv[1]}/outcomes.json", encoding="utf-8"))["outcomes"]:
    if outcome["scenario"] == "Baseline":
        continue
    mutant = outcome["scenario"]["Mutant"]
    files[mutant["file"]][outcome["summary"]] += 1
    if outcome["summary"] == MISSED:
        survivors.append(mutant["name"])
print("caught missed   hung unviable   score")
for file, counts in sorted(files.items()):
    told = counts[CAUGHT] + counts[MISSED]
    score = f"{counts[CAUGHT] / told:7.1%}" if told else "      -"
    print(f"{counts[CAUGHT]:6} {counts[MISSED]:6} {counts[HUNG]:6} {counts[UNVIABLE]:8} {score}  {file}")
print(*(f"survived: {name}" for name in survivors), sep="\n")
PYTHON
done
