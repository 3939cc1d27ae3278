//! How context crosses to other processes, and what spans say of the baggage they are in.

use super::TraceConfig;
use super::choices::{Choices, Source};
use super::error::Refusal;
use exo_trace_std::propagation::Propagators;
use exo_trace_std::stamp_baggage;

const PROPAGATORS: &str = "OTEL_PROPAGATORS";
const EXPECTED: &str = "tracecontext, baggage, b3 or b3multi, several with commas, or none alone";

/// What code says of it; once it is decided, what is in force.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Propagation {
    pub(super) propagators: Option<Propagators>,
    pub(super) baggage_attributes: Vec<String>,
}

/// How traces go on in other processes.
impl TraceConfig {
    /// Sets the formats of headers that layers and clients write and read; W3C Trace Context and W3C
    /// Baggage unless said otherwise. A propagator that code names itself stays what it is.
    ///
    /// ```
    /// use exo_trace_export::TraceConfig;
    /// use exo_trace_std::propagation::Propagators;
    ///
    /// let formats = Propagators::default().with(Propagators::B3);
    /// let config = TraceConfig::new("my-agent").propagators(formats);
    /// assert!(config.effective().to_string().contains("tracecontext,baggage,b3"));
    /// ```
    #[must_use]
    pub fn propagators(mut self, propagators: Propagators) -> Self {
        self.propagation.propagators = Some(propagators);
        self
    }

    /// Adds keys of the baggage whose values every span says as attributes of the same names, if it
    /// begins where they are carried. Choose what you may store: baggage comes from other processes.
    #[must_use]
    pub fn baggage_attributes<K: Into<String>>(
        mut self,
        keys: impl IntoIterator<Item = K>,
    ) -> Self {
        self.propagation.baggage_attributes.extend(keys.into_iter().map(Into::into));
        self
    }

    /// Decides the formats and the keys.
    pub(super) fn choose_propagation(&self, choices: &mut Choices<'_>) -> Propagation {
        let taken = match self.propagation.propagators {
            Some(given) => Some((given, Source::Code)),
            None => in_environment(choices),
        };
        let (propagators, source) = taken.unwrap_or((Propagators::default(), Source::Default));
        choices.show("propagators", propagators, source);
        let baggage_attributes = self.propagation.baggage_attributes.clone();
        let is_said = !baggage_attributes.is_empty();
        let listed = if is_said { baggage_attributes.join(", ") } else { "none".to_owned() };
        let source = if is_said { Source::Code } else { Source::Default };
        choices.show("baggage_attributes", listed, source);
        Propagation { propagators: Some(propagators), baggage_attributes }
    }
}

impl Propagation {
    /// Puts it into force.
    pub(crate) fn apply(&self) {
        self.propagators.unwrap_or_default().choose();
        stamp_baggage(&self.baggage_attributes);
    }
}

/// Reads the environment's list; names it does not know are noted, and the others are followed.
fn in_environment(choices: &mut Choices<'_>) -> Option<(Propagators, Source)> {
    let (names, source) = choices.take_variable(PROPAGATORS, |text| Ok(text.to_owned()))?;
    if names.eq_ignore_ascii_case("none") {
        return Some((Propagators::NONE, source));
    }
    let mut known = None;
    for name in names.split(',').map(str::trim).filter(|name| !name.is_empty()) {
        match name.parse::<Propagators>() {
            Ok(format) if format != Propagators::NONE => {
                known = Some(known.unwrap_or(Propagators::NONE).with(format));
            }
            _ => choices.note(PROPAGATORS, Refusal::of_text(name, EXPECTED)),
        }
    }
    Some((known?, source))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(variable: &'static str) -> (Propagators, Vec<String>) {
        let environment = |name: &str| (name == PROPAGATORS).then(|| variable.to_owned());
        let resolved = TraceConfig::new("test").resolve(&environment).unwrap();
        (resolved.propagation.propagators.unwrap(), resolved.notes)
    }

    #[test]
    fn the_environment_chooses_formats_and_unknown_ones_are_noted() {
        let both = Propagators::TRACE_CONTEXT.with(Propagators::B3_MULTI);
        assert_eq!(of("b3multi, TraceContext,"), (both, vec![]));
        assert_eq!(of("none"), (Propagators::NONE, vec![]));
        assert_eq!(of(" "), (Propagators::default(), vec![]));
        let note = |name| format!("OTEL_PROPAGATORS is {name:?}, expected {EXPECTED}");
        assert_eq!(of("jaeger,baggage"), (Propagators::BAGGAGE, vec![note("jaeger")]));
        assert_eq!(of("xray"), (Propagators::default(), vec![note("xray")]));
        assert_eq!(of("baggage,none"), (Propagators::BAGGAGE, vec![note("none")]));
    }

    #[test]
    fn code_wins_and_says_which_baggage_spans_show() {
        let config = TraceConfig::new("test").propagators(Propagators::B3);
        let config = config.baggage_attributes(["user_id", "session_id"]);
        let shown = config.effective_in(&|_| Some("tracecontext".to_owned())).to_string();
        let lines: Vec<Vec<_>> =
            shown.lines().map(|line| line.split_whitespace().collect()).collect();
        assert!(lines.contains(&vec!["propagators", "b3", "code"]), "{shown}");
        assert!(
            lines.contains(&vec!["baggage_attributes", "user_id,", "session_id", "code"]),
            "{shown}"
        );
    }
}
