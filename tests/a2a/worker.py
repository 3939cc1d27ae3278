"""The writer of examples/a2a once more, with OpenTelemetry's own SDK and nothing of ours.

It is called by the planner and calls the librarian, both of them Rust, through the stock propagators; its
spans leave by the stock exporter. As any worker it says where it listens in one line on standard output,
finds the librarian in A2A_LIBRARIAN, and stops when its standard input ends.
"""

import json
import os
import sys
import threading
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from opentelemetry import baggage, context, propagate, trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import Link, SpanKind

PATIENCE_S = 20
CARRIED = ("user_id", "session_id")

provider = TracerProvider(resource=Resource.create({"service.name": "writer"}))
provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
tracer = provider.get_tracer("a2a.worker")


def span(name: str, **rest):
    """Begins a span that says what the baggage carries, and is current while it lasts."""
    carried = {key: str(value) for key, value in baggage.get_all().items() if key in CARRIED}
    return tracer.start_as_current_span(name, attributes=carried, **rest)


def part(message: dict, kind: str):
    return next(part[kind] for part in message["parts"] if part["kind"] == kind)


def message(role: str, text: str, data) -> dict:
    parts = [{"kind": "text", "text": text}, {"kind": "data", "data": data}]
    return {"kind": "message", "role": role, "messageId": os.urandom(8).hex(), "parts": parts}


def ask_librarian(wish: dict):
    """Asks the librarian, in a span of the call whose context goes along in the headers."""
    with span("invoke_agent librarian", kind=SpanKind.CLIENT):
        params = {"message": message("user", "Does it stand there?", wish)}
        request = {"jsonrpc": "2.0", "id": 1, "method": "message/send", "params": params}
        headers = {"content-type": "application/json"}
        propagate.inject(headers)
        body = json.dumps(request).encode()
        request = urllib.request.Request(os.environ["A2A_LIBRARIAN"], body, headers)
        with urllib.request.urlopen(request, timeout=PATIENCE_S) as answer:
            return part(json.load(answer)["result"], "data")


def write(asked: dict) -> dict:
    """Answers with the two best lines that were found, once the librarian stands by them."""
    found = part(asked, "data")
    origin = trace.get_current_span(propagate.extract(found["metadata"])).get_span_context()
    with span("invoke_agent writer", links=[Link(origin, {"reason": "quoted"})]):
        lines = part(found, "data")[:2]
        stands = [line for line in lines if ask_librarian({"check": line})]
        with span("execute_tool compose") as tool:
            quoted = [f"{line['text']} ({line['document']}:{line['line']})" for line in stands]
            text = "\n".join(quoted)
            tool.set_attribute("exo.tool.result", f"{len(text.split())} words")
        return message("agent", text, {"for": baggage.get_baggage("user_id")})


class Answers(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        """Shows the card, whatever is asked for."""
        url = f"http://127.0.0.1:{self.server.server_port}"
        self.reply({"protocolVersion": "0.3.0", "name": "writer", "url": url})

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["content-length"])))
        with_caller = propagate.extract({name.lower(): value for name, value in self.headers.items()})
        token = context.attach(with_caller)
        try:
            with span("POST /", kind=SpanKind.SERVER):
                result = write(asked["params"]["message"])
        finally:
            context.detach(token)
        self.reply({"jsonrpc": "2.0", "id": asked["id"], "result": result})

    def reply(self, said: dict) -> None:
        body = json.dumps(said).encode()
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_) -> None:
        """Says nothing: what is to be known is in the spans."""


def main() -> None:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(f"http://127.0.0.1:{server.server_port}", flush=True)
    sys.stdin.buffer.read()
    server.shutdown()
    provider.shutdown()


main()
