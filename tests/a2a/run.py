"""Lets the example answer with a writer made of OpenTelemetry's own SDK, and checks what each side says.

    run.py PROGRAM

The spans of all processes come here, over HTTP, and are read by OpenTelemetry's own messages. The Python
worker is called by Rust and calls Rust: every step between them must be in both accounts.
"""

import os
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span

PATIENCE_S = 120
WORKER = Path(__file__).with_name("worker.py")
CARRIED = {"user_id": "ada", "session_id": "s-42"}


class Received:
    """A span, and who sent it."""

    def __init__(self, span: Span, resource: dict) -> None:
        self.span = span
        self.name = span.name
        self.kind = Span.SpanKind.Name(span.kind).removeprefix("SPAN_KIND_").lower()
        self.said = texts(span.attributes)
        self.process = resource["service.name"]
        self.language = resource["telemetry.sdk.language"]

    def __repr__(self) -> str:
        return f"{self.name} ({self.kind} of {self.process}, {self.language})"


def texts(attributes) -> dict:
    return {one.key: one.value.string_value for one in attributes}


class Collector(BaseHTTPRequestHandler):
    received: list[Received] = []

    def do_POST(self) -> None:
        assert self.path == "/v1/traces", self.path
        body = self.rfile.read(int(self.headers["content-length"]))
        for of_resource in ExportTraceServiceRequest.FromString(body).resource_spans:
            resource = texts(of_resource.resource.attributes)
            spans = [span for scope in of_resource.scope_spans for span in scope.spans]
            self.received += [Received(span, resource) for span in spans]
        self.send_response(200)
        self.send_header("content-type", "application/x-protobuf")
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, *_) -> None:
        """Says nothing: what came is checked at the end."""


def run(program: str) -> list[Received]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Collector)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    environment = {name: value for name, value in os.environ.items() if not name.startswith("OTEL_")}
    environment["OTEL_EXPORTER_OTLP_ENDPOINT"] = f"http://127.0.0.1:{server.server_port}"
    environment["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf"
    command = [program, "--writer", f"{sys.executable} {WORKER}"]
    subprocess.run(command, env=environment, timeout=PATIENCE_S, check=True)
    return Collector.received


def check(received: list[Received]) -> None:
    by_id = {one.span.span_id: one for one in received}
    assert len(by_id) == len(received), "a span came twice"
    assert len({one.span.trace_id for one in received}) == 1, "several traces"
    roots = [one for one in received if not one.span.parent_span_id]
    assert [str(root) for root in roots] == ["invoke_agent planner (internal of planner, rust)"], roots
    orphans = [one for one in received if one not in roots and one.span.parent_span_id not in by_id]
    assert not orphans, orphans
    for one in received:
        assert CARRIED.items() <= one.said.items(), f"{one} has no baggage: {one.said}"

    def crossings(caller: str, callee: str) -> list[str]:
        steps = [(by_id[one.span.parent_span_id], one) for one in received if one not in roots]
        languages = (caller, callee)
        return [f"{a} -> {b}" for a, b in steps if (a.language, b.language) == languages]

    # Python is called by Rust, once, and calls Rust, once for each line that it quotes.
    called = ["POST (client of planner, rust) -> POST / (server of writer, python)"]
    assert crossings("rust", "python") == called, crossings("rust", "python")
    calls = "invoke_agent librarian (client of writer, python) -> POST / (server of librarian, rust)"
    assert crossings("python", "rust") == [calls] * 2, crossings("python", "rust")

    writer = next(one for one in received if str(one) == "invoke_agent writer (internal of writer, python)")
    linked = [by_id[link.span_id] for link in writer.span.links]
    quoted = "invoke_agent librarian (internal of librarian, rust)"
    assert [str(one) for one in linked] == [quoted], linked
    python = [one for one in received if one.language == "python"]
    print(f"{len(received)} spans, {len(python)} of them by Python's SDK, called by Rust and calling it")


check(run(sys.argv[1]))
