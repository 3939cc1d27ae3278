#!/usr/bin/env bash
# Proves: the Loom models can fail. Each weakened file below must be caught by one of them.
set -euo pipefail
cd "$(dirname "$0")/../.."

target="$(realpath -m "${CARGO_TARGET_DIR:-target}")"
copy="$target/loom-mutants"
export RUSTFLAGS="--cfg exo_loom -C debug-assertions" CARGO_TARGET_DIR="$target/loom"
# As in ci/loom.sh: what is explored is Loom's own code, the models' is built in seconds.
export CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16 CARGO_PROFILE_RELEASE_OPT_LEVEL=1

rm -rf "$copy"
mkdir -p "$copy/exo-trace-std" "$copy/exo-trace-export" "$copy/tests"
cp -rL exo-trace-core "$copy/"
cp -rL exo-trace-std/src "$copy/exo-trace-std/"
cp -rL exo-trace-export/src "$copy/exo-trace-export/"
cp -rL tests/loom "$copy/tests/"
{
    printf '[workspace]\nmembers = ["exo-trace-core", "tests/loom"]\nresolver = "3"\n\n'
    awk '/^\[/ { keep = /^\[workspace\.(package|dependencies|lints)/ }
        keep && (!/path *=/ || /^exo-trace-core /)' Cargo.toml
} >"$copy/Cargo.toml"
if [[ -f Cargo.lock ]]; then cp Cargo.lock "$copy/"; fi

# models SECONDS WHICH …: compiles the models of a ring (ring, compact), or those of `tests/loom` whose names begin so,
# and runs them; `log` is what they say.
models() {
    local seconds="$1" target=(--test models) filter=("$2::")
    local dependencies='profile.release.package."*".opt-level=3'
    if [[ "$2" == ring || "$2" == compact ]]; then
        target=(--test "$2")
        filter=()
    fi
    shift 2
    (cd "$copy" && timeout "$seconds" cargo test --quiet --release --config "$dependencies" -p exo-trace-loom \
        "${target[@]}" "$@" -- "${filter[@]}" >"$copy/log" 2>&1)
}

# The first build is of Loom too. A model that fails says so in seconds; one that does not takes as long as
# in ci/loom.sh.
build_seconds_max=600
run_seconds_max=120
wrong=0

# mutate FILE WHICH NAME SED: puts a mutant in the file's place, compiles the models and runs them;
# `answer` is what they say.
mutate() {
    local file="$1" which="$2" status=0
    sed -E "$4" "$file" >"$copy/$file"
    if cmp -s "$file" "$copy/$file"; then
        answer="the line to change is not in $file any more"
        return
    fi
    models "$build_seconds_max" "$which" --no-run || status=$?
    case "$status" in
        0) answer="" ;;
        124) answer="not built in $build_seconds_max s" ;;
        *) answer="does not compile: $(tail -n 20 "$copy/log")" ;;
    esac
    if [[ -z "$answer" ]]; then
        models "$run_seconds_max" "$which" || status=$?
        case "$status" in
            0) answer=unseen ;;
            101) answer=caught ;;
            124) answer="not explored in $run_seconds_max s" ;;
            *) answer="ended with status $status" ;;
        esac
    fi
    cp "$file" "$copy/$file"
}

# expect ANSWER FILE WHICH NAME SED: runs a mutant, and says what came of it.
expect() {
    local expected="$1"
    shift
    mutate "$@"
    if [[ "$answer" == "$expected" ]]; then
        echo "$answer: $3"
    else
        echo "WRONG: $3: $answer, expected: $expected" >&2
        wrong=$((wrong + 1))
    fi
}

caught() { expect caught "$@"; }

# Weak orders of which Loom cannot see the harm; why there is none is said beside the line, or in the model.
unseen() { expect unseen "$@"; }

ring=exo-trace-core/src/ring.rs
reader=exo-trace-core/src/reader.rs
first_slot='let (at, all) = (self.written.get(), self.ring.slots.as_ref()); \
    if let Some(slot) = all.get(at \& (all.len() - 1)) { slot.store(A::padding(7)); }'

caught $ring ring "written is published relaxed" \
    's/(writer\.written\.store\(written, )Release/\1Relaxed/'
caught $ring ring "padding before a refusal is published relaxed" \
    's/(writer\.written\.store\(self\.written\.get\(\), )Release/\1Relaxed/'
