//! A board's spans reach this process's destinations: its own resource, the world's time, one trace.
#![allow(clippy::expect_used, reason = "a story that cannot begin has failed")]

mod board;

use board::host::{alone, start};
use board::{ASK, READ, Ram, WAKE};
use exo_trace_core::compact::{Site, Sites, Target, Value32, site};
use exo_trace_core::stream::{Board, Stream};
use exo_trace_core::{Outcome, StatusCode, Value};
use exo_trace_export::device::{Bridge, BridgeStatistics};
use exo_trace_export::{
    Delivery, ExportError, Memory, SpanData, SpanExporter, TraceConfig, TraceGuard, init,
};
use exo_trace_std::{Context, Span};
use std::io::{self, Cursor, ErrorKind, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

const DEADLINE: Duration = Duration::from_secs(60);

fn memory(trace: &TraceGuard) -> &Memory {
    trace.memory().expect("the memory backend")
}

fn complete(delivery: Delivery) {
    assert!(delivery.is_complete(), "{delivery}");
}

fn comes_out_even(statistics: &BridgeStatistics) {
    let told = statistics.spans + statistics.facts + statistics.refused;
    assert_eq!(told, statistics.device.records, "{statistics}");
}

#[test]
fn a_boards_span_arrives_with_all_that_was_said_of_it() {
    let _alone = alone();
    let trace = start();
    let ram = Ram::new();
    let mut stream = ram.stream(7);
    let recorder = ram.main();
    ram.pass(100);
    let mut ask = recorder.start(&ASK);
    ask.set(0, 812_u32);
    ask.set(2, true);
    recorder.in_span(&READ, |read| read.set(1, 21));
    recorder.event(&WAKE, &[Value32::Int(3)]);
    recorder.text(&WAKE, "grüße");
    recorder.link(Target::Local(ask.id().expect("it is recorded")));
    ram.pass(50);
    ask.end(Outcome::Error);

    let mut bridge = Bridge::new();
    for part in ram.frames(&mut stream).concat().chunks(5) {
        bridge.feed(part);
    }
    complete(trace.drain_now());
    let (asks, reads) = (memory(&trace).named("model.ask"), memory(&trace).named("sensor.read"));
    let ([ask], [read]) = (&asks[..], &reads[..]) else { panic!("{}", memory(&trace).tree()) };
    assert_eq!(read.parent_span_id(), Some(ask.span_id()));
    assert_eq!(ask.kind().as_str(), "client");
    assert_eq!(ask.status().code(), StatusCode::Error);
    assert_eq!(ask.attribute("tokens"), Some(Value::I64(812)));
    assert_eq!(ask.attribute("is_cached"), Some(Value::Bool(true)));
    assert_eq!(ask.attribute("reason"), Some(Value::Text("grüße")));
    assert_eq!(read.attribute("celsius"), Some(Value::I64(21)));
    let events: Vec<_> = ask.events().collect();
    assert_eq!(events[0].name, "wake");
    assert_eq!(events[0].attributes, [("reason", Value::I64(3))]);
    assert_eq!(ask.links().count(), 1);
    assert_eq!(ask.duration(), Duration::from_micros(50));
    assert_eq!(ask.resource().attribute("device.id"), Some(Value::Text("bench-7")));
    assert_eq!(ask.resource().service_name(), "sensor");
    let statistics = bridge.statistics();
    assert_eq!((statistics.spans, statistics.facts, statistics.refused), (2, 3, 0));
    comes_out_even(&statistics);
}

#[test]
fn a_boards_error_is_of_a_class_which_its_own_word_names_better() {
    static WHY: Site = site!("why", ["error.type"]);
    static SITES: &[&[Site]] = &[&[READ, ASK, WHY]];
    let _alone = alone();
    let trace = start();
    let ram = Ram::new();
    let board = Board { sites: Sites::new(SITES), ..ram.board(7) };
    let mut stream = Stream::new(board, [ram.main.by_ref(), ram.timer.by_ref()]);
    let recorder = ram.main();
    for outcome in [Outcome::Ended, Outcome::Error, Outcome::Panic, Outcome::Cancelled] {
        recorder.start(&READ).end(outcome);
    }
    let ask = recorder.start(&ASK);
    recorder.text(&WHY, "timeout");
    ask.end(Outcome::Error);
    Bridge::new().feed(&ram.frames(&mut stream).concat());
    complete(trace.shutdown(DEADLINE));
    let classes = |name| {
        let spans = memory(&trace).named(name);
        let class = |span: &SpanData<'_>| span.attribute("error.type").map(|it| format!("{it:?}"));
        spans.iter().map(class).collect::<Vec<_>>()
    };
    let text = |class| Some(format!("{:?}", Value::Text(class)));
    assert_eq!(classes("sensor.read"), [None, text("_OTHER"), text("panic"), None]);
    assert_eq!(classes("model.ask"), [text("timeout")]);
}

#[test]
fn what_the_host_asked_for_is_a_child_of_the_hosts_span() {
    let _alone = alone();
    let trace = start();
    let ram = Ram::new();
    let (mut stream, mut bridge) = (ram.stream(7), Bridge::new());
    let asks = Span::start("ask the board", ());
    let context = asks.in_scope(|| Context::current().span_context()).expect("it is recorded");
    drop(ram.main().continue_trace(&ASK, &context));
    bridge.feed(&ram.frames(&mut stream).concat());
    asks.end();
    complete(trace.drain_now());
    let asked = memory(&trace).named("ask the board");
    let children = memory(&trace).children_of(&asked[0]);
    assert_eq!(children.len(), 1, "{}", memory(&trace).tree());
    assert_eq!(children[0].trace_id(), asked[0].trace_id());
    assert!(children[0].is_parent_remote());
    assert_ne!(children[0].resource(), asked[0].resource());
}

#[test]
fn a_board_without_a_calendar_is_dated_by_when_it_is_heard() {
    let _alone = alone();
    let trace = start();
    let ram = Ram::new();
    let (mut stream, mut bridge) = (ram.stream(7), Bridge::new());
    ram.pass(2_000_000);
    drop(ram.main().start(&READ));
    ram.pass(1_000_000);
    let before = SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970").as_nanos();
    bridge.feed(&ram.frames(&mut stream).concat());
    let after = SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970").as_nanos();
    complete(trace.drain_now());
    let span = &memory(&trace).named("sensor.read")[0];
    let second = 1_000_000_000;
    let moment = u128::from(span.start_unix_nano());
    assert!((before - second..=after - second).contains(&moment), "{moment} before {after}");
}

#[test]
fn a_board_that_knows_the_time_is_believed() {
    let _alone = alone();
    let trace = start();
    let ram = Ram::new();
    let (mut stream, mut bridge) = (ram.stream(7), Bridge::new());
    ram.pass(5_000_000);
    stream.poll(5_000_000);
    stream.set_unix_time(1_700_000_000_000_000_000);
    ram.pass(1_000);
    drop(ram.main().start(&READ));
    bridge.feed(&ram.frames(&mut stream).concat());
    complete(trace.drain_now());
    let span = &memory(&trace).named("sensor.read")[0];
    assert_eq!(span.start_unix_nano(), 1_700_000_000_001_000_000);
}

#[test]
fn another_boot_is_another_board_and_both_are_heard_to_the_end() {
    let _alone = alone();
    let trace = start();
    let mut bridge = Bridge::new().resource("device.id", "not asked").resource("room", "kitchen");
    for seed in [1, 2] {
        let ram = Ram::new();
        let mut stream = ram.stream(seed);
        (0..3).for_each(|_| drop(ram.main().start(&READ)));
        bridge.feed(&ram.frames(&mut stream).concat());
    }
    drop(bridge);
    complete(trace.shutdown(DEADLINE));
    let spans = memory(&trace).named("sensor.read");
    let ids: std::collections::HashSet<_> = spans.iter().map(SpanData::span_id).collect();
    assert_eq!((spans.len(), ids.len()), (6, 6));
    let said = |key| spans[5].resource().attribute(key);
    assert_eq!(said("device.id"), Some(Value::Text("bench-7")), "its own word wins");
    assert_eq!(said("room"), Some(Value::Text("kitchen")));
}

/// A stream of so many spans, one event in each.
fn long_stream(spans: u32) -> Vec<u8> {
    let ram = Ram::new();
    let (mut stream, recorder) = (ram.stream(7), ram.main());
    let mut line = Vec::new();
    for number in 0..spans {
        let mut span = recorder.start(&READ);
        span.set(0, number);
        recorder.event(&WAKE, &[Value32::Unsigned(number)]);
        ram.pass(20);
        span.end(Outcome::Ended);
        line.extend(ram.frames(&mut stream).concat());
    }
    line
}

#[test]
fn what_a_drain_does_not_take_in_time_is_refused_and_counted() {
    let _alone = alone();
    let trace = start();
    let mut bridge = Bridge::new();
    bridge.feed(&long_stream(10_000));
    let delivery = trace.drain_now();
    let statistics = bridge.statistics();
    comes_out_even(&statistics);
    assert!(statistics.refused > 0 && statistics.spans > 0, "{statistics}");
    assert_eq!(delivery.delivered, statistics.spans, "{delivery}");
    assert_eq!(delivery.lost.spans_refused + delivery.delivered, 10_000, "{delivery}");
    let refused = delivery.lost.spans_refused + delivery.lost.facts_refused;
    assert_eq!(refused, statistics.refused, "{delivery}");
}

/// Counts spans, and those of them with an event.
struct Counts(Arc<[AtomicU64; 2]>);

impl SpanExporter for Counts {
    fn export(&mut self, spans: &[SpanData<'_>]) -> Result<(), ExportError> {
        let whole = spans.iter().filter(|span| span.events().count() == 1);
        self.0[0].fetch_add(spans.len() as u64, Relaxed);
        self.0[1].fetch_add(whole.count() as u64, Relaxed);
        Ok(())
    }
}

#[test]
fn a_recording_that_is_longer_than_any_ring_is_read_without_a_loss() {
    let _alone = alone();
    let counts = Arc::new([AtomicU64::new(0), AtomicU64::new(0)]);
    let config = TraceConfig::new("gateway").exporter(Counts(Arc::clone(&counts)));
    let trace = init(config).expect("nothing records yet");
    let reading = Bridge::new().reading(Cursor::new(long_stream(30_000))).expect("a thread");
    let (statistics, end) = reading.wait();
    end.expect("all was read");
    complete(trace.shutdown(DEADLINE));
    assert_eq!((statistics.spans, statistics.facts, statistics.refused), (30_000, 30_000, 0));
    comes_out_even(&statistics);
    let counted = [&counts[0], &counts[1]].map(|count| count.load(Relaxed));
    assert_eq!(counted, [30_000, 30_000]);
}

/// The same line again and again, until somebody says that it is enough.
struct Endless(Vec<u8>, usize, Arc<AtomicBool>);

impl Read for Endless {
    fn read(&mut self, room: &mut [u8]) -> io::Result<usize> {
        let Self(line, at, is_enough) = self;
        let rest = &line[*at % line.len()..];
        let read = if is_enough.load(Relaxed) { 0 } else { rest.len().min(room.len()) };
        room[..read].copy_from_slice(&rest[..read]);
        *at += read;
        Ok(read)
    }
}

#[test]
fn a_board_that_never_ends_does_not_hold_up_a_shutdown() {
    let _alone = alone();
    let (trace, is_enough) = (start(), Arc::new(AtomicBool::new(false)));
    let line = Endless(long_stream(3_000), 0, Arc::clone(&is_enough));
    let reading = Bridge::new().reading(line).expect("a thread");
    while reading.statistics().spans == 0 {
        std::thread::yield_now();
    }
    let (ended, has_ended) = std::sync::mpsc::channel();
    std::thread::spawn(move || drop(ended.send(trace.shutdown(DEADLINE))));
    let delivery = has_ended.recv_timeout(DEADLINE / 3);
    is_enough.store(true, Relaxed);
    let delivery = delivery.expect("it ends though spans go on coming").to_string();
    assert!(!delivery.contains("before everything was done"), "{delivery}");
    comes_out_even(&reading.wait().0);
}

#[test]
fn what_comes_while_nothing_records_is_refused_and_counted() {
    let _alone = alone();
    let mut bridge = Bridge::new();
    bridge.feed(&long_stream(3));
    let statistics = bridge.statistics();
    assert_eq!((statistics.spans, statistics.facts, statistics.refused), (0, 0, 6));
}

/// Has nothing to say before every read, in each way that a socket or a port may put it.
struct Hesitates(Cursor<Vec<u8>>, usize);

impl Read for Hesitates {
    fn read(&mut self, room: &mut [u8]) -> io::Result<usize> {
        const PAUSES: [ErrorKind; 3] =
            [ErrorKind::Interrupted, ErrorKind::TimedOut, ErrorKind::WouldBlock];
        self.1 += 1;
        match PAUSES.get(self.1 % 4) {
            Some(&pause) => Err(pause.into()),
            None => self.0.read(room),
        }
    }
}

#[test]
fn a_line_that_is_silent_for_a_while_has_not_ended() {
    let line = Cursor::new(b"\0no frame\0".to_vec());
    let (statistics, end) = Bridge::new().reading(Hesitates(line, 0)).expect("a thread").wait();
    end.expect("silence is no failure");
    assert_eq!(statistics.device.damaged, 1);
}

/// Says what it has, tells that it has been read, and is silent until it is let go.
struct Silent(Cursor<Vec<u8>>, Sender<()>, Receiver<()>);

impl Read for Silent {
    fn read(&mut self, room: &mut [u8]) -> io::Result<usize> {
        let read = self.0.read(room)?;
        if read == 0 {
            self.1.send(()).expect("somebody waits for it");
            let _ = self.2.recv();
        }
        Ok(read)
    }
}

#[test]
fn a_reading_is_ended_in_the_middle_of_a_line_that_stays_silent() {
    let _alone = alone();
    let trace = start();
    let (is_read, all_is_read) = channel();
    let (let_go, is_let_go) = channel();
    let mut line = long_stream(3);
    // The next frame has begun.
    line.extend([0, 7, 7, 7]);
    let reading = Bridge::new().reading(Silent(Cursor::new(line), is_read, is_let_go));
    let reading = reading.expect("a thread");
    all_is_read.recv().expect("it reads");
    let statistics = reading.finish();
    complete(trace.shutdown(DEADLINE));
    assert_eq!((statistics.spans, statistics.facts), (3, 3));
    assert_eq!((statistics.device.damaged, statistics.device.waiting), (0, 0));
    comes_out_even(&statistics);
    drop(let_go);
}

/// Never falls silent and never ends a frame, and tells when it is let go.
struct Babbling(Sender<()>);

impl Read for Babbling {
    fn read(&mut self, room: &mut [u8]) -> io::Result<usize> {
        room.fill(7);
        Ok(room.len())
    }
}

impl Drop for Babbling {
    fn drop(&mut self) {
        let _ = self.0.send(());
    }
}

#[test]
fn a_reading_of_a_line_that_never_falls_silent_is_ended_and_leaves_it() {
    // Whoever comes first, the thread that leaves or the one that ends it.
    for _ in 0..200 {
        let (let_go, is_let_go) = channel();
        let reading = Bridge::new().reading(Babbling(let_go)).expect("a thread");
        while reading.statistics().bytes == 0 {
            std::thread::yield_now();
        }
        assert_eq!(reading.finish().device.damaged, 0, "what has begun may go on");
        is_let_go.recv_timeout(DEADLINE).expect("its thread ends");
    }
}
