//! What the macros expand to. Not for callers: it changes without notice.

use crate::AttributeSource;
pub use crate::Begun;
pub use crate::Failed as Failure;
pub use crate::argument::{Argument, Put};
#[cfg(feature = "enabled")]
pub use crate::recording::Saying;
#[cfg(feature = "enabled")]
pub use crate::recording::{Apart, SpanRef, begin_below, begin_measured_below, span_ref};
pub use crate::returned::{Good, Returned, ReturnedDebug};
#[cfg(not(feature = "enabled"))]
pub use crate::silent::Saying;
pub use crate::{SpanGuard, TracedIterator, TracedStream};
pub use exo_trace_core::{
    Attribute, Callsite, CallsiteFacts, Field, InternedKey, Key, SpanKind, Value,
};
pub use exo_trace_macros::{attributes_in, span_async_in, span_sync_in};
pub use futures_core::Stream;
use std::borrow::Cow;
use std::panic::Location;

/// Brings the ways to put an argument into scope.
pub mod argument {
    pub use crate::argument::{PutDebug as _, PutDisplay as _, PutTypeName as _, PutValue as _};
}

/// Brings the ways to look at a returned value into scope.
pub mod returned {
    pub use crate::returned::{
        DebugFailure as _, DisplayFailure as _, GoodOfAny as _, GoodOfResult as _, NoFailure as _,
        SilentFailure as _,
    };
}

/// Begins a span at a call site.
#[inline(always)]
pub fn begin(callsite: &'static Callsite) -> Begun {
    Begun::at(callsite)
}

/// Begins a span at a call site whose times may be some milliseconds old.
#[inline(always)]
pub fn begin_coarse(callsite: &'static Callsite) -> Begun {
    Begun::coarse_at(callsite)
}

/// Begins a measured span at a call site: recorded even where its trace is not sampled.
#[inline(always)]
pub fn begin_measured(callsite: &'static Callsite) -> Begun {
    Begun::measured_at(callsite)
}

/// Begins a measured span under a name that is a value, at the place of the caller.
#[inline(always)]
#[track_caller]
pub fn begin_measured_named(
    name: impl Into<Cow<'static, str>>,
    attributes: impl AttributeSource,
) -> Begun {
    crate::begin_measured(name.into(), attributes, Location::caller())
}

/// Calls `f`: a body that must run to its end before its value is looked at.
///
/// A function, because a closure called on the spot is inferred as `FnMut` where it could be
/// `FnOnce`, and a body may return what it borrowed from `self`.
#[inline(always)]
pub fn call<R>(f: impl FnOnce() -> R) -> R {
    f()
}

#[doc(hidden)]
#[macro_export]
macro_rules! __scope_name {
    () => {
        const {
            match ::core::option_env!("CARGO_PKG_NAME") {
                ::core::option::Option::Some(name) => name,
                ::core::option::Option::None => "",
            }
        }
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __scope_version {
    () => {
        const {
            match ::core::option_env!("CARGO_PKG_VERSION") {
                ::core::option::Option::Some(version) => version,
                ::core::option::Option::None => "",
            }
        }
    };
}

pub use crate::{__scope_name as scope_name, __scope_version as scope_version};
