//! What a board records, a host knows: names, times, parents and traces, whatever happens on the line.

mod board;

use board::{ASK, READ, Ram, SECRET, WAKE, heard, records, spans};
use exo_trace_core::compact::{Recorder, Ring, Target, Value32};
use exo_trace_core::stream::Stream;
use exo_trace_core::{Outcome, SpanContext, SpanKind, Value};
use exo_trace_export::device::{Decoder, DeviceRecord, DeviceSite, Heard};

const ASKED: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

#[test]
fn a_span_with_its_facts_arrives_whole() {
    let ram = Ram::new();
    let mut stream = ram.stream(7);
    ram.pass(100);
    let recorder = ram.main();
    let mut ask = recorder.start(&ASK);
    let id = ask.id().expect("a span that is recorded");
    ask.set(0, 812_u32);
    ask.set(1, 0.25);
    ask.set(3, -1);
    recorder.in_span(&READ, |read| read.set(1, 21));
    recorder.event(&WAKE, &[Value32::Int(3)]);
    recorder.text(&WAKE, "grüße");
    recorder.link(Target::Local(id));
    ram.pass(50);
    ask.end(Outcome::Error);
    let line = ram.frames(&mut stream).concat();

    let mut decoder = Decoder::new();
    let all = heard(&mut decoder, &line);
    let Some(Heard::Boot(boot)) = all.first() else { panic!("a boot comes first: {all:?}") };
    assert_eq!((boot.seed, boot.ticks_per_second), (7, board::TICKS_PER_SECOND));
    assert_eq!(boot.resource[0], ("device.id".into(), "bench-7".into()));

    let all = records(all);
    let spans: Vec<_> = all
        .iter()
        .filter_map(|record| if let DeviceRecord::Span(span) = record { Some(span) } else { None })
        .collect();
    let [read, ask] = spans[..] else { panic!("two spans: {spans:?}") };
    assert_eq!((&*ask.site.name, ask.site.kind), ("model.ask", SpanKind::Client));
    assert_eq!((ask.start_ticks, ask.end_ticks), (100, 150));
    assert_eq!((ask.outcome, ask.parent_id), (Outcome::Error, None));
    let said: Vec<_> = ask.site.named(&ask.values).collect();
    let expected =
        [("tokens", Value::I64(812)), ("cost", Value::F64(0.25)), ("part", Value::I64(-1))];
    assert_eq!(said, expected);
    assert_eq!((read.parent_id, read.trace_id), (Some(ask.span_id), ask.trace_id));

    assert!(
        all.iter()
            .any(|record| matches!(record, DeviceRecord::Event { site, span_id, ticks: 100, .. }
        if &*site.name == "wake" && *span_id == ask.span_id))
    );
    assert!(
        all.iter()
            .any(|record| matches!(record, DeviceRecord::Text { site, text, is_cut: false, .. }
        if site.key(0) == "reason" && &**text == "grüße"))
    );
    // The span that it leads to had not ended when it was said.
    assert!(all.iter().any(|record| matches!(record, DeviceRecord::Link { context, .. }
        if context.span_id == ask.span_id && context.trace_id == ask.trace_id)));
    let counts = decoder.counts();
    assert_eq!((counts.damaged, counts.missing, counts.malformed, counts.waiting), (0, 0, 0, 0));
    assert_eq!(counts.records, 5);
    assert_eq!(counts.rings[0].recorded, 5);
}

#[test]
fn a_text_too_long_for_a_frame_is_cut_and_says_so() {
    let ram = Ram::new();
    // An eighth of this ring is longer than a frame.
    let ring = Ring::<4096, 2>::new();
    let mut stream = Stream::new(ram.board(7), [ring.by_ref()]);
    let recorder = Recorder::new(&ring, ram.clock());
    let span = recorder.start(&READ);
    recorder.text(&WAKE, &"ä".repeat(1_000));
    drop(span);
    stream.poll(0);
    let all = records(heard(&mut Decoder::new(), &board::all_of(&mut stream)));
    assert!(
        all.iter().any(|record| matches!(record, DeviceRecord::Text { text, is_cut: true, .. }
        if **text == "ä".repeat(118)))
    );
}

