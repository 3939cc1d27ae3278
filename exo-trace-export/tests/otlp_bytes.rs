//! The bytes of a request say what the OpenTelemetry SDK would have said of the same spans.
#![allow(clippy::expect_used, reason = "a test fails by panicking")]

mod oracle;
#[path = "../../exo-trace-core/tests/owned_record/mod.rs"]
mod owned_record;
mod rings;

use exo_trace_core::{
    Callsite, CallsiteFacts, InternedKey, Key, KeyId, Outcome, Record, Ring, Slot, SpanKind, Value,
};
use exo_trace_export::__encode::{self, Assembled, Requests};
use exo_trace_export::{Dialect, Dialects};
use exo_trace_std::{Context, Span, Status, attributes, span_sync};
use owned_record::{OwnedAttribute, OwnedRecord, OwnedValue, Said, any_record};
use proptest::collection::vec;
use proptest::prelude::*;
use std::sync::{LazyLock, Mutex, PoisonError};

/// Enough for whatever these tests write.
const BYTES_MAX: usize = 64 << 20;

const PLAIN: CallsiteFacts = CallsiteFacts {
    name: "plain",
    kind: SpanKind::Internal,
    function: "agent::plain",
    module: "agent",
    file: "agent.rs",
    line: 7,
    scope_name: "agent",
    scope_version: "1.0",
    attributes: &[],
};

/// Call sites that differ in everything; some name keys that spans set as well.
static CALLSITES: [Callsite; 4] = [
    Callsite::new(&PLAIN),
    Callsite::new(&CallsiteFacts {
        name: "execute_tool {exo.tool.name} {gen_ai.request.model}",
        kind: SpanKind::Client,
        attributes: &[
            (Key::new("exo.agent.step"), Value::I64(-1)),
            (Key::new("source"), Value::Text("api")),
            (Key::new("source"), Value::Text("page")),
        ],
        ..PLAIN
    }),
    Callsite::new(&CallsiteFacts {
        name: "{{plain}}",
        kind: SpanKind::Producer,
        function: "",
        scope_name: "tools",
        attributes: &[
            (Key::new("ratio"), Value::F64(0.5)),
            (Key::new("is_new"), Value::Bool(true)),
            (Key::new("gen_ai.operation.name"), Value::Text("execute_tool")),
            (Key::new("gen_ai.tool.name"), Value::Text("search")),
            (Key::new("gen_ai.system"), Value::Text("openai")),
        ],
        ..PLAIN
    }),
    Callsite::new(&CallsiteFacts { scope_version: "2.0", kind: SpanKind::Server, ..PLAIN }),
];

/// Every name that a dialect knows, and words of which dialects make more than a name.
static NAMED: LazyLock<Vec<KeyId>> = LazyLock::new(|| {
    let names = __encode::names();
    assert!(names.contains(&"gen_ai.usage.cost") && names.contains(&"exo.cost.total_usd"));
    let words = ["execute_tool", "invoke_agent", "of.the.program", "exo.of.the.program"];
    let id = |name| Box::leak(Box::new(InternedKey::new(Key::new(name)))).id();
    names.into_iter().chain(words).map(id).collect()
});

/// Returns the words of a record; a span's call site is exchanged for another, or for none.
fn words_of(record: &OwnedRecord, callsite: usize) -> Vec<u64> {
    record.with(|record| through_a_ring(record, callsite))
}

fn through_a_ring(record: &Record<'_>, callsite: usize) -> Vec<u64> {
    static RING: Ring<[Slot; 1 << 13]> = Ring::new();
    static ALONE: Mutex<()> = Mutex::new(());
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    RING.writer(|| {}).record(record).expect("an empty ring has room");
    let mut words = vec![0; 1 << 10];
    let filled = RING.reader().read(&mut words);
    words.truncate(filled);
    if words.first().is_some_and(|header| header & 0xff == 1) {
        let id = CALLSITES.get(callsite).and_then(Callsite::id);
        let number = id.map_or(0, |id| u64::from(id.to_number()));
        // And its trace is sampled, or no request holds it.
        words[0] = words[0] << 16 >> 16 | number << 48 | 1 << 8;
    }
    words
}

