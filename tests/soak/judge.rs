//! A consumer that holds every span to the laws, and keeps what it found for whoever asks.

use crate::laws::{Broken, Facts, Law, Watch};
use crate::told;
use exo_trace::{SpanConsumer, SpanData};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// How many spans and parents a page of memory has: a second's, nearly.
const PAGE_LEN: usize = 900_000;
/// How many broken laws are shown; all are counted.
const SHOWN_MAX: usize = 10;

#[derive(Clone)]
pub(crate) struct Judge {
    findings: Arc<Mutex<Findings>>,
}

pub(crate) struct Findings {
    pub(crate) watch: Watch,
    /// Facts that spans were told and neither have nor count.
    pub(crate) facts_missing: u64,
    pub(crate) broken: u64,
    pub(crate) shown: Vec<String>,
}

impl Judge {
    pub(crate) fn new() -> Self {
        let watch = Watch::remembering(PAGE_LEN);
        let findings = Findings { watch, facts_missing: 0, broken: 0, shown: Vec::new() };
        Self { findings: Arc::new(Mutex::new(findings)) }
    }

    pub(crate) fn findings(&self) -> MutexGuard<'_, Findings> {
        self.findings.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl SpanConsumer for Judge {
    fn consume(&self, span: &SpanData<'_>) {
        let mut findings = self.findings();
        let seen = findings.watch.see(span);
        let missing = missing_of(span);
        let is_known = missing.as_ref().is_ok_and(|missing| *missing > 0);
        findings.facts_missing += missing.as_ref().copied().unwrap_or_default();
        findings.note(missing.map(drop));
        match seen {
            // What it failed with is missed as a fact, which the losses have to account for.
            Err(broken) if is_known && broken.law == Law::LooksLikeItsEnd => {}
            seen => findings.note(seen),
        }
    }
}

impl Findings {
    pub(crate) fn note(&mut self, law: Result<(), Broken>) {
        let Err(broken) = law else { return };
        self.broken += 1;
        if self.shown.len() < SHOWN_MAX {
            self.shown.push(broken.to_string());
        }
    }
}

fn missing_of(span: &SpanData<'_>) -> Result<u64, Broken> {
    let has = Facts::of(span);
    let missing = told::to(&span.name()).missing_of(&has, &Facts::dropped(span));
    missing.map_err(|broken| broken.of(span))
}
