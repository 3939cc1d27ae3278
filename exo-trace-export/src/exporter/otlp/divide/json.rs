//! A request in JSON, as it stands in a line or on disk: its spans are counted and shared out, but not
//! looked into.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::ops::Range;

/// An `ExportTraceServiceRequest`, borrowed from its text.
#[derive(Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Request<'a> {
    /// Spans by where they come from.
    #[serde(borrow)]
    pub resource_spans: Vec<ResourceSpans<'a>>,
}

/// The spans of a resource.
#[derive(Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ResourceSpans<'a> {
    /// What recorded them, in JSON.
    #[serde(borrow, skip_serializing_if = "Option::is_none")]
    pub resource: Option<&'a RawValue>,
    /// The spans, by what in the program they come from.
    #[serde(borrow)]
    pub scope_spans: Vec<ScopeSpans<'a>>,
    /// The conventions that the resource follows.
    #[serde(borrow, skip_serializing_if = "str::is_empty")]
    pub schema_url: Cow<'a, str>,
}

/// The spans of an instrumentation scope.
#[derive(Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ScopeSpans<'a> {
    /// The scope, in JSON.
    #[serde(borrow, skip_serializing_if = "Option::is_none")]
    pub scope: Option<&'a RawValue>,
    /// Each span, in JSON.
    #[serde(borrow)]
    pub spans: Vec<&'a RawValue>,
    /// The conventions that the spans follow.
    #[serde(borrow, skip_serializing_if = "str::is_empty")]
    pub schema_url: Cow<'a, str>,
}

impl<'a> Request<'a> {
    /// Reads a request.
    ///
    /// # Errors
    ///
    /// Says where the text is no such request.
    pub fn read(text: &'a [u8]) -> serde_json::Result<Self> {
        serde_json::from_slice(text)
    }

    /// Returns how many spans it holds.
    pub fn spans(&self) -> usize {
        let scopes = self.resource_spans.iter().flat_map(|resource| &resource.scope_spans);
        scopes.map(|scope| scope.spans.len()).sum()
    }

    /// Returns its two halves; `None` when it holds no more than one span.
    pub fn halves(&self) -> Option<[Self; 2]> {
        let spans = self.spans();
        (spans > 1).then(|| [self.part(0..spans / 2), self.part(spans / 2..spans)])
    }

    fn part(&self, wanted: Range<usize>) -> Self {
        let mut first = 0;
        let mut part_of = |scope: &ScopeSpans<'a>| {
            let places = first..first + scope.spans.len();
            first = places.end;
            let of = |place: usize| place.clamp(places.start, places.end) - places.start;
            let spans = scope.spans.get(of(wanted.start)..of(wanted.end)).unwrap_or_default();
            let schema_url = scope.schema_url.clone();
            (!spans.is_empty()).then(|| ScopeSpans {
                scope: scope.scope,
                spans: spans.to_vec(),
                schema_url,
            })
        };
        let resources = self.resource_spans.iter().map(|resource| ResourceSpans {
            resource: resource.resource,
            scope_spans: resource.scope_spans.iter().filter_map(&mut part_of).collect(),
            schema_url: resource.schema_url.clone(),
        });
        let resource_spans =
            resources.filter(|resource| !resource.scope_spans.is_empty()).collect();
        Self { resource_spans }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINE: &str = concat!(
        r#"{"resourceSpans":[{"resource":{"attributes":[]},"scopeSpans":["#,
        r#"{"scope":{"name":"a"},"spans":[{"n":1},{"n":2}],"schemaUrl":"s"},"#,
        r#"{"scope":{"name":"b"},"spans":[{"n":3}]}]},"#,
        r#"{"scopeSpans":[{"spans":[{"n":4},{"n":5}]}]}]}"#,
    );

    #[test]
    fn halves_hold_every_span_once_under_what_it_stood_under() {
        let request = Request::read(LINE.as_bytes()).unwrap();
        assert_eq!(serde_json::to_string(&request).unwrap(), LINE);
        let [one, other] =
            request.halves().unwrap().map(|half| serde_json::to_string(&half).unwrap());
        let first = concat!(
            r#"{"resourceSpans":[{"resource":{"attributes":[]},"scopeSpans":["#,
            r#"{"scope":{"name":"a"},"spans":[{"n":1},{"n":2}],"schemaUrl":"s"}]}]}"#,
        );
        let second = concat!(
            r#"{"resourceSpans":[{"resource":{"attributes":[]},"scopeSpans":["#,
            r#"{"scope":{"name":"b"},"spans":[{"n":3}]}]},"#,
            r#"{"scopeSpans":[{"spans":[{"n":4},{"n":5}]}]}]}"#,
        );
        assert_eq!([one.as_str(), other.as_str()], [first, second]);
    }

    #[test]
    fn one_span_has_no_halves() {
        let one = Request::read(br#"{"resourceSpans":[{"scopeSpans":[{"spans":[{}]}]}]}"#).unwrap();
        assert!(one.spans() == 1 && one.halves().is_none());
    }
}
