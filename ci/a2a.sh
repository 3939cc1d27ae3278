#!/usr/bin/env bash
# Proves: three agents in three processes make one whole trace without a flag, and so they do when one of
# them is written with OpenTelemetry's own SDK for Python, as callee and as caller.
set -euo pipefail
cd "$(dirname "$0")/.."

# As the README says it, in a terminal of no particular width.
out="$(mktemp)"
trap 'rm -f "$out"' EXIT
env -u COLUMNS -u OTEL_EXPORTER_OTLP_ENDPOINT cargo run --quiet --release --example a2a >"$out" || { cat "$out"; exit 1; }
python3 - "$out" <<'PYTHON'
import re, sys
text = open(sys.argv[1], encoding="utf-8").read()
picture, end = text.split("\n\n")[1:]
sums = r"trace [0-9a-f]{32}: (\d+) spans of 3 processes, 1 root, 0 orphans, baggage on (\d+)\nnext "
sums = re.match(sums, end)
assert sums and len(picture.splitlines()) == int(sums[1]) == int(sums[2]), text
for process in ("planner", "librarian", "writer"):
    assert f" {process} " in picture, f"nothing of {process}:\n{text}"
wide = [line for line in picture.splitlines() if len(line) > 100]
assert not wide, wide
PYTHON
cat "$out"

program="$(cargo metadata --format-version 1 --no-deps | python3 -c \
    'import json, sys; print(json.load(sys.stdin)["target_directory"])')/release/examples/a2a"
python="$(bash tests/a2a/install.sh)"
"$python" tests/a2a/run.py "$program"
