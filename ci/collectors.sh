#!/usr/bin/env bash
# Proves: spans with every field set arrive unchanged over each transport and compression, at decoders
# and a collector nobody here wrote; and half a minute without that collector costs exactly the spans
# that were counted, with the spool none.
set -euo pipefail
cd "$(dirname "$0")/.."

python="$(bash tests/collectors/install.sh)"
program="$(cargo test --quiet --no-run --test collectors --features zstd,spool \
    --message-format=json | "$python" -c '
import json, sys
messages = map(json.loads, sys.stdin)
print(*(m["executable"] for m in messages if m.get("executable")))')"
start=$SECONDS
"$python" tests/collectors/matrix.py "$program"
"$python" tests/collectors/restart.py "$program"
echo "collectors: $((SECONDS - start)) s"
