//! Call sites that record: the feature `enabled`.

mod begun;
mod chunks;
mod context;
mod current_span;
mod description;
mod facts;
mod future;
mod guard;
mod held;
mod identities;
mod identity;
mod iterator;
mod kept;
mod literals;
mod names;
mod operation;
mod panic_note;
mod pen;
mod polled;
mod span;
mod stream;
mod values;

pub use begun::Begun;
pub use context::{Attached, Context, InContext, suppressed};
pub use current_span::CurrentSpan;
pub use future::Traced;
pub use guard::SpanGuard;
pub use held::Held;
pub use identity::{AttachedIdentity, Identity, InIdentity};
pub use iterator::TracedIterator;
pub use operation::Operation;
pub use panic_note::note_panics;
pub use pen::forget_inherited;
pub use span::{Span, TraceFuture};
pub use stream::TracedStream;

pub(crate) use chunks::Chunks;
pub(crate) use description::Description;
pub(crate) use kept::Kept;
pub(crate) use names::{begin_measured, begin_named};
