//! Trace context and baggage between agents that speak Agent2Agent.
//!
//! Agents speak HTTP or gRPC, and the protocol leaves tracing to their headers: with the layers of
//! [`bridge::tower`](crate::bridge) or `reqwest` on both sides there is nothing to do here. Two things have
//! no headers: a message on another transport, a socket or a queue, and a message that is worked on when
//! its request is long answered. For those, [`inject`] writes the context into the `metadata` of what is
//! sent and [`extract`] reads it, under the names of the headers: `traceparent`, `tracestate`, `baggage`.
//!
//! The metadata of a message goes before that of the request around it: it stays with the message.
//!
//! Source: Agent2Agent, "Enterprise implementation", distributed tracing: W3C's headers; the
//! specification, "Data model": `metadata` of requests, messages, tasks and events. It names no keys there;
//! the headers' are what other implementations write.

use super::json::{PARAMS, Part, member, part_of, said, write};
use crate::Context;
use crate::propagation::Propagators;
use serde_json::Value;

const METADATA: &str = "metadata";
/// What a request or an event is about: it has metadata of its own.
const SUBJECTS: [&str; 4] = ["message", "task", "statusUpdate", "artifactUpdate"];

/// Writes the calling thread's context into the metadata of what is sent.
///
/// That is a request of JSON-RPC, its `params`, the body of a request over HTTP, a message, a task, or an
/// event. An answer says nothing to whoever asked, and stays as it is; so does all else where there is
/// nothing to say, or no place for it.
///
/// ```
/// use exo_trace_std::{Span, bridge::a2a};
/// use serde_json::json;
///
/// let mut request = json!({"jsonrpc": "2.0", "id": 1, "method": "message/send", "params": {
///     "message": {"role": "user", "messageId": "m-1", "parts": [{"kind": "text", "text": "Hi."}]},
/// }});
/// let run = Span::start("run", ());
/// run.in_scope(|| a2a::inject(&mut request));
///
/// let caller = a2a::extract(&request);
/// assert_eq!(caller.span_context().map(|span| span.span_id), run.span_context().map(|span| span.span_id));
/// ```
pub fn inject(sent: &mut Value) {
    let Some(said) = said() else { return };
    let params = match part_of(sent) {
        Part::Request => member(sent, PARAMS),
        Part::Params => Some(sent),
        Part::Answer => None,
    };
    let Some(params) = params else { return };
    let subject =
        SUBJECTS.into_iter().find(|subject| params.get(subject).is_some_and(Value::is_object));
    let subject = match subject {
        Some(subject) => params.get_mut(subject),
        None => Some(params),
    };
    if let Some(metadata) = subject.and_then(|subject| member(subject, METADATA)) {
        write(metadata, &said);
    }
}

/// Returns the calling thread's context with what the metadata says in the place of its own.
///
/// It changes nothing by itself: [`Context::attach`] and [`Context::scope`] make it current.
pub fn extract(received: &Value) -> Context {
    let params = match part_of(received) {
        Part::Request => received.get(PARAMS),
        Part::Params => Some(received),
        Part::Answer => None,
    };
    let Some(params) = params else { return Context::current() };
    let subjects = SUBJECTS.into_iter().filter_map(|subject| params.get(subject));
    let outer_first = std::iter::once(params).chain(subjects);
    let metadata = outer_first.filter_map(|subject| subject.get(METADATA));
    metadata.fold(Context::current(), |context, metadata| {
        Propagators::chosen().extract_over(context, metadata)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::SpanContext;
    use serde_json::json;

    const SENT: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    const OTHER: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    fn injected(mut sent: Value) -> Value {
        let caller = SpanContext::from_traceparent(SENT).unwrap();
        let _within = Context::empty().with_span(caller).attach();
        inject(&mut sent);
        sent
    }

    fn caller(received: &Value) -> Option<String> {
        let caller = extract(received).span_context()?;
        Some(caller.to_traceparent().as_str().to_owned())
    }

    #[test]
    fn a_message_carries_it_whatever_is_around() {
        let message = json!({"role": "user", "parts": []});
        let carrying = json!({"role": "user", "parts": [], "metadata": {"traceparent": SENT}});
        let request = |message| json!({"jsonrpc": "2.0", "method": "message/send", "params": {"message": message}});
        assert_eq!(injected(message.clone()), carrying);
        assert_eq!(injected(json!({"message": message})), json!({"message": carrying}));
        let sent = injected(request(message));
        assert_eq!(sent, request(carrying));
        assert_eq!(caller(&sent).as_deref(), Some(SENT));
    }

    #[test]
    fn a_request_without_a_message_carries_it_itself() {
        let sent =
            injected(json!({"jsonrpc": "2.0", "method": "tasks/get", "params": {"id": "t-1"}}));
        assert_eq!(sent["params"], json!({"id": "t-1", "metadata": {"traceparent": SENT}}));
        assert_eq!(caller(&sent).as_deref(), Some(SENT));
    }

    #[test]
    fn an_event_carries_it_and_an_answer_does_not() {
        let event = injected(json!({"statusUpdate": {"taskId": "t-1", "metadata": {"k": 1}}}));
        assert_eq!(event["statusUpdate"]["metadata"], json!({"k": 1, "traceparent": SENT}));
        assert_eq!(caller(&event).as_deref(), Some(SENT));
        let answer = json!({"jsonrpc": "2.0", "id": 1, "result": {"id": "t-1"}});
        assert_eq!(injected(answer.clone()), answer);
    }

    #[test]
    fn the_metadata_of_a_message_goes_before_that_of_its_request() {
        let message = json!({"parts": [], "metadata": {"traceparent": SENT}});
        let params =
            json!({"message": message, "metadata": {"traceparent": OTHER, "baggage": "a=1"}});
        assert_eq!(caller(&params).as_deref(), Some(SENT));
        assert_eq!(extract(&params).baggage().get("a"), Some("1"), "what it does not say stays");
        let params = json!({"message": {"parts": []}, "metadata": {"traceparent": OTHER}});
        assert_eq!(caller(&params).as_deref(), Some(OTHER));
    }

    #[test]
    fn what_has_no_place_for_it_stays_as_it_is() {
        for sent in [json!({"message": {"metadata": [1]}}), json!([1]), json!("text")] {
            assert_eq!(injected(sent.clone()), sent);
            assert_eq!(caller(&sent), None);
        }
    }
}
