//! What a configuration comes to: each field, its value and who decided it, for people to read.

use super::choices::{Choices, Line};
use super::resolved::Resolved;
use super::surroundings::Surroundings;
use super::{ConfigError, Protocol, TraceBackend, TraceConfig, process_environment};
use std::fmt;

/// A value longer than this does not push the sources of all others to the right.
const VALUE_CHARS_MAX: usize = 40;

/// What a configuration comes to, one line a field: name, value, and who decided it.
///
/// Values of headers, and the user, password and query of the endpoint, are `****`. A value in code
/// that `init` will refuse is marked so, and values in the environment that are not followed come
/// last.
///
/// ```
/// use exo_trace_export::TraceConfig;
///
/// let text = TraceConfig::new("my-agent-app").effective().to_string();
/// let first = text.lines().next().unwrap_or_default();
/// assert_eq!(first.split_whitespace().collect::<Vec<_>>(), ["service_name", "my-agent-app", "code"]);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Effective {
    lines: Vec<Line>,
    notes: Vec<String>,
    backends: Vec<TraceBackend>,
    endpoint: String,
    protocol: Protocol,
}

impl TraceConfig {
    /// Returns each field, its value and where it came from, with this process's environment.
    pub fn effective(&self) -> Effective {
        self.effective_in(&process_environment)
    }

    /// Returns the same with any environment.
    pub(crate) fn effective_in(&self, environment: &dyn Fn(&str) -> Option<String>) -> Effective {
        self.decide(&Surroundings::here(environment)).0
    }

    /// Returns the same, and what is in force, on the machine as it was when it was first asked: to
    /// ask it takes as long as to decide.
    pub(crate) fn decide_again(
        &self,
        environment: &dyn Fn(&str) -> Option<String>,
    ) -> (Effective, Result<Resolved, ConfigError>) {
        self.decide(&Surroundings::known(environment))
    }

    /// Decides every field: what may be shown of that, and what is in force or the first value in
    /// code that is refused.
    pub(super) fn decide(
        &self,
        surroundings: &Surroundings<'_>,
    ) -> (Effective, Result<Resolved, ConfigError>) {
        let mut choices = Choices::new(surroundings);
        let resolved = self.choose(&mut choices);
        let Choices { lines, notes, refused, .. } = choices;
        let effective = Effective {
            lines,
            notes: notes.clone(),
            backends: resolved.backends.clone(),
            endpoint: resolved.collector.shown_endpoint(),
            protocol: resolved.collector.protocol,
        };
        (effective, refused.map_or(Ok(Resolved { notes, ..resolved }), Err))
    }
}

impl Effective {
    /// Returns the backends that get the spans, each once: the main one, then the others.
    ///
    /// ```
    /// use exo_trace_export::{TraceBackend, TraceConfig};
    ///
    /// let config = TraceConfig::new("my-agent-app").backend(TraceBackend::Console);
    /// let effective = config.also(TraceBackend::Memory).effective();
    /// assert_eq!(effective.backends(), [TraceBackend::Console, TraceBackend::Memory]);
    /// ```
    pub fn backends(&self) -> &[TraceBackend] {
        &self.backends
    }

    /// Returns the URL that spans are sent to where a backend is a collector, over HTTP with its path.
    ///
    /// User, password and query are `****`.
    pub fn endpoint(&self) -> &str {
        &self.endpoint
    }

    /// Returns how spans travel there.
    pub fn protocol(&self) -> Protocol {
        self.protocol
    }
}

impl fmt::Display for Effective {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let chars = |text: &String| text.chars().count();
        let names = self.lines.iter().map(|line| chars(&line.name)).max().unwrap_or(0);
        let values = self.lines.iter().map(|line| chars(&line.value));
        let values = values.filter(|&value| value <= VALUE_CHARS_MAX).max().unwrap_or(0);
        for Line { name, value, source } in &self.lines {
            writeln!(f, "{name:names$}  {value:values$}  {source}")?;
        }
        self.notes.iter().try_for_each(|note| writeln!(f, "{:names$}  {note}", "ignored"))
    }
}
