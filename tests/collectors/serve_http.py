"""OTLP/HTTP on the standard library's server: protobuf and JSON, plain, gzip and zstd, TLS if asked."""

import argparse
import gzip
import ssl
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import zstandard

FORMS = {"application/x-protobuf": "protobuf", "application/json": "json"}
EMPTY = {"protobuf": b"", "json": b"{}"}
READERS = {
    "identity": bytes,
    "gzip": gzip.decompress,
    "zstd": lambda body: zstandard.ZstdDecompressor().stream_reader(body).read(),
}


def serve(asked: argparse.Namespace, keep: Callable) -> tuple[int, Callable]:
    """Returns the port and what stops the server."""

    class Export(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_POST(self) -> None:
            encoding = self.headers.get("content-encoding", "identity")
            form = FORMS.get(self.headers.get("content-type"))
            wire = self.body()
            if self.path != "/v1/traces":
                self.answer(404, b"", "text/plain")
            elif form is None or encoding not in READERS:
                self.answer(415, b"", "text/plain")
            else:
                keep(form, READERS[encoding](wire), encoding, len(wire))
                self.answer(200, EMPTY[form], self.headers["content-type"])

        def body(self) -> bytes:
            if self.headers.get("transfer-encoding") != "chunked":
                return self.rfile.read(int(self.headers["content-length"]))
            chunks = []
            while length := int(self.rfile.readline().split(b";")[0], 16):
                chunks.append(self.rfile.read(length))
                self.rfile.readline()
            self.rfile.readline()
            return b"".join(chunks)

        def answer(self, status: int, body: bytes, kind: str) -> None:
            self.send_response(status)
            self.send_header("content-type", kind)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", asked.port), Export)
    server.daemon_threads = True
    if asked.certificate:
        server.socket = tls(asked).wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server.server_port, server.shutdown


def tls(asked: argparse.Namespace) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH, cafile=asked.client_authority)
    context.load_cert_chain(asked.certificate, asked.key)
    if asked.client_authority:
        context.verify_mode = ssl.CERT_REQUIRED
    return context
