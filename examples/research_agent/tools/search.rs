//! Full-text search over the sentences of a library, those with the most of the words first.
//!
//! Among sentences with equally many words of the query the rarer words and the shorter sentence
//! win (BM25). A word in the heading above a sentence counts for half: the heading says what the
//! sentence is about. Every sentence is looked at, which takes milliseconds for a repository.
//! Source: Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond", 2009.

use super::{ToolError, ToolOutput};
use crate::library::Library;
use crate::passages::{Kind, Passage};
use crate::words::words;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Hits handed to the model; the number of all hits is told beside them.
const HITS_SHOWN_MAX: usize = 4;
/// Letters of one hit; longer ones end in `…`.
const HIT_CHARS_MAX: usize = 400;
/// Words of a query that are looked for.
const QUERY_WORDS_MAX: usize = 16;
/// How fast a repeated word stops counting, and how much length counts: the customary values.
const SATURATION: f64 = 1.2;
const LENGTH_WEIGHT: f64 = 0.75;
const HEADING_WEIGHT: f64 = 0.5;
/// A sentence answers better than cells, code or another question.
const WEIGHT_UNLESS_PROSE: f64 = 0.5;

/// What a search returns to the model.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Found {
    pub(crate) query: String,
    /// Sentences that hold as many words of the query as the best one does.
    pub(crate) hits: usize,
    pub(crate) best: Vec<Hit>,
}

/// A sentence, where it stands, and the heading above it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Hit {
    pub(crate) file: String,
    pub(crate) line: usize,
    pub(crate) under: String,
    pub(crate) text: String,
}

/// Searches on a thread of its own, so that two searches run at the same time.
///
/// # Errors
///
/// Refuses a query without a single letter or digit.
pub(crate) async fn search(library: Arc<Library>, query: String) -> Result<ToolOutput, ToolError> {
    let searching = tokio::task::spawn_blocking(move || find(&library, &query));
    let found = searching.await.map_err(|error| ToolError::Crashed(error.to_string()))??;
    Ok(ToolOutput { fact: fact(&found), content: serde_json::json!(found).to_string() })
}

fn fact(Found { query, hits, .. }: &Found) -> String {
    let plural = if *hits == 1 { "" } else { "s" };
    format!("\"{query}\": {hits} hit{plural}")
}

fn find(library: &Library, query: &str) -> Result<Found, ToolError> {
    let wanted: Vec<_> = words(query).take(QUERY_WORDS_MAX).collect();
    if wanted.is_empty() {
        let refusal = format!("query is {query:?}, expected at least one word");
        return Err(ToolError::BadArguments(refusal));
    }
    let mut candidates = candidates(library, &wanted);
    let coverage = |one: &Candidate<'_>| one.counts.iter().filter(|count| **count > 0.0).count();
    let most = candidates.iter().map(coverage).max().unwrap_or(0);
    let statistics = Statistics::of(&candidates, wanted.len());
    candidates.retain(|one| most > 0 && coverage(one) == most);
    candidates.sort_by(|a, b| statistics.score(b).total_cmp(&statistics.score(a)));
    Ok(Found {
        query: query.to_owned(),
        hits: candidates.len(),
        best: candidates.iter().take(HITS_SHOWN_MAX).map(Candidate::hit).collect(),
    })
}

/// A sentence with how often it holds each word of the query.
struct Candidate<'a> {
    file: &'a str,
    passage: &'a Passage,
    counts: Vec<f64>,
    length: f64,
}

fn candidates<'a>(library: &'a Library, wanted: &[String]) -> Vec<Candidate<'a>> {
    let documents = library.documents().iter();
    documents
        .flat_map(|document| document.passages.iter().map(|passage| (&document.name, passage)))
        .map(|(file, passage)| Candidate::new(file, passage, wanted))
        .collect()
}

