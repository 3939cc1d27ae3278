//! What models cost: said by code alone, as a table or as the name of a file.
//!
//! No variable of the specification knows of prices, and none are built in. Where both are said, the
//! table comes first: its patterns are tried before those of the file. The file is read by `init`, and
//! by `effective()`, which shows what is wrong with it.

use super::TraceConfig;
use super::choices::{Choices, Source};
use super::error::Refusal;
use crate::prices::{PriceTable, Refused, Tariff, read_file};
use std::path::{Path, PathBuf};

/// What code says of prices.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct SaidOfPrices {
    table: Option<PriceTable>,
    file: Option<PathBuf>,
}

#[cfg(feature = "serde")]
impl SaidOfPrices {
    pub(super) fn of_file(file: Option<PathBuf>) -> Self {
        Self { table: None, file }
    }
}

/// What models cost.
impl TraceConfig {
    /// Sets what models cost, so that calls, agents and runs say what was spent.
    ///
    /// A model call says it as `gen_ai.usage.cost`, agents and runs say what is below them as
    /// `exo.cost.total_usd`: back ends add up what calls say. [`Dialect::Page`](crate::Dialect::Page)
    /// writes `exo.cost.total_usd` for both.
    ///
    /// No prices are built in. A model that no pattern names is said so, once, and counted.
    ///
    /// ```
    /// use exo_trace_export::{Price, PriceTable, TraceConfig};
    ///
    /// let price = Price { input: 0.75, output: 6.0, ..Price::default() };
    /// let config = TraceConfig::new("my-agent").prices(PriceTable::new().model("scripted-*", price));
    /// ```
    #[must_use]
    pub fn prices(mut self, prices: PriceTable) -> Self {
        self.prices.table = Some(prices);
        self
    }

    /// Sets the same from a TOML file, which `init` reads; feature `toml`.
    ///
    /// Its patterns come after those of [`TraceConfig::prices`]. `PriceTable::from_toml` says what
    /// stands in it, and `examples/prices.toml` shows the form.
    #[must_use]
    pub fn prices_file(mut self, path: impl Into<PathBuf>) -> Self {
        self.prices.file = Some(path.into());
        self
    }

    /// Decides what models cost, if anybody said so.
    pub(super) fn choose_prices(&self, choices: &mut Choices<'_>) -> (Option<Tariff>, String) {
        let SaidOfPrices { table, file } = &self.prices;
        let tariff = |table: &PriceTable| table.rates().map_err(refusal);
        let said = table.as_ref().map(|table| (tariff(table), table.len()));
        let said = said.and_then(|(given, len)| Some((choices.take_code("prices", given)?, len)));
        match &said {
            Some((_, len)) => choices.show("prices", format_args!("{len} patterns"), Source::Code),
            None => choices.show("prices", "none", Source::Default),
        }
        let mut note = table.as_ref().map(|table| table.said().to_owned()).unwrap_or_default();
        let given = file.as_deref().map(|path| match read_file(path) {
            Ok(table) => {
                note = table.said().to_owned();
                tariff(&table)
            }
            Err((value, expected)) => Err(Refusal::of(value, expected)),
        });
        let read = given.and_then(|given| choices.take_code("prices_file", given));
        match file {
            Some(path) => choices.show("prices_file", path.display(), Source::Code),
            None => choices.show("prices_file", "none", Source::Default),
        }
        let tariff = match (said.map(|(tariff, _)| tariff), read) {
            (Some(first), Some(then)) => Some(first.then(then)),
            (first, then) => first.or(then),
        };
        (tariff, described(file.as_deref(), &note))
    }
}

/// Returns where prices come from: the file, as it is found from here, and what is said of them.
fn described(file: Option<&Path>, note: &str) -> String {
    let Some(file) = file else { return note.to_owned() };
    let here = std::env::current_dir().unwrap_or_default();
    let file = file.strip_prefix(&here).unwrap_or(file).display();
    if note.is_empty() { file.to_string() } else { format!("{file} ({note})") }
}

fn refusal(refused: Refused) -> Refusal {
    Refusal::of(refused, Refused::EXPECTED)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::prices::Price;

    fn refused(config: &TraceConfig) -> String {
        config.resolve(&|_| None).unwrap_err().to_string()
    }

    fn table(pattern: &str, output: f64) -> PriceTable {
        PriceTable::new().model(pattern, Price { output, ..Price::default() })
    }

    #[test]
    fn a_price_that_is_none_is_refused_with_its_model() {
        let config = TraceConfig::new("test").prices(table("a*", -1.0));
        let message = refused(&config);
        assert!(
            message.starts_with(r#"prices is output of "a*" = -1, expected US dollars"#),
            "{message}"
        );
        let shown = config.effective_in(&|_| None).to_string();
        assert!(shown.contains("code, refused: expected US dollars"), "{shown}");
    }

    #[cfg(feature = "toml")]
    #[test]
    fn a_file_adds_its_prices_behind_those_of_code() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("prices.toml");
        let config = TraceConfig::new("test").prices_file(&path);
        let message = refused(&config);
        assert!(
            message.contains("prices.toml") && message.contains("expected a file"),
            "{message}"
        );

        let text = "note = \"invented\"\n[[model]]\npattern = \"*\"\ninput = 1\noutput = 2.0\n";
        std::fs::write(&path, text).unwrap();
        let resolved = config.clone().prices(table("a*", 1.0)).resolve(&|_| None).unwrap();
        assert_eq!(resolved.prices_said, format!("{} (invented)", path.display()));
        let tariff = resolved.prices;
        let both =
            table("a*", 1.0).model("*", Price { input: 1.0, output: 2.0, ..Price::default() });
        assert_eq!(tariff, Some(both.rates().unwrap()));

        std::fs::write(&path, "[[model]]\npattern = \"*\"\ninput = 1\noutput = \"dear\"\n")
            .unwrap();
        let message = refused(&config);
        assert!(message.contains("line 4: output = \"dear\", expected US dollars"), "{message}");
    }

    #[cfg(not(feature = "toml"))]
    #[test]
    fn a_file_needs_its_feature() {
        let message = refused(&TraceConfig::new("test").prices_file("prices.toml"));
        let expected = "expected no file of prices, or feature `toml`";
        assert!(message.ends_with(expected), "{message}");
    }

    #[test]
    fn a_file_is_named_as_it_is_found_from_here() {
        let here = std::env::current_dir().unwrap();
        assert_eq!(described(Some(&here.join("a/b.toml")), ""), "a/b.toml");
        assert_eq!(described(Some(Path::new("b.toml")), "invented"), "b.toml (invented)");
        assert_eq!(described(None, "invented"), "invented");
    }

    #[test]
    fn without_prices_nothing_is_summed() {
        assert_eq!(TraceConfig::new("test").resolve(&|_| None).unwrap().prices, None);
    }
}
