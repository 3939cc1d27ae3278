#!/usr/bin/env bash
# Proves: what would be published is whole: a licence, a page, every file that the crate is built from, and nothing big.
set -euo pipefail
cd "$(dirname "$0")/.."

# A crate is source; a megabyte of anything else is an accident.
bytes_max=1000000
packages="${CARGO_TARGET_DIR:-target}/package"
crates=(exo-trace-core exo-trace-macros exo-trace-std exo-trace-export exo-trace-replay exo-trace)

work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
rm -f "$packages"/*.crate
# All at once, for they need each other and none is on crates.io yet. The tree may have changes, as it has in every run
# before a commit.
if ! cargo package --quiet --locked --allow-dirty --no-verify "${crates[@]/#/--package=}" 2>"$work/log"; then
    cat "$work/log" >&2
    exit 1
fi
for crate in "${crates[@]}"; do
    packed=("$packages/$crate"-[0-9]*.crate)
    tar xzf "${packed[0]}" -C "$work"
    held="$(tar tzf "${packed[0]}")"
    for file in LICENSE-APACHE LICENSE-MIT README.md Cargo.toml; do
        if ! grep -q "^[^/]*/$file\$" <<<"$held"; then
            echo "$crate: no $file" >&2
            exit 1
        fi
    done
    bytes="$(stat -c %s "${packed[0]}")"
    if ((bytes > bytes_max)); then
        echo "$crate: $bytes bytes, expected at most $bytes_max" >&2
        exit 1
    fi
    echo "whole: $crate, $(wc -l <<<"$held") files, $((bytes / 1000)) kB"
done

# Built from what was packed, and nothing that lies beside it; each finds the others as if they were published.
{
    printf '[workspace]\nmembers = ["exo-trace*"]\nresolver = "3"\n\n[patch.crates-io]\n'
    for crate in "${crates[@]}"; do
        printf '%s = { path = "%s" }\n' "$crate" "$(basename "$work/$crate"-[0-9]*)"
    done
} >"$work/Cargo.toml"
cp Cargo.lock "$work/"
target="$(realpath -m "${CARGO_TARGET_DIR:-target}")"
(cd "$work" && CARGO_TARGET_DIR="$target" cargo check --quiet --workspace --lib --bins)
echo "whole: all six build from what is in them"