impl<'a> Candidate<'a> {
    fn new(file: &'a str, passage: &'a Passage, wanted: &[String]) -> Self {
        let mut counts = vec![0.0; wanted.len()];
        let mut length = 0.0;
        let text = words(&passage.text).map(|word| (word, 1.0));
        let heading = words(&passage.under).map(|word| (word, HEADING_WEIGHT));
        for (word, weight) in text.chain(heading) {
            length += weight;
            for (count, _) in counts.iter_mut().zip(wanted).filter(|(_, want)| **want == word) {
                *count += weight;
            }
        }
        Self { file, passage, counts, length }
    }

    fn hit(&self) -> Hit {
        let text = &self.passage.text;
        let cut = text.char_indices().nth(HIT_CHARS_MAX).map(|(at, _)| at);
        Hit {
            file: self.file.to_owned(),
            line: self.passage.line,
            under: self.passage.under.clone(),
            text: cut.map_or(text.clone(), |at| format!("{}…", &text[..at])),
        }
    }
}

/// What BM25 needs to know of all sentences: how rare each word is, and the mean length.
struct Statistics {
    rarity: Vec<f64>,
    length_mean: f64,
}

impl Statistics {
    fn of(candidates: &[Candidate<'_>], wanted: usize) -> Self {
        let total = candidates.len().max(1) as f64;
        let holders = |word: usize| candidates.iter().filter(move |one| one.counts[word] > 0.0);
        let rarity = |word| {
            let holding = holders(word).count() as f64;
            (1.0 + (total - holding + 0.5) / (holding + 0.5)).ln()
        };
        let length: f64 = candidates.iter().map(|one| one.length).sum();
        Self { rarity: (0..wanted).map(rarity).collect(), length_mean: (length / total).max(1.0) }
    }

    fn score(&self, candidate: &Candidate<'_>) -> f64 {
        let relative = candidate.length / self.length_mean;
        let damping = SATURATION * (1.0 - LENGTH_WEIGHT + LENGTH_WEIGHT * relative);
        let part =
            |(count, rarity): (&f64, &f64)| rarity * count * (SATURATION + 1.0) / (count + damping);
        let sum: f64 = candidate.counts.iter().zip(&self.rarity).map(part).sum();
        match candidate.passage.kind {
            Kind::Prose => sum,
            Kind::Question | Kind::Row | Kind::Code => sum * WEIGHT_UNLESS_PROSE,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::find;
    use crate::library::Library;

    fn library(text: &str) -> Library {
        let home = tempfile::tempdir().unwrap();
        std::fs::write(home.path().join("a.md"), text).unwrap();
        Library::open(home.path()).unwrap()
    }

    fn lines(text: &str, query: &str) -> Vec<usize> {
        let found = find(&library(text), query).unwrap();
        found.best.iter().map(|hit| hit.line).collect()
    }

    #[test]
    fn a_sentence_with_all_the_words_beats_one_with_a_word_often() {
        let text = "- ring ring ring ring\n- a full box of things\n- when the ring is full\n";
        assert_eq!(lines(text, "full rings"), [3]);
    }

    #[test]
    fn the_shorter_of_two_sentences_comes_first() {
        let text = "- the ring is full of many other things that nobody asked about\n- a full ring refuses\n";
        assert_eq!(lines(text, "ring full"), [2, 1]);
    }

    #[test]
    fn a_statement_comes_before_the_question_it_answers() {
        let text = "- is a ring full?\n- a full ring refuses the newest record at once\n";
        assert_eq!(lines(text, "ring full"), [2, 1]);
    }

    #[test]
    fn a_heading_lends_its_words_to_the_sentences_below() {
        let text = "# Full rings\nThe newest record is refused.\n# Cats\nThey sleep all day.\n";
        assert_eq!(lines(text, "ring full refused"), [2]);
    }

    #[test]
    fn nothing_found_is_no_error_and_no_words_are_one() {
        let library = library("one two three");
        assert_eq!(find(&library, "zebra").unwrap().hits, 0);
        let error = find(&library, " ?! ").unwrap_err().to_string();
        assert_eq!(error, "query is \" ?! \", expected at least one word");
    }
}