#[test]
fn a_trace_of_another_process_is_continued() {
    let ram = Ram::new();
    let mut stream = ram.stream(7);
    let parent = SpanContext::from_traceparent(ASKED).expect("well formed");
    let recorder = ram.main();
    let root = recorder.continue_trace(&ASK, &parent);
    drop(recorder.start(&READ));
    drop(root);
    let spans = spans(heard(&mut Decoder::new(), &ram.frames(&mut stream).concat()));
    let [read, ask] = &spans[..] else { panic!("two spans: {spans:?}") };
    assert_eq!((ask.trace_id, ask.parent_id), (parent.trace_id, Some(parent.span_id)));
    assert!(ask.is_parent_remote && !read.is_parent_remote);
    assert_eq!((read.trace_id, read.parent_id), (parent.trace_id, Some(ask.span_id)));
    assert_eq!(read.flags, parent.flags);
}

/// Kinds of frames, as the first byte behind the stuffing's says them.
fn kind(frame: &[u8]) -> u8 {
    let mut bytes = frame[1..frame.len() - 1].to_vec();
    match cobs::decode_in_place(&mut bytes) {
        Ok(_) => bytes[0] >> 4,
        Err(error) => panic!("an undamaged frame is stuffed well: {error}"),
    }
}

#[test]
fn a_context_that_was_lost_is_heard_again() {
    let ram = Ram::new();
    let mut stream = ram.stream(7);
    let parent = SpanContext::from_traceparent(ASKED).expect("well formed");
    drop(ram.main().continue_trace(&ASK, &parent));
    let mut frames = ram.frames(&mut stream);
    let first = frames.iter().position(|frame| kind(frame) == 2).expect("a context");
    frames.remove(first);
    let span = frames.iter().position(|frame| kind(frame) == 5).expect("a span");
    let mut decoder = Decoder::new();
    assert!(spans(heard(&mut decoder, &frames[..=span].concat())).is_empty());
    assert_eq!(decoder.counts().waiting, 1);
    let after = spans(heard(&mut decoder, &frames[span + 1..].concat()));
    assert_eq!(after[0].parent_id, Some(parent.span_id));
    assert_eq!((decoder.counts().missing, decoder.counts().orphaned), (1, 0));
}

#[test]
fn a_context_that_never_comes_leaves_a_trace_of_the_board() {
    let ram = Ram::new();
    let mut stream = ram.stream(7);
    let parent = SpanContext::from_traceparent(ASKED).expect("well formed");
    let recorder = ram.main();
    let root = recorder.continue_trace(&ASK, &parent);
    drop(recorder.start(&READ));
    drop(root);
    let mut decoder = Decoder::new();
    let mut out = Vec::new();
    for _ in 0..6 {
        let frames = ram.frames(&mut stream);
        let without: Vec<_> = frames.into_iter().filter(|frame| kind(frame) != 2).collect();
        out.extend(spans(heard(&mut decoder, &without.concat())));
        ram.pass(board::TICKS_PER_SECOND);
    }
    let [read, ask] = &out[..] else { panic!("two spans: {out:?}") };
    assert_eq!((ask.parent_id, read.parent_id), (None, Some(ask.span_id)));
    assert_eq!(ask.trace_id, read.trace_id);
    assert_ne!(ask.trace_id, parent.trace_id);
    assert_eq!(decoder.counts().orphaned, 2);
}

#[test]
fn a_record_waits_for_its_name_however_long_a_busy_line_takes() {
    let ram = Ram::new();
    let mut stream = ram.stream(7);
    drop(ram.main().start(&READ));
    let mut decoder = Decoder::new();
    for _ in 0..20 {
        let frames = ram.frames(&mut stream);
        let without: Vec<_> = frames.into_iter().filter(|frame| kind(frame) != 1).collect();
        assert!(spans(heard(&mut decoder, &without.concat())).is_empty());
        ram.pass(board::TICKS_PER_SECOND);
    }
    assert_eq!((decoder.counts().waiting, decoder.counts().evicted), (1, 0));
    let named = spans(heard(&mut decoder, &ram.frames(&mut stream).concat()));
    assert_eq!(&*named[0].site.name, "sensor.read");
}

#[test]
fn who_listens_from_the_middle_on_knows_everything_after_a_round() {
    let ram = Ram::new();
    let mut stream = ram.stream(7);
    drop(ram.frames(&mut stream));
    ram.pass(10);
    drop(ram.main().start(&READ));
    let mut decoder = Decoder::new();
    assert!(heard(&mut decoder, &ram.frames(&mut stream).concat()).is_empty());
    assert_eq!(decoder.counts().in_doubt, 1);
    ram.pass(board::TICKS_PER_SECOND);
    let after = spans(heard(&mut decoder, &ram.frames(&mut stream).concat()));
    assert_eq!((&*after[0].site.name, after[0].start_ticks), ("sensor.read", 10));
    assert_eq!(decoder.counts().in_doubt, 0);
}

