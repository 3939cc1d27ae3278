//! How many assembled spans a second become the bytes of OTLP requests, on one core?
//!
//! The same seam as `exo-trace-export/benches/otlp_bytes.rs`: spans are recorded, read from their ring
//! and joined beforehand, and the encoder alone is measured, into requests of 4 MB.

#[path = "../../../../exo-trace-export/tests/rings/mod.rs"]
mod rings;

use super::Said;
use exo_trace_export::__encode::{Assembled, Requests};
use exo_trace_ways::spans::two_attributes;
use std::hint::black_box;
use std::time::{Duration, Instant};

pub(crate) const MILLION_SPANS: &str = "million spans a second";

const BYTES_MAX: usize = 4_000_000;
/// How many bursts of spans are gathered, each short enough for the ring.
const BURSTS: usize = 16;
const BURST: usize = 512;
const WARM_UP: usize = 20;
const MEASURED: Duration = Duration::from_millis(500);

pub(super) fn answer() -> Said {
    let burst = || (0..BURST).for_each(two_attributes);
    let words: Vec<u64> = (0..BURSTS).flat_map(|_| rings::recorded(burst)).collect();
    let spans = Assembled::of(&words, "compare");
    let count = spans.spans().count();
    let mut requests = Requests::of(&spans, BYTES_MAX);
    let mut write = || {
        requests.write(&spans, |_, request| {
            black_box(request.len());
        })
    };
    let unwritten: usize = (0..WARM_UP).map(|_| write()).sum();
    let (start, mut written) = (Instant::now(), 0);
    while start.elapsed() < MEASURED {
        write();
        written += count;
    }
    let millions = written as f64 / 1e6 / start.elapsed().as_secs_f64();
    let lost = BURSTS * BURST - count + unwritten;
    Said::of([(MILLION_SPANS, millions)], lost as u64)
}
