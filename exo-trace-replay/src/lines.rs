//! A file line by line, each with its number, none longer than the bound.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;

/// How long a line may be; collectors take a tenth of it.
pub(crate) const LINE_BYTES_MAX: usize = 64 << 20;

pub(crate) struct Lines<R> {
    from: R,
    number: u64,
    line: Vec<u8>,
    bytes_max: usize,
}

pub(crate) struct Line<'a> {
    /// From 1.
    pub(crate) number: u64,
    /// Without the line's end; `None` when it is longer than the bound.
    pub(crate) text: Option<&'a [u8]>,
    /// How many bytes of the file it takes.
    pub(crate) bytes: u64,
}

impl Lines<BufReader<File>> {
    pub(crate) fn open(path: &Path) -> io::Result<Self> {
        Ok(Self::of(BufReader::new(File::open(path)?), LINE_BYTES_MAX))
    }
}

impl<R: BufRead> Lines<R> {
    fn of(from: R, bytes_max: usize) -> Self {
        Self { from, number: 0, line: Vec::new(), bytes_max }
    }

    /// Returns the next line, `None` at the end.
    pub(crate) fn next(&mut self) -> io::Result<Option<Line<'_>>> {
        self.line.clear();
        // One more for the line's end.
        let bound = self.bytes_max as u64 + 1;
        let read = (&mut self.from).take(bound).read_until(b'\n', &mut self.line)? as u64;
        if read == 0 {
            return Ok(None);
        }
        self.number += 1;
        let number = self.number;
        match self.line.strip_suffix(b"\n") {
            None if read == bound => {
                let bytes = read + self.from.skip_until(b'\n')? as u64;
                Ok(Some(Line { number, text: None, bytes }))
            }
            ended => {
                let text = Some(ended.unwrap_or(&self.line));
                Ok(Some(Line { number, text, bytes: read }))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_belongs_to_a_line_and_a_long_one_is_passed_over() {
        let text: &[u8] = b"one\n\nfourty\nfive5\nend";
        let mut lines = Lines::of(text, 5);
        let mut seen = Vec::new();
        while let Some(line) = lines.next().unwrap() {
            seen.push((line.number, line.text.map(<[u8]>::to_vec), line.bytes));
        }
        let text = |text: &str| Some(text.as_bytes().to_vec());
        let expected = [
            (1, text("one"), 4),
            (2, text(""), 1),
            (3, None, 7),
            (4, text("five5"), 6),
            (5, text("end"), 3),
        ];
        assert_eq!(seen, expected);
    }
}
