//! A span over a request and its answer: current while either is worked on, ended once, wherever that is.
//!
//! Both are polled, the answer long after the future that brought it is gone, and perhaps on other
//! threads. Of a trace that is not recorded the ids are there all the same, so that they are passed on.

use super::begun::Begun;
use super::polled::Polled;
use super::within::Within;
use super::{literals, pen};
use crate::Status;
use exo_trace_core::{Current, Field, InternedKey, Outcome, Value};

/// A request under way: cancelled, unless somebody ends it.
#[derive(Debug)]
pub(crate) struct Exchange {
    polled: Polled,
    /// What is current inside where there is no span: tracing was off when it began, or none was wanted.
    instead: Option<Current>,
}

impl Exchange {
    /// Takes a span over, with what the calling thread carries.
    pub(crate) fn new(begun: Begun) -> Self {
        let mut polled = Polled::new(begun);
        let has_span = polled.open_mut().is_some();
        let instead = if has_span { None } else { pen::with(pen::Pen::current) };
        Self { polled, instead }
    }

    /// Goes on in the calling thread's context, without a span.
    pub(crate) fn without_span() -> Self {
        Self::new(Begun::none())
    }

    /// Runs `work` with it current, in a panic no longer than that.
    #[inline]
    pub(crate) fn during<R>(&mut self, work: impl FnOnce() -> R) -> R {
        let _within = Within::new(self.instead);
        self.polled.during(|_| work())
    }

    /// Tells whether anything said of it is kept.
    #[inline]
    pub(crate) fn is_recording(&mut self) -> bool {
        self.polled.open_mut().is_some_and(|open| open.is_recording())
    }

    /// Says a value; nothing for [`Value::Empty`].
    pub(crate) fn say(&mut self, key: &'static InternedKey, value: Value<'_>) {
        if self.is_recording() {
            self.polled.note_thread();
            if let Some(open) = self.polled.open_mut() {
                super::facts::put(open, key, Field::Value(value));
            }
        }
    }

    /// Says a text of the program, as one word.
    pub(crate) fn say_literal(&mut self, key: &'static InternedKey, text: &'static str) {
        let value = literals::interned(text).map_or(Value::Text(text), Value::Interned);
        self.say(key, value);
    }

    /// Notes an error, and why, as an `exception` event.
    pub(crate) fn fail(&mut self, error_type: &str, message: &dyn std::fmt::Display) {
        if self.is_recording() {
            self.polled.note_thread();
            self.polled.facts().fail_with(error_type, Field::Display(&message), &[]);
        }
    }

    /// Says how it went.
    pub(crate) fn set_status(&mut self, status: Status<'_>) {
        if self.is_recording() {
            self.polled.note_thread();
            self.polled.facts().set_status(status);
        }
    }

    /// Ends it; what is said later is said of nothing.
    pub(crate) fn end(&mut self, outcome: Outcome) {
        self.polled.end(outcome);
    }
}

impl Drop for Exchange {
    fn drop(&mut self) {
        self.polled.end(Outcome::Cancelled);
    }
}
