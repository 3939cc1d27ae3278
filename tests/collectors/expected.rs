//! What a span must look like on the far side: one line of JSON, written from the span itself.
//!
//! The far side's decoders write the same line from what arrived (`canonical.py` has the form). Only
//! public getters are used, so the line also says that they and the wire tell the same story.

use exo_trace::{
    Event, ExportError, Link, SpanData, SpanExporter, SpanKind, StatusCode, TraceFlags, Value,
};
use serde::ser::SerializeSeq;
use serde::{Serialize, Serializer};
use std::borrow::Cow;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

/// The conventions that keys and values follow, as OTLP names them.
const SCHEMA_URL: &str = "https://opentelemetry.io/schemas/1.41.0";
/// Source: `SpanFlags` in OTLP's trace.proto.
const HAS_IS_REMOTE: u32 = 0x100;
const IS_REMOTE: u32 = 0x200;

/// Writes each span's line, as a destination beside the collector.
pub(crate) struct Expected {
    lines: BufWriter<File>,
    written: Arc<AtomicU64>,
}

impl Expected {
    /// Returns the exporter, and how many lines it has written so far.
    pub(crate) fn new(path: &Path) -> std::io::Result<(Self, Arc<AtomicU64>)> {
        let written = Arc::new(AtomicU64::new(0));
        let lines = BufWriter::with_capacity(1 << 20, File::create(path)?);
        Ok((Self { lines, written: Arc::clone(&written) }, written))
    }
}

impl SpanExporter for Expected {
    fn export(&mut self, spans: &[SpanData<'_>]) -> Result<(), ExportError> {
        for span in spans {
            serde_json::to_writer(&mut self.lines, &Line::of(span)).map_err(ExportError::new)?;
            self.lines.write_all(b"\n").map_err(ExportError::new)?;
        }
        // Relaxed: read after a flush, which waits for this.
        self.written.fetch_add(spans.len() as u64, Relaxed);
        Ok(())
    }

    fn flush(&mut self) -> Result<(), ExportError> {
        self.lines.flush().map_err(ExportError::new)
    }
}

type Attributes<'a> = Vec<Attribute<'a>>;

#[derive(Serialize)]
struct Line<'a> {
    span_id: String,
    trace_id: String,
    parent_span_id: String,
    trace_state: &'a str,
    flags: u32,
    name: Cow<'a, str>,
    kind: u32,
    start: u64,
    end: u64,
    attributes: Attributes<'a>,
    dropped_attributes: u32,
    events: Vec<EventLine<'a>>,
    dropped_events: u32,
    links: Vec<LinkLine<'a>>,
    dropped_links: u32,
    status: StatusLine,
    scope: ScopeLine,
    scope_schema_url: &'a str,
    resource: ResourceLine<'a>,
    resource_schema_url: &'a str,
}

#[derive(Serialize)]
struct EventLine<'a> {
    name: &'a str,
    time: u64,
    attributes: Attributes<'a>,
    dropped_attributes: u32,
}

#[derive(Serialize)]
struct LinkLine<'a> {
    trace_id: String,
    span_id: String,
    trace_state: &'a str,
    flags: u32,
    attributes: Attributes<'a>,
    dropped_attributes: u32,
}

#[derive(Serialize)]
struct StatusLine {
    code: u32,
    message: String,
}

#[derive(Serialize)]
struct ScopeLine {
    name: &'static str,
    version: &'static str,
    attributes: [(); 0],
    dropped_attributes: u32,
}

#[derive(Serialize)]
struct ResourceLine<'a> {
    attributes: Attributes<'a>,
    dropped_attributes: u32,
}

