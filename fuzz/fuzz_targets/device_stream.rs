//! Any bytes from a board, and any damage to what it sent: no panic, every frame counted, no span that
//! was not sent.
#![no_main]

#[path = "../../exo-trace-export/tests/board/mod.rs"]
mod board;

use board::{ASK, READ, Ram, SECRET, WAKE, heard, records};
use exo_trace_core::compact::{LocalId, Site, Target, Value32};
use exo_trace_core::stream::PAYLOAD_BYTES_MAX;
use exo_trace_core::{Outcome, SpanContext};
use exo_trace_export::device::{Decoder, DeviceCounts, DeviceRecord};
use exo_trace_fuzz::script::Script;
use libfuzzer_sys::fuzz_target;
use std::collections::HashMap;

const SITES: [&Site; 4] = [&READ, &ASK, &WAKE, &SECRET];
const ASKED: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
/// What may wait, as `exo_trace_export::device` bounds it.
const WAITING_MAX: usize = 4_096;

fuzz_target!(|bytes: &[u8]| {
    let mut script = Script::new(bytes);
    match script.below(3) {
        0 => any_bytes(&mut script),
        1 => any_payloads(&mut script),
        _ => any_damage(&mut script),
    }
});

fn any_bytes(script: &mut Script<'_>) {
    let mut decoder = Decoder::new();
    let piece = 1 + script.below(255);
    for piece in script.rest().chunks(piece) {
        heard(&mut decoder, piece);
    }
    end(decoder);
}

/// Frames of a good sum: what chance would not get past it.
fn any_payloads(script: &mut Script<'_>) {
    let ram = Ram::new();
    let seed = script.number();
    let mut stream = ram.stream(seed);
    let mut decoder = Decoder::new();
    let first = ram.frames(&mut stream);
    let known = script.below(first.len() + 1);
    heard(&mut decoder, &first[..known].concat());
    let mut sent = known as u64;
    while let Some(bytes) = script.step() {
        let payload = script.take(PAYLOAD_BYTES_MAX.min(1 + usize::from(bytes)));
        let is_boot = payload.first().is_some_and(|first| first >> 4 == 0);
        heard(&mut decoder, &framed(payload, if is_boot { None } else { Some(seed) }));
        sent += 1;
    }
    let counts = end(decoder);
    assert!(counts.frames + counts.damaged + counts.in_doubt as u64 == sent, "{counts:?}");
}

/// A frame with this payload, whose sum is right.
fn framed(payload: &[u8], seed: Option<u64>) -> Vec<u8> {
    let before = seed.map(u64::to_le_bytes).unwrap_or_default();
    let summed = [if seed.is_some() { &before[..] } else { &[] }, payload].concat();
    let sum = crc32fast::hash(&summed).to_le_bytes();
    let sealed = [payload, &sum].concat();
    let mut frame = vec![0; sealed.len() + 8];
    let filled = cobs::encode_including_sentinels(&sealed, &mut frame);
    frame.truncate(filled);
    frame
}

/// A board that records, sends, is damaged on the line and starts anew.
fn any_damage(script: &mut Script<'_>) {
    let mut decoder = Decoder::new();
    let mut sent: HashMap<String, u32> = HashMap::new();
    // Compared in the end: a span waits in one decoder behind a link that the other never heard.
    let (mut known, mut out) = (Vec::new(), Vec::new());
    for boot in 0..=script.below(3) as u64 {
        let ram = Ram::new();
        let mut stream = ram.stream(boot);
        let mut whole = Decoder::new();
        for _ in 0..1 + script.below(40) {
            record(&ram, script);
            for frame in ram.frames(&mut stream) {
                known.extend(heard(&mut whole, &frame));
                out.extend(heard(&mut decoder, &damaged(frame, script)));
            }
        }
        whole.finish(|heard| known.push(heard));
        assert_eq!(whole.counts().missing, 0);
    }
    decoder.finish(|heard| out.push(heard));
    for record in records(known) {
        *sent.entry(said(&record)).or_default() += 1;
    }
    records(out).iter().for_each(|record| came(record, &mut sent));
    end(decoder);
}

fn record(ram: &Ram, script: &mut Script<'_>) {
    let recorder = if script.flag() { ram.main() } else { ram.timer() };
    let site = SITES[script.below(SITES.len())];
    let mut span = match (script.flag(), SpanContext::from_traceparent(ASKED)) {
        (true, Ok(asked)) => recorder.continue_trace(site, &asked),
        _ => recorder.start(site),
    };
    span.set(script.below(4), Value32::Int(script.number() as i32));
    span.set(script.below(4), Value32::Bool(script.flag()));
    recorder.event(&WAKE, &[Value32::Float(script.number() as f32)]);
    if script.flag() {
        recorder.text(&WAKE, script.text());
        if let Some(to) = LocalId::new(script.number() as u32) {
            recorder.link(Target::Local(to));
        }
    }
    let outcomes = [Outcome::Ended, Outcome::Error, Outcome::Panic, Outcome::Cancelled];
    ram.pass(script.number() as u32 & (1 << 30) - 1);
    span.end(outcomes[script.below(4)]);
}

/// The frame as it arrives: whole, changed, cut, longer or not at all.
fn damaged(mut frame: Vec<u8>, script: &mut Script<'_>) -> Vec<u8> {
    let place = script.below(256) % frame.len();
    match script.below(8) {
        0 => frame[place] ^= script.byte(),
        1 => drop(frame.remove(place)),
        2 => frame.insert(place, script.byte()),
        3 => frame.truncate(place),
        4 => frame.clear(),
        _ => {}
    }
    frame
}

/// What of a record stays the same, whether or not the origin of its trace was heard.
fn said(record: &DeviceRecord) -> String {
    match record {
        DeviceRecord::Span(span) => format!(
            "{} {} {}..{} {:?} {:?}",
            span.site.name,
            span.span_id,
            span.start_ticks,
            span.end_ticks,
            span.outcome,
            span.values
        ),
        DeviceRecord::Link { span_id, context } => format!("{span_id} to {}", context.span_id),
        other => format!("{other:?}"),
    }
}

fn came(record: &DeviceRecord, sent: &mut HashMap<String, u32>) {
    let times = sent.get_mut(&said(record)).filter(|times| **times > 0);
    // A link waits in one decoder for a span that the other heard already.
    if !matches!(record, DeviceRecord::Link { .. }) {
        *times.expect("nothing comes out that was not sent") -= 1;
    }
}

/// Every frame that was read is one of these.
fn end(mut decoder: Decoder) -> DeviceCounts {
    assert!(decoder.counts().waiting <= WAITING_MAX);
    decoder.finish(|_| {});
    let counts = decoder.counts();
    assert_eq!(counts.waiting, 0, "{counts:?}");
    let known = counts.records + counts.malformed + counts.unknown;
    assert!(known <= counts.frames, "{counts:?}");
    counts
}
