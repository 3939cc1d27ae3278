//! One byte in a hundred is wrong: what arrives whole is read, what does not is counted, and nothing is
//! read that was not sent.
//!
//! 100,000 frames; `tests/ten-million-frames.sh` has more, with an optimized build.

mod board;

use board::{ASK, READ, Ram, WAKE, heard, records};
use exo_trace_core::compact::Value32;
use exo_trace_export::device::{Decoder, DeviceRecord};
use std::collections::HashMap;

/// A sequence of numbers that look random, the same in each run.
struct Chance(u64);

impl Chance {
    fn below(&mut self, end: u32) -> u32 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((u64::from((self.0 >> 32) as u32) * u64::from(end)) >> 32) as u32
    }
}

/// Records a few spans and facts.
fn work(ram: &Ram, chance: &mut Chance) {
    let (main, timer) = (ram.main(), ram.timer());
    let mut ask = main.start(&ASK);
    for place in 0..chance.below(5) as usize {
        ask.set(place, chance.below(u32::MAX));
    }
    ram.pass(chance.below(5_000));
    for _ in 0..chance.below(3) {
        let mut read = main.start(&READ);
        read.set(0, chance.below(200) as i32 - 100);
        ram.pass(chance.below(900));
    }
    main.event(&WAKE, &[Value32::Bool(chance.below(2) == 1)]);
    if chance.below(8) == 0 {
        main.text(&WAKE, "a text of some length, with zeros \0 in it");
    }
    drop(timer.start(&WAKE));
}

/// Replaces one byte in a hundred by another and tells whether any was.
fn damage(frame: &mut [u8], chance: &mut Chance) -> bool {
    let mut is_damaged = false;
    for byte in frame {
        if chance.below(100) == 0 {
            *byte ^= 1 + chance.below(255) as u8;
            is_damaged = true;
        }
    }
    is_damaged
}

#[test]
fn every_frame_that_arrives_whole_is_read_and_nothing_else() {
    let frames_max = std::env::var("EXO_DEVICE_FRAMES").ok().and_then(|text| text.parse().ok());
    let frames_max: u64 = frames_max.unwrap_or(100_000);
    let ram = Ram::new();
    let mut stream = ram.stream(7);
    let mut chance = Chance(1);
    let (mut whole, mut damaged) = (Decoder::new(), Decoder::new());
    // What came out of whole frames and not yet out of the damaged line, by how it prints.
    let mut expected: HashMap<String, u32> = HashMap::new();
    let (mut sent, mut arrived, mut false_records) = (0_u64, 0_u64, 0_u64);
    let mut came = |record: &DeviceRecord, expected: &mut HashMap<String, u32>| {
        let text = format!("{record:?}");
        match expected.get_mut(&text) {
            Some(1) => drop(expected.remove(&text)),
            Some(times) => *times -= 1,
            None => false_records += 1,
        }
    };
    while sent < frames_max {
        // The first round goes out alone, so that each record is known by the frame that brings it.
        if sent > 0 {
            work(&ram, &mut chance);
        }
        ram.pass(20_000);
        for mut frame in ram.frames(&mut stream) {
            let said = records(heard(&mut whole, &frame));
            sent += 1;
            if !damage(&mut frame, &mut chance) {
                arrived += 1;
                for record in said {
                    *expected.entry(format!("{record:?}")).or_default() += 1;
                }
            }
            for record in records(heard(&mut damaged, &frame)) {
                came(&record, &mut expected);
            }
        }
    }
    let mut last = Vec::new();
    damaged.finish(|heard| last.push(heard));
    for record in records(last) {
        came(&record, &mut expected);
    }
    let counts = damaged.counts();
    println!("{sent} frames, {arrived} arrived whole: {counts:?}");
    assert_eq!(false_records, 0);
    assert_eq!(expected.len(), 0, "{:?}", expected.keys().next());
    assert_eq!((counts.frames, counts.evicted, counts.malformed), (arrived, 0, 0));
    assert_eq!(whole.counts().frames, sent);
    // What is missing by number, and what no later number could show.
    let unseen = sent - arrived - counts.missing;
    assert!(unseen < 20, "{unseen} frames are neither read nor missing");
}
