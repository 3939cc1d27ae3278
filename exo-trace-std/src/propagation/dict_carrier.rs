//! The carrier of the page: a list of headers that looks like a dictionary.

use super::Carrier;
use std::collections::HashMap;

/// Headers in the order in which they were set, by names that compare without case.
///
/// ```
/// use exo_trace_std::propagation::{BaggagePropagator, DictCarrier};
/// use exo_trace_std::{Context, SpanContext};
///
/// let sent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
/// let caller = Context::empty().with_span(SpanContext::from_traceparent(sent)?);
/// let mut carrier = DictCarrier::new();
/// BaggagePropagator::new().inject_context(&caller, &mut carrier);
/// assert_eq!(carrier.items().collect::<Vec<_>>(), [("traceparent", sent)]);
/// # Ok::<(), exo_trace_std::ParseTraceparentError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DictCarrier {
    items: Vec<(String, String)>,
}

impl DictCarrier {
    /// Returns a carrier without headers.
    pub fn new() -> Self {
        Self::default()
    }

    /// Returns the headers, in their order.
    #[doc(alias = "headers")]
    pub fn items(&self) -> impl Iterator<Item = (&str, &str)> {
        self.items.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// Returns the first value under a name, in any case.
    pub fn get(&self, key: &str) -> Option<&str> {
        Carrier::get(&self.items, key)
    }

    /// Sets the only value under a name.
    pub fn set(&mut self, key: &str, value: impl Into<String>) {
        Carrier::set(&mut self.items, key, value.into());
    }

    /// Returns how many headers there are.
    pub fn len(&self) -> usize {
        self.items.len()
    }

    /// Tells whether there is none.
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }
}

impl Carrier for DictCarrier {
    fn get(&self, key: &str) -> Option<&str> {
        Carrier::get(&self.items, key)
    }

    fn set(&mut self, key: &str, value: String) {
        Carrier::set(&mut self.items, key, value);
    }

    fn each_value<'c>(&'c self, key: &str, see: &mut dyn FnMut(&'c str)) {
        self.items.each_value(key, see);
    }
}

impl<S> From<HashMap<String, String, S>> for DictCarrier {
    /// In the order of the names, because a map has none.
    fn from(headers: HashMap<String, String, S>) -> Self {
        let mut items: Vec<_> = headers.into_iter().collect();
        items.sort();
        Self { items }
    }
}

impl<K: Into<String>, V: Into<String>> FromIterator<(K, V)> for DictCarrier {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(headers: I) -> Self {
        Self {
            items: headers.into_iter().map(|(name, value)| (name.into(), value.into())).collect(),
        }
    }
}

impl IntoIterator for DictCarrier {
    type Item = (String, String);
    type IntoIter = std::vec::IntoIter<(String, String)>;

    fn into_iter(self) -> Self::IntoIter {
        self.items.into_iter()
    }
}