/// Records of a few spans at a time, so that most facts find theirs; no id comes back once its span
/// has ended.
fn any_words() -> impl Strategy<Value = Vec<u64>> {
    any_records().prop_map(|records| {
        records.iter().flat_map(|(record, callsite)| words_of(record, *callsite)).collect()
    })
}

fn any_records() -> impl Strategy<Value = Vec<(OwnedRecord, usize)>> {
    vec((any_record(40), 1..5_u64, 0..5_usize), 1..40).prop_map(|records| {
        let mut ended = [0; 5];
        let with_ids = records.into_iter().map(|(mut record, span, callsite)| {
            let before = &mut ended[span as usize];
            record.span = span + 5 * *before;
            *before += u64::from(matches!(record.said, Said::Span { .. }));
            (record, callsite)
        });
        with_ids.collect()
    })
}

/// The same with few keys, all of which dialects know; most spans ended well, and of most nothing was
/// cut, because the others are not written key by key.
fn any_named_words() -> impl Strategy<Value = Vec<u64>> {
    let keys = proptest::sample::subsequence(NAMED.clone(), 1..=9);
    (any_records(), keys, vec(any::<u8>(), 40)).prop_map(|(records, keys, moods)| {
        let mut words = Vec::new();
        for ((mut record, callsite), mood) in records.into_iter().zip(moods) {
            if mood > 30 {
                record.attributes.iter_mut().for_each(|attribute| attribute.is_cut = false);
                if let Said::Span { outcome, .. } = &mut record.said {
                    *outcome = Outcome::Ended;
                }
            }
            words.extend(record.with_keys(&keys, |record| through_a_ring(record, callsite)));
        }
        words
    })
}

/// Every set of dialects, with the library's namespace and with another.
fn any_names() -> impl Strategy<Value = (Dialects, &'static str)> {
    let all = [Dialect::Page, Dialect::GenAi, Dialect::GenAi141, Dialect::OpenInference].to_vec();
    let dialects = proptest::sample::subsequence(all, 1..=4);
    (dialects.prop_map(Dialects::from_iter), proptest::sample::select(&["exo", "acme"][..]))
}

