"""Says whether two files of lines hold the same spans, and where they do not.

Prints the first five differences, field by field, and how many spans differ in which field.
"""

import json
import re
import struct
from collections import Counter
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path

from canonical import SPAN_ID

SHOWN_MAX = 5
TEXT_MAX = 300
DOUBLE = re.compile("[0-9a-f]{16}")
# The largest power of ten that is a double.
EXPONENT_MAX = 308


class Comparison:
    """What came of comparing: how much is the same, and what is not."""

    def __init__(self) -> None:
        self.same = 0
        self.excused = 0
        self.fields: Counter[str] = Counter()
        self.shown: list[str] = []

    @property
    def is_equal(self) -> bool:
        return not self.fields

    def differs(self, span_id: str, field: str, recorded: object, arrived: object) -> None:
        self.fields[field] += 1
        if len(self.shown) < SHOWN_MAX:
            self.shown.append(
                f"span {span_id}: {field}\n  recorded {short(recorded)}\n  arrived  {short(arrived)}"
            )

    def report(self) -> str:
        counts = ", ".join(f"{field}: {count}" for field, count in self.fields.most_common())
        return "\n".join([*self.shown, f"{self.same} spans equal; differences by field: {counts}"])


def compare(
    recorded: Path, arrived: Path, is_known: Callable[[object, object], bool] | None = None
) -> Comparison:
    """Compares span by span; `is_known` says which differences a collector on the way is known for."""
    comparison = Comparison()
    waiting = dict(by_span_id(recorded))
    for span_id, line in by_span_id(arrived):
        mine = waiting.pop(span_id, None)
        if mine is None:
            comparison.differs(span_id, "span", "nothing, or once", "a span, or the same twice")
        elif mine == line:
            comparison.same += 1
        else:
            compare_fields(comparison, span_id, json.loads(mine), json.loads(line), is_known)
    for span_id in waiting:
        comparison.differs(span_id, "span", "a span", "nothing")
    return comparison


def by_span_id(file: Path) -> Iterator[tuple[str, str]]:
    with file.open(encoding="utf-8", newline="\n") as lines:
        for line in lines:
            yield line[SPAN_ID], line.rstrip("\n")


def compare_fields(comparison, span_id: str, mine: dict, other: dict, is_known) -> None:
    is_same = True
    for field, recorded, arrived in differences("", mine, other):
        if is_known and is_known(recorded, arrived):
            comparison.excused += 1
        else:
            is_same = False
            comparison.differs(span_id, field, recorded, arrived)
    comparison.same += is_same


def is_read_inexactly(recorded: object, arrived: object) -> bool:
    """Tells whether a double, as `canonical.double` writes it, arrived as a quick reader has it.

    Such a reader makes one number of all digits and one power of ten, and multiplies or divides: it
    rounds up to three times where an exact reader rounds once.
    """
    doubles = [value for value in (recorded, arrived) if isinstance(value, str)]
    if any(not DOUBLE.fullmatch(value) for value in doubles) or len(doubles) != 2:
        return False
    (written,) = struct.unpack(">d", bytes.fromhex(doubles[0]))
    return struct.pack(">d", read_quickly(written)).hex() == doubles[1]


def read_quickly(written: float) -> float:
    """Returns what a quick reader makes of the shortest text of a double."""
    sign, digits, exponent = Decimal(repr(written)).as_tuple()
    number = float(int("".join(map(str, digits))))
    while exponent < -EXPONENT_MAX and number:
        number, exponent = number / float(f"1e{EXPONENT_MAX}"), exponent + EXPONENT_MAX
    power = float(f"1e{abs(exponent)}")
    number = number * power if exponent >= 0 else number / power
    return -number if sign else number


def differences(path: str, mine: object, other: object) -> Iterator[tuple[str, object, object]]:
    """Yields each innermost place where two values differ; places in lists have no number."""
    if isinstance(mine, dict) and isinstance(other, dict):
        for key in mine.keys() | other.keys():
            yield from differences(f"{path}.{key}".lstrip("."), mine.get(key), other.get(key))
    elif isinstance(mine, list) and isinstance(other, list) and len(mine) == len(other):
        for one, another in zip(mine, other, strict=True):
            yield from differences(f"{path}[]", one, another)
    elif mine != other or type(mine) is not type(other):
        yield path, mine, other


def short(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= TEXT_MAX else f"{text[:TEXT_MAX]}… ({len(text)} characters)"
