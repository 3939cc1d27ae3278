//! What one span shows by itself: its times, its keys, and that it looks like what became of it.

use super::{Broken, Law};
use exo_trace::{Outcome, SpanData, StatusCode};

/// Holds one span to what needs no other.
pub(crate) fn stands_for_itself(span: &SpanData<'_>) -> Result<(), Broken> {
    time_runs_forward(span.start_unix_nano(), span.end_unix_nano())?;
    let keys: Vec<&str> = span.attributes().map(|(key, _)| key).collect();
    keys_stand_once(&keys)?;
    looks_like_its_end(span, &keys)
}

/// Holds an end to coming after its beginning.
pub(crate) fn time_runs_forward(start: u64, end: u64) -> Result<(), Broken> {
    Broken::unless(end >= start, Law::TimeRunsForward, || format!("from {start} to {end}"))
}

/// Holds a list of keys to having each of them once.
pub(crate) fn keys_stand_once(keys: &[&str]) -> Result<(), Broken> {
    // A span has few keys: looking back costs less than a set.
    let again = keys.iter().enumerate().find(|(place, key)| keys[..*place].contains(key));
    Broken::unless(again.is_none(), Law::AKeyStandsOnce, || format!("{again:?} among {keys:?}"))
}

fn looks_like_its_end(span: &SpanData<'_>, keys: &[&str]) -> Result<(), Broken> {
    let is_error = span.status().code() == StatusCode::Error;
    let is_kept = match span.outcome() {
        // What it failed with is an event; where it was refused the span counts it.
        Outcome::Error | Outcome::Panic => {
            keys.contains(&"error.type") || !is_error || span.dropped_events_count() > 0
        }
        Outcome::Cancelled => span.events().last().is_some_and(|event| event.name == "cancelled"),
        Outcome::Ended => !keys.contains(&"exo.outcome"),
    };
    Broken::unless(is_kept, Law::LooksLikeItsEnd, || span.to_string())
}
