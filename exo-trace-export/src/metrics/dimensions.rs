//! By what a metric is divided: names of models, agents and tools; never ids, counts or sessions.
//!
//! Each distinct list is one time series for as long as the process lives. The SDK keeps 2,000 of them
//! per metric; what comes then is added up under `otel.metric.overflow`.

use super::said::{Said, Spellings};
use opentelemetry::KeyValue;

/// The dimensions of one span, in the order they were put.
#[derive(Default)]
pub(super) struct Dimensions {
    list: Vec<KeyValue>,
}

impl Dimensions {
    /// Puts a text, if the span says it.
    pub(super) fn text(
        mut self,
        name: &'static str,
        said: &Said<'_>,
        fact: &'static Spellings,
    ) -> Self {
        self.list.extend(said.text(fact).map(|text| KeyValue::new(name, text.to_owned())));
        self
    }

    /// Puts a whole number, if the span says it.
    pub(super) fn number(
        mut self,
        name: &'static str,
        said: &Said<'_>,
        fact: &'static Spellings,
    ) -> Self {
        let number = said.count(fact).and_then(|number| i64::try_from(number).ok());
        self.list.extend(number.map(|number| KeyValue::new(name, number)));
        self
    }

    /// Puts the class of the error, if it was one.
    pub(super) fn error_type(mut self, said: &Said<'_>) -> Self {
        let error = said.error_type();
        self.list.extend(error.map(|error| KeyValue::new("error.type", error.to_owned())));
        self
    }

    /// Puts one more.
    pub(super) fn and(mut self, more: KeyValue) -> Self {
        self.list.push(more);
        self
    }

    pub(super) fn list(&self) -> &[KeyValue] {
        &self.list
    }
}
