//! What a model costs, and sums of money that are the same in whatever order they are made.
//!
//! Prices are given in US dollars for a million tokens and kept as whole micro-dollars for a million,
//! which is whole pico-dollars for one token. Tokens are whole as well, so every product and every sum
//! is exact: what the calls of a run cost adds up to what the run cost, to the last digit. Floating
//! point would differ by the order in which spans end. The one rounding is the last step, to the
//! `f64` of an attribute.

use super::usage::Usage;
use std::iter::Sum;
use std::ops::AddAssign;

/// No price of a million tokens is higher.
const USD_MAX: f64 = 1e6;
const MICROS_PER_USD: f64 = 1e6;
const PICOS_PER_USD: f64 = 1e12;
/// How far from whole micro-dollars a price may lie, as a share of it: the error of a few sums.
const TOLERANCE: f64 = 1e-9;
/// What a price has to be.
pub(crate) const EXPECTED: &str =
    "US dollars for a million tokens, from 0 to 1000000, with six decimals at most";

/// What a model costs, in US dollars for a million tokens.
///
/// A price is from 0 to 1,000,000 and has six decimals at most; `init` refuses others.
///
/// ```
/// use exo_trace_export::Price;
///
/// let price = Price { input: 2.5, output: 10.0, cached_input: Some(1.25), ..Price::default() };
/// assert_eq!(price.cache_write, None);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Price {
    /// Tokens of the prompt that no cache had a part in.
    pub input: f64,
    /// Tokens of the answer; those of its reasoning are among them.
    pub output: f64,
    /// Tokens of the prompt that came from the provider's cache; unsaid they cost what `input` does.
    pub cached_input: Option<f64>,
    /// Tokens of the prompt that were written to that cache; unsaid they cost what `input` does.
    pub cache_write: Option<f64>,
}

/// The same as whole pico-dollars for one token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Rates {
    input: u64,
    output: u64,
    cached_input: u64,
    cache_write: u64,
}

/// A price that is none, and the field it was given for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct NoPrice {
    pub(crate) field: &'static str,
    pub(crate) usd: f64,
}

impl Rates {
    pub(crate) fn of(price: &Price) -> Result<Self, NoPrice> {
        let rate = |field, usd| rate(usd).ok_or(NoPrice { field, usd });
        let input = rate("input", price.input)?;
        let or_input = |field, usd: Option<f64>| usd.map_or(Ok(input), |usd| rate(field, usd));
        Ok(Self {
            input,
            output: rate("output", price.output)?,
            cached_input: or_input("cached_input", price.cached_input)?,
            cache_write: or_input("cache_write", price.cache_write)?,
        })
    }

    /// Returns what a call costs that used so many tokens.
    pub(crate) fn cost(&self, usage: &Usage) -> Money {
        let part = |tokens: u64, rate: u64| Money(u128::from(tokens) * u128::from(rate));
        [
            part(usage.plain_input(), self.input),
            part(usage.cached_input(), self.cached_input),
            part(usage.cache_write(), self.cache_write),
            part(usage.output(), self.output),
        ]
        .into_iter()
        .sum()
    }
}

/// Returns a price as whole pico-dollars for one token; `None` if it is none.
fn rate(usd: f64) -> Option<u64> {
    if !(0.0..=USD_MAX).contains(&usd) {
        return None;
    }
    let micros = (usd * MICROS_PER_USD).round();
    let is_whole = (micros / MICROS_PER_USD - usd).abs() <= usd * TOLERANCE;
    // Whole, and at most a million times a million.
    is_whole.then_some(micros as u64)
}

/// An amount of money: whole pico-dollars.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Money(u128);

impl Money {
    /// Returns an amount that somebody else gave, to the nearest pico-dollar; `None` if it is none.
    pub(crate) fn from_usd(usd: f64) -> Option<Self> {
        let is_amount = (0.0..=PICOS_PER_USD).contains(&usd);
        is_amount.then(|| Self((usd * PICOS_PER_USD).round() as u128))
    }

