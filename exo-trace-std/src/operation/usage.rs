//! How many tokens a model call took, as the conventions count them.
//!
//! Cached tokens are part of the input and reasoning tokens part of the output: whoever adds them up
//! again pays twice. Providers that report disjoint counts have a form of their own here.

use super::{Description, keys};
use exo_trace_core::{InternedKey, Value};

/// The tokens of one model call; what a provider did not report stays `None`.
///
/// ```
/// use exo_trace_std::Usage;
///
/// let openai = Usage::new(2_006, 300).cached(1_920).reasoning(128);
/// assert_eq!(openai.input, Some(2_006), "the cached tokens are among them");
/// // Anthropic counts what was read from and written to the cache beside the input.
/// assert_eq!(Usage::anthropic(86, 1_920, 0, 300).input, Some(2_006));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    /// Tokens of the prompt, those from and to the cache included.
    pub input: Option<u64>,
    /// Tokens of the answer, those of reasoning included.
    pub output: Option<u64>,
    /// Tokens of the prompt that came from the cache: a part of `input`.
    pub cached: Option<u64>,
    /// Tokens of the prompt that were written to the cache: a part of `input`.
    pub cache_write: Option<u64>,
    /// Tokens that the model spent on reasoning: a part of `output`.
    pub reasoning: Option<u64>,
}

impl Usage {
    /// Returns the usage of a call with so many tokens in and out.
    pub const fn new(input: u64, output: u64) -> Self {
        Self {
            input: Some(input),
            output: Some(output),
            cached: None,
            cache_write: None,
            reasoning: None,
        }
    }

    /// Returns the usage as Anthropic reports it, where `input` leaves out what was read from the
    /// cache and what was written to it.
    pub const fn anthropic(input: u64, cache_read: u64, cache_creation: u64, output: u64) -> Self {
        let whole = input.saturating_add(cache_read).saturating_add(cache_creation);
        Self {
            cached: Some(cache_read),
            cache_write: Some(cache_creation),
            ..Self::new(whole, output)
        }
    }

    /// Says how many of the input tokens came from the cache.
    #[must_use]
    pub const fn cached(self, tokens: u64) -> Self {
        Self { cached: Some(tokens), ..self }
    }

    /// Says how many of the input tokens were written to the cache.
    #[must_use]
    pub const fn cache_write(self, tokens: u64) -> Self {
        Self { cache_write: Some(tokens), ..self }
    }

    /// Says how many of the output tokens were spent on reasoning.
    #[must_use]
    pub const fn reasoning(self, tokens: u64) -> Self {
        Self { reasoning: Some(tokens), ..self }
    }

    /// Takes over what `later` knows; a stream reports its usage piece by piece.
    #[inline(always)]
    pub(super) fn take(&mut self, later: Self) {
        *self = Self {
            input: later.input.or(self.input),
            output: later.output.or(self.output),
            cached: later.cached.or(self.cached),
            cache_write: later.cache_write.or(self.cache_write),
            reasoning: later.reasoning.or(self.reasoning),
        };
    }

    /// Says each count that is known.
    #[inline(always)]
    pub(super) fn describe(&self, said: &mut Description<'_>) {
        said.count(&keys::USAGE_INPUT_TOKENS, self.input);
        said.count(&keys::USAGE_OUTPUT_TOKENS, self.output);
        said.count(&keys::USAGE_CACHE_READ_INPUT_TOKENS, self.cached);
        said.count(&keys::USAGE_CACHE_WRITE_INPUT_TOKENS, self.cache_write);
        said.count(&keys::USAGE_REASONING_OUTPUT_TOKENS, self.reasoning);
    }

    /// Gives each count that is known to `say`, under its key.
    #[inline(always)]
    pub(crate) fn each(&self, mut say: impl FnMut(&'static InternedKey, Value<'static>)) {
        let mut count = |key: &'static InternedKey, count: Option<u64>| {
            if let Some(count) = count {
                say(key, Value::from(count));
            }
        };
        count(&keys::USAGE_INPUT_TOKENS, self.input);
        count(&keys::USAGE_OUTPUT_TOKENS, self.output);
        count(&keys::USAGE_CACHE_READ_INPUT_TOKENS, self.cached);
        count(&keys::USAGE_CACHE_WRITE_INPUT_TOKENS, self.cache_write);
        count(&keys::USAGE_REASONING_OUTPUT_TOKENS, self.reasoning);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_comes_later_wins_and_what_it_leaves_out_stays() {
        let mut usage = Usage::new(10, 1).cached(4);
        usage.take(Usage { output: Some(7), ..Usage::default() });
        assert_eq!(usage, Usage::new(10, 7).cached(4));
    }

    #[test]
    fn a_count_that_is_not_known_is_not_said() {
        let mut said = Vec::new();
        Usage::new(10, 0).each(|key, value| said.push((key.key().as_str(), value)));
        let expected = [
            ("gen_ai.usage.input_tokens", Value::I64(10)),
            ("gen_ai.usage.output_tokens", Value::I64(0)),
        ];
        assert_eq!(said, expected);
    }

    #[test]
    fn disjoint_counts_are_added_up_once() {
        let usage = Usage::anthropic(86, 1_920, 64, 300);
        assert_eq!(usage, Usage::new(2_070, 300).cached(1_920).cache_write(64));
    }
}
