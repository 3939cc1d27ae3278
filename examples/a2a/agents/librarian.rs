//! The librarian: knows the documents of this repository, finds lines in them and checks quotations.

use crate::Error;
use crate::message::Message;
use crate::serve::Worker;
use exo_trace::bridge::tokio::spawn;
use exo_trace::{Span, traced};
use serde::{Deserialize, Serialize};
use std::cmp::Reverse;
use std::io;
use std::path::Path;
use tokio::fs;

const DOCUMENTS: [&str; 4] = ["README.md", "DESIGN.md", "CONTRIBUTING.md", "CHANGELOG.md"];

/// What it can be asked.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Wish {
    /// The lines with most of these words.
    Find(Vec<String>),
    /// Whether a line stands where it is said to.
    Check(Quotation),
}

/// A line of a document, and how many of the words it has.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Quotation {
    pub(crate) document: String,
    pub(crate) line: usize,
    pub(crate) text: String,
    pub(crate) hits: usize,
}

pub(crate) struct Librarian;

impl Worker for Librarian {
    const NAME: &str = "librarian";
    const SKILL: &str = "Finds lines in the documents of this repository and checks quotations.";

    #[traced(agent = "librarian")]
    async fn answer(&self, message: Message) -> Result<Message, Error> {
        Ok(match Wish::deserialize(message.data())? {
            Wish::Find(words) => Message::new("agent", "found", find(words).await?),
            Wish::Check(line) => Message::new("agent", "checked", check(&line).await?),
        })
    }
}

/// Searches all documents side by side, each in a task of its own.
async fn find(words: Vec<String>) -> Result<Vec<Quotation>, Error> {
    let tasks = DOCUMENTS.map(|document| spawn(search(document, words.clone())));
    let mut found = Vec::new();
    for task in tasks {
        found.extend(task.await??);
    }
    found.sort_by_key(|line| Reverse(line.hits));
    Ok(found)
}

#[traced(tool)]
async fn search(document: &'static str, words: Vec<String>) -> io::Result<Vec<Quotation>> {
    let mut found = Vec::new();
    for (at, text) in read(document).await?.lines().enumerate() {
        let lower = text.to_lowercase();
        let parts = || lower.split(|letter: char| !letter.is_alphanumeric());
        let hits = words.iter().filter(|word| parts().any(|part| part == *word)).count();
        let text = text.trim_start_matches([' ', '-', '/', '#']);
        // A line that is not whole sentences cannot be quoted as it stands.
        if hits > 0 && text.starts_with(char::is_uppercase) && text.ends_with('.') {
            let (document, text) = (document.to_owned(), text.to_owned());
            found.push(Quotation { document, line: at + 1, text, hits });
        }
    }
    Span::current().set_attribute("exo.tool.result", &format!("{document}: {}", found.len()));
    Ok(found)
}

#[traced(tool)]
async fn check(quoted: &Quotation) -> io::Result<bool> {
    let Quotation { document, line, text, .. } = quoted;
    let known = DOCUMENTS.iter().find(|known| *known == document);
    let document = *known.ok_or(io::ErrorKind::NotFound)?;
    let there = read(document).await?;
    let stands = there.lines().nth(line.wrapping_sub(1)).is_some_and(|line| line.contains(text));
    let said = if stands { "stands" } else { "does not stand" };
    Span::current().set_attribute("exo.tool.result", &format!("{document}:{line} {said}"));
    Ok(stands)
}

async fn read(document: &'static str) -> io::Result<String> {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(document)).await
}
