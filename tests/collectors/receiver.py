"""An OTLP endpoint that keeps every request and, when told to stop, writes one line a span.

    receiver.py --protocol grpc|grpc-zstd|http --out spans.lines [--port N] [--certificate F --key F]

Prints `listening on PORT` when it serves. On SIGTERM or SIGINT it stops, reads what it was sent with
decoders that share nothing with ours, writes the lines, and prints its counts as one JSON object.
Requests are read only then, so that a sender's pace is the sender's and not this program's.
"""

import argparse
import json
import signal
import sys
import threading
import time
from collections import Counter
from pathlib import Path

import from_json
import from_protobuf

# How often `protobuf`'s own reader must agree with `from_json`: it needs a millisecond a span.
CHECKED_EVERY = 25


class Kept:
    """The requests of a run, in the order they came."""

    def __init__(self) -> None:
        self.requests: list[tuple[str, bytes]] = []
        self.wire: Counter[str] = Counter()
        self.wire_bytes = 0

    def keep(self, form: str, body: bytes, encoding: str, wire_bytes: int) -> None:
        """Keeps a request; `wire_bytes` is how long it was before it was decompressed."""
        self.requests.append((form, body))
        self.wire[f"{form}/{encoding}"] += 1
        self.wire_bytes += wire_bytes

    def write(self, out: Path) -> dict:
        """Writes the lines and returns the counts."""
        spans = 0
        with out.open("w", encoding="utf-8", newline="\n") as file:
            for number, (form, body) in enumerate(self.requests):
                for line in lines(number, form, body):
                    file.write(line + "\n")
                    spans += 1
        return {
            "requests": len(self.requests),
            "spans": spans,
            "bytes": sum(len(body) for _, body in self.requests),
            "wire_bytes": self.wire_bytes,
            "wire": dict(self.wire),
            "longest": max((len(body) for _, body in self.requests), default=0),
        }


def lines(number: int, form: str, body: bytes):
    if form == "protobuf":
        return from_protobuf.lines(body)
    if number % CHECKED_EVERY:
        return from_json.lines(body)
    strict = list(from_json.lines(body))
    if strict != list(from_json.by_protobuf(body)):
        raise ValueError(f"request {number}: protobuf's own reader of JSON sees another request")
    return strict


def main() -> None:
    asked = arguments()
    kept = Kept()
    stop = serve(asked, kept)
    stopping = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stopping.set())
    stopping.wait()
    stop()
    began = time.monotonic()
    counts = kept.write(asked.out)
    print(json.dumps(counts | {"reading_s": round(time.monotonic() - began, 1)}), flush=True)


def arguments() -> argparse.Namespace:
    words = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    words.add_argument("--protocol", choices=("grpc", "grpc-zstd", "http"), required=True)
    words.add_argument("--out", type=Path, required=True)
    words.add_argument("--port", type=int, default=0)
    words.add_argument("--certificate", type=Path)
    words.add_argument("--key", type=Path)
    words.add_argument("--client-authority", type=Path)
    return words.parse_args()


def serve(asked: argparse.Namespace, kept: Kept):
    """Begins to serve and returns what stops it."""
    if asked.protocol == "grpc":
        import serve_grpc as server
    elif asked.protocol == "http":
        import serve_http as server
    else:
        import serve_grpc_zstd as server
    port, stop = server.serve(asked, kept.keep)
    print(f"listening on {port}", flush=True)
    return stop


if __name__ == "__main__":
    sys.exit(main())
