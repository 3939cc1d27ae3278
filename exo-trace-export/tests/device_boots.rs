//! Boots that cannot be read, or for which there is no room, and boards that share what should be their own.
#![allow(clippy::expect_used, reason = "a story that cannot begin has failed")]

mod board;

use board::host::{alone, start};
use board::line::Line;
use board::{READ, Ram, TICKS_PER_SECOND, all_of, heard, is_of, spans};
use exo_trace_core::compact::{Recorder, Ring};
use exo_trace_core::stream::{Kind, Stream, VERSION};
use exo_trace_export::device::{Bridge, Decoder, Heard};
use exo_trace_export::{TraceBackend, TraceConfig, init};
use std::io::Cursor;
use std::time::Duration;

const DEADLINE: Duration = Duration::from_secs(60);
/// As many boards as can be bridged at a time.
const BRIDGED_MAX: usize = 256;

#[test]
fn a_boot_of_a_later_version_is_named_once_and_counted() {
    let mut line = Line::begin(7);
    line.bytes = vec![0];
    (0..3).for_each(|_| line.boot(VERSION + 1));
    let mut decoder = Decoder::new();
    let all = heard(&mut decoder, &line.bytes);
    assert_eq!(all, [Heard::VersionUnread(VERSION + 1)]);
    let counts = decoder.counts();
    assert_eq!((counts.boots_unread, counts.version_unread), (3, Some(VERSION + 1)));
    assert_eq!((counts.frames, counts.damaged, counts.in_doubt), (3, 0, 0));
    let mut bridge = Bridge::new();
    bridge.feed(&line.bytes);
    let said = bridge.statistics().to_string();
    assert!(said.contains("3 boot frames of version 2: 1 is read"), "{said}");
}

#[test]
fn two_rings_of_one_recorders_number_are_seen_by_the_ids_they_share() {
    let ram = Ram::new();
    let again = Ring::<256>::new();
    let mut stream = Stream::new(ram.board(7), [ram.main.by_ref(), again.by_ref()]);
    let second = Recorder::new(&again, ram.clock());
    for _ in 0..3 {
        drop((ram.main().start(&READ), second.start(&READ)));
    }
    let mut decoder = Decoder::new();
    stream.poll(0);
    let out = spans(heard(&mut decoder, &all_of(&mut stream)));
    let ids: std::collections::HashSet<_> = out.iter().map(|span| span.span_id).collect();
    assert_eq!((out.len(), ids.len(), decoder.counts().repeated), (3, 3, 3));
}

#[test]
fn two_boards_of_one_seed_are_told_of() {
    let (mut first, mut second) = (Bridge::new(), Bridge::new());
    let line = Line::begin(0x5eed);
    [&mut first, &mut second].into_iter().for_each(|bridge| bridge.feed(&line.bytes));
    assert_eq!((first.statistics().seeds_shared, second.statistics().seeds_shared), (0, 1));
    drop((first, second));
    let mut third = Bridge::new();
    third.feed(&line.bytes);
    assert_eq!(third.statistics().seeds_shared, 0, "the others are gone");
}

#[test]
fn a_board_for_which_there_is_no_room_is_counted_and_heard_once_there_is() {
    let _alone = alone();
    let trace = start();
    let rams: Vec<_> = (0..=BRIDGED_MAX).map(|_| Ram::new()).collect();
    let mut boards: Vec<_> = (0..)
        .zip(&rams)
        .map(|(seed, ram)| {
            let (mut stream, mut bridge) = (ram.stream(seed), Bridge::new());
            drop(ram.main().start(&READ));
            bridge.feed(&ram.frames(&mut stream).concat());
            (stream, bridge)
        })
        .collect();
    let ((mut stream, mut last), ram) = (boards.pop().expect("one"), &rams[BRIDGED_MAX]);
    let statistics = last.statistics();
    assert_eq!((statistics.boots_refused, statistics.refused, statistics.spans), (1, 1, 0));
    drop(boards);
    let delivery = trace.drain_now();
    assert_eq!((delivery.delivered, delivery.lost.spans_refused), (BRIDGED_MAX as u64, 1));
    let _ = trace.drain_now();
    ram.pass(TICKS_PER_SECOND);
    drop(ram.main().start(&READ));
    last.feed(&ram.frames(&mut stream).concat());
    let statistics = last.statistics();
    assert_eq!((statistics.boots_refused, statistics.refused, statistics.spans), (1, 1, 1));
    assert!(trace.drain_now().lost.spans_refused == 1);
}

#[test]
fn a_recording_of_more_boots_than_there_is_room_for_is_read_without_a_loss() {
    let _alone = alone();
    let config = TraceConfig::new("gateway").backend(TraceBackend::Memory);
    let trace = init(config).expect("nothing records yet");
    let mut line = Vec::new();
    for seed in 1_000..1_000 + 2 * BRIDGED_MAX as u64 {
        let mut boot = Line::begin(seed);
        boot.span(0, 1);
        line.extend(boot.bytes);
    }
    let reading = Bridge::new().reading(Cursor::new(line)).expect("a thread");
    let (statistics, end) = reading.wait();
    end.expect("all was read");
    assert!(trace.shutdown(DEADLINE).is_complete());
    let counted = (statistics.spans, statistics.refused, statistics.boots_refused);
    assert_eq!(counted, (2 * BRIDGED_MAX as u64, 0, 0));
}

#[test]
fn boots_that_nobody_takes_take_no_room() {
    let _alone = alone();
    let mut bridge = Bridge::new();
    for seed in 0..2 * BRIDGED_MAX as u64 {
        let mut boot = Line::begin(5_000 + seed);
        boot.span(0, 1);
        bridge.feed(&boot.bytes);
    }
    let statistics = bridge.statistics();
    assert_eq!((statistics.boots_refused, statistics.refused), (0, 2 * BRIDGED_MAX as u64));
    let trace = start();
    let mut boot = Line::begin(9_000);
    boot.span(0, 1);
    bridge.feed(&boot.bytes);
    assert_eq!((bridge.statistics().spans, trace.drain_now().delivered), (1, 1));
}

#[test]
fn a_frame_that_comes_late_or_twice_is_no_board_that_began_anew() {
    let ram = Ram::new();
    let (mut stream, mut decoder) = (ram.stream(7), Decoder::new());
    drop(ram.main().start(&READ));
    let first = ram.frames(&mut stream);
    assert_eq!(spans(heard(&mut decoder, &first.concat())).len(), 1);
    let again = first.iter().find(|frame| is_of(frame, Kind::Span)).expect("a span's frame");
    let mut out = Vec::new();
    for _ in 0..3 {
        out.extend(spans(heard(&mut decoder, again)));
        // An anchor, whose number is whole.
        ram.pass(TICKS_PER_SECOND);
        out.extend(spans(heard(&mut decoder, &ram.frames(&mut stream).concat())));
    }
    let counts = decoder.counts();
    assert_eq!((out.len(), counts.boots, counts.repeated, counts.missing), (0, 1, 3, 0));
}
