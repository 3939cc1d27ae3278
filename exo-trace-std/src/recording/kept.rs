//! A text that a span says at its end: the last one that was given.

use std::borrow::Cow;

#[derive(Debug)]
pub(crate) struct Kept {
    text: Option<Cow<'static, str>>,
}

impl Kept {
    #[inline(always)]
    pub(crate) const fn new() -> Self {
        Self { text: None }
    }

    /// Keeps a text in the place of the one before.
    #[inline(always)]
    pub(crate) fn set(&mut self, text: Cow<'static, str>) {
        self.text = Some(text);
    }

    pub(crate) fn clear(&mut self) {
        self.text = None;
    }

    pub(crate) fn take(&mut self) -> Option<Cow<'static, str>> {
        self.text.take()
    }
}
