//! One attribute of a span, asked for by the name that any dialect has for it.

use super::said::Said;
use super::vocabulary::Vocabulary;
use super::written::derived;
use super::{Dialect, code};
use exo_trace_core::CallsiteFacts;
use exo_trace_std::Value;

impl Vocabulary {
    /// Returns the attribute with this name in any dialect, chosen or not.
    ///
    /// What stands under the name itself comes first, an empty value too.
    pub(crate) fn answer<'a>(
        &self,
        said: &Said<'_, 'a>,
        callsite: Option<&'static CallsiteFacts>,
        name: &str,
    ) -> Option<Value<'a>> {
        if let Some(value) = said.under(name) {
            return Some(value);
        }
        let original = self.namespace.as_ref().and_then(|namespace| namespace.original(name));
        let name = original.as_deref().unwrap_or(name);
        let mut named = Dialect::ALL.into_iter().flat_map(Dialect::table);
        said.under(name)
            .or_else(|| said.of(name))
            .or_else(|| named.find_map(|&(key, other)| (other == name).then(|| said.of(key))?))
            .or_else(|| derived(name, said))
            .or_else(|| code::of(callsite?, name))
    }
}
