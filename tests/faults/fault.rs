//! What a collector can be told to do wrong, and what it was told: for good, or for once.

use std::collections::VecDeque;
use std::time::Duration;

/// One way in which a collector disappoints.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// Nobody listens on the port, and connections that were open are reset.
    Refuses,
    /// Resets a connection as soon as it is there, or at its next request.
    Resets,
    /// Accepts connections and requests and says nothing until it is told something else.
    NeverAnswers,
    /// Answers with a status of HTTP, over gRPC as a proxy before the collector would.
    Status { status: u16, retry_after: Option<&'static str> },
    /// Answers with a code of gRPC, and with `RetryInfo` if there is a pause.
    Code { code: i32, pause: Option<Duration> },
    /// Refuses a request above so many bytes as too long.
    TakesUpTo(usize),
    /// Takes all spans of a request but the first so many, and says so.
    Rejects(usize),
    /// Writes one byte at a time.
    AnswersSlowly,
    /// Writes bytes that are no protocol.
    AnswersGarbage,
    /// Takes the spans, and closes the connection in the middle of its answer.
    ClosesMidAnswer,
    /// Takes the spans, and has the client connect again: GOAWAY, or `connection: close`.
    SendsAway,
    /// Sends the client to another path.
    Redirects,
}

impl Fault {
    /// An answer of HTTP that says nothing about when to come back.
    pub(crate) const fn status(status: u16) -> Self {
        Self::Status { status, retry_after: None }
    }

    /// An answer of gRPC that says nothing about when to come back.
    pub(crate) const fn code(code: i32) -> Self {
        Self::Code { code, pause: None }
    }

    /// Tells whether a connection has it before any request.
    fn is_of_connections(self) -> bool {
        matches!(self, Self::Resets | Self::AnswersGarbage)
    }
}

/// What a collector was told.
#[derive(Clone, Debug, Default)]
pub(crate) struct Told {
    standing: Option<Fault>,
    first: VecDeque<Fault>,
}

impl Told {
    pub(crate) fn standing(fault: Option<Fault>) -> Self {
        Self { standing: fault, first: VecDeque::new() }
    }

    pub(crate) fn first(faults: &[Fault]) -> Self {
        Self { standing: None, first: faults.iter().copied().collect() }
    }

    pub(crate) fn now(&self) -> Option<Fault> {
        self.first.front().copied().or(self.standing)
    }

    pub(crate) fn is(&self, fault: Fault) -> bool {
        self.now() == Some(fault)
    }

    /// Returns what a new connection has to suffer.
    pub(crate) fn at_connection(&mut self) -> Option<Fault> {
        match self.now() {
            Some(fault) if fault.is_of_connections() => self.at_request(),
            now => now,
        }
    }

    /// Returns what a request has to suffer.
    pub(crate) fn at_request(&mut self) -> Option<Fault> {
        self.first.pop_front().or(self.standing)
    }
}
