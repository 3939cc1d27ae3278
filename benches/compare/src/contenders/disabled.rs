//! exo-trace switched off when the program starts, against the bare call.

use super::exo_trace::missing;
use crate::contender::{About, Contender, TWO, Way, timed};
use exo_trace::TraceConfig;
use exo_trace_ways::{bursts, spans};

pub(super) const ABOUT: About =
    About { packages: &[], settings: "`TraceConfig::enabled(false)`", lacks: "the spans" };

pub(super) fn set_up() -> Contender {
    let trace = bursts::start(TraceConfig::new("compare").enabled(false));
    Contender {
        ways: vec![
            Way::bare(),
            Way::silent(TWO, |times| timed(times, spans::two_attributes)),
            Way::silent(super::exo_trace::TRACED_TWO, |times| {
                timed(times, spans::traced_two_attributes)
            }),
        ],
        missing: Box::new(missing(trace)),
    }
}
