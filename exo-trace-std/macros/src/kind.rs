//! The five kinds of span, by the words of the OpenTelemetry specification.

use proc_macro2::{Ident, Span};

/// The argument `kind`.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) enum Kind {
    #[default]
    Internal,
    Server,
    Client,
    Producer,
    Consumer,
}

impl Kind {
    pub(crate) const EXPECTED: &str = "client, server, producer, consumer or internal";

    /// Reads a kind in any case.
    ///
    /// # Errors
    ///
    /// Returns an error at `span` that names `word` and the five kinds.
    pub(crate) fn parse(word: &str, span: Span) -> syn::Result<Self> {
        match word.to_ascii_lowercase().as_str() {
            "internal" => Ok(Self::Internal),
            "server" => Ok(Self::Server),
            "client" => Ok(Self::Client),
            "producer" => Ok(Self::Producer),
            "consumer" => Ok(Self::Consumer),
            _ => {
                Err(syn::Error::new(span, format!("kind is `{word}`, expected {}", Self::EXPECTED)))
            }
        }
    }

    /// Returns the name of the variant of `SpanKind`.
    pub(crate) fn variant(self) -> Ident {
        Ident::new(&format!("{self:?}"), Span::mixed_site())
    }
}
