#!/usr/bin/env bash
# Proves: no way to trace takes more instructions than ci/instructions.txt says, nor much fewer; with
# --write, counts and writes them there; with --profile WAY, shows which functions they are in.
#
# Times of a machine that does other things say nothing about a few nanoseconds; counts do, and two
# machines with one compiler count alike.
set -euo pipefail
cd "$(dirname "$0")/.."

if ! command -v valgrind >/dev/null; then
    apt-get update --quiet >/dev/null
    apt-get install --yes --quiet valgrind >/dev/null
fi

# As `cargo bench` builds, but for what debuggers want.
export CARGO_PROFILE_BENCH_DEBUG=false
cargo build --quiet --profile bench -p exo-trace-ways --example instructions
program="$(cargo metadata --format-version 1 --no-deps | python3 -c \
    'import json, sys; print(json.load(sys.stdin)["target_directory"])')/release/examples/instructions"

python3 - "$program" "$@" <<'PYTHON'
import pathlib, re, subprocess, sys, tempfile

COMMITTED = pathlib.Path("ci/instructions.txt")
program, *arguments = sys.argv[1:]

def run(*command):
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, f"{command}: {done.stdout}{done.stderr}"
    return done

def counted(way, out="/dev/null"):
    """Returns the instructions of all calls."""
    callgrind = ["valgrind", "--tool=callgrind", f"--callgrind-out-file={out}", "--collect-atstart=no"]
    # Which variants of `memcpy` and its like the C library takes depends on the processor, unless told.
    plain = "GLIBC_TUNABLES=glibc.cpu.hwcaps=-AVX512VL,-AVX2,-AVX_Fast_Unaligned_Load,-ERMS,-FSRM"
    said = run("env", plain, *callgrind, "--toggle-collect=instructions::counted*", program, way).stderr
    return int(re.search(r"Collected : (\d+)", said)[1])

def margin(was):
    return max(3, was * 0.02)

first, *ways = run(program).stdout.split()
times = int(first)
if arguments[:1] == ["--profile"]:
    with tempfile.NamedTemporaryFile() as out:
        counted(arguments[1], out.name)
        print(f"of {times} calls:\n" + run("callgrind_annotate", "--tree=caller", out.name).stdout)
    sys.exit()

compiler = run("rustc", "--version").stdout.strip()
now = {way: round(counted(way) / times) for way in ways}
if arguments == ["--write"]:
    lines = [f"# Instructions of one call, written by ci/instructions.sh --write with {compiler}."]
    lines += [f"{way} {count}" for way, count in now.items()]
    COMMITTED.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(COMMITTED.read_text(encoding="utf-8"), end="")
    sys.exit()

header, *lines = COMMITTED.read_text(encoding="utf-8").splitlines()
was = {way: int(count) for way, count in map(str.split, lines)}
found = []
for way in was.keys() | now.keys():
    before, after = was.get(way), now.get(way)
    if before is None or after is None:
        found.append(f"{way}: is {'new' if before is None else 'gone'}, expected the ways in {COMMITTED}")
    elif abs(after - before) > margin(before):
        more = "more" if after > before else "fewer"
        found.append(f"{way}: {after} instructions, was {before}: {abs(after - before)} {more}")
if found and compiler not in header:
    found.append(f"counted with {compiler}; {header.lstrip('# ')}")
if found and abs(now["clock_pair"] - was.get("clock_pair", 0)) > 3:
    found.append("the clock itself differs: this machine has no counter, or callgrind hides it")
if found:
    print("\n".join(sorted(found)), file=sys.stderr)
    print("to accept the counts of today: ci/instructions.sh --write", file=sys.stderr)
    sys.exit(1)
print(f"{len(now)} ways within 2 % or 3 instructions; a span with two attributes: {now['span_two_attributes']}")
PYTHON
