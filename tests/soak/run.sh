#!/usr/bin/env bash
# Proves: for ten minutes (or as many seconds as are said), a million spans a second (or as many as are
# said next) with everything that can become of them, and a collector that dies every half minute, break
# no law, and take no more memory, descriptors or threads than in the first minute.
#
# Below two minutes there is no first minute to compare with: memory is shown, and the laws, the sums,
# descriptors and threads decide.
set -euo pipefail
cd "$(dirname "$0")/../.."

program="$(cargo test --quiet --release --no-run --test soak --message-format=json |
    sed -n 's/.*"executable":"\([^"]*\)".*/\1/p')"
exec "$program" "${@:-600}"
