//! Whether anything is recorded, and which share of all traces.
//!
//! A child always follows its parent, so the specification's `always_on` and `parentbased_always_on`
//! mean the same here, and so do the other pairs.

use super::TraceConfig;
use super::choices::{Choices, Source};
use super::environment::true_or_false;
use super::error::Refusal;
use exo_trace_std::Sampler;

const DISABLED: &str = "OTEL_SDK_DISABLED";
const SAMPLER: &str = "OTEL_TRACES_SAMPLER";
const SAMPLER_ARG: &str = "OTEL_TRACES_SAMPLER_ARG";
const SAMPLERS: &str = "always_on, always_off, traceidratio, parentbased_always_on, \
                        parentbased_always_off or parentbased_traceidratio";
const RATES: &str = "0.0 to 1.0";

impl TraceConfig {
    /// Decides whether anything is recorded.
    pub(super) fn choose_enabled(&self, choices: &mut Choices<'_>) -> bool {
        let taken = choices.take("enabled", self.enabled.map(Ok), &[DISABLED], is_enabled);
        let (is_enabled, source) = taken.unwrap_or((true, Source::Default));
        choices.show("enabled", is_enabled, source);
        is_enabled
    }

    /// Decides the share of traces that are recorded.
    pub(super) fn choose_sampler(&self, choices: &mut Choices<'_>) -> Sampler {
        let taken = match self.sample_rate {
            Some(rate) => {
                let checked = checked_rate(rate).ok_or_else(|| Refusal::of(rate, RATES));
                choices.take_code("sample_rate", checked).map(|rate| (rate, Source::Code))
            }
            None => rate_in_environment(choices),
        };
        let (rate, source) = taken.unwrap_or((1.0, Source::Default));
        choices.show("sample_rate", format_args!("{rate:?}"), source);
        match rate {
            1.0 => Sampler::AlwaysOn,
            0.0 => Sampler::AlwaysOff,
            ratio => Sampler::TraceIdRatio(ratio),
        }
    }
}

/// Reads the switch that says the opposite.
fn is_enabled(disabled: &str) -> Result<bool, Refusal> {
    Ok(!true_or_false(disabled)?)
}

/// Refuses what is no share, NaN among it.
fn checked_rate(rate: f64) -> Option<f64> {
    (0.0..=1.0).contains(&rate).then_some(rate)
}

/// Reads a sampler's name, and the share where the name asks for one; a share not given is 1.0.
fn rate_in_environment(choices: &mut Choices<'_>) -> Option<(f64, Source)> {
    let (fixed, source) = choices.take_variable(SAMPLER, fixed_rate)?;
    let rate = fixed.or_else(|| Some(choices.take_variable(SAMPLER_ARG, rate_in)?.0));
    Some((rate.unwrap_or(1.0), source))
}

/// Reads a sampler's name; `None` when the share stands in a variable of its own.
fn fixed_rate(sampler: &str) -> Result<Option<f64>, Refusal> {
    match sampler.to_ascii_lowercase().as_str() {
        "always_on" | "parentbased_always_on" => Ok(Some(1.0)),
        "always_off" | "parentbased_always_off" => Ok(Some(0.0)),
        "traceidratio" | "parentbased_traceidratio" => Ok(None),
        _ => Err(Refusal::of_text(sampler, SAMPLERS)),
    }
}

fn rate_in(text: &str) -> Result<f64, Refusal> {
    let rate = text.parse().ok().and_then(checked_rate);
    rate.ok_or_else(|| Refusal::of_text(text, RATES))
}
