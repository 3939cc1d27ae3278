//! zstd where the feature is on, and the reason for a refusal where it is off.

// Tests are built with the feature, and try what is said without it all the same.
#[cfg(any(test, not(feature = "zstd")))]
mod disabled;
#[cfg(feature = "zstd")]
mod enabled;

#[cfg(not(feature = "zstd"))]
pub(super) use disabled::{check, compress};
#[cfg(feature = "zstd")]
pub(super) use enabled::{check, compress};
