//! The numbers and the one address that OTLP has for what a span says, whatever the encoding.
//!
//! Source: opentelemetry-proto 1.9, `trace.proto` (`SpanFlags`, `SpanKind`, `StatusCode`).

use exo_trace_std::{SpanKind, StatusCode, TraceFlags};

/// The semantic conventions that attributes are named by. 1.41 is the last release that holds the
/// `gen_ai.*` names, and the one that back ends read.
pub(crate) const SCHEMA_URL: &str = "https://opentelemetry.io/schemas/1.41.0";

/// It is known whether the context (of a span's parent, of a link) came from another process.
const HAS_IS_REMOTE: u32 = 0x100;
/// It did.
const IS_REMOTE: u32 = 0x200;

/// Returns the flags of a span, or of a link.
pub(crate) fn flags(flags: TraceFlags, is_remote: bool) -> u32 {
    let remote = if is_remote { IS_REMOTE } else { 0 };
    u32::from(flags.to_byte()) | HAS_IS_REMOTE | remote
}

/// Returns the number of a kind.
pub(crate) fn kind(kind: SpanKind) -> i32 {
    match kind {
        SpanKind::Internal => 1,
        SpanKind::Server => 2,
        SpanKind::Client => 3,
        SpanKind::Producer => 4,
        SpanKind::Consumer => 5,
    }
}

/// Returns the number of a status.
pub(crate) fn status_code(code: StatusCode) -> i32 {
    match code {
        StatusCode::Unset => 0,
        StatusCode::Ok => 1,
        StatusCode::Error => 2,
    }
}
