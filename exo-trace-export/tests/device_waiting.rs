//! A record waits for what it needs, within bounds, and behind what was said of its span before it.
#![allow(clippy::expect_used, reason = "a story that cannot begin has failed")]

mod board;

use board::{READ, Ram, TICKS_PER_SECOND, WAKE, heard, is_of, records};
use exo_trace_core::compact::Value32;
use exo_trace_core::stream::Kind;
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
