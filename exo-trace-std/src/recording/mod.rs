//! Call sites that record: the feature `enabled`.

mod around;
mod baggage;
mod begun;
mod below;
#[cfg(feature = "tracing")]
mod bridged;
mod carried;
mod chunks;
mod context;
mod current_span;
mod description;
#[cfg(feature = "tower")]
mod exchange;
mod facts;
mod future;
mod guard;
mod held;
mod identities;
mod identity;
mod in_context;
mod iterator;
mod joined;
mod kept;
mod literals;
mod names;
mod operation;
mod panic_note;
mod parents;
mod pen;
mod polled;
mod refused;
mod saying;
mod span;
mod stamps;
mod stream;
mod thread_clock;
mod values;
mod within;

pub use baggage::{baggage, clear_baggage, get_baggage, set_baggage};
pub use begun::Begun;
pub use below::{Apart, SpanRef, begin_below, begin_measured_below, span_ref};
pub use context::{Attached, Context, suppressed};
pub use current_span::CurrentSpan;
pub use future::Traced;
pub use guard::SpanGuard;
pub use held::Held;
pub use identity::{AttachedIdentity, Identity, InIdentity};
pub use in_context::InContext;
pub use iterator::TracedIterator;
pub use operation::Operation;
pub use panic_note::note_panics;
pub use pen::forget_inherited;
pub use saying::Saying;
pub use span::{Span, TraceFuture};
pub use stamps::stamp_baggage;
pub use stream::TracedStream;

#[cfg(feature = "tracing")]
pub(crate) use bridged::{Bridged, beside_current, enter, leave};
pub(crate) use chunks::Chunks;
pub(crate) use description::Description;
#[cfg(feature = "tower")]
pub(crate) use exchange::Exchange;
#[cfg(feature = "tracing")]
pub(crate) use facts::Facts;
#[cfg(feature = "tracing")]
pub(crate) use joined::{Beside, is_joined};
#[cfg(feature = "opentelemetry")]
pub(crate) use joined::{from_opentelemetry, join, part, to_opentelemetry};
pub(crate) use kept::Kept;
pub(crate) use names::{begin_measured, begin_named};
#[cfg(feature = "tracing")]
pub(crate) use values::{EVENT_ATTRIBUTES_MAX, with_value};
