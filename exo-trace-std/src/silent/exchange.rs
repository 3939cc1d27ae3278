//! A request under way of which nothing is recorded.

use super::begun::Begun;
use crate::Status;
use exo_trace_core::{InternedKey, Outcome, Value};
use std::marker::PhantomData;

/// A request under way; here, nobody watches it.
#[derive(Debug)]
pub(crate) struct Exchange(());

/// One turn at it.
pub(crate) struct ExchangeTurn<'e>(PhantomData<&'e mut Exchange>);

impl Exchange {
    #[inline(always)]
    pub(crate) fn new(_begun: Begun) -> Self {
        Self(())
    }

    #[inline(always)]
    pub(crate) fn turn(&mut self) -> ExchangeTurn<'_> {
        ExchangeTurn(PhantomData)
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

impl Drop for ExchangeTurn<'_> {
    #[inline(always)]
    fn drop(&mut self) {}
}
