//! A record waits for what it needs, within bounds, and behind what was said of its span before it.
#![allow(clippy::expect_used, reason = "a story that cannot begin has failed")]

mod board;

use board::{ASK, READ, Ram, TICKS_PER_SECOND, Timer, WAKE, heard, is_of, records, spans};
use exo_trace_core::compact::{OpenSpan, Target, Value32};
use exo_trace_core::stream::Kind;
use exo_trace_core::{SpanContext, SpanId, TraceFlags, TraceId};
use exo_trace_export::device::{Decoder, DeviceRecord};

#[test]
fn a_span_waits_for_the_names_of_what_was_said_of_it() {
    let ram = Ram::new();
    let mut stream = ram.stream(7);
    let recorder = ram.main();
    recorder.in_span(&READ, |_| {
        recorder.event(&WAKE, &[Value32::Int(1)]);
        recorder.attributes(&READ, &[Value32::Int(2)]);
    });
    // The name of the event's call site, the third, is lost.
    let named =
        |frame: &Vec<u8>| is_of(frame, Kind::Site) && frame.windows(4).any(|w| w == b"wake");
    let frames = ram.frames(&mut stream);
    let without: Vec<_> = frames.into_iter().filter(|frame| !named(frame)).collect();
    let mut decoder = Decoder::new();
    assert_eq!(records(heard(&mut decoder, &without.concat())), []);
    assert_eq!(decoder.counts().waiting, 3);
    ram.pass(TICKS_PER_SECOND);
    let out = records(heard(&mut decoder, &ram.frames(&mut stream).concat()));
    let [DeviceRecord::Event { .. }, DeviceRecord::Attributes { .. }, DeviceRecord::Span(_)] =
        out[..]
    else {
        panic!("in the order in which it was said: {out:?}")
    };
}

/// An interrupt's span, which points to what the main loop does.
fn interrupt(ram: &Ram, main: &OpenSpan<'_, '_, Timer<'_>>) {
    let (timer, to) = (ram.timer(), main.id().expect("the main loop does something"));
    timer.in_span(&WAKE, |_| timer.link(Target::Local(to)));
}

#[test]
fn a_link_to_a_span_that_is_still_open_waits_for_its_trace_and_its_own_span_for_the_link() {
    let ram = Ram::new();
    let (mut stream, mut decoder) = (ram.stream(7), Decoder::new());
    let recorder = ram.main();
    let step = recorder.start(&ASK);
    interrupt(&ram, &step);
    assert_eq!(records(heard(&mut decoder, &ram.frames(&mut stream).concat())), []);
    assert_eq!(decoder.counts().waiting, 2);
    drop(step);
    let out = records(heard(&mut decoder, &ram.frames(&mut stream).concat()));
    let [
        DeviceRecord::Link { span_id, context },
        DeviceRecord::Span(wake),
        DeviceRecord::Span(step),
    ] = &out[..]
    else {
        panic!("the link before its span: {out:?}")
    };
    assert_eq!((wake.span_id, context.trace_id), (*span_id, step.trace_id));
    assert_eq!(context.span_id, step.span_id);
    assert_eq!((decoder.counts().evicted, decoder.counts().waiting), (0, 0));
}

#[test]
fn whatever_says_a_parents_trace_lets_links_to_it_go() {
    let ram = Ram::new();
    let (mut stream, mut decoder) = (ram.stream(7), Decoder::new());
    let recorder = ram.main();
    let root = recorder.start(&ASK);
    let step = recorder.start(&READ);
    interrupt(&ram, &step);
    assert_eq!(records(heard(&mut decoder, &ram.frames(&mut stream).concat())), []);
    drop(recorder.start(&WAKE));
    let out = records(heard(&mut decoder, &ram.frames(&mut stream).concat()));
    let [DeviceRecord::Link { context, .. }, DeviceRecord::Span(_), DeviceRecord::Span(child)] =
        &out[..]
    else {
        panic!("a link to the parent, which is open: {out:?}")
    };
    let said = (Some(context.span_id), context.trace_id);
    assert_eq!(said, (child.parent_id, child.trace_id));
    // What is known stays known.
    interrupt(&ram, &step);
    assert_eq!(records(heard(&mut decoder, &ram.frames(&mut stream).concat())).len(), 2);
    drop((step, root));
}

#[test]
fn a_context_says_the_trace_of_its_root() {
    let ram = Ram::new();
    let (mut stream, mut decoder) = (ram.stream(7), Decoder::new());
    let (recorder, asked) = (ram.main(), remote(1));
    let root = recorder.continue_trace(&ASK, &asked);
    interrupt(&ram, &root);
    let out = records(heard(&mut decoder, &ram.frames(&mut stream).concat()));
    assert!(matches!(&out[..], [DeviceRecord::Link { context, .. }, DeviceRecord::Span(_)]
        if context.trace_id == asked.trace_id));
    drop(root);
}

#[test]
fn a_link_that_waits_in_vain_is_given_up_and_counted_and_its_span_comes_out() {
    let ram = Ram::new();
    let (mut stream, mut decoder) = (ram.stream(7), Decoder::new());
    let recorder = ram.main();
    let step = recorder.start(&ASK);
    interrupt(&ram, &step);
    let mut rounds = 0;
    let out = loop {
        let out = records(heard(&mut decoder, &ram.frames(&mut stream).concat()));
        if !out.is_empty() {
            break out;
        }
        rounds += 1;
        assert_eq!(decoder.counts().waiting, 2, "after {rounds} rounds");
        ram.pass(TICKS_PER_SECOND);
    };
    assert!(matches!(&out[..], [DeviceRecord::Span(span)] if &*span.site.name == "wake"));
    assert_eq!((rounds, decoder.counts().evicted, decoder.counts().waiting), (4, 1, 0));
    drop(step);
}

