//! A program's own rule for what may be stored: it sees captured contents and extracted arguments.
//!
//! Arguments pass it at the call site, before they are written to a ring, so that no record ever holds
//! what the rule takes out; contents pass it on the drain's thread, before they are joined to a span.

#[cfg(not(feature = "enabled"))]
mod disabled;
#[cfg(feature = "enabled")]
mod enabled;

#[cfg(not(feature = "enabled"))]
pub(crate) use disabled::passed;
#[cfg(feature = "enabled")]
pub(crate) use enabled::passed;

use crate::per_process::PerProcess;
use crate::suppressed;
use crate::sync::{Relaxed, StaticAtomicU32};
use std::borrow::Cow;
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, PoisonError, RwLock, TryLockError};

/// What stands in the place of a text whose rule panicked.
pub const REDACTION_PANICKED: &str = "(panicked while it was redacted)";

/// What stands in the place of any text where the rule is not known.
const RULE_UNKNOWN: &str = "(forked while the rule for redaction changed)";

/// Whether there is a rule.
static IS_SET: StaticAtomicU32 = StaticAtomicU32::new(0);
static RULE: PerProcess<RwLock<Option<Redactor>>> = PerProcess::new();

/// Where a text stands that a rule is asked about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Redaction<'a> {
    key: &'a str,
    field: Option<&'a str>,
}

impl<'a> Redaction<'a> {
    /// Returns a place in the attribute `key`; in its JSON, below the field of a name.
    pub fn new(key: &'a str, field: Option<&'a str>) -> Self {
        Self { key, field }
    }

    /// Returns the attribute's name: `gen_ai.input.messages`, or `arg.topic`.
    pub fn key(&self) -> &'a str {
        self.key
    }

    /// Returns the name of the innermost field it stands in, where the attribute is JSON: `content` of
    /// a message's text, `password` of a tool's argument.
    pub fn field(&self) -> Option<&'a str> {
        self.field
    }
}

/// A rule, shared by all that ask it; equal to itself only. Not for callers: `TraceConfig::redact`
/// makes one.
#[doc(hidden)]
#[derive(Clone)]
pub struct Redactor(Arc<Rule>);

type Rule = dyn for<'t> Fn(&Redaction<'_>, &'t str) -> Cow<'t, str> + Send + Sync;

impl Redactor {
    /// Returns a rule that is a function.
    pub fn new(
        rule: impl for<'t> Fn(&Redaction<'_>, &'t str) -> Cow<'t, str> + Send + Sync + 'static,
    ) -> Self {
        Self(Arc::new(rule))
    }

    /// Puts a rule into force at the call sites, or none.
    pub fn apply(redactor: Option<Self>) {
        let is_set = u32::from(redactor.is_some());
        let mut rule = own_rule().write().unwrap_or_else(PoisonError::into_inner);
        let before = std::mem::replace(&mut *rule, redactor);
        drop(rule);
        // Relaxed: the rule itself is found under the lock.
        IS_SET.store(is_set, Relaxed);
        // Not under the lock: its destructor is the program's own.
        let _ = catch_unwind(AssertUnwindSafe(|| drop(before))).map_err(std::mem::forget);
    }

    /// Returns what is to stand in the place of `text`; `None` when the rule panicked.
    ///
    /// Spans that the rule begins are not recorded.
    pub fn redacted<'t>(&self, place: &Redaction<'_>, text: &'t str) -> Option<Cow<'t, str>> {
        let asked = catch_unwind(AssertUnwindSafe(|| suppressed(|| (self.0)(place, text))));
        // A payload's destructor may panic as well.
        asked.map_err(std::mem::forget).ok()
    }
}

/// Returns the rule in force in this process, a forked child's among them.
fn own_rule() -> &'static RwLock<Option<Redactor>> {
    RULE.own(|parents| RwLock::new(parents.and_then(inherited)))
}

/// A child has its parent's rule; where that was being changed when it was forked, nothing passes.
fn inherited(parents: &RwLock<Option<Redactor>>) -> Option<Redactor> {
    match parents.try_read() {
        Ok(rule) => rule.clone(),
        Err(TryLockError::Poisoned(rule)) => rule.into_inner().clone(),
        Err(TryLockError::WouldBlock) => Some(Redactor::new(|_, _| RULE_UNKNOWN.into())),
    }
}

impl PartialEq for Redactor {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl fmt::Debug for Redactor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Redactor")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_child_has_its_parents_rule_and_lets_nothing_pass_where_it_cannot_know_it() {
        let stars = Redactor::new(|_, _| "***".into());
        let parents = RwLock::new(Some(stars.clone()));
        assert_eq!(inherited(&parents), Some(stars));
        let change = parents.write().unwrap();
        let place = Redaction::new("arg.name", None);
        let unknown = inherited(&parents).unwrap();
        assert_eq!(unknown.redacted(&place, "ann").unwrap(), RULE_UNKNOWN);
        drop(change);
        assert_eq!(inherited(&RwLock::new(None)), None);
    }
}