/// Writes all spans and compares each request with the spans in it; returns how many there were.
fn check(spans: &Assembled, bytes_max: usize) -> usize {
    let (mut left, mut requests) = (spans.spans(), 0);
    let lost = Requests::of(spans, bytes_max).write(spans, |count, request| {
        assert!(request.len() <= bytes_max, "{} bytes of {bytes_max}", request.len());
        oracle::check(request, left.by_ref().take(count));
        requests += 1;
    });
    assert_eq!((lost, left.count()), (0, 0));
    requests
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 300, failure_persistence: None, ..ProptestConfig::default()
    })]

    #[test]
    fn any_spans_say_what_the_sdk_says(words in any_words()) {
        let spans = Assembled::of(&words, "agent");
        if spans.spans().count() > 0 {
            prop_assert_eq!(check(&spans, BYTES_MAX), 1);
        }
    }

    #[test]
    fn any_spans_say_the_same_in_any_dialect(words in any_words(), names in any_names()) {
        let (dialects, namespace) = names;
        let spans = Assembled::in_dialects(&words, "agent", dialects, namespace);
        if spans.spans().count() > 0 {
            prop_assert_eq!(check(&spans, BYTES_MAX), 1);
        }
    }

    #[test]
    fn any_spans_that_speak_in_dialects_say_the_same(
        words in any_named_words(),
        names in any_names(),
    ) {
        let (dialects, namespace) = names;
        let spans = Assembled::in_dialects(&words, "agent", dialects, namespace);
        if spans.spans().count() > 0 {
            prop_assert_eq!(check(&spans, BYTES_MAX), 1);
        }
    }

    #[test]
    fn requests_are_bounded_and_no_span_is_left_out(words in any_words(), room in 0..4_000_usize) {
        let spans = Assembled::of(&words, "agent");
        // The longest span alone, and a little more or less beside it.
        let mut longest = 0;
        for place in 0..spans.spans().count() {
            let alone = spans.only(place);
            Requests::of(&alone, BYTES_MAX).write(&alone, |_, request| {
                longest = longest.max(request.len());
            });
        }
        check(&spans, longest + room);
    }

    #[test]
    fn a_span_too_long_is_cut_and_what_went_is_counted(
        words in any_words(),
        bytes_max in 100..1_000_usize,
    ) {
        let spans = Assembled::of(&words, "agent");
        let whole: Vec<_> = spans.spans().collect();
        let (mut places, mut seen) = (whole.iter(), 0);
        let lost = Requests::of(&spans, bytes_max).write(&spans, |count, request| {
            assert!(request.len() <= bytes_max);
            if count == 0 {
                places.next();
                return;
            }
            seen += count;
            let mut found = oracle::spans(request);
            for whole in places.by_ref().take(count) {
                let id = whole.span_id().to_bytes();
                let place = found.iter().position(|span| span.span_id == id).expect("it is there");
                let found = found.swap_remove(place);
                let empty = |value: &Value<'_>| matches!(value, Value::Empty);
                let attributes = whole.attributes().filter(|(_, value)| !empty(value)).count();
                let total = |kept: usize, dropped: u32| kept as u64 + u64::from(dropped);
                assert_eq!(
                    total(found.attributes.len(), found.dropped_attributes_count),
                    total(attributes, whole.dropped_attributes_count())
                );
                assert_eq!(
                    total(found.events.len(), found.dropped_events_count),
                    total(whole.events().count(), whole.dropped_events_count())
                );
                assert_eq!(
                    total(found.links.len(), found.dropped_links_count),
                    total(whole.links().count(), whole.dropped_links_count())
                );
            }
        });
        prop_assert_eq!(seen + lost, whole.len());
    }
}

#[test]
fn spans_made_through_the_api_say_what_the_sdk_says() {
    let words = rings::recorded(|| {
        let run = span_sync!("run {agent}", agent = "researcher", step = 3, "code.file.path" = "x");
        run.add_event("note", attributes! { n = 1, text = "late", none = Value::Empty });
        run.set_status(Status::error("no luck"));
        run.set_attribute("made.at.run.time", u64::MAX);
        for n in 0..3 {
            let tool = span_sync!("tool", n, is_new = n == 0, share = f64::NAN, list = ["a", ""]);
            tool.set_attribute("n", "again");
            tool.add_event("event", ());
            tool.record_error(&std::fmt::Error);
        }
        let remote = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
        let context = exo_trace_std::SpanContext::from_traceparent(remote).expect("it is valid");
        let other = Span::start("other", ());
        other.add_link(&context, attributes! { why = "it asked" });
        drop(other);
        let _attached = Context::of(context).attach();
        let _child = span_sync!("child of another process");
    });
    let spans = Assembled::of(&words, "agent");
    assert_eq!(spans.spans().count(), 6);
    assert_eq!(check(&spans, BYTES_MAX), 1);
}

#[test]
fn any_two_names_of_any_dialects_are_each_written_once() {
    let of = |key| {
        let value = OwnedValue::I64(key as i64);
        OwnedAttribute { key, order: 255, is_cut: false, value }
    };
    let (mut words, mut span) = (Vec::new(), 0);
    for first in 0..NAMED.len() {
        for second in 0..NAMED.len() {
            span += 1;
            let attributes = vec![of(first), of(second)];
            let record = OwnedRecord { attributes, ..ended_span(span) };
            words.extend(record.with_keys(&NAMED, |record| through_a_ring(record, 0)));
        }
    }
    let page_alone = Dialect::Page.into();
    let old = [Dialect::Page, Dialect::GenAi141].into();
    for dialects in [Dialects::default(), page_alone, old, Dialect::OpenInference.into()] {
        let spans = Assembled::in_dialects(&words, "agent", dialects, "exo");
        for span in spans.spans() {
            let mut names: Vec<_> = span.attributes().map(|(name, _)| name).collect();
            names.sort_unstable();
            assert!(names.windows(2).all(|pair| pair[0] != pair[1]), "{dialects}: {names:?}");
        }
        assert_eq!(check(&spans, BYTES_MAX), 1);
    }
}

