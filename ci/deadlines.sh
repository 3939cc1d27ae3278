#!/usr/bin/env bash
# Proves: in the fault stories that say how long they took the first span gets where it goes in time, and no
# shutdown outlasts its deadline by more than a busy machine's margin. Prints the worst of both. A minute
# after the build of `cargo test`.
set -euo pipefail
cd "$(dirname "$0")/.."

# What a busy machine may add: a thread that is due and gets no turn.
margin_seconds="${EXO_TRACE_MARGIN_SECONDS:-2}"
# From `init`: it reads the clocks, the drain looks once a second at least, a batch waits a second, and
# a busy machine its turn.
first_seconds=5
stories=(a_hundred_million_spans broken_destinations deep_recursion forked_anytime garbage_destinations
    hostile_end hostile_sizes open_for_hours otlp_endings otlp_faults otlp_shutdown sudden_ends
    two_thousand_threads)
packages=(--package=exo-trace --package=exo-trace-export)

cargo test --quiet --no-run "${packages[@]}" "${stories[@]/#/--test=}"
for story in "${stories[@]}"; do
    # One story of a process at a time: what is measured is the tracer, not how many stories there are.
    if ! said=$(cargo test --quiet "${packages[@]}" "--test=$story" -- --nocapture --test-threads=1 2>&1); then
        tail -n 50 <<<"$said"
        exit 1
    fi
    grep -o 'deadlines: .*' <<<"$said"
done | awk -v margin="$margin_seconds" -v first_max="$first_seconds" '
    {
        story = $0
        sub(/^deadlines: /, "", story)
        sub(/ first=.*/, "", story)
        first = shutdown = deadline = 0
        for (field = 1; field <= NF; field++) {
            if ($field ~ /^first=[0-9]/) { first = substr($field, 7) + 0 }
            if ($field ~ /^shutdown=/) { shutdown = substr($field, 10) + 0; deadline = $(field + 2) + 0 }
        }
        runs++
        if (first > worst_first) { worst_first = first; first_in = story }
        if (shutdown - deadline > worst_over || runs == 1) {
            worst_over = shutdown - deadline; over_in = story; over = shutdown; of = deadline
        }
        if (shutdown > worst_shutdown) {
            worst_shutdown = shutdown; shutdown_in = story; shutdown_of = deadline
        }
        if (shutdown > deadline + margin || first > first_max) { print "too late: " $0; late++ }
    }
    END {
        if (runs == 0) { print "no story says how long it took"; exit 1 }
        printf "%d runs\n", runs
        printf "worst init to first span: %.3f s in %s (of %d s)\n", worst_first, first_in, first_max
        printf "worst shutdown: %.3f s in %s (deadline %.3f s)\n", worst_shutdown, shutdown_in, shutdown_of
        printf "nearest to its deadline: %.3f s of %.3f s in %s\n", over, of, over_in
        exit late > 0
    }'
