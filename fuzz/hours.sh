#!/usr/bin/env bash
# Runs fuzz targets for hours in turn: fuzz/hours.sh [hours] [target…]
#
# The hours (1 unless said) are shared out among the targets (all unless named); FUZZ_RUNS=20000000 runs
# each for so many executions instead. Two processes work at a time, FUZZ_WORKERS says another number.
# Without a sanitizer, which costs two thirds of the speed: no code here is unsafe. FUZZ_SANITIZER=address
# has it. Prints executions per target and in total; a finding is kept in fuzz/artifacts, and ends with 1.
set -euo pipefail
cd "$(dirname "$0")/.."

hours="${1:-1}"
shift $(($# > 0 ? 1 : 0))
export RUSTC_BOOTSTRAP=1
sanitizer="${FUZZ_SANITIZER:-none}"
workers="${FUZZ_WORKERS:-2}"
targets=("$@")
if [ ${#targets[@]} -eq 0 ]; then mapfile -t targets < <(cargo fuzz list); fi
seconds="$(awk -v hours="$hours" -v count="${#targets[@]}" 'BEGIN { print int(hours * 3600 / count) }')"

total=0
findings=0
cargo fuzz build --sanitizer "$sanitizer" >&2
for target in "${targets[@]}"; do
    mkdir -p "fuzz/corpus/$target"
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
        cargo fuzz run --sanitizer "$sanitizer" "$target" "${kept[@]}" -- \
            "${bound[@]}" -max_len=4096 -reload=10 -print_final_stats=1 >"$logs/$worker" 2>&1 &
        processes+=($!)
    done
    state=sound
    for process in "${processes[@]}"; do
        if ! wait "$process"; then state=FOUND; fi
    done
    runs="$(cat "$logs"/* | awk '/^stat::number_of_executed_units:/ { sum += $2 } END { print sum + 0 }')"
    rate="$(cat "$logs"/* | awk '/^stat::average_exec_per_sec:/ { sum += $2 } END { print sum + 0 }')"
    total=$((total + runs))
    printf '%-16s %12d executions %8d/s  %s\n' "$target" "$runs" "$rate" "$state"
    if [ "$state" = FOUND ]; then
        findings=$((findings + 1))
        grep -hE 'panicked at|SUMMARY|Test unit written|deadly signal' -A 2 "$logs"/* >&2 || true
    fi
    rm -rf "$logs"
done
printf '%-16s %12d executions, %d findings\n' total "$total" "$findings"
[ "$findings" -eq 0 ]
