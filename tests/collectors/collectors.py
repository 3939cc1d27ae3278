"""Starts and stops what the proofs talk to: `receiver.py`, and `rotel`, a collector of its own kind.

Everything listens on the loopback, on a port that is free; what is started here does not outlive this
process, however it ends.
"""

import atexit
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).parent
START_S_MAX = 20
STOP_S_MAX = 60


class Failed(Exception):
    """A proof that did not hold, in one sentence."""


class Receiver:
    """`receiver.py` in a process of its own."""

    def __init__(self, protocol: str, out: Path, *words: str | Path) -> None:
        self.out = out
        command = [sys.executable, HERE / "receiver.py", "--protocol", protocol, "--out", out]
        self.process = started([*command, *words], stdout=subprocess.PIPE, text=True)
        said = self.process.stdout.readline()
        listening = re.fullmatch(r"listening on (\d+)\n", said)
        if not listening:
            raise Failed(f"receiver.py said {said!r}, expected its port")
        self.port = int(listening[1])

    def stop(self) -> dict:
        """Returns what it counted, after it wrote its lines."""
        self.process.send_signal(signal.SIGTERM)
        said, _ = self.process.communicate(timeout=STOP_S_MAX)
        if self.process.returncode != 0:
            raise Failed("receiver.py could not read what it was sent")
        return json.loads(said)


class Rotel:
    """The collector of the PyPI package `rotel`, on the same two ports each time it starts."""

    def __init__(self, work: Path, *exporter: str) -> None:
        import rotel

        self.binary = Path(rotel.__file__).parent / "rotel-agent"
        self.grpc, self.http = free_port(), free_port()
        self.log = work / "rotel.log"
        self.words = [
            *("--pid-file", work / "rotel.pid", "--log-file", work / "rotel-daemon.log"),
            *("--otlp-grpc-endpoint", f"127.0.0.1:{self.grpc}"),
            *("--otlp-http-endpoint", f"127.0.0.1:{self.http}"),
            *("--log-format", "json", "--debug-log", "traces", *exporter),
        ]
        self.log.write_text("")
        self.process = None

    def start(self) -> "Rotel":
        with self.log.open("a") as log:
            command = [self.binary, "start", *self.words]
            self.process = started(command, stdout=log, stderr=log)
        for port in (self.grpc, self.http):
            wait_for(port, self.process)
        return self

    def stop(self) -> None:
        """Ends it as an operator does: it hands on what it has accepted, and is gone."""
        self.process.send_signal(signal.SIGTERM)
        if self.process.wait(STOP_S_MAX) != 0:
            raise Failed(f"rotel ended with {self.process.returncode}: {self.tail()}")

    def received(self) -> int:
        """Returns how many spans its log says it has received."""
        lines = map(json.loads, self.log.read_text().splitlines())
        return sum(line.get("spans", 0) for line in lines)

    def tail(self) -> str:
        return self.log.read_text()[-600:]


def started(command: list, **how) -> subprocess.Popen:
    process = subprocess.Popen(command, **how)
    # One that has ended and was waited for is not signalled again.
    atexit.register(process.kill)
    return process


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


def wait_for(port: int, process: subprocess.Popen) -> None:
    deadline = time.monotonic() + START_S_MAX
    while time.monotonic() < deadline and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.02)
    raise Failed(f"nothing listens on port {port}")


def sender(program: Path, words: list, variables: dict[str, str]) -> subprocess.Popen:
    """Starts our program with these `OTEL_` variables and no others."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("OTEL_")}
    command = [program, *map(str, words)]
    return started(command, env=environment | variables, stdout=subprocess.PIPE, text=True)


def report_of(process: subprocess.Popen) -> dict:
    """Waits for our program, which must succeed, and returns what it said."""
    said, _ = process.communicate(timeout=180)
    if process.returncode != 0:
        raise Failed(f"the sender failed: {said.strip() or 'without a word'}")
    return json.loads(said)
