//! What counts as a word: a run of letters and digits, in lower case, without a plural `s`.
//!
//! Search, the index and the scripted model all ask here, so that "rings" in a question meets
//! "ring" in a file. A real stemmer would find more and would need a table for each language.

/// Letters a word needs beside its plural `s` before that is taken off: "gas" stays "gas".
const STEM_LETTERS_MIN: usize = 3;

/// Returns the words of `text` in order.
pub(crate) fn words(text: &str) -> impl Iterator<Item = String> + '_ {
    text.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty()).map(stem)
}

fn stem(word: &str) -> String {
    let mut word = word.to_lowercase();
    let is_plural = word.ends_with('s') && !word.ends_with("ss");
    if is_plural && word.chars().count() > STEM_LETTERS_MIN {
        word.pop();
    }
    word
}

#[cfg(test)]
mod tests {
    use super::words;

    #[test]
    fn plurals_and_capitals_meet_their_word() {
        let found: Vec<_> = words("Rings, RING's gas: the class of 32,768 bytes").collect();
        let expected = "ring ring s gas the class of 32 768 byte";
        assert_eq!(found.join(" "), expected);
    }
}
