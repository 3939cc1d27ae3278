//! What the far side says, made fit for one line: no secret, no control character, not long.

/// How many characters of what the far side says are shown.
const SHOWN_CHARS_MAX: usize = 200;

/// How many bytes of it are looked at.
const READ_BYTES_MAX: usize = 16 << 10;

/// What is shorter is no secret, and stands in every second word.
const SECRET_BYTES_MIN: usize = 4;

/// Knows what may not be shown.
pub(super) struct Discreet {
    /// Longest first, so that a part of a secret does not hide the whole.
    secrets: Vec<String>,
}

impl Discreet {
    /// Keeps these texts to itself, and the words they are made of: a server may repeat a token
    /// without the `Bearer` before it.
    pub(super) fn about(texts: impl IntoIterator<Item = String>) -> Self {
        let mut secrets = Vec::new();
        for text in texts {
            let words = text.split_whitespace().chain(text.split(['&', '=']));
            secrets.extend(words.map(str::to_owned));
            secrets.push(text);
        }
        secrets.retain(|secret| secret.len() >= SECRET_BYTES_MIN);
        secrets.sort_unstable_by_key(|secret| std::cmp::Reverse(secret.len()));
        secrets.dedup();
        Self { secrets }
    }

    /// Returns what was said in quotes, or nothing when nothing was said.
    pub(super) fn quote(&self, said: &str) -> String {
        let (shown, cut) = self.start(said);
        if shown.is_empty() { String::new() } else { format!("{shown:?}{cut}") }
    }

    /// Returns what was said without quotes around it, where only quotes stand as they are.
    pub(super) fn line(&self, said: &str) -> String {
        let (shown, cut) = self.start(said);
        let mut line = String::with_capacity(shown.len());
        for letter in shown.chars() {
            match letter {
                '"' | '\'' => line.push(letter),
                _ => line.extend(letter.escape_debug()),
            }
        }
        line + cut
    }

    /// Returns the start of what was said, and what stands for the rest.
    fn start(&self, said: &str) -> (String, &'static str) {
        let said = self.hide(said.trim());
        let shown: String = said.chars().take(SHOWN_CHARS_MAX).collect();
        let cut = if shown.len() < said.len() { "…" } else { "" };
        (shown, cut)
    }

    /// Returns `what`, and what was said about it after a colon.
    pub(super) fn with_quote(&self, what: impl Into<String>, said: &str) -> String {
        let (what, quote) = (what.into(), self.quote(said));
        if quote.is_empty() { what } else { format!("{what}: {quote}") }
    }

    /// Returns the text with its secrets hidden.
    pub(super) fn hide(&self, said: &str) -> String {
        let read = &said[..said.floor_char_boundary(READ_BYTES_MAX)];
        let mut said =
            if read.len() < said.len() { self.without_begun(read) } else { read }.to_owned();
        for secret in &self.secrets {
            if said.contains(secret.as_str()) {
                said = said.replace(secret.as_str(), "****");
            }
        }
        said
    }

    /// Returns what was read without its end where that may be the first part of a secret: what was
    /// not read is the rest of it, and nobody would know it by half.
    fn without_begun<'t>(&self, read: &'t str) -> &'t str {
        let begun = |secret: &String| {
            let parts = secret.char_indices().map(|(end, _)| &secret[..end]);
            parts.filter(|part| read.ends_with(part)).map(str::len).max()
        };
        let longest = self.secrets.iter().filter_map(begun).max().unwrap_or(0);
        &read[..read.len() - longest]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn discreet() -> Discreet {
        Discreet::about(["Bearer s3cret".to_owned(), "key=abcd".to_owned(), "no".to_owned()])
    }

    #[test]
    fn a_secret_that_is_said_back_is_hidden_whole_or_in_part() {
        for said in ["bad Bearer s3cret!", "bad s3cret!", "bad abcd!"] {
            assert_eq!(discreet().quote(said), r#""bad ****!""#);
        }
        assert_eq!(discreet().quote("no, none"), r#""no, none""#);
    }

    #[test]
    fn a_long_secret_is_not_shown_by_half_where_reading_stops() {
        let secret: String = (0..300).map(|number| format!("w{number:03}")).collect();
        let discreet = Discreet::about([secret.clone()]);
        for before in ["", "é", "not good: "] {
            let shown = discreet.quote(&format!("{before}{}", secret.repeat(20)));
            assert!(!shown.contains('w'), "{shown}");
        }
    }

    #[test]
    fn what_is_said_fits_a_line() {
        assert_eq!(discreet().quote("a\r\n\u{1b}[31m\u{202e}b"), r#""a\r\n\u{1b}[31m\u{202e}b""#);
        assert_eq!(discreet().line(" a\n\u{1b}\u{202e}\"'b "), r#"a\n\u{1b}\u{202e}"'b"#);
        assert_eq!(discreet().line(&"é".repeat(100_000)).chars().count(), SHOWN_CHARS_MAX + 1);
        let long = discreet().quote(&"é".repeat(100_000));
        assert_eq!(long.chars().count(), SHOWN_CHARS_MAX + 3);
        assert_eq!(discreet().with_quote("HTTP 500", " \n"), "HTTP 500");
    }
}
