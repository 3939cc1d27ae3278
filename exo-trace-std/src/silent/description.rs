//! What a typed span would say of itself; here it says nothing, and nothing is evaluated.

use super::span::Span;
use crate::AttributeSource;
use exo_trace_core::{InternedKey, Outcome, Value};
use std::borrow::Cow;
use std::marker::PhantomData;

/// The attributes of one span that begins; here, none.
pub(crate) struct Description<'s>(PhantomData<&'s mut Span>);

impl Description<'_> {
    #[inline(always)]
    pub(crate) fn value(&mut self, _key: &'static InternedKey, _value: Value<'static>) {}

    #[inline(always)]
    pub(crate) fn text(&mut self, _key: &'static InternedKey, _text: Option<Cow<'static, str>>) {}

    #[inline(always)]
    pub(crate) fn list(&mut self, _key: &'static InternedKey, _texts: Vec<Cow<'static, str>>) {}

    #[inline(always)]
    pub(crate) fn more(&mut self, _attributes: impl AttributeSource) {}
}

impl Span {
    #[inline(always)]
    pub(crate) fn describe(&mut self, _say: impl FnOnce(&mut Description<'_>)) {}

    #[inline(always)]
    pub(crate) fn keep(&mut self, _key: &'static InternedKey, _value: Value<'_>) {}

    #[inline(always)]
    pub(crate) fn keep_text(&mut self, _key: &'static InternedKey, _text: Cow<'static, str>) {}

    #[inline(always)]
    pub(crate) fn conclude(&mut self, _outcome: Outcome) {}

    #[inline(always)]
    pub(crate) fn conclusion(&self) -> Outcome {
        Outcome::Ended
    }

    #[inline(always)]
    pub(crate) fn fail(&mut self, _error_type: &str, _message: &dyn std::fmt::Display) {}

    #[inline(always)]
    pub(crate) fn begin_before(&mut self, _elapsed_ms: f64) {}
}

/// How many chunks came; here, nobody counts.
#[derive(Debug, Default)]
pub(crate) struct Chunks(());

impl Chunks {
    #[inline(always)]
    pub(crate) fn add_one(&mut self) {}

    #[inline(always)]
    pub(crate) fn is_empty(&self) -> bool {
        true
    }

    #[inline(always)]
    pub(crate) fn say(&self, _span: &mut Span) {}
}
