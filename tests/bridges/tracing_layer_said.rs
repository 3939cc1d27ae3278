//! What spans and events of `tracing` say is kept, each field with its type.

#[path = "../laws/mod.rs"]
mod laws;
#[path = "tracing_layer/subscriber.rs"]
mod subscriber;

use exo_trace::testing::capture;
use exo_trace::{SpanKind, Value, span_sync};
use std::error::Error;
use std::fmt;
use subscriber::{shape_of, subscribe};
use tracing::field::{Empty, display};
use tracing::{debug, error, info, info_span, warn, warn_span};

/// An error, and what caused it.
#[derive(Debug)]
struct Refused(Option<Box<Self>>);

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_some() { "no connection" } else { "port closed" })
    }
}

impl Error for Refused {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.0.as_deref().map(|cause| cause as &dyn Error)
    }
}

fn refused() -> Refused {
    Refused(Some(Box::new(Refused(None))))
}

#[test]
fn fields_keep_their_types_and_their_order() {
    subscribe();
    let trace = capture(|| {
        let text = String::from("made");
        drop(info_span!(
            "all",
            truth = true,
            small = -3_i8,
            large = u64::MAX,
            ratio = 0.5,
            text,
            literal = "said",
            shown = %7,
            debugged = ?["a"],
            huge = i128::MAX,
            bytes = &[1_u8, 0xff][..],
            dotted.name = 1,
            absent = Empty,
        ));
    });
    laws::text_of(&trace);
    let all = &trace.spans()[0];
    let said: Vec<(&str, Value<'_>)> = all.attributes().collect();
    let huge = i128::MAX.to_string();
    let expected = [
        ("level", Value::Text("INFO")),
        ("target", Value::Text("tracing_layer_said")),
        ("truth", Value::Bool(true)),
        ("small", Value::I64(-3)),
        ("large", Value::U64(u64::MAX)),
        ("ratio", Value::F64(0.5)),
        ("text", Value::Text("made")),
        ("literal", Value::Text("said")),
        ("shown", Value::Text("7")),
        ("debugged", Value::Text("[\"a\"]")),
        ("huge", Value::Text(&huge)),
        ("bytes", Value::Text("[01 ff]")),
        ("dotted.name", Value::I64(1)),
    ];
    assert_eq!(said, expected);
}

#[test]
fn a_call_site_says_where_it_is_and_costs_a_span_nothing() {
    subscribe();
    let trace = capture(|| drop(warn_span!(target: "my::part", "placed{0}")));
    let placed = &trace.spans()[0];
    assert_eq!(placed.name(), "placed{0}");
    let said = |key: &'static str| placed.attribute(key);
    assert_eq!(said("level"), Some(Value::Text("WARN")));
    assert_eq!(said("target"), Some(Value::Text("my::part")));
    assert_eq!(said("code.file.path"), Some(Value::Text(file!())));
    assert!(matches!(said("code.line.number"), Some(Value::I64(line)) if line > 0));
    assert_eq!(placed.scope().name, "tracing_layer_said");
}

#[test]
fn what_is_recorded_later_takes_the_place_of_what_was_said_before() {
    subscribe();
    let trace = capture(|| {
        let span = info_span!("call", status = Empty, tries = 1);
        span.record("status", "sent").record("tries", 2).record("unknown", 3);
        span.record("status", display(200));
    });
    assert_eq!(shape_of(&laws::text_of(&trace)), "call tries=2 status=\"200\"\n");
}

#[test]
fn fields_that_opentelemetry_understands_are_no_attributes() {
    subscribe();
    let trace = capture(|| {
        let path = "/users";
        let get = info_span!(
            "request",
            otel.name = %format_args!("GET {path}"),
            otel.kind = "Server",
            otel.status_code = Empty,
            otel.status_message = Empty,
        );
        get.record("otel.status_message", "gone").record("otel.status_code", "ERROR");
        drop(info_span!("fine", otel.kind = "client", otel.status_code = "ok"));
        let late = info_span!("late", otel.kind = Empty, otel.name = Empty);
        late.record("otel.kind", "producer").record("otel.name", "send");
        drop(info_span!("failed", otel.status_code = "Error"));
    });
    let shape = "\
GET /users status=error(\"gone\")
fine status=ok
send
failed status=error
";
    assert_eq!(shape_of(&laws::text_of(&trace)), shape);
    let kind = |name: &str| trace.named(name)[0].kind();
    assert_eq!(kind("GET /users"), SpanKind::Server);
    assert_eq!((kind("fine"), kind("send")), (SpanKind::Client, SpanKind::Producer));
    assert_eq!(kind("failed"), SpanKind::Internal);
}

#[test]
fn events_join_the_span_they_happen_in_whoever_began_it() {
    subscribe();
    let trace = capture(|| {
        let connection = info_span!("connection");
        connection.in_scope(|| info!(bytes = 10, peer = %"::1", "received {}", "data"));
        let _ours = span_sync!("ours");
        warn!(slow = true, ratio = 0.5, "late");
        debug!(parent: &connection, "kept open");
        info!(parent: None, "of nobody");
        info!(only = "fields");
    });
    let text = shape_of(&laws::text_of(&trace));
    let (before, unnamed) = text.split_once("  · event ").expect("one has no message");
    let shape = "\
connection
  · received data bytes=10 peer=\"::1\"
  · kept open
ours
  · late slow=true ratio=0.5
";
    assert_eq!(before, shape);
    assert!(unnamed.contains("tracing_layer_said.rs:"), "{unnamed}");
    assert!(unnamed.ends_with(" only=\"fields\"\n"), "{unnamed}");
}

#[test]
fn an_event_says_its_level_its_target_and_its_place() {
    subscribe();
    let trace = capture(|| info_span!("work").in_scope(|| info!(target: "my::part", "done")));
    let event = trace.spans()[0].events().next().expect("it happened");
    let said: Vec<&str> = event.attributes.iter().map(|(key, _)| *key).collect();
    assert_eq!(said, ["level", "target", "code.file.path", "code.line.number"]);
    assert_eq!(event.attributes[0].1, Value::Text("INFO"));
    assert_eq!(event.attributes[1].1, Value::Text("my::part"));
}

#[test]
fn an_event_of_level_error_makes_its_span_one_that_failed() {
    subscribe();
    let trace = capture(|| {
        info_span!("failed").in_scope(|| error!(code = 7, "disk full"));
        info_span!("warned").in_scope(|| warn!("disk almost full"));
        info_span!("vouched_for", otel.status_code = "OK").in_scope(|| error!("not so bad"));
    });
    let shape = "\
failed status=error(\"disk full\")
  · disk full code=7
warned
  · disk almost full
vouched_for status=ok
  · not so bad
";
    assert_eq!(shape_of(&laws::text_of(&trace)), shape);
}

#[tracing::instrument(err)]
fn connect() -> Result<(), Refused> {
    Err(refused())
}

#[test]
fn an_error_that_a_function_returns_is_an_exception() {
    subscribe();
    let trace = capture(|| assert!(connect().is_err()));
    let shape = "\
connect status=error(\"no connection\")
  · exception exception.message=\"no connection\"
";
    assert_eq!(shape_of(&laws::text_of(&trace)), shape);
}

#[test]
fn an_error_is_told_with_what_caused_it() {
    subscribe();
    let trace = capture(|| {
        let error = refused();
        let error: &(dyn Error + 'static) = &error;
        info_span!("of_span", why = error).in_scope(|| {
            warn!(why = error, "gave up");
            warn!(error);
            warn!(error, "stopped");
        });
    });
    let shape = "\
of_span why=\"no connection\" exception.message=\"no connection\" why.chain=[\"port closed\"] \
status=error(\"no connection\")
  · gave up why=\"no connection\" exception.message=\"no connection\" why.chain=[\"port closed\"]
  · exception exception.message=\"no connection\" error.chain=[\"port closed\"]
  · stopped error=\"no connection\" error.chain=[\"port closed\"] exception.message=\"no connection\"
";
    let text = shape_of(&laws::text_of(&trace));
    assert_eq!(text.replace("chain=port closed", "chain=[\"port closed\"]"), shape);
}

#[test]
fn a_status_keeps_the_reason_that_an_event_gave() {
    subscribe();
    let trace = capture(|| {
        let call = info_span!("call", otel.status_code = Empty);
        call.in_scope(|| error!("disk full"));
        call.record("otel.status_code", "ERROR");
    });
    let shape = "call status=error(\"disk full\")\n  · disk full\n";
    assert_eq!(shape_of(&laws::text_of(&trace)), shape);
}

#[test]
fn a_field_of_an_event_takes_the_place_of_what_its_call_site_says() {
    subscribe();
    let trace = capture(|| info_span!("call").in_scope(|| info!(target = "mine", level = 3, "ok")));
    let event = trace.spans()[0].events().next().expect("it happened");
    let said = |name: &str| {
        let named = event.attributes.iter().filter(|(key, _)| *key == name);
        named.map(|(_, value)| *value).collect::<Vec<_>>()
    };
    assert_eq!(said("target"), [Value::Text("mine")]);
    assert_eq!(said("level"), [Value::I64(3)]);
}

#[test]
fn a_span_points_to_those_it_follows_from() {
    subscribe();
    let mut followed = None;
    let trace = capture(|| {
        let cause = info_span!("cause");
        cause.in_scope(|| followed = exo_trace::Context::current().span_context());
        let effect = info_span!("effect");
        effect.follows_from(&cause);
        effect.follows_from(tracing::Span::none().id());
    });
    let effect = trace.named("effect")[0];
    let links: Vec<_> = effect.links().map(|link| Some(link.context)).collect();
    assert_eq!(links, [followed]);
}

/// Uses `tracing` while it is shown.
struct Chatty;

impl fmt::Debug for Chatty {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        info!("asked");
        drop(info_span!("shown"));
        tracing::Span::current().record("later", 1);
        f.write_str("chatty")
    }
}

struct Broken;

impl fmt::Display for Broken {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        std::panic::resume_unwind(Box::new("no hook is run"))
    }
}

