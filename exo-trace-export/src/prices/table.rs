//! Prices by model: the first pattern that names a model says what it costs.

use super::pattern::Pattern;
use super::price::{EXPECTED, NoPrice, Price, Rates};
use super::usage::{Said, Usage};
use std::fmt;

/// Prices by model, as the user gives them; none are built in.
///
/// A pattern is the name of a model in which `*` stands for any text. The first that fits decides, in
/// the order they were given, so what is special comes before what is general. Upper and lower case
/// differ. A call's model is the one that answered (`gen_ai.response.model`); where no pattern fits
/// that, the one that was asked for (`gen_ai.request.model`).
///
/// ```
/// use exo_trace_export::{Price, PriceTable};
///
/// let prices = PriceTable::new()
///     .model("scripted-mini*", Price { input: 0.5, output: 1.0, ..Price::default() })
///     .model("scripted*", Price { input: 1.0, output: 4.0, ..Price::default() });
/// assert_eq!(prices.price_of("scripted-1").map(|price| price.output), Some(4.0));
/// assert_eq!(prices.price_of("scripted-mini-2").map(|price| price.output), Some(1.0));
/// assert_eq!(prices.price_of("another"), None);
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PriceTable {
    models: Vec<(Pattern, Price)>,
    note: String,
}

impl PriceTable {
    /// Returns a table without prices.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds the price of the models that a pattern names, behind those already given.
    #[must_use]
    pub fn model(mut self, pattern: impl Into<String>, price: Price) -> Self {
        self.models.push((Pattern::new(pattern), price));
        self
    }

    /// Says a few words of these prices, for the figures of a run: `invented`, `list of May`.
    #[must_use]
    pub fn note(self, note: impl Into<String>) -> Self {
        Self { note: note.into(), ..self }
    }

    /// Returns what a model costs; `None` where no pattern names it.
    pub fn price_of(&self, model: &str) -> Option<Price> {
        let found = self.models.iter().find(|(pattern, _)| pattern.is_of(model));
        found.map(|(_, price)| *price)
    }

    /// How many patterns it has.
    pub(crate) fn len(&self) -> usize {
        self.models.len()
    }

    /// What was said of the prices; empty where nothing was.
    pub(crate) fn said(&self) -> &str {
        &self.note
    }

    /// Returns the same with whole prices, or the first that is none.
    pub(crate) fn rates(&self) -> Result<Tariff, Refused> {
        let rates = |(pattern, price): &(Pattern, Price)| match Rates::of(price) {
            Ok(rates) => Ok((pattern.clone(), rates)),
            Err(price) => Err(Refused { pattern: pattern.as_str().to_owned(), price }),
        };
        self.models.iter().map(rates).collect::<Result<_, _>>().map(Tariff)
    }
}

/// A table whose prices are sound.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tariff(Vec<(Pattern, Rates)>);

impl Tariff {
    /// Returns both tables, this one's patterns first.
    pub(crate) fn then(mut self, mut other: Self) -> Self {
        self.0.append(&mut other.0);
        self
    }

    pub(crate) fn rates_of(&self, model: &str) -> Option<&Rates> {
        self.0.iter().find(|(pattern, _)| pattern.is_of(model)).map(|(_, rates)| rates)
    }

    /// Returns what so many tokens cost in US dollars, none of them cached.
    pub(crate) fn cost_usd(&self, model: &str, input: u64, output: u64) -> Option<f64> {
        let said = Said { input: Some(input), output: Some(output), ..Said::default() };
        let (usage, _) = Usage::of(said)?;
        Some(self.rates_of(model)?.cost(&usage).usd())
    }
}

/// A price that is none, and the models it was given for.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Refused {
    pub(crate) pattern: String,
    pub(crate) price: NoPrice,
}

/// What a file of prices says and cannot mean.
///
/// ```
/// # #[cfg(feature = "toml")] {
/// use exo_trace_export::PriceTable;
///
/// let error = PriceTable::from_toml("[[model]]\npattern = \"a*\"\ninput = \"much\"").unwrap_err();
/// assert_eq!((error.line, error.field.as_str()), (3, "input"));
/// assert!(error.to_string().starts_with("line 3: input is \"much\", expected US dollars"));
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct PriceError {
    /// The line, from 1.
    pub line: usize,
    /// The field; empty where the text is no TOML.
    pub field: String,
    /// The value as the file has it.
    pub value: String,
    /// What was expected instead.
    pub expected: String,
}

impl fmt::Display for PriceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { line, field, value, expected } = self;
        match field.as_str() {
            "" => write!(f, "line {line}: {value}, expected {expected}"),
            field => write!(f, "line {line}: {field} is {value}, expected {expected}"),
        }
    }
}

impl std::error::Error for PriceError {}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} of {:?} = {}", self.price.field, self.pattern, self.price.usd)
    }
}

impl Refused {
    pub(crate) const EXPECTED: &str = EXPECTED;
}
