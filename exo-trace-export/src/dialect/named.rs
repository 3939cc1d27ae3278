//! The dialects by name.

#[cfg(feature = "otlp")]
use super::code;
use super::{came_out, gen_ai, gen_ai_141, open_inference, page};
use std::fmt;

/// A set of names by which a kind of reader knows what agents do.
///
/// ```
/// use exo_trace_export::Dialect;
///
/// assert_eq!("openinference".parse(), Ok(Dialect::OpenInference));
/// assert_eq!(Dialect::GenAi141.as_str(), "gen_ai_141");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Dialect {
    /// `page`: the names of the Python package's documentation page, `gen_ai.system` and
    /// `exo.agent.name` among them. A tool that failed says so in `exo.tool.error` and
    /// `exo.tool.status`.
    ///
    /// Without a GenAI dialect beside it, every span that says where it is made has `code.function`, `code.filepath`,
    /// `code.lineno` and `code.module` as well. With one, they would say for some 150 bytes a span
    /// what `code.function.name` and its like say already.
    Page,
    /// `gen_ai`: the OpenTelemetry GenAI conventions as they are.
    GenAi,
    /// `gen_ai_141`: those of version 1.41 of the conventions, the last before they moved to a
    /// repository of their own.
    GenAi141,
    /// `openinference`: what Phoenix and its like read.
    OpenInference,
}

impl Dialect {
    pub(super) const ALL: [Self; 4] =
        [Self::Page, Self::GenAi, Self::GenAi141, Self::OpenInference];

    /// Returns the dialect's word: `page`, `gen_ai`, `gen_ai_141` or `openinference`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Page => "page",
            Self::GenAi => "gen_ai",
            Self::GenAi141 => "gen_ai_141",
            Self::OpenInference => "openinference",
        }
    }

    /// Returns the dialect with this word, in any case.
    pub(crate) fn with_word(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.as_str().eq_ignore_ascii_case(text))
    }

    /// Returns keys and this dialect's names for what stands under them.
    pub(super) fn table(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Self::Page => page::NAMES,
            Self::GenAi => gen_ai::NAMES,
            Self::GenAi141 => gen_ai_141::NAMES,
            Self::OpenInference => open_inference::NAMES,
        }
    }

    /// Returns the names that this dialect has for what stands under `key`; empty where it has none.
    pub(super) fn names_of(self, key: &'static str) -> Vec<&'static str> {
        let named = self.table().iter().filter(|(known, _)| *known == key).map(|(_, name)| *name);
        let named: Vec<_> = named.collect();
        let is_gen_ai = matches!(self, Self::GenAi | Self::GenAi141);
        if named.is_empty() && is_gen_ai && key.starts_with("gen_ai.") { vec![key] } else { named }
    }

    /// Returns every key and every name that any dialect reads or writes; some more than once.
    #[cfg(feature = "otlp")]
    pub(crate) fn all_names() -> impl Iterator<Item = &'static str> {
        let of_facts = Self::ALL.into_iter().flat_map(Self::table);
        let derived = Self::ALL.into_iter().flat_map(Self::derived).copied();
        let names = of_facts.flat_map(|&(key, name)| [key, name]).chain(derived);
        names.chain(open_inference::READS.iter().copied()).chain(code::names())
    }

    /// Returns the names of what this dialect makes of several attributes.
    pub(super) fn derived(self) -> &'static [&'static str] {
        match self {
            Self::Page => came_out::DERIVED,
            Self::GenAi | Self::GenAi141 => &[],
            Self::OpenInference => open_inference::DERIVED,
        }
    }
}

impl fmt::Display for Dialect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}
