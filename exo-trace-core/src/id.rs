//! The names of traces and spans: 16 and 8 bytes, never zero, and where they come from.
//!
//! Source: W3C Trace Context level 2, §3.2.2.3 and §3.2.2.4 (ids, the *random* flag).

use core::cell::Cell;
use core::fmt;
use core::num::{NonZeroU64, NonZeroU128};
use core::str::FromStr;

/// A trace's id: 16 bytes, not all zero, written as 32 lower-case hex digits.
///
/// ```
/// use exo_trace_core::TraceId;
///
/// let id: TraceId = "4bf92f3577b34da6a3ce929d0e0e4736".parse()?;
/// assert_eq!(id.to_bytes()[0], 0x4b);
/// assert!("00000000000000000000000000000000".parse::<TraceId>().is_err());
/// # Ok::<(), exo_trace_core::ParseIdError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TraceId(NonZeroU128);

/// A span's id: 8 bytes, not all zero, written as 16 lower-case hex digits.
///
/// ```
/// use exo_trace_core::SpanId;
///
/// let id = SpanId::new(0xb7).expect("not zero");
/// assert_eq!(id.to_string(), "00000000000000b7");
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SpanId(NonZeroU64);

impl TraceId {
    /// Returns the id with this number (big-endian), or `None` for zero.
    pub const fn new(number: u128) -> Option<Self> {
        match NonZeroU128::new(number) {
            Some(number) => Some(Self(number)),
            None => None,
        }
    }

    /// Returns the id as the 16 bytes that travel on the wire.
    pub const fn to_bytes(self) -> [u8; 16] {
        self.0.get().to_be_bytes()
    }

    /// Returns the id as two words, the high one first.
    #[inline(always)]
    pub const fn to_words(self) -> [u64; 2] {
        [(self.0.get() >> 64) as u64, self.0.get() as u64]
    }

    /// Returns the id made of two words, the high one first, or `None` for zero.
    pub const fn from_words([high, low]: [u64; 2]) -> Option<Self> {
        Self::new((high as u128) << 64 | low as u128)
    }

    /// Returns the 56 random bits that ratio sampling compares with its threshold.
    ///
    /// Source: OpenTelemetry, "Probability sampling", the least significant 56 bits of the id.
    #[inline]
    pub const fn randomness(self) -> u64 {
        self.0.get() as u64 & ((1 << 56) - 1)
    }
}

impl SpanId {
    /// Returns the id with this number (big-endian), or `None` for zero.
    pub const fn new(number: u64) -> Option<Self> {
        match NonZeroU64::new(number) {
            Some(number) => Some(Self(number)),
            None => None,
        }
    }

    /// Returns the id as the 8 bytes that travel on the wire.
    pub const fn to_bytes(self) -> [u8; 8] {
        self.0.get().to_be_bytes()
    }

    /// Returns the id as one word.
    #[inline(always)]
    pub const fn to_word(self) -> u64 {
        self.0.get()
    }
}

/// Why a text is no id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ParseIdError {
    /// The text has another length than the id has digits.
    Length {
        /// How many bytes the text has.
        found: usize,
        /// How many digits the id has.
        expected: usize,
    },
    /// A byte of the text is no lower-case hex digit.
    Digit {
        /// The byte, counted from the start of the text.
        position: usize,
        /// What stands there.
        found: u8,
    },
    /// Every digit is zero, which the specification keeps for "no id".
    Zero,
}

impl fmt::Display for ParseIdError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Length { found, expected } => {
                write!(f, "id has {found} bytes, expected {expected} hex digits")
            }
            Self::Digit { position, found } => write!(
                f,
                "id has {:?} at byte {position}, expected a lower-case hex digit",
                char::from(*found)
            ),
            Self::Zero => f.write_str("id is all zeros, expected at least one other digit"),
        }
    }
}

impl core::error::Error for ParseIdError {}

/// Reads exactly `digits` lower-case hex digits.
pub(crate) fn parse_hex(text: &[u8], digits: usize) -> Result<u128, ParseIdError> {
    if text.len() != digits {
        return Err(ParseIdError::Length { found: text.len(), expected: digits });
    }
    let mut number = 0;
    for (position, &found) in text.iter().enumerate() {
        let digit = match found {
            b'0'..=b'9' => found - b'0',
            b'a'..=b'f' => found - b'a' + 10,
            _ => return Err(ParseIdError::Digit { position, found }),
        };
        number = number << 4 | u128::from(digit);
    }
    Ok(number)
}

