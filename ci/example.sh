#!/usr/bin/env bash
# Proves: the README's first command runs an agent and prints its tree, in 100 and 80 columns with every
# cost, and its sums are those of the spans.
set -euo pipefail
cd "$(dirname "$0")/.."

cargo build --quiet --release --example research_agent
agent="$(cargo metadata --format-version 1 --no-deps | python3 -c \
    'import json, sys; print(json.load(sys.stdin)["target_directory"])')/release/examples/research_agent"
for columns in 100 80; do
    COLUMNS=$columns NO_COLOR=1 "$agent" >"$columns.out" || { cat "$columns.out"; exit 1; }
    trap 'rm -f 100.out 80.out' EXIT
    python3 - "$columns" <<'PYTHON'
import re, sys, unicodedata
columns = int(sys.argv[1])
text = open(f"{columns}.out", encoding="utf-8").read()
tree = text[text.index("\ntrace "):]
for wanted in ("invoke_agent", "chat", "execute_tool", "✗", "⊘", "+ 0 lost"):
    assert wanted in tree, f"{wanted!r} is not in the tree:\n{text}"
for line in tree[: tree.index("\ntime ")].splitlines():
    cells = sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in line)
    assert cells <= columns, f"{cells} cells: {line}"
rows = [line for line in tree.splitlines() if " → " in line]
used = [tuple(int(n.replace(",", "")) for n in re.search(r"([\d,]+) → ([\d,]+)", row).groups()) for row in rows]
root, *chats = used
for row in rows:
    assert re.search(r"\$\d+\.\d+$", row), f"what it cost is not whole: {row}"
assert len(chats) == 3 and root == tuple(map(sum, zip(*chats))), f"{chats} are not {root}:\n{text}"
def ms(row):
    number, unit = re.search(r"([\d.,]+) (ms|s) ", row).groups()
    return float(number.replace(",", "")) * (1000 if unit == "s" else 1)
total, *calls = map(ms, rows)
shown = float(re.search(r"^time +model (\d+) %", tree, re.M)[1])
share = 100 * sum(calls) / total
assert abs(shown - share) < 2, f"model {shown} %, and by the spans {share:.1f} %:\n{text}"
assert "prices: examples/prices.toml (invented)" in tree, f"nothing says whose prices:\n{text}"
print(f"{columns} columns: {len(tree.splitlines())} lines below the answer")
PYTHON
done
cat 100.out
