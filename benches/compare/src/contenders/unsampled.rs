//! exo-trace where the sampler said no: a child of an unsampled span, against the bare call.

use super::exo_trace::missing;
use crate::contender::{About, Contender, TWO, Way, timed};
use exo_trace::{TraceConfig, span_sync};
use exo_trace_ways::{bursts, spans};

pub(super) const ABOUT: About =
    About { packages: &[], settings: "a sampling rate of 0", lacks: "the spans" };

pub(super) fn set_up() -> Contender {
    let trace = bursts::start(TraceConfig::new("compare").sample_rate(0.0));
    let root = span_sync!("run");
    let mut missing = missing(trace);
    Contender {
        ways: vec![
            Way::bare(),
            Way::silent(TWO, |times| timed(times, spans::two_attributes)),
            Way::silent(super::exo_trace::TRACED_TWO, |times| {
                timed(times, spans::traced_two_attributes)
            }),
        ],
        missing: Box::new(move |expected| {
            // Until the last burst every span is below it.
            let _below = &root;
            missing(expected)
        }),
    }
}
