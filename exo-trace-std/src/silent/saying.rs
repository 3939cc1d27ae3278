//! What a call site would say of its span, where none is ever recorded.

use exo_trace_core::{Field, InternedKey};
use std::convert::Infallible;

/// Never made.
#[derive(Debug)]
pub struct Saying(Infallible);

impl Saying {
    /// Never called: it leads nowhere.
    #[inline(always)]
    pub fn first() -> Self {
        unreachable!("no span is recorded in this build")
    }

    /// Returns no room.
    #[inline(always)]
    pub fn room<const WORDS: usize>() {}

    /// Never called.
    #[inline(always)]
    pub fn put(
        &mut self,
        _open: &mut Infallible,
        _said: &mut (),
        _key: &'static InternedKey,
        _field: Field<'_>,
    ) {
        match self.0 {}
    }

    /// Never called.
    #[inline(always)]
    pub fn done(self, _open: &mut Infallible, _said: ()) {
        match self.0 {}
    }
}