caught $reader ring "written is loaded relaxed" \
    's/(self\.ring\.writer\.written\.load\()Acquire/\1Relaxed/'
caught $reader ring "slots are given back before they are read" \
    's/^( *)let written = self\.written\(\);/&\n\1self.ring.reader.read.store(written, Release);/'
caught $ring ring "slots are written before the reader is asked" \
    "s/^( *)self\.limit\.get\(\)\.wrapping_sub\(self\.written\.get\(\)\) >= words/\1$first_slot\n&/"
caught $ring ring "one record more than fits is accepted" \
    's/if used \+ words > capacity \{/if used + words > capacity + 4 {/'
caught $ring ring "nobody is woken at half" \
    's/\(self\.on_half\)\(\)/()/'
caught $ring ring "only the first crossing wakes" \
    's/(woken_at\.replace\(read\)) != read/\1 == usize::MAX/'
caught $ring ring "a refusal wakes nobody" \
    's/if is_past_half && self\.woken_at/if is_past_half \&\& used + words <= capacity \&\& self.woken_at/'
caught $reader ring "padding is taken for a record" \
    's/let is_record = .*/let is_record = true;/'
caught $ring ring "a closed writer goes on" \
    's/if self\.is_closed\.get\(\) \{/if false {/'
caught $ring ring "the next writer begins at the first slot" \
    's/let written = self\.writer\.written\.load\(Acquire\);/let written = 0;/'
caught $ring ring "the next writer counts anew" \
    's/recorded: Cell::new\(self.*/recorded: Cell::new(0),/'
unseen $reader ring "read is published relaxed" \
    's/(reader\.read\.store\(read, )Release/\1Relaxed/'
unseen $ring ring "read is loaded relaxed by the writer" \
    's/(self\.ring\.reader\.read\.load\()Acquire/\1Relaxed/'
unseen exo-trace-core/src/sync.rs ring "the next reader loads read relaxed" \
    's/fetch_add\(0, Acquire\)/fetch_add(0, Relaxed)/'
unseen $ring ring "the next writer loads written relaxed" \
    's/let written = self\.writer\.written\.load\(Acquire\);/let written = self.writer.written.load(Relaxed);/'

recorder=exo-trace-core/src/compact/recorder.rs
caught $ring compact "a board publishes written relaxed" \
    's/(writer\.written\.store\(written, )Release/\1Relaxed/'
caught $ring compact "a board publishes padding before a refusal relaxed" \
    's/(writer\.written\.store\(self\.written\.get\(\), )Release/\1Relaxed/'
caught $reader compact "written is loaded relaxed from a board" \
    's/(self\.ring\.writer\.written\.load\()Acquire/\1Relaxed/'
caught $ring compact "a board does not count what it refuses" \
    's/return self\.refuse\(\)\.is_ok\(\);/return false;/'
caught $recorder compact "the room that is known outlives a refusal" \
    's/^( *)(self\.room\.set\(self\.writer\.room\(\)\);)/\1if self.writer.is_within(words) { \2 }/'
caught $recorder compact "room that is taken stays known" \
    's/self\.room\.set\(rest\);/let _ = rest;/'
caught $recorder compact "a span is published before it is written" \
    's/self\.writer\.publish_uncounted\(span\.words\(\)\);/span.write(end.ticks, slots);/; t; s/span\.write\(end\.ticks, slots\);/self.writer.publish_uncounted(span.words());/'
caught $recorder compact "other words are published before they are written" \
    's/self\.writer\.publish_uncounted\(words\);/write(slots);/; t; s/^( *)write\(slots\);/\1self.writer.publish_uncounted(words);/'

lane=exo-trace-std/src/lane/mod.rs
relaxed='crate::sync::Relaxed'
caught $lane lane_changes_hands "a thread retires relaxed" \
    "s/(state\.store\(RETIRED, )Release/\1$relaxed/"
caught $lane lane_changes_hands "the mark is loaded relaxed" \
    "s/state\.load\(Acquire\)/state.load($relaxed)/"
caught $lane lane_changes_hands "a lane is freed relaxed" \
    "s/(state\.store\(FREE, )Release/\1$relaxed/"
caught $lane lane_changes_hands "a lane is claimed relaxed" \
    "s/(exchange\(FREE, CLAIMED \| process, )Acquire, Acquire/\1$relaxed, $relaxed/"
