//! Spans that begin below a span they are told of, not below the current one; and what follows from one.

use super::begun::Begun;
use super::current_span::CurrentSpan;
use super::facts::Facts;
use super::pen;
use super::span::Span;
use super::within::Within;
use crate::settings;
use exo_trace_core::{Callsite, Current, SpanContext};

/// Another span, by whatever the program has of it: `parent = …` and `follows_from = …` of `#[traced]`.
///
/// Made from `&Span`, from [`Span::current`], from a [`SpanContext`] and from an option of one; `None` is
/// no span at all, below which a trace begins.
#[derive(Clone, Copy, Debug)]
pub struct SpanRef {
    /// Nothing where tracing was off when the span began: then it is as if it had not been named.
    current: Option<Current>,
}

impl From<&Span> for SpanRef {
    fn from(span: &Span) -> Self {
        Self { current: span.as_current() }
    }
}

impl From<CurrentSpan> for SpanRef {
    fn from(span: CurrentSpan) -> Self {
        Self { current: span.as_current() }
    }
}

impl From<SpanContext> for SpanRef {
    fn from(span: SpanContext) -> Self {
        let identity = pen::with(|pen| pen.current().identity()).flatten();
        Self { current: Some(Current::of(span).identified(identity)) }
    }
}

impl From<&SpanContext> for SpanRef {
    fn from(span: &SpanContext) -> Self {
        Self::from(*span)
    }
}

/// There is one from an option only: a bare `None` says nothing of what it is an option of.
impl From<Option<SpanContext>> for SpanRef {
    fn from(span: Option<SpanContext>) -> Self {
        span.map_or(Self { current: Some(Current::NONE) }, Self::from)
    }
}

/// Returns what `span` names.
#[inline]
pub fn span_ref<T>(span: T) -> SpanRef
where
    SpanRef: From<T>,
{
    SpanRef::from(span)
}

/// Begins a span at a call site, below `parent`.
#[inline]
pub fn begin_below(callsite: &'static Callsite, parent: impl FnOnce() -> SpanRef) -> Begun {
    let Some(parent) = named(parent) else { return Begun::none() };
    let begun = Begun::below(parent.current, callsite.facts().name, || callsite.id());
    match parent.current {
        Some(current) => begun.or_passing_on(current),
        None => begun,
    }
}

/// As [`begin_below`], for a span that is recorded even where its trace is not sampled.
#[inline]
pub fn begin_measured_below(
    callsite: &'static Callsite,
    parent: impl FnOnce() -> SpanRef,
) -> Begun {
    let Some(parent) = named(parent) else { return Begun::none() };
    let name = callsite.facts().name;
    match parent.current {
        Some(current) => Begun::measured_below(current, name, || callsite.id()),
        None => Begun::measured(name, || callsite.id()),
    }
}

/// Asks for the parent where a span may begin: not while tracing is off, nor in its own work.
fn named(parent: impl FnOnce() -> SpanRef) -> Option<SpanRef> {
    if !settings::is_on() {
        settings::count_off();
        return None;
    }
    let may_begin = pen::with(pen::Pen::current).is_some_and(|current| !current.is_suppressed());
    may_begin.then(parent)
}

impl Begun {
    /// Links the span to one that it follows from.
    pub fn follow(&mut self, cause: SpanRef) {
        if let Some(context) = cause.current.and_then(|current| current.span_context()) {
            let is_written = Facts::of_span(self.span_id()).add_link(&context, ());
            if !is_written {
                self.is_foreign.set(true);
            }
        }
    }

    /// Steps out of the current span until what is returned is dropped, so that this one can be entered
    /// whatever trace it is of.
    pub fn apart(&self) -> Apart {
        Apart { within: Within::new(self.is_open().then_some(Current::NONE)) }
    }
}

/// What was current before, to be put back.
#[derive(Debug)]
#[must_use = "what was current is put back when this is dropped"]
pub struct Apart {
    #[expect(dead_code, reason = "it is there to be dropped")]
    within: Within,
}
