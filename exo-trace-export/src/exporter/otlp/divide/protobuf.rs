//! A request in protobuf, in two halves.

use crate::exporter::otlp::shelter::Part;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest as Request;
use opentelemetry_proto::tonic::trace::v1::{ResourceSpans, ScopeSpans};
use prost::Message;

/// Returns the two halves of a request; `None` when it holds no more than one span, or is none.
pub(super) fn halves(request: &[u8]) -> Option<[Part; 2]> {
    let mut second = Request::decode(request).ok()?;
    let spans = spans_of(&second);
    if spans < 2 {
        return None;
    }
    let first = take(&mut second, spans / 2);
    Some([part(&first), part(&second)])
}

fn part(half: &Request) -> Part {
    Part { request: half.encode_to_vec().into(), spans: spans_of(half) as u64 }
}

fn spans_of(request: &Request) -> usize {
    let scopes = request.resource_spans.iter().flat_map(|resource| &resource.scope_spans);
    scopes.map(|scope| scope.spans.len()).sum()
}

/// Moves the first `wanted` spans out, with what they stood under.
fn take(request: &mut Request, mut wanted: usize) -> Request {
    let mut taken = Request::default();
    for resource in &mut request.resource_spans {
        let scopes = resource.scope_spans.iter_mut().map(|scope| {
            let of_scope = wanted.min(scope.spans.len());
            wanted -= of_scope;
            ScopeSpans { spans: scope.spans.drain(..of_scope).collect(), ..scope.clone() }
        });
        let scope_spans = scopes.filter(|scope| !scope.spans.is_empty()).collect();
        taken.resource_spans.push(ResourceSpans {
            scope_spans,
            resource: resource.resource.clone(),
            schema_url: resource.schema_url.clone(),
        });
        resource.scope_spans.retain(|scope| !scope.spans.is_empty());
    }
    for half in [request, &mut taken] {
        half.resource_spans.retain(|resource| !resource.scope_spans.is_empty());
    }
    taken
}

#[cfg(test)]
mod tests {
    use super::*;
    use opentelemetry_proto::tonic::common::v1::InstrumentationScope;
    use opentelemetry_proto::tonic::resource::v1::Resource;
    use opentelemetry_proto::tonic::trace::v1::Span;

    fn scope(name: &str, spans: &[&str]) -> ScopeSpans {
        let spans = spans.iter().map(|&name| Span { name: name.to_owned(), ..Span::default() });
        let scope = InstrumentationScope { name: name.to_owned(), ..Default::default() };
        ScopeSpans { scope: Some(scope), spans: spans.collect(), schema_url: "s".to_owned() }
    }

    fn resource(dropped_attributes_count: u32, scope_spans: Vec<ScopeSpans>) -> ResourceSpans {
        let resource = Some(Resource { dropped_attributes_count, ..Resource::default() });
        ResourceSpans { resource, scope_spans, schema_url: "r".to_owned() }
    }

    fn decoded(part: &Part) -> Vec<ResourceSpans> {
        Request::decode(&*part.request).unwrap().resource_spans
    }

    #[test]
    fn halves_hold_every_span_once_under_what_it_stood_under() {
        let request = Request {
            resource_spans: vec![
                resource(1, vec![scope("a", &["1", "2", "3"]), scope("b", &["4"])]),
                resource(2, vec![scope("c", &["5", "6"])]),
            ],
        };
        let [first, second] = halves(&request.encode_to_vec()).unwrap();
        assert_eq!((first.spans, second.spans), (3, 3));
        assert_eq!(decoded(&first), [resource(1, vec![scope("a", &["1", "2", "3"])])]);
        let rest =
            [resource(1, vec![scope("b", &["4"])]), resource(2, vec![scope("c", &["5", "6"])])];
        assert_eq!(decoded(&second), rest);
        let [one, two] = halves(&first.request).unwrap();
        assert_eq!(decoded(&one), [resource(1, vec![scope("a", &["1"])])]);
        assert_eq!(decoded(&two), [resource(1, vec![scope("a", &["2", "3"])])]);
    }

    #[test]
    fn one_span_has_no_halves_and_neither_has_noise() {
        let one = Request { resource_spans: vec![resource(1, vec![scope("a", &["1"])])] };
        assert!(halves(&one.encode_to_vec()).is_none());
        assert!(halves(b"\xff\xff\xff").is_none() && halves(b"").is_none());
    }
}
