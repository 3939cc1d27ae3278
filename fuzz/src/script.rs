//! Bytes read as a script: whatever they are they mean something, and past their end everything is zero.
//!
//! Short numbers stand in one byte and long ones in nine, so that the fuzzer changes a step by changing
//! a byte, and a case says little where little is needed.

/// What texts are cut out of: characters of one to four bytes.
const TEXT: &str = concat!(
    "plan the trip, grüße an alle, 言語モデル, 🦀 and 🧭; ",
    "a line\nand a tab\tand a quote\" and a slash\\ and a nul\0; ",
    "gen_ai.usage.input_tokens=12, und so weiter, и так далее, και ούτω καθεξής; ",
    "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
);

/// The bytes still to be read.
#[derive(Clone, Debug)]
pub struct Script<'a> {
    rest: &'a [u8],
}

impl<'a> Script<'a> {
    /// Returns a script of these bytes.
    pub fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    /// Returns the next step, or `None` where the script ends.
    pub fn step(&mut self) -> Option<u8> {
        let (&step, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(step)
    }

    /// Returns the next byte.
    pub fn byte(&mut self) -> u8 {
        self.step().unwrap_or(0)
    }

    /// Returns a number below `end`, which is 256 at most.
    pub fn below(&mut self, end: usize) -> usize {
        usize::from(self.byte()) % end
    }

    /// Tells whether the next byte is odd.
    pub fn flag(&mut self) -> bool {
        self.byte() & 1 == 1
    }

    /// Returns a number: a byte below 240 is itself, after a larger one it stands in eight.
    pub fn number(&mut self) -> u64 {
        match self.byte() {
            small @ 0..240 => u64::from(small),
            _ => (0..8).fold(0, |number, _| number << 8 | u64::from(self.byte())),
        }
    }

    /// Returns a text of up to 255 bytes.
    pub fn text(&mut self) -> &'static str {
        let (start, len) = (usize::from(self.byte()), usize::from(self.byte()));
        let start = TEXT.ceil_char_boundary(start.min(TEXT.len()));
        let end = TEXT.floor_char_boundary((start + len).min(TEXT.len()));
        TEXT.get(start..end).unwrap_or_default()
    }

    /// Returns the next bytes, at most so many.
    pub fn take(&mut self, len: usize) -> &'a [u8] {
        let (taken, rest) = self.rest.split_at(len.min(self.rest.len()));
        self.rest = rest;
        taken
    }

    /// Returns the bytes that are left.
    pub fn rest(&self) -> &'a [u8] {
        self.rest
    }
}
