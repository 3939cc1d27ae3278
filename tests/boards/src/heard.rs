//! What came out of a board's stream, sorted by what it is.

use exo_trace_core::compact::{Value32, Values};
use exo_trace_core::{SpanContext, SpanId};
use exo_trace_export::device::{
    Decoder, DeviceAnchor, DeviceBoot, DeviceCounts, DeviceRecord, DeviceSite, DeviceSpan,
    Heard as One,
};
use std::fmt;
use std::sync::Arc;

/// All that a board sent.
#[derive(Default)]
pub(crate) struct Heard {
    pub(crate) boots: Vec<Arc<DeviceBoot>>,
    pub(crate) anchors: Vec<DeviceAnchor>,
    pub(crate) spans: Vec<DeviceSpan>,
    pub(crate) facts: Vec<Fact>,
    pub(crate) counts: DeviceCounts,
}

/// Something said of a span.
pub(crate) struct Fact {
    pub(crate) span: SpanId,
    pub(crate) what: What,
}

/// What is said of a span.
pub(crate) enum What {
    /// An event, when, and its values.
    Event(Arc<DeviceSite>, u64, Values),
    /// A text under a key.
    Text(Arc<DeviceSite>, Box<str>),
    /// A link.
    Link(SpanContext),
    /// Numbers.
    Attributes,
}

impl Heard {
    /// Decodes what a board sent, in pieces as small as a line gives them.
    pub(crate) fn from_bytes(bytes: &[u8]) -> Self {
        let mut heard = Self::default();
        let mut decoder = Decoder::new();
        for piece in bytes.chunks(7) {
            decoder.feed(piece, |one| heard.take(one));
        }
        decoder.finish(|one| heard.take(one));
        heard.counts = decoder.counts();
        heard
    }

    fn take(&mut self, one: One) {
        match one {
            One::Boot(boot) => self.boots.push(boot),
            One::Anchor(anchor) => self.anchors.push(anchor),
            One::Record(DeviceRecord::Span(span)) => self.spans.push(span),
            One::Record(record) => self.facts.extend(fact(record)),
            _ => {}
        }
    }

    /// Returns the spans of a call site.
    pub(crate) fn named<'h>(&'h self, name: &'h str) -> impl Iterator<Item = &'h DeviceSpan> {
        self.spans.iter().filter(move |span| &*span.site.name == name)
    }

    /// Returns the span of this id.
    pub(crate) fn span(&self, id: SpanId) -> Option<&DeviceSpan> {
        self.spans.iter().find(|span| span.span_id == id)
    }
}

fn fact(record: DeviceRecord) -> Option<Fact> {
    let (span, what) = match record {
        DeviceRecord::Event { site, span_id, ticks, values } => {
            (span_id, What::Event(site, ticks, values))
        }
        DeviceRecord::Text { site, span_id, text, .. } => (span_id, What::Text(site, text)),
        DeviceRecord::Link { span_id, context } => (span_id, What::Link(context)),
        DeviceRecord::Attributes { span_id, .. } => (span_id, What::Attributes),
        _ => return None,
    };
    Some(Fact { span, what })
}

/// Returns the number under a key of a span, if there is one.
pub(crate) fn number(span: &DeviceSpan, key: &str) -> Option<i64> {
    let place = span.site.keys.iter().position(|known| &**known == key)?;
    match span.values.get(place)? {
        Value32::Int(number) => Some(number.into()),
        Value32::Unsigned(number) => Some(number.into()),
        _ => None,
    }
}

impl fmt::Display for Heard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let DeviceCounts { frames, records, damaged, missing, rings, .. } = &self.counts;
        let (spans, facts) = (self.spans.len(), self.facts.len());
        let refused: u32 = rings.iter().map(|ring| ring.refused).sum();
        write!(
            f,
            "{spans} spans and {facts} facts of them, {records} records in {frames} frames; "
        )?;
        write!(f, "{refused} refused by full rings, {damaged} frames damaged, {missing} missing")
    }
}
