//! How exactly the times of a span are taken, by the argument `clock`.

use proc_macro2::{Ident, Span};

/// The argument `clock`.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) enum Pace {
    #[default]
    Precise,
    /// From the tick that the drain published last; the word that says so.
    Coarse(Ident),
}

impl Pace {
    pub(crate) const EXPECTED: &str = "\"coarse\" or \"precise\"";

    /// Reads a pace, said by `clock`.
    ///
    /// # Errors
    ///
    /// Returns an error at `span` that names `word` and the two paces.
    pub(crate) fn parse(clock: Ident, word: &str, span: Span) -> syn::Result<Self> {
        match word {
            "precise" => Ok(Self::Precise),
            "coarse" => Ok(Self::Coarse(clock)),
            _ => {
                let message = format!("clock is `{word}`, expected {}", Self::EXPECTED);
                Err(syn::Error::new(span, message))
            }
        }
    }

    pub(crate) fn is_coarse(&self) -> bool {
        matches!(self, Self::Coarse(_))
    }

    /// Refuses a coarse clock beside what begins a span in another way.
    ///
    /// # Errors
    ///
    /// Returns an error at `clock` that names `other`.
    pub(crate) fn check_beside(&self, other: Option<&str>) -> syn::Result<()> {
        let (Self::Coarse(clock), Some(other)) = (self, other) else { return Ok(()) };
        let message = format!("argument `clock` stands beside `{other}`, expected one of the two");
        Err(syn::Error::new(clock.span(), message))
    }
}
