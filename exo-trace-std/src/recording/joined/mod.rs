//! OpenTelemetry's current context beside our current span, so that each knows of the other.
//!
//! Where the two are joined, each span of ours that becomes current attaches a context of theirs, which
//! leaves with it, and what is current is asked of them: a span of theirs that was attached on top of
//! ours is the parent of what begins inside it. Our own notes go on below that as if there were no
//! other, so that joining and parting, in whatever place, leaves both in order.

#[cfg(feature = "opentelemetry")]
mod along;
#[cfg(not(feature = "opentelemetry"))]
mod disabled;
#[cfg(feature = "opentelemetry")]
mod enabled;
#[cfg(feature = "opentelemetry")]
mod own_span;
#[cfg(feature = "opentelemetry")]
mod shared;

#[cfg(not(feature = "opentelemetry"))]
pub(crate) use disabled::{Beside, is_joined};
#[cfg(not(feature = "opentelemetry"))]
pub(super) use disabled::{carrying, seen, shown};
#[cfg(feature = "opentelemetry")]
pub(crate) use enabled::{Beside, is_joined, join, part};
#[cfg(feature = "opentelemetry")]
pub(super) use enabled::{carrying, seen, shown};
#[cfg(feature = "opentelemetry")]
pub(crate) use shared::{from_opentelemetry, to_opentelemetry};
