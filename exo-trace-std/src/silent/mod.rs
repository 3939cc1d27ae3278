//! Call sites without the feature `enabled`: the same names as `recording`, and nothing behind them.
//!
//! Guards and handles have no size, so that a call site compiles to the code around it; attributes
//! are never evaluated, nothing is counted. Futures, streams and iterators are what they wrap and
//! whether it has ended, because both builds drop it there. What else stays is what the compiler
//! checks: bounds, `must_use`, and which types are `Send`.

mod baggage;
mod begun;
mod context;
mod current_span;
#[cfg(feature = "tower")]
mod exchange;
mod facts;
mod future;
mod guard;
mod held;
mod identity;
mod iterator;
#[cfg(feature = "opentelemetry")]
mod joined;
mod kept;
mod operation;
mod saying;
mod span;
mod stream;

pub use baggage::{baggage, clear_baggage, get_baggage, set_baggage, stamp_baggage};
pub use begun::Begun;
pub use context::{Attached, Context, InContext, suppressed};
pub use current_span::CurrentSpan;
pub use future::Traced;
pub use guard::SpanGuard;
pub use held::Held;
pub use identity::{AttachedIdentity, Identity, InIdentity};
pub use iterator::TracedIterator;
pub use operation::Operation;
pub use saying::Saying;
pub use span::{Span, TraceFuture};
pub use stream::TracedStream;

pub(crate) use begun::{begin_measured, begin_named};
#[cfg(feature = "tower")]
pub(crate) use exchange::Exchange;
#[cfg(feature = "opentelemetry")]
pub(crate) use joined::{from_opentelemetry, join, part, to_opentelemetry};
pub(crate) use kept::Kept;
pub(crate) use operation::{Chunks, Description};

/// Does nothing: there are no spans for a panic to end.
#[inline(always)]
pub fn note_panics() {}

/// Does nothing: there are no ids to repeat.
#[inline(always)]
pub fn forget_inherited() {}
