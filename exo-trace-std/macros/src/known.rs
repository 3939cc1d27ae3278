//! The attribute names that conventions fix, and how far a written key is from them.
//!
//! A misspelt attribute is a silent failure: it is recorded, exported, and found by no query. A
//! literal key one or two edits away from a known `gen_ai.` or `exo.` name is therefore refused.
//! A key that resembles no name passes, because conventions grow.

const NAMES: &str = include_str!("known_names.txt");
/// What stands in [`NAMES`] for "any text": such a name is known by what precedes it.
const ANY: &str = "<key>";
const DISTANCE_MAX: usize = 2;
/// The first parts of known names, and how many edits still count as meaning them. `exo` is too
/// short for two: `env` and `app` would be near it.
const ROOTS: [(&str, usize); 2] = [("gen_ai", 2), ("exo", 1)];

/// Returns the known name that `key` almost is, or `None` when `key` is known or resembles none.
pub(crate) fn near_miss(key: &str) -> Option<&'static str> {
    if !resembles_a_root(key) || NAMES.lines().any(|name| is_known_by(name, key)) {
        return None;
    }
    NAMES
        .lines()
        .filter(|name| !name.ends_with(ANY))
        .map(|name| (distance(name, key), name))
        .filter(|(edits, _)| *edits <= DISTANCE_MAX)
        .min()
        .map(|(_, name)| name)
}

/// Returns the word of `words` that `written` almost is.
pub(crate) fn nearest<'a>(words: &[&'a str], written: &str) -> Option<&'a str> {
    words
        .iter()
        .map(|word| (distance(word, written), *word))
        .filter(|(edits, word)| *edits <= DISTANCE_MAX && *edits < word.len())
        .min()
        .map(|(_, word)| word)
}

fn resembles_a_root(key: &str) -> bool {
    let first = key.split('.').next().unwrap_or(key);
    ROOTS.iter().any(|(root, edits_max)| distance(root, first) <= *edits_max)
}

fn is_known_by(name: &str, key: &str) -> bool {
    match name.strip_suffix(ANY) {
        Some(prefix) => key.starts_with(prefix),
        None => name == key,
    }
}

/// Returns the Levenshtein distance in bytes: insertions, deletions and replacements.
///
/// Keeps one row of the table: `row[j]` is the distance from the part of `a` read so far to `b[..j]`.
fn distance(a: &str, b: &str) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, from) in a.bytes().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, to) in b.bytes().enumerate() {
            let replaced = diagonal + usize::from(from != to);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_edit_counts_one() {
        assert_eq!(distance("", ""), 0);
        assert_eq!(distance("model", "model"), 0);
        assert_eq!(distance("model", "modl"), 1);
        assert_eq!(distance("model", "models"), 1);
        assert_eq!(distance("model", "nodel"), 1);
        assert_eq!(distance("model", "mdoel"), 2);
        assert_eq!(distance("", "abc"), 3);
    }

    #[test]
    fn a_known_name_is_no_near_miss_of_its_neighbour() {
        for name in NAMES.lines() {
            assert_eq!(near_miss(name), None, "{name}");
        }
    }

    #[test]
    fn a_misspelt_name_finds_the_known_one() {
        let model = Some("gen_ai.request.model");
        assert_eq!(near_miss("gen_ai.request.modle"), model);
        assert_eq!(near_miss("genai.request.model"), model);
        assert_eq!(near_miss("gen_ai.requests.model"), model);
        assert_eq!(near_miss("exo.agent.nam"), Some("exo.agent.name"));
        assert_eq!(near_miss("ex.agent.name"), Some("exo.agent.name"));
    }

    #[test]
    fn a_name_of_its_own_passes() {
        for key in ["source", "exo.agent.mood", "env.agent.name", "gen_ai.request.fancy_thing"] {
            assert_eq!(near_miss(key), None, "{key}");
        }
        assert_eq!(near_miss("gen_ai.prompt.variable.city"), None);
    }

    #[test]
    fn the_list_is_sorted_and_holds_each_name_once() {
        let names: Vec<&str> = NAMES.lines().collect();
        assert!(names.windows(2).all(|pair| pair[0] < pair[1]));
    }

    #[test]
    fn an_argument_of_four_letters_is_not_near_a_word_of_two() {
        assert_eq!(nearest(&["name", "kind"], "nmae"), Some("name"));
        assert_eq!(nearest(&["name", "kind"], "level"), None);
    }
}
