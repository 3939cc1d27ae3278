"""OTLP/gRPC with zstd, which grpcio does not speak: HTTP/2 by `h2`, gRPC's five bytes by hand.

One unary method and no TLS. A message without the compressed flag, or under another encoding than
zstd, is refused: here zstd is what must arrive.

Source: "gRPC over HTTP2", Length-Prefixed-Message.
"""

import argparse
import socket
import threading
from collections.abc import Callable

import zstandard
from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.events import DataReceived, RequestReceived, StreamEnded, StreamReset

PATH = "/opentelemetry.proto.collector.trace.v1.TraceService/Export"
MESSAGE_BYTES_MAX = 4 << 20
# An empty answer: not compressed, no bytes.
EMPTY = bytes(5)
OK, UNIMPLEMENTED = "0", "12"


def serve(asked: argparse.Namespace, keep: Callable) -> tuple[int, Callable]:
    """Returns the port and what stops the server."""
    listener = socket.create_server(("127.0.0.1", asked.port))

    def accept() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=Peer(connection, keep).talk, daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    return listener.getsockname()[1], listener.close


class Peer:
    """One connection and the requests that are still arriving on it."""

    def __init__(self, connection: socket.socket, keep: Callable) -> None:
        self.socket = connection
        self.keep = keep
        self.h2 = H2Connection(H2Configuration(client_side=False, header_encoding="utf-8"))
        self.arriving: dict[int, tuple[dict, bytearray]] = {}

    def talk(self) -> None:
        self.h2.initiate_connection()
        self.socket.sendall(self.h2.data_to_send())
        while data := self.socket.recv(1 << 16):
            for event in self.h2.receive_data(data):
                self.react(event)
            self.socket.sendall(self.h2.data_to_send())

    def react(self, event: object) -> None:
        if isinstance(event, RequestReceived):
            self.arriving[event.stream_id] = (dict(event.headers), bytearray())
        elif isinstance(event, DataReceived):
            self.arriving[event.stream_id][1].extend(event.data)
            self.h2.acknowledge_received_data(event.flow_controlled_length, event.stream_id)
        elif isinstance(event, StreamEnded):
            self.answer(event.stream_id, *self.arriving.pop(event.stream_id))
        elif isinstance(event, StreamReset):
            self.arriving.pop(event.stream_id, None)

    def answer(self, stream: int, headers: dict, message: bytearray) -> None:
        status, why = self.received(headers, bytes(message))
        self.h2.send_headers(stream, [(":status", "200"), ("content-type", "application/grpc")])
        self.h2.send_data(stream, EMPTY if status == OK else b"")
        trailers = [("grpc-status", status), ("grpc-message", why)]
        self.h2.send_headers(stream, trailers, end_stream=True)

    def received(self, headers: dict, message: bytes) -> tuple[str, str]:
        """Keeps a request, and returns gRPC's status and message."""
        is_compressed, length = message[0], int.from_bytes(message[1:5], "big")
        if headers[":path"] != PATH or length != len(message) - 5:
            return UNIMPLEMENTED, "one method and one message a call"
        if headers.get("grpc-encoding") != "zstd" or is_compressed != 1:
            return UNIMPLEMENTED, "expected zstd"
        with zstandard.ZstdDecompressor().stream_reader(message[5:]) as reader:
            body = reader.read(MESSAGE_BYTES_MAX + 1)
        if len(body) > MESSAGE_BYTES_MAX:
            return UNIMPLEMENTED, f"expected {MESSAGE_BYTES_MAX} bytes at most"
        self.keep("protobuf", body, "zstd", len(message))
        return OK, ""
