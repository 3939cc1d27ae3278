//! Finds arithmetic in prose: "32,768 words of 8 bytes" spells `32768 * 8`.

use std::ops::Range;

/// Bytes between two numbers that still belong together.
const GAP_BYTES_MAX: usize = 32;

/// Returns the first expression of two numbers that `text` spells.
pub(super) fn expression(text: &str) -> Option<String> {
    let numbers = numbers(text);
    numbers.windows(2).find_map(|pair| {
        let gap = &text[pair[0].end..pair[1].start];
        let operator = operator(gap)?;
        let [left, right] = [&pair[0], &pair[1]].map(|at| text[at.clone()].replace(',', ""));
        Some(format!("{left} {operator} {right}"))
    })
}

fn operator(gap: &str) -> Option<char> {
    let is_apart = gap.starts_with(char::is_whitespace) && gap.ends_with(char::is_whitespace);
    if !is_apart || gap.len() > GAP_BYTES_MAX || gap.contains(['.', ';', ':', '|', '·']) {
        return None;
    }
    let words: Vec<_> = gap.split_whitespace().collect();
    match words.as_slice() {
        ["×" | "*" | "x" | "times"] => Some('*'),
        ["+" | "plus"] => Some('+'),
        ["-" | "−" | "minus"] => Some('-'),
        ["/" | "÷"] => Some('/'),
        // "64 slots of 48 bytes" multiplies; "3 of 5 files" does not.
        [_, .., "of" | "times" | "à"] => Some('*'),
        _ => None,
    }
}

/// Returns where the numbers of `text` stand: digits, thousands in threes, at most one point.
fn numbers(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(start) = text[at..].find(|letter: char| letter.is_alphanumeric()) {
        let start = at + start;
        let end = run_end(text, start);
        if is_number(&text[start..end]) {
            found.push(start..end);
        }
        at = end;
    }
    found
}

/// Returns the end of a run of letters and digits, with points and commas between digits.
fn run_end(text: &str, start: usize) -> usize {
    let bytes = text.as_bytes();
    let is_digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    text[start..]
        .char_indices()
        .map(|(offset, letter)| (start + offset, letter))
        .find(|(at, letter)| {
            let joins =
                matches!(letter, '.' | ',') && *at > 0 && is_digit(at - 1) && is_digit(at + 1);
            !letter.is_alphanumeric() && !joins && *letter != '_'
        })
        .map_or(text.len(), |(at, _)| at)
}

fn is_number(run: &str) -> bool {
    let (whole, fraction) = run.split_once('.').unwrap_or((run, "0"));
    let is_digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let mut groups = whole.split(',');
    let is_first = groups.next().is_some_and(is_digits);
    is_first && is_digits(fraction) && groups.all(|group| group.len() == 3 && is_digits(group))
}

#[cfg(test)]
mod tests {
    use super::expression;

    #[test]
    fn prose_that_multiplies_is_understood() {
        for (text, expected) in [
            ("One thread holds 32,768 words of 8 bytes.", "32768 * 8"),
            ("a table of 64 slots of 48 bytes", "64 * 48"),
            ("it takes 1.5 times 3", "1.5 * 3"),
            ("in 2026, 12 × 30 days", "12 * 30"),
            ("what is 100 / 8?", "100 / 8"),
        ] {
            assert_eq!(expression(text).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn numbers_that_only_stand_near_each_other_are_left_alone() {
        for text in [
            "3 of 5 files",
            "on 2026-11-22",
            "v0.33 of 8",
            "1.2.3 times 4",
            "12,34 times 2x",
            "| 18 | 57 |",
            "no number",
        ] {
            assert_eq!(expression(text), None, "{text}");
        }
    }
}
