#!/usr/bin/env bash
# Proves: the README's cost table has a row for every way the bench measures; with --write, measures
# them and writes the table and its footnote.
set -euo pipefail
cd "$(dirname "$0")/.."

python3 - "${1:-}" <<'PYTHON'
import datetime, re, subprocess, sys

BEGIN, END = "<!-- figures: ci/readme-figures.sh --write -->", "<!-- end of figures -->"
WAYS = {
    "floor: two raw clock reads, 64 bytes stored": "the floor: two clock reads and 64 bytes stored",
    "span_sync!(name)": "a span: `span_sync!(\"step\")`",
    "span_sync!(name, two attributes)": "a span with two attributes: `span_sync!(\"step\", step, is_early)`",
    "#[traced] with two attributes": "the same through `#[traced]`",
    "span_sync(name, two attributes)": "the same through the function `span_sync`, whose name is a value",
}

def run(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout

def measured():
    built = subprocess.run(
        ["cargo", "bench", "--bench", "span_start_end", "--no-run"], check=True, capture_output=True, text=True
    ).stderr
    bench = re.search(r"\((.*span_start_end-[0-9a-f]+)\)", built)[1]
    text = run("taskset", "-c", "1", bench, "--bench")
    assert "; 0 records refused" in text, text
    rows = {}
    for line in text.splitlines():
        name, rest = line[:44].strip(), line[44:].split()
        if name in WAYS:
            rows[name] = (rest[0], rest[1], rest[2], rest[3])
    return rows

def table(rows):
    lines = ["| on the calling thread, one core | ns, median | p10 to p90 | × the floor |", "|---|---|---|---|"]
    for way, words in WAYS.items():
        low, median, high, times = rows[way]
        lines.append(f"| {words} | {float(median):.1f} | {float(low):.1f}–{float(high):.1f} | {float(times):.2f} |")
    model = re.search(r"model name\s*:\s*(.*)", open("/proc/cpuinfo").read())[1]
    commit = run("git", "rev-parse", "--short", "HEAD").strip()
    note = (
        f"[^measured]: {model}, virtual machine, the processor's counter (TSC) through `quanta`; "
        f"`taskset -c 1 cargo bench --bench span_start_end`, 600 interleaved bursts of 1,000 spans, none refused; "
        f"commit {commit}, {datetime.date.today().isoformat()}."
    )
    return "\n".join([BEGIN, *lines, "", note, END])

readme = open("README.md", encoding="utf-8").read()
before, rest = readme.split(BEGIN)
figures, after = rest.split(END)
if sys.argv[1] == "--write":
    open("README.md", "w", encoding="utf-8").write(before + table(measured()) + after)
else:
    missing = [words for words in WAYS.values() if words not in figures]
    assert not missing, f"README.md has no figure for: {missing}"
    assert "‹measured›" not in readme
    print(f"{len(WAYS)} figures, {re.search(r'commit .*[.]', figures)[0]}")
PYTHON