#[test]
fn a_value_that_uses_tracing_while_it_is_shown_waits_for_nobody() {
    subscribe();
    let trace = capture(|| {
        let outer = info_span!("outer", later = Empty, value = Empty).entered();
        outer.record("value", tracing::field::debug(Chatty));
        info!(value = ?Chatty, "said");
    });
    let shape = "\
outer later=1 value=\"chatty\"
  · asked
  · asked
  · said value=\"chatty\"
  shown
  shown
";
    assert_eq!(shape_of(&laws::text_of(&trace)), shape);
}

#[test]
fn a_value_that_panics_while_it_is_shown_is_replaced() {
    subscribe();
    let trace = capture(|| drop(info_span!("call", broken = %Broken, after = 1)));
    let text = shape_of(&laws::text_of(&trace));
    assert!(text.contains("panicked while it was formatted"), "{text}");
    assert!(text.contains(" after=1"), "{text}");
}

#[test]
fn a_long_text_is_cut_and_says_so() {
    subscribe();
    let long = "x".repeat(10_000);
    let trace = capture(|| {
        info_span!("span", long).in_scope(|| info!(long, short = 1, "event"));
    });
    let span = &trace.spans()[0];
    let Some(Value::Text(kept)) = span.attribute("long") else { panic!("a text") };
    assert!((1..long.len()).contains(&kept.len()));
    let event = span.events().next().expect("it happened");
    assert!(event.attributes.contains(&("short", Value::I64(1))));
    assert!(span.attribute("exo.truncated").is_some());
}
