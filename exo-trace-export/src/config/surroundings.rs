//! What a configuration meets when it is resolved: the environment and the features.
//!
//! A test makes up both; a program has those of its process.

/// What a configuration meets when it is resolved.
pub(super) struct Surroundings<'a> {
    pub(super) environment: &'a dyn Fn(&str) -> Option<String>,
    pub(super) features: Features,
}

/// Which features of this crate were compiled in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Features {
    pub(super) otlp: bool,
    pub(super) zstd: bool,
    pub(super) spool: bool,
}

impl<'a> Surroundings<'a> {
    /// Returns this crate's features, with any environment.
    pub(super) fn here(environment: &'a dyn Fn(&str) -> Option<String>) -> Self {
        let features = Features {
            otlp: cfg!(feature = "otlp"),
            zstd: cfg!(feature = "zstd"),
            spool: cfg!(feature = "spool"),
        };
        Self { environment, features }
    }
}
