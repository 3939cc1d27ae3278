//! The median of several figures, and how far they lie apart.

/// A tenth of the figures lies below the first, half below the second, a tenth above the third.
#[derive(Clone, Copy, Debug, Default)]
pub struct Spread {
    /// A tenth lies below.
    pub p10: f64,
    /// Half lies below.
    pub median: f64,
    /// A tenth lies above.
    pub p90: f64,
}

impl Spread {
    /// Returns what lies where; all zero where there is nothing.
    pub fn of(mut figures: Vec<f64>) -> Self {
        figures.sort_unstable_by(f64::total_cmp);
        let last = figures.len().saturating_sub(1) as f64;
        let at = |share: f64| figures.get((last * share) as usize).copied().unwrap_or_default();
        Self { p10: at(0.1), median: at(0.5), p90: at(0.9) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_in_the_middle_whatever_the_order() {
        let spread = Spread::of((0..=100).rev().map(f64::from).collect());
        assert_eq!((spread.p10, spread.median, spread.p90), (10.0, 50.0, 90.0));
        assert_eq!(Spread::of(Vec::new()).median, 0.0);
    }
}
