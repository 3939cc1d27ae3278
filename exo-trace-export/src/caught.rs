//! Runs code of the program's own so that no panic in it goes any further.

use std::panic::{AssertUnwindSafe, catch_unwind};

/// Runs `f`; `None` when it panicked.
///
/// Whatever state a panic leaves behind belongs to the code that panicked.
pub(crate) fn caught<R>(f: impl FnOnce() -> R) -> Option<R> {
    match catch_unwind(AssertUnwindSafe(f)) {
        Ok(result) => Some(result),
        Err(payload) => {
            // Leaked: a payload is a value of the program's own, and its destructor may panic where
            // nothing catches it.
            std::mem::forget(payload);
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Panics when it is dropped.
    struct Bomb;

    impl Drop for Bomb {
        fn drop(&mut self) {
            panic!("a payload's destructor");
        }
    }

    #[test]
    fn a_payload_that_panics_when_dropped_goes_no_further_either() {
        assert_eq!(caught(|| std::panic::panic_any(Bomb)), None::<()>);
        assert_eq!(caught(|| 7), Some(7));
    }
}