#[test]
fn of_too_many_links_that_wait_the_oldest_is_given_up() {
    let ram = Ram::new();
    let (mut stream, mut decoder) = (ram.stream(7), Decoder::new());
    let recorder = ram.main();
    let step = recorder.start(&ASK);
    let mut out = Vec::new();
    for _ in 0..2_050 {
        interrupt(&ram, &step);
        out.extend(records(heard(&mut decoder, &ram.frames(&mut stream).concat())));
    }
    // A link and a span each; with a link its span comes out, and makes room for another link and a span.
    assert_eq!((out.len(), decoder.counts().evicted, decoder.counts().waiting), (2, 2, 4_096));
    drop(step);
    out.extend(records(heard(&mut decoder, &ram.frames(&mut stream).concat())));
    assert_eq!((out.len(), decoder.counts().waiting), (2 * 2_050 - 2 + 1, 0));
}

/// A span of another process.
fn remote(number: u128) -> SpanContext {
    let trace_id = TraceId::new(number << 64 | 1).expect("not zero");
    let span_id = SpanId::new(number as u64).expect("not zero");
    SpanContext { trace_id, span_id, flags: TraceFlags::SAMPLED, is_remote: true }
}

#[test]
fn a_trace_that_was_once_said_to_continue_another_is_never_silently_the_boards_own() {
    let ram = Ram::new();
    let (mut stream, mut decoder) = (ram.stream(7), Decoder::new());
    let recorder = ram.main();
    let mut out = Vec::new();
    let mut hear = |stream: &mut _| {
        let frames = ram.frames(stream);
        let without = frames.into_iter().filter(|frame| !is_of(frame, Kind::Context));
        out.extend(spans(heard(&mut decoder, &without.flatten().collect::<Vec<_>>())));
    };
    let first = recorder.continue_trace(&ASK, &remote(1));
    drop(recorder.start(&READ));
    hear(&mut stream);
    // More traces than the board remembers: it says of the first no longer that it continues another.
    (2..7).for_each(|number| drop(recorder.continue_trace(&WAKE, &remote(number))));
    hear(&mut stream);
    drop(first);
    for _ in 0..5 {
        hear(&mut stream);
        ram.pass(TICKS_PER_SECOND);
    }
    assert_eq!((out.len(), decoder.counts().orphaned), (7, 7), "{:?}", decoder.counts());
    let traces = |name| out.iter().find(|span| &*span.site.name == name).map(|span| span.trace_id);
    assert_eq!(traces("model.ask"), traces("sensor.read"));
}

#[test]
fn a_span_whose_remote_trace_was_forgotten_while_it_waited_is_counted_as_torn_from_it() {
    let ram = Ram::new();
    let (mut stream, mut decoder) = (ram.stream(7), Decoder::new());
    let recorder = ram.main();
    let is_name_of_ask =
        |frame: &Vec<u8>| is_of(frame, Kind::Site) && frame.windows(9).any(|w| w == b"model.ask");
    drop(recorder.continue_trace(&ASK, &remote(1)));
    for other in 2..=4_097 {
        let mut frames = ram.frames(&mut stream);
        frames.retain(|frame| !is_name_of_ask(frame));
        heard(&mut decoder, &frames.concat());
        drop(recorder.continue_trace(&READ, &remote(other)));
    }
    heard(&mut decoder, &ram.frames(&mut stream).concat());
    assert_eq!(decoder.counts().waiting, 1, "for its name");
    ram.pass(TICKS_PER_SECOND);
    let named = heard(&mut decoder, &ram.frames(&mut stream).concat());
    assert_eq!(records(named), [], "it waits for its context now");
    let mut out = Vec::new();
    decoder.finish(|heard| out.push(heard));
    assert_eq!((spans(out).len(), decoder.counts().orphaned), (1, 1));
}

#[test]
fn a_context_later_than_a_span_that_went_without_tears_no_trace_apart() {
    let ram = Ram::new();
    let (mut stream, mut decoder) = (ram.stream(7), Decoder::new());
    let recorder = ram.main();
    let mut out = Vec::new();
    let mut late = Vec::new();
    let mut hear = |stream: &mut _, frames: &mut dyn FnMut(Vec<Vec<u8>>) -> Vec<Vec<u8>>| {
        let frames = frames(ram.frames(stream));
        out.extend(spans(heard(&mut decoder, &frames.concat())));
    };
    let first = recorder.continue_trace(&ASK, &remote(1));
    // More traces than the board remembers.
    (2..7).for_each(|number| drop(recorder.continue_trace(&WAKE, &remote(number))));
    hear(&mut stream, &mut |frames| {
        let (contexts, others) = frames.into_iter().partition(|frame| is_of(frame, Kind::Context));
        late = contexts;
        others
    });
    drop(recorder.start(&READ));
    hear(&mut stream, &mut |frames| frames);
    hear(&mut stream, &mut |_| std::mem::take(&mut late));
    drop(first);
    hear(&mut stream, &mut |frames| frames);
    let traces = |name| out.iter().find(|span| &*span.site.name == name).map(|span| span.trace_id);
    assert_eq!(traces("model.ask"), traces("sensor.read"));
    assert!(traces("wake").is_some_and(|trace| trace == remote(2).trace_id));
    // The one that came after the context is known for what it is.
    assert_eq!((out.len(), decoder.counts().orphaned), (7, 1));
}