#[test]
fn a_board_that_starts_anew_is_never_read_as_the_one_before() {
    let before = Ram::new();
    let mut stream = before.stream(7);
    drop(before.main().start(&READ));
    let mut decoder = Decoder::new();
    let first = spans(heard(&mut decoder, &before.frames(&mut stream).concat()));

    // The boot frame of the next boot is lost; what follows looks just like more of the last.
    let after = Ram::new();
    let mut stream = after.stream(8);
    drop(after.main().start(&READ));
    let frames = after.frames(&mut stream);
    assert!(heard(&mut decoder, &frames[1..].concat()).is_empty());
    assert_eq!(decoder.counts().damaged, 0);
    after.pass(board::TICKS_PER_SECOND);
    let second = spans(heard(&mut decoder, &after.frames(&mut stream).concat()));
    assert_eq!(second.len(), 1, "the span that came before the frame that explains it");
    assert_ne!((second[0].span_id, second[0].trace_id), (first[0].span_id, first[0].trace_id));
    let counts = decoder.counts();
    assert_eq!((counts.boots, counts.damaged, counts.in_doubt), (2, 0, 0));
}

#[test]
fn what_a_board_lost_before_it_started_anew_stays_counted() {
    let mut decoder = Decoder::new();
    for seed in [7, 8] {
        let ram = Ram::new();
        let mut stream = ram.stream(seed);
        // More than the ring holds.
        (0..1_000).for_each(|_| drop(ram.main().start(&READ)));
        heard(&mut decoder, &ram.frames(&mut stream).concat());
    }
    let counts = decoder.counts();
    let refused = u64::from(counts.rings[0].refused);
    assert!(refused > 0 && counts.lost_before == refused, "{counts:?}");
}

#[test]
fn ticks_go_on_when_the_timer_wraps() {
    let ram = Ram::new();
    let mut stream = ram.stream(7);
    let mut decoder = Decoder::new();
    let mut out = Vec::new();
    let mut long = Some(ram.main());
    let long_span = long.as_ref().map(|recorder| recorder.start(&ASK));
    // Ten laps of the timer, a third of a quarter at a time.
    for _ in 0..120 {
        ram.pass(1 << 28);
        out.extend(heard(&mut decoder, &ram.frames(&mut stream).concat()));
        drop(ram.timer().start(&READ));
        ram.pass((1 << 30) / 3);
    }
    drop(long_span);
    long.take();
    out.extend(heard(&mut decoder, &ram.frames(&mut stream).concat()));
    let spans = spans(out);
    let begun: Vec<_> = spans.iter().filter(|span| &*span.site.name == "sensor.read").collect();
    assert_eq!(begun.len(), 120);
    let step = begun[1].start_ticks - begun[0].start_ticks;
    assert!(begun.windows(2).all(|pair| pair[1].start_ticks - pair[0].start_ticks == step));
    assert!(begun[119].start_ticks > 10 << 32);
    let ask = spans.iter().find(|span| &*span.site.name == "model.ask").expect("it ended");
    assert_eq!((ask.start_ticks, ask.end_ticks), (0, begun[119].start_ticks + (1 << 30) / 3));
}

#[test]
fn a_record_whose_time_nobody_can_tell_is_counted_instead() {
    let ram = Ram::new();
    let mut stream = ram.stream(7);
    let mut decoder = Decoder::new();
    heard(&mut decoder, &ram.frames(&mut stream).concat());
    let recorder = ram.main();
    let parent = recorder.start(&ASK);
    drop(recorder.start(&READ));
    recorder.text(&WAKE, "no time in it");
    // The line stands still for three quarters of the timer's range; the clock is looked at.
    for _ in 0..3 {
        ram.pass(1 << 30);
        stream.poll(ram.ticks.get());
    }
    drop(parent);
    let all = records(heard(&mut decoder, &ram.frames(&mut stream).concat()));
    assert!(all.iter().any(|record| matches!(record, DeviceRecord::Text { .. })));
    assert!(!all.iter().any(|record| matches!(record, DeviceRecord::Span(span)
        if &*span.site.name == "sensor.read")));
    ram.pass(board::TICKS_PER_SECOND);
    heard(&mut decoder, &ram.frames(&mut stream).concat());
    assert!(decoder.counts().rings[0].stale >= 1);
}

