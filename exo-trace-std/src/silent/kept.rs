//! A text that nobody will say: nothing is kept, and nothing is left to drop.

use std::borrow::Cow;

#[derive(Debug)]
pub(crate) struct Kept;

impl Kept {
    #[inline(always)]
    pub(crate) const fn new() -> Self {
        Self
    }

    #[inline(always)]
    pub(crate) fn set(&mut self, _text: Cow<'static, str>) {}

    #[inline(always)]
    pub(crate) fn clear(&mut self) {}

    #[inline(always)]
    pub(crate) fn take(&mut self) -> Option<Cow<'static, str>> {
        None
    }
}
