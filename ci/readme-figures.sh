#!/usr/bin/env bash
# Proves: the README's cost table says what BENCHMARKS.md says; with --write, copies it from there.
# BENCHMARKS.md is written by `cargo run --release --manifest-path benches/compare/Cargo.toml -- --write`.
set -euo pipefail
cd "$(dirname "$0")/.."

python3 - "${1:-}" <<'PYTHON'
import re, sys

BEGIN, END = "<!-- figures: ci/readme-figures.sh --write -->", "<!-- end of figures -->"
WAYS = {
    "span": "a span: `span_sync!(\"step\")`",
    "two attributes": "a span with two attributes: `span_sync!(\"step\", step, is_early)`",
    "#[traced], two attributes": "the same through `#[traced]`",
    "function, two attributes": "the same through the function `span_sync`, whose name is a value",
    "eight attributes": "a span with eight attributes",
    "root span": "a span that begins a trace",
    "#[traced(clock = \"coarse\")]": "a function with a coarse clock, for what happens with every token",
}
page = open("BENCHMARKS.md", encoding="utf-8").read()

def measured(way):
    for line in page.splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if cells[0] == f"exo-trace: {way}":
            return cells[1:4]
    sys.exit(f"BENCHMARKS.md has no figure for: {way}")

def table():
    lines = ["| on the calling thread, one core | ns, median | p10 to p90 | × the floor |", "|---|---|---|---|"]
    for way, words in WAYS.items():
        median, spread, times = measured(way)
        lines.append(f"| {words} | {median} | {spread} | {times} |")
    return "\n".join([BEGIN, *lines, END])

readme = open("README.md", encoding="utf-8").read()
before, rest = readme.split(BEGIN)
figures, after = rest.split(END)
if sys.argv[1] == "--write":
    open("README.md", "w", encoding="utf-8").write(before + table() + after)
elif BEGIN + figures + END != table():
    sys.exit("README.md: the cost table is not that of BENCHMARKS.md, expected what `ci/readme-figures.sh --write` writes")
else:
    print(f"{len(WAYS)} figures, as in BENCHMARKS.md")
PYTHON
