//! What is said of a span beside its bar: in few cells what matters least goes, and its cost stays.
//!
//! People look for two figures of a model call: what it took and what it cost. The first stands at the
//! beginning of the line and the second at its end, where lines are cut.

use super::cells;

/// Between two facts.
const GAP: &str = "  ";
/// Fewer cells of the first fact say nothing: then the line is cut at its end as any other.
const TEXT_CELLS_MIN: usize = 8;

/// One line of facts; any of them may be empty, and may hold any text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Facts {
    /// What matters for this kind of span.
    pub(crate) text: String,
    /// What is left out first.
    pub(crate) aside: String,
    /// What the span cost.
    pub(crate) cost: String,
    /// What the reader asked for besides.
    pub(crate) more: String,
}

impl Facts {
    /// Returns them all, however long they are.
    pub(crate) fn whole(&self) -> String {
        joined(&[&self.text, &self.aside, &self.cost, &self.more])
    }

    /// Returns as many of them as `cells` hold.
    pub(super) fn within(&self, cells: usize) -> String {
        let Self { text, aside, cost, more } = self;
        for kept in [joined(&[text, aside, cost]), joined(&[text, cost])] {
            if cells_up_to(&kept, cells).is_some() {
                return cells::fit(&joined(&[&kept, more]), cells);
            }
        }
        let text_cells = cells.saturating_sub(GAP.len() + cells::width(cost));
        if cost.is_empty() || text_cells < TEXT_CELLS_MIN {
            return cells::fit(&self.whole(), cells);
        }
        joined(&[&cells::fit(text, text_cells), cost])
    }

    /// Returns how many cells would show them as they shall be seen: all of them in `whole_max` cells,
    /// or those beside a cost in `cost_max`; `None` where neither is enough.
    pub(super) fn cells_wanted(&self, whole_max: usize, cost_max: usize) -> Option<usize> {
        let beside_cost = || {
            cells_up_to(&joined(&[&self.text, &self.cost]), cost_max).filter(|_| self.has_cost())
        };
        cells_up_to(&self.whole(), whole_max).or_else(beside_cost)
    }

    fn has_cost(&self) -> bool {
        !self.cost.is_empty()
    }
}

impl From<&str> for Facts {
    fn from(text: &str) -> Self {
        Self { text: text.to_owned(), ..Self::default() }
    }
}

/// Returns the cells of a text that takes at most so many.
fn cells_up_to(text: &str, cells_max: usize) -> Option<usize> {
    let cells = cells::width(&cells::fit(text, cells_max + 1));
    (cells <= cells_max).then_some(cells)
}

fn joined(parts: &[&str]) -> String {
    let parts = parts.iter().copied().filter(|part| !part.is_empty());
    parts.collect::<Vec<_>>().join(GAP)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call() -> Facts {
        Facts {
            text: String::from("1,659 → 41  ttft 151 ms"),
            aside: String::from("21 ch."),
            cost: String::from("$0.0015"),
            more: String::new(),
        }
    }

    #[test]
    fn what_matters_least_goes_first_and_the_cost_stays() {
        for (cells, shown) in [
            (40, "1,659 → 41  ttft 151 ms  21 ch.  $0.0015"),
            (39, "1,659 → 41  ttft 151 ms  $0.0015"),
            (32, "1,659 → 41  ttft 151 ms  $0.0015"),
            (30, "1,659 → 41  ttft 151…  $0.0015"),
            (17, "1,659 →…  $0.0015"),
            (16, "1,659 → 41  ttf…"),
            (0, ""),
        ] {
            assert_eq!(call().within(cells), shown, "{cells}");
        }
    }

    #[test]
    fn what_was_asked_for_besides_comes_last_and_is_cut_there() {
        let facts = Facts { more: String::from("attempt=1"), ..call() };
        assert!(facts.whole().ends_with("21 ch.  $0.0015  attempt=1"));
        assert_eq!(facts.within(44), "1,659 → 41  ttft 151 ms  21 ch.  $0.0015  a…");
        assert_eq!(Facts::from("no cost at all").within(9), "no cost …");
    }

    #[test]
    fn room_is_wanted_for_all_of_it_or_for_the_cost() {
        let wanted = |whole_max, cost_max| call().cells_wanted(whole_max, cost_max);
        assert_eq!(
            [wanted(40, 42), wanted(39, 42), wanted(30, 32)],
            [Some(40), Some(32), Some(32)]
        );
        assert_eq!(wanted(29, 31), None);
        assert_eq!(Facts::from("no cost").cells_wanted(6, 8), None);
    }
}