impl<'a> Line<'a> {
    fn of(span: &'a SpanData<'_>) -> Self {
        let (status, scope) = (span.status(), span.scope());
        Self {
            span_id: span.span_id().to_string(),
            trace_id: span.trace_id().to_string(),
            parent_span_id: span.parent_span_id().map_or(String::new(), |id| id.to_string()),
            trace_state: "",
            flags: flags(span.trace_flags(), span.is_parent_remote()),
            name: span.name(),
            kind: kind(span.kind()),
            start: span.start_unix_nano(),
            end: span.end_unix_nano(),
            attributes: attributes(span.attributes()),
            dropped_attributes: span.dropped_attributes_count(),
            events: span.events().map(EventLine::of).collect(),
            dropped_events: span.dropped_events_count(),
            links: span.links().map(LinkLine::of).collect(),
            dropped_links: span.dropped_links_count(),
            status: StatusLine {
                code: code(status.code()),
                message: status.description().to_owned(),
            },
            scope: ScopeLine {
                name: scope.name,
                version: scope.version,
                attributes: [],
                dropped_attributes: 0,
            },
            scope_schema_url: SCHEMA_URL,
            resource: ResourceLine {
                attributes: attributes(span.resource().attributes()),
                dropped_attributes: 0,
            },
            resource_schema_url: SCHEMA_URL,
        }
    }
}

impl<'a> EventLine<'a> {
    fn of(event: Event<'a>) -> Self {
        Self {
            name: event.name,
            time: event.time_unix_nano,
            attributes: attributes(event.attributes.into_iter()),
            dropped_attributes: 0,
        }
    }
}

impl<'a> LinkLine<'a> {
    fn of(link: Link<'a>) -> Self {
        Self {
            trace_id: link.context.trace_id.to_string(),
            span_id: link.context.span_id.to_string(),
            trace_state: "",
            flags: flags(link.context.flags, link.context.is_remote),
            attributes: attributes(link.attributes.into_iter()),
            dropped_attributes: 0,
        }
    }
}

/// A key with its type and value, as `["key", "int", 5]`.
struct Attribute<'a>(&'a str, Value<'a>);

fn attributes<'a>(list: impl Iterator<Item = (&'a str, Value<'a>)>) -> Attributes<'a> {
    list.map(|(key, value)| Attribute(key, value)).collect()
}

impl Serialize for Attribute<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut list = serializer.serialize_seq(Some(3))?;
        list.serialize_element(self.0)?;
        match self.1 {
            Value::Bool(value) => typed(&mut list, "bool", &value)?,
            Value::I64(value) => typed(&mut list, "int", &value)?,
            // OTLP has no unsigned integers: what an `i64` cannot hold travels as its digits.
            Value::U64(value) => typed(&mut list, "string", &value.to_string())?,
            Value::F64(value) => typed(&mut list, "double", &bits(value))?,
            Value::Text(text) => typed(&mut list, "string", text)?,
            Value::Texts(texts) => {
                let texts: Vec<_> = texts.iter().map(|text| ("string", text)).collect();
                typed(&mut list, "array", &texts)?;
            }
            _ => list.serialize_element("nothing")?,
        }
        list.end()
    }
}

fn typed<L: SerializeSeq, T: Serialize + ?Sized>(
    list: &mut L,
    kind: &str,
    value: &T,
) -> Result<(), L::Error> {
    list.serialize_element(kind)?;
    list.serialize_element(value)
}

/// A double as its sixteen hex digits, so that NaN and the last bit count too.
fn bits(value: f64) -> String {
    format!("{:016x}", value.to_bits())
}

fn flags(flags: TraceFlags, is_remote: bool) -> u32 {
    let remote = if is_remote { IS_REMOTE } else { 0 };
    u32::from(flags.to_byte()) | HAS_IS_REMOTE | remote
}

/// Source: `SpanKind` in OTLP's trace.proto.
fn kind(kind: SpanKind) -> u32 {
    match kind {
        SpanKind::Internal => 1,
        SpanKind::Server => 2,
        SpanKind::Client => 3,
        SpanKind::Producer => 4,
        SpanKind::Consumer => 5,
    }
}

/// Source: `StatusCode` in OTLP's trace.proto.
fn code(code: StatusCode) -> u32 {
    match code {
        StatusCode::Unset => 0,
        StatusCode::Ok => 1,
        StatusCode::Error => 2,
    }
}