    /// Returns it in US dollars, rounded to the nearest `f64`.
    pub(crate) fn usd(self) -> f64 {
        self.0 as f64 / PICOS_PER_USD
    }
}

impl AddAssign for Money {
    fn add_assign(&mut self, other: Self) {
        self.0 = self.0.saturating_add(other.0);
    }
}

impl Sum for Money {
    fn sum<I: Iterator<Item = Self>>(amounts: I) -> Self {
        amounts.fold(Self::default(), |mut sum, amount| {
            sum += amount;
            sum
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::prices::usage::Said;

    const PRICE: Price =
        Price { input: 3.0, output: 15.0, cached_input: Some(0.3), cache_write: Some(3.75) };

    fn cost(price: &Price, input: u64, output: u64, cached: u64, written: u64) -> f64 {
        let said = Said {
            input: Some(input),
            output: Some(output),
            cached_input: Some(cached),
            cache_write: Some(written),
            has_nonsense: false,
        };
        Rates::of(price).unwrap().cost(&Usage::of(said).unwrap().0).usd()
    }

    #[test]
    fn a_call_costs_what_the_table_says() {
        let plain = Price { input: 2.5, output: 10.0, ..Price::default() };
        let free = Price::default();
        for (price, [input, output, cached, written], usd) in [
            (PRICE, [1_000_000, 0, 0, 0], 3.0),
            (PRICE, [0, 1_000_000, 0, 0], 15.0),
            (PRICE, [1_000_000, 0, 1_000_000, 0], 0.3),
            (PRICE, [1_000_000, 0, 0, 1_000_000], 3.75),
            (PRICE, [1_000, 200, 600, 300], 0.004_605),
            (PRICE, [1, 0, 0, 0], 0.000_003),
            (plain, [418, 46, 0, 0], 0.001_505),
            (plain, [418, 46, 400, 18], 0.001_505),
            (free, [u64::MAX, u64::MAX, 1, 1], 0.0),
        ] {
            let got = cost(&price, input, output, cached, written);
            assert_eq!(got, usd, "{price:?}: {input} {output} {cached} {written}");
        }
    }

    #[test]
    fn a_sum_is_the_same_in_every_order_and_loses_nothing() {
        let tenth = Rates::of(&Price { input: 0.1, ..Price::default() }).unwrap();
        let said = Said { input: Some(1), ..Said::default() };
        let one = tenth.cost(&Usage::of(said).unwrap().0);
        let many: Money = std::iter::repeat_n(one, 10_000_000).sum();
        assert_eq!(many.usd(), 1.0);
        let as_floats: f64 = std::iter::repeat_n(0.1 / 1e6, 10_000_000).sum();
        assert_ne!(as_floats, 1.0, "floating point drifts");
    }

    #[test]
    fn a_price_is_refused_by_its_field() {
        let with = |field: &str, usd| match field {
            "input" => Price { input: usd, ..PRICE },
            "output" => Price { output: usd, ..PRICE },
            "cached_input" => Price { cached_input: Some(usd), ..PRICE },
            _ => Price { cache_write: Some(usd), ..PRICE },
        };
        for field in ["input", "output", "cached_input", "cache_write"] {
            for usd in [-0.5, f64::NAN, f64::INFINITY, 1_000_000.1, 0.000_000_5, 1.000_000_1] {
                let refused = Rates::of(&with(field, usd)).unwrap_err();
                assert_eq!(refused.field, field, "{usd}");
            }
            for usd in [0.0, 0.000_001, 0.075, 1_000_000.0, 0.1 + 0.2] {
                assert!(Rates::of(&with(field, usd)).is_ok(), "{field} {usd}");
            }
        }
    }

    #[test]
    fn an_amount_is_not_negative_and_not_endless() {
        assert_eq!(Money::from_usd(0.0012).map(Money::usd), Some(0.0012));
        for usd in [-1.0, f64::NAN, f64::INFINITY, 1e13] {
            assert_eq!(Money::from_usd(usd), None);
        }
    }
}
