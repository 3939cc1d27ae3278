//! zstd where the feature is on, and the reason for a refusal where it is off.

#[cfg(not(feature = "zstd"))]
mod disabled;
#[cfg(feature = "zstd")]
mod enabled;

#[cfg(not(feature = "zstd"))]
pub(super) use disabled::{compress, encoding};
#[cfg(feature = "zstd")]
pub(super) use enabled::{compress, encoding};
