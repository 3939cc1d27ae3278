#!/usr/bin/env bash
# Measures which lines the workspace's tests run: a table of crates, and every file below four fifths.
#
# Not a gate: it builds everything anew (a quarter of an hour and 6 GB on two cores), and a share of lines is where to
# look, never a goal. Examples in documentation are not counted; what macros expand to belongs to whoever wrote them.
set -euo pipefail
cd "$(dirname "$0")/.."

# The reader has to be of the compiler's own LLVM. Rustup's component is the same program.
llvm="$(rustc --version --verbose | sed -n 's/^LLVM version: \([0-9]*\).*/\1/p')"
if ! command -v "llvm-cov-$llvm" >/dev/null; then
    apt-get update --quiet >/dev/null
    apt-get install --yes --quiet "llvm-$llvm" >/dev/null
fi
LLVM_COV="$(command -v "llvm-cov-$llvm")"
LLVM_PROFDATA="$(command -v "llvm-profdata-$llvm")"
export LLVM_COV LLVM_PROFDATA
if ! cargo llvm-cov --version >/dev/null 2>&1; then
    cargo install --quiet --locked cargo-llvm-cov
fi

# A test that fails is another gate's business, and the lines that it ran were run; this says so and goes on.
failed=""
cargo llvm-cov --no-report --workspace --no-fail-fast || failed="some tests failed, see above"
report="$(mktemp)"
trap 'rm -f "$report"' EXIT
cargo llvm-cov report --workspace --json --output-path "$report"

python3 - "$report" <<'PYTHON'
import json, os, sys

CRATES = ("exo-trace-core", "exo-trace-std/macros", "exo-trace-std", "exo-trace-export", "exo-trace-replay")
LOW = 0.8
root = os.getcwd() + "/"
files = [
    (entry["filename"].removeprefix(root), entry["summary"]["lines"])
    for entry in json.load(open(sys.argv[1], encoding="utf-8"))["data"][0]["files"]
]

def share(counted):
    return sum(lines["covered"] for _, lines in counted), sum(lines["count"] for _, lines in counted)

low = []
print("crate                   lines    run   share")
for crate in CRATES:
    of_crate = [(name, lines) for name, lines in files if name.startswith(crate + "/src/")]
    run, lines = share(of_crate)
    print(f"{crate:22} {lines:6} {run:6} {run / max(lines, 1):6.1%}")
    low += [file for file in of_crate if file[1]["covered"] < LOW * file[1]["count"]]
print(f"\nbelow {LOW:.0%}:")
for name, lines in sorted(low, key=lambda file: file[1]["covered"] - file[1]["count"]):
    print(f"  {lines['covered']:4} of {lines['count']:4}  {name}")
PYTHON
echo "$failed"
