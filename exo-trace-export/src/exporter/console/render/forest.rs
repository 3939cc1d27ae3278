//! Rows in the order a tree prints them: every row once, parents first, siblings by start.
//!
//! Rows come from other threads and other clocks, so nothing is believed. A missing parent makes a
//! local root, children of a number claimed twice go to its first row, and a cycle is opened at its
//! earliest row. Nothing recurses: a chain of ten thousand spans is a list, not a stack overflow.

use std::collections::HashMap;

use super::Row;

/// Where one row stands in the printed tree.
pub(super) struct Place {
    /// The row's index in the input.
    pub(super) row: usize,
    /// The parent's index among the places; it is smaller than the own.
    pub(super) parent: Option<usize>,
    /// Parents above this row.
    pub(super) depth: usize,
    /// Whether no sibling follows.
    pub(super) last: bool,
}

/// Returns one place per row, in print order.
pub(super) fn places(rows: &[Row]) -> Vec<Place> {
    let mut by_start: Vec<usize> = (0..rows.len()).collect();
    by_start.sort_by_key(|&row| rows[row].start_unix_nano);
    let mut parents = parent_ranks(rows, &by_start);
    open_cycles(&mut parents);
    walk(&parents, &by_start)
}

/// Finds every row's parent; from here on a row is its rank in `by_start`.
fn parent_ranks(rows: &[Row], by_start: &[usize]) -> Vec<Option<usize>> {
    let mut rank_of = HashMap::with_capacity(rows.len());
    for (rank, &row) in by_start.iter().enumerate() {
        rank_of.entry(rows[row].id).or_insert(rank);
    }
    let parent = |&row: &usize| rank_of.get(&rows[row].parent?).copied();
    by_start.iter().map(parent).collect()
}

/// Makes the earliest row of every cycle a root; each row is stepped on once.
fn open_cycles(parents: &mut [Option<usize>]) {
    let mut walked_by = vec![None; parents.len()];
    for walker in 0..parents.len() {
        let mut at = Some(walker);
        while let Some(rank) = at.filter(|&rank| walked_by[rank].is_none()) {
            walked_by[rank] = Some(walker);
            at = parents[rank];
        }
        // A walk that ends on its own trail went in a circle.
        if let Some(rank) = at.filter(|&rank| walked_by[rank] == Some(walker)) {
            parents[earliest_in_cycle(parents, rank)] = None;
        }
    }
}

fn earliest_in_cycle(parents: &[Option<usize>], entry: usize) -> usize {
    let mut earliest = entry;
    let mut at = parents[entry];
    while let Some(rank) = at.filter(|&rank| rank != entry) {
        earliest = earliest.min(rank);
        at = parents[rank];
    }
    earliest
}

fn walk(parents: &[Option<usize>], by_start: &[usize]) -> Vec<Place> {
    let mut roots = Vec::new();
    let mut children = vec![Vec::new(); parents.len()];
    for (rank, parent) in parents.iter().enumerate() {
        parent.map_or(&mut roots, |parent| &mut children[parent]).push(rank);
    }
    let mut places: Vec<Place> = Vec::with_capacity(parents.len());
    let mut waiting = Vec::new();
    push_siblings(&mut waiting, &roots, None);
    while let Some((rank, parent, last)) = waiting.pop() {
        let depth = parent.map_or(0, |parent: usize| places[parent].depth + 1);
        push_siblings(&mut waiting, &children[rank], Some(places.len()));
        places.push(Place { row: by_start[rank], parent, depth, last });
    }
    places
}

/// Pushes `siblings` so that the first is popped first.
fn push_siblings(
    waiting: &mut Vec<(usize, Option<usize>, bool)>,
    siblings: &[usize],
    parent: Option<usize>,
) {
    let backwards = siblings.iter().rev().enumerate();
    waiting.extend(backwards.map(|(to_the_end, &rank)| (rank, parent, to_the_end == 0)));
}

#[cfg(test)]
mod tests {
    use super::super::Mark;
    use super::*;

    /// Rows as `(id, parent, start)`; a parent of 0 is none.
    fn printed(rows: &[(u64, u64, u64)]) -> Vec<(usize, usize)> {
        let row = |&(id, parent, start_unix_nano): &(u64, u64, u64)| Row {
            id,
            parent: Some(parent).filter(|&parent| parent != 0),
            name: String::new(),
            start_unix_nano,
            duration_nanos: 1,
            mark: Mark::None,
            facts: Default::default(),
        };
        let rows: Vec<Row> = rows.iter().map(row).collect();
        places(&rows).iter().map(|place| (place.row, place.depth)).collect()
    }

    #[test]
    fn children_follow_their_parent_by_start_and_ties_keep_their_order() {
        let rows = [(3, 1, 20), (2, 1, 10), (4, 1, 20), (1, 0, 0), (5, 2, 30)];
        assert_eq!(printed(&rows), [(3, 0), (1, 1), (4, 2), (0, 1), (2, 1)]);
    }

    #[test]
    fn a_row_without_its_parent_is_a_local_root() {
        assert_eq!(printed(&[(2, 77, 5), (1, 0, 0), (3, 2, 6)]), [(1, 0), (0, 0), (2, 1)]);
    }

    #[test]
    fn a_cycle_opens_at_its_earliest_row() {
        assert_eq!(printed(&[(1, 3, 30), (2, 1, 10), (3, 2, 20)]), [(1, 0), (2, 1), (0, 2)]);
        assert_eq!(printed(&[(1, 1, 0)]), [(0, 0)]);
        assert_eq!(printed(&[(9, 1, 0), (1, 2, 8), (2, 1, 7)]), [(2, 0), (1, 1), (0, 2)]);
    }

    #[test]
    fn a_number_claimed_twice_keeps_both_rows() {
        assert_eq!(printed(&[(1, 0, 0), (1, 0, 1), (2, 1, 2)]), [(0, 0), (2, 1), (1, 0)]);
        assert_eq!(printed(&[(1, 0, 0), (1, 1, 1)]), [(0, 0), (1, 1)]);
    }
}
