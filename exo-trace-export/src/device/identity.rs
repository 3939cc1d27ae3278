//! Ids of a board, which are counters, expanded to ids that the world can tell apart.
//!
//! The same boot seed and the same counter always give the same id, so a frame that comes twice, or a
//! recording that is read again, names the same span. Ids of two boots differ as random ones do.
//!
//! Source: David Stafford's thirteenth variant of the 64-bit mixer of MurmurHash3.

use exo_trace_core::compact::LocalId;
use exo_trace_core::{SpanId, TraceId};

/// Odd, so that counters keep apart; the bits of pi, so that nobody chose it.
const SPREAD: u64 = 0x243f_6a88_85a3_08d3;

/// One number in 2^64 is expanded to zero, which is no id.
const SPAN_INSTEAD_OF_ZERO: SpanId = match SpanId::new(SPREAD) {
    Some(id) => id,
    None => panic!("not zero"),
};
const TRACE_INSTEAD_OF_ZERO: TraceId = match TraceId::from_words([SPREAD, SPREAD]) {
    Some(id) => id,
    None => panic!("not zero"),
};

/// What the ids of one boot are made with.
#[derive(Clone, Copy, Debug)]
pub(super) struct Identity {
    span: u64,
    trace: [u64; 2],
}

impl Identity {
    /// Returns what the ids of a boot with this seed are made with.
    pub(super) fn of_boot(seed: u64) -> Self {
        let key = |number: u64| mixed(mixed(seed ^ SPREAD).wrapping_add(number));
        Self { span: key(1), trace: [key(2), key(3)] }
    }

    /// Returns the id of the span with this number.
    pub(super) fn span_id(&self, local: LocalId) -> SpanId {
        SpanId::new(expanded(self.span, local)).unwrap_or(SPAN_INSTEAD_OF_ZERO)
    }

    /// Returns the id of the trace that the span with this number begins.
    pub(super) fn trace_id(&self, root: LocalId) -> TraceId {
        let words = self.trace.map(|key| expanded(key, root));
        TraceId::from_words(words).unwrap_or(TRACE_INSTEAD_OF_ZERO)
    }
}

fn expanded(key: u64, local: LocalId) -> u64 {
    mixed(key ^ u64::from(local.to_word()).wrapping_mul(SPREAD))
}

/// Mixes all bits; no two words become one.
fn mixed(word: u64) -> u64 {
    let word = (word ^ word >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let word = (word ^ word >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    word ^ word >> 31
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    fn local(number: u32) -> LocalId {
        LocalId::new(number).expect("not zero")
    }

    #[test]
    fn neighbours_and_neighbouring_boots_share_no_id() {
        // Seeds that a board counts itself are as near to each other as its spans.
        let ids: HashSet<_> = (0..100)
            .flat_map(|seed| (1..1_000).map(move |number| (seed, number)))
            .map(|(seed, number)| Identity::of_boot(seed).span_id(local(number)))
            .collect();
        assert_eq!(ids.len(), 99_900);
    }

    #[test]
    fn the_same_boot_says_the_same_ids() {
        let (first, again) = (Identity::of_boot(7), Identity::of_boot(7));
        assert_eq!(first.span_id(local(1)), again.span_id(local(1)));
        assert_eq!(first.trace_id(local(1)), again.trace_id(local(1)));
        assert_ne!(first.trace_id(local(1)), first.trace_id(local(2)));
    }
}
