//! Prices from TOML: one `[[model]]` after the other, and for each mistake its line.
//!
//! A field that is not known is refused, not passed over: `cache_input` for `cached_input` would
//! otherwise make a bill silently wrong.

use crate::prices::price::{EXPECTED, Rates};
use crate::prices::{Price, PriceError, PriceTable};
use std::fs::{self, File};
use std::io::{self, Read};
use std::ops::Range;
use std::path::Path;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// A larger file is none of prices.
const FILE_BYTES_MAX: u64 = 1 << 20;
const PATTERN: &str = "the name of a model, in quotes";
const NOTE: &str = "a few words, in quotes";
const FIELDS: &str = "pattern, input, output, cached_input or cache_write";

impl PriceTable {
    /// Reads prices from TOML: a `[[model]]` for each pattern, the first that fits a model decides.
    ///
    /// ```
    /// use exo_trace_export::PriceTable;
    ///
    /// let prices = PriceTable::from_toml(
    ///     r#"
    ///     note = "invented"        # a few words for the figures of a run; may be left out
    ///
    ///     [[model]]
    ///     pattern = "scripted-*"   # `*` stands for any text
    ///     input = 1.0              # US dollars for a million tokens
    ///     output = 4.0
    ///     cached_input = 0.25      # unsaid: as `input`
    ///     cache_write = 1.25       # unsaid: as `input`
    ///     "#,
    /// )?;
    /// assert_eq!(prices.price_of("scripted-1").map(|price| price.input), Some(1.0));
    /// # Ok::<(), exo_trace_export::PriceError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Names the line, the field, its value and what was expected, of the first mistake.
    pub fn from_toml(text: &str) -> Result<Self, PriceError> {
        let file = Document { text };
        let document = DeTable::parse(text).map_err(|error| PriceError {
            line: file.line(error.span().unwrap_or_default()),
            field: String::new(),
            value: error.message().to_owned(),
            expected: "TOML".to_owned(),
        })?;
        let mut prices = Self::new();
        for (key, value) in document.get_ref() {
            if key.get_ref() == "note" {
                prices = prices.note(file.text_of("note", value, NOTE)?);
                continue;
            }
            let DeValue::Array(models) = value.get_ref() else {
                return Err(file.refuse(key.get_ref(), value, "one [[model]] after the other"));
            };
            if key.get_ref() != "model" {
                return Err(file.refuse(key.get_ref(), value, "note or [[model]]"));
            }
            for model in models.iter() {
                let (pattern, price) = file.model(model)?;
                prices = prices.model(pattern, price);
            }
        }
        Ok(prices)
    }
}

/// Returns the prices of a file, or what is wrong and what was expected.
pub(crate) fn read_file(path: &Path) -> Result<PriceTable, (String, String)> {
    let expected = || "a file of prices in TOML".to_owned();
    let refuse = |why: &dyn std::fmt::Display| (format!("{path:?} ({why})"), expected());
    // Before it is opened: a pipe that nobody writes would be waited for.
    if !fs::metadata(path).map_err(|error| refuse(&error))?.is_file() {
        return Err(refuse(&"no regular file"));
    }
    let text = File::open(path).and_then(read_bounded).map_err(|error| refuse(&error))?;
    PriceTable::from_toml(&text).map_err(|PriceError { line, field, value, expected }| {
        let said = if field.is_empty() { value } else { format!("{field} = {value}") };
        (format!("{path:?}, line {line}: {said}"), expected)
    })
}

/// Reads a text to its end, which is where it ends and not where its length says: some have none.
fn read_bounded(source: impl Read) -> io::Result<String> {
    let mut bytes = Vec::new();
    source.take(FILE_BYTES_MAX + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > FILE_BYTES_MAX {
        return Err(io::Error::other(format!("more than {FILE_BYTES_MAX} bytes")));
    }
    String::from_utf8(bytes).map_err(io::Error::other)
}

struct Document<'a> {
    text: &'a str,
}

