//! What tracing has to say to a person, one line each on standard error.
//!
//! Nobody may be listening: where `eprintln!` would panic on a closed stream, this goes on. What others
//! wrote may be in it, so a line is cut where it is long, and nothing in it reaches a terminal as an order.

use std::fmt::{self, Display, Write as _};
use std::io::{self, Write};

pub(crate) fn note(what: impl Display) {
    let mut line = Line(String::new());
    // Fails where it is cut, and not otherwise.
    if write!(line, "{what}").is_err() {
        line.0.push('…');
    }
    let _ = writeln!(io::stderr(), "exo-trace: {}", line.0);
}

/// How many bytes of one line are kept.
const LINE_BYTES_MAX: usize = 4_096;

/// What is to be said, with control characters as their escapes.
struct Line(String);

impl fmt::Write for Line {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for character in text.chars() {
            if self.0.len() >= LINE_BYTES_MAX {
                return Err(fmt::Error);
            }
            match character.is_control() {
                true => self.0.extend(character.escape_default()),
                false => self.0.push(character),
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_others_wrote_is_one_line_of_bounded_length_and_gives_no_orders() {
        let mut line = Line(String::new());
        line.write_str("red \u{1b}[31m\r\nanother: \u{9b}2J ü").unwrap();
        assert_eq!(line.0, r"red \u{1b}[31m\r\nanother: \u{9b}2J ü");
        let mut line = Line(String::new());
        assert!(write!(line, "{}", "ü".repeat(10 << 20)).is_err());
        assert_eq!(line.0.len(), LINE_BYTES_MAX);
    }
}
