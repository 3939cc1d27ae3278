//! Boards that make up names without end leave the program's tables room for its own.
#![allow(clippy::expect_used, reason = "a story that cannot begin has failed")]

use exo_trace_core::stream::{Kind, VERSION};
use exo_trace_export::device::Bridge;
use exo_trace_export::{TraceBackend, TraceConfig, init};
use exo_trace_std::{key_at_run_time, span_sync};

/// A line on which somebody writes frames as they please.
struct Line {
    seed: u64,
    number: u32,
    bytes: Vec<u8>,
}

impl Line {
    fn begin(seed: u64) -> Self {
        let mut line = Self { seed, number: 0, bytes: vec![0] };
        let said = [&[VERSION][..], &seed.to_le_bytes(), &[0, 1, 0]].concat();
        line.frame(Kind::Boot, &said);
        line.frame(Kind::Anchor, &[&[1][..], &[0; 8]].concat());
        line
    }

    fn frame(&mut self, kind: Kind, said: &[u8]) {
        let head = [(kind as u8) << 4 | (self.number >> 8 & 0x0f) as u8, self.number as u8];
        let payload = [&head, said].concat();
        let mut sum = crc32fast::Hasher::new();
        if kind != Kind::Boot {
            sum.update(&self.seed.to_le_bytes());
        }
        sum.update(&payload);
        let sealed = [&payload[..], &sum.finalize().to_le_bytes()].concat();
        let mut stuffed = vec![0; sealed.len() + 3];
        let filled = cobs::encode_including_sentinels(&sealed, &mut stuffed);
        self.bytes.extend(&stuffed[..filled]);
        self.number += 1;
    }

    /// A call site that nobody has named so before, and a span of it.
    fn site(&mut self, number: u16) {
        let number = [0x80 | number as u8, (number >> 7) as u8];
        let keys = [0, 1, 2, 3].map(|key| format!("\0{}.{}.{key}", self.seed, self.number));
        let facts = [&number[..], &[0], b"made up", keys.concat().as_bytes()].concat();
        self.frame(Kind::Site, &facts);
        self.frame(Kind::Span, &[&[0], &number[..], &[0x10], &[0; 5], &[0, 0, 0]].concat());
    }
}

#[test]
fn a_board_that_makes_up_keys_takes_no_more_than_its_share_of_the_table() {
    let config = TraceConfig::new("gateway").backend(TraceBackend::Memory).without_threads();
    let trace = init(config).expect("nothing records yet");
    let mut bridge = Bridge::new();
    for seed in 1..=4 {
        let mut line = Line::begin(seed);
        (128..1_128).for_each(|number| line.site(number));
        bridge.feed(&line.bytes);
        let _ = trace.drain_now();
    }
    let statistics = bridge.statistics();
    assert_eq!((statistics.spans, statistics.refused), (4_000, 0), "{statistics:?}");
    assert!(!key_at_run_time("the program's own").is_none());
    drop(span_sync!("step", also_its_own = 1));
    let _ = trace.drain_now();
    let step = &trace.memory().expect("the memory backend").named("step")[0];
    assert!(step.attribute("also_its_own").is_some());
}
