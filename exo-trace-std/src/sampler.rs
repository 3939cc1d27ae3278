//! Which traces are recorded: decided once, at the root, by the trace id alone.
//!
//! A child follows its parent, local or remote. The ratio compares the 56 random bits of the trace
//! id with a threshold, so that every process that sees the trace decides alike.
//!
//! Source: OpenTelemetry specification, "TraceState: Probability Sampling" (rejection threshold).

use exo_trace_core::TraceId;

/// How the root of a trace is decided.
///
/// ```
/// use exo_trace_std::{Sampler, TraceId};
///
/// let half = Sampler::TraceIdRatio(0.5);
/// assert!(half.samples(TraceId::new(0x00ff_ffff_ffff_ffff).expect("not zero")));
/// assert!(!half.samples(TraceId::new(1).expect("not zero")));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Sampler {
    /// Every trace.
    #[default]
    AlwaysOn,
    /// No trace; ids are still passed on.
    AlwaysOff,
    /// This share of all traces, from 0.0 to 1.0; what lies outside counts as the nearer end.
    TraceIdRatio(f64),
}

impl Sampler {
    /// One more than the largest value 56 random bits can have.
    const RANDOMNESS_END: u64 = 1 << 56;

    /// Tells whether a root span of this trace is recorded.
    pub fn samples(self, trace_id: TraceId) -> bool {
        trace_id.randomness() >= self.threshold()
    }

    /// The smallest randomness that is recorded.
    pub(crate) fn threshold(self) -> u64 {
        match self {
            Self::AlwaysOn => 0,
            Self::AlwaysOff => Self::RANDOMNESS_END,
            Self::TraceIdRatio(ratio) => {
                let rejected = 1.0 - ratio.clamp(0.0, 1.0);
                // Exact at both ends; 53 bits of precision between them.
                (rejected * Self::RANDOMNESS_END as f64) as u64
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use exo_trace_core::IdGenerator;

    #[test]
    fn a_ratio_keeps_its_share_of_random_traces() {
        let ids = IdGenerator::new(11);
        let ratio = Sampler::TraceIdRatio(0.25);
        let kept = (0..100_000).filter(|&tick| ratio.samples(ids.trace_id(tick))).count();
        assert!((24_000..26_000).contains(&kept), "{kept} of 100,000");
    }

    #[test]
    fn the_ends_are_always_and_never() {
        let (low, high) = (TraceId::new(1).unwrap(), TraceId::new(u128::MAX).unwrap());
        for always in [Sampler::AlwaysOn, Sampler::TraceIdRatio(1.0)] {
            assert!(always.samples(low) && always.samples(high));
        }
        for never in [Sampler::AlwaysOff, Sampler::TraceIdRatio(0.0)] {
            assert!(!never.samples(low) && !never.samples(high));
        }
    }
}
