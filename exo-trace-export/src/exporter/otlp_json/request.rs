//! A request in OTLP JSON that grows span by span and never passes its bound in bytes.

use super::origin::{OtlpResource, OtlpScope};
use super::span::{LeftOut, Span};
use crate::exporter::otlp_schema::SCHEMA_URL;
use crate::resource::Resource;
use crate::{Scope, SpanData};
use serde::Serialize;

/// Ends the list of resources, and the request.
const END: &[u8] = b"]}";

/// One `ExportTraceServiceRequest` in the making.
pub(crate) struct JsonRequest {
    /// From the request's first byte to its list of scopes.
    opening: Vec<u8>,
    /// Ends a scope's list of spans, and the resource's list of scopes.
    closing: Vec<u8>,
    scopes: Vec<ScopeSpans>,
    pub(super) spans: usize,
    bytes_max: usize,
}

/// A scope's part of the request, up to its last span.
struct ScopeSpans {
    scope: Scope,
    bytes: Vec<u8>,
}

impl JsonRequest {
    /// Returns a request without spans, for a process that says `resource` about itself.
    pub(crate) fn new(resource: &Resource, bytes_max: usize) -> Self {
        let mut opening = br#"{"resourceSpans":[{"resource":"#.to_vec();
        append(&mut opening, &OtlpResource(resource));
        opening.extend_from_slice(br#","scopeSpans":["#);
        let closing = format!(r#"],"schemaUrl":"{SCHEMA_URL}"}}"#).into_bytes();
        Self { opening, closing, scopes: Vec::new(), spans: 0, bytes_max }
    }

    /// Adds a span; `false`, and nothing has changed, where the request would pass its bound.
    pub(crate) fn add(&mut self, span: &SpanData<'_>) -> bool {
        self.add_shown(span.scope(), &Span::whole(span))
    }

    /// Adds a span that is longer than the bound alone, without what makes it so; `false` when not even
    /// that helps.
    pub(crate) fn add_cut(&mut self, span: &SpanData<'_>) -> bool {
        let frame = opened(span.scope()).len() + self.closing.len();
        let room = self.bytes_max.saturating_sub(self.bytes() + frame);
        let left_out = LeftOut::to_fit(span, room);
        left_out
            .is_some_and(|left_out| self.add_shown(span.scope(), &Span::without(span, &left_out)))
    }

    /// Tells whether it holds none.
    pub(crate) fn is_empty(&self) -> bool {
        self.spans == 0
    }

    /// Returns the request's bytes and begins another.
    pub(crate) fn finish(&mut self) -> Vec<u8> {
        let mut request = Vec::with_capacity(self.bytes());
        request.extend_from_slice(&self.opening);
        for (at, scope) in self.scopes.drain(..).enumerate() {
            request.extend_from_slice(if at == 0 { b"" } else { b"," });
            request.extend_from_slice(&scope.bytes);
            request.extend_from_slice(&self.closing);
        }
        request.extend_from_slice(&self.closing);
        request.extend_from_slice(END);
        self.spans = 0;
        request
    }

    /// Returns how long the request is if it is finished now.
    fn bytes(&self) -> usize {
        let frame = self.opening.len() + self.closing.len() + END.len();
        let scopes = self.scopes.iter().map(|scope| scope.bytes.len() + self.closing.len());
        frame + scopes.sum::<usize>() + self.scopes.len().saturating_sub(1)
    }

    fn add_shown(&mut self, scope: Scope, span: &Span<'_, '_>) -> bool {
        let known = self.scopes.iter().position(|known| known.scope == scope);
        let at = known.unwrap_or(self.scopes.len());
        if known.is_none() {
            self.scopes.push(ScopeSpans { scope, bytes: opened(scope) });
        }
        let bytes = &mut self.scopes[at].bytes;
        let end = bytes.len();
        if known.is_some() {
            bytes.push(b',');
        }
        append(bytes, span);
        if self.bytes() <= self.bytes_max {
            self.spans += 1;
            return true;
        }
        match known {
            Some(_) => self.scopes[at].bytes.truncate(end),
            None => self.scopes.truncate(at),
        }
        false
    }
}

/// Returns what stands before a scope's first span.
fn opened(scope: Scope) -> Vec<u8> {
    let mut bytes = br#"{"scope":"#.to_vec();
    append(&mut bytes, &OtlpScope(scope));
    bytes.extend_from_slice(br#","spans":["#);
    bytes
}

fn append(bytes: &mut Vec<u8>, what: &impl Serialize) {
    // Neither can a `Vec` refuse bytes, nor has anything of ours a key that is no string.
    let written = serde_json::to_writer(bytes, what);
    debug_assert!(written.is_ok(), "{written:?}");
}
