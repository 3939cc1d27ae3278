//! Questions about the whole rather than one call: each asked some times, in processes of their own.
//!
//! Their work is in `benches/ways` too; here is who asks, and what is kept of the answer.

mod asked;
mod otlp_bytes;

pub(crate) use asked::{
    AFTER_A_SLEEP, DRAINED, FULL_RING, IDLE, KEPT, ONE_CORE, ONE_SPAN, STEADY, TWO_TIMES_ONE,
    WITH_A_WAKE,
};
pub(crate) use otlp_bytes::MILLION_SPANS;

use crate::program;
use crate::progress::Progress;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::error::Error;
use std::process::Stdio;
use std::time::Duration;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Question {
    Tail,
    Threads,
    Sustained,
    HandOff,
    Drain,
    OtlpBytes,
    Memory,
    Idle,
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
    pub(crate) const ALL: [Self; 8] = [
        Self::Tail,
        Self::Threads,
        Self::Sustained,
        Self::HandOff,
        Self::Drain,
        Self::OtlpBytes,
        Self::Memory,
        Self::Idle,
    ];

    pub(crate) fn named(text: &str) -> Result<Self, Box<dyn Error>> {
        let known = Self::ALL.into_iter().find(|question| question.text() == text);
        known.ok_or_else(|| format!("question is {text:?}, which nobody asks").into())
    }

    pub(crate) fn text(self) -> &'static str {
        match self {
            Self::Tail => "single spans",
            Self::Threads => "threads at the same time",
            Self::Sustained => "sustained, the drain beside it",
            Self::HandOff => "ring hand-off",
            Self::Drain => "drain + assemble",
            Self::OtlpBytes => "OTLP bytes",
            Self::Memory => "memory of a thread that records",
            Self::Idle => "wake-ups when idle",
        }
    }

    /// Finds the answer in this process, and prints it.
    ///
    /// `lasting` is how long one measurement of those is that have no length of their own.
    pub(crate) fn answer(self, lasting: Duration) -> Result<(), Box<dyn Error>> {
        let said = match self {
            Self::Tail => asked::tail(),
            Self::Threads => asked::threads(),
            Self::Sustained => asked::sustained(lasting),
            Self::HandOff => asked::hand_off(),
            Self::Drain => asked::drain(),
            Self::OtlpBytes => Ok(otlp_bytes::answer()),
            Self::Memory => asked::memory(),
            Self::Idle => asked::idle(lasting),
        };
        println!("{}", serde_json::to_string(&said?)?);
        Ok(())
    }

    fn ask(self, lasting: Duration) -> Result<Said, Box<dyn Error>> {
        let mut process = program::again();
        process.args(["whole", self.text(), &lasting.as_millis().to_string()]);
        // A search for what can be sustained loses spans on its way, and says so.
        let output = process.stderr(Stdio::piped()).spawn()?.wait_with_output()?;
        if !output.status.success() {
            let said = String::from_utf8_lossy(&output.stderr);
            return Err(format!("it ended with {}: {}", output.status, said.trim()).into());
        }
        Ok(serde_json::from_slice(&output.stdout)?)
    }
}

impl Said {
    pub(crate) fn of<const N: usize>(figures: [(&str, f64); N], lost: u64) -> Self {
        let figures = figures.map(|(name, value)| (name.to_owned(), value));
        Self { figures: figures.into(), lost }
    }

    fn add(&mut self, name: String, figure: f64) {
        self.figures.insert(name, figure);
    }
}

/// Asks every question, one after the other, so many times round.
pub(crate) fn ask(times: usize, lasting: Duration, progress: &Progress) -> Vec<Answer> {
    let bar = progress.begin("questions about the whole", times * Question::ALL.len());
    let mut answers =
        Question::ALL.map(|question| Answer { question, said: Vec::new(), failure: None });
    for _ in 0..times {
        for answer in &mut answers {
            bar.step(answer.question.text());
            match answer.question.ask(lasting) {
                Ok(said) => answer.said.push(said),
                Err(error) => answer.failure = Some(error.to_string()),
            }
        }
    }
    bar.end();
    answers.into()
}
