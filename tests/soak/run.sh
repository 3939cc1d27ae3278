#!/usr/bin/env bash
# Proves: for ten minutes (or as many seconds as are said), a million spans a second with everything
# that can become of them, and a collector that dies every half minute, break no law, and take no more
# memory, descriptors or threads than in the first minute.
set -euo pipefail
cd "$(dirname "$0")/../.."

program="$(cargo test --quiet --release --no-run --test soak --message-format=json |
    sed -n 's/.*"executable":"\([^"]*\)".*/\1/p')"
exec "$program" "${@:-600}"
