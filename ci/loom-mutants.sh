#!/usr/bin/env bash
# Proves: the Loom models can fail. Each weakened ring below must be caught by one of them.
set -euo pipefail
cd "$(dirname "$0")/.."

target="$(realpath -m "${CARGO_TARGET_DIR:-target}")"
copy="$target/loom-mutants"
ring="$copy/exo-trace-core/src/ring.rs"
export RUSTFLAGS="--cfg exo_loom -C debug-assertions" CARGO_TARGET_DIR="$target/loom"

rm -rf "$copy"
mkdir -p "$copy"
cp -rL exo-trace-core "$copy/"
{
    printf '[workspace]\nmembers = ["exo-trace-core"]\nresolver = "3"\n\n'
    awk '/^\[/ { keep = /^\[workspace\.(package|dependencies|lints)/ } keep && !/path *=/' Cargo.toml
} >"$copy/Cargo.toml"
if [[ -f Cargo.lock ]]; then cp Cargo.lock "$copy/"; fi

models() {
    (cd "$copy" && timeout 300 cargo test --quiet --release --test loom_ring "$@" >"$copy/log" 2>&1)
}

# mutate NAME SED: puts a mutant in the ring's place and runs the models; their answer is the status.
mutate() {
    sed -E "$2" exo-trace-core/src/ring.rs >"$ring"
    if cmp -s exo-trace-core/src/ring.rs "$ring"; then
        echo "$1: the line to change is not in ring.rs any more" >&2
        exit 1
    fi
    if ! models --no-run; then
        echo "$1: the mutant does not compile" >&2
        tail -n 20 "$copy/log" >&2
        exit 1
    fi
    models
}

caught() {
    if mutate "$@"; then
        echo "$1: NOT caught" >&2
        exit 1
    fi
    echo "caught: $1"
}

# Weak orders that only load buffering would show, which Loom does not model (tests/loom_ring.rs).
unseen() {
    if ! mutate "$@"; then
        echo "$1: Loom sees it now; say so in tests/loom_ring.rs and call it caught" >&2
        exit 1
    fi
    echo "unseen: $1"
}

first_slot='let (at, all) = (self.written.get(), self.ring.slots.as_ref()); \
    if let Some(slot) = all.get(at \& (all.len() - 1)) { store(slot, 7); }'

caught "written is published relaxed" \
    's/(writer\.written\.store\(written, )Release/\1Relaxed/'
caught "written is loaded relaxed" \
    's/(self\.ring\.writer\.written\.load\()Acquire/\1Relaxed/'
caught "slots are given back before they are read" \
    's/^( *)let written = self\.written\(\);/&\n\1self.ring.reader.read.store(written, Release);/'
caught "slots are written before the reader is asked" \
    "s/^( *)if !self\.is_within\(words\)/\1$first_slot\n&/"
caught "one record more than fits is accepted" \
    's/if used \+ words > capacity \{/if used + words > capacity + 4 {/'
caught "nobody is woken at half" \
    's/\(self\.on_half\)\(\)/()/'
caught "only the first crossing wakes" \
    's/(woken_at\.replace\(Some\(read\)\)) != Some\(read\)/\1.is_none()/'
caught "a refusal wakes nobody" \
    's/if is_past_half && self\.woken_at/if is_past_half \&\& used + words <= capacity \&\& self.woken_at/'
caught "padding is taken for a record" \
    's/let is_record = .*/let is_record = true;/'
unseen "read is published relaxed" \
    's/(reader\.read\.store\(self\.read, )Release/\1Relaxed/'
unseen "read is loaded relaxed by the writer" \
    's/(self\.ring\.reader\.read\.load\()Acquire/\1Relaxed/'