#[test]
fn a_call_that_says_its_cost_and_the_run_s_says_each_once() {
    let words = rings::recorded(|| {
        let chat = span_sync!("chat", gen_ai.operation.name = "chat", gen_ai.usage.cost = 0.5);
        chat.set_attribute("exo.cost.total_usd", 0.7);
    });
    for dialects in [Dialects::default(), Dialect::Page.into()] {
        let spans = Assembled::in_dialects(&words, "agent", dialects, "exo");
        Requests::of(&spans, BYTES_MAX).write(&spans, |_, request| {
            let span = &oracle::spans(request)[0];
            let is_cost = |key: &str| key == "exo.cost.total_usd";
            let costs = span.attributes.iter().filter(|attribute| is_cost(&attribute.key));
            assert_eq!(costs.count(), 1, "{dialects}: {:?}", span.attributes);
        });
        check(&spans, BYTES_MAX);
    }
}

#[test]
fn an_encoder_follows_the_names_of_its_batches() {
    let words = rings::recorded(|| {
        let chat = span_sync!("chat {gen_ai.system}", gen_ai.provider.name = "openai", exo.n = 1);
        chat.set_attribute("gen_ai.usage.cache_write.input_tokens", 7);
        chat.set_attribute("gen_ai.request.temperature", 0.2);
    });
    let first = Assembled::of(&words, "agent");
    let mut requests = Requests::of(&first, BYTES_MAX);
    for (dialects, namespace, named) in [
        (Dialects::default(), "exo", "gen_ai.system"),
        (Dialect::GenAi141.into(), "exo", "gen_ai.usage.cache_creation.input_tokens"),
        (Dialect::OpenInference.into(), "exo", "llm.invocation_parameters"),
        (Dialect::GenAi.into(), "acme", "acme.n"),
    ] {
        let spans = Assembled::in_dialects(&words, "agent", dialects, namespace);
        requests.write(&spans, |_, request| {
            oracle::check(request, spans.spans());
            let span = &oracle::spans(request)[0];
            assert_eq!(span.name, "chat openai");
            assert!(span.attributes.iter().any(|attribute| attribute.key == named), "{named}");
        });
    }
}

#[test]
fn an_attribute_without_a_key_is_counted() {
    let record = OwnedRecord {
        span: 1,
        said: Said::Event { ticks: 1, name: "event".to_owned() },
        attributes: Vec::new(),
    };
    let mut words = words_of(&record, 0);
    // One attribute, a bool, its key number zero.
    words[0] += 1 << 24 | 2 << 32;
    words.extend([1, 1]);
    words.extend(span_words(1));
    let spans = Assembled::of(&words, "agent");
    Requests::of(&spans, BYTES_MAX).write(&spans, |_, request| {
        assert_eq!(oracle::spans(request)[0].events[0].dropped_attributes_count, 1);
    });
    check(&spans, BYTES_MAX);
}

/// Returns the words of a span without attributes.
fn span_words(span: u64) -> Vec<u64> {
    words_of(&ended_span(span), 0)
}

fn ended_span(span: u64) -> OwnedRecord {
    let said = Said::Span {
        is_at_callsite: false,
        trace: 7,
        parent: 0,
        is_parent_remote: false,
        flags: 1,
        ticks: (1, 2),
        outcome: Outcome::Ended,
        is_foreign: false,
        identity: 0,
        dropped: exo_trace_core::Dropped::default(),
    };
    OwnedRecord { span, said, attributes: Vec::new() }
}
