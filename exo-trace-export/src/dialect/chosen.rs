//! Which dialects are written: a set, in their own order.

use super::Dialect;
use std::fmt;

/// A set of [`Dialect`]s; [`Dialect::Page`] and [`Dialect::GenAi`] unless somebody says otherwise.
///
/// ```
/// use exo_trace_export::{Dialect, Dialects};
///
/// let dialects = Dialects::from([Dialect::OpenInference, Dialect::GenAi]);
/// assert!(dialects.contains(Dialect::GenAi) && !dialects.contains(Dialect::Page));
/// assert_eq!(Dialects::default().to_string(), "page, gen_ai");
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Dialects {
    bits: u8,
}

impl Dialects {
    /// Tells whether a dialect is in the set.
    pub const fn contains(self, dialect: Dialect) -> bool {
        self.bits & 1 << dialect as u8 != 0
    }

    /// Tells whether there is none in it.
    pub const fn is_empty(self) -> bool {
        self.bits == 0
    }

    /// Returns the dialects in the set.
    pub fn iter(self) -> impl Iterator<Item = Dialect> {
        Dialect::ALL.into_iter().filter(move |dialect| self.contains(*dialect))
    }
}

impl Default for Dialects {
    fn default() -> Self {
        Self::from([Dialect::Page, Dialect::GenAi])
    }
}

impl FromIterator<Dialect> for Dialects {
    fn from_iter<I: IntoIterator<Item = Dialect>>(dialects: I) -> Self {
        let bits = dialects.into_iter().fold(0, |bits, dialect| bits | 1 << dialect as u8);
        Self { bits }
    }
}

impl<const N: usize> From<[Dialect; N]> for Dialects {
    fn from(dialects: [Dialect; N]) -> Self {
        dialects.into_iter().collect()
    }
}

impl From<Dialect> for Dialects {
    fn from(dialect: Dialect) -> Self {
        Self::from([dialect])
    }
}

impl fmt::Display for Dialects {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, dialect) in self.iter().enumerate() {
            write!(f, "{}{dialect}", if place == 0 { "" } else { ", " })?;
        }
        Ok(())
    }
}

impl fmt::Debug for Dialects {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter()).finish()
    }
}