#[test]
fn a_board_that_knows_the_time_says_it() {
    let ram = Ram::new();
    let mut stream = ram.stream(7);
    ram.pass(500);
    stream.poll(500);
    stream.set_unix_time(1_790_000_000_000_000_000);
    ram.pass(250);
    let anchors = heard(&mut Decoder::new(), &ram.frames(&mut stream).concat());
    let anchor = anchors.into_iter().find_map(|heard| match heard {
        Heard::Anchor(anchor) => Some(anchor),
        _ => None,
    });
    let anchor = anchor.expect("an anchor of the first round");
    assert_eq!((anchor.ticks, anchor.unix), (750, Some((500, 1_790_000_000_000_000_000))));
}

#[test]
fn a_full_ring_says_how_much_it_refused() {
    let ram = Ram::new();
    let mut stream = ram.stream(7);
    for _ in 0..100 {
        drop(ram.timer().start(&WAKE));
    }
    let mut decoder = Decoder::new();
    let out = spans(heard(&mut decoder, &ram.frames(&mut stream).concat()));
    ram.pass(board::TICKS_PER_SECOND);
    heard(&mut decoder, &ram.frames(&mut stream).concat());
    let ring = decoder.counts().rings[1];
    assert_eq!(ring.recorded + ring.refused, 100);
    assert_eq!((ring.taken, ring.sent), (ring.recorded, ring.recorded));
    assert_eq!(out.len() as u32, ring.recorded);
}

#[test]
fn a_call_site_that_nobody_listed_is_called_so() {
    let ram = Ram::new();
    let mut stream = ram.stream(7);
    let recorder = ram.main();
    recorder.in_span(&SECRET, |span| span.set(0, 5));
    let mut decoder = Decoder::new();
    let out = spans(heard(&mut decoder, &ram.frames(&mut stream).concat()));
    assert_eq!(&*out[0].site.name, DeviceSite::NOT_LISTED);
    assert_eq!(out[0].site.named(&out[0].values).collect::<Vec<_>>(), [("value.0", Value::I64(5))]);
    assert_eq!(decoder.counts().unlisted, 1);
}

#[test]
fn a_busy_line_keeps_four_fifths_for_records() {
    let ram = Ram::new();
    // A round would never be over: the next is due before.
    let mut stream = ram.stream(7).with_round_ticks(100);
    let mut line = Vec::new();
    let recorder = ram.main();
    for _ in 0..2_000 {
        for _ in 0..10 {
            drop(recorder.start(&READ));
        }
        let mut room = [0; 50];
        ram.pass(10);
        stream.poll(ram.ticks.get());
        let filled = stream.next_bytes(&mut room);
        assert_eq!(filled, room.len(), "the line is busy");
        line.extend(room);
    }
    // The last frame is still on its way.
    let whole = line.iter().rposition(|byte| *byte == 0).expect("frames");
    let frames = board::split(&line[..whole]);
    let bytes_of = |kinds: &[u8]| -> usize {
        let those = frames.iter().filter(|frame| kinds.contains(&kind(frame)));
        those.map(Vec::len).sum()
    };
    let (rest, records) = (bytes_of(&[0, 1, 2, 3, 4]), bytes_of(&[5]));
    let kinds = [0, 1, 3, 4].map(|kind| bytes_of(&[kind]) > 0);
    assert_eq!(kinds, [true; 4], "all of a round is said");
    assert!(records > 10_000 && rest > 1_000, "{rest} bytes of rounds, {records} of records");
    assert!(rest * 4 < records + 400, "{rest} bytes of rounds, {records} of records");
}

#[test]
fn a_board_that_began_anew_with_its_seed_is_known_by_its_anchor_too() {
    let (mut decoder, mut boots) = (Decoder::new(), 0);
    for first in [0, 1] {
        let ram = Ram::new();
        let mut stream = ram.stream(7);
        (0..3).for_each(|_| drop(ram.main().start(&READ)));
        // The second time the boot frame does not arrive.
        for frame in &ram.frames(&mut stream)[first..] {
            decoder.feed(frame, |heard| boots += u32::from(matches!(heard, Heard::Boot(_))));
        }
    }
    let counts = decoder.counts();
    assert_eq!((boots, counts.boots), (2, 2));
    assert!(counts.missing < 2, "{counts:?}");
}

#[test]
fn a_frame_that_the_end_of_the_stream_cut_is_counted() {
    let ram = Ram::new();
    let mut stream = ram.stream(7);
    let line = ram.frames(&mut stream).concat();
    let mut decoder = Decoder::new();
    decoder.feed(&line[..line.len() - 3], |_| {});
    assert_eq!(decoder.counts().damaged, 0);
    decoder.finish(|_| {});
    assert_eq!(decoder.counts().damaged, 1);
}
