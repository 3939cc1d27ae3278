//! What many repetitions come to: a median, and how far a tenth of them lie to either side.

use serde::Serialize;

/// The middle of some figures and their tenths.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub(crate) struct Spread {
    pub(crate) low: f64,
    pub(crate) median: f64,
    pub(crate) high: f64,
    pub(crate) count: usize,
}

impl Spread {
    /// Returns `None` where there is no figure, or one that is no number.
    pub(crate) fn of(figures: impl IntoIterator<Item = f64>) -> Option<Self> {
        let mut sorted: Vec<f64> = figures.into_iter().collect();
        if sorted.iter().any(|figure| figure.is_nan()) {
            return None;
        }
        sorted.sort_by(f64::total_cmp);
        let [low, median, high] = [0.1, 0.5, 0.9].map(|share| at(&sorted, share));
        Some(Self { low: low?, median: median?, high: high?, count: sorted.len() })
    }
}

/// Returns what that share of sorted figures lies below: the nearest one, no mean of two.
fn at(sorted: &[f64], share: f64) -> Option<f64> {
    let last = sorted.len().checked_sub(1)?;
    sorted.get((last as f64 * share).round() as usize).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_order_of_figures_does_not_matter() {
        let spread = Spread::of([5.0, 1.0, 4.0, 2.0, 3.0]).unwrap();
        assert_eq!((spread.low, spread.median, spread.high, spread.count), (1.0, 3.0, 5.0, 5));
    }

    #[test]
    fn the_tenths_leave_one_stray_figure_out() {
        let figures = (0..=10).map(|figure| if figure == 10 { 1e9 } else { f64::from(figure) });
        assert_eq!(Spread::of(figures).map(|spread| (spread.low, spread.high)), Some((1.0, 9.0)));
    }

    #[test]
    fn one_figure_is_its_own_spread() {
        assert_eq!(Spread::of([7.0]).map(|spread| (spread.low, spread.high)), Some((7.0, 7.0)));
    }

    #[test]
    fn nothing_and_no_number_have_no_median() {
        assert_eq!(Spread::of([]), None);
        assert_eq!(Spread::of([1.0, f64::NAN]), None);
    }
}
