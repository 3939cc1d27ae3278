"""A collector that is gone for half a minute: nothing is lost with the spool, else the counted ones.

    restart.py PROGRAM

Two programs record 2,000 spans a second, each into a `rotel` of its own that hands them on to a
receiver. Both collectors end and start again together. The queue is small, so that without the spool
most spans of the gap must go; what the program says is lost and what arrived are all there were.

The collector is ended by SIGTERM, on which it hands on what it has accepted: what a collector loses
after it has said yes is no sender's to count. What it took without being able to say so comes twice,
as at-least-once delivery allows, and counts once.
"""

import shutil
import sys
import tempfile
import time
from pathlib import Path

from canonical import SPAN_ID
from collectors import Failed, Receiver, Rotel, report_of, sender

SPANS_A_SECOND = 2_000
BEFORE_S, AWAY_S, AFTER_S = 4, 30, 8
QUEUE_SPANS_MAX = 10_000


class Story:
    """One program, its collector, and what is behind that."""

    def __init__(self, program: Path, work: Path, spool: list[Path]) -> None:
        work.mkdir()
        self.recorded, self.arrived = work / "recorded.lines", work / "arrived.lines"
        self.receiver = Receiver("grpc", self.arrived)
        onward = f"http://127.0.0.1:{self.receiver.port}"
        exporter = ("--exporter", "otlp", "--otlp-exporter-endpoint", onward)
        self.rotel = Rotel(work, *exporter).start()
        seconds = BEFORE_S + AWAY_S + AFTER_S
        variables = {
            "OTEL_EXPORTER_OTLP_ENDPOINT": f"http://127.0.0.1:{self.rotel.grpc}",
            "OTEL_EXPORTER_OTLP_PROTOCOL": "grpc",
            "OTEL_BSP_MAX_QUEUE_SIZE": str(QUEUE_SPANS_MAX),
            "OTEL_BSP_MAX_EXPORT_BATCH_SIZE": "1000",
        }
        words = ["steady", SPANS_A_SECOND, seconds, self.recorded, *spool]
        self.program = sender(program, words, variables)

    def end(self) -> tuple[dict, int, int]:
        """Returns what the program said, how many spans arrived, and how often one more than once."""
        said = report_of(self.program)
        self.rotel.stop()
        self.receiver.stop()
        recorded, arrived = span_ids(self.recorded), span_ids(self.arrived)
        if set(arrived) - set(recorded):
            raise Failed("spans arrived that nobody recorded")
        return said, len(set(arrived)), len(arrived) - len(set(arrived))


def span_ids(file: Path) -> list[str]:
    with file.open(encoding="utf-8", newline="\n") as lines:
        return [line[SPAN_ID] for line in lines]


def main(program: Path) -> None:
    work = Path(tempfile.mkdtemp(prefix="restart-", dir=Path(sys.prefix).parent))
    stories = {
        "with the spool": Story(program, work / "with", [work / "spool"]),
        "without it": Story(program, work / "without", []),
    }
    time.sleep(BEFORE_S)
    for story in stories.values():
        story.rotel.stop()
    time.sleep(AWAY_S)
    for story in stories.values():
        story.rotel.start()
    ends = {name: story.end() for name, story in stories.items()}
    for name, (said, arrived, again) in ends.items():
        print(
            f"collector away for {AWAY_S} s, {name}: {said['spans']:,} recorded = {arrived:,} arrived "
            f"+ {said['lost']:,} counted as lost ({again:,} came twice)",
            flush=True,
        )
    for name, (said, arrived, _) in ends.items():
        if said["spans"] != arrived + said["lost"] or said["queued"]:
            raise Failed(f"{name}: the sum is wrong: {said}")
    if ends["with the spool"][0]["lost"]:
        raise Failed("spans were lost with the spool")
    if not ends["without it"][0]["lost"]:
        raise Failed("nothing was lost without the spool: so long a queue proves nothing")
    shutil.rmtree(work)


if __name__ == "__main__":
    try:
        main(Path(sys.argv[1]))
    except Failed as failed:
        sys.exit(f"collectors: {failed}")
