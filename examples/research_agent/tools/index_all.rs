//! Counts, for every set of words, in how many files they occur together: the tool that promises too much.
//!
//! A file with n different words has n! / (k! (n - k)!) sets of k words, so anything longer than a
//! short paragraph keeps it busy for hours. It gives way to other work after each batch, which is
//! what lets a deadline drop it. The table is bounded; sets beyond it are only counted.

use super::{ToolError, ToolOutput};
use crate::library::{Document, Library};
use crate::words::words;
use std::collections::{BTreeSet, HashMap};
use tokio::task::yield_now;

const SET_WORDS_MAX: usize = 16;
/// Sets remembered, at most 64 bytes of words each.
const TABLE_SETS_MAX: usize = 1 << 16;
/// Sets between two moments at which others may run: some tenths of a millisecond.
const BATCH_SETS: usize = 1_024;

/// Builds the table of word sets, small sets first.
///
/// # Errors
///
/// None of its own; the caller's deadline ends it.
pub(crate) async fn index_all(library: &Library) -> Result<ToolOutput, ToolError> {
    let mut dictionary = HashMap::new();
    let mut vocabularies = Vec::new();
    for document in library.documents() {
        vocabularies.push(vocabulary(document, &mut dictionary));
        yield_now().await;
    }
    let mut table = Table::default();
    for size in 1..=SET_WORDS_MAX {
        for vocabulary in &vocabularies {
            add_sets(vocabulary, size, &mut table).await;
        }
    }
    let (sets, left_out) = (table.files_by_set.len(), table.left_out);
    let together = table.files_by_set.values().filter(|files| **files > 1).count();
    let result =
        serde_json::json!({ "sets": sets, "left_out": left_out, "in_several_files": together });
    Ok(ToolOutput { fact: format!("{sets} sets of words"), content: result.to_string() })
}

/// Returns the different words of a document as numbers, in ascending order.
fn vocabulary(document: &Document, dictionary: &mut HashMap<String, u32>) -> Vec<u32> {
    let texts = document.passages.iter().flat_map(|one| words(&one.text));
    let numbers: BTreeSet<u32> = texts
        .map(|word| {
            let next = u32::try_from(dictionary.len()).unwrap_or(u32::MAX);
            *dictionary.entry(word).or_insert(next)
        })
        .collect();
    numbers.into_iter().collect()
}

async fn add_sets(vocabulary: &[u32], size: usize, table: &mut Table) {
    let mut positions: Vec<usize> = (0..size).collect();
    let mut is_more = size <= vocabulary.len();
    while is_more {
        for _ in 0..BATCH_SETS {
            table.add(positions.iter().map(|at| vocabulary[*at]).collect());
            is_more = advance(&mut positions, vocabulary.len());
            if !is_more {
                break;
            }
        }
        yield_now().await;
    }
}

/// Moves on to the next choice of `positions` out of `total`, in lexicographic order.
fn advance(positions: &mut [usize], total: usize) -> bool {
    let size = positions.len();
    let movable = (0..size).rev().find(|at| positions[*at] < total - size + at);
    let Some(at) = movable else {
        return false;
    };
    positions[at] += 1;
    for next in at + 1..size {
        positions[next] = positions[next - 1] + 1;
    }
    true
}

#[derive(Default)]
struct Table {
    files_by_set: HashMap<Box<[u32]>, u32>,
    left_out: u64,
}

impl Table {
    fn add(&mut self, set: Box<[u32]>) {
        let is_full = self.files_by_set.len() == TABLE_SETS_MAX;
        match self.files_by_set.get_mut(&set) {
            Some(files) => *files += 1,
            None if is_full => self.left_out += 1,
            None => {
                self.files_by_set.insert(set, 1);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{TABLE_SETS_MAX, Table, advance, index_all};
    use crate::library::Library;

    #[test]
    fn every_choice_comes_once_and_in_order() {
        let mut positions = vec![0, 1];
        let mut choices = vec![positions.clone()];
        while advance(&mut positions, 4) {
            choices.push(positions.clone());
        }
        let expected = [[0, 1], [0, 2], [0, 3], [1, 2], [1, 3], [2, 3]];
        assert_eq!(choices, expected);
    }

    #[tokio::test]
    async fn three_words_in_two_files_make_seven_sets() {
        let home = tempfile::tempdir().unwrap();
        std::fs::write(home.path().join("a.md"), "one two three").unwrap();
        std::fs::write(home.path().join("b.md"), "three two two two").unwrap();
        let library = Library::open(home.path()).unwrap();
        let output = index_all(&library).await.unwrap();
        assert_eq!(output.fact, "7 sets of words");
        let expected = r#"{"in_several_files":3,"left_out":0,"sets":7}"#;
        assert_eq!(output.content, expected);
    }

    #[test]
    fn a_full_table_counts_what_it_leaves_out() {
        let mut table = Table::default();
        for number in 0..TABLE_SETS_MAX as u32 + 5 {
            table.add(Box::new([number]));
        }
        table.add(Box::new([0]));
        assert_eq!((table.files_by_set.len(), table.left_out), (TABLE_SETS_MAX, 5));
    }
}
