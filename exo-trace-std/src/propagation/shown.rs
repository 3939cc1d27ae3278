//! A refused text as an error repeats it: as much of it as a person wants to see.

/// How much is repeated.
const SHOWN_CHARS_MAX: usize = 40;

/// Returns the text, cut after [`SHOWN_CHARS_MAX`] characters.
pub(super) fn shown(text: &str) -> Box<str> {
    match text.char_indices().nth(SHOWN_CHARS_MAX) {
        Some((end, _)) => format!("{}…", &text[..end]).into(),
        None => text.into(),
    }
}
