//! A request under way of which nothing is recorded.

use super::begun::Begun;
use crate::Status;
use exo_trace_core::{InternedKey, Outcome, Value};

/// A request under way; here, nobody watches it.
#[derive(Debug)]
pub(crate) struct Exchange(());

impl Exchange {
    #[inline(always)]
    pub(crate) fn new(_begun: Begun) -> Self {
        Self(())
    }

    #[inline(always)]
    pub(crate) fn without_span() -> Self {
        Self(())
    }

    #[inline(always)]
    pub(crate) fn during<R>(&mut self, work: impl FnOnce() -> R) -> R {
        work()
    }

    #[inline(always)]
    pub(crate) fn is_recording(&mut self) -> bool {
        false
    }

    #[inline(always)]
    pub(crate) fn say(&mut self, _key: &'static InternedKey, _value: Value<'_>) {}

    #[inline(always)]
    pub(crate) fn say_literal(&mut self, _key: &'static InternedKey, _text: &'static str) {}

    #[inline(always)]
    pub(crate) fn fail(&mut self, _error_type: &str, _message: &dyn std::fmt::Display) {}

    #[inline(always)]
    pub(crate) fn set_status(&mut self, _status: Status<'_>) {}

    #[inline(always)]
    pub(crate) fn end(&mut self, _outcome: Outcome) {}
}
