//! Keeps one side's position off the other side's cache lines.
//!
//! 128 bytes on 64-bit hosts, because adjacent-line prefetchers pull lines in pairs; nothing on
//! small chips, which have no cache to share and no bytes to spare.

use core::ops::Deref;

#[cfg_attr(target_pointer_width = "64", repr(align(128)))]
pub(crate) struct Padded<T>(pub(crate) T);

impl<T> Deref for Padded<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}
