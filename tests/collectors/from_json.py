"""Lines of spans from an OTLP/JSON request, held to the letter of its mapping.

A collector forgives much; this reader forgives nothing: a key that OTLP does not have, an id that is
not lower-case hex, a 64-bit integer that is not a decimal string and an enum that is not a number are
errors. `protobuf`'s own reader needs a millisecond a span, so it checks samples: `by_protobuf` gives
its lines for the same request, and both must agree.

Source: OTLP specification 1.9, "JSON Protobuf Encoding".
"""

import base64
import json
import math
import re
from collections.abc import Iterator

import from_protobuf
from canonical import double, line
from google.protobuf import json_format
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

INTEGER = re.compile(r"0|-?[1-9][0-9]*")
HEX = re.compile(r"[0-9a-f]*")
DOUBLES = {"NaN": math.nan, "Infinity": math.inf, "-Infinity": -math.inf}
ID_BYTES = {"traceId": 16, "spanId": 8, "parentSpanId": 8}
ABSENT = {str: "", int: 0, list: [], dict: {}}


def lines(body: bytes) -> Iterator[str]:
    """Yields one line a span."""
    request = Object(json.loads(body))
    for of_resource in request.objects("resourceSpans"):
        about_resource = Object(of_resource.take("resource", dict))
        resource = {
            "attributes": attributes(about_resource),
            "dropped_attributes": about_resource.take("droppedAttributesCount", int),
        }
        about_resource.close()
        resource_schema_url = of_resource.take("schemaUrl", str)
        for of_scope in of_resource.objects("scopeSpans"):
            about_scope = Object(of_scope.take("scope", dict))
            scope = {
                "name": about_scope.take("name", str),
                "version": about_scope.take("version", str),
                "attributes": attributes(about_scope),
                "dropped_attributes": about_scope.take("droppedAttributesCount", int),
            }
            about_scope.close()
            about = (scope, of_scope.take("schemaUrl", str), resource, resource_schema_url)
            for span in of_scope.objects("spans"):
                yield of_span(span, about)
            of_scope.close()
        of_resource.close()
    request.close()


class Object:
    """A JSON object of which every key must be asked for."""

    def __init__(self, keys: dict) -> None:
        self.keys = keys

    def take(self, key: str, kind: type):
        value = self.keys.pop(key, ABSENT[kind])
        if type(value) is not kind:
            raise ValueError(f"{key} is {value!r}, expected {kind.__name__}")
        return value

    def objects(self, key: str) -> Iterator["Object"]:
        return map(Object, self.take(key, list))

    def identity(self, key: str) -> str:
        digits = self.take(key, str)
        if len(digits) not in (0, 2 * ID_BYTES[key]) or not HEX.fullmatch(digits):
            raise ValueError(f"{key} is {digits!r}, expected lower-case hex")
        return digits

    def long(self, key: str) -> int:
        digits = self.take(key, str)
        if not INTEGER.fullmatch(digits):
            raise ValueError(f"{key} is {digits!r}, expected a decimal string")
        return int(digits)

    def close(self) -> None:
        if self.keys:
            raise ValueError(f"keys that OTLP does not have here: {sorted(self.keys)}")


def of_span(span: Object, about: tuple) -> str:
    status = Object(span.take("status", dict))
    text = line(
        span.identity("spanId"),
        span.identity("traceId"),
        span.identity("parentSpanId"),
        span.take("traceState", str),
        span.take("flags", int),
        span.take("name", str),
        span.take("kind", int),
        span.long("startTimeUnixNano"),
        span.long("endTimeUnixNano"),
        attributes(span),
        span.take("droppedAttributesCount", int),
        [event(one) for one in span.objects("events")],
        span.take("droppedEventsCount", int),
        [link(one) for one in span.objects("links")],
        span.take("droppedLinksCount", int),
        {"code": status.take("code", int), "message": status.take("message", str)},
        *about,
    )
    status.close()
    span.close()
    return text


def event(it: Object) -> dict:
    fields = {
        "name": it.take("name", str),
        "time": it.long("timeUnixNano"),
        "attributes": attributes(it),
        "dropped_attributes": it.take("droppedAttributesCount", int),
    }
    it.close()
    return fields


def link(it: Object) -> dict:
    fields = {
        "trace_id": it.identity("traceId"),
        "span_id": it.identity("spanId"),
        "trace_state": it.take("traceState", str),
        "flags": it.take("flags", int),
        "attributes": attributes(it),
        "dropped_attributes": it.take("droppedAttributesCount", int),
    }
    it.close()
    return fields


def attributes(it: Object) -> list:
    return pairs(it.take("attributes", list))


def pairs(those: list) -> list:
    listed = []
    for one in map(Object, those):
        listed.append([one.take("key", str), *value(one.take("value", dict))])
        one.close()
    return listed


def value(any_value: dict) -> list:
    if not any_value:
        return ["nothing"]
    ((which, held),) = any_value.items()
    it = Object(any_value)
    if which == "stringValue":
        return ["string", it.take(which, str)]
    if which == "boolValue" and type(held) is bool:
        return ["bool", held]
    if which == "intValue":
        return ["int", it.long(which)]
    if which == "doubleValue" and type(held) in (int, float):
        return double(held)
    if which == "doubleValue" and held in DOUBLES:
        return double(DOUBLES[held])
    if which == "arrayValue":
        return ["array", [value(one) for one in Object(held).take("values", list)]]
    raise ValueError(f"{which} is {held!r}, expected a value of OTLP/JSON")


def by_protobuf(body: bytes) -> Iterator[str]:
    """Yields the lines that `protobuf`'s own reader of JSON comes to."""
    request = json_format.ParseDict(in_base64(json.loads(body)), ExportTraceServiceRequest())
    return from_protobuf.of_request(request)


def in_base64(node):
    """Returns the same with ids as proto3's JSON has bytes; OTLP has them as hex."""
    if isinstance(node, list):
        return [in_base64(one) for one in node]
    if isinstance(node, dict):
        return {key: identity_in_base64(key, held) for key, held in node.items()}
    return node


def identity_in_base64(key: str, held):
    if key in ID_BYTES and isinstance(held, str):
        return base64.b64encode(bytes.fromhex(held)).decode()
    return in_base64(held)
