#!/usr/bin/env bash
# Measures what recording costs a Cortex-M0 in flash and RAM and a Cortex-M3 in instructions, against the same programs
# without; refuses what is past its goal, differs from sizes.txt, or links what a record must not need. With --write,
# writes sizes.txt, and the README's table where it has one.
#
# Flash: sections that are loaded, .data included. Instructions: the emulator's clock, which each instruction moves on by
# 1,024 ns, seen by the program's own timer.
set -euo pipefail
cd "$(dirname "$0")"
export CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-$PWD/target}"

for target in thumbv6m-none-eabi thumbv7m-none-eabi; do
    ./cargo.sh "$target" build --quiet --release --bins
done
python3 - "$@" <<'PYTHON'
import math, os, pathlib, re, subprocess, sys

WRITTEN, README = pathlib.Path("sizes.txt"), pathlib.Path("../../README.md")
BEGIN, END = "<!-- sizes: tests/bare-metal/sizes.sh --write -->", "<!-- end of sizes -->"
# What is measured, in words, and what it may come to.
ROWS = {
    "flash": ("flash for ring, recorder and one call site, bytes", 2048),
    "flash_site": ("flash for each further call site, besides the letters of its name and keys, bytes", 64),
    "flash_letters": ("letters of a name and two keys, as measured, bytes", None),
    "ram": ("RAM of a recorder, besides the words of its ring, bytes", 96),
    "ram_site": ("RAM of a call site, bytes", 4),
    "flash_stream": ("flash for the stream that sends what is recorded, bytes", None),
    "instructions_m3": ("instructions of a span with two attributes, Cortex-M3", 120),
    "instructions_m3_round": ("the same in a ring that runs round", 120),
    "instructions_m0": ("a span with two attributes, Cortex-M0", None),
}
FURTHER_SITES, RING_WORDS = 16, 256
# What no program that only records may hold: panics and their texts, other threads' and chips' atomics, masked interrupts.
REFUSED = re.compile(r"panic|unwind|fmt|critical_section|__atomic_|__sync_", re.IGNORECASE)
REFUSED_CODE = re.compile(r"\b(cpsid|ldrex\w*|strex\w*)\b")

def said(*command):
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, f"{command}: {done.stdout}{done.stderr}"
    return done.stdout

def program(target, name):
    return f"{os.environ['CARGO_TARGET_DIR']}/thumb{target}-none-eabi/release/{name}"

def sections(name):
    """Returns the bytes of flash and of RAM."""
    sizes = dict(re.findall(r"^(\.\w+)\s+(\d+)", said("arm-none-eabi-size", "-A", program("v6m", name)), re.MULTILINE))
    sizes = {section: int(size) for section, size in sizes.items()}
    flash = sum(sizes.get(section, 0) for section in (".vector_table", ".text", ".rodata", ".data"))
    return flash, sum(sizes.get(section, 0) for section in (".data", ".bss", ".uninit"))

def counted(machine, target, nanoseconds_per_tick):
    """Returns the instructions of a span in an empty ring and in one that runs round, and the bytes of a recorder."""
    line = ["/dev/null", "/dev/null"]
    run = ["./emulate.sh", machine, program(target, "instructions"), *line, "-icount", "shift=10"]
    words = {word: int(number) for word, number in re.findall(r"^(\w+) (\d+)$", said(*run), re.MULTILINE)}
    assert words["missing"] == 0, words
    def of_a_span(rows):
        ticks = words[f"{rows}recorded"] - words[f"{rows}unrecorded"]
        return math.ceil(ticks * nanoseconds_per_tick / 1024 / words[f"{rows}spans"])
    return of_a_span(""), of_a_span("round_"), words["recorder_bytes"]

def refused(name):
    for target in ("v6m", "v7m"):
        symbols = said("arm-none-eabi-nm", "--demangle", program(target, name)).splitlines()
        yield from (f"{name} for {target} links {line}" for line in symbols if REFUSED.search(line))
        code = said("arm-none-eabi-objdump", "--disassemble", program(target, name)).splitlines()
        yield from (f"{name} for {target} has {line.strip()}" for line in code if REFUSED_CODE.search(line))

(flash_without, _), (flash_one, ram_one), (flash_many, ram_many) = map(sections, ("without", "one_site", "many_sites"))
flash_streaming, _ = sections("streaming")
further = re.findall(r'site!\("([^"]+)", Internal, \["([^"]+)", "([^"]+)"\]\)', pathlib.Path("src/bin/many_sites.rs").read_text(encoding="utf-8"))[1:]
assert len(further) == FURTHER_SITES, further
letters = sum(len("\0".join(texts)) for texts in further) / FURTHER_SITES
instructions_m3, instructions_m3_round, recorder_bytes = counted("lm3s6965evb", "v7m", 80)
instructions_m0, _, _ = counted("microbit", "v6m", 62.5)
ram_site = (ram_many - ram_one) / FURTHER_SITES
symbols = said("arm-none-eabi-nm", "--print-size", "--demangle", program("v6m", "one_site"))
ring_bytes = int(re.search(r"^\w+ (\w+) . one_site::RING$", symbols, re.MULTILINE)[1], 16)
now = {
    "flash": flash_one - flash_without,
    "flash_site": math.ceil((flash_many - flash_one) / FURTHER_SITES - letters),
    "flash_letters": round(letters),
    "ram": ring_bytes - 4 * RING_WORDS + recorder_bytes,
    "ram_site": math.ceil(ram_site),
    "flash_stream": flash_streaming - flash_one,
    "instructions_m3": instructions_m3,
    "instructions_m3_round": instructions_m3_round,
    "instructions_m0": instructions_m0,
}
assert now.keys() == ROWS.keys()

found = [f"{ROWS[row][0]}: {size}, expected {ROWS[row][1]} at the most" for row, size in now.items() if size > (ROWS[row][1] or size)]
found += [line for name in ("one_site", "many_sites", "streaming") for line in refused(name)]
table = "\n".join([BEGIN, "| what | measured | goal |", "|---|---|---|"] + [
    f"| {words} | {now[row]:,} | {'≤ {:,}'.format(goal) if goal else ''} |" for row, (words, goal) in ROWS.items()] + [END])
readme = README.read_text(encoding="utf-8")
shown = re.search(re.escape(BEGIN) + ".*?" + re.escape(END), readme, re.DOTALL)
if sys.argv[1:] == ["--write"]:
    WRITTEN.write_text("".join(f"{row} {size}\n" for row, size in now.items()), encoding="utf-8")
    if shown:
        README.write_text(readme.replace(shown[0], table), encoding="utf-8")
else:
    was = {row: int(size) for row, size in map(str.split, WRITTEN.read_text(encoding="utf-8").splitlines())}
    for row, size in now.items():
        if abs(size - was.get(row, -1)) > max(2, was.get(row, 0) * 0.02):
            found.append(f"{ROWS[row][0]}: {size}, was {was.get(row)}; to accept it: tests/bare-metal/sizes.sh --write")
    if shown and (written := [int(n.replace(",", "")) for n in re.findall(r"^\|[^|]+\| ([\d,]+) ", shown[0], re.MULTILINE)]) != list(was.values()):
        found.append(f"README.md says {written}, sizes.txt says {list(was.values())}; one command writes both: tests/bare-metal/sizes.sh --write")
print("\n".join(f"{ROWS[row][0]}: {size}" for row, size in now.items()))
if found:
    sys.exit("\n".join(found))
PYTHON
