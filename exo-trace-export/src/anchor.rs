//! Where a line from ticks to the world's time begins, and the line to the next such place.

/// Where a line begins.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Anchor {
    pub(crate) ticks: u64,
    pub(crate) unix_nanos: u64,
    pub(crate) nanos_per_tick: f64,
}

impl Anchor {
    /// Returns the moment of a tick at the anchor's pace.
    pub(crate) fn at(&self, ticks: u64) -> u64 {
        let nanos = ticks.abs_diff(self.ticks) as f64 * self.nanos_per_tick;
        if ticks >= self.ticks {
            self.unix_nanos.saturating_add(nanos as u64)
        } else {
            self.unix_nanos.saturating_sub(nanos as u64)
        }
    }
}

/// The line from an anchor to the next, or on from the last one.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Line {
    pub(crate) from: Anchor,
    /// Where the next one begins; as far as it goes, where none does.
    pub(crate) until_ticks: u64,
    /// How far it rises by then; `None` where the pace says so.
    pub(crate) rise_nanos: Option<u64>,
}

impl Line {
    /// Tells whether a tick lies on it.
    #[inline]
    pub(crate) fn holds(&self, ticks: u64) -> bool {
        self.from.ticks <= ticks && ticks < self.until_ticks
    }

    /// Returns the moment of a tick that it holds.
    #[inline]
    pub(crate) fn at(&self, ticks: u64) -> u64 {
        let from = &self.from;
        let Some(rise) = self.rise_nanos else { return from.at(ticks) };
        // Anchors rise: an anchor begins where the line before it ends, or later.
        let (part, whole) = (ticks - from.ticks, self.until_ticks - from.ticks);
        let nanos = match part.checked_mul(rise) {
            // A division of 128 bits takes five times as long, and is needed for gaps of seconds.
            Some(product) => product / whole,
            None => {
                let nanos = u128::from(part) * u128::from(rise) / u128::from(whole);
                u64::try_from(nanos).unwrap_or(u64::MAX)
            }
        };
        from.unix_nanos.saturating_add(nanos)
    }
}
