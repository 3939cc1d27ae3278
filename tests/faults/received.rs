//! What a collector took: each span by its id, how often, and whether the client could know.

use super::PATIENCE;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use std::collections::HashMap;
use std::fmt;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

#[derive(Default)]
pub(crate) struct Received {
    taken: HashMap<Vec<u8>, Taken>,
    /// Connections that were accepted, also those that were reset at once.
    pub(crate) connections: usize,
    /// Requests that were read to their end, whatever came of them.
    pub(crate) requests: usize,
    /// Paths that were asked for and are none of a collector's.
    pub(crate) strays: Vec<String>,
    /// Bytes of the longest request that was taken.
    pub(crate) longest: usize,
    pub(crate) is_listening: bool,
}

/// How often one span was taken.
#[derive(Clone, Debug, Default)]
struct Taken {
    answered: usize,
    unanswered: usize,
    attribute_bytes: usize,
}

impl Received {
    /// Returns how many different spans it has.
    pub(crate) fn spans(&self) -> u64 {
        self.taken.len() as u64
    }

    /// Tells whether it has the span with this id, in hexadecimal digits.
    pub(crate) fn has(&self, span_id: &str) -> bool {
        let id = u64::from_str_radix(span_id, 16).expect("it is an id");
        self.taken.contains_key(id.to_be_bytes().as_slice())
    }

    /// Returns how many spans came again although the client had been told that they were taken.
    pub(crate) fn needlessly_again(&self) -> usize {
        self.taken.values().filter(|taken| taken.answered > 1).count()
    }

    /// Returns how many spans it took without an answer.
    pub(crate) fn unanswered(&self) -> usize {
        self.taken.values().filter(|taken| taken.unanswered > 0).count()
    }

    /// Returns the most bytes that the attributes of one span have.
    pub(crate) fn longest_attributes(&self) -> usize {
        self.taken.values().map(|taken| taken.attribute_bytes).max().unwrap_or_default()
    }

    /// Takes the spans of a request after the first `but`; returns how many it left.
    fn take(&mut self, request: ExportTraceServiceRequest, but: usize, is_answered: bool) -> usize {
        let scopes = request.resource_spans.into_iter().flat_map(|resource| resource.scope_spans);
        let mut spans = scopes.flat_map(|scope| scope.spans);
        let left = spans.by_ref().take(but).count();
        for span in spans {
            let bytes = span.attributes.iter().map(prost::Message::encoded_len).sum();
            let taken = self.taken.entry(span.span_id).or_default();
            taken.attribute_bytes = bytes;
            match is_answered {
                true => taken.answered += 1,
                false => taken.unanswered += 1,
            }
        }
        left
    }
}

impl fmt::Debug for Received {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { connections, requests, strays, is_listening, .. } = self;
        write!(f, "{} spans, {connections} connections, {requests} requests, ", self.spans())?;
        write!(f, "strays {strays:?}, listening: {is_listening}")
    }
}

/// [`Received`], shared between the collector and the story, which can wait for it to change.
#[derive(Default)]
pub(crate) struct Ledger {
    received: Mutex<Received>,
    changed: Condvar,
}

impl Ledger {
    pub(crate) fn read(&self) -> MutexGuard<'_, Received> {
        self.received.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn note<T>(&self, what: impl FnOnce(&mut Received) -> T) -> T {
        let noted = what(&mut self.read());
        self.changed.notify_all();
        noted
    }

    pub(crate) fn take(
        &self,
        request: ExportTraceServiceRequest,
        but: usize,
        is_answered: bool,
    ) -> usize {
        self.note(|received| received.take(request, but, is_answered))
    }

    /// Waits until it is so.
    pub(crate) fn wait_until(&self, is_so: impl Fn(&Received) -> bool) {
        let until = Instant::now() + PATIENCE;
        let mut received = self.read();
        while !is_so(&received) {
            let left = until.saturating_duration_since(Instant::now());
            assert!(!left.is_zero(), "it never came to that: {received:?}");
            let waited = self.changed.wait_timeout(received, left);
            received = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
    }
}