impl Document<'_> {
    /// Reads one `[[model]]`.
    fn model(&self, model: &Spanned<DeValue<'_>>) -> Result<(String, Price), PriceError> {
        let DeValue::Table(fields) = model.get_ref() else {
            return Err(self.refuse("model", model, "one [[model]] after the other"));
        };
        let (mut pattern, mut input, mut output) = (None, None, None);
        let mut price = Price::default();
        for (key, value) in fields {
            match key.get_ref().as_ref() {
                "pattern" => pattern = Some(self.text_of("pattern", value, PATTERN)?),
                "input" => input = Some(self.usd("input", value)?),
                "output" => output = Some(self.usd("output", value)?),
                "cached_input" => price.cached_input = Some(self.usd("cached_input", value)?),
                "cache_write" => price.cache_write = Some(self.usd("cache_write", value)?),
                other => return Err(self.refuse(other, value, FIELDS)),
            }
        }
        let missing = |field: &str, expected: &str| PriceError {
            line: self.line(model.span()),
            field: field.to_owned(),
            value: "missing".to_owned(),
            expected: expected.to_owned(),
        };
        let pattern = pattern.ok_or_else(|| missing("pattern", "the name of a model"))?;
        price.input = input.ok_or_else(|| missing("input", EXPECTED))?;
        price.output = output.ok_or_else(|| missing("output", EXPECTED))?;
        Ok((pattern, price))
    }

    fn text_of(
        &self,
        field: &str,
        value: &Spanned<DeValue<'_>>,
        expected: &str,
    ) -> Result<String, PriceError> {
        match value.get_ref() {
            DeValue::String(text) if !text.is_empty() => Ok(text.clone().into_owned()),
            _ => Err(self.refuse(field, value, expected)),
        }
    }

    fn usd(&self, field: &str, value: &Spanned<DeValue<'_>>) -> Result<f64, PriceError> {
        let number: Option<f64> = match value.get_ref() {
            DeValue::Float(number) => number.as_str().parse().ok(),
            // Another radix is nobody's price.
            DeValue::Integer(number) if number.radix() == 10 => number.as_str().parse().ok(),
            _ => None,
        };
        let is_price = |usd: &f64| Rates::of(&Price { input: *usd, ..Price::default() }).is_ok();
        number.filter(is_price).ok_or_else(|| self.refuse(field, value, EXPECTED))
    }

    /// Refuses a value: it is shown as it stands in the file, its first line.
    fn refuse(&self, field: &str, value: &Spanned<DeValue<'_>>, expected: &str) -> PriceError {
        let shown = self.text.get(value.span()).unwrap_or_default().lines().next();
        PriceError {
            line: self.line(value.span()),
            field: field.to_owned(),
            value: shown.unwrap_or_default().to_owned(),
            expected: expected.to_owned(),
        }
    }

    /// The line in which something begins, from 1.
    fn line(&self, place: Range<usize>) -> usize {
        let before = self.text.as_bytes().get(..place.start).unwrap_or(self.text.as_bytes());
        1 + before.iter().filter(|&&byte| byte == b'\n').count()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(text: &str) -> String {
        PriceTable::from_toml(text).unwrap_err().to_string()
    }

    #[test]
    fn a_text_ends_at_the_bound_whatever_its_length_is_said_to_be() {
        let error = read_bounded(io::repeat(b'\n')).unwrap_err();
        assert_eq!(error.to_string(), "more than 1048576 bytes");
        let longest = io::repeat(b'\n').take(FILE_BYTES_MAX);
        assert_eq!(read_bounded(longest).unwrap().len() as u64, FILE_BYTES_MAX);
        assert!(read_bounded(&b"\xff"[..]).unwrap_err().to_string().contains("utf-8"));
    }

    #[cfg(unix)]
    #[test]
    fn what_is_no_regular_file_is_refused_unread() {
        for path in ["/", "/dev/zero"] {
            let (value, expected) = read_file(Path::new(path)).unwrap_err();
            assert_eq!(value, format!("{path:?} (no regular file)"));
            assert_eq!(expected, "a file of prices in TOML");
        }
    }

    #[test]
    fn the_example_shows_the_form_and_says_that_it_is_invented() {
        let text = include_str!("../../../../examples/prices.toml");
        let prices = PriceTable::from_toml(text).unwrap();
        assert!(prices.price_of("scripted-1").is_some());
        assert_eq!(prices.said(), "invented");
    }

    #[test]
    fn models_keep_the_order_of_the_file() {
        let model = |pattern: &str, input: f64| {
            format!("[[model]]\npattern = \"{pattern}\"\ninput = {input:?}\noutput = 1_0\n")
        };
        let text = [model("z-mini*", 0.5), model("z*", 1.0), model("*", 2.0)].concat();
        let prices = PriceTable::from_toml(&text).unwrap();
        let input = |model| prices.price_of(model).map(|price| price.input);
        assert_eq!(["z-mini", "z-1", "a"].map(input), [Some(0.5), Some(1.0), Some(2.0)]);
        assert_eq!(prices.price_of("a").map(|price| price.output), Some(10.0));
        assert_eq!(PriceTable::from_toml("# nothing\n"), Ok(PriceTable::new()));
    }

    #[test]
    fn a_mistake_is_named_by_line_field_value_and_what_was_expected() {
        let model = "[[model]]\npattern = \"a\"\n";
        for (text, message) in [
            (format!("{model}input = -1\n"), format!("line 3: input is -1, expected {EXPECTED}")),
            (format!("{model}input = nan\n"), format!("line 3: input is nan, expected {EXPECTED}")),
            (
                format!("{model}\n\noutput = true"),
                format!("line 5: output is true, expected {EXPECTED}"),
            ),
            (
                format!("{model}cached_input = 0.0000001"),
                format!("line 3: cached_input is 0.0000001, expected {EXPECTED}"),
            ),
            (
                format!("{model}cache_input = 1"),
                format!("line 3: cache_input is 1, expected {FIELDS}"),
            ),
            (
                format!("\n{model}input = 1"),
                format!("line 2: output is missing, expected {EXPECTED}"),
            ),
            (
                "[[model]]\npattern = 4".to_owned(),
                "line 2: pattern is 4, expected the name of a model, in quotes".to_owned(),
            ),
            (
                "[[model]]\ninput = 1".to_owned(),
                "line 1: pattern is missing, expected the name of a model".to_owned(),
            ),
            ("note = 4".to_owned(), format!("line 1: note is 4, expected {NOTE}")),
            (
                "[model]\ninput = 1".to_owned(),
                "line 1: model is [model], expected one [[model]] after the other".to_owned(),
            ),
            (
                "[[models]]\ninput = 1".to_owned(),
                "line 1: models is [[models]], expected note or [[model]]".to_owned(),
            ),
        ] {
            assert_eq!(refused(&text), message, "{text}");
        }
        let error = PriceTable::from_toml("[[model]]\npattern = ").unwrap_err();
        assert_eq!((error.line, error.field.as_str(), error.expected.as_str()), (2, "", "TOML"));
    }
}
