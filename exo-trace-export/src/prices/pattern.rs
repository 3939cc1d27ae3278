//! Which models a price is for: a name in which `*` stands for any text, none included.

/// The name of a model, or of many.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Pattern(String);

impl Pattern {
    pub(crate) fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// Tells whether it names this model; letters count as they are written.
    ///
    /// Takes at most as long as pattern and name together, per star.
    pub(crate) fn is_of(&self, model: &str) -> bool {
        let Some((start, stars)) = self.0.split_once('*') else { return self.0 == model };
        let Some(mut rest) = model.strip_prefix(start) else { return false };
        let mut pieces = stars.split('*');
        // A split gives one piece at least; the last has to stand at the end.
        let end = pieces.next_back().unwrap_or_default();
        for piece in pieces {
            // The earliest place leaves most to the pieces that follow.
            let Some((_, after)) = rest.split_once(piece) else { return false };
            rest = after;
        }
        rest.ends_with(end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_for_any_text_and_for_none() {
        for (pattern, model, is_of) in [
            ("gpt-4o", "gpt-4o", true),
            ("gpt-4o", "gpt-4o-mini", false),
            ("gpt-4o*", "gpt-4o", true),
            ("gpt-4o*", "gpt-4o-2024-08-06", true),
            ("gpt-4o*", "my-gpt-4o", false),
            ("*gpt-4o", "my-gpt-4o", true),
            ("*", "", true),
            ("*", "anything", true),
            ("", "", true),
            ("", "a", false),
            ("a*a", "a", false),
            ("a*a", "aa", true),
            ("a*b*c", "a-b-b-c", true),
            ("a*b*c", "a-c-b", false),
            ("claude-*-4-*", "claude-sonnet-4-5", true),
            ("**x**", "x", true),
            ("GPT-4o", "gpt-4o", false),
            ("modell-ä*", "modell-ä-1", true),
        ] {
            assert_eq!(Pattern::new(pattern).is_of(model), is_of, "{pattern:?} {model:?}");
        }
    }
}
