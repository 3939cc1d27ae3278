"""OTLP/gRPC as grpcio serves it: plain and gzip, with or without TLS, and its own 4 MiB limit."""

import argparse
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import grpc
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceResponse

SERVICE = "opentelemetry.proto.collector.trace.v1.TraceService"


def serve(asked: argparse.Namespace, keep: Callable) -> tuple[int, Callable]:
    """Returns the port and what stops the server."""

    def export(body: bytes, context: grpc.ServicerContext) -> ExportTraceServiceResponse:
        # grpcio hides the header and decompresses by itself: how long it was is not known here.
        keep("protobuf", body, "grpcio", len(body))
        return ExportTraceServiceResponse()

    # Without a deserializer the handler gets the bytes.
    handler = grpc.unary_unary_rpc_method_handler(
        export, response_serializer=ExportTraceServiceResponse.SerializeToString
    )
    server = grpc.server(ThreadPoolExecutor(4))
    server.add_generic_rpc_handlers(
        (grpc.method_handlers_generic_handler(SERVICE, {"Export": handler}),)
    )
    address = f"127.0.0.1:{asked.port}"
    if asked.certificate:
        port = server.add_secure_port(address, credentials(asked))
    else:
        port = server.add_insecure_port(address)
    server.start()
    return port, lambda: server.stop(grace=5).wait()


def credentials(asked: argparse.Namespace) -> grpc.ServerCredentials:
    authority = asked.client_authority.read_bytes() if asked.client_authority else None
    return grpc.ssl_server_credentials(
        [(asked.key.read_bytes(), asked.certificate.read_bytes())],
        root_certificates=authority,
        require_client_auth=authority is not None,
    )
