//! Text made by `Display` or `Debug` without allocation: a bounded buffer that cuts and remembers.

use core::fmt;
use heapless::String;

/// How many bytes of a formatted argument are kept.
#[cfg(target_pointer_width = "64")]
pub const FORMATTED_BYTES_MAX: usize = 4_096;
/// How many bytes of a formatted argument are kept.
#[cfg(not(target_pointer_width = "64"))]
pub const FORMATTED_BYTES_MAX: usize = 64;

/// A formatted text of at most `N` bytes, cut on a character boundary.
///
/// ```
/// use core::fmt::Write;
/// use exo_trace_core::Formatted;
///
/// let mut text = Formatted::<6>::new();
/// let _ = write!(text, "{}", "grüße aus");
/// assert_eq!((text.as_str(), text.is_cut()), ("grüß", true));
/// ```
#[derive(Debug, Default)]
pub struct Formatted<const N: usize = FORMATTED_BYTES_MAX> {
    text: String<N>,
    is_cut: bool,
}

impl<const N: usize> Formatted<N> {
    /// Returns an empty text.
    pub const fn new() -> Self {
        Self { text: String::new(), is_cut: false }
    }

    /// Returns the text as far as it was kept.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Tells whether something was cut off.
    pub fn is_cut(&self) -> bool {
        self.is_cut
    }
}

impl<const N: usize> fmt::Write for Formatted<N> {
    /// Appends as much of `text` as fits. Fails once something was cut, so that formatting stops
    /// early, and takes nothing more from whoever goes on all the same.
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let room = if self.is_cut { 0 } else { N - self.text.len() };
        let kept = text.get(..text.floor_char_boundary(room)).unwrap_or_default();
        // `kept` is at most `room` bytes long.
        let _ = self.text.push_str(kept);
        self.is_cut |= kept.len() < text.len();
        if self.is_cut { Err(fmt::Error) } else { Ok(()) }
    }
}
