//! Questions about the whole rather than one call: each asked some times, in processes of their own.
//!
//! Their work is in `benches/ways` too; here is who asks, and what is kept of the answer.

mod otlp_bytes;

pub(crate) use otlp_bytes::MILLION_SPANS;

use crate::program;
use crate::progress::Progress;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::error::Error;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Question {
    OtlpBytes,
}

/// One answer, as one line between two processes.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Said {
    pub(crate) figures: BTreeMap<String, f64>,
    pub(crate) lost: u64,
}

/// All answers to one question.
pub(crate) struct Answer {
    pub(crate) question: Question,
    pub(crate) said: Vec<Said>,
    pub(crate) failure: Option<String>,
}

impl Question {
    pub(crate) const ALL: [Self; 1] = [Self::OtlpBytes];

    pub(crate) fn named(text: &str) -> Result<Self, Box<dyn Error>> {
        let known = Self::ALL.into_iter().find(|question| question.text() == text);
        known.ok_or_else(|| format!("question is {text:?}, which nobody asks").into())
    }

    pub(crate) fn text(self) -> &'static str {
        match self {
            Self::OtlpBytes => "otlp bytes",
        }
    }

    /// Finds the answer in this process, and prints it.
    pub(crate) fn answer(self) -> Result<(), Box<dyn Error>> {
        let said = match self {
            Self::OtlpBytes => otlp_bytes::answer(),
        };
        println!("{}", serde_json::to_string(&said)?);
        Ok(())
    }

    fn ask(self) -> Result<Said, Box<dyn Error>> {
        let output = program::again().args(["whole", self.text()]).spawn()?.wait_with_output()?;
        if !output.status.success() {
            return Err(format!("it ended with {}", output.status).into());
        }
        Ok(serde_json::from_slice(&output.stdout)?)
    }
}

impl Said {
    pub(crate) fn of<const N: usize>(figures: [(&str, f64); N], lost: u64) -> Self {
        let figures = figures.map(|(name, value)| (name.to_owned(), value));
        Self { figures: figures.into(), lost }
    }
}

/// Asks every question, one after the other, so many times round.
pub(crate) fn ask(times: usize, progress: &Progress) -> Vec<Answer> {
    let bar = progress.begin("questions about the whole", times * Question::ALL.len());
    let mut answers =
        Question::ALL.map(|question| Answer { question, said: Vec::new(), failure: None });
    for _ in 0..times {
        for answer in &mut answers {
            bar.step(answer.question.text());
            match answer.question.ask() {
                Ok(said) => answer.said.push(said),
                Err(error) => answer.failure = Some(error.to_string()),
            }
        }
    }
    bar.end();
    answers.into()
}
