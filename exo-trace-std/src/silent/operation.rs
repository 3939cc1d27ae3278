//! A typed span that never was.

use super::context::InContext;
use super::facts::fact_methods;
use crate::{AttributeSource, Span, Status};
use exo_trace_core::{Callsite, Gathered, InternedKey, Key, Outcome, SpanContext, Value};
use std::borrow::Cow;
use std::fmt::Display;
use std::marker::PhantomData;

/// A typed span under way; here, none.
#[derive(Debug)]
#[must_use = "the span ends when it is dropped"]
pub struct Operation(());

impl Operation {
    #[inline(always)]
    pub(crate) fn begin(_callsite: &'static Callsite) -> Self {
        Self(())
    }

    #[inline(always)]
    pub(crate) fn description<'s>(
        &'s mut self,
        _gathered: &'s mut Gathered,
    ) -> Option<Description<'s>> {
        None
    }

    #[inline(always)]
    pub(crate) fn write(&mut self, _gathered: &Gathered) {}

    #[inline(always)]
    pub(crate) fn say(&mut self, _key: &'static InternedKey, _value: Value<'_>) {}

    #[inline(always)]
    pub(crate) fn capture(&self, _key: Key, _write: impl FnOnce(&mut String)) {}

    #[inline(always)]
    pub(crate) fn conclude(&mut self, _outcome: Outcome) {}

    #[inline(always)]
    pub(crate) fn conclusion(&self) -> Option<Outcome> {
        None
    }

    #[inline(always)]
    pub(crate) fn outcome(&self) -> Outcome {
        Outcome::Ended
    }

    #[inline(always)]
    pub(crate) fn fail_as(&mut self, _error_type: &str, _message: &dyn Display) {}

    #[inline(always)]
    pub(crate) fn fail_unnamed(&mut self, _class: &'static str) {}

    #[inline(always)]
    pub(crate) fn begin_before(&mut self, _elapsed_ms: f64) {}

    #[inline(always)]
    pub(crate) fn end_with(&mut self, _gathered: &Gathered) {}

    /// Begins nothing.
    #[inline(always)]
    pub fn child(
        &self,
        _name: impl Into<Cow<'static, str>>,
        _attributes: impl AttributeSource,
    ) -> Span {
        Span::none()
    }

    /// Runs `f`.
    #[inline(always)]
    pub fn in_scope<R>(&self, f: impl FnOnce() -> R) -> R {
        f()
    }

    /// Returns `future` with nothing around it.
    #[inline(always)]
    pub fn instrument<F: Future>(&self, future: F) -> InContext<F> {
        InContext::new(future)
    }

    fact_methods!();
}

impl Drop for Operation {
    #[inline(always)]
    fn drop(&mut self) {}
}

/// What would be said at once; here, nothing is.
pub(crate) struct Description<'s>(PhantomData<&'s mut Operation>);

impl Description<'_> {
    #[inline(always)]
    pub(crate) fn value(&mut self, _key: &'static InternedKey, _value: Value<'static>) {}

    #[inline(always)]
    pub(crate) fn count(&mut self, _key: &'static InternedKey, _count: Option<u64>) {}

    #[inline(always)]
    pub(crate) fn text(&mut self, _key: &'static InternedKey, _text: Option<Cow<'static, str>>) {}

    #[inline(always)]
    pub(crate) fn list_of_one(&mut self, _key: &'static InternedKey, _text: Option<&str>) {}

    #[inline(always)]
    pub(crate) fn list(&mut self, _key: &'static InternedKey, _texts: Vec<Cow<'static, str>>) {}

    #[inline(always)]
    pub(crate) fn more(&mut self, _attributes: impl AttributeSource) {}
}

/// How many chunks came; here, nobody counts.
#[derive(Debug, Default)]
pub(crate) struct Chunks(());

impl Chunks {
    #[inline(always)]
    pub(crate) fn now() -> u64 {
        0
    }

    #[inline(always)]
    pub(crate) fn add(&mut self, _came: u64) {}

    #[inline(always)]
    pub(crate) fn is_empty(&self) -> bool {
        true
    }

    #[inline(always)]
    pub(crate) fn say(&self, _said: &mut Description<'_>) {}
}