impl FromStr for TraceId {
    type Err = ParseIdError;

    fn from_str(text: &str) -> Result<Self, ParseIdError> {
        Self::new(parse_hex(text.as_bytes(), 32)?).ok_or(ParseIdError::Zero)
    }
}

impl FromStr for SpanId {
    type Err = ParseIdError;

    fn from_str(text: &str) -> Result<Self, ParseIdError> {
        Self::new(parse_hex(text.as_bytes(), 16)? as u64).ok_or(ParseIdError::Zero)
    }
}

impl fmt::Display for TraceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", self.0)
    }
}

impl fmt::Debug for TraceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TraceId({self})")
    }
}

impl fmt::Display for SpanId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

impl fmt::Debug for SpanId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SpanId({self})")
    }
}

/// Draws ids for one thread or one interrupt priority: 64 bits of state, one multiplication a draw.
///
/// The state is seeded from outside (the operating system, a board's serial number and reset
/// counter). Each draw is mixed with the present tick, so that two forks of one process, which
/// start from the same state, still draw different ids. Not fit for secrets.
///
/// Source: Wang Yi, "wyhash" (the multiply-and-fold step).
#[derive(Debug)]
pub struct IdGenerator {
    state: Cell<u64>,
}

impl IdGenerator {
    /// Odd, so that the state runs through all 64-bit numbers before it comes back.
    const STEP: u64 = 0xa076_1d64_78bd_642f;
    const FOLD: u64 = 0xe703_7ed1_a0b4_28db;

    /// Returns a generator that starts at `seed`.
    pub const fn new(seed: u64) -> Self {
        Self { state: Cell::new(seed) }
    }

    /// Starts again from `seed`.
    pub fn seed(&self, seed: u64) {
        self.state.set(seed);
    }

    /// Draws a span id; `salt` is the tick at which the span starts.
    #[inline(always)]
    pub fn span_id(&self, salt: u64) -> SpanId {
        SpanId(self.draw(salt))
    }

    /// Draws a trace id; `salt` is the tick at which the trace starts.
    pub fn trace_id(&self, salt: u64) -> TraceId {
        let (high, low) = (self.draw(salt).get(), self.draw(salt));
        TraceId(NonZeroU128::from(low) | u128::from(high) << 64)
    }

    #[inline(always)]
    fn draw(&self, salt: u64) -> NonZeroU64 {
        let state = self.state.get().wrapping_add(Self::STEP);
        self.state.set(state);
        let product = u128::from(state) * u128::from((state ^ salt) ^ Self::FOLD);
        let folded = product as u64 ^ (product >> 64) as u64;
        NonZeroU64::new(folded).unwrap_or(NonZeroU64::MIN)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;
    use std::string::ToString;

    #[test]
    fn ids_read_what_they_write() {
        let generator = IdGenerator::new(7);
        let (trace, span) = (generator.trace_id(1), generator.span_id(2));
        assert_eq!(trace.to_string().parse(), Ok(trace));
        assert_eq!(span.to_string().parse(), Ok(span));
        assert_eq!(TraceId::from_words(trace.to_words()), Some(trace));
    }

    #[test]
    fn a_bad_id_says_which_byte_is_wrong() {
        let error = "4bf92f3577b34dA6a3ce929d0e0e4736".parse::<TraceId>().unwrap_err();
        assert_eq!(error.to_string(), "id has 'A' at byte 14, expected a lower-case hex digit");
        let error = "4bf9".parse::<SpanId>().unwrap_err();
        assert_eq!(error.to_string(), "id has 4 bytes, expected 16 hex digits");
    }

    #[test]
    fn a_million_draws_do_not_collide() {
        let generator = IdGenerator::new(0);
        let drawn: HashSet<_> = (0..1_000_000).map(|tick| generator.span_id(tick)).collect();
        assert_eq!(drawn.len(), 1_000_000);
    }

    #[test]
    fn two_forks_of_one_state_draw_different_ids() {
        let (parent, child) = (IdGenerator::new(9), IdGenerator::new(9));
        assert_ne!(parent.span_id(1_000), child.span_id(1_001));
    }
}
