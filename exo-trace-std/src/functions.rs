//! The functions of the page, for names that are values: `span_sync` and `span_async`.
//!
//! They look their call site up in a small per-thread cache, some nanoseconds a span. The macros of
//! the same names place it in a `static` and evaluate nothing when off: the forms to use on a hot
//! path.

use crate::{AttributeSource, SpanGuard, Traced};
use std::borrow::Cow;
use std::panic::Location;

/// Begins a span that is current until the guard is dropped; `()` where it has no attributes.
///
/// ```
/// use exo_trace_std::{attributes, span_sync};
///
/// let _span = span_sync("my_sync_operation", attributes! { step = 1 });
/// ```
#[doc(alias = "span")]
#[inline(always)]
#[track_caller]
pub fn span_sync(
    name: impl Into<Cow<'static, str>>,
    attributes: impl AttributeSource,
) -> SpanGuard {
    crate::begin_named(name.into(), attributes, Location::caller()).enter()
}

/// Returns `future` with a span around it; `()` where the span has no attributes.
///
/// The parent is the span that is current here, the time begins with the first poll. Never
/// allocates.
///
/// ```
/// use exo_trace_std::span_async;
///
/// async fn answer() -> u32 {
///     span_async("my_async_operation", (), async { 42 }).await
/// }
/// ```
#[doc(alias = "aspan")]
#[inline(always)]
#[track_caller]
pub fn span_async<F: Future>(
    name: impl Into<Cow<'static, str>>,
    attributes: impl AttributeSource,
    future: F,
) -> Traced<F> {
    crate::begin_named(name.into(), attributes, Location::caller()).future(future)
}
