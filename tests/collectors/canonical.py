"""One span as one line of JSON: the form in which what was recorded and what arrived are compared.

Every field of OTLP is in it, absent ones as OTLP's defaults, so that nothing can go missing unseen.
Doubles are their sixteen hex digits: NaN, -0.0 and the last bit count too. `expected.rs` beside this
file writes the same line from the span itself, and shares no code with what is read here.
"""

import struct
from json.encoder import JSONEncoder

to_json = JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False).encode

# Where the span's id stands in a line, so that two lines are paired without reading them.
SPAN_ID = slice(len('{"span_id":"'), len('{"span_id":"') + 16)

FIELDS = (
    "span_id trace_id parent_span_id trace_state flags name kind start end attributes "
    "dropped_attributes events dropped_events links dropped_links status scope scope_schema_url "
    "resource resource_schema_url"
).split()


def line(*fields: object) -> str:
    """Returns the line of a span; the fields come in the order of `FIELDS`."""
    return to_json(dict(zip(FIELDS, fields, strict=True)))


def double(value: float) -> list:
    return ["double", struct.pack(">d", value).hex()]
