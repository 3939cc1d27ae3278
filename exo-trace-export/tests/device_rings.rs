//! What lies in a board's rings reaches the host with its right time and under its ring's number, or is counted.

mod board;

use board::{READ, Ram, TICKS_PER_SECOND, WAKE, all_of, heard, spans};
use exo_trace_core::stream::{Board, Stream};
use exo_trace_export::device::{Decoder, Heard};

#[test]
fn a_record_that_was_taken_before_the_line_stood_still_never_gets_a_wrong_time() {
    let ram = Ram::new();
    let mut stream = ram.stream(7);
    let mut decoder = Decoder::new();
    heard(&mut decoder, &ram.frames(&mut stream).concat());
    ram.pass(1_000);
    (0..5).for_each(|_| drop(ram.main().start(&READ)));
    stream.poll(ram.ticks.get());
    // The first is on its way, the others were taken with it.
    let mut byte = [0];
    assert_eq!(stream.next_bytes(&mut byte), 1);
    for _ in 0..3 {
        ram.pass(1 << 30);
        stream.poll(ram.ticks.get());
    }
    let line = [byte.to_vec(), all_of(&mut stream)].concat();
    let ends =
        spans(heard(&mut decoder, &line)).iter().map(|span| span.end_ticks).collect::<Vec<_>>();
    ram.pass(TICKS_PER_SECOND);
    heard(&mut decoder, &ram.frames(&mut stream).concat());
    let ring = decoder.counts().rings[0];
    assert_eq!((ends, ring.sent, ring.stale), (vec![1_000], 1, 4));
}

#[test]
fn what_was_recorded_before_there_was_a_stream_is_sent() {
    let ram = Ram::new();
    let board = ram.board(7);
    ram.pass(500);
    drop(ram.main().start(&READ));
    let mut stream = Stream::new(board, [ram.main.by_ref(), ram.timer.by_ref()]);
    let all = spans(heard(&mut Decoder::new(), &ram.frames(&mut stream).concat()));
    assert_eq!(all.iter().map(|span| span.end_ticks).collect::<Vec<_>>(), [500]);
}

#[test]
fn a_line_slower_than_its_rounds_still_takes_records() {
    let ram = Ram::new();
    let mut stream = ram.stream(7).with_round_ticks(100);
    let mut line = Vec::new();
    // Fifty bytes while a round lasts: a boot frame alone is longer.
    for _ in 0..2_000 {
        drop(ram.main().start(&READ));
        ram.pass(10);
        stream.poll(ram.ticks.get());
        let mut room = [0; 5];
        let filled = stream.next_bytes(&mut room);
        line.extend(&room[..filled]);
    }
    let heard = spans(heard(&mut Decoder::new(), &line));
    assert!(heard.len() > 200, "{} spans in {} bytes", heard.len(), line.len());
}

#[test]
fn what_a_ring_lost_is_said_under_its_number() {
    let ram = Ram::new();
    let mut stream = Stream::new(ram.board(7), [ram.timer.by_ref(), ram.main.by_ref()]);
    drop(ram.timer().start(&WAKE));
    let mut decoder = Decoder::new();
    heard(&mut decoder, &ram.frames(&mut stream).concat());
    let recorded: Vec<_> = decoder.counts().rings.iter().map(|ring| ring.recorded).collect();
    assert_eq!(recorded, [0, 1]);
}

#[test]
fn a_boot_frame_says_the_same_however_many_frames_there_were() {
    let ram = Ram::new();
    let value = "x".repeat(220);
    let resource = [("device.name", "bench-7"), ("device.id", value.as_str())];
    for resource in [&resource[..], &resource[1..]] {
        let board = Board { resource, ..ram.board(7) };
        let mut stream = Stream::new(board, [ram.main.by_ref(), ram.timer.by_ref()]);
        let mut said = || {
            ram.pass(TICKS_PER_SECOND);
            let line = ram.frames(&mut stream).concat();
            heard(&mut Decoder::new(), &line).into_iter().find_map(|heard| match heard {
                Heard::Boot(boot) => Some(boot.resource.clone()),
                _ => None,
            })
        };
        let first = said();
        assert!(first.is_some());
        (0..60).for_each(|_| assert_eq!(said(), first));
    }
}
