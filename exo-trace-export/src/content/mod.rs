//! Captured contents on this side of the ring: redacted, cut, and held until their span is whole.

mod cut;
mod editor;
mod finished;
mod held;
mod redacted;

pub(crate) use editor::{CONTENT_BYTES_MAX, Editor};
pub(crate) use held::Contents;
