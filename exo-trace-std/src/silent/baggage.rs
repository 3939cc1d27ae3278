//! The baggage of the piece of work that is under way when nothing is recorded: none.

use crate::propagation::Baggage;

/// Does nothing: there is no baggage.
#[inline(always)]
pub fn set_baggage(_key: impl AsRef<str>, _value: impl AsRef<str>) {}

/// Returns `None`.
#[doc(alias = "get_baggage_value")]
#[inline(always)]
pub fn get_baggage(_key: &str) -> Option<String> {
    None
}

/// Returns a baggage without members.
#[inline(always)]
pub fn baggage() -> Baggage {
    Baggage::new()
}

/// Does nothing: there is no baggage.
#[inline(always)]
pub fn clear_baggage() {}

/// Does nothing: there are no spans to say anything.
#[inline(always)]
pub fn stamp_baggage(_chosen: &[String]) {}
