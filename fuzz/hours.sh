#!/usr/bin/env bash
# Runs fuzz targets for hours in turn: fuzz/hours.sh [hours] [target…]
#
# The hours (1 unless said) are shared out among the targets (all unless named); FUZZ_RUNS=20000000 runs
# each for so many executions instead. Two processes work at a time, FUZZ_WORKERS says another number.
# Without a sanitizer, which costs two thirds of the speed: no code here is unsafe. FUZZ_SANITIZER=address
# has it. Nor with traced comparisons, which take two thirds of what is left, or with the schedule by
# entropy, a third of the time of a quick target; ci/fuzz.sh has all three. Inputs are short, for time grows
# with them and what they can say hardly does. Prints executions per target, here and in all runs so far,
# which fuzz/executions.tsv adds up; a run that is interrupted counts as well. A finding is kept in
# fuzz/artifacts, and ends with 1.
set -euo pipefail
cd "$(dirname "$0")/.."

hours="${1:-1}"
shift $(($# > 0 ? 1 : 0))
export RUSTC_BOOTSTRAP=1
sanitizer="${FUZZ_SANITIZER:-none}"
workers="${FUZZ_WORKERS:-2}"
ledger=fuzz/executions.tsv
targets=("$@")
if [ ${#targets[@]} -eq 0 ]; then mapfile -t targets < <(cargo fuzz list); fi
seconds="$(awk -v hours="$hours" -v count="${#targets[@]}" 'BEGIN { print int(hours * 3600 / count) }')"

# Rings of half a megabyte come and go with every input: their pages stay, which is a third of the speed.
export MALLOC_TRIM_THRESHOLD_=$((1 << 30)) MALLOC_MMAP_THRESHOLD_=$((1 << 30))

cargo fuzz build --sanitizer "$sanitizer" --no-trace-compares >&2
# What was built is what runs for hours, whatever is edited meanwhile.
built="$(mktemp -d)"
trap 'rm -rf "$built"' EXIT
host="$(rustc -vV | sed -n 's/^host: //p')"
for target in "${targets[@]}"; do
    cp "${CARGO_TARGET_DIR:-fuzz/target}/$host/release/$target" "$built/"
done

# Says how long an input may be: headers are short, scripts a little longer.
length_max() {
    case "$1" in
        b3 | baggage | trace_context) echo "${FUZZ_LENGTH_MAX:-64}" ;;
        ring | assembler | otlp_encode) echo "${FUZZ_LENGTH_MAX:-256}" ;;
        *) echo "${FUZZ_LENGTH_MAX:-128}" ;;
    esac
}

# Adds executions and findings of a target to the ledger, and prints its executions in all runs.
add_up() {
    local day
    day="$(date -u +%F)"
    if [ ! -s "$ledger" ]; then printf 'target\texecutions\tlast run\tfindings\n' >"$ledger"; fi
    awk -F '\t' -v OFS='\t' -v target="$1" -v runs="$2" -v found="$3" -v day="$day" '
        $1 == target { $2 = sprintf("%.0f", $2 + runs); $3 = day; $4 += found; is_known = 1 }
        { print }
        END { if (!is_known) print target, runs, day, found }' "$ledger" >"$built/ledger"
    cp "$built/ledger" "$ledger"
    awk -F '\t' -v target="$1" '$1 == target { print $2 }' "$ledger"
}

# A fuzzer that is asked to end says what it did.
processes=()
is_stopped=no
stop() {
    is_stopped=yes
    kill -TERM "${processes[@]}" 2>/dev/null || true
}
trap stop INT TERM

total=0
findings=0
for target in "${targets[@]}"; do
    mkdir -p "fuzz/corpus/$target" "fuzz/artifacts/$target"
    kept=("fuzz/corpus/$target")
    for known in "fuzz/found/$target" "fuzz/seeds/$target"; do
        if [ -d "$known" ]; then kept+=("$known"); fi
    done
    logs="$(mktemp -d)"
    # Each its own process: they find what the others found in the corpus.
    processes=()
    for ((worker = 0; worker < workers; worker++)); do
        bound=(-max_total_time="$seconds")
        if [ -n "${FUZZ_RUNS:-}" ]; then bound=(-runs=$((FUZZ_RUNS / workers))); fi
        "$built/$target" "${kept[@]}" "${bound[@]}" -max_len="$(length_max "$target")" -reload=10 \
            -entropic=0 -print_final_stats=1 -artifact_prefix="fuzz/artifacts/$target/" >"$logs/$worker" 2>&1 &
        processes+=($!)
    done
    state=sound
    for process in "${processes[@]}"; do
        code=0
        wait "$process" || code=$?
        # A signal ends the wait, and not yet the process.
        if [ "$is_stopped" = yes ]; then code=0 && wait "$process" || code=$?; fi
        # 72 is how a fuzzer ends that was asked to.
        if [ "$code" -ne 0 ] && [ "$code" -ne 72 ]; then state=FOUND; fi
    done
    runs="$(cat "$logs"/* | awk '/^stat::number_of_executed_units:/ { sum += $2 } END { printf "%.0f", sum }')"
    rate="$(cat "$logs"/* | awk '/^stat::average_exec_per_sec:/ { sum += $2 } END { print sum + 0 }')"
    total=$((total + runs))
    found="$([ "$state" = FOUND ] && echo 1 || echo 0)"
    findings=$((findings + found))
    in_total="$(add_up "$target" "$runs" "$found")"
    printf '%-16s %12d executions %8d/s %14d in total  %s\n' "$target" "$runs" "$rate" "$in_total" "$state"
    if [ "$state" = FOUND ]; then
        grep -hE 'panicked at|SUMMARY|Test unit written|deadly signal' -A 2 "$logs"/* >&2 || true
    fi
    rm -rf "$logs"
    if [ "$is_stopped" = yes ]; then break; fi
done
printf '%-16s %12d executions, %d findings\n' total "$total" "$findings"
[ "$findings" -eq 0 ]