caught $lane lane_changes_hands "a lane is claimed in two steps" \
    's/self\.state\.compare_exchange\(.*/self.state.load(Acquire) == FREE \&\& { self.state.store(CLAIMED | process, Release); true }/'
caught $lane lane_changes_hands "the mark is looked at after the ring was read" \
    's/let is_retired = self\.is_retired\(\);//; s/if is_retired \{/if self.is_retired() {/'
caught $lane lane_changes_hands "a lane is freed before it is read" \
    's/^( *)let is_retired = self\.is_retired\(\);/&\n\1if is_retired { self.free(); }/'
caught $lane lane_changes_hands "a lane is freed whoever has it" \
    's/let is_retired = self\.is_retired\(\);/let is_retired = true;/'

bell=exo-trace-std/src/registry/bell.rs
caught $bell wake_of_a_sleeping_drain "the bell wakes nobody" \
    's/thread\.unpark\(\);/let _ = thread;/'
caught $bell wake_of_a_sleeping_drain "the drain is woken before it is told of" \
    's/let woken = thread\.clone\(\);/&\n        woken.iter().for_each(Thread::unpark);/; s/^( *)woken\.iter\(\)\.for_each\(Thread::unpark\);$/\1drop(woken);/' 
caught $bell wake_of_a_sleeping_drain "who rang too early is forgotten" \
    's/woken\.iter\(\)\.for_each\(Thread::unpark\);/drop(woken);/'

caught exo-trace-core/src/number.rs interned_once "a number is remembered relaxed" \
    "s/number\.get\(\)\), Release/number.get()), $relaxed/"
caught tests/loom/sync.rs interned_once "a number is loaded relaxed" \
    's/Ordering::Acquire as HandedOn/Ordering::Relaxed as HandedOn/'
caught exo-trace-core/src/intern.rs interned_once "who loses a slot takes it for its own" \
    's/slot\.set\(entry\)\.is_ok\(\) \|\| slot\.get.*/{ let _ = slot.set(entry); true })/'
caught exo-trace-core/src/intern.rs interned_once "who loses a slot does not look who won" \
    's/slot\.set\(entry\)\.is_ok\(\) \|\| slot\.get.*/slot.set(entry).is_ok())/'
caught tests/loom/sync.rs interned_once "a slot of once_cell is written relaxed" \
    's/Ordering::AcqRel/Ordering::Relaxed/'
caught tests/loom/sync.rs interned_once "a slot of once_cell is loaded relaxed" \
    's/self\.place\(\)\.load\(Acquire\)/self.place().load(Relaxed)/'

held=exo-trace-export/src/held.rs
caught $held facts_of_other_lanes_join "a span is due in the pass that read it" \
    's/self\.read_now\.push/self.read_before.push/'
caught $held facts_of_other_lanes_join "a held span is forgotten" \
    's/self\.read_before = std::mem::take\(&mut self\.read_now\)/self.read_now.clear()/'
caught $lane facts_of_other_lanes_join "a visit reads nothing" \
    's/!reader\.has_reached\(end\) && read/reader.has_reached(end) \&\& read/'

caught $held flush_delivers_what_was_before "a held span is never delivered" \
    's/self\.read_before = std::mem::take\(&mut self\.read_now\)/self.read_now.clear()/'
caught exo-trace-export/src/commands.rs flush_delivers_what_was_before "a command is dropped" \
    's/waiting\.push\(command\);/let _ = (waiting, command);/'

reading=exo-trace-export/src/reading.rs
caught $reading one_drain_reads "nobody waits for the drain before" \
    's/\|is_taken\| \*is_taken/|_| false/'
caught $reading one_drain_reads "nobody is told that it is free" \
    's/self\.right\.free\.notify_all\(\);//'
caught $reading one_drain_reads "the right is never given back" \
    's/\*self\.right\.lock\(\) = false;//'

contents=exo-trace-std/src/content/queue
caught $contents/mod.rs contents_come_before_their_span "the bytes are forgotten after the list" \
    's/let mut waiting = self\.lock\(\);/let taken = std::mem::take(\&mut *self.lock());/; s/std::mem::take\(&mut \*waiting\)$/taken/'
caught $contents/push.rs contents_come_before_their_span "the bytes of a content are not said" \
    's/self\.bytes\.store\(after, Relaxed\);//'

if ((wrong > 0)); then
    echo "$wrong mutants are not what is said of them" >&2
    exit 1
fi
