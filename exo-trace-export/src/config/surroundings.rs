//! What a configuration meets when it is resolved: the environment, the features, the machine.
//!
//! A test makes up all three; a program has those of its process.

use super::detected::Detected;
use std::sync::LazyLock;

/// What a configuration meets when it is resolved.
pub(super) struct Surroundings<'a> {
    pub(super) environment: &'a dyn Fn(&str) -> Option<String>,
    pub(super) features: Features,
    pub(super) detected: Detected,
}

/// Which features of this crate were compiled in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Features {
    pub(super) otlp: bool,
    pub(super) zstd: bool,
    pub(super) spool: bool,
}

impl<'a> Surroundings<'a> {
    /// Returns this crate's features and this process's machine, with any environment.
    pub(super) fn here(environment: &'a dyn Fn(&str) -> Option<String>) -> Self {
        Self { environment, features: Features::of_crate(), detected: Detected::here() }
    }

    /// Returns the same with what this process and its machine said when they were first asked.
    pub(super) fn known(environment: &'a dyn Fn(&str) -> Option<String>) -> Self {
        static DETECTED: LazyLock<Detected> = LazyLock::new(Detected::here);
        Self { environment, features: Features::of_crate(), detected: DETECTED.clone() }
    }
}

impl Features {
    fn of_crate() -> Self {
        Self {
            otlp: cfg!(feature = "otlp"),
            zstd: cfg!(feature = "zstd"),
            spool: cfg!(feature = "spool"),
        }
    }
}
