//! The way from records to OTLP bytes without threads: what benches, fuzz targets and tests drive.
//!
//! Not for callers: it changes without notice.

use crate::SpanData;
use crate::assemble::Assembler;
use crate::batch::Batch;
use crate::config::{Limits, ResourceValue};
use crate::dialect::{Dialect, Dialects, Vocabulary};
use crate::exporter::Encoder;
use crate::resource::Resource;
use crate::statistics::Tally;
use crate::timeline::Timeline;
use exo_trace_core::Record;
use exo_trace_std::HostClock;
use std::sync::Arc;

/// Returns every key and every name that any dialect reads or writes, each once, in order.
///
/// An encoder is compared with [`SpanData`] on these: of other keys no dialect makes anything.
pub fn names() -> Vec<&'static str> {
    let mut names: Vec<_> = Dialect::all_names().collect();
    names.sort_unstable();
    names.dedup();
    names
}

/// Spans as a destination gets them.
#[derive(Debug)]
pub struct Assembled {
    batch: Batch,
}

impl Assembled {
    /// Joins records, one after the other as they stand in a ring, to spans of a service.
    ///
    /// Stops where no record follows; what does not belong to a span is left out.
    pub fn of(words: &[u64], service_name: &str) -> Self {
        Self::in_dialects(words, service_name, Dialects::default(), "exo")
    }

    /// Returns the same by other names.
    pub fn in_dialects(
        words: &[u64],
        service_name: &str,
        dialects: Dialects,
        namespace: &str,
    ) -> Self {
        Joiner::of(service_name, dialects, namespace).join(words)
    }

    /// Returns the span at `place` by itself.
    pub fn only(&self, place: usize) -> Self {
        Self { batch: self.batch.only(place) }
    }

    /// Returns every span.
    pub fn spans(&self) -> impl Iterator<Item = SpanData<'_>> {
        self.batch.data()
    }
}

/// Joins records to spans of one service, by the names of its dialects: made once for any records.
#[derive(Debug)]
pub struct Joiner {
    resource: Arc<Resource>,
    vocabulary: Arc<Vocabulary>,
    timeline: Timeline,
}

impl Joiner {
    /// Returns one for a service.
    pub fn of(service_name: &str, dialects: Dialects, namespace: &str) -> Self {
        HostClock::start();
        let attributes = vec![("service.name".to_owned(), ResourceValue::from(service_name))];
        let resource = Arc::new(Resource::new(attributes));
        let vocabulary = Arc::new(Vocabulary::new(dialects, namespace));
        Self { resource, vocabulary, timeline: Timeline::start() }
    }

    /// Joins records, one after the other as they stand in a ring.
    ///
    /// Stops where no record follows; what does not belong to a span is left out.
    pub fn join(&self, mut words: &[u64]) -> Assembled {
        let most = usize::MAX;
        let limits =
            Limits { attribute_count_max: most, event_count_max: most, link_count_max: most };
        let (resource, vocabulary) = (Arc::clone(&self.resource), Arc::clone(&self.vocabulary));
        let mut assembler = Assembler::new(limits, resource, vocabulary);
        let (timeline, mut tally) = (&self.timeline, Tally::default());
        while let Some(&header) = words.first()
            && let Some((record, after)) = words.split_at_checked(Record::words(header))
        {
            assembler.take(record, timeline, &mut tally);
            words = after;
        }
        // What is held for other rings is whole after two passes.
        assembler.end_pass(timeline, &mut tally, most);
        assembler.end_pass(timeline, &mut tally, most);
        Assembled { batch: assembler.batch() }
    }
}

/// Writes spans into requests of a bounded length.
#[derive(Debug)]
pub struct Requests {
    encoder: Encoder,
}

impl Requests {
    /// Returns an encoder for spans of the service that `spans` are of.
    pub fn of(spans: &Assembled, bytes_max: usize) -> Self {
        Self { encoder: Encoder::new(&spans.batch.resource, bytes_max) }
    }

    /// Writes all spans into requests and hands each over with the number of its spans; returns how
    /// many spans were too long however much they were cut.
    pub fn write(&mut self, spans: &Assembled, mut see: impl FnMut(usize, &[u8])) -> usize {
        let (batch, encoder) = (&spans.batch, &mut self.encoder);
        let (mut place, mut lost) = (0, 0);
        while place < batch.len() {
            place += encoder.push(batch, place..batch.len());
            if encoder.is_empty() {
                lost += usize::from(!encoder.push_cut(batch, place));
                place += 1;
            }
            let spans = encoder.len();
            see(spans, &encoder.finish());
        }
        lost
    }
}
