//! The baggage of the piece of work that is under way, on whatever thread it is.

use super::carried;
use crate::counters::Counter;
use crate::propagation::Baggage;

/// Sets one value of the baggage: for the future, context or thread that is under way, and what begins
/// below it from here on.
///
/// Allocates. What is over a limit, or has a key that is no token, is refused whole and counted; the
/// old value stays then. [`Baggage::insert`] says why.
///
/// ```
/// use exo_trace_std::propagation::{clear_baggage, get_baggage, set_baggage};
///
/// set_baggage("user_id", "u-123");
/// assert_eq!(get_baggage("user_id").as_deref(), Some("u-123"));
/// clear_baggage();
/// assert_eq!(get_baggage("user_id"), None);
/// ```
pub fn set_baggage(key: impl AsRef<str>, value: impl AsRef<str>) {
    // Before anything is taken out: what the program does in here may panic, or set baggage itself.
    let (key, value) = (key.as_ref(), value.as_ref());
    carried::change(|carried| {
        let mut baggage = carried.baggage().clone();
        match baggage.insert(key, value) {
            Ok(()) => carried.set_baggage(baggage),
            Err(_) => Counter::BaggageRefused.add(1),
        }
    });
}

/// Returns one value of the baggage.
#[doc(alias = "get_baggage_value")]
pub fn get_baggage(key: &str) -> Option<String> {
    carried::current()?.baggage().get(key).map(str::to_owned)
}

/// Returns the whole baggage, as it is now.
pub fn baggage() -> Baggage {
    carried::current().map(|carried| carried.baggage().clone()).unwrap_or_default()
}

/// Takes the whole baggage away.
pub fn clear_baggage() {
    carried::change(|carried| carried.set_baggage(Baggage::new()));
}
