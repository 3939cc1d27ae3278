"""Lines of spans from the bytes of a request, read by `opentelemetry-proto`."""

from collections.abc import Iterator

from canonical import double, line
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

PLAIN = {"string_value": "string", "bool_value": "bool", "int_value": "int"}


def lines(body: bytes) -> Iterator[str]:
    """Yields one line a span.

    Raises ValueError where a field is not OTLP's: this decoder would pass over it in silence.
    """
    request = ExportTraceServiceRequest.FromString(body)
    known = request.ByteSize()
    request.DiscardUnknownFields()
    if request.ByteSize() != known:
        raise ValueError("the request has fields that OTLP does not have")
    return of_request(request)


def of_request(request: ExportTraceServiceRequest) -> Iterator[str]:
    """Yields one line a span."""
    for of_resource in request.resource_spans:
        resource = {
            "attributes": attributes(of_resource.resource.attributes),
            "dropped_attributes": of_resource.resource.dropped_attributes_count,
        }
        for of_scope in of_resource.scope_spans:
            scope = {
                "name": of_scope.scope.name,
                "version": of_scope.scope.version,
                "attributes": attributes(of_scope.scope.attributes),
                "dropped_attributes": of_scope.scope.dropped_attributes_count,
            }
            about = (scope, of_scope.schema_url, resource, of_resource.schema_url)
            for span in of_scope.spans:
                yield of_span(span, about)


def of_span(span, about: tuple) -> str:
    return line(
        span.span_id.hex(),
        span.trace_id.hex(),
        span.parent_span_id.hex(),
        span.trace_state,
        span.flags,
        span.name,
        span.kind,
        span.start_time_unix_nano,
        span.end_time_unix_nano,
        attributes(span.attributes),
        span.dropped_attributes_count,
        [event(e) for e in span.events],
        span.dropped_events_count,
        [link(e) for e in span.links],
        span.dropped_links_count,
        {"code": span.status.code, "message": span.status.message},
        *about,
    )


def event(it) -> dict:
    return {
        "name": it.name,
        "time": it.time_unix_nano,
        "attributes": attributes(it.attributes),
        "dropped_attributes": it.dropped_attributes_count,
    }


def link(it) -> dict:
    return {
        "trace_id": it.trace_id.hex(),
        "span_id": it.span_id.hex(),
        "trace_state": it.trace_state,
        "flags": it.flags,
        "attributes": attributes(it.attributes),
        "dropped_attributes": it.dropped_attributes_count,
    }


def attributes(those) -> list:
    return [[one.key, *value(one.value)] for one in those]


def value(any_value) -> list:
    which = any_value.WhichOneof("value")
    if which in PLAIN:
        return [PLAIN[which], getattr(any_value, which)]
    if which == "double_value":
        return double(any_value.double_value)
    if which == "array_value":
        return ["array", [value(one) for one in any_value.array_value.values]]
    if which == "kvlist_value":
        return ["kvlist", attributes(any_value.kvlist_value.values)]
    if which == "bytes_value":
        return ["bytes", any_value.bytes_value.hex()]
    return ["nothing"]
